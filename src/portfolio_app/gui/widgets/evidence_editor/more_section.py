"""What is seldom needed of an item: where it is, how it counts, and the assessor's judgement."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QTextEdit, QWidget

from portfolio_app.domain.evidence import Evidence, EvidenceKind, Person, StandingKind
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import ElidedLabel, Section
from portfolio_app.gui.widgets.evidence_editor.judgement_field import JudgementField
from portfolio_app.gui.widgets.form.form_field import FormField
from portfolio_app.gui.widgets.form.method_field import CONFIDENTIAL, SIMULATED, FlagField, MethodField
from portfolio_app.gui.widgets.form.standing_field import StandingField
from portfolio_app.gui.widgets.form.value_editor import ValueEditor

_JUDGEMENT_HELP: Final = (
    "What the assessor said of this piece of evidence, noted on their behalf. It is not yours to give."
)


class MoreSection(Section):
    """A part of the page that is folded away until it is wanted; folded, it says in a line what is in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("More", parent, collapsible=True, expanded=False)
        self.standing = StandingField()
        self.method = MethodField()
        self.simulated = FlagField(*SIMULATED)
        self.confidential = FlagField(*CONFIDENTIAL)
        self.judgement = JudgementField()
        self._item: Evidence | None = None
        self.summary = ElidedLabel()
        self.summary.setProperty("role", "muted")
        self.add_header_widget(self.summary)
        self.body.setSpacing(Space.S16)
        inside = self.body.parentWidget()
        self.body.addWidget(FormField(self.standing, "Where it is", parent=inside))
        self.body.addWidget(FormField(self.method, "Method of assessment", parent=inside))
        for flag in (self.simulated, self.confidential):
            self.body.addWidget(flag)
        self.body.addWidget(FormField(self.judgement, "The assessor’s judgement", _JUDGEMENT_HELP, inside))
        self.toggled.connect(self._summarise)

    def editors(self) -> dict[str, ValueEditor]:
        """Return the editors by the part of the item that each is for."""
        return {
            "standing": self.standing,
            "method": self.method,
            "simulated": self.simulated,
            "confidential": self.confidential,
            "judgement": self.judgement,
        }

    def text_edits(self) -> list[QTextEdit]:
        """Return the texts to check the spelling of."""
        return [self.standing.description]

    def set_item(self, item: Evidence, kind: EvidenceKind | None) -> None:
        """Say of an item what is in this part while it is folded; its editors get their values by themselves."""
        self.method.set_kind(kind)
        self._item = item
        self._summarise()

    def set_people(self, people: list[Person], usual_assessor: str) -> None:
        """Offer these people where an assessor is named."""
        names = [person.name for person in people]
        self.standing.set_people(names)
        self.judgement.set_people(names, usual_assessor)

    def _summarise(self, *_toggled: object) -> None:
        item = self._item
        facts: list[str] = []
        if item is not None and not self.is_expanded():
            facts = [
                "" if item.standing.kind is StandingKind.ATTACHED else str(item.standing.kind),
                str(item.method) if item.method else "",
                "simulated" if item.simulated else "",
                "confidential" if item.confidential else "",
                f"judged by {item.judgement.by}" if item.judgement else "",
            ]
        self.summary.setText(" · ".join(fact for fact in facts if fact))
