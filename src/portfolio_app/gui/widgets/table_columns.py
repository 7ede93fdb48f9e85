"""The columns of a table side by side: above each a choice of what it holds, below it its first rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space

_WIDTH: Final = 176
_NARROW: Final = 104
_AROUND_NAME: Final = 72
_NARROW_UP_TO: Final = 10
"""Characters of the longest cell in a column that is shown narrow."""
_AT_ONCE: Final = 6
_IN_A_STEP: Final = 2
"""Columns that are made in one go: a choice takes some milliseconds."""
_ROWS_SHOWN: Final = 12
_ABOVE_HEADINGS: Final = 2
_CELLS_TOLD: Final = 3
_LINE: Final = 26


class TableColumns(QScrollArea):
    """Shows a table and lets each of its columns be given a role; it scrolls sideways."""

    chosen = Signal(int, int)
    """The place of a column, and that of the role among those to choose from."""

    def __init__(self, roles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = list(roles)
        self._cards: list[_Column] = []
        self._rows: Sequence[Sequence[str]] = ()
        self._names: Sequence[str] = ()
        self._shown_roles: Sequence[int] = ()
        self._marked: int | None = None
        self._line = QHBoxLayout()
        self._making = QTimer(self, singleShot=True, interval=0)
        self._making.timeout.connect(self._make_more)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def boxes(self) -> list[QComboBox]:
        """The choices, from the left; of a wide table the first ones only until all are made."""
        return [card.box for card in self._cards]

    def show_table(
        self, rows: Sequence[Sequence[str]], names: Sequence[str], header: int | None, roles: Sequence[int]
    ) -> None:
        """Show the first rows of a table, the headings among them marked; of many columns, one part after the other.

        Args:
            rows: all rows.
            names: what each column is called, such as A or B.
            header: the place of the row with the headings, from 0, or ``None``.
            roles: for each column the place of its role among those to choose from.
        """
        begin = max(0, (header or 0) - _ABOVE_HEADINGS)
        self._rows = rows[begin : begin + _ROWS_SHOWN]
        self._marked = None if header is None else header - begin
        self._names = names
        self._shown_roles = roles
        self._cards = []
        page = QWidget()
        self._line = QHBoxLayout(page)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(Space.S4)
        numbers = _Cells([str(begin + place + 1) for place in range(len(self._rows))], self._marked, aside=True)
        self._line.addWidget(numbers, 0, Qt.AlignmentFlag.AlignBottom)
        self._line.addStretch(1)
        self._add_cards(_AT_ONCE)
        self.setWidget(page)
        page.show()
        self.setWidgetResizable(True)
        self.updateGeometry()
        self._making.start()

    def show_roles(self, roles: Sequence[int]) -> None:
        """Choose for each column the role of this place among those to choose from."""
        self._shown_roles = roles
        for card, role in zip(self._cards, roles, strict=False):  # the last ones may not be made yet
            card.set_role(role)

    def _add_cards(self, most: int) -> None:
        for place in range(len(self._cards), min(len(self._names), len(self._cards) + most)):
            cells = [row[place] if place < len(row) else "" for row in self._rows]
            heading = cells[self._marked] if self._marked is not None and self._marked < len(cells) else ""
            card = _Column(self._names[place], heading, cells, self._marked, self._roles)
            card.set_role(self._shown_roles[place])
            card.box.activated.connect(lambda role, place=place: self.chosen.emit(place, role))
            self._cards.append(card)
            self._line.insertWidget(self._line.count() - 1, card)

    def _make_more(self) -> None:
        if len(self._cards) < len(self._names):
            self._add_cards(_IN_A_STEP)
            self._making.start()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Be as high as the rows, and the bar below them."""
        held = self.widget()
        height = held.sizeHint().height() if held is not None else 0
        return QSize(600, height + self.horizontalScrollBar().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Be no lower than the rows, and as narrow as one column."""
        return QSize(theme.current().scaled(_WIDTH), self.sizeHint().height())


class _Column(QWidget):
    """A column: its choice, and its first cells."""

    def __init__(self, name: str, heading: str, cells: Sequence[str], marked: int | None, roles: Sequence[str]) -> None:
        super().__init__()
        self.box = _Choice(self)
        self.box.addItems(list(roles))
        told = [" ".join(cell.split()) for place, cell in enumerate(cells) if place != marked and cell.strip()]
        title = " ".join(heading.split())
        self.box.setAccessibleName(f"Column {name}{f', “{title}”' if title else ''} holds")
        self.box.setAccessibleDescription("; ".join(told[:_CELLS_TOLD]))
        self.box.setToolTip(title or f"Column {name}")
        self._cells = _Cells([name, *cells], None if marked is None else marked + 1, has_name=True)
        widest = max((len(cell) for cell in (*cells, "")), default=0)
        self._width = theme.current().scaled(_NARROW if widest <= _NARROW_UP_TO else _WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S4)
        column.addWidget(self.box)
        column.addWidget(self._cells)

    def set_role(self, role: int) -> None:
        """Show a role, and be wide enough for its name."""
        self.box.setCurrentIndex(role)
        name = self.box.fontMetrics().horizontalAdvance(self.box.currentText())
        self.setFixedWidth(max(self._width, name + theme.current().scaled(_AROUND_NAME)))
        self._cells.set_read(role > 0)


class _Choice(QComboBox):
    """A choice that the wheel passes by: it scrolls the table."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)

    def showPopup(self) -> None:  # noqa: N802
        """Make the list as wide as its words, however narrow the column."""
        view = self.view()
        view.setTextElideMode(Qt.TextElideMode.ElideNone)
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * Space.S16)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Let what is around it scroll."""
        event.ignore()


class _Cells(QWidget):
    """Cells one below the other, each on one line, cut where it is longer."""

    def __init__(
        self, cells: Sequence[str], marked: int | None, *, aside: bool = False, has_name: bool = False
    ) -> None:
        super().__init__()
        self._cells = [" ".join(cell.split()) for cell in cells]
        self._marked, self._aside, self._has_name = marked, aside, has_name
        self._is_read = True
        self._line = theme.current().scaled(_LINE)
        self.setFixedHeight(self._line * len(self._cells) + 1)
        if aside:
            widest = max((QFontMetrics(theme.body_font()).horizontalAdvance(cell) for cell in self._cells), default=0)
            self.setFixedWidth(widest + 2 * Space.S8)

    def set_read(self, is_read: bool) -> None:
        """Show whether the column is read at all."""
        if is_read != self._is_read:
            self._is_read = is_read
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the cells that are seen."""
        now = theme.current()
        painter = QPainter(self)
        surface, sunken, line = (now.colour(token) for token in ("surface", "sunken", "line"))
        text, muted = now.colour("text"), now.colour("muted")
        first = max(0, event.rect().top() // self._line)
        for place, cell in enumerate(self._cells[first : event.rect().bottom() // self._line + 1], first):
            top = place * self._line
            is_heading = place == self._marked or (self._has_name and place == 0)
            above = self._marked is not None and place < self._marked
            painter.fillRect(0, top, self.width(), self._line, sunken if is_heading else surface)
            painter.fillRect(0, top + self._line - 1, self.width(), 1, line)
            font = theme.body_font()
            font.setBold(place == self._marked and not self._aside)
            painter.setFont(font)
            painter.setPen(
                muted if self._aside or above or not self._is_read or (is_heading and not font.bold()) else text
            )
            room = self.width() - 2 * Space.S8
            shown = painter.fontMetrics().elidedText(cell, Qt.TextElideMode.ElideRight, room)
            across = Qt.AlignmentFlag.AlignRight if self._aside else Qt.AlignmentFlag.AlignLeft
            painter.drawText(Space.S8, top, room, self._line, across | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()
