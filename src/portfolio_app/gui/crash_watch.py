"""What goes wrong in the window: bugs that nobody caught, and what Qt warns of.

Exceptions in slots, in virtual methods and in threads all end in the hooks that are set here, on whatever thread they
were raised. The report is made there and then; only its text travels to the thread of the window.
"""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shiboken6
from PySide6.QtCore import QMessageLogContext, QObject, Qt, QTimer, QtMsgType, Signal, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from portfolio_app import crash, log
from portfolio_app.domain.errors import KnownError

if TYPE_CHECKING:
    import types
    from sys import UnraisableHookArgs
    from threading import ExceptHookArgs

    from portfolio_app.gui.crash_dialog import CrashDialog

QUIET_MS: Final = 10_000
"""After the dialog was closed, the next one waits so long: a fault in drawing comes with every frame."""

_MOST_REPORTS: Final = 10  # files written by one run of the program


@dataclass(frozen=True, slots=True)
class Fault:
    """A bug that was caught: what kind, its report, and the file of that if one was written."""

    kind: str
    report: str
    path: Path | None


class CrashWatch(QObject):
    """Catches what nobody caught and shows it, one dialog at a time.

    Lives on the thread of the window. Known errors that reach it are no bugs: their sentence goes to ``refused``.
    """

    caught = Signal()
    """A bug was caught and its dialog is about to open: what is being typed should be committed now."""
    refused = Signal(str)
    """A known error that nobody showed: the sentence for the user."""
    quit_wanted = Signal()
    """The user chose to quit in the dialog."""

    _arrived = Signal(object)
    _known = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialog: CrashDialog | None = None
        self._waiting: Fault | None = None
        self._more = 0
        self._reports = 0
        self._busy = threading.local()
        self._before: tuple[Any, Any, Any] | None = None
        self._quiet = QTimer(self, singleShot=True)
        self._quiet.timeout.connect(self._end_of_quiet)
        # Queued even on the window's thread: no dialog may open in the middle of drawing.
        self._arrived.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._known.connect(self.refused, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Set the hooks of the interpreter."""
        if self._before is None:
            self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
            sys.excepthook = self._exception
            threading.excepthook = self._thread_exception
            sys.unraisablehook = self._unraisable

    def uninstall(self) -> None:
        """Put the hooks back that were there before."""
        if self._before is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            self._before = None

    def catch(self, error: BaseException, doing: str = "window") -> None:
        """Take an error that nobody handled; may be called from any thread."""
        if getattr(self._busy, "now", False):
            return  # a fault in the telling of a fault
        self._busy.now = True
        try:
            if isinstance(error, KnownError):
                self._known.emit(str(error))
            elif isinstance(error, KeyboardInterrupt):
                QTimer.singleShot(0, self, self.quit_wanted.emit)
            elif not isinstance(error, SystemExit):
                self._arrived.emit(self._fault(error, doing))
        except Exception:  # noqa: BLE001 - nothing is left that could be told
            with suppress(Exception):
                sys.__excepthook__(type(error), error, error.__traceback__)
        finally:
            self._busy.now = False

    def _fault(self, error: BaseException, doing: str) -> Fault:
        if sys.stderr is not None and sys.stderr.isatty():  # a developer's; elsewhere it ends in the system's log
            sys.__excepthook__(type(error), error, error.__traceback__)
        report = crash.report_text(error, doing)
        self._reports += 1
        path = None
        if self._reports <= _MOST_REPORTS:
            path = crash.keep_report(report)
            logging.getLogger("portfolio_app").error("a bug: %s", type(error).__qualname__, exc_info=error)
        return Fault(type(error).__qualname__, report, path)

    def _exception(
        self, kind: type[BaseException], error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        del trace
        self.catch(error if error is not None else kind())

    def _thread_exception(self, told: ExceptHookArgs) -> None:
        self.catch(told.exc_value if told.exc_value is not None else told.exc_type(), "thread")

    def _unraisable(self, told: UnraisableHookArgs) -> None:
        self.catch(told.exc_value if told.exc_value is not None else told.exc_type(), "tidying up")

    @Slot(object)
    def _show(self, fault: Fault) -> None:
        if self._dialog is not None and shiboken6.isValid(self._dialog):  # it goes with the window it belongs to
            self._more += 1
            self._dialog.count(self._more)
        elif self._quiet.isActive():
            if self._waiting is None:
                self._waiting = fault
            else:
                self._more += 1
        else:
            self._open(fault)

    def _open(self, fault: Fault) -> None:
        from portfolio_app.gui.crash_dialog import CrashDialog  # noqa: PLC0415 - start-up time

        parent = QApplication.activeModalWidget() or QApplication.activeWindow()
        dialog = CrashDialog(fault, parent)
        self._dialog = dialog
        dialog.quit_pressed.connect(self.quit_wanted)
        dialog.finished.connect(self._closed)
        self.caught.emit()
        dialog.count(self._more)
        dialog.show()
        dialog.activateWindow()

    @Slot()
    def _closed(self) -> None:
        self._dialog = None
        self._more = 0
        self._quiet.start(QUIET_MS)

    @Slot()
    def _end_of_quiet(self) -> None:
        fault, self._waiting = self._waiting, None
        if fault is not None:
            self._open(fault)


def log_qt_messages() -> None:
    """Write what Qt warns of into the log instead of to a terminal that nobody sees."""
    qInstallMessageHandler(_log_qt_message)


_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    category = getattr(context, "category", None) or "default"
    logging.getLogger(f"{log.QT}.{category}").log(_LEVELS.get(kind, logging.WARNING), "%s", log.discreet(message))
    if kind == QtMsgType.QtFatalMsg and sys.__stderr__ is not None:
        sys.__stderr__.write(f"{message}\n")  # such as: no display; the program ends after this
