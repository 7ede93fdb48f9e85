"""Draw the pictures of the window anew, for the README and the handbook: ``make screenshots``.

The window itself is shown off the screen, over the sample portfolio; each picture is taken once everything that it
shows has been loaded.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PIL import Image
from PySide6.QtCore import QBuffer
from PySide6.QtWidgets import QApplication, QWidget
from tests.gui.stand import StandWindow

from portfolio_app.gui import places, theme
from portfolio_app.gui.navigation import PAGES
from portfolio_app.gui.places import Place
from portfolio_app.services.sample import build_sample

if TYPE_CHECKING:
    from portfolio_app.storage.portfolio_file import PortfolioFile

_TARGET: Final = Path(__file__).resolve().parents[1] / "docs" / "images"
_SIZE: Final = (1280, 800)
_LARGEST: Final = 150_000  # bytes
_COLOURS: Final = (256, 192, 128, 64)
_DIALOGS: Final = ("new-portfolio", "new-evidence", "search", "backups", "history", "people", "settings", "shortcuts")
