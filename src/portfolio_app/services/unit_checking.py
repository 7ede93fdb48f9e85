"""Units as users give them, made fit to be stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import Component, Guidance, Requirement, Unit, UnitRules
from portfolio_app.domain.unit_checks import unit_problems
from portfolio_app.domain.unit_versions import older_version
from portfolio_app.services.text_input import line, prose

_MOST_PIECES = 99
_MOST_YEARS = 99


class UnitIsThere(InvalidInput):
    """A unit of this reference or title is in the portfolio; ``code`` is its code, empty where it has none yet."""

    def __init__(self, unit: Unit) -> None:
        where = f" as {unit.code}" if unit.code else ""
        super().__init__(f"The portfolio already has “{unit.title}”{where}; a unit stands in it once.")
        self.code = unit.code


def checked_unit(unit: Unit) -> Unit:
    """Return the unit with clean words.

    Raises:
        InvalidInput: something of it cannot be stored; the sentence says the first.
    """
    cleaned = replace(
        unit,
        title=line(unit.title, "The unit’s title"),
        reference=line(unit.reference, "The unit’s reference"),
        level=line(unit.level, "The unit’s level"),
        synopsis=prose(unit.synopsis, "The synopsis"),
        source=prose(unit.source, "The source"),
        requirements=_checked_tree(unit.requirements),
        guidance=tuple(
            Guidance(piece.kind, prose(piece.text, "The guidance"), line(piece.title, "The guidance’s title"))
            for piece in unit.guidance
        ),
        rules=checked_rules(unit.rules),
    )
    for problem in unit_problems(cleaned):
        raise InvalidInput(problem)
    return cleaned


def _checked_tree(nodes: Iterable[Requirement]) -> tuple[Requirement, ...]:
    return tuple(
        replace(
            node,
            ref=line(node.ref, "A requirement’s reference"),
            kind=line(node.kind, f"The kind of {node.ref}", required=True),
            text=prose(node.text, f"The text of {node.ref}"),
            label=prose(node.label, f"The label of {node.ref}"),
            components=tuple(Component(part.id, line(part.text, f"A part of {node.ref}")) for part in node.components),
            children=_checked_tree(node.children),
        )
        for node in nodes
    )


def checked_rules(rules: UnitRules) -> UnitRules:
    """Return the rules with each method once.

    Raises:
        InvalidInput: a number makes no sense.
    """
    if not 1 <= rules.pieces_per_requirement <= _MOST_PIECES:
        raise InvalidInput(f"The number of pieces for each requirement is from 1 to {_MOST_PIECES}.")
    if rules.currency_years is not None and not 1 <= rules.currency_years <= _MOST_YEARS:
        raise InvalidInput(f"Evidence can stay current for 1 to {_MOST_YEARS} years, or for ever.")
    return replace(rules, required_methods=tuple(dict.fromkeys(rules.required_methods)))


def refuse_twin(unit: Unit, present: Sequence[Unit]) -> None:
    """Refuse a unit whose reference or title another one of the portfolio has.

    Raises:
        UnitIsThere: one has.
    """
    other = older_version(present, unit)
    if other is not None:
        raise UnitIsThere(other)
