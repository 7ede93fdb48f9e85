"""How the Word document looks: styles, settings, fonts and lists, as the XML of their parts.

Sizes and colours are those of paper in every format: 10/14.5 pt text, 18/13/11 pt headings, 8.5 pt tables,
hairlines instead of boxes.
"""

from __future__ import annotations

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting import house_style
from portfolio_app.exporting.docx.text import ACCENT, MUTED, SYMBOL_FONT, TEXT_FONT, attribute, status_colour

XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = f'xmlns:w="{_MAIN}" xmlns:r="{_RELATIONSHIPS}"'

TEXT = house_style.TEXT[1:]
SUNKEN = house_style.SUNKEN[1:]
LINE = "B9C1CE"  # a shade darker than on screen: printers lose the screen's hairline
BULLETS = 0
NUMBERS = 1
LIST_LEVELS = 9

_THEME_STATES = (CoverageState.MET, CoverageState.CLAIMED, CoverageState.NOT_YET_MET, CoverageState.NONE)
_LIST_INDENT = 340  # twentieths of a point
_NUMBER_FORMATS = ("decimal", "lowerLetter", "lowerRoman")
_BULLET_SIGNS = ("•", "–", "·")


def _paragraph_style(
    style_id: str, name: str, paragraph: str = "", run: str = "", *, based_on: str = "Normal", follow: str = ""
) -> str:
    based = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    following = f'<w:next w:val="{follow}"/>' if follow else ""
    default = "" if based_on else ' w:default="1"'
    paragraph = f"<w:pPr>{paragraph}</w:pPr>" if paragraph else ""
    run = f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{style_id}"><w:name w:val="{name}"/>{based}{following}'
        f"<w:qFormat/>{paragraph}{run}</w:style>"
    )


def _character_style(style_id: str, name: str, run: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:rPr>{run}</w:rPr></w:style>'
    )


def _table_style(style_id: str, name: str, borders: str, margins: tuple[int, int, int]) -> str:
    left, right, down = margins
    return (
        f'<w:style w:type="table" w:styleId="{style_id}"><w:name w:val="{name}"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>"
        f'<w:top w:w="{down}" w:type="dxa"/><w:left w:w="{left}" w:type="dxa"/>'
        f'<w:bottom w:w="{down}" w:type="dxa"/><w:right w:w="{right}" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr></w:style>"
    )


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def _spacing(before: float = 0, after: float = 0, line: float = 0) -> str:
    """Return spacing in points; lines grow for what is taller."""
    height = f' w:line="{round(line * 20)}" w:lineRule="atLeast"' if line else ""
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{height}/>'


def _colour(value: str) -> str:
    return f'<w:color w:val="{value}"/>'


_BOLD = "<w:b/><w:bCs/>"
_NOT_BOLD = '<w:b w:val="0"/><w:bCs w:val="0"/>'
_KEEP = "<w:keepNext/><w:keepLines/>"


_BASIC_STYLES = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
)


def _hairline(side: str, distance: int = 0) -> str:
    """Return one side of a border, ``distance`` points away from the text."""
    return f'<w:{side} w:val="single" w:sz="4" w:space="{distance}" w:color="{LINE}"/>'


def styles_xml(language: str) -> str:
    """Return the part ``styles.xml``."""
    fonts = f'<w:rFonts w:ascii="{TEXT_FONT}" w:hAnsi="{TEXT_FONT}" w:eastAsia="{TEXT_FONT}" w:cs="{TEXT_FONT}"/>'
    tongue = f'<w:lang w:val="{attribute(language)}" w:eastAsia="{attribute(language)}"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}{_colour(TEXT)}{_size(10)}{tongue}</w:rPr></w:rPrDefault>"
        "<w:pPrDefault/></w:docDefaults>"
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="0" w:defUnhideWhenUsed="0" '
        'w:defQFormat="0" w:count="376"/>'
    )
    quotation_bar = f'<w:pBdr><w:left w:val="single" w:sz="12" w:space="10" w:color="{LINE}"/></w:pBdr>'
    head_rule = f"<w:pBdr>{_hairline('bottom', 4)}</w:pBdr>"
    attachment_rule = f"<w:pBdr>{_hairline('top', 5)}</w:pBdr>"
    foot_rule = f"<w:pBdr>{_hairline('top', 4)}</w:pBdr>"
    everything = [
        _paragraph_style("Normal", "Normal", "<w:widowControl/>" + _spacing(0, 7, 14.5), based_on=""),
        _BASIC_STYLES,
        _paragraph_style("Title", "Title", _KEEP + _spacing(8, 6, 36), f"{_BOLD}{_size(28)}", follow="Subtitle"),
        _paragraph_style(
            "Subtitle", "Subtitle", _KEEP + _spacing(0, 24, 19), f"{_colour(MUTED)}{_size(13)}", follow="Normal"
        ),
    ]
    for level, size, before, after, run in (
        (1, 18, 28, 10, _BOLD),
        (2, 13, 20, 6, _BOLD),
        (3, 11, 14, 4, _BOLD),
        (4, 10, 12, 3, _BOLD + _colour(MUTED)),
    ):
        outline = f'<w:outlineLvl w:val="{level - 1}"/>'
        spacing = _spacing(before, after, size * 1.3)
        everything.append(
            _paragraph_style(
                f"Heading{level}", f"heading {level}", _KEEP + spacing + outline, run + _size(size), follow="Normal"
            )
        )
    everything += [
        _paragraph_style("TOCHeading", "TOC Heading", _KEEP + _spacing(0, 10, 24), _BOLD + _size(18), follow="Normal"),
        _paragraph_style("TOC1", "toc 1", _spacing(8, 2, 14.5), _BOLD, follow="Normal"),
        _paragraph_style(
            "TOC2", "toc 2", _spacing(0, 1, 13.5) + f'<w:ind w:left="{_LIST_INDENT}"/>', "", follow="Normal"
        ),
        _paragraph_style("Lead", "Lead", _spacing(0, 10, 16.5), _size(11.5)),
        _paragraph_style("Muted", "Muted", _spacing(0, 6, 13), _colour(MUTED) + _size(9)),
        _paragraph_style(
            "Quote",
            "Quote",
            quotation_bar + _spacing(2, 8, 14.5) + '<w:ind w:left="340" w:right="340"/>',
            "<w:i/><w:iCs/>",
        ),
        _paragraph_style("Label", "Label", _KEEP + _spacing(6, 1, 12), _BOLD + _colour(MUTED) + _size(8.5)),
        _paragraph_style("Caption", "caption", _spacing(2, 10, 12), _colour(MUTED) + _size(8.5)),
        _paragraph_style(
            "TableCaption", "Table Caption", _KEEP + _spacing(8, 4, 12), _BOLD + _size(8.5), follow="Normal"
        ),
        _paragraph_style("ListParagraph", "List Paragraph", _spacing(0, 3, 14.5)),
        _paragraph_style("Picture", "Picture", "<w:keepNext/>" + _spacing(6, 4)),
        _paragraph_style("TableText", "Table Text", _spacing(0, 0, 11.5), _size(8.5)),
        _paragraph_style("TableHead", "Table Head", "<w:keepNext/>", _BOLD + _colour(MUTED), based_on="TableText"),
        _paragraph_style("Attachment", "Attachment", attachment_rule + _spacing(14, 2, 13), _size(9.5)),
        _paragraph_style("AttachmentText", "Attachment Text", _spacing(0, 2, 12), _colour(MUTED) + _size(8.5)),
        _paragraph_style("TableGap", "Table Gap", _spacing(0, 0, 8), _size(4)),
        _paragraph_style("QuietText", "Quiet Text", _spacing(0, 0, 14), _size(9.5)),
        _paragraph_style("QuietHead", "Quiet Head", "", _colour(MUTED), based_on="QuietText"),
        _paragraph_style("MatrixText", "Matrix Text", _spacing(0, 0, 10), _size(7.5)),
        _paragraph_style("MatrixMark", "Matrix Mark", _spacing(0, 0, 9) + '<w:jc w:val="center"/>', _size(9)),
        _paragraph_style("MatrixHead", "Matrix Head", _spacing(0, 0, 9), _size(7)),
        _paragraph_style("SignatureLabel", "Signature Label", "", _colour(MUTED) + _size(8), based_on="TableText"),
        _paragraph_style(
            "SectionEnd",
            "Section End",
            '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>',
            _size(1),
        ),
        _paragraph_style("Header", "header", head_rule + _spacing(0, 0, 11), _colour(MUTED) + _size(8)),
        _paragraph_style(
            "Footer", "footer", foot_rule + _spacing(0, 0, 11) + '<w:jc w:val="right"/>', _colour(MUTED) + _size(8)
        ),
        _character_style("Hyperlink", "Hyperlink", f'{_colour(ACCENT)}<w:u w:val="single"/>'),
        _character_style("CrossReference", "Cross Reference", _colour(ACCENT)),
        _character_style("MatrixPlace", "Matrix Place", _size(7)),
        _character_style("PageLabel", "Page Label", f"{_BOLD}{_colour(TEXT)}{_size(9)}"),
        _table_style(
            "Hairlines",
            "Hairlines",
            f"{_hairline('top')}{_hairline('bottom')}{_hairline('insideH')}",
            (80, 80, 50),
        ),
        _table_style("QuietTable", "Quiet Table", "", (0, 160, 35)),
        _table_style(
            "MatrixGrid",
            "Matrix Grid",
            f"{_hairline('top')}{_hairline('bottom')}{_hairline('insideH')}{_hairline('insideV')}",
            (40, 40, 20),
        ),
    ]
    return f"{XML_DECLARATION}<w:styles {NAMESPACES}>{defaults}{''.join(everything)}</w:styles>"


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


def font_table_xml() -> str:
    """Return the part ``fontTable.xml``: our fonts, and what stands in where they are not installed."""
    return (
        f"{XML_DECLARATION}<w:fonts {NAMESPACES}>"
        f'<w:font w:name="{TEXT_FONT}"><w:altName w:val="Segoe UI,Calibri,Arial"/>'
        '<w:panose1 w:val="020B0502040504020204"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
        '<w:pitch w:val="variable"/></w:font>'
        f'<w:font w:name="{SYMBOL_FONT}"><w:altName w:val="Segoe UI Symbol,Apple Symbols,DejaVu Sans"/>'
        '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )


def theme_xml() -> str:
    """Return the part ``theme1.xml``: our colours and fonts in Word's pickers."""
    colours = (
        ("dk1", TEXT),
        ("lt1", house_style.WHITE[1:]),
        ("dk2", MUTED),
        ("lt2", SUNKEN),
        ("accent1", ACCENT),
        *((f"accent{number}", status_colour(state)) for number, state in enumerate(_THEME_STATES, 2)),
        ("accent6", MUTED),
        ("hlink", ACCENT),
        ("folHlink", ACCENT),
    )
    palette = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in colours)
    face = f'<a:latin typeface="{TEXT_FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{XML_DECLARATION}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Portfolio">'
        f'<a:themeElements><a:clrScheme name="Portfolio">{palette}</a:clrScheme><a:fontScheme name="Portfolio">'
        f"<a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Portfolio"><a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}'
        f"</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}"
        "</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
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
    return _LIST_INDENT * (level + 1)


def _abstract_list(number: int, *, ordered: bool) -> str:
    levels = []
    for level in range(LIST_LEVELS):
        if ordered:
            form, sign = _NUMBER_FORMATS[level % 3], f"%{level + 1}."
        else:
            form, sign = "bullet", _BULLET_SIGNS[level % 3]
        levels.append(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{sign}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{list_indent(level)}" w:hanging="{_LIST_INDENT}"/></w:pPr>'
            f"<w:rPr>{_colour(MUTED)}</w:rPr></w:lvl>"
        )
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{"".join(levels)}'
        "</w:abstractNum>"
    )
