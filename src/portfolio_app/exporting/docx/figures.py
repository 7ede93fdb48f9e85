"""Pictures, charts and attached documents as WordprocessingML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portfolio_app.exporting.docx.package import WordPackage
from portfolio_app.exporting.docx.text import Anchors, attribute, paragraph_xml, run_xml
from portfolio_app.exporting.pictures import PictureUnreadable, prepare_picture
from portfolio_app.exporting.publication import AttachedPages, ChartFigure, GanttFigure, Link, Picture
from portfolio_app.exporting.wording import Wording

_EMU = 635  # per twentieth of a point
_TWIPS_PER_PIXEL = 15  # at 96 to the inch: the size a screenshot has on screen
_TALLEST = 0.42  # of the text's height: two pictures share a page, and one that moves on leaves little behind
_CHART_DPI = 200
_TALLEST_CHART_MM = 60.0
_MOST_SHRUNK = 1.2  # its smallest text of 7.5 pt stays above 6 pt
_TWIPS_PER_MM = 56.6929
_POINTS_PER_MM = 72 / 25.4
_PNG_SIZE = slice(16, 24)


@dataclass(frozen=True, slots=True)
class Room:
    """The text area of a page, in twentieths of a point."""

    width: int
    height: int


class Figures:
    """Puts pictures in the document and numbers them."""

    def __init__(self, package: WordPackage, anchors: Anchors, words: Wording, warn: Callable[[str], None]) -> None:
        self._package = package
        self._anchors = anchors
        self._words = words
        self._warn = warn
        self._drawn = 0

    def picture(self, picture: Picture, room: Room) -> str:
        """Return a picture and its caption, or the sentence that says why it cannot be shown."""
        mark = self._anchors.mark(picture.anchor)
        try:
            prepared = prepare_picture(picture.file, self._words)
        except PictureUnreadable as error:
            self._warn(str(error))
            instead = self._words("picture.instead", caption=picture.caption) if picture.caption else ""
            return paragraph_xml("Muted", mark + run_xml(f"{error} {instead}".rstrip()))
        natural = Room(prepared.width * _TWIPS_PER_PIXEL, prepared.height * _TWIPS_PER_PIXEL)
        size = _fitted(natural, Room(room.width, round(room.height * _TALLEST)))
        drawing = self._drawing(
            prepared.data, prepared.media_type, size, picture.alt or picture.caption or picture.file.description
        )
        return self._captioned(mark + drawing, picture.caption)

    def chart(self, figure: ChartFigure | GanttFigure, room: Room) -> str:
        """Return a chart as a picture with the figures in words behind it."""
        # The drawing library is heavy, and most portfolios have no chart.
        from portfolio_app.exporting.charts import chart_drawing, chart_png  # noqa: PLC0415

        width_mm = room.width / _TWIPS_PER_MM
        # Drawn wider and then shrunk to the text's width it is less tall.
        height_mm = chart_drawing(figure, width_mm * _POINTS_PER_MM, self._words).height / _POINTS_PER_MM
        shrunk = min(_MOST_SHRUNK, max(1.0, height_mm / _TALLEST_CHART_MM))
        data = chart_png(figure, width_mm * shrunk, round(_CHART_DPI / shrunk), self._words)
        size = data[_PNG_SIZE]
        pixels = Room(int.from_bytes(size[:4], "big"), int.from_bytes(size[4:], "big"))
        natural = Room(room.width, round(room.width * pixels.height / max(1, pixels.width)))
        fitted = _fitted(natural, Room(room.width, round(room.height * 0.9)))
        drawing = self._drawing(data, "image/png", fitted, figure.alt or figure.title)
        title = paragraph_xml("TableCaption", run_xml(figure.title)) if figure.title else ""
        return title + paragraph_xml("Picture", drawing, '<w:keepNext w:val="0"/>')

    def attached_pages(self, pages: AttachedPages) -> str:
        """Return what stands in Word for an attached document: what it is and where it can be read."""
        file = pages.file
        count = _page_count(file.path)
        facts = [self._words.count("attached.pages", count)] if count else []
        facts.append(self._words.size(file.size))
        heading = self._anchors.mark(pages.anchor) + run_xml(f"{pages.evidence_ref} · {file.name}", bold=True)
        sentence = self._words("attached.not_in_word", facts=", ".join(facts))
        back = self._words("attached.back", ref=pages.evidence_ref)
        way_back = self._anchors.linked_text(back, Link(anchor=pages.back_anchor))
        return (
            paragraph_xml("Attachment", heading, "<w:keepNext/>")
            + paragraph_xml("AttachmentText", run_xml(sentence), "<w:keepNext/>")
            + paragraph_xml("AttachmentText", run_xml(f"SHA-256 {file.sha256}   ") + way_back)
        )

    def _captioned(self, content: str, caption: str) -> str:
        if not caption:
            return paragraph_xml("Picture", content, '<w:keepNext w:val="0"/>')
        return paragraph_xml("Picture", content) + paragraph_xml("Caption", run_xml(caption))

    def _drawing(self, data: bytes, media_type: str, size: Room, alt: str) -> str:
        self._drawn += 1
        number = self._drawn
        relationship = self._package.add_picture(data, media_type)
        across, down = size.width * _EMU, size.height * _EMU
        return (
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{across}" cy="{down}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
            f'<wp:docPr id="{number}" name="Picture {number}" descr="{attribute(alt)}"/><wp:cNvGraphicFramePr>'
            '<a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{relationship}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{across}" cy="{down}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )


def _fitted(natural: Room, most: Room) -> Room:
    """Shrink a size to fit, keeping its shape."""
    scale = min(1.0, most.width / max(1, natural.width), most.height / max(1, natural.height))
    return Room(max(1, round(natural.width * scale)), max(1, round(natural.height * scale)))


def _page_count(path: Path) -> int:
    """Return how many pages a PDF has; 0 where it cannot be read."""
    from pikepdf import PasswordError, Pdf, PdfError  # noqa: PLC0415 - only where documents are attached

    try:
        with Pdf.open(path) as pdf:
            return len(pdf.pages)
    except (PdfError, PasswordError, OSError, ValueError, RuntimeError):
        return 0
