"""A copy that the assessor sent back is dropped on the window, compared, and accepted once it has been looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from tests.gui.dialogs.parts import button, said
from tests.gui.stand import StandWindow
from tests.returned_copies import fill_in, review_copy, signed_by, ticked, without_form

from portfolio_app.domain.review import ReviewIdentity
from portfolio_app.gui import places
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.dialogs.review_answers import ReviewAnswersDialog
from portfolio_app.gui.notices import MessageArea
from portfolio_app.gui.pages.feedback import FeedbackPage
from portfolio_app.gui.places import Place
from portfolio_app.gui.returned_intake import READ_ANSWERS
from portfolio_app.gui.widgets.basics import Banner
from portfolio_app.gui.widgets.drop_zones import DropZone
from portfolio_app.services.decisions import decisions_of
from portfolio_app.services.evidence import EvidenceLine, list_evidence
from portfolio_app.services.people import list_people

Filled = Callable[..., Path]


@pytest.fixture
def window(sample_window: StandWindow, monkeypatch: pytest.MonkeyPatch) -> StandWindow:
    """Return a window that reads copies in its own process, as a process costs a second."""
    monkeypatch.setattr(
        "portfolio_app.gui.returned_intake.read_apart", lambda read, path, progress: read(path, progress)
    )
    sample_window.go(Place(places.FEEDBACK))
    sample_window.settle()
    return sample_window


@pytest.fixture
def identity(window: StandWindow, tmp_path: Path) -> ReviewIdentity:
    """Return what the copy "blank.pdf" says of itself."""
    made: list[ReviewIdentity] = []
    window.session.read(partial(review_copy, path=tmp_path / "blank.pdf"), done=made.append)
    window.settle()
    return made[0]


@pytest.fixture
def filled(identity: ReviewIdentity, tmp_path: Path) -> Filled:
    """Return a function that fills the copy in."""
    del identity

    def fill(name: str, answers: Mapping[str, str]) -> Path:
        return fill_in(tmp_path / "blank.pdf", tmp_path / name, answers)

    return fill


def _dragged(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def _drag_over(target: QWidget, data: QMimeData) -> bool:
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(20, 20), copy, data, left, none)
    target.dragEnterEvent(event)
    return event.isAccepted()


def _drop(target: QWidget, data: QMimeData) -> None:
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    target.dropEvent(QDropEvent(QPointF(20, 20), copy, data, left, none))


def _page(window: StandWindow) -> FeedbackPage:
    page = window.page(places.FEEDBACK)
    assert isinstance(page, FeedbackPage)
    return page


def _dialog(window: StandWindow) -> ReviewAnswersDialog:
    window.wait_until(lambda: any(each.isVisible() for each in window.findChildren(ReviewAnswersDialog)))
    (dialog,) = [each for each in window.findChildren(ReviewAnswersDialog) if each.isVisible()]
    return dialog


def _told(window: StandWindow) -> list[str]:
    return [banner.text for area in window.findChildren(MessageArea) for banner in area.findChildren(Banner)]


def test_a_copy_is_dropped_compared_and_accepted_and_the_page_leads_to_what_came(
    window: StandWindow, identity: ReviewIdentity, filled: Filled
) -> None:
    answers = signed_by(role="Assessor") | {"r2.decision": "not_yet_met", "r2.comment": "Say who.", "r3.comment": "Hm."}
    data = _dragged(filled("back.pdf", answers | ticked("e1", "valid")))
    page = _page(window)
    assert _drag_over(page, data)
    (zone,) = [each for each in page.findChildren(DropZone) if each.isVisible()]
    assert zone.accessibleName() == "Read the assessor’s answers in this copy"
    _drop(zone, data)
    dialog = _dialog(window)
    assert dialog.windowTitle() == "Dana Whyte’s review"
    assert dialog.ticked() == {"r2", "r3", "e1"}
    assert dialog.focusWidget() is dialog.table
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    assert "A comment without a decision: it becomes something to do." in "\n".join(said(dialog))
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.ticked() == {"r2", "e1"}
    button(dialog, "Tick none").click()
    assert not button(dialog, "Accept").isEnabled()
    button(dialog, "Tick all").click()
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    button(dialog, "Accept 2 answers").click()
    window.settle()
    decided = identity.requirements["r2"]
    found: list[object] = []
    window.session.read(decisions_of, decided, done=found.extend)
    window.session.read(list_people, done=found.extend)
    window.settle()
    assert any(getattr(each, "comment", "") == "Say who." for each in found)
    assert any(getattr(each, "name", "") == "Dana Whyte" for each in found)
    row = page.tree.current_row()
    assert row is not None
    assert row.requirement.id == decided
    assert not window.session.undo_names.undo


def test_several_copies_come_one_after_the_other_and_what_is_none_is_told(
    window: StandWindow, filled: Filled, tmp_path: Path
) -> None:
    first = filled("first.pdf", signed_by() | {"r1.decision": "met"})
    second = filled("second.pdf", signed_by("Pat Lee") | {"r1.decision": "not_yet_met"})
    printed = without_form(first, tmp_path / "printed.pdf")
    window.read_answers([printed, first, second])
    dialog = _dialog(window)
    assert any("printed" in sentence for sentence in _told(window))
    assert dialog.windowTitle() == "Dana Whyte’s review"
    button(dialog, "Accept 1 answer").click()
    window.wait_until(lambda: _dialog(window).windowTitle() == "Pat Lee’s review")
    dialog = _dialog(window)
    assert "Dana Whyte decided “met”" in "\n".join(said(dialog))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    window.settle()
    window.read_answers([first])
    dialog = _dialog(window)
    assert "Everything that it says is recorded already." in said(dialog)
    assert not button(dialog, "Accept").isVisible()
    button(dialog, "Close").click()


def test_a_copy_that_names_nobody_can_be_accepted_once_somebody_is_named(window: StandWindow, filled: Filled) -> None:
    window.read_answers([filled("nameless.pdf", {"r1.decision": "met"})])
    dialog = _dialog(window)
    accept = button(dialog, "Accept 1 answer")
    assert not accept.isEnabled()
    (name,) = [each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == "Who decided"]
    QTest.keyClicks(name, "Pat Lee")
    assert accept.isEnabled()
    accept.click()
    window.settle()
    found: list[object] = []
    window.session.read(list_people, done=found.extend)
    window.settle()
    assert any(getattr(each, "name", "") == "Pat Lee" for each in found)


def test_a_review_copy_among_new_evidence_is_asked_about(window: StandWindow, filled: Filled, tmp_path: Path) -> None:
    copy = filled("returned copy.pdf", signed_by() | {"r1.decision": "met"})
    notes = tmp_path / "notes.txt"
    notes.write_text("Monday")
    window.open_files([copy, notes])
    window.settle()
    (question,) = [each for each in window.findChildren(QuestionDialog) if each.isVisible()]
    question.buttons[READ_ANSWERS].click()
    dialog = _dialog(window)
    button(dialog, "Cancel").click()
    window.settle()
    assert _titles(window, "notes") == ["Notes"]
    assert _titles(window, "returned copy") == []

    window.open_files([copy])
    window.settle()
    (question,) = [each for each in window.findChildren(QuestionDialog) if each.isVisible()]
    question.buttons["Keep as evidence"].click()
    window.settle()
    assert _titles(window, "returned copy") == ["Returned copy"]


def _titles(window: StandWindow, word: str) -> list[str]:
    """Return the titles in which a word is."""
    found: list[EvidenceLine] = []
    window.session.read(list_evidence, done=found.extend)
    window.settle()
    return [line.title for line in found if word in line.title.casefold()]


def test_other_files_are_left_to_the_window(window: StandWindow, tmp_path: Path) -> None:
    assert not _drag_over(_page(window), _dragged(tmp_path / "photo.jpg"))
    assert not _drag_over(_page(window), _dragged(tmp_path / "back.pdf", tmp_path / "photo.jpg"))
