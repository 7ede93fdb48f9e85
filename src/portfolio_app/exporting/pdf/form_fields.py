"""Fields that can be filled in (ISO 32000-1, 12.7): text, boxes to tick, buttons of which one is chosen.

Fields are noted while the pages are painted, each with its place on a page and its element in the structure, and
written when the laid-out file is there. They have an appearance from the start, so that no program needs to make one
up, and say in words what is asked for. What surrounds them (a frame, a circle) is drawn on the page, so that it looks
the same wherever it is opened, and is there when the page is printed.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

import pikepdf
from pikepdf import Array
from reportlab.lib.colors import HexColor

from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.appending import AppendedObjects
from portfolio_app.exporting.pdf.form_font import DRAWN, TYPED, FormFont, ascent, line_height, text_width
from portfolio_app.exporting.pdf.structure import Element, Structure, text_string

Box: TypeAlias = tuple[float, float, float, float]
"""Left, foot, right and head in points from the page's lower left corner."""

_INSET: Final = 2.0  # between a text field's edge and what is written in it: what most programs leave
_PRINTED, _HIDDEN = 4, 2
_READ_ONLY, _MULTI_LINE, _RADIO = 1, 1 << 12, 1 << 15
_OFF: Final = "Off"
_STATE: Final = re.compile(r"[A-Za-z0-9_-]+")
_CURVE: Final = 4 * (math.sqrt(2) - 1) / 3  # how far a circle's handles reach, as a share of its radius
_ESCAPED: Final = {ord("\\"): "\\\\", ord("("): "\\(", ord(")"): "\\)", ord("\r"): "\\r"}


@dataclass(frozen=True, slots=True)
class _Look:
    """What a field shows in one state: what is drawn on a form XObject of some width and height, or the text on it."""

    width: float
    height: float
    content: str = ""
    text: tuple[_Line, ...] = ()
    size: float = 0.0


class _Line(NamedTuple):
    """A line of text and where its baseline begins."""

    x: float
    y: float
    text: str


@dataclass(slots=True)
class _Widget:
    """Where a field stands: on which page (from 1), after how many links on it, and its key in the structure.

    ``looks`` go by the states of a button; a text has one of no name.
    """

    page: int
    after: int
    box: Box
    key: int | None
    entries: str
    looks: Sequence[tuple[str, _Look]]


@dataclass(slots=True)
class _Node:
    """A field, or what several fields have in common: the first part of their names."""

    kids: dict[str, _Node] = field(default_factory=dict)
    entries: str = ""
    widgets: list[_Widget] = field(default_factory=list)
    is_choice: bool = False


class FormFields:
    """The fields of one document. Their names have parts, which full stops keep apart ("r1.comment")."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._root = _Node()
        self._written: set[str] = set()

    def text(
        self,
        name: str,
        page: int,
        box: Box,
        element: Element,
        *,
        tip: str,
        value: str = "",
        size: float = 10.0,
        multi_line: bool = False,
        longest: int = 0,
        read_only: bool = False,
    ) -> None:
        """Add a field to write in.

        Args:
            name: what the field is called, once in a document.
            page: the page that is painted now, from 1.
            box: where on it.
            element: its place in the structure, a "Form".
            tip: what is asked for, in words; read aloud, and shown under the mouse.
            value: what it holds from the start.
            size: of the letters, in points.
            multi_line: lines are broken, and scroll when there are more than fit.
            longest: how many characters may be written; 0 for any number.
            read_only: it can be read, but not changed.
        """
        node = self._node(name)
        node.entries = (
            f"/FT/Tx/Ff {_MULTI_LINE * multi_line | _READ_ONLY * read_only}/DA({_typing(size)})"
            f"/V {value_string(value)}/DV {value_string(value)}/TU {text_string(tip)}"
            + (f"/MaxLen {longest}" if longest else "")
        )
        self._written.add(value)
        look = _text_look(value, box, size, multi_line=multi_line)
        node.widgets.append(self._widget(page, box, element, "/MK<<>>", [("", look)]))

    def hidden(self, name: str, page: int, value: str = "") -> None:
        """Add a text that is neither seen nor changed, for programs that read the form."""
        node = self._node(name)
        node.entries = f"/FT/Tx/Ff {_READ_ONLY}/DA({_typing(1)})/V {value_string(value)}"
        node.widgets.append(_Widget(page, 0, (0, 0, 0, 0), None, f"/F {_HIDDEN}", ()))

    def check_box(
        self, name: str, page: int, box: Box, element: Element, *, tip: str, state: str = "yes", ticked: bool = False
    ) -> None:
        """Add a box to tick; ``state`` is its value then. The other arguments are those of :meth:`text`."""
        chosen = state if ticked else _OFF
        node = self._node(name)
        node.entries = f"/FT/Btn/Ff 0/V/{chosen}/DV/{chosen}/TU {text_string(tip)}"
        looks = _on_and_off(state, box, _tick)
        node.widgets.append(self._widget(page, box, element, f"/MK<</CA(4)>>/AS/{chosen}", looks))

    def radio_button(
        self,
        name: str,
        page: int,
        box: Box,
        element: Element,
        *,
        tip: str,
        state: str,
        state_tip: str,
    ) -> None:
        """Add one of the buttons of a choice, of which none is made from the start.

        ``state`` is the choice's value when this button is chosen, ``state_tip`` says so in words; ``tip`` says what
        the choice is about. The other arguments are those of :meth:`text`.
        """
        node = self._node(name, is_choice=True)
        node.entries = f"/FT/Btn/Ff {_RADIO}/V/{_OFF}/DV/{_OFF}/TU {text_string(tip)}"
        said = f"/MK<</CA(l)>>/AS/{_OFF}/TU {text_string(f'{tip}: {state_tip}')}"
        node.widgets.append(self._widget(page, box, element, said, _on_and_off(state, box, _dot)))

    def _node(self, name: str, *, is_choice: bool = False) -> _Node:
        """Return a new field, or the one of this name for another button of it.

        Raises:
            ValueError: there is such a field, or there can be none.
        """
        node = self._root
        *above, last = name.split(".")
        for part in above:
            node = node.kids.setdefault(part, _Node())
        known = node.kids.get(last)
        if not all((*above, last)) or node.entries or (known is not None and not (is_choice and known.is_choice)):
            raise ValueError(f"there is a field {name!r}, or there can be none of this name")
        return node.kids.setdefault(last, _Node(is_choice=is_choice))

    def _widget(
        self, page: int, box: Box, element: Element, entries: str, looks: Sequence[tuple[str, _Look]]
    ) -> _Widget:
        key, after = self._structure.field(element, page)
        return _Widget(page, after, box, key, f"/F {_PRINTED}/BS<</W 0>>/Border[0 0 0]{entries}", looks)

    def write(self, objects: AppendedObjects, root: str = "") -> FormObjects | None:
        """Write the fields, if there are any, under a ``root``, if it has a name; before the structure is written.

        The document does not have them until :meth:`FormObjects.put_into` was called.
        """
        if not self._root.kids:
            return None
        writing = _Writing(objects, FormFont(self._written))
        tops = (
            [writing.node(root, self._root, None)]
            if root
            else [writing.node(name, node, None) for name, node in self._root.kids.items()]
        )
        kids = " ".join(f"{top} 0 R" for top in tops)
        form = objects.add(f"<</Fields[{kids}]/DA({_typing(10)})/DR<</Font {writing.fonts}>>>>")
        prefix = f"{root}." if root else ""
        return FormObjects(
            form, {name.removeprefix(prefix): one for name, one in writing.fields.items()}, writing.notes
        )


@dataclass(frozen=True, slots=True)
class FormObjects:
    """The numbers of the objects of a form: its own, those of fields by name, and what goes onto each page (from 1)."""

    form: int
    fields: dict[str, int]
    notes: dict[int, list[tuple[int, int]]]

    def put_into(self, document: pikepdf.Pdf, tick: Callable[[], None]) -> None:
        """Let the document that they were added to, opened again, have the fields; ``tick`` may raise to cancel."""
        document.Root.AcroForm = document.get_object((self.form, 0))
        pages = document.pages
        for number, notes in self.notes.items():
            tick()
            page = pages[number - 1].obj
            links = list(page.get("/Annots", ()))
            fields = [(after, document.get_object((one, 0))) for after, one in notes]
            page.Annots = Array(_merged(links, fields))


class _Writing:
    """Writes the tree of fields."""

    def __init__(self, objects: AppendedObjects, font: FormFont) -> None:
        self._objects = objects
        self._streams: dict[_Look, int] = {}
        self._font = font
        self.fonts = font.write(objects)
        self.fields: dict[str, int] = {}
        self.notes: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def node(self, name: str, node: _Node, parent: int | None, above: str = "") -> int:
        number = self._objects.reserve()
        whole = f"{above}{name}"
        said = [f"<</T {value_string(name)}", f"/Parent {parent} 0 R" if parent is not None else "", node.entries]
        if node.kids:
            kids = [self.node(kid, one, number, f"{whole}.") for kid, one in node.kids.items()]
            said.append(_references(kids))
        elif node.is_choice:
            self.fields[whole] = number
            said.append(_references([self._button(widget, number) for widget in node.widgets]))
        else:
            self.fields[whole] = number
            said += [self._place(widget, number) for widget in node.widgets]
        self._objects.write(number, "".join((*said, ">>")))
        return number

    def _button(self, widget: _Widget, parent: int) -> int:
        number = self._objects.reserve()
        self._objects.write(number, f"<</Parent {parent} 0 R{self._place(widget, number)}>>")
        return number

    def _place(self, widget: _Widget, number: int) -> str:
        """Return what a widget annotation says beside its field's own entries."""
        self.notes[widget.page].append((widget.after, number))
        said = [
            f"/Type/Annot/Subtype/Widget/Rect[{' '.join(f'{edge:.2f}' for edge in widget.box)}]",
            f"/P {self._objects.pages[widget.page - 1]}{widget.entries}",
        ]
        if widget.key is not None:
            said.append(f"/StructParent {widget.key}")
        states = "".join(f"/{state} {self._stream(look)} 0 R" for state, look in widget.looks if state)
        if states:
            said.append(f"/AP<</N<<{states}>>>>")
        elif widget.looks:
            # Never shared: there are programs that write what is typed right into the stream that is there.
            said.append(f"/AP<</N {self._new_stream(widget.looks[0][1])} 0 R>>")
        return "".join(said)

    def _stream(self, look: _Look) -> int:
        """Return the object of a look of a button, which many buttons share."""
        if look not in self._streams:
            self._streams[look] = self._new_stream(look)
        return self._streams[look]

    def _new_stream(self, look: _Look) -> int:
        content = self._drawn(look) if look.text else look.content
        entries = f"/BBox[0 0 {look.width:.2f} {look.height:.2f}]/Resources<</Font {self.fonts}>>"
        return self._objects.add_stream(f"/Type/XObject/Subtype/Form{entries}", content.encode("ascii"))

    def _drawn(self, look: _Look) -> str:
        inside = f"1 1 {max(look.width - 2, 0):.2f} {max(look.height - 2, 0):.2f} re W n"
        lines = " ".join(f"1 0 0 1 {one.x:.2f} {one.y:.2f} Tm {self._font.encoded(one.text)} Tj" for one in look.text)
        return f"/Tx BMC q {inside} BT {_ink()} /{DRAWN} {look.size:g} Tf {lines} ET Q EMC"


def _references(numbers: Sequence[int]) -> str:
    return f"/Kids[{' '.join(f'{number} 0 R' for number in numbers)}]"


def _merged(links: Sequence[pikepdf.Object], notes: Sequence[tuple[int, pikepdf.Object]]) -> Iterator[pikepdf.Object]:
    """Put the fields of a page among its links, in the order in which they are read."""
    given = 0
    for after, note in sorted(notes, key=lambda one: one[0]):
        yield from links[given:after]
        given = max(given, after)
        yield note
    yield from links[given:]


def value_string(text: str) -> str:
    """Return a field's value as a string object in PDF syntax; line breaks are kept."""
    lines = text.replace("\r\n", "\n").replace("\n", "\r")
    if all(" " <= character <= "~" or character == "\r" for character in lines):
        return f"({lines.translate(_ESCAPED)})"
    return f"<FEFF{lines.encode('utf-16-be', 'replace').hex().upper()}>"


def _typing(size: float) -> str:
    """Return how text is written that is typed in."""
    return f"/{TYPED} {size:g} Tf {_ink()}"


def _ink() -> str:
    colour = HexColor(house_style.TEXT)
    return f"{colour.red:.3f} {colour.green:.3f} {colour.blue:.3f} rg"


def _text_look(value: str, box: Box, size: float, *, multi_line: bool) -> _Look:
    width, height = box[2] - box[0], box[3] - box[1]
    if not value:
        return _Look(width, height, "/Tx BMC EMC")
    lines = _broken(value, size, width - 2 * _INSET) if multi_line else [" ".join(value.split())]
    leading = line_height(size)
    top = height - _INSET if multi_line else (height + leading) / 2
    text = (_Line(_INSET, top - ascent(size) - number * leading, line) for number, line in enumerate(lines))
    return _Look(width, height, text=tuple(text), size=size)


def _broken(text: str, size: float, room: float) -> list[str]:
    """Break a text into lines, as a program does that shows what was typed."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and text_width(longer, size) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def _on_and_off(state: str, box: Box, draw: Callable[[float, float], str]) -> list[tuple[str, _Look]]:
    """Return what a button shows when it is chosen, and when it is not: nothing."""
    if not _STATE.fullmatch(state) or state == _OFF:
        raise ValueError(f"no button can mean {state!r}")
    width, height = box[2] - box[0], box[3] - box[1]
    return [(state, _Look(width, height, f"q {_ink()} {draw(width, height)} Q")), (_OFF, _Look(width, height))]


def _tick(width: float, height: float) -> str:
    points = [(0.2, 0.5), (0.42, 0.27), (0.82, 0.76)]
    path = " ".join(
        f"{x * width:.2f} {y * height:.2f} {'l' if number else 'm'}" for number, (x, y) in enumerate(points)
    )
    return f"{_ink().upper()} {min(width, height) * 0.14:.2f} w 1 J 1 j {path} S"


def _dot(width: float, height: float) -> str:
    x, y, radius = width / 2, height / 2, min(width, height) * 0.27
    handle = _CURVE * radius
    quarters = (((1, 0), (0, 1)), ((0, 1), (-1, 0)), ((-1, 0), (0, -1)), ((0, -1), (1, 0)))
    path = [f"{x + radius:.2f} {y:.2f} m"]
    for (a, b), (c, d) in quarters:
        points = (
            (x + a * radius + c * handle, y + b * radius + d * handle),
            (x + c * radius + a * handle, y + d * radius + b * handle),
            (x + c * radius, y + d * radius),
        )
        path.append(" ".join(f"{one:.2f} {other:.2f}" for one, other in points) + " c")
    return f"{' '.join(path)} f"
