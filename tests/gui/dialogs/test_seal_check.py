"""The dialog that says whether a sealed document was changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel
from tests.gui.dialogs.parts import button, open_dialog
from tests.gui.stand import StandWindow, drop_on
from tests.sealed_documents import SEALED_AT, archive_copy

from portfolio_app.exporting.seal.keys import SealKey
from portfolio_app.exporting.seal.sealing import seal_file
from portfolio_app.gui.dialogs.seal_check import SealCheckDialog


@pytest.fixture
def window(qapp: QApplication) -> Iterator[StandWindow]:
    made = StandWindow()
    yield made
    made.close()


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    path = archive_copy(tmp_path / "Sam & Jo.pdf")
    seal_file(path, SealKey.make("Sam Ellis", SEALED_AT), SEALED_AT)
    return path


def _said(dialog: SealCheckDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_it_says_who_and_when_and_what_that_proves_without_a_portfolio(window: StandWindow, sealed: Path) -> None:
    dialog = open_dialog(window, "check-seal", SealCheckDialog)
    drop_on(dialog, sealed)
    window.settle()
    said = _said(dialog)
    for words in ("“Sam & Jo.pdf” is unchanged", "Sam Ellis", "2026-06-01", "What it does not prove"):
        assert words in said
    button(dialog, "Copy the key").click()
    fingerprint = QGuiApplication.clipboard().text()
    assert len(fingerprint.replace(" ", "")) == 64
    assert fingerprint in said


def test_another_file_is_another_answer(window: StandWindow, sealed: Path, tmp_path: Path) -> None:
    dialog = open_dialog(window, "check-seal", SealCheckDialog)
    dialog.show_file(sealed)
    window.settle()
    content = bytearray(sealed.read_bytes())
    content[len(content) // 4] ^= 1
    (tmp_path / "other.pdf").write_bytes(content)
    dialog.show_file(tmp_path / "other.pdf")
    window.settle()
    said = _said(dialog)
    assert "“other.pdf” was changed since it was sealed" in said
    assert "unchanged" not in said
    (tmp_path / "notes.txt").write_text("Monday", encoding="utf-8")
    dialog.show_file(tmp_path / "notes.txt")
    window.settle()
    said = _said(dialog)
    assert "“notes.txt” is not a PDF." in said
    assert "other.pdf" not in said
    assert not button(dialog, "Copy the key").isVisible()
