"""What every page of the window has in common."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from PySide6.QtCore import QObject
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from portfolio_app.gui.places import Place
from portfolio_app.gui.session import Session
from portfolio_app.gui.widgets.basics import BannerKind
from portfolio_app.gui.widgets.focus_passing import FocusPassing
from portfolio_app.gui.widgets.in_steps import InSteps
from portfolio_app.settings import Settings

if TYPE_CHECKING:
    from portfolio_app.domain.changes import Changes


class Navigator(Protocol):
    """What a page may ask of the window that it stands in."""

    settings: Settings

    def go(self, place: Place) -> None:
        """Show a place, on another page perhaps."""

    def inspect(self, place: Place | None) -> None:
        """Show what is known of a thing in the inspector, if that is open; ``None`` empties it."""

    def toast(self, text: str, *, undo: bool = False) -> None:
        """Say in passing what was done, perhaps with a button that takes it back."""

    def message(self, text: str, *, title: str = "", kind: BannerKind = "info") -> None:
        """Show a sentence until it is put away; ``kind`` is ``info``, ``warning`` or ``error``."""

    def check_seal(self, path: Path) -> None:
        """Say whether a sealed document was changed, and what its key is."""

    def run_action(self, action_id: str) -> None:
        """Do what a menu entry does."""

    def read_answers(self, paths: Sequence[Path]) -> None:
        """Read review copies that came back, on the page that shows what they say."""

    def read_statements(self, paths: Sequence[Path]) -> None:
        """Read forms that witnesses sent back, on the page that shows the items they are about."""


class Page(FocusPassing):
    """A page of the window: loads itself when it is first shown, and what an edit touched when it is shown again."""

    def __init__(self, session: Session, window: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.window_ = window
        self._is_loaded = False
        self._missed: Changes | None = None
        session.changed.connect(self._hear)

    @classmethod
    def made_in_steps(cls, session: Session, window: Navigator, parent: QWidget) -> Generator[None, None, Self]:
        """Make and return a page; where that takes long, the window does what else it has to do between the steps."""
        yield from ()
        return cls(session, window, parent)

    def refresh(self) -> None:
        """Load everything that the page shows."""
        raise NotImplementedError

    def on_changes(self, changes: Changes) -> None:
        """Load what these changes touch; by default everything."""
        del changes
        self.refresh()

    def commit(self) -> None:
        """Save what was typed and is not saved yet."""

    def show_place(self, place: Place) -> None:
        """Lead to the very thing that the place names."""

    def state(self) -> dict[str, Any]:
        """Return what of the page's look comes back at the next start (JSON values)."""
        return {}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the look that :meth:`state` returned, in an earlier version perhaps."""

    def load(self) -> None:
        """Load what is not loaded yet: everything, or what changed while the page was hidden."""
        if not self.session.is_open:
            return
        missed, self._missed = self._missed, None
        if not self._is_loaded:
            self._is_loaded = True
            self.refresh()
        elif missed is not None:
            self.on_changes(missed)

    def reload(self) -> None:
        """Load everything anew: at once where the page is seen, else when it is shown again."""
        if self.isVisible() and self.session.is_open:
            self.refresh()
        else:
            self._is_loaded = False

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Load what was missed while the page was hidden."""
        super().showEvent(event)
        self.load()

    def _hear(self, changes: Changes, initiator: QObject | None) -> None:
        if initiator is self or not self._is_loaded:
            return
        if self.isVisible():
            self.on_changes(changes)
        else:
            self._missed = changes if self._missed is None else self._missed | changes


class PageInSteps(InSteps, Page):
    """A page of so many parts that making them at once would show.

    Made by its constructor it is whole at once, by :meth:`made_in_steps` when the last step has been taken.
    """

    def __init__(
        self, session: Session, window: Navigator, parent: QWidget | None = None, *, in_steps: bool = False
    ) -> None:
        super().__init__(session, window, parent)
        self._is_whole = False
        self.begin(in_steps=in_steps)
        self._is_whole = not in_steps

    @classmethod
    def made_in_steps(cls, session: Session, window: Navigator, parent: QWidget) -> Generator[None, None, Self]:
        """Make a page part by part."""
        page = cls(session, window, parent, in_steps=True)
        yield from page.making
        page._is_whole = True
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Arrange the parts once all of them are there."""
        super().resizeEvent(event)
        if self._is_whole:
            self._resized()

    def _resized(self) -> None:
        """Put the parts as the page's size wants them."""
