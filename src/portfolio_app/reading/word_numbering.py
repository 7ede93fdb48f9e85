"""The numbers that Word puts before paragraphs: they stand nowhere in the text, and are counted as Word does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from portfolio_app.reading.packages import Element, attribute, child, children

_DEEPEST: Final = 9
_UNNUMBERED: Final = frozenset({"bullet", "none", ""})
_PLACE: Final = re.compile(r"%([1-9])")
_LONGEST: Final = 60
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_ROMAN: Final = 4_000


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list counts: from ``start``, in a format, printed as a text with ``%1`` for numbers."""

    start: int
    shown: str
    text: str


class ListNumbers:
    """Counts the paragraphs of all lists of a document, in its order."""

    def __init__(self, root: Element | None) -> None:
        """Read the numbering part of a document, which it may lack."""
        levels = {attribute(kind, "abstractNumId"): _levels(kind) for kind in children(root, "abstractNum")}
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        for number in children(root, "num"):
            kind = _value(child(number, "abstractNumId"))
            own = dict(levels.get(kind, {}))
            counted_as = kind
            for override in children(number, "lvlOverride"):
                depth, start = attribute(override, "ilvl"), _value(child(override, "startOverride"))
                if depth.isdecimal() and int(depth) in own and start.isdecimal():
                    before = own[int(depth)]
                    own[int(depth)] = _Level(int(start), before.shown, before.text)
                    counted_as = f"{kind} {attribute(number, 'numId')}"
            self._lists[attribute(number, "numId")] = (counted_as, own)
        self._counters: dict[str, list[int | None]] = {}

    def is_ordered(self, list_id: str, depth: int) -> bool:
        """Say whether paragraphs of this level are numbered."""
        level = self._lists.get(list_id, ("", {}))[1].get(depth)
        return level is not None and level.shown not in _UNNUMBERED

    def next(self, list_id: str, depth: int) -> str:
        """Count a paragraph, and return the number that Word puts before it; nothing before bullets."""
        counted_as, levels = self._lists.get(list_id, ("", {}))
        level = levels.get(depth)
        if level is None or not 0 <= depth < _DEEPEST:
            return ""
        counters = self._counters.setdefault(counted_as, [None] * _DEEPEST)
        before = counters[depth]
        counters[depth] = level.start if before is None else before + 1
        counters[depth + 1 :] = [None] * (_DEEPEST - depth - 1)
        if level.shown in _UNNUMBERED:
            return ""

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            above = levels.get(at, level)
            count = counters[at]
            return _printed(above.start if count is None else count, above.shown)

        return " ".join(_PLACE.sub(number, level.text).split())[:_LONGEST]


def _levels(kind: Element) -> dict[int, _Level]:
    found = {}
    for element in children(kind, "lvl"):
        depth, start = attribute(element, "ilvl"), _value(child(element, "start"))
        if depth.isdecimal() and int(depth) < _DEEPEST:
            found[int(depth)] = _Level(
                min(int(start), 10_000) if start.isdecimal() else 1,
                _value(child(element, "numFmt")),
                _value(child(element, "lvlText")),
            )
    return found


def _printed(number: int, shown: str) -> str:
    match shown:
        case "lowerLetter" | "upperLetter" if number > 0:
            # After z come aa, bb, cc …
            letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 5)
            return letter if shown == "lowerLetter" else letter.upper()
        case "lowerRoman" | "upperRoman" if 0 < number < _MOST_ROMAN:
            roman = _roman(number)
            return roman if shown == "lowerRoman" else roman.upper()
        case "decimalZero":
            return f"{number:02}"
        case _:
            return str(number)


def _roman(number: int) -> str:
    written = ""
    for worth, letters in _ROMAN:
        written += letters * (number // worth)
        number %= worth
    return written


def _value(element: Element | None) -> str:
    return "" if element is None else attribute(element, "val")
