"""Qualifications, units and their requirement trees."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portfolio_app.domain.errors import AmbiguousReference, UnknownReference

OUTCOME = "outcome"
CRITERION = "criterion"
MARKING_POINT = "marking point"
ELEMENT = "element"
"""What units of competency call an outcome."""

_FORMER = re.compile(r" \(former(?: \d+)?\)$")


class AssessmentMethod(StrEnum):
    """How a piece of evidence was gathered (UK vocational practice)."""

    OBSERVATION = "observation"
    WITNESS_TESTIMONY = "witness testimony"
    PRODUCT = "work product"
    DISCUSSION = "professional discussion"
    QUESTIONING = "questioning"
    REFLECTION = "reflective account"
    RECOGNITION = "recognition of prior learning"
    CASE_STUDY = "case study"


class GuidanceKind(StrEnum):
    """Advice on a unit. Never assessed."""

    CONCEPT = "concept"
    TIP = "tip"
    MISCONCEPTION = "misconception"


@dataclass(frozen=True, slots=True)
class Guidance:
    """One piece of advice on a unit. ``title`` is the leading phrase of a concept, else empty."""

    kind: GuidanceKind
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a compound requirement, ticked separately; unique ``id`` over the portfolio."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One node of a unit's tree. Leaves are what evidence is claimed against.

    ``ref`` is as printed and unique only within its parent. ``label`` is the text without its
    lead-in ("Award credit for …"), for lists. ``source_page`` and ``source_line`` (from 1) say where it
    stood in the imported text.
    """

    id: str
    ref: str
    kind: str
    text: str
    label: str = ""
    components: tuple[Component, ...] = ()
    children: tuple[Requirement, ...] = ()
    source_page: int | None = None
    source_line: int | None = None

    @property
    def is_leaf(self) -> bool:
        """Whether evidence is claimed against this requirement itself."""
        return not self.children

    @property
    def is_former(self) -> bool:
        """Whether it was kept though the newest version of its unit does not have it; its reference says so.

        What hangs on it stays to be seen, but it is not asked for any more.
        """
        return self.ref.endswith(")") and _FORMER.search(self.ref) is not None

    @property
    def short_text(self) -> str:
        """The label, or the whole text where there is none."""
        return self.label or self.text


@dataclass(frozen=True, slots=True)
class UnitRules:
    """What a unit's specification demands beyond its requirements.

    ``currency_years``: evidence older than this is worth a look; ``None`` switches it off.
    """

    required_methods: tuple[AssessmentMethod, ...] = ()
    simulation_allowed: bool = True
    pieces_per_requirement: int = 1
    currency_years: int | None = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a qualification. ``code`` (U1, U2 …) is given by the portfolio.

    ``is_guidance`` marks a unit made from revision guidance: its marking points are never to be
    shown as an awarding body's text. ``group_id`` is the group of the qualification that it is in, empty where it is
    in none; then ``mandatory`` is what the group says.
    """

    id: str
    code: str
    title: str
    reference: str = ""
    level: str = ""
    credits: int | None = None
    synopsis: str = ""
    source: str = ""
    is_guidance: bool = False
    mandatory: bool = True
    requirements: tuple[Requirement, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    rules: UnitRules = UnitRules()
    group_id: str = ""

    def walk(self) -> Iterator[tuple[tuple[Requirement, ...], Requirement]]:
        """Yield every requirement depth first with its ancestors, outermost first."""
        yield from _walk((), self.requirements)

    def leaves(self) -> Iterator[Requirement]:
        """Yield the requirements that evidence is claimed against, in printed order."""
        return (requirement for _, requirement in self.walk() if requirement.is_leaf)

    def asked_for(self) -> Iterator[Requirement]:
        """Yield the leaves that must be met for the unit to be achieved: all but former ones."""
        return (leaf for leaf in self.leaves() if not leaf.is_former)

    def addresses(self) -> dict[str, str]:
        """Map each requirement's id to its shortest unambiguous address (``U1/MP3``, ``U1/LO2/2.1``)."""
        paths = {
            requirement.id: (*(ancestor.ref for ancestor in ancestors), requirement.ref)
            for ancestors, requirement in self.walk()
        }
        count: dict[tuple[str, ...], int] = {}
        for path in paths.values():
            for depth in range(1, len(path) + 1):
                count[path[-depth:]] = count.get(path[-depth:], 0) + 1
        return {
            requirement_id: "/".join(
                (self.code, *next((path[-n:] for n in range(1, len(path)) if count[path[-n:]] == 1), path))
            )
            for requirement_id, path in paths.items()
        }


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """Units of a qualification to which one rule applies; which ones they are, the units say.

    All units of a ``mandatory`` group have to be achieved. Of another one, as many as come to ``least_units`` and to
    ``least_credits``, 0 where that is not asked.
    """

    id: str
    title: str
    mandatory: bool = False
    least_units: int = 0
    least_credits: int = 0


@dataclass(frozen=True, slots=True)
class Qualification:
    """What the learner is working towards; every field may be empty while it is not known.

    ``least_credits`` are those that all the units together have to come to, 0 where that is not asked; ``groups`` are
    in the order in which they are shown.
    """

    title: str = ""
    number: str = ""
    awarding_body: str = ""
    level: str = ""
    least_credits: int = 0
    groups: tuple[UnitGroup, ...] = ()


def _walk(
    ancestors: tuple[Requirement, ...], requirements: tuple[Requirement, ...]
) -> Iterator[tuple[tuple[Requirement, ...], Requirement]]:
    for requirement in requirements:
        yield ancestors, requirement
        yield from _walk((*ancestors, requirement), requirement.children)


def plain_ref(ref: str) -> str:
    """Return a reference without the words that it is a former requirement's."""
    return _FORMER.sub("", ref)


def former_ref(ref: str, taken: Collection[str]) -> str:
    """Return a kept requirement's reference, unlike all that are ``taken`` (in lower case): ``1.3 (former)``."""
    plain = plain_ref(ref)
    wanted, number = ref if plain != ref else f"{ref} (former)", 1
    while wanted.casefold() in taken:
        number += 1
        wanted = f"{plain} (former {number})"
    return wanted


def find_unit(units: Sequence[Unit], code: str) -> Unit:
    """Return the unit with this code or reference, case ignored.

    Raises:
        UnknownReference: there is none.
    """
    wanted = code.strip().casefold()
    for unit in units:
        if wanted in (unit.code.casefold(), unit.reference.casefold()) and wanted:
            return unit
    known = ", ".join(unit.code for unit in units) or "none yet"
    raise UnknownReference(f"There is no unit “{code}” in this portfolio (units: {known}).")


def find_requirement(units: Sequence[Unit], address: str) -> tuple[Unit, Requirement]:
    """Resolve ``<unit code>/<ref>`` or, where a ref repeats, ``<unit code>/<path of refs>``; case ignored.

    Any run of ancestors may be given, so a longer path than needed also works.

    Raises:
        UnknownReference: the unit or the ref does not exist.
        AmbiguousReference: the ref stands more than once in the unit.
    """
    code, _, rest = address.strip().partition("/")
    unit = find_unit(units, code)
    wanted = rest.strip().casefold()
    if not wanted:
        raise UnknownReference(f"“{address}” names no requirement; write it as {unit.code}/<ref>.")
    found: list[Requirement] = []
    for ancestors, requirement in unit.walk():
        path = "/".join(node.ref for node in (*ancestors, requirement)).casefold()
        if path == wanted:
            return unit, requirement
        if path.endswith("/" + wanted):
            found.append(requirement)
    if not found:
        raise UnknownReference(f"Unit {unit.code} has no requirement “{rest}”.")
    if len(found) > 1:
        addresses = unit.addresses()
        choices = ", ".join(addresses[requirement.id] for requirement in found)
        raise AmbiguousReference(f"“{address}” stands more than once; say which: {choices}.")
    return unit, found[0]
