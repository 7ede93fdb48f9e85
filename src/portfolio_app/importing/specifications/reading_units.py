"""From the lines of a document to units with their warnings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import PureWindowsPath
from typing import Final

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
from portfolio_app.domain.unit_checks import DEEPEST
from portfolio_app.importing.components import explicit_components
from portfolio_app.importing.guidance_text import NO_TITLE
from portfolio_app.importing.imported_unit import ImportedUnit, UnitWarning
from portfolio_app.importing.labels import label_of
from portfolio_app.importing.specifications.body import Advice, Findings, Node, read_body
from portfolio_app.importing.specifications.heads import beginning_of, is_head_line, is_title, read_head, title_of
from portfolio_app.importing.specifications.marks import LONGEST_HEADING, Section, Sort, mark_of, section_of, tidied
from portfolio_app.importing.specifications.pieces import Piece, pieces_of
from portfolio_app.importing.specifications.units import Portion, portions_of
from portfolio_app.reading.document_lines import SourceLine

MOST_LINES: Final = 200_000
MOST_UNITS: Final = 500
MOST_BEGINNINGS: Final = 20_000
"""Lines that a unit may begin with, such as the title of one at the top of each of its pages."""

MOST_REQUIREMENTS: Final = 2_000
"""Of one unit; more is no unit that somebody is assessed on."""

_PERFORMANCE: Final = "performance criterion"
_MOST_ADVICE: Final = 300
_MOST_PARAGRAPHS: Final = 60
_LONGEST_SYNOPSIS: Final = 8_000
_RUBRIC: Final = "learning outcome"
_SENTENCE: Final = re.compile(r"[.:;!?]$")


def read_specification(
    lines: Sequence[SourceLine], name: str, *, tick: Callable[[], None] = lambda: None
) -> tuple[ImportedUnit, ...]:
    """Read all units of a document; at least one, which may have no title and no requirement.

    Args:
        lines: The document.
        name: What it is called, for sentences and the note on the source.
        tick: Called before each unit; what it raises ends the reading.

    Raises:
        InvalidInput: it holds more than a qualification has.
    """
    name = PureWindowsPath(name).name or name
    if len(lines) > MOST_LINES:
        raise InvalidInput(f"“{name}” has more than {MOST_LINES:,} lines, far more than a qualification has.")
    pieces = pieces_of(lines)
    portions = portions_of(pieces, MOST_BEGINNINGS)
    if portions is None or len(portions) > MOST_UNITS:
        raise InvalidInput(f"“{name}” seems to hold more than {MOST_UNITS} units: give a part of it.")
    units = []
    for number, portion in enumerate(portions):
        tick()
        first = 1 if number == 0 and len(portions) == 1 else pieces[portion.start].line
        last = pieces[portions[number + 1].start].line - 1 if number + 1 < len(portions) else len(lines)
        source = _Source(name, lines[first - 1 : last], first)
        units.append(_unit(pieces[portion.start : portion.end], portion, source))
    return tuple(units)


def stays_on_every_page(line: str) -> bool:
    """Say whether a line of a PDF tells something even where it is repeated on several pages."""
    text = tidied(line)
    if section_of(text) is Section.REQUIREMENTS or mark_of(text).sort is not Sort.TEXT:
        return True
    return beginning_of(text) is not None or is_head_line(text)


@dataclass(frozen=True, slots=True)
class _Source:
    """The lines of a document that one unit stands on, from the line ``first``."""

    name: str
    lines: Sequence[SourceLine]
    first: int


def _unit(pieces: Sequence[Piece], portion: Portion, source: _Source) -> ImportedUnit:
    head = read_head([piece.text for piece in _head_pieces(pieces)])
    if portion.beginning is not None:
        head.number = head.number or portion.beginning.number
        head.title = portion.beginning.title or head.title
    found = read_body(pieces, frozenset(head.places), portion.beginning)
    builder = _Builder(found, source.name)
    requirements = builder.requirements()
    title = head.title or _title_of_heading(pieces, requirements)
    builder.check(title, requirements)
    builder.check_pages(source.lines, source.first, requirements)
    page = pieces[0].page if pieces else None
    unit = Unit(
        id=new_id(),
        code="",
        title=title,
        reference=head.reference
        or (head.number if any(map(str.isdigit, head.number)) and len(head.number) > 2 else ""),
        level=head.level,
        credits=head.credits if head.credits is None or head.credits <= 999 else None,
        synopsis="\n\n".join(_synopsis(found))[:_LONGEST_SYNOPSIS],
        source=f"Specification, imported from “{source.name}”" + (f", page {page}" if page else ""),
        requirements=requirements,
        guidance=tuple(builder.guidance()),
    )
    warnings = sorted(builder.warnings, key=lambda warning: warning.line or 0)
    return ImportedUnit(
        unit,
        tuple(warnings),
        tuple(line.text for line in source.lines),
        first_line=source.first,
        pages=tuple(line.page for line in source.lines),
    )


def _head_pieces(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return the pieces before the first requirement."""
    for place, piece in enumerate(pieces[:200]):
        if mark_of(piece.text).sort in {Sort.CRITERION, Sort.STATEMENT, Sort.OUTCOME}:
            return pieces[:place]
    return pieces[:80]


def _title_of_heading(pieces: Sequence[Piece], requirements: Sequence[Requirement]) -> str:
    """Return the first heading above the requirements, of a document that says nowhere what the unit is called."""
    first = requirements[0].source_line or 0 if requirements else 0
    for piece, following in pairwise(pieces[:20]):
        may_be = piece.line < first and is_title(piece.text) and section_of(piece.text) is None
        if may_be and (piece.heading or is_head_line(following.text)):
            return title_of(piece.text)
    return ""


def _synopsis(found: Findings) -> Iterator[str]:
    """Yield the paragraphs of the synopsis; where nothing is called one, the sentences before the first heading."""
    paragraphs = found.synopsis or [part for part in found.front if len(part.split()) > 7 and part.endswith(".")]
    for is_list, run in groupby(paragraphs[:_MOST_PARAGRAPHS], key=lambda part: part.startswith("- ")):
        if is_list:
            yield "\n".join(run)
        else:
            yield from run


@dataclass(slots=True)
class _Builder:
    """Makes requirements of what was found, and says what is doubtful."""

    found: Findings
    name: str
    warnings: list[UnitWarning] = field(default_factory=list)
    _numbered: list[str] = field(default_factory=list)
    _repeated: list[str] = field(default_factory=list)
    _marked: list[tuple[str, Node]] = field(default_factory=list)
    _count: int = 0

    def requirements(self) -> tuple[Requirement, ...]:
        top = self._sound(self.found.top)
        self._adopt_loose(top)
        has_criteria = any(node.children for node in top)
        return self._tree(top, 1, "", has_criteria=has_criteria)

    def _sound(self, nodes: Sequence[Node]) -> list[Node]:
        """Leave out what is printed twice and what has no words, each said."""
        kept = []
        for node in nodes:
            node.children = self._sound(node.children)
            if not node.text and not node.children and not node.loose:
                if node.ref and node.again_of is None:
                    self.say(node, f"{node.ref} has no text in the source, so it was left out.")
                continue
            if node.again_of is not None and self._is_repeat(node):
                self._repeated.append(node.ref)
                continue
            kept.append(node)
        return kept

    def _is_repeat(self, node: Node) -> bool:
        before = node.again_of
        if before is None or node.children:
            return False
        said, other = _folded(node.text), _folded(before.text)
        return not said or other.startswith(said) or said.startswith(other)

    def _adopt_loose(self, top: Sequence[Node]) -> None:
        """Take lines without any reference as criteria where an outcome has no others."""
        for node in top:
            if not node.children and node.loose:
                node.children = node.loose
                for child in node.children:
                    child.ref = ""

    def _tree(self, nodes: Sequence[Node], depth: int, prefix: str, *, has_criteria: bool) -> tuple[Requirement, ...]:
        made = []
        refs: dict[str, int] = {}
        for place, node in enumerate(nodes, 1):
            self._count += 1
            if self._count > MOST_REQUIREMENTS:
                raise InvalidInput(f"“{self.name}” has more than {MOST_REQUIREMENTS:,} requirements in one unit.")
            ref = self._ref(node, f"{prefix}{place}", refs)
            below = _digits(ref) or ref
            children = (
                self._tree(node.children, depth + 1, f"{below}.", has_criteria=has_criteria) if depth < DEEPEST else ()
            )
            made.append(self._requirement(node, ref, depth, children, has_criteria=has_criteria))
        return tuple(made)

    def _ref(self, node: Node, by_place: str, refs: dict[str, int]) -> str:
        ref = node.ref
        if not ref:
            ref = by_place
            self._numbered.append(ref)
        count = refs[ref.casefold()] = refs.get(ref.casefold(), 0) + 1
        while count > 1:
            marked = f"{ref} ({count})"
            if marked.casefold() not in refs:
                self._marked.append((ref, node))
                refs[marked.casefold()] = 1
                return marked
            count += 1
        return ref

    def _requirement(
        self, node: Node, ref: str, depth: int, children: tuple[Requirement, ...], *, has_criteria: bool
    ) -> Requirement:
        text = node.text or ref
        own = text
        if node.bullets:
            text = f"{text} {'; '.join(bullet.rstrip(' ;.,') for bullet in node.bullets)}"
        parts: tuple[str, ...] = ()
        if not children:
            listed = () if node.lists_examples else tuple(bullet.rstrip(" ;.,") for bullet in node.bullets)
            parts = tuple(dict.fromkeys(filter(None, listed))) or explicit_components(own)
        label = label_of(text)
        return Requirement(
            id=new_id(),
            ref=ref,
            kind=self._kind(node, depth, bool(children), has_criteria=has_criteria),
            text=text,
            label=label if label.casefold() != text.casefold() else "",
            components=tuple(Component(new_id(), part) for part in parts),
            children=children,
            source_page=node.page,
            source_line=node.line,
        )

    def _kind(self, node: Node, depth: int, has_children: bool, *, has_criteria: bool) -> str:
        if node.kind:
            return node.kind
        if node.is_heading or (depth == 1 and has_children):
            if ELEMENT in self.found.kinds:
                return ELEMENT
            return OUTCOME if has_criteria or has_children else _RUBRIC
        if depth > 2 and not has_children:
            return MARKING_POINT
        return _PERFORMANCE if _PERFORMANCE in self.found.kinds else CRITERION

    def guidance(self) -> Iterator[Guidance]:
        """Yield what is to be taught, and what grades ask for."""
        for advice in self.found.advice[:_MOST_ADVICE]:
            text = _joined(advice)
            if text:
                yield Guidance(GuidanceKind.CONCEPT, text, advice.title[:LONGEST_HEADING])

    # What is doubtful

    def say(self, node: Node | None, sentence: str) -> None:
        """Add a warning on a requirement, or on the unit."""
        self.warnings.append(UnitWarning(node.line if node else None, sentence, node.page if node else None))

    def check(self, title: str, requirements: Sequence[Requirement]) -> None:
        """Say what is missing or was decided in doubt."""
        if not title:
            self.say(None, NO_TITLE)
        if not requirements:
            self.say(
                None,
                "0 requirements were found: no learning outcomes with assessment criteria, elements, numbered "
                "outcomes, or knowledge, skills and behaviours.",
            )
        self._say_without_heading(requirements)
        if self._numbered:
            self.say(
                None,
                f"{_counted(len(self._numbered), 'requirement has', 'requirements have')} no number in the source, "
                f"so they are numbered by their place: {_some(self._numbered)}.",
            )
        if self._repeated:
            self.say(None, f"Printed more than once and taken once: {_some(self._repeated)}.")
        for outcome, node, page in self.found.broken:
            self.say(
                node, f"{node.ref} goes on over page {page}, where words of {outcome.ref} may stand among its own."
            )
        for ref, node in self._marked:
            self.say(node, f"The reference {ref} stands twice under one heading; the later one was marked.")
        self._say_left_out()

    def check_pages(self, lines: Sequence[SourceLine], first: int, requirements: Sequence[Requirement]) -> None:
        """Say which pages between the requirements hold no text: they may be pictures."""
        places = [node.source_line or 0 for node in _all(requirements)]
        if not places:
            return
        spoken = {line.page for line in lines if line.text}
        between = lines[min(places) - first : max(places) - first]
        silent = sorted(page for page in {line.page for line in between} if page is not None and page not in spoken)
        if silent:
            pages = "Page" if len(silent) == 1 else "Pages"
            verb = "holds" if len(silent) == 1 else "hold"
            self.say(
                None,
                f"{pages} {_some([str(page) for page in silent])} {verb} no text and may be a picture: look whether "
                "requirements are missing.",
            )

    def _say_without_heading(self, requirements: Sequence[Requirement]) -> None:
        lost = [node.ref for node in requirements if "." in node.ref and node.kind in {CRITERION, _PERFORMANCE}]
        if lost and len(lost) < len(requirements):
            self.say(None, f"No outcome stands above {_some(lost)}: look whether a heading is missing.")

    def _say_left_out(self) -> None:
        for stray in self.found.strays[:8]:
            words = stray.text if len(stray.text) <= 70 else f"{stray.text[:69].rsplit(' ', 1)[0]}…"
            self.warnings.append(
                UnitWarning(stray.line, f"Left out, as it looks like no requirement: “{words}”.", stray.page)
            )
        if len(self.found.strays) > 8:
            self.say(None, "More lines among the requirements look like none and were left out.")
        names = [f"“{heading}”" for heading in self.found.left_out]
        if names:
            self.warnings.append(UnitWarning(None, f"Left out, as no requirements: {_some(names)}.", certain=True))


def _all(requirements: Sequence[Requirement]) -> Iterator[Requirement]:
    for node in requirements:
        yield node
        yield from _all(node.children)


def _joined(advice: Advice) -> str:
    pieces: list[str] = []
    for part in advice.parts:
        if pieces and part.startswith("- ") and pieces[-1].startswith("- "):
            pieces[-1] = f"{pieces[-1]}\n{part}"
        else:
            pieces.append(part)
    return "\n\n".join(pieces).strip()


def _digits(ref: str) -> str:
    match = re.fullmatch(r"LO(\d+)", ref)
    return match[1] if match else ""


def _some(names: Sequence[str]) -> str:
    """Write a list, its middle left out where it is long."""
    if len(names) > 8:
        return f"{', '.join(names[:6])} and {len(names) - 6:,} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
