"""What a publication says, with marked terms replaced in every text of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.redaction import RedactionTerm
from portfolio_app.exporting.publication import (
    AttachedFile,
    AttachedPages,
    Block,
    Cell,
    ChartFigure,
    CheckField,
    ChoiceField,
    Contents,
    Field,
    Form,
    GanttFigure,
    Heading,
    ListBlock,
    Matrix,
    Paragraph,
    Picture,
    Publication,
    Run,
    Runs,
    Section,
    SignatureLines,
    Table,
    TextField,
)
from portfolio_app.plain_text import printable

_BEGIN, _END = "\ue0e0", "\ue0e1"
"""Signs of the private use area, which no text is left with."""
_FRAMED = re.compile(f"({_BEGIN}[^{_BEGIN}{_END}]*{_END})")

_Pieces: TypeAlias = tuple[str, ...]
_Change: TypeAlias = Callable[[_Pieces], Sequence[str]]


@dataclass(frozen=True, slots=True)
class ShownFile:
    """What of an attached file goes into a copy: the file to show, and whether it is also packed with the document.

    ``pictured`` are the pages of a PDF that became pictures. ``note`` says in the list of files what was done.
    """

    file: AttachedFile
    is_packed: bool
    pictured: frozenset[int] = frozenset()
    note: str = ""


def hide_in_publication(
    publication: Publication,
    terms: Sequence[RedactionTerm],
    instead: str,
    files: Mapping[str, ShownFile],
    notes: Mapping[str, str],
) -> Publication:
    """Return the publication with every term replaced by ``instead`` or its own replacement.

    Args:
        publication: what was bound from the portfolio as it is.
        terms: what is to be replaced.
        instead: what stands where a term was.
        files: by the hash of the original, what of it goes into the copy.
        notes: by the anchor at which a file is listed, what is said of it there.
    """
    framed = [replace(term, replacement=_framed(term.replacement)) for term in terms]
    hider = _Hider(TermFinder(framed), _framed(instead), files, notes)
    hidden = hider.one
    embedded = (files.get(file.sha256) for file in publication.embedded)
    return replace(
        publication,
        title=hidden(publication.title),
        author=hidden(publication.author),
        subject=hidden(publication.subject),
        running_title=hidden(publication.running_title),
        keywords=tuple(hidden(keyword) for keyword in publication.keywords),
        sections=tuple(hider.section(section) for section in publication.sections),
        embedded=tuple(
            replace(one.file, name=hidden(one.file.name), description=hidden(one.file.description))
            for one in embedded
            if one is not None and one.is_packed
        ),
    )


def section_text(section: Section) -> str:
    """Return all that a section says, each paragraph, cell and name on a line of its own."""
    return "\n".join("".join(group) for group in _Hider(TermFinder(()), "", {}, {}).groups(section)[0])


class _Hider:
    """Goes through sections: first to see what they say, then, where a term is in it, to change it."""

    def __init__(
        self, finder: TermFinder, instead: str, files: Mapping[str, ShownFile], notes: Mapping[str, str]
    ) -> None:
        self._finder = finder
        self._instead = instead
        self._files = files
        self._notes = notes

    def one(self, text: str) -> str:
        return _unframed(self._finder.hidden(text, self._instead))

    def groups(self, section: Section) -> tuple[list[_Pieces], Section]:
        """Return the texts of a section as they are read, and the section with nothing but its files changed."""
        groups: list[_Pieces] = []

        def note(pieces: _Pieces) -> Sequence[str]:
            groups.append(tuple(printable(piece) for piece in pieces))
            return pieces

        seen = self._changed(section, note)
        return groups, seen

    def section(self, section: Section) -> Section:
        groups, seen = self.groups(section)
        if not self._finder.may_occur("\n".join("".join(group) for group in groups)):
            return seen
        ready: Iterator[list[str]] = iter(self._finder.hidden_in(groups, self._instead))
        return self._changed(section, lambda _pieces: next(ready))

    def _changed(self, section: Section, change: _Change) -> Section:
        (label,) = change((section.label,))
        return replace(
            section, label=_unframed(label), blocks=tuple(self._block(block, change) for block in section.blocks)
        )

    def _block(self, block: Block, change: _Change) -> Block:
        def text(value: str) -> str:
            (changed,) = change((value,))
            return _unframed(changed)

        match block:
            case Heading():
                changed: Block = replace(block, text=text(block.text))
            case Paragraph():
                changed = self._paragraph(block, change)
            case ListBlock():
                changed = self._list(block, change)
            case Table():
                changed = replace(
                    block,
                    caption=text(block.caption),
                    header=tuple(self._cell(cell, change) for cell in block.header),
                    rows=tuple(tuple(self._cell(cell, change) for cell in row) for row in block.rows),
                )
            case Matrix():
                changed = _matrix(block, text)
            case Picture() | ChartFigure() | GanttFigure() | AttachedPages():
                changed = self._figure(block, text)
            case SignatureLines():
                changed = replace(
                    block, lines=tuple((text(who), text(name), text(day)) for who, name, day in block.lines)
                )
            case Form():
                changed = replace(
                    block,
                    fields=tuple(_field(field, text) for field in block.fields),
                    instead=tuple(self._block(part, change) for part in block.instead),
                )
            case Contents():
                changed = block
            case _:
                assert_never(block)
        return changed

    def _figure(self, block: Picture | ChartFigure | GanttFigure | AttachedPages, text: Callable[[str], str]) -> Block:
        match block:
            case Picture():
                return replace(
                    block, file=self._file(block.file, text), caption=text(block.caption), alt=text(block.alt)
                )
            case ChartFigure():
                return replace(
                    block,
                    title=text(block.title),
                    labels=tuple(text(label) for label in block.labels),
                    series=tuple(replace(series, name=text(series.name)) for series in block.series),
                    alt=text(block.alt),
                )
            case GanttFigure():
                return replace(
                    block,
                    title=text(block.title),
                    tasks=tuple(replace(task, label=text(task.label)) for task in block.tasks),
                    alt=text(block.alt),
                )
            case AttachedPages():
                shown = self._files.get(block.file.sha256)
                return replace(
                    block,
                    file=self._file(block.file, text),
                    evidence_ref=text(block.evidence_ref),
                    highlights=tuple(replace(one, code=text(one.code)) for one in block.highlights),
                    pictured=shown.pictured if shown else frozenset(),
                )

    def _file(self, file: AttachedFile, text: Callable[[str], str]) -> AttachedFile:
        shown = self._files.get(file.sha256)
        return replace(shown.file if shown else file, name=text(file.name), description=text(file.description))

    def _paragraph(self, paragraph: Paragraph, change: _Change) -> Paragraph:
        return replace(paragraph, runs=self._runs(paragraph.runs, change))

    def _list(self, block: ListBlock, change: _Change) -> ListBlock:
        return replace(
            block,
            items=tuple(
                tuple(
                    self._paragraph(part, change) if isinstance(part, Paragraph) else self._list(part, change)
                    for part in item
                )
                for item in block.items
            ),
        )

    def _cell(self, cell: Cell, change: _Change) -> Cell:
        paragraphs = tuple(self._runs(runs, change) for runs in cell.paragraphs)
        note = self._notes.get(cell.anchor) if cell.anchor else None
        if note:
            paragraphs = (*paragraphs, (Run(note, muted=True),))
        return replace(cell, paragraphs=paragraphs)

    def _runs(self, runs: Runs, change: _Change) -> Runs:
        texts = change(tuple(run.text for run in runs))
        changed = []
        for run, text in zip(runs, texts, strict=True):
            link = run.link
            if link is not None and link.url and self._finder.find(link.url):
                link = None
            if text == run.text and link is run.link:
                changed.append(run)
                continue
            pieces = [piece for piece in _FRAMED.split(text) if piece]
            for piece in pieces or [""] * (not run.text):
                plain = _unframed(piece)
                changed.append(replace(run, text=plain, link=link, removed=plain != piece))
        return tuple(changed)


def _framed(text: str) -> str:
    """Put signs around what stands in place of a term, so that it can be told from the rest; nothing around nothing."""
    return f"{_BEGIN}{text}{_END}" if text else ""


def _unframed(text: str) -> str:
    return text.replace(_BEGIN, "").replace(_END, "")


def _field(field: Field, text: Callable[[str], str]) -> Field:
    match field:
        case TextField():
            return replace(field, label=text(field.label), tip=text(field.tip))
        case ChoiceField():
            options = tuple((value, text(name)) for value, name in field.options)
            return replace(field, label=text(field.label), tip=text(field.tip), options=options)
        case CheckField():
            boxes = tuple((name, text(called), text(tip)) for name, called, tip in field.boxes)
            return replace(field, label=text(field.label), boxes=boxes)


def _matrix(matrix: Matrix, text: Callable[[str], str]) -> Matrix:
    return replace(
        matrix,
        title=text(matrix.title),
        rows=tuple(
            replace(
                row,
                code=text(row.code),
                text=text(row.text),
                cells={
                    column: replace(cell, place=text(cell.place)) if cell.place else cell
                    for column, cell in row.cells.items()
                },
            )
            for row in matrix.rows
        ),
        columns=tuple(replace(column, code=text(column.code), title=text(column.title)) for column in matrix.columns),
    )
