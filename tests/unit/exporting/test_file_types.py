"""Readers are told what sort of file it is, not its media type."""

from __future__ import annotations

import pytest

from portfolio_app.exporting.file_types import file_type_in_words
from portfolio_app.exporting.wording import load_wording


@pytest.mark.parametrize(
    ("media_type", "name", "said"),
    [
        ("application/pdf", "plan.pdf", "PDF document"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "k.xlsx", "Excel workbook"),
        ("image/jpeg", "board.jpg", "JPEG picture"),
        ("image/svg+xml", "logo.svg", "SVG picture"),
        ("AUDIO/MPEG", "talk.mp3", "Sound recording"),
        ("text/markdown", "notes.md", "Text"),
        ("application/octet-stream", "model.blend", "BLEND file"),
        ("application/octet-stream", "Makefile", "File"),
        ("", "", "File"),
    ],
)
def test_media_types_in_words(media_type: str, name: str, said: str) -> None:
    assert file_type_in_words(media_type, name, load_wording("en-GB")) == said
