"""The PySide6 that is installed must not lose references to ``None``.

PySide6 6.12.0 on Python 3.10 and 3.11 does so on each call that returns nothing, and kills the process after
about 7,000 calls; ``pyproject.toml`` keeps it out.
"""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


def test_calls_that_return_nothing_keep_the_count_of_none(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    before = sys.getrefcount(None)
    for _ in range(1000):
        widget.repaint()
    assert sys.getrefcount(None) > before - 100
