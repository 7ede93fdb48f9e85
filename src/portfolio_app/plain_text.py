"""Text as it may stand on paper."""

from __future__ import annotations

import re
from typing import Final

BLANK_LINES: Final = re.compile(r"\n\s*\n")
"""Parts the paragraphs of a text."""
BULLETS: Final = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓"})
"""Signs at the beginning of lists as Word writes them, in Symbol and Wingdings, as signs that all fonts have."""

# Controls, lone surrogates and non-characters cannot stand in XML; embeddings and overrides of the writing
# direction can make a name or a quotation read as something else.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def printable(text: str) -> str:
    """Return the text with line feeds for line breaks, spaces for tabs, and nothing that a format cannot carry."""
    if text.isprintable():
        return text
    return _UNFIT.sub("", _BREAKS.sub("\n", text).replace("\t", " "))


def one_line(text: str) -> str:
    """Return the text as printed, on one line."""
    return " ".join(printable(text).split())
