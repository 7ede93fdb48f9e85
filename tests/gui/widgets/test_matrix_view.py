"""The matrix on screen: by keyboard and pointer, drawn the same after a scroll as afresh, and read aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QAccessible, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.matrix_facts import large_grid

from portfolio_app.gui import theme
from portfolio_app.gui.widgets.matrix_headers import NARROWEST_LABELS, USUAL_LABELS
from portfolio_app.gui.widgets.matrix_painting import LARGEST_CELL, SMALLEST_CELL, USUAL_CELL
from portfolio_app.gui.widgets.matrix_view import MatrixTable
from portfolio_app.services.matrix_grid import Grouping, MatrixFilter, MatrixGrid, RowChoice, with_cells

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def grid() -> MatrixGrid:
    return large_grid(200, 80)


@pytest.fixture
def table(qtbot: QtBot, grid: MatrixGrid) -> Iterator[MatrixTable]:
    table = MatrixTable()
    qtbot.addWidget(table)
    table.resize(900, 600)
    table.show_matrix(grid, MatrixFilter())
    table.show()
    qtbot.waitExposed(table)
    table.setFocus()
    yield table
    table.hide()


def _place(table: MatrixTable) -> tuple[str, int]:
    return table.matrix.line(table.row_in_hand).address, table.matrix.item(table.column_in_hand).number


def _press(table: MatrixTable, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(table, key, modifier)


def test_the_first_requirement_is_in_hand_from_the_start_so_that_keys_work_at_once(table: MatrixTable) -> None:
    assert _place(table) == ("U1/1.1", 1)


def test_keys_move_as_in_any_table(table: MatrixTable) -> None:
    steps = [
        (Qt.Key.Key_Right, ("U1/1.1", 2)),
        (Qt.Key.Key_Down, ("U1/1.2", 2)),
        (Qt.Key.Key_End, ("U1/1.2", 80)),
        (Qt.Key.Key_Home, ("U1/1.2", 1)),
        (Qt.Key.Key_Up, ("U1/1.1", 1)),
    ]
    for key, place in steps:
        _press(table, key)
        assert _place(table) == place
    _press(table, Qt.Key.Key_End, _CTRL)
    assert _place(table) == ("U4/10.5", 80)
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()))
    _press(table, Qt.Key.Key_PageUp)
    assert _place(table)[1] == 80
    _press(table, Qt.Key.Key_Home, _CTRL)
    assert _place(table) == ("U1", 1)


def test_ctrl_and_an_arrow_jump_to_the_next_claim(table: MatrixTable) -> None:
    row = next(row for row in range(table.matrix.rowCount()) if table.matrix.line(row).columns)
    table.go_to(row, 0)
    before = table.column_in_hand
    _press(table, Qt.Key.Key_Right, _CTRL)
    assert table.column_in_hand == next(c for c in table.matrix.line(row).columns if c > before)


def test_space_asks_for_the_cell_or_for_all_that_is_selected_but_for_headings(table: MatrixTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.toggle_requested) as asked:
        _press(table, Qt.Key.Key_Space)
    assert asked.args == [[(2, 0)]]
    table.go_to(6, 3)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        _press(table, key, _SHIFT)
    assert table.selected_cells() == (range(6, 9), range(3, 5))
    with qtbot.waitSignal(table.toggle_requested) as asked:
        _press(table, Qt.Key.Key_Space)
    assert asked.args == [[(6, 3), (6, 4), (8, 3), (8, 4)]]  # row 7 is the next outcome


def test_enter_opens_a_cell_and_folds_a_heading(table: MatrixTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.opened) as asked:
        _press(table, Qt.Key.Key_Return)
    assert asked.args == [2, 0]
    table.go_to(1, 0)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Left):
        with qtbot.waitSignal(table.fold_requested) as asked:
            _press(table, key)
        assert asked.args == ["U1/LO1"]
    with qtbot.assertNotEmitted(table.fold_requested):
        _press(table, Qt.Key.Key_Right)  # it is unfolded already


def test_typing_goes_to_an_address_or_a_reference(table: MatrixTable, qtbot: QtBot) -> None:
    QTest.keyClicks(table, "U3/4.2")
    assert _place(table) == ("U3/4.2", 1)
    QTest.qWait(1300)
    QTest.keyClicks(table, "E57")
    assert _place(table) == ("U3/4.2", 57)
    QTest.qWait(1300)
    with qtbot.waitSignal(table.typed) as typed:
        QTest.keyClicks(table, "q")
    assert typed.args == ["q", False]
    assert _place(table) == ("U3/4.2", 57)


def test_tab_leaves_the_matrix(table: MatrixTable) -> None:
    before = _place(table)
    _press(table, Qt.Key.Key_Tab)
    assert _place(table) == before


def test_folding_filtering_and_grouping_keep_the_cell_in_hand_and_the_part_in_view(
    table: MatrixTable, grid: MatrixGrid
) -> None:
    table.go_to(*table.matrix.place_of("U3/4.2", "e57"))
    table.verticalScrollBar().setValue(table.verticalScrollBar().value() + 11)
    top = table.rowViewportPosition(table.row_in_hand)
    table.show_matrix(grid, MatrixFilter(folded=frozenset({"U3/LO5"})))
    assert _place(table) == ("U3/4.2", 57)
    assert table.rowViewportPosition(table.row_in_hand) == top
    table.show_matrix(grid, MatrixFilter(grouping=Grouping.NONE, items="5"))
    assert _place(table) == ("U3/4.2", 57)
    table.show_matrix(grid, MatrixFilter(folded=frozenset({"u3"})))
    assert _place(table) == ("U3", 57)
    table.show_matrix(grid, MatrixFilter(items="nothing like it"))
    assert table.column_in_hand == -1
    table.show_matrix(grid, MatrixFilter(rows=RowChoice.ALL))
    assert table.column_in_hand >= 0


def test_a_claim_shown_at_once_moves_nothing_and_keeps_what_is_selected(table: MatrixTable, grid: MatrixGrid) -> None:
    table.go_to(20, 30)
    _press(table, Qt.Key.Key_Down, _SHIFT)
    selected, scrolled = table.selected_cells(), table.verticalScrollBar().value()
    table.show_matrix(with_cells(grid, [(20, 30)], claimed=not grid.rows[20].code(30)), MatrixFilter())
    assert (table.selected_cells(), table.verticalScrollBar().value()) == (selected, scrolled)


def test_zoom_has_ends_and_ctrl_0_goes_back(table: MatrixTable) -> None:
    for _ in range(9):
        _press(table, Qt.Key.Key_Plus, _CTRL)
    assert (table.cell_size, table.columnWidth(0), table.can_zoom(1)) == (LARGEST_CELL, LARGEST_CELL, False)
    for _ in range(9):
        _press(table, Qt.Key.Key_Minus, _CTRL)
    assert (table.cell_size, table.rowHeight(0), table.can_zoom(-1)) == (SMALLEST_CELL, SMALLEST_CELL, False)
    _press(table, Qt.Key.Key_0, _CTRL)
    assert table.cell_size == USUAL_CELL


def test_ctrl_and_the_wheel_zoom_around_the_pointer(table: MatrixTable) -> None:
    table.horizontalScrollBar().setValue(300)
    table.verticalScrollBar().setValue(500)
    place = QPoint(310, 205)
    under = table.rowAt(place.y()), table.columnAt(place.x())
    for turned in (120, 120, -120):
        event = QWheelEvent(
            QPointF(place),
            QPointF(table.viewport().mapToGlobal(place)),
            QPoint(),
            QPoint(0, turned),
            Qt.MouseButton.NoButton,
            _CTRL,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(table.viewport(), event)
        assert (table.rowAt(place.y()), table.columnAt(place.x())) == under
    assert table.cell_size > USUAL_CELL


def test_pointing_folds_selects_and_opens(table: MatrixTable, qtbot: QtBot) -> None:
    left = Qt.MouseButton.LeftButton
    edge = table.requirement_edge.viewport()
    with qtbot.waitSignal(table.fold_requested) as asked:
        QTest.mouseClick(edge, left, pos=QPoint(60, USUAL_CELL // 2))
    assert asked.args == ["u1"]
    QTest.mouseClick(edge, left, pos=QPoint(60, USUAL_CELL * 2 + 9))
    assert table.selected_cells() == (range(2, 3), range(80))
    cell, head = QPoint(USUAL_CELL * 3 + 9, USUAL_CELL * 4 + 9), QPoint(USUAL_CELL * 3 + 9, 20)
    QTest.mouseClick(table.viewport(), left, pos=cell)
    with qtbot.waitSignal(table.opened) as asked:
        QTest.mouseDClick(table.viewport(), left, pos=cell)
    assert asked.args == [4, 3]
    with qtbot.waitSignal(table.opened) as asked:
        QTest.mouseDClick(table.evidence_edge.viewport(), left, pos=head)
    assert asked.args == [-1, 3]


def test_the_labels_can_be_drawn_wider_but_never_away(table: MatrixTable) -> None:
    edge = table.requirement_edge.viewport()
    grip = QPoint(edge.width() - 2, 100)
    QTest.mousePress(edge, Qt.MouseButton.LeftButton, pos=grip)
    for x in (420, 3):
        QTest.mouseMove(edge, QPoint(x, 100))
        QApplication.processEvents()
        assert table.requirement_edge.width() == table.requirement_edge.label_width == max(x, NARROWEST_LABELS)
    QTest.mouseRelease(edge, Qt.MouseButton.LeftButton, pos=QPoint(3, 100))
    QTest.mouseDClick(edge, Qt.MouseButton.LeftButton, pos=QPoint(table.requirement_edge.width() - 2, 100))
    assert table.requirement_edge.label_width == USUAL_LABELS


def _drawn(table: MatrixTable) -> QImage:
    QApplication.processEvents()
    return table.grab().toImage()


def test_what_is_drawn_strip_by_strip_while_scrolling_is_what_is_drawn_afresh(
    table: MatrixTable, grid: MatrixGrid
) -> None:
    table.go_to(30, 12)
    for down, across in ((84, 0), (0, 84), (13, 5), (-50, 40), (700, 300)):
        table.verticalScrollBar().setValue(table.verticalScrollBar().value() + down)
        table.horizontalScrollBar().setValue(table.horizontalScrollBar().value() + across)
        QApplication.processEvents()
    scrolled = _backing(table)
    for part in (table.viewport(), table.requirement_edge.viewport(), table.evidence_edge.viewport()):
        part.repaint()
    assert scrolled == _backing(table)


def _backing(table: MatrixTable) -> QImage:
    """Return what stands in the window now; a grab of the widget would draw it afresh."""
    return table.screen().grabWindow(table.winId()).toImage()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_each_state_has_a_sign_of_its_own_in_both_themes(
    qtbot: QtBot, theme_named: Callable[..., theme.Theme], name: str
) -> None:
    theme_named(name)
    table = MatrixTable()
    qtbot.addWidget(table)
    signs = [sign.toImage() for sign in table.look.signs]
    assert all(signs[one] != signs[other] for one in range(6) for other in range(one))
    grey = [sign.convertToFormat(QImage.Format.Format_Grayscale8) for sign in signs[1:]]
    assert all(grey[one] != grey[other] for one in range(5) for other in range(one))


def test_at_twice_the_size_everything_grows(table: MatrixTable, theme_named: Callable[..., theme.Theme]) -> None:
    before = table.requirement_edge.width(), table.evidence_edge.height()
    theme_named("dark", 2.0)
    QApplication.processEvents()
    assert table.look.cell == table.columnWidth(0) == USUAL_CELL * 2
    assert table.evidence_edge.height() > before[1] * 1.5
    assert table.requirement_edge.width() > before[0]
    assert _drawn(table).size() == QSize(900, 600) * table.devicePixelRatioF()


def test_a_screen_reader_gets_a_table_of_cells_with_names_and_headers(table: MatrixTable) -> None:
    read = QAccessible.queryAccessibleInterface(table)
    assert read.role() == QAccessible.Role.Table
    assert read.text(QAccessible.Text.Name) == "Coverage matrix"
    assert "Space" in read.text(QAccessible.Text.Description)
    columns = table.matrix.columnCount() + 1  # with the headers
    cell = read.child(3 * columns + 5)
    assert cell.role() == QAccessible.Role.Cell
    assert cell.text(QAccessible.Text.Name) == table.matrix.index(2, 4).data(Qt.ItemDataRole.AccessibleTextRole)
    header = read.child(3 * columns)
    assert header.role() == QAccessible.Role.RowHeader
    assert header.text(QAccessible.Text.Name).startswith("U1/1.1 Explain how")
    assert read.child(5).text(QAccessible.Text.Name) == "E5 Plan of the service desk, version 5"
