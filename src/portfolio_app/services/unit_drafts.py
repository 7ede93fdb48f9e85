"""A unit as rows of a grid: what an import found, or a unit that is written or changed by hand.

Rows are values, and every change returns new ones, so that a grid can take any number of changes back. A row's depth
says how far in it stands: what comes after a row and stands deeper is under it. Guidance stands under nothing and
may come anywhere between requirements. Rows know the ids of the requirements that they were made from, so that a
unit made of them again keeps its claims.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import (
    CRITERION,
    ELEMENT,
    MARKING_POINT,
    OUTCOME,
    Component,
    Guidance,
    GuidanceKind,
    Requirement,
    Unit,
)
from portfolio_app.domain.unit_checks import DEEPEST, LONGEST_REQUIREMENT, numbering_remark, unit_problems
from portfolio_app.importing.components import explicit_components
from portfolio_app.importing.guidance_text import NO_TITLE
from portfolio_app.importing.imported_unit import ImportedUnit, UnitWarning
from portfolio_app.importing.labels import label_of

_HEADINGS: Final = {OUTCOME: "an outcome", ELEMENT: "an element"}
_LONGEST_TITLE: Final = 10  # words before the colon of a concept
_NUMBERED: Final = re.compile(r"(?:LO|L|Outcome|Unit)?\s*(\d+(?:\.\d+)*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row of the grid: a requirement, or a piece of guidance where ``guidance`` says which kind.

    ``key`` is the requirement's id. A row keeps what its present kind has no use for (the reference of what became
    a tip), so that changing the kind back loses nothing. ``page`` and ``line`` are where it stood in the source.
    """

    key: str
    text: str
    guidance: GuidanceKind | None = None
    depth: int = 0
    ref: str = ""
    kind: str = MARKING_POINT
    label: str = ""
    title: str = ""
    components: tuple[Component, ...] = ()
    page: int | None = None
    line: int | None = None

    @property
    def is_requirement(self) -> bool:
        """Whether it is something to claim evidence against, or a heading over such."""
        return self.guidance is None

    @property
    def kind_name(self) -> str:
        """What it is, in a word."""
        return self.guidance.value if self.guidance else self.kind


Rows: TypeAlias = tuple[DraftRow, ...]
RowKind: TypeAlias = str | GuidanceKind


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A unit on its way in: ``unit`` holds all but requirements and guidance, which are the rows.

    ``warnings`` are what the source leaves in doubt; ``source`` are its lines, empty where there is no text, of which
    the first is line ``first_line`` of the file.
    """

    unit: Unit
    rows: Rows = ()
    warnings: tuple[UnitWarning, ...] = ()
    source: tuple[str, ...] = field(default=(), repr=False)
    first_line: int = 1

    def source_of(self, row: DraftRow) -> str:
        """Return the line of the source that the row begins on, or nothing."""
        place = (row.line or 0) - self.first_line
        return self.source[place] if 0 <= place < len(self.source) else ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a draft. ``row`` is the place of the row that it is about, or ``None``.

    With ``blocks`` the unit cannot be stored like that; else it is worth a look, or only said where it is ``certain``.
    """

    sentence: str
    row: int | None = None
    blocks: bool = False
    certain: bool = False


def new_draft(title: str = "") -> UnitDraft:
    """Return a draft for a unit that is written by hand."""
    return UnitDraft(Unit(new_id(), "", title))


def draft_of(unit: Unit) -> UnitDraft:
    """Return a unit as rows: requirements in printed order, then its guidance."""
    rows = [
        DraftRow(
            key=node.id,
            text=node.text,
            depth=len(ancestors),
            ref=node.ref,
            kind=node.kind,
            label=node.label,
            components=node.components,
            page=node.source_page,
            line=node.source_line,
        )
        for ancestors, node in unit.walk()
    ]
    rows += [
        DraftRow(new_id(), piece.text, piece.kind, title=piece.title, label=label_of(piece.text))
        for piece in unit.guidance
    ]
    return UnitDraft(replace(unit, requirements=(), guidance=()), tuple(rows))


def draft_of_import(found: ImportedUnit) -> UnitDraft:
    """Return what an import found as rows, with its warnings and the lines of the source."""
    # That there is no title is said by the remarks, for as long as there is none.
    warnings = tuple(warning for warning in found.warnings if warning.sentence != NO_TITLE)
    return replace(draft_of(found.unit), warnings=warnings, source=found.lines, first_line=found.first_line)


def doubts(found: ImportedUnit) -> tuple[UnitWarning, ...]:
    """Return all that is worth a look in an imported unit, in the order of its lines.

    It is what the source leaves in doubt, and what the rows of the grid would say: gaps in the numbering, what is very
    long, headings over nothing.
    """
    draft = draft_of_import(found)
    of_rows = [
        UnitWarning(draft.rows[remark.row].line, remark.sentence, draft.rows[remark.row].page)
        for remark in remarks(replace(draft, warnings=()))
        if remark.row is not None
    ]
    return tuple(sorted([*found.warnings, *of_rows], key=lambda warning: warning.line or 0))


def unit_of(draft: UnitDraft) -> Unit:
    """Return the unit that the rows make.

    Raises:
        InvalidInput: it cannot be stored; the sentence says the first reason.
    """
    for remark in remarks(draft):
        if remark.blocks:
            raise InvalidInput(remark.sentence)
    return _unit(draft)


def remarks(draft: UnitDraft) -> list[Remark]:
    """Return what stops the draft from being stored, then what is worth a look, each in the order of the rows."""
    rows = draft.rows
    found = [Remark(problem, blocks=True) for problem in unit_problems(_head(draft))]
    found += _row_problems(rows)
    found += _numbering(rows)
    for place, row in enumerate(rows):
        words = len(row.text.split())
        if row.is_requirement and words > LONGEST_REQUIREMENT:
            found.append(Remark(f"{_named(row, place)} has {words} words: check that it is one requirement.", place))
        if row.is_requirement and row.kind in _HEADINGS and not _children(rows, place):
            found.append(Remark(f"{_named(row, place)} is {_HEADINGS[row.kind]} with nothing under it.", place))
    lines = {row.line: place for place, row in reversed(list(enumerate(rows))) if row.line}
    found += [
        Remark(warning.sentence, None if warning.line is None else lines.get(warning.line), certain=warning.certain)
        for warning in draft.warnings
    ]
    return sorted(found, key=lambda remark: (not remark.blocks, -1 if remark.row is None else remark.row))


# Changes. Each takes rows and the places of those that are meant, and returns new rows.


def promote(rows: Rows, places: Collection[int]) -> Rows:
    """Move requirements, with all that stands under them, one level out. What is outermost stays."""
    changed = list(rows)
    for place in _outermost(rows, places):
        if rows[place].depth > 0:
            for moved in _block(rows, place):
                changed[moved] = replace(changed[moved], depth=rows[moved].depth - 1)
    return _sound(changed)


def demote(rows: Rows, places: Collection[int]) -> Rows:
    """Move requirements, with all that stands under them, one level in: under the one before.

    What has none before it on its level stays, and so does what would stand too deep.
    """
    changed = list(rows)
    for place in _outermost(rows, places):
        block = _block(rows, place)
        above = _before(changed, place)
        deepest = max(rows[moved].depth for moved in block)
        if above is None or changed[above].depth < rows[place].depth or deepest + 1 >= DEEPEST:
            continue
        for moved in block:
            changed[moved] = replace(changed[moved], depth=rows[moved].depth + 1)
    return _sound(changed)


def move(rows: Rows, places: Collection[int], to: int) -> Rows:
    """Put rows, with all that stands under them, before the row that is at ``to`` (or at the end)."""
    taken = sorted({moved for place in _outermost(rows, places) for moved in _block(rows, place)})
    moving = [rows[place] for place in taken]
    before = [row for place, row in enumerate(rows[:to]) if place not in taken]
    after = [row for place, row in enumerate(rows[to:], to) if place not in taken]
    return _sound([*before, *moving, *after])


def insert(rows: Rows, place: int, kind: RowKind = "", text: str = "") -> Rows:
    """Put a new row before the one at ``place``, like the one above it in kind and depth unless a kind is given.

    Under a heading it becomes the first of what stands there already.
    """
    above = rows[place - 1] if 0 < place <= len(rows) else None
    like = above or DraftRow("", "", kind=CRITERION)
    if above is not None and place < len(rows) and rows[place].depth > above.depth:
        like = rows[place]
    row = DraftRow(new_id(), text, like.guidance, like.depth, kind=like.kind)
    changed = _sound([*rows[:place], row, *rows[place:]])
    return change_kind(changed, [place], kind) if kind else changed


def remove(rows: Rows, places: Collection[int]) -> Rows:
    """Take rows out with all that stands under them."""
    gone = {removed for place in places for removed in _block(rows, place)}
    return _sound([row for place, row in enumerate(rows) if place not in gone])


def group(rows: Rows, places: Collection[int], text: str = "") -> Rows:
    """Put a new outcome over requirements: before the first of them, with all of them, side by side, under it."""
    outer = [place for place in _outermost(rows, places) if rows[place].is_requirement]
    if not outer:
        return rows
    first = outer[0]
    depth = min(rows[first].depth, DEEPEST - 2)
    inside = [
        replace(rows[moved], depth=min(rows[moved].depth - rows[place].depth + depth + 1, DEEPEST - 1))
        for place in outer
        for moved in _block(rows, place)
    ]
    taken = {moved for place in outer for moved in _block(rows, place)}
    rest = [row for place, row in enumerate(rows[first:], first) if place not in taken]
    return _sound([*rows[:first], DraftRow(new_id(), text, depth=depth, kind=OUTCOME), *inside, *rest])


def set_text(rows: Rows, place: int, text: str) -> Rows:
    """Give a row other words. Its label follows, unless it was written by hand."""
    row = rows[place]
    label = label_of(text) if row.label == label_of(row.text) else row.label
    return _with(rows, place, replace(row, text=text, label=label))


def set_components(rows: Rows, place: int, texts: Sequence[str]) -> Rows:
    """Give a requirement these parts; those whose words stay keep their ticks, and a reworded one does in its place."""
    current = list(rows[place].components)
    wanted = [text.strip() for text in texts if text.strip()]
    by_text = {part.text: part for part in reversed(current)}
    same_length = len(wanted) == len(current)
    parts: list[Component] = []
    used: set[str] = set()
    for number, text in enumerate(wanted):
        part = by_text.get(text)
        if part is None and same_length and current[number].text not in wanted:
            part = replace(current[number], text=text)
        if part is None or part.id in used:
            part = Component(new_id(), text)
        used.add(part.id)
        parts.append(part)
    return _with(rows, place, replace(rows[place], components=tuple(parts)))


def suggest_components(rows: Rows, place: int) -> Rows:
    """Give a requirement the parts that its words list outright, if they list any."""
    found = explicit_components(rows[place].text)
    return set_components(rows, place, found) if found else rows


def change_kind(rows: Rows, places: Collection[int], kind: RowKind) -> Rows:
    """Make rows another kind of requirement, or guidance, or of guidance requirements. No words are lost.

    What stood under a requirement that becomes guidance moves one level out. A concept's title is the words before
    its colon.
    """
    changed = list(rows)
    for place in sorted(places):
        row = changed[place]
        if isinstance(kind, GuidanceKind):
            if row.is_requirement:
                for below in _block(tuple(changed), place)[1:]:
                    changed[below] = replace(changed[below], depth=changed[below].depth - 1)
            changed[place] = _as_guidance(row, kind)
        elif row.is_requirement:
            changed[place] = replace(row, kind=kind)
        else:
            above = _before(changed, place)
            changed[place] = _as_requirement(row, kind, depth=0 if above is None else changed[above].depth)
    return _sound(changed)


def split(rows: Rows, place: int, position: int) -> Rows:
    """Cut a row in two at a place in its text. The first half keeps its reference, and the claims with it.

    Each half keeps the parts that its words name; what stood under the row stands under the second half.
    """
    row = rows[place]
    first, second = row.text[:position].rstrip(), row.text[position:].lstrip()
    if not first or not second:
        return rows
    moved = [part for part in row.components if part.text.casefold() in second.casefold() and part.text not in first]
    kept = tuple(part for part in row.components if part not in moved)
    head = replace(row, text=first, label=label_of(first), components=kept)
    tail = replace(
        row,
        key=new_id(),
        text=second,
        title="",
        label=label_of(second),
        ref="",
        components=tuple(Component(new_id(), part.text) for part in moved),
    )
    return (*rows[:place], head, tail, *rows[place + 1 :])


def merge(rows: Rows, places: Collection[int]) -> Rows:
    """Make one row of several: the first, with the words and parts of the others; it keeps its claims alone."""
    chosen = sorted(places)
    if len(chosen) < 2:
        return rows
    merged = [rows[place] for place in chosen]
    words = [f"{row.title}: {row.text}" if row.title and number else row.text for number, row in enumerate(merged)]
    text = " ".join(filter(None, (part.strip() for part in words)))
    parts = [*merged[0].components]
    parts += [Component(new_id(), part.text) for row in merged[1:] for part in row.components]
    first = replace(merged[0], text=text, label=label_of(text), components=tuple(parts))
    changed = [row for place, row in enumerate(rows) if place not in chosen[1:]]
    changed[chosen[0]] = first
    return _sound(changed)


def renumber(rows: Rows) -> Rows:
    """Give every requirement a reference anew, by its kind and place: LO1, 1.1, 1.1.1; marking points MP1, MP2 …."""
    return _numbered([replace(row, ref="") if row.is_requirement else row for row in rows])


def number_missing(rows: Rows) -> Rows:
    """Give a reference to the requirements that have none, and leave the others as they are."""
    return _numbered(rows)


def _numbered(rows: Sequence[DraftRow]) -> Rows:
    changed = list(rows)
    taken = _refs_by_parent(rows)
    path: list[str] = []
    counts: list[int] = []
    points = 0
    used = {row.ref.casefold() for row in rows if row.is_requirement and row.ref}
    for place, row in enumerate(rows):
        if not row.is_requirement:
            continue
        del path[row.depth :], counts[row.depth + 1 :]
        counts += [0] * (row.depth + 1 - len(counts))
        counts[row.depth] += 1
        ref = row.ref
        parent = path[-1] if path else ""
        if not ref.strip():
            siblings = taken.get(_parent(rows, place), set())
            if row.kind == MARKING_POINT and not _children(tuple(rows), place):
                points += 1
                while f"mp{points}" in used:
                    points += 1
                ref = f"MP{points}"
            else:
                number = counts[row.depth]
                while _ref(row, parent, number).casefold() in siblings:
                    number += 1
                ref = _ref(row, parent, number)
            siblings.add(ref.casefold())
            taken[_parent(rows, place)] = siblings
            used.add(ref.casefold())
            changed[place] = replace(row, ref=ref)
        path.append(ref)
    return tuple(changed)


def _ref(row: DraftRow, parent: str, number: int) -> str:
    if match := _NUMBERED.fullmatch(parent.strip()):
        return f"{match[1]}.{number}"
    if parent:
        return f"{parent}.{number}"
    return f"LO{number}" if row.kind == OUTCOME else str(number)


def _refs_by_parent(rows: Sequence[DraftRow]) -> dict[int | None, set[str]]:
    found: dict[int | None, set[str]] = {}
    for place, row in enumerate(rows):
        if row.is_requirement and row.ref.strip():
            found.setdefault(_parent(rows, place), set()).add(row.ref.strip().casefold())
    return found


def _parent(rows: Sequence[DraftRow], place: int) -> int | None:
    depth = rows[place].depth
    return next(
        (above for above in range(place - 1, -1, -1) if rows[above].is_requirement and rows[above].depth < depth), None
    )


def _parents(rows: Sequence[DraftRow]) -> list[int | None]:
    """Return for each row the place of the requirement that it stands under."""
    found: list[int | None] = []
    above: list[int] = []
    for place, row in enumerate(rows):
        while above and rows[above[-1]].depth >= row.depth:
            above.pop()
        found.append(above[-1] if above else None)
        if row.is_requirement:
            above.append(place)
    return found


def _before(rows: Sequence[DraftRow], place: int) -> int | None:
    return next((above for above in range(place - 1, -1, -1) if rows[above].is_requirement), None)


def _block(rows: Rows, place: int) -> list[int]:
    """Return the place of a row and those of the requirements under it."""
    found = [place]
    if rows[place].is_requirement:
        for below in range(place + 1, len(rows)):
            if rows[below].is_requirement:
                if rows[below].depth <= rows[place].depth:
                    break
                found.append(below)
    return found


def _children(rows: Rows, place: int) -> bool:
    return len(_block(rows, place)) > 1


def _outermost(rows: Rows, places: Collection[int]) -> list[int]:
    """Leave out what stands under another row that is meant: it moves with that one."""
    inside = {below for place in places for below in _block(rows, place)[1:]}
    return sorted(set(places) - inside)


def _sound(rows: Sequence[DraftRow]) -> Rows:
    """Let no requirement stand more than one level below the one before it."""
    changed: list[DraftRow] = []
    deepest = 0
    for row in rows:
        if not row.is_requirement:
            changed.append(replace(row, depth=0) if row.depth else row)
            continue
        depth = max(0, min(row.depth, deepest, DEEPEST - 1))
        changed.append(replace(row, depth=depth) if depth != row.depth else row)
        deepest = depth + 1
    return tuple(changed)


def _with(rows: Rows, place: int, row: DraftRow) -> Rows:
    return (*rows[:place], row, *rows[place + 1 :])


def _as_guidance(row: DraftRow, kind: GuidanceKind) -> DraftRow:
    title, text = row.title, row.text
    if kind is GuidanceKind.CONCEPT and not title:
        before, colon, after = text.partition(": ")
        if colon and after.strip() and len(before.split()) <= _LONGEST_TITLE:
            title, text = before.strip(), after.strip()
    elif kind is not GuidanceKind.CONCEPT and title:
        title, text = "", f"{title}: {text}"
    return replace(row, guidance=kind, title=title, text=text, depth=0)


def _as_requirement(row: DraftRow, kind: str, *, depth: int) -> DraftRow:
    text = f"{row.title}: {row.text}" if row.title else row.text
    components = row.components or tuple(Component(new_id(), part) for part in explicit_components(text))
    return replace(
        row, guidance=None, kind=kind, title="", text=text, label=label_of(text), components=components, depth=depth
    )


def _unit(draft: UnitDraft) -> Unit:
    rows = draft.rows
    guidance = tuple(Guidance(row.guidance, row.text, row.title) for row in rows if row.guidance is not None)
    return replace(draft.unit, requirements=_tree([row for row in rows if row.is_requirement]), guidance=guidance)


def _tree(rows: Sequence[DraftRow]) -> tuple[Requirement, ...]:
    """Return the requirements of rows whose first is one of the outermost."""
    starts = [place for place, row in enumerate(rows) if row.depth <= rows[0].depth]
    return tuple(
        _requirement(rows[start], rows[start + 1 : end])
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)
    )


def _requirement(row: DraftRow, below: Sequence[DraftRow]) -> Requirement:
    return Requirement(
        id=row.key,
        ref=row.ref,
        kind=row.kind,
        text=row.text,
        label=row.label,
        components=row.components,
        children=_tree(below) if below else (),
        source_page=row.page,
        source_line=row.line,
    )


def _head(draft: UnitDraft) -> Unit:
    """Return the unit with one sound requirement where there is any: rows are looked at one by one."""
    some = any(row.is_requirement for row in draft.rows)
    return replace(draft.unit, requirements=(Requirement("", "1", CRITERION, "Some"),) if some else ())


def _row_problems(rows: Rows) -> Iterator[Remark]:
    seen: dict[tuple[int | None, str], int] = {}
    parents = _parents(rows)
    for place, row in enumerate(rows):
        name = _named(row, place)
        if not row.text.strip():
            yield Remark(f"{name} has no text: write it, or remove the row.", place, blocks=True)
        if not row.is_requirement:
            continue
        ref = row.ref.strip()
        parent = parents[place]
        if not ref:
            yield Remark(f"{name} has no reference: write one, or have the missing ones numbered.", place, blocks=True)
        elif seen.setdefault((parent, ref.casefold()), place) != place:
            where = f" under {rows[parent].ref}" if parent is not None else ""
            yield Remark(
                f"The reference {ref} stands twice{where}: references under one heading differ.", place, blocks=True
            )
        if not row.kind.strip():
            yield Remark(f"{name} has no kind: say what it is.", place, blocks=True)
        if any(not part.text.strip() for part in row.components):
            yield Remark(f"A part of {name} has no text.", place, blocks=True)


def _numbering(rows: Rows) -> Iterator[Remark]:
    last: dict[int | None, str] = {}
    parents = _parents(rows)
    for place, row in enumerate(rows):
        if row.is_requirement and row.ref.strip():
            parent = parents[place]
            if parent in last and (sentence := numbering_remark([last[parent], row.ref])):
                yield Remark(sentence, place)
            last[parent] = row.ref


def _named(row: DraftRow, place: int) -> str:
    if row.is_requirement and row.ref.strip():
        return row.ref.strip()
    return f"Row {place + 1}"


KINDS: Final[Mapping[str, RowKind]] = {
    "Outcome": OUTCOME,
    "Criterion": CRITERION,
    "Marking point": MARKING_POINT,
    "Concept": GuidanceKind.CONCEPT,
    "Tip": GuidanceKind.TIP,
    "Misconception": GuidanceKind.MISCONCEPTION,
}
"""The usual kinds of row by the words to choose them by. A framework's own words are kinds of requirement too."""
