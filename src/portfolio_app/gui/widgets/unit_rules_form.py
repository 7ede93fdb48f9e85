"""What a unit's specification demands beyond its requirements, saved as it is chosen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.qualification import AssessmentMethod, UnitRules
from portfolio_app.gui import theme
from portfolio_app.gui.widgets.basics import FlowLayout, MutedLabel
from portfolio_app.gui.widgets.typing_pause import TypingPause

_MOST: Final = 99
_USUAL_YEARS: Final = 2
_GAP: Final = 16


class UnitRulesForm(QWidget):
    """Required methods, pieces for each requirement, simulation, currency.

    Values that come in while something is being chosen are taken when that is saved.
    """

    committed = Signal(str, object)
    """A unit's id and its :class:`UnitRules`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit_id = ""
        self._stored = UnitRules()
        self._pieces = _number("Pieces of evidence for each requirement")
        self._ages = QCheckBox("Evidence goes out of date after")
        self._ages.setToolTip("Older evidence is then worth a look in the gaps; it is never refused.")
        self._years = _number("Years that evidence stays current")
        self._simulation = QCheckBox("Simulated evidence is allowed")
        self._methods = {method: QCheckBox(method.value.capitalize()) for method in AssessmentMethod}
        self._pause = TypingPause(self.flush, self)
        self._build()
        theme.notifier().changed.connect(self._align)
        self._align()

    def show_rules(self, unit_id: str, rules: UnitRules) -> None:
        """Show the rules of a unit; what was chosen for another one is saved first."""
        if unit_id != self._unit_id:
            self.flush()
        elif self._pause.isActive():
            self._stored = rules
            return
        self._unit_id, self._stored = unit_id, rules
        fields = (self._pieces, self._ages, self._years, self._simulation, *self._methods.values())
        blockers = [QSignalBlocker(each) for each in fields]
        self._pieces.setValue(rules.pieces_per_requirement)
        self._ages.setChecked(rules.currency_years is not None)
        self._years.setValue(rules.currency_years or _USUAL_YEARS)
        self._simulation.setChecked(rules.simulation_allowed)
        for method, box in self._methods.items():
            box.setChecked(method in rules.required_methods)
        for blocker in blockers:
            blocker.unblock()
        self._follow()

    def set_read_only(self, read_only: bool) -> None:
        """Show everything and let nothing be changed."""
        for box in (self._ages, self._simulation, *self._methods.values()):
            box.setEnabled(not read_only)
        for number in (self._pieces, self._years):
            number.setReadOnly(read_only)
            buttons = QAbstractSpinBox.ButtonSymbols
            number.setButtonSymbols(buttons.NoButtons if read_only else buttons.PlusMinus)

    def flush(self) -> None:
        """Tell what was chosen and is not told yet."""
        self._pause.stop()
        chosen = self._chosen()
        if self._unit_id and chosen != self._stored:
            self._stored = chosen
            self.committed.emit(self._unit_id, chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep a turn of the wheel over a number for the page, unless the number is in hand."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QSpinBox) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        pieces = QLabel("&Pieces of evidence for each requirement")
        pieces.setBuddy(self._pieces)
        column.addWidget(_line(pieces, self._pieces))
        years = MutedLabel("years")
        years.setWordWrap(False)
        column.addWidget(_line(self._ages, self._years, years))
        column.addWidget(self._simulation, 0, Qt.AlignmentFlag.AlignLeft)
        asked = MutedLabel("Methods that the unit demands at least once")
        column.addSpacing(4)
        column.addWidget(asked)
        columns = QWidget()
        flow = FlowLayout(columns, gap=2)
        for box in self._methods.values():
            flow.addWidget(box)
        column.addWidget(columns)
        for number_field in (self._pieces, self._years):
            number_field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            number_field.installEventFilter(self)
            number_field.valueChanged.connect(self._note)
        for box in (self._ages, self._simulation, *self._methods.values()):
            box.toggled.connect(self._note)

    def _align(self) -> None:
        """Let the methods stand in columns: each box as wide as the widest."""
        boxes = self._methods.values()
        widest = max(box.sizeHint().width() for box in boxes)
        for box in boxes:
            box.setMinimumWidth(widest + theme.current().scaled(_GAP))

    def _note(self, *_value: object) -> None:
        self._follow()
        self._pause.touch()

    def _follow(self) -> None:
        self._years.setEnabled(self._ages.isChecked())

    def _chosen(self) -> UnitRules:
        return UnitRules(
            required_methods=tuple(method for method, box in self._methods.items() if box.isChecked()),
            simulation_allowed=self._simulation.isChecked(),
            pieces_per_requirement=self._pieces.value(),
            currency_years=self._years.value() if self._ages.isChecked() else None,
        )


def _number(name: str) -> QSpinBox:
    field = QSpinBox()
    field.setRange(1, _MOST)
    field.setAccessibleName(name)
    return field


def _line(*widgets: QWidget) -> QWidget:
    """Put widgets beside each other, or below each other where there is little room."""
    line = QWidget()
    flow = FlowLayout(line)
    for widget in widgets:
        flow.addWidget(widget)
    return line
