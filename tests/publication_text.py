"""A publication as plain text, block by block, so that a test can show what it says and where its links lead."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio_app.domain.review import ReviewIdentity
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
    Link,
    ListBlock,
    Matrix,
    Paragraph,
    Picture,
    Publication,
    Runs,
    SignatureLines,
    Table,
    TextField,
)


def as_text(publication: Publication) -> str:
    """Write the whole publication; links as ``[text → anchor]``, anchors as ``{#anchor}``."""
    lines = [
        f"title: {publication.title}",
        f"author: {publication.author}",
        f"subject: {publication.subject}",
        f"running title: {publication.running_title}",
        f"language: {publication.language}",
        f"keywords: {', '.join(publication.keywords)}",
    ]
    for section in publication.sections:
        marks = [section.label, "landscape" * section.landscape, "front" * section.front]
        lines += ["", f"======== {' '.join(mark for mark in marks if mark)}".rstrip()]
        for block in section.blocks:
            lines += block_lines(block)
    if publication.review is not None:
        lines += ["", "======== asked about", *(f"{name} = {key}" for name, key in _asked_about(publication.review))]
    lines += ["", "======== embedded", *(f"{file.description} ({file.size} bytes)" for file in publication.embedded)]
    return "\n".join(lines) + "\n"


def _asked_about(review: ReviewIdentity) -> Iterator[tuple[str, str]]:
    yield "made", f"{review.made:%Y-%m-%d %H:%M}"
    yield "of", f"{review.portfolio} revision {review.revision} {review.head}".rstrip()
    yield from review.requirements.items()
    yield from review.evidence.items()


def runs_text(runs: Runs) -> str:
    parts = []
    for run in runs:
        text = run.text
        if run.bold:
            text = f"*{text}*"
        if run.quoted:
            text = f"=={text}=="
        if run.link:
            text = f"[{text} → {_target(run.link)}]"
        parts.append(text)
    return "".join(parts).replace("\n", " ⏎ ")


def _target(link: Link) -> str:
    where = f"#{link.anchor}" if link.anchor else link.url
    return f"{where} or #{link.fallback}" if link.fallback else where


def _anchor(anchor: str) -> str:
    return f" {{#{anchor}}}" if anchor else ""


def _cell(cell: Cell) -> str:
    return " / ".join(runs_text(runs) for runs in cell.paragraphs) + _anchor(cell.anchor)


def block_lines(block: Block) -> Iterator[str]:  # noqa: PLR0912 - one branch for each block of the model
    match block:
        case Heading():
            yield f"{'#' * block.level} {block.text}{_anchor(block.anchor)}"
        case Paragraph():
            yield f"<{block.style}> {runs_text(block.runs)}{_anchor(block.anchor)}"
        case ListBlock():
            for number, item in enumerate(block.items, block.start):
                bullet = f"{number}. " if block.ordered else "- "
                for part in item:
                    for text in block_lines(part):
                        yield bullet + text
                        bullet = "  "
        case Table():
            yield f"table {block.caption}".rstrip() + (" (quiet)" if block.quiet else "")
            if block.header:
                yield "  || " + " | ".join(_cell(cell) for cell in block.header)
            for row in block.rows:
                yield "  | " + " | ".join(_cell(cell) for cell in row)
        case Matrix():
            yield f"matrix {block.title}: {', '.join(f'{column.code} {column.title}' for column in block.columns)}"
            for line in block.rows:
                cells = [
                    f"{block.columns[at].code} {mark.status.symbol} {mark.place}".strip()
                    for at, mark in line.cells.items()
                ]
                state = line.status.value if line.status else "–"
                yield f"  | {line.code} {line.text} → #{line.anchor} | {state} | {', '.join(cells)}".rstrip()
        case Picture():
            yield f"picture {block.file.name}: {block.caption} ({block.alt}){_anchor(block.anchor)}"
        case ChartFigure():
            yield f"{'line' if block.line else 'bar'} chart {block.title}"
            for series in block.series:
                values = ", ".join("?" if value is None else f"{value:g}" for value in series.values)
                yield f"  {series.name}: {values}"
            yield f"  {block.alt}"
        case GanttFigure():
            yield f"gantt chart {block.title}"
            for task in block.tasks:
                yield f"  {task.label}: {task.start} … {task.end}"
            yield f"  {block.alt}"
        case AttachedPages():
            yield f"pages of {block.file.description} {{#{block.anchor}-p1…}} back to #{block.back_anchor}"
        case SignatureLines():
            for who, name, day in block.lines:
                yield f"signature: {who} | {name} | {day}"
        case Form():
            for field in block.fields:
                yield from _field_lines(field)
            for other in block.instead:
                yield from (f"  or {line}" for line in block_lines(other))
        case Contents():
            yield "contents"


def _field_lines(field: Field) -> Iterator[str]:
    match field:
        case TextField():
            yield f"field {field.name}: {field.label} ({field.tip}, {field.lines} high)"
        case ChoiceField():
            yield f"choice {field.name}: {field.label} ({field.tip})"
            yield f"  {', '.join(f'{value} = {called}' for value, called in field.options)}"
        case CheckField():
            yield f"boxes: {field.label}"
            yield f"  {', '.join(f'{name} = {called} ({tip})' for name, called, tip in field.boxes)}"


def blocks_of(publication: Publication) -> Iterator[Block]:
    """Yield every block, those inside lists included."""
    for section in publication.sections:
        for block in section.blocks:
            yield from _nested(block)


def _nested(block: Block) -> Iterator[Block]:
    yield block
    if isinstance(block, ListBlock):
        for item in block.items:
            for part in item:
                yield from _nested(part)


def runs_of(publication: Publication) -> Iterator[Runs]:
    """Yield every stretch of runs, in paragraphs and in cells."""
    for block in blocks_of(publication):
        if isinstance(block, Paragraph):
            yield block.runs
        elif isinstance(block, Table):
            for row in (block.header, *block.rows):
                for cell in row:
                    yield from cell.paragraphs


def defined_anchors(publication: Publication) -> list[str]:
    """Return every anchor that a renderer of any format defines."""
    anchors = []
    for block in blocks_of(publication):
        if isinstance(block, Heading | Paragraph | Picture):
            anchors.append(block.anchor)
        elif isinstance(block, Table):
            anchors += [cell.anchor for row in (block.header, *block.rows) for cell in row]
    return [anchor for anchor in anchors if anchor]


def wanted_links(publication: Publication) -> list[Link]:
    """Return every link to an anchor, those of matrices and of attached pages included."""
    links = [run.link for runs in runs_of(publication) for run in runs if run.link and run.link.anchor]
    for block in blocks_of(publication):
        if isinstance(block, Matrix):
            links += [Link(anchor=row.anchor) for row in block.rows]
            links += [Link(anchor=column.anchor) for column in block.columns]
        elif isinstance(block, AttachedPages):
            links.append(Link(anchor=block.back_anchor))
    return links


def all_strings(publication: Publication) -> Iterator[str]:
    """Yield every string in the model, whatever holds it."""
    yield from _strings(publication)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, AttachedFile):
        yield from (value.name, value.description, value.sha256)
    elif isinstance(value, dict):
        for entry in value.items():
            yield from _strings(entry)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _strings(part)
    elif slots := getattr(type(value), "__slots__", None):
        for name in slots:
            yield from _strings(getattr(value, name))
