"""A PDF to read: pages, zoom, search, selection, and the page's plain text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSpinBox, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import Attachment
from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.attachments.find_bar import FindBar, is_find_key
from portfolio_app.gui.widgets.attachments.finding import Finder, outwards
from portfolio_app.gui.widgets.attachments.page_area import PageArea
from portfolio_app.gui.widgets.attachments.page_layout import Fit
from portfolio_app.gui.widgets.attachments.rendering import Channel, Lane, Urgency
from portfolio_app.gui.widgets.attachments.selection import Range
from portfolio_app.gui.widgets.attachments.text_view import TextView
from portfolio_app.gui.widgets.basics import hairline, icon_button
from portfolio_app.reading.page_text import PageText
from portfolio_app.services.pdf_pages import PdfPages

_ZOOMS: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)


class PdfView(QWidget):
    """Opens a PDF on the lane of pages and shows it."""

    failed = Signal(str)
    """The file cannot be shown: why, as a sentence."""
    noted = Signal(str)
    """Something the reader should know, as a sentence; empty when that is over."""
    selection_changed = Signal(bool)
    menu_wanted = Signal(QPoint)
    loaded = Signal()
    """The document is open; its first page is about to be drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: PdfPages | None = None
        self._channel = Channel(self)
        self._finder = Finder(self)
        self._locator = Finder(self)
        self._places: dict[int, list[Range]] = {}
        self._here: tuple[int, Range] | None = None
        self._quotation = ""
        self._page_wanted = 0
        self._quotation_found = False
        self._sought: tuple[Sequence[str], str] = (), ""
        self.area = PageArea()
        self.area.setAccessibleName("Pages")
        self._text = TextView()
        self._text.setAccessibleName("Text of this page")
        self._find_bar = FindBar()
        self._find_bar.hide()
        self._box = QSpinBox()
        self._total = QLabel()
        self._zoom = QToolButton()
        self._as_text = icon_button("scan-text", "Read as text")
        self._body = QStackedLayout()
        self._build()
        self._connect()
        self._set_enabled(enabled=False)

    def _build(self) -> None:
        self._box.setAccessibleName("Page")
        self._box.setKeyboardTracking(False)
        self._box.setMinimum(1)
        theme.set_role(self._total, "muted")
        theme.set_role(self._zoom, "quiet")
        self._zoom.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._zoom.setAccessibleName("Zoom")
        self._zoom.setToolTip("Zoom")
        self._zoom.setMenu(self._zoom_menu())
        self._as_text.setCheckable(True)
        self._as_text.setToolTip("Read as text: the plain words of the page, for a screen reader or the keyboard")
        self._out = icon_button("zoom-out", "Smaller (Ctrl+−)")
        self._in = icon_button("zoom-in", "Larger (Ctrl++)")
        self._find = icon_button("search", "Find in this file (Ctrl+F)")
        row = QHBoxLayout()
        row.setContentsMargins(Space.S8, Space.S4, Space.S8, Space.S4)
        row.setSpacing(Space.S4)
        row.addWidget(self._box)
        row.addWidget(self._total)
        row.addStretch(1)
        for widget in (self._out, self._zoom, self._in):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._as_text)
        row.addWidget(self._find)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._find_bar)
        column.addWidget(hairline())
        column.addLayout(self._body, 1)
        self._body.addWidget(self.area)  # which would be a window of its own for a moment in a layout without a parent
        self._body.addWidget(self._text)

    def _zoom_menu(self) -> QMenu:
        menu = QMenu(self)
        for fit in (Fit.WIDTH, Fit.PAGE):
            action = menu.addAction(fit.value)
            action.setData(fit)
        menu.addSeparator()
        for zoom in _ZOOMS:
            action = menu.addAction(f"{zoom:.0%}")
            action.setData(zoom)
        menu.triggered.connect(self._zoom_chosen)
        return menu

    def _connect(self) -> None:
        self._box.valueChanged.connect(self._page_typed)
        self._out.clicked.connect(self.area.zoom_out)
        self._in.clicked.connect(self.area.zoom_in)
        self._find.clicked.connect(self.open_search)
        self._as_text.toggled.connect(self._show_text)
        self.area.page_changed.connect(self._page_seen)
        self.area.zoom_changed.connect(self._tell_zoom)
        self.area.selection_changed.connect(self._selection_changed)
        self._text.selection_changed.connect(self._selection_changed)
        self.area.copy_wanted.connect(self.copy)
        self.area.menu_wanted.connect(self.menu_wanted)
        self._text.menu_wanted.connect(self.menu_wanted)
        self.area.page_failed.connect(self.noted)
        self._find_bar.searched.connect(self._search)
        self._find_bar.stepped.connect(self._step)
        self._find_bar.closed.connect(self._end_search)
        self._finder.found.connect(self._has_found)
        self._finder.finished.connect(self._search_finished)
        self._locator.found.connect(self._has_located)
        self._locator.finished.connect(self._location_finished)

    # Opening

    def open(
        self,
        attachment: Attachment,
        path: Path,
        page: int | None,
        quotation: str,
        *,
        words: Sequence[str] = (),
        passage: str = "",
    ) -> None:
        """Show a PDF, on a page (from 1), with a quotation or the words of a search marked; these are in a passage."""
        self.close_file()
        self._quotation, self._page_wanted, self._sought = quotation, max(0, (page or 1) - 1), (words, passage)
        self.area.setAccessibleName(f"Pages of {attachment.name}")
        self._channel.ask(
            "open",
            partial(PdfPages, path, attachment.name),
            self._opened,
            failed=self._cannot_open,
            lane=Lane.PAGES,
            dispose=PdfPages.close,
        )

    def close_file(self) -> None:
        """Let go of the file."""
        self._channel.forget_all()
        self._finder.stop()
        self._locator.stop()
        self._find_bar.hide()
        self._places, self._here, self._quotation, self._sought = {}, None, "", ((), "")
        self.area.set_pages(None)
        self._text.set_text("")
        self._set_enabled(enabled=False)
        if self._pages is not None:
            Lane.PAGES.run(self._pages.close)
            self._pages = None

    def show_place(self, page: int | None, quotation: str, words: Sequence[str] = (), passage: str = "") -> None:
        """Show another place of the document that is open."""
        self._quotation, self._page_wanted, self._sought = quotation, max(0, (page or 1) - 1), (words, passage)
        if self._pages is not None:
            self.area.set_quoted(0, ())
            self._show_wanted(self._pages)

    def _opened(self, pages: PdfPages) -> None:
        self._pages = pages
        self._set_enabled(enabled=True)
        self._box.setMaximum(pages.count)
        self._total.setText(f"of {pages.count:,}")
        self.area.set_pages(pages)
        self._tell_zoom()
        self._page_seen(0)
        self.loaded.emit()
        if pages.pages_in_file > pages.count:
            self.noted.emit(
                f"Only the first {pages.count:,} of {pages.pages_in_file:,} pages are shown here; "
                "open the file in its own program to see the rest."
            )
        self._show_wanted(pages)

    def _show_wanted(self, pages: PdfPages) -> None:
        page = self._page_wanted
        if page >= pages.count:
            self.noted.emit(f"There is no page {page + 1:,}; “{pages.name}” has {pages.count:,}.")
            page = 0
        self.area.go_to_page(page)
        if self._quotation.strip():
            self._quotation_found = False
            look = partial(_quotation_on, self._quotation)
            self._locator.start(pages, look, outwards(page, pages.count), first_only=True)
        words, passage = self._sought
        if words:
            self._as_text.setChecked(False)
            self._find_bar.look_for(words)
            self._channel.ask(
                "passage",
                partial(_first_in_passage, pages, page, words, passage),
                partial(self._show_in_passage, page),
                failed=_leave_it,
                lane=Lane.PAGES,
                urgency=Urgency.SOON,
            )

    def _cannot_open(self, error: KnownError) -> None:
        self.failed.emit(str(error))

    def _set_enabled(self, *, enabled: bool) -> None:
        for widget in (self._box, self._out, self._zoom, self._in, self._find, self._as_text):
            widget.setEnabled(enabled)
        if not enabled:
            self._as_text.setChecked(False)
            self._total.setText("")

    # The quotation of a claim

    def _has_located(self, page: int, ranges: list[Range]) -> None:
        self._quotation_found = True
        self.area.set_quoted(page, ranges)
        if page != self._page_wanted:
            self.noted.emit(f"The quotation stands on page {page + 1:,}.")

    def _location_finished(self) -> None:
        if not self._quotation_found:
            self.noted.emit("The quotation was not found in this file; its pages may be pictures of text.")

    # Pages and zoom

    def _page_typed(self, number: int) -> None:
        if number - 1 != self.area.page:
            self.area.go_to_page(number - 1)

    def _page_seen(self, page: int) -> None:
        self._box.blockSignals(True)
        self._box.setValue(page + 1)
        self._box.blockSignals(False)
        self.area.setAccessibleDescription(f"Page {page + 1:,} of {self.area.count:,}")
        if self._as_text.isChecked():
            self._fill_text()

    def _zoom_chosen(self, action: QAction) -> None:
        chosen = action.data()
        if isinstance(chosen, Fit):
            self.area.set_fit(chosen)
        else:
            self.area.set_fit(Fit.ZOOM, float(chosen))

    def _tell_zoom(self) -> None:
        fit = self.area.fit
        self._zoom.setText(f"{self.area.zoom:.0%}" if fit is Fit.ZOOM else fit.value)

    def _show_text(self, shown: bool) -> None:
        self._body.setCurrentWidget(self._text if shown else self.area)
        if shown:
            self._fill_text()
            self._text.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.area.setFocus(Qt.FocusReason.OtherFocusReason)
        self._selection_changed()

    def _fill_text(self) -> None:
        page = self.area.page
        self.area.read_page(page, partial(self._fill_text_of, page))

    def _fill_text_of(self, page: int) -> None:
        text = self.area.text_of(page)
        if text is not None and page == self.area.page:
            self._text.set_text(text.quoted(0, len(text)) or "There is no text on this page; it may be a picture.")

    # Selection

    @property
    def has_selection(self) -> bool:
        """Whether any text is selected."""
        return self._text.has_selection if self._as_text.isChecked() else self.area.has_selection

    def selected_text(self) -> tuple[str, str]:
        """Return what is selected, and its pages as a reader counts them."""
        if self._as_text.isChecked():
            return self._text.selected_text()[0], str(self.area.page + 1)
        return self.area.quoted()

    def when_selection_is_read(self, then: Callable[[], object]) -> None:
        """Call ``then`` once all of the selected text is known."""
        self.area.when_selection_is_read(then)

    def select_whole_words(self) -> None:
        """Take in the rest of words of which only a part is selected."""
        if self._as_text.isChecked():
            self._text.select_whole_words()
        else:
            self.area.select_whole_words()

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        self.when_selection_is_read(self._copy)

    def select_all(self) -> None:
        """Select all text of the page."""
        if self._as_text.isChecked():
            self._text.select_all()
        else:
            self.area.select_page()

    def _copy(self) -> None:
        text, _ = self.selected_text()
        if text:
            QGuiApplication.clipboard().setText(text)

    def _selection_changed(self) -> None:
        self.selection_changed.emit(self.has_selection)

    # Search

    def open_search(self) -> None:
        """Open the search, with what is selected if that is short."""
        if self._pages is None:
            return
        self._as_text.setChecked(False)
        text, _ = self.selected_text()
        self._find_bar.open(text if text and "\n" not in text and len(text) <= 60 else "")

    def _search(self, _text: str) -> None:
        self._finder.stop()
        self._places, self._here = {}, None
        self.area.set_found({}, None)
        wanted = self._find_bar.wanted
        if not wanted or self._pages is None:
            self._find_bar.tell("")
            return
        self._find_bar.tell("searching …")
        count = self.area.count
        start = min(self._page_wanted, count - 1) if self._find_bar.wants_whole_words else self.area.page
        order = (page % count for page in range(start, start + count))
        look = partial(_words_on, wanted, whole=self._find_bar.wants_whole_words)
        self._finder.start(self._pages, look, order)

    def _has_found(self, page: int, ranges: list[Range]) -> None:
        self._places[page] = ranges
        if self._here is None:
            self._go_to(page, ranges[0])
        self._tell_places()

    def _show_in_passage(self, page: int, place: Range | None) -> None:
        """Lead to the place that a search of the portfolio has found, which need not be the first on its page."""
        if place is not None and self._find_bar.wants_whole_words and not self._find_bar.isHidden():
            self._go_to(page, place)
            self._tell_places()

    def _search_finished(self) -> None:
        self._tell_places()
        self.area.set_found(self._places, self._here)

    def _tell_places(self) -> None:
        places = self._in_order()
        more = "…" if self._finder.is_searching else "+" if self._finder.has_stopped_early else ""
        if self._here in places:
            self._find_bar.tell(f"{places.index(self._here) + 1:,} of {len(places):,}{more}")
        else:
            self._find_bar.tell("searching …" if self._finder.is_searching else "not found")

    def _in_order(self) -> list[tuple[int, Range]]:
        return [(page, place) for page in sorted(self._places) for place in self._places[page]]

    def _step(self, step: int) -> None:
        places = self._in_order()
        if not places:
            return
        at = bisect_left(places, self._here) if self._here else -1
        self._go_to(*places[(at + step) % len(places)])
        self._tell_places()

    def _go_to(self, page: int, place: Range) -> None:
        self._here = page, place
        self.area.set_found(self._places, self._here)
        self.area.show_range(page, place)

    def _end_search(self) -> None:
        self._finder.stop()
        self._places, self._here = {}, None
        self.area.set_found({}, None)
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Claim the keys of the search before the window's actions do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_find_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Open the search, or go on in it."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.open_search()
        elif is_find_key(event):
            self._step(1 if event.matches(QKeySequence.StandardKey.FindNext) else -1)
        else:
            super().keyPressEvent(event)


def _words_on(wanted: Sequence[str], text: PageText, *, whole: bool) -> list[Range]:
    found = {place for words in wanted for place in text.find(words)}
    return sorted(place for place in found if not whole or text.is_whole(*place))


def _first_in_passage(pages: PdfPages, page: int, words: Sequence[str], passage: str) -> Range | None:
    """Return where the first of some words stands in a passage of a page."""
    text = pages.text(page)
    passages = text.find_quotation(passage)
    places = _words_on(words, text, whole=True)
    return next((place for start, end in passages for place in places if start <= place[0] < end), None)


def _leave_it(_error: KnownError) -> None:
    """Say nothing of a page that cannot be read: the search, which looks at all of them, does."""


def _quotation_on(quotation: str, text: PageText) -> list[Range]:
    return text.find_quotation(quotation)
