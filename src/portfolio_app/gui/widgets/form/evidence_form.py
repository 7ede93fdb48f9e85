"""The form of an evidence item, built from what its kind declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from portfolio_app.domain.evidence import DATE_IN_WORDS, EvidenceKind, FieldDefinition, FieldType, FieldValue
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import clear_layout
from portfolio_app.gui.widgets.form.choice_fields import ChoiceEditor, YesNoEditor
from portfolio_app.gui.widgets.form.date_fields import DateEditor
from portfolio_app.gui.widgets.form.form_field import FormField
from portfolio_app.gui.widgets.form.kept_fields import KeptFields, fits
from portfolio_app.gui.widgets.form.person_field import KnownWords, PersonEditor
from portfolio_app.gui.widgets.form.scrolling import bring_into_view
from portfolio_app.gui.widgets.form.table_field import TableEditor
from portfolio_app.gui.widgets.form.text_fields import LineEditor, LongTextEditor, NumberEditor
from portfolio_app.gui.widgets.form.value_editor import ValueEditor

_EDITORS: Mapping[FieldType, Callable[[FieldDefinition], ValueEditor]] = {
    FieldType.TEXT: LineEditor,
    FieldType.LONG_TEXT: LongTextEditor,
    FieldType.DATE: DateEditor,
    FieldType.NUMBER: NumberEditor,
    FieldType.CHOICE: ChoiceEditor,
    FieldType.YES_NO: YesNoEditor,
}


class EvidenceForm(QWidget):
    """The fields of an item's kind, in one column.

    ``committed`` comes after a pause in typing or when a field is left, with the field's name and its value as it
    was typed; where that does not fit the field, a sentence below the field says so. Values that the kind has no
    field for are shown below the form, so that an item can change its kind and lose nothing.
    """

    committed = Signal(str, object)
    """A field's name and the value to store; an empty value clears it."""
    edited = Signal()
    """The user has changed something."""
    text_edit_opened = Signal(QTextEdit)
    """A text in a cell of a table is being edited; see :meth:`text_edits` for the others."""
    rebuilt = Signal()
    """The fields are new: another kind's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: EvidenceKind | None = None
        self._item = ""
        self._values: dict[str, FieldValue] = {}
        self._people = KnownWords(self)
        self._read_only = False
        self._fields: dict[str, FormField] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S16)
        self.kept = KeptFields()
        self.kept.removed.connect(self._removed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S16)
        column.addLayout(self._list)
        column.addWidget(self.kept)

    @property
    def kind(self) -> EvidenceKind | None:
        """The kind whose form this is."""
        return self._kind

    @property
    def item(self) -> str:
        """What :meth:`set_values` said the values are of; ``committed`` is of this item."""
        return self._item

    def set_kind(self, kind: EvidenceKind | None) -> None:
        """Build the form of a kind; ``None``, a kind that is not known here, has no fields and shows all as kept.

        What was typed into the form before is given on first, and shown again where the kinds share a field.
        """
        if kind == self._kind:
            return
        self.flush()
        self._kind = kind
        clear_layout(self._list)
        self._fields = {}
        for definition in kind.fields if kind else ():
            field = self._field(definition)
            self._fields[definition.name] = field
            self._list.addWidget(field)
        self._show(anew=True)
        self.rebuilt.emit()

    def set_values(self, values: Mapping[str, FieldValue], of: str = "") -> None:
        """Show an item's values without signalling.

        Args:
            values: The stored fields by name.
            of: The id of the item. Where it differs from before, what was typed for the other item is given on
                first (while :attr:`item` still is that one), and nothing on the screen is held on to.
        """
        anew = of != self._item
        if anew:
            self.flush()
        self._item = of
        self._values = {name: value for name, value in values.items() if value}
        self._show(anew=anew)

    def values(self) -> dict[str, FieldValue]:
        """Return all values as they can be stored, those without a field too; empty ones are left out."""
        found = {name: field.editor.value() for name, field in self._fields.items()}
        return {name: value for name, value in {**self.kept.values(), **found}.items() if value}

    def set_people(self, names: Sequence[str]) -> None:
        """Offer these names where a person is asked for."""
        self._people.set_words(names)

    def set_read_only(self, read_only: bool) -> None:
        """Let the form be read and copied from, but not changed."""
        self._read_only = read_only
        for field in self._fields.values():
            field.editor.set_read_only(read_only)
        self.kept.set_read_only(read_only)

    def flush(self) -> None:
        """Give on everything that was typed, now: before another item is shown, before closing."""
        for field in self._fields.values():
            field.editor.flush()

    def refuse(self, name: str, sentence: str) -> None:
        """Say below a field that its value was not stored, and why."""
        if name in self._fields:
            self._fields[name].editor.refuse(sentence)

    def editor(self, name: str) -> ValueEditor | None:
        """Return the editor of a field."""
        field = self._fields.get(name)
        return field.editor if field else None

    def field(self, name: str) -> FormField | None:
        """Return a field with its label and messages."""
        return self._fields.get(name)

    def focus_field(self, name: str) -> bool:
        """Put the keyboard into a field and scroll to it; return whether the form has it."""
        field = self._fields.get(name)
        target: QWidget | None = field or (self.kept if name in self.kept.values() else None)
        if target is None:
            return False
        if field is not None:
            field.editor.focus()
        # A form that has just been built is laid out only afterwards.
        bring_into_view(target)
        QTimer.singleShot(0, target, lambda: bring_into_view(target))
        return True

    def text_edits(self) -> list[QTextEdit]:
        """Return the fields for longer texts, for a spelling checker; ``rebuilt`` says when there are others."""
        return [field.editor.text for field in self._fields.values() if isinstance(field.editor, LongTextEditor)]

    def _field(self, definition: FieldDefinition) -> FormField:
        editor = self._editor(definition)
        editor.setObjectName(definition.name)
        editor.committed.connect(self._committed)
        editor.edited.connect(self.edited)
        editor.set_read_only(self._read_only)
        return FormField(
            editor, definition.label, definition.help, required=definition.required, prompts=definition.prompts
        )

    def _editor(self, definition: FieldDefinition) -> ValueEditor:
        if definition.type is FieldType.TABLE:
            table = TableEditor(definition, self._people)
            table.text_edit_opened.connect(self.text_edit_opened)
            return table
        if definition.type is FieldType.PERSON:
            return PersonEditor(definition, self._people)
        return _EDITORS[definition.type](definition)

    def _show(self, *, anew: bool) -> None:
        kept = {name: value for name, value in self._values.items() if name != DATE_IN_WORDS}
        for name, field in self._fields.items():
            is_table = isinstance(field.editor, TableEditor)
            value = self._values.get(name, () if is_table else "")
            if fits(value, FieldType.TABLE if is_table else FieldType.TEXT):
                kept.pop(name, None)
            else:
                value = () if is_table else ""
            field.editor.set_value(value, anew=anew)
            field.refresh_needed()
        self.kept.set_values(kept)

    def _committed(self, value: FieldValue) -> None:
        name = self.sender().objectName()
        if name in self._fields:
            self._put(name, value)

    def _put(self, name: str, value: FieldValue) -> None:
        if value:
            self._values[name] = value
        else:
            self._values.pop(name, None)
        self.committed.emit(name, value)

    def _removed(self, name: str) -> None:
        was = self._values.get(name, "")
        self._put(name, "" if isinstance(was, str) else ())
