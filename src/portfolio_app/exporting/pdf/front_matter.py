"""Entries of the contents, and lines to sign on."""

from __future__ import annotations

import math
from dataclasses import replace

from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.blocks import Block
from portfolio_app.exporting.pdf.destinations import Destination
from portfolio_app.exporting.pdf.paper import HAIRLINE, QUIET_CELL, TextStyle
from portfolio_app.exporting.pdf.pen import Pen
from portfolio_app.exporting.pdf.structure import Element
from portfolio_app.exporting.pdf.text import Typesetter
from portfolio_app.exporting.typography import BOLD

_ENTRY_STYLES = (TextStyle(10, 15, BOLD, before=7, after=1), TextStyle(9, 13.5, indent=14, before=1, after=1))
_NUMBER_ROOM = 34.0


class ContentsEntry(Block):
    """A heading, a dotted line and the page it stands on; all of it leads there."""

    def __init__(self, typesetter: Typesetter, title: str, level: int, place: Destination, contents: Element) -> None:
        style = _ENTRY_STYLES[min(level, len(_ENTRY_STYLES)) - 1]
        self.before = style.before
        self.after = style.after
        self._style = style
        self._link = Element("Link", parent=Element("Reference", parent=Element("TOCI", parent=contents)))
        self._title = typesetter.plain(" ".join(title.split()), style, self._link)
        self._words = title
        self._place = place

    def height(self, width: float, room: float) -> float:
        """Return the height of the title's lines."""
        return max(self._title.height(width - _NUMBER_ROOM, room), self._style.leading)

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Write title and page number."""
        high = self.height(width, math.inf)
        self._title.paint(pen, x, y, width - _NUMBER_ROOM)
        style = self._style
        baseline = y - high + style.leading / 2 - style.size * 0.35
        start = x + self._title.last_line_width(width - _NUMBER_ROOM) + 8
        stop = x + width - _NUMBER_ROOM + 8
        if start < stop - 6:
            pen.leader(start, stop, baseline + 0.6)
        pen.page_number_of(self._place, x + width, baseline, size=style.size, font=style.font, element=self._link)
        pen.link(self._place, (x, y - high, x + width, y), self._words, self._link)


_LINE_COLUMNS = ((0.0, 0.34), (0.37, 0.36), (0.76, 0.24))  # start and width, as shares of the text width
_ROOM_TO_SIGN = 21.0
_CAPTION = TextStyle(7.5, 10.5, colour=house_style.MUTED)


class SignatureLine(Block):
    """Three lines, for the name in print, the signature and the date. What is known already stands on them."""

    before = 7.0  # with the room above the line: 10 mm for a hand
    after = 9.0

    def __init__(self, typesetter: Typesetter, who: str, name: str, day: str) -> None:
        style = replace(QUIET_CELL, after=0)
        words = typesetter.words
        self._texts = (typesetter.plain(name, style), None, typesetter.plain(day, style))
        self._captions = tuple(
            typesetter.plain(caption, _CAPTION) for caption in (who, words("sign.signature"), words("sign.date"))
        )

    def _room_above(self, width: float) -> float:
        tallest = max(
            text.height(width * share, math.inf) if text is not None else 0.0
            for text, (_, share) in zip(self._texts, _LINE_COLUMNS, strict=True)
        )
        return max(_ROOM_TO_SIGN, tallest + 3)

    def height(self, width: float, room: float) -> float:
        """Return room to sign, and what is written below."""
        below = max(
            caption.height(width * share, room)
            for caption, (_, share) in zip(self._captions, _LINE_COLUMNS, strict=True)
        )
        return self._room_above(width) + 2 + below

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw the lines."""
        foot = y - self._room_above(width)
        for text, caption, (start, share) in zip(self._texts, self._captions, _LINE_COLUMNS, strict=True):
            left, wide = x + width * start, width * share
            pen.rules([(left, foot, left + wide, foot)], colour=house_style.MUTED, width=HAIRLINE + 0.2)
            if text is not None:
                text.paint(pen, left, foot + text.height(wide, math.inf) + 1, wide)
            caption.paint(pen, left, foot - 2, wide)
