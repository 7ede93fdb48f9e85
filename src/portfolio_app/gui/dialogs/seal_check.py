"""Saying whether a sealed document was changed, and what that proves."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from portfolio_app.gui.dialogs.one_file import OneFileDialog
from portfolio_app.gui.widgets.basics import Banner, BannerKind
from portfolio_app.gui.widgets.fact_list import FactList
from portfolio_app.services.seal_words import seal_facts, seal_meaning, seal_verdict
from portfolio_app.services.seals import CheckedSeal, SealState, check

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow

_SIZE: Final = (620, 560)
_COPIED_MS: Final = 3000
_TONES: Final[dict[SealState, BannerKind]] = {
    SealState.UNCHANGED: "success",
    SealState.ADDED_TO: "warning",
    SealState.CHANGED: "error",
}


class SealCheckDialog(OneFileDialog):
    """Compares a PDF with its seal; it needs no portfolio."""

    def __init__(self, window: MainWindow, *, path: Path | None = None) -> None:
        super().__init__(
            window,
            "Check a sealed document",
            says="A PDF that was exported to be kept can be sealed. Here you see whether it was changed since.",
            wanted="document",
            kinds="PDF documents (*.pdf)",
        )
        self._fingerprint = ""
        self._verdict = Banner("")
        self._facts = FactList()
        self._meaning = QLabel()
        self._meaning.setTextFormat(Qt.TextFormat.PlainText)
        self._meaning.setWordWrap(True)
        self.page.column.addWidget(self._verdict)
        self.page.column.addWidget(self._facts)
        self.page.column.addWidget(self._meaning)
        self.page.column.addStretch(1)
        self._copy = self.add_left_button("Copy the key", icon_name="copy")
        self._copy.clicked.connect(self._copy_key)
        self._copied = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._copied.timeout.connect(self._forget_copying)
        self.add_close_button().setDefault(True)
        self._show_nothing()
        self.set_size(*_SIZE)
        if path is not None:
            self.show_file(path)

    def look(self) -> None:
        """Compare the document with its seal."""
        self._show_nothing()
        if self.path is not None:
            self.work(partial(check, self.path), title="Comparing the document with its seal", done=self._show)

    def _show_nothing(self) -> None:
        self._verdict.hide()
        self._meaning.clear()
        self._copy.hide()
        self._facts.show_facts(())

    def _show(self, checked: CheckedSeal) -> None:
        report = checked.report
        name = self.path.name if self.path else ""
        self._verdict.set_message(seal_verdict(name, report), _TONES[report.state])
        self._verdict.show()
        self._facts.show_facts(seal_facts(report, kept_here=checked.kept_here))
        self._meaning.setText("\n\n".join(seal_meaning(report)))
        self._fingerprint = report.fingerprint
        self._copy.setVisible(bool(report.fingerprint))

    def _copy_key(self) -> None:
        QGuiApplication.clipboard().setText(self._fingerprint)
        self._copy.setText("Copied ✓")
        self._copied.start()

    def _forget_copying(self) -> None:
        self._copy.setText("Copy the key")
