"""Text cut into the pieces of words that the sentence model knows: BERT's uncased WordPiece.

The steps and limits are those of the tokenizer that the model was trained with (``tokenizer.json`` beside its weights),
so that the same text gives the same numbers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

LONGEST: Final = 256
"""How many pieces of a text the model reads, the two that mark its ends included."""

_LONGEST_WORD: Final = 100  # characters; a longer one is unknown as a whole
_LONGEST_TEXT: Final = 16 * LONGEST  # characters that are looked at; a piece is seldom longer than ten
_UNKNOWN: Final = "[UNK]"
_FIRST: Final = "[CLS]"
_LAST: Final = "[SEP]"
_IDEOGRAPHS: Final = (
    *((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F)),
    *((0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)),
)
_REMEMBERED_WORDS: Final = 20_000
_CONTROLS: Final = frozenset(("Cc", "Cf", "Co"))


class WordPiece:
    """Turns text into the numbers of a vocabulary's pieces."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """Use a vocabulary, in which a piece's place is its number.

        Raises:
            ValueError: the marks of beginning, end and unknown words are not in it.
        """
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        try:
            self._first, self._last, self._unknown = (self._numbers[mark] for mark in (_FIRST, _LAST, _UNKNOWN))
        except KeyError as error:
            raise ValueError(f"{error.args[0]} is not in the vocabulary") from error
        self._pieces = lru_cache(_REMEMBERED_WORDS)(self._cut)

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of a text's pieces between those of the two marks, at most :data:`LONGEST`."""
        found = [self._first]
        for word in words_of(text[:_LONGEST_TEXT]):
            found += self._pieces(word)
            if len(found) >= LONGEST:
                break
        return [*found[: LONGEST - 1], self._last]

    def _cut(self, word: str) -> tuple[int, ...]:
        """Cut a word into the longest pieces that are known, from its beginning; all or none of it."""
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        found = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._numbers.get(mark + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(found)


def words_of(text: str) -> list[str]:
    """Return a text's words and marks as the model knows them: in small letters, without accents."""
    plain = unicodedata.normalize("NFD", "".join(map(_clean, text)))
    bare = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn").lower()
    return "".join(f" {letter} " if _is_mark(letter) else letter for letter in bare).split()


@lru_cache(4096)
def _clean(letter: str) -> str:
    """Return a letter, a space for any white space, nothing for a control, and an ideograph as a word of its own."""
    if letter in "\t\n\r":
        return " "
    if letter == "\ufffd" or unicodedata.category(letter) in _CONTROLS:
        return ""
    if unicodedata.category(letter) == "Zs":
        return " "
    return f" {letter} " if any(first <= ord(letter) <= last for first, last in _IDEOGRAPHS) else letter


@lru_cache(4096)
def _is_mark(letter: str) -> bool:
    """Say whether it is punctuation; all signs of ASCII are, as the tokenizer has it."""
    return (letter.isascii() and not letter.isalnum() and not letter.isspace() and letter.isprintable()) or (
        unicodedata.category(letter).startswith("P")
    )
