"""The words by which texts are checked: which requirements ask for a check, and what it looks for.

They are data (``resources/quality``), which a centre can edit; the shape of each check is fixed here, because the rules
in :mod:`~portfolio_app.domain.text_rules` read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from portfolio_app.domain.phrases import Phrases

PLAN: Final = "plan-without-figures"
ACCOUNT: Final = "account-says-we"
PROBLEM: Final = "problem-without-check"
DATA: Final = "one-sort-of-data"
BOTH_WAYS: Final = "proactive-and-reactive"
THEORY: Final = "theory-not-named"
LAW: Final = "law-not-named"
ALIKE: Final = "alike-passages"
CYCLE: Final = "improvement-cycle"
ADVICE: Final = "advice"


class Stage(StrEnum):
    """A stage of the cycle. The value is the name of its list of phrases."""

    PLAN = "plan"
    DO = "do"
    MONITOR = "monitor"
    EVALUATE = "evaluate"
    ACT = "act"

    @property
    def heading(self) -> str:
        """What stands over its box."""
        return self.value.capitalize()

    @property
    def meaning(self) -> str:
        """What belongs into its box, in a few words."""
        return _MEANINGS[self]


_MEANINGS = {
    Stage.PLAN: "what was to be better, and how one would see it",
    Stage.DO: "what was done",
    Stage.MONITOR: "how it was watched",
    Stage.EVALUATE: "what came of it, and why",
    Stage.ACT: "what was changed for good, or comes next",
}


@dataclass(frozen=True, slots=True)
class CheckShape:
    """What the file of a check holds: its lists of phrases, its numbers with their least and most, and its fields.

    ``asks``: it says which requirements ask for it.
    """

    lists: tuple[str, ...]
    numbers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    asks: bool = True
    has_field: bool = False


SHAPES: Final[Mapping[str, CheckShape]] = {
    PLAN: CheckShape(("figures", "dates"), {"words": (1, 10_000)}),
    ACCOUNT: CheckShape(("we", "own_acts", "not_acts"), {"words": (1, 10_000), "times": (1, 1_000)}),
    PROBLEM: CheckShape(("problems", "remedies", "checks"), {"words": (1, 10_000), "times": (1, 1_000)}),
    DATA: CheckShape(("quantitative", "qualitative")),
    BOTH_WAYS: CheckShape(("proactive", "reactive"), has_field=True),
    THEORY: CheckShape(("named",), {"words": (1, 10_000)}),
    LAW: CheckShape(("named",), {"words": (1, 10_000)}),
    ALIKE: CheckShape(("passed_over",), {"words": (12, 1_000), "percent": (30, 100)}, asks=False),
    CYCLE: CheckShape(tuple(Stage)),
}
"""Every check but the advice, whose lists are named after rules."""


@dataclass(frozen=True, slots=True)
class CheckWords:
    """The words of one check.

    ``asks`` are rows of phrases: a text asks for the check that holds a phrase of every row. ``lists`` are phrases by
    the list's name, ``numbers`` its limits, ``field`` the name of the form's field in which it is mended.
    """

    id: str
    asks: tuple[tuple[str, ...], ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    field: str = ""


class QualityWords:
    """The words of all checks, ready for being looked for. One that is missing finds nothing."""

    def __init__(self, checks: Iterable[CheckWords] = ()) -> None:
        self.checks: Mapping[str, CheckWords] = {check.id: check for check in checks}
        self._asked: dict[str, frozenset[str]] = {}

    def number(self, check: str, name: str) -> int:
        """Return a number of a check."""
        return self.checks[check].numbers[name]

    def asked_by(self, text: str) -> frozenset[str]:
        """Return the ids of the checks that a text of a unit (a requirement, a tip) asks for."""
        known = self._asked.get(text)
        if known is None:
            found = self._asking.names_in(text)
            known = self._asked[text] = frozenset(
                check.id
                for check in self.checks.values()
                if check.asks and all(row_name(check.id, row) in found for row in range(len(check.asks)))
            )
        return known

    @cached_property
    def in_items(self) -> Phrases:
        """The lists that are looked for in the texts of items, named by :func:`list_name`."""
        return Phrases(
            {
                list_name(check.id, name): phrases
                for check in self.checks.values()
                if check.id not in (ADVICE, DATA)
                for name, phrases in check.lists.items()
            }
        )

    @cached_property
    def in_parts(self) -> Phrases:
        """The two sorts of data, as the parts of a requirement name them."""
        check = self.checks.get(DATA)
        return Phrases(check.lists if check else {})

    @cached_property
    def in_advice(self) -> Phrases:
        """What in a unit's tips and misconceptions belongs to each rule, named by the rule's id."""
        check = self.checks.get(ADVICE)
        return Phrases(check.lists if check else {})

    @cached_property
    def _asking(self) -> Phrases:
        return Phrases(
            {
                row_name(check.id, row): phrases
                for check in self.checks.values()
                for row, phrases in enumerate(check.asks)
            }
        )


def list_name(check: str, name: str) -> str:
    """Return what a list of a check is called among all lists."""
    return f"{check}/{name}"


def row_name(check: str, row: int) -> str:
    """Return what a row of “asks” is called among all rows."""
    return f"{check} asks {row}"
