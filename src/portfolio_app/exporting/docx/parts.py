"""Parts of a Word document that say how it works, not how it looks: settings and lists. Looks are the template's."""

from __future__ import annotations

from portfolio_app.exporting import house_style
from portfolio_app.exporting.docx.text import attribute

XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = f'xmlns:w="{MAIN}" xmlns:r="{RELATIONSHIPS}"'

SUNKEN = house_style.SUNKEN[1:]
LINE = "B9C1CE"
"""A shade darker than on screen: printers lose the screen's hairline."""
BULLETS = 0
NUMBERS = 1
LIST_LEVELS = 9
LIST_INDENT = 340
"""How far each level of a list stands in, in twentieths of a point."""

_NUMBER_FORMATS = ("decimal", "lowerLetter", "lowerRoman")
_BULLET_SIGNS = ("•", "–", "·")


def settings_xml(language: str) -> str:
    """Return the part ``settings.xml``: Word 2013 and later, no prompt to update fields."""
    uri = "http://schemas.microsoft.com/office/word"
    modern = (
        ("compatibilityMode", "15"),
        ("overrideTableStyleFontSizeAndJustification", "1"),
        ("enableOpenTypeFeatures", "1"),
        ("doNotFlipMirrorIndents", "1"),
        ("differentiateMultirowTableHeaders", "1"),
    )
    compat = "".join(f'<w:compatSetting w:name="{name}" w:uri="{uri}" w:val="{value}"/>' for name, value in modern)
    return (
        f'{XML_DECLARATION}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        f'<w:characterSpacingControl w:val="doNotCompress"/><w:compat>{compat}</w:compat>'
        f'<w:themeFontLang w:val="{attribute(language)}"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>"
    )


def numbering_xml(numbered: list[tuple[int, int]]) -> str:
    """Return the part ``numbering.xml``.

    List 1 is the bullets; then one list for each numbered list of the document, given as its level and the
    number of its first item.
    """
    abstract = _abstract_list(BULLETS, ordered=False) + _abstract_list(NUMBERS, ordered=True)
    lists = f'<w:num w:numId="1"><w:abstractNumId w:val="{BULLETS}"/></w:num>'
    lists += "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{NUMBERS}"/>'
        f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
        for number, (level, start) in enumerate(numbered, 2)
    )
    return f"{XML_DECLARATION}<w:numbering {NAMESPACES}>{abstract}{lists}</w:numbering>"


def list_indent(level: int) -> int:
    """Return how far the text of a list stands in, in twentieths of a point."""
    return LIST_INDENT * (level + 1)


def _abstract_list(number: int, *, ordered: bool) -> str:
    levels = []
    for level in range(LIST_LEVELS):
        if ordered:
            form, sign = _NUMBER_FORMATS[level % 3], f"%{level + 1}."
        else:
            form, sign = "bullet", _BULLET_SIGNS[level % 3]
        levels.append(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{sign}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{list_indent(level)}" w:hanging="{LIST_INDENT}"/></w:pPr>'
            "</w:lvl>"
        )
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{"".join(levels)}'
        "</w:abstractNum>"
    )
