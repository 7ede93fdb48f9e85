"""The items of the evidence list as Qt asks for them: rows come ready from the service, none is fetched here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.dates import Period
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.listing import EvidenceSummary

SUMMARY_ROLE: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_FLAGS: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_SHOWN_STATES: Final = (
    CoverageState.NOT_YET_MET,
    CoverageState.MORE_NEEDED,
    CoverageState.CLAIMED,
    CoverageState.PROOF,
    CoverageState.MET,
)


class EvidenceModel(QStringListModel):
    """Evidence items in the order of a list.

    Its rows are counted by Qt, which keeps an empty string for each: a list that is laid out asks for their number as
    often as there are items, and with 10,000 of them the answers of Python would take longer than all the rest.
    """

    def __init__(self, kinds: Mapping[str, EvidenceKind], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self._rows: list[EvidenceSummary] = []
        self._places: dict[str, int] = {}

    def set_rows(self, rows: Sequence[EvidenceSummary]) -> None:
        """Show other items, or the same in another order."""
        self._rows = list(rows)
        self._places = {row.id: place for place, row in enumerate(self._rows)}
        self.setStringList([""] * len(self._rows))

    def update_rows(self, rows: Iterable[EvidenceSummary]) -> None:
        """Show what changed of items that are in the list; others are left out."""
        for row in rows:
            place = self._places.get(row.id)
            if place is not None and self._rows[place] != row:
                self._rows[place] = row
                index = self.index(place)
                self.dataChanged.emit(index, index)

    def row_of(self, evidence_id: str) -> int:
        """Return the place of an item in the list, or -1."""
        return self._places.get(evidence_id, -1)

    def summary(self, row: int) -> EvidenceSummary:
        """Return the item of a row."""
        return self._rows[row]

    def ids(self) -> list[str]:
        """Return the items' ids in order."""
        return [row.id for row in self._rows]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that items can be chosen, and are not edited or dragged in the list."""
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows and what a screen reader says of it."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == SUMMARY_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.ref} {title_of(row)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.ref} {title_of(row)}, {self.kind_title(row)}, {claims_in_words(row)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (title_of(row), date_in_words(row), claims_in_words(row)) if part)
        return None

    def kind_title(self, row: EvidenceSummary) -> str:
        """Return what an item's kind is called; the id where the kind is not known here."""
        kind = self._kinds.get(row.kind)
        return kind.title if kind else row.kind


def title_of(row: EvidenceSummary) -> str:
    """Return an item's title as a list shows it."""
    return row.title or "Untitled"


def date_in_words(row: EvidenceSummary) -> str:
    """Return an item's date as a person writes it, or nothing."""
    return str(Period.parse(row.date)) if row.date else ""


def claims_in_words(row: EvidenceSummary) -> str:
    """Return what has become of an item's claims: “3 claims: 1 met, 2 claimed with proof”."""
    if not row.claims:
        return "not claimed"
    counted = ", ".join(f"{count:,} {state}" for state, count in shown_states(row))
    return f"{row.claims:,} {'claim' if row.claims == 1 else 'claims'}: {counted}"


def shown_states(row: EvidenceSummary) -> list[tuple[CoverageState, int]]:
    """Return the states of an item's claims with their numbers, those that need something first."""
    return [(state, row.tally[state]) for state in _SHOWN_STATES if row.tally[state]]
