"""A publication as one web page that works offline, without scripts, by keyboard and with a screen reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from io import TextIOWrapper
from pathlib import Path
from typing import Final
from urllib.parse import quote

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.exporting.package.web_style import state_class, style_sheet
from portfolio_app.exporting.pictures import PictureUnreadable, prepare_picture
from portfolio_app.exporting.publication import (
    AttachedPages,
    Block,
    Cell,
    ChartFigure,
    Contents,
    GanttFigure,
    Heading,
    Link,
    ListBlock,
    Matrix,
    MatrixRow,
    Paragraph,
    ParagraphStyle,
    Picture,
    Publication,
    Run,
    Runs,
    SignatureLines,
    Table,
    without_forms,
)
from portfolio_app.exporting.wording import Wording, wording_of
from portfolio_app.plain_text import printable

_PAGE_ANCHOR: Final = re.compile(r"(?P<pages>.+)-p(?P<page>\d+)")
_CONTENTS_LEVEL: Final = 2
_CONTENTS_ID: Final = "contents"
_MAIN_ID: Final = "content"
_CHART_WIDTH_MM: Final = 160.0
_CHART_DPI: Final = 144
_SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png"}

# A page without scripts cannot be made to run any, whatever learners or strangers have written into it.
_POLICY: Final = (
    "script-src 'none'; object-src 'none'; frame-src 'none'; connect-src 'none'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a page is made from.

    ``file_paths`` says where in the package the file with a hash is, ``file_anchors`` the same for the anchors at
    which files are listed. The others say where the documents beside the page are.
    """

    publication: Publication
    file_paths: Mapping[str, str]
    file_anchors: Mapping[str, str]
    pdf: str
    matrix: str
    data: str


def write_web_page(
    page: WebPage, target: Path, add_picture: Callable[[str, bytes], None], progress: Progress = no_progress
) -> tuple[str, ...]:
    """Write the page; ``add_picture`` is given each picture to put beside it, with its path.

    Returns sentences: what could not be shown.

    Raises:
        OSError: ``target`` cannot be written.
        Cancelled: ``progress`` said so.
    """
    with target.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        writer = _Writer(page, file, add_picture, progress)
        writer.write()
    return tuple(dict.fromkeys(writer.warnings))


class _Writer:
    """Writes one page, block by block."""

    def __init__(
        self, page: WebPage, file: TextIOWrapper, add_picture: Callable[[str, bytes], None], progress: Progress
    ) -> None:
        self.warnings: list[str] = []
        self._page = page
        self._publication = without_forms(page.publication)
        self._file = file
        self._add_picture = add_picture
        self._progress = progress
        self._words: Wording = wording_of(page.publication.language)
        blocks = [block for section in self._publication.sections for block in section.blocks]
        self._anchors = frozenset(_anchors(blocks))
        self._documents = {
            block.anchor: page.file_paths[block.file.sha256]
            for block in blocks
            if isinstance(block, AttachedPages) and block.file.sha256 in page.file_paths
        }
        self._heading_ids = _heading_ids(blocks)
        self._pictures: set[str] = set()
        self._charts = 0

    def write(self) -> None:
        publication = self._publication
        put = self._file.write
        put(
            f'<!DOCTYPE html>\n<html lang="{_attribute(publication.language)}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
            f'<meta name="referrer" content="no-referrer">\n<title>{_text(publication.title)}</title>\n'
            f"<style>{style_sheet()}</style>\n</head>\n<body>\n"
            f'<a class="skip" href="#{_MAIN_ID}">{_text(self._words("web.skip"))}</a>\n'
            f"<header>\n<h1>{_text(publication.title)}</h1>\n{self._beside()}</header>\n{self._contents()}"
            f'<main id="{_MAIN_ID}" tabindex="-1">\n'
        )
        total = sum(len(section.blocks) for section in publication.sections)
        done = 0
        for section in publication.sections:
            put("<section>\n")
            for block in section.blocks:
                self._progress(done, total, self._words("writing.web"))
                done += 1
                for piece in self._block(block):
                    put(piece)
            put("</section>\n")
        put(f'</main>\n<p class="top"><a href="#{_CONTENTS_ID}">{_text(self._words("web.top"))}</a></p>\n')
        put("</body>\n</html>\n")

    def _beside(self) -> str:
        page, words = self._page, self._words
        documents = ((page.pdf, "web.pdf"), (page.matrix, "web.matrix"), (page.data, "web.json"))
        links = "".join(
            f'<li><a href="{_href(path)}">{_text(path)}</a> – {_text(words(key))}</li>' for path, key in documents
        )
        return f"<p>{_text(words('web.beside'))}:</p>\n<ul>{links}</ul>\n"

    def _contents(self) -> str:
        headings = [
            block
            for section in self._publication.sections
            for position, block in enumerate(section.blocks)
            if isinstance(block, Heading)
            and block.level <= _CONTENTS_LEVEL
            and not any(isinstance(each, Contents) for each in section.blocks[position + 1 : position + 2])
        ]
        title = _text(self._words("contents.title"))
        lines = [
            f'<nav id="{_CONTENTS_ID}" aria-labelledby="contents-title">\n<h2 id="contents-title">{title}</h2>\n<ul>\n'
        ]
        inside = False
        for number, heading in enumerate(headings):
            deeper = heading.level == _CONTENTS_LEVEL and number > 0
            if deeper and not inside:
                lines[-1] = lines[-1].removesuffix("</li>\n") + "<ul>\n"
            elif inside and not deeper:
                lines.append("</ul></li>\n")
            inside = deeper
            lines.append(f'<li><a href="#{self._heading_id(heading)}">{_text(heading.text)}</a></li>\n')
        if inside:
            lines.append("</ul></li>\n")
        lines.append("</ul>\n</nav>\n")
        return "".join(lines)

    def _heading_id(self, heading: Heading) -> str:
        return _attribute(heading.anchor or self._heading_ids[id(heading)])

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                level = min(5, max(1, block.level) + 1)
                yield f'<h{level} id="{self._heading_id(block)}">{_text(block.text)}</h{level}>\n'
            case Paragraph():
                yield self._paragraph(block)
            case ListBlock():
                yield self._list(block)
            case Table():
                yield self._table(block)
            case Matrix():
                yield from self._matrix(block)
            case Picture():
                yield self._picture(block)
            case ChartFigure() | GanttFigure():
                yield self._chart(block)
            case AttachedPages():
                yield self._document(block)
            case SignatureLines():
                yield self._signatures(block)
            case Contents():
                yield f'<p><a href="#{_CONTENTS_ID}">{_text(self._words("contents.title"))}</a></p>\n'

    def _paragraph(self, paragraph: Paragraph) -> str:
        content = self._runs(paragraph.runs)
        if paragraph.style is ParagraphStyle.QUOTATION:
            return f"<blockquote{_id(paragraph.anchor)}><p>{content}</p></blockquote>\n"
        style = "" if paragraph.style is ParagraphStyle.BODY else f' class="{paragraph.style.value}"'
        return f"<p{_id(paragraph.anchor)}{style}>{content}</p>\n"

    def _list(self, block: ListBlock) -> str:
        tag = "ol" if block.ordered else "ul"
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        marks = "" if block.marked else ' class="unmarked" role="list"'
        items = "".join(
            "<li>"
            + "".join(self._list(part) if isinstance(part, ListBlock) else self._paragraph(part) for part in item)
            + "</li>\n"
            for item in block.items
        )
        return f"<{tag}{start}{marks}>\n{items}</{tag}>\n"

    def _table(self, table: Table) -> str:
        quiet = ' class="quiet"' if table.quiet else ""
        caption = f"<caption>{_text(table.caption)}</caption>" if table.caption else ""
        head = ""
        if table.header:
            cells = "".join(self._cell(cell, "col") for cell in table.header)
            head = f"<thead><tr>{cells}</tr></thead>\n"
        rows = "".join(
            f"<tr>{''.join(self._cell(cell, 'row' if cell.header else '') for cell in row)}</tr>\n"
            for row in table.rows
        )
        return f'<div class="wide"><table{quiet}>{caption}{head}<tbody>\n{rows}</tbody></table></div>\n'

    def _cell(self, cell: Cell, scope: str) -> str:
        tag = "th" if scope else "td"
        how = f' scope="{scope}"' if scope else ""
        span = f' colspan="{cell.span}"' if cell.span > 1 else ""
        number = ' class="number"' if cell.numeric else ""
        contents = [self._runs(runs) for runs in cell.paragraphs]
        path = self._page.file_anchors.get(cell.anchor) if cell.anchor else None
        if path and contents:
            contents[0] = f'<a href="{_href(path)}">{contents[0]}</a>'
        inner = contents[0] if len(contents) == 1 else "".join(f"<p>{content}</p>" for content in contents)
        return f"<{tag}{_id(cell.anchor)}{how}{span}{number}>{inner}</{tag}>"

    def _matrix(self, matrix: Matrix) -> Iterator[str]:
        words = self._words
        legend = " · ".join(
            f'<span class="{state_class(state)}">{state.symbol} {_text(words(f"state.{state.value}"))}</span>'
            for state in reversed(CoverageState)
        )
        yield f'<p class="caption">{legend}</p>\n'
        columns = "".join(
            f'<th scope="col">{self._anchored(column.code, column.anchor, column.title)}</th>'
            for column in matrix.columns
        )
        yield (
            f'<div class="wide" role="region" tabindex="0" aria-label="{_attribute(matrix.title)}">'
            f'<table class="matrix"><thead><tr><th scope="col">{_text(words("web.requirement"))}</th>'
            f'<th scope="col">{_text(words("web.state"))}</th>{columns}</tr></thead>\n<tbody>\n'
        )
        for row in matrix.rows:
            yield self._matrix_row(row, len(matrix.columns))
        yield "</tbody></table></div>\n"

    def _matrix_row(self, row: MatrixRow, columns: int) -> str:
        name = f"{self._anchored(row.code, row.anchor)} {_text(row.text)}"
        if row.status is None:
            return f'<tr class="group"><th scope="rowgroup" colspan="{columns + 2}">{name}</th></tr>\n'
        cells = "".join(
            f"<td>{self._state(cell.status)}{f' {_text(cell.place)}' if cell.place else ''}</td>"
            if (cell := row.cells.get(column))
            else "<td></td>"
            for column in range(columns)
        )
        return f'<tr><th scope="row">{name}</th><td>{self._state(row.status)}</td>{cells}</tr>\n'

    def _state(self, state: CoverageState) -> str:
        name = _attribute(self._words(f"state.{state.value}"))
        return f'<span class="{state_class(state)}" role="img" aria-label="{name}" title="{name}">{state.symbol}</span>'

    def _picture(self, picture: Picture) -> str:
        caption = f"<figcaption>{_text(picture.caption)}</figcaption>" if picture.caption else ""
        original = self._page.file_paths.get(picture.file.sha256)
        try:
            prepared = prepare_picture(picture.file, self._words)
        except PictureUnreadable as error:
            self.warnings.append(str(error))
            instead = _text(str(error))
            if original:
                instead += f' <a href="{_href(original)}">{_text(picture.file.name)}</a>'
            return f'<p{_id(picture.anchor)} class="muted">{instead}</p>\n'
        path = f"pictures/{picture.file.sha256[:16]}{_SUFFIXES.get(prepared.media_type, '')}"
        if path not in self._pictures:
            self._pictures.add(path)
            self._add_picture(path, prepared.data)
        image = (
            f'<img src="{_href(path)}" alt="{_attribute(picture.alt)}" width="{prepared.width}" '
            f'height="{prepared.height}" loading="lazy">'
        )
        if original:
            image = f'<a href="{_href(original)}">{image}</a>'
        return f"<figure{_id(picture.anchor)}>{image}{caption}</figure>\n"

    def _chart(self, figure: ChartFigure | GanttFigure) -> str:
        # The drawing library is heavy, and most portfolios have no chart.
        from portfolio_app.exporting.charts import chart_png  # noqa: PLC0415

        self._charts += 1
        path = f"pictures/chart-{self._charts}.png"
        self._add_picture(path, chart_png(figure, _CHART_WIDTH_MM, _CHART_DPI, self._words))
        caption = f"<figcaption>{_text(figure.title)}</figcaption>" if figure.title else ""
        alt = _attribute(figure.alt or figure.title)
        return f'<figure><img src="{_href(path)}" alt="{alt}" loading="lazy">{caption}</figure>\n'

    def _document(self, pages: AttachedPages) -> str:
        words = self._words
        name = _text(f"{pages.evidence_ref} · {pages.file.name}")
        path = self._documents.get(pages.anchor)
        link = ""
        if path:
            facts = words.size(pages.file.size)
            link = f' – <a href="{_href(path)}">{_text(words("web.open_document", facts=facts))}</a>'
        back = self._linked(_text(words("attached.back", ref=pages.evidence_ref)), Link(anchor=pages.back_anchor))
        return f'<p{_id(pages.anchor)} class="file"><strong>{name}</strong>{link} · {back}</p>\n'

    def _signatures(self, block: SignatureLines) -> str:
        words = self._words
        lines = []
        for who, name, day in block.lines:
            signed = ", ".join(part for part in (name, day) if part)
            blank = f'<span class="muted">{_text(words("sign.signature"))}, {_text(words("sign.date"))}:</span>'
            lines.append(f"<dt>{_text(who)}</dt><dd>{_text(signed)} {'' if day else blank}</dd>")
        return f'<dl class="sign">{"".join(lines)}</dl>\n'

    def _runs(self, runs: Runs) -> str:
        return "".join(self._run(run) for run in runs)

    def _run(self, run: Run) -> str:
        content = _text(run.text).replace("\n", "<br>")
        if run.bold:
            content = f"<strong>{content}</strong>"
        if run.italic:
            content = f"<em>{content}</em>"
        if run.status is not None:
            content = f'<span class="{state_class(run.status)}">{content}</span>'
        elif run.muted:
            content = f'<span class="muted">{content}</span>'
        if run.quoted:
            content = f"<mark>{content}</mark>"
        if run.removed:
            content = f'<span class="removed">{content}</span>'
        return self._linked(content, run.link) if run.link else content

    def _anchored(self, text: str, anchor: str, title: str = "") -> str:
        hint = f' title="{_attribute(title)}"' if title else ""
        return f'<a href="#{_attribute(anchor)}"{hint}>{_text(text)}</a>' if anchor in self._anchors else _text(text)

    def _linked(self, content: str, link: Link) -> str:
        if link.url:
            return f'<a href="{_attribute(link.url)}" rel="noopener noreferrer">{content}</a>'
        for anchor in (link.anchor, link.fallback):
            page = _PAGE_ANCHOR.fullmatch(anchor)
            if page and (path := self._documents.get(page["pages"])):
                return f'<a href="{_href(path)}#page={page["page"]}">{content}</a>'
            if anchor in self._anchors:
                return f'<a href="#{_attribute(anchor)}">{content}</a>'
        return content


def _anchors(blocks: Iterable[Block | Paragraph]) -> Iterator[str]:
    """Yield the anchors that a page defines."""
    for block in blocks:
        match block:
            case Heading() | Paragraph() | Picture() | AttachedPages():
                yield block.anchor
            case ListBlock():
                for item in block.items:
                    yield from _anchors(item)
            case Table():
                yield from (cell.anchor for row in (block.header, *block.rows) for cell in row)
            case _:
                pass


def _heading_ids(blocks: Iterable[Block]) -> dict[int, str]:
    """Number the headings that nothing in the publication leads to, so that the contents can."""
    return {
        id(block): f"section-{number}"
        for number, block in enumerate((each for each in blocks if isinstance(each, Heading)), 1)
        if not block.anchor
    }


def _id(anchor: str) -> str:
    return f' id="{_attribute(anchor)}"' if anchor else ""


def _text(text: str) -> str:
    return escape(printable(text), quote=False)


def _attribute(text: str) -> str:
    return escape(printable(text))


def _href(path: str) -> str:
    """Write a path in the package as an address that begins at the page."""
    return quote(path)
