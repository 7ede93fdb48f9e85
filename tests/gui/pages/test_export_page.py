"""The export page: options, the preview, and what is written."""

from __future__ import annotations

import sys
from pathlib import Path

import pikepdf
import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QFileDialog, QLabel, QListView, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.exporting.options import Audience, Profile
from portfolio_app.gui.dialogs.hold_back import HoldBackDialog
from portfolio_app.gui.pages.export import ExportPage
from portfolio_app.importing.package import open_package
from portfolio_app.services.evidence_many import bin_evidence
from portfolio_app.services.export_desk import ExportProcess
from portfolio_app.services.seals import SealState, verify


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


def _choice(page: ExportPage, text: str) -> QRadioButton:
    return next(choice for choice in page.findChildren(QRadioButton) if text in choice.text())


def _choose(page: ExportPage, suffix: str) -> None:
    page._form._format.setCurrentIndex(page._form._format.findData(suffix))


def test_what_is_ticked_is_what_is_asked_for(page: ExportPage) -> None:
    assert page.options().unit_codes == ()
    _box(page, "U2").click()
    _box(page, "confidential").click()
    _box(page, "attached").click()
    page._form._audience.set_current(Audience.ASSESSOR)
    options = page.options()
    assert options.unit_codes == ("U1", "U3")
    assert not options.include_confidential
    assert not options.with_files
    assert options.audience is Audience.ASSESSOR


def test_a_copy_to_be_answered_is_not_handed_over_as_ones_own_unawares(page: ExportPage) -> None:
    whom = {button.text(): button for button in page._form._audience.findChildren(QAbstractButton)}
    assert "choose who gets it" in page._form._audience_says.text()
    whom["Assessor"].click()
    assert page._form._audience_says.text() == "With space for decisions"
    whom["Me"].click()
    _choice(page, "To be kept").click()
    assert page._form._audience_says.text() == "Your own copy"


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
    page.activateWindow()
    page._export.setFocus()
    page.export_to(target)
    assert not page._export.isEnabled()
    qtbot.waitUntil(page._result.isVisible, timeout=60_000)
    assert target.stat().st_size > 10_000
    assert f"“Sam{suffix}” was exported" in page._result.text
    if suffix == ".pdf":
        with pikepdf.open(target) as document:
            assert f"{len(document.pages)} pages" in page._result.text
    qtbot.waitUntil(page._export.isEnabled)
    assert page._export.hasFocus()


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


def test_a_package_is_made_with_a_password_that_was_typed_twice(page: ExportPage, qtbot: QtBot, tmp_path: Path) -> None:
    _choose(page, ".zip")
    secret = page._form._secret
    assert "portfolio itself" in page._form._package_says.text()
    _box(page, "Protect it").click()
    secret._first.setText("plum hat wren")
    qtbot.waitUntil(lambda: "computer" in secret._strength.text(), timeout=20_000)
    secret._second.setText("plum hat")
    page._export.click()
    assert secret._problem.isVisible()
    assert page.findChild(QFileDialog) is None
    secret._second.setText("plum hat wren")
    assert not secret._problem.isVisible()
    page.export_to(tmp_path / "Sam.zip")
    qtbot.waitUntil(page._result.isVisible, timeout=60_000)
    with open_package(tmp_path / "Sam.zip", "plum hat wren") as package:
        assert "data/portfolio.pdf" in package.hashes
    assert "password" not in str(page.state())


def test_a_copy_for_others_says_that_it_is_not_the_portfolio(page: ExportPage) -> None:
    _choose(page, ".zip")
    _box(page, "confidential").click()
    assert "copy for others" in page._form._package_says.text()


def test_what_does_not_apply_to_a_format_cannot_be_chosen(page: ExportPage) -> None:
    form = page._form
    _choice(page, "kept").click()
    _box(page, "Seal").click()
    assert page.options().sealed
    _choose(page, ".zip")
    assert form._purpose.isVisible()
    assert not form._sealing.isVisible()
    assert not page.options().sealed
    _choose(page, ".csv")
    assert not form._purpose.isVisible()
    assert not form._secret.isVisible()
    assert not any(part.isEnabled() for part in (form._files, form._paper, form._audience))
    _choose(page, ".pdf")
    assert page.options().sealed
    assert form._files.isEnabled()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the place of a key cannot be another one")
def test_an_archive_copy_is_sealed_and_its_preview_is_not(
    page: ExportPage, navigator: RecordingNavigator, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    page.refresh()  # in a process that begins now
    page._desk.close()
    page._desk = ExportProcess(page.session.path, page.session.kinds)
    page._at_the_end.append(page._desk.close)
    _choice(page, "kept").click()
    _box(page, "Seal").click()
    page._look_for_key()
    qtbot.waitUntil(lambda: "is made in the name of Sam" in page._form._key_says.text(), timeout=20_000)
    qtbot.waitUntil(page.has_preview, timeout=60_000)
    assert not (tmp_path / "data").exists(), "no key is made to look at pages"
    target = tmp_path / "Sam.pdf"
    page.export_to(target)
    qtbot.waitUntil(page._result.isVisible, timeout=60_000)
    report = verify(target)
    assert report.state is SealState.UNCHANGED
    assert f"sealed with your key {report.fingerprint[:14]}" in page._result.text
    page._result.buttons[-1].click()
    assert navigator.checked == [target]
    assert [kind for sentence, kind in navigator.messages if "key for sealing was made" in sentence] == ["warning"]
    qtbot.waitUntil(lambda: "is kept in" in page._form._key_says.text(), timeout=20_000)


def test_options_come_back(
    page: ExportPage, sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot
) -> None:
    _choose(page, ".docx")
    page._form.take_template(Path("Centre.dotx"))
    page._form._audience.set_current(Audience.TUTOR)
    _box(page, "confidential").click()
    _choice(page, "kept").click()
    assert page.options().profile is Profile.ARCHIVE
    other = ExportPage(sample_session, navigator)
    qtbot.addWidget(other)
    other.restore_state(page.state())
    assert other.state() == page.state()
    assert other.options().word_template == Path("Centre.dotx")
    other.restore_state({"template": 3, "format": ".exe", "audience": 3, "confidential": "yes", "paper": None})
    assert other.state() == page.state()


def test_a_word_document_takes_the_looks_of_the_centres_template(
    page: ExportPage, navigator: RecordingNavigator, qtbot: QtBot, tmp_path: Path
) -> None:
    form = page._form
    assert not form._looks.isVisible()
    _choose(page, ".docx")
    assert form._looks.isVisible()
    assert not form._own_looks.isVisible()
    template = tmp_path / "Centre.dotx"
    page.save_template(template)
    qtbot.waitUntil(lambda: any("“Centre.dotx” was saved" in sentence for sentence, _ in navigator.messages))
    page.use_template(template)
    qtbot.waitUntil(lambda: page.options().word_template == template)
    assert "“Centre.dotx”" in form._looks_say.text()
    page.export_to(tmp_path / "Sam.docx")
    qtbot.waitUntil(page._result.isVisible, timeout=60_000)
    (tmp_path / "letter.dotx").write_bytes(b"Dear centre")
    page.use_template(tmp_path / "letter.dotx")
    qtbot.waitUntil(lambda: navigator.messages[-1][1] == "error")
    assert "“letter.dotx” is not a Word template" in navigator.messages[-1][0]
    assert page.options().word_template == template, "the one before is kept"
    template.unlink()
    page.export_to(tmp_path / "Other.docx")
    qtbot.waitUntil(lambda: "cannot be read" in navigator.messages[-1][0], timeout=60_000)
    assert not (tmp_path / "Other.docx").exists()
    form._own_looks.click()
    assert page.options().word_template is None
    _choose(page, ".pdf")
    assert page.options().word_template is None


def test_items_are_held_back_by_ticking_them(page: ExportPage, sample_session: OpenSession, qtbot: QtBot) -> None:
    button = next(button for button in page.findChildren(QPushButton) if button.text() == "Hold back items …")
    button.click()
    sample_session.settle()
    dialog = page.findChild(HoldBackDialog)
    assert isinstance(dialog, HoldBackDialog)
    view = dialog.findChild(QListView)
    assert isinstance(view, QListView)
    assert dialog.items.rowCount() == 31
    dialog.items.narrow("E3 ")
    first = dialog.items.index(0)
    assert str(first.data()).startswith("E3  ")
    view.setCurrentIndex(first)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert first.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    dialog.items.narrow("")
    dialog._take()
    assert len(page.options().held_back) == 1
    assert button.text() == "1 held back …"
    qtbot.waitUntil(lambda: "1 held back" in page._summary.text(), timeout=60_000)
    (held,) = page.options().held_back
    sample_session.edit(bin_evidence, [held])
    sample_session.settle()
    assert button.text() == "Hold back items …", "it is not there any more"


def test_who_comes_back_sees_the_preview_that_was_not_finished(page: ExportPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page._preview_task is not None, timeout=20_000)
    page.hide()
    assert page._preview_task is None
    page.show()
    with qtbot.waitSignal(page._view.loaded, timeout=60_000):
        pass
    page.hide()
    page.show()
    assert not page._pause.isActive(), "it is drawn already"


def test_a_crash_while_drawing_is_a_sentence_and_the_window_goes_on(
    page: ExportPage, sample_session: OpenSession, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: page._preview_task is not None and bool(page._desk.process_id), timeout=20_000)
    psutil.Process(page._desk.process_id).kill()
    said = page._no_pages.findChildren(QLabel)
    qtbot.waitUntil(lambda: any("ended unexpectedly" in label.text() for label in said), timeout=20_000)
    assert page._no_pages.isVisible()
    assert sample_session.refused == []
    page.export_to(tmp_path / "Sam.csv")
    qtbot.waitUntil(page._result.isVisible, timeout=60_000)


def test_the_process_goes_with_the_portfolio(
    sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot
) -> None:
    page = ExportPage(sample_session, navigator)
    page.show()
    qtbot.waitUntil(lambda: page._preview_task is not None and bool(page._desk.process_id), timeout=20_000)
    process = psutil.Process(page._desk.process_id)
    folder = page._folder
    assert folder is not None
    sample_session.close()
    qtbot.waitUntil(lambda: not process.is_running(), timeout=20_000)
    page.deleteLater()
    qtbot.waitUntil(lambda: not folder.exists(), timeout=20_000)
    assert sample_session.refused == []


def test_a_portfolio_that_cannot_be_changed_is_exported(
    sample_folder: Path, navigator: RecordingNavigator, qtbot: QtBot, tmp_path: Path
) -> None:
    session = OpenSession(sample_folder, read_only=True)
    page = ExportPage(session, navigator)
    qtbot.addWidget(page)
    page.show()
    session.settle()
    page.export_to(tmp_path / "Sam.csv")
    qtbot.waitUntil(page._result.isVisible, timeout=60_000)
    session.finish()
