"""The composition root of the window: paths, log, settings, window, in start-up order."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from portfolio_app import settings as declared
from portfolio_app.gui import theme
from portfolio_app.gui.icons import application_icon
from portfolio_app.gui.main_window import APPLICATION_TITLE, MainWindow
from portfolio_app.gui.tasks import Tasks
from portfolio_app.paths import user_config_dir
from portfolio_app.settings import Settings

SWITCH_SECONDS: Final = 0.0005
"""How long a busy thread keeps the interpreter while the window waits: Python's 5 ms would show as a stutter."""


def run(paths: Sequence[Path] = ()) -> int:
    """Show the window, with a portfolio if a path of one is given, until it is closed; return the exit code."""
    sys.setswitchinterval(SWITCH_SECONDS)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("portfolio-app")
    application.setApplicationDisplayName(APPLICATION_TITLE)
    application.setDesktopFileName("portfolio-app")
    settings = Settings.load(user_config_dir() / "settings.json")
    theme.apply(application, settings.get(declared.THEME), settings.get(declared.ZOOM))
    application.setWindowIcon(application_icon())
    window = MainWindow(Tasks(application), settings)
    window.show()
    QTimer.singleShot(0, window, lambda: _begin(window, settings, paths))
    return application.exec()


def _begin(window: MainWindow, settings: Settings, paths: Sequence[Path]) -> None:
    last = settings.get(declared.LAST_OPEN)
    if paths:
        window.open_files(paths)
    elif last and settings.get(declared.REOPEN) and Path(last).exists():
        window.open_path(Path(last))
    else:
        window.warm_up()
