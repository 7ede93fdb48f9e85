"""The matrix page on the sample: claims by keyboard, filters, words below, documents of what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.gui import places, theme
from portfolio_app.gui.pages.matrix import MatrixPage
from portfolio_app.gui.places import Place
from portfolio_app.importing.unit_library import load_library_unit
from portfolio_app.services.claims import ClaimGiven, edit_claim
from portfolio_app.services.matrix_grid import MatrixFilter, RowChoice
from portfolio_app.services.units import insert_units


def _opened(qtbot: QtBot, session: OpenSession, navigator: RecordingNavigator) -> MatrixPage:
    page = MatrixPage(session, navigator)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitExposed(page)
    session.settle()
    return page


@pytest.fixture
def page(qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator) -> Iterator[MatrixPage]:
    page = _opened(qtbot, sample_session, navigator)
    page.table.setFocus()
    yield page
    page.hide()


def _go(page: MatrixPage, address: str, number: int) -> tuple[str, str]:
    (leaf,) = [row.id for row in page.table.matrix.grid.rows if row.address == address]
    item = page.table.matrix.grid.evidence[number - 1].id
    page.show_place(Place(places.MATRIX, evidence_id=item, requirement_id=leaf))
    _settle(page)
    return leaf, item


def _settle(page: MatrixPage) -> None:
    assert isinstance(page.session, OpenSession)
    page.session.settle()
    QApplication.processEvents()


def _words(page: MatrixPage) -> str:
    (label,) = [label for label in page.findChildren(QLabel) if label.accessibleName() == "The cell in hand"]
    return label.text()


def _button(page: MatrixPage, text: str) -> QPushButton:
    (found,) = [each for each in page.findChildren(QPushButton) if each.text() == text]
    return found


def _code(page: MatrixPage) -> int:
    return page.table.matrix.code(page.table.row_in_hand, page.table.column_in_hand)


def test_space_claims_and_takes_back_and_the_words_below_follow(
    page: MatrixPage, navigator: RecordingNavigator
) -> None:
    _go(page, "U3/MP1", 4)
    assert _words(page) == "U3/MP1 × E4: not claimed – no decision"
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    _settle(page)
    assert _words(page) == "U3/MP1 × E4: claimed – no decision"
    assert _code(page) > 0
    assert page.table.matrix.line(page.table.row_in_hand).summary == "claimed, 1 item"
    assert navigator.toasts == []
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    _settle(page)
    assert _code(page) == 0
    assert navigator.toasts == [("Removed the claim E4 → U3/MP1.", True)]
    page.session.undo()
    _settle(page)
    assert _code(page) > 0


def test_the_button_says_what_it_would_do_and_does_it(page: MatrixPage) -> None:
    _go(page, "U3/MP1", 4)
    _button(page, "Claim").click()
    _settle(page)
    _button(page, "Remove claim").click()
    _settle(page)
    assert _code(page) == 0


def test_keys_pressed_faster_than_the_disk_end_as_they_were_meant(page: MatrixPage) -> None:
    _go(page, "U3/MP1", 4)
    for _ in range(3):
        QTest.keyClick(page.table, Qt.Key.Key_Space)
    _settle(page)
    assert _code(page) > 0


def test_enter_leads_to_the_claim_beside_its_evidence(page: MatrixPage, navigator: RecordingNavigator) -> None:
    leaf, item = _go(page, "U1/MP1", 1)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert navigator.places == [Place(places.EVIDENCE, evidence_id=item, requirement_id=leaf, field=places.CLAIM_FIELD)]
    assert navigator.inspected[-1] == Place(places.EVIDENCE, evidence_id=item, requirement_id=leaf)


def test_an_edit_elsewhere_is_shown_without_losing_the_place(page: MatrixPage) -> None:
    _go(page, "U1/MP1", 24)
    scrolled = page.table.horizontalScrollBar().value()
    page.session.edit(edit_claim, "E24", "U1/MP1", ClaimGiven(place="p. 9", quotation="what was said"))
    _settle(page)
    assert page.table.matrix.item(page.table.column_in_hand).number == 24
    assert page.table.horizontalScrollBar().value() == scrolled
    assert "p. 9 – “what was said”" in _words(page)


def test_filters_narrow_what_is_shown_and_can_all_be_put_away(page: MatrixPage, qtbot: QtBot) -> None:
    everything = page.table.matrix.shown
    page._rows.setCurrentText(RowChoice.NOT_YET_MET.value)
    assert 0 < page.table.matrix.shown.matching < everything.matching
    page._only_used.setChecked(True)
    assert len(page.table.matrix.shown.columns) < len(everything.columns)
    QTest.keyClicks(page._find, "nothing like it")
    QTest.keyClick(page._find, Qt.Key.Key_Return)
    assert not page.table.isVisible()
    assert not page._export.isEnabled()
    _button(page, "Show everything").click()
    assert page.table.isVisible()
    assert page.table.matrix.shown == everything
    assert page._find.text() == ""


def test_units_can_be_picked(page: MatrixPage) -> None:
    ticks = [action for action in page._units_menu.actions() if action.isCheckable()]
    ticks[1].trigger()
    assert page._units.text() == "U2"
    assert {page.table.matrix.line(row).unit_id for row in range(page.table.matrix.rowCount())} == {ticks[1].data()[0]}
    page._units_menu.actions()[0].trigger()
    assert page._units.text() == "All units"
    assert page.table.matrix.shown.matching == sum(row.is_requirement for row in page.table.matrix.grid.rows)


def test_a_place_that_is_filtered_or_folded_away_is_shown_all_the_same(page: MatrixPage) -> None:
    page.fold_all()
    page._find.setText("E2")
    page._find.searched.emit("E2")
    _go(page, "U1/MP2", 7)
    assert page.table.matrix.line(page.table.row_in_hand).address == "U1/MP2"
    assert page.table.matrix.item(page.table.column_in_hand).number == 7


def test_the_menu_of_a_cell_offers_what_the_keys_do(page: MatrixPage, navigator: RecordingNavigator) -> None:
    _go(page, "U1/MP1", 2)
    menu = page.make_menu(page.table.row_in_hand, page.table.column_in_hand)
    entries = {entry.text(): entry for entry in menu.actions() if entry.text()}
    assert list(entries)[:4] == ["Claim E2 → U1/MP1", "Open beside this requirement", "Open E2", "Show U1/MP1 in Units"]
    entries["Claim E2 → U1/MP1"].trigger()
    _settle(page)
    assert _code(page) > 0
    entries["Fold all units"].trigger()
    assert all(not page.table.matrix.line(row).is_requirement for row in range(page.table.matrix.rowCount()))
    entries["Unfold all"].trigger()
    entries["Show U1/MP1 in Units"].trigger()
    assert navigator.places[-1].page == places.UNITS
    menu.deleteLater()


def test_copying_fills_the_clipboard_with_what_is_selected(page: MatrixPage, qtbot: QtBot) -> None:
    _go(page, "U1/MP1", 1)
    QTest.keyClick(page.table, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QGuiApplication.clipboard().clear()
    QTest.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()))
    header, line = (each.split("\t") for each in QGuiApplication.clipboard().text().splitlines())
    assert header[4:] == ["E1 Customer contact service plan 2026", "E2 " + page.table.matrix.item(1).title]
    assert line[0] == "U1/MP1"
    assert line[4:] == ["✓", ""]


def test_what_is_shown_is_saved_as_a_document(
    page: MatrixPage, navigator: RecordingNavigator, qtbot: QtBot, tmp_path: Path
) -> None:
    page._rows.setCurrentText(RowChoice.NOT_YET_MET.value)
    page.export_to(tmp_path / "Gaps.csv")
    qtbot.waitUntil(lambda: bool(navigator.toasts), timeout=60_000)
    assert navigator.toasts == [("Saved “Gaps.csv”.", False)]
    lines = (tmp_path / "Gaps.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + page.table.matrix.shown.matching


def test_a_document_that_cannot_be_written_is_said_and_nothing_else_happens(
    page: MatrixPage, navigator: RecordingNavigator, qtbot: QtBot, tmp_path: Path
) -> None:
    session = page.session
    assert isinstance(session, OpenSession)
    page.export_to(tmp_path / "no such folder" / "Matrix.csv")
    qtbot.waitUntil(lambda: bool(session.refused), timeout=60_000)
    assert "no such folder" in str(session.refused[0])
    assert navigator.toasts == []


def test_printing_opens_a_pdf_or_says_that_nothing_opens_it(
    page: MatrixPage, navigator: RecordingNavigator, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def open_url(url: QUrl) -> bool:
        opened.append(Path(url.toLocalFile()))
        return len(opened) == 1

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    page.print_shown()
    qtbot.waitUntil(lambda: len(opened) == 1, timeout=60_000)
    assert opened[0].read_bytes().startswith(b"%PDF-")
    assert navigator.messages == []
    page.print_shown()
    qtbot.waitUntil(lambda: bool(navigator.messages), timeout=60_000)
    assert "No program on this computer opens PDF files" in navigator.messages[0][0]
    page.session.close()
    assert not opened[0].exists()


def test_the_look_comes_back_and_nonsense_is_left(page: MatrixPage, qtbot: QtBot) -> None:
    page.table.zoom(1)
    page._titles.setChecked(True)
    page._grouping.setCurrentIndex(1)
    again = MatrixPage(page.session, page.window_)
    qtbot.addWidget(again)
    again.restore_state(page.state())
    assert again.state() == page.state()
    again.restore_state({"cell": "large", "labels": None, "grouping": 7, "titles": "yes", "unknown": 1})
    assert again.table.cell_size == page.table.cell_size


def test_nothing_can_be_claimed_in_a_portfolio_open_for_reading(
    qtbot: QtBot, sample_folder: Path, navigator: RecordingNavigator
) -> None:
    session = OpenSession(sample_folder, read_only=True)
    page = _opened(qtbot, session, navigator)
    before = page.table.matrix.grid
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    session.settle()
    assert page.table.matrix.grid == before
    assert "reading only" in navigator.toasts[0][0]
    assert not page._claim.isEnabled()
    page.hide()
    session.finish()


def test_an_empty_portfolio_is_told_what_comes_first(
    qtbot: QtBot, empty_session: OpenSession, navigator: RecordingNavigator
) -> None:
    page = _opened(qtbot, empty_session, navigator)
    assert not page.table.isVisible()
    _button(page, "Add units").click()
    empty_session.edit(insert_units, [load_library_unit("manage-customer-service-operations")])
    empty_session.settle()
    assert not page.table.isVisible()
    _button(page, "New evidence").click()
    assert navigator.actions == ["add-units", "new-evidence"]
    assert page._wanted == MatrixFilter()
    page.hide()


def test_large_letters_on_a_low_screen_leave_room_for_cells(
    page: MatrixPage, theme_named: Callable[..., theme.Theme]
) -> None:
    theme_named("light", 2.0)
    page.resize(1200, 580)
    _settle(page)
    assert not page._filters.isVisible()
    assert page.table.indexAt(page.table.viewport().rect().bottomLeft()).row() >= 3
    QTest.mouseClick(page._filter_door, Qt.MouseButton.LeftButton)
    assert page._filters.isVisible()
    theme_named("light")
    QTest.mouseClick(page._filter_door, Qt.MouseButton.LeftButton)
    page.resize(1200, 700)
    assert page._filters.isVisible()
    assert not page._filter_door.isVisible()
