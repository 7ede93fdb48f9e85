"""Phrases that are looked for in a text, in a notation that people can write without knowing how to program.

A phrase is one or more words, one space between them. In it

- a word in small letters is found in any case, one with a capital only as it is written: ``Act`` is not “act”;
- ``/`` stands between words of which any will do: ``did/made/took``;
- ``*`` stands for any letters of a word, or none, once in a word: ``plan*`` finds “plan”, “plans” and “planned”;
- ``#`` stands for a number in figures, ``<date>`` for a date or a year in figures, ``@`` for a word with a capital;
- ``…`` (or three full stops) stands for up to six words of the same sentence, or none; once in a phrase.

A space or a hyphen finds either. A phrase begins with a letter, a number, ``#``, ``<date>`` or ``@``: so a text is gone
through once, word by word, and only what may begin with a word is tried there. What a phrase can try at a word is
bounded, and so is the time for a text: a list that comes with a portfolio from elsewhere cannot hold the program up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Final, NamedTuple, TypeAlias

from portfolio_app.domain.errors import InvalidInput

LONGEST: Final = 160
"""No phrase is longer, in characters."""

_Tried: TypeAlias = tuple[tuple[str, re.Pattern[str]], ...]

_SIGNS: Final = str.maketrans({"’": "'", "‘": "'", "\u2011": "-", "\u00a0": " "})
_BETWEEN: Final = r"(?:[ -]+[^\s.!?;:-]{1,40}){0,6}?[ -]+"
_SPACE: Final = r"[ -]+"
_SPECIAL: Final = {
    "#": r"\d{1,12}(?:[.,:]\d{1,12}){0,4}",
    "<date>": r"(?:\d{4}-\d{2}(?:-\d{2})?|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|(?:19|20)\d{2}(?![.,]?\d))",
    "@": r"[A-ZÀ-ÖØ-Þ][^\W_]{1,40}",
    "*": r"[^\W\d_]{0,40}",
}
_PIECES: Final = re.compile(r"<date>|[#@*]|[^#@*<]+|<")
_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+")
PATIENCE: Final = 5.0
"""Seconds for one text. The program's own lists need some hundredths for the longest there is."""

_MOST_BEGINNINGS: Final = 12
"""So many words, divided by “/”, a phrase may begin with."""
_MOST_REMEMBERED: Final = 1 << 16


class Span(NamedTuple):
    """Where a phrase stands in a text: from ``start`` up to, and without, ``end``."""

    start: int
    end: int


def plain_signs(text: str) -> str:
    """Return the text with straight apostrophes, plain hyphens and plain spaces; every character keeps its place."""
    return text if text.isascii() else text.translate(_SIGNS)


class Phrases:
    """Lists of phrases by name, found in a text together.

    Raises:
        InvalidInput: something is no phrase; the sentence says why.
    """

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        begins: dict[str, dict[str, list[str]]] = {}
        for name, phrases in lists.items():
            for phrase in phrases:
                for key, expression in _expressions(phrase):
                    begins.setdefault(key, {}).setdefault(name, []).append(expression)
        self._begins: dict[str, _Tried] = {
            key: tuple((name, re.compile(rf"(?<!\w)(?:{'|'.join(group)})(?!\w)")) for name, group in groups.items())
            for key, groups in begins.items()
        }
        self._shortest = min((len(key) - 1 for key in begins if len(key) > 1 and key.endswith("*")), default=0)
        self._of_word: dict[str, _Tried] = {}

    def find(self, text: str) -> dict[str, list[Span]]:
        """Return where each list is found, in the order of the text; lists of which nothing is found are left out.

        Places of one list do not overlap.

        Raises:
            InvalidInput: the phrases are such that they cannot be looked for in a reasonable time.
        """
        plain = plain_signs(text)
        until = monotonic() + PATIENCE
        found: dict[str, list[Span]] = {}
        known = self._of_word
        for token in _TOKEN.finditer(plain):
            word = token[0]
            tried = known.get(word)
            if tried is None:
                tried = self._remember(word)
            if tried and monotonic() > until:
                raise InvalidInput("The word lists by which texts are checked take too long to look for: shorten them.")
            for name, pattern in tried:
                match = pattern.match(plain, token.start())
                if match is None:
                    continue
                spans = found.setdefault(name, [])
                if not spans or spans[-1].end <= match.start():
                    spans.append(Span(*match.span()))
        return found

    def names_in(self, text: str) -> frozenset[str]:
        """Return the names of the lists of which something is found."""
        return frozenset(self.find(text))

    def _remember(self, word: str) -> _Tried:
        """Return what may begin with a word, or with any number where it is one."""
        if len(self._of_word) >= _MOST_REMEMBERED:
            self._of_word.clear()
        begins = self._begins
        if word[0].isdigit():
            found = begins.get("#", ())
        else:
            plain = word.casefold()
            found = begins.get(plain, ())
            if self._shortest:
                for length in range(self._shortest, len(plain) + 1):
                    found += begins.get(f"{plain[:length]}*", ())
            if word[0].isupper():
                found += begins.get("@", ())
        self._of_word[word] = found
        return found


def check_phrase(phrase: str) -> None:
    """Refuse what is no phrase.

    Raises:
        InvalidInput: it is empty, too long, or cannot be looked for; the sentence says why, without a full stop.
    """
    _expressions(phrase)


def _expressions(phrase: str) -> list[tuple[str, str]]:
    """Return what is looked for, each after the key that it begins with: a word, a beginning and ``*``, or a sign."""
    if len(phrase) > LONGEST:
        raise InvalidInput(f"“{phrase[:40]}…” is longer than {LONGEST} characters")
    words = plain_signs(phrase).replace("...", "…").replace("…", " … ").split()
    if not words:
        raise InvalidInput("a phrase is empty")
    if words[-1] == "…" or words.count("…") > 1:
        raise InvalidInput(f"“{phrase}” ends with “…” or has more than one of them")
    rest = ""
    gap = _SPACE
    for word in words[1:]:
        if word == "…":
            gap = _BETWEEN
            continue
        options = "|".join(map(_one_word, _options(word, phrase)))
        rest += f"{gap}(?:{options})"
        gap = _SPACE
    beginnings = _options(words[0], phrase)
    if len(beginnings) > _MOST_BEGINNINGS:
        raise InvalidInput(f"“{phrase}” begins with more than {_MOST_BEGINNINGS} words to choose from")
    return [(_key(option, phrase), _one_word(option) + rest) for option in beginnings]


def _options(word: str, phrase: str) -> list[str]:
    options = word.split("/")
    if not all(options):
        raise InvalidInput(f"in “{phrase}” a word is missing beside “/”")
    if any(option.count("*") > 1 for option in options):
        raise InvalidInput(f"in “{phrase}” a word has more than one “*”")
    return options


def _key(word: str, phrase: str) -> str:
    if word.startswith(("#", "<date>")) or word[0].isdigit():
        return "#"
    if word.startswith("@"):
        return "@"
    letters = _TOKEN.match(word)
    if letters is None:
        raise InvalidInput(f"“{phrase}” must begin with a letter, a number, “#”, “<date>” or “@”")
    return letters[0].casefold() + ("*" if word[letters.end() :].startswith("*") else "")


def _one_word(word: str) -> str:
    pieces = []
    for piece in _PIECES.findall(word):
        if piece in _SPECIAL:
            pieces.append(_SPECIAL[piece])
        elif piece == piece.lower():
            pieces.append(f"(?i:{_with_hyphens(piece)})")
        else:
            pieces.append(_with_hyphens(piece))
    return "".join(pieces)


def _with_hyphens(piece: str) -> str:
    return _SPACE.join(map(re.escape, re.split("-+", piece)))
