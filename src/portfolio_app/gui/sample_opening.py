"""Opening the sample portfolio: a copy of one's own to look at and play with."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths

from portfolio_app.domain.progress import Progress
from portfolio_app.services.sample import build_sample

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow

_NAME = "Sample portfolio"


def open_sample(window: MainWindow) -> None:
    """Open the sample portfolio, which is made first if it is not there yet."""
    data = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation))
    folder = data / _NAME
    if folder.is_dir() and any(folder.glob("*.portfolio")):
        window.open_path(folder)
        return
    window.tasks.work(
        partial(_build, folder), title="Making the sample portfolio", done=window.open_path, receiver=window
    )


def _build(folder: Path, progress: Progress) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    return build_sample(folder, progress).parent
