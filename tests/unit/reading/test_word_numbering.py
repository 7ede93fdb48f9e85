"""The numbers that Word counts are those that it shows."""

from __future__ import annotations

import pytest
from lxml import etree

from portfolio_app.reading.word_numbering import ListNumbers

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _numbering(levels: str, more: str = "") -> ListNumbers:
    xml = (
        f'<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="5">{levels}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>{more}</w:numbering>'
    )
    return ListNumbers(etree.fromstring(xml))


def _level(depth: int, shown: str, text: str, start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{shown}"/><w:lvlText w:val="{text}"/>'
        "</w:lvl>"
    )


def test_levels_count_on_and_begin_anew_under_the_next() -> None:
    numbers = _numbering(
        _level(0, "decimal", "LO%1") + _level(1, "decimal", "%1.%2") + _level(2, "lowerLetter", "(%3)")
    )
    printed = [numbers.next("1", depth) for depth in (0, 1, 1, 2, 2, 1, 0, 1, 2)]
    assert printed == ["LO1", "1.1", "1.2", "(a)", "(b)", "1.3", "LO2", "2.1", "(a)"]


@pytest.mark.parametrize(
    ("shown", "start", "printed"),
    [
        ("decimal", 4, ["4.", "5."]), ("decimalZero", 9, ["09.", "10."]), ("lowerRoman", 3, ["iii.", "iv."]),
        ("upperRoman", 9, ["IX.", "X."]), ("upperLetter", 26, ["Z.", "AA."]), ("bullet", 1, ["", ""]),
        ("chicago", 1, ["1.", "2."]),
    ],
)  # fmt: skip
def test_formats(shown: str, start: int, printed: list[str]) -> None:
    numbers = _numbering(_level(0, shown, "%1.", start))
    assert [numbers.next("1", 0), numbers.next("1", 0)] == printed
    assert numbers.is_ordered("1", 0) == (shown != "bullet")


def test_lists_of_one_kind_count_on_unless_one_is_told_where_to_start() -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="5"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    )
    numbers = _numbering(_level(0, "decimal", "%1"), more)
    assert [numbers.next(each, 0) for each in ("1", "2", "3", "1", "3", "gone")] == ["1", "2", "7", "3", "8", ""]
    assert not ListNumbers(None).next("1", 0)
