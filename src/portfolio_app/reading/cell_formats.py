"""How a workbook wants its numbers to be shown: as dates, shares, money, so many decimals."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import Enum, auto

from portfolio_app.reading.packages import Element, attribute, child, children
from portfolio_app.reading.sink import Words


class NumberKind(Enum):
    """What a number stands for."""

    PLAIN = auto()
    SHARE = auto()
    DATE = auto()
    TIME = auto()
    DATE_AND_TIME = auto()
    DURATION = auto()


@dataclass(frozen=True, slots=True)
class CellFormat:
    """How numbers are shown. Without ``decimals`` as many as there are; ``before`` and ``after`` are signs of money.

    ``indent`` is how many steps in the cell's text stands.
    """

    kind: NumberKind = NumberKind.PLAIN
    decimals: int | None = None
    thousands: bool = False
    before: str = ""
    after: str = ""
    indent: int = 0


_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, 15, 16, 17), "d m y"),
    **dict.fromkeys((18, 19, 20, 21), "h:mm"),
    22: "d m y h:mm",
    **dict.fromkeys((37, 38), "#,##0"),
    **dict.fromkeys((39, 40), "#,##0.00"),
    **dict.fromkeys((45, 46, 47), "[h]:mm:ss"),
}
_CURRENCY = re.compile(r"\[\$([^\]-]{0,4})[^\]]*\]")
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|[_*].')
_PLACES = re.compile(r"[0#?]")
_MOST_DECIMALS = 10
_MOST_STEPS = 15
_LONGEST_FORMAT = 255
_LAST_DAY = 2_958_466  # after the year 9999
_SECONDS_OF_DAY = 86_400


def read_formats(styles: Element | None) -> list[CellFormat]:
    """Return the formats of cells in the order in which cells name them."""
    if styles is None:
        return []
    codes = dict(_BUILT_IN)
    for element in children(child(styles, "numFmts"), "numFmt"):
        number = attribute(element, "numFmtId")
        if number.isdecimal() and len(number) < 9:
            codes[int(number)] = attribute(element, "formatCode")
    known: dict[str, CellFormat] = {}
    found = []
    for element in children(child(styles, "cellXfs"), "xf"):
        number = attribute(element, "numFmtId")
        code = codes.get(int(number), "") if number.isdecimal() and len(number) < 9 else ""
        if code not in known:
            known[code] = read_format(code)
        steps = attribute(alignment, "indent") if (alignment := child(element, "alignment")) is not None else ""
        indent = min(int(steps), _MOST_STEPS) if steps.isdecimal() and len(steps) < 4 else 0
        found.append(replace(known[code], indent=indent) if indent else known[code])
    return found


def read_format(code: str) -> CellFormat:
    """Read what matters of a format; one that is not understood shows the number as it is.

    >>> read_format('"£"#,##0.00').before
    '£'
    """
    first = code[:_LONGEST_FORMAT].partition(";")[0]
    if not first or first.casefold() in {"general", "@"}:
        return CellFormat()
    elapsed = _ELAPSED.search(first) is not None
    first = _BRACKETS.sub("", _CURRENCY.sub(lambda match: f'"{match[1]}"', first))
    signs = _LITERAL.sub("", first)
    letters = set(signs.casefold().replace("general", ""))
    if elapsed or letters & set("dyhsm"):
        return CellFormat(NumberKind.DURATION if elapsed else _kind_of_moment(letters))
    places = [match.start() for match in _PLACES.finditer(first)]
    if not places or "E" in signs or "/" in signs:
        return CellFormat()
    whole, _, part = signs.partition(".")
    decimals = sum(sign in "0#?" for sign in part)
    if "%" in signs:
        return CellFormat(NumberKind.SHARE, min(decimals, _MOST_DECIMALS))
    before, after = _text_of(first[: places[0]]), _text_of(first[places[-1] + 1 :])
    return CellFormat(NumberKind.PLAIN, min(decimals, _MOST_DECIMALS), "," in whole, before, after)


def _kind_of_moment(letters: set[str]) -> NumberKind:
    has_time = bool(letters & set("hs"))
    if has_time and not letters & set("dy"):
        return NumberKind.TIME
    return NumberKind.DATE_AND_TIME if has_time else NumberKind.DATE


def _text_of(code: str) -> str:
    """Return what is written beside a number: what stands in quotation marks, or a sign of money."""
    written = _LITERAL.sub(lambda match: match[1] or match[2] or "", code)
    return "".join(sign for sign in written if sign not in "#0?,.()_*@")


def shown_number(text: str, wanted: CellFormat, words: Words, *, since_1904: bool = False) -> str:
    """Return a number as its cell shows it, near enough; what is no number as it is."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return text.strip()
    match wanted.kind:
        case NumberKind.DATE | NumberKind.DATE_AND_TIME if 0 <= number < _LAST_DAY:
            return _date(number, words, with_time=wanted.kind is NumberKind.DATE_AND_TIME, since_1904=since_1904)
        case NumberKind.TIME | NumberKind.DURATION if 0 <= number < _LAST_DAY:
            return _time(number if wanted.kind is NumberKind.DURATION else number % 1)
        case NumberKind.SHARE:
            return f"{_rounded(100 * number, wanted.decimals or 0):,}%"
        case _:
            return _plain(number, wanted)


def _plain(number: Decimal, wanted: CellFormat) -> str:
    if wanted.decimals is None:
        # A binary fraction has many digits more than were typed: 0.1 + 0.2.
        return f"{float(number):.10g}" if abs(number) < 10**10 else f"{number:f}"
    rounded = _rounded(abs(number), wanted.decimals)
    figure = f"{rounded:,}" if wanted.thousands else f"{rounded}"
    return f"{'-' if number < 0 and rounded else ''}{wanted.before}{figure}{wanted.after}"


def _rounded(number: Decimal, decimals: int) -> Decimal:
    try:
        return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    except InvalidOperation:
        return number


def _date(number: Decimal, words: Words, *, with_time: bool, since_1904: bool) -> str:
    days = int(number)
    # Lotus took 1900 for a leap year, and Excel with it.
    first = date(1904, 1, 1) if since_1904 else date(1899, 12, 31 if days < 60 else 30)
    try:
        day = words.day(first + timedelta(days=days))
    except OverflowError:
        return f"{number}"
    return f"{day}, {_time(number % 1)}" if with_time and number % 1 else day


def _time(number: Decimal) -> str:
    seconds = int((number * _SECONDS_OF_DAY).to_integral_value(ROUND_HALF_UP))
    hours, rest = divmod(seconds, 3600)
    if rest % 60:
        return f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
    return f"{hours:02}:{rest // 60:02}"
