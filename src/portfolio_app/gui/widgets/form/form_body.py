"""The fields of one kind, built a few at a time so that a long form does not hold the window up."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from portfolio_app.domain.evidence import EvidenceKind, FieldDefinition, FieldType
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.form.choice_fields import ChoiceEditor, YesNoEditor
from portfolio_app.gui.widgets.form.date_fields import DateEditor
from portfolio_app.gui.widgets.form.form_field import FormField
from portfolio_app.gui.widgets.form.person_field import KnownWords, PersonEditor
from portfolio_app.gui.widgets.form.table_field import TableEditor
from portfolio_app.gui.widgets.form.text_fields import LineEditor, LongTextEditor, NumberEditor
from portfolio_app.gui.widgets.form.value_editor import ValueEditor

_AT_A_TIME = 8  # milliseconds
_EDITORS: Mapping[FieldType, Callable[[FieldDefinition], ValueEditor]] = {
    FieldType.TEXT: LineEditor,
    FieldType.LONG_TEXT: LongTextEditor,
    FieldType.DATE: DateEditor,
    FieldType.NUMBER: NumberEditor,
    FieldType.CHOICE: ChoiceEditor,
    FieldType.YES_NO: YesNoEditor,
}


class FormBody(QWidget):
    """The fields of a kind, one below the other, by name in ``fields``."""

    built = Signal(str)
    """The name of a field that is there now."""
    finished = Signal()
    """All fields are there."""
    committed = Signal(str, object)
    """A field's name and its value."""
    edited = Signal()
    text_edit_opened = Signal(QTextEdit)

    def __init__(self, kind: EvidenceKind, people: KnownWords, parent: QWidget) -> None:
        super().__init__(parent)
        self.kind = kind
        self.fields: dict[str, FormField] = {}
        self._people = people
        self._left = list(kind.fields)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S16)
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(0)
        self._next.timeout.connect(self._build_some)

    def is_finished(self) -> bool:
        """Whether all fields are there."""
        return not self._left

    def build(self) -> None:
        """Build the fields that are not there yet, as many at a time as a moment allows."""
        if self._left:
            self._next.start()

    def finish(self) -> None:
        """Build whatever is not there yet."""
        while self._left:
            self._build_one()

    def stop(self) -> None:
        """Build no more for now."""
        self._next.stop()

    def _build_some(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        while self._left and clock.elapsed() < _AT_A_TIME:
            self._build_one()
        self.build()

    def _build_one(self) -> None:
        definition = self._left.pop(0)
        editor = self._editor(definition)
        editor.setObjectName(definition.name)
        editor.committed.connect(self._committed)
        editor.edited.connect(self.edited)
        field = FormField(
            editor, definition.label, definition.help, self, required=definition.required, prompts=definition.prompts
        )
        self.fields[definition.name] = field
        self.built.emit(definition.name)
        self._column.addWidget(field)
        if not self._left:
            self.finished.emit()

    def _editor(self, definition: FieldDefinition) -> ValueEditor:
        if definition.type is FieldType.TABLE:
            table = TableEditor(definition, self._people)
            table.text_edit_opened.connect(self.text_edit_opened)
            return table
        if definition.type is FieldType.PERSON:
            return PersonEditor(definition, self._people)
        return _EDITORS[definition.type](definition)

    def _committed(self, value: object) -> None:
        self.committed.emit(self.sender().objectName(), value)
