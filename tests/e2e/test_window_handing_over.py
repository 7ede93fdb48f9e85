"""Handing over in the window: a package that becomes a portfolio again elsewhere, and a seal that is checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.e2e.window_driver import WindowDriver
from tests.packages import everything

PASSWORD = "plum hat wren oak"


def _export(window: WindowDriver, target: Path) -> None:
    window.press("Export …")
    window.wait_for(re.compile("^Export as"), "dialog")
    window.keys("ctrl+a")
    window.type(str(target))
    window.keys("Return")
    window.wait_for(re.compile(f"“{target.name}” was exported"), seconds=90)


@pytest.mark.timeout(240)
def test_a_portfolio_goes_into_a_package_and_comes_out_of_it(
    window: WindowDriver, sample_folder: Path, tmp_path: Path
) -> None:
    window.start(sample_folder)
    window.wait_for(re.compile("Sam.* – Portfolio App"), "frame")
    window.keys("ctrl+e")
    window.press("PDF", "combo box")
    window.keys("End", "Return")
    window.press("Protect it with a password", "check box")
    window.fill("Password", PASSWORD)
    window.wait_for(re.compile("^Strong"))
    window.fill("The password again", PASSWORD)
    _export(window, tmp_path / "handed-over.zip")
    window.keys("ctrl+w")
    window.drop([tmp_path / "handed-over.zip"], window.wait_for("Open a package …", "push button"))
    window.wait_for(re.compile("^Open a package"), "dialog")
    window.fill("Password", PASSWORD)
    window.keys("Return")
    window.fill("Folder for the portfolio", str(tmp_path / "Again"))
    window.press("Make the portfolio")
    window.wait_gone(re.compile("^Open a package"), "dialog")
    window.wait_for(re.compile("Sam.* – Portfolio App"), "frame")
    assert window.quit() == 0
    assert window.complaints() == ""
    assert everything(tmp_path / "Again") == everything(sample_folder)


@pytest.mark.timeout(240)
def test_a_document_is_sealed_and_its_seal_is_checked(
    window: WindowDriver, sample_folder: Path, tmp_path: Path
) -> None:
    window.start(sample_folder)
    window.wait_for(re.compile("Sam.* – Portfolio App"), "frame")
    window.keys("ctrl+e")
    window.press("To be kept", "radio button")
    window.press("Seal it, so that later changes show", "check box")
    _export(window, tmp_path / "kept.pdf")
    (key,) = window.home.glob("data/portfolio-app/seals/*.pem")
    assert key.stat().st_mode & 0o077 == 0
    window.press("The seal …")
    window.wait_for("“kept.pdf” is unchanged since it was sealed.")
    content = bytearray((tmp_path / "kept.pdf").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "other.pdf").write_bytes(content)
    window.drop([tmp_path / "other.pdf"], window.wait_for("Choose the document", "push button"))
    window.wait_for("“other.pdf” was changed since it was sealed.")
    window.keys("Escape")
    assert window.quit() == 0
    assert window.complaints() == ""
