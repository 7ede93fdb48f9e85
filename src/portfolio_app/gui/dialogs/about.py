"""What the program is, which version, what it is made of, and under which licences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
)

from portfolio_app import crash
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.icons import application_icon
from portfolio_app.gui.widgets.basics import MutedLabel
from portfolio_app.licences import Part, shipped_parts

if TYPE_CHECKING:
    from portfolio_app.domain.progress import Progress
    from portfolio_app.gui.main_window import MainWindow

_WHAT_IT_IS: Final = (
    "Keeps evidence of what you can do at work, maps it to the requirements of your units, shows what is missing, and "
    "writes the portfolio that you hand in. Everything stays on your own computer; nothing is sent anywhere."
)
_LICENCE: Final = "Free software under the MIT licence, without any warranty."
_ICON: Final = 64  # pixels


class AboutDialog(DialogFrame):
    """Version and licences; what the program is made of is looked up away from the window's thread."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("About Portfolio App", window)
        scaled = theme.current().scaled
        self.resize(scaled(900), scaled(640))
        self._parts: tuple[Part, ...] = ()
        self.body.addLayout(self._head())

        self._list = QListWidget()
        self._list.setAccessibleName("Parts of the program")
        self._list.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustIgnored)
        self._list.currentRowChanged.connect(self._show)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName("Licence")
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._list)
        splitter.addWidget(self._text)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([scaled(260), scaled(590)])
        self.body.addWidget(MutedLabel("It is made of these parts. Choose one to read its licence."))
        self.body.addWidget(splitter, 1)

        self._copy = self.add_left_button("Copy version details")
        self._copy.clicked.connect(self._copy_versions)
        self._copied = QTimer(self, singleShot=True, interval=3000)
        self._copied.timeout.connect(self._forget_copying)
        close = self.add_close_button()
        close.setDefault(True)
        window.tasks.work(_parts, title="Looking up licences", done=self._fill, receiver=self, quiet=True)

    def _head(self) -> QHBoxLayout:
        side = theme.current().scaled(_ICON)
        picture = QLabel()
        picture.setPixmap(application_icon().pixmap(QSize(side, side), self.devicePixelRatioF()))
        picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        version = QLabel(f"Version {crash.program_version()}")
        theme.set_role(version, "section-title")
        version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        what = QLabel(_WHAT_IT_IS)
        what.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(theme.Space.S8)
        for widget in (version, what, MutedLabel(_LICENCE)):
            words.addWidget(widget)
        head = QHBoxLayout()
        head.setSpacing(theme.Space.S16)
        head.addWidget(picture)
        head.addLayout(words, 1)
        return head

    @Slot(object)
    def _fill(self, parts: tuple[Part, ...]) -> None:
        self._parts = parts
        for part in parts:
            item = QListWidgetItem(" ".join(filter(None, (part.name, part.version))))
            item.setToolTip(part.licence)
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    @Slot(int)
    def _show(self, row: int) -> None:
        part = self._parts[row]
        head = "\n".join(filter(None, (part.name, f"Licence: {part.licence}" if part.licence else "", part.home)))
        self._text.setPlainText(f"{head}\n\n{part.text}".rstrip())

    @Slot()
    def _copy_versions(self) -> None:
        QGuiApplication.clipboard().setText(version_details(self._parts))
        self._copy.setText("Copied ✓")
        self._copied.start()

    @Slot()
    def _forget_copying(self) -> None:
        self._copy.setText("Copy version details")


def version_details(parts: tuple[Part, ...]) -> str:
    """Return what somebody who helps wants to know: the program, the system, the parts. Nothing of the user."""
    screens = ", ".join(
        f"{screen.size().width()}×{screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    )
    lines = [
        crash.program_line(),
        f"Qt {qVersion()} ({QGuiApplication.platformName()}) · {screens}",
        *(f"{part.name} {part.version}" for part in parts[1:] if part.version),
    ]
    return crash.without_home("\n".join(lines))


def _parts(progress: Progress) -> tuple[Part, ...]:
    del progress
    return shipped_parts()
