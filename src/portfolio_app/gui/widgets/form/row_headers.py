"""The labels over a table's columns and the numbers beside its rows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextOption
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.widgets.form.cell_editors import PAD


class ColumnLabels(QHeaderView):
    """Labels that wrap where their column is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._measured_for: tuple[float, ...] = ()
        self._hint = QSize()
        self.setMinimumSectionSize(48)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803 - Qt's
        """Draw one label."""
        colours = theme.current()
        painter.save()
        painter.fillRect(rect, colours.colour("sunken"))
        painter.setPen(colours.colour("line"))
        painter.drawLine(rect.topRight() + QPoint(0, 7), rect.bottomRight() - QPoint(0, 7))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setPen(colours.colour("muted"))
        painter.setFont(self._font())
        option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        alignment = self._data(logicalIndex, Qt.ItemDataRole.TextAlignmentRole)
        if isinstance(alignment, Qt.AlignmentFlag):
            option.setAlignment(alignment)
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        inner = rect.adjusted(PAD, 0, -PAD + 2, 0)
        painter.drawText(inner.toRectF(), str(self._data(logicalIndex, Qt.ItemDataRole.DisplayRole)), option)
        painter.restore()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """Return the height of the highest label."""
        sizes = (theme.current().zoom, *(self.sectionSize(place) for place in range(self.count())))
        if sizes != self._measured_for:
            self._measured_for = sizes
            self._hint = QSize(super().sizeHint().width(), self._highest() + 2 * PAD - 2)
        return self._hint

    def _highest(self) -> int:
        metrics = QFontMetrics(self._font())
        flags = Qt.TextFlag.TextWordWrap.value
        return max(
            (
                metrics.boundingRect(
                    QRect(0, 0, max(20, self.sectionSize(place) - 2 * PAD + 2), 10_000),
                    flags,
                    str(self._data(place, Qt.ItemDataRole.DisplayRole)),
                ).height()
                for place in range(self.count())
            ),
            default=metrics.height(),
        )

    def label_width(self, text: str) -> int:
        """Return the least width at which a label stands in two lines."""
        metrics, words = QFontMetrics(self._font()), text.split()
        splits = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words) + 1)]
        widths = [max(metrics.horizontalAdvance(line) for line in lines) for lines in splits]
        return min(widths, default=0) + 2 * PAD + 2

    def _font(self) -> QFont:
        font = theme.body_font()
        font.setWeight(QFont.Weight.Bold)
        return font

    def _data(self, place: int, role: Qt.ItemDataRole) -> object:
        return self.model().headerData(place, self.orientation(), role)


class RowNumbers(QHeaderView):
    """The numbers of the rows, in line with their first lines; a click takes the whole row."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(10)
        self.setSectionsClickable(True)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803 - Qt's
        """Draw one number."""
        colours = theme.current()
        painter.save()
        painter.fillRect(rect, colours.colour("sunken"))
        painter.setPen(colours.colour("muted"))
        painter.setFont(theme.tabular(theme.body_font()))
        text = str(self.model().headerData(logicalIndex, self.orientation(), Qt.ItemDataRole.DisplayRole))
        painter.drawText(rect.adjusted(0, PAD - 1, 0, 0), Qt.AlignmentFlag.AlignHCenter.value, text)
        painter.restore()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """Return the width of the longest number."""
        metrics = QFontMetrics(theme.tabular(theme.body_font()))
        widest = metrics.horizontalAdvance("0" * max(2, len(str(self.count()))))
        return QSize(widest + PAD + 3, super().sizeHint().height())
