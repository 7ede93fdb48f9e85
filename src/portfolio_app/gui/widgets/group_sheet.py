"""A group of units, read: what it asks for, how far it is, and what is missing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from portfolio_app.domain.unit_groups import Amount, credits_in_words, units_in_words
from portfolio_app.gui import theme
from portfolio_app.gui.models.unit_tree import GroupHeading
from portfolio_app.gui.widgets.basics import Card, FlowLayout, MutedLabel, button
from portfolio_app.gui.widgets.fact_list import FactList
from portfolio_app.gui.widgets.sheet import Sheet, plain_label

_IN_NONE = "These units are in none of the groups. Put them into one where the qualification has them in one."


class GroupSheet(Sheet):
    """What stands beside the tree of units while a group's heading is in hand."""

    edit_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = plain_label("page-title")
        self._rule = MutedLabel()
        self._rule.setWordWrap(True)
        self._edit = button("Change the groups …", "", "pencil")
        self._edit.clicked.connect(self.edit_requested)
        self._facts = FactList()
        self._missing = plain_label()
        card = Card("How far it is")
        card.body.addWidget(self._facts)
        card.body.addWidget(self._missing)
        self._card = card
        buttons = QWidget()
        FlowLayout(buttons).addWidget(self._edit)
        self.set_parts((self._title, self._rule, buttons, card))
        self.setAccessibleName("Group of units")

    def show_group(self, heading: GroupHeading) -> None:
        """Show a group, or say what the units are that are in none."""
        self._title.setText(heading.title)
        standing = heading.standing
        self._card.setVisible(standing is not None)
        if standing is None:
            self._rule.setText(_IN_NONE)
            return
        self._rule.setText(f"{heading.asks[:1].upper()}{heading.asks[1:]}.")
        self._facts.show_facts(
            [
                ("Asked for", _in_words(standing.needed)),
                ("Chosen", _in_words(standing.chosen)),
                ("Every requirement claimed", _in_words(standing.claimed)),
                ("Achieved", _in_words(standing.achieved)),
            ]
        )
        self._missing.setText(standing.missing or "✓ The group is achieved.")
        tone = "met" if standing.is_achieved else "claimed" if not standing.is_filled else ""
        theme.set_state(self._missing, "tone", tone)

    def set_read_only(self, read_only: bool) -> None:
        """Show everything and let nothing be changed."""
        self._edit.setVisible(not read_only)


def _in_words(amount: Amount) -> str:
    return f"{units_in_words(amount.units)}, {credits_in_words(amount.credits)}"
