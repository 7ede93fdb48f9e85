"""Reading a filled PDF form, whichever program filled it in; the file may come from a stranger.

Programs disagree on how they save answers: as one tree of fields or with flat names, the state of a radio button in
the field or only in the button that was clicked, a long text as a stream, an update appended or the whole rewritten.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from portfolio_app.domain.errors import KnownError
from portfolio_app.untrusted_pdf import UNREADABLE

LARGEST_FILE: Final = 1 << 30
"""Bytes of a file that is looked at; documents of this program embed small files only."""

_HEADER: Final = b"%PDF-"
_HEADER_WITHIN: Final = 1024  # bytes from the beginning, as readers are lenient
_FIRST_FIELDS: Final = 100
_LONGEST_ROOT: Final = 400  # bytes
_TAIL: Final = 1 << 20  # bytes
_MOST_PAGES: Final = 20_000
_MOST_FIELDS: Final = 100_000  # with their buttons
_DEEPEST: Final = 64
_LONGEST_VALUE: Final = 4_000_000  # bytes
_MOST_TEXT: Final = 32_000_000  # bytes of all values
_LARGEST_PROPERTIES: Final = 1_000_000  # bytes
_DUBLIN_CORE: Final = "{http://purl.org/dc/elements/1.1/}identifier"
_RADIO: Final = 1 << 15
_PUSH_BUTTON: Final = 1 << 16
_OFF: Final = "Off"
_LANGUAGE: Final = re.compile("\x1b[^\x1b]{0,8}\x1b")
_INDEX: Final = re.compile("[0-9]{1,4}")
_MARKS: Final = (b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")  # of UTF-16 and UTF-8
_WESTERN: Final = re.compile("[\t\n\r -~\xa0-\u017f\u2000-\u206f\u20ac\u2122\u2190-\u21ff\u2700-\u27bf]*")
_LINE_END: Final = re.compile(r"\r\n?")


class FormUnreadable(KnownError):
    """A file is no PDF whose form could be read; the sentence says why."""


class FieldKind(StrEnum):
    """What a field is for those who fill it in."""

    TEXT = "text"
    CHECK_BOX = "check box"
    RADIO = "radio buttons"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class FilledForm:
    r"""What a form says, by the fields' full names (joined with dots). A PDF without fields has none.

    Attributes:
        values: The text, or the state that is on of a check box or of radio buttons; empty where nothing was given.
            Lines end with ``\n``.
        kinds: What each field is.
        unclear: Names of fields whose value cannot be read, and of buttons that look other than their field says.
        identifier: ``dc:identifier`` among the document's properties, or empty.
        is_damaged: Whether the file had to be mended to be read, so that something may be missing.
    """

    values: Mapping[str, str]
    kinds: Mapping[str, FieldKind]
    unclear: frozenset[str] = frozenset()
    identifier: str = ""
    is_damaged: bool = False


def read_form(path: Path) -> FilledForm:
    """Return what the form in a PDF says.

    Raises:
        FormUnreadable: it is missing, not a PDF, protected, damaged beyond reading, too large, or a form that only
            Adobe's programs know (XFA).
    """
    with opened_form(path) as (_, form):
        return form


@contextmanager
def opened_form(path: Path) -> Iterator[tuple[pikepdf.Pdf, FilledForm]]:
    """Open a PDF, and return it with what its form says; what fails while it is open is told as by :func:`read_form`.

    Raises:
        FormUnreadable: as there.
    """
    name = path.name
    _check_file(path)
    try:
        pdf, is_damaged = _opened(path)
        with pdf:
            is_damaged = is_damaged or _is_cut_off(path)
            yield pdf, _Reader(name, pdf).form(is_damaged=is_damaged)
    except KnownError:
        raise
    except pikepdf.PasswordError as error:
        raise FormUnreadable(
            f"“{name}” is protected with a password, so it cannot be read: ask for it without one."
        ) from error
    except MemoryError as error:
        raise _too_much(name) from error
    except UNREADABLE as error:
        raise FormUnreadable(f"“{name}” is damaged, and cannot be read as a PDF: ask for it again.") from error


def root_names(path: Path) -> tuple[str, ...]:
    """Return the names that the first fields of a PDF's form begin with; none where it cannot be read.

    That is quick, whatever the file is.
    """
    try:
        _check_file(path)
        with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as pdf:
            acroform = pdf.Root.get("/AcroForm")
            fields = acroform.get("/Fields") if isinstance(acroform, Dictionary) else None
            if not isinstance(fields, Array):
                return ()
            first = [fields[number] for number in range(min(len(fields), _FIRST_FIELDS))]
            names = [
                bytes(each.get("/T", String("")))[:_LONGEST_ROOT] for each in first if isinstance(each, Dictionary)
            ]
    except (KnownError, pikepdf.PasswordError, MemoryError, *UNREADABLE):
        return ()
    return tuple(dict.fromkeys(str(String(name)).partition(".")[0] for name in names))


def _check_file(path: Path) -> None:
    """Refuse early what is no PDF, so that nothing is searched for a PDF's remains."""
    name = path.name
    try:
        if path.is_dir():
            raise FormUnreadable(f"“{name}” is a folder; a PDF is needed here.")
        size = path.stat().st_size
        with path.open("rb") as file:
            beginning = file.read(_HEADER_WITHIN)
    except FileNotFoundError as error:
        raise FormUnreadable(f"There is no file “{path}”.") from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "this cannot be the name of a file"
        raise FormUnreadable(f"“{name}” cannot be read: {reason}.") from error
    if not size:
        raise FormUnreadable(f"“{name}” is empty.")
    if _HEADER not in beginning:
        raise FormUnreadable(f"“{name}” is not a PDF.")
    if size > LARGEST_FILE:
        raise FormUnreadable(
            f"“{name}” has more than {LARGEST_FILE / 1e9:.0f} GB, so it is not a document that this program made."
        )


def _opened(path: Path) -> tuple[pikepdf.Pdf, bool]:
    """Open a PDF, mending it if need be; return also whether that was needed."""
    try:
        return pikepdf.open(path, attempt_recovery=False, suppress_warnings=True), False
    except pikepdf.PdfError:
        return pikepdf.open(path, suppress_warnings=True), True


def _is_cut_off(path: Path) -> bool:
    """Return whether the file ends within something that was appended to it: readers then show what was there before.

    So a file that was not sent or saved as a whole would be taken for one in which nothing was filled in.
    """
    with path.open("rb") as file:
        file.seek(-min(_TAIL, path.stat().st_size), os.SEEK_END)
        _, end, rest = file.read().rpartition(b"%%EOF")
    return not end or b" obj" in rest


def _too_much(name: str) -> FormUnreadable:
    return FormUnreadable(f"“{name}” holds more than any form that this program makes, so it was not read further.")


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a field has of those above it, unless it says otherwise."""

    name: str = ""
    type: str = ""
    flags: int = 0
    value: Object | None = None
    options: Object | None = None


class _Reader:
    """Reads the form of one open PDF."""

    def __init__(self, name: str, pdf: pikepdf.Pdf) -> None:
        self._name = name
        self._pdf = pdf
        self._seen: set[tuple[int, int]] = set()
        self._visited = 0
        self._room = _MOST_TEXT
        self._values: dict[str, str] = {}
        self._kinds: dict[str, FieldKind] = {}
        self._unclear: set[str] = set()
        self._is_unclear = False

    def form(self, *, is_damaged: bool) -> FilledForm:
        if len(self._pdf.pages) > _MOST_PAGES:
            raise _too_much(self._name)
        acroform = self._pdf.Root.get("/AcroForm")
        fields = acroform.get("/Fields") if isinstance(acroform, Dictionary) else None
        if isinstance(fields, Array):
            self._read([(field, _Inherited(), 0) for field in reversed(list(fields))])
        self._read_strays()
        if not self._values and isinstance(acroform, Dictionary) and "/XFA" in acroform:
            raise FormUnreadable(
                f"“{self._name}” was turned into a form that only Adobe’s own programs can read (XFA): ask for the "
                "answers in a copy that was saved as an ordinary PDF."
            )
        return FilledForm(
            self._values,
            self._kinds,
            frozenset(self._unclear),
            self._identifier(),
            is_damaged,
        )

    def _read(self, waiting: list[tuple[Object, _Inherited, int]]) -> None:
        """Read fields and all below them."""
        while waiting:
            field, above, depth = waiting.pop()
            if not isinstance(field, Dictionary) or depth > _DEEPEST or not self._is_new(field):
                continue
            here = self._below(above, field)
            below, buttons = self._kids(field)
            waiting += [(kid, here, depth + 1) for kid in reversed(below)]
            if not below:
                self._note(here, [field, *buttons])

    def _read_strays(self) -> None:
        """Read fields that stand on a page only: the form does not list them, or their parents do not know them."""
        for page in self._pdf.pages:
            with suppress(*UNREADABLE):
                annotations = page.obj.get("/Annots")
                for stray in annotations if isinstance(annotations, Array) else ():
                    if isinstance(stray, Dictionary) and stray.get("/Subtype") == "/Widget" and self._is_new(stray):
                        self._read_stray(stray)

    def _read_stray(self, stray: Object) -> None:
        line = [stray]
        parent = stray.get("/Parent")
        while isinstance(parent, Dictionary) and len(line) <= _DEEPEST:
            self._visit()
            line.append(parent)
            parent = parent.get("/Parent")
        here = _Inherited()
        for each in reversed(line):
            here = self._below(here, each)
        self._note(here, [stray])

    def _kids(self, field: Object) -> tuple[list[Object], list[Object]]:
        """Return the fields below one, and the buttons or boxes that show it."""
        kids = field.get("/Kids")
        below: list[Object] = []
        shown: list[Object] = []
        for kid in kids if isinstance(kids, Array) else ():
            if isinstance(kid, Dictionary):
                (below if "/T" in kid or "/Kids" in kid else shown).append(kid)
        if not below:
            shown = [kid for kid in shown if self._is_new(kid)]
        return below, shown

    def _below(self, above: _Inherited, field: Object) -> _Inherited:
        """Return what is so for a field, and inherited by those below it."""
        part = self._text(field.get("/T"))
        name = f"{above.name}.{part}" if above.name and part else part or above.name
        self._count(name)
        flags: Any = field.get("/Ff")
        value, options = field.get("/V"), field.get("/Opt")
        return _Inherited(
            name,
            self._text(field.get("/FT")) or above.type,
            flags if isinstance(flags, int) else above.flags,
            above.value if value is None else value,
            above.options if options is None else options,
        )

    def _is_new(self, thing: Object) -> bool:
        """Count a thing, and return whether it was not met before."""
        self._visit()
        if not thing.is_indirect:
            return True
        is_new = thing.objgen not in self._seen
        self._seen.add(thing.objgen)
        return is_new

    def _visit(self) -> None:
        self._visited += 1
        if self._visited > _MOST_FIELDS:
            raise _too_much(self._name)

    def _note(self, field: _Inherited, shown: Sequence[Object]) -> None:
        """Note what a field says that has no others below it."""
        self._is_unclear = False
        match field.type:
            case "Tx":
                kind, value = FieldKind.TEXT, self._words(field, shown)
            case "Ch":
                kind, value = FieldKind.CHOICE, self._words(field, shown)
            case "Btn" if not field.flags & _PUSH_BUTTON:
                kind = FieldKind.RADIO if field.flags & _RADIO else FieldKind.CHECK_BOX
                value = self._state(field, shown, kind)
            case _:
                return
        if not field.name:
            return
        known = self._values.get(field.name, "")
        if self._is_unclear or (kind is FieldKind.RADIO and known and value and known != value):
            self._unclear.add(field.name)
        self._values[field.name] = known or value
        self._kinds.setdefault(field.name, kind)

    def _words(self, field: _Inherited, shown: Sequence[Object]) -> str:
        """Return a text; some programs write it into the box on the page and not into the field."""
        for value in (field.value, *(box.get("/V") for box in shown)):
            parts = list(value)[:_MOST_FIELDS] if isinstance(value, Array) else [value]
            words = "\n".join(filter(None, map(self._text, parts)))
            if words:
                return words
        return ""

    def _state(self, field: _Inherited, shown: Sequence[Object], kind: FieldKind) -> str:
        """Return which state is on, or nothing; note where the field says another than the button that looks ticked."""
        said = self._on(field.value, field.options)
        seen = {self._on(each.get("/AS"), field.options) for each in shown} - {""}
        if kind is FieldKind.CHECK_BOX:
            return said or min(seen, default="")
        if len(seen) > 1 or (said and seen and said not in seen):
            self._is_unclear = True
            return ""
        return said or min(seen, default="")

    def _identifier(self) -> str:
        """Return the document's identifier; a document is not refused for properties that cannot be read."""
        with suppress(*UNREADABLE, etree.XMLSyntaxError):
            properties = self._pdf.Root.get("/Metadata")
            if not isinstance(properties, Stream):
                return ""
            data = properties.read_bytes()
            if len(data) > _LARGEST_PROPERTIES:
                return ""
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            for element in etree.fromstring(data, parser).iter():
                inside = map(str, element.itertext()) if element.tag == _DUBLIN_CORE else ()
                words = str(element.get(_DUBLIN_CORE) or "".join(inside)).strip()
                if words:
                    return words
        return ""

    def _on(self, value: Object | None, options: Object | None) -> str:
        """Return the state that a button's value names, or nothing where it is off.

        Some programs number the states, and list the names that the form's author gave them.
        """
        state = self._text(value).removeprefix("/")
        if isinstance(options, Array) and _INDEX.fullmatch(state) and int(state) < len(options):
            state = self._text(options[int(state)]) or state
        return "" if state == _OFF else state

    def _text(self, value: Object | None) -> str:
        """Return a text in any of the ways in which a PDF may hold one; empty where it holds none."""
        text = ""
        try:
            match value:
                case Stream():
                    text = self._decoded(String(value.read_bytes()))
                case Name():
                    text = str(value).removeprefix("/")
                case String():
                    text = self._decoded(value)
        except UNREADABLE:
            self._is_unclear = True
        self._count(text)
        return _LINE_END.sub("\n", _LANGUAGE.sub("", text)).replace("\0", "")

    def _decoded(self, value: Object) -> str:
        """Return a string in PDF's own encoding, UTF-16 or UTF-8, which some write without saying so."""
        data = bytes(value)
        if len(data) > _LONGEST_VALUE:
            raise _too_much(self._name)
        if not data.startswith(_MARKS):
            with suppress(UnicodeDecodeError):
                text = data.decode()
                if _WESTERN.fullmatch(text):
                    return text
        return str(value)

    def _count(self, text: str) -> None:
        self._room -= len(text)
        if self._room < 0:
            raise _too_much(self._name)
