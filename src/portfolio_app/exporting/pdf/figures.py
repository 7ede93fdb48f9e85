"""Pictures and charts."""

from __future__ import annotations

from reportlab.graphics.shapes import Drawing

from portfolio_app.exporting import house_style
from portfolio_app.exporting.charts import PLOT_HEIGHT, chart_drawing
from portfolio_app.exporting.pdf.blocks import Anchor, Block, Stack
from portfolio_app.exporting.pdf.destinations import Destination
from portfolio_app.exporting.pdf.paper import FIGURE_TITLE, HAIRLINE, STYLES, Frame, Spacing
from portfolio_app.exporting.pdf.pen import Pen
from portfolio_app.exporting.pdf.structure import Element
from portfolio_app.exporting.pdf.text import Typesetter
from portfolio_app.exporting.pictures import PictureUnreadable, PreparedPicture, prepare_picture
from portfolio_app.exporting.publication import ChartFigure, GanttFigure, ParagraphStyle, Picture

_POINTS_PER_PIXEL = 0.6  # 120 dots per inch: small pictures are not blown up
_SHARE_OF_PAGE = 0.58
_SHRINK = 0.68  # rather than leave a gap at the foot of a page


class PictureBlock(Block):
    """A picture, as wide as the text or as high as a good half of the page, and its caption."""

    before = 6.0
    after = 12.0

    def __init__(
        self,
        picture: PreparedPicture,
        element: Element,
        caption: Block | None,
        place: Destination | None,
        tallest: float,
    ) -> None:
        self._element = element
        self._picture = picture
        self._caption = caption
        self._place = place
        self._tallest = tallest
        self._scale = 1.0

    def height(self, width: float, room: float) -> float:
        """Return the height of both, the picture's a third less than usual where that makes it fit."""
        below = self._caption.before + self._caption.height(width, room) if self._caption is not None else 0.0
        usual = min(_POINTS_PER_PIXEL, width / self._picture.width, self._tallest / self._picture.height)
        fitting = (room - below) / self._picture.height
        self._scale = fitting if usual * _SHRINK <= fitting < usual else usual
        return self._picture.height * self._scale + below

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw the picture with a hairline around it, so that a white one has an edge."""
        wide, high = self._picture.width * self._scale, self._picture.height * self._scale
        pen.bind(self._place, y + 6)
        pen.picture(self._picture.data, (x, y - high, wide, high), self._element)
        corners = ((x, y), (x + wide, y), (x + wide, y - high), (x, y - high), (x, y))
        pen.rules([(*corners[side], *corners[side + 1]) for side in range(4)], colour=house_style.LINE, width=HAIRLINE)
        if self._caption is not None:
            self._caption.paint(pen, x, y - high - self._caption.before, width)


class DrawingBlock(Block):
    """A chart."""

    def __init__(self, drawing: Drawing, alt: str, spacing: Spacing) -> None:
        self._element = Element("Figure", alt=alt)
        self.before = 4.0 * spacing.gaps
        self.after = 12.0 * spacing.gaps
        self._drawing = drawing

    def height(self, width: float, room: float) -> float:  # noqa: ARG002
        """Return the height the drawing was made with."""
        return float(self._drawing.height)

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:  # noqa: ARG002
        """Draw the chart."""
        pen.drawing(self._drawing, x, y - self._drawing.height, self._element)


def picture_block(picture: Picture, typesetter: Typesetter, frame: Frame) -> tuple[Block, str]:
    """Return the picture with its caption, or a sentence instead (then also as a warning)."""
    place = typesetter.destinations.of_anchor(picture.anchor)
    words = STYLES[ParagraphStyle.CAPTION]
    figure = Element("Figure", alt=picture.alt or picture.caption or picture.file.name)
    said = picture.caption.strip()
    caption = typesetter.plain(picture.caption, words, Element("Caption", parent=figure)) if said else None
    try:
        prepared = prepare_picture(picture.file, typesetter.words)
    except PictureUnreadable as error:
        sentence = typesetter.plain(str(error), STYLES[ParagraphStyle.MUTED])
        instead: list[Block] = [Anchor(place), sentence]
        if said:
            instead.append(typesetter.plain(picture.caption, words))
        return Stack(instead, held=2), str(error)
    tallest = frame.height * _SHARE_OF_PAGE * typesetter.spacing.figures
    return PictureBlock(prepared, figure, caption, place, tallest), ""


def chart_block(figure: ChartFigure | GanttFigure, typesetter: Typesetter, frame: Frame) -> Block:
    """Return the chart under its title."""
    spacing = typesetter.spacing
    drawing = DrawingBlock(
        chart_drawing(
            figure,
            frame.width,
            typesetter.words,
            fonts=typesetter.fonts,
            plot_height=PLOT_HEIGHT * spacing.figures,
        ),
        figure.alt or figure.title,
        spacing,
    )
    if not figure.title.strip():
        return drawing
    return Stack([typesetter.plain(figure.title, FIGURE_TITLE), drawing], held=1)
