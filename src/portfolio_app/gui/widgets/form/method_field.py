"""How an item was gathered, and what is to be known of it when it is shown to others."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.qualification import AssessmentMethod
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import MutedLabel
from portfolio_app.gui.widgets.form.value_editor import ValueEditor

SIMULATED = (
    "Simulated",
    "It was done in an exercise, not at work. Many units do not take simulated evidence.",
)
CONFIDENTIAL = (
    "Confidential",
    "It holds personal or business details. An export can leave it out, or take names out of it.",
)


class MethodField(ValueEditor):
    """The method of assessment: that of the kind, or another for this item. The value is a method or ``None``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._usual: AssessmentMethod | None = None
        self.box = QComboBox()
        self.box.setAccessibleName("Method of assessment")
        self.box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.addItem("As usual for its kind", "")
        for method in AssessmentMethod:
            self.box.addItem(method.value.capitalize(), method.value)
        self.box.activated.connect(self._chosen)
        self.set_entry(self.box)
        self._watch(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        row.addStretch(1)

    def set_kind(self, kind: EvidenceKind | None) -> None:
        """Say which method is the usual one."""
        self._usual = kind.method if kind else None
        usual = f" ({self._usual.value})" if self._usual else ""
        self.box.setItemText(0, f"As usual for its kind{usual}")

    def value(self) -> AssessmentMethod | None:
        """Return the item's own method, or ``None`` for the usual one."""
        name = self.box.currentData()
        return AssessmentMethod(name) if name else None

    def _load(self, value: Any, *, anew: bool) -> None:
        del anew
        self.box.setCurrentIndex(self.box.findData(value.value if value else ""))

    def _chosen(self) -> None:
        self._touched_for_good()


class FlagField(ValueEditor):
    """A box to tick, with what the tick means. The value is true or false."""

    def __init__(self, label: str, meaning: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored = False
        self.box = QCheckBox(label)
        self.box.setAccessibleDescription(meaning)
        self.box.clicked.connect(self._chosen)
        self.set_entry(self.box)
        words = MutedLabel(meaning)
        words.setContentsMargins(Space.S24 + 2, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.box)
        column.addWidget(words)

    def value(self) -> bool:
        """Return whether it is ticked."""
        return self.box.isChecked()

    def _load(self, value: Any, *, anew: bool) -> None:
        del anew
        self.box.setChecked(bool(value))

    def _chosen(self) -> None:
        self._touched_for_good()
