"""Units from revision guidance: a few known headings, in any order, with bullets under them.

The layout has no title, reference, level, outcomes or numbers, so these are asked for and the marking points are
numbered MP1, MP2 …. Nothing of the text is lost: what belongs under no known heading is kept with the synopsis,
and said in a warning. Nothing is invented either: where no marking point is found there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby, pairwise
from pathlib import PureWindowsPath

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import (
    MARKING_POINT,
    Component,
    Guidance,
    GuidanceKind,
    Requirement,
    Unit,
)
from portfolio_app.importing.components import explicit_components
from portfolio_app.importing.imported_unit import ImportedUnit, UnitWarning
from portfolio_app.importing.labels import label_of, starts_with_lead_in
from portfolio_app.importing.text_decoding import decode_text

__all__ = ["NO_TITLE", "ImportedUnit", "UnitWarning", "holds_guidance", "read_guidance_text"]

MAX_ITEMS = 2_000
MAX_LINES = 100_000

NO_TITLE = "A text of this layout does not say what the unit is called: give its title."
"""The warning that a unit read from such a text needs a title, unless one was given with it."""


class _Section(StrEnum):
    """The known sections; the value is the heading as it is usually written."""

    SYNOPSIS = "Topic Synopsis"
    CONCEPTS = "Key Concepts & Core Principles"
    TIPS = "Exam Tips & Revision Strategies"
    MISCONCEPTIONS = "Common Misconceptions & Mistakes to Avoid"
    MARKING_POINTS = "Examiner Marking Points"


_HEADINGS = {
    "topic synopsis": _Section.SYNOPSIS,
    "unit synopsis": _Section.SYNOPSIS,
    "synopsis": _Section.SYNOPSIS,
    "key concepts and core principles": _Section.CONCEPTS,
    "key concepts and principles": _Section.CONCEPTS,
    "key concepts": _Section.CONCEPTS,
    "core principles": _Section.CONCEPTS,
    "exam tips and revision strategies": _Section.TIPS,
    "exam tips": _Section.TIPS,
    "revision strategies": _Section.TIPS,
    "common misconceptions and mistakes to avoid": _Section.MISCONCEPTIONS,
    "common misconceptions and mistakes": _Section.MISCONCEPTIONS,
    "common misconceptions": _Section.MISCONCEPTIONS,
    "misconceptions and mistakes to avoid": _Section.MISCONCEPTIONS,
    "common mistakes to avoid": _Section.MISCONCEPTIONS,
    "mistakes to avoid": _Section.MISCONCEPTIONS,
    "misconceptions": _Section.MISCONCEPTIONS,
    "examiner marking points": _Section.MARKING_POINTS,
    "examiners marking points": _Section.MARKING_POINTS,
    "marking points": _Section.MARKING_POINTS,
}
_LISTS = {
    _Section.CONCEPTS: GuidanceKind.CONCEPT,
    _Section.TIPS: GuidanceKind.TIP,
    _Section.MISCONCEPTIONS: GuidanceKind.MISCONCEPTION,
}
_MAX_HEADING = 80
_MAYBE_HEADING = re.compile(r"[\W\d_]*(?:topic|unit|synopsis|key|core|exam|revision|common|mis|marking)", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)]\s+", re.IGNORECASE)
_RULE = re.compile(r"(?:[-=_*~–—]\s?){3,}")
_SYMBOL = re.compile(r"(?:[•●▪▫◦○■□‣⁃∙·➢➤❖✓✔►\uf0b7\uf0a7]\s*|(?:[-–—*+]|o)(?:\s+|$)|[-–—](?=[A-Z“]))")
_ORDINAL = re.compile(r"\(?(\d{1,3})[.)](?:\s+|$)|\(?[a-z][.)](?:\s+|$)")
_ENDS = re.compile(r"[.!?:;…][\"'”’)\]*_]*$")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_EMPHASIS = re.compile(r"(\*\*|__)(.+)\1:?")
_TITLE_WORDS = 10
_TAIL = 40
_MAX_RULE = 200


@dataclass(slots=True)
class _Item:
    """A bullet or a paragraph of a section: the lines that belong to it, and the deeper bullets ``under`` it."""

    line: int
    bulleted: bool
    parts: list[str]
    indent: int = 0
    number: int | None = None
    under: list[_Item] = field(default_factory=list)
    text: str = ""

    @property
    def ended(self) -> bool:
        """Whether what was read so far ends as a sentence does."""
        return not self.parts[-1] or _ENDS.search(self.parts[-1][-_TAIL:]) is not None

    def close(self) -> None:
        """Join the lines, once all of them are there."""
        for item in self.under:
            item.close()
        own = " ".join(" ".join(self.parts).split())
        self.text = f"{own} {'; '.join(item.text for item in self.under)}".strip() if self.under else own


@dataclass(slots=True)
class _Block:
    """What stands under one heading, or before the first (``section`` and ``heading`` empty)."""

    section: _Section | None
    heading: str
    line: int
    items: list[_Item] = field(default_factory=list)


def holds_guidance(lines: Sequence[str]) -> bool:
    """Say whether a text has the headings of revision guidance: that of marking points, or two of the others."""
    found: set[_Section] = set()
    for line, following in pairwise([*lines, ""]):
        heading = _heading(line.strip(), following.strip())
        if heading is not None:
            found.add(heading[0])
            if heading[0] is _Section.MARKING_POINTS or len(found) > 1:
                return True
    return False


def read_guidance_text(
    data: bytes, name: str, *, title: str = "", reference: str = "", level: str = ""
) -> ImportedUnit:
    """Read a unit from the bytes of a guidance text; ``name`` is the file's, for messages and the source note.

    The unit has no code, and an empty title where none is given: a portfolio does not take it without one.

    Raises:
        InvalidInput: the bytes are not text, or hold more bullets than any unit has.
    """
    name = PureWindowsPath(name).name or name
    lines = decode_text(data, name).splitlines()
    blocks = _Splitter(name).split(lines)
    reading = _Reading()
    for block in blocks:
        reading.take(block)
    reading.check(blocks, title)
    unit = Unit(
        id=new_id(),
        code="",
        title=title.strip(),
        reference=reference.strip(),
        level=level.strip(),
        synopsis=reading.synopsis(),
        source=f"Revision guidance, imported from “{name}”",
        is_guidance=True,
        requirements=tuple(reading.requirements),
        guidance=tuple(reading.guidance),
    )
    warnings = sorted(reading.warnings, key=lambda warning: warning.line or 0)
    return ImportedUnit(unit, tuple(warnings), tuple(lines))


class _Reading:
    """The unit as it grows block by block, and what is doubtful about it."""

    def __init__(self) -> None:
        self.requirements: list[Requirement] = []
        self.guidance: list[Guidance] = []
        self.warnings: list[UnitWarning] = []
        self._synopsis: list[str] = []
        self._before: list[str] = []
        self._rest: list[str] = []
        self._seen: dict[tuple[_Section, str], int] = {}
        self._headings: dict[_Section, int] = {}

    def take(self, block: _Block) -> None:
        """Add what stands under one heading."""
        if block.section is None:
            self._take_stray(block)
            return
        first = self._headings.setdefault(block.section, block.line)
        if first != block.line:
            self._warn(
                block.line, f"The heading “{block.section}” stood before on line {first}: both parts are put together."
            )
        if not any(item.text for item in block.items):
            self._warn(block.line, f"There is nothing under the heading “{block.section}”.")
        if block.section is _Section.SYNOPSIS:
            self._synopsis += _paragraphs(block.items)
            return
        points = self._points(block)
        for item in points:
            self._check_point(block.section, item)
            if block.section is _Section.MARKING_POINTS:
                self._add_requirement(item)
            else:
                self._add_guidance(_LISTS[block.section], item)
        self._check_numbers(points)

    def synopsis(self) -> str:
        """Everything that is not a point: what stands before the headings unless the synopsis repeats it, and after."""
        synopsis = "\n\n".join(self._synopsis)
        before = [text for text in self._before if not synopsis.startswith(text.rstrip(" ….,") or text)]
        return "\n\n".join([*before, *self._synopsis, *self._rest])

    def check(self, blocks: list[_Block], title: str) -> None:
        """Warn of what is missing in the text as a whole."""
        if not title.strip():
            self._warn(None, NO_TITLE)
        if not self.requirements:
            there = _Section.MARKING_POINTS in self._headings
            why = "." if there else f": there is no heading “{_Section.MARKING_POINTS}”."
            self._warn(None, f"0 marking points were found{why}")
        missing = [section for section in _Section if section not in self._headings]
        if self.requirements and missing:
            self._warn(None, f"These headings are missing: {_quoted(missing)}.")
        items = [item for block in blocks for item in block.items if item.text]
        if len(items) > 2 and not items[-1].ended:
            ended = sum(item.ended for item in items)
            if ended > len(items) // 2:
                self._warn(items[-1].line, "The text stops in the middle of a sentence: check that it is whole.")

    def _warn(self, line: int | None, sentence: str) -> None:
        self.warnings.append(UnitWarning(line, sentence))

    def _take_stray(self, block: _Block) -> None:
        texts = _paragraphs(block.items)
        if block.heading:
            self._rest += [block.heading, *texts]
            self._warn(
                block.line,
                f"“{block.heading}” is not a heading that this layout has: what stands under it is kept with the "
                "synopsis.",
            )
            return
        self._before += texts
        if len(texts) > 1:
            self._warn(
                block.items[0].line, "The text before the first heading is in no section: it is kept with the synopsis."
            )

    def _points(self, block: _Block) -> list[_Item]:
        """Tell the points of a list from loose text in it; without any bullet every paragraph is a point."""
        written = [item for item in block.items if item.text]
        empty = [item.line for item in block.items if not item.text]
        if empty:
            self._warn(empty[0], f"{_lines(empty)} {'a bullet' if len(empty) == 1 else 'bullets'} without text.")
        if not any(item.bulleted for item in written):
            if written:
                self._warn(
                    block.line, f"There are no bullets under “{block.section}”: each paragraph is taken as one point."
                )
            return written
        points = []
        for item in written:
            if item.bulleted:
                points.append(item)
            elif starts_with_lead_in(item.text):
                points.append(item)
                self._warn(item.line, f"Line {item.line} has no bullet and is taken as a point, as its words suggest.")
            else:
                self._rest.append(item.text)
                self._warn(
                    item.line, f"Line {item.line} has no bullet and is taken as a note: it is kept with the synopsis."
                )
        return points

    def _check_point(self, section: _Section, item: _Item) -> None:
        key = (section, " ".join(re.findall(r"\w+", item.text.casefold())))
        first = self._seen.setdefault(key, item.line)
        if first != item.line:
            self._warn(item.line, f"Line {item.line} says the same as line {first}.")
        if item.under:
            self._warn(
                item.under[0].line,
                f"{_lines([part.line for part in item.under])} indented and taken as part of line {item.line}.",
            )

    def _check_numbers(self, points: Iterable[_Item]) -> None:
        numbers = [(item.line, item.number) for item in points if item.number is not None]
        for (_, number), (line, following) in pairwise(numbers):
            if following != number + 1:
                self._warn(line, f"The numbering goes from {number} to {following}: check that nothing is missing.")

    def _add_requirement(self, item: _Item) -> None:
        text = item.text
        parts = tuple(part.text for part in item.under) or explicit_components(text)
        self.requirements.append(
            Requirement(
                id=new_id(),
                ref=f"MP{len(self.requirements) + 1}",
                kind=MARKING_POINT,
                text=text,
                label=label_of(text),
                components=tuple(Component(new_id(), part) for part in parts if part),
                source_line=item.line,
            )
        )

    def _add_guidance(self, kind: GuidanceKind, item: _Item) -> None:
        text, title = item.text, ""
        if kind is GuidanceKind.CONCEPT:
            before, colon, after = text.partition(": ")
            if colon and after.strip() and len(before.split()) <= _TITLE_WORDS:
                title, text = before.strip("*_ "), after.lstrip("*_ ")
        self.guidance.append(Guidance(kind, text, title))


class _Splitter:
    """Cuts the lines of a text into headings and the items under each."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._block = _Block(None, "", 1)
        self._blocks = [self._block]
        self._after_blank = True
        self._count = 0

    def split(self, lines: list[str]) -> list[_Block]:
        """Return the blocks in the order of the text; ``InvalidInput`` when there is more than a unit can hold."""
        if len(lines) > MAX_LINES:
            raise self._too_much(f"{MAX_LINES:,} lines")
        skip = False
        for index, raw in enumerate(lines):
            line = raw.strip()
            if skip:
                skip = False
            elif not line or (len(line) <= _MAX_RULE and _RULE.fullmatch(line)):
                self._after_blank = True
            elif found := _heading(line, lines[index + 1].strip() if index + 1 < len(lines) else ""):
                section, rest, skip = found
                self._open(_Block(section, section.value, index + 1))
                if rest:
                    self._add(index + 1, rest)
            elif self._is_unknown_heading(line, lines, index):
                self._open(_Block(None, _bare(line), index + 1))
            else:
                self._add(index + 1, raw)
        for block in self._blocks:
            for item in block.items:
                item.close()
        return [block for block in self._blocks if block.heading or block.items]

    def _open(self, block: _Block) -> None:
        self._block = block
        self._blocks.append(block)
        self._after_blank = True
        self._count_one()

    def _add(self, number: int, raw: str) -> None:
        """Add a line as a new bullet, a new paragraph, or the rest of the one before."""
        line = raw.strip()
        last = self._block.items[-1] if self._block.items else None
        bullet = _bullet(line)
        if bullet is not None:
            text, ordinal = bullet
            item = _Item(number, bulleted=True, parts=[text], indent=_indent(raw), number=ordinal)
            deeper = last is not None and last.bulleted and last.parts != [""] and item.indent >= last.indent + 2
            (last.under if last is not None and deeper else self._block.items).append(item)
            self._count_one()
        elif last is None or self._starts_anew(last, line):
            self._block.items.append(_Item(number, bulleted=False, parts=[line]))
            self._count_one()
        else:
            (last.under[-1] if last.under else last).parts.append(line)
        self._after_blank = False

    def _count_one(self) -> None:
        self._count += 1
        if self._count > MAX_ITEMS:
            raise self._too_much(f"{MAX_ITEMS:,} points and paragraphs")

    def _too_much(self, limit: str) -> InvalidInput:
        return InvalidInput(
            f"“{self._name}” holds more than {limit}, far more than a unit has: give the text of one unit only."
        )

    def _starts_anew(self, last: _Item, line: str) -> bool:
        """Say whether a line without a bullet begins something new rather than going on with what stands before."""
        ended = (last.under[-1] if last.under else last).ended
        if last.bulleted:
            return (ended and starts_with_lead_in(line)) or (self._after_blank and (ended or not line[0].islower()))
        return self._after_blank or (ended and self._block.section is not _Section.SYNOPSIS)

    def _is_unknown_heading(self, line: str, lines: list[str], index: int) -> bool:
        """Recognise a heading that this layout does not have: marked as one, or written as one above bullets."""
        if len(line) > _MAX_HEADING or not _bare(line):
            return False
        if _MARKDOWN_HEADING.match(line) or _EMPHASIS.fullmatch(line):
            return True
        if _bullet(line) is not None or line[-1] in ".!?;,":
            return False
        finished = self._after_blank or not self._block.items or self._block.items[-1].ended
        words = _WORD.findall(line)
        capitals = bool(words) and words[0][0].isupper() and all(word[0].isupper() for word in words if len(word) > 3)
        if not (finished and capitals):
            return False
        following = next((text.strip() for text in lines[index + 1 : index + 4] if text.strip()), "")
        return _bullet(following) is not None


def _heading(line: str, following: str) -> tuple[_Section, str, bool] | None:
    """Recognise a known heading: its section, any text after its colon, and whether the next line belongs to it."""
    if not _MAYBE_HEADING.match(line):
        return None
    if len(line) <= _MAX_HEADING:
        if following and len(following) <= _MAX_HEADING:
            section = _HEADINGS.get(_normal(f"{line} {following}"))
            if section is not None:
                return section, "", True
        section = _HEADINGS.get(_normal(line))
        if section is not None:
            return section, "", False
    before, colon, after = line.partition(":")
    if colon and len(before) <= _MAX_HEADING and not _SYMBOL.match(line):
        section = _HEADINGS.get(_normal(before))
        if section is not None:
            return section, after.strip("*_ "), False
    return None


def _normal(line: str) -> str:
    """Reduce a heading to its words: no case, marks, number, emphasis or ampersand."""
    text = line.replace("&amp;", "&").strip().lstrip("#> ").strip("*_# ")
    text = _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text
    words = "".join(
        character if character.isalnum() else " and " if character in "&+" else "" if character in "'’" else " "
        for character in text.casefold()
    )
    return " ".join(words.split())


def _bare(line: str) -> str:
    return line.lstrip("#> ").strip("*_# ").rstrip(":").rstrip("*_ ")


def _bullet(line: str) -> tuple[str, int | None] | None:
    """Split a bulleted line into its text and its number, if it has one; ``None`` if it has no bullet."""
    if match := _SYMBOL.match(line):
        return line[match.end() :], None
    if match := _ORDINAL.match(line):
        return line[match.end() :], int(match[1]) if match[1] else None
    return None


def _indent(raw: str) -> int:
    line = raw.expandtabs(4)
    return len(line) - len(line.lstrip())


def _paragraphs(items: list[_Item]) -> list[str]:
    """Write items as paragraphs of Markdown, each run of bullets as one list."""
    written = (item for item in items if item.text)
    return [
        text
        for bulleted, run in groupby(written, key=lambda item: item.bulleted)
        for text in (["\n".join(f"- {item.text}" for item in run)] if bulleted else [item.text for item in run])
    ]


def _lines(numbers: list[int]) -> str:
    """Write "Line 3 is" or "Lines 3, 4 and 9 more are"."""
    if len(numbers) == 1:
        return f"Line {numbers[0]} is"
    shown = [str(number) for number in numbers[:3]]
    if len(numbers) > 3:
        shown.append(f"{len(numbers) - 3} more")
    return f"Lines {', '.join(shown[:-1])} and {shown[-1]} are"


def _quoted(sections: Iterable[_Section]) -> str:
    return ", ".join(f"“{section}”" for section in sections)
