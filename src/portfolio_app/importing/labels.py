"""Short labels of requirements: their text without the words that every bullet starts with."""

from __future__ import annotations

import re

_PEOPLE = r"(?:the )?(?:candidate|learner|student|assessor|examiner)s?"
_LEAD_IN = re.compile(
    r"(?:"
    r"award (?:credit|marks?) (?:for|to)"
    r"|give credit (?:for|to)"
    r"|credit (?:must|should|may|can|will) be (?:given|awarded) (?:for|to)"
    r"|credit the ability to|credit for"
    rf"|{_PEOPLE} (?:must|should|need to|will) (?:provide|show|demonstrate|look for|check for|be able to)"
    r"|look for|check for"
    r"|evidence (?:must|should) (?:show|demonstrate|include)"
    r"|demonstrate understanding by"
    r"):?\s+(?:evidence of\s+)?",
    re.IGNORECASE,
)
_EVIDENCE_OF = re.compile(r"evidence of\s+", re.IGNORECASE)
_SHOULD_INCLUDE = re.compile(r"\s+(?:should|must) include:?\s+", re.IGNORECASE)


def starts_with_lead_in(text: str) -> bool:
    """Say whether a text begins as requirements in revision guidance do ("Award credit for …")."""
    return _LEAD_IN.match(text) is not None


def label_of(text: str) -> str:
    """Return a requirement's text without its lead-in, its first letter a capital; the whole text if nothing is left.

    "Evidence of x should include y" becomes "X: y".
    """
    if match := _LEAD_IN.match(text):
        rest = text[match.end() :]
    elif match := _EVIDENCE_OF.match(text):
        rest = _SHOULD_INCLUDE.sub(": ", text[match.end() :], count=1)
    else:
        rest = text
    return rest[:1].upper() + rest[1:] if rest.strip() else text
