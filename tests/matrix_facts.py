"""Matrices for tests: of any shape for properties, and a synthetic one of any size."""

from __future__ import annotations

import random
from array import array
from dataclasses import replace

from hypothesis import strategies as st
from tests.assessment_facts import decision, item, sound_facts

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.coverage import CoverageState, Tally
from portfolio_app.domain.facts import AssessmentFacts, ClaimFact, EvidenceFact
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.services.matrix_grid import CODES, GridRow, Grouping, MatrixFilter, MatrixGrid, RowChoice, RowKind

_OUTCOMES_OF_UNIT, _CRITERIA_OF_OUTCOME = 10, 5


@st.composite
def matrix_facts(draw: st.DrawFn) -> AssessmentFacts:
    """Return facts with units of one to three levels, and any claims and decisions on them."""
    numbers = iter(range(1000))

    def tree(depth: int) -> Requirement:
        number = next(numbers)
        children = tuple(tree(depth + 1) for _ in range(draw(st.integers(0, 3)) if depth < 2 else 0))
        return Requirement(f"r{number}", f"{number}", "criterion", f"Do {number}", children=children)

    units = tuple(
        Unit(
            f"u{code}", f"U{code}", f"Unit {code}", requirements=tuple(tree(0) for _ in range(draw(st.integers(0, 3))))
        )
        for code in range(1, draw(st.integers(0, 3)) + 1)
    )
    leaves = [leaf.id for unit in units for leaf in unit.leaves()]
    evidence = [item(number) for number in range(1, draw(st.integers(0, 6)) + 1)]
    pairs = [(fact.id, leaf) for fact in evidence for leaf in leaves]
    claims = draw(st.dictionaries(st.sampled_from(pairs), st.booleans(), max_size=20)) if pairs else {}
    decided = draw(st.dictionaries(st.sampled_from(leaves), st.sampled_from(Verdict))) if leaves else {}
    return replace(
        sound_facts(),
        units=units,
        evidence=evidence,
        claims=[ClaimFact(*pair, int(placed)) for pair, placed in claims.items()],
        decisions={leaf: decision(leaf, verdict) for leaf, verdict in decided.items()},
    )


@st.composite
def filters(draw: st.DrawFn, grid: MatrixGrid) -> MatrixFilter:
    """Return any filter on a grid."""
    headings = [row.id for row in grid.rows if not row.is_requirement]
    units = [row.id for row in grid.rows if row.kind is RowKind.UNIT]
    return MatrixFilter(
        units=draw(st.frozensets(st.sampled_from(units))) if units else frozenset(),
        rows=draw(st.sampled_from(RowChoice)),
        items=draw(st.sampled_from(["", "e1", "item", "ITEM 2", "record", "2026-03", "nothing like it"])),
        only_used=draw(st.booleans()),
        grouping=draw(st.sampled_from(Grouping)),
        folded=draw(st.frozensets(st.sampled_from(headings))) if headings else frozenset(),
    )


def large_grid(requirements: int, items: int, density: float = 0.12) -> MatrixGrid:
    """Return a grid of this size, the same each time; ``density`` is the share of cells with a claim."""
    chance = random.Random(requirements * items)
    rows: list[GridRow] = []
    for unit in range(1, requirements // (_OUTCOMES_OF_UNIT * _CRITERIA_OF_OUTCOME) + 1):
        unit_id, start = f"u{unit}", len(rows)
        below = [
            row
            for outcome in range(1, _OUTCOMES_OF_UNIT + 1)
            for row in _outcome(chance, unit_id, outcome, start + 1 + (outcome - 1) * (_CRITERIA_OF_OUTCOME + 1))
        ]
        title = f"Manage customer service operations {unit}"
        rows.append(_heading(RowKind.UNIT, unit_id, f"U{unit}", title, 0, start + len(below) + 1))
        rows += [_claimed(chance, row, items, density) for row in below]
    blank = EvidenceFact("", 0, "plan", "", "2026-03-01", "", "attached", "", "", 0, "")
    evidence = tuple(
        blank._replace(id=f"e{number}", number=number, title=f"Plan of the service desk, version {number}")
        for number in range(1, items + 1)
    )
    return MatrixGrid(tuple(rows), evidence)


def _outcome(chance: random.Random, unit_id: str, outcome: int, start: int) -> list[GridRow]:
    address = f"{unit_id.upper()}/LO{outcome}"
    text = f"Understand part {outcome} of the work"
    rows = [_heading(RowKind.GROUP, unit_id, address, text, 1, start + _CRITERIA_OF_OUTCOME + 1)]
    for criterion in range(1, _CRITERIA_OF_OUTCOME + 1):
        ref = f"{outcome}.{criterion}"
        address = f"{unit_id.upper()}/{ref}"
        text = f"Explain how measure {ref} improves the service of the unit"
        state = chance.choice(list(CoverageState))
        rows.append(
            replace(rows[0], kind=RowKind.REQUIREMENT, id=address, address=address, ref=ref, text=text, full_text=text,
                    depth=2, end=start + criterion + 1, state=state, tally=None)
        )  # fmt: skip
    return rows


def _heading(kind: RowKind, unit_id: str, address: str, text: str, *place: int) -> GridRow:
    depth, end = place
    tally = Tally({CoverageState.MET: 2, CoverageState.CLAIMED: 3})
    row_id = unit_id if kind is RowKind.UNIT else address
    return GridRow(
        kind, row_id, unit_id, address, address.rpartition("/")[2], text, text, depth, end, tally.state, tally
    )


def _claimed(chance: random.Random, row: GridRow, items: int, density: float) -> GridRow:
    if not row.is_requirement or row.state is CoverageState.NONE:
        return row
    columns = sorted(chance.sample(range(items), round(chance.random() * 2 * density * items)))
    return replace(row, columns=array("I", columns), codes=bytes([CODES[row.state]] * len(columns)))
