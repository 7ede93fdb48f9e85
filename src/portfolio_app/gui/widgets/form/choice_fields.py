"""One of several choices; yes, no or not said."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from portfolio_app.domain.evidence import FieldDefinition
from portfolio_app.gui.widgets.basics import SegmentedControl
from portfolio_app.gui.widgets.form.value_editor import ValueEditor

_NONE = "–"
_UNSAID = "unsaid"


class ChoiceEditor(ValueEditor):
    """A list to choose from, empty at first. A stored word that is none of the choices is shown beside them."""

    def __init__(self, definition: FieldDefinition, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.definition = definition
        self.box = QComboBox()
        self.box.setAccessibleName(definition.label)
        self.box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.activated.connect(self._chosen)
        self.set_entry(self.box)
        self._watch(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        row.addStretch(1)
        self._offer("")

    def value(self) -> str:
        """Return the choice, or nothing."""
        return str(self.box.currentData() or "")

    def _load(self, value: Any, *, anew: bool) -> None:
        del anew
        self._offer(value)
        self.box.setCurrentIndex(max(0, self.box.findData(value)))

    def _offer(self, stored: str) -> None:
        self.box.clear()
        self.box.addItem(_NONE, "")
        for choice in self.definition.choices:
            self.box.addItem(choice, choice)
        if stored and stored not in self.definition.choices:
            self.box.addItem(f"{stored} (not one of the choices)", stored)

    def _chosen(self) -> None:
        self._touched_for_good()


class YesNoEditor(ValueEditor):
    """Yes, no, or not said."""

    def __init__(self, definition: FieldDefinition, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answers = SegmentedControl(
            [("yes", "Yes"), ("no", "No"), (_UNSAID, "Not said")], accessible_name=definition.label
        )
        self.answers.set_current(_UNSAID)
        self.answers.changed.connect(self._chosen)
        for segment in self.answers.findChildren(QPushButton):
            segment.setAccessibleName(f"{definition.label}: {segment.text()}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.answers)
        row.addStretch(1)

    def value(self) -> str:
        """Return "yes", "no" or nothing."""
        return "" if self.answers.current == _UNSAID else self.answers.current

    def focus(self) -> None:
        """Put the keyboard onto the answer in force."""
        for segment in self.answers.findChildren(QPushButton):
            if segment.isChecked():
                segment.setFocus()

    def _load(self, value: Any, *, anew: bool) -> None:
        del anew
        self.answers.set_current(value if value in {"yes", "no"} else _UNSAID)

    def _chosen(self) -> None:
        self._touched_for_good()
