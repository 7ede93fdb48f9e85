"""Suggestions beside an item and below a requirement: taken, put in other words, turned down, and offered again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator, StandWindow

from portfolio_app import settings
from portfolio_app.domain.claims import Locator
from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.suggestions import Band, Sibling, Suggestion, SuggestionSet
from portfolio_app.gui import places
from portfolio_app.gui.pages.evidence import EvidencePage
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets import suggestions
from portfolio_app.gui.widgets.claims_panel import ClaimsPanel
from portfolio_app.gui.widgets.suggestion_list import SuggestionList, SuggestionRow
from portfolio_app.gui.widgets.suggestions import RequirementSuggestions
from portfolio_app.services.claim_edits import claims_for_evidence, requirement_choices
from portfolio_app.services.evidence_list import evidence_list

SENTENCE = "I put the January figures on the wall."


@dataclass
class Answers:
    """Answers at once what it was told to."""

    found: SuggestionSet | KnownError = field(default_factory=lambda: SuggestionSet((), with_model=True, words=9))
    like: tuple[Sibling, ...] = ()
    asked: list[str] = field(default_factory=list)

    def for_evidence(
        self,
        about: str,
        *,
        done: Callable[[SuggestionSet], None],
        failed: Callable[[BaseException], None],
        receiver: QObject,
    ) -> None:
        del receiver
        self.asked.append(about)
        if isinstance(self.found, KnownError):
            failed(self.found)
        else:
            done(self.found)

    for_requirement = for_evidence

    def siblings(
        self,
        requirement_id: str,
        evidence_id: str,
        *,
        done: Callable[[tuple[Sibling, ...]], None],
        **_more: Any,
    ) -> None:
        del requirement_id, evidence_id
        done(self.like)


@dataclass(frozen=True)
class Known:
    """An item of the sample, and the requirements that it is not claimed for, by address."""

    item: str
    open: dict[str, str]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    made = Answers()
    monkeypatch.setattr(suggestions, "shared_suggester", lambda _window, _session: made)
    monkeypatch.setattr(suggestions, "_ASK_AFTER_MS", 0)
    return made


@pytest.fixture
def known(sample_session: OpenSession) -> Known:
    rows: list[Any] = []
    choices: list[Any] = []
    sample_session.read(evidence_list, sample_session.kinds, done=lambda found: rows.extend(found.rows))
    sample_session.read(requirement_choices, done=choices.extend)
    sample_session.settle()
    item = next(row.id for row in rows if row.number == 3)
    claimed = _claims(sample_session, item)
    return Known(item, {each.address: each.requirement.id for each in choices if each.address not in claimed})


@pytest.fixture
def panel(answers: Answers, sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot) -> ClaimsPanel:
    navigator.settings.set(settings.SUGGESTIONS, value=True)
    made = ClaimsPanel(sample_session, navigator)
    made.resize(340, 800)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def candidates(
    answers: Answers, sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot
) -> RequirementSuggestions:
    made = RequirementSuggestions(sample_session, navigator)
    qtbot.addWidget(made)
    made.show()
    return made


def _claims(session: OpenSession, evidence_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    session.read(
        claims_for_evidence, evidence_id, done=lambda claims: found.update({each.address: each for each in claims})
    )
    session.settle()
    return found


def _suggest(known: Known, *addresses: str, page: int | None = None) -> SuggestionSet:
    bands = (Band.STRONG, Band.POSSIBLE, Band.POSSIBLE)
    made = (
        Suggestion(known.item, known.open[address], band, SENTENCE, page=page, paragraph=2)
        for address, band in zip(addresses, bands, strict=False)
    )
    return SuggestionSet(tuple(made), with_model=True, words=100)


def _rows(widget: QWidget) -> list[SuggestionRow]:
    return [row for row in widget.findChildren(SuggestionRow) if row.isVisible()]


def _is_laid_out(row: SuggestionRow) -> bool:
    return all(
        each.height() > 10 and each.y() + each.height() <= row.height() for each in row.findChildren(QToolButton)
    )


def _said(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def _press(widget: QWidget, words: str) -> None:
    found = [each for each in widget.findChildren(QPushButton) if each.text().replace("&", "") == words]
    QTest.mouseClick(next(each for each in found if each.isVisible()), Qt.MouseButton.LeftButton)


def _show(panel: ClaimsPanel, session: OpenSession, item: str, qtbot: QtBot, count: int) -> None:
    panel.show_item(item)
    qtbot.waitUntil(lambda: len(_rows(panel)) == count)
    session.settle()
    qtbot.waitUntil(lambda: all(_is_laid_out(row) for row in _rows(panel)))


def test_a_suggestion_is_claimed_with_its_sentence_and_place_by_one_click(
    panel: ClaimsPanel, answers: Answers, known: Known, sample_session: OpenSession, qtbot: QtBot
) -> None:
    first, second = list(known.open)[:2]
    answers.found = _suggest(known, first, second)
    _show(panel, sample_session, known.item, qtbot, 2)
    assert answers.asked == [known.item]
    row = _rows(panel)[0]
    assert row.accessibleName().startswith(first)
    assert "Strong" in row.accessibleName()
    assert SENTENCE in row.accessibleName()
    take = next(each for each in row.findChildren(QToolButton) if "Claim it" in each.toolTip())
    QTest.mouseClick(take, Qt.MouseButton.LeftButton)
    sample_session.settle()
    claim = _claims(sample_session, known.item)[first].claim
    assert (claim.quotation, claim.locator) == (SENTENCE, Locator(paragraph="2"))
    assert [row.accessibleName().split()[0] for row in _rows(panel)] == [second]
    sample_session.undo()
    sample_session.settle()
    sample_session.settle()
    assert len(_rows(panel)) == 2


def test_its_sentence_can_be_changed_before_it_is_claimed(
    panel: ClaimsPanel, answers: Answers, known: Known, sample_session: OpenSession, qtbot: QtBot
) -> None:
    address = next(iter(known.open))
    answers.found = _suggest(known, address)
    _show(panel, sample_session, known.item, qtbot, 1)
    _rows(panel)[0].setFocus()
    QTest.keyClick(_rows(panel)[0], Qt.Key.Key_Return)
    sample_session.settle()
    sentence = next(
        each for each in panel.findChildren(QPlainTextEdit) if each.accessibleName() == "Suggested quotation"
    )
    assert sentence.hasFocus()
    assert sentence.textCursor().selectedText() == SENTENCE
    sentence.setPlainText("the January figures")
    _press(panel, "Claim it, with this quotation")
    sample_session.settle()
    assert _claims(sample_session, known.item)[address].claim.quotation == "the January figures"
    why = next(each for each in panel.findChildren(QPlainTextEdit) if each.accessibleName() == "Why")
    assert why.hasFocus(), "the keyboard stays beside the claim"
    assert not sentence.isVisible()


def test_without_a_sentence_there_is_no_place_either(
    panel: ClaimsPanel, answers: Answers, known: Known, sample_session: OpenSession, qtbot: QtBot
) -> None:
    address = next(iter(known.open))
    answers.found = _suggest(known, address)
    _show(panel, sample_session, known.item, qtbot, 1)
    panel._suggestions.take(known.open[address], "  ")
    sample_session.settle()
    claim = _claims(sample_session, known.item)[address].claim
    assert (claim.quotation, claim.locator) == ("", Locator())


def test_what_is_turned_down_goes_and_comes_back_by_undo(
    panel: ClaimsPanel, answers: Answers, known: Known, sample_session: OpenSession, qtbot: QtBot
) -> None:
    navigator = panel._window
    assert isinstance(navigator, RecordingNavigator)
    address = next(iter(known.open))
    answers.found = _suggest(known, address)
    _show(panel, sample_session, known.item, qtbot, 1)
    no = next(each for each in _rows(panel)[0].findChildren(QToolButton) if "Not this one" in each.toolTip())
    QTest.mouseClick(no, Qt.MouseButton.LeftButton)
    sample_session.settle()
    sample_session.settle()
    assert _rows(panel) == []
    assert "Probably nothing here." in _said(panel)
    assert navigator.toasts[-1] == (f"{address} is not suggested for E3 again.", True)
    sample_session.undo()
    sample_session.settle()
    sample_session.settle()
    assert len(_rows(panel)) == 1


def test_the_same_demand_of_another_unit_is_offered_with_the_same_sentence(
    panel: ClaimsPanel, answers: Answers, known: Known, sample_session: OpenSession, qtbot: QtBot
) -> None:
    first, like = next(iter(known.open)), list(known.open)[-1]
    answers.found = _suggest(known, first)
    answers.like = (Sibling(known.open[like], is_same=True),)
    _show(panel, sample_session, known.item, qtbot, 1)
    panel._suggestions.take(known.open[first], SENTENCE)
    sample_session.settle()
    sample_session.settle()
    assert like in _said(panel)
    _press(panel, "Claim it as well")
    sample_session.settle()
    claims = _claims(sample_session, known.item)
    assert claims[like].claim.quotation == SENTENCE
    assert claims[like].claim.locator == claims[first].claim.locator
    assert not any(
        "asks for much the same" in label.text() for label in panel.findChildren(QLabel) if label.isVisible()
    )


def test_nothing_is_looked_for_while_it_is_folded_away(
    panel: ClaimsPanel, answers: Answers, known: Known, sample_session: OpenSession, qtbot: QtBot
) -> None:
    navigator = panel._window
    (listed,) = panel.findChildren(SuggestionList)
    listed.set_expanded(False)
    assert not navigator.settings.get(settings.SUGGESTIONS)
    panel.show_item(known.item)
    sample_session.settle()
    qtbot.wait(20)
    assert answers.asked == []
    listed.set_expanded(True)
    qtbot.waitUntil(lambda: answers.asked == [known.item])


def test_a_failure_and_a_missing_model_are_told_in_place(
    panel: ClaimsPanel, answers: Answers, known: Known, sample_session: OpenSession, qtbot: QtBot
) -> None:
    answers.found = KnownError("The part of the program that makes suggestions ended.")
    panel.show_item(known.item)
    qtbot.waitUntil(lambda: "makes suggestions ended" in _said(panel))
    answers.found = SuggestionSet((), with_model=False, words=5, unread=2, notice="Only words were compared.")
    panel._suggestions._ask()
    sample_session.settle()
    said = _said(panel)
    for sentence in ("Probably nothing here.", "2 attached files are not read yet.", "Only words were compared."):
        assert sentence in said


def test_evidence_for_a_requirement_is_looked_for_when_it_is_asked(
    candidates: RequirementSuggestions, answers: Answers, known: Known, sample_session: OpenSession, qtbot: QtBot
) -> None:
    address, requirement_id = next(iter(known.open.items()))
    answers.found = _suggest(known, address)
    candidates.show_requirement(requirement_id)
    assert answers.asked == []
    _press(candidates, "Look through the evidence")
    sample_session.settle()
    assert answers.asked == [requirement_id]
    (row,) = _rows(candidates)
    assert row.accessibleName().startswith("E3 ")
    with qtbot.waitSignal(candidates.looked_at) as pressed:
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert pressed.args == [known.item]
    candidates.show_requirement(list(known.open.values())[1])
    sample_session.settle()
    assert _rows(candidates) == []


def test_a_process_of_its_own_finds_requirements_and_ends_with_the_window(sample_window: StandWindow) -> None:
    sample_window.resize(1400, 900)
    rows: list[Any] = []
    sample_window.session.read(evidence_list, sample_window.session.kinds, done=lambda found: rows.extend(found.rows))
    sample_window.settle()
    item = next(row for row in rows if row.number == 12)
    sample_window.go(Place(places.EVIDENCE, evidence_id=item.id))
    sample_window.settle()
    page = sample_window.findChild(EvidencePage)
    assert isinstance(page, EvidencePage)
    panel = page.claims
    (listed,) = panel.findChildren(SuggestionList)
    listed.set_expanded(True)
    # A model, where there is one, reads every requirement first.
    sample_window.wait_until(lambda: bool(_rows(panel)) or "Probably nothing" in _said(panel), patience=120_000)
    assert _rows(panel)
