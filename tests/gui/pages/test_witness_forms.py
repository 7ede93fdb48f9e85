"""A form for a witness is made from an item, and what comes back is dropped, compared and taken in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel
from tests.gui.dialogs.parts import button, said
from tests.gui.stand import StandWindow, items_by_kind
from tests.returned_copies import fill_in

from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.witness import Place as WitnessPlace
from portfolio_app.gui import places
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.dialogs.witness_answers import WitnessAnswersDialog
from portfolio_app.gui.dialogs.witness_form import WitnessFormDialog
from portfolio_app.gui.notices import MessageArea, Toast
from portfolio_app.gui.pages.evidence import EvidencePage
from portfolio_app.gui.places import Place
from portfolio_app.gui.returned_intake import KEEP, READ_ANSWERS
from portfolio_app.gui.widgets.basics import Banner
from portfolio_app.importing.pdf_form import read_form

ANSWERS = {"account": "I stood beside Sam.", "r1": "yes", "role": "Director", "signature": "Karen Holt"}


@pytest.fixture
def items(sample_window: StandWindow, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """Return the id of an item of each kind, of a window that reads forms in its own process."""
    monkeypatch.setattr(
        "portfolio_app.gui.returned_intake.read_apart", lambda read, path, progress: read(path, progress)
    )
    found: dict[str, str] = {}
    sample_window.session.read(items_by_kind, done=found.update)
    sample_window.settle()
    return found


def _show(window: StandWindow, evidence_id: str) -> EvidencePage:
    window.go(Place(places.EVIDENCE, evidence_id=evidence_id))
    window.settle()
    page = window.page(places.EVIDENCE)
    assert isinstance(page, EvidencePage)
    return page


def _form_dialog(window: StandWindow) -> WitnessFormDialog:
    window.settle()
    (dialog,) = [each for each in window.findChildren(WitnessFormDialog) if each.isVisible()]
    return dialog


def _answers_dialog(window: StandWindow) -> WitnessAnswersDialog:
    window.wait_until(lambda: any(each.isVisible() for each in window.findChildren(WitnessAnswersDialog)))
    (dialog,) = [each for each in window.findChildren(WitnessAnswersDialog) if each.isVisible()]
    return dialog


def _saved(window: StandWindow, target: Path) -> WitnessFormDialog:
    """Save a form through the dialog."""
    dialog = _form_dialog(window)
    dialog.save.click()
    window.settle()
    (files,) = [each for each in dialog.findChildren(QFileDialog) if each.isVisible()]
    files.fileSelected.emit(str(target))
    files.reject()
    window.settle()
    return dialog


def _item(page: EvidencePage) -> Evidence:
    item = page.editor.evidence
    assert item is not None
    return item


def _menu(page: EvidencePage) -> list[str]:
    return [action.objectName() for action in page.editor.bar.more.menu().actions() if action.isVisible()]


def _told(window: StandWindow) -> list[str]:
    return [banner.text for area in window.findChildren(MessageArea) for banner in area.findChildren(Banner)]


@pytest.fixture
def returned(sample_window: StandWindow, items: Mapping[str, str], tmp_path: Path) -> Path:
    """Return a form for the sample's testimony that was made in the window, and filled in."""
    _show(sample_window, items["witness-testimony"])
    sample_window.run_action("witness-form")
    _saved(sample_window, tmp_path / "form.pdf").close()
    sample_window.settle()
    return fill_in(tmp_path / "form.pdf", tmp_path / "back.pdf", ANSWERS)


def test_a_form_is_saved_and_the_e_mail_to_go_with_it_is_begun(
    sample_window: StandWindow, items: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    page = _show(sample_window, items["witness-testimony"])
    assert page.editor.column.witness_form.isVisible()
    assert "witness-form" in _menu(page)
    page.editor.column.witness_form.click()
    dialog = _form_dialog(sample_window)
    assert dialog.whom.currentText().startswith("Karen Holt · Swim School Manager · not signed yet")
    assert dialog.whom.itemText(dialog.whom.count() - 1) == "Somebody who is not named yet"
    target = tmp_path / "form.pdf"
    _saved(sample_window, target)
    assert "Karen Holt" in read_form(target).values.values()
    assert any("“form.pdf” was saved." in sentence for sentence in said(dialog))
    for words in ("Open", "Open folder", "Write an e-mail"):
        button(dialog, words).click()
    assert [url.scheme() for url in opened] == ["file", "file", "mailto"]
    mail = unquote(opened[-1].toString())
    assert mail.startswith("mailto:")
    assert "Dear Karen Holt," in mail


def test_only_items_that_need_a_witness_have_a_form(sample_window: StandWindow, items: Mapping[str, str]) -> None:
    page = _show(sample_window, items["plan"])
    assert not page.editor.column.witness_form.isVisible()
    assert "witness-form" not in _menu(page)
    sample_window.run_action("witness-form")
    sample_window.settle()
    (toast,) = sample_window.findChildren(Toast)
    assert toast.isVisible()
    assert any("needs no witness" in label.text() for label in toast.findChildren(QLabel))
    assert _told(sample_window) == []  # it is over with the next item


def test_what_came_back_is_compared_and_taken_in_on_its_item(
    sample_window: StandWindow, items: Mapping[str, str], returned: Path
) -> None:
    _show(sample_window, items["plan"])
    sample_window.read_statements([returned])
    dialog = _answers_dialog(sample_window)
    assert dialog.windowTitle().startswith("Karen Holt on E")
    assert dialog.ticked() == {WitnessPlace.ROLE, WitnessPlace.TESTIMONY}
    assert any("there is no date" in sentence for sentence in said(dialog))
    assert "It is added below what stands there." in "\n".join(said(dialog))
    dialog.table.choose([WitnessPlace.ROLE])
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.ticked() == {WitnessPlace.TESTIMONY}
    dialog.take.click()
    sample_window.settle()
    page = sample_window.page(places.EVIDENCE)
    assert isinstance(page, EvidencePage)
    item = _item(page)
    assert item.id == items["witness-testimony"]
    assert item.body.count("I stood beside Sam.") == 1
    assert item.attachments[-1].name == "back.pdf"
    assert sample_window.session.undo_names.undo == f"Take in Karen Holt’s testimony for {item.ref}"

    sample_window.read_statements([returned])
    dialog = _answers_dialog(sample_window)
    assert any("taken in before" in sentence for sentence in said(dialog))
    assert not dialog.take.isEnabled()
    button(dialog, "Cancel").click()
    sample_window.settle()
    sample_window.session.undo()
    sample_window.settle()
    assert "I stood beside Sam." not in _item(page).body


def test_a_form_that_is_dropped_is_asked_about(
    sample_window: StandWindow, items: Mapping[str, str], returned: Path
) -> None:
    page = _show(sample_window, items["witness-testimony"])
    before = len(_item(page).attachments)
    page._attach_dropped([returned])
    sample_window.settle()
    (question,) = [each for each in sample_window.findChildren(QuestionDialog) if each.isVisible()]
    assert question.windowTitle() == "“back.pdf” is a form for a witness"
    question.buttons[KEEP].click()
    sample_window.settle()
    assert len(_item(page).attachments) == before + 1

    sample_window.go(Place(places.FEEDBACK))
    sample_window.settle()
    sample_window.read_answers([returned])
    button(_answers_dialog(sample_window), "Cancel").click()
    sample_window.settle()
    sample_window.open_files([returned])
    sample_window.settle()
    (question,) = [each for each in sample_window.findChildren(QuestionDialog) if each.isVisible()]
    question.buttons[READ_ANSWERS].click()
    button(_answers_dialog(sample_window), "Cancel").click()
    sample_window.settle()
    another = returned.with_name("another.pdf")
    another.write_bytes(returned.read_bytes())
    sample_window.open_files([returned, another])
    sample_window.settle()
    (question,) = [each for each in sample_window.findChildren(QuestionDialog) if each.isVisible()]
    assert question.windowTitle() == "Both files are forms"
    question.close()
    assert not sample_window.refused


def test_a_file_that_is_no_form_is_told(
    sample_window: StandWindow, items: Mapping[str, str], returned: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "form.pdf"
    sample_window.read_statements([empty, returned])
    dialog = _answers_dialog(sample_window)
    assert any("but nothing was filled in" in sentence for sentence in _told(sample_window))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    sample_window.settle()
    assert _item(_show(sample_window, items["witness-testimony"])).body
