"""What must hold of a unit before it can be stored, and what is worth a look first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from portfolio_app.domain.qualification import Requirement, Unit

DEEPEST = 4
"""Levels that a requirement tree can have."""

LONGEST_REQUIREMENT = 60
"""Words in a requirement; with more it is likely that two were read as one."""

_LAST_NUMBER = re.compile(r"(.*?)(\d{1,6})\D*", re.DOTALL)


def unit_problems(unit: Unit) -> Iterator[str]:
    """Yield a sentence for each reason why the unit cannot be stored: the most important first."""
    if not unit.title.strip():
        yield "The unit needs a title."
    if not unit.requirements:
        name = f" of “{unit.title}”" if unit.title.strip() else ""
        yield f"There is no requirement{name}, so there is nothing to claim evidence against."
    if unit.credits is not None and not 0 <= unit.credits <= 999:
        yield "The credits are a number from 0 to 999."
    yield from tree_problems(unit.requirements)
    yield from (f"A {piece.kind.value} has no text." for piece in unit.guidance if not piece.text.strip())


def tree_problems(requirements: Sequence[Requirement], parent: str = "", depth: int = 1) -> Iterator[str]:
    """Yield a sentence for each node of a tree that has no text or reference, or shares one, or stands too deep."""
    where = f" under {parent}" if parent else ""
    if requirements and depth > DEEPEST:
        yield f"{parent} stands {DEEPEST} levels deep, so nothing can stand under it."
        return
    seen: dict[str, int] = {}
    for place, node in enumerate(requirements, 1):
        ref = node.ref.strip()
        name = ref or f"requirement {place}{where}"
        if not ref:
            yield f"The {name} has no reference: number it."
        elif seen.setdefault(ref.casefold(), place) != place:
            yield f"The reference {ref} stands twice{where}: references under one heading differ."
        if not node.text.strip():
            yield f"{name[:1].upper()}{name[1:]} has no text."
        if any(not part.text.strip() for part in node.components):
            yield f"A part of {name} has no text."
        yield from tree_problems(node.children, name, depth + 1)


def numbering_remark(refs: Sequence[str]) -> str:
    """Return a sentence where the numbers of references that follow each other leave one out, else nothing."""
    for before, after in pairwise(refs):
        first, second = _LAST_NUMBER.fullmatch(before.strip()), _LAST_NUMBER.fullmatch(after.strip())
        if first and second and first[1].casefold() == second[1].casefold() and int(second[2]) > int(first[2]) + 1:
            return f"The numbering goes from {before} to {after}: check that nothing is missing."
    return ""
