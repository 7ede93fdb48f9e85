"""Searching the pages of a document a few at a time, so that pages being looked at are drawn in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice

from PySide6.QtCore import QObject, Signal

from portfolio_app.domain.errors import KnownError
from portfolio_app.gui.widgets.attachments.rendering import Channel, Lane, Urgency
from portfolio_app.gui.widgets.attachments.selection import Range
from portfolio_app.reading.page_text import PageText
from portfolio_app.services.pdf_pages import PagesUnreadable, PdfPages

_PAGES_AT_A_TIME = 10
_MOST_PLACES = 2_000

Look = Callable[[PageText], list[Range]]


class Finder(QObject):
    """Finds the places of some words; the pages are searched in the order in which they are given."""

    found = Signal(int, object)
    """A page, from 0, and the ranges on it."""
    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._channel = Channel(self)
        self._left: Iterator[int] = iter(())
        self._places = 0

    @property
    def is_searching(self) -> bool:
        """Whether there are pages left."""
        return not self._channel.is_idle

    @property
    def has_stopped_early(self) -> bool:
        """Whether there were too many places to go on."""
        return self._places >= _MOST_PLACES

    def start(self, pages: PdfPages, look: Look, order: Iterable[int], *, first_only: bool = False) -> None:
        """Search anew.

        Args:
            pages: The document.
            look: Returns the ranges on a page.
            order: The pages to search, from 0.
            first_only: Whether the first page with a place is enough.
        """
        self.stop()
        self._left = iter(order)
        self._places = 0
        self._go_on(pages, look, first_only)

    def stop(self) -> None:
        """Search no further."""
        self._channel.forget_all()

    def _go_on(self, pages: PdfPages, look: Look, first_only: bool) -> None:
        numbers = list(islice(self._left, 1 if first_only else _PAGES_AT_A_TIME))
        if not numbers:
            self.finished.emit()
            return
        self._channel.ask(
            "search",
            partial(_searched, pages, look, numbers),
            partial(self._has_searched, pages, look, first_only),
            failed=self._give_up,
            lane=Lane.PAGES,
            urgency=Urgency.SOON,
        )

    def _has_searched(
        self,
        pages: PdfPages,
        look: Look,
        first_only: bool,
        places: list[tuple[int, list[Range]]],
    ) -> None:
        for page, ranges in places:
            self._places += len(ranges)
            self.found.emit(page, ranges)
        if (first_only and places) or self._places >= _MOST_PLACES:
            self.finished.emit()
        else:
            self._go_on(pages, look, first_only)

    def _give_up(self, _error: KnownError) -> None:
        self.finished.emit()


def _searched(pages: PdfPages, look: Look, numbers: list[int]) -> list[tuple[int, list[Range]]]:
    places = []
    for number in numbers:
        try:
            ranges = look(pages.text(number))
        except PagesUnreadable:
            continue
        if ranges:
            places.append((number, ranges))
    return places


def outwards(start: int, count: int) -> Iterator[int]:
    """Yield the pages beginning with one, then those beside it, then further away."""
    for distance in range(count):
        for page in {start + distance, start - distance}:
            if 0 <= page < count:
                yield page
