"""Make the Word template anew: ``resources/word/portfolio.dotx``, which exported documents take their looks from.

Run it with ``make word-template`` after a change here; a test compares the file with what this makes. Sizes and
colours are those of paper in every format: 10/14.5 pt text, 18/13/11 pt headings, 8.5 pt tables, hairlines instead of
boxes. Colours and fonts refer to the theme, so that a centre changes them all at once in Word (on its Design tab).
"""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting import house_style
from portfolio_app.exporting.docx.parts import (
    LINE,
    LIST_INDENT,
    NAMESPACES,
    SUNKEN,
    XML_DECLARATION,
    settings_xml,
)
from portfolio_app.exporting.docx.text import (
    ACCENT,
    MUTED,
    SYMBOL_FONT,
    TEXT_FONT,
    paragraph_xml,
    run_xml,
    state_style,
    status_colour,
)
from portfolio_app.paths import resources_dir

TARGET = resources_dir() / "word" / "portfolio.dotx"

_TEXT = house_style.TEXT[1:]
_LANGUAGE = "en-GB"
_WIDTH = 9184  # of the text, in twentieths of a point: A4 between margins of 24 mm
_THEME_STATES = (CoverageState.MET, CoverageState.CLAIMED, CoverageState.NOT_YET_MET, CoverageState.NONE)
_THEME_COLOURS = {
    _TEXT: "text1",
    MUTED: "text2",
    ACCENT: "accent1",
    **{status_colour(state): f"accent{number}" for number, state in enumerate(_THEME_STATES, 2)},
}
_THEME_FONTS = {
    part: (
        f'<w:rFonts w:asciiTheme="{part}HAnsi" w:eastAsiaTheme="{part}EastAsia" w:hAnsiTheme="{part}HAnsi" '
        f'w:cstheme="{part}Bidi"/>'
    )
    for part in ("minor", "major")
}
_BOLD = "<w:b/><w:bCs/>"
_KEEP = "<w:keepNext/><w:keepLines/>"


def main() -> None:
    """Write the template into the program's resources."""
    TARGET.parent.mkdir(exist_ok=True)
    write_template(TARGET)


def write_template(target: Path) -> None:
    """Write the template; the same content each time."""
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = (
        ("word/document.xml", f"{word}.template.main+xml", _document()),
        ("word/styles.xml", f"{word}.styles+xml", styles_xml()),
        ("word/settings.xml", f"{word}.settings+xml", settings_xml(_LANGUAGE)),
        ("word/fontTable.xml", f"{word}.fontTable+xml", _font_table()),
        ("word/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml", _theme()),
        ("word/header1.xml", f"{word}.header+xml", _edge("hdr", _HEADER)),
        ("word/header2.xml", f"{word}.header+xml", _edge("hdr", _BARE_HEADER)),
        ("word/footer1.xml", f"{word}.footer+xml", _edge("ftr", _FOOTER)),
        ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", _core()),
    )
    types = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind, _ in parts)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    files = {
        "[Content_Types].xml": (
            f'{XML_DECLARATION}<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
        ),
        "_rels/.rels": _relationships(
            (f"{office}/officeDocument", "word/document.xml"),
            (f"{package}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "word/_rels/document.xml.rels": _relationships(
            (f"{office}/header", "header1.xml"),
            (f"{office}/header", "header2.xml"),
            (f"{office}/footer", "footer1.xml"),
            (f"{office}/styles", "styles.xml"),
            (f"{office}/settings", "settings.xml"),
            (f"{office}/fontTable", "fontTable.xml"),
            (f"{office}/theme", "theme/theme1.xml"),
        ),
        **{name: xml for name, _, xml in parts},
    }
    with ZipFile(target, "w") as archive:
        for name, xml in files.items():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 0
            archive.writestr(entry, xml.encode())


def _relationships(*targets: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{XML_DECLARATION}<Relationships xmlns="{namespace}">{rows}</Relationships>'


def _core() -> str:
    return (
        f"{XML_DECLARATION}<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Portfolio template</dc:title>'
        f"<dc:language>{_LANGUAGE}</dc:language></cp:coreProperties>"
    )


# Styles


def _colour(value: str) -> str:
    theme = _THEME_COLOURS.get(value, "")
    return f'<w:color w:val="{value}"' + (f' w:themeColor="{theme}"/>' if theme else "/>")


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def _spacing(before: float = 0, after: float = 0, line: float = 0) -> str:
    """Return spacing in points; lines grow for what is taller."""
    height = f' w:line="{round(line * 20)}" w:lineRule="atLeast"' if line else ""
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{height}/>'


def _border(side: str, distance: int = 0, colour: str = LINE, eighths: int = 4) -> str:
    """Return one side of a border, ``distance`` points away from the text."""
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{distance}" w:color="{colour}"/>'


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
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr>{run}</w:rPr></w:style>'
    )


def _table_style(style_id: str, name: str, borders: str, margins: tuple[int, int, int], head: str = "") -> str:
    """Return a style of tables; ``head`` are the borders of their first row."""
    left, right, down = margins
    first = f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>{head}</w:tcBorders></w:tcPr></w:tblStylePr>'
    return (
        f'<w:style w:type="table" w:styleId="{style_id}"><w:name w:val="{name}"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr>{f'<w:tblBorders>{borders}</w:tblBorders>' if borders else ''}<w:tblCellMar>"
        f'<w:top w:w="{down}" w:type="dxa"/><w:left w:w="{left}" w:type="dxa"/>'
        f'<w:bottom w:w="{down}" w:type="dxa"/><w:right w:w="{right}" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr>{first if head else ''}</w:style>"
    )


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


def styles_xml() -> str:
    """Return the part ``styles.xml``."""
    language = f'<w:lang w:val="{_LANGUAGE}" w:eastAsia="{_LANGUAGE}"/>'
    # The text's colour belongs to Normal: among the defaults LibreOffice prefers it to a link's within tables.
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_THEME_FONTS['minor']}{_size(10)}{language}</w:rPr></w:rPrDefault>"
        "<w:pPrDefault/></w:docDefaults>"
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="0" w:defUnhideWhenUsed="0" '
        'w:defQFormat="0" w:count="376"/>'
    )
    normal = _paragraph_style(
        "Normal", "Normal", "<w:widowControl/>" + _spacing(0, 7, 14.5), _colour(_TEXT), based_on=""
    )
    everything = (
        *(normal, _BASIC_STYLES, *_heading_styles(), *_text_styles(), *_small_styles(), *_character_styles()),
        *_table_styles(),
    )
    return f"{XML_DECLARATION}<w:styles {NAMESPACES}>{defaults}{''.join(everything)}</w:styles>"


def _heading_styles() -> list[str]:
    major = _THEME_FONTS["major"]
    found = [
        _paragraph_style("Title", "Title", _KEEP + _spacing(0, 6, 36), major + _BOLD + _size(28), follow="Subtitle"),
        _paragraph_style(
            "Subtitle", "Subtitle", _KEEP + _spacing(0, 14, 19), major + _colour(MUTED) + _size(13), follow="Normal"
        ),
        _paragraph_style(
            "TOCHeading", "TOC Heading", _KEEP + _spacing(0, 10, 24), major + _BOLD + _size(18), follow="Normal"
        ),
    ]
    for level, size, before, after, colour in (
        (1, 18, 28, 10, ""),
        (2, 13, 20, 6, ""),
        (3, 11, 14, 4, ""),
        (4, 10, 12, 3, _colour(MUTED)),
    ):
        place = _KEEP + _spacing(before, after, size * 1.3) + f'<w:outlineLvl w:val="{level - 1}"/>'
        run = major + _BOLD + colour + _size(size)
        found.append(_paragraph_style(f"Heading{level}", f"heading {level}", place, run, follow="Normal"))
    return found


def _text_styles() -> list[str]:
    bar = f"<w:pBdr>{_border('left', 10, ACCENT, 8)}</w:pBdr>"
    inset = '<w:ind w:left="340" w:right="340"/>'
    return [
        _paragraph_style("TOC1", "toc 1", _spacing(8, 2, 14.5), _BOLD, follow="Normal"),
        _paragraph_style("TOC2", "toc 2", _spacing(0, 1, 13.5) + f'<w:ind w:left="{LIST_INDENT}"/>', follow="Normal"),
        _paragraph_style("Lead", "Lead", _spacing(0, 10, 16.5), _size(11.5)),
        _paragraph_style("Muted", "Muted", _spacing(0, 6, 13), _colour(MUTED) + _size(9)),
        _paragraph_style("Quote", "Quote", bar + _spacing(2, 8, 14.5) + inset, "<w:i/><w:iCs/>"),
        _paragraph_style("Label", "Label", _KEEP + _spacing(6, 1, 12), _BOLD + _colour(MUTED) + _size(8.5)),
        _paragraph_style("Caption", "caption", _spacing(2, 10, 12), _colour(MUTED) + _size(8.5)),
        _paragraph_style("ListParagraph", "List Paragraph", _spacing(0, 3, 14.5)),
        _paragraph_style("Picture", "Picture", "<w:keepNext/>" + _spacing(6, 4)),
        _paragraph_style("Attachment", "Attachment", f"<w:pBdr>{_border('top', 5)}</w:pBdr>" + _spacing(14, 2, 13)),
        _paragraph_style("AttachmentText", "Attachment Text", _spacing(0, 2, 12), _colour(MUTED) + _size(8.5)),
    ]


def _small_styles() -> list[str]:
    """Return the styles of what stands in tables, and at the edges of pages."""
    return [
        _paragraph_style(
            "TableCaption", "Table Caption", _KEEP + _spacing(8, 4, 12), _BOLD + _size(8.5), follow="Normal"
        ),
        _paragraph_style("TableText", "Table Text", _spacing(0, 0, 11.5), _size(8.5)),
        _paragraph_style("TableHead", "Table Head", "<w:keepNext/>", _BOLD + _colour(MUTED), based_on="TableText"),
        _paragraph_style("NarrowText", "Narrow Text", _spacing(0, 0, 9.5), _size(7)),
        _paragraph_style("NarrowHead", "Narrow Head", "<w:keepNext/>", _BOLD + _colour(MUTED), based_on="NarrowText"),
        _paragraph_style("QuietText", "Quiet Text", _spacing(0, 0, 14), _size(9.5)),
        _paragraph_style("QuietHead", "Quiet Head", "", _colour(MUTED), based_on="QuietText"),
        _paragraph_style("FrontText", "Front Text", _spacing(0, 0, 14), _size(10.5)),
        _paragraph_style("FrontHead", "Front Head", "", _colour(MUTED), based_on="FrontText"),
        _paragraph_style("MatrixText", "Matrix Text", _spacing(0, 0, 10), _size(7.5)),
        _paragraph_style("MatrixMark", "Matrix Mark", _spacing(0, 0, 9) + '<w:jc w:val="center"/>', _size(9)),
        _paragraph_style("MatrixHead", "Matrix Head", _spacing(0, 0, 9), _size(7)),
        _paragraph_style("SignatureLabel", "Signature Label", "", _colour(MUTED) + _size(8), based_on="TableText"),
        _paragraph_style("BetweenTables", "Between Tables", _spacing(0, 0, 8), _size(4)),
        _paragraph_style(
            "SectionEnd",
            "Section End",
            '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>',
            _size(1),
        ),
        _paragraph_style(
            "Header",
            "header",
            f"<w:pBdr>{_border('bottom', 4)}</w:pBdr>" + _spacing(0, 0, 11),
            _colour(MUTED) + _size(8),
        ),
        _paragraph_style("Footer", "footer", _spacing(0, 0, 11), _colour(MUTED) + _size(8)),
    ]


def _character_styles() -> list[str]:
    link = f'<w:color w:val="{ACCENT}" w:themeColor="hyperlink"/>'
    return [
        _character_style("Hyperlink", "Hyperlink", f'{link}<w:u w:val="single"/>'),
        _character_style("CrossReference", "Cross Reference", link),
        _character_style("MutedText", "Muted Text", _colour(MUTED)),
        _character_style("MatrixPlace", "Matrix Place", _size(6.5)),
        _character_style("PageLabel", "Page Label", _BOLD + _colour(_TEXT) + _size(9)),
        *(
            _character_style(
                state_style(state), f"State {state.value.replace('_', ' ')}", _colour(status_colour(state))
            )
            for state in CoverageState
        ),
    ]


def _table_styles() -> list[str]:
    rows = _border("bottom") + _border("insideH")
    head = _border("bottom", colour=MUTED, eighths=8)
    return [
        _table_style("Hairlines", "Hairlines", rows, (80, 80, 50), head),
        _table_style("NarrowTable", "Narrow Table", rows, (40, 40, 40), head),
        _table_style("QuietTable", "Quiet Table", "", (0, 160, 35)),
        _table_style("FrontTable", "Front Table", rows, (0, 160, 60)),
        _table_style(
            "MatrixGrid", "Matrix Grid", f"{rows}{_border('insideV')}", (40, 40, 20), _border("bottom", colour=MUTED)
        ),
    ]


def _font_table() -> str:
    """Return our fonts, and what stands in where they are not installed."""
    return (
        f"{XML_DECLARATION}<w:fonts {NAMESPACES}>"
        f'<w:font w:name="{TEXT_FONT}"><w:altName w:val="Segoe UI,Calibri,Arial"/>'
        '<w:panose1 w:val="020B0502040504020204"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
        '<w:pitch w:val="variable"/></w:font>'
        f'<w:font w:name="{SYMBOL_FONT}"><w:altName w:val="Segoe UI Symbol,Apple Symbols,DejaVu Sans"/>'
        '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )


def _theme() -> str:
    """Return our colours and fonts for Word's pickers."""
    colours = (
        ("dk1", _TEXT),
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


# Pages

_HEADER = paragraph_xml(
    "Header",
    run_xml("{portfolio}") + "<w:r><w:tab/></w:r>" + run_xml("{reference}", style="PageLabel"),
    f'<w:tabs><w:tab w:val="right" w:pos="{_WIDTH}"/></w:tabs>',
)
_BARE_HEADER = paragraph_xml("Header", "", '<w:pBdr><w:bottom w:val="nil"/></w:pBdr>')
_FOOTER = paragraph_xml("Footer", run_xml("{page}"))


def _edge(tag: str, paragraph: str) -> str:
    return f"{XML_DECLARATION}<w:{tag} {NAMESPACES}>{paragraph}</w:{tag}>"


_GUIDE = (
    ("Label", "Word template"),
    ("Title", "How your portfolios look"),
    ("Subtitle", "Change this document and save it: Word exports that use it look the same."),
    ("Heading1", "What you can change"),
    (
        "Normal",
        (
            "Fonts and colours all at once: Design → Fonts, Design → Colours. One kind of text: right-click its style "
            "in the gallery, Modify. Margins: Layout → Margins. Header and footer: double-click at the edge of this "
            "page and put in your logo, the centre’s name or number."
        ),
    ),
    (
        "Normal",
        (
            "In headers and footers these words are filled in: {portfolio} is the learner and the qualification, "
            "{reference} the unit or item of evidence that the page belongs to, {page} the page’s number and how many "
            "there are. Keep {reference}, so that each page says what it belongs to. The first page has a header of "
            "its own."
        ),
    ),
    ("Muted", "Nothing else on these pages is used. Paper size and direction are those of the export."),
    ("Heading2", "What the styles are for"),
    ("Lead", "Lead: a sentence that opens a chapter."),
    ("Normal", "Normal: most of the text."),
    ("Quote", "Quote: words from the evidence, and the assessor’s."),
    ("ListParagraph", "List Paragraph: an item of a list."),
    ("Muted", "Muted: what is said by the way."),
    ("Label", "Label: above a value"),
    ("Caption", "Caption: below a picture."),
    ("Heading3", "Heading 3: a criterion"),
    ("Heading4", "Heading 4: a part of it"),
    ("TableCaption", "Table Caption: above a table"),
)


def _document() -> str:
    # The styles stand on a second page, so that the header of all but the first is seen.
    body = "".join(
        paragraph_xml(style, run_xml(words), "<w:pageBreakBefore/>" if style == "Heading2" else "")
        for style, words in _GUIDE
    )
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/><w:headerReference w:type="first" r:id="rId2"/>'
        '<w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="first" r:id="rId3"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1474" w:right="1361" w:bottom="1304" w:left="1361" '
        'w:header="680" w:footer="624" w:gutter="0"/><w:titlePg/></w:sectPr>'
    )
    table = _table(
        "Hairlines",
        (("TableHead", "Table Head"), ("TableHead", "Rows are parted by hairlines")),
        (("TableText", "Table Text"), ("TableText", "The table style is called Hairlines.")),
    )
    signs = "".join(
        run_xml(f"{state.symbol} {state.value.replace('_', ' ')}   ", style=state_style(state))
        for state in CoverageState
    )
    after_table = paragraph_xml("Normal", signs, '<w:spacing w:before="160"/>')
    return (
        f"{XML_DECLARATION}<w:document {NAMESPACES}><w:body>{body}{table}{after_table}{section}</w:body></w:document>"
    )


def _table(style: str, *rows: tuple[tuple[str, str], ...]) -> str:
    width = _WIDTH // len(rows[0])
    grid = f'<w:gridCol w:w="{width}"/>' * len(rows[0])
    drawn = []
    for number, row in enumerate(rows):
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{paragraph_xml(name, run_xml(words))}</w:tc>'
            for name, words in row
        )
        properties = "" if number else "<w:trPr><w:tblHeader/></w:trPr>"
        drawn.append(f"<w:tr>{properties}{cells}</w:tr>")
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{_WIDTH}" w:type="dxa"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(drawn)}</w:tbl>'
    )


if __name__ == "__main__":
    main()
