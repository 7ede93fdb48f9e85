"""A disk that is full ends an export, and not the program."""

from __future__ import annotations

import errno
from pathlib import Path

import pikepdf
import pytest

from portfolio_app.exporting.pdf.saving import save_pdf

FULL = Path("/dev/full")


def _document() -> pikepdf.Pdf:
    document = pikepdf.new()
    document.add_blank_page()
    return document


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
def test_a_document_smaller_than_any_buffer_says_that_the_disk_is_full() -> None:
    with pytest.raises(OSError, match="No space left") as found:
        save_pdf(_document(), FULL)
    assert found.value.errno == errno.ENOSPC


def test_a_document_is_whole_once_it_is_saved(tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    save_pdf(_document(), target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with pikepdf.open(target) as saved:
        assert len(saved.pages) == 1
