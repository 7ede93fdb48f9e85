"""One claim, as it is typed: why, the quotation, the place, and the parts that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from portfolio_app.domain.claims import Claim, Decision
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.qualification import Guidance
from portfolio_app.gui import theme
from portfolio_app.gui.places import PARTS_FIELD
from portfolio_app.gui.widgets.advice_notes import AdviceNotes
from portfolio_app.gui.widgets.basics import MutedLabel, StateLabel, button, clear_layout, has_keyboard
from portfolio_app.gui.widgets.suggestion_list import ShownSuggestion
from portfolio_app.gui.widgets.typing_pause import TypingPause
from portfolio_app.services.claim_edits import RequirementChoice
from portfolio_app.services.claims import ClaimGiven

_LINES: Final = 3


class ClaimForm(QWidget):
    """Shows a requirement, and the claim on it if there is one; tells what was typed after a pause.

    Values that come from outside while something is being typed are taken where nothing was typed.
    """

    committed = Signal(str, object)
    """A requirement's id and a :class:`ClaimGiven` with what was typed."""
    claim_requested = Signal(str)
    removal_requested = Signal(str)
    component_ticked = Signal(str, str, bool)
    place_requested = Signal(str, str, str)
    """The attachment, the page and the quotation to be shown."""
    suggestion_taken = Signal(str, str)
    """A requirement's id and the quotation with which it is claimed, as it was left."""
    suggestion_turned_down = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice: RequirementChoice | None = None
        self._claim: Claim | None = None
        self._read_only = False
        self._address = QLabel()
        theme.set_role(self._address, "section-title")
        self._state = StateLabel(CoverageState.NONE)
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._decision = QLabel()
        self._decision.setTextFormat(Qt.TextFormat.PlainText)
        self._decision.setWordWrap(True)
        theme.set_role(self._decision, "help")
        self._advice = AdviceNotes()
        self._why = _field("Why this shows it")
        self._quotation = _field("The sentence that proves it")
        self._place = QLineEdit()
        self._place.setPlaceholderText("p. 3 · report.pdf, p. 3 · a heading · 04:10")
        self._place.setAccessibleName("Place")
        self._parts = QVBoxLayout()
        self._parts.setSpacing(4)
        self._boxes: dict[str, QCheckBox] = {}
        self._parts_label = _label("Parts that it shows", None)
        self._proposed: ShownSuggestion | None = None
        self._sentence = _field("Without a quotation")
        self._sentence_place = MutedLabel()
        self._sentence_place.setTextFormat(Qt.TextFormat.PlainText)
        self._pause = TypingPause(self.flush, self)
        self._edited: set[str] = set()
        self._build()
        self.show_requirement(None, None, None)

    @property
    def requirement_id(self) -> str:
        """The requirement that is shown, or nothing."""
        return self._choice.requirement.id if self._choice else ""

    def show_requirement(
        self, choice: RequirementChoice | None, claim: Claim | None, decision: Decision | None
    ) -> None:
        """Show a requirement with its claim, if there is one."""
        if (choice.requirement.id if choice else "") != self.requirement_id:
            self.flush()
            self._advice.show_advice(())
        self._choice, self._claim = choice, claim
        self.setVisible(choice is not None)
        if choice is None:
            return
        self._address.setText(choice.address)
        self._state.set_state(choice.state)
        self._text.setText(choice.requirement.text)
        self._decision.setText(_decision_in_words(decision))
        self._decision.setVisible(decision is not None)
        self._claimed.setVisible(claim is not None)
        self._show_proposed()
        if claim is not None:
            self._take("why", self._why, claim.why)
            self._take("quotation", self._quotation, claim.quotation)
            if "place" not in self._edited and self._place.text() != str(claim.locator):
                self._place.setText(str(claim.locator))
            self._show_button.setEnabled(bool(claim.quotation or claim.locator.attachment or claim.locator.page))
            self._show_parts(choice, claim)

    def show_advice(self, requirement_id: str, pieces: Sequence[Guidance]) -> None:
        """Show the tips and misconceptions that matter for the requirement."""
        if requirement_id == self.requirement_id:
            self._advice.show_advice(pieces)

    def propose(self, suggestion: ShownSuggestion | None) -> None:
        """Offer the sentence of a suggestion as quotation where its requirement is shown and not claimed yet."""
        if suggestion == self._proposed:
            return
        self._proposed = suggestion
        if suggestion is not None:
            self._sentence.setPlainText(" ".join(suggestion.quotation.split()))
            self._sentence.selectAll()
            self._sentence_place.setText(suggestion.place)
            self._sentence_place.setVisible(bool(suggestion.place))
        self._show_proposed()

    @property
    def _is_proposing(self) -> bool:
        proposed = self._proposed
        return proposed is not None and proposed.key == self.requirement_id and not self._read_only

    def _show_proposed(self) -> None:
        is_open = self._choice is not None and self._claim is None
        had_keyboard = has_keyboard(self._suggested) or has_keyboard(self._claim_button)
        self._suggested.setVisible(is_open and self._is_proposing)
        self._claim_button.setVisible(is_open and not self._is_proposing and not self._read_only)
        if had_keyboard and self._choice is not None and not self._read_only:
            self.focus_first()  # the keyboard stays in the form when what had it goes

    def set_read_only(self, read_only: bool) -> None:
        """Show everything and let nothing be changed."""
        self._read_only = read_only
        self._why.setReadOnly(read_only)
        self._quotation.setReadOnly(read_only)
        self._place.setReadOnly(read_only)
        self._remove.setVisible(not read_only)

    def text_edits(self) -> list[QPlainTextEdit]:
        """Return the fields whose spelling is looked at."""
        return [self._why]

    def focus_first(self) -> None:
        """Go to the first thing to type, or to the button that claims."""
        if self._claim is not None:
            self._why.setFocus()
        else:
            (self._sentence if self._is_proposing else self._claim_button).setFocus()

    def focus_part(self, part: str) -> QWidget:
        """Go to a part of the claim: to its proof where that is missing, to the parts if asked; return what has it."""
        boxes = [box for box in self._boxes.values() if not box.isChecked()] or list(self._boxes.values())
        if self._claim is None:
            found: QWidget = self._sentence if self._is_proposing else self._claim_button
        elif part == PARTS_FIELD and boxes:
            found = boxes[0]
        else:
            found = self._why if self._claim.quotation or self._claim.locator else self._quotation
        found.setFocus()
        return found

    @property
    def last_part(self) -> QWidget | None:
        """The last box of the parts to tick."""
        return next(reversed(self._boxes.values()), None)

    def is_part(self, widget: QWidget) -> bool:
        """Say whether a widget is the box of a part to tick."""
        return widget in self._boxes.values()

    def flush(self) -> None:
        """Tell what was typed and is not told yet."""
        self._pause.stop()
        if not self._edited or self._choice is None or self._claim is None:
            self._edited.clear()
            return
        given = ClaimGiven(
            why=self._why.toPlainText() if "why" in self._edited else None,
            quotation=self._quotation.toPlainText() if "quotation" in self._edited else None,
            place=self._place.text() if "place" in self._edited else None,
        )
        self._edited.clear()
        self.committed.emit(self._choice.requirement.id, given)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Tell what was typed when a field is left."""
        if event.type() == QEvent.Type.FocusOut:
            self.flush()
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        self._claim_button = button("Claim it with this item", "primary", "check")
        self._claim_button.clicked.connect(self._ask_for_claim)
        self._show_button = button("Show the place", "quiet", "eye")
        self._show_button.clicked.connect(self._ask_for_place)
        self._remove = button("Remove the claim", "quiet", "x")
        self._remove.clicked.connect(self._ask_for_removal)
        for name, field in (("why", self._why), ("quotation", self._quotation)):
            field.textChanged.connect(partial(self._note, name))
            field.installEventFilter(self)
        self._place.textEdited.connect(partial(self._note, "place"))
        self._place.installEventFilter(self)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._address)
        head.addWidget(self._state)
        head.addWidget(self._text)
        head.addWidget(self._decision)
        self._claimed = QWidget()
        fields = QVBoxLayout(self._claimed)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(4)
        typed: tuple[tuple[str, QWidget], ...] = (
            ("&Why", self._why),
            ("&Quotation", self._quotation),
            ("&Place", self._place),
        )
        for text, typed_field in typed:
            fields.addWidget(_label(text, typed_field))
            fields.addWidget(typed_field)
            fields.addSpacing(4)
        fields.addWidget(self._parts_label)
        fields.addLayout(self._parts)
        row = QVBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._show_button, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignLeft)
        fields.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._claim_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._build_suggested())
        column.addWidget(self._claimed)
        column.addWidget(self._advice)
        column.addStretch(1)

    def _build_suggested(self) -> QWidget:
        self._suggested = QWidget()
        take = button("Claim it, with this quotation", "primary", "check")
        take.clicked.connect(self._take_suggestion)
        turn_down = button("Not this one", "quiet", "x")
        turn_down.clicked.connect(self._turn_down_suggestion)
        column = QVBoxLayout(self._suggested)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(_label("&Suggested quotation", self._sentence))
        column.addWidget(self._sentence)
        column.addWidget(self._sentence_place)
        column.addWidget(take, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(turn_down, 0, Qt.AlignmentFlag.AlignLeft)
        return self._suggested

    def _show_parts(self, choice: RequirementChoice, claim: Claim) -> None:
        components = choice.requirement.components
        if list(self._boxes) != [component.id for component in components]:
            clear_layout(self._parts)
            self._boxes = {component.id: QCheckBox(component.text) for component in components}
            for component_id, box in self._boxes.items():
                box.clicked.connect(partial(self._tick, component_id))
                self._parts.addWidget(box)
        for component_id, box in self._boxes.items():
            box.setChecked(component_id in claim.component_ids)
            box.setEnabled(not self._read_only)
        self._parts_label.setVisible(bool(components))

    def _take(self, name: str, field: QPlainTextEdit, text: str) -> None:
        if name in self._edited or field.toPlainText() == text:
            return
        field.blockSignals(True)
        place = field.textCursor().position()
        field.setPlainText(text)
        cursor = field.textCursor()
        cursor.setPosition(min(place, len(text)))
        field.setTextCursor(cursor)
        field.blockSignals(False)

    def _note(self, name: str, *_text: object) -> None:
        self._edited.add(name)
        self._pause.touch()

    def _tick(self, component_id: str) -> None:
        self.flush()
        self.component_ticked.emit(self.requirement_id, component_id, self._boxes[component_id].isChecked())

    def _ask_for_claim(self) -> None:
        self.claim_requested.emit(self.requirement_id)

    def _ask_for_removal(self) -> None:
        self._edited.clear()
        self.removal_requested.emit(self.requirement_id)

    def _take_suggestion(self) -> None:
        self.suggestion_taken.emit(self.requirement_id, self._sentence.toPlainText())

    def _turn_down_suggestion(self) -> None:
        self.suggestion_turned_down.emit(self.requirement_id)

    def _ask_for_place(self) -> None:
        self.flush()
        if self._claim is not None:
            locator = self._claim.locator
            self.place_requested.emit(locator.attachment, locator.page, self._claim.quotation)


def _field(placeholder: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setPlaceholderText(placeholder)
    field.setTabChangesFocus(True)
    field.setFixedHeight(field.fontMetrics().lineSpacing() * _LINES + 18)
    return field


def _label(text: str, buddy: QWidget | None) -> QLabel:
    label = MutedLabel(text)
    if buddy is not None:
        label.setBuddy(buddy)
        buddy.setAccessibleName(text.replace("&", ""))
    return label


def _decision_in_words(decision: Decision | None) -> str:
    if decision is None:
        return ""
    said = f"{decision.by} decided “{decision.verdict}” on {day_in_words(decision.decided_at.astimezone().date())}"
    return f"{said}: {decision.comment}" if decision.comment else f"{said}."
