"""Forms on a page: fields side by side, on a shade that says whose part of the page this is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Final

from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.blocks import Block
from portfolio_app.exporting.pdf.paper import FORM_LABEL, FORM_OPTION, TextStyle
from portfolio_app.exporting.pdf.pen import Pen
from portfolio_app.exporting.pdf.structure import Element
from portfolio_app.exporting.pdf.text import TextBlock, Typesetter
from portfolio_app.exporting.publication import CheckField, ChoiceField, Field, Form, TextField

FIELD_TEXT: Final = 10.0
"""Size of what is typed, in points."""

_PADDING: Final = 6.0
_GUTTER: Final = 12.0
_LINE: Final = 13.7  # of typed text, as its font has it
_ABOVE_LINES: Final = 4.0  # in a text field, with what is below them
_BUTTON: Final = 10.0
_BETWEEN: Final = 5.0  # a button and what it is called
_OPTION: Final = 14.5
_BETWEEN_BOXES: Final = 14.0


def form_block(form: Form, typesetter: Typesetter) -> Block | None:
    """Return the fields of a form side by side; None if there are none."""
    parts = [_part(field, typesetter) for field in form.fields]
    return FormBlock(parts, form.widths) if parts else None


class FormBlock(Block):
    """Fields side by side, in one piece."""

    before = 5.0
    after = 11.0

    def __init__(self, parts: list[_Part], shares: tuple[float, ...]) -> None:
        self._parts = parts
        known = [*shares[: len(parts)], *[1.0] * (len(parts) - len(shares))]
        self._shares = [share / sum(known) for share in known]

    def _placed(self, width: float) -> Iterator[tuple[_Part, float, float]]:
        room = width - 2 * _PADDING - _GUTTER * (len(self._parts) - 1)
        left = _PADDING
        for part, share in zip(self._parts, self._shares, strict=True):
            yield part, left, room * share
            left += room * share + _GUTTER

    def height(self, width: float, room: float) -> float:  # noqa: ARG002 - it is in one piece
        """Return the height of the highest field."""
        return max(part.height(wide) for part, _, wide in self._placed(width)) + 2 * _PADDING

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw the shade, and the fields on it."""
        height = self.height(width, math.inf)
        pen.shade(x, y - height, width, height, house_style.SUNKEN)
        together = pen.structure.within(Element("Div")) if len(self._parts) > 1 else nullcontext()
        with together:
            for part, left, wide in self._placed(width):
                part.paint(pen, x + left, y - _PADDING, wide, height - 2 * _PADDING)


class _Part:
    """A field with its label."""

    def height(self, width: float) -> float:
        raise NotImplementedError

    def paint(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        """Draw with the upper left corner at (x, y), as high as the highest beside it."""
        raise NotImplementedError


def _part(field: Field, typesetter: Typesetter) -> _Part:
    match field:
        case TextField():
            return _Text(field, typesetter)
        case ChoiceField():
            return _Choice(field, typesetter)
        case CheckField():
            return _Boxes(field, typesetter)


class _Text(_Part):
    def __init__(self, field: TextField, typesetter: Typesetter) -> None:
        self._field = field
        self._element = Element("P")
        self._label = typesetter.plain(field.label, FORM_LABEL, self._element)

    def height(self, width: float) -> float:
        return self._label.height(width, math.inf) + self._field.lines * _LINE + _ABOVE_LINES

    def paint(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        above = self._label.height(width, math.inf)
        self._label.paint(pen, x, y, width)
        field = self._field
        pen.text_field(
            field.name,
            (x, y - height, x + width, y - above),
            Element("Form", self._element),
            tip=field.tip,
            size=FIELD_TEXT,
            multi_line=field.lines > 1,
        )


class _Choice(_Part):
    def __init__(self, field: ChoiceField, typesetter: Typesetter) -> None:
        self._field = field
        self._label = typesetter.plain(field.label, FORM_LABEL)
        self._options = [_option(called, typesetter) for _, called in field.options]

    def height(self, width: float) -> float:
        options = sum(max(_OPTION, _option_height(option, width)) for option in self._options)
        return self._label.height(width, math.inf) + options

    def paint(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        del height
        above = self._label.height(width, math.inf)
        self._label.paint(pen, x, y, width)
        y -= above
        for option, (value, called) in zip(self._options, self._field.options, strict=True):
            high = max(_OPTION, _option_height(option, width))
            button = Element("Form", option.element)
            box = _button_box(x, y)
            pen.radio_button(self._field.name, box, button, tip=self._field.tip, state=value, state_tip=called)
            option.paint(pen, x + _BUTTON + _BETWEEN, y, width - _BUTTON - _BETWEEN)
            y -= high


class _Boxes(_Part):
    """Boxes in a line, which goes on below if it is too long; the label stands before them."""

    def __init__(self, field: CheckField, typesetter: Typesetter) -> None:
        self._field = field
        self._fonts = typesetter.fonts

    def _placed(self, width: float) -> Iterator[tuple[float, int, str]]:
        """Yield where each box begins, on which line (from 0), and what it is called as far as there is room."""
        left = self._fonts.width(self._field.label, FORM_LABEL.size, FORM_LABEL.font) + _BETWEEN_BOXES
        line = 0
        if left > width / 2:
            left, line = 0.0, 1
        for _, called, _ in self._field.boxes:
            shown = self._fonts.shortened(called, FORM_OPTION.size, width - _BUTTON - _BETWEEN)
            needed = _BUTTON + _BETWEEN + self._fonts.width(shown, FORM_OPTION.size)
            if left and left + needed > width:
                left, line = 0.0, line + 1
            yield left, line, shown
            left += needed + _BETWEEN_BOXES

    def height(self, width: float) -> float:
        return _OPTION * (1 + max((line for _, line, _ in self._placed(width)), default=0))

    def paint(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        del height
        whole = Element("P")

        def write(left: float, line: int, text: str, style: TextStyle) -> None:
            baseline = y - (line + 0.5) * _OPTION - style.size * 0.35
            # The space parts the words for whoever hears them.
            pen.label(
                x + left, baseline, f"{text} ", size=style.size, colour=style.colour, font=style.font, element=whole
            )

        write(0.0, 0, self._fonts.shortened(self._field.label, FORM_LABEL.size, width, FORM_LABEL.font), FORM_LABEL)
        for (name, _, tip), (left, line, shown) in zip(self._field.boxes, self._placed(width), strict=True):
            box = _button_box(x + left, y - line * _OPTION)
            pen.check_box(name, box, Element("Form", whole), tip=tip, state=self._field.value)
            write(left + _BUTTON + _BETWEEN, line, shown, FORM_OPTION)


def _option(called: str, typesetter: Typesetter) -> TextBlock:
    return typesetter.plain(called, FORM_OPTION, Element("P"))


def _option_height(option: TextBlock, width: float) -> float:
    return option.height(width - _BUTTON - _BETWEEN, math.inf)


def _button_box(x: float, y: float) -> tuple[float, float, float, float]:
    """Return where a button stands whose line begins at (x, y)."""
    head = y - (FORM_OPTION.leading - _BUTTON) / 2
    return x, head - _BUTTON, x + _BUTTON, head
