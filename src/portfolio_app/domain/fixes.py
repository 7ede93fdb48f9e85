"""What mends a gap, in the words of the button that leads there."""

from __future__ import annotations

from enum import StrEnum

ALIKE_PART = "alike"
"""The part that means: what this item has in common with another, side by side."""


class Fix(StrEnum):
    """What a learner does about a gap. The value is the word on the button."""

    ADD_EVIDENCE = "Add evidence"
    TICK_PARTS = "Tick the parts"
    OPEN_CLAIM = "Open the claim"
    CLAIM = "Claim it"
    REVIEW_CLAIMS = "Look at its claims"
    SEE_DECISION = "See the decision"
    WRITE = "Write it"
    ATTACH_AGAIN = "Attach it again"
    NAME_WITNESS = "Name a witness"
    COMPLETE_WITNESS = "Complete the witness"
    SAY_WHERE = "Say where it is"
    GIVE_DATE = "Give a date"
    CHECK_DATE = "Check the date"
    CHECK_SIMULATION = "Open the evidence"
    SIGN_DECLARATION = "Sign the declaration"
    CHOOSE_UNITS = "See the groups"
    ADD_TO_TEXT = "Open its text"
    MARK_EXAMPLES = "Mark an example"
    COMPARE = "Compare them"

    @property
    def part(self) -> str:
        """The part of an evidence item, or of the portfolio, where it is done; empty where it is the whole."""
        return _PARTS.get(self, "")


_PARTS = {
    Fix.TICK_PARTS: "parts",
    Fix.OPEN_CLAIM: "claim",
    Fix.CLAIM: "claim",
    Fix.REVIEW_CLAIMS: "claim",
    Fix.WRITE: "body",
    Fix.ADD_TO_TEXT: "body",
    Fix.MARK_EXAMPLES: "body",
    Fix.COMPARE: ALIKE_PART,
    Fix.ATTACH_AGAIN: "attachments",
    Fix.NAME_WITNESS: "people",
    Fix.COMPLETE_WITNESS: "people",
    Fix.SAY_WHERE: "standing",
    Fix.GIVE_DATE: "date",
    Fix.CHECK_DATE: "date",
    Fix.SIGN_DECLARATION: "declaration",
    Fix.CHOOSE_UNITS: "groups",
}
