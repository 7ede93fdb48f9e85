"""Checking the portfolio: what was found, in sentences, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from tests.gui.dialogs.parts import button, open_dialog, said
from tests.gui.stand import StandWindow

from portfolio_app.domain.progress import Progress
from portfolio_app.gui.dialogs import checking
from portfolio_app.gui.dialogs.checking import CheckDialog
from portfolio_app.services.checking import CheckReport


def test_a_sound_portfolio_is_said_to_be_well(sample_window: StandWindow) -> None:
    dialog = open_dialog(sample_window, "check", CheckDialog)
    assert any(sentence.startswith("All is well. 8 files, ") for sentence in said(dialog))
    assert button(dialog, "Close").isDefault()


def test_a_file_that_was_altered_is_named_with_what_to_do(sample_window: StandWindow, sample_folder: Path) -> None:
    path = max((path for path in (sample_folder / "files").rglob("*.xlsx")), key=lambda path: path.stat().st_size)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    dialog = open_dialog(sample_window, "check", CheckDialog)
    sentences = said(dialog)
    assert any(sentence.startswith("1 thing is lost or altered.") for sentence in sentences)
    assert any("is no longer what was attached" in sentence for sentence in sentences)
    assert any("Look for the original" in sentence for sentence in sentences)
    button(dialog, "Copy as text").click()
    assert "is no longer what was attached" in QGuiApplication.clipboard().text()


def test_a_check_can_be_cancelled_and_begun_again(sample_window: StandWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    def endless(_place: Path, progress: Progress) -> CheckReport:
        try:
            while True:
                progress(1, 4, "Checking “E1.pdf”")
        except BaseException:
            ended.append("stopped")
            raise

    monkeypatch.setattr(checking, "check_portfolio", endless)
    sample_window.run_action("check")
    sample_window.wait_until(lambda: "Checking “E1.pdf”" in said(sample_window))
    (dialog,) = sample_window.findChildren(CheckDialog)
    button(dialog, "Cancel").click()
    sample_window.settle()
    assert ended == ["stopped"]
    assert not sample_window.refused
