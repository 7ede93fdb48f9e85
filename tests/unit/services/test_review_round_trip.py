"""What leaves as a review copy comes back: the document itself, filled in, into whatever became of the portfolio."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pikepdf
import pytest
from tests.returned_copies import fill_in, signed_by, ticked, with_other_pages, without_form

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.exporting.options import Profile
from portfolio_app.services.backups import make_backup
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.decisions import decisions_of
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, edit_evidence
from portfolio_app.services.exports import ExportOptions, export
from portfolio_app.services.packages import import_package
from portfolio_app.services.review import ReviewRefused, accept_review, read_review
from portfolio_app.services.review_comparison import AnswerState
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
R1, R2 = "Serve customers-1.1", "Serve customers-1.2"
ANSWERS = (
    signed_by(role="Assessor")
    | {"r1.decision": "met", "r2.decision": "not_yet_met", "r2.comment": "Łódź, naïve – “say who” ✓\nby when"}
    | ticked("e1", "valid", "current")
)


@pytest.fixture
def made(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> PortfolioFile:
    """The portfolio, and beside it its package, its review copy and the copy filled in, all exported as learners do."""
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan", body="Two more at noon."))
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven(why="It says when."))
    make_backup(portfolio)
    edit_evidence(portfolio, kinds, "E1", EvidenceGiven(body="Three more at noon."))
    targets = [tmp_path / "copy.pdf", tmp_path / "package.zip"]
    export(portfolio, kinds, targets, ExportOptions(), today=_today(), program_version="1")
    fill_in(tmp_path / "copy.pdf", tmp_path / "back.pdf", ANSWERS)
    return portfolio


def _today() -> date:
    return datetime.now().astimezone().date()


def test_what_is_filled_in_comes_back_into_the_portfolio_that_made_the_copy(
    made: PortfolioFile, tmp_path: Path
) -> None:
    comparison = read_review(made, tmp_path / "back.pdf")
    assert not comparison.warnings
    assert {each.state for each in comparison.everything} == {AnswerState.NEW}
    accept_review(made, comparison.copy)
    assert decisions_of(made, R1)[0].verdict is Verdict.MET
    assert decisions_of(made, R2)[0].comment == "Łódź, naïve – “say who” ✓\nby when"
    assert read_review(made, tmp_path / "back.pdf").acceptable == frozenset()


def test_it_comes_back_into_a_package_a_copied_folder_and_an_older_back_up_too(
    made: PortfolioFile, tmp_path: Path
) -> None:
    (backup,) = made.backups.list()
    restored = made.restore(backup)
    made.close()
    import_package(tmp_path / "package.zip", tmp_path / "unpacked")
    shutil.copytree(made.folder, tmp_path / "copied")
    for place, is_older in ((tmp_path / "unpacked", False), (tmp_path / "copied", True), (restored, True)):
        with PortfolioFile.open(place) as portfolio:
            comparison = read_review(portfolio, tmp_path / "back.pdf")
            assert comparison.acceptable == {"r1", "r2", "e1"}
            assert [warning.partition(" (")[0] for warning in comparison.warnings] == (
                ["The copy was made at a revision"] if is_older else []
            )
            accept_review(portfolio, comparison.copy)
            assert len(decisions_of(portfolio, R1)) == 1


def test_a_printed_copy_is_known_by_what_is_printed_on_it(made: PortfolioFile, tmp_path: Path) -> None:
    without_form(tmp_path / "copy.pdf", tmp_path / "printed.pdf", properties=False)
    with pytest.raises(ReviewRefused, match=r"is revision [0-9]+ of Sam Ellis’s portfolio, but without the form"):
        read_review(made, tmp_path / "printed.pdf")


def test_an_archive_copy_has_no_form_to_read(made: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    options = ExportOptions(profile=Profile.ARCHIVE)
    export(made, kinds, [tmp_path / "archive.pdf"], options, today=_today(), program_version="1")
    with pytest.raises(ReviewRefused, match="but without the form: it is an archive copy"):
        read_review(made, tmp_path / "archive.pdf")


def test_pages_that_were_exchanged_show_and_those_that_were_only_stored_anew_do_not(
    made: PortfolioFile, tmp_path: Path
) -> None:
    def store_anew(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            page.contents_coalesce()

    def exchange(pdf: pikepdf.Pdf) -> None:
        pdf.pages[1].obj.Contents = pdf.make_stream(b"BT ET")

    copy = with_other_pages(tmp_path / "back.pdf", tmp_path / "anew.pdf", store_anew)
    assert not read_review(made, copy).warnings
    (warning,) = read_review(made, with_other_pages(copy, tmp_path / "other.pdf", exchange)).warnings
    assert warning.startswith("Page 2 is not as it was made")
