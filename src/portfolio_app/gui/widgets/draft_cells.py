"""How the cells of the review grid look and are edited."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QTextCursor, QTextLayout, QTextOption
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

from portfolio_app.gui import theme
from portfolio_app.gui.icons import pixmap
from portfolio_app.gui.models.unit_draft_model import HEADINGS, Column, DraftRole, UnitDraftModel
from portfolio_app.gui.widgets.form.cell_editors import CellTextEdit
from portfolio_app.gui.widgets.text_lines import draw_lines
from portfolio_app.services.unit_drafts import KINDS, DraftRow, Remark

Index = QModelIndex | QPersistentModelIndex
_PAD: Final = 7
_STEP: Final = 20
_MARK: Final = 14
_MOST_HEIGHTS: Final = 20_000
_BEGUN: Final = "begun"


class DraftCellDelegate(QStyledItemDelegate):
    """Wrapped words, indented by depth; below the text of a row what is to be said of it.

    Enter takes what was typed, Tab goes on to the next cell, Escape leaves everything as it was; Ctrl+Enter in the
    text cuts the row in two at the cursor.
    """

    split_requested = Signal(int, int)
    """A row, and the place in its text."""

    def __init__(self, view: QAbstractItemView, model: UnitDraftModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._font = theme.tabular(theme.body_font())
        self._heights: dict[tuple[str, int, bool], int] = {}
        self._editor: QWidget | None = None
        self._edited = QPersistentModelIndex()
        theme.notifier().changed.connect(self.forget_heights)

    # The editor that is open

    def commit_open(self) -> None:
        """Take what is being typed and close its editor."""
        if self._editor is not None:
            editor = self._editor
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def cursor_in_text(self) -> tuple[int, int] | None:
        """Return the row and the place in its text where somebody types, or ``None``."""
        if not isinstance(self._editor, CellTextEdit) or self._edited.column() != Column.TEXT:
            return None
        typed = self._editor.toPlainText()
        lead = len(typed) - len(typed.lstrip())
        return self._edited.row(), max(0, self._editor.textCursor().position() - lead)

    def clear_selection(self) -> None:
        """Put the cursor at the end of the text that is edited, with nothing marked."""
        if isinstance(self._editor, CellTextEdit):
            self._editor.moveCursor(QTextCursor.MoveOperation.End)

    # How cells look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell."""
        row = index.data(DraftRole.ROW)
        if not isinstance(row, DraftRow):
            return
        dress = theme.current()
        rect: QRect = option.rect
        painter.save()
        ground = "surface" if row.is_requirement else "window"
        if option.state & QStyle.StateFlag.State_Selected:
            ground = "selection"
        painter.fillRect(rect, dress.colour(ground))
        inner = QRectF(rect.adjusted(_PAD, _PAD - 1, -_PAD, -_PAD + 2))
        column = Column(index.column())
        inner.setLeft(inner.left() + self._indent(row, column))
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        painter.setFont(self._weighted(index))
        painter.setPen(dress.colour("muted" if column in (Column.KIND, Column.SHORT) else "text"))
        if column is Column.SHORT:
            draw_lines(painter, text, inner, max(1, int(inner.height() / painter.fontMetrics().height())))
        else:
            painter.drawText(inner, text, _wrapping())
        if column is Column.TEXT:
            used = self._text_height(text, int(inner.width()), bold=self._is_heading(index)) if text else 0
            self._paint_remarks(painter, inner.adjusted(0, used, 0, 0), index.data(DraftRole.REMARKS))
        painter.setPen(dress.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if option.state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(dress.colour("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the height that the words need at the width of the option's rectangle."""
        return QSize(option.rect.width(), self.height(index, option.rect.width()))

    def height(self, index: Index, width: int) -> int:
        """Return the height that a cell needs at a width, its editor while that is open."""
        row = index.data(DraftRole.ROW)
        if not isinstance(row, DraftRow):
            return 0
        column = Column(index.column())
        room = max(width - 2 * _PAD - self._indent(row, column), 20)
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        # The short text says again what the text says: it takes the room that there is.
        needed = 0 if column is Column.SHORT else self._text_height(text, room, bold=self._is_heading(index))
        if column is Column.TEXT:
            for remark in index.data(DraftRole.REMARKS):
                needed += self._text_height(remark.sentence, self._remark_width(room), bold=False) + 2
        if self._editor is not None and self._edited == index:
            needed = max(needed, self._editor.sizeHint().height() - 2 * _PAD + 4)
        return needed + 2 * _PAD

    def forget_heights(self) -> None:
        """Measure anew, in another type size."""
        self._font = theme.tabular(theme.body_font())
        self._heights.clear()

    # How cells are edited

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: N802
        """Make the editor of a column."""
        del option
        column = Column(index.column())
        editor: QWidget
        if column is Column.KIND:
            editor = self._kind_editor(parent)
        elif column is Column.REF:
            editor = QLineEdit(parent)
        else:
            editor = CellTextEdit(parent, one_line=column is Column.SHORT)
            editor.textChanged.connect(self._grow)
        theme.set_role(editor, "cell")
        editor.setAccessibleName(f"{HEADINGS[column]}, row {index.row() + 1}")
        self._editor, self._edited = editor, QPersistentModelIndex(index)
        return editor

    def destroyEditor(self, editor: QWidget, index: Index) -> None:  # noqa: N802
        """Forget the editor, and give the row its own height again."""
        if self._editor is editor:
            self._editor = None
            self.sizeHintChanged.emit(self._model.index(index.row(), index.column()))
        super().destroyEditor(editor, index)

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802
        """Show the cell's words in its editor."""
        text = str(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
        elif isinstance(editor, QTextEdit) and not editor.property(_BEGUN):
            editor.setProperty(_BEGUN, True)
            editor.setPlainText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:  # noqa: N802
        """Take what the editor shows."""
        del model
        if isinstance(editor, QComboBox):
            self._model.setData(index, editor.currentText())
        elif isinstance(editor, QLineEdit):
            self._model.setData(index, editor.text())
        elif isinstance(editor, CellTextEdit):
            text = editor.toPlainText()
            self._model.setData(index, " ".join(text.split("\n")) if editor.one_line else text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Let an editor cover its cell, and more where its words need more."""
        del index
        rect: QRect = option.rect
        editor.setGeometry(rect.adjusted(-1, -1, 1, 1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Mind the keys that end editing, or cut the row in two."""
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return super().eventFilter(watched, event)
        meaning = self._meaning(event)
        if event.type() == QEvent.Type.ShortcutOverride:
            if meaning:
                event.accept()
            return bool(meaning)
        if event.type() != QEvent.Type.KeyPress or not meaning:
            return super().eventFilter(watched, event) if meaning else False
        hint = QAbstractItemDelegate.EndEditHint
        if meaning == "split":
            cut = self.cursor_in_text()
            self.commit_open()
            if cut is not None:
                self.split_requested.emit(*cut)
            return True
        if meaning != "leave":
            self.commitData.emit(watched)
        hints = {"next": hint.EditNextItem, "previous": hint.EditPreviousItem}
        self.closeEditor.emit(watched, hints.get(meaning, hint.RevertModelCache if meaning == "leave" else hint.NoHint))
        return True

    def _meaning(self, event: QKeyEvent) -> str:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        meaning = ""
        match Qt.Key(event.key()):
            case Qt.Key.Key_Escape:
                meaning = "leave"
            case Qt.Key.Key_Tab:
                meaning = "next"
            case Qt.Key.Key_Backtab:
                meaning = "previous"
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if modifiers == Qt.KeyboardModifier.ControlModifier:
                meaning = "split" if self._edited.column() == Column.TEXT else "take"
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if modifiers == Qt.KeyboardModifier.NoModifier:
                # The parts stand one on a line.
                meaning = "" if self._edited.column() == Column.PARTS else "take"
            case _:
                pass
        return meaning

    def _kind_editor(self, parent: QWidget) -> QComboBox:
        box = QComboBox(parent)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        known = {name.casefold() for name in KINDS}
        others = dict.fromkeys(
            row.kind_name.capitalize() for row in self._model.rows if row.kind_name.casefold() not in known
        )
        box.addItems([*KINDS, *others])
        box.activated.connect(self._taken)
        return box

    def _taken(self) -> None:
        self.commit_open()

    def _grow(self) -> None:
        if self._edited.isValid():
            self.sizeHintChanged.emit(self._model.index(self._edited.row(), self._edited.column()))

    def _paint_remarks(self, painter: QPainter, area: QRectF, remarks: Sequence[Remark]) -> None:
        dress = theme.current()
        painter.setFont(self._font)
        top = area.top()
        for remark in remarks:
            tone = "not_yet" if remark.blocks else "claimed"
            mark = pixmap(
                "octagon-alert" if remark.blocks else "triangle-alert",
                _MARK,
                tone,
                painter.device().devicePixelRatioF(),
            )
            width = self._remark_width(int(area.width()))
            height = self._text_height(remark.sentence, width, bold=False)
            painter.drawPixmap(int(area.left()), int(top + 4), mark)
            painter.setPen(dress.colour(tone))
            painter.drawText(QRectF(area.right() - width, top + 2, width, height + 2), remark.sentence, _wrapping())
            top += height + 2

    def _remark_width(self, room: int) -> int:
        return max(20, room - theme.current().scaled(_MARK) - 6)

    def _indent(self, row: DraftRow, column: Column) -> int:
        return theme.current().scaled(_STEP) * row.depth if column is Column.TEXT else 0

    def _is_heading(self, index: Index) -> bool:
        rows = self._model.rows
        place = index.row()
        return (
            index.column() == Column.TEXT
            and rows[place].is_requirement
            and place + 1 < len(rows)
            and rows[place + 1].depth > rows[place].depth
        )

    def _weighted(self, index: Index) -> QFont:
        font = QFont(self._font)
        if self._is_heading(index):
            font.setWeight(QFont.Weight.Bold)
        return font

    def _text_height(self, text: str, width: int, *, bold: bool) -> int:
        key = (text, width, bold)
        height = self._heights.get(key)
        if height is None:
            if len(self._heights) >= _MOST_HEIGHTS:
                self._heights.clear()
            height = self._heights[key] = self._measured(text, width, bold=bold)
        return height

    def _measured(self, text: str, width: int, *, bold: bool) -> int:
        font = QFont(self._font)
        if bold:
            font.setWeight(QFont.Weight.Bold)
        metrics = QFontMetrics(font)
        if "\n" not in text and metrics.horizontalAdvance(text) <= width:
            return metrics.height()
        layout = QTextLayout(text.replace("\n", "\u2028"), font)
        layout.setTextOption(_wrapping())
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            height += line.height()
        layout.endLayout()
        return ceil(height)


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
