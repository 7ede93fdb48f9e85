"""How long from the start of the process to the window's first picture, beside another program of its kind.

Both are started in the same way on the same screen, which exists in memory only. Nothing runs inside either of them:
the screen's own memory is watched from outside until it is no longer of one colour.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops
from tests.benchmarks.measure import Result, at_most
from tests.e2e import virtual_screen
from tests.e2e.virtual_screen import VirtualScreen

_RUNS = 7
_LONGEST = 60.0
_OTHER = "novelWriter"
_MOST_SECONDS = 0.4
_MOST_OF_OTHER = 0.3
_PAINTED = 0.4  # of the screen: a main window, and not a splash before it


def measure(folder: Path) -> list[Result]:
    """Start both programs in turn, several times, after a first start of each that fills the caches."""
    if missing := virtual_screen.missing():
        return [Result("exec to first paint", "not measured", f"without {', '.join(missing)}", reached=True)]
    other = _installed(folder / "other")
    with virtual_screen.started(folder / "screen") as screen:
        ours = [sys.executable, "-m", "portfolio_app"]
        bare = [sys.executable, "-c", _BARE]
        _first_paint(screen, ours, folder)
        _first_paint(screen, bare, folder)
        if other is not None:
            _first_paint(screen, other, folder)
        figures: dict[str, list[float]] = {"ours": [], "bare": [], "other": []}
        for _ in range(_RUNS):
            figures["ours"].append(_first_paint(screen, ours, folder))
            figures["bare"].append(_first_paint(screen, bare, folder))
            if other is not None:
                figures["other"].append(_first_paint(screen, other, folder))
    mine, least = statistics.median(figures["ours"]), statistics.median(figures["bare"])
    results = [
        at_most("exec to first paint, median", mine, _MOST_SECONDS, "s"),
        Result("  an empty PySide6 window", f"{least:.2f} s", "", reached=True),
    ]
    if not figures["other"]:
        results.append(Result(f"  {_OTHER}", "not measured", "it could not be installed", reached=True))
        return results
    theirs = statistics.median(figures["other"])
    ratio = statistics.median(a / b for a, b in zip(figures["ours"], figures["other"], strict=True))
    results += [
        Result(f"  {_OTHER}, started the same way", f"{theirs:.2f} s", "", reached=True),
        at_most(f"  of {_OTHER}'s time, pair by pair", ratio, _MOST_OF_OTHER, "×"),
    ]
    return results


_BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
application.exec()
"""


def _installed(place: Path) -> list[str] | None:
    """Install the other program into an environment of its own; returns how to start it."""
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", _OTHER]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        return None
    return [str(python), str(place / "bin" / "novelwriter")]


def _first_paint(screen: VirtualScreen, command: Sequence[str], folder: Path) -> float:
    """Start a program, wait for its picture, end it; returns seconds."""
    home = folder / "home"
    environment = screen.environment | {
        f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "STATE", "DATA", "CACHE")
    }
    del environment["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"]  # as on a desktop where nobody needs it
    empty = screen.picture()
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _is_painted(screen, empty):
            if time.perf_counter() - start > _LONGEST or process.poll() is not None:
                raise SystemExit(f"{' '.join(command)} showed no window")
            time.sleep(0.002)
        return time.perf_counter() - start
    finally:
        process.kill()
        process.wait()
        while ImageChops.difference(screen.picture(), empty).getbbox():
            time.sleep(0.01)


def _is_painted(screen: VirtualScreen, empty: Image.Image) -> bool:
    changed = ImageChops.difference(screen.picture(), empty).getbbox()
    if changed is None:
        return False
    left, top, right, bottom = changed
    return (right - left) * (bottom - top) >= _PAINTED * empty.width * empty.height
