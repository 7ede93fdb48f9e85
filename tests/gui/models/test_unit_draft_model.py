"""A unit on its way in, as a table: typing, restructuring, taking back."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from portfolio_app.domain.qualification import Component, Guidance, GuidanceKind, Requirement, Unit
from portfolio_app.gui.models.unit_draft_model import Column, DraftRole, UnitDraftModel
from portfolio_app.services import unit_drafts as drafts
from portfolio_app.services.unit_drafts import Rows, draft_of, unit_of

UNIT = Unit(
    "u",
    "U1",
    "Repair bicycles",
    requirements=(
        Requirement(
            "o1",
            "LO1",
            "outcome",
            "Repair a brake.",
            children=(
                Requirement("c1", "1.1", "criterion", "Find the cause.", components=(Component("p", "pads"),)),
                Requirement("c2", "1.2", "criterion", "Mend it, including pads and cables."),
            ),
        ),
        Requirement(
            "o2", "LO2", "outcome", "Keep records.", children=(Requirement("c3", "2.1", "criterion", "Write."),)
        ),
    ),
    guidance=(Guidance(GuidanceKind.CONCEPT, "By the maker's figure.", "Torque"), Guidance(GuidanceKind.TIP, "Wait.")),
)


@pytest.fixture
def model(qapp: QApplication) -> UnitDraftModel:
    made = UnitDraftModel()
    made.set_draft(draft_of(UNIT))
    return made


def _column(model: UnitDraftModel, column: Column) -> list[str]:
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def _sentences(model: UnitDraftModel, row: int) -> list[str]:
    return [remark.sentence for remark in model.index(row, Column.TEXT).data(DraftRole.REMARKS)]


def test_a_unit_that_is_not_touched_comes_back_as_it_was(model: UnitDraftModel) -> None:
    assert unit_of(model.draft) == UNIT
    assert _column(model, Column.REF) == ["LO1", "1.1", "1.2", "LO2", "2.1", "", ""]
    assert _column(model, Column.KIND)[-2:] == ["Concept", "Tip"]
    assert _column(model, Column.SHORT)[-2] == "Torque"


def test_what_is_typed_in_each_column_lands_in_the_unit(model: UnitDraftModel) -> None:
    assert model.setData(model.index(1, Column.TEXT), "  Find and write down the cause. ")
    assert model.setData(model.index(1, Column.PARTS), "pads\n\ncables\n")
    assert model.setData(model.index(1, Column.REF), "1.1a")
    assert model.setData(model.index(2, Column.SHORT), "Mending")
    assert model.setData(model.index(5, Column.SHORT), "Tightness")
    assert model.setData(model.index(3, Column.KIND), "Performance element")
    unit = unit_of(model.draft)
    first, second = unit.requirements[0].children
    assert (first.text, first.ref) == ("Find and write down the cause.", "1.1a")
    assert [part.text for part in first.components] == ["pads", "cables"]
    assert first.components[0].id == "p"  # the part that stayed keeps its ticks
    assert second.label == "Mending"
    assert unit.requirements[1].kind == "performance element"
    assert unit.guidance[0].title == "Tightness"


def test_guidance_has_neither_reference_nor_parts(model: UnitDraftModel) -> None:
    tip = 6
    for column in (Column.REF, Column.PARTS, Column.SHORT):
        assert not model.flags(model.index(tip, column)) & Qt.ItemFlag.ItemIsEditable
        assert not model.setData(model.index(tip, column), "x")
    assert model.rows == draft_of(UNIT).rows[:5] + model.rows[5:]


def test_remarks_stand_at_their_row_until_they_are_dealt_with(model: UnitDraftModel) -> None:
    model.setData(model.index(2, Column.REF), "1.1")
    model.setData(model.index(4, Column.TEXT), "")
    model.look_now()
    assert _sentences(model, 2) == ["The reference 1.1 stands twice under LO1: references under one heading differ."]
    assert _sentences(model, 4) == ["2.1 has no text: write it, or remove the row."]
    # Rows that move take their remarks along at once.
    model.change("delete", lambda rows: drafts.remove(rows, [0]))
    assert _sentences(model, 1) == ["2.1 has no text: write it, or remove the row."]
    said = model.index(1, Column.TEXT).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Text: empty. 2.1 has no text: write it, or remove the row."
    model.undo()
    model.undo()
    assert [remark.row for remark in model.remarks] == [2]


def test_a_step_that_is_new_leaves_nothing_to_do_again(model: UnitDraftModel) -> None:
    model.setData(model.index(0, Column.TEXT), "One.")
    model.undo()
    assert (model.undo_name, model.redo_name) == ("", "change text")
    model.change("delete", lambda rows: drafts.remove(rows, [6]))
    assert (model.undo_name, model.redo_name) == ("delete", "")
    model.redo()
    assert model.rowCount() == 6


def test_rows_that_stay_are_told_as_staying(model: UnitDraftModel) -> None:
    told: list[str] = []
    model.rowsInserted.connect(lambda _, first, last: told.append(f"+{first}-{last}"))
    model.rowsRemoved.connect(lambda _, first, last: told.append(f"-{first}-{last}"))
    model.modelReset.connect(lambda: told.append("reset"))
    model.change("insert", lambda rows: drafts.insert(rows, 2))
    model.change("move out", lambda rows: drafts.promote(rows, [1]))
    assert told == ["+2-2"]


TEXTS = st.sampled_from(["", "a", "Explain: why", "Show a plan, including dates and names.", "two\nlines", "é"])


class DraftMachine(RuleBasedStateMachine):
    """Whatever is done to the rows, views hear of it rightly, and all of it can be taken back and done again."""

    def __init__(self) -> None:
        super().__init__()
        self.model = UnitDraftModel()
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        self.model.set_draft(draft_of(UNIT))
        self.begun = self.model.rows
        self.keys = [row.key for row in self.begun]
        self.model.rowsInserted.connect(self._came)
        self.model.rowsRemoved.connect(self._went)

    def _came(self, _parent: object, first: int, last: int) -> None:
        self.keys[first:first] = [self.model.rows[place].key for place in range(first, last + 1)]

    def _went(self, _parent: object, first: int, last: int) -> None:
        del self.keys[first : last + 1]

    def _place(self, data: st.DataObject) -> int:
        return data.draw(st.integers(0, self.model.rowCount() - 1))

    @precondition(lambda self: self.model.rowCount() > 0)
    @rule(data=st.data(), column=st.sampled_from(Column), text=TEXTS)
    def type(self, data: st.DataObject, column: Column, text: str) -> None:
        self.model.setData(self.model.index(self._place(data), column), text)

    @precondition(lambda self: self.model.rowCount() > 0)
    @rule(data=st.data(), name=st.sampled_from(["promote", "demote", "remove", "merge", "group"]))
    def restructure(self, data: st.DataObject, name: str) -> None:
        places = sorted(data.draw(st.sets(st.integers(0, self.model.rowCount() - 1), min_size=1, max_size=3)))
        self.model.change(name, lambda rows: getattr(drafts, name)(rows, places))

    @precondition(lambda self: self.model.rowCount() > 0)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        place, to = self._place(data), data.draw(st.integers(0, self.model.rowCount()))
        self.model.change("move", lambda rows: drafts.move(rows, [place], to))

    @precondition(lambda self: self.model.rowCount() > 0)
    @rule(data=st.data(), kind=st.sampled_from(list(drafts.KINDS.values())))
    def change_kind(self, data: st.DataObject, kind: drafts.RowKind) -> None:
        place = self._place(data)
        self.model.change("kind", lambda rows: drafts.change_kind(rows, [place], kind))

    @rule(data=st.data(), text=TEXTS)
    def insert_and_split(self, data: st.DataObject, text: str) -> None:
        place = data.draw(st.integers(0, self.model.rowCount()))
        self.model.change("insert", lambda rows: drafts.insert(rows, place, text=text))
        self.model.change("split", lambda rows: drafts.split(rows, place, len(text) // 2))

    @rule()
    def renumber(self) -> None:
        self.model.change("renumber", drafts.renumber)

    @rule(steps=st.integers(1, 4))
    def take_back_and_do_again(self, steps: int) -> None:
        before = self.model.rows
        done = 0
        while done < steps and self.model.undo_name:
            self.model.undo()
            done += 1
        for _ in range(done):
            self.model.redo()
        assert self.model.rows == before

    @invariant()
    def views_know_the_rows(self) -> None:
        assert self.keys == [row.key for row in self.model.rows]

    @invariant()
    def everything_can_be_taken_back(self) -> None:
        rows: Rows = self.model.rows
        names = 0
        while self.model.undo_name:
            self.model.undo()
            names += 1
        assert self.model.rows == self.begun
        for _ in range(names):
            self.model.redo()
        assert self.model.rows == rows


DraftMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)


TestDraftMachine = pytest.mark.usefixtures("qapp")(DraftMachine.TestCase)
