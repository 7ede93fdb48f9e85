"""The coverage matrix as a screen shows it: thousands of requirements by thousands of items, each cell a number.

The words of claims are not in it: :mod:`portfolio_app.services.matrix_cells` reads those of the cell in hand.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from portfolio_app.domain.claims import Decision
from portfolio_app.domain.coverage import Coverage, CoverageState, Tally, cell_state, coverage, matrix_cells
from portfolio_app.domain.facts import AssessmentFacts, EvidenceFact
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.storage.portfolio_file import PortfolioFile

STATES: Final = tuple(CoverageState)
"""The states by the number that stands in a cell; 0 is an empty cell."""
CODES: Final = {state: code for code, state in enumerate(STATES)}

_UNIT_DEPTH = 0


class RowKind(StrEnum):
    """What a row of the matrix is."""

    UNIT = "unit"
    GROUP = "group"
    REQUIREMENT = "requirement"


@dataclass(frozen=True, slots=True)
class GridRow:
    """A unit, a requirement that groups others, or one that evidence is claimed against.

    ``id`` is the unit's or the requirement's; ``address`` names it to people ("U1", "U1/2.1"). ``text`` is short,
    ``full_text`` as printed. ``depth`` counts from the unit; ``end`` is one past the last row below this one.
    ``columns`` are the numbers of the claimed items in ascending order, ``codes`` the state in each of them.
    ``tally`` is that of units and groups, ``decision`` that of a requirement.
    """

    kind: RowKind
    id: str
    unit_id: str
    address: str
    ref: str
    text: str
    full_text: str
    depth: int
    end: int
    state: CoverageState
    tally: Tally | None = None
    decision: Decision | None = None
    columns: Sequence[int] = ()
    codes: bytes = b""

    @property
    def is_requirement(self) -> bool:
        """Whether evidence is claimed against this row."""
        return self.kind is RowKind.REQUIREMENT

    def code(self, column: int) -> int:
        """Return the number of the state in a column, 0 where nothing is claimed."""
        place = bisect_left(self.columns, column)
        if place < len(self.columns) and self.columns[place] == column:
            return self.codes[place]
        return 0

    @property
    def summary(self) -> str:
        """How far it is: "claimed with proof, 3 items", "6 of 8 met"."""
        if self.tally is not None:
            return str(self.tally)
        count = len(self.columns)
        return f"{self.state.value}, {count:,} item{'' if count == 1 else 's'}" if count else self.state.value


@dataclass(frozen=True, slots=True)
class MatrixGrid:
    """Requirements × evidence. ``rows`` are in printed order, the items in that of their references."""

    rows: tuple[GridRow, ...]
    evidence: tuple[EvidenceFact, ...]

    def row_of(self, key: str) -> int:
        """Return the number of the row of a unit or requirement, -1 if there is none."""
        return next((number for number, row in enumerate(self.rows) if row.id == key), -1)

    def column_of(self, evidence_id: str) -> int:
        """Return the number of an item's column, -1 if there is none."""
        return next((number for number, item in enumerate(self.evidence) if item.id == evidence_id), -1)

    def has_same_shape(self, other: MatrixGrid) -> bool:
        """Whether both have the same rows and columns, so that only cells and states can differ."""
        return [(row.id, row.depth) for row in self.rows] == [(row.id, row.depth) for row in other.rows] and [
            item.id for item in self.evidence
        ] == [item.id for item in other.evidence]


class RowChoice(StrEnum):
    """Which requirements are shown. The value is what the choice is called on screen."""

    ALL = "All requirements"
    GAPS = "Gaps only"
    CLAIMED = "Claimed only"
    NOT_YET_MET = "Not yet met"


class Grouping(StrEnum):
    """Under which headings requirements stand. The value is what the choice is called on screen."""

    OUTCOMES = "Units and outcomes"
    UNITS = "Units"
    NONE = "No groups"


_CHOSEN: Final[Mapping[RowChoice, AbstractSet[CoverageState]]] = {
    RowChoice.ALL: frozenset(CoverageState),
    RowChoice.GAPS: frozenset({CoverageState.NONE, CoverageState.CLAIMED}),
    RowChoice.NOT_YET_MET: frozenset({CoverageState.NOT_YET_MET, CoverageState.MORE_NEEDED}),
}


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """What of a matrix someone wants to see.

    ``units`` are ids, none means all. Every word of ``items`` must be in an item's reference, title, kind or date.
    ``folded`` are ids of rows that hide what is below them.
    """

    units: frozenset[str] = frozenset()
    rows: RowChoice = RowChoice.ALL
    items: str = ""
    only_used: bool = False
    grouping: Grouping = Grouping.OUTCOMES
    folded: frozenset[str] = frozenset()

    @property
    def is_narrowed(self) -> bool:
        """Whether something may be left out, folding aside."""
        return bool(self.units or self.items.strip()) or self.only_used or self.rows is not RowChoice.ALL


@dataclass(frozen=True, slots=True)
class Shown:
    """The numbers of the rows and columns that are shown, in ascending order, and how many requirements match."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    matching: int


def matrix_grid(portfolio: PortfolioFile) -> MatrixGrid:
    """Return the matrix of the whole portfolio; items in the bin are left out."""
    with portfolio.read() as reader:
        facts = reader.facts({})
    return grid_of(facts)


def grid_of(facts: AssessmentFacts) -> MatrixGrid:
    """Lay out the matrix. Linear in requirements and claims."""
    covered = coverage(facts)
    places = {item.id: column for column, item in enumerate(facts.evidence)}
    rows: list[GridRow] = []
    for unit in facts.units:
        _UnitRows(facts, covered, places, unit).add_to(rows)
    return MatrixGrid(tuple(rows), tuple(facts.evidence))


class _UnitRows:
    """The rows of one unit."""

    def __init__(self, facts: AssessmentFacts, covered: Coverage, places: Mapping[str, int], unit: Unit) -> None:
        self._facts = facts
        self._covered = covered
        self._places = places
        self._unit = unit
        self._addresses = unit.addresses()
        self._cells = matrix_cells(facts, unit)

    def add_to(self, rows: list[GridRow]) -> None:
        unit = self._unit
        tally = self._covered.unit(unit.id).tally
        start = len(rows)
        rows.append(
            GridRow(
                RowKind.UNIT, unit.id, unit.id, unit.code, unit.code, unit.title, unit.title, _UNIT_DEPTH, 0,
                tally.state, tally,
            )
        )  # fmt: skip
        for requirement in unit.requirements:
            self._add(rows, requirement, _UNIT_DEPTH + 1)
        rows[start] = replace(rows[start], end=len(rows))

    def _add(self, rows: list[GridRow], requirement: Requirement, depth: int) -> None:
        start = len(rows)
        row = GridRow(
            RowKind.REQUIREMENT if requirement.is_leaf else RowKind.GROUP,
            requirement.id,
            self._unit.id,
            self._addresses[requirement.id],
            requirement.ref,
            requirement.short_text,
            requirement.text,
            depth,
            start + 1,
            self._covered.states[requirement.id],
        )
        if requirement.is_leaf:
            places = self._places
            cells = sorted(
                (places[item], CODES[state]) for item, state in self._cells[requirement.id].items() if item in places
            )
            rows.append(
                replace(
                    row,
                    decision=self._facts.decisions.get(requirement.id),
                    columns=array("I", [place for place, _ in cells]),
                    codes=bytes([code for _, code in cells]),
                )
            )
            return
        rows.append(row)
        for child in requirement.children:
            self._add(rows, child, depth + 1)
        rows[start] = replace(row, end=len(rows), tally=self._covered.tallies[requirement.id])


def with_cells(grid: MatrixGrid, cells: Collection[tuple[int, int]], *, claimed: bool) -> MatrixGrid:
    """Return the grid as it will be when bare claims have been added to cells, or the claims there removed.

    A stand-in until the portfolio is read again: the states of outcomes and units stay as they are.
    """
    rows = list(grid.rows)
    by_row: dict[int, set[int]] = {}
    for row, column in cells:
        by_row.setdefault(row, set()).add(column)
    for number, columns in by_row.items():
        before = rows[number]
        if not before.is_requirement:
            continue
        held = dict(zip(before.columns, before.codes, strict=True))
        if claimed:
            bare = CODES[cell_state(False, before.decision)]
            held = dict.fromkeys(columns, bare) | held
        else:
            held = {column: code for column, code in held.items() if column not in columns}
        rows[number] = replace(
            before,
            state=before.state if before.decision else _state_of_claims(before.state, held),
            columns=array("I", sorted(held)),
            codes=bytes(held[column] for column in sorted(held)),
        )
    return replace(grid, rows=tuple(rows))


def _state_of_claims(before: CoverageState, held: Mapping[int, int]) -> CoverageState:
    if not held:
        return CoverageState.NONE
    is_proved = before is CoverageState.PROOF and CODES[CoverageState.PROOF] in held.values()
    return CoverageState.PROOF if is_proved else CoverageState.CLAIMED


def shown(grid: MatrixGrid, wanted: MatrixFilter, kind_titles: Mapping[str, str] | None = None) -> Shown:
    """Return which rows and columns of a grid are in view; a heading is there when a requirement below it is.

    Which items are used is asked of every requirement that matches, folded or not. ``kind_titles`` are those of
    the kinds of evidence by id, for the words that are looked for in items.
    """
    rows: list[int] = []
    used: set[int] = set()
    matching = 0
    headings: list[int] = []  # not shown so far, outermost first
    hidden_until = 0
    for number, row in enumerate(grid.rows):
        if row.kind is not RowKind.REQUIREMENT:
            headings = [each for each in headings if grid.rows[each].end > number]
            headings.append(number)
            continue
        if not _is_chosen(row, wanted):
            continue
        matching += 1
        if wanted.only_used:
            used.update(row.columns)
        headings = [each for each in headings if grid.rows[each].end > number]
        for heading in headings:
            if heading >= hidden_until and _is_heading(grid.rows[heading], wanted):
                rows.append(heading)
                if grid.rows[heading].id in wanted.folded:
                    hidden_until = grid.rows[heading].end
        headings = []
        if number >= hidden_until:
            rows.append(number)
    columns = _columns(grid.evidence, wanted.items, kind_titles or {})
    if wanted.only_used:
        columns = [column for column in columns if column in used]
    return Shown(tuple(rows), tuple(columns), matching)


def _is_chosen(row: GridRow, wanted: MatrixFilter) -> bool:
    if wanted.units and row.unit_id not in wanted.units:
        return False
    if wanted.rows is RowChoice.CLAIMED:
        return bool(row.columns)
    return row.state in _CHOSEN[wanted.rows]


def _is_heading(row: GridRow, wanted: MatrixFilter) -> bool:
    if wanted.grouping is Grouping.UNITS:
        return row.kind is RowKind.UNIT
    return wanted.grouping is Grouping.OUTCOMES


def _columns(evidence: Sequence[EvidenceFact], wanted: str, kind_titles: Mapping[str, str]) -> list[int]:
    words = wanted.casefold().split()
    if not words:
        return list(range(len(evidence)))
    return [
        column
        for column, item in enumerate(evidence)
        if all(
            word in f"e{item.number} {item.title} {kind_titles.get(item.kind, '')} {item.date}".casefold()
            for word in words
        )
    ]
