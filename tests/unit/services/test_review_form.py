"""The form in a review copy: what is typed into it with any program is what comes back."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pikepdf
import pytest
from tests.form_clients import CLIENTS, Client, places_of
from tests.pdf_publications import failures, page_texts

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.review import ReviewIdentity
from portfolio_app.exporting.options import Audience, Profile
from portfolio_app.importing.pdf_form import read_form
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.evidence import EvidenceGiven, add_evidence
from portfolio_app.services.export_desk import ExportProcess
from portfolio_app.services.exports import ExportOptions, export
from portfolio_app.services.redaction import add_terms
from portfolio_app.services.review import accept_review, read_review
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
TODAY = date(2026, 6, 1)
LONG = "Siân’s plan covers the rota, the budget – £1,250 – and «who does what».\nŴyn and Llŷr agree.\n\n" + "x y " * 480
ANSWERS = {
    "assessor_name": "Zoë O’Hara-Łukasz",
    "assessor_role": "Assessor, Coleg Gŵyr",
    "assessed_on": day_in_words(datetime.now().astimezone().date()),
    "r1.decision": "met",
    "r1.comment": LONG[:2000].strip(),
    "r2.decision": "not_yet_met",
    "r2.comment": "Say who planned it.\nAnd when (or why not).",
    "r3.decision": "more_evidence",
    "e1.valid": "yes",
    "e1.authentic": "yes",
    "e2.current": "yes",
    "e2.sufficient": "yes",
}


@pytest.fixture
def claimed(portfolio: PortfolioFile, kinds: Kinds) -> PortfolioFile:
    """The portfolio with E1 claimed for 1.1 and 2.1, and E2 for nothing."""
    for title in ("Plan", "Rota"):
        add_evidence(portfolio, kinds["plan"], EvidenceGiven(title=title))
    for address in ("U1/1.1", "U1/2.1"):
        add_claim(portfolio, "E1", address, ClaimGiven(quotation="who does what"))
    return portfolio


@pytest.fixture
def review_pdf(claimed: PortfolioFile, kinds: Kinds, tmp_path: Path) -> Path:
    return exported(claimed, kinds, tmp_path / "review.pdf")


def exported(portfolio: PortfolioFile, kinds: Kinds, target: Path, options: ExportOptions | None = None) -> Path:
    export(portfolio, kinds, [target], options or ExportOptions(), today=TODAY, program_version="1")
    return target


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_what_any_program_fills_in_comes_back(
    claimed: PortfolioFile, review_pdf: Path, tmp_path: Path, client: Client
) -> None:
    filled = tmp_path / "filled.pdf"
    client(review_pdf, filled, ANSWERS)
    blank = dict(read_form(review_pdf).values)
    root = next(iter(blank)).partition(".")[0]
    form = read_form(filled)
    assert not form.unclear
    assert form.values == blank | {f"{root}.{name}": value for name, value in ANSWERS.items()}
    comparison = read_review(claimed, filled)
    assert comparison.warnings == ()
    assert comparison.by == ANSWERS["assessor_name"]
    assert [answer.verdict for answer in comparison.answers] == [Verdict.MET, Verdict.NOT_YET_MET, Verdict.MORE_NEEDED]
    assert comparison.answers[0].comment == ANSWERS["r1.comment"]
    assert [judgement.ticked for judgement in comparison.judgements] == [
        ("valid", "authentic"),
        ("current", "sufficient"),
    ]
    accepted, _ = accept_review(claimed, comparison.copy)
    assert [decision.comment for decision in accepted.decisions][:2] == [ANSWERS["r1.comment"], ANSWERS["r2.comment"]]


def test_a_review_copy_is_accessible_and_says_which_it_is(claimed: PortfolioFile, review_pdf: Path) -> None:
    assert failures(review_pdf, "ua1") == []
    form = read_form(review_pdf)
    root = next(iter(form.values)).partition(".")[0]
    identity = ReviewIdentity.from_json(form.values[f"{root}.identity"])
    with claimed.read() as reader:
        assert identity.is_genuine(reader.review_key())
        assert identity.portfolio == reader.portfolio().details.id
        assert identity.revision == reader.portfolio().revision
        assert set(identity.evidence.values()) == {item.id for item in reader.portfolio().evidence}
    assert str(identity.root) == root
    assert form.identifier == str(identity)
    assert list(identity.requirements.values()) == ["Serve customers-1.1", "Serve customers-1.2", "Serve customers-2.1"]
    with pikepdf.open(review_pdf) as pdf:
        assert len(identity.pages) == len(pdf.pages)
        assert all(identity.pages)
        assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_no_two_copies_have_the_same_name(claimed: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    names, numbers = set(), set()
    for name in ("a.pdf", "b.pdf"):
        path = exported(claimed, kinds, tmp_path / name)
        names.add(next(iter(read_form(path).values)).partition(".")[0])
        with pikepdf.open(path) as pdf:
            numbers.add(bytes(pdf.trailer.ID[0]))
    assert len(names) == len(numbers) == 2


def test_each_field_is_beside_what_it_asks_about(review_pdf: Path) -> None:
    texts, places = page_texts(review_pdf), places_of(review_pdf)
    assert "For the assessor" in texts[places["assessor_name"][0].page]
    for number, ref in (("r1", "1.1"), ("r2", "1.2"), ("r3", "2.1")):
        assert f"Decision on U1/{ref}" in texts[places[f"{number}.decision"][0].page]
        assert [place.state for place in places[f"{number}.decision"]] == ["met", "not_yet_met", "more_evidence"]
    assert "Assessor: E2 is" in texts[places["e2.valid"][0].page]


@pytest.mark.parametrize("audience", Audience)
def test_only_a_review_copy_is_a_form(claimed: PortfolioFile, kinds: Kinds, tmp_path: Path, audience: Audience) -> None:
    options = ExportOptions(audience)
    assert read_form(exported(claimed, kinds, tmp_path / "review.pdf", options)).values
    kept = exported(claimed, kinds, tmp_path / "kept.pdf", replace(options, profile=Profile.ARCHIVE))
    assert not read_form(kept).values
    text = " ".join(page_texts(kept))
    assert "For the assessor" not in text
    assert ("☐ met" in text) is (audience is Audience.ASSESSOR)
    assert failures(kept, "3a", "ua1") == []


def test_nothing_is_asked_about_what_is_not_in_the_copy(claimed: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    with claimed.read() as reader:
        first, second = (item.id for item in reader.portfolio().evidence)
    options = ExportOptions(held_back=frozenset({first}))
    form = read_form(exported(claimed, kinds, tmp_path / "part.pdf", options))
    identity = ReviewIdentity.from_json(next(value for name, value in form.values.items() if name.endswith("identity")))
    assert identity.evidence == {"e1": second}
    assert not [name for name in form.values if ".e2." in name]


def test_a_copy_made_beside_the_window_is_sealed_as_well(claimed: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    desk = ExportProcess(claimed.path, kinds)
    try:
        desk.write([tmp_path / "copy.pdf"], ExportOptions(), today=TODAY, program_version="1")
    finally:
        desk.close()
    comparison = read_review(claimed, tmp_path / "copy.pdf")
    assert comparison.warnings == ()
    assert comparison.blank == 3


def test_a_page_that_was_changed_shows(claimed: PortfolioFile, review_pdf: Path, tmp_path: Path) -> None:
    with pikepdf.open(review_pdf) as pdf:
        pdf.pages[2].contents_add(b"BT ET 0 0 m 9 9 l S")
        pdf.save(tmp_path / "changed.pdf")
    warnings = read_review(claimed, tmp_path / "changed.pdf").warnings
    assert [warning.partition(",")[0] for warning in warnings] == ["Page 3 is not as it was made"]


def test_the_document_in_a_package_is_a_review_copy(claimed: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    package = exported(claimed, kinds, tmp_path / "handed in.zip")
    with zipfile.ZipFile(package) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("portfolio.pdf"))
        (tmp_path / "portfolio.pdf").write_bytes(archive.read(name))
        (page,) = (name for name in archive.namelist() if name.endswith("index.html"))
        assert "For the assessor" not in archive.read(page).decode()
    CLIENTS[0](tmp_path / "portfolio.pdf", tmp_path / "filled.pdf", {"assessor_name": "Ann Lee", "r1.decision": "met"})
    comparison = read_review(claimed, tmp_path / "filled.pdf")
    assert comparison.warnings == ()
    assert [answer.verdict for answer in comparison.answers] == [Verdict.MET]


def test_a_copy_with_names_hidden_can_be_answered_as_well(claimed: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    add_terms(claimed, ["Sam Ellis"])
    path = exported(claimed, kinds, tmp_path / "hidden.pdf")
    assert failures(path, "ua1") == []
    assert "Sam Ellis" not in " ".join(page_texts(path))
    CLIENTS[0](path, tmp_path / "filled.pdf", {"assessor_name": "Ann Lee", "r1.decision": "met", "e1.valid": "yes"})
    comparison = read_review(claimed, tmp_path / "filled.pdf")
    assert comparison.warnings == ()
    assert comparison.acceptable == {"r1", "e1"}
