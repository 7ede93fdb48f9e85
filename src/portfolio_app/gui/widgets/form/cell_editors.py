"""The editors and the look of a table's cells."""

from __future__ import annotations

from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTextEdit,
    QWidget,
)

from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.evidence import FieldDefinition, FieldType
from portfolio_app.gui import theme
from portfolio_app.gui.icons import icon, pixmap
from portfolio_app.gui.models.clipboard_grid import Grid, read_html_grid, read_tsv
from portfolio_app.gui.models.table_rows import Index, RowRole, TableRowsModel, understood
from portfolio_app.gui.widgets.clipboard import copied
from portfolio_app.gui.widgets.form.date_fields import CalendarPopup, read_date
from portfolio_app.gui.widgets.form.person_field import KnownWords, complete
from portfolio_app.gui.widgets.form.text_change import change_line, change_text
from portfolio_app.gui.widgets.form.text_fields import GrowingTextEdit

PAD: Final = 7
_BEFORE = "before"
_NEW_ROW = "Type here"
_NEEDED = "needed"
_MOST_HEIGHTS = 20_000


def clipboard_grid() -> Grid:
    """Return what is on the clipboard as cells."""
    data = copied()
    grid = read_html_grid(data.html()) if data.hasHtml() else []
    return grid or read_tsv(data.text())


class CellTextEdit(GrowingTextEdit):
    """Wrapped text in a cell; the table minds its height and its Tab key."""

    def __init__(self, parent: QWidget, *, one_line: bool) -> None:
        super().__init__(parent, fewest=1, most=10_000)
        self.one_line = one_line
        self.setTabChangesFocus(False)
        self.document().setDocumentMargin(1)
        theme.set_role(self, "cell")

    def _fit(self) -> None:
        """Leave the height to the row."""


class CellDateEdit(QLineEdit):
    """A date in a cell, with a calendar (Alt+Down)."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self._calendar: CalendarPopup | None = None
        opener = self.addAction(icon("calendar", colour="muted"), QLineEdit.ActionPosition.TrailingPosition)
        opener.setToolTip(f"{name}: choose a day (Alt+Down)")
        opener.triggered.connect(self.open_calendar)

    def open_calendar(self) -> None:
        """Let a day be picked."""
        if self._calendar is None:
            self._calendar = CalendarPopup(self)
            self._calendar.picked.connect(self._picked)
        known = read_date(self.text())
        self._calendar.show_below(self, known.first_day if known else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Open the calendar on Alt+Down."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
            return
        super().keyPressEvent(event)

    def _picked(self, day: object) -> None:
        self.setText(day_in_words(day))  # type: ignore[arg-type]
        self.textEdited.emit(self.text())
        self.setFocus()


class CellDelegate(QStyledItemDelegate):
    """Draws cells with their words wrapped, and makes their editors, which write into the model as one types."""

    step = Signal(str)
    """Where to go after a cell: "next", "previous", "down", "row" (a new one), "out" or "back out"."""
    grid_pasted = Signal()
    """Several cells were pasted while one was being edited."""
    text_edit_opened = Signal(QTextEdit)
    """A text is being edited; its spelling can be looked at."""

    def __init__(self, view: QAbstractItemView, rows: TableRowsModel, people: KnownWords) -> None:
        super().__init__(view)
        self._view = view
        self._rows = rows
        self._people = people
        self._font = theme.tabular(theme.body_font())
        self._heights: dict[tuple[str, int], int] = {}
        theme.notifier().changed.connect(self.forget_heights)

    # How cells look

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a cell."""
        colours = theme.current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        ground = "surface"
        if state & QStyle.StateFlag.State_Selected:
            ground = "selection"
        elif self._rows.is_left_over(index.column()):
            ground = "window"
        painter.fillRect(rect, colours.colour(ground))
        text, colour = self._words(index)
        problem = index.data(RowRole.PROBLEM)
        inner = rect.adjusted(PAD, PAD - 1, -PAD, -PAD + 2)
        if problem:
            mark = pixmap("triangle-alert", 14, "not_yet", painter.device().devicePixelRatioF())
            edge = theme.current().scaled(14)
            painter.drawPixmap(inner.right() - edge + 1, inner.top() + 1, mark)
            inner.setRight(inner.right() - edge - 2)
            colour = "not_yet"
        painter.setPen(colours.colour(colour))
        painter.setFont(self._font)
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner.toRectF(), text, _wrapping(alignment))
        if state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()

    def sizeHint(  # noqa: N802 - Qt's
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height that the words need at the width of the option's rectangle."""
        rect: QRect = option.rect
        return QSize(rect.width(), self.height(index, rect.width()))

    def height(self, index: Index, width: int) -> int:
        """Return the height that a cell's words need at a width, or its editor while it is open."""
        text, _ = self._words(index)
        room = width - 2 * PAD - (theme.current().scaled(16) if index.data(RowRole.PROBLEM) else 0)
        needed = self._text_height(text, max(room, 20)) + 2 * PAD - 1
        editor = self._view.indexWidget(index)
        if isinstance(editor, CellTextEdit):
            needed = max(needed, editor.sizeHint().height())
        return needed

    def natural_width(self, column: FieldDefinition, text: str) -> int:
        """Return the width of a cell's words on one line."""
        return QFontMetrics(self._font).horizontalAdvance(understood(column, text)) + 2 * PAD + 2

    def forget_heights(self) -> None:
        """Measure anew, in another type size."""
        self._font = theme.tabular(theme.body_font())
        self._heights.clear()

    def _text_height(self, text: str, width: int) -> int:
        metrics = QFontMetrics(self._font)
        if "\n" not in text and metrics.horizontalAdvance(text) <= width:
            return metrics.height()
        key = (text, width)
        if key not in self._heights:
            if len(self._heights) >= _MOST_HEIGHTS:
                self._heights.clear()
            layout = QTextLayout(text.replace("\n", "\u2028"), self._font)
            layout.setTextOption(_wrapping(Qt.AlignmentFlag.AlignLeft))
            layout.beginLayout()
            height = 0.0
            while (line := layout.createLine()).isValid():
                line.setLineWidth(width)
                height += line.height()
            layout.endLayout()
            self._heights[key] = ceil(height)
        return self._heights[key]

    def _words(self, index: Index) -> tuple[str, str]:
        """Return the text of a cell and the name of its colour."""
        text = index.data(Qt.ItemDataRole.DisplayRole)
        if text:
            return text, "text"
        if index.data(RowRole.IS_NEW_ROW) and index.column() == 0:
            return _NEW_ROW, "muted"
        return (_NEEDED, "muted") if index.data(RowRole.NEEDED) else ("", "text")

    # How they are edited

    def createEditor(  # noqa: N802 - Qt's
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """Make the editor of a column."""
        del option
        column = self._rows.columns()[index.column()]
        editor = self._editor(parent, column, str(index.data(Qt.ItemDataRole.EditRole)))
        editor.setProperty(_BEFORE, index.data(Qt.ItemDataRole.EditRole))
        editor.setAccessibleName(f"{column.label}, row {index.row() + 1}")
        return editor

    def _editor(self, parent: QWidget, column: FieldDefinition, text: str) -> QWidget:
        match column.type:
            case FieldType.CHOICE | FieldType.YES_NO:
                choices = ("yes", "no") if column.type is FieldType.YES_NO else column.choices
                box = QComboBox(parent)
                theme.set_role(box, "cell")
                box.addItem("–", "")
                for choice in choices if text in {"", *choices} else (*choices, text):
                    box.addItem(understood(column, choice), choice)
                box.currentIndexChanged.connect(self._typed)
                return box
            case FieldType.TEXT | FieldType.LONG_TEXT:
                edit = CellTextEdit(parent, one_line=column.type is FieldType.TEXT)
                edit.textChanged.connect(self._typed)
                self.text_edit_opened.emit(edit)
                return edit
            case FieldType.DATE:
                line: QLineEdit = CellDateEdit(parent, column.label)
            case _:
                line = QLineEdit(parent)
        if column.type is FieldType.PERSON:
            complete(line, self._people).activated.connect(self._completed)
        if column.type is FieldType.NUMBER:
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
        theme.set_role(line, "cell")
        line.textEdited.connect(self._typed)
        return line

    def setEditorData(  # noqa: N802 - Qt's
        self, editor: QWidget, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Show the model's text in an editor, leaving it in peace where it shows that already."""
        text = str(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, QLineEdit):
            change_line(editor, text)
        elif isinstance(editor, CellTextEdit):
            with QSignalBlocker(editor):
                change_text(editor, text)
        elif isinstance(editor, QComboBox):
            with QSignalBlocker(editor):
                editor.setCurrentIndex(max(0, editor.findData(text)))

    def setModelData(  # noqa: N802 - Qt's
        self, editor: QWidget, model: object, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Write what an editor shows into the model."""
        del model
        self._rows.setData(index, _text_of(editor))

    def updateEditorGeometry(  # noqa: N802 - Qt's
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Let an editor cover its cell."""
        del index
        rect: QRect = option.rect
        editor.setGeometry(rect.adjusted(-1, -1, 1, 1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Mind the keys that lead from cell to cell, take typing back, or paste several cells."""
        if not isinstance(watched, QWidget) or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            if self._meaning(watched, event):
                event.accept()
                return True
            return super().eventFilter(watched, event)
        if event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        meaning = self._meaning(watched, event)
        if not meaning:
            # Enter in a text of several lines is a new line; all else is the editor's own.
            return False
        if meaning == "back":
            self._take_back(watched)
        elif meaning == "paste":
            self._close(watched)
            self.grid_pasted.emit()
        else:
            self._close(watched)
            self.step.emit(meaning)
        return True

    def _meaning(self, editor: QWidget, event: QKeyEvent) -> str:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        meaning = ""
        match event.key():
            case Qt.Key.Key_Tab:
                meaning = "out" if control else "next"
            case Qt.Key.Key_Backtab:
                meaning = "back out" if control else "previous"
            case Qt.Key.Key_Escape:
                meaning = "back"
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if control:
                meaning = "row"
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not isinstance(editor, CellTextEdit) or editor.one_line:
                meaning = "down"
            case _ if event.matches(QKeySequence.StandardKey.Paste) and self._pastes_cells(editor):
                meaning = "paste"
        return meaning

    def _pastes_cells(self, editor: QWidget) -> bool:
        grid = clipboard_grid()
        if any(len(row) > 1 for row in grid):
            return True
        # Lines pasted into a text of several lines are meant for it.
        return len(grid) > 1 and not isinstance(editor, CellTextEdit)

    def _take_back(self, editor: QWidget) -> None:
        before = str(editor.property(_BEFORE))
        if isinstance(editor, CellTextEdit):
            editor.setPlainText(before)
        elif isinstance(editor, QLineEdit):
            editor.setText(before)
        elif isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(before)))
        self._close(editor)
        self._rows.trim()

    def _close(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def _typed(self) -> None:
        editor = self.sender()
        if isinstance(editor, QWidget):
            self.commitData.emit(editor)

    def _completed(self) -> None:
        editor = self.sender().parent()
        if isinstance(editor, QWidget):
            self.commitData.emit(editor)


def _text_of(editor: QWidget) -> str:
    if isinstance(editor, CellTextEdit):
        text = editor.toPlainText()
        return " ".join(text.split("\n")) if editor.one_line else text
    if isinstance(editor, QComboBox):
        return str(editor.currentData() or "")
    return editor.text() if isinstance(editor, QLineEdit) else ""


def _wrapping(alignment: Qt.AlignmentFlag) -> QTextOption:
    option = QTextOption(alignment)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
