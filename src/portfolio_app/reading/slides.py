"""Presentations: title and text of each slide, its tables, and the speaker's notes."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio_app.reading.blocks import Cell, Entry, ParagraphStyle, Run
from portfolio_app.reading.limits import Problem, Unreadable
from portfolio_app.reading.packages import (
    Element,
    OfficePackage,
    attribute,
    child,
    children,
    local,
    walk,
)
from portfolio_app.reading.sink import Sink
from portfolio_app.reading.word import picture_words

_MAIN = "ppt/presentation.xml"
_TITLES = frozenset({"title", "ctrTitle"})
_BODIES = frozenset({"body", "obj", ""})
_FURNITURE = frozenset({"dt", "ftr", "sldNum", "hdr"})
_BESIDE = frozenset({"diagramData", "comments"})
_DEEPEST = 20
_DEEPEST_LIST = 8
_LONGEST_PARAGRAPH = 20_000


def read_slides(package: OfficePackage, sink: Sink) -> None:
    """Read a presentation.

    Raises:
        Unreadable: it cannot be read.
        LimitReached: it is longer than what is shown.
    """
    _read(package, sink, whole=False)


def read_whole_slides(package: OfficePackage, sink: Sink) -> None:
    """Read a presentation with the words of its diagrams and what was remarked about each slide.

    Raises:
        Unreadable: it cannot be read.
        LimitReached: the sink has enough.
    """
    _read(package, sink, whole=True)


def _read(package: OfficePackage, sink: Sink, *, whole: bool) -> None:
    words, most = sink.words, sink.limits.most_slides
    main = package.main_part(_MAIN)
    relations = package.relations(main)
    listed = list(children(child(package.root(main), "sldIdLst"), "sldId"))
    hidden = 0
    for number, identity in enumerate(listed[:most], 1):
        relation = relations.get(_relation_id(identity))
        if relation is None or relation.external or relation.target not in package:
            raise Unreadable(Problem.DAMAGED)
        slide = package.root(relation.target)
        if attribute(slide, "show") in {"0", "false"}:
            hidden += 1
            continue
        _slide(package, sink, relation.target, slide, number)
        if whole:
            _beside(package, sink, relation.target)
    if hidden:
        sink.note(words.count("attached_text.hidden_slides", hidden))
    if len(listed) > most:
        sink.note(words("attached_text.slides_cut", shown=most, total=f"{len(listed):,}"))


def _relation_id(identity: Element) -> str:
    """Return the id that leads to the slide; the element has one of its own besides."""
    return next((str(value) for key, value in identity.attrib.items() if str(key).endswith("}id")), "")


def _slide(package: OfficePackage, sink: Sink, name: str, slide: Element, number: int) -> None:
    words = sink.words
    tree = child(slide, "cSld", "spTree")
    shapes = list(_shapes(tree, 0)) if tree is not None else []
    title = next((text for shape in shapes if _place(shape) in _TITLES and (text := " ".join(_lines(shape)))), "")
    sink.page(
        number,
        words("attached_text.slide", number=number, title=title)
        if title
        else words("attached_text.untitled_slide", number=number),
        title,
    )
    for shape in shapes:
        sink.watch()
        _shape(sink, shape)
    notes = next((found.target for found in package.relations(name).values() if found.kind == "notesSlide"), "")
    if notes and notes in package:
        spoken = child(package.root(notes), "cSld", "spTree")
        told = [
            line
            for shape in (_shapes(spoken, 0) if spoken is not None else ())
            if _place(shape) == "body"
            for line in _lines(shape)
        ]
        if told:
            sink.text(words("attached_text.spoken", text="\n".join(told)), ParagraphStyle.MUTED)


def _beside(package: OfficePackage, sink: Sink, name: str) -> None:
    for relation in package.relations(name).values():
        if relation.kind not in _BESIDE or relation.external or relation.target not in package:
            continue
        root = package.root(relation.target)
        for paragraph in walk(root, "p"):  # of diagrams, and of remarks since 2021
            sink.text(_text(paragraph))
        for text in walk(root, "text"):  # of remarks before
            sink.text(text.text or "")


def _shapes(parent: Element, depth: int) -> Iterator[Element]:
    for element in parent:
        name = local(element)
        if name in {"sp", "graphicFrame", "pic"}:
            yield element
        elif name in {"grpSp", "AlternateContent", "Choice"} and depth < _DEEPEST:
            yield from _shapes(element, depth + 1)


def _place(shape: Element) -> str | None:
    """Return what the layout wants there ("title", "body"); ``None`` for a shape of the slide's own."""
    holder = next((inner for inner in shape if local(inner) in {"nvSpPr", "nvPicPr", "nvGraphicFramePr"}), None)
    placeholder = child(holder, "nvPr", "ph")
    return None if placeholder is None else attribute(placeholder, "type")


def _shape(sink: Sink, shape: Element) -> None:
    place = _place(shape)
    if place in _TITLES or place in _FURNITURE:
        return
    if local(shape) == "pic":
        sink.paragraph((Run(picture_words(sink, shape), muted=True),))
        return
    table = next(walk(shape, "tbl"), None)
    if table is not None:
        _table(sink, table)
        return
    if local(shape) == "graphicFrame":
        sink.paragraph((Run(picture_words(sink, shape), muted=True),))
        texts = [part.text or "" for part in walk(shape, "t")]
        sink.text(" · ".join(filter(str.strip, texts)))
        return
    paragraphs = list(children(child(shape, "txBody"), "p"))
    if place in _BODIES and len(paragraphs) > 1:
        sink.listing([Entry((Run(_text(paragraph)),), _depth(paragraph)) for paragraph in paragraphs])
    else:
        for paragraph in paragraphs:
            sink.text(_text(paragraph))


def _table(sink: Sink, table: Element) -> None:
    rows: list[list[Cell]] = []
    most = sink.limits.most_rows
    elements = list(children(table, "tr"))
    for element in elements[:most]:
        sink.watch()
        rows.append([sink.cell("\n".join(_lines(cell))) for cell in children(element, "tc")])
    properties = child(table, "tblPr")
    header = properties is not None and attribute(properties, "firstRow") in {"1", "true"}
    sink.table(rows, header=header)
    if len(elements) > most:
        words = sink.words
        sink.note(words("attached_text.rows_cut", shown=f"{most:,}", total=f"{len(elements):,}"))


def _lines(shape: Element) -> list[str]:
    return [text for paragraph in children(child(shape, "txBody"), "p") if (text := " ".join(_text(paragraph).split()))]


def _text(paragraph: Element) -> str:
    pieces: list[str] = []
    length = 0
    for part in paragraph:
        name = local(part)
        if name == "br":
            pieces.append("\n")
        elif name in {"r", "fld"}:
            text = child(part, "t")
            pieces.append((text.text or "") if text is not None else "")
        length += len(pieces[-1]) if pieces else 0
        if length > _LONGEST_PARAGRAPH:
            break
    return "".join(pieces)


def _depth(paragraph: Element) -> int:
    properties = child(paragraph, "pPr")
    level = attribute(properties, "lvl") if properties is not None else ""
    return min(int(level), _DEEPEST_LIST) if level.isdecimal() else 0
