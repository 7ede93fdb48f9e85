"""Finding words that are to be hidden, however they are written: one rule for hiding them and for looking again.

What counts of a text are its letters and digits, without case and accents. What may stand between them depends on
the term: between two words anything that is no letter ("Dana Whyte" is also in "dana.whyte@example.org" and in
"DanaWhyte.pdf"), within a word only what a line's end or a typographer puts there.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.redaction import RedactionTerm

FEWEST_CHARACTERS: Final = 2
"""Letters and digits of a term; a single letter is in everything."""
LONGEST_TERM: Final = 200

_LONGEST_GAP: Final = 40
_PIECE: Final = 20_000
_CONTEXT: Final = 200
_LONGEST_FOUND: Final = LONGEST_TERM * (_LONGEST_GAP + 1)
_ROUNDS: Final = 4
"""How often a text is gone through: what is left beside a replacement may make a term again."""
# Letters that Unicode does not take apart, as people write them without accents.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
_ASCII: Final = {code: (chr(code).lower() if chr(code).isalnum() else None) for code in range(128)}
_NO_LETTER: Final = re.compile(r"[\W_]+")
# Joiners, soft hyphens, signs of direction and what PDFium gives for a hyphen at a line's end.
_UNSEEN: Final = r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\u0300-\u036f\x00-\x08\x0e-\x1f]"
_LINE_END: Final = rf"(?:{_UNSEEN}|[-\u2010\u2011])[ \t]*\r?\n[ \t]*"
_WITHIN: Final = re.compile(rf"(?:{_LINE_END}|{_UNSEEN}|['’‘ʼ`´*_~\\]){{0,6}}")
_WITHIN_NUMBER: Final = re.compile(rf"(?:{_LINE_END}|{_UNSEEN}|[ \u00a0\u2009\u202f.\-\u2010-\u2015/()]){{0,4}}")
_ENCODED: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31}\d{0,2});|(?:%[0-9a-fA-F]{2})+")
_HEXADECIMAL: Final = frozenset("0123456789abcdefABCDEF")
_SHORTEST_HASH: Final = 12
_FEWEST_DIGITS: Final = 5
_FIRST_WITHOUT_SPACES: Final = 0x2E80  # Chinese, Japanese and their neighbours write no spaces between words
_UK_PHONE: Final = re.compile(r"(?:0044|44)?0?([1-9]\d{8,9})")


class _Gap(Enum):
    """What may stand between two characters of a term."""

    WITHIN = "within a word"
    NUMBER = "within a number"
    WORDS = "between two words"


@dataclass(frozen=True, slots=True)
class Found:
    """Where a term stands: characters ``start`` up to ``end``."""

    start: int
    end: int
    term: RedactionTerm


@dataclass(frozen=True, slots=True)
class _Needle:
    letters: str
    gaps: tuple[_Gap, ...]
    term: RedactionTerm


class TermFinder:
    """Finds any of some terms in texts."""

    def __init__(self, terms: Iterable[RedactionTerm]) -> None:
        """Take the terms; those without letters are found nowhere."""
        self._needles = [needle for term in terms for needle in _needles(term)]

    def __bool__(self) -> bool:
        return bool(self._needles)

    def may_occur(self, text: str) -> bool:
        """Say fast whether a text has the letters of a term; where it has not, nothing is found in it."""
        if not self._needles:
            return False
        letters = letters_of(text)
        if any(needle.letters in letters for needle in self._needles):
            return True
        if ("&" in text or "%" in text) and _ENCODED.search(text):
            letters = letters_of(_decoded(text))
            return any(needle.letters in letters for needle in self._needles)
        return False

    def find(self, text: str) -> list[Found]:
        """Return where terms stand, in order; of those that overlap, one that covers them, with the longest's term."""
        return _merged(self._everywhere(text))

    def counts(self, text: str) -> Counter[RedactionTerm]:
        """Return how often each term stands in a text, also within longer ones ("Dana" in "Dana Whyte")."""
        return Counter(one.term for one in set(self._everywhere(text)))

    def hidden(self, text: str, instead: str) -> str:
        """Return the text with the terms replaced: by their own replacement, or by ``instead``."""
        for _ in range(_ROUNDS):
            found = self.find(text)
            if not found:
                return text
            for one in reversed(found):
                text = text[: one.start] + (one.term.replacement or instead) + text[one.end :]
        return "" if self.find(text) else text

    def hidden_in(self, groups: Sequence[Sequence[str]], instead: str) -> list[list[str]]:
        """Return texts that are read one after the other with the terms replaced, also where one goes on in the next.

        The pieces of a group are written without anything between them (parts of a sentence in italics); between
        groups, as cells or paragraphs are, a line ends.
        """
        texts = [list(group) for group in groups]
        for _ in range(_ROUNDS):
            joined = "\n".join("".join(group) for group in texts)
            found = self.find(joined)
            if not found:
                return texts
            self._replace(texts, found, instead)
        if self.find("\n".join("".join(group) for group in texts)):
            return [["" for _ in group] for group in texts]
        return texts

    @staticmethod
    def _replace(texts: list[list[str]], found: Sequence[Found], instead: str) -> None:
        place = 0
        number = 0
        for group in texts:
            begun: set[int] = set()  # replacements that stand in this group already
            for index, piece in enumerate(group):
                end = place + len(piece)
                while number and found[number - 1].end > place:
                    number -= 1
                kept, at = [], place
                while number < len(found) and found[number].start < end:
                    one = found[number]
                    if one.end > place:
                        kept.append(piece[at - place : max(one.start, place) - place])
                        if number not in begun:
                            begun.add(number)
                            kept.append(one.term.replacement or instead)
                        at = min(one.end, end)
                    number += 1
                group[index] = "".join([*kept, piece[at - place :]]) if at > place or kept else piece
                place = end
            place += 1

    def _everywhere(self, text: str) -> list[Found]:
        """Return every occurrence; a long text is gone through in pieces, of which most hold none and take no time."""
        if not self.may_occur(text):
            return []
        found: list[Found] = []
        for start in range(0, len(text), _PIECE):
            begin, end = max(0, start - _CONTEXT), start + _PIECE
            piece = text[begin : end + _LONGEST_FOUND]
            if len(text) > len(piece) and not self.may_occur(piece):
                continue
            here = self._find(_Letters.of(piece, decode=False))
            if _ENCODED.search(piece):
                here += self._find(_Letters.of(piece, decode=True))
            found += [
                Found(one.start + begin, one.end + begin, one.term) for one in here if start <= one.start + begin < end
            ]
        return found

    def _find(self, letters: _Letters) -> list[Found]:
        found = []
        for needle in self._needles:
            place = letters.text.find(needle.letters)
            while place >= 0:
                if letters.fits(place, needle):
                    found.append(letters.found(place, needle))
                place = letters.text.find(needle.letters, place + 1)
        return found


def check_term(text: str) -> str:
    """Return what was typed as a term.

    Raises:
        InvalidInput: it has too few letters and digits, or is too long.
    """
    term = " ".join(text.split())
    if len(letters_of(term)) < FEWEST_CHARACTERS:
        raise InvalidInput(f"“{term}” is too short to be hidden; give at least {FEWEST_CHARACTERS} letters or digits.")
    if letters_of(term).isdigit() and len(letters_of(term)) < _FEWEST_DIGITS:
        raise InvalidInput(
            f"“{term}” is too short a number to be hidden by itself, for dates and page numbers have it too; "
            "mark it together with the words beside it."
        )
    if len(term) > LONGEST_TERM:
        raise InvalidInput(
            f"That is too long to be hidden as a term ({len(term)} characters, at most {LONGEST_TERM}); "
            "mark the names and numbers in it, or a region of the page."
        )
    return term


def is_same_term(first: str, second: str) -> bool:
    """Return whether two texts are the same term: case, accents and signs do not count."""
    return letters_of(first) == letters_of(second)


def letters_of(text: str) -> str:
    """Return what counts of a text: its letters and digits without case and accents.

    >>> letters_of("Zoë O’Brien-Smith")
    'zoeobriensmith'
    """
    if text.isascii():
        return text.translate(_ASCII)
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)
    # A letter's case may only show when it is taken apart, and the other way round (İ, ŉ).
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", plain).casefold())


@lru_cache(maxsize=4096)
def _letters_of_one(character: str) -> str:
    return letters_of(character)


@dataclass(frozen=True, slots=True)
class _Letters:
    """The letters and digits of a text, and for each of them the part of the text that it stands for."""

    source: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, source: str, *, decode: bool) -> _Letters:
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []

        def add(letters: str, start: int, end: int) -> None:
            pieces.append(letters)
            starts.extend([start] * len(letters))
            ends.extend([end] * len(letters))

        place = 0
        for code in _ENCODED.finditer(source) if decode else ():
            for position in range(place, code.start()):
                add(_letters_of_one(source[position]), position, position + 1)
            add(letters_of(_decoded(code[0])), *code.span())
            place = code.end()
        for position in range(place, len(source)):
            add(_letters_of_one(source[position]), position, position + 1)
        return cls(source, "".join(pieces), starts, ends)

    def found(self, place: int, needle: _Needle) -> Found:
        start, end = self.starts[place], self.ends[place + len(needle.letters) - 1]
        while end < len(self.source) and unicodedata.combining(self.source[end]):
            end += 1
        if start and self.source[start - 1] == "+" and self.source[start].isdigit():
            start -= 1  # of a telephone number
        return Found(start, end, needle.term)

    def fits(self, place: int, needle: _Needle) -> bool:
        """Say whether what stands between the letters, and around them, is what may stand there."""
        for offset, gap in enumerate(needle.gaps, place):
            start, end = self.ends[offset], self.starts[offset + 1]
            if start < end and not _may_stand(self.source[start:end], gap):
                return False
        if needle.letters.isdigit() and self._is_in_a_hash(self.starts[place]):
            return False
        if not needle.term.whole_words:
            return True
        last = place + len(needle.letters) - 1
        return self._ends_a_word(self.starts[place], -1) and self._ends_a_word(self.ends[last] - 1, 1)

    def _is_in_a_hash(self, position: int) -> bool:
        """Say whether a number is a part of a hash or a key, where any number may stand."""
        start = end = position
        while start > 0 and self.source[start - 1] in _HEXADECIMAL:
            start -= 1
        while end < len(self.source) and self.source[end] in _HEXADECIMAL:
            end += 1
        run = self.source[start:end]
        return len(run) >= _SHORTEST_HASH and not run.isdigit()

    def _ends_a_word(self, position: int, step: int) -> bool:
        edge = self.source[position]
        beside = position + step
        while 0 <= beside < len(self.source) and not self.source[beside].isalnum():
            if not re.fullmatch(_UNSEEN, self.source[beside]):
                return True
            beside += step
        if not 0 <= beside < len(self.source):
            return True
        other = self.source[beside]
        if edge.isdigit() != other.isdigit() or ord(edge) >= _FIRST_WITHOUT_SPACES:
            return True
        before, after = (other, edge) if step < 0 else (edge, other)
        return before.islower() and after.isupper()  # "DanaWhytePlan.docx"


def _needles(term: RedactionTerm) -> list[_Needle]:
    letters: list[str] = []
    gaps: list[_Gap] = []
    gap = _Gap.WITHIN
    for character in term.text:
        plain = _letters_of_one(character)
        if not plain:
            if not re.fullmatch(_UNSEEN, character):
                gap = _Gap.WORDS
            continue
        for letter in plain:
            if letters:
                is_number = letter.isdigit() or letters[-1].isdigit()
                gaps.append(_Gap.NUMBER if is_number and gap is _Gap.WITHIN else gap)
            letters.append(letter)
            gap = _Gap.WITHIN
    if len(letters) < FEWEST_CHARACTERS:
        return []
    needles = [_Needle("".join(letters), tuple(gaps), term)]
    phone = _UK_PHONE.fullmatch(needles[0].letters)
    if phone:
        for start in ("0", "44", "440", "0044", "00440"):
            number = start + phone[1]
            if number != needles[0].letters:
                needles.append(_Needle(number, (_Gap.NUMBER,) * (len(number) - 1), term))
    return needles


def _may_stand(between: str, gap: _Gap) -> bool:
    match gap:
        case _Gap.WORDS:
            return len(between) <= _LONGEST_GAP
        case _Gap.NUMBER:
            return _WITHIN_NUMBER.fullmatch(between) is not None
        case _Gap.WITHIN:
            return _WITHIN.fullmatch(between) is not None


def _decoded(text: str) -> str:
    return unquote(html.unescape(text))


def _merged(found: list[Found]) -> list[Found]:
    merged: list[Found] = []
    longest = 0
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if merged and one.start < merged[-1].end:
            before = merged[-1]
            term = one.term if one.end - one.start > longest else before.term
            longest = max(longest, one.end - one.start)
            merged[-1] = Found(before.start, max(before.end, one.end), term)
        else:
            merged.append(one)
            longest = one.end - one.start
    return merged
