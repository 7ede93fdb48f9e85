"""What is imported before the window is on screen: Qt, and as little of the program as its first picture needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from portfolio_app.services.sample import build_sample

_LATER = (
    *("sqlalchemy", "sqlite3", "reportlab", "docx", "numpy", "markdown_it", "pypdfium2", "PIL", "lxml", "pikepdf"),
    *("xlsxwriter", "typer", "rich", "nh3", "spylls", "pyhanko", "cryptography", "aiohttp"),
    *("portfolio_app.services", "portfolio_app.storage", "portfolio_app.importing", "portfolio_app.exporting"),
    *("portfolio_app.gui.dialogs", "portfolio_app.gui.models", "portfolio_app.gui.inspector"),
    *(f"portfolio_app.gui.pages.{page}" for page in ("overview", "evidence", "units", "matrix", "gaps", "export")),
)

_START = """
import json, os, sys
from portfolio_app import __main__, app
from PySide6.QtCore import QTimer

painted = []

class Window(app.MainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        painted.append(True)

def begin(window, *arguments):
    # What loads the rest must not have begun, and the first picture must be complete.
    if not painted:
        QTimer.singleShot(0, window, lambda: begin(window, *arguments))
        return
    print(json.dumps(sorted(sys.modules)), flush=True)
    os._exit(0)

app.MainWindow, app._begin = Window, begin
__main__.main()
"""


def _imported(folder: Path, *arguments: str) -> set[str]:
    own = {f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "STATE", "DATA", "CACHE")}
    finished = subprocess.run(
        [sys.executable, "-c", _START, *arguments],
        env=os.environ | own | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(json.loads(finished.stdout.splitlines()[-1]))


def _too_early(modules: set[str]) -> list[str]:
    return sorted(name for name in modules if any(name == later or name.startswith(f"{later}.") for later in _LATER))


def test_the_first_picture_waits_for_nothing_but_qt(tmp_path: Path) -> None:
    modules = _imported(tmp_path)
    assert {"PySide6.QtWidgets", "portfolio_app.gui.main_window", "portfolio_app.gui.pages.welcome"} <= modules
    assert _too_early(modules) == []


def test_nor_does_it_with_a_portfolio(tmp_path: Path) -> None:
    modules = _imported(tmp_path, str(build_sample(tmp_path / "Sample")))
    assert "portfolio_app.gui.main_window" in modules
    assert _too_early(modules) == []
