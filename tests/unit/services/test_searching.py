"""What is written in a portfolio and in its files is found, at its best place, and after any edit as if read anew."""

from __future__ import annotations

import queue
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio_app.domain.attached_text import AttachedText, TextPassage, TextState
from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.errors import Cancelled
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.progress import Progress
from portfolio_app.domain.qualification import CRITERION, Component, Guidance, GuidanceKind, Requirement, Unit
from portfolio_app.domain.search import HitSort, SearchHit
from portfolio_app.services.attached_texts import attached_text, unread_files
from portfolio_app.services.claims import ClaimGiven, add_claim, remove_claim
from portfolio_app.services.decisions import decide
from portfolio_app.services.evidence import (
    EvidenceGiven,
    add_evidence,
    edit_evidence,
    remove_evidence,
    restore_evidence,
)
from portfolio_app.services.history import redo, undo
from portfolio_app.services.people import PersonGiven, edit_person
from portfolio_app.services.portfolios import DetailsGiven, start_portfolio
from portfolio_app.services.searching import catch_up, search
from portfolio_app.services.text_desk import FileToRead
from portfolio_app.services.units import remove_unit
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
_Result = TypeVar("_Result")


def _read_lines(file: FileToRead, progress: Progress) -> AttachedText:
    """Take each line for a paragraph and a form feed for the end of a page, as a reader of files would say it."""
    progress(0, 0, "")
    text = file.path.read_text(encoding="utf-8")
    if text.startswith("secret"):
        return AttachedText(file.sha256, TextState.ENCRYPTED)
    lines = [(number, line) for number, page in enumerate(text.split("\f"), 1) for line in page.splitlines()]
    passages = tuple(TextPassage(line, page, place) for place, (page, line) in enumerate(lines, 1))
    return AttachedText(file.sha256, TextState.READ, passages)


@pytest.fixture(scope="module")
def made(kinds: Kinds, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan with a file of two pages, a testimony, and a reflection with a locked file and the plan's once more."""
    place = tmp_path_factory.mktemp("made")
    report = place / "Quarterly report.txt"
    report.write_text("Figures\nCalls answered\fSecond page\nThe refunds were slow in März.\n", encoding="utf-8")
    locked = place / "locked.txt"
    locked.write_text("secret", encoding="utf-8")
    plan = EvidenceGiven(
        "Rota for the week",
        "2026-03-09",
        "I **planned** the *organisation* of the team.\n\n- Absence was reported to Zoë.",
        fields={"purpose": "Cover the front desk"},
        tags=["Early Shift"],
        files=[report],
    )
    testimony = EvidenceGiven("Seen at work", "2025", people=[PersonGiven("Dana Reed", "Duty manager")])
    reflection = EvidenceGiven("Looking back", body="The rota helped.", files=[locked, report])
    unit = Unit(
        "unit",
        "",
        "Serve customers",
        requirements=(
            Requirement("r1", "1.1", CRITERION, "Plan the work of a team"),
            Requirement("r2", "1.2", CRITERION, "Explain", components=(Component("c1", "how complaints are settled"),)),
        ),
        guidance=(Guidance(GuidanceKind.TIP, "Name the procedure that you followed."),),
    )
    with start_portfolio(place / "p", DetailsGiven(learner="Sam Ellis"), [unit]) as portfolio:
        add_evidence(portfolio, kinds["plan"], plan)
        add_evidence(portfolio, kinds["witness-testimony"], testimony)
        add_evidence(portfolio, kinds["reflective-account"], reflection)
        add_claim(portfolio, "E1", "U1/1.1", ClaimGiven(why="It shows foresight", quotation="I planned"))
        catch_up(portfolio, kinds, _read_lines)
    return place / "p"


@pytest.fixture(scope="module")
def searched(made: Path) -> Iterator[PortfolioFile]:
    """The portfolio as it was made, to be searched only."""
    with PortfolioFile.open(made, read_only=True) as portfolio:
        yield portfolio


@pytest.fixture
def full(made: Path, tmp_path: Path) -> Iterator[PortfolioFile]:
    """A copy of it, to be changed."""
    shutil.copytree(made, tmp_path / "p")
    with PortfolioFile.open(tmp_path / "p") as portfolio:
        yield portfolio


def _found(portfolio: PortfolioFile, text: str) -> list[str]:
    results = search(portfolio, text)
    assert not results.problem
    assert results.total == len(results.hits)
    return [hit.ref or hit.title if hit.sort is not HitSort.ATTACHMENT else hit.title for hit in results.hits]


def _first(portfolio: PortfolioFile, text: str) -> SearchHit:
    return search(portfolio, text).hits[0]


def _marked(hit: SearchHit) -> list[str]:
    return [hit.excerpt[start:end] for start, end in hit.marks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rota", ["E1", "E3"]),
        ("ROTA week", ["E1"]),
        ("planned", ["U1/1.1", "E1"]),
        ("organisat", ["E1"]),
        ("plann", ["U1/1.1", "E1"]),
        ("zoe", ["E1"]),
        ("rota foresight", ["E1"]),
        ("front desk", ["E1"]),
        ("duty manager", ["Dana Reed", "E2"]),
        ("refund", ["Quarterly report.txt"]),
        ("calls refunds", ["Quarterly report.txt"]),
        ("report marz", ["Quarterly report.txt"]),
        ('"planned the organisation"', ["E1"]),
        ('"organisation planned"', []),
        ("rota -week", ["E3"]),
        ("settling complaints", ["U1/1.2"]),
        ("procedures", ["U1"]),
        ("e1", ["E1", "Quarterly report.txt"]),
        ("U1/1.2", ["U1/1.2"]),
        ("1.2", ["U1/1.2"]),
        ("2026", ["E1"]),
    ],
)
def test_words_are_found_wherever_they_stand(searched: PortfolioFile, text: str, expected: list[str]) -> None:
    """In any form of the word, with or without accents, as soon as its beginning is typed."""
    assert _found(searched, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind:plan", ["E1", "Quarterly report.txt"]),
        ("kind:wit", ["E2"]),
        ("kind:plan kind:wit in:evidence", ["E1", "E2"]),
        ("kind:criterion 1.2", ["U1/1.2"]),
        ("unit:u1 in:evidence", ["E1"]),
        ('unit:"serve" in:evidence', ["E1"]),
        ("unit:u in:units", ["U1"]),
        ("unit:u1 in:guidance", ["U1"]),
        ("unit:U12", []),
        ("person:reed", ["Dana Reed", "E2"]),
        ('person:"dana r"', ["Dana Reed", "E2"]),
        ('tag:"early shift" in:evidence', ["E1"]),
        ("tag:early", []),
        ("before:2026", ["E2"]),
        ("after:2025 in:evidence", ["E1"]),
        ("before:10/3/2026 after:8/3/2026 in:evidence", ["E1"]),
        ("before:9/3/2026 after:2025", []),
        ("has:attachment in:evidence", ["E1", "E3"]),
        ("has:attachment has:claim in:evidence", ["E1"]),
        ("has:quotation in:criteria", ["U1/1.1"]),
        ("in:evidence -has:date", ["E3"]),
        ("in:evidence -has:date -has:attachment", []),
        ("rota -kind:plan", ["E3"]),
        ("in:people", ["Dana Reed"]),
    ],
)
def test_filters_narrow(searched: PortfolioFile, text: str, expected: list[str]) -> None:
    """With words or by themselves; attachments follow their item."""
    assert sorted(_found(searched, text)) == sorted(expected)


def test_a_hit_leads_to_its_best_place(searched: PortfolioFile) -> None:
    """A page and a paragraph of a file, a field, or the text itself, with the words marked as they are written."""
    hit = _first(searched, "slow refund")
    assert (hit.sort, hit.title, hit.ref) == (HitSort.ATTACHMENT, "Quarterly report.txt", "E1")
    assert (hit.page, hit.paragraph) == (2, 4)
    assert _marked(hit) == ["refunds", "slow"]
    assert hit.evidence_id
    assert hit.attachment_id
    hit = _first(searched, "desk")
    assert (hit.field, hit.field_name, hit.excerpt) == ("What the plan is for", "purpose", "Cover the front desk")
    hit = _first(searched, "plan absences")
    assert (hit.field_name, _marked(hit)) == ("body", ["planned", "Absence"])
    assert hit.excerpt == "I planned the organisation of the team. Absence was reported to Zoë."
    hit = _first(searched, "rota")
    assert [hit.title[start:end] for start, end in hit.title_marks] == ["Rota"]
    hit = _first(searched, "foresight")
    assert (hit.field, hit.field_name, _marked(hit)) == ("Claim", "claim", ["foresight"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(
                ["rota", "refund", "-week", '"', "*", "AND", "NEAR(", "kind:plan", "{title}:", "^x", "E1", "\0"]
            ),
        ),
        max_size=6,
    ).map(" ".join)
)
def test_anything_can_be_searched_for(searched: PortfolioFile, typed: str) -> None:
    """Nothing that is typed means anything to the database, and marks stand within what is shown."""
    for hit in search(searched, typed).hits:
        for text, marks in ((hit.title, hit.title_marks), (hit.excerpt, hit.marks)):
            ends = [0, *(place for mark in marks for place in mark), len(text)]
            assert ends == sorted(ends)
            assert all(start < end for start, end in marks)


def test_a_long_text_is_shown_where_the_words_are(full: PortfolioFile, kinds: Kinds) -> None:
    """And words that stand far apart are found all the same."""
    filler = "Nothing to see in this sentence at all. " * 400
    edit_evidence(full, kinds, "E3", EvidenceGiven(body=f"Cumquat. {filler} A persimmon fell. {filler}"))
    catch_up(full, kinds)
    hit = _first(full, "persimmon")
    assert hit.excerpt.startswith("…")
    assert hit.excerpt.endswith("…")
    assert _marked(hit) == ["persimmon"]
    assert _found(full, "cumquat persimmon") == ["E3"]
    assert _found(full, "persimmon -cumquat") == []


def test_words_as_they_were_typed_come_before_words_here_and_there(full: PortfolioFile, kinds: Kinds) -> None:
    """However often those stand in a short text; and titles come before both."""
    often = "Slow, slow. Was very. So so. Refund refund refund. Very slow was so."
    once = f"{'Nothing else is said. ' * 30} The refund was so very slow. {'Nothing else is said. ' * 30}"
    for title, body in (("One", often), ("Two", once), ("A slow refund", "Nothing.")):
        add_evidence(full, kinds["plan"], EvidenceGiven(title, body=body))
    catch_up(full, kinds)
    assert _found(full, "refund was so very slow") == ["E5", "E4"]
    assert _found(full, "slow refund in:evidence") == ["E6", "E4", "E5"]


def test_what_cannot_be_meant_is_a_sentence(searched: PortfolioFile) -> None:
    """And nothing typed is nothing found."""
    assert "There is no filter" in search(searched, "colour:red").problem
    assert search(searched, "").hits == ()
    assert search(searched, "kind:").hits == ()


def test_what_is_in_the_bin_is_not_found(full: PortfolioFile, kinds: Kinds) -> None:
    """Nor are its files, but for those that another item has as well; and all is found again when it comes back."""
    remove_evidence(full, "E3")
    catch_up(full, kinds, _read_lines)
    assert _found(full, "rota helped") == []
    assert _found(full, "in:attachments") == ["Quarterly report.txt"]
    remove_evidence(full, "E1")
    catch_up(full, kinds, _read_lines)
    assert _found(full, "refund") == []
    restore_evidence(full, "E3")
    catch_up(full, kinds, _read_lines)
    assert (_first(full, "refund").ref, _found(full, "rota helped")) == ("E3", ["E3"])


def test_files_that_could_not_be_read_are_told(full: PortfolioFile, kinds: Kinds) -> None:
    """Each once, with the reason; and one that was missing is read when it is there again."""
    assert search(full, "rota").unread == 1
    (unread,) = unread_files(full)
    assert (unread.name, unread.ref, unread.reason) == ("locked.txt", "E3", "it is protected by a password")
    sha256 = next(each.sha256 for each in _whole(full, "E1").attachments)
    text = attached_text(full, sha256)
    assert text is not None
    assert text.passages[-1] == TextPassage("The refunds were slow in März.", 2, 4)
    shutil.rmtree(full.folder / "cache")
    stored = full.files.path(sha256)
    assert stored is not None
    aside = stored.rename(full.folder / "aside")
    catch_up(full, kinds, _read_lines)
    assert {each.state for each in unread_files(full)} == {TextState.MISSING, TextState.ENCRYPTED}
    assert _found(full, "refund") == []
    aside.rename(stored)
    catch_up(full, kinds, _read_lines)
    assert _found(full, "refund") == ["Quarterly report.txt"]


def _whole(portfolio: PortfolioFile, ref: str) -> Any:
    with portfolio.read() as reader:
        return reader.evidence(int(ref[1:]))


def _content(portfolio: PortfolioFile) -> list[object]:
    """Return all that the index holds of the portfolio itself, but for the numbers it has given."""
    with portfolio.search_index.reading() as connection:
        return [
            *connection.execute("SELECT * FROM meta ORDER BY name"),
            *sorted(
                (*row[1:], *label)
                for row in connection.execute("SELECT * FROM thing")
                for label in [(), *connection.execute("SELECT name, value FROM label WHERE thing = ?", row[:1])]
            ),
            *connection.execute(
                "SELECT title, ref, requirement, body, fields, places FROM words WHERE rowid > 0 ORDER BY 1, 2, 3, 4, 5"
            ),
        ]


_EDITS: dict[str, Callable[[PortfolioFile, Kinds], object]] = {
    "text": lambda portfolio, kinds: edit_evidence(portfolio, kinds, "E1", EvidenceGiven(body="Otherwise")),
    "new": lambda portfolio, kinds: add_evidence(portfolio, kinds["plan"], EvidenceGiven("One more")),
    "bin": lambda portfolio, _: remove_evidence(portfolio, "E1"),
    "restore": lambda portfolio, _: (remove_evidence(portfolio, "E1"), restore_evidence(portfolio, "E1")),
    "claim": lambda portfolio, _: add_claim(portfolio, "E2", "U1/1.2", ClaimGiven(quotation="Well done")),
    "unclaim": lambda portfolio, _: remove_claim(portfolio, "E1", "U1/1.1"),
    "person": lambda portfolio, _: edit_person(portfolio, PersonGiven("Dana Reed", "Director")),
    "unit": lambda portfolio, _: remove_unit(portfolio, "U1"),
    "undo": lambda portfolio, _: undo(portfolio),
    "decision": lambda portfolio, _: decide(portfolio, "U1/1.1", Verdict.MET, by="Ann"),
    "redo": lambda portfolio, _: (undo(portfolio), redo(portfolio)),
}


@pytest.mark.parametrize("name", _EDITS)
def test_after_any_edit_the_index_is_as_if_it_were_made_anew(full: PortfolioFile, kinds: Kinds, name: str) -> None:
    """Only what was touched is read, and nothing is missed or left behind."""
    _EDITS[name](full, kinds)
    catch_up(full, kinds)
    caught_up = _content(full)
    shutil.rmtree(full.folder / "cache")
    catch_up(full, kinds)
    assert caught_up == _content(full)


def test_a_back_up_that_was_restored_is_searched_as_it_was(full: PortfolioFile, kinds: Kinds) -> None:
    """Its history goes on otherwise than what the index knows."""
    backup = full.backups.make()
    edit_evidence(full, kinds, "E3", EvidenceGiven(body="Kumquats"))
    catch_up(full, kinds)
    assert _found(full, "kumquat") == ["E3"]
    path = full.restore(backup)
    full.close()
    with PortfolioFile.open(path) as restored:
        catch_up(restored, kinds)
        assert _found(restored, "kumquat") == []
        assert _found(restored, "rota helped") == ["E3"]
        assert _found(restored, "refund") == ["Quarterly report.txt"]


def test_it_is_caught_up_in_another_thread_while_the_portfolio_is_edited(full: PortfolioFile, kinds: Kinds) -> None:
    """The portfolio is read on its own thread only, and no edit is missed."""
    shutil.rmtree(full.folder / "cache")
    asked: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
    own = threading.get_ident()

    def on_portfolio(work: Callable[[], _Result], /) -> _Result:
        answer: queue.SimpleQueue[_Result] = queue.SimpleQueue()
        asked.put(lambda: answer.put(work()))
        return answer.get()

    def read(file: FileToRead, progress: Progress) -> AttachedText:
        assert threading.get_ident() != own
        return _read_lines(file, progress)

    def run() -> None:
        try:
            catch_up(full, kinds, read, on_portfolio=on_portfolio)
        finally:
            asked.put(None)

    thread = threading.Thread(target=run)
    thread.start()
    number = 0
    while (work := asked.get()) is not None:
        if number < 3:
            number += 1
            edit_evidence(full, kinds, "E2", EvidenceGiven(body=f"Kumquat {number}"))
        work()
    thread.join()
    assert _found(full, '"kumquat 3"') == ["E2"]
    assert _found(full, '"kumquat 2"') == []
    assert _found(full, "refund") == ["Quarterly report.txt"]


def test_reading_files_goes_on_where_it_was_cancelled(full: PortfolioFile, kinds: Kinds) -> None:
    """What was read is kept; the rest is unread until the next time."""
    shutil.rmtree(full.folder / "cache")
    read: list[str] = []

    def once(file: FileToRead, progress: Progress) -> AttachedText:
        read.append(file.name)
        return _read_lines(file, progress)

    def cancelling(done: int, total: int, what: str) -> None:
        assert done <= total
        if what.startswith("Reading") and len(read) == 1 and "portfolio" not in what:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        catch_up(full, kinds, once, cancelling)
    assert search(full, "rota").unread == 2
    catch_up(full, kinds, once)
    assert len(read) == 3  # one of them was cancelled in the middle
    assert search(full, "rota").unread == 1
