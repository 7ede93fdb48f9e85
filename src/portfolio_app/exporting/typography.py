"""Which font draws a word, how wide it is, and what stands for characters that no font has.

Noto Sans has Latin, Greek and Cyrillic; arrows, mathematics and symbols come from its sister fonts, chosen
character by character. What none of them has is never dropped in silence: an emoji is written as its name
in brackets, anything else as "▯", and the character is remembered in :attr:`FontBook.substituted`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from portfolio_app.paths import resources_dir

REGULAR, BOLD, ITALIC, BOLD_ITALIC = "NotoSans-Regular", "NotoSans-Bold", "NotoSans-Italic", "NotoSans-BoldItalic"
_FALLBACKS = ("NotoSansSymbols2-Regular", "NotoSansMath-Regular", "NotoSansSymbols-Regular")
_SUBSTITUTE = "▯"
_FIRST_EMOJI = 0x1F000

_PLAIN = re.compile(r"[ -~\n]*")
_INVISIBLE = {0xAD, 0x34F, 0x61C, *range(0x180B, 0x180F), *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)}
_LINE_ENDS = {0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029}
ZERO_WIDTH_SPACE = "\u200b"
NO_BREAK_SPACE = "\u00a0"


class _Cleaning(dict[int, str]):
    """A ``str.translate`` table that finds out what a character is when it is first met."""

    def __missing__(self, code: int) -> str:
        replacement = self[code] = self._replacement(code)
        return replacement

    @staticmethod
    def _replacement(code: int) -> str:
        character = chr(code)
        if code in _LINE_ENDS:
            return "\n"
        if character in (ZERO_WIDTH_SPACE, NO_BREAK_SPACE):
            return character
        if code == 0x202F:
            return NO_BREAK_SPACE
        category = unicodedata.category(character)
        if code == 0x09 or category == "Zs":
            return " "
        if code in _INVISIBLE or category in {"Cc", "Cf"}:
            return ""
        return character


_cleaning = _Cleaning()


def clean(text: str) -> str:
    r"""Return the text without control, bidi and other invisible characters, composed, every line end as "\n"."""
    if _PLAIN.fullmatch(text):
        return text
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_cleaning))


@cache
def _font(name: str) -> TTFont:
    font = TTFont(name, str(resources_dir() / "fonts" / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters of one font. ``width`` is in points at a font size of 1 pt."""

    font: str
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word ready to be drawn. ``space`` is the width of a space after it, at a font size of 1 pt."""

    stretches: tuple[Stretch, ...]
    width: float
    space: float
    missing: str = ""


@dataclass(slots=True)
class FontBook:
    """The fonts of one document; measures words and remembers what had to be substituted."""

    substituted: set[str] = field(default_factory=set)
    _words: dict[tuple[str, str], Word] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _font(REGULAR)  # ReportLab must know it before a page can begin with it

    def word(self, text: str, font: str = REGULAR) -> Word:
        """Return cleaned ``text`` without line breaks as it is drawn in ``font`` and its fallbacks."""
        known = self._words.get((font, text))
        if known is None:
            known = self._words[font, text] = _word(text, font)
            self.substituted.update(known.missing)
        return known

    def width(self, text: str, size: float, font: str = REGULAR) -> float:
        """Return the width in points of one line of text."""
        return self.word(clean(text).replace("\n", " "), font).width * size

    def shortened(self, text: str, size: float, room: float, font: str = REGULAR) -> str:
        """Return the text on one line, its end replaced by "…" when it is wider than ``room`` points.

        It is cut between words where that loses less than half of what fits.
        """
        line = " ".join(clean(text).split())
        if self.width(line, size, font) <= room:
            return line
        low, high = 0, len(line)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(line[:middle].rstrip() + "…", size, font) <= room:
                low = middle
            else:
                high = middle - 1
        cut = line[:low]
        if line[low] != " " and " " in cut[low // 2 :]:
            cut = cut.rpartition(" ")[0]
        return cut.rstrip() + "…"


def _word(text: str, font: str) -> Word:
    stretches: list[Stretch] = []
    missing: list[str] = []
    current, width = font, 0.0
    characters: list[str] = []
    for character in _drawable(text, missing):
        name = _font_of(character, font)
        if name != current and characters:
            stretches.append(Stretch(current, "".join(characters), width))
            characters, width = [], 0.0
        current = name
        characters.append(character)
        width += _font(name).face.getCharWidth(ord(character)) / 1000
    if characters:
        stretches.append(Stretch(current, "".join(characters), width))
    last = stretches[-1].font if stretches else font
    space = _font(last).face.getCharWidth(0x20) / 1000
    return Word(tuple(stretches), sum(stretch.width for stretch in stretches), space, "".join(missing))


def _drawable(text: str, missing: list[str]) -> str:
    base = _font(REGULAR).face.charToGlyph
    if all(ord(character) in base for character in text):
        return text
    drawn: list[str] = []
    for character in text:
        if character == ZERO_WIDTH_SPACE:
            continue
        if _font_with(character) is not None:
            drawn.append(character)
            continue
        missing.append(character)
        name = unicodedata.name(character, "") if ord(character) >= _FIRST_EMOJI else ""
        named = name and unicodedata.category(character) == "So"
        drawn.append(f"[{name.lower()}]" if named else _SUBSTITUTE)
    return "".join(drawn)


def _font_of(character: str, wanted: str) -> str:
    if ord(character) in _font(wanted).face.charToGlyph:
        return wanted
    return _font_with(character) or wanted


@cache
def _font_with(character: str) -> str | None:
    """Return the first font that has a glyph for the character, or None."""
    for name in (REGULAR, *_FALLBACKS):
        if ord(character) in _font(name).face.charToGlyph:
            return name
    return None
