from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.pdf_publications import failures
from tests.pdf_structure import structure_of

from portfolio_app.exporting.options import Profile
from portfolio_app.exporting.pdf.assemble import Assembly, write_assembled
from portfolio_app.exporting.pdf.destinations import WebAddress
from portfolio_app.exporting.pdf.form_fields import FormFields, value_string
from portfolio_app.exporting.pdf.form_font import FormFont, text_width
from portfolio_app.exporting.pdf.pen import Pen
from portfolio_app.exporting.pdf.properties import Properties
from portfolio_app.exporting.pdf.structure import Element, Structure
from portfolio_app.exporting.typography import FontBook
from portfolio_app.exporting.wording import wording_of
from portfolio_app.importing.pdf_form import FieldKind, read_form

PROPERTIES = Properties("A form", "Sam Ellis", "", (), "Tests", "en-GB", Profile.REVIEW, None)
WELSH = "Siân, Llŷr a’r ŵydd – «naïve» €5\nsecond line\n\nlast (\\) line"


class Nothing:
    """Takes no notice of how far the work is."""

    def __call__(self, what: str, units: int = 1) -> None: ...
    def check(self) -> None: ...


def written(folder: Path, paint: Callable[[Pen], None], pages: int = 1) -> Path:
    """Write a document whose pages are all painted so."""
    laid_out, target = folder / "laid-out.pdf", folder / "out.pdf"
    pen = Pen(laid_out, FontBook(), language="en-GB", invariant=True)
    for _ in range(pages):
        pen.new_page(595, 842)
        paint(pen)
    pen.close()
    words = wording_of("en-GB")
    assembly = Assembly(words, (), (), pen.places(), pen.structure, PROPERTIES, pen.fields)
    assert write_assembled(laid_out, target, assembly, Nothing()) == []
    return target


def every_kind(pen: Pen) -> None:
    fields, number = pen.fields, pen.page
    fields.text(f"p{number}.name", number, (50, 700, 250, 718), Element("Form"), tip="Your name", value="Ann (née Lee)")
    fields.text(f"p{number}.why", number, (50, 600, 250, 690), Element("Form"), tip="Why", value=WELSH, multi_line=True)
    fields.text(f"p{number}.role", number, (50, 570, 250, 590), Element("Form"), tip="Rôle", longest=30)
    fields.check_box(f"p{number}.seen", number, (50, 550, 60, 560), Element("Form"), tip="I saw it", ticked=True)
    fields.check_box(f"p{number}.heard", number, (50, 530, 60, 540), Element("Form"), tip="I heard it")
    for place, state in enumerate(("met", "not_yet_met")):
        box = (50.0 + 20 * place, 500.0, 60.0 + 20 * place, 510.0)
        name, tip = f"p{number}.decision", "The decision"
        fields.radio_button(name, number, box, Element("Form"), tip=tip, state=state, state_tip=state)
    fields.hidden(f"p{number}.identity", number, '{"who":"we"}')


def test_fields_hold_what_they_were_given_and_say_what_they_ask_for(tmp_path: Path) -> None:
    path = written(tmp_path, every_kind, pages=2)
    assert failures(path, "ua1") == []
    form = read_form(path)
    assert not form.unclear
    assert form.values == {
        f"p{number}.{name}": value
        for number in (1, 2)
        for name, value in {
            "name": "Ann (née Lee)",
            "why": WELSH,
            "role": "",
            "seen": "yes",
            "heard": "",
            "decision": "",
            "identity": '{"who":"we"}',
        }.items()
    }
    assert form.kinds["p1.decision"] is FieldKind.RADIO
    assert form.kinds["p2.seen"] is FieldKind.CHECK_BOX
    with pikepdf.open(path) as pdf:
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        notes = list(pdf.pages[1].obj.Annots)
        shown = [note for note in notes if int(note.F) == 4]
        assert [str(note.get("/TU")) for note in shown][:3] == ["Your name", "Why", "Rôle"]
        assert str(shown[-1].TU) == "The decision: not_yet_met"
        assert all("/N" in note.AP for note in shown)
        assert int(shown[2].MaxLen) == 30
        font = pdf.Root.AcroForm.DR.Font.NotoSans
        assert "/FontFile2" in font.FontDescriptor


def test_what_is_typed_into_one_field_is_drawn_in_that_alone(tmp_path: Path) -> None:
    path = written(tmp_path, every_kind, pages=2)  # their empty fields look the same
    with pikepdf.open(path) as pdf:
        roles = [note for page in pdf.pages for note in page.obj.Annots if str(note.get("/TU")) == "Rôle"]
        roles[0].AP.N.write(b"/Tx BMC (typed) EMC")  # as some programs do, instead of making another stream
        assert len(roles) == 2
        assert b"typed" not in roles[1].AP.N.read_bytes()


def test_what_a_field_holds_is_drawn_in_it(tmp_path: Path) -> None:
    path = written(tmp_path, every_kind)
    with pikepdf.open(path) as pdf:
        del pdf.pages[0].obj.Annots[-1]  # it is hidden
        pdf.flatten_annotations("all")
        pdf.save(tmp_path / "flat.pdf")
    with pypdfium2.PdfDocument(tmp_path / "flat.pdf") as document:
        page = document[0]
        content = page.get_textpage()
        text = content.get_text_range().replace("\r\n", "\n")
        content.close()
        page.close()
    for line in ("Ann (née Lee)", *filter(None, WELSH.split("\n"))):
        assert line in text


def test_fields_stand_where_they_are_read_among_links(tmp_path: Path) -> None:
    def paint(pen: Pen) -> None:
        for number in range(3):
            top = 700 - 50 * number
            element = Element("P")
            pen.label(50, top, f"Field {number}", size=10, element=element)
            pen.text_field(f"f{number}", (150, top, 250, top + 14), Element("Form", element), tip=f"F{number}", size=10)
            link = Element("Link", element)
            pen.label(300, top, "back", size=10, element=link)
            pen.link(WebAddress("https://example.org"), (300, top, 340, top + 10), "back", link)

    path = written(tmp_path, paint)
    assert failures(path, "ua1") == []
    with pikepdf.open(path) as pdf:
        kinds = [str(note.Subtype) for note in pdf.pages[0].obj.Annots]
        assert kinds == ["/Widget", "/Link"] * 3
        assert str(pdf.pages[0].obj.Tabs) == "/S"
    tree = structure_of(path)
    assert [[part if isinstance(part, str) else part.tag for part in node.parts] for node in tree.all("P")] == [
        [f"Field {number} ", "Form", "Link"] for number in range(3)
    ]


@pytest.mark.parametrize("names", [["a", "a"], ["a.b", "a"], ["a", "a.b"], [""], ["a..b"], ["a."]])
def test_a_name_is_given_once_and_only_to_a_field(names: list[str]) -> None:
    fields = FormFields(Structure())

    def add() -> None:
        for name in names:
            fields.text(name, 1, (0, 0, 9, 9), Element("Form"), tip="?")

    with pytest.raises(ValueError, match="field"):
        add()


@pytest.mark.parametrize("state", ["Off", "", "not met", "é", "/yes"])
def test_a_button_means_something_that_can_be_read_back(state: str) -> None:
    with pytest.raises(ValueError, match="button"):
        FormFields(Structure()).check_box("a", 1, (0, 0, 9, 9), Element("Form"), tip="?", state=state)


def test_the_forms_font_has_every_letter_of_western_and_welsh_names_and_those_that_are_written() -> None:
    for character in "Aaé’–€ßøŵŷŴŶÿ!":
        assert FormFont().encoded(character) != FormFont().encoded("?")
        assert text_width(character, 10) > 1
    assert FormFont().encoded("Łж漢") == FormFont().encoded("???")
    written = FormFont(["Łж漢"])
    assert written.encoded("Łж") != written.encoded("??")
    assert written.encoded("漢") == written.encoded("?")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_text_is_kept_in_a_value(tmp_path: Path, text: str) -> None:
    (tmp_path / "value.txt").write_text(value_string(text), encoding="latin-1")
    read = pikepdf.Object.parse((tmp_path / "value.txt").read_bytes())
    assert str(read) == text.replace("\r\n", "\n").replace("\n", "\r")


@given(
    value=st.text(max_size=200),
    extent=st.tuples(st.floats(8, 400), st.floats(8, 200)),
    size=st.floats(4, 40),
    lines=st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_any_text_can_be_drawn_in_any_box(
    tmp_path: Path, value: str, extent: tuple[float, float], size: float, lines: bool
) -> None:
    def paint(pen: Pen) -> None:
        box = (10, 10, 10 + extent[0], 10 + extent[1])
        pen.fields.text("t", 1, box, Element("Form"), tip="Any", value=value, size=size, multi_line=lines)

    with pikepdf.open(written(tmp_path, paint)) as pdf:
        assert pdf.check_pdf_syntax() == []
        look = pdf.pages[0].obj.Annots[0].AP.N
        assert pikepdf.parse_content_stream(look)
