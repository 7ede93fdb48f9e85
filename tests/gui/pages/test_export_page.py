"""The export page: options, the preview, and what is written."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.exporting.options import Audience
from portfolio_app.gui.pages.export import ExportPage


@pytest.fixture
def page(sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot) -> ExportPage:
    made = ExportPage(sample_session, navigator)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    sample_session.settle()
    return made


def _box(page: ExportPage, text: str) -> QCheckBox:
    return next(box for box in page.findChildren(QCheckBox) if text in box.text())


def test_what_is_ticked_is_what_is_asked_for(page: ExportPage) -> None:
    assert page.options().unit_codes == ()
    _box(page, "U2").click()
    _box(page, "confidential").click()
    _box(page, "attached").click()
    page._audience.set_current(Audience.ASSESSOR)
    options = page.options()
    assert options.unit_codes == ("U1", "U3")
    assert not options.include_confidential
    assert not options.with_files
    assert options.audience is Audience.ASSESSOR


def test_nothing_can_be_exported_without_a_unit(page: ExportPage) -> None:
    for code in ("U1", "U2", "U3"):
        _box(page, code).click()
    assert not page._export.isEnabled()
    _box(page, "U2").click()
    assert page._export.isEnabled()


def test_the_preview_shows_real_pages_and_says_what_they_hold(page: ExportPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page._view.loaded, timeout=60_000):
        pass
    assert page._view.area.count > 20
    qtbot.waitUntil(lambda: "31 items of evidence" in page._summary.text(), timeout=20_000)
    assert page._gaps.isVisible()
    assert "still missing" in page._gaps.text


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx"])
def test_a_document_is_written_and_said(page: ExportPage, qtbot: QtBot, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"Sam{suffix}"
    page.export_to(target)
    assert not page._export.isEnabled()
    qtbot.waitUntil(page._result.isVisible, timeout=60_000)
    assert target.stat().st_size > 10_000
    assert f"“Sam{suffix}” was exported" in page._result.text
    if suffix == ".pdf":
        with pikepdf.open(target) as document:
            assert f"{len(document.pages)} pages" in page._result.text
    qtbot.waitUntil(page._export.isEnabled)


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(
    page: ExportPage, navigator: RecordingNavigator, qtbot: QtBot, tmp_path: Path
) -> None:
    page.export_to(tmp_path / "no such folder" / "Sam.pdf")
    qtbot.waitUntil(lambda: bool(navigator.messages), timeout=60_000)
    ((sentence, kind),) = navigator.messages
    assert "no such folder" in sentence
    assert kind == "error"


def test_cancelling_leaves_nothing_behind(page: ExportPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.export_to(tmp_path / "Sam.pdf")
    task = page._writing
    assert task is not None
    with qtbot.waitSignal(task.finished, timeout=60_000):
        task.cancel()
    assert list(tmp_path.glob("*.pdf")) == []
    assert not page._result.isVisible()


def test_options_come_back(
    page: ExportPage, sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot
) -> None:
    page._format.set_current(".docx")
    page._audience.set_current(Audience.TUTOR)
    _box(page, "confidential").click()
    other = ExportPage(sample_session, navigator)
    qtbot.addWidget(other)
    other.restore_state(page.state())
    assert other.state() == page.state()
    other.restore_state({"format": ".exe", "audience": 3, "confidential": "yes", "paper": None})
    assert other.state() == page.state()
