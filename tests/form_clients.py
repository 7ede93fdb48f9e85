"""Programs that assessors fill a form in with: each takes a PDF, answers by the names of fields, and writes a copy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf.form import DefaultAppearanceStreamGenerator, Form, RadioButtonGroup
from pypdfium2 import raw

from portfolio_app.pdfium import PDFIUM

Answers = Mapping[str, str]
Client = Callable[[Path, Path, Answers], None]


@dataclass(frozen=True)
class Place:
    """Where a field is: its page (from 0), the middle of it in points from the lower left corner, and its state."""

    page: int
    x: float
    y: float
    state: str


def root_of(path: Path) -> str:
    """Return what a form's root is called."""
    with pikepdf.open(path) as pdf:
        return str(pdf.Root.AcroForm.Fields[0].T)


def places_of(path: Path) -> dict[str, list[Place]]:
    """Return where the fields of a form are, by their names below its root; a choice has a place for each button."""
    found: dict[str, list[Place]] = {}
    with pikepdf.open(path) as pdf:
        for number, page in enumerate(pdf.pages):
            for note in page.obj.get("/Annots", ()):
                if note.get("/Subtype") == pikepdf.Name.Widget:
                    left, foot, right, head = map(float, note.Rect)
                    place = Place(number, (left + right) / 2, (foot + head) / 2, _state(note))
                    found.setdefault(".".join(_names(note)[1:]), []).append(place)
    return found


def clicks(path: Path, answers: Answers) -> Iterator[tuple[Place, str]]:
    """Yield where to click for each answer, and what to type there."""
    places = places_of(path)
    for name, answer in answers.items():
        for place in places[name]:
            if not place.state:
                yield place, answer
            elif place.state == answer:
                yield place, ""


def _state(note: pikepdf.Object) -> str:
    looks = note.AP.N if "/AP" in note else None
    states = [] if looks is None or isinstance(looks, pikepdf.Stream) else [key[1:] for key in looks.keys()]  # noqa: SIM118
    return next((state for state in states if state != "Off"), "")


def _names(note: pikepdf.Object) -> list[str]:
    names: list[str] = []
    node: Any = note
    while node is not None:
        if "/T" in node:
            names.insert(0, str(node.T))
        node = node.get("/Parent")
    return names


def pypdf_rewriting(source: Path, target: Path, answers: Answers) -> None:
    """Fill it in with pypdf, which writes the whole file anew."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=source)
    _fill_with_pypdf(writer, source, answers)
    writer.write(target)


def pypdf_appending(source: Path, target: Path, answers: Answers) -> None:
    """Fill it in with pypdf, which adds what has changed to the end of the file."""
    from pypdf import PdfWriter

    writer = PdfWriter(source, incremental=True)
    _fill_with_pypdf(writer, source, answers)
    writer.write(target)


def _fill_with_pypdf(writer: Any, source: Path, answers: Answers) -> None:
    root, places = root_of(source), places_of(source)
    values = {f"{root}.{name}": f"/{value}" if places[name][0].state else value for name, value in answers.items()}
    writer.update_page_form_field_values(None, values, auto_regenerate=False)


def pikepdf_drawing(source: Path, target: Path, answers: Answers) -> None:
    """Fill it in with pikepdf, which draws what fields hold."""
    root = root_of(source)
    with pikepdf.open(source) as pdf:
        form: Any = Form(pdf, DefaultAppearanceStreamGenerator)
        for name, value in answers.items():
            field = form[f"{root}.{name}"]
            if isinstance(field, RadioButtonGroup):
                option: Any = next(one for one in field.options if str(one.on_value) == f"/{value}")
                option.select()
            elif field.is_checkbox:
                field.checked = True
            else:
                field.value = value
        pdf.save(target)


def pdfium_typing(source: Path, target: Path, answers: Answers) -> None:
    """Fill it in with PDFium, as Chrome and Edge do: by clicks and keys."""
    with PDFIUM, pypdfium2.PdfDocument(source) as document:
        document.init_forms()
        form = document.formenv.raw
        for place, text in clicks(source, answers):
            page = document[place.page]
            raw.FORM_OnMouseMove(form, page.raw, 0, place.x, place.y)
            raw.FORM_OnLButtonDown(form, page.raw, 0, place.x, place.y)
            raw.FORM_OnLButtonUp(form, page.raw, 0, place.x, place.y)
            for character in re.sub(r"\r?\n", "\r", text):
                raw.FORM_OnChar(form, page.raw, ord(character), 0)
            raw.FORM_ForceToKillFocus(form)
            page.close()
        document.save(target)


CLIENTS: Sequence[Client] = (pypdf_rewriting, pypdf_appending, pikepdf_drawing, pdfium_typing)
