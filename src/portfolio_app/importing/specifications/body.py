"""The requirements of one unit, from the pieces of its text.

A line belongs to the requirement before it until something else begins: a reference, a heading, a blank line. What a
reference means depends on what is there already ("1" is an outcome where "1.1" follows, a criterion under an outcome
that says so), so the pieces are read once, in order, with a look at those that follow.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from portfolio_app.importing.specifications.heads import Beginning, beginning_of, is_head_line, label_alone
from portfolio_app.importing.specifications.marks import (
    Mark,
    Section,
    Sort,
    begins_section,
    begins_with_command,
    embedded,
    explains_layout,
    graded,
    kinds_named,
    led_in,
    mark_of,
    names_criteria,
    section_of,
)
from portfolio_app.importing.specifications.pieces import Piece

_AHEAD: Final = 16
_OPEN_END: Final = re.compile(
    r"(?:[,(/&–—-]|\b(?:a|an|and|any|are|as|at|be|by|for|from|has|have|her|his|how|if|in|including|into|is|its|of|on|or"
    r"|own|that|the|their|this|to|using|via|was|what|when|where|which|who|why|with|within|your))$",
    re.IGNORECASE,
)
_ENDED: Final = re.compile(r"[.;:!?…][\"'”’)\]]*$")
_GOES_ON: Final = re.compile(r"[a-z,;:)\]&/–—-]|\(|\d")
_EXAMPLES: Final = re.compile(
    r"\b(?:such as|e\.?g\.?|for example|for instance|may include|could include)\s*:?$", re.IGNORECASE
)
_DIGITS: Final = re.compile(r"\d+|[A-H]$")
_MOST_STRAYS: Final = 8
_LONGEST_ADVICE: Final = 4_000
_MOST_LINES: Final = 100
"""Lines of one requirement; more are certainly something else."""
_SHORTEST_WIDTH: Final = 40
_WRAPPED: Final = 8
_LEAST_OF_WRAPPED: Final = 0.85
_STATEMENT_KINDS: Final = {"K": "knowledge", "S": "skill", "B": "behaviour"}
_GRADES: Final = {"P": "pass criterion", "M": "merit criterion", "D": "distinction criterion"}


@dataclass(slots=True)
class Node:
    """A requirement as it grows.

    Attributes:
        ref: As printed; empty where nothing is.
        line: The source line that it begins on.
        page: Its page, or ``None``.
        kind: What the source calls it; empty for outcomes and criteria.
        is_heading: Whether it is an outcome, or whatever stands above criteria.
        parts: The lines of its text.
        bullets: What is listed under it.
        children: What stands under it.
        loose: Lines under it without any reference: criteria, if nothing better comes.
        again_of: What had this reference before, if something had.
    """

    ref: str
    line: int
    page: int | None = None
    kind: str = ""
    is_heading: bool = False
    parts: list[str] = field(default_factory=list)
    bullets: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    loose: list[Node] = field(default_factory=list)
    again_of: Node | None = None

    @property
    def text(self) -> str:
        """All its lines as one; a word that ends a line with a hyphen is joined with the next."""
        joined = ""
        for part in self.parts:
            joined += part if not joined or (joined[-1] == "-" and joined[-2:-1].isalnum()) else f" {part}"
        return " ".join(joined.split())

    @property
    def number(self) -> str:
        """The number of an outcome: "2" of "LO2"."""
        match = _DIGITS.search(self.ref)
        return match[0] if match else self.ref

    @property
    def lists_examples(self) -> bool:
        """Whether what is listed under it are only examples."""
        return _EXAMPLES.search(self.text) is not None


@dataclass(slots=True)
class Advice:
    """Something that is no requirement and worth keeping: what is to be taught, what a grade asks for."""

    title: str
    parts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Stray:
    """Lines among the requirements that belong to none of them."""

    line: int
    page: int | None
    text: str


@dataclass(slots=True)
class Findings:
    """What was found in the text of one unit."""

    top: list[Node] = field(default_factory=list)
    synopsis: list[str] = field(default_factory=list)
    front: list[str] = field(default_factory=list)
    """What stands before the first heading: a synopsis, where nothing is called one."""
    advice: list[Advice] = field(default_factory=list)
    left_out: dict[str, int | None] = field(default_factory=dict)
    """The headings of what was left out, each with its page."""
    strays: list[Stray] = field(default_factory=list)
    broken: list[tuple[Node, Node, int | None]] = field(default_factory=list)
    """Outcomes and their first criteria that go on over the top of a page."""
    kinds: set[str] = field(default_factory=set)
    """Of what headings speak: "element", "performance criterion"."""


def read_body(
    pieces: Sequence[Piece], head_places: frozenset[int] = frozenset(), unit: Beginning | None = None
) -> Findings:
    """Read the requirements of one unit.

    Args:
        pieces: The text of the unit.
        head_places: Which of the pieces were read as its head.
        unit: How it begins, so that a running title is known.
    """
    return _Body(pieces, head_places, unit).read()


class _Body:
    def __init__(self, pieces: Sequence[Piece], head_places: frozenset[int], unit: Beginning | None) -> None:
        self._pieces = pieces
        self._marks = [mark_of(piece.text) for piece in pieces]
        self._head_places = head_places
        self._unit = unit
        self._found = Findings()
        self._letters = _statement_letters(self._marks)
        self._section: Section | None = None
        self._section_name = ""
        self._outcomes: dict[str, Node] = {}
        self._criteria: dict[str, Node] = {}
        self._outcome: Node | None = None
        self._criterion: Node | None = None
        self._open: Node | None = None
        self._criteria_named = False
        self._outcomes_named = False
        self._width = 0
        self._last_length = 0
        self._last_page: int | None = None
        self._wrapped: deque[int] = deque(maxlen=_WRAPPED)
        """How long the last lines were that surely went on over the next."""
        self._row_ref = ""
        self._stray_row = -1
        self._title_begun = ""
        self._is_explained = False
        self._firsts: dict[tuple[int, str], Node] = {}
        """The first criterion of each reference under each outcome."""
        self._waiting: list[str] = []
        """Numbers of outcomes that are printed before all their texts, as columns are read one after another."""

    def read(self) -> Findings:
        for place, piece in enumerate(self._pieces):
            if self._is_running_title(place):
                continue
            if place in self._head_places:
                self._open = None
                if self._found.top and label_alone(piece.text):
                    self._begin_section(Section.NOTES, piece.text)
                continue
            for text in self._parted(place, piece.text):
                self._take(place, piece, text)
            self._last_length = len(piece.text)
            self._last_page = piece.page
            if self._open is not None:
                self._width = max(self._width, self._last_length)
        return self._found

    # What a line is

    def _take(self, place: int, piece: Piece, text: str) -> None:
        if self._section is Section.END:
            return
        if self._take_heading(place, piece, text):
            return
        mark = self._marks[place] if text == piece.text else mark_of(text)
        if piece.column.startswith("grade"):
            self._advise(f"{piece.column.removeprefix('grade ')}: {self._row_ref}".rstrip(": "), text)
            return
        if piece.column == "refs":
            self._row_ref = text
            if mark.sort is not Sort.STATEMENT:
                return
        if self._section in {Section.CONTENT, Section.NOTES, Section.GRADING, Section.SYNOPSIS}:
            if not self._reopens(place, piece, mark):
                self._take_other(piece, mark, text)
                return
            self._section = Section.REQUIREMENTS
        if self._take_marked(place, piece, mark):
            self._is_explained = False
        else:
            self._take_text(piece, mark, text)

    def _take_heading(self, place: int, piece: Piece, text: str) -> bool:
        """Take a line that says what follows it; say whether it was one."""
        if explains_layout(text):
            self._begin_section(Section.REQUIREMENTS, text)
            self._is_explained = True
            return True
        led = led_in(text)
        if led is not None:
            self._name(text[: len(text) - len(led[1])])
            self._begin_section(Section.REQUIREMENTS, text)
            self._take_led(place, piece, *led)
            return True
        return self._take_section(place, piece, text)

    def _take_section(self, place: int, piece: Piece, text: str) -> bool:
        """Take the heading of a section, or a line of the unit's head; say whether it was one."""
        inline = begins_section(text) if not piece.column else None
        if inline is not None:
            section_with, heading, rest = inline
            self._begin_section(section_with, heading)
            self._take_other(piece, mark_of(rest), rest)
            return True
        section = section_of(text)
        if section is Section.REQUIREMENTS:
            if piece.column in {"", "outcome", "criterion"} or piece.heading:
                self._name(text)
                self._begin_section(section, text)
            return True
        if section is not None and (not piece.column or piece.heading):
            self._begin_section(section, text)
            return True
        if self._marks[place].sort is Sort.TEXT and (piece.heading or is_head_line(text)):
            if piece.heading and self._found.top:
                self._begin_section(Section.NOTES, text)
            self._open = None
            return True
        return False

    def _take_led(self, place: int, piece: Piece, what: str, rest: str) -> None:
        """Take what stands behind "Learning outcome: the learner will …" or "The learner can: …" on its line."""
        mark = mark_of(rest)
        if what == "criteria":
            if mark.sort is Sort.TEXT and self._outcome is not None:
                self._loose(piece, rest)
            else:
                self._take(place, piece, rest)
        elif mark.sort in {Sort.NUMBER, Sort.OUTCOME} and mark.rest:
            self._begin_outcome(piece, mark.ref, mark.rest, mark.word)
        elif mark.sort is Sort.TEXT:
            self._begin_outcome(piece, "", rest, "")
        else:
            self._take(place, piece, rest)

    def _name(self, heading: str) -> None:
        """Remember what a heading over requirements speaks of."""
        self._found.kinds |= kinds_named(heading)
        self._criteria_named = names_criteria(heading)
        self._outcomes_named = not self._criteria_named or "outcome" in heading.casefold()
        self._open = None

    def _begin_section(self, section: Section, name: str) -> None:
        self._section, self._section_name, self._open = section, name.strip(" :"), None
        self._is_explained = False
        if section is Section.NOTES and self._found.top:
            self._found.left_out.setdefault(self._section_name, self._page_of(name))
        elif section is Section.CONTENT:
            self._found.advice.append(Advice(self._section_name))

    def _page_of(self, name: str) -> int | None:
        return next((piece.page for piece in self._pieces if piece.text == name), None)

    def _take_marked(self, place: int, piece: Piece, mark: Mark) -> bool:
        """Take a line that begins with a reference; say whether that is what it is."""
        match mark.sort:
            case Sort.OUTCOME:
                self._begin_outcome(piece, mark.ref, mark.rest, mark.word)
            case Sort.CRITERION:
                self._begin_criterion(piece, mark)
            case Sort.STATEMENT if mark.word in self._letters:
                self._begin_statement(piece, mark)
            case Sort.NUMBER:
                return self._take_number(place, piece, mark)
            case Sort.LETTER | Sort.ROMAN:
                return self._take_letter(piece, mark)
            case Sort.BULLET:
                return self._take_bullet(piece, mark)
            case _:
                return False
        return True

    def _take_number(self, place: int, piece: Piece, mark: Mark) -> bool:
        """Take a number alone as an outcome, as a criterion under one, or not at all."""
        number = int(mark.ref)
        if self._open is not None and not self._open.text and self._open.ref == mark.ref:
            self._open.parts.append(mark.rest)
        elif piece.column == "outcome" or self._announces(place, mark):
            self._begin_outcome(piece, mark.ref, mark.rest, "")
        elif piece.column == "criterion" or (self._criteria_named and self._expects_numbers(number)):
            self._begin_criterion(piece, mark)
        elif self._is_next_outcome(number, mark.rest) and (self._outcomes_named or self._follows_criteria()):
            self._begin_outcome(piece, mark.ref, mark.rest, "")
        elif self._criterion is not None and self._is_next_item(self._criterion, number):
            self._criterion.bullets.append(mark.rest)
        elif not mark.rest and not self._found.top and number == len(self._waiting) + 1:
            self._waiting.append(mark.ref)
        else:
            return False
        return True

    def _expects_numbers(self, number: int) -> bool:
        """Say whether this number can be the next criterion under the outcome."""
        if self._outcome is None or "." in (self._outcome.children[-1].ref if self._outcome.children else ""):
            return False
        last = self._outcome.children[-1].ref if self._outcome.children else "0"
        return last.isdigit() and int(last) < number <= int(last) + 2

    def _is_next_item(self, node: Node, number: int) -> bool:
        return number == len(node.bullets) + 1 and (number > 1 or node.text.endswith(":"))

    def _is_next_outcome(self, number: int, rest: str) -> bool:
        if self._section is not Section.REQUIREMENTS or not (rest[:1].isupper() or rest[:1] in "“‘"):
            return False
        known = [int(ref) for ref in self._outcomes if ref.isdigit()]
        return str(number) in self._outcomes or number == max(known, default=0) + 1

    def _follows_criteria(self) -> bool:
        """Whether the last outcome has criteria, and no sentence is open: a heading that is never closed may follow."""
        outcome, last = self._outcome, self._open
        if outcome is None or not outcome.children or not outcome.is_heading:
            return False
        return last is None or _OPEN_END.search((last.bullets or last.parts or [""])[-1]) is None

    def _announces(self, place: int, mark: Mark) -> bool:
        """Say whether criteria follow that have this number before the point."""
        if not mark.rest and place + 1 >= len(self._pieces):
            return False
        prefix = f"{mark.ref}."
        if any(ref.startswith(prefix) for _, ref in embedded(self._pieces[place].text)):
            return True
        for later in self._marks[place + 1 : place + 1 + _AHEAD]:
            if later.sort is Sort.CRITERION and "." in later.ref:
                if not self._reads_as_criterion(later.rest):
                    return False
                return later.ref.startswith(prefix) or (
                    later.ref.count(".") == 2
                    and later.ref.split(".")[1] == mark.ref
                    and later.ref.split(".")[0] not in self._outcomes
                )
            if later.sort in {Sort.OUTCOME, Sort.STATEMENT} or (
                later.sort is Sort.NUMBER and int(later.ref) == int(mark.ref) + 1
            ):
                return False
        return False

    def _take_letter(self, piece: Piece, mark: Mark) -> bool:
        """Take "(a)" as a part of a numbered criterion, else as a criterion under an outcome."""
        criterion, outcome = self._criterion, self._outcome
        siblings = outcome.children if outcome is not None else []
        is_lettered = bool(siblings) and len(siblings[-1].ref) == 1 and siblings[-1].ref.isalpha()
        if outcome is not None and (not siblings or is_lettered) and len(mark.ref) == 1:
            expected = chr(ord(siblings[-1].ref) + 1) if siblings else "a"
            if mark.ref == expected or (mark.sort is Sort.LETTER and siblings and mark.ref > siblings[-1].ref):
                node = self._node(piece, mark)
                outcome.children.append(node)
                self._criterion = self._open = node
                return True
        if criterion is not None:
            criterion.bullets.append(mark.rest)
            self._open = criterion
            return True
        return False

    def _take_bullet(self, piece: Piece, mark: Mark) -> bool:
        if not mark.rest:
            return True
        if piece.column == "criterion" and (self._criterion is None or not self._criterion.text.endswith(":")):
            self._loose(piece, mark.rest)
        elif self._criterion is not None and self._open is not None and self._lists(self._criterion):
            self._criterion.bullets.append(mark.rest)
        elif self._outcome is not None and self._section is Section.REQUIREMENTS:
            self._loose(piece, mark.rest)
        else:
            return False
        return True

    def _lists(self, node: Node) -> bool:
        """Whether bullets under it are its parts; under what has no reference itself they are its neighbours."""
        return bool(node.ref) or node.text.endswith(":") or bool(node.bullets)

    def _reopens(self, place: int, piece: Piece, mark: Mark) -> bool:
        """Say whether requirements go on here, after something that is none."""
        if piece.column in {"outcome", "criterion", "refs"}:
            return True
        is_taught_first = self._section is Section.CONTENT and not self._criteria
        match mark.sort:
            case Sort.OUTCOME:
                known = self._outcomes.get(_number_of(mark.ref))
                reopens = (known is None or not known.children) and self._has_criteria_ahead(place)
            case Sort.CRITERION:
                is_due = bool(mark.word) or (not is_taught_first and mark.ref in self._expected())
                reopens = mark.ref not in self._criteria and is_due and self._reads_as_criterion(mark.rest)
            case Sort.STATEMENT:
                is_new = mark.word in self._letters and mark.ref not in self._criteria
                reopens = is_new and len(mark.rest.split()) > 2
            case Sort.NUMBER:
                reopens = not is_taught_first and mark.ref not in self._outcomes and self._announces(place, mark)
            case _:
                reopens = False
        return reopens

    def _reads_as_criterion(self, text: str) -> bool:
        """Say whether this can be a criterion although what is to be taught is numbered in the same way."""
        return self._section is not Section.CONTENT or begins_with_command(text)

    def _expected(self) -> set[str]:
        outcome = self._outcome
        if outcome is None:
            return {"1.1"} if not self._criteria else {_after(next(reversed(self._criteria)))}
        if not outcome.children:
            return {f"{outcome.number}.1"}
        last = outcome.children[-1].ref
        found = {_after(last)}
        if outcome.number.isdigit():
            found.add(f"{int(outcome.number) + 1}.1")
        return found

    def _has_criteria_ahead(self, place: int) -> bool:
        for offset in range(1, _AHEAD):
            if place + offset >= len(self._pieces):
                break
            mark, text = self._marks[place + offset], self._pieces[place + offset].text
            if mark.sort is Sort.CRITERION or names_criteria(text):
                return True
            if mark.sort is Sort.OUTCOME:
                return False
        return False

    def _parted(self, place: int, text: str) -> Iterator[str]:
        """Part a line where further requirements begin on it: "2 Be able to plan 2.1 Plan the work 2.2 …"."""
        mark = self._marks[place]
        candidates = (
            embedded(text) if mark.sort in {Sort.CRITERION, Sort.NUMBER, Sort.OUTCOME} or "1.1 " in text else []
        )
        if not candidates:
            yield text
            return
        expected = self._first_expected(mark)
        start = 0
        for position, ref in candidates:
            if ref not in expected or position <= start:
                continue
            if "." not in ref and f" {ref}.1" not in text[position:]:
                continue
            yield text[start:position].rstrip()
            start = position
            expected = {_after(ref)} if "." in ref else {f"{ref}.1"}
            if "." in ref and ref.split(".")[0].isdigit():
                expected.add(str(int(ref.split(".")[-2]) + 1))
        yield text[start:]

    def _first_expected(self, mark: Mark) -> set[str]:
        match mark.sort:
            case Sort.CRITERION if "." in mark.ref:
                return {_after(mark.ref), str(int(mark.ref.split(".")[-2]) + 1)}
            case Sort.NUMBER | Sort.OUTCOME:
                return {f"{_number_of(mark.ref)}.1"}
            case _:
                return {"1.1", *self._expected()}

    def _is_running_title(self, place: int) -> bool:
        """Whether a line repeats how the unit begins, at the top of a further page, or is the second line of that."""
        unit, piece = self._unit, self._pieces[place]
        if unit is None or piece.row:
            return False
        beginning = beginning_of(piece.text)
        if beginning is None:
            before = self._title_begun
            self._title_begun = ""
            return bool(before) and _folded(unit.title) == _folded(f"{before} {piece.text}")
        if not (beginning.number or beginning.title) or not beginning.agrees(unit):
            return False
        self._title_begun = beginning.title
        return True

    # What becomes of it

    def _node(self, piece: Piece, mark: Mark, **values: object) -> Node:
        kind = values.get("kind", "")
        return Node(mark.ref, piece.line, piece.page, str(kind), parts=[mark.rest] if mark.rest else [])

    def _begin_outcome(self, piece: Piece, ref: str, rest: str, word: str) -> None:
        self._criterion = None
        self._row_ref = ref or rest
        if word == "element":
            self._found.kinds.add("element")
        number = _number_of(ref)
        known = self._outcomes.get(number) if ref else self._same_outcome(rest)
        if known is not None and self._goes_on_with(known, rest):
            self._outcome = known
            # What is printed again goes on over lines that are there already.
            self._open = known if known.parts == [rest] or not known.text else Node(ref, piece.line, parts=[rest])
        else:
            node = Node(ref, piece.line, piece.page, is_heading=True, parts=[rest] if rest else [], again_of=known)
            self._found.top.append(node)
            self._outcomes[number or f"?{len(self._found.top)}"] = node
            self._outcome = self._open = node
        self._section = Section.REQUIREMENTS
        self._criteria_named = piece.column == "outcome"

    def _same_outcome(self, text: str) -> Node | None:
        """Return the outcome above if a merged cell only says it again."""
        return self._outcome if self._outcome is not None and _folded(self._outcome.text) == _folded(text) else None

    def _goes_on_with(self, known: Node, rest: str) -> bool:
        """Say whether an outcome whose number was there before is the same, and take better words for it."""
        said, before = _folded(rest), _folded(known.text)
        if not said or said == before or (len(said) > 12 and before.startswith(said)):
            return True
        if known.children:
            return len(before) > 12 and said.startswith(before)
        known.parts, known.loose, known.bullets = [rest], [], []
        return True

    def _begin_criterion(self, piece: Piece, mark: Mark) -> None:
        self._waiting.clear()
        node = self._node(piece, mark)
        parent = self._parent_of(mark)
        siblings = parent.children if parent is not None else self._found.top
        node.again_of = self._firsts.setdefault((id(parent), mark.ref), node)
        if node.again_of is node:
            node.again_of = None
        if node.again_of is not None and not node.again_of.text:
            node.again_of.parts = node.parts
            node = node.again_of
        else:
            siblings.append(node)
            if "." in mark.ref:
                self._criteria.setdefault(mark.ref, node)
        self._criterion = self._open = node
        self._row_ref = mark.ref
        if parent is not None and parent.is_heading:
            self._outcome = parent
        self._section = Section.REQUIREMENTS

    def _parent_of(self, mark: Mark) -> Node | None:
        """Return what a criterion stands under by its number, or ``None`` at the top."""
        if "." not in mark.ref:
            return self._outcome
        *above, _ = mark.ref.split(".")
        prefix = ".".join(above)
        if prefix in self._criteria:
            return self._criteria[prefix]
        if prefix in self._outcomes:
            return self._outcomes[prefix]
        if len(above) > 1:
            return self._outcomes.get(above[0]) or self._outcomes.get(above[-1])
        outcome = self._outcome
        if (
            outcome is not None
            and not outcome.ref
            and (not outcome.children or outcome.children[-1].ref.startswith(f"{prefix}."))
        ):
            return outcome
        return None

    def _begin_statement(self, piece: Piece, mark: Mark) -> None:
        is_graded = mark.word in _GRADES
        if (
            is_graded
            and "performance criterion" in self._found.kinds
            and "M1" not in {each.ref for each in self._marks}
        ):
            kind = "performance criterion"
        else:
            kind = _GRADES[mark.word] if is_graded else _STATEMENT_KINDS[mark.word]
        node = self._node(piece, mark, kind=kind)
        siblings = self._outcome.children if is_graded and self._outcome is not None else self._found.top
        known = self._criteria.get(mark.ref)
        if known is not None and not known.text:
            known.parts = node.parts
            node = known
        else:
            node.again_of = known
            siblings.append(node)
            self._criteria.setdefault(mark.ref, node)
        self._criterion = self._open = node
        self._row_ref = mark.ref
        self._section = Section.REQUIREMENTS

    def _loose(self, piece: Piece, text: str) -> None:
        outcome = self._outcome
        if outcome is None:
            self._stray(piece, text)
            return
        node = Node("", piece.line, piece.page, parts=[text])
        outcome.loose.append(node)
        self._criterion = self._open = node

    def _take_text(self, piece: Piece, mark: Mark, text: str) -> None:
        if self._waiting and (piece.starts or self._open is None):
            self._begin_outcome(piece, self._waiting.pop(0), text, "")
            return
        grade = graded(text)
        if grade is not None and (self._criterion is not None or self._outcome is not None):
            about = self._criterion or self._outcome
            self._advise(f"{grade[0]}: {about.ref if about else ''}".rstrip(": "), grade[1])
            self._open = None
            return
        if piece.column == "outcome" and piece.starts:
            self._begin_outcome(piece, "", text, "")
        elif piece.column == "criterion" and self._outcome is not None and not self._goes_on(piece, text):
            self._loose(piece, text)
        elif self._open is not None and self._goes_on(piece, text):
            self._note_break(piece)
            self._go_on(mark, text)
        elif self._criteria_named and self._outcome is not None and self._is_loose(piece, text):
            self._loose(piece, text)
        elif self._section is None:
            self._open = None
            _add(self._found.front, piece, mark, text)
        else:
            self._open = None
            if not self._is_explained:
                self._stray(piece, text)

    def _is_loose(self, piece: Piece, text: str) -> bool:
        """Whether a line without any mark can be a criterion: under an outcome that has none with a reference."""
        outcome = self._outcome
        return outcome is not None and not outcome.children and len(text.split()) > 1 and bool(piece.line)

    def _note_break(self, piece: Piece) -> None:
        """Note a row of a table that goes on over the next page: its columns stand among each other there."""
        outcome, node = self._outcome, self._open
        is_first = outcome is not None and node is not None and outcome.children[:1] == [node]
        if is_first and outcome is not None and node is not None and piece.page != self._last_page:
            self._found.broken.append((outcome, node, piece.page))

    def _go_on(self, mark: Mark, text: str) -> None:
        node = self._open
        assert node is not None  # noqa: S101 - the caller looked
        if text[:1].islower():
            self._wrapped.append(self._last_length)
        if node.bullets:
            node.bullets[-1] = f"{node.bullets[-1]} {text}"
        else:
            node.parts.append(mark.rest if mark.sort is Sort.BULLET else text)

    def _goes_on(self, piece: Piece, text: str) -> bool:
        """Say whether a line without a mark belongs to the requirement above it."""
        node = self._open
        if node is None:
            return False
        last = (node.bullets or node.parts or [""])[-1]
        if len(node.parts) > _MOST_LINES or len(last) > _LONGEST_ADVICE:
            return False
        is_loose = not node.ref and not node.is_heading
        if not last:
            goes_on = True
        elif piece.row:
            goes_on = not piece.starts and not is_loose
        elif is_loose and begins_with_command(text):
            goes_on = False
        elif _OPEN_END.search(last):
            goes_on = True
        elif _GOES_ON.match(text):
            goes_on = not piece.starts or not _ENDED.search(last)
        else:
            goes_on = not piece.starts and self._was_full(last)
        return goes_on

    def _was_full(self, last: str) -> bool:
        """Say whether the line before was so long that the next word had to begin another."""
        if len(self._wrapped) > 1 and not _ENDED.search(last):
            return self._last_length >= _LEAST_OF_WRAPPED * min(self._wrapped)
        width = max(self._width, _SHORTEST_WIDTH)
        return self._last_length >= (0.8 if _ENDED.search(last) else 0.6) * width

    def _stray(self, piece: Piece, text: str) -> None:
        strays = self._found.strays
        if strays and piece.line - self._stray_row <= 1:
            self._stray_row = piece.line
            return
        self._stray_row = piece.line
        if len(strays) <= _MOST_STRAYS:
            strays.append(Stray(piece.line, piece.page, text))

    def _advise(self, title: str, text: str) -> None:
        self._found.advice.append(Advice(title, [text]))

    def _take_other(self, piece: Piece, mark: Mark, text: str) -> None:
        """Take a line that is no requirement."""
        if self._section is Section.SYNOPSIS:
            _add(self._found.synopsis, piece, mark, text)
        elif self._section in {Section.CONTENT, Section.GRADING}:
            advice = self._found.advice
            grade = graded(text)
            if grade is not None:
                self._advise(f"{grade[0]}: {self._row_ref}".rstrip(": "), grade[1])
            elif mark.sort in {Sort.OUTCOME, Sort.CRITERION, Sort.NUMBER} and mark.rest:
                advice.append(Advice(f"{self._section_name} {mark.ref}", [mark.rest]))
            elif advice and sum(map(len, advice[-1].parts)) < _LONGEST_ADVICE:
                _add(advice[-1].parts, piece, mark, text)
            else:
                advice.append(Advice(self._section_name, [text]))


def _add(parts: list[str], piece: Piece, mark: Mark, text: str) -> None:
    """Add a line to a text of paragraphs and bullets."""
    if mark.sort is Sort.BULLET:
        parts.append(f"- {mark.rest}")
    elif (
        parts
        and mark.sort is Sort.TEXT
        and not (piece.starts and _ENDED.search(parts[-1]))
        and len(parts[-1]) < _LONGEST_ADVICE
    ):
        parts[-1] = f"{parts[-1]} {text}"
    else:
        parts.append(text)


def _statement_letters(marks: Sequence[Mark]) -> frozenset[str]:
    """Return which letters number statements here: those that are there often enough, and begin with 1."""
    refs = {mark.ref for mark in marks if mark.sort is Sort.STATEMENT}
    counts = {letter: sum(ref.startswith(letter) for ref in refs) for letter in "KSBPMD"}
    found = {letter for letter, count in counts.items() if count > 2 or (count > 1 and f"{letter}1" in refs)}
    firsts = {letter for letter in "KSB" if f"{letter}1" in refs}
    if found & {"K", "S", "B"} or len(firsts) > 1:
        found |= firsts
    found |= {letter for letter in "MD" if "P" in found and f"{letter}1" in refs}
    if "P" not in found:
        found -= {"M", "D"}
    return frozenset(found)


def _number_of(ref: str) -> str:
    match = _DIGITS.search(ref)
    return match[0] if match else ref


def _after(ref: str) -> str:
    """Return the reference that comes next: 1.3 after 1.2."""
    before, dot, last = ref.rpartition(".")
    return f"{before}{dot}{int(last) + 1}" if last.isdigit() else ""


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
