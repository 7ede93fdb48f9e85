"""The day by which something is to be done, which may be left open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from portfolio_app.gui.widgets.basics import date_field
from portfolio_app.gui.widgets.focus_passing import FocusPassing

_USUAL_DAYS: Final = 14


class DueField(FocusPassing):
    """A tick that gives it a day, and the day: in a fortnight until another is chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_day = QCheckBox("On a day")
        self._day = date_field()
        self._day.setAccessibleName("Due on")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._has_day)
        row.addWidget(self._day)
        row.addStretch(1)
        self.set_entry(self._has_day)
        self.set_day(None)
        self._has_day.toggled.connect(self._toggle)
        self._day.dateChanged.connect(self._tell)

    def day(self) -> date | None:
        """Return the day, or ``None`` where it is left open."""
        if not self._has_day.isChecked():
            return None
        shown = self._day.date()
        return date(shown.year(), shown.month(), shown.day())

    def set_day(self, day: date | None) -> None:
        """Show a day, or that it is left open, without a signal."""
        usual = date.today() + timedelta(days=_USUAL_DAYS)  # noqa: DTZ011 - the user's own calendar is meant
        shown = day or usual
        for widget in (self._has_day, self._day):
            widget.blockSignals(True)
        self._has_day.setChecked(day is not None)
        self._day.setDate(QDate(shown.year, shown.month, shown.day))
        self._day.setEnabled(day is not None)
        for widget in (self._has_day, self._day):
            widget.blockSignals(False)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed."""
        self._has_day.setEnabled(not read_only)
        self._day.setReadOnly(read_only)

    def _toggle(self, ticked: bool) -> None:
        self._day.setEnabled(ticked)
        if ticked and self._has_day.hasFocus():
            self._day.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _tell(self, _day: QDate) -> None:
        self.changed.emit()
