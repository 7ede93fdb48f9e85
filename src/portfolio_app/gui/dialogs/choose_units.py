"""Which of the units of a document are wanted, before each of them is looked through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.models.records import Column, TickedRecordModel
from portfolio_app.gui.widgets.record_table import TickedTable
from portfolio_app.gui.widgets.upright_area import ScrolledColumn
from portfolio_app.services.units_found import UnitFound

_WIDTH: Final = 860
_HEIGHT: Final = 620
_FIRST_WIDTH: Final = 270
_DETAILS: Final = 5
_DETAIL_LINES: Final = 4


class ChooseUnitsDialog(DialogFrame):
    """The units of a document with a tick each, and what is worth a look in the one in hand.

    Args:
        name: What the document is called.
        found: Its units.
        parent: The widget that it is shown over.
    """

    chosen = Signal(list)
    """The :class:`UnitFound` s that are wanted."""

    def __init__(self, name: str, found: Sequence[UnitFound], parent: QWidget | None = None) -> None:
        super().__init__(
            f"{len(found):,} units were found",
            parent,
            says=f"“{name}” holds several units. Tick those that you need; each is looked through before it is stored.",
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._found = tuple(found)
        columns = _columns(found)
        self._model = TickedRecordModel(columns, lambda unit: unit.number, lambda _unit: True, self)
        self.table: TickedTable[UnitFound] = TickedTable(
            self._model, "Units", wide=len(columns) - 1, widths=[_FIRST_WIDTH]
        )
        self._detail = QLabel()
        self._detail.setTextFormat(Qt.TextFormat.PlainText)
        self._detail.setWordWrap(True)
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._detail.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._detail.setMinimumHeight(self._detail.fontMetrics().lineSpacing() * _DETAIL_LINES)
        self.table.show_rows(len(found))
        area = ScrolledColumn()
        area.column.addWidget(self.table, 1)
        area.column.addWidget(self._detail)
        self.body.addWidget(area, 1)
        self._all = self.add_left_button("Tick none")
        self._all.clicked.connect(self._tick_all_or_none)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._review = self.add_button("Review", "primary", default=True)
        self._review.clicked.connect(self._choose)
        self._model.set_records(self._found)
        self._model.set_ticked(unit.number for unit in self._found if not unit.problem)
        self._model.ticked_changed.connect(self._follow)
        self.table.chosen.connect(self._show_detail)
        self.table.choose([self._found[0].number])
        self._follow()
        self._show_detail()
        self.set_size(_WIDTH, _HEIGHT)
        self.table.setFocus()

    def ticked(self) -> list[UnitFound]:
        """Return the units that are ticked, in their order."""
        wanted = self._model.ticked()
        return [unit for unit in self._found if unit.number in wanted]

    def _follow(self) -> None:
        count = len(self._model.ticked())
        self._review.setText(f"Review {count:,} {'unit' if count == 1 else 'units'}" if count else "Review")
        self._review.setEnabled(bool(count))
        self._all.setText("Tick none" if count else "Tick all")

    def _tick_all_or_none(self) -> None:
        self._model.set_ticked(() if self._model.ticked() else [unit.number for unit in self._found])

    def _show_detail(self) -> None:
        unit = next(iter(self.table.chosen_records()), None)
        said = [unit.problem, *(_said(unit, place) for place in range(len(unit.doubts)))] if unit else []
        said = [sentence for sentence in said if sentence]
        more = len(said) - _DETAILS
        shown = [*said[:_DETAILS], *([f"… and {more:,} more"] if more > 0 else [])]
        self._detail.setText("\n".join(shown) or "Nothing in it is in doubt.")
        theme.set_state(self._detail, "tone", "claimed" if unit and (unit.problem or _doubtful(unit)) else "")

    def _choose(self) -> None:
        wanted = self.ticked()
        self.accept()
        self.chosen.emit(wanted)


def _columns(found: Sequence[UnitFound]) -> list[Column[UnitFound]]:
    columns: list[Column[UnitFound]] = [
        Column("Unit", lambda unit: unit.found.unit.title or "Without a title"),
        Column("Reference", lambda unit: unit.found.unit.reference),
        Column("Requirements", lambda unit: f"{unit.requirements:,}", right=True),
        Column("In doubt", lambda unit: str(_doubtful(unit) or ""), right=True),
        Column("Standing", _standing, tone=lambda unit: "claimed" if unit.problem else ""),
    ]
    if any(unit.page for unit in found):
        columns.insert(2, Column("Page", lambda unit: str(unit.page or ""), right=True))
    return columns


def _doubtful(unit: UnitFound) -> int:
    return sum(not warning.certain for warning in unit.doubts)


def _standing(unit: UnitFound) -> str:
    if unit.code:
        return f"There as {unit.code}"
    if not unit.requirements:
        return "Nothing in it"
    return "Look first" if unit.problem else "New"


def _said(unit: UnitFound, place: int) -> str:
    warning = unit.doubts[place]
    if warning.page:
        return f"Page {warning.page}: {warning.sentence}"
    return f"Line {warning.line}: {warning.sentence}" if warning.line else warning.sentence
