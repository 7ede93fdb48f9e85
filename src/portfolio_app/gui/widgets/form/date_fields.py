"""Dates as people know them: a day, a month, a year, or from one to another."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from portfolio_app.domain.dates import PartialDate, Period, day_in_words
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import FieldDefinition
from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import FlowLayout, MutedLabel, icon_button
from portfolio_app.gui.widgets.focus_passing import FocusPassing
from portfolio_app.gui.widgets.form.text_change import change_line
from portfolio_app.gui.widgets.form.text_fields import LineEditor
from portfolio_app.gui.widgets.form.value_editor import ValueEditor

_LINE_LEAST, _LINE_WIDTH = 150, 176
_TO = " to "
_FIRST_DAY, _LAST_DAY = QDate(1900, 1, 1), QDate(2199, 12, 31)


def read_date(text: str) -> PartialDate | None:
    """Return the date that a text means, or ``None``."""
    try:
        return PartialDate.parse(text)
    except InvalidInput:
        return None


class CalendarPopup(QFrame):
    """A month to pick a day from."""

    picked = Signal(date)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        theme.set_role(self, "card")
        self.month = QCalendarWidget()
        self.month.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
        self.month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.month.setDateRange(_FIRST_DAY, _LAST_DAY)
        self.month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.month.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self.month.setDateEditEnabled(False)  # one types in the line, not over the days
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.month.setWeekdayTextFormat(day, QTextCharFormat())  # Qt's own is a red, which means trouble here
        self.month.activated.connect(self._pick)
        self.month.clicked.connect(self._pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.S4, Space.S4, Space.S4, Space.S4)
        column.addWidget(self.month)

    def show_below(self, widget: QWidget, day: date | None) -> None:
        """Open below a widget, within its screen, at a day or today."""
        self.month.setSelectedDate(QDate(day.year, day.month, day.day) if day else QDate.currentDate())
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(0, widget.height() + 2))
        room = widget.screen().availableGeometry()
        corner.setX(max(room.left(), min(corner.x(), room.right() - self.width())))
        if corner.y() + self.height() > room.bottom():
            corner.setY(widget.mapToGlobal(QPoint(0, 0)).y() - self.height() - 2)
        self.move(corner)
        self.show()
        self.month.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Close on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    def _pick(self, day: QDate) -> None:
        self.close()
        self.picked.emit(date(day.year(), day.month(), day.day()))


class DateLine(FocusPassing):
    """A line for a date, a button that opens a calendar, and how the date was understood where that is not plain."""

    edited = Signal()
    day_picked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText("e.g. 9 March 2026")
        self.line.textEdited.connect(self.edited)
        self.line.textChanged.connect(self._understand)
        self.button: QToolButton = icon_button("calendar", f"{name}: choose a day")
        self.button.clicked.connect(self.open_calendar)
        self.meaning = MutedLabel()
        self.meaning.setWordWrap(False)
        self.meaning.hide()
        self.set_entry(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S4)
        row.addWidget(self.line, 4)
        row.addWidget(self.button)
        row.addWidget(self.meaning)
        row.addStretch(1)
        self._calendar: CalendarPopup | None = None
        theme.notifier().changed.connect(self._size)
        self._size()

    def text(self) -> str:
        """Return what was typed."""
        return self.line.text().strip()

    def set_text(self, text: str) -> None:
        """Show another text."""
        change_line(self.line, text)

    def set_read_only(self, read_only: bool) -> None:
        """Let the date be read but not changed."""
        self.line.setReadOnly(read_only)
        self.button.setVisible(not read_only)

    def open_calendar(self) -> None:
        """Let a day be picked."""
        if self._calendar is None:
            self._calendar = CalendarPopup(self)
            self._calendar.picked.connect(self._picked)
        known = read_date(self.text())
        self._calendar.show_below(self.line, known.first_day if known else None)

    def _picked(self, day: date) -> None:
        self.line.setText(day_in_words(day))
        self.line.setFocus()
        self.edited.emit()
        self.day_picked.emit()

    def _size(self) -> None:
        self.line.setMinimumWidth(theme.current().scaled(_LINE_LEAST))
        self.line.setMaximumWidth(theme.current().scaled(_LINE_WIDTH))

    def _understand(self, text: str) -> None:
        known = read_date(text)
        meaning = str(known) if known and str(known).casefold() != " ".join(text.split()).casefold() else ""
        self.meaning.setText(f"= {meaning}" if meaning else "")
        self.meaning.setVisible(bool(meaning))
        self.line.setAccessibleDescription(meaning)


class DateEditor(LineEditor):
    """A date field: a day, a month or a year, in the ways in which people in Britain write them."""

    def __init__(self, definition: FieldDefinition, parent: QWidget | None = None) -> None:
        self.date = DateLine(definition.label)
        super().__init__(definition, parent, line=self.date.line, body=self.date)
        self.date.day_picked.connect(self._picked)

    def set_read_only(self, read_only: bool) -> None:
        """Let the date be read but not changed."""
        self.date.set_read_only(read_only)

    def _picked(self) -> None:
        self._touched_for_good()


class PeriodField(ValueEditor):
    """When something was done: one date, or from one to another.

    The value is text, as an item's date is given: ISO 8601 where it can be read, else the words that were typed.
    """

    def __init__(self, name: str = "Date", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored = ""
        self.start = DateLine(name)
        self.end = DateLine(f"{name}, until")
        self.end.line.setPlaceholderText("if it went on")
        between = QLabel("to")
        theme.set_role(between, "muted")
        last = QWidget()
        row = QHBoxLayout(last)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S8)
        row.addWidget(between)
        row.addWidget(self.end)
        flow = FlowLayout(self)
        flow.addWidget(self.start)
        flow.addWidget(last)
        for part in (self.start, self.end):
            part.edited.connect(self._typed)
            part.day_picked.connect(self.flush)
            part.line.returnPressed.connect(self.flush)
            self._watch(part.line)
        self.set_entry(self.start)

    def period(self) -> Period | None:
        """Return the period that is shown, or ``None`` where there is none that can be read."""
        try:
            return self._read()
        except InvalidInput:
            return None

    def value(self) -> str:
        """Return the period as it is stored, or what was typed."""
        period = self.period()
        if period is not None:
            return period.isoformat()
        first, last = self.start.text(), self.end.text()
        return f"{first}{_TO}{last}".strip() if last else first

    def problem(self) -> str:
        """Return why the dates cannot be read."""
        try:
            self._read()
        except InvalidInput as error:
            return str(error)
        return ""

    def set_read_only(self, read_only: bool) -> None:
        """Let the dates be read but not changed."""
        self.start.set_read_only(read_only)
        self.end.set_read_only(read_only)

    def flush(self) -> None:
        """Give the period on; “March 2026 to May 2026” in the first line is parted into both."""
        period = self.period()
        if period and period.end and not self.end.text():
            self._load(period.isoformat(), anew=False)
        super().flush()

    def _read(self) -> Period | None:
        first, last = self.start.text(), self.end.text()
        if not last:
            return Period.parse(first) if first else None
        if not first:
            raise InvalidInput("Give the date it began as well, or put the only date first.")
        start, end = PartialDate.parse(first), PartialDate.parse(last)
        try:
            return Period(start, end)
        except ValueError:
            raise InvalidInput(f"{end} is before {start}.") from None

    def _load(self, value: Any, *, anew: bool) -> None:
        del anew
        text = value or ""
        try:
            period = Period.parse(text)
        except InvalidInput:
            first, _, last = f" {text} ".partition(_TO)
        else:
            first, last = str(period.start), str(period.end or "")
        self.start.set_text(first.strip())
        self.end.set_text(last.strip())

    def _typed(self) -> None:
        self._touched()

    def _show_problem(self, sentence: str) -> None:
        for part in (self.start, self.end):
            theme.set_state(part.line, "invalid", bool(sentence))
        super()._show_problem(sentence)
