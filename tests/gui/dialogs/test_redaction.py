"""Hiding names in copies, in the window: proposed, typed, changed, taken back; regions; words of a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLineEdit, QPushButton
from tests.gui.dialogs.parts import button, field, open_dialog, said
from tests.gui.stand import StandWindow

from portfolio_app.domain.facts import EvidenceFact
from portfolio_app.domain.redaction import Redaction
from portfolio_app.gui.dialogs.redaction import RedactionDialog
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.attachments.preview import PreviewPane
from portfolio_app.gui.widgets.attachments.region_overlay import RegionOverlay
from portfolio_app.gui.widgets.export_form import ExportForm
from portfolio_app.gui.widgets.record_table import RecordTable
from portfolio_app.services.exports import items_to_hold_back
from portfolio_app.services.portfolios import opened
from portfolio_app.services.redaction import add_region, add_terms, find_attachment, list_marks

_FILE = "enrolment-week-rota.pdf"


@pytest.fixture
def folder(sample_folder: Path) -> Path:
    """Return a portfolio in which a name and a region are marked."""
    with opened(sample_folder) as portfolio:
        add_terms(portfolio, ["Helen Marsh"])
        add_region(portfolio, find_attachment(portfolio, "E3", _FILE), 2, (1000, 1000, 4000, 1000))
    return sample_folder


@pytest.fixture
def dialog(folder: Path, sample_window: StandWindow) -> RedactionDialog:
    del folder  # before the window
    return open_dialog(sample_window, "hide-names", RedactionDialog)


def _table(dialog: RedactionDialog) -> RecordTable[Any]:
    (shown,) = [each for each in dialog.findChildren(RecordTable) if each.isVisible()]
    return shown


def _marked(window: StandWindow) -> Redaction:
    """Return what is marked in the portfolio, read by its own thread."""
    read: list[Redaction] = []
    window.session.read(list_marks, done=read.append)
    window.settle()
    return read[0]


def _rows(table: RecordTable[Any], column: int = 0) -> list[str]:
    model = table.model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def _list(dialog: RedactionDialog, words: str) -> RecordTable[Any]:
    (segment,) = [each for each in dialog.findChildren(QPushButton) if each.text().startswith(words)]
    segment.click()
    return _table(dialog)


def _choose(table: RecordTable[Any], *rows: int) -> None:
    table.choose([table.model().key(row) for row in rows])  # type: ignore[attr-defined] # a model of records


def test_what_is_marked_and_what_was_found_is_listed_with_its_places(
    dialog: RedactionDialog, sample_window: StandWindow
) -> None:
    hidden = _list(dialog, "Hidden")
    assert _rows(hidden) == ["Helen Marsh"]
    assert int(_rows(hidden, 2)[0]) > 1
    found = _list(dialog, "Found")
    assert "Karen Holt" in _rows(found)
    assert "Helen Marsh" not in _rows(found)
    _choose(found, _rows(found).index("Karen Holt"), _rows(found).index("Karen"))
    button(dialog, "Hide these").click()
    sample_window.settle()
    assert {"Karen Holt", "Karen"}.isdisjoint(_rows(found))
    assert "2 terms will be hidden in copies." in said(dialog)
    assert _rows(_list(dialog, "Hidden")) == ["Helen Marsh", "Karen Holt", "Karen"]
    (undo,) = [each for each in dialog.findChildren(QPushButton) if each.text() == "Undo" and each.isVisible()]
    undo.click()
    sample_window.settle()
    assert _rows(_table(dialog)) == ["Helen Marsh"]


def test_what_is_left_is_not_proposed_until_that_is_asked_for(
    dialog: RedactionDialog, sample_window: StandWindow
) -> None:
    found = _list(dialog, "Found")
    _choose(found, _rows(found).index("Karen Holt"))
    QTest.keyClick(found, Qt.Key.Key_Delete)
    sample_window.settle()
    assert "Karen Holt" not in _rows(found)
    button(dialog, "Propose again what was left").click()
    sample_window.settle()
    assert "Karen Holt" in _rows(found)


def test_a_word_is_typed_changed_and_shown_again(dialog: RedactionDialog, sample_window: StandWindow) -> None:
    (typed,) = [each for each in dialog.findChildren(QLineEdit) if each.accessibleName().startswith("A name")]
    typed.setText("Sam Ellis")
    QTest.keyClick(typed, Qt.Key.Key_Return)
    sample_window.settle()
    assert typed.text() == ""
    hidden = _list(dialog, "Hidden")
    _choose(hidden, 1)
    instead = field(dialog, "In its place")
    assert isinstance(instead, QLineEdit)
    instead.setFocus()
    instead.setText("the learner")
    QTest.keyClick(instead, Qt.Key.Key_Return)
    sample_window.settle()
    assert _rows(hidden, 1) == ["[removed]", "the learner"]
    (within,) = [each for each in dialog.findChildren(QCheckBox) if each.isVisible()]
    within.click()
    sample_window.settle()
    marked = [(term.replacement, term.whole_words) for term in _marked(sample_window).terms]
    assert marked == [("", True), ("the learner", False)]
    _choose(hidden, 0, 1)
    QTest.keyClick(hidden, Qt.Key.Key_Delete)
    sample_window.settle()
    assert "Nothing is marked yet." in " ".join(said(dialog))


def test_what_cannot_be_hidden_says_why(dialog: RedactionDialog, sample_window: StandWindow) -> None:
    (typed,) = [each for each in dialog.findChildren(QLineEdit) if each.accessibleName().startswith("A name")]
    typed.setText("page")
    button(dialog, "Hide").click()
    sample_window.settle()
    assert "cannot be hidden by itself" in " ".join(said(dialog))
    assert typed.text() == "page"


def test_a_region_is_gone_to_and_shown_again(dialog: RedactionDialog, sample_window: StandWindow) -> None:
    regions = _list(dialog, "Regions")
    assert (_rows(regions), _rows(regions, 2)) == (["E3"], ["2"])
    button(dialog, "Go there").click()
    sample_window.settle()
    (pane,) = [each for each in sample_window.findChildren(PreviewPane) if each.isVisible()]
    sample_window.wait_until(lambda: pane.pdf.area.page == 1)
    assert pane.attachment is not None
    assert pane.attachment.name == _FILE
    again = open_dialog(sample_window, "hide-names", RedactionDialog)
    regions = _list(again, "Regions")
    next(each for each in again.findChildren(QPushButton) if each.text() == "Show again" and each.isVisible()).click()
    sample_window.settle()
    assert "No region is marked." in " ".join(said(again))


def test_the_export_page_says_what_will_be_hidden(folder: Path, sample_window: StandWindow) -> None:
    del folder
    sample_window.go(Place("export"))
    sample_window.settle()
    (form,) = sample_window.findChildren(ExportForm)
    assert form.options().redacted
    assert "1 term and 1 region will not be in it; your portfolio stays as it is." in said(form)
    (tick,) = [each for each in form.findChildren(QCheckBox) if each.text() == "Hide what is marked"]
    tick.click()
    assert not form.options().redacted
    assert "1 term and 1 region will be shown." in said(form)
    assert "redacted" not in form.state()  # so that nobody shows tomorrow what they showed once


def _item(window: StandWindow) -> str:
    """Return the id of E3."""
    read: list[list[EvidenceFact]] = []
    window.session.read(items_to_hold_back, done=read.append)
    window.settle()
    return next(item.id for item in read[0] if item.number == 3)


def _pane(window: StandWindow) -> PreviewPane:
    """Return the preview of a PDF of three pages, in which the second has a region that is hidden."""
    with_region = Place("evidence", _item(window), attachment=_FILE, page_number="2")
    window.go(with_region)
    window.settle()
    (pane,) = [each for each in window.findChildren(PreviewPane) if each.isVisible()]
    window.wait_until(lambda: pane.pdf.area.page == 1 and pane.pdf.area.is_drawn())
    return pane


def _overlay(pane: PreviewPane) -> RegionOverlay:
    (overlay,) = pane.pdf.area.viewport().findChildren(RegionOverlay)
    return overlay


def test_a_region_is_drawn_with_the_mouse(folder: Path, sample_window: StandWindow) -> None:
    del folder
    pane = _pane(sample_window)
    overlay = _overlay(pane)
    assert not overlay.is_marking
    button_of(pane).click()
    sheet = dict(pane.pdf.area.sheets())[2]
    start = QPoint(round(sheet.left() + sheet.width() * 0.5), round(sheet.top() + sheet.height() * 0.5))
    end = QPoint(round(sheet.left() + sheet.width() * 0.75), round(sheet.top() + sheet.height() * 0.6))
    QTest.mousePress(overlay, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(overlay, end)
    QTest.mouseRelease(overlay, Qt.MouseButton.LeftButton, pos=end)
    sample_window.settle()
    added = next(region for region in _marked(sample_window).regions if region.left > 4000)
    assert added.page == 2
    edges = (added.left, added.top, added.width, added.height)
    assert edges == pytest.approx((5000, 5000, 2500, 1000), abs=60)
    QTest.mouseClick(overlay, Qt.MouseButton.LeftButton, pos=start)  # marks nothing
    sample_window.settle()
    assert len(_marked(sample_window).regions) == 2


def test_a_region_is_set_sized_taken_and_shown_again_with_the_keys(folder: Path, sample_window: StandWindow) -> None:
    del folder
    pane = _pane(sample_window)
    button_of(pane).click()
    overlay = _overlay(pane)
    assert overlay.hasFocus()
    for key, modifier in (
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier),
    ):
        before = overlay.accessibleDescription()
        QTest.keyClick(overlay, key, modifier)
        assert overlay.accessibleDescription() != before
    assert "31 % wide and 6 % high" in overlay.accessibleDescription()
    QTest.keyClick(overlay, Qt.Key.Key_Return)
    sample_window.settle()
    marked = _marked(sample_window).regions
    assert sorted(region.width for region in marked) == [3100, 4000]
    QTest.keyClick(overlay, Qt.Key.Key_N)
    assert "Delete shows it again" in overlay.accessibleDescription()
    QTest.keyClick(overlay, Qt.Key.Key_Delete)
    sample_window.settle()
    assert len(_marked(sample_window).regions) == 1
    QTest.keyClick(overlay, Qt.Key.Key_Escape)
    assert not overlay.is_marking
    assert not button_of(pane).isChecked()
    assert pane.pdf.area.hasFocus()


def test_selected_words_of_a_page_are_hidden(folder: Path, sample_window: StandWindow) -> None:
    del folder
    pane = _pane(sample_window)
    area = pane.pdf.area
    sample_window.wait_until(lambda: area.text_of(1) is not None)
    text = area.text_of(1)
    assert text is not None
    (place, *_) = text.find("Harrowmere Leisure Trust")
    area.select(1, place)
    pane.hide_selected()
    sample_window.settle()
    assert [term.text for term in _marked(sample_window).terms] == ["Helen Marsh", "Harrowmere Leisure Trust"]


def button_of(pane: PreviewPane) -> QAbstractButton:
    """Return the button that begins to mark regions."""
    (found,) = [
        each for each in pane.findChildren(QAbstractButton) if each.accessibleName() == "Mark regions to hide in copies"
    ]
    return found
