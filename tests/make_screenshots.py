"""Draw the pictures of the window anew, for the README and the handbook: ``make screenshots``.

The window itself is shown off the screen, over the sample portfolio, light and dark. Each picture is taken once
everything that it shows has been loaded.
"""

from __future__ import annotations

import io
import math
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PIL import Image
from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from tests.gui.stand import StandWindow

from portfolio_app import settings as declared
from portfolio_app.gui import theme
from portfolio_app.gui.garbage import GarbageCollection
from portfolio_app.gui.navigation import PAGES
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.suggestion_list import SuggestionRow
from portfolio_app.services.sample import build_sample
from portfolio_app.settings import Settings
from portfolio_app.storage.portfolio_file import PortfolioFile

_TARGET: Final = Path(__file__).resolve().parents[1] / "docs" / "images"
_SIZE: Final = (1280, 800)
_LARGEST: Final = 150_000
"""Bytes of a picture, which everybody who clones the project downloads."""
_DIALOGS: Final = {
    "new-portfolio": "new-portfolio",
    "search": "search",
    "back-ups": "backups",
    "history": "history",
}
"""The actions that open the dialogs of which there are pictures, by the names of these."""
_SEARCHED: Final = "plan"
_STILL_MS: Final = 600
_SUGGESTED_MS: Final = 60_000
_SHADES_BETWEEN: Final = 64
"""Colours of a picture’s palette for what is neither of the theme nor frequent."""


def main() -> None:
    """Draw every picture in both themes."""
    application = QApplication([])
    GarbageCollection(application)
    _TARGET.mkdir(exist_ok=True)
    for name in ("light", "dark"):
        theme.apply(application, name)
        with tempfile.TemporaryDirectory() as home:
            os.environ["HOME"] = home  # which is shown as “~”
            _draw_all(build_sample(Path(home) / "Documents" / "Sam Ellis – Customer Service").parent, name)


def _draw_all(folder: Path, theme_name: str) -> None:
    settings = Settings()
    settings.set(declared.THEME, theme_name)
    window = StandWindow(folder, settings=settings)
    window.resize(*_SIZE)
    places = {page.name: Place(page.name) for page in PAGES}
    window.session.read(_first_item, done=lambda item: places.update(evidence=Place("evidence", evidence_id=item)))
    window.settle()
    for name, place in places.items():
        window.go(place)
        if name == "evidence":
            window.wait_until(lambda: bool(window.findChildren(SuggestionRow)), patience=_SUGGESTED_MS)
        _settle(window, window)
        _save(window, f"{name}-{theme_name}")
    window.go(Place("overview"))
    for name, action in _DIALOGS.items():
        window.run_action(action)
        window.settle()
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            raise SystemExit(f"no dialog was opened by “{action}”")
        if action == "search":
            dialog.findChildren(QLineEdit)[0].setText(_SEARCHED)
        for field in dialog.findChildren(QLineEdit):
            field.setText(field.text().replace(str(Path.home()), "/home/sam"))
        _settle(window, dialog)
        _save(dialog, f"{name}-{theme_name}")
        dialog.close()
    window.run_action("close-portfolio")
    window.settle()
    _save(window, f"welcome-{theme_name}")
    window.close()


def _settle(window: StandWindow, widget: QWidget) -> None:
    """Return when a part of the window no longer changes: previews are drawn a moment after all else."""
    seen = None
    while seen != (seen := widget.grab().toImage()):
        loop = QEventLoop()
        QTimer.singleShot(_STILL_MS, loop.quit)
        loop.exec()
        window.settle()


def _first_item(portfolio: PortfolioFile) -> str:
    with portfolio.read() as reader:
        return reader.evidence(1).id


def _save(widget: QWidget, name: str) -> None:
    """Save what a widget shows, in as many colours as there is room for."""
    focused = widget.focusWidget()
    if isinstance(focused, QLineEdit):
        focused.deselect()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")
    drawn = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    target = _TARGET / f"{name}.png"
    for colours in (256, 192, 128):
        _in_colours(drawn, colours).save(target, optimize=True)
        if target.stat().st_size <= _LARGEST:
            return
    raise SystemExit(f"{target.name} has more than {_LARGEST:,} bytes")


def _in_colours(drawn: Image.Image, number: int) -> Image.Image:
    """Return a picture in so many colours: those of the theme and the most frequent ones are exactly as drawn."""
    counted = sorted(drawn.getcolors(drawn.width * drawn.height) or (), reverse=True)
    shades = [shade for _, shade in counted if isinstance(shade, tuple)]
    dressed = [(each.red(), each.green(), each.blue()) for each in map(QColor, theme.current().tokens.values())]
    kept = list(dict.fromkeys([shade for shade in dressed if shade in shades] + shades))[: number - _SHADES_BETWEEN]
    between = drawn.quantize(_SHADES_BETWEEN, dither=Image.Dither.NONE).convert("RGB").getcolors() or ()
    palette = list(dict.fromkeys(kept + [shade for _, shade in between if isinstance(shade, tuple)]))
    places = {shade: place for place, shade in enumerate(palette)}
    for shade in set(shades).difference(places):
        places[shade] = min(range(len(palette)), key=lambda place: math.dist(palette[place], shade))
    reduced = Image.frombytes("P", drawn.size, bytes(map(places.__getitem__, _in_threes(drawn.tobytes()))))
    reduced.putpalette([channel for shade in palette for channel in shade])
    return reduced


def _in_threes(channels: bytes) -> Iterator[tuple[int, int, int]]:
    return zip(channels[::3], channels[1::3], channels[2::3], strict=True)


if __name__ == "__main__":
    main()
