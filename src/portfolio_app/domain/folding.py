"""Text as it is compared when someone searches: case, accents and typographers' signs do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PLAIN_SIGNS = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u2011": "-", "\u00a0": " "}
_WORDS = re.compile(r'"([^"]+)"|(\S+)')
_DIGITS = re.compile(r"(\d+)")


def folded(text: str) -> str:
    """Return the text without case and accents, its quotation marks and dashes plain.

    >>> folded("Café “Zoë” – 2")
    'cafe "zoe" - 2'
    """
    if text.isascii():
        return text.lower()
    for sign, plain in _PLAIN_SIGNS.items():
        text = text.replace(sign, plain)
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return plain.casefold()  # decomposing brings capitals: ™ is TM


def search_words(typed: str) -> tuple[str, ...]:
    """Return what was typed into a search box as folded words; what stands in quotation marks is one word.

    >>> search_words('Rota "plan for" ')
    ('rota', 'plan for')
    """
    found = (quoted or word.replace('"', "") for quoted, word in _WORDS.findall(folded(typed)))
    return tuple(dict.fromkeys(" ".join(word.split()) for word in found if word.strip()))


@lru_cache(maxsize=1 << 16)
def sorting_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts titles as people do: “Week 2” before “Week 10”, case and accents ignored."""
    parts = _DIGITS.split(folded(text).strip())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)
