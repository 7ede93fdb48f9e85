"""The Gaps page on the sample: what is missing leads to what mends it, is put aside, becomes an action."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.domain.claims import Action
from portfolio_app.gui import places
from portfolio_app.gui.dialogs.action_from_gap import ActionFromGapDialog
from portfolio_app.gui.dialogs.put_aside import PutAsideDialog
from portfolio_app.gui.models.gap_tree import gap_key
from portfolio_app.gui.pages.gaps import GapsPage
from portfolio_app.gui.places import Place
from portfolio_app.services.actions import list_actions
from portfolio_app.services.claims import ClaimGiven, edit_claim
from portfolio_app.services.gap_list import PlacedGap


def _opened(qtbot: QtBot, session: OpenSession, navigator: RecordingNavigator) -> GapsPage:
    page = GapsPage(session, navigator)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitExposed(page)
    session.settle()
    return page


@pytest.fixture
def page(qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator) -> Iterator[GapsPage]:
    page = _opened(qtbot, sample_session, navigator)
    page.tree.setFocus()
    yield page
    page.hide()


def _settle(page: GapsPage) -> None:
    assert isinstance(page.session, OpenSession)
    page.session.settle()


def _rows(page: GapsPage) -> list[PlacedGap]:
    return [placed for group in page.tree.model().groups for placed in group.rows]  # type: ignore[attr-defined]


def _take(page: GapsPage, rule: str) -> PlacedGap:
    found = next(placed for placed in _rows(page) if placed.gap.rule == rule)
    assert page.tree.show_key(gap_key(found.gap))
    _settle(page)
    return found


def _button(page: GapsPage, text: str) -> QPushButton:
    (found,) = [each for each in page.findChildren(QPushButton) if each.text() == text and each.isVisible()]
    return found


def _headings(page: GapsPage) -> list[str]:
    return [group.heading for group in page.tree.model().groups]  # type: ignore[attr-defined]


def test_enter_link_and_button_lead_to_the_very_field(page: GapsPage, navigator: RecordingNavigator) -> None:
    found = _take(page, "claim-without-place")
    wanted = Place(**found.place._asdict())
    assert (wanted.page, wanted.field) == (places.EVIDENCE, "claim")
    QTest.keyClick(page.tree, Qt.Key.Key_Return)
    _button(page, "Open the claim").click()
    area = page.tree.visualRect(page.tree.currentIndex())
    link = area.center()
    link.setX(area.right() - 30)
    QTest.mouseClick(page.tree.viewport(), Qt.MouseButton.LeftButton, pos=link)
    assert navigator.places == [wanted] * 3
    QTest.mouseClick(page.tree.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert len(navigator.places) == 3


def test_what_was_mended_elsewhere_goes_and_the_next_is_in_hand(page: GapsPage) -> None:
    before = _rows(page)
    mended = _take(page, "claim-without-place")
    place = before.index(mended)
    page.session.edit(edit_claim, mended.evidence, mended.requirement, ClaimGiven(place="p. 2"))
    _settle(page)
    after = _rows(page)
    assert mended.gap not in [placed.gap for placed in after]
    current = page.tree.current_row()
    assert current is not None
    assert current.gap in {before[max(0, place - 1)].gap, before[place + 1].gap, after[0].gap}


def test_several_are_put_aside_for_one_reason_shown_again_and_brought_back(
    page: GapsPage, navigator: RecordingNavigator
) -> None:
    _take(page, "no-claim")
    QTest.keyClick(page.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    marked = [placed.gap for placed in page.tree.marked_rows()]
    assert len(marked) == 2
    QTest.keyClick(page.tree, Qt.Key.Key_Delete)
    (dialog,) = page.findChildren(PutAsideDialog)
    (reason,) = dialog.findChildren(QPlainTextEdit)
    (put,) = [each for each in dialog.findChildren(QPushButton) if each.text() == "Put aside"]
    assert not put.isEnabled()
    reason.setPlainText("Agreed with my assessor.")
    QTest.keyClick(reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    _settle(page)
    assert not {gap_key(gap) for gap in marked} & {gap_key(placed.gap) for placed in _rows(page)}
    assert navigator.toasts == [("Put 2 aside.", True)]

    page._aside.setChecked(True)
    _settle(page)
    aside = [placed for placed in _rows(page) if placed.gap.dismissed_reason == "Agreed with my assessor."]
    assert [gap_key(placed.gap) for placed in aside] == [gap_key(gap) for gap in marked]
    page.tree.show_key(gap_key(aside[0].gap))
    _button(page, "Bring back").click()
    _settle(page)
    assert sum(placed.gap.dismissed_reason == "Agreed with my assessor." for placed in _rows(page)) == 1
    page.session.undo()
    _settle(page)
    assert sum(placed.gap.dismissed_reason == "Agreed with my assessor." for placed in _rows(page)) == 2


def test_a_gap_becomes_something_to_do(page: GapsPage, navigator: RecordingNavigator) -> None:
    found = _take(page, "evidence-without-date")
    _button(page, "Make an action …").click()
    (dialog,) = page.findChildren(ActionFromGapDialog)
    text = next(each for each in dialog.findChildren(QLineEdit) if each.text().startswith("E31"))
    text.setText("Ask when it was done")
    dialog._due._has_day.setChecked(True)
    due = dialog._due.day()
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "Make the action").click()
    _settle(page)
    made: list[Action] = []
    page.session.read(list_actions, done=made.extend)
    _settle(page)
    assert [(each.text, each.due, each.origin, each.evidence_id) for each in made if each.origin == found.gap.rule] == [
        ("Ask when it was done", due, "evidence-without-date", found.gap.evidence_id)
    ]
    assert navigator.toasts == [("To do: Ask when it was done", True)]


def test_grouping_words_and_weight_narrow_the_list_and_nothing_that_matches_says_so(page: GapsPage) -> None:
    everything = {gap_key(placed.gap) for placed in _rows(page)}
    page._divided.changed.emit("severity")
    _settle(page)
    assert _headings(page) == ["Missing", "Worth a look"]
    page._weight.setCurrentIndex(page._weight.findData("nudge"))
    assert _headings(page) == ["Worth a look"]
    QTest.keyClicks(page._search, "hangs E25")
    QTest.keyClick(page._search, Qt.Key.Key_Return)
    assert [placed.gap.rule for placed in _rows(page)] == ["one-item-only"]
    QTest.keyClicks(page._search, " nowhere")
    QTest.keyClick(page._search, Qt.Key.Key_Return)
    assert not page.tree.isVisible()
    _button(page, "Show everything").click()
    page._search.searched.emit("")
    assert page.tree.isVisible()
    assert {gap_key(placed.gap) for placed in _rows(page)} == everything


def test_the_look_comes_back_and_nonsense_is_left(page: GapsPage, qtbot: QtBot) -> None:
    model = page.tree.model()
    page.tree.collapse(model.index(0, 0))
    page._divided.set_current("rule")
    page._divided.changed.emit("rule")
    page._aside.setChecked(True)
    _settle(page)
    again = GapsPage(page.session, page.window_)
    qtbot.addWidget(again)
    again.restore_state({"grouping": 7, "folded": ["U1"], "aside": "yes"})
    again.restore_state(page.state())
    assert again.state() == page.state()
    assert again.state()["folded"]["unit"] == ["U1"]


def test_a_portfolio_open_for_reading_shows_gaps_and_changes_nothing(
    qtbot: QtBot, sample_folder: Path, navigator: RecordingNavigator
) -> None:
    session = OpenSession(sample_folder, read_only=True)
    page = _opened(qtbot, session, navigator)
    found = _take(page, "no-claim")
    shown = {each.text() for each in page.card.findChildren(QPushButton) if each.isVisible()}
    assert shown == {"Show it", f"{found.requirement} in Units"}
    _button(page, "Show it").click()
    assert navigator.places == [
        Place(places.UNITS, requirement_id=found.gap.requirement_id or "", unit_id=found.gap.unit_id or "")
    ]
    QTest.keyClick(page.tree, Qt.Key.Key_Delete)
    assert page.findChildren(PutAsideDialog) == []
    assert [entry.text() for entry in page.make_menu().actions() if entry.text()] == [
        "Show it",
        "Fold all",
        "Unfold all",
    ]
    page.hide()
    session.finish()


def test_an_empty_portfolio_is_told_what_comes_first(
    qtbot: QtBot, empty_session: OpenSession, navigator: RecordingNavigator
) -> None:
    page = _opened(qtbot, empty_session, navigator)
    assert not page.tree.isVisible()
    _button(page, "Add units").click()
    assert navigator.actions == ["add-units"]
    page.hide()


def test_a_gap_is_found_by_the_words_of_its_requirement_and_shows_them(page: GapsPage) -> None:
    QTest.keyClicks(page._search, "recruitment plan")
    QTest.keyClick(page._search, Qt.Key.Key_Return)
    (found,) = _rows(page)
    assert found.about == f"{found.requirement}  Draw up a full recruitment plan"
    assert found.about in {label.text() for label in page.card.findChildren(QLabel) if label.isVisible()}
    said = page.tree.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert found.about in said
