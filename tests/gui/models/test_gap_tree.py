"""Rows under headings: what the model says to Qt, and how gaps are narrowed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from portfolio_app.domain.folding import folded
from portfolio_app.domain.gaps import RULES, Gap, Severity
from portfolio_app.gui.models.gap_tree import FoundGaps, GapTreeModel, gap_key
from portfolio_app.gui.models.grouped import Group
from portfolio_app.gui.widgets.grouped_tree import GroupedTree
from portfolio_app.services.gap_list import FixPlace, PlacedGap

SIZES = st.lists(st.integers(0, 6), max_size=6)


def groups_of(sizes: list[int]) -> list[Group[PlacedGap]]:
    return [
        Group(f"U{number}", f"U{number} Unit", [placed(number, row) for row in range(size)], str(size))
        for number, size in enumerate(sizes)
    ]


def placed(group: int, row: int, reason: str | None = None) -> PlacedGap:
    rule = RULES[row % len(RULES)]
    gap = Gap(rule.id, rule.severity, f"E{row} of U{group} says nothing.", f"{group}", None, f"{row}", "Why", reason)
    return PlacedGap(gap, f"U{group}", None, f"E{row}", FixPlace("evidence", evidence_id=f"{row}"))


@given(st.lists(SIZES, min_size=1, max_size=4))
def test_qt_is_told_the_same_story_whatever_is_shown(rounds: list[list[int]]) -> None:
    model = GapTreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for sizes in rounds:
        model.set_groups(groups_of(sizes))
        assert [model.rowCount(model.index(row, 0)) for row in range(model.rowCount())] == sizes
        for group in model.groups:
            for row in group.rows:
                index = model.index_of(gap_key(row.gap))
                assert model.row(index) is row
                assert model.group(index) is group
                assert model.data(index.parent()) == group.heading
        assert not model.index_of("nothing of ours").isValid()


@given(SIZES, st.integers(1, 4), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=5))
def test_rows_are_handed_out_a_part_at_a_time(sizes: list[int], at_once: int, asked: list[tuple[int, int]]) -> None:
    model = GapTreeModel()
    model.most_at_once = at_once
    model.set_groups(groups_of(sizes))
    headings = [model.heading_index(number) for number in range(len(sizes))]
    assert [model.rowCount(heading) for heading in headings] == [min(size, at_once) for size in sizes]
    for group, row in asked:
        there = group < len(sizes) and row < sizes[group]
        assert model.index_of(gap_key(placed(group, row).gap)).isValid() == there
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for group, size in enumerate(sizes):
        for _ in range(size):
            model.hand_out_more(group)
    assert [model.rowCount(heading) for heading in headings] == sizes


def test_a_screen_reader_hears_weight_words_and_what_can_be_done() -> None:
    model = GapTreeModel()
    model.set_groups([Group("U1", "U1 Unit", [placed(1, 0), placed(1, 1, reason="agreed")], "2")])
    said = [model.data(model.row_index(0, row), Qt.ItemDataRole.AccessibleTextRole) for row in (0, 1)]
    assert said == [
        "Missing: E0 of U1 says nothing. Add evidence",
        "Put aside: E1 of U1 says nothing. Reason: agreed",
    ]
    assert model.data(model.heading_index(0), Qt.ItemDataRole.AccessibleTextRole) == "U1 Unit, 2"


@given(SIZES, st.text(alphabet="eu0123 ", max_size=4), st.sampled_from([None, *Severity]))
def test_narrowing_keeps_what_matches_in_its_order(sizes: list[int], typed: str, severity: Severity | None) -> None:
    groups = groups_of(sizes)
    words = [[folded(row.gap.message) for row in group.rows] for group in groups]
    found = FoundGaps(groups, words, has_units=True)
    shown = [row for group in found.narrowed(typed, severity) for row in group.rows]
    assert shown == [
        row
        for group in groups
        for row in group.rows
        if severity in (None, row.gap.severity) and all(word in folded(row.gap.message) for word in typed.split())
    ]


def test_marked_rows_come_in_the_order_shown() -> None:
    model = GapTreeModel()
    model.set_groups(groups_of([3, 2]))
    selection = QItemSelection(model.row_index(1, 0), model.row_index(1, 1))
    selection.merge(
        QItemSelection(model.row_index(0, 2), model.row_index(0, 2)), QItemSelectionModel.SelectionFlag.Select
    )
    assert [(row.unit, row.evidence) for row in model.rows_in(selection)] == [("U0", "E2"), ("U1", "E0"), ("U1", "E1")]


def test_loading_anew_keeps_the_row_in_hand_or_takes_the_one_in_its_place(qtbot: QtBot) -> None:
    model = GapTreeModel()
    tree = GroupedTree(model)
    qtbot.addWidget(tree)
    tree.set_groups(groups_of([3, 3]))
    tree.show_key(gap_key(placed(1, 1).gap))
    tree.set_groups(groups_of([1, 4]))
    assert tree.current_row().gap.message == "E1 of U1 says nothing."
    tree.set_groups(groups_of([4, 1]))
    assert tree.current_row().gap.message == "E0 of U1 says nothing."
    tree.set_groups(groups_of([4]))
    assert tree.current_row().gap.message == "E0 of U0 says nothing."
    assert len(tree.marked_rows()) == 1
    tree.set_groups([])
    assert tree.current_row() is None


def test_what_was_folded_stays_folded_also_when_it_was_away(qtbot: QtBot) -> None:
    model = GapTreeModel()
    tree = GroupedTree(model)
    qtbot.addWidget(tree)
    tree.set_groups(groups_of([2, 2]))
    tree.collapse(model.heading_index(0))
    tree.set_groups([])
    tree.set_groups(groups_of([2, 2]))
    assert [tree.isExpanded(model.heading_index(number)) for number in (0, 1)] == [False, True]
    assert tree.folded() == ["U0"]


def test_of_thousands_of_rows_only_so_many_are_laid_out_until_they_are_scrolled_to(qtbot: QtBot) -> None:
    model = GapTreeModel()
    tree = GroupedTree(model)
    qtbot.addWidget(tree)
    tree.resize(400, 300)
    tree.show()
    most = model.most_at_once
    tree.set_groups(groups_of([3 * most - 10, most, 50]))
    assert [tree.isExpanded(model.heading_index(number)) for number in range(3)] == [True, False, True]
    assert tree.folded() == []
    assert tree.currentIndex() == QModelIndex()
    assert model.rowCount(model.heading_index(0)) == most
    tree.scrollTo(model.row_index(0, most - 5))
    assert model.rowCount(model.heading_index(0)) == 2 * most
    tree.selectAll()
    assert len(tree.marked_rows()) == 2 * most + 50
    assert tree.show_key(gap_key(placed(0, 3 * most - 11).gap))
    assert [row.evidence for row in tree.marked_rows()] == [f"E{3 * most - 11}"]
