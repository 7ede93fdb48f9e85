"""The Feedback page on the sample: decisions are read, answered, and recorded for good after being asked once more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app import settings as declared
from portfolio_app.domain.claims import Verdict
from portfolio_app.gui import places
from portfolio_app.gui.dialogs.record_decision import RecordDecisionDialog
from portfolio_app.gui.models.feedback_tree import Turn, turn_in_words
from portfolio_app.gui.pages.feedback import FeedbackPage
from portfolio_app.gui.places import Place
from portfolio_app.services.claims import ClaimGiven, edit_claim
from portfolio_app.services.feedback import RequirementFeedback
from portfolio_app.storage.errors import NothingToUndo


def _opened(qtbot: QtBot, session: OpenSession, navigator: RecordingNavigator) -> FeedbackPage:
    page = FeedbackPage(session, navigator)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitExposed(page)
    session.settle()
    return page


@pytest.fixture
def page(qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator) -> Iterator[FeedbackPage]:
    page = _opened(qtbot, sample_session, navigator)
    page.tree.setFocus()
    yield page
    page.hide()


def _session(page: FeedbackPage) -> OpenSession:
    assert isinstance(page.session, OpenSession)
    return page.session


def _settle(page: FeedbackPage) -> None:
    _session(page).settle()
    QApplication.processEvents()


def _rows(page: FeedbackPage) -> dict[str, RequirementFeedback]:
    return {row.address: row for group in page._model.groups for row in group.rows}


def _take(page: FeedbackPage, address: str) -> RequirementFeedback:
    row = _rows(page)[address]
    assert page.tree.show_key(row.requirement.id)
    _settle(page)
    return row


def _button(page: FeedbackPage, text: str) -> QPushButton:
    (found,) = [each for each in page.findChildren(QPushButton) if each.text() == text and each.isVisible()]
    return found


def _texts(page: FeedbackPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def _show(page: FeedbackPage, turn: Turn) -> None:
    page._turn.setCurrentIndex(page._turn.findData(turn.name))


def _fill(page: FeedbackPage, verdict: Verdict, comment: str = "") -> RecordDecisionDialog:
    page.form._verdicts[verdict].click()
    page.form._by.setText("Ann Moss")
    page.form._comment.setPlainText(comment)
    _button(page, "Record …").click()
    (dialog,) = page.findChildren(RecordDecisionDialog)
    return dialog


def _confirm(page: FeedbackPage, dialog: RecordDecisionDialog) -> None:
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "Record for good").click()
    _settle(page)


def test_it_says_whose_turn_it_is_and_what_was_decided(page: FeedbackPage) -> None:
    _show(page, Turn.LEARNER)
    assert list(_rows(page)) == ["U2/MP4"]
    assert turn_in_words(_rows(page)["U2/MP4"]) == "your turn"
    _take(page, "U2/MP4")
    shown = _texts(page)
    assert "✗ not yet met" in shown
    assert "David Okafor, " in shown
    _show(page, Turn.DECIDED)
    assert {str(row.state) for row in _rows(page).values()} == {"met", "not yet met", "more evidence needed"}


def test_a_claim_leads_to_the_evidence_and_an_answer_to_the_claim(
    page: FeedbackPage, navigator: RecordingNavigator
) -> None:
    row = _take(page, "U2/MP4")
    _button(page, "Resubmit: open the evidence").click()
    assert page._claims is not None
    first = page._claims.claims[0]
    wanted = Place(
        places.EVIDENCE, evidence_id=first.item.id, requirement_id=row.requirement.id, field=places.CLAIM_FIELD
    )
    assert navigator.places == [wanted]
    _button(page, first.item.ref).click()
    assert navigator.places[-1].evidence_id == first.item.id
    assert navigator.places[-1].page_number == first.claim.locator.page


def test_an_answer_passes_the_turn_on(page: FeedbackPage) -> None:
    row = _take(page, "U2/MP4")
    page.session.edit(edit_claim, row.evidence[0], "U2/MP4", ClaimGiven(why="One more law is named."))
    _settle(page)
    now = _rows(page)["U2/MP4"]
    assert now.waits_for_assessor
    assert "The claims have changed since." in _texts(page)


def test_nothing_is_recorded_until_it_is_confirmed_and_enter_goes_back(page: FeedbackPage) -> None:
    row = _take(page, "U3/MP5")
    dialog = _fill(page, Verdict.NOT_YET_MET, "Say what it cost.")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    _settle(page)
    assert _rows(page)["U3/MP5"].decisions == row.decisions
    assert page.form.draft().comment == "Say what it cost."
    assert not any(each.isVisible() for each in page.findChildren(RecordDecisionDialog))


def test_a_decision_is_recorded_with_its_action_and_cannot_be_undone(
    page: FeedbackPage, navigator: RecordingNavigator
) -> None:
    _take(page, "U3/MP5")
    page.form._due._has_day.setChecked(True)
    dialog = _fill(page, Verdict.NOT_YET_MET, "Say what it cost.")
    due = page.form._due.day()
    _confirm(page, dialog)
    row = _rows(page)["U3/MP5"]
    assert [(each.verdict, each.by, each.comment) for each in row.decisions] == [
        (Verdict.NOT_YET_MET, "Ann Moss", "Say what it cost.")
    ]
    assert [(each.text, each.due) for each in row.actions] == [("U3/MP5: Say what it cost.", due)]
    assert navigator.settings.get(declared.ASSESSOR) == "Ann Moss"
    assert navigator.toasts == [("The decision is recorded.", False)]
    assert page.form.draft().comment == ""
    page.session.undo()
    _settle(page)
    assert [type(error) for error in _session(page).refused] == [NothingToUndo]
    assert _rows(page)["U3/MP5"].decisions == row.decisions


def test_several_are_decided_at_once_after_one_question(page: FeedbackPage) -> None:
    _take(page, "U3/MP5")
    QTest.keyClick(page.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    marked = [row.address for row in page.tree.marked_rows()]
    assert len(marked) == 2
    assert "2 requirements are marked" in _texts(page)
    dialog = _fill(page, Verdict.MET)
    assert all(any(address in label.text() for label in dialog.findChildren(QLabel)) for address in marked)
    _confirm(page, dialog)
    assert [str(_rows(page)[address].state) for address in marked] == ["met", "met"]


def test_what_was_typed_waits_until_the_requirement_is_chosen_again(page: FeedbackPage) -> None:
    _take(page, "U3/MP5")
    page.form._comment.setPlainText("Half a thought")
    _take(page, "U2/MP1")
    assert page.form.draft().comment == ""
    _take(page, "U3/MP5")
    assert page.form.draft().comment == "Half a thought"


def test_a_decision_is_acknowledged_and_an_action_ticked(page: FeedbackPage, navigator: RecordingNavigator) -> None:
    _take(page, "U3/MP5")
    _confirm(page, _fill(page, Verdict.MORE_NEEDED, "A second example."))
    (tick,) = [each for each in page.view.findChildren(QCheckBox) if each.isVisible()]
    tick.click()
    _settle(page)
    assert [action.done_on is not None for action in _rows(page)["U3/MP5"].actions] == [True]
    page.session.undo()
    _settle(page)
    _button(page, "Acknowledge").click()
    _settle(page)
    assert _rows(page)["U3/MP5"].acknowledged
    assert navigator.toasts[-1] == ("The decision is acknowledged.", True)
    assert "✓ Acknowledged" in _texts(page)


def test_a_place_is_found_whatever_is_filtered(page: FeedbackPage) -> None:
    wanted = _rows(page)["U3/MP5"].requirement.id
    _show(page, Turn.LEARNER)
    page._search.setText("nothing like it")
    page._narrow()
    assert not page.tree.isVisible()
    page.show_place(Place(places.FEEDBACK, requirement_id=wanted))
    assert page.tree.current_row().requirement.id == wanted


def test_the_look_comes_back_and_nonsense_is_left(page: FeedbackPage, qtbot: QtBot) -> None:
    _show(page, Turn.DECIDED)
    page.tree.collapse(page._model.heading_index(0))
    again = FeedbackPage(page.session, page.window_)
    qtbot.addWidget(again)
    again.restore_state({"turn": 3, "folded": "U1", "sizes": [1, "2"]})
    again.restore_state(page.state())
    assert again.state() == page.state()
    assert again.state()["turn"] == "DECIDED"


def test_nothing_can_be_recorded_in_a_portfolio_open_for_reading(
    qtbot: QtBot, sample_folder: Path, navigator: RecordingNavigator
) -> None:
    session = OpenSession(sample_folder, read_only=True)
    page = _opened(qtbot, session, navigator)
    _take(page, "U2/MP4")
    assert not page.form.isVisible()
    assert not any(each.isEnabled() for each in page.view.findChildren(QCheckBox))
    shown = {each.text() for each in page.view.findChildren(QPushButton) if each.isVisible()}
    assert not {"Acknowledge", "Record a decision …", "Resubmit: open the evidence"} & shown
    page.hide()
    session.finish()


def test_an_empty_portfolio_is_told_what_comes_first(
    qtbot: QtBot, empty_session: OpenSession, navigator: RecordingNavigator
) -> None:
    page = _opened(qtbot, empty_session, navigator)
    _button(page, "Add units").click()
    assert navigator.actions == ["add-units"]
    page.hide()
