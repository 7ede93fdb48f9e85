"""Typing in a long text: no key may take longer than a frame, the spelling checked meanwhile."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measure import Result, at_most, run

_PARAGRAPH = (
    "We set a **four-minute** target and told the team why, because customers said that the queue on Mondays was "
    "_far_ too long. I planned a second desk, asked the service manager for two more people, and reported to the "
    "director what it would cost us and what the customers would notice by the end of the term. "
)
_TYPED = "I recieved the figures and checked them with the team, then agreed a target for each desk. "
_WORDS = 5_000
_KEYS = 400
_FRAME = 16.0  # milliseconds
_SETTING = 50.0


def measure(folder: Path) -> list[Result]:
    """Type into a text of 5,000 words, at once after it was opened and once its spelling is known."""
    del folder
    figures = json.loads(run([sys.executable, "-m", "tests.benchmarks.typing"]).output.strip().splitlines()[-1])
    results = [at_most("showing a text of 5,000 words", figures["setting"], _SETTING, "ms", 1)]
    for when, key in (("while the dictionary is read", "first"), ("afterwards", "later")):
        taken = sorted(figures[key])
        results += [
            at_most(f"a key {when}, median", statistics.median(taken), _FRAME, "ms", 1),
            at_most(f"a key {when}, 95 of 100", taken[len(taken) * 95 // 100], _FRAME, "ms", 1),
            at_most(f"a key {when}, worst", taken[-1], 50.0, "ms", 1),
        ]
    results.append(at_most("writing 5,000 words as Markdown", figures["writing"], _SETTING, "ms", 1))
    return results


def _type() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QTextCursor
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from portfolio_app.gui import theme
    from portfolio_app.gui.spelling import Spelling
    from portfolio_app.gui.widgets.prose_editor import ProseEditor

    application = QApplication([])
    theme.apply(application, "light")
    with tempfile.TemporaryDirectory() as place:
        spelling = Spelling(Path(place) / "words.txt")
        editor = ProseEditor(spelling=spelling)
        editor.resize(640, 800)
        editor.show()
        application.processEvents()
        paragraphs = _WORDS // len((_PARAGRAPH * 2).split())
        start = time.perf_counter()
        editor.set_markdown("\n\n".join([_PARAGRAPH * 2] * paragraphs))
        figures: dict[str, object] = {"setting": (time.perf_counter() - start) * 1000}
        cursor = editor.field.textCursor()
        cursor.setPosition(editor.field.document().findBlockByNumber(paragraphs // 2).position())
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        editor.field.setTextCursor(cursor)
        editor.field.setFocus()

        def taken() -> list[float]:
            found = []
            for number in range(_KEYS):
                start = time.perf_counter()
                QTest.keyClicks(editor.field, _TYPED[number % len(_TYPED)])
                application.processEvents()
                found.append((time.perf_counter() - start) * 1000)
                time.sleep(0.004)  # nobody types without a pause
            return found

        figures["first"] = taken()
        until = time.monotonic() + 3
        while time.monotonic() < until:
            application.processEvents()
            time.sleep(0.01)
        figures["later"] = taken()
        start = time.perf_counter()
        editor.markdown()
        figures["writing"] = (time.perf_counter() - start) * 1000
        spelling.close()
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    _type()
