"""The pages of a PDF one below another: drawn where they are seen, with text that can be selected."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from portfolio_app.domain.errors import KnownError
from portfolio_app.gui import theme
from portfolio_app.gui.widgets.attachments.page_layout import (
    LARGEST_ZOOM,
    SMALLEST_ZOOM,
    Fit,
    PageLayout,
    PartCache,
    Place,
)
from portfolio_app.gui.widgets.attachments.rendering import Channel, Lane, Urgency, image_of
from portfolio_app.gui.widgets.attachments.selection import Move, Range, Spot, TextSelection
from portfolio_app.reading.page_text import Box, PageText
from portfolio_app.services.pdf_pages import Part, PdfPages

ZOOM_STEPS: Final = (0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)

_MOST_CACHED_BYTES = 64_000_000
_MOST_TEXTS = 64  # pages whose characters are kept
_SETTLE_MS = 60  # after scrolling and resizing
_AUTOSCROLL_MS = 30
_LINE_STEP = 48

# Pages are paper in both themes, so what is painted on them does not follow the theme.
_PAPER = QColor("#FFFFFF")
_SELECTED = QColor(31, 95, 168, 80)
_FOUND = QColor(255, 196, 0, 90)
_FOUND_HERE = QColor(255, 140, 0, 120)
_FOUND_EDGE = QColor("#8A3B00")
_QUOTED = QColor(255, 214, 0, 95)
_QUOTED_EDGE = QColor("#8A5A00")


SHORTCUTS: Final = (
    ("Ctrl+F", "Find in the file"),
    ("F3, Shift+F3", "Next place found, place before"),
    ("Space, Shift+Space", "A page on, a page back"),
    ("Home, End", "First page, last page"),
    ("Shift+Arrow keys", "Select more or less of the text"),
    ("Ctrl+A", "Select the text of the page"),
    ("Ctrl+C", "Copy the selected text"),
    ("Ctrl++, Ctrl+-, Ctrl+0", "Larger, smaller, as wide as the window"),
)
"""The keys of a preview of pages and what they do, for the page of shortcuts."""

_MOVES: Final[dict[tuple[int, bool], Move]] = {
    (Qt.Key.Key_Right, False): Move.RIGHT,
    (Qt.Key.Key_Right, True): Move.WORD_RIGHT,
    (Qt.Key.Key_Left, False): Move.LEFT,
    (Qt.Key.Key_Left, True): Move.WORD_LEFT,
    (Qt.Key.Key_Down, False): Move.DOWN,
    (Qt.Key.Key_Up, False): Move.UP,
    (Qt.Key.Key_Home, False): Move.LINE_START,
    (Qt.Key.Key_Home, True): Move.PAGE_START,
    (Qt.Key.Key_End, False): Move.LINE_END,
    (Qt.Key.Key_End, True): Move.PAGE_END,
}
"""What arrows do with Shift, and with Ctrl besides."""


class PageArea(QAbstractScrollArea):
    """Shows a document that is open elsewhere; reads it on the lane of pages only.

    Keys: arrows and Page Up/Down scroll, with Shift the arrows select; Ctrl+A selects the page, Ctrl+C copies,
    Ctrl+plus, minus and 0 zoom, Escape selects nothing.
    """

    page_changed = Signal(int)
    """The page that is looked at, from 0."""
    zoom_changed = Signal()
    selection_changed = Signal(bool)
    """Whether anything is selected."""
    page_failed = Signal(str)
    """A page that cannot be drawn, as a sentence."""
    copy_wanted = Signal()
    menu_wanted = Signal(QPoint)
    """Where a context menu is to be shown, on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self._pages: PdfPages | None = None
        self._layout = PageLayout(())
        self._cache = PartCache(_MOST_CACHED_BYTES)
        self._channel = Channel(self)
        self._texts: OrderedDict[int, PageText] = OrderedDict()
        self._failed: set[int] = set()
        self._selection = TextSelection(self._texts)
        self._found: Mapping[int, Sequence[Range]] = {}
        self._found_here: tuple[int, Range] | None = None
        self._quoted: tuple[int, Sequence[Range]] | None = None
        self._page = 0
        self._dragging = False
        self._shown_when_read: tuple[int, Range] | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._come_to_rest)
        self._autoscroll = QTimer(self)
        self._autoscroll.setInterval(_AUTOSCROLL_MS)
        self._autoscroll.timeout.connect(self._scroll_while_dragging)
        self.verticalScrollBar().setSingleStep(_LINE_STEP)
        self.horizontalScrollBar().setSingleStep(_LINE_STEP)

    # What is shown

    def set_pages(self, pages: PdfPages | None) -> None:
        """Show another document from its first page, or none."""
        self._channel.forget_all()
        self._pages = pages
        fit, zoom = self._layout.fit, self._layout.zoom
        self._layout = PageLayout(pages.sizes if pages else ())
        self._cache.clear()
        self._texts.clear()
        self._failed.clear()
        self._selection.set(None, None)
        self._found, self._found_here, self._quoted, self._shown_when_read = {}, None, None, None
        self._page = 0
        self._arrange(fit, zoom, Place(0, 0.0))
        self.verticalScrollBar().setValue(0)
        self.selection_changed.emit(False)

    @property
    def page(self) -> int:
        """The page that is looked at, from 0."""
        return self._page

    @property
    def count(self) -> int:
        """How many pages there are."""
        return self._layout.count

    @property
    def fit(self) -> Fit:
        """How large the pages are shown."""
        return self._layout.fit

    @property
    def zoom(self) -> float:
        """The zoom of the page that is looked at."""
        return self._layout.zoom_of(self._page) if self.count else 1.0

    @property
    def cached_bytes(self) -> int:
        """How much memory the drawn pages take."""
        return self._cache.size

    def is_drawn(self) -> bool:
        """Say whether all that can be seen has been drawn."""
        return bool(self.count) and all(
            part.number in self._failed or self._cache.get(part) is not None for part in self._parts_seen()
        )

    def go_to_page(self, page: int) -> None:
        """Show a page from its top."""
        if 0 <= page < self.count:
            self.verticalScrollBar().setValue(round(self._layout.rectangle(page).top()) - 12)

    def show_range(self, page: int, characters: Range) -> None:
        """Bring some text into view, as soon as its page has been read."""
        if not 0 <= page < self.count:
            return
        text = self._texts.get(page)
        if text is None:
            self._shown_when_read = page, characters
            self.go_to_page(page)
            return
        self._shown_when_read = None
        boxes = text.boxes(*characters)
        if not boxes:
            self.go_to_page(page)
            return
        place = self._on_screen(page, boxes[0])
        room = QRectF(self.viewport().rect())
        if not room.adjusted(0, 24, 0, -24).contains(place):
            bar = self.verticalScrollBar()
            bar.setValue(round(bar.value() + place.top() - room.height() / 3))
            across = self.horizontalScrollBar()
            if place.left() < 0 or place.right() > room.width():
                across.setValue(round(across.value() + place.left() - 24))

    def set_found(self, found: Mapping[int, Sequence[Range]], here: tuple[int, Range] | None) -> None:
        """Mark what a search has found, and the place that is looked at."""
        self._found, self._found_here = found, here
        self.viewport().update()

    def set_quoted(self, page: int, ranges: Sequence[Range]) -> None:
        """Mark a quotation and show it."""
        self._quoted = (page, ranges) if ranges else None
        if ranges:
            self.show_range(page, ranges[0])
        self.viewport().update()

    # Zoom

    def set_fit(self, fit: Fit, zoom: float = 1.0) -> None:
        """Show pages at another size; what is at the top stays there."""
        self._arrange(fit, zoom, self._place())
        self.zoom_changed.emit()

    def zoom_in(self) -> None:
        """Show pages larger by a step."""
        self.set_fit(Fit.ZOOM, next((step for step in ZOOM_STEPS if step > self.zoom * 1.01), LARGEST_ZOOM))

    def zoom_out(self) -> None:
        """Show pages smaller by a step."""
        self.set_fit(Fit.ZOOM, next((step for step in reversed(ZOOM_STEPS) if step < self.zoom * 0.99), SMALLEST_ZOOM))

    # Selection

    @property
    def has_selection(self) -> bool:
        """Whether any text is selected."""
        return bool(self._selection)

    def quoted(self) -> tuple[str, str]:
        """Return what is selected as one would write it down, and its pages as a reader counts them."""
        return self._selection.quoted()

    def when_selection_is_read(self, then: Callable[[], object]) -> None:
        """Call ``then`` once the text of all pages that are selected is known."""
        unread = self._selection.unread
        if unread:
            self._when_read(unread[0], partial(self.when_selection_is_read, then))
        else:
            then()

    def text_of(self, page: int) -> PageText | None:
        """Return the text of a page if it was read."""
        return self._texts.get(page)

    def read_page(self, page: int, then: Callable[[], object]) -> None:
        """Call ``then`` once the text of a page is known."""
        self._when_read(page, then)

    def select(self, page: int, characters: Range) -> None:
        """Select some text of a page."""
        self._set_selection(Spot(page, characters[0]), Spot(page, characters[1]))

    def select_page(self) -> None:
        """Select all text of the page that is looked at."""
        self._when_read(self._page, partial(self._select_all_of, self._page))

    def select_whole_words(self) -> None:
        """Take in the rest of words of which only a part is selected."""
        self._set_selection(*self._selection.whole_words())

    def clear_selection(self) -> None:
        """Select nothing."""
        self._set_selection(None, None)

    def _select_all_of(self, page: int) -> None:
        text = self._texts.get(page)
        if text is not None:
            self.select(page, (0, len(text)))

    def _set_selection(self, anchor: Spot | None, focus: Spot | None) -> None:
        if self._selection.set(anchor, focus):
            self.viewport().update()
            self.selection_changed.emit(self.has_selection)

    def _extend(self, move: Move) -> None:
        """Move the end of the selection as an editor does; without one it begins at the top of what is seen."""
        if self._selection.focus is None:
            text = self._texts.get(self._page)
            if text is None:
                return
            down = max(0.0, self._offset().y() - self._layout.rectangle(self._page).top())
            start = Spot(self._page, text.position_at(0, down / self._layout.scale(self._page)))
            self._selection.set(start, start)
        focus = self._selection.moved(move)
        if focus is not None:
            self._set_selection(self._selection.anchor, focus)
            start_shown = max(0, min(focus.position, len(self._texts[focus.page]) - 1))
            self.show_range(focus.page, (start_shown, start_shown + 1))

    # Geometry

    def _offset(self) -> QPointF:
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _seen(self) -> QRectF:
        return QRectF(self._offset(), QSizeF(self.viewport().size()))

    def _pages_seen(self) -> range:
        seen = self._seen()
        return self._layout.pages_between(seen.top(), seen.bottom())

    def _parts_seen(self) -> list[Part]:
        seen, density = self._seen(), self.devicePixelRatioF()
        return [part for page in self._pages_seen() for part in self._layout.parts(page, seen, density)]

    def _place(self) -> Place:
        return self._layout.place_at(self._offset().y()) if self.count else Place(0, 0.0)

    def _arrange(self, fit: Fit, zoom: float, place: Place) -> None:
        at_top = self.verticalScrollBar().value() == 0
        self._layout.arrange(QSizeF(self.viewport().size()), fit, zoom)
        view = self.viewport().size()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, self._layout.height - view.height()))
        down.setPageStep(view.height())
        middle = (across.value() + view.width() / 2) / max(1, across.maximum() + view.width())
        across.setRange(0, max(0, self._layout.width - view.width()))
        across.setPageStep(view.width())
        across.setValue(round(middle * (across.maximum() + view.width()) - view.width() / 2))
        if self.count and not at_top:
            down.setValue(round(self._layout.height_of(place)))
        self._look()
        self._settle.start()
        self.viewport().update()

    def _on_screen(self, page: int, box: Box) -> QRectF:
        scale = self._layout.scale(page)
        corner = self._layout.rectangle(page).topLeft() - self._offset()
        left, top, right, bottom = (edge * scale for edge in box)
        return QRectF(corner.x() + left, corner.y() + top, right - left, bottom - top)

    def _on_page(self, point: QPointF) -> tuple[int, float, float]:
        """Return the page nearest to a point of the viewport, and the point on it."""
        place = point + self._offset()
        page = self._layout.page_at(place.y())
        corner, scale = self._layout.rectangle(page).topLeft(), self._layout.scale(page)
        return page, (place.x() - corner.x()) / scale, (place.y() - corner.y()) / scale

    def _spot_at(self, point: QPointF) -> Spot | None:
        if not self.count:
            return None
        page, x, y = self._on_page(point)
        text = self._texts.get(page)
        return Spot(page, text.position_at(x, y)) if text else None

    def sheets(self) -> list[tuple[int, QRectF]]:
        """Return the pages that are seen, counted from 1, and where in the viewport each lies."""
        offset = self._offset()
        return [(page + 1, self._layout.rectangle(page).translated(-offset)) for page in self._pages_seen()]

    # Asking for what is seen

    def _look(self) -> None:
        """Note which page is looked at: the one that covers the line at a third of the height."""
        if not self.count:
            return
        page = self._layout.page_at(self._offset().y() + self.viewport().height() / 3)
        if self.verticalScrollBar().value() == self.verticalScrollBar().maximum() > 0:
            page = self._pages_seen()[-1]
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)

    def _come_to_rest(self) -> None:
        """Ask for what is seen, and for its text, which nobody needs of pages that fly past."""
        self._request()
        if self._pages is None or not self.isVisible():
            return
        pages = self._pages_seen()
        self._channel.forget_all(but=pages, of=int)
        for page in pages:
            self._read(page)

    def _request(self) -> None:
        """Ask for what is seen and what is next to it, and for nothing else any more."""
        if self._pages is None or not self.isVisible():
            return
        wanted = self._parts_seen()
        pages = self._pages_seen()
        beside = [page for page in (pages[-1] + 1, pages[0] - 1) if pages and 0 <= page < self.count]
        seen = self._seen()
        ahead = seen.adjusted(0, -seen.height() / 2, 0, seen.height() / 2)
        soon = [part for page in beside for part in self._layout.parts(page, ahead, self.devicePixelRatioF())]
        self._channel.forget_all(but={*wanted, *soon}, of=Part)
        for parts, urgency in ((wanted, Urgency.NOW), (soon, Urgency.SOON)):
            for part in parts:
                self._ask_for(part, urgency)

    def _ask_for(self, part: Part, urgency: Urgency) -> None:
        if part.number in self._failed or self._channel.awaits(part) or self._cache.get(part) or self._pages is None:
            return
        pages = self._pages
        self._channel.ask(
            part,
            lambda: image_of(pages.drawn(part)),
            partial(self._drawn, part),
            failed=partial(self._page_broken, part.number),
            lane=Lane.PAGES,
            urgency=urgency,
        )

    def _read(self, page: int) -> None:
        if page in self._texts or page in self._failed or self._channel.awaits(page) or self._pages is None:
            return
        self._channel.ask(
            page,
            partial(self._pages.text, page),
            partial(self._has_read, page),
            failed=partial(self._page_broken, page),
            lane=Lane.PAGES,
            urgency=Urgency.SOON,
        )

    def _when_read(self, page: int, then: Callable[[], object]) -> None:
        if page in self._texts or self._pages is None:
            then()
            return
        self._channel.ask(
            ("then", page),
            partial(self._pages.text, page),
            partial(self._read_then, page, then),
            failed=partial(self._page_broken, page),
            lane=Lane.PAGES,
        )

    def _read_then(self, page: int, then: Callable[[], object], text: PageText) -> None:
        self._has_read(page, text)
        then()

    def _drawn(self, part: Part, image: QImage) -> None:
        self._cache.keep(part, image)
        self.viewport().update()

    def _has_read(self, page: int, text: PageText) -> None:
        self._texts[page] = text
        self._texts.move_to_end(page)
        kept = self._selection.pages
        for old in list(self._texts):
            if len(self._texts) <= _MOST_TEXTS:
                break
            if old not in kept:
                del self._texts[old]
        if self._shown_when_read and self._shown_when_read[0] == page:
            self.show_range(*self._shown_when_read)
        self.viewport().update()

    def _page_broken(self, page: int, error: KnownError) -> None:
        if page not in self._failed:
            self._failed.add(page)
            self.page_failed.emit(str(error))
            self.viewport().update()

    # Events

    def scrollContentsBy(self, _across: int, _down: int) -> None:  # noqa: N802
        """Show another part of the document."""
        self._look()
        self._request()
        self._settle.start()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Lay the pages out for another size of the window."""
        super().resizeEvent(event)
        self._arrange(self._layout.fit, self._layout.zoom, self._place())
        if self._layout.fit is not Fit.ZOOM:
            self.zoom_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Ask for what is seen now."""
        super().showEvent(event)
        self._settle.start()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the pages that are seen, as sharp as they have been drawn so far."""
        painter = QPainter(self.viewport())
        colours = theme.current()
        painter.fillRect(event.rect(), colours.colour("sunken"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        offset = self._offset()
        for page in self._pages_seen():
            paper = self._layout.rectangle(page).translated(-offset)
            painter.fillRect(paper, _PAPER)
            self._paint_parts(painter, page, offset)
            if page in self._failed:
                painter.setPen(QColor("#566074"))
                painter.drawText(paper, Qt.AlignmentFlag.AlignCenter, f"Page {page + 1} cannot be shown.")
            self._paint_marks(painter, page)
            painter.setPen(QPen(colours.colour("line"), 1))
            painter.drawRect(paper.adjusted(-0.5, -0.5, 0.5, 0.5))
        if self.hasFocus():
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.drawRect(QRect(self.viewport().rect()).adjusted(1, 1, -1, -1))

    def _paint_parts(self, painter: QPainter, page: int, offset: QPointF) -> None:
        wanted = self._layout.parts(page, self._seen(), self.devicePixelRatioF())
        ready = [(part, image) for part in wanted if (image := self._cache.get(part)) is not None]
        shown = ready if len(ready) == len(wanted) else [*self._cache.of_page(page), *ready]
        for part, image in shown:
            painter.drawImage(self._layout.target(part).translated(-offset), image)

    def _paint_marks(self, painter: QPainter, page: int) -> None:
        text = self._texts.get(page)
        if text is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        if self._quoted and self._quoted[0] == page:
            for characters in self._quoted[1]:
                self._paint_boxes(painter, page, text.boxes(*characters), _QUOTED, edge=_QUOTED_EDGE)
        for characters in self._found.get(page, ()):
            if self._found_here == (page, characters):
                self._paint_boxes(painter, page, text.boxes(*characters), _FOUND_HERE, edge=_FOUND_EDGE)
            else:
                self._paint_boxes(painter, page, text.boxes(*characters), _FOUND)
        for selected_page, characters in self._selection.parts():
            if selected_page == page:
                self._paint_boxes(painter, page, text.boxes(*characters), _SELECTED)

    def _paint_boxes(
        self, painter: QPainter, page: int, boxes: Sequence[Box], colour: QColor, *, edge: QColor | None = None
    ) -> None:
        for box in boxes:
            place = self._on_screen(page, box)
            painter.fillRect(place, colour)
            if edge is not None:  # seen without seeing its colour
                painter.fillRect(QRectF(place.left(), place.bottom() - 2, place.width(), 2), edge)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to select."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        spot = self._spot_at(event.position())
        if spot is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._selection.anchor is not None:
            self._set_selection(self._selection.anchor, spot)
        else:
            self._set_selection(spot, spot)
        self._dragging = True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Select as far as the pointer is."""
        if self._dragging:
            self._drag_to(event.position())
            outside = not self.viewport().rect().contains(event.position().toPoint())
            if outside and not self._autoscroll.isActive():
                self._autoscroll.start()
            elif not outside:
                self._autoscroll.stop()
            return
        self.viewport().setCursor(self._cursor_at(event.position()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """End the selection."""
        self._dragging = False
        self._autoscroll.stop()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Select a word; a second double click the line."""
        spot = self._spot_at(event.position())
        text = self._texts.get(spot.page) if spot else None
        if spot is None or text is None:
            return
        word, line = text.word_at(spot.position), text.line_at(spot.position)
        chosen = line if self._selection.parts() == [(spot.page, word)] else word
        self.select(spot.page, chosen)

    def _cursor_at(self, point: QPointF) -> Qt.CursorShape:
        if self.count:
            page, x, y = self._on_page(point)
            text = self._texts.get(page)
            if text is not None and text.is_on_text(x, y):
                return Qt.CursorShape.IBeamCursor
        return Qt.CursorShape.ArrowCursor

    def _drag_to(self, point: QPointF) -> None:
        spot = self._spot_at(point)
        if spot is not None and self._selection.anchor is not None:
            self._set_selection(self._selection.anchor, spot)

    def _scroll_while_dragging(self) -> None:
        point = self.viewport().mapFromGlobal(self.cursor().pos())
        rect = self.viewport().rect()
        over = min(0, point.y() - rect.top()) + max(0, point.y() - rect.bottom())
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + max(-60, min(60, over)))
        self._drag_to(QPointF(point))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom with Ctrl, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y() > 0:
                self.zoom_in()
            elif event.angleDelta().y() < 0:
                self.zoom_out()
            event.accept()
            return
        super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for a menu."""
        self.menu_wanted.emit(event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Claim the keys that mean something here before the window's actions do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            own = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.SelectAll)
            if any(event.matches(key) for key in own):
                event.accept()
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that the focus has gone."""
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Scroll, select, copy, zoom."""
        key, bar = event.key(), self.verticalScrollBar()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_page()
        elif shift and (key, control) in _MOVES:
            self._extend(_MOVES[key, control])
        elif control and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif control and key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif control and key == Qt.Key.Key_0:
            self.set_fit(Fit.WIDTH)
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif key == Qt.Key.Key_Space:
            bar.setValue(bar.value() + (-1 if shift else 1) * bar.pageStep())
        elif key == Qt.Key.Key_Escape and self.has_selection:
            self.clear_selection()
        else:
            super().keyPressEvent(event)
