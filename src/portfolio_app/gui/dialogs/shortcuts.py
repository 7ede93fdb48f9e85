"""All keys: those of the menus, and those of the parts of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from portfolio_app.domain.folding import folded, search_words
from portfolio_app.gui import theme
from portfolio_app.gui.actions import ACTIONS, MENUS, plain_text
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.widgets import matrix_view, prose_editor
from portfolio_app.gui.widgets.attachments import cards, page_area, region_overlay
from portfolio_app.gui.widgets.basics import Badge, EmptyState, SearchField
from portfolio_app.gui.widgets.form import rows_view
from portfolio_app.gui.widgets.upright_area import ScrolledColumn

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow

_WIDTH, _HEIGHT = 1080, 720
_COLUMN: Final = 300
_BETWEEN: Final = 32
_COPIED_MS: Final = 3000
_EVERYWHERE: Final = (
    ("Tab, Shift+Tab", "Next field, field before"),
    ("Alt+Letter", "Open a menu, go to a field or press a button by its underlined letter"),
    ("Alt", "Go to the menus"),
    ("Esc", "Close a dialog, empty a search"),
)
_LISTS: Final = (
    ("Enter", "Go to the item"),
    ("Shift+Arrow keys", "Mark several"),
    ("Ctrl+A", "Mark all"),
    ("Delete", "Move what is marked to the bin"),
)


@dataclass(frozen=True, slots=True)
class ShortcutGroup:
    """Keys that hold in one place: each with what they do."""

    title: str
    entries: Sequence[tuple[str, str]]


def all_shortcuts() -> list[ShortcutGroup]:
    """Return every key of the program, those of the menus first."""
    menus = []
    for menu in MENUS:
        entries = [(_native(action.shortcuts), plain_text(action)) for action in ACTIONS if action.menu == menu]
        menus.append(ShortcutGroup(f"{menu.replace('&', '')} menu", [entry for entry in entries if entry[0]]))
    prose = [(_native((each.keys,)), each.text.removesuffix("…")) for each in prose_editor.SHORTCUTS]
    return [
        *(group for group in menus if group.entries),
        ShortcutGroup("Everywhere", _EVERYWHERE),
        ShortcutGroup("List of evidence", _LISTS),
        ShortcutGroup("Writing", prose),
        ShortcutGroup("Tables in a form", rows_view.SHORTCUTS),
        ShortcutGroup("Attached files", cards.SHORTCUTS),
        ShortcutGroup("Preview of a file", page_area.SHORTCUTS),
        ShortcutGroup("Marking regions to hide", region_overlay.SHORTCUTS),
        ShortcutGroup("Matrix", matrix_view.SHORTCUTS),
    ]


def as_text(groups: Iterable[ShortcutGroup]) -> str:
    """Return the keys as lines of text, to be printed or put on a wall."""
    parts = ([group.title, *(f"  {keys:<28} {does}" for keys, does in group.entries)] for group in groups)
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


class ShortcutsDialog(DialogFrame):
    """All keys in columns, as many as fit, narrowed by what is typed."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("Keyboard shortcuts", window)
        self._groups = all_shortcuts()
        search = SearchField("Search keys and what they do")
        search.textChanged.connect(self._narrow)
        self._columns = _Columns([_GroupSheet(group) for group in self._groups])
        self._none = EmptyState(
            "keyboard", "No key does that. The search box (Ctrl+K) finds every command by its name."
        )
        self._none.hide()
        self._page = ScrolledColumn()
        self._page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._page.setAccessibleName("Keyboard shortcuts")
        self._page.column.addWidget(self._columns)
        self._page.column.addWidget(self._none)
        self._page.column.addStretch(1)
        self.body.addWidget(search)
        self.body.addWidget(self._page, 1)
        self._copy = self.add_left_button("Copy as text", icon_name="copy")
        self._copy.clicked.connect(self._copy_all)
        self._copied = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._copied.timeout.connect(self._forget_copying)
        self.add_close_button().setDefault(True)
        self.set_size(_WIDTH, _HEIGHT)
        search.setFocus()

    def _narrow(self, typed: str) -> None:
        self._none.setVisible(not self._columns.narrow(search_words(typed)))
        self._page.verticalScrollBar().setValue(0)

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._groups))
        self._copy.setText("Copied ✓")
        self._copied.start()

    def _forget_copying(self) -> None:
        self._copy.setText("Copy as text")


class _GroupSheet(QWidget):
    """The keys of one place under its title."""

    def __init__(self, group: ShortcutGroup) -> None:
        super().__init__()
        self.lines = len(group.entries) + 2
        heading = QLabel(group.title)
        theme.set_role(heading, "section-title")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading)
        self._rows: list[tuple[str, QWidget]] = []
        for keys, does in group.entries:
            row = _row(keys, does)
            column.addWidget(row)
            self._rows.append((folded(f"{does} {keys} {group.title}"), row))

    def narrow(self, words: Sequence[str]) -> bool:
        """Show the keys that hold all these words; say whether there are any."""
        any_left = False
        for text, row in self._rows:
            matches = all(word in text for word in words)
            row.setVisible(matches)
            any_left = any_left or matches
        self.setVisible(any_left)
        return any_left


class _Columns(QWidget):
    """Sheets in columns of about the same height, as many as there is room for."""

    def __init__(self, sheets: Sequence[_GroupSheet]) -> None:
        super().__init__()
        self._sheets = sheets
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(_BETWEEN)
        self._count = 0
        self._deal_out(2)

    def narrow(self, words: Sequence[str]) -> bool:
        """Show the keys that hold all these words; say whether there are any."""
        found = [sheet.narrow(words) for sheet in self._sheets]
        return any(found)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Ask for the width of one column: those beside it can be taken away."""
        widest = max(sheet.minimumSizeHint().width() for sheet in self._sheets)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Take another column where there is room, or one less."""
        super().resizeEvent(event)
        room = self.width() + _BETWEEN
        self._deal_out(max(1, room // (theme.current().scaled(_COLUMN) + _BETWEEN)))

    def _deal_out(self, count: int) -> None:
        if count == self._count:
            return
        self._count = count
        while (item := self._line.takeAt(0)) is not None:
            old = item.layout()
            while old is not None and old.takeAt(0) is not None:
                pass
        height = sum(sheet.lines for sheet in self._sheets) / count
        columns = [QVBoxLayout() for _ in range(count)]
        filled = 0.0
        for sheet in self._sheets:
            columns[min(count - 1, int((filled + sheet.lines / 2) / height))].addWidget(sheet)
            filled += sheet.lines
        for column in columns:
            column.setSpacing(20)
            column.addStretch(1)
            self._line.addLayout(column, 1)


def _row(keys: str, does: str) -> QWidget:
    words = QLabel(does)
    words.setTextFormat(Qt.TextFormat.PlainText)
    words.setWordWrap(True)
    row = QWidget()
    row.setAccessibleName(f"{does}: {keys}")
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(12)
    line.addWidget(words, 1)
    line.addWidget(Badge(keys), 0, Qt.AlignmentFlag.AlignTop)
    return row


def _native(keys: Iterable[str]) -> str:
    form = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(one).toString(form) for one in keys)
