from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portfolio_app.storage.files import clean_name


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Minutes 3 May.docx", "Minutes 3 May.docx"),
        ("../../etc/passwd", "passwd"),
        (r"..\..\Windows\win.ini", "win.ini"),
        (r"C:\Users\me\a.pdf", "a.pdf"),
        ("C:a.pdf", "C_a.pdf"),
        ("a.pdf:hidden.exe", "a.pdf_hidden.exe"),
        ("in\0voice\x1b[31m.pdf", "invoice[31m.pdf"),
        ("tes\u202efdp.exe", "tesfdp.exe"),
        ("\u2066a\u2069\u200b.pdf", "a.pdf"),
        ("two\nlines.txt", "two lines.txt"),
        ("a.pdf . . ", "a.pdf"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        (".bashrc", "bashrc"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("LPT².doc", "_LPT².doc"),
        ("console.txt", "console.txt"),
        ("what?*.txt", "what__.txt"),
        ("👩‍🏫 lesson 😀.jpg", "👩‍🏫 lesson 😀.jpg"),
        ("Cafe\u0301.pdf", "Café.pdf"),
        ("发票.pdf", "发票.pdf"),
        ("\udcff.pdf", "_.pdf"),
    ],
)
def test_names_are_fit_to_be_shown(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


def test_long_names_keep_their_extension() -> None:
    assert clean_name("x" * 400 + ".docx").endswith("x….docx")
    assert len(clean_name("x" * 400 + ".docx")) == 120
    assert len(clean_name("😀" * 400 + ".docx").encode()) <= 200


@given(st.text(max_size=400))
@example("CON" + " " * 200 + ".txt")
@example("a" * 118 + ". .txt")
@example("aux.\u200d")
@example("_" * 150 + ".aux")
@example("x." * 150)
def test_any_name_becomes_safe_and_stays_so(name: str) -> None:
    cleaned = clean_name(name)

    assert 1 <= len(cleaned) <= 120
    assert len(cleaned.encode()) <= 200
    assert not set(cleaned) & set('/\\<>:"|?*\0')
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in cleaned)
    assert not any(character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" for character in cleaned)
    assert cleaned[0] not in ". "
    assert cleaned[-1] not in ". "
    assert Path(cleaned).name == cleaned
    assert clean_name(cleaned) == cleaned
