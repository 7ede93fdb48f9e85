"""The dialogs about bugs: one while the program runs, one at the start after it ended unexpectedly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from portfolio_app import crash
from portfolio_app.gui import theme
from portfolio_app.gui.crash_watch import Fault
from portfolio_app.gui.widgets.basics import IconLabel, button

_SAFE: Final = "Everything you typed until now is saved."
_GO_ON: Final = (
    "You can go on. If it happens again, quit and start the program anew, and give the report to whoever helps you "
    "with the program."
)
_NO_TEXT_OF_YOURS: Final = (
    "The report says where in the program it happened. Nothing of your portfolio is in it, and it is not sent anywhere."
)

_NARROW, _WIDE = 520, 760  # pixels at a zoom of 100 %: without the report, and with it


class _ReportDialog(QDialog):
    """Words, and a report that can be shown and copied."""

    def __init__(self, title: str, paragraphs: tuple[str, ...], report: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setWindowTitle(title)
        self._report = report
        scaled = theme.current().scaled
        self.setMinimumWidth(scaled(_NARROW))

        heading = QLabel(title)
        theme.set_role(heading, "section-title")
        heading.setWordWrap(True)
        sign = IconLabel("triangle-alert", 24, "claimed")
        sign.setAccessibleName("Warning")
        sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words = words = QVBoxLayout()
        words.setSpacing(theme.Space.S12)
        words.addWidget(heading)
        self.paragraphs = [self._paragraph(text) for text in paragraphs]
        for paragraph in self.paragraphs:
            words.addWidget(paragraph)
        top = QHBoxLayout()
        top.setSpacing(theme.Space.S16)
        top.addWidget(sign)
        top.addLayout(words, 1)

        self._shown = QPlainTextEdit(report)
        self._shown.setReadOnly(True)
        self._shown.setTabChangesFocus(True)
        self._shown.setAccessibleName("Report")
        self._shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._shown.setMinimumHeight(scaled(220))
        self._shown.hide()

        self._copy = button("Copy report")
        self._copy.clicked.connect(self._copy_report)
        self._show_button = button("Show report")
        self._show_button.clicked.connect(self._toggle_report)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(theme.Space.S8)
        for action in (self._copy, self._show_button):
            action.setAutoDefault(False)
            self.buttons.addWidget(action)
        self.buttons.addStretch(1)
        self._copied = QTimer(self, singleShot=True, interval=3000)
        self._copied.timeout.connect(self._forget_copying)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme.Space.S24,) * 4)
        layout.setSpacing(theme.Space.S16)
        layout.addLayout(top)
        layout.addWidget(self._shown, 1)
        layout.addLayout(self.buttons)

    def _paragraph(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return label

    def add_default(self, text: str, pressed: Callable[[], None]) -> QPushButton:
        """Add the button that Enter presses."""
        default = button(text, "primary")
        default.setDefault(True)
        default.clicked.connect(pressed)
        self.buttons.addWidget(default)
        default.setFocus()
        return default

    @Slot()
    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self._copy.setText("Copied ✓")
        self._copied.start()

    @Slot()
    def _forget_copying(self) -> None:
        self._copy.setText("Copy report")

    @Slot()
    def _toggle_report(self) -> None:
        show = self._shown.isHidden()
        self._shown.setVisible(show)
        self._show_button.setText("Hide report" if show else "Show report")
        if show:
            self._shown.setFocus()
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Be as high as the words ask for at this width."""
        self._fit()
        super().showEvent(event)

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            wanted = _WIDE if self._shown.isVisibleTo(self) else _NARROW
            width = max(self.minimumWidth(), theme.current().scaled(wanted))
            layout.activate()
            self.resize(width, layout.totalHeightForWidth(width))


class CrashDialog(_ReportDialog):
    """Says that the program met a bug, that the work is safe, and what can be done."""

    quit_pressed = Signal()

    def __init__(self, fault: Fault, parent: QWidget | None = None) -> None:
        kept = f"It is kept in {crash.without_home(str(fault.path))}." if fault.path is not None else ""
        super().__init__(
            "Something went wrong in the program",
            (
                f"What you just did may not have worked. It is a fault of the program ({fault.kind}), not yours.",
                _SAFE,
                _GO_ON,
                f"{_NO_TEXT_OF_YOURS} {kept}".rstrip(),
            ),
            fault.report,
            parent,
        )
        theme.set_role(self.paragraphs[-1], "muted")
        self._count = self._paragraph("")
        self._count.hide()
        self.words.addWidget(self._count)
        self._quit = QPushButton("Quit")
        self._quit.setAutoDefault(False)
        self._quit.clicked.connect(self._press_quit)
        self.buttons.addWidget(self._quit)
        self.add_default("Continue", self.accept)

    def count(self, more: int) -> None:
        """Say how many further faults there were since."""
        self._count.setText("It has happened once more since." if more == 1 else f"There were {more:,} more since.")
        self._count.setVisible(more > 0)

    @Slot()
    def _press_quit(self) -> None:
        self.accept()
        self.quit_pressed.emit()


class LastCrashDialog(_ReportDialog):
    """Offers the report of a crash that ended the program the last time."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(
            "The program ended unexpectedly last time",
            (
                "It is a fault of the program, not yours. What you had typed by then was saved.",
                "If it happens again, give the report to whoever helps you with the program.",
                _NO_TEXT_OF_YOURS,
            ),
            report,
            parent,
        )
        theme.set_role(self.paragraphs[-1], "muted")
        self.add_default("Continue", self.accept)
