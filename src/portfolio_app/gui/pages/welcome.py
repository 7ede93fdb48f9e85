"""The first page: begin a portfolio, or go on with one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from portfolio_app import settings as declared
from portfolio_app.gui import theme
from portfolio_app.gui.icons import icon, set_icon
from portfolio_app.gui.widgets.basics import Card, FlowLayout, IconLabel, MutedLabel
from portfolio_app.settings import Settings

_WIDTH: Final = 760
_STEPS: Final = (
    ("files", "Collect", "Drop in your files, or write a plan, a reflection or a testimony in its own form."),
    ("badge-check", "Claim", "Tick the requirements that each item proves, and quote the sentence or page."),
    ("triangle-alert", "See the gaps", "Read what is still missing, each with the button that mends it."),
    ("share", "Hand over", "Export one document that your assessor can read in any program."),
)
_PATH = Qt.ItemDataRole.UserRole
_MISSING = Qt.ItemDataRole.UserRole + 1


class Opener(Protocol):
    """What the page may ask of the window."""

    settings: Settings

    def open_path(self, place: Path) -> None:
        """Open a portfolio."""

    def run_action(self, action_id: str) -> None:
        """Do what a menu entry does."""


class WelcomePage(QScrollArea):
    """New, Open, the sample, and the portfolios opened lately: pinned ones first, missing ones greyed."""

    def __init__(self, window: Opener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._recent = QListWidget()
        self._recent.setAccessibleName("Portfolios opened lately")
        self._recent.setIconSize(QSize(20, 20))
        theme.set_role(self._recent, "plain")
        self._recent.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._recent.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._recent.itemActivated.connect(self._open)
        self._recent.itemClicked.connect(self._open)
        self._recent.customContextMenuRequested.connect(self._show_menu)
        self._recent.installEventFilter(self)
        self._recent_card = Card("Recent")
        self._recent_card.body.addWidget(self._recent)
        self._steps = _steps_card()
        self.setWidget(self._build())
        theme.notifier().changed.connect(self.refresh)
        self.refresh()

    def setFocus(self, *_arguments: object) -> None:  # noqa: N802
        """Give the focus to the first thing to do."""
        self._new.setFocus()

    def refresh(self) -> None:
        """Show the recent portfolios anew."""
        settings = self._window.settings
        pinned = settings.get(declared.PINNED)
        recent = [path for path in settings.get(declared.RECENT) if path not in pinned]
        self._recent.clear()
        for stored in [*pinned, *recent]:
            self._recent.addItem(self._item(Path(stored), pinned=stored in pinned))
        self._recent_card.setVisible(self._recent.count() > 0)
        self._steps.setVisible(self._recent.count() == 0)
        rows = min(self._recent.count(), 8)
        height = self._recent.sizeHintForRow(0) if rows else 0
        self._recent.setFixedHeight(rows * height + 4)

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: N802
        """Let Delete take an entry off the list."""
        if (
            watched is self._recent
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Delete
            and self._recent.currentItem() is not None
        ):
            self._forget(self._recent.currentItem())
            return True
        return False

    def _build(self) -> QWidget:
        column = QWidget()
        column.setMaximumWidth(_WIDTH)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(24, 32, 24, 32)
        layout.setSpacing(16)
        title = QLabel("Your assessment portfolio, on this computer")
        theme.set_role(title, "page-title")
        title.setWordWrap(True)
        layout.addWidget(title)
        said = MutedLabel(
            "Collect evidence, show which requirement it meets, see what is missing, and hand over one document. "
            "Nothing leaves this computer until you export it."
        )
        said.setWordWrap(True)
        layout.addWidget(said)
        layout.addSpacing(8)
        layout.addLayout(self._build_buttons())
        layout.addSpacing(8)
        layout.addWidget(self._recent_card)
        layout.addWidget(self._steps)
        layout.addStretch(1)
        hint = MutedLabel("A portfolio’s folder, its .portfolio file or a package can also be dropped on this window.")
        hint.setWordWrap(True)
        layout.addWidget(hint)
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(column, 100)
        row.addStretch(1)
        return around

    def _build_buttons(self) -> QLayout:
        row = FlowLayout()
        for text, icon_name, action_id, role in (
            ("New portfolio …", "folder-plus", "new-portfolio", "primary"),
            ("Open …", "folder-open", "open-portfolio", ""),
            ("Open a package …", "package-open", "open-package", ""),
            ("Explore a sample portfolio", "graduation-cap", "open-sample", ""),
        ):
            button = QPushButton(text)
            if role:
                theme.set_role(button, role)
                self._new = button
            set_icon(button, icon_name, colour="on_accent" if role else "text")
            button.clicked.connect(partial(self._window.run_action, action_id))
            row.addWidget(button)
        return row

    def _item(self, folder: Path, *, pinned: bool) -> QListWidgetItem:
        missing = not folder.exists()
        item = QListWidgetItem(f"{folder.name}\n{'Not found: ' if missing else ''}{_shown(folder.parent)}")
        item.setIcon(icon("pin" if pinned else "folder", 20, "muted" if missing else "accent"))
        item.setData(_PATH, str(folder))
        item.setData(_MISSING, missing)
        item.setToolTip(str(folder))
        if missing:
            item.setForeground(theme.current().colour("muted"))
        return item

    def _open(self, item: QListWidgetItem) -> None:
        if not item.data(_MISSING):
            self._window.open_path(Path(item.data(_PATH)))

    def _show_menu(self, place: QPoint) -> None:
        item = self._recent.itemAt(place)
        if item is None:
            return
        menu = QMenu(self)
        pinned = item.data(_PATH) in self._window.settings.get(declared.PINNED)
        menu.addAction("Open").triggered.connect(partial(self._open, item))
        menu.actions()[0].setEnabled(not item.data(_MISSING))
        menu.addAction("Unpin" if pinned else "Pin to the top").triggered.connect(partial(self._pin, item, not pinned))
        menu.addAction("Take off this list").triggered.connect(partial(self._forget, item))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._recent.viewport().mapToGlobal(place))

    def _pin(self, item: QListWidgetItem, pin: bool) -> None:
        folder = item.data(_PATH)
        pinned = [other for other in self._window.settings.get(declared.PINNED) if other != folder]
        self._window.settings.set(declared.PINNED, [*pinned, folder] if pin else pinned)
        self.refresh()

    def _forget(self, item: QListWidgetItem) -> None:
        folder = item.data(_PATH)
        for setting in (declared.PINNED, declared.RECENT):
            self._window.settings.set(
                setting, [other for other in self._window.settings.get(setting) if other != folder]
            )
        self.refresh()


def _steps_card() -> Card:
    """Return what one does with the program, for who has not begun yet."""
    card = Card("How it goes")
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(16)
    for place, (icon_name, title, sentence) in enumerate(_STEPS):
        head = QLabel(title)
        theme.set_role(head, "field")
        said = MutedLabel(sentence)
        said.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(head)
        words.addWidget(said)
        words.addStretch(1)
        step = QHBoxLayout()
        step.setSpacing(12)
        step.addWidget(IconLabel(icon_name, 20, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        step.addLayout(words, 1)
        grid.addLayout(step, place // 2, place % 2)
        grid.setColumnStretch(place % 2, 1)
    card.body.addLayout(grid)
    return card


def _shown(folder: Path) -> str:
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)
