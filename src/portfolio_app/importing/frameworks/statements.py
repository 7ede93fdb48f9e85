"""The statements of a framework, as a tree of requirements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import CRITERION, MARKING_POINT, OUTCOME, Component, Requirement
from portfolio_app.domain.unit_checks import DEEPEST
from portfolio_app.importing.components import explicit_components
from portfolio_app.importing.imported_unit import UnitWarning
from portfolio_app.importing.labels import label_of

MOST = 5_000
"""Statements in one framework; more is no unit that somebody is assessed on."""

LONGEST_REF = 60
CUT = "…"
"""Ends a short name that was cut because the other system has no room for more."""

_KINDS = (OUTCOME, CRITERION, MARKING_POINT, MARKING_POINT)
_LEADING_REF = re.compile(r"\s*[-–—:.)]*\s+")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a framework.

    ``key`` tells it apart within the file and ``parent`` is the key of what it stands under, empty at the top.
    ``title`` is what stands before its ``text`` and belongs to it, either of which may be empty; ``label`` a shorter
    way of saying the same. ``kind`` is what the framework calls it, empty where that follows from its level. ``line``
    is where it stands in the source, from 1.
    """

    key: str
    parent: str
    ref: str
    title: str
    text: str
    kind: str = ""
    label: str = ""
    line: int | None = None


@dataclass(slots=True)
class Findings:
    """What is worth a look in a framework, each sentence with what it is about."""

    warnings: list[UnitWarning] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Add a sentence about the whole file."""
        self.warnings.append(UnitWarning(None, sentence))

    def say_of(self, what: Sequence[str], one: str, many: str) -> None:
        """Add one sentence for all of a sort: ``one`` with ``{}`` for its name, or ``many`` with count and names."""
        if len(what) == 1:
            self.say(one.format(what[0]))
        elif what:
            named = ", ".join(what[:5]) + (f" and {len(what) - 5:,} more" if len(what) > 5 else "")
            self.say(many.format(f"{len(what):,}", named))


def requirements_of(statements: Iterable[Statement], name: str, findings: Findings) -> tuple[Requirement, ...]:
    """Return the tree that the statements make, in their order.

    A statement whose parent is not there stands at the top, one that stands under itself is left out, and what stands
    deeper than a unit can hold moves up; each is said. Missing references are given by place.

    Raises:
        InvalidInput: there are more statements than a unit can hold.
    """
    given = list(statements)
    if len(given) > MOST:
        raise InvalidInput(f"“{name}” holds {len(given):,} statements; at most {MOST:,} fit into a unit.")
    by_key = {statement.key: statement for statement in given}
    below: dict[str, list[Statement]] = {}
    lost: list[str] = []
    for statement in given:
        parent = statement.parent
        if parent and parent not in by_key:
            lost.append(_named(statement))
            parent = ""
        below.setdefault(parent, []).append(statement)
    findings.say_of(
        lost,
        "“{}” stands under something that is not in the file, so it is at the top.",
        "{} statements stand under something that is not in the file, so they are at the top: {}.",
    )
    builder = _Builder(below, is_flat=not any(below.get(statement.key) for statement in given))
    tree = builder.tree("", 1, "")
    _say_what_was_done(builder, by_key, findings)
    return tree


def _say_what_was_done(builder: _Builder, by_key: Mapping[str, Statement], findings: Findings) -> None:
    findings.say_of(
        [_named(statement) for key, statement in by_key.items() if key not in builder.placed],
        "“{}” stands under itself, so it was left out.",
        "{} statements stand under themselves, so they were left out: {}.",
    )
    findings.say_of(
        builder.raised,
        f"“{{}}” stood deeper than {DEEPEST} levels, so it moved up.",
        f"{{}} statements stood deeper than {DEEPEST} levels, so they moved up: {{}}.",
    )
    findings.say_of(
        builder.numbered,
        "“{}” has no reference; it was given one by its place.",
        "{} statements have no reference; they were given some by their place: {}.",
    )
    findings.say_of(
        builder.repeated,
        "The reference {} stands twice under one heading; the second one was marked.",
        "{} references stand more than once under one heading; the later ones were marked: {}.",
    )
    findings.say_of(
        builder.empty,
        "“{}” has no words of its own; look at what it should say.",
        "{} statements have no words of their own; look at what they should say: {}.",
    )


class _Builder:
    """Makes requirements of statements; ``placed`` are the keys that have been."""

    def __init__(self, below: Mapping[str, Sequence[Statement]], *, is_flat: bool) -> None:
        self._below = below
        self._kinds = (CRITERION,) if is_flat else _KINDS
        self.placed: set[str] = set()
        self.raised: list[str] = []
        self.numbered: list[str] = []
        self.repeated: list[str] = []
        self.empty: list[str] = []

    def tree(self, parent: str, depth: int, prefix: str) -> tuple[Requirement, ...]:
        """Return what stands under a statement; at the deepest level, with all that stands deeper."""
        nodes = list(self._below.get(parent, ()))
        if depth == DEEPEST:
            nodes = self._flat(nodes)
        refs: dict[str, int] = {}
        found = []
        for place, statement in enumerate(nodes, 1):
            self.placed.add(statement.key)
            ref = self._ref(statement, f"{prefix}{place}", refs)
            children = self.tree(statement.key, depth + 1, f"{ref}.") if depth < DEEPEST else ()
            found.append(self._requirement(statement, ref, depth, children))
        return tuple(found)

    def _flat(self, nodes: Sequence[Statement]) -> list[Statement]:
        found: list[Statement] = []
        waiting = list(reversed(nodes))
        while waiting:
            statement = waiting.pop()
            found.append(statement)
            deeper = self._below.get(statement.key, ())
            self.raised += [_named(each) for each in deeper]
            waiting += reversed(deeper)
        return found

    def _ref(self, statement: Statement, by_place: str, refs: dict[str, int]) -> str:
        ref = " ".join(statement.ref.split())
        if not ref:
            self.numbered.append(_named(statement))
            ref = by_place
        if len(ref) > LONGEST_REF:
            ref = f"{ref[: LONGEST_REF - 1].rstrip()}{CUT}"
        count = refs[ref.casefold()] = refs.get(ref.casefold(), 0) + 1
        if count > 1:
            self.repeated.append(ref)
            ref = f"{ref} ({count})"
            refs[ref.casefold()] = 1
        return ref

    def _requirement(
        self, statement: Statement, ref: str, depth: int, children: tuple[Requirement, ...]
    ) -> Requirement:
        title = " ".join(_without_ref(statement.title, statement.ref).split())
        text = statement.text.strip()
        if not " ".join(text.split()).casefold().startswith(title.removesuffix(CUT).casefold()):
            text = f"{title}: {text}" if text else title
        if not text:
            self.empty.append(ref)
            text = ref
        label = statement.label or (title if title and text.startswith(f"{title}:") else label_of(text))
        parts = () if children else explicit_components(text)
        return Requirement(
            new_id(),
            ref,
            statement.kind or self._kinds[depth - 1],
            text,
            label if label != text else "",
            components=tuple(Component(new_id(), part) for part in parts),
            children=children,
            source_line=statement.line,
        )


def _without_ref(title: str, ref: str) -> str:
    """Return a title such as "1.2 - Plan the work" without the reference that it begins with; nothing of "1.2"."""
    rest = title.strip()
    if rest == ref:
        return ""
    if ref and rest.startswith(ref) and any(character.isdigit() for character in ref):
        after = rest[len(ref) :]
        gap = _LEADING_REF.match(after)
        if gap and after[gap.end() :].strip():
            return after[gap.end() :]
    return rest


def _named(statement: Statement) -> str:
    words = statement.ref or statement.title or statement.text or statement.key
    return " ".join(words.split())[:60]
