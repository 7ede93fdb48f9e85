"""Words that every document has, whatever is hidden in it: "page 3 of 5", "Portfolio App", names in a package."""

from __future__ import annotations

import re
from functools import cache

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.redaction import RedactionTerm
from portfolio_app.exporting.wording import wording_of

_PRINTED = (
    "attached.",
    "contents.",
    "coverage.",
    "page.",
    "pdf.",
    "redaction.",
    "sign.",
    "spreadsheet.",
    "state.",
    "web.",
)
"""What writers print beside a publication's own text."""
_OTHERS = (
    "Portfolio App",
    "index html portfolio pdf matrix xlsx json schema data evidence pictures chart bagit bag info manifest sha256",
)
_VALUE = re.compile(r"\{[^}]*\}")


def check_can_be_hidden(term: RedactionTerm, language: str) -> None:
    """Refuse a term that would be found in every document, since the program itself writes it there.

    Raises:
        InvalidInput: it is such a word.
    """
    finder = TermFinder([term])
    for text in _texts(language):
        if finder.find(text):
            raise InvalidInput(
                f"“{term.text}” cannot be hidden by itself, for every document has it in words of its own "
                f"(“{' '.join(text.split())}”); mark it together with the words beside it, such as a whole name."
            )
    if finder.find(term.replacement):
        raise InvalidInput(f"“{term.replacement}” has “{term.text}” in it, so it cannot stand in its place.")


@cache
def _texts(language: str) -> tuple[str, ...]:
    words = wording_of(language)
    printed = (words(key) for key in sorted(words.known_keys) if key.startswith(_PRINTED))
    return (*(_VALUE.sub("…", text) for text in printed), *_OTHERS)
