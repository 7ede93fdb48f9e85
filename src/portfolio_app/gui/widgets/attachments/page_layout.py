"""Where the pages of a document stand one below another, and which parts of them are drawn as one picture."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSizeF
from PySide6.QtGui import QImage

from portfolio_app.services.pdf_pages import Part

SMALLEST_ZOOM: Final = 0.25
LARGEST_ZOOM: Final = 4.0
POINTS_PER_INCH: Final = 72
PIXELS_PER_INCH: Final = 96

_MARGIN = 12
_GAP = 12
_MOST_WHOLE_PIXELS = 3_000_000  # of a page that is drawn as one picture
_TILE = 1024


class Fit(Enum):
    """How large pages are shown."""

    WIDTH = "Fit width"
    PAGE = "Fit page"
    ZOOM = "Zoom"


@dataclass(frozen=True, slots=True)
class Place:
    """A page and how far down it one is, from 0 to 1."""

    page: int
    down: float


class PageLayout:
    """Pages in one column. Lengths are logical pixels of the window; a zoom of 1 shows an inch as an inch."""

    def __init__(self, sizes: Sequence[tuple[float, float]]) -> None:
        self._sizes = sizes
        self.fit = Fit.WIDTH
        self.zoom = 1.0
        self._room = QSizeF(400, 400)
        self._tops: list[float] = []
        self._scales: list[float] = []
        self._lay_out()

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._sizes)

    @property
    def height(self) -> int:
        """How high all of them are."""
        return math.ceil(self._tops[-1] + self._sizes[-1][1] * self._scales[-1] + _MARGIN) if self._sizes else 0

    @property
    def width(self) -> int:
        """How wide the widest is, with its margins."""
        widest = max((size[0] * scale for size, scale in zip(self._sizes, self._scales, strict=True)), default=0)
        return math.floor(widest) + 2 * _MARGIN

    def arrange(self, room: QSizeF, fit: Fit, zoom: float = 1.0) -> None:
        """Lay the pages out anew in a window of this size."""
        self._room, self.fit = room, fit
        self.zoom = min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
        self._lay_out()

    def scale(self, page: int) -> float:
        """Return how many pixels a point of a page is."""
        return self._scales[page]

    def zoom_of(self, page: int) -> float:
        """Return the zoom at which a page is shown."""
        return self._scales[page] * POINTS_PER_INCH / PIXELS_PER_INCH

    def rectangle(self, page: int) -> QRectF:
        """Return where a page is; the middle of the column, or of a wider window, is the middle of the page."""
        width, height = (side * self._scales[page] for side in self._sizes[page])
        left = (max(self._room.width(), self.width) - width) / 2
        return QRectF(left, self._tops[page], width, height)

    def page_at(self, y: float) -> int:
        """Return the page at a height, or the next above it."""
        return max(0, bisect_right(self._tops, y) - 1)

    def pages_between(self, top: float, bottom: float) -> range:
        """Return the pages that can be seen between two heights."""
        if not self._sizes:
            return range(0)
        first = self.page_at(top)
        if self.rectangle(first).bottom() < top and first + 1 < self.count:
            first += 1
        return range(first, max(first, self.page_at(bottom)) + 1)

    def place_at(self, y: float) -> Place:
        """Return the place at a height, which a new layout can be scrolled to."""
        page = self.page_at(y)
        return Place(page, (y - self._tops[page]) / max(1.0, self.rectangle(page).height()))

    def height_of(self, place: Place) -> float:
        """Return where a place is."""
        return self._tops[place.page] + place.down * self.rectangle(place.page).height()

    def parts(self, page: int, seen: QRectF, density: float) -> list[Part]:
        """Return the parts of a page to draw, for a screen of so many pixels per logical pixel.

        Args:
            page: The page.
            seen: What of all pages is seen.
            density: Device pixels per logical pixel.
        """
        rectangle = self.rectangle(page)
        scale = self._scales[page] * density
        width, height = (max(1, math.ceil(side * scale)) for side in self._sizes[page])
        if width * height <= _MOST_WHOLE_PIXELS:
            return [Part(page, scale, 0, 0, width, height)] if rectangle.intersects(seen) else []
        inner = seen.intersected(rectangle).translated(-rectangle.topLeft())
        pixels = QRectF(inner.topLeft() * density, inner.size() * density).toAlignedRect()
        return list(_tiles(page, scale, QRect(0, 0, width, height), pixels))

    def target(self, part: Part) -> QRectF:
        """Return where a part is shown, also one that was drawn for another zoom."""
        factor = self._scales[part.number] / part.scale
        corner = self.rectangle(part.number).topLeft()
        return QRectF(
            corner.x() + part.left * factor, corner.y() + part.top * factor, part.width * factor, part.height * factor
        )

    def _lay_out(self) -> None:
        self._scales = [self._scale_of(size) for size in self._sizes]
        self._tops = []
        top = float(_MARGIN)
        for size, scale in zip(self._sizes, self._scales, strict=True):
            self._tops.append(top)
            top += size[1] * scale + _GAP

    def _scale_of(self, size: tuple[float, float]) -> float:
        if self.fit is Fit.ZOOM:
            return self.zoom * PIXELS_PER_INCH / POINTS_PER_INCH
        across = max(40.0, self._room.width() - 2 * _MARGIN) / size[0]
        if self.fit is Fit.WIDTH:
            return across
        return min(across, max(40.0, self._room.height() - 2 * _MARGIN) / size[1])


def _tiles(page: int, scale: float, whole: QRect, seen: QRect) -> Iterator[Part]:
    if seen.isEmpty():
        return
    for top in range(seen.top() // _TILE * _TILE, min(seen.bottom() + 1, whole.height()), _TILE):
        for left in range(seen.left() // _TILE * _TILE, min(seen.right() + 1, whole.width()), _TILE):
            yield Part(page, scale, left, top, min(_TILE, whole.width() - left), min(_TILE, whole.height() - top))


class PartCache:
    """The parts of pages drawn last, up to so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Part, QImage] = OrderedDict()
        self._by_page: dict[int, list[Part]] = {}
        self.size = 0

    def get(self, part: Part) -> QImage | None:
        """Return a part if it is there."""
        image = self._kept.get(part)
        if image is not None:
            self._kept.move_to_end(part)
        return image

    def of_page(self, page: int) -> list[tuple[Part, QImage]]:
        """Return all that is there of a page, drawn at any zoom, the newest last."""
        return [(part, self._kept[part]) for part in self._by_page.get(page, ())]

    def keep(self, part: Part, image: QImage) -> None:
        """Keep a part; those not looked at for longest make room for it."""
        if part in self._kept:
            return
        self._kept[part] = image
        self._by_page.setdefault(part.number, []).append(part)
        self.size += image.sizeInBytes()
        while self.size > self._most and len(self._kept) > 1:
            old, dropped = self._kept.popitem(last=False)
            self.size -= dropped.sizeInBytes()
            self._by_page[old.number].remove(old)

    def clear(self) -> None:
        """Drop everything."""
        self._kept.clear()
        self._by_page.clear()
        self.size = 0
