"""The form for a witness: always one page, valid, and whatever is filled in can be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.pdf_publications import attached, failures, publication, section, written
from tests.pdf_structure import structure_of

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.review import IDENTITY
from portfolio_app.domain.witness import Part
from portfolio_app.domain.witness_form import WitnessIdentity, WitnessRoot
from portfolio_app.exporting.pdf.witness_form import write_witness_form
from portfolio_app.exporting.witness_sheet import WitnessSheet
from portfolio_app.importing.pdf_form import FilledForm, read_form
from portfolio_app.page_hashes import page_hashes

KEY = bytes(range(32))
WORD = "Testimony "
SHEET = WitnessSheet(
    title="Witness testimony",
    learner="Sam Ellis",
    programme="Diploma in Customer Service · Northgate College",
    ref="E4",
    item="Complaint at the front desk",
    when="9 March 2026",
    about=("Sam listened, said what would happen next, and wrote it down.", "Then Sam rang back."),
    requirements=("U1/1.1 Deal with complaints", "U1/1.2 Keep records"),
    prompts=("What exactly did the learner do and say?", "How did customers respond?"),
    given={Part.NAME: "Dana Whyte", Part.OCCASION: "The front desk, one busy Monday"},
    send_to="sam@example.org",
    language="en-GB",
)
IDENTITY_GIVEN = WitnessIdentity(
    portfolio="a" * 32,
    evidence="b" * 32,
    token="0123abcd",
    made=datetime(2026, 3, 10, 12, tzinfo=UTC),
    content="c" * 16,
    person="d" * 32,
    given=SHEET.given,
)


def _written(sheet: WitnessSheet, target: Path, **options: Any) -> int:
    ids = [f"id{number}" for number, _ in enumerate(sheet.requirements, 1)]
    return write_witness_form(sheet, ids, IDENTITY_GIVEN, KEY, target, **options)


def _below_root(form: FilledForm) -> dict[str, str]:
    return {name.partition(".")[2]: value for name, value in form.values.items()}


def _identity(path: Path) -> WitnessIdentity:
    return WitnessIdentity.from_json(_below_root(read_form(path))[IDENTITY])


def _text(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        assert len(pdf) == 1
        page = pdf[0]
        text = page.get_textpage()
        words = " ".join(text.get_text_bounded().split())
        text.close()
        page.close()
        return words


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "form.pdf"


@pytest.mark.parametrize("page_size", ["A4", "Letter"])
def test_a_form_is_one_valid_page_with_what_is_known_filled_in(target: Path, page_size: str) -> None:
    assert _written(SHEET, target, page_size=page_size) == 2
    assert failures(target, "ua1") == []
    said = _text(target)
    for words in ("Witness testimony for Sam Ellis", "E4 · Complaint at the front desk · 9 March 2026", *SHEET.about):
        assert words in said
    form = read_form(target)
    (root,) = {name.partition(".")[0] for name in form.values}
    assert WitnessRoot.of_name(root) == WitnessRoot("a" * 32, "b" * 32, "0123abcd")
    values = _below_root(form)
    assert values["name"] == "Dana Whyte"
    assert values["occasion"] == "The front desk, one busy Monday"
    assert {name for name, value in values.items() if not value} == {
        *(part.value for part in Part if part not in SHEET.given),
        "r1",
        "r2",
    }
    assert form.identifier == str(IDENTITY_GIVEN)


def test_the_form_knows_itself_again(target: Path) -> None:
    _written(SHEET, target)
    identity = _identity(target)
    assert identity.is_genuine(KEY)
    assert not identity.is_genuine(bytes(32))
    assert identity.boxes == {"r1": "id1", "r2": "id2"}
    with pikepdf.open(target) as pdf:
        assert list(identity.pages) == page_hashes(pdf)
    assert replace(identity, boxes={}, pages=(), mac="") == replace(IDENTITY_GIVEN, made=identity.made)


def test_fields_are_read_in_the_order_of_the_page_with_what_is_asked(target: Path) -> None:
    _written(SHEET, target)
    with pikepdf.open(target) as pdf:
        page = pdf.pages[0]
        assert page.obj.Tabs == "/S"
        asked = [str(note.TU) for note in page.obj.Annots if "/StructParent" in note]
    assert asked[:3] == [
        "I saw or heard this myself: U1/1.1 Deal with complaints",
        "I saw or heard this myself: U1/1.2 Keep records",
        "Where it was, and what was going on",
    ]
    assert asked[-2:] == ["Your full name, typed in place of a signature", "Date (such as 9 March 2026)"]
    tree = structure_of(target)
    assert len(tree.all("Form")) == len(asked)
    assert [node.tag for node in tree.walk() if node.tag in {"H1", "H2"}] == ["H1", "H2", "H2", "H2", "H2"]


@pytest.mark.parametrize("page_size", ["A4", "Letter"])
def test_of_many_requirements_as_many_are_listed_as_fit_and_the_others_counted(target: Path, page_size: str) -> None:
    many = tuple(f"U1/{number} {WORD * 30}" for number in range(1, 61))
    listed = _written(replace(SHEET, requirements=many, about=(WORD * 900,)), target, page_size=page_size)
    assert 4 <= listed < 60
    assert len(_identity(target).boxes) == listed
    said = _text(target)
    assert f"{60 - listed} more requirements" in said
    assert "(shortened here)" in said
    assert failures(target, "ua1") == []


def test_long_labels_are_whole_where_there_is_room(target: Path) -> None:
    label = f"U1/1.1 {WORD * 20}the end"
    assert _written(replace(SHEET, requirements=(label,)), target) == 1
    assert "the end" in _text(target)


texts = st.text(st.characters(codec="utf-8"), max_size=40)
long_texts = st.builds(lambda text, times: " ".join([text] * times), texts, st.sampled_from([1, 3, 200]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sheet=st.builds(
        WitnessSheet,
        title=long_texts,
        learner=long_texts,
        programme=long_texts,
        ref=st.just("E123456789"),
        item=long_texts,
        when=texts,
        about=st.lists(long_texts, max_size=30).map(tuple),
        requirements=st.lists(long_texts, max_size=30).map(tuple),
        prompts=st.lists(long_texts, max_size=4).map(tuple),
        given=st.dictionaries(st.sampled_from(Part), long_texts, max_size=4),
        send_to=long_texts,
        language=st.just("en-GB"),
    ),
    page_size=st.sampled_from(["A4", "Letter"]),
)
def test_nothing_makes_it_more_than_one_page_or_lets_it_overflow(
    target: Path, sheet: WitnessSheet, page_size: str
) -> None:
    listed = _written(sheet, target, page_size=page_size)
    assert listed == len(_identity(target).boxes)
    with pikepdf.open(target) as pdf:
        (page,) = pdf.pages
        boxes = [[float(edge) for edge in note.Rect] for note in page.obj.Annots]
    seen = [box for box in boxes if any(box)]
    assert all(left < right and foot < head for left, foot, right, head in seen)
    assert min(box[1] for box in seen) > 44
    account = max(seen, key=lambda box: (box[3] - box[1]) * (box[2] - box[0]))
    assert account[3] - account[1] >= 80
    for one in seen:
        for other in seen:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert one is other or apart


def test_a_returned_form_that_is_attached_stays_text(target: Path, tmp_path: Path) -> None:
    _written(SHEET, target)
    read = written(publication(section(attached(target))), tmp_path)
    said = " ".join(read.text.split())
    assert "Witness testimony for Sam Ellis" in said
    assert "Dana Whyte" in said
    assert failures(read.path, "ua1") == []


def test_a_page_size_that_is_none_leaves_the_file_alone(target: Path) -> None:
    target.write_bytes(b"before")
    with pytest.raises(InvalidInput, match="A4 or Letter"):
        _written(SHEET, target, page_size="A7")
    assert target.read_bytes() == b"before"
