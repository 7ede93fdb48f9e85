"""The pages of the open portfolio: made when they are first shown or time is left, put away when it is closed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from functools import partial
from types import ModuleType
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget

from portfolio_app import settings as declared
from portfolio_app.gui.late_modules import LateModules
from portfolio_app.gui.navigation import PAGES, PageDeclaration
from portfolio_app.gui.page import Navigator, Page
from portfolio_app.gui.places import Place
from portfolio_app.gui.session import Session

_MOST_VISITED: Final = 50


class PageShelf(QObject):
    """Shows places on pages that stand in a stack with others."""

    shown = Signal(str)
    """The name of the page that is shown now."""

    def __init__(self, session: Session, window: Navigator, stack: QStackedWidget, modules: LateModules) -> None:
        super().__init__(stack)
        self._session = session
        self._window = window
        self._stack = stack
        self._modules = modules
        self._pages: dict[str, Page] = {}
        self._begun: dict[str, Generator[None, None, None]] = {}
        self._visited: list[Place] = []
        self._wanted: Place | None = None

    @property
    def is_making(self) -> bool:
        """Whether a page that was asked for is still being made."""
        return self._wanted is not None and self._wanted.page in self._begun

    def get(self, name: str) -> Page | None:
        """Return a page that has been made."""
        return self._pages.get(name)

    def current(self) -> Page | None:
        """Return the page that is shown, if it is one of the portfolio's."""
        widget = self._stack.currentWidget()
        return widget if isinstance(widget, Page) else None

    def go(self, place: Place, then: Callable[[Page], object] | None = None) -> None:
        """Show a place, and call ``then`` with its page; a page that is shown for the first time is made first.

        Where another place is asked for meanwhile, that one is shown.
        """
        self._wanted = place
        page = self._pages.get(place.page)
        if page is None:
            page_declared = _declaration(place.page)
            act = partial(self._make_to_show, place, then)
            self._modules.use(page_declared.module, act, below=page_declared.below)
        else:
            self._show(page, place, then)

    def back(self) -> None:
        """Show the place before this one."""
        if len(self._visited) > 1:
            self._visited.pop()
            self.go(self._visited.pop())

    def commit(self) -> None:
        """Have every page save what was typed."""
        for page in self._pages.values():
            page.commit()

    def clear(self) -> None:
        """Put all pages away: their portfolio is closed."""
        for making in list(self._begun.values()):
            making.close()
        for page in self._stack.findChildren(Page, options=Qt.FindChildOption.FindDirectChildrenOnly):
            for clock in page.findChildren(QTimer):  # what they would ask for is not there any more
                clock.stop()
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._visited.clear()
        self._wanted = None

    def state(self) -> dict[str, Any]:
        """Return how the pages look, by their names, and which of them is shown."""
        state: dict[str, Any] = {name: page.state() for name, page in self._pages.items()}
        shown = next((name for name, page in self._pages.items() if page is self.current()), None)
        return state | {"page": shown} if shown else state

    def make_ahead(self) -> Generator[None, None, None]:
        """Make the pages that have not been shown yet, while nothing else is to be done; their modules are there."""
        for page_declared in PAGES:
            while self._session.is_open and page_declared.name not in self._pages:
                self._make_part(page_declared)
                yield

    def _make_to_show(self, place: Place, then: Callable[[Page], object] | None, module: ModuleType) -> None:
        if not self._session.is_open:
            return
        if not self._make_part(_declaration(place.page)):
            QTimer.singleShot(0, self, partial(self._make_to_show, place, then, module))
        elif self._wanted is place:
            self._show(self._pages[place.page], place, then)

    def _make_part(self, page_declared: PageDeclaration) -> bool:
        """Make one more part of a page; return whether it is whole."""
        name = page_declared.name
        if name in self._pages:
            return True
        if name not in self._begun:
            self._begun[name] = self._making(page_declared)
        try:
            next(self._begun[name])
        except StopIteration:
            return True
        return False

    def _making(self, page_declared: PageDeclaration) -> Generator[None, None, None]:
        name = page_declared.name
        page_class: type[Page] = getattr(sys.modules[page_declared.module], page_declared.class_name)
        # A widget that moves to another parent is dressed anew with all it holds: pages are made in their place.
        try:
            page = yield from page_class.made_in_steps(self._session, self._window, self._stack)
            self._stack.addWidget(page)
            state = self._window.settings.get(declared.WINDOW_STATE).get(name)
            if isinstance(state, dict):
                page.restore_state(state)
            self._pages[name] = page
        finally:
            del self._begun[name]

    def _show(self, page: Page, place: Place, then: Callable[[Page], object] | None) -> None:
        self._visited = [*self._visited[-_MOST_VISITED:], place]
        before = self.current()
        if before is not None and before is not page:
            before.commit()
        self._stack.setCurrentWidget(page)
        self.shown.emit(place.page)
        page.load()
        page.show_place(place)
        if then is not None:
            then(page)


def _declaration(name: str) -> PageDeclaration:
    return next(page for page in PAGES if page.name == name)
