"""Newer versions of units, as another reading makes them: with ids of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Component, Requirement, Unit

NEW_TEXT = "Recruit, induct and mentor colleagues."


def read_again(nodes: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """Return the same tree with other ids."""
    return tuple(
        replace(
            node,
            id=new_id(),
            components=tuple(Component(new_id(), part.text) for part in node.components),
            children=read_again(node.children),
        )
        for node in nodes
    )


def newer_version(unit: Unit) -> Unit:
    """Return a newer version of the sample's U1: MP1 is reworded, MP2 is another thing, MP4 is called MP5."""
    one, two, three, four = read_again(unit.requirements)
    plan = replace(one.children[0], text=one.children[0].text.replace("Develop a plan", "Write a full plan"))
    other = replace(two.children[0], text=NEW_TEXT, components=())
    return replace(
        unit,
        level="5",
        requirements=(
            replace(one, children=(plan,)),
            replace(two, children=(other,)),
            three,
            replace(four, children=(replace(four.children[0], ref="MP5"),)),
        ),
    )
