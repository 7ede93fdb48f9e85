"""What becomes of a suggestion: it is claimed, or never made again."""

from __future__ import annotations

from portfolio_app.domain.changes import Changes
from portfolio_app.services.claim_edits import set_claim
from portfolio_app.services.claims import ClaimGiven, PlacedClaim
from portfolio_app.services.suggestions import PlacedSuggestion, reject_suggestion
from portfolio_app.storage.portfolio_file import PortfolioFile


def claim_suggested(portfolio: PortfolioFile, placed: PlacedSuggestion, quotation: str) -> tuple[PlacedClaim, Changes]:
    """Claim what was suggested, with a quotation as the learner left it; without one there is no place either.

    Raises:
        UnknownReference: the item or the requirement is not there any more.
        InvalidInput: the quotation is too long or no text.
    """
    words = " ".join(quotation.split())
    given = ClaimGiven(quotation=words, locator=placed.locator) if words else ClaimGiven()
    return set_claim(portfolio, placed.suggestion.evidence_id, placed.suggestion.requirement_id, given)


def turn_down(portfolio: PortfolioFile, placed: PlacedSuggestion) -> tuple[str, Changes]:
    """Note that what was suggested is not so, which can be undone; return the requirement's address.

    Raises:
        UnknownReference: the item or the requirement is not there any more.
    """
    return reject_suggestion(portfolio, placed.suggestion.evidence_id, placed.suggestion.requirement_id)
