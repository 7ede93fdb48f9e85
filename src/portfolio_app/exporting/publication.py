"""One document model for every format: built once from a portfolio, then only rendered.

A publication is a sequence of sections; a section is a sequence of blocks; text is a sequence of runs. It
knows nothing of pages, fonts or file formats, and renderers know nothing of portfolios.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeAlias

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.review import ReviewIdentity
from portfolio_app.reading.blocks import Cell, Link, ParagraphStyle, Run, Runs

__all__ = [
    "AttachedFile",
    "AttachedPages",
    "Block",
    "Cell",
    "ChartFigure",
    "CheckField",
    "ChoiceField",
    "Contents",
    "Field",
    "Form",
    "GanttFigure",
    "GanttTask",
    "Heading",
    "Link",
    "ListBlock",
    "Matrix",
    "MatrixCell",
    "MatrixColumn",
    "MatrixRow",
    "PageHighlight",
    "Paragraph",
    "ParagraphStyle",
    "Picture",
    "Publication",
    "Run",
    "Runs",
    "Section",
    "Series",
    "SignatureLines",
    "Table",
    "TextField",
    "without_forms",
]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4. Levels 1 and 2 stand in contents and outline, but for front sections."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. ``keep_with_next`` holds it on the page of what follows."""

    runs: Runs
    style: ParagraphStyle = ParagraphStyle.BODY
    anchor: str = ""
    keep_with_next: bool = False


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A bulleted or numbered list; each item is a sequence of paragraphs and lists.

    ``start`` is the number of a numbered list's first item. ``marked`` is False where each item begins with a sign of
    its own, such as a tick.
    """

    items: tuple[tuple[Paragraph | ListBlock, ...], ...]
    ordered: bool = False
    start: int = 1
    marked: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row (may be empty: then none). ``widths`` are shares of the text width.

    ``quiet`` tables are label and value pairs without rules (front sheet, form fields).
    """

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    caption: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A requirement with its cells by column index, or a group heading when ``status`` is ``None``.

    A requirement that nothing is claimed for has a status and no cells. ``anchor`` is where the row leads.
    """

    code: str
    text: str
    anchor: str
    status: CoverageState | None
    cells: dict[int, MatrixCell]


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """An evidence item; ``anchor`` is where it leads."""

    code: str
    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A claim: the state it shows, and its place in words ("p. 3")."""

    status: CoverageState
    place: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The coverage of one unit: requirements down, evidence across. Renderers split it over pages both ways."""

    title: str
    rows: tuple[MatrixRow, ...]
    columns: tuple[MatrixColumn, ...]


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file in the portfolio. ``description`` names it for the reader ("E12, budget.pdf"); ``size`` in bytes.

    Of a picture, the boxes ``covered`` are painted over: left, top, right and bottom as fractions of it as it is shown.
    """

    path: Path
    name: str
    description: str
    sha256: str
    size: int
    media_type: str
    covered: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph or drawing from a file; ``alt`` says in words what it shows."""

    file: AttachedFile
    caption: str
    alt: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures of a chart; ``None`` where the figure is missing or cannot be read as a number."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ChartFigure:
    """A bar or line chart of figures; ``alt`` gives them in words."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    alt: str
    line: bool = False


@dataclass(frozen=True, slots=True)
class GanttTask:
    """A bar of a Gantt chart; both days included."""

    label: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class GanttFigure:
    """Tasks over time; ``alt`` gives them in words."""

    title: str
    tasks: tuple[GanttTask, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class PageHighlight:
    """A passage of an attached page (from 1) that is quoted for the requirement ``code``, which stands at ``anchor``.

    ``boxes`` are its lines: left, top, right and bottom as shares of the page's width and height as it is seen.
    """

    page: int
    boxes: tuple[tuple[float, float, float, float], ...]
    code: str
    anchor: str


@dataclass(frozen=True, slots=True)
class AttachedPages:
    """The pages of an attached PDF.

    Page n has the anchor ``<anchor>-p<n>``, is headed "<evidence ref> · <file name> · page n of m" and links
    back to ``back_anchor``. ``pictured`` are the pages, counted from 1, that are pictures with something painted over.
    """

    file: AttachedFile
    evidence_ref: str
    anchor: str
    back_anchor: str
    highlights: tuple[PageHighlight, ...] = ()
    pictured: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SignatureLines:
    """Lines to sign on: (who signs, name if known, date if known), which stand together.

    ``keep_with_next`` holds them on the page of what follows.
    """

    lines: tuple[tuple[str, str, str], ...]
    keep_with_next: bool = False


@dataclass(frozen=True, slots=True)
class TextField:
    """A space to write in, so many lines high; ``tip`` asks for it in words that need nothing around them."""

    name: str
    label: str
    tip: str
    lines: int = 1


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """A choice of one of several options: (value, what it is called)."""

    name: str
    label: str
    tip: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CheckField:
    """Boxes beside each other, each to be ticked or not: (name, what it is called, its tip). ``value`` is a tick's."""

    label: str
    boxes: tuple[tuple[str, str, str], ...]
    value: str = "yes"


Field: TypeAlias = TextField | ChoiceField | CheckField


@dataclass(frozen=True, slots=True)
class Form:
    """Fields to be filled in by a reader, side by side; ``widths`` are shares of the text width.

    ``instead`` is what stands there in a format that cannot be filled in.
    """

    fields: tuple[Field, ...]
    widths: tuple[float, ...]
    instead: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents stands here."""


Block: TypeAlias = (
    Heading
    | Paragraph
    | ListBlock
    | Table
    | Matrix
    | Picture
    | ChartFigure
    | GanttFigure
    | AttachedPages
    | SignatureLines
    | Form
    | Contents
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part that starts on a new page. ``label`` stands top right on each of its pages ("E4", "U1", or empty).

    One that is ``about_form`` is of no use where nothing can be filled in.
    """

    blocks: tuple[Block, ...]
    label: str = ""
    landscape: bool = False
    front: bool = False
    about_form: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """A document ready to be rendered. ``running_title`` stands top left on each page.

    ``embedded`` are the original files that go into the PDF. ``language`` is a BCP 47 tag. ``review`` says what its
    forms ask about, if they are an assessor's: an identity without the copy's token, pages and seal, which come when it
    is written.
    """

    title: str
    author: str
    subject: str
    running_title: str
    sections: tuple[Section, ...]
    embedded: tuple[AttachedFile, ...] = ()
    language: str = "en-GB"
    keywords: tuple[str, ...] = ()
    review: ReviewIdentity | None = None


def without_forms(publication: Publication) -> Publication:
    """Return the publication as it is in a format that cannot be filled in."""
    sections = tuple(
        replace(section, blocks=tuple(_unfillable(section.blocks)))
        for section in publication.sections
        if not section.about_form
    )
    return replace(publication, sections=sections, review=None)


def _unfillable(blocks: Iterable[Block]) -> Iterator[Block]:
    held: Paragraph | None = None  # to what follows, which may be a form that is left out
    for block in blocks:
        is_gone = isinstance(block, Form) and not block.instead
        if held is not None:
            yield replace(held, keep_with_next=False) if is_gone else held
            held = None
        if isinstance(block, Form):
            yield from block.instead
        elif isinstance(block, Paragraph) and block.keep_with_next:
            held = block
        else:
            yield block
    if held is not None:
        yield held
