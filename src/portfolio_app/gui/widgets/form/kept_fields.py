"""What was typed under another kind and has no place in this kind's form."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from portfolio_app.domain.evidence import FieldType, FieldValue
from portfolio_app.gui import theme
from portfolio_app.gui.models.clipboard_grid import write_tsv
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import MutedLabel, Section, button, clear_layout

_MOST_ROWS = 20


def fits(value: FieldValue, field_type: FieldType) -> bool:
    """Return whether a value can stand in a field of that type: rows in a table, text in any other."""
    return isinstance(value, str) != (field_type is FieldType.TABLE)


class KeptFields(Section):
    """Values that the form has no field for: to be read, copied and, if nobody wants them, removed."""

    removed = Signal(str)
    """The name of a value that is to go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Kept from before", parent, collapsible=True)
        self.body.addWidget(
            MutedLabel(
                "These were typed when the item was of another kind. This kind has no place for them: "
                "copy what you want to use elsewhere. They are not printed."
            )
        )
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S8)
        self.body.addLayout(self._list)
        self._values: dict[str, FieldValue] = {}
        self._read_only = False
        self.hide()

    def values(self) -> Mapping[str, FieldValue]:
        """Return what is kept, by name."""
        return self._values

    def set_values(self, values: Mapping[str, FieldValue]) -> None:
        """Show these; without any the section is not there."""
        if dict(values) != self._values:
            self._values = dict(values)
            self._fill()
        self.setVisible(bool(values))

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be removed."""
        self._read_only = read_only
        self._fill()

    def _fill(self) -> None:
        clear_layout(self._list)
        for name, value in self._values.items():
            self._list.addWidget(self._one(name, value))

    def _one(self, name: str, value: FieldValue) -> QWidget:
        title = name.replace("_", " ").capitalize()
        frame = QFrame()
        theme.set_role(frame, "well")
        heading = QLabel(title)
        theme.set_role(heading, "field")
        words = QLabel(in_words(value))
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        words.setAccessibleName(f"{title}, kept from before")
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        copy = button("Copy", "quiet", "copy")
        copy.setAccessibleName(f"Copy {title}")
        copy.setProperty("field", name)
        copy.clicked.connect(self._copy)
        remove = button("Remove", "quiet", "trash-2")
        remove.setAccessibleName(f"Remove {title}")
        remove.setProperty("field", name)
        remove.clicked.connect(self._remove)
        remove.setEnabled(not self._read_only)
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(copy)
        top.addWidget(remove)
        column = QVBoxLayout(frame)
        column.setContentsMargins(Space.S12, Space.S8, Space.S8, Space.S12)
        column.setSpacing(Space.S4)
        column.addLayout(top)
        column.addWidget(words)
        return frame

    def _copy(self) -> None:
        name = self._pressed()
        if name in self._values:
            QGuiApplication.clipboard().setText(as_copied(self._values[name]))

    def _remove(self) -> None:
        name = self._pressed()
        if name in self._values:
            self.set_values({other: value for other, value in self._values.items() if other != name})
            self.removed.emit(name)

    def _pressed(self) -> str:
        return str(self.sender().property("field"))


def in_words(value: FieldValue) -> str:
    """Return a value as one reads it; of a long table the first rows."""
    if isinstance(value, str):
        return value
    lines = [
        " · ".join(f"{name.replace('_', ' ')}: {' '.join(cell.split())}" for name, cell in row.items() if cell)
        for row in value[:_MOST_ROWS]
    ]
    if len(value) > _MOST_ROWS:
        lines.append(f"… and {len(value) - _MOST_ROWS} more rows. Copy takes them all.")
    return "\n".join(lines)


def as_copied(value: FieldValue) -> str:
    """Return a value as it goes onto the clipboard: a table with its column names, for a spreadsheet."""
    if isinstance(value, str):
        return value
    names = list(dict.fromkeys(name for row in value for name in row))
    return write_tsv([names, *([row.get(name, "") for name in names] for row in value)])
