"""The forms of the kinds that were looked at: building one takes too long to do it each time an item is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from portfolio_app.domain.evidence import EvidenceKind, FieldValue
from portfolio_app.gui.widgets.drop_zones import pass_files_on
from portfolio_app.gui.widgets.form.evidence_form import EvidenceForm


class FormShelf(QWidget):
    """Shows the form of one kind at a time; each is built when it is first wanted, and kept.

    A kind that is not known here has a form without fields, which shows all values as kept from before.
    """

    committed = Signal(str, str, object)
    """The id of an item, the name of one of its fields, and the value to store."""
    text_edit_made = Signal(QTextEdit)
    """A text to check the spelling of; each is told of once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forms: dict[str, EvidenceForm] = {}
        self._shown: EvidenceForm | None = None
        self._names: Sequence[str] = ()
        self._read_only = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def form(self) -> EvidenceForm | None:
        """The form that is shown."""
        return self._shown

    def show_item(self, kind: EvidenceKind | None, values: Mapping[str, FieldValue], of: str) -> bool:
        """Show an item's values in the form of its kind; return whether that is another form than before.

        What was typed into the form before must have been given on.
        """
        form = self._forms.get(kind.id if kind else "")
        if form is None:
            form = self._made(kind)
        is_another = form is not self._shown
        if is_another and form.item == of:
            # The item was another kind's meanwhile: what this form knows of it is old.
            form.set_values({}, of="")
        form.set_values(values, of=of)
        if is_another:
            if self._shown is not None:
                self._shown.hide()
            form.set_read_only(self._read_only)
            form.set_people(self._names)
            form.setVisible(kind is None or bool(kind.fields) or bool(values))
            self._shown = form
        return is_another

    def set_people(self, names: Sequence[str]) -> None:
        """Offer these names where a person is asked for."""
        self._names = names
        if self._shown is not None:
            self._shown.set_people(names)

    def set_read_only(self, read_only: bool) -> None:
        """Let the form be read but not changed."""
        if read_only != self._read_only:
            self._read_only = read_only
            if self._shown is not None:
                self._shown.set_read_only(read_only)

    def flush(self) -> None:
        """Give on what was typed, now."""
        if self._shown is not None:
            self._shown.flush()

    def refuse(self, item: str, name: str, sentence: str) -> bool:
        """Say at a field that its value was not stored; return whether the field is on the screen."""
        form = self._shown
        if form is None or form.item != item or form.editor(name) is None:
            return False
        form.refuse(name, sentence)
        return True

    def has_unstored(self) -> bool:
        """Whether something on the screen cannot be stored as it is."""
        form = self._shown
        if form is None or form.kind is None:
            return False
        editors = (form.editor(definition.name) for definition in form.kind.fields)
        return any(editor is not None and editor.has_unstored() for editor in editors)

    def text_edits(self) -> list[QTextEdit]:
        """Return the texts of the form that is shown."""
        return self._shown.text_edits() if self._shown is not None else []

    def _made(self, kind: EvidenceKind | None) -> EvidenceForm:
        form = EvidenceForm()
        form.hide()
        form.set_kind(kind)
        form.committed.connect(partial(self._committed, form))
        form.text_edit_opened.connect(self.text_edit_made)
        self._forms[kind.id if kind else ""] = form
        self._column.addWidget(form)
        pass_files_on(form)
        for edit in form.text_edits():
            self.text_edit_made.emit(edit)
        return form

    def _committed(self, form: EvidenceForm, name: str, value: object) -> None:
        self.committed.emit(form.item, name, value)
