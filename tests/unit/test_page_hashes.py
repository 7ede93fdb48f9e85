from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from portfolio_app import page_hashes as module
from portfolio_app.page_hashes import page_hashes

CONTENT = b"q 1 0 0 1 72 72 cm\n/Picture Do\n/Form#20One Do Q\nBT (Met) Tj ET"


def document(content: bytes = CONTENT, pixel: int = 7, inner: bytes = b"0 0 10 10 re f") -> pikepdf.Pdf:
    """Return a document of two pages that draw a picture and a form, which is shared; resources are inherited."""
    pdf = pikepdf.new()
    packed = zlib.compress(bytes([pixel] * 16))
    picture = Stream(pdf, packed, Type=Name.XObject, Subtype=Name.Image, Filter=Name.FlateDecode)
    picture.Width, picture.Height, picture.ColorSpace, picture.BitsPerComponent = 4, 4, Name.DeviceGray, 8
    form = Stream(pdf, inner, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 10, 10]))
    form.Resources = Dictionary(XObject=Dictionary(Picture=picture))
    for _ in range(2):
        pdf.add_blank_page()
        pdf.pages[-1].obj.Contents = Stream(pdf, content)
        del pdf.pages[-1].obj["/Resources"]
    pdf.Root.Pages.Resources = Dictionary(XObject=Dictionary({"/Picture": picture, "/Form One": form}))
    return pdf


def saved(pdf: pikepdf.Pdf, **how: Any) -> pikepdf.Pdf:
    buffer = io.BytesIO()
    pdf.save(buffer, **how)
    return pikepdf.open(buffer)


ORIGINAL = page_hashes(document())


def test_pages_that_draw_the_same_have_the_same_hash_of_16_digits() -> None:
    assert len(ORIGINAL) == 2
    assert ORIGINAL[0] == ORIGINAL[1]
    assert len(ORIGINAL[0]) == 16
    assert set(ORIGINAL[0]) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "how",
    [
        {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none},
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"linearize": True},
        {"normalize_content": True},
    ],
)
def test_how_a_program_stores_a_page_does_not_count(how: dict[str, Any]) -> None:
    assert page_hashes(saved(document(), **how)) == ORIGINAL


def test_fields_and_notes_above_a_page_do_not_count_nor_does_content_in_pieces() -> None:
    pdf = document()
    note = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents="Seen"))
    pdf.pages[0].obj.Annots = Array([note])
    pdf.pages[0].obj.Contents = Array([Stream(pdf, part) for part in CONTENT.split(b"\n", 1)])
    assert page_hashes(saved(pdf)) == ORIGINAL


@pytest.mark.parametrize(
    "changed",
    [
        lambda: document(CONTENT.replace(b"Met", b"Not")),
        lambda: document(pixel=8),
        lambda: document(inner=b"0 0 10 11 re f"),
        lambda: document(CONTENT.replace(b"/Picture Do", b"")),
    ],
)
def test_what_is_drawn_counts(changed: Callable[[], pikepdf.Pdf]) -> None:
    assert not set(page_hashes(changed())) & set(ORIGINAL)


def test_one_changed_page_is_told_from_the_others() -> None:
    pdf = saved(document())
    pdf.pages[1].contents_add(b"BT (also) Tj ET")
    assert page_hashes(pdf)[0] == ORIGINAL[0]
    assert page_hashes(pdf)[1] != ORIGINAL[1]


def test_a_form_that_draws_itself_comes_to_an_end() -> None:
    pdf = document()
    forms = pdf.Root.Pages.Resources.XObject
    forms["/Form One"].Resources.XObject = Dictionary({"/Form One": forms["/Form One"]})
    forms["/Form One"].write(b"/Form#20One Do")
    assert all(page_hashes(saved(pdf)))


def test_a_page_without_content_or_with_damaged_content_is_no_obstacle(tmp_path: Path) -> None:
    pdf = document()
    del pdf.pages[0].obj["/Contents"]
    pdf.pages[1].obj.Contents = Stream(pdf, b"no zlib", Filter=Name.FlateDecode)
    pdf.save(tmp_path / "out.pdf", stream_decode_level=pikepdf.StreamDecodeLevel.none)
    with pikepdf.open(tmp_path / "out.pdf") as again:
        first, second = page_hashes(again)
    assert first != ORIGINAL[0]
    assert second == ""


def test_a_document_that_unfolds_beyond_measure_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_CONTENT", 10_000)
    pdf = document()
    pdf.pages[1].obj.Contents = Stream(pdf, zlib.compress(b" " * 1_000_000), Filter=Name.FlateDecode)
    first, second = page_hashes(pdf)
    assert first == ORIGINAL[0]
    assert second == ""


def test_it_can_be_cancelled() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        page_hashes(document(), stop)
