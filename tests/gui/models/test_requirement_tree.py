"""Requirements as a tree to tick."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.qualification import CRITERION, OUTCOME, Requirement
from portfolio_app.gui.models.requirement_tree import NODE_ROLE, RequirementTreeModel
from portfolio_app.services.claim_edits import RequirementChoice

_STRICT = QAbstractItemModelTester.FailureReportingMode.Warning  # a warning of Qt fails the test


def _choice(unit: int, path: tuple[int, ...]) -> RequirementChoice:
    ids = [f"u{unit}/{'/'.join(map(str, path[:depth]))}" for depth in range(1, len(path) + 1)]
    leaf = Requirement(ids[-1], f"{unit}.{path[-1]}", CRITERION, f"Criterion {path}")
    ancestors = tuple(Requirement(key, f"LO{key}", OUTCOME, f"Outcome {key}") for key in ids[:-1])
    return RequirementChoice(
        leaf, f"U{unit}/{leaf.ref}", f"u{unit}", f"U{unit}", f"Unit {unit}", ancestors, CoverageState.NONE, 0, leaf.text
    )


# Leaves lie two below a unit's number or three, as outcomes with and without sub-outcomes have them.
_PATHS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.tuples(st.integers(0, 2), st.just(9), st.integers(0, 3)) | st.tuples(st.integers(3, 5), st.integers(0, 3)),
    ),
    unique=True,
    max_size=25,
).map(sorted)


def _leaves(model: RequirementTreeModel, parent: QModelIndex) -> list[str]:
    found: list[str] = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        node = index.data(NODE_ROLE)
        assert model.parent(index) == parent
        found += [node.choice.requirement.id] if node.choice else _leaves(model, index)
    return found


@given(paths=_PATHS, ticks=st.sets(st.integers(0, 24)))
def test_every_choice_is_a_leaf_once_and_ticks_are_counted_above_it(
    paths: list[tuple[int, tuple[int, ...]]], ticks: set[int]
) -> None:
    choices = [_choice(unit, path) for unit, path in paths]
    model = RequirementTreeModel()
    tester = QAbstractItemModelTester(model, _STRICT)
    model.set_choices(choices)
    model.set_ticked({choice.requirement.id: None for choice in choices[::2]})
    ticked = {choice.requirement.id: None for place, choice in enumerate(choices) if place in ticks}
    model.set_ticked(ticked)
    assert _leaves(model, QModelIndex()) == [choice.requirement.id for choice in choices]
    for unit in model.units():
        node = unit.data(NODE_ROLE)
        assert node.ticked == sum(key.startswith(f"{node.key}/") for key in ticked)
    for choice in choices:
        index = model.index_of(choice.requirement.id)
        checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        assert checked == (choice.requirement.id in ticked)
    del tester


def test_a_tick_is_asked_for_and_shown_when_it_is_stored() -> None:
    model = RequirementTreeModel()
    model.set_choices([_choice(1, (0, 9, 1)), _choice(1, (0, 9, 2))])
    asked: list[tuple[str, bool]] = []
    model.tick_requested.connect(lambda key, on: asked.append((key, on)))
    index = model.index_of("u1/0/9/1")
    model.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert asked == [("u1/0/9/1", True)]
    assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked
    model.can_tick = False
    model.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert len(asked) == 1
    assert not model.flags(index) & Qt.ItemFlag.ItemIsUserCheckable


def test_what_has_become_of_requirements_shows_without_folding_them_up() -> None:
    model = RequirementTreeModel()
    before = [_choice(1, (0, 9, 1)), _choice(1, (0, 9, 2))]
    assert model.set_choices(before)
    told: list[object] = []
    model.modelReset.connect(lambda: told.append("reset"))
    model.dataChanged.connect(lambda first, _last: told.append(first.data(NODE_ROLE).key))
    claimed = [before[0], replace(before[1], state=CoverageState.CLAIMED, claims=1)]
    assert not model.set_choices(claimed)
    assert told == ["u1/0/9/2"]
    assert model.index_of("u1/0/9/2").data(NODE_ROLE).choice == claimed[1]
    renamed = [before[0], replace(before[1], requirement=replace(before[1].requirement, text="Other words"))]
    assert model.set_choices(renamed)
    assert told[1:] == ["reset"]


def test_a_group_of_one_is_not_shown() -> None:
    model = RequirementTreeModel()
    model.set_choices([_choice(1, (0, 9, 1)), _choice(1, (1, 9, 1)), _choice(1, (1, 9, 2))])
    (unit,) = model.units()
    kinds = [bool(model.index(row, 0, unit).data(NODE_ROLE).choice) for row in range(model.rowCount(unit))]
    assert kinds == [True, False]
