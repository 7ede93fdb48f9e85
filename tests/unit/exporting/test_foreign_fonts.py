"""Pages in fonts as pdfTeX, Ghostscript and word processors write them: they stay text, and keep to the rules."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from tests.pdf_publications import attached, document, failures, heading, page_texts, publication, section

from portfolio_app.exporting.options import Profile
from portfolio_app.exporting.pdf import type1_programs as type1
from portfolio_app.exporting.pdf import write_pdf
from portfolio_app.exporting.pdf.character_maps import fit, meaning_of_glyph, read_map, written_map

KEY, GLYPH = 55665, 4330


def texts_of_valid_copies(path: Path, folder: Path) -> list[str]:
    """Attach the document to both kinds of copy, hold them against their rules, and return what the last one says."""
    source = publication(section(heading("E12", 2, "E12"), attached(path)))
    target = folder / "out.pdf"
    for profile, rules in ((Profile.REVIEW, ["ua1"]), (Profile.ARCHIVE, ["ua1", "3a"])):
        write_pdf(source, target, profile=profile)
        assert failures(target, *rules) == []
    return page_texts(target)


def glyph(*numbers: bytes, skip: int = 4) -> bytes:
    """Return the code of a box after the numbers of side bearing and width."""
    box = bytes([13, 139, 139, 21, 239, 6, 239, 7, 39, 6, 9, 14])  # hsbw, rmoveto, three lines, closepath, endchar
    return type1._encrypted(bytes(skip) + b"".join(numbers) + box, GLYPH)


def program(glyphs: dict[str, bytes], *, count: int | None = None, len_iv: str = "") -> tuple[bytes, int, int]:
    names = "".join(
        f"dup {65 + place} /{name} put\n" for place, name in enumerate(name for name in glyphs if name != ".notdef")
    )
    head = (
        "%!FontType1-1.0: Box 1\n11 dict begin\n/FontName /ABCDEF+Box def\n/Encoding 256 array\n"
        f"0 1 255 {{1 index exch /.notdef put}} for\n{names}readonly def\n/PaintType 0 def\n/FontType 1 def\n"
        "/FontMatrix [0.001 0 0 0.001 0 0] readonly def\n/FontBBox{0 0 500 500}readonly def\n"
        "currentdict end\ncurrentfile eexec\n"
    ).encode()
    codes = b"".join(b"/%s %d RD %s ND\n" % (name.encode(), len(code), code) for name, code in glyphs.items())
    private = (
        b"\0\0\0\0dup /Private 8 dict dup begin\n/RD{string currentfile exch readstring pop}executeonly def\n"
        b"/ND{noaccess def}executeonly def\n/NP{noaccess put}executeonly def\n" + len_iv.encode() +
        b"/BlueValues[]def\n/MinFeature{16 16}def\n/password 5839 def\n"
        b"2 index /CharStrings %d dict dup begin\n%send\nend\nreadonly put\nnoaccess put\n"
        b"dup/FontName get exch definefont pop\nmark currentfile closefile\n" % (count or len(glyphs), codes)
    )  # fmt: skip
    encrypted = type1._encrypted(private, KEY)
    return head + encrypted, len(head), len(encrypted)


FRACTION = b"\xff" + (12878).to_bytes(4, "big") + bytes([239]) + b"\x0c\x0c"  # 128.78
WHOLE, WIDE = b"\xf7\x14", b"\xf8\x88"  # 128 and 500
NOTDEF = glyph(b"\x8b", WIDE)


def with_type1(path: Path, made: tuple[bytes, int, int]) -> Path:
    """Write a document whose page says "AB" in the font."""
    data, length1, length2 = made
    document(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        stream = pdf.make_stream(data, Length1=length1, Length2=length2, Length3=0)
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=Name("/ABCDEF+Box"), Flags=4, FontBBox=Array([0, 0, 500, 500]),
            ItalicAngle=0, Ascent=500, Descent=0, CapHeight=500, StemV=50, FontFile=stream, CharSet=String("/A"),
        )  # fmt: skip
        page = pdf.pages[0]
        page.obj.Resources.Font = Dictionary(
            Box=pdf.make_indirect(
                Dictionary(
                    Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/ABCDEF+Box"), FirstChar=65, LastChar=66,
                    Widths=Array([500, 500]), FontDescriptor=pdf.make_indirect(descriptor),
                )
            )
        )  # fmt: skip
        page.obj.Contents = pdf.make_stream(b"BT /Box 40 Tf 60 700 Td (AB) Tj ET")
        pdf.save(path)
    return path


@pytest.mark.parametrize("count", [None, 5])
def test_a_type_1_subset_that_says_too_little_of_itself_is_put_right(count: int | None, tmp_path: Path) -> None:
    made = program({".notdef": NOTDEF, "A": glyph(FRACTION, WIDE), "summationtext": glyph(WHOLE, WIDE)}, count=count)
    texts = texts_of_valid_copies(with_type1(tmp_path / "tex.pdf", made), tmp_path)
    assert "A\ufffd" in texts[1]  # the second glyph's name says nothing that Unicode knows


def test_glyphs_encrypted_without_bytes_of_chance_can_be_read_by_checkers(tmp_path: Path) -> None:
    glyphs = {".notdef": glyph(b"\x8b", WIDE, skip=0)}
    for name in ("A", "B"):
        code = next(
            code
            for more in range(256)
            if b"/" in (code := glyph(bytes([more % 100 + 100]), WIDE, skip=0)) or more == 255
        )
        glyphs[name] = code
    made = program(glyphs, len_iv="/lenIV 0 def\n")
    assert "AB" in texts_of_valid_copies(with_type1(tmp_path / "cm.pdf", made), tmp_path)[1]


@given(st.lists(st.binary(min_size=8, max_size=60), min_size=1, max_size=6))
def test_a_program_put_right_draws_the_same(codes: list[bytes]) -> None:
    plain = {f"g{number}": WHOLE + WIDE + b"\x0d" + code for number, code in enumerate(codes)}
    made = program({name: type1._encrypted(bytes(4) + code, GLYPH) for name, code in plain.items()})
    first = type1.read_program(*made)
    assert first is not None
    assert first.glyphs == tuple(plain)
    data, length1, length2 = first.mended or made
    again = type1._decrypted(data[length1 : length1 + length2], KEY)
    start = type1._GLYPHS.search(again)
    assert start is not None
    found = {
        one.name: type1._decrypted(again[one.begin : one.end], GLYPH)[4:]
        for one in type1._stretches(again, start.end(), type1._GLYPH)
    }
    assert found == plain


@given(st.binary(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_any_program_is_read_or_given_up(data: bytes, length1: int, length2: int) -> None:
    type1.read_program(data, length1, length2)


@given(
    st.dictionaries(
        st.integers(0, 255),
        st.text(
            st.characters(exclude_categories=["Cs", "Co"], exclude_characters="\0\ufeff\ufffe"), min_size=1, max_size=4
        ),
        max_size=40,
    )
)  # fmt: skip
def test_meanings_survive_being_written(meanings: dict[int, str]) -> None:
    assert read_map(written_map(meanings, 2)) == meanings


@given(st.binary(max_size=400))
def test_any_map_is_read(data: bytes) -> None:
    for text in read_map(b"1 beginbfrange " + data + b" endbfrange").values():
        assert fit(text)


def test_maps_are_read_as_programs_write_them() -> None:
    data = (
        b"2 beginbfrange <01><03><0041> <05> <06> [<0066006C> <D835DC34>] endbfrange 1 beginbfchar<09> <F0B7>endbfchar"
    )
    assert read_map(data) == {1: "A", 2: "B", 3: "C", 5: "fl", 6: "\U0001d434", 9: "\uf0b7"}
    assert [fit("\uf0b7"), fit("\ue123"), fit("\0"), fit("")] == ["•", "\ufffd", "\ufffd", "\ufffd"]


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("A", "A"),
        ("eacute", "é"),
        ("f_f_i", "ffi"),
        ("uni00410042", "AB"),
        ("u1D44F", "\U0001d44f"),
        ("a.alt", "a"),
        ("g123", ""),
        ("", ""),
    ],
)
def test_glyphs_mean_what_their_names_say(name: str, meaning: str) -> None:
    assert meaning_of_glyph(name) == meaning


@pytest.mark.parametrize("spoil", ["no map", "half a map", "private use", "zero"])
def test_a_font_that_does_not_say_what_its_codes_mean_stays_text(spoil: str, tmp_path: Path) -> None:
    path = document(tmp_path / "office.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for font in pdf.pages[0].resources.Font.values():
            data = font.ToUnicode.read_bytes()
            if spoil == "no map":
                del font["/ToUnicode"]
                continue
            known = read_map(data)
            changed = {
                "half a map": {code: text for code, text in known.items() if code % 2},
                "private use": {code: chr(0xE000 + code) for code in known},
                "zero": dict.fromkeys(known, "\0"),
            }[spoil]
            font.ToUnicode.write(written_map(changed, 2).replace(b"/CMapType 2 def", b""))
        pdf.save(path)
    texts_of_valid_copies(path, tmp_path)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        forms = pdf.pages[1].obj.Resources.XObject.values()
        assert any("/Font" in form.Resources for form in forms)
