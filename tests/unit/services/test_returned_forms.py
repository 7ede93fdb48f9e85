"""Which form a file holds is told by the names of its fields, and whatever else it is does no harm."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from portfolio_app.services.returned_forms import ReturnedForm, form_in


def _form(path: Path, root: str) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        field = pdf.make_indirect(Dictionary(T=String(root), FT=Name.Tx))
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
        pdf.save(path)
    return path


@pytest.mark.parametrize(
    ("root", "form"),
    [("pf_ab_3_0123abcd", ReturnedForm.REVIEW), ("wf_ab_cd_0123abcd", ReturnedForm.WITNESS), ("name", None)],
)
def test_a_form_is_known_by_its_root(tmp_path: Path, root: str, form: ReturnedForm | None) -> None:
    assert form_in(_form(tmp_path / "a.PDF", root)) is form


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"hello"])
def test_what_is_no_form_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    assert form_in(path) is None
    assert form_in(tmp_path / "missing.pdf") is None
    assert form_in(tmp_path) is None
    assert form_in(_form(tmp_path / "a.docx", "wf_ab_cd_0123abcd")) is None
