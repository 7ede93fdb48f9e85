"""Where the evidence is: attached, linked, held somewhere, or seen by the assessor."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QLabel, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import Standing, StandingKind
from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import FlowLayout, MutedLabel
from portfolio_app.gui.widgets.form.date_fields import DateLine
from portfolio_app.gui.widgets.form.person_field import KnownWords, complete
from portfolio_app.gui.widgets.form.text_change import change_line, change_text
from portfolio_app.gui.widgets.form.text_fields import GrowingTextEdit
from portfolio_app.gui.widgets.form.value_editor import ValueEditor
from portfolio_app.services.text_input import day, line, prose

_CHOICES = {
    StandingKind.ATTACHED: ("Attached", "The files are in this portfolio."),
    StandingKind.LINKED: ("Linked", "It is on the web or on a shared drive, where the assessor can open it."),
    StandingKind.HELD: (
        "Held at a location",
        "It stays where it is, for instance because it is confidential; the assessor can see it there.",
    ),
    StandingKind.SEEN: ("Seen by the assessor", "The assessor has seen it and it stays at work."),
}
_LOCATION = {
    StandingKind.LINKED: ("Address", "https://… or the path on the shared drive"),
    StandingKind.HELD: ("Where it is held", "For example: HR cabinet, room 2.14, ask Karen Holt"),
    StandingKind.SEEN: ("Where it was seen", ""),
}


class _Part(QWidget):
    """A label above a field, shown as needed."""

    def __init__(self, label: str, field: QWidget) -> None:
        super().__init__()
        self.label = QLabel(label)
        self.label.setBuddy(field)
        theme.set_role(self.label, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.label)
        column.addWidget(field)


class StandingField(ValueEditor):
    """Where the evidence is, with what is needed to find it. The value is a :class:`Standing`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored = Standing()
        self._people = KnownWords(self)
        self.choices = QButtonGroup(self)
        radios = QWidget()
        flow = FlowLayout(radios, gap=Space.S4)
        for place, kind in enumerate(StandingKind):
            words, meaning = _CHOICES[kind]
            radio = QRadioButton(words)
            radio.setAccessibleDescription(meaning)
            self.choices.addButton(radio, place)
            flow.addWidget(radio)
            self._watch(radio)
        self.choices.button(0).setChecked(True)
        self.choices.idClicked.connect(self._chosen)
        self.meaning = MutedLabel()
        self.location = QLineEdit()
        self.description = GrowingTextEdit(fewest=2)
        self.confirmed_by = QLineEdit()
        complete(self.confirmed_by, self._people).activated.connect(self._typed)
        self.confirmed_on = DateLine("Confirmed on")
        self._parts = {
            "location": _Part("Where it is", self.location),
            "description": _Part("What is there to be seen", self.description),
            "by": _Part("Confirmed by (the assessor who saw it)", self.confirmed_by),
            "on": _Part("Confirmed on", self.confirmed_on),
        }
        self.description.setAccessibleName("What is there to be seen")
        self.confirmed_by.setAccessibleName("Confirmed by")
        self.location.textEdited.connect(self._typed)
        self.description.textChanged.connect(self._described)
        self.confirmed_by.textEdited.connect(self._typed)
        self.confirmed_on.edited.connect(self._typed)
        self._watch(self.location, self.description, self.confirmed_by, self.confirmed_on.line)
        self._loading = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S8)
        column.addWidget(radios)
        column.addWidget(self.meaning)
        for part in self._parts.values():
            column.addWidget(part)
        self.set_entry(self.choices.button(0))
        self._show_parts()

    def set_people(self, names: list[str]) -> None:
        """Offer these names for the assessor."""
        self._people.set_words(names)

    def kind(self) -> StandingKind:
        """Return what is chosen on the screen."""
        return list(StandingKind)[self.choices.checkedId()]

    def value(self) -> Standing:
        """Return the standing; a day of confirmation that cannot be read leaves the last one that could."""
        latest: Standing = self._latest()
        try:
            return Standing(
                kind=self.kind(),
                location=line(self.location.text(), "The location"),
                description=prose(self.description.toPlainText(), "The description"),
                confirmed_by=line(self.confirmed_by.text(), "The assessor’s name"),
                confirmed_on=latest.confirmed_on if self._day_problem() else self._day(),
            )
        except InvalidInput:
            return latest

    def problem(self) -> str:
        """Return what is missing or cannot be read."""
        return self._unstored() or self._missing()

    def has_unstored(self) -> bool:
        """Whether a text is too long, or the day cannot be read."""
        return bool(self._unstored())

    def focus(self) -> None:
        """Put the keyboard onto the first part that lacks something, else onto the choice."""
        if self.kind() in {StandingKind.LINKED, StandingKind.HELD} and not self.location.text():
            self.location.setFocus()
        else:
            self._chosen_button().setFocus()

    def _chosen_button(self) -> QAbstractButton:
        return self.choices.button(self.choices.checkedId())

    def _missing(self) -> str:
        if self.kind() in {StandingKind.LINKED, StandingKind.HELD} and not self.location.text().strip():
            what = "address" if self.kind() is StandingKind.LINKED else "place"
            return f"Evidence that is {self.kind()} needs its {what}."
        return ""

    def _unstored(self) -> str:
        try:
            line(self.location.text(), "The location")
            prose(self.description.toPlainText(), "The description")
            line(self.confirmed_by.text(), "The assessor’s name")
        except InvalidInput as error:
            return str(error)
        return self._day_problem()

    def _day(self) -> date | None:
        return day(self.confirmed_on.text()) if self.confirmed_on.text() else None

    def _day_problem(self) -> str:
        try:
            self._day()
        except InvalidInput as error:
            return f"“Confirmed on”: {error}"
        return ""

    def _load(self, value: Any, *, anew: bool) -> None:
        del anew
        standing: Standing = value or Standing()
        on = day_in_words(standing.confirmed_on) if standing.confirmed_on else ""
        self._fill(standing.kind, standing.location, standing.description, standing.confirmed_by, on)

    def _fill(self, kind: StandingKind, location: str, description: str, by: str, on: str) -> None:
        self._loading = True
        self.choices.button(list(StandingKind).index(kind)).setChecked(True)
        change_line(self.location, location)
        change_text(self.description, description)
        change_line(self.confirmed_by, by)
        self.confirmed_on.set_text(on)
        self._loading = False
        self._show_parts()

    def _show_parts(self) -> None:
        kind = self.kind()
        self.meaning.setText(_CHOICES[kind][1])
        words, example = _LOCATION.get(kind, ("Where it is", ""))
        self._parts["location"].label.setText(words)
        self.location.setAccessibleName(words)
        self.location.setPlaceholderText(example)
        elsewhere = kind is not StandingKind.ATTACHED
        # What was typed for another choice stays in sight, so that nothing is stored unseen.
        self._parts["location"].setVisible(elsewhere or bool(self.location.text()))
        self._parts["description"].setVisible(elsewhere or bool(self.description.toPlainText()))
        confirmed = bool(self.confirmed_by.text() or self.confirmed_on.text())
        self._parts["by"].setVisible(elsewhere or confirmed)
        self._parts["on"].setVisible(elsewhere or confirmed)
        self.set_entry(self._chosen_button())

    def _chosen(self) -> None:
        self._show_parts()
        self._touched()
        self._give_on()

    def _typed(self) -> None:
        self._touched()

    def _described(self) -> None:
        if not self._loading:
            self._touched()
