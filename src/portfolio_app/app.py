"""The composition root of the window: paths, log, settings, window, in start-up order."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from portfolio_app import crash, log
from portfolio_app import settings as declared
from portfolio_app.gui import theme
from portfolio_app.gui.crash_watch import CrashWatch, log_qt_messages
from portfolio_app.gui.garbage import GarbageCollection
from portfolio_app.gui.icons import application_icon
from portfolio_app.gui.main_window import APPLICATION_TITLE, MainWindow
from portfolio_app.gui.single_instance import SingleInstance
from portfolio_app.gui.tasks import Tasks
from portfolio_app.paths import user_config_dir
from portfolio_app.settings import Settings

if TYPE_CHECKING:
    from portfolio_app.domain.progress import Progress

SWITCH_SECONDS: Final = 0.0001
"""How long a busy thread keeps the interpreter while the window waits: Python's 5 ms would show as a stutter."""


def run(paths: Sequence[Path] = ()) -> int:
    """Show the window, with a portfolio if a path of one is given, until it is closed; return the exit code.

    Where the window is already there, it is asked to come to the front and to open the paths.
    """
    instance = SingleInstance()
    if instance.hand_over(paths):
        return 0
    sys.setswitchinterval(SWITCH_SECONDS)
    log.start()
    log_qt_messages()
    crash.start_watching()
    application = QApplication(sys.argv[:1])
    garbage = GarbageCollection(application)
    watch = CrashWatch(application)
    watch.install()
    application.setApplicationName("portfolio-app")
    application.setApplicationDisplayName(APPLICATION_TITLE)
    application.setDesktopFileName("portfolio-app")
    settings = Settings.load(user_config_dir() / "settings.json")
    theme.apply(
        application,
        settings.get(declared.THEME),
        settings.get(declared.ZOOM),
        compact=settings.get(declared.COMPACT),
    )
    application.setWindowIcon(application_icon())
    window = MainWindow(Tasks(application), settings)
    watch.caught.connect(window.session.commit_requested)
    watch.refused.connect(partial(window.message, kind="error"))
    watch.quit_wanted.connect(window.close)
    window.show()
    instance.opened.connect(window.come_forward)
    instance.listen()
    QTimer.singleShot(0, window, lambda: _begin(window, settings, paths))
    code = application.exec()
    instance.close()
    watch.uninstall()
    garbage.stop()
    return code


def _begin(window: MainWindow, settings: Settings, paths: Sequence[Path]) -> None:
    last = settings.get(declared.LAST_OPEN)
    if paths:
        window.open_files(paths)
    elif last and settings.get(declared.REOPEN) and Path(last).exists():
        window.open_path(Path(last))
    else:
        window.warm_up()
    window.tasks.work(_look_back, title="", done=partial(_tell_of_last_crash, window), receiver=window, quiet=True)


def _look_back(progress: Progress) -> str | None:
    """Remove what earlier runs left behind, and return the report of one that crashed."""
    from portfolio_app.scratch import remove_leftovers  # noqa: PLC0415 - after the first picture

    del progress
    log.note_versions()
    remove_leftovers()
    return crash.last_crash()


def _tell_of_last_crash(window: MainWindow, report: str | None) -> None:
    if report:
        from portfolio_app.gui.crash_dialog import LastCrashDialog  # noqa: PLC0415 - hardly ever needed

        LastCrashDialog(report, window).open()
