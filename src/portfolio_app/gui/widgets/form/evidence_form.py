"""The form of an evidence item, built from what its kind declares."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from portfolio_app.domain.evidence import DATE_IN_WORDS, EvidenceKind, FieldDefinition, FieldType, FieldValue
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.form.form_body import FormBody
from portfolio_app.gui.widgets.form.form_field import FormField
from portfolio_app.gui.widgets.form.kept_fields import KeptFields, fits
from portfolio_app.gui.widgets.form.person_field import KnownWords
from portfolio_app.gui.widgets.form.scrolling import bring_into_view, settled_heights
from portfolio_app.gui.widgets.form.text_fields import LongTextEditor
from portfolio_app.gui.widgets.form.value_editor import ValueEditor

_ROUNDS = 2  # of the event loop without a change: a table finds its height only when it has its width
_MOST_KEPT = 4
"""Forms that are kept for the next item of their kind."""


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
    """The fields are other ones, those of another kind, and all of them are there."""
    settling = Signal(bool)
    """Whether the fields are still finding their height; whoever shows the form had better not be painted then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: EvidenceKind | None = None
        self._item = ""
        self._values: dict[str, FieldValue] = {}
        self._people = KnownWords(self)
        self._read_only = False
        self._body: FormBody | None = None
        self._bodies: OrderedDict[EvidenceKind, FormBody] = OrderedDict()
        self._unsettled = 0
        self._heights: list[int] = []
        self._settling = QTimer(self)
        self._settling.setInterval(0)
        self._settling.timeout.connect(self._settle)
        self._list = QVBoxLayout()
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
        if self._body is not None:
            self._body.stop()
            self._body.hide()
        self._body = self._body_of(kind) if kind else None
        self._hold_still()
        self._show(anew=True)
        is_there = self._body is None or self._body.is_finished()
        if self._body is not None:
            self._body.show()
            self._body.build()
        if is_there:
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
            self._hold_still()
        self._item = of
        self._values = {name: value for name, value in values.items() if value}
        self._show(anew=anew)

    def show_item(self, kind: EvidenceKind | None, values: Mapping[str, FieldValue], of: str) -> None:
        """Show another item, perhaps of another kind, as :meth:`set_kind` and :meth:`set_values` do in one go."""
        if kind != self._kind:
            self.flush()
            self._item = of
            self._values = {name: value for name, value in values.items() if value}
            self.set_kind(kind)
        else:
            self.set_values(values, of=of)

    def values(self) -> dict[str, FieldValue]:
        """Return all values as they can be stored, those without a field too; empty ones are left out."""
        found = {name: field.editor.value() for name, field in self._all_fields().items()}
        return {name: value for name, value in {**self.kept.values(), **found}.items() if value}

    def set_people(self, names: Sequence[str]) -> None:
        """Offer these names where a person is asked for."""
        self._people.set_words(names)

    def set_read_only(self, read_only: bool) -> None:
        """Let the form be read and copied from, but not changed."""
        self._read_only = read_only
        for field in self._fields().values():
            field.editor.set_read_only(read_only)
        self.kept.set_read_only(read_only)

    def flush(self) -> None:
        """Give on everything that was typed, now: before another item is shown, before closing."""
        for field in self._fields().values():
            field.editor.flush()

    def refuse(self, name: str, sentence: str) -> None:
        """Say below a field that its value was not stored, and why."""
        if field := self.field(name):
            field.editor.refuse(sentence)

    def editors(self) -> dict[str, ValueEditor]:
        """Return the editors that are there so far, by the names of their fields."""
        return {name: field.editor for name, field in self._fields().items()}

    def editor(self, name: str) -> ValueEditor | None:
        """Return the editor of a field."""
        field = self.field(name)
        return field.editor if field else None

    def field(self, name: str) -> FormField | None:
        """Return a field with its label and messages."""
        return self._all_fields().get(name)

    def focus_field(self, name: str) -> bool:
        """Put the keyboard into a field and scroll to it; return whether the form has it."""
        field = self.field(name)
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
        editors = (field.editor for field in self._all_fields().values())
        return [editor.text for editor in editors if isinstance(editor, LongTextEditor)]

    def _body_of(self, kind: EvidenceKind) -> FormBody:
        """Return the fields of a kind, from lately if they are still there: items of several kinds take turns."""
        body = self._bodies.get(kind)
        if body is None:
            body = FormBody(kind, self._people, self)
            body.built.connect(self._built)
            body.finished.connect(self.rebuilt)
            body.committed.connect(self._put)
            body.edited.connect(self.edited)
            body.text_edit_opened.connect(self.text_edit_opened)
            self._list.addWidget(body)
            self._bodies[kind] = body
        self._bodies.move_to_end(kind)
        while len(self._bodies) > _MOST_KEPT:
            _, oldest = self._bodies.popitem(last=False)
            oldest.deleteLater()
        for field in body.fields.values():
            field.editor.set_read_only(self._read_only)
        return body

    def _hold_still(self) -> None:
        """Say so until the fields have found their height; otherwise they would be seen jumping apart."""
        self._unsettled = _ROUNDS
        if self.isVisible():
            self._begin_to_settle()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's
        """Begin to settle where other fields were asked for while the form was hidden."""
        super().showEvent(event)
        if self._unsettled > 0:
            self._begin_to_settle()

    def _begin_to_settle(self) -> None:
        self.settling.emit(True)
        self._settling.start()

    def _settle(self) -> None:
        if self._body is not None and not self._body.is_finished():
            return
        heights = settled_heights(self)
        self._unsettled = self._unsettled - 1 if heights == self._heights else _ROUNDS
        self._heights = heights
        if self._unsettled <= 0:
            self._settling.stop()
            self.settling.emit(False)

    def _fields(self) -> Mapping[str, FormField]:
        """Return the fields that are there so far."""
        return self._body.fields if self._body else {}

    def _all_fields(self) -> Mapping[str, FormField]:
        if self._body is not None:
            self._body.finish()
        return self._fields()

    def _built(self, name: str) -> None:
        if self._kind and (definition := self._kind.field(name)):
            self._fields()[name].editor.set_read_only(self._read_only)
            self._show_in(definition, anew=True)

    def _show(self, *, anew: bool) -> None:
        definitions = self._kind.fields if self._kind else ()
        for definition in definitions:
            if definition.name in self._fields():
                self._show_in(definition, anew=anew)
        fitting = {definition.name for definition in definitions if self._has_fitting(definition)}
        left = {name: value for name, value in self._values.items() if name not in fitting | {DATE_IN_WORDS}}
        self.kept.set_values(left)

    def _show_in(self, definition: FieldDefinition, *, anew: bool) -> None:
        field = self._fields()[definition.name]
        empty: FieldValue = () if definition.type is FieldType.TABLE else ""
        value = self._values[definition.name] if self._has_fitting(definition) else empty
        field.editor.set_value(value, anew=anew)
        field.refresh_needed()

    def _has_fitting(self, definition: FieldDefinition) -> bool:
        value = self._values.get(definition.name)
        return value is not None and fits(value, definition.type)

    def _put(self, name: str, value: FieldValue) -> None:
        if value:
            self._values[name] = value
        else:
            self._values.pop(name, None)
        self.committed.emit(name, value)

    def _removed(self, name: str) -> None:
        was = self._values.get(name, "")
        self._put(name, "" if isinstance(was, str) else ())
