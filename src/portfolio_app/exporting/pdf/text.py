"""Setting text: runs into words, words into lines, lines onto paper.

ReportLab's own paragraphs parse markup, know one font per run and are the dearest part of a document; this
is all a portfolio needs, at a fraction of the time, and user text never passes through a parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.blocks import Block
from portfolio_app.exporting.pdf.destinations import Destination, Destinations, Target, WebAddress
from portfolio_app.exporting.pdf.paper import HAIRLINE, USUAL, Spacing, TextStyle
from portfolio_app.exporting.pdf.pen import Line, Pen, Span
from portfolio_app.exporting.pdf.structure import Element
from portfolio_app.exporting.publication import Run
from portfolio_app.exporting.typography import (
    BOLD,
    BOLD_ITALIC,
    ITALIC,
    NO_BREAK_SPACE,
    REGULAR,
    ZERO_WIDTH_SPACE,
    FontBook,
    Word,
    clean,
)
from portfolio_app.exporting.wording import Wording

_EPSILON = 1e-4
_LETTER = r"[^\W\d_]"
_BREAKS = re.compile(rf"(?<={_LETTER}{_LETTER}[-–/])(?={_LETTER}{_LETTER})|(?<=[—\u200b])")
_ADDRESS_BREAKS = re.compile(r"(?<=[/?&=#_.,;:+%-])(?=[^/])")
_MAY_BREAK = re.compile(r"[-–—/\u200b]")
_ADDRESS = re.compile(r"://|^www\.|@")
_MARKER_GAP = 6.0
_REMOVED_GAP = 3.5  # a space; what stands between two that are hidden is not
_MARKED_GAP = 8.0  # wider than a space, narrower than what is not quoted between two passages
_WORDS_BETWEEN_TICKS = 2000
_SYMBOL_SPACE = re.compile(f"(?<=[{''.join(state.symbol for state in CoverageState)}]) ")  # stays with its word


@dataclass(frozen=True, slots=True)
class Ink:
    """How a stretch of text looks, where it leads, what is read in its place ("2 met" for "✓ 2"), what is behind it."""

    font: str
    size: float
    colour: str
    target: Target | None = None
    spoken: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """What is not broken at the end of a line; ``space`` follows unless the line ends."""

    parts: tuple[tuple[Ink, Word], ...]
    width: float
    space: float


LINE_END = Token((), 0.0, -1.0)


@dataclass(frozen=True, slots=True)
class Marker:
    """A list item's bullet or number, which hangs to the left of its first line."""

    text: str
    font: str
    element: Element


class Typesetter:
    """Turns runs into tokens with the document's fonts and destinations."""

    def __init__(
        self,
        fonts: FontBook,
        destinations: Destinations,
        words: Wording,
        tick: Callable[[], None],
        spacing: Spacing = USUAL,
    ) -> None:
        self.fonts = fonts
        self.words = words
        self.destinations = destinations
        self.spacing = spacing
        self._tick = tick

    def spaced(self, spacing: Spacing) -> Typesetter:
        """Return one that sets text closer."""
        return Typesetter(self.fonts, self.destinations, self.words, self._tick, spacing)

    def plain(self, text: str, style: TextStyle, element: Element | None = None) -> TextBlock:
        """Return a block of text of one appearance."""
        ink = Ink(style.font, style.size, style.colour)
        return TextBlock(self, self._tokens([(text, ink)]), self._style(style), element or Element("P"))

    def block(
        self,
        runs: Sequence[Run],
        style: TextStyle,
        *,
        anchor: str = "",
        marker: Marker | None = None,
        element: Element | None = None,
    ) -> TextBlock:
        """Return a paragraph; ``marker`` stands to the left of its first line."""
        pieces = [(_SYMBOL_SPACE.sub(NO_BREAK_SPACE, run.text), self._ink(run, style)) for run in runs]
        place = self.destinations.of_anchor(anchor)
        return TextBlock(
            self, self._tokens(pieces), self._style(style), element or Element("P"), place=place, marker=marker
        )

    def _style(self, style: TextStyle) -> TextStyle:
        return style if self.spacing is USUAL else style.spaced(self.spacing)

    def _ink(self, run: Run, style: TextStyle) -> Ink:
        bold = run.bold or (style.font in {BOLD, BOLD_ITALIC} and not run.muted)
        italic = run.italic or style.font in {ITALIC, BOLD_ITALIC}
        font = (BOLD_ITALIC if italic else BOLD) if bold else (ITALIC if italic else REGULAR)
        target = self.destinations.of_link(run.link)
        if run.status is not None:
            colour = house_style.STATUS_COLOURS[run.status]
        elif target is not None:
            colour = house_style.ACCENT
        else:
            colour = house_style.MUTED if run.muted else style.colour
        if run.removed:
            return Ink(font, style.size, house_style.WHITE, target, "", house_style.REMOVED)
        return Ink(font, style.size, colour, target, self._spoken(run), house_style.HIGHLIGHT if run.quoted else "")

    def _spoken(self, run: Run) -> str:
        """Return what is read in place of a run whose sign no word explains."""
        if run.status is None or run.link is not None or run.status.symbol not in run.text:
            return ""
        state = self.words(f"state.{run.status.value}")
        if state in run.text:
            return ""
        others = " ".join(run.text.replace(run.status.symbol, " ").split())
        return f"{others} {state}".strip()

    def _tokens(self, pieces: Sequence[tuple[str, Ink]]) -> list[Token]:
        self._tick()
        tokens: list[Token] = []
        parts: list[tuple[Ink, Word]] = []  # of the word that the next run may continue

        def close(space: float) -> None:
            if parts:
                tokens.append(Token(tuple(parts), sum(word.width * ink.size for ink, word in parts), space))
                parts.clear()

        for text, ink in pieces:
            for number, line in enumerate(clean(text).split("\n")):
                if number:
                    close(0.0)
                    tokens.append(LINE_END)
                for place, written in enumerate(line.split(" ")):
                    if place and parts:
                        last, word = parts[-1]
                        close(word.space * last.size)
                    if not written:
                        continue
                    if len(tokens) % _WORDS_BETWEEN_TICKS == 0:
                        self._tick()
                    if _MAY_BREAK.search(written) or (len(written) > 20 and _ADDRESS.search(written)):
                        breaks = _ADDRESS_BREAKS if _ADDRESS.search(written) else _BREAKS
                        chunks = [chunk for chunk in breaks.split(written) if chunk.strip(ZERO_WIDTH_SPACE)]
                        for chunk in chunks[:-1]:
                            parts.append((ink, self.fonts.word(chunk, ink.font)))
                            close(0.0)
                        parts += [(ink, self.fonts.word(chunk, ink.font)) for chunk in chunks[-1:]]
                    else:
                        parts.append((ink, self.fonts.word(written, ink.font)))
        close(0.0)
        while tokens and tokens[-1] is LINE_END:
            tokens.pop()
        return tokens

    def narrowed(self, token: Token, width: float) -> list[Token]:
        """Break a token that is wider than a line between its characters."""
        pieces: list[Token] = []
        for ink, word in token.parts:
            text = "".join(stretch.text for stretch in word.stretches)
            while text:
                count = self._fitting(text, ink, width)
                part = self.fonts.word(text[:count], ink.font)
                pieces.append(Token(((ink, part),), part.width * ink.size, 0.0))
                text = text[count:]
        if pieces:
            pieces[-1] = replace(pieces[-1], space=token.space)
        return pieces

    def _fitting(self, text: str, ink: Ink, width: float) -> int:
        """Return how many characters fit, at least one."""
        room, count = width, 0
        for character in text:
            room -= self.fonts.word(character, ink.font).width * ink.size
            if room < -_EPSILON:
                break
            count += 1
        return max(1, count)


class TextBlock(Block):
    """A paragraph. Split over pages it leaves at least two lines on either."""

    def __init__(
        self,
        typesetter: Typesetter,
        tokens: Sequence[Token],
        style: TextStyle,
        element: Element,
        *,
        place: Destination | None = None,
        marker: Marker | None = None,
    ) -> None:
        self.before = style.before
        self.after = style.after
        self.style = style
        self.element = element
        self._typesetter = typesetter
        self._tokens = tokens
        self._place = place
        self._marker = marker
        self._lines: list[list[Token]] = []
        self._set_for = -1.0
        self._is_marked = any(ink.ground for token in tokens for ink, _ in token.parts)

    def height(self, width: float, room: float) -> float:  # noqa: ARG002 - a paragraph is broken into lines whole
        """Return the height of all lines."""
        return len(self._set(width)) * self.style.leading

    def line_count(self, width: float) -> int:
        """Return how many lines there are."""
        return len(self._set(width))

    @property
    def widest_word(self) -> float:
        """How wide a column must be for no word to be broken."""
        return self.style.indent + max((token.width for token in self._tokens), default=0.0)

    def last_line_width(self, width: float) -> float:
        """Return how far the last line reaches, from the paragraph's left edge."""
        lines = self._set(width)
        return self.style.indent + (_line_width(lines[-1]) if lines else 0.0)

    def cut(self, width: float, room: float, *, force: bool) -> tuple[Block, Block] | None:
        """Cut between lines; at a page's top even where a single line is left."""
        lines = self._set(width)
        count = min(int((room + _EPSILON) / self.style.leading), len(lines) - 2)
        if count < 2:
            if not force or len(lines) < 2:
                return None
            count = max(1, min(int((room + _EPSILON) / self.style.leading), len(lines) - 1))
        return self._part(lines[:count], width, first=True), self._part(lines[count:], width, first=False)

    def _part(self, lines: list[list[Token]], width: float, *, first: bool) -> TextBlock:
        style = replace(self.style, after=0) if first else replace(self.style, before=0)
        part = TextBlock(
            self._typesetter,
            (),
            style,
            self.element,
            place=self._place if first else None,
            marker=self._marker if first else None,
        )
        part._lines, part._set_for = lines, width
        part._is_marked = self._is_marked
        return part

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Write the lines, then lay the links over them."""
        style = self.style
        lines = self._set(width)
        left = x + style.indent
        baseline = y - style.leading / 2 - style.size * 0.35
        pen.bind(self._place, y + 4)
        if self._marker is not None:
            mark, edge = self._marker, left - _MARKER_GAP
            pen.label(edge, baseline, mark.text, size=style.size, font=mark.font, right=True, element=mark.element)
        if style.rule:
            foot = y - len(lines) * style.leading
            pen.rules([(x + 2, y - 1, x + 2, foot + 1)], colour=house_style.ACCENT, width=1.2)
        written = _Written(self.element)
        starts = (x + width - _line_width(line) if style.right else left for line in lines)
        set_lines: Iterable[Line] = (
            written.line(line, start, baseline - number * style.leading)
            for number, (line, start) in enumerate(zip(lines, starts, strict=True))
        )
        if self._is_marked:
            set_lines = list(set_lines)
            for left, right, line, ground in written.marked:
                pen.shade(left, line - 0.27 * style.size, right - left, 1.24 * style.size, ground)
        pen.text(set_lines)
        links = written.links
        for box in links:
            corners = (box.left, box.baseline - 2.5, box.right, box.baseline + style.size)
            pen.link(box.target, corners, box.words, box.element)
        underlines = [
            (box.left, box.baseline - 1.4, box.right, box.baseline - 1.4)
            for box in links
            if isinstance(box.target, WebAddress)
        ]
        if underlines:
            pen.rules(underlines, colour=house_style.ACCENT, width=HAIRLINE)

    def _set(self, width: float) -> list[list[Token]]:
        if self._set_for != width:
            self._lines = self._broken(max(width - self.style.indent, self.style.size))
            self._set_for = width
        return self._lines

    def _broken(self, room: float) -> list[list[Token]]:
        lines: list[list[Token]] = []
        line: list[Token] = []
        reach = 0.0
        limit = room + _EPSILON
        for token in self._tokens:
            if token is LINE_END:
                lines.append(line)
                line, reach = [], 0.0
                continue
            pieces = (token,) if token.width <= limit else self._typesetter.narrowed(token, room)
            for piece in pieces:
                if line and reach + piece.width > limit:
                    lines.append(line)
                    line, reach = [], 0.0
                line.append(piece)
                reach += piece.width + piece.space
        if line or (self._marker is not None and not lines):
            lines.append(line)
        return lines


@dataclass(slots=True)
class _LinkBox:
    target: Target
    element: Element
    left: float
    right: float
    baseline: float
    words: str


class _Written:
    """Lines as they are written: words joined into spans, the boxes of links noted."""

    def __init__(self, element: Element) -> None:
        self.links: list[_LinkBox] = []
        self.marked: list[tuple[float, float, float, str]] = []
        """From where to where, on which baseline and in which colour, something is behind the words."""
        self._element = element
        self._goes_on: _LinkBox | None = None
        self._signs: dict[int, Element] = {}

    def line(self, line: Sequence[Token], x: float, baseline: float) -> Line:
        """Return a line from (x, baseline)."""
        start = x
        pieces: list[tuple[Element | None, list[Span]]] = []
        box: _LinkBox | None = None
        last = len(line) - 1
        for number, token in enumerate(line):
            for ink, word in token.parts:
                right = x + word.width * ink.size
                if ink.target is None:
                    box = None
                elif box is not None and box.target is ink.target:
                    box.right = right
                else:
                    box = _LinkBox(ink.target, self._link(ink.target, pieces), x, right, baseline, "")
                    self.links.append(box)
                element = box.element if box is not None else self._owner(ink)
                if not pieces or pieces[-1][0] is not element:
                    pieces.append((element, []))
                _write(word, ink, pieces[-1][1])
                if box is not None:
                    box.words += "".join(stretch.text for stretch in word.stretches)
                if ink.ground:
                    self._mark(x, right, baseline, ink.ground)
                x = right
            if token.space and pieces and pieces[-1][1]:
                # At the end of a line as well: there it is not seen, but parts the words for whoever hears them.
                pieces[-1][1][-1].text += " "
                if number < last:
                    x += token.space
                if box is not None:
                    box.words += " "
        self._goes_on = box
        return start, baseline, pieces

    def _mark(self, left: float, right: float, baseline: float, ground: str) -> None:
        gap = _MARKED_GAP if ground == house_style.HIGHLIGHT else _REMOVED_GAP
        if self.marked and self.marked[-1][2:] == (baseline, ground) and left - self.marked[-1][1] < gap:
            left = self.marked.pop()[0]
        self.marked.append((left, right, baseline, ground))

    def _owner(self, ink: Ink) -> Element:
        if not ink.spoken:
            return self._element
        if id(ink) not in self._signs:
            self._signs[id(ink)] = Element("Span", self._element, actual=ink.spoken)
        return self._signs[id(ink)]

    def _link(self, target: Target, before: Sequence[object]) -> Element:
        """Return the element of a link: of the one that goes on from the line above, if it does."""
        if not before and self._goes_on is not None and self._goes_on.target is target:
            return self._goes_on.element
        return Element("Link", parent=self._element)


def _write(word: Word, ink: Ink, spans: list[Span]) -> None:
    """Add a word to spans, to the last of them where it looks the same."""
    for stretch in word.stretches:
        if spans and _same(spans[-1], stretch.font, ink):
            spans[-1].text += stretch.text
        else:
            spans.append(Span(stretch.text, stretch.font, ink.size, ink.colour))


def _line_width(line: Sequence[Token]) -> float:
    return sum(token.width + token.space for token in line) - (line[-1].space if line else 0.0)


def _same(span: Span, font: str, ink: Ink) -> bool:
    return span.font == font and span.size == ink.size and span.colour == ink.colour
