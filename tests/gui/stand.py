"""What a page stands on in a test: an open portfolio, and a window that remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEventLoop, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from portfolio_app import settings as declared
from portfolio_app.gui.actions import ACTIONS
from portfolio_app.gui.main_window import MainWindow
from portfolio_app.gui.places import Place
from portfolio_app.gui.session import Session
from portfolio_app.gui.tasks import Tasks
from portfolio_app.gui.widgets.basics import Section
from portfolio_app.settings import Settings
from portfolio_app.storage.portfolio_file import PortfolioFile

_PATIENCE_MS = 20_000

DIALOGS = [
    action.id
    for action in ACTIONS
    if action.text.endswith("…")
    and action.id
    not in (
        "open-portfolio",
        "export",
        "export-unit",
        "read-answers",
        "read-witness-form",
        "new-from-files",
        "attach-files",
    )
]
"""The actions that ask something in a dialog of ours; the dialog for files is Qt's."""


def quiet_settings() -> Settings:
    """Return settings for a window that reads no dictionary and starts no process for suggestions by itself."""
    chosen = Settings()
    chosen.set(declared.SPELLING, "")
    chosen.set(declared.SUGGESTIONS, value=False)
    return chosen


@dataclass(eq=False)
class RecordingNavigator:
    """A window that only writes down what a page asks of it."""

    settings: Settings = field(default_factory=quiet_settings)
    places: list[Place] = field(default_factory=list)
    inspected: list[Place | None] = field(default_factory=list)
    toasts: list[tuple[str, bool]] = field(default_factory=list)
    messages: list[tuple[str, str]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    checked: list[Path] = field(default_factory=list)
    answers: list[Path] = field(default_factory=list)
    statements: list[Path] = field(default_factory=list)

    def go(self, place: Place) -> None:
        self.places.append(place)

    def inspect(self, place: Place | None) -> None:
        self.inspected.append(place)

    def toast(self, text: str, *, undo: bool = False) -> None:
        self.toasts.append((text, undo))

    def message(self, text: str, *, title: str = "", kind: str = "info") -> None:
        self.messages.append((f"{title}: {text}" if title else text, kind))

    def check_seal(self, path: Path) -> None:
        self.checked.append(path)

    def run_action(self, action_id: str) -> None:
        self.actions.append(action_id)

    def read_answers(self, paths: Sequence[Path]) -> None:
        self.answers += paths

    def read_statements(self, paths: Sequence[Path]) -> None:
        self.statements += paths


class OpenSession(Session):
    """A session on a portfolio of its own, which the test can wait for."""

    def __init__(self, place: Path, *, read_only: bool = False) -> None:
        super().__init__(Tasks())
        self.refused: list[BaseException] = []
        self._loop = QEventLoop()
        self.tasks.refused.connect(self.refused.append)
        self.open(partial(PortfolioFile.open, place, read_only=read_only), failed=self.refused.append)
        self.settle()
        assert self.is_open, self.refused

    def settle(self) -> None:
        """Return when everything asked of the portfolio has been answered, work has ended, and what that led to."""
        # QTest.qWait would hold the interpreter while it waits, and the other thread would stand still.
        for _ in range(100):
            _spin(1)
            working = self.tasks.running
            if self.tasks.is_idle and not working:
                return
            (working[0].finished if working else self.tasks.idle).connect(self._loop.quit)
            QTimer.singleShot(_PATIENCE_MS, self._loop, self._loop.quit)
            self._loop.exec()
        raise AssertionError("The portfolio's thread never comes to rest.")

    def finish(self) -> None:
        """Close the portfolio and end the threads."""
        self.close()
        self.tasks.stop()


class StandWindow(MainWindow):
    """A whole window, which the test can wait for; without a place, on the welcome page."""

    def __init__(self, place: Path | None = None, *, read_only: bool = False, settings: Settings | None = None) -> None:
        super().__init__(Tasks(), settings or quiet_settings())
        self.refused: list[BaseException] = []
        self.tasks.refused.connect(self.refused.append)
        self.show()
        if place is not None:
            self.open_path(place, read_only=read_only)
            self.settle()
            assert self.session.is_open, self.refused

    def settle(self) -> None:
        """Return when all work has ended, and what that led to."""
        clock = QElapsedTimer()
        clock.start()
        quiet = 0
        while quiet < 3:  # what was delivered last may have asked for more
            _spin(2)
            quiet = quiet + 1 if self.is_at_rest and not self.tasks.running else 0
            assert clock.elapsed() < _PATIENCE_MS, "The window never comes to rest."

    def wait_until(self, holds: Callable[[], bool], *, patience: int = _PATIENCE_MS) -> None:
        """Return when something that begins after a pause has come about, within so many milliseconds."""
        clock = QElapsedTimer()
        clock.start()
        while not holds():
            _spin(5)
            assert clock.elapsed() < patience, "It never comes about."


def drop_on(widget: QWidget, *paths: Path) -> None:
    """Let go of files over a widget."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, button, held = Qt.DropAction.CopyAction, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(QPoint(5, 5), action, data, button, held),
        QDropEvent(QPointF(5, 5), action, data, button, held),
    ):
        event.ignore()
        QApplication.sendEvent(widget, event)
        assert event.isAccepted()


def unfold(window: StandWindow) -> None:
    """Open every part of the page that can be folded away."""
    for section in window.findChildren(Section):
        if section.isVisibleTo(window):
            section.set_expanded(True)
    window.settle()


def items_by_kind(portfolio: PortfolioFile) -> dict[str, str]:
    """Return the id of an item of each kind."""
    with portfolio.read() as reader:
        return {item.kind: item.id for item in reader.evidence_facts()}


def a_unit(portfolio: PortfolioFile) -> str:
    """Return the id of a unit that can be removed."""
    with portfolio.read() as reader:
        return reader.units()[-1].id  # the first has decisions, which keep it


def described(widget: QWidget, window: QWidget) -> str:
    """Return which widget of a window this is, in words that help to find it."""
    chain = []
    step: QWidget | None = widget
    while step is not None and step is not window:
        words = step.accessibleName() or str(step.property("text") or "")
        chain.append(type(step).__name__ + (f"“{words}”" if words else ""))
        step = step.parentWidget()
    return " < ".join(chain[:5])


def told(found: dict[str, list[str]]) -> str:
    """Return what was found wrong where, a line for each."""
    return "\n".join(f"{where}: {what}" for where, missing in found.items() for what in missing)


def _spin(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
