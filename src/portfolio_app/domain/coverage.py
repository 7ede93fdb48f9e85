"""What is covered: the state of each requirement, its roll-up, and the matrix."""

from __future__ import annotations

from enum import StrEnum


class CoverageState(StrEnum):
    """How far a requirement is, least first. The value is the word on screen and paper."""

    NONE = "no claim"
    CLAIMED = "claimed"
    PROOF = "claimed with proof"
    NOT_YET_MET = "not yet met"
    MORE_NEEDED = "more evidence needed"
    MET = "met"

    @property
    def symbol(self) -> str:
        """The sign that stands with the word, never colour alone."""
        return _SYMBOLS[self]


_SYMBOLS = {
    CoverageState.NONE: "○",
    CoverageState.CLAIMED: "◐",
    CoverageState.PROOF: "●",
    CoverageState.NOT_YET_MET: "✗",
    CoverageState.MORE_NEEDED: "✚",
    CoverageState.MET: "✓",
}
