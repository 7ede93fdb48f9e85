"""The Word template: ours is what its script makes, and sound; a centre's own is followed or refused in a sentence."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import pytest
from docx.shared import Emu, Pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator
from PIL import Image
from tests.make_word_template import write_template
from tests.word_documents import W, check_sound, words_of

from portfolio_app.durable import CannotWrite
from portfolio_app.exporting.docx import write_docx
from portfolio_app.exporting.docx.template import LARGEST_TEMPLATE, OWN_TEMPLATE, TemplateUnusable
from portfolio_app.exporting.publication import (
    Cell,
    Heading,
    Link,
    ListBlock,
    Paragraph,
    ParagraphStyle,
    Publication,
    Run,
    Section,
    Table,
)

PUBLICATION = Publication(
    "Portfolio of Sam",
    "Sam Ellis",
    "Diploma",
    "Sam & Co · Diploma",
    (
        Section((Paragraph((Run("Sam Ellis"),), ParagraphStyle.TITLE),), front=True),
        Section(
            (
                Heading(1, "U1 Service", "U1"),
                Paragraph((Run("See E1", link=Link("E1")), Run(" by the way", muted=True))),
                Table((Cell(((Run("Ref"),),)),), ((Cell(((Run("1.1"),),)),),), (1.0,)),
                ListBlock(((Paragraph((Run("one"),)),),)),
            ),
            label="U1",
        ),
        Section((Heading(2, "E1 Plan", "E1"),), label="E1 <1>", landscape=True),
    ),
)


def changed(
    target: Path, changes: Mapping[str, Callable[[str], str] | None], new: Mapping[str, bytes] | None = None
) -> Path:
    """Write our template with parts changed, left out (``None``) or added."""
    with zipfile.ZipFile(OWN_TEMPLATE) as archive, zipfile.ZipFile(target, "w") as copy:
        for name in archive.namelist():
            change = changes.get(name, str)
            if change is not None:
                copy.writestr(name, change(archive.read(name).decode()))
        for name, data in (new or {}).items():
            copy.writestr(name, data)
    return target


def parts_of(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def made(folder: Path, template: Path) -> tuple[docx.document.Document, tuple[str, ...]]:
    target = folder / "made.docx"
    warnings = write_docx(PUBLICATION, target, template=template).warnings
    check_sound(target)
    assert [str(error) for error in OpenXmlValidator().validate(target).errors] == []
    return docx.Document(str(target)), warnings


def edges(document: docx.document.Document) -> list[tuple[str, str]]:
    """Return the text of the header and footer of each section, but for the first page of the front sheet."""
    return [(one.header.paragraphs[0].text, one.footer.paragraphs[0].text) for one in document.sections]


def test_our_template_is_what_its_script_makes(tmp_path: Path) -> None:
    write_template(tmp_path / "made.dotx")
    # Not the bytes of the archives: how well they are packed depends on the library.
    assert parts_of(OWN_TEMPLATE) == parts_of(tmp_path / "made.dotx"), "run “make word-template”"


def test_our_template_is_sound_by_itself() -> None:
    assert [str(error) for error in OpenXmlValidator().validate(OWN_TEMPLATE).errors] == []
    with zipfile.ZipFile(OWN_TEMPLATE) as archive:
        assert b"template.main+xml" in archive.read("[Content_Types].xml")
        guide = words_of(etree.fromstring(archive.read("word/document.xml")))
    assert all(place in guide for place in ("{portfolio}", "{reference}", "{page}"))


def test_pages_say_whose_portfolio_which_item_and_which_page(tmp_path: Path) -> None:
    document, warnings = made(tmp_path, OWN_TEMPLATE)
    assert warnings == ()
    assert edges(document)[1:] == [
        ("Sam & Co · Diploma\tU1", "Page 1 of 1"),
        ("Sam & Co · Diploma\tE1 <1>", "Page 1 of 1"),
    ]
    front = document.sections[0]
    assert front.different_first_page_header_footer
    assert front.first_page_header.paragraphs[0].text == ""
    assert front.first_page_footer.paragraphs[0].text == "Page 1 of 1"
    for section in document.sections:
        assert section.page_width is not None
        assert section.left_margin is not None
        assert section.right_margin is not None
        room = section.page_width - section.left_margin - section.right_margin
        stop = next(section.header._element.iter(f"{W}tab")).get(f"{W}pos")
        assert int(str(stop)) * 635 == pytest.approx(room, abs=635)


def test_template_edited_by_a_centre_is_followed(tmp_path: Path) -> None:
    """Edited as people do: another look for a style, a logo, other words and margins, saved by another program."""
    with zipfile.ZipFile(OWN_TEMPLATE) as archive:
        as_document = io.BytesIO()
        with zipfile.ZipFile(as_document, "w") as copy:
            for name in archive.namelist():
                copy.writestr(name, archive.read(name).replace(b"template.main+xml", b"document.main+xml"))
    edited = docx.Document(as_document)
    edited.styles["Heading 1"].font.size = Pt(31)
    edited.styles["Heading 1"].font.name = "Georgia"
    section = edited.sections[0]
    section.left_margin = section.right_margin = Emu(900_000)
    logo = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(logo, "PNG")
    paragraph = section.header.add_paragraph()
    paragraph.add_run().add_picture(logo)
    for piece in ("Centre 12345, {", "refer", "ence} of {Port", "folio } – {page}!"):  # as Word tears words to runs
        paragraph.add_run(piece).bold = True
    edited.add_paragraph("not taken along")
    template = tmp_path / "centre.docx"
    edited.save(str(template))

    document, warnings = made(tmp_path, template)
    assert warnings == ()
    heading = document.styles["Heading 1"].font
    assert (heading.size, heading.name) == (Pt(31), "Georgia")
    assert {one.left_margin for one in document.sections[:2]} == {section.left_margin}
    assert [one.header.paragraphs[1].text for one in document.sections[1:]] == [
        "Centre 12345, U1 of Sam & Co · Diploma – Page 1 of 1!",
        "Centre 12345, E1 <1> of Sam & Co · Diploma – Page 1 of 1!",
    ]
    assert "not taken along" not in "".join(paragraph.text for paragraph in document.paragraphs)
    with zipfile.ZipFile(tmp_path / "made.docx") as archive:
        logos = [name for name in archive.namelist() if "media/" in name]
        assert len(logos) == 1
        assert archive.read(logos[0]) == logo.getvalue()


def test_styles_are_known_by_name_whatever_word_calls_them_inside(tmp_path: Path) -> None:
    """A German Word writes berschrift1 for Heading1, and another centre may have a style whose id is one of ours."""

    def in_german(styles: str) -> str:
        styles = re.sub('"Heading1"', '"berschrift1"', styles)
        styles = styles.replace('w:styleId="Lead"><w:name w:val="Lead"', 'w:styleId="Quote1"><w:name w:val="Lead"')
        other = '<w:style w:type="paragraph" w:styleId="Lead"><w:name w:val="Leaders"/></w:style>'
        return styles.replace("</w:styles>", f"{other}</w:styles>")

    document, _ = made(tmp_path, changed(tmp_path / "german.dotx", {"word/styles.xml": in_german}))
    assert [one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"] == ["U1 Service"]
    assert {style.name: style.style_id for style in document.styles if style.name in {"Lead", "Leaders"}} == {
        "Lead": "Lead",
        "Leaders": "LeadOther",
    }


def test_of_styles_that_differ_in_capitals_words_own_counts(tmp_path: Path) -> None:
    """LibreOffice writes a Caption of its own beside Word's caption."""

    def saved_by_libreoffice(styles: str) -> str:
        styles = styles.replace('w:styleId="Caption"', 'w:styleId="Caption1"')
        other = (
            '<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="Caption"/><w:rPr><w:i/></w:rPr></w:style>'
            '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="Caption"/></w:style>'
        )
        return styles.replace('<w:style w:type="paragraph" w:default', f'{other}<w:style w:type="paragraph" w:default')

    document, _ = made(tmp_path, changed(tmp_path / "free.dotx", {"word/styles.xml": saved_by_libreoffice}))
    captions = [style for style in document.styles if str(style.name).lower() == "caption"]
    assert [(style.style_id, style.font.italic, style.font.size) for style in captions] == [("Caption", None, Pt(8.5))]
    assert document.styles["Mine"].base_style.style_id == "Caption"


def test_text_is_in_the_documents_language_whatever_the_templates(tmp_path: Path) -> None:
    def french(styles: str) -> str:
        return styles.replace('"en-GB"', '"fr-FR"').replace("<w:i/>", '<w:i/><w:lang w:val="fr-FR"/>')

    made(tmp_path, changed(tmp_path / "french.dotx", {"word/styles.xml": french}))
    with zipfile.ZipFile(tmp_path / "made.docx") as archive:
        styles = archive.read("word/styles.xml").decode()
    assert re.findall('<w:lang [^>]*w:val="([^"]*)"', styles) == ["en-GB"]


def test_what_a_template_lacks_is_ours(tmp_path: Path) -> None:
    """Any Word document will do: one made by another library, without one of our styles, header or footer."""
    template = tmp_path / "plain.docx"
    plain = docx.Document()
    plain.add_heading("A heading that is numbered", 1)
    plain.save(str(template))
    target = tmp_path / "made.docx"
    warnings = write_docx(PUBLICATION, target, template=template).warnings
    check_sound(target)
    assert len(warnings) == 1
    assert "“plain.docx” does not say {reference}" in warnings[0]
    ours, theirs = docx.Document(str(target)).styles, docx.Document(str(template)).styles
    assert ours["Table Text"].font.size == Pt(8.5)
    assert ours["Heading 1"].font.size == theirs["Heading 1"].font.size


def test_template_without_styles_or_theme_takes_ours(tmp_path: Path) -> None:
    template = changed(
        tmp_path / "bare.dotx",
        {
            "word/styles.xml": None,
            "word/theme/theme1.xml": None,
            "word/_rels/document.xml.rels": lambda xml: re.sub(
                '<Relationship [^>]*"(styles|theme/theme1).xml"/>', "", xml
            ),
        },
    )
    document, warnings = made(tmp_path, template)
    assert (document.styles["Heading 1"].font.size, warnings) == (Pt(18), ())


def _part(name: str, change: Callable[[str], str]) -> Callable[[Path], Path]:
    return lambda folder: changed(folder / "bad.dotx", {name: change})


def _file(data: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / "bad.dotx").write_bytes(data)
        return folder / "bad.dotx"

    return write


def _enormous(folder: Path) -> Path:
    place = folder / "bad.dotx"
    with place.open("wb") as file:
        file.truncate(LARGEST_TEMPLATE + 1)
    return place


def _bomb(styles: str) -> str:
    return styles.replace("</w:styles>", " " * 20_000_000 + "</w:styles>")


_LINKED = (
    '<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:link="rId9"/>',
    '<Relationship Id="rId9" Type="http://x/image" Target="http://tracker.example/x.png" TargetMode="External"/>',
)


def _linked_picture(folder: Path) -> Path:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{_LINKED[1]}</Relationships>"
    )
    return changed(
        folder / "bad.dotx",
        {"word/header1.xml": lambda xml: xml.replace("</w:hdr>", f"<w:p><w:r>{_LINKED[0]}</w:r></w:p></w:hdr>")},
        {"word/_rels/header1.xml.rels": rels.encode()},
    )


@pytest.mark.parametrize(
    ("template", "says"),
    [
        (lambda folder: folder / "bad.dotx", "cannot be read"),
        (lambda folder: folder, "cannot be read"),
        (_file(b""), "is not a Word template"),
        (_file(b"Dear centre"), "is not a Word template"),
        (_file(b"PK\x03\x04" + b"\0" * 100), "is not a Word template"),
        (_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "protected with a password"),
        (_enormous, "too large"),
        (_part("word/styles.xml", _bomb), "too large"),
        (_part("word/styles.xml", lambda xml: xml[:-50]), "is not a Word template"),
        (
            _part("word/styles.xml", lambda xml: xml.replace("?>", '?><!DOCTYPE w [<!ENTITY a "b">]>', 1)),
            "is not a Word",
        ),
        (_part("word/document.xml", lambda xml: xml.replace("w:document", "w:settings")), "is not a Word template"),
        (
            _part("word/document.xml", lambda xml: xml.replace("schemas.openxmlformats.org", "purl.oclc.org/ooxml")),
            "Strict Open XML",
        ),
        (_part("word/header1.xml", lambda xml: xml.replace("{portfolio}", "x" * 300_000)), "too much in its header"),
        (_linked_picture, "insert the picture itself"),
    ],
)
def test_template_that_cannot_be_used_is_refused_in_a_sentence(
    tmp_path: Path, template: Callable[[Path], Path], says: str
) -> None:
    place = template(tmp_path)
    (tmp_path / "out").mkdir()
    with pytest.raises(TemplateUnusable, match=re.escape(says)) as found:
        write_docx(PUBLICATION, tmp_path / "out" / "portfolio.docx", template=place)
    assert str(found.value).endswith(".")
    assert list((tmp_path / "out").iterdir()) == []


def test_macros_and_settings_of_a_template_stay_behind(tmp_path: Path) -> None:
    template = changed(
        tmp_path / "macros.dotm",
        {
            "word/settings.xml": lambda xml: xml.replace("<w:zoom", '<w:updateFields w:val="true"/><w:zoom'),
            "word/_rels/document.xml.rels": lambda xml: xml.replace(
                "</Relationships>",
                '<Relationship Id="rId99" Type="http://x/vbaProject" Target="vbaProject.bin"/></Relationships>',
            ),
        },
        {"word/vbaProject.bin": b"Sub AutoOpen()"},
    )
    made(tmp_path, template)
    with zipfile.ZipFile(tmp_path / "made.docx") as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"AutoOpen" not in whole
    assert b"updateFields" not in whole


@given(place=st.integers(0, 7_000), noise=st.binary(min_size=1, max_size=40))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_template_is_refused_or_works(tmp_path: Path, place: int, noise: bytes) -> None:
    data = bytearray(OWN_TEMPLATE.read_bytes())
    data[place : place + len(noise)] = noise
    template, target = tmp_path / "spoilt.dotx", tmp_path / "out.docx"
    template.write_bytes(data)
    target.unlink(missing_ok=True)
    try:
        write_docx(PUBLICATION, target, template=template)
    except TemplateUnusable:
        assert not target.exists()
    else:
        check_sound(target)


def test_template_is_not_blamed_for_a_target_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        write_docx(PUBLICATION, tmp_path / "missing" / "out.docx", template=OWN_TEMPLATE)
