"""The matrix as Qt sees it: sound as a model, and the same cells however it is filtered, grouped and folded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from tests.matrix_facts import filters, large_grid, matrix_facts

from portfolio_app.gui.models.matrix_model import MatrixModel
from portfolio_app.services.matrix_grid import Grouping, MatrixFilter, RowChoice, grid_of, with_cells

_WORDS = Qt.ItemDataRole.AccessibleTextRole


def _model(wanted: MatrixFilter | None = None) -> MatrixModel:
    model = MatrixModel()
    model.show(large_grid(100, 12), wanted or MatrixFilter())
    return model


@pytest.mark.usefixtures("qapp")
def test_it_is_a_sound_model_through_every_change_of_what_is_shown() -> None:
    grid = large_grid(50, 8)
    model = MatrixModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for wanted in (
        MatrixFilter(),
        MatrixFilter(folded=frozenset({"U1/LO2"})),
        MatrixFilter(items="e1", rows=RowChoice.GAPS),
        MatrixFilter(items="nothing like it"),
        MatrixFilter(grouping=Grouping.NONE, only_used=True),
    ):
        model.show(grid, wanted)
    model.show(with_cells(grid, [(3, 3)], claimed=True), MatrixFilter(grouping=Grouping.NONE, only_used=True))
    del tester


@pytest.mark.usefixtures("qapp")
@given(st.data())
def test_every_cell_in_view_is_the_cell_of_its_requirement_and_item(data: st.DataObject) -> None:
    grid = grid_of(data.draw(matrix_facts()))
    model = MatrixModel()
    model.show(grid, data.draw(filters(grid)))
    rows, columns = model.rowCount(), model.columnCount()
    for row in range(rows):
        line = model.line(row)
        found = dict(model.claims(row, 0, columns - 1))
        for column in range(columns):
            code = line.code(grid.column_of(model.item(column).id))
            assert model.code(row, column) == code == found.get(column, 0)
            if not line.is_requirement:
                number, item_column = grid.row_of(line.id), grid.column_of(model.item(column).id)
                count = sum(bool(below.code(item_column)) for below in grid.rows[number : line.end])
                assert model.counts(row).get(column, 0) == count
            assert model.place_of(line.id, model.item(column).id) == (row, column)
        assert list(found) == sorted(found)
        some = [column for column, _ in model.claims(row, 1, columns - 2)]
        assert some == [column for column in found if 1 <= column <= columns - 2]


@pytest.mark.usefixtures("qapp")
def test_cells_alone_change_without_a_reset_so_that_the_place_is_kept() -> None:
    grid = large_grid(50, 8)
    model = MatrixModel()
    model.show(grid, MatrixFilter())
    resets: list[int] = []
    changed: list[tuple[QModelIndex, QModelIndex]] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.dataChanged.connect(lambda first, last, _roles: changed.append((first, last)))
    assert not model.show(with_cells(grid, [(2, 2)], claimed=not grid.rows[2].code(2)), MatrixFilter())
    assert (len(resets), len(changed)) == (0, 1)
    assert model.show(grid, MatrixFilter(grouping=Grouping.NONE))
    assert len(resets) == 1


@pytest.mark.usefixtures("qapp")
def test_words_for_a_screen_reader_name_the_cell_its_row_and_its_column() -> None:
    model = _model(MatrixFilter(folded=frozenset({"U1/LO2"})))
    row = next(row for row in range(model.rowCount()) if model.line(row).columns)
    column = model.line(row).columns[0]
    line = model.line(row)
    assert model.index(row, column).data(_WORDS) == f"{line.address} × E{column + 1}: {line.state.value}"
    assert model.headerData(row, Qt.Orientation.Vertical, _WORDS) == f"{line.address} {line.text}: {line.summary}"
    assert model.headerData(0, Qt.Orientation.Horizontal, _WORDS) == "E1 Plan of the service desk, version 1"
    folded = next(row for row in range(model.rowCount()) if model.is_folded(row))
    assert str(model.headerData(folded, Qt.Orientation.Vertical, _WORDS)).endswith("2 of 5 met, folded")
    assert "requirement" in model.index(folded, 0).data(_WORDS) or "nothing" in model.index(folded, 0).data(_WORDS)


@pytest.mark.usefixtures("qapp")
def test_addresses_and_references_are_found_in_the_unit_at_hand_first() -> None:
    model = _model()
    second_unit = next(row for row in range(model.rowCount()) if model.line(row).address == "U2")
    assert model.find("E12", 0) == (-1, 11)
    assert model.find("e2", 0) == (-1, 1)
    assert model.find("e99", 0) is None
    for near, unit in ((0, "U1"), (second_unit, "U2")):
        found = model.find("2.1", near)
        assert found is not None
        assert model.line(found[0]).address == f"{unit}/2.1"
    exact = model.find("u2/10.5", 0)
    assert exact is not None
    assert model.line(exact[0]).address == "U2/10.5"
    assert model.find("u9", 0) is None


@pytest.mark.usefixtures("qapp")
def test_the_next_claim_is_the_nearest_in_each_direction() -> None:
    model = _model()
    cells = {(row, column) for row in range(model.rowCount()) for column, _ in model.claims(row, 0, 99)}
    row, column = sorted(cells)[len(cells) // 2]
    left = max((c for r, c in cells if r == row and c < column), default=None)
    down = min((r for r, c in cells if c == column and r > row), default=None)
    assert model.next_claim(row, column, 0, -1) == (None if left is None else (row, left))
    assert model.next_claim(row, column, 1, 0) == (None if down is None else (down, column))
