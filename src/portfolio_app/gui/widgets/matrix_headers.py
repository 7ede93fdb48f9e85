"""The frozen edges of the matrix: requirements at the left, evidence along the top, and the corner between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.models.matrix_model import MatrixModel
from portfolio_app.gui.widgets.matrix_painting import Look, draw_chevron
from portfolio_app.services.matrix_grid import GridRow, Grouping, RowKind

if TYPE_CHECKING:
    from portfolio_app.gui.widgets.matrix_view import MatrixTable

NARROWEST_LABELS: Final = 140
USUAL_LABELS: Final = 340
WIDEST_LABELS: Final = 900
_USUAL_SHARE: Final = 0.45
_LARGEST_SHARE: Final = 0.6
"""Of the table’s width, so that some cells are always seen."""

# Pixels, before zoom.
_PADDING = 8
_STEP_IN = 14
_SUMMARY = 54
_GRIP = 4
_MOST_REF = 110
_HEIGHT, _TITLED_HEIGHT = 48, 176
_MARK = 3
_SCROLL_BAR = 20
_MOST_GROWTH = 260

_MOST_LINES = 3


class _Edge(QHeaderView):
    """What both edges have in common: they are drawn in one go, and say what was pressed twice."""

    opened = Signal(int)

    def __init__(self, orientation: Qt.Orientation, table: MatrixTable) -> None:
        super().__init__(orientation, table)
        self._table = table
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(8)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.viewport().setMouseTracking(True)
        self.sectionDoubleClicked.connect(self.opened)

    @property
    def _model(self) -> MatrixModel:
        return cast("MatrixModel", self.model())

    def update_section(self, section: int) -> None:
        """Draw one section again."""
        if 0 <= section < self.count():
            cell = self._table.look.cell
            start = section * cell - self.offset()
            across = self.orientation() == Qt.Orientation.Horizontal
            box = QRect(start, 0, cell, self.height()) if across else QRect(0, start, self.width(), cell)
            self.viewport().update(box)

    def _visible(self, first: int, last: int) -> range:
        """Return the sections between two pixels of the viewport."""
        cell = self._table.look.cell
        start = max(0, (first + self.offset()) // cell)
        return range(start, min(self.count(), (last + self.offset()) // cell + 1))


class RequirementEdge(_Edge):
    """Requirements and their headings: reference, short text, how far each is. Its right edge can be drawn wider."""

    fold_pressed = Signal(int)
    width_changed = Signal(int)

    def __init__(self, table: MatrixTable) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self._width = USUAL_LABELS
        self._drawn_from: int | None = None
        self._ref_width = 0

    @property
    def label_width(self) -> int:
        """The width in pixels, before zoom."""
        return self._width

    def set_label_width(self, width: int) -> None:
        """Become wider or narrower, within reason."""
        width = max(NARROWEST_LABELS, min(width, WIDEST_LABELS))
        if width != self._width:
            self._width = width
            self.geometriesChanged.emit()
            self.viewport().update()
            self.width_changed.emit(width)

    def measure(self) -> None:
        """Make room for the longest reference among the rows in view."""
        metrics = self._table.look.bold_metrics
        refs = {self._ref(self._model.line(row)) for row in range(self._model.rowCount())}
        longest = max(map(metrics.horizontalAdvance, refs), default=0)
        self._ref_width = min(longest, theme.current().scaled(_MOST_REF)) + theme.current().scaled(_PADDING)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the width that was asked for; the usual one grows into room that the columns leave.

        Never more than three fifths of the window, so that there are always cells to see.
        """
        scaled = theme.current().scaled
        wanted = scaled(self._width)
        if self._width == USUAL_LABELS:
            columns = self._model.columnCount() * self._table.look.cell
            spare = self._table.width() - columns - wanted - scaled(_SCROLL_BAR)
            wanted += max(0, min(spare, scaled(_MOST_GROWTH)))
        most = _USUAL_SHARE if self._width == USUAL_LABELS else _LARGEST_SHARE
        return QSize(min(wanted, max(scaled(NARROWEST_LABELS), round(self._table.width() * most))), 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the rows that need it."""
        look = self._table.look
        painter = QPainter(self.viewport())
        area = event.rect()
        painter.fillRect(area, look.window)
        for row in self._visible(area.top(), area.bottom()):
            self._paint_row(painter, look, row, row * look.cell - self.offset())
        painter.fillRect(QRect(self.width() - 1, area.top(), 1, area.height()), look.line)

    def _paint_row(self, painter: QPainter, look: Look, row: int, top: int) -> None:
        line = self._model.line(row)
        box = QRect(0, top, self.width(), look.cell)
        is_current = row == self._table.row_in_hand
        ground = look.surface if line.is_requirement else look.sunken
        painter.fillRect(box, look.selection if is_current else ground)
        if row == self._table.hovered[0] and not is_current:
            painter.fillRect(box, look.hover)
        painter.fillRect(QRect(0, box.bottom(), box.width(), 1), look.line)
        scaled = theme.current().scaled
        left, step, summary = scaled(_PADDING), scaled(_STEP_IN), scaled(_SUMMARY)
        if not line.is_requirement:
            indent = step * line.depth
            chevron = QRect(left + indent - step // 4, top, step, look.cell)
            draw_chevron(painter, chevron, look.muted, folded=self._model.is_folded(row))
            left += indent + step
        elif self._model.wanted.grouping is not Grouping.NONE:
            left += step * 2
        self._paint_words(painter, look, line, QRect(left, top, box.width() - left - summary, look.cell))
        summary_box = QRect(box.width() - summary, top, summary - scaled(_PADDING), look.cell)
        self._paint_summary(painter, look, line, summary_box)
        if is_current:
            painter.fillRect(QRect(0, top, scaled(_MARK), look.cell - 1), look.accent)

    def _paint_words(self, painter: QPainter, look: Look, line: GridRow, box: QRect) -> None:
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.setPen(look.text)
        ref = self._ref(line)
        painter.setFont(look.bold)
        if not line.is_requirement:
            words = line.text if ref == line.text or not ref else f"{ref}  {line.text}"
            painter.drawText(box, middle, look.cut(words, box.width(), bold=True))
            return
        painter.drawText(box, middle, look.cut(ref, self._ref_width - 2, bold=True))
        painter.setFont(look.font)
        box.setLeft(box.left() + self._ref_width)
        height = look.metrics.height()
        most = max(1, min(_MOST_LINES, (look.cell - 1) // height))
        lines = look.lines(line.text, max(0, box.width() - 2), most)
        first = box.center().y() - height * len(lines) // 2 + 1
        for number, words in enumerate(lines):
            painter.drawText(QRect(box.left(), first + number * height, box.width(), height), middle, words)

    def _paint_summary(self, painter: QPainter, look: Look, line: GridRow, box: QRect) -> None:
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.setFont(look.font)
        painter.setPen(look.muted)
        if line.tally is not None:
            painter.drawText(box, right, f"{line.tally.met:,}/{line.tally.total:,}")
            return
        count = len(line.columns)
        painter.drawText(box, right, f"{count:,}" if count else "")
        sign = look.summaries[line.state]
        height = round(sign.deviceIndependentSize().height())
        painter.drawPixmap(box.left(), box.top() + (box.height() - height) // 2, sign)

    def _ref(self, line: GridRow) -> str:
        grouping = self._model.wanted.grouping
        if grouping is Grouping.NONE or line.kind is RowKind.UNIT:
            return line.address
        return line.address.partition("/")[2] if grouping is Grouping.UNITS else line.ref

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to draw the edge wider, or fold a heading."""
        if event.button() == Qt.MouseButton.LeftButton:
            if self._is_grip(event.position().toPoint()):
                self._drawn_from = self._width
                return
            row = self.logicalIndexAt(event.position().toPoint())
            if row >= 0 and not self._model.line(row).is_requirement:
                self.fold_pressed.emit(row)
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Draw the edge wider."""
        place = event.position().toPoint()
        if self._drawn_from is not None:
            self.set_label_width(round(place.x() / theme.current().zoom))
            return
        shape = Qt.CursorShape.SplitHCursor if self._is_grip(place) else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        if not event.buttons():
            self._table.set_hovered(self.logicalIndexAt(place), -1)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Leave the edge where it is."""
        if self._drawn_from is not None:
            self._drawn_from = None
            return
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Put the edge back to its usual width, or open the requirement; a heading folds again."""
        place = event.position().toPoint()
        row = self.logicalIndexAt(place)
        if self._is_grip(place):
            self.set_label_width(USUAL_LABELS)
        elif row >= 0 and not self._model.line(row).is_requirement:
            self.fold_pressed.emit(row)
        else:
            super().mouseDoubleClickEvent(event)

    def _is_grip(self, place: QPoint) -> bool:
        return place.x() >= self.width() - _GRIP


class EvidenceEdge(_Edge):
    """References of evidence, written upwards, with titles if they are wanted."""

    def __init__(self, table: MatrixTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._has_titles = False
        self._ref_length = 0

    @property
    def has_titles(self) -> bool:
        """Whether titles stand after the references."""
        return self._has_titles

    def show_titles(self, *, shown: bool) -> None:
        """Write titles after the references, or leave them to the tool tips."""
        if shown != self._has_titles:
            self._has_titles = shown
            self.geometriesChanged.emit()
            self.viewport().update()

    def measure(self) -> None:
        """Make room for the longest reference in view."""
        count = self._model.columnCount()
        longest = max((f"E{self._model.item(column).number}" for column in range(count)), key=len, default="E00")
        padding = theme.current().scaled(_PADDING)
        self._ref_length = self._table.look.bold_metrics.horizontalAdvance(longest) + padding

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height that the references need, and their titles."""
        scaled = theme.current().scaled
        if self._has_titles:
            return QSize(0, scaled(_TITLED_HEIGHT))
        return QSize(0, max(scaled(_HEIGHT), self._ref_length + scaled(_PADDING)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the columns that need it."""
        look = self._table.look
        painter = QPainter(self.viewport())
        area = event.rect()
        painter.fillRect(area, look.window)
        for column in self._visible(area.left(), area.right()):
            self._paint_column(painter, look, column, column * look.cell - self.offset())
        painter.fillRect(QRect(area.left(), self.height() - 1, area.width(), 1), look.line)

    def _paint_column(self, painter: QPainter, look: Look, column: int, left: int) -> None:
        item = self._model.item(column)
        box = QRect(left, 0, look.cell, self.height())
        is_current = column == self._table.column_in_hand
        painter.fillRect(box, look.selection if is_current else look.surface)
        if column == self._table.hovered[1] and not is_current:
            painter.fillRect(box, look.hover)
        painter.fillRect(QRect(box.right(), 0, 1, box.height()), look.line)
        if is_current:
            painter.fillRect(QRect(left, 0, look.cell - 1, theme.current().scaled(_MARK)), look.accent)
        painter.save()
        painter.translate(left, self.height())
        painter.rotate(-90)
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.setFont(look.bold)
        painter.setPen(look.text)
        padding = theme.current().scaled(_PADDING)
        painter.drawText(QRect(padding, 0, self.height() - padding, look.cell), middle, f"E{item.number}")
        if self._has_titles:
            start = padding + self._ref_length
            room = self.height() - start - padding
            painter.setFont(look.font)
            painter.setPen(look.muted)
            painter.drawText(QRect(start, 0, room, look.cell), middle, look.cut(item.title or "Untitled", room))
        painter.restore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tint the column under the pointer."""
        if not event.buttons():
            self._table.set_hovered(-1, self.logicalIndexAt(event.position().toPoint()))
        super().mouseMoveEvent(event)


class MatrixCorner(QWidget):
    """Between the edges: how much of the matrix is in view."""

    def __init__(self, table: MatrixTable) -> None:
        super().__init__(table)
        self._table = table
        self._down = self._across = ""

    def set_counts(self, down: str, across: str) -> None:
        """Say what stands below and what to the right."""
        self._down, self._across = down, across
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw both along the lower edge."""
        look = self._table.look
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.window)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), look.line)
        painter.fillRect(QRect(self.width() - 1, 0, 1, self.height()), look.line)
        font = theme.body_font()
        painter.setFont(font)
        painter.setPen(look.muted)
        padding = theme.current().scaled(_PADDING)
        box = self.rect().adjusted(padding, 0, -padding, -padding * 3 // 4)
        right = painter.fontMetrics().horizontalAdvance(self._across) + padding
        flags = Qt.AlignmentFlag.AlignBottom
        painter.drawText(box, int(flags | Qt.AlignmentFlag.AlignRight), self._across)
        down = painter.fontMetrics().elidedText(self._down, Qt.TextElideMode.ElideRight, box.width() - right)
        painter.drawText(box, int(flags | Qt.AlignmentFlag.AlignLeft), down)
