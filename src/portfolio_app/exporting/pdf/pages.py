"""Pages: what stands at their head and foot, and how blocks fill them one after the other."""

from __future__ import annotations

import math
from collections.abc import Callable

from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.blocks import EPSILON, Block
from portfolio_app.exporting.pdf.paper import HAIRLINE, Frame, Paper
from portfolio_app.exporting.pdf.pen import FURNITURE_SIZE, Furniture, Pen
from portfolio_app.exporting.typography import BOLD
from portfolio_app.exporting.wording import Wording

_TOTAL = "\0"  # stands for what is not known yet
_LONGEST_LABEL = 0.3  # of the width of a page


class Flow:
    """Puts blocks one under the other on as many pages as they need; nothing is painted."""

    def __init__(self, frame: Frame, tick: Callable[[], None]) -> None:
        self.pages = 1
        self._tick = tick
        self._frame = frame
        self._to_top()

    def _to_top(self) -> None:
        self._y = self._frame.top
        self._after = 0.0
        self._at_top = True

    @property
    def filled(self) -> float:
        """How much of the last page is taken, as a share of its height."""
        return (self._frame.top - self._y) / self._frame.height

    def place(self, block: Block) -> None:
        """Put a block under the one before, going on to further pages as it needs them."""
        rest: Block | None = block
        while rest is not None:
            self._tick()
            gap = 0.0 if self._at_top else max(self._after, rest.before)
            room = self._y - (self._frame.top - self._frame.height) - gap
            if room > 0 and rest.height(self._frame.width, room) <= room + EPSILON:
                self._put(rest, gap, room)
                return
            parts = rest.cut(self._frame.width, room, force=self._at_top) if room > 0 else None
            if parts is not None:
                self._put(parts[0], gap, room)
                rest = parts[1]
            elif self._at_top:
                # Higher than a page and in one piece: let it run over the edge rather than lose it.
                self._put(rest, gap, math.inf)
                return
            self._next_page()

    def _put(self, block: Block, gap: float, room: float) -> None:
        height = block.height(self._frame.width, room)
        self._paint(block, self._y - gap)
        self._y -= gap + height
        self._after = block.after
        if height > 0:
            self._at_top = False

    def _next_page(self) -> None:
        self.pages += 1
        self._to_top()

    def _paint(self, block: Block, top: float) -> None:
        """Do nothing: this only measures."""


class Pages(Flow):
    """Fills pages with blocks, in one pass."""

    def __init__(self, pen: Pen, paper: Paper, running_title: str, words: Wording, tick: Callable[[], None]) -> None:
        super().__init__(paper.frame(landscape=False), tick)
        self._pen = pen
        self._paper = paper
        self._running_title = running_title
        self._words = words
        self._label = ""
        self._landscape = False
        self._front = False

    @property
    def frame(self) -> Frame:
        """Where text stands on the page in hand."""
        return self._frame

    def begin(self, *, label: str, landscape: bool, front: bool = False) -> None:
        """Start a page; those that follow by themselves look like it, but for ``front``."""
        self._label, self._landscape, self._front = label, landscape, front
        self._next_page()

    def _next_page(self) -> None:
        self._tick()
        width, height = self._paper.size(landscape=self._landscape)
        self._pen.new_page(width, height)
        self._frame = self._paper.frame(landscape=self._landscape)
        super()._next_page()
        self._paint_furniture(width, height)
        self._front = False

    def _paint_furniture(self, width: float, height: float) -> None:
        pen, frame = self._pen, self._frame
        baseline = height - 44
        if not self._front:
            with pen.furniture(Furniture.HEAD):
                self._paint_head(width, baseline)
        before, _, after = self._words("page.number", page=pen.page, pages=_TOTAL).partition(_TOTAL)
        with pen.furniture(Furniture.FOOT):
            used = pen.label(frame.left, 34, before, size=FURNITURE_SIZE, colour=house_style.MUTED)
            pen.page_total(frame.left + used, 34, after)

    def _paint_head(self, width: float, baseline: float) -> None:
        pen, frame = self._pen, self._frame
        right = frame.left + frame.width
        label = pen.fonts.shortened(self._label, FURNITURE_SIZE + 1, width * _LONGEST_LABEL, BOLD)
        used = pen.fonts.width(label, FURNITURE_SIZE + 1, BOLD)
        title = pen.fonts.shortened(self._running_title, FURNITURE_SIZE, frame.width - used - 20)
        pen.label(frame.left, baseline, title, size=FURNITURE_SIZE, colour=house_style.MUTED)
        if label:
            pen.label(right, baseline, label, size=FURNITURE_SIZE + 1, font=BOLD, right=True)
        pen.rules([(frame.left, baseline - 7, right, baseline - 7)], colour=house_style.LINE, width=HAIRLINE)

    def _paint(self, block: Block, top: float) -> None:
        block.paint(self._pen, self._frame.left, top, self._frame.width)
