"""What the evidence says, in the window: read beside everything else, shown where it matters, compared side by side."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator, StandWindow

from portfolio_app.domain.attached_text import AttachedText, TextPassage, TextState
from portfolio_app.domain.gaps import Severity
from portfolio_app.domain.qualification import Unit
from portfolio_app.gui import places, text_upkeep
from portfolio_app.gui.dialogs.compare_passages import ComparePassagesDialog
from portfolio_app.gui.models.gap_tree import gap_key
from portfolio_app.gui.pages.gaps import GapsPage
from portfolio_app.gui.pages.units import UnitsPage
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.advice_notes import AdviceNotes
from portfolio_app.gui.widgets.claims_panel import ClaimsPanel
from portfolio_app.gui.widgets.cycle_boxes import CycleBoxes
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, edit_evidence
from portfolio_app.services.evidence_list import evidence_list
from portfolio_app.services.gap_list import PlacedGap
from portfolio_app.services.units import list_units
from portfolio_app.storage.portfolio_file import PortfolioFile

QUEUE = (
    "On Monday the queue stood at nineteen because two advisers were at lunch together, so I moved the second lunch by "
    "half an hour, asked Priya <b>& Dean</b> to watch the board, and rang the three customers who had hung up."
)


def _shown(qtbot: QtBot, page: QWidget) -> None:
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitExposed(page)


def _read(qtbot: QtBot, session: OpenSession) -> None:
    qtbot.waitUntil(lambda: session.texts.facts is not None or session.texts.has_problem, timeout=20_000)
    session.settle()


def _rows(page: GapsPage, rule: str) -> list[PlacedGap]:
    groups = page.tree.model().groups  # type: ignore[attr-defined]
    return [placed for group in groups for placed in group.rows if placed.gap.rule == rule]


def _words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.text()]


def _add(session: OpenSession, title: str, body: str) -> None:
    session.edit(add_evidence, session.kinds["other-product"], EvidenceGiven(title=title, body=body))
    session.settle()


def test_passages_in_common_are_compared_side_by_side_and_lead_to_either_item(
    qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    _add(sample_session, "First", QUEUE)
    _add(sample_session, "Second", f"It was busy. {QUEUE} It worked.")
    page = GapsPage(sample_session, navigator)
    _shown(qtbot, page)
    _read(qtbot, sample_session)
    (row,) = _rows(page, "alike-passages")
    assert row.gap.severity is Severity.INFO
    page.tree.show_key(gap_key(row.gap))
    page.mend()
    (place,) = navigator.places
    assert (place.page, place.field, row.fix) == (places.GAPS, "alike", "Compare them")
    page.show_place(place)
    sample_session.settle()
    (dialog,) = page.findChildren(ComparePassagesDialog)
    passages = [text for text in _words(dialog) if "second lunch" in text]
    assert len(passages) == 2
    assert all("<b style=" in text and "&lt;b&gt;&amp; Dean&lt;/b&gt;" in text for text in passages)
    (first, second) = (each for each in dialog.findChildren(QPushButton) if each.text().startswith("Open E"))
    assert first.text() < second.text()
    second.click()
    assert navigator.places[1:] == [Place(places.EVIDENCE, evidence_id=place.evidence_id, field="body")]


def test_what_is_edited_is_read_again(qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator) -> None:
    _add(sample_session, "First", QUEUE)
    _add(sample_session, "Second", QUEUE)
    page = GapsPage(sample_session, navigator)
    _shown(qtbot, page)
    _read(qtbot, sample_session)
    (row,) = _rows(page, "alike-passages")
    with qtbot.waitSignal(sample_session.texts.changed, timeout=20_000):
        sample_session.edit(edit_evidence, sample_session.kinds, row.evidence, EvidenceGiven(body="Something new."))
        sample_session.settle()
    sample_session.settle()
    assert _rows(page, "alike-passages") == []
    page.show_place(Place(places.GAPS, evidence_id=row.gap.evidence_id or "", field="alike"))
    sample_session.settle()
    assert navigator.messages == [("These two items have nothing in common any more.", "info")]


def test_word_lists_that_are_not_sound_are_told_and_the_other_gaps_stay(
    qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    folder = sample_session.folder / "quality"
    folder.mkdir()
    (folder / "mine.toml").write_text('id = "theories"\n', encoding="utf-8")
    page = GapsPage(sample_session, navigator)
    _shown(qtbot, page)
    _read(qtbot, sample_session)
    assert _rows(page, "no-claim")
    told = [text for text in _words(page) if text.startswith("The texts of the evidence are not looked at. mine.toml")]
    assert len(told) == 1
    assert sample_session.refused == []


def _choose(page: UnitsPage, session: OpenSession, place: Place) -> None:
    page.show_place(place)
    session.settle()
    QApplication.processEvents()


def test_a_unit_shows_its_improvement_cycle_and_a_requirement_its_advice(
    qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    units: list[Unit] = []
    sample_session.read(list_units, done=units.extend)
    sample_session.settle()
    unit = units[1]
    page = UnitsPage(sample_session, navigator)
    _shown(qtbot, page)
    _read(qtbot, sample_session)
    _choose(page, sample_session, Place(places.UNITS, unit_id=unit.id))
    (boxes,) = page.findChildren(CycleBoxes)
    assert boxes.isVisible()
    headings = [text for text in _words(boxes) if text[:1].isdigit()]
    assert headings == ["1  Plan", "2  Do", "3  Monitor", "4  Evaluate", "5  Act"]
    link = boxes.findChildren(QPushButton)[0]
    assert link.text().startswith("E1 for U2/")
    link.click()
    assert (navigator.places[-1].page, navigator.places[-1].field) == (places.EVIDENCE, "claim")
    leaf = next(leaf for leaf in unit.leaves() if leaf.ref == "MP3")
    _choose(page, sample_session, Place(places.UNITS, requirement_id=leaf.id))
    notes = [each for each in page.findChildren(AdviceNotes) if each.isVisible()]
    assert [text.split(",")[0] for text in _words(notes[0])] == [
        "Tip: For solving problems",
        "Misconception: Noting problems down without a method to analyse them",
    ]


def test_a_unit_that_asks_for_no_improvement_shows_no_cycle(
    qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    folder = sample_session.folder / "quality"
    folder.mkdir()
    (folder / "cycle.toml").write_text(
        'id = "improvement-cycle"\nadd = true\n[[asks]]\nany_of = ["no unit asks for this"]\n', encoding="utf-8"
    )
    page = UnitsPage(sample_session, navigator)
    _shown(qtbot, page)
    _read(qtbot, sample_session)
    assert not any(boxes.isVisible() for boxes in page.findChildren(CycleBoxes))


def test_advice_stands_beside_the_requirement_that_is_claimed(
    qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    items: list[str] = []
    sample_session.read(
        evidence_list, sample_session.kinds, done=lambda found: items.extend(row.id for row in found.rows)
    )
    sample_session.settle()
    panel = ClaimsPanel(sample_session, navigator)
    panel.resize(340, 800)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_item(items[0])
    sample_session.settle()
    advised: dict[str, Sequence[str]] = {}
    for choice in panel._choices:
        panel.show_requirement(choice.requirement.id)
        sample_session.settle()
        (notes,) = panel.findChildren(AdviceNotes)
        advised[choice.address] = _words(notes) if notes.isVisible() else ()
    assert advised["U2/MP3"][0].startswith("Tip: For solving problems")
    assert all(len(words) <= 2 for words in advised.values())
    assert not all(advised.values())


def _first_with_file(portfolio: PortfolioFile) -> tuple[str, AttachedText]:
    """Put into the search index what the first attached file says, and return whose it is."""
    with portfolio.read() as reader:
        attachments = reader.facts({}).attachments
    owners = [attachment.evidence_id for attachment in attachments]
    only = next(each for each in attachments if owners.count(each.evidence_id) == 1)
    said = AttachedText(only.sha256, TextState.READ, (TextPassage("Words of a file.", 1, 1),))
    portfolio.search_index.put_texts([said])
    return only.evidence_id, said


def test_what_attached_files_say_counts_as_soon_as_they_are_read(qtbot: QtBot, sample_window: StandWindow) -> None:
    window, session = sample_window, sample_window.session
    window.searching._begin_clock.stop()
    session.texts.want()
    qtbot.waitUntil(lambda: session.texts.facts is not None, timeout=20_000)
    put: list[tuple[str, AttachedText]] = []
    session.read(_first_with_file, done=put.append)
    window.settle()
    (owner, _said) = put[0]
    before = session.texts.facts
    assert before is not None
    assert not before.readings[owner].is_whole
    with qtbot.waitSignal(session.texts.changed, timeout=20_000):
        window.searching.changed.emit()
    after = session.texts.facts
    assert after is not None
    assert after.readings[owner].is_whole
    assert after.readings[owner].words == before.readings[owner].words + 4


def test_a_long_reading_says_how_far_it_is(
    qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_upkeep, "_MANY", 1)
    monkeypatch.setattr(text_upkeep, "_SLICE", 0.0)
    page = GapsPage(sample_session, navigator)
    told: list[str] = []
    sample_session.texts.progressed.connect(lambda: told.append(sample_session.texts.told))
    _shown(qtbot, page)
    _read(qtbot, sample_session)
    assert told[0] == "Reading the evidence: 2 of 31."
    assert told.index("Reading the evidence: 30 of 31.") > 10
    assert sample_session.texts.told == ""
    assert not [text for text in _words(page) if text.startswith("Reading the evidence") and page._told.isVisible()]
