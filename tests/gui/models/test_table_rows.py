"""The rows of a table field while they are typed, moved, pasted and copied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from portfolio_app.domain.evidence import EvidenceKind, FieldDefinition, FieldType
from portfolio_app.domain.forms import validate_fields
from portfolio_app.domain.qualification import AssessmentMethod
from portfolio_app.gui.models.table_rows import MOST_ROWS, RowRole, TableRowsModel, TooManyRows

ACTIONS = FieldDefinition(
    "actions",
    FieldType.TABLE,
    "Actions",
    columns=(
        FieldDefinition("action", FieldType.LONG_TEXT, "Action", required=True),
        FieldDefinition("owner", FieldType.PERSON, "Owner"),
        FieldDefinition("due", FieldType.DATE, "Due", required=True),
        FieldDefinition("hours", FieldType.NUMBER, "Hours"),
        FieldDefinition("state", FieldType.CHOICE, "State", choices=("open", "done")),
    ),
)
KIND = EvidenceKind("k", "Kind", "A kind.", AssessmentMethod.PRODUCT, fields=(ACTIONS,))
TEXTS = st.sampled_from(["", "a", "two\nlines", "9 March 2026", "soon", "12", "Open", "  ", "é"])


def _type(model: TableRowsModel, row: int, column: int, text: str) -> bool:
    return model.setData(model.index(row, column), text)


def _texts(model: TableRowsModel, column: int = 0) -> list[object]:
    return [model.index(row, column).data() for row in range(model.rowCount())]


@pytest.fixture
def model(qapp: QApplication) -> TableRowsModel:
    return TableRowsModel(ACTIONS)


def test_typing_into_the_empty_row_makes_a_row_and_another_empty_one(model: TableRowsModel) -> None:
    assert _texts(model) == [""]
    assert _type(model, 0, 0, "Ring the supplier")
    assert _texts(model) == ["Ring the supplier", ""]
    assert model.rows() == ({"action": "Ring the supplier"},)
    assert model.index(0, 2).data(RowRole.NEEDED) is True
    assert model.index(1, 2).data(RowRole.NEEDED) is False


def test_a_date_that_cannot_be_read_is_kept_as_typed_and_says_what_is_wrong(model: TableRowsModel) -> None:
    model.set_rows(({"action": "Call", "due": "2026-03-09"},))
    _type(model, 0, 2, "nine March")
    assert model.rows() == ({"action": "Call", "due": "nine March"},)
    assert model.index(0, 2).data() == "nine March"
    (problem,) = model.problems()
    assert "“nine March” is not a date" in problem.sentence
    assert not problem.unstored
    other = TableRowsModel(ACTIONS)
    other.set_rows(model.rows())
    assert other.problems() == [problem]
    _type(model, 0, 2, "April 2026")
    assert model.rows() == ({"action": "Call", "due": "April 2026"},)
    assert model.problems() == []


def test_what_cannot_be_stored_at_all_leaves_the_last_words_that_could(model: TableRowsModel) -> None:
    model.set_rows(({"action": "Call"},))
    _type(model, 0, 0, "x" * 1_000_001)
    assert model.rows() == ({"action": "Call"},)
    assert [problem.unstored for problem in model.problems()] == [True]


def test_a_table_starts_with_the_first_cells_of_its_kind_until_something_is_typed(qapp: QApplication) -> None:
    scorecard = FieldDefinition(
        "scorecard", FieldType.TABLE, "Scorecard", columns=ACTIONS.columns, rows=("financial", "customer")
    )
    model = TableRowsModel(scorecard)
    assert _texts(model) == ["financial", "customer", ""]
    assert model.rows() == ()
    _type(model, 1, 1, "Jo")
    assert model.rows() == ({"action": "financial"}, {"action": "customer", "owner": "Jo"})


def test_columns_of_an_earlier_form_stay_with_their_rows(model: TableRowsModel) -> None:
    row = {"action": "Call", "outcome": "Nobody there"}
    model.set_rows((row,))
    last = model.columnCount() - 1
    assert model.headerData(last, Qt.Orientation.Horizontal) == "Outcome (kept from before)"
    assert not _type(model, 0, last, "changed")
    _type(model, 0, 1, "Jo")
    assert model.rows() == ({**row, "owner": "Jo"},)
    model.clear_cells([model.index(0, last)])
    assert model.rows() == ({"action": "Call", "owner": "Jo"},)


def test_pasting_fills_from_the_cell_in_hand_and_leaves_a_repeated_header_out(model: TableRowsModel) -> None:
    model.set_rows(({"action": "a"}, {"action": "b"}))
    end = model.paste(1, 1, [["Owner", "Due", "Hours"], ["Jo", "9/3/2026", "£4"], ["Kim", "soon", ""]])
    assert end == (2, 3)
    assert model.rows() == (
        {"action": "a"},
        {"action": "b", "owner": "Jo", "due": "9/3/2026", "hours": "£4"},
        {"owner": "Kim", "due": "soon"},
    )
    assert [(problem.row, problem.column) for problem in model.problems()] == [(2, 2)]


def test_more_rows_than_a_form_holds_are_refused_whole(model: TableRowsModel) -> None:
    with pytest.raises(TooManyRows, match="Attach the spreadsheet"):
        model.paste(0, 0, [["x"]] * (MOST_ROWS + 1))
    assert model.rows() == ()


def test_nothing_can_be_changed_where_it_can_only_be_read(model: TableRowsModel) -> None:
    model.set_rows(({"action": "a"},))
    model.set_read_only(True)
    assert model.rowCount() == 1
    assert not _type(model, 0, 0, "b")
    model.clear_cells([model.index(0, 0)])
    assert model.rows() == ({"action": "a"},)


def test_a_cell_says_where_it_is_what_it_holds_and_what_is_wrong(model: TableRowsModel) -> None:
    model.set_rows(({"action": "Call", "due": "2026-03-09"},))
    _type(model, 0, 3, "many")

    def spoken(column: int, row: int = 0) -> str:
        return str(model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole))

    assert spoken(2) == "Due, row 1: 9 March 2026"
    assert spoken(1) == "Owner, row 1: empty"
    assert "must be a number" in spoken(3)
    assert spoken(0, 1) == "Action, new row: empty"


class Rows(RuleBasedStateMachine):
    """Whatever is done, the model keeps to Qt's rules, and what it gives to store is accepted there."""

    def __init__(self) -> None:
        super().__init__()
        self.model = TableRowsModel(ACTIONS)
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        self.edits = 0
        self.model.edited.connect(self._edited)

    def _edited(self) -> None:
        self.edits += 1

    @rule(row=st.integers(0, 9), column=st.integers(0, 4), text=TEXTS)
    def type_text(self, row: int, column: int, text: str) -> None:
        row = min(row, self.model.row_total())
        assert _type(self.model, row, column, text)
        assert self.model.index(row, column).data(Qt.ItemDataRole.EditRole) == text

    @rule(row=st.integers(0, 9))
    def insert(self, row: int) -> None:
        self.model.insert_row(row)

    @rule(first=st.integers(0, 5), more=st.integers(0, 3))
    def duplicate(self, first: int, more: int) -> None:
        if self.model.row_total() < 60:
            self.model.duplicate_rows(first, first + more)

    @rule(first=st.integers(0, 5), more=st.integers(0, 3))
    def remove(self, first: int, more: int) -> None:
        self.model.remove_rows(first, first + more)

    @rule(first=st.integers(0, 5), more=st.integers(0, 3), by=st.sampled_from([-1, 1]))
    def move_and_back(self, first: int, more: int, by: int) -> None:
        before = self.model.typed_rows()
        if self.model.move_rows(first, first + more, by):
            assert sorted(map(str, self.model.typed_rows())) == sorted(map(str, before))
            assert self.model.move_rows(first + by, first + more + by, -by)
        assert self.model.typed_rows() == before

    @rule(row=st.integers(0, 9), column=st.integers(0, 4), grid=st.lists(st.lists(TEXTS, max_size=6), max_size=4))
    def paste(self, row: int, column: int, grid: list[list[str]]) -> None:
        self.model.paste(min(row, self.model.row_total()), column, grid)

    @precondition(lambda self: self.model.row_total() > 0)
    @rule(row=st.integers(0, 9), column=st.integers(0, 4))
    def clear(self, row: int, column: int) -> None:
        self.model.clear_cells([self.model.index(min(row, self.model.row_total() - 1), column)])

    @invariant()
    def what_it_gives_is_shown_again_alike(self) -> None:
        rows = self.model.rows()
        other = TableRowsModel(ACTIONS)
        other.set_rows(rows)
        assert other.rows() == rows
        assert len(validate_fields(KIND, {"actions": rows})) == (1 if other.problems() else 0)
        assert self.model.rowCount(QModelIndex()) == self.model.row_total() + 1


TestRows = pytest.mark.usefixtures("qapp")(Rows.TestCase)


@given(st.lists(st.dictionaries(st.sampled_from(["action", "owner", "old"]), st.text(max_size=9)), max_size=4))
def test_stored_rows_come_back_as_they_were(rows: list[dict[str, str]]) -> None:
    model = TableRowsModel(ACTIONS)
    model.set_rows(rows)
    kept = tuple({name: cell for name, cell in row.items() if cell} for row in rows)
    assert model.rows() == tuple(row for row in kept if row)
