"""Text to read, select, search and quote: plain, rich, or a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QByteArray,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRegularExpression,
    Qt,
    QTimer,
    QUrl,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPalette, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QPlainTextEdit,
    QTableView,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.gui import theme
from portfolio_app.gui.widgets.attachments.find_bar import FindBar, is_find_key, words_pattern
from portfolio_app.gui.widgets.basics import set_rows
from portfolio_app.gui.widgets.focus_passing import FocusPassing
from portfolio_app.reading.page_text import whole_words

_READABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
_PARAGRAPH_SEPARATORS = {0x2029: "\n", 0x2028: "\n", 0xA0: " "}
_SIGNS_OF_TWO = re.compile("[\U00010000-\U0010ffff]")
_PIECE = 200_000  # characters laid out at once
_MOST_MARKED = 300  # places that a search colours
_MOST_ROWS_QUOTED = 200
_LONGEST_LINE = 75  # characters
_WIDEST_COLUMN = 320
_ROWS_MEASURED = 20


class PlainReader(QPlainTextEdit):
    """Shows plain text in lines that can be read."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the lines short and in the middle."""
        _keep_lines_short(self)
        super().resizeEvent(event)


class WordsOnlyBrowser(QTextBrowser):
    """Shows rich text and nothing that it refers to: no picture, style or page is ever loaded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:  # noqa: N802
        """Load nothing."""
        return QByteArray()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the lines short and in the middle."""
        _keep_lines_short(self)
        super().resizeEvent(event)


def _keep_lines_short(editor: PlainReader | WordsOnlyBrowser) -> None:
    longest = editor.fontMetrics().averageCharWidth() * _LONGEST_LINE + 2 * theme.Space.S12
    margin = max(0, (editor.width() - longest) // 2)
    if editor.viewportMargins().left() != margin:
        editor.setViewportMargins(margin, 0, margin, 0)


class TextView(FocusPassing):
    """Text that can be read, selected and searched."""

    selection_changed = Signal(bool)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plain = PlainReader()
        self._rich = WordsOnlyBrowser()
        self._find_bar = FindBar()
        self._find_bar.hide()
        self._more = QTimer(self)
        self._more.setInterval(0)
        self._more.timeout.connect(self._add_more)
        self._rest = "", 0
        self._sought: tuple[str, ...] | None = None
        self._passage = ""
        self._shown: PlainReader | WordsOnlyBrowser = self._plain
        self._rich.hide()
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._find_bar)
        for editor in (self._plain, self._rich):
            editor.setReadOnly(True)
            editor.setTextInteractionFlags(_READABLE)
            theme.set_role(editor, "plain")
            editor.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            editor.customContextMenuRequested.connect(self._ask_for_menu)
            editor.selectionChanged.connect(self._tell_selection)
            editor.document().setDocumentMargin(theme.Space.S12)
            column.addWidget(editor, 1)
        self.set_entry(self._plain)
        theme.notifier().changed.connect(self._dress)
        self._dress()
        self._find_bar.searched.connect(self._search)
        self._find_bar.stepped.connect(self._step)
        self._find_bar.closed.connect(self._end_search)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """Name what is shown."""
        self._plain.setAccessibleName(name)
        self._rich.setAccessibleName(name)

    def set_text(self, text: str) -> None:
        """Show plain text from its beginning."""
        self._rich.clear()
        self._show(self._plain)
        end = _end_of_piece(text, 0)
        self._plain.setPlainText(text[:end])
        self._forget_search()
        self._rest = text, end
        if end < len(text):
            self._more.start()
        else:
            self._more.stop()

    def set_html(self, html: str) -> None:
        """Show rich text, which must be harmless already, from its beginning."""
        self._more.stop()
        self._plain.clear()
        self._show(self._rich)
        self._rich.setHtml(html)
        self._forget_search()

    def mark(self, passage: str) -> bool:
        """Select some words and bring them into view; say whether they are there."""
        while self._more.isActive():
            self._add_more()
        cursor = _find_loosely(self._shown.document(), passage)
        if cursor is None:
            return False
        self._shown.setTextCursor(cursor)
        self._shown.ensureCursorVisible()
        return True

    def show_found(self, words: Sequence[str], passage: str = "") -> None:
        """Mark any of some words wherever they stand, and lead to the first of them in a passage."""
        self._sought, self._passage = tuple(words), passage
        if not self._more.isActive():
            self._show_sought()

    @property
    def text(self) -> str:
        """What is shown, as plain text."""
        return self._shown.toPlainText()

    @property
    def has_selection(self) -> bool:
        """Whether any text is selected."""
        return self._shown.textCursor().hasSelection()

    def selected_text(self) -> tuple[str, str]:
        """Return what is selected; text has no pages."""
        return self._shown.textCursor().selectedText().translate(_PARAGRAPH_SEPARATORS).strip(), ""

    def select_whole_words(self) -> None:
        """Take in the rest of words of which only a part is selected."""
        cursor = self._shown.textCursor()
        # Qt counts some signs as two.
        text = _SIGNS_OF_TWO.sub("\N{REPLACEMENT CHARACTER}" * 2, self._shown.toPlainText())
        start, end = whole_words(text, cursor.selectionStart(), cursor.selectionEnd())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self._shown.setTextCursor(cursor)

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        self._shown.copy()

    def select_all(self) -> None:
        """Select everything."""
        self._shown.selectAll()

    def open_search(self) -> None:
        """Open the search."""
        text, _ = self.selected_text()
        self._find_bar.open(text if "\n" not in text and len(text) <= 60 else "")

    def event(self, event: QEvent) -> bool:
        """Claim the keys of the search before the window's actions do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_find_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Open the search, or go on in it."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.open_search()
        elif is_find_key(event):
            self._step(1 if event.matches(QKeySequence.StandardKey.FindNext) else -1)
        else:
            super().keyPressEvent(event)

    def _add_more(self) -> None:
        """Add the next piece of a long text; laying all of it out at once would hold up the window."""
        text, start = self._rest
        end = _end_of_piece(text, start)
        cursor = QTextCursor(self._plain.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text[start:end])
        self._rest = text, end
        if end >= len(text):
            self._more.stop()
            self._rest = "", 0
            self._show_sought()

    def _show_sought(self) -> None:
        words, self._sought = self._sought, None
        if words:
            self._shown.moveCursor(QTextCursor.MoveOperation.Start)
            start = _start_of_passage(self._shown.toPlainText(), self._passage)
            if start:
                cursor = self._shown.textCursor()
                cursor.setPosition(start)
                self._shown.setTextCursor(cursor)
            self._find_bar.look_for(words)

    def _forget_search(self) -> None:
        self._sought = None
        self._find_bar.hide()
        for editor in (self._plain, self._rich):
            editor.setExtraSelections([])

    def _show(self, editor: PlainReader | WordsOnlyBrowser) -> None:
        self._shown = editor
        self.set_entry(editor)
        for each in (self._plain, self._rich):
            each.setVisible(each is editor)

    def _dress(self) -> None:
        for editor in (self._plain, self._rich):
            editor.setFont(theme.prose_font())
        if not self._find_bar.isHidden():
            self._mark_all()

    def _tell_selection(self) -> None:
        self.selection_changed.emit(self.has_selection)

    def _ask_for_menu(self, point: QPoint) -> None:
        self.menu_wanted.emit(self._shown.viewport().mapToGlobal(point))

    def _search(self, words: str) -> None:
        cursor = self._shown.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self._shown.setTextCursor(cursor)
        self._find_bar.tell("")
        self._mark_all()
        if words:
            self._step(1)

    def _step(self, step: int) -> None:
        wanted = self._wanted()
        if wanted is None:
            return
        flags = QTextDocument.FindFlag(0) if step > 0 else QTextDocument.FindFlag.FindBackward
        if self._shown.find(wanted, flags):
            self._find_bar.tell("")
            return
        before = self._shown.textCursor()
        self._shown.moveCursor(QTextCursor.MoveOperation.Start if step > 0 else QTextCursor.MoveOperation.End)
        if self._shown.find(wanted, flags):
            self._find_bar.tell("from the start again" if step > 0 else "from the end again")
        else:
            self._shown.setTextCursor(before)
            self._find_bar.tell("not found")

    def _wanted(self) -> QRegularExpression | None:
        """Return what the search looks for, if it is on."""
        words = self._find_bar.wanted
        if not words or self._find_bar.isHidden():
            return None
        return words_pattern(words, whole=self._find_bar.wants_whole_words)

    def _mark_all(self) -> None:
        """Colour the ground of every place, so that one sees at a glance where they are."""
        wanted = self._wanted()
        marks: list[QTextEdit.ExtraSelection] = []
        cursor = QTextCursor(self._shown.document())
        while wanted is not None and len(marks) < _MOST_MARKED:
            cursor = self._shown.document().find(wanted, cursor)
            if not cursor.hasSelection():
                break
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            mark.format.setBackground(theme.current().colour("found"))
            mark.format.setForeground(theme.current().colour("text"))
            marks.append(mark)
        self._shown.setExtraSelections(marks)

    def _end_search(self) -> None:
        self._shown.setExtraSelections([])
        self._shown.setFocus(Qt.FocusReason.OtherFocusReason)


def _end_of_piece(text: str, start: int) -> int:
    """Return where a piece of a long text ends: at the end of a line, if there is one near."""
    if len(text) - start <= _PIECE:
        return len(text)
    end = text.rfind("\n", start, start + _PIECE) + 1
    return end if end > start else start + _PIECE


def _start_of_passage(text: str, passage: str) -> int:
    """Return where a passage begins as Qt counts, whatever its white space; 0 where it is not."""
    found = re.search(r"\s+".join(map(re.escape, passage.split())), text)
    if found is None:
        return 0
    return found.start() + len(_SIGNS_OF_TWO.findall(text, 0, found.start()))


def _find_loosely(document: QTextDocument, passage: str) -> QTextCursor | None:
    """Find a passage whatever its white space and the case of its letters."""
    wanted = "".join(passage.split()).casefold()
    places: list[int] = []
    letters: list[str] = []
    for place, character in enumerate(document.toPlainText()):
        if not character.isspace():
            for letter in character.casefold():
                letters.append(letter)
                places.append(place)
    start = "".join(letters).find(wanted) if wanted else -1
    if start < 0:
        return None
    cursor = QTextCursor(document)
    cursor.setPosition(places[start])
    cursor.setPosition(places[start + len(wanted) - 1] + 1, QTextCursor.MoveMode.KeepAnchor)
    return cursor


class _Rows(QAbstractTableModel):
    """The rows of a file; the first are headings if they look like it."""

    def __init__(self, rows: Sequence[Sequence[str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._headings = rows[0] if _are_headings(rows) else None
        self._rows = rows[1:] if self._headings is not None else rows
        self._columns = len(rows[0]) if rows else 0

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else self._columns

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and _is_number(self._rows[index.row()][index.column()]):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def cells(self, row: int, left: int, right: int) -> list[str]:
        """Return the cells of a row from one column to another."""
        return list(self._rows[row][left : right + 1])

    def place_of(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Return the first cell with any of some words, by row and column, of the first row that has most of them."""
        wanted = [word.casefold() for word in words]

        def count(row: int) -> int:
            text = "\t".join(self._rows[row]).casefold()
            return sum(word in text for word in wanted)

        best = max(range(len(self._rows)), key=count, default=0)
        cells = self._rows[best] if self._rows else ()
        found = (column for column, cell in enumerate(cells) if any(word in cell.casefold() for word in wanted))
        column = next(found, None)
        return None if column is None else (best, column)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal and self._headings is not None:
            return self._headings[section]
        return str(section + 1)


class TableView(FocusPassing):
    """A table of values to read and select."""

    selection_changed = Signal(bool)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = QTableView()
        self._table.setAccessibleName("Table")
        self._table.setFrameShape(QFrame.Shape.NoFrame)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self._table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._table.setTabKeyNavigation(False)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self._ask_for_menu)
        set_rows(self._table, compact=True)
        self._table.horizontalHeader().setStretchLastSection(True)
        # Else the header looks at every cell of a column, at each painting, to say that it is selected.
        self._table.horizontalHeader().setSectionsClickable(False)
        self._model: _Rows | None = None
        self.set_entry(self._table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._table)

    def set_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show rows of the same length."""
        old = self._model
        self._model = _Rows(rows, self)
        self._table.setModel(self._model)
        self._table.selectionModel().selectionChanged.connect(self._tell_selection)
        if old is not None:
            old.deleteLater()
        metrics = self._table.fontMetrics()
        for column in range(self._model.columnCount()):
            cells = [row[column] for row in rows[:_ROWS_MEASURED]]
            widest = max(map(metrics.horizontalAdvance, cells), default=0)
            self._table.setColumnWidth(column, min(widest + 2 * theme.Space.S12, _WIDEST_COLUMN))

    def show_found(self, words: Sequence[str]) -> None:
        """Select the cell where some words are found, and bring it into view."""
        place = self._model.place_of(words) if self._model is not None else None
        if self._model is not None and place is not None:
            index = self._model.index(*place)
            self._table.setCurrentIndex(index)
            self._table.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    @property
    def has_selection(self) -> bool:
        """Whether a cell is selected."""
        selection = self._table.selectionModel()
        return self._model is not None and selection.hasSelection()

    def selected_text(self) -> tuple[str, str]:
        """Return the cells that are selected; a table has no pages."""
        rows = self._selected_rows(_MOST_ROWS_QUOTED)
        return "\n".join(", ".join(filter(None, row)) for row in rows), ""

    def select_whole_words(self) -> None:
        """Leave it at cells, which are whole."""

    def copy(self) -> None:
        """Put the cells that are selected on the clipboard, as spreadsheets take them."""
        rows = self._selected_rows()
        if rows:
            QGuiApplication.clipboard().setText("\n".join("\t".join(row) for row in rows))

    def select_all(self) -> None:
        """Select everything."""
        self._table.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copy."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def _selected_rows(self, most: int | None = None) -> list[list[str]]:
        if self._model is None or not self.has_selection:
            return []
        selection = self._table.selectionModel().selection()
        ranges = [selection.at(place) for place in range(selection.count())]
        top, bottom = min(each.top() for each in ranges), max(each.bottom() for each in ranges)
        left, right = min(each.left() for each in ranges), max(each.right() for each in ranges)
        if most is not None:
            bottom = min(bottom, top + most - 1)
        return [self._model.cells(row, left, right) for row in range(top, bottom + 1)]

    def _tell_selection(self) -> None:
        self.selection_changed.emit(self.has_selection)

    def _ask_for_menu(self, point: QPoint) -> None:
        self.menu_wanted.emit(self._table.viewport().mapToGlobal(point))


def _are_headings(rows: Sequence[Sequence[str]]) -> bool:
    if len(rows) < 2:
        return False
    first = rows[0]
    return sum(bool(cell.strip()) for cell in first) * 2 > len(first) and not any(map(_is_number, first))


def _is_number(cell: str) -> bool:
    plain = cell.strip().lstrip("£€$-+").rstrip("%").replace(",", "")
    return bool(plain) and plain.replace(".", "", 1).isdecimal()
