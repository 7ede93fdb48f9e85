"""What sort of file something is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.media_types import media_type


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
