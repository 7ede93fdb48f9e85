"""What somebody filled in is read whichever program saved it, and a stranger's file does no harm."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Object, String

from portfolio_app.importing.pdf_form import FieldKind, FormUnreadable, read_form

_RADIO = 1 << 15


class Form:
    """A form of one page that is put together by hand, so that it can be wrong in any way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pdf = pikepdf.new()
        self.page = self.pdf.add_blank_page()
        self.page.obj.Annots = self.pdf.make_indirect(Array())
        self.fields = self.pdf.make_indirect(Array())
        self.acroform = self.pdf.make_indirect(Dictionary(Fields=self.fields))
        self.pdf.Root.AcroForm = self.acroform

    def thing(self, **entries: Any) -> Object:
        return self.pdf.make_indirect(Dictionary(**entries))

    def field(self, name: str, kind: str = "Tx", **entries: Any) -> Object:
        """A field that is its own box on the page."""
        box = self.thing(T=String(name), FT=Name(f"/{kind}"), Subtype=Name.Widget, Rect=[0, 0, 9, 9], **entries)
        self.page.obj.Annots.append(box)
        self.fields.append(box)
        return box

    def below(self, parent: Object, *kids: Object) -> Object:
        parent.Kids = Array(kids)
        for kid in kids:
            kid.Parent = parent
        return parent

    def button(self, state: str | None) -> Object:
        box = self.thing(Subtype=Name.Widget, Rect=[0, 0, 9, 9], **({"AS": Name(f"/{state}")} if state else {}))
        self.page.obj.Annots.append(box)
        return box

    def radio(self, name: str, *states: str | None, **entries: Any) -> Object:
        group = self.thing(T=String(name), FT=Name.Btn, Ff=_RADIO, **entries)
        self.fields.append(group)
        return self.below(group, *map(self.button, states))

    def save(self, **options: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # of boxes that the form does not list
            self.pdf.save(self.path, **options)

    def read(self) -> dict[str, str]:
        self.save()
        return dict(read_form(self.path).values)


@pytest.fixture
def form(tmp_path: Path) -> Form:
    return Form(tmp_path / "back.pdf")


def test_names_are_joined_down_the_tree_and_taken_as_they_are_where_the_tree_was_flattened(form: Form) -> None:
    leaf = form.thing(T=String("comment"), V=String("In the tree"))
    middle = form.below(form.thing(T=String("r1"), FT=Name.Tx), leaf)
    form.fields.append(form.below(form.thing(T=String("pf_x")), middle))
    form.field("pf_x.r2.comment", V=String("Flat"))
    assert form.read() == {"pf_x.r1.comment": "In the tree", "pf_x.r2.comment": "Flat"}


@pytest.mark.parametrize(
    ("entries", "states", "value"),
    [
        ({}, ("Off", "Off"), ""),
        ({}, (None, None), ""),
        ({"V": Name.Off}, ("Off", "Off"), ""),
        ({"V": Name.met}, ("met", "Off"), "met"),
        ({"V": Name.met}, ("Off", "Off"), "met"),
        ({"V": String("met")}, ("met", "Off"), "met"),
        ({}, ("Off", "more"), "more"),
        ({"V": Name.Off}, ("Off", "more"), "more"),
        ({"V": Name("/0"), "Opt": ["met", "more"]}, ("0", "Off"), "met"),
        ({"V": String("more"), "Opt": ["met", "more"]}, ("Off", "1"), "more"),
        ({"V": Name("/not yet")}, ("Off", "Off"), "not yet"),
    ],
)
def test_a_choice_is_read_wherever_a_program_left_it(
    form: Form, entries: dict[str, Any], states: tuple[str | None, ...], value: str
) -> None:
    form.radio("decision", *states, **{key: Array(each) if key == "Opt" else each for key, each in entries.items()})
    assert form.read() == {"decision": value}
    assert not read_form(form.path).unclear


@pytest.mark.parametrize(("said", "states"), [("met", ("Off", "more")), (None, ("met", "more"))])
def test_a_choice_that_looks_other_than_it_says_is_not_guessed(
    form: Form, said: str | None, states: tuple[str, ...]
) -> None:
    form.radio("decision", *states, **({"V": Name(f"/{said}")} if said else {}))
    assert form.read() == {"decision": ""}
    assert read_form(form.path).unclear == {"decision"}


def test_boxes_are_ticked_whatever_their_tick_is_called(form: Form) -> None:
    form.field("a", "Btn", AS=Name.Off, V=Name.Off)
    form.field("b", "Btn", AS=Name.yes)
    form.field("c", "Btn", AS=Name.yes, V=Name.Yes)
    form.field("d", "Btn")
    form.field("push", "Btn", Ff=1 << 16, V=Name.yes)
    assert {name: bool(value) for name, value in form.read().items()} == {"a": False, "b": True, "c": True, "d": False}
    assert set(read_form(form.path).kinds.values()) == {FieldKind.CHECK_BOX}


def test_boxes_that_the_form_does_not_list_are_found_on_the_pages(form: Form) -> None:
    group = form.radio("r1", "Off", V=Name.Off)
    lost = form.button("met")
    lost.Parent = group
    form.field("r1.comment", V=String("Well done"))
    form.acroform.Fields = Array([group])
    assert form.read() == {"r1": "met", "r1.comment": "Well done"}
    del form.pdf.Root.AcroForm
    assert form.read() == {"r1": "met", "r1.comment": "Well done"}


def test_a_long_answer_may_be_a_stream_or_stand_in_its_box(form: Form) -> None:
    form.field("stream", V=form.pdf.make_stream("Two\r\nlines – long".encode("utf-16")))
    box = form.thing(Subtype=Name.Widget, V=String("In the box"))
    form.fields.append(form.below(form.thing(T=String("box"), FT=Name.Tx), box))
    form.field("choice", "Ch", V=Array([String("one"), String("two")]))
    assert form.read() == {"stream": "Two\nlines – long", "box": "In the box", "choice": "one\ntwo"}


def test_a_form_saved_by_appending_says_what_was_appended_last(form: Form) -> None:
    field = form.field("comment", V=String("First"))
    form.acroform.NeedAppearances = True
    form.save(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    before = form.path.read_bytes()
    with pikepdf.open(form.path) as saved:
        number = saved.Root.AcroForm.Fields[0].objgen[0]
        trailer = saved.trailer
        size, root = int(trailer.Size), trailer.Root.objgen[0]
    update = f"{number} 0 obj\n<< /T (comment) /FT /Tx /V (Second) /Subtype /Widget >>\nendobj\n".encode()
    old = int(before[before.rindex(b"startxref") + 9 :].split()[0])
    table = f"xref\n{number} 1\n{len(before):010} 00000 n \n"
    end = f"trailer\n<< /Size {size} /Root {root} 0 R /Prev {old} >>\nstartxref\n{len(before) + len(update)}\n%%EOF\n"
    form.path.write_bytes(before + update + (table + end).encode())
    assert field.V == "First"
    assert dict(read_form(form.path).values) == {"comment": "Second"}
    assert not read_form(form.path).is_damaged
    form.path.write_bytes(form.path.read_bytes()[:-12])
    assert read_form(form.path).is_damaged  # else the first state would be taken for all there is


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-16", "utf-16-be", "utf-8-sig", "pdf"]),
)
def test_every_way_of_writing_text_says_the_same(tmp_path: Path, words: str, ends: str, encoding: str) -> None:
    form = Form(tmp_path / "back.pdf")
    text = f"{words}|{words}"
    written = text.replace("|", ends)
    data = bytes(String(written)) if encoding == "pdf" else written.encode(encoding)
    form.field("comment", V=String(b"\xfe\xff" + data if encoding == "utf-16-be" else data))
    assert form.read() == {"comment": text.replace("|", "\n")}


def test_text_that_does_not_say_it_is_utf_8_is_not_garbled_and_neither_is_the_usual_encoding(form: Form) -> None:
    form.field("new", V=String("naïve – “café”".encode()))
    form.field("old", V=String("CAFÉ—“bon”".encode("pdfdoc_pikepdf")))
    assert form.read() == {"new": "naïve – “café”", "old": "CAFÉ—“bon”"}


def test_the_documents_identifier_is_read_and_strange_properties_do_no_harm(form: Form) -> None:
    with form.pdf.open_metadata() as properties:
        properties["dc:identifier"] = "p/3/abc"
    form.read()
    assert read_form(form.path).identifier == "p/3/abc"
    form.pdf.Root.Metadata = form.pdf.make_stream(
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b"<dc:identifier>&b;</dc:identifier></a>"
    )
    form.read()
    assert read_form(form.path).identifier in ("", "&b;")
    form.pdf.Root.Metadata = form.pdf.make_stream(b"<a")
    form.read()
    assert not read_form(form.path).identifier


def test_a_document_without_a_form_has_nothing_to_say(form: Form) -> None:
    del form.pdf.Root.AcroForm
    assert form.read() == {}


def _xfa(form: Form) -> None:
    form.acroform.XFA = form.pdf.make_stream(b"<xdp/>")


def _very_long(form: Form) -> None:
    form.field("comment", V=String("x" * 5_000_000))


def _the_same_long_text_often(form: Form) -> None:
    value = form.pdf.make_indirect(String("x" * 1_000_000))
    for number in range(50):
        form.fields.append(form.thing(T=String(f"f{number}"), FT=Name.Tx, V=value))


def _more_fields_than_anybody_makes(form: Form) -> None:
    kid = Dictionary(Subtype=Name.Widget)
    many = form.pdf.make_indirect(Array([kid] * 400))
    for number in range(300):
        form.fields.append(form.thing(T=String(f"f{number}"), FT=Name.Btn, Kids=many))


def test_what_cannot_be_read_is_told_in_a_sentence(form: Form, tmp_path: Path) -> None:
    def said(content: bytes | None = None) -> str:
        if content is not None:
            form.path.write_bytes(content)
        with pytest.raises(FormUnreadable) as caught:
            read_form(form.path)
        return str(caught.value)

    assert said() == f"There is no file “{form.path}”."
    assert said(b"") == "“back.pdf” is empty."
    assert said(b"PK\3\4 a letter") == "“back.pdf” is not a PDF."
    assert said(b"%PDF-1.7\nnothing of it").startswith("“back.pdf” is damaged")
    _xfa(form)
    form.save()
    assert "(XFA)" in said()
    form.field("comment", V=String("Both"))
    assert form.read() == {"comment": "Both"}
    form.save(encryption=pikepdf.Encryption(owner="theirs", user="secret"))
    assert "protected with a password" in said()
    with pytest.raises(FormUnreadable, match="is a folder"):
        read_form(tmp_path)
    with form.path.open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(2 << 30)
    assert "more than 1 GB" in said()


@pytest.mark.parametrize("make", [_very_long, _the_same_long_text_often, _more_fields_than_anybody_makes])
def test_a_form_that_never_ends_is_given_up_soon(form: Form, make: Callable[[Form], None]) -> None:
    make(form)
    form.save()
    with pytest.raises(FormUnreadable, match="holds more than any form"):
        read_form(form.path)


def test_an_answer_that_unpacks_to_far_more_than_it_takes_is_no_answer(form: Form) -> None:
    value = form.pdf.make_stream(b"")
    value.write(b"\x81x" * ((260 << 20) // 128), filter=Name.RunLengthDecode)
    form.field("comment", V=value)
    assert form.read() == {"comment": ""}
    assert read_form(form.path).unclear == {"comment"}


def test_a_form_that_turns_in_circles_is_read_once(form: Form) -> None:
    first, second = form.thing(T=String("a"), FT=Name.Tx), form.thing(T=String("b"))
    form.below(first, second)
    second.Kids = Array([first])
    form.fields.append(first)
    stray = form.button("met")
    stray.FT = Name.Btn
    stray.Parent = form.thing(T=String("c"))
    stray.Parent.Parent = stray.Parent
    deep = form.thing(T=String("z"), FT=Name.Tx, V=String("too deep"))
    for _ in range(300):
        deep = form.below(form.thing(T=String("d")), deep)
    form.fields.append(deep)
    assert "too deep" not in form.read().values()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_that_was_garbled_on_the_way_is_read_or_refused_and_never_more(
    tmp_path: Path, data: st.DataObject
) -> None:
    form = Form(tmp_path / "back.pdf")
    form.radio("decision", "met", "Off", V=Name.met)
    form.field("comment", V=String("Well done"))
    form.save(object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    content = bytearray(form.path.read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    form.path.write_bytes(content)
    with suppress(FormUnreadable):
        read_form(form.path)
