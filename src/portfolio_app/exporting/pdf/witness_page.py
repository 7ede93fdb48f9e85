"""The form for a witness on its one page: what always stands there, and how the rest is fitted in between.

The page never becomes two: requirements are listed in few words as long as there is room, what the item says is cut
with a mark, and whatever is left over goes to the box that the witness writes in.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from portfolio_app.domain.review import CHECKED
from portfolio_app.domain.witness import LONGEST_GIVEN, Part
from portfolio_app.domain.witness_form import NO, YES, box_name
from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.blocks import Block
from portfolio_app.exporting.pdf.form_fields import Box
from portfolio_app.exporting.pdf.paper import Paper, TextStyle
from portfolio_app.exporting.pdf.pen import FIELD_INSET, FURNITURE_SIZE, Furniture, Pen
from portfolio_app.exporting.pdf.structure import HEADING, Element
from portfolio_app.exporting.pdf.text import TextBlock, Typesetter
from portfolio_app.exporting.typography import BOLD
from portfolio_app.exporting.witness_sheet import WitnessSheet

_SIDE: Final = 48.0
_HEAD: Final = 40.0
_FOOT: Final = 44.0
_BETWEEN: Final = 10.0  # fields beside each other
_LINE: Final = 18.0  # the height of a field of one line
_TWO_LINES: Final = 27.0
_UNDER_FIELDS: Final = 6.0
_UNDER_TICKS: Final = 5.0
_EDGE: Final = 8.0  # inside the shaded box
_TICK: Final = 9.0
_TICK_ROOM: Final = 16.0
_LEAST_ACCOUNT: Final = 84.0
_LEAST_ABOUT, _MOST_ABOUT = 2, 14  # lines
_TICK_LAYOUTS: Final = ((3, 1, 5), (1, 1, 4), (1, 2, _LEAST_ABOUT))
"""How requirements are listed, the most comfortable first: lines of each, how many beside each other, and how many
lines of what the item says must have room as well."""
_MOST_PROMPTS: Final = 2
_LONGEST: Final = 4000  # characters of a paragraph: more than the page could hold
_ANY: Final = math.inf

_TITLES: Final = tuple((TextStyle(size, size * 1.22, BOLD), lines) for size, lines in ((18, 1), (15.5, 1), (13, 2)))
"""How the title is set, the largest first, and in how many lines at most."""
_LEAD: Final = TextStyle(9, 12.5)
_MUTED: Final = TextStyle(8.5, 11.5, colour=house_style.MUTED)
_HEADING: Final = TextStyle(11, 14, BOLD)
_ITEM: Final = TextStyle(9.5, 12.5, BOLD)
_SMALL: Final = TextStyle(8.5, 11.5)
_LABEL: Final = TextStyle(8, 10.5, colour=house_style.MUTED)
_NOTE: Final = TextStyle(7.5, 10, colour=house_style.MUTED)
_BEFORE_HEADING, _AFTER_HEADING = 9.0, 3.0
_TYPED: Final = (10.0, 9.0, 8.0)  # sizes of what is typed, in points: smaller where what is filled in needs it
_FIELD_EDGE: Final = FIELD_INSET + 2.0

_SEVERAL_LINES: Final = frozenset({Part.OCCASION, Part.ACCOUNT})
_LONGEST_ACCOUNT: Final = 6000  # characters
_LEADING: Final = 1.36  # of what is typed


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something of a certain height, drawn from its upper edge."""

    height: float
    draw: Callable[[float], None]


class WitnessPage:
    """Draws one form on one page."""

    def __init__(self, sheet: WitnessSheet, paper: Paper, pen: Pen, typesetter: Typesetter) -> None:
        self.listed = 0
        """How many of the requirements have a box, once it is drawn: those that come first."""
        self._sheet = sheet
        self._paper = paper
        self._pen = pen
        self._typesetter = typesetter
        self._words = typesetter.words
        self._width = paper.width - 2 * _SIDE

    def draw(self, foot: str) -> None:
        """Fill the page; ``foot`` stands at its foot."""
        pen, paper, words = self._pen, self._paper, self._words
        pen.new_page(paper.width, paper.height)
        head = [*self._head(), self._heading(words("witness_form.about"))]
        seen = self._heading(words("witness_form.seen"))
        occasion = self._fields((Part.OCCASION, 0.48), (Part.SEEN_FROM, 0.29), (Part.SEEN_TO, 0.23), height=_TWO_LINES)
        end = [*self._witness(), *self._statement()]
        room = paper.height - _HEAD - _FOOT - self._account(_LEAST_ACCOUNT).height
        room -= sum(piece.height for piece in (*head, seen, occasion, *end))
        ticks = self._ticks(room)
        room -= sum(piece.height for piece in ticks)
        about = self._about(_LEAST_ABOUT)
        for lines in range(_LEAST_ABOUT + 1, _MOST_ABOUT + 1):
            larger = self._about(lines)
            if larger.height > room:
                break
            about = larger
        account = self._account(_LEAST_ACCOUNT + max(room - about.height, 0.0))
        y = paper.height - _HEAD
        for piece in (*head, about, seen, *ticks, occasion, account, *end):
            piece.draw(y)
            y -= piece.height
        with pen.furniture(Furniture.FOOT):
            pen.label(_SIDE, _FOOT - 16, foot, size=FURNITURE_SIZE, colour=house_style.MUTED)

    # The parts of the page, from its head to its foot

    def _head(self) -> Iterator[_Piece]:
        sheet, words = self._sheet, self._words
        title = words("witness_form.title", kind=sheet.title, learner=sheet.learner)
        for style, most_lines in _TITLES:
            blocks, is_whole = self._cut([title], style, self._width, most_lines, heading=1)
            if is_whole:
                break
        yield self._set(blocks)
        if sheet.programme:
            yield self._text(sheet.programme, _MUTED, 1)
        to = words("witness_form.send_to", address=sheet.send_to) if sheet.send_to else ""
        yield self._text(words("witness_form.lead", learner=sheet.learner, to=to), _LEAD, 6, before=5)

    def _about(self, most_lines: int) -> _Piece:
        """Say which item it is, and as much of what it says as so many lines hold."""
        sheet, width = self._sheet, self._width - 2 * _EDGE
        name = " · ".join(filter(None, (sheet.ref, sheet.item, sheet.when)))
        said = sheet.about or (self._words("witness_form.nothing_said"),)
        mark = self._words("witness_form.shortened")
        blocks = [*self._cut([name], _ITEM, width, 2)[0], *self._cut(said, _SMALL, width, most_lines, mark=mark)[0]]
        height = sum(block.height(width, _ANY) for block in blocks) + 2 * _EDGE

        def draw(y: float) -> None:
            self._pen.shade(_SIDE, y - height, self._width, height, house_style.SUNKEN)
            self._paint(blocks, _SIDE + _EDGE, y - _EDGE, width)

        return _Piece(height, draw)

    def _ticks(self, room: float) -> list[_Piece]:
        """Return the requirements with their boxes: whole if all fit so, else shorter, else as many as fit."""
        texts = self._sheet.requirements
        if not texts:
            return []
        lead = self._text(self._words("witness_form.tick"), _SMALL, 1)
        room -= lead.height + _UNDER_TICKS
        for most_lines, abreast, lines_of_about in _TICK_LAYOUTS:
            left = room - self._about(lines_of_about).height
            rows = self._tick_rows(most_lines, abreast)
            if sum(row.height for row in rows) <= left:
                self.listed = len(texts)
                break
        else:
            fitting = max(int((left - _SMALL.leading) / rows[0].height), 0)
            self.listed = min(fitting * abreast, len(texts))
            more = self._words.count("witness_form.more", len(texts) - self.listed)
            rows = [*rows[:fitting], self._text(more, _MUTED, 1)]
        return [lead, *rows, _Piece(_UNDER_TICKS, lambda _: None)]

    def _tick_rows(self, most_lines: int, abreast: int) -> list[_Piece]:
        """Return rows of so many requirements beside each other, each of so many lines at most."""
        texts = self._sheet.requirements
        width = (self._width - _BETWEEN * (abreast - 1)) / abreast
        rows = []
        for start in range(0, len(texts), abreast):
            some = [
                self._tick(number, texts[number - 1], most_lines, width)
                for number in range(start + 1, min(start + abreast, len(texts)) + 1)
            ]

            def draw(y: float, some: Sequence[tuple[float, Callable[[float, float], None]]] = tuple(some)) -> None:
                for place, (_, draw_one) in enumerate(some):
                    draw_one(_SIDE + place * (width + _BETWEEN), y)

            rows.append(_Piece(max(height for height, _ in some), draw))
        return rows

    def _tick(
        self, number: int, text: str, most_lines: int, width: float
    ) -> tuple[float, Callable[[float, float], None]]:
        """Return the height of a requirement with its box, and what draws it from its upper left corner."""
        inner = width - _TICK_ROOM
        blocks = self._cut([text], _SMALL, inner, most_lines)[0]
        height = max(sum(block.height(inner, _ANY) for block in blocks), _SMALL.leading) + 1.5

        def draw(x: float, y: float) -> None:
            head = y - 1.5
            tip = self._words("witness_form.tick_tip", requirement=text)
            box = (x, head - _TICK, x + _TICK, head)
            self._pen.check_box(box_name(number), box, Element("Form"), tip=tip, state=CHECKED)
            self._paint(blocks, x + _TICK_ROOM, y, inner)

        return height, draw

    def _account(self, height: float) -> _Piece:
        """Leave so much room to write in, below what is asked."""
        asked = self._cut([self._words("witness_form.account")], _SMALL, self._width, 1)[0]
        prompts = self._cut(self._sheet.prompts[:_MOST_PROMPTS], _NOTE, self._width, 3)[0]
        above = sum(block.height(self._width, _ANY) for block in (*asked, *prompts)) + 2

        def draw(y: float) -> None:
            self._paint([*asked, *prompts], _SIDE, y, self._width)
            self._field(Part.ACCOUNT, (_SIDE, y - above - height, _SIDE + self._width, y - above))

        return _Piece(above + height, draw)

    def _witness(self) -> Iterator[_Piece]:
        yield self._heading(self._words("witness_form.you"))
        yield self._fields((Part.NAME, 0.5), (Part.ROLE, 0.5))
        yield self._fields((Part.ORGANISATION, 0.5), (Part.RELATION, 0.5))
        yield self._fields((Part.REACHED_AT, 0.62), (Part.MAY_BE_CONTACTED, 0.38))

    def _statement(self) -> Iterator[_Piece]:
        yield self._heading(self._words("witness_form.statement"))
        yield self._text(self._words("witness_form.declares"), _LEAD, 3)
        yield self._fields((Part.SIGNATURE, 0.68), (Part.SIGNED_ON, 0.32), before=3)
        yield self._text(self._words("witness_form.signature_note"), _NOTE, 3)

    # What they are made of

    def _heading(self, text: str) -> _Piece:
        blocks, _ = self._cut([text], _HEADING, self._width, 1, heading=2)
        return self._set(blocks, before=_BEFORE_HEADING, after=_AFTER_HEADING)

    def _text(self, text: str, style: TextStyle, most_lines: int, *, before: float = 0.0) -> _Piece:
        return self._set(self._cut([text], style, self._width, most_lines)[0], before=before)

    def _set(self, blocks: Sequence[Block], *, before: float = 0.0, after: float = 0.0) -> _Piece:
        height = before + sum(block.height(self._width, _ANY) for block in blocks) + after
        return _Piece(height, lambda y: self._paint(blocks, _SIDE, y - before, self._width))

    def _paint(self, blocks: Sequence[Block], x: float, y: float, width: float) -> None:
        for block in blocks:
            block.paint(self._pen, x, y, width)
            y -= block.height(width, _ANY)

    def _fields(self, *parts: tuple[Part, float], before: float = 0.0, height: float = _LINE) -> _Piece:
        """Return fields beside each other, each with its label above and its share of the width.

        Those of several lines are of this height.
        """
        room = self._width - _BETWEEN * (len(parts) - 1)
        widths = [room * share for _, share in parts]
        labels = [
            self._cut([self._label(part)], _LABEL, width, 1)[0] for (part, _), width in zip(parts, widths, strict=True)
        ]
        above = before + _LABEL.leading

        def draw(y: float) -> None:
            x = _SIDE
            for (part, _), width, label in zip(parts, widths, labels, strict=True):
                self._paint(label, x, y - before, width)
                tall = height if part in _SEVERAL_LINES else _LINE
                self._field(part, (x, y - above - tall, x + width, y - above))
                x += width + _BETWEEN

        return _Piece(above + height + _UNDER_FIELDS, draw)

    def _label(self, part: Part) -> str:
        return self._words(f"witness_form.{part.value}", learner=self._sheet.learner)

    def _field(self, part: Part, box: Box) -> None:
        if part is Part.MAY_BE_CONTACTED:
            self._yes_or_no(part, box)
            return
        given = self._sheet.given.get(part, "")
        self._pen.text_field(
            part.value,
            box,
            Element("Form"),
            tip=self._label(part),
            value=given,
            size=self._size_for(given, box, part),
            multi_line=part in _SEVERAL_LINES,
            longest=max(_LONGEST_ACCOUNT if part is Part.ACCOUNT else LONGEST_GIVEN, len(given)),
        )

    def _size_for(self, given: str, box: Box, part: Part) -> float:
        """Return the largest size of letters at which what is filled in can be read whole, or the smallest."""
        width, height = box[2] - box[0] - 2 * _FIELD_EDGE, box[3] - box[1]
        for size in _TYPED:
            lines = self._block(given, TextStyle(size, size), 0).line_count(width)
            if lines <= (int(height / (size * _LEADING)) if part in _SEVERAL_LINES else 1):
                return size
        return _TYPED[-1]

    def _yes_or_no(self, part: Part, box: Box) -> None:
        left, foot, _, head = box
        x, low = left, (foot + head - _TICK) / 2
        for state in (YES, NO):
            button = (x, low, x + _TICK, low + _TICK)
            word = self._words(f"witness_form.{state}")
            tip = self._label(part)
            self._pen.radio_button(part.value, button, Element("Form"), tip=tip, state=state, state_tip=word)
            x += _TICK_ROOM
            x += self._pen.label(x, low + 1.2, word, size=_SMALL.size, element=Element("P")) + 2 * _BETWEEN

    def _cut(
        self,
        texts: Sequence[str],
        style: TextStyle,
        width: float,
        most_lines: int,
        *,
        heading: int = 0,
        mark: str = "…",
    ) -> tuple[list[Block], bool]:
        """Set paragraphs in at most so many lines, the end cut with a mark; return also whether all is there."""
        blocks: list[Block] = []
        left = most_lines
        for number, text in enumerate(texts):
            is_last = number == len(texts) - 1
            if left <= 0:
                return blocks, False
            block = self._block(text[:_LONGEST], style, heading)
            lines = block.line_count(width)
            # A paragraph after which others have no room must say so itself.
            if len(text) <= _LONGEST and (lines < left or (lines == left and is_last)):
                blocks.append(block)
                left -= lines
                continue
            blocks.append(self._shortened(text[:_LONGEST], style, width, left, heading=heading, mark=mark))
            return blocks, False
        return blocks, True

    def _shortened(
        self, text: str, style: TextStyle, width: float, most_lines: int, *, heading: int, mark: str
    ) -> TextBlock:
        """Return as much of a paragraph as fits into so many lines with the mark, cut between words if it has some."""
        pieces, gap = (text.split(" "), " ") if " " in text else (list(text), "")

        def cut(count: int) -> TextBlock:
            return self._block(f"{gap.join(pieces[:count])} {mark}".strip(), style, heading)

        fitting = bisect_right(range(len(pieces)), most_lines, key=lambda count: cut(count).line_count(width)) - 1
        return cut(max(fitting, 0))

    def _block(self, text: str, style: TextStyle, heading: int) -> TextBlock:
        element = Element(HEADING, level=heading) if heading else Element("P")
        return self._typesetter.plain(text, style, element)
