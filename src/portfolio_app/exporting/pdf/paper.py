"""The paper: sizes, margins and the styles of text, in points (1/72 inch)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.exporting import house_style
from portfolio_app.exporting.publication import ParagraphStyle
from portfolio_app.exporting.typography import BOLD, ITALIC, REGULAR

HAIRLINE = 0.4
_SIZES = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of a page that holds text: left edge, top edge (from the foot of the page), width and height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet of paper, upright; margins are the same on both sides so that it can be printed double-sided."""

    width: float
    height: float

    @classmethod
    def named(cls, name: str) -> Paper:
        """Return "A4" or "Letter".

        Raises:
            InvalidInput: no other sizes are known.
        """
        if name.lower() not in _SIZES:
            raise InvalidInput(f"“{name}” is not a paper size this program knows; use A4 or Letter.")
        return cls(*_SIZES[name.lower()])

    def size(self, *, landscape: bool) -> tuple[float, float]:
        """Return width and height of the page as it is turned."""
        return (self.height, self.width) if landscape else (self.width, self.height)

    def frame(self, *, landscape: bool) -> Frame:
        """Return where text stands."""
        width, height = self.size(landscape=landscape)
        side, head, foot = (50.0, 68.0, 56.0) if landscape else (68.0, 80.0, 70.0)
        return Frame(side, height - head, width - 2 * side, height - head - foot)

    def attached_frame(self, *, landscape: bool) -> Frame:
        """Return where a page of an attached document stands: larger than text, under its header strip."""
        width, height = self.size(landscape=landscape)
        side, head, foot = 40.0, 74.0, 48.0
        return Frame(side, height - head, width - 2 * side, height - head - foot)


@dataclass(frozen=True, slots=True)
class Spacing:
    """How close together things stand, as shares of what is usual: lines, blocks, and how high figures are."""

    leading: float = 1.0
    gaps: float = 1.0
    figures: float = 1.0


USUAL = Spacing()
CLOSER = (Spacing(0.97, 0.84, 0.86), Spacing(0.94, 0.7, 0.72))
"""What may pull the last few lines of a section back to the page before, the gentlest first."""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a paragraph looks. ``indent`` is from the left; ``rule`` draws a hairline beside it."""

    size: float
    leading: float
    font: str = REGULAR
    colour: str = house_style.TEXT
    before: float = 0.0
    after: float = 0.0
    indent: float = 0.0
    right: bool = False
    rule: bool = False

    def spaced(self, spacing: Spacing) -> TextStyle:
        """Return the style with its lines, and the space around it, closer together."""
        return replace(
            self,
            leading=self.leading * spacing.leading,
            before=self.before * spacing.gaps,
            after=self.after * spacing.gaps,
        )


BODY = TextStyle(10, 14.5, after=7)
STYLES: Mapping[ParagraphStyle, TextStyle] = {
    ParagraphStyle.BODY: BODY,
    ParagraphStyle.LEAD: TextStyle(11.5, 17, after=9),
    ParagraphStyle.MUTED: TextStyle(9, 13, colour=house_style.MUTED, after=6),
    ParagraphStyle.QUOTATION: TextStyle(10, 14.5, ITALIC, before=2, after=9, indent=14, rule=True),
    ParagraphStyle.LABEL: TextStyle(8.5, 12, BOLD, house_style.MUTED, before=5, after=2),
    ParagraphStyle.TITLE: TextStyle(26, 33, BOLD, after=8),
    ParagraphStyle.SUBTITLE: TextStyle(13, 19, colour=house_style.MUTED, after=6),
    ParagraphStyle.CAPTION: TextStyle(8.5, 12, colour=house_style.MUTED, before=3, after=10),
}
HEADINGS = (
    TextStyle(18, 24, BOLD, before=40, after=12),
    TextStyle(13, 18, BOLD, before=20, after=6),
    TextStyle(11, 15.5, BOLD, before=14, after=4),
    TextStyle(10, 14.5, BOLD, house_style.MUTED, before=10, after=3),
)
CELL = TextStyle(8.5, 12)
HEADER_CELL = replace(CELL, font=BOLD)
QUIET_CELL = TextStyle(9.5, 13.5)
FRONT_CELL = TextStyle(10.5, 15.5)
FORM_LABEL = TextStyle(8, 12, BOLD, house_style.MUTED)
FORM_OPTION = TextStyle(9.5, 14)
TABLE_CAPTION = TextStyle(9, 13, BOLD, before=12, after=4)
FIGURE_TITLE = replace(TABLE_CAPTION, after=6)
"""A figure's title stands above it, as a table's does; a picture's caption stands below."""
