from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portfolio_app.storage.files import clean_name, media_type


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


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("a.txt", b"%PDF-1.7\n", "application/pdf"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        ("photo.png", b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        ("photo.jpg", b"\x00\x01\x02\x03", "application/octet-stream"),
        ("photo.jpg", b"MZ\x90\0\x03", "application/x-msdownload"),
        ("notes.txt", b"MZ is how a note may begin", "text/plain"),
        ("BMW.txt", b"BMW service report", "text/plain"),
        ("a.docx", b"PK\x03\x04\x14\0", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.zip", b"PK\x03\x04\x14\0", "application/zip"),
        ("a.exe", b"PK\x03\x04\x14\0", "application/zip"),
        (
            "a.bin",
            b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.textPK",
            "application/vnd.oasis.opendocument.text",
        ),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "application/msword"),
        ("a.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "application/x-ole-storage"),
        ("a.mp4", b"\0\0\0\x18ftypmp42", "video/mp4"),
        ("a.m4a", b"\0\0\0\x18ftypM4A ", "audio/mp4"),
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic", "image/heic"),
        ("a.wav", b"RIFF\x01\x02\x03\x04WAVEfmt ", "audio/wav"),
        ("a.webm", b"\x1aE\xdf\xa3\x9f\x42\x86webm", "video/webm"),
        ("a.mkv", b"\x1aE\xdf\xa3\x9f\x42\x86matroska", "video/x-matroska"),
        ("a.mp3", b"ID3\x04\0", "audio/mpeg"),
        ("minutes.md", "# Café\n".encode(), "text/markdown"),
        ("minutes.csv", b"a,b\n", "text/csv"),
        ("mail.eml", b"From: a@example.com\n", "message/rfc822"),
        ("letter.txt", b"\x93Quoted\x94 in an old encoding", "text/plain"),
        ("a.txt", b"\xff\xfea\0b\0", "text/plain"),
        ("run.txt", b"#!/bin/sh\n", "text/x-shellscript"),
        ("unknown.xyz", b"plain words", "text/plain"),
        ("unknown.xyz", b"\0\x01", "application/octet-stream"),
        ("a.pdf", b"", "application/pdf"),
        ("noextension", b"", "application/octet-stream"),
    ],
)
def test_media_type_is_judged_by_content(name: str, head: bytes, expected: str) -> None:
    assert media_type(name, head) == expected
    assert media_type(Path(name), head) == expected


@given(st.text(max_size=40), st.binary(max_size=80))
def test_media_type_takes_anything(name: str, head: bytes) -> None:
    assert "/" in media_type(name, head)
