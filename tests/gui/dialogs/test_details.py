"""What the front sheet says, and the declaration: saved, refused without loss, signed, withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit
from tests.gui.dialogs.parts import button, field, open_dialog, said
from tests.gui.stand import StandWindow

from portfolio_app.gui.dialogs.details import DeclarationDialog, DetailsDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.widgets.prose_editor import ProseEditor
from portfolio_app.services.portfolios import DetailsGiven, declare, set_details


@pytest.fixture
def details(sample_window: StandWindow) -> DetailsDialog:
    return open_dialog(sample_window, "details", DetailsDialog)


@pytest.fixture
def declaration(sample_window: StandWindow) -> DeclarationDialog:
    return open_dialog(sample_window, "declaration", DeclarationDialog)


def _line(dialog: QDialog, label: str) -> QLineEdit:
    found = field(dialog, label)
    line = found if isinstance(found, QLineEdit) else found.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    return line


def test_what_is_typed_is_saved_as_one_step(details: DetailsDialog, sample_window: StandWindow) -> None:
    _line(details, "Centre or college").setText("Northgate College")
    _line(details, "Planned end").setText("18/12/2027")
    (profile,) = details.findChildren(ProseEditor)
    profile.set_markdown("I lead a team of **nine**.")
    button(details, "Save the details").click()
    sample_window.settle()
    saved = sample_window.session.details
    assert (saved.centre, str(saved.planned_end)) == ("Northgate College", "2027-12-18")
    assert saved.learner.profile == "I lead a team of **nine**."
    assert sample_window.session.undo_names.undo == "Change the portfolio’s details"


def test_a_date_that_is_none_is_told_beside_it_and_nothing_typed_is_lost(
    details: DetailsDialog, sample_window: StandWindow
) -> None:
    before = sample_window.session.details
    _line(details, "Centre or college").setText("Northgate College")
    _line(details, "Planned end").setText("next summer")
    button(details, "Save the details").click()
    sample_window.settle()
    assert details.isVisible()
    assert any("“next summer” is not a date" in sentence for sentence in said(details))
    assert _line(details, "Planned end").property("invalid") is True
    assert _line(details, "Centre or college").text() == "Northgate College"
    assert sample_window.session.details == before


def test_an_end_before_the_start_is_refused_by_the_service(details: DetailsDialog, sample_window: StandWindow) -> None:
    _line(details, "Start").setText("1 March 2026")
    _line(details, "Planned end").setText("1 February 2026")
    button(details, "Save the details").click()
    sample_window.settle()
    assert "The planned end is before the start." in said(details)
    assert button(details, "Save the details").isEnabled()
    assert _line(details, "Planned end").text() == "1 February 2026"


def test_closing_asks_about_what_was_typed(details: DetailsDialog, sample_window: StandWindow) -> None:
    _line(details, "Learner number").setText("NG-1042")
    details.reject()
    (question,) = details.findChildren(QuestionDialog)
    question.reject()
    assert details.isVisible()
    details.reject()
    question = next(each for each in details.findChildren(QuestionDialog) if each.isVisible())
    question.buttons["Save the details"].click()
    sample_window.settle()
    assert sample_window.session.details.learner.number == "NG-1042"


def test_what_was_typed_is_saved_when_the_portfolio_is_closed(
    details: DetailsDialog, sample_window: StandWindow, sample_folder: Path
) -> None:
    _line(details, "Learner number").setText("NG-1042")
    sample_window.session.close()
    sample_window.open_path(sample_folder)
    sample_window.settle()
    assert sample_window.session.details.learner.number == "NG-1042"


def test_the_declaration_is_signed_after_an_answer_and_withdrawn(
    declaration: DeclarationDialog, sample_window: StandWindow
) -> None:
    assert any(sentence.startswith("I, Sam Ellis, declare") for sentence in said(declaration))
    sign = button(declaration, "Sign the declaration")
    (answer,) = declaration.findChildren(QPlainTextEdit)
    answer.clear()
    _line(declaration, "Your name").setText("Sam Ellis")
    assert not sign.isEnabled()
    button(declaration, "I used none").click()
    assert sign.isEnabled()
    sign.click()
    sample_window.settle()
    signed = sample_window.session.details.declaration
    assert (signed.signed_by, signed.ai_use) == ("Sam Ellis", "I used no tool based on AI.")
    assert answer.isReadOnly()
    assert not sign.isVisible()

    button(declaration, "Withdraw the signature").click()
    sample_window.settle()
    assert not sample_window.session.details.declaration.signed_by
    assert sample_window.session.details.declaration.ai_use == "I used no tool based on AI."
    assert "It is not signed yet." in said(declaration)


def test_an_answer_that_is_not_signed_is_kept(declaration: DeclarationDialog, sample_window: StandWindow) -> None:
    (answer,) = declaration.findChildren(QPlainTextEdit)
    answer.setPlainText("A translator, for E4.")
    declaration.reject()
    sample_window.settle()
    assert sample_window.session.details.declaration.ai_use == "A translator, for E4."


def test_changes_after_the_signature_are_told(sample_window: StandWindow) -> None:
    sample_window.session.edit(declare, ai_use="None.", signed_by="Sam Ellis")
    sample_window.session.edit(set_details, DetailsGiven(centre="Elsewhere"))
    sample_window.settle()
    dialog = open_dialog(sample_window, "declaration", DeclarationDialog)
    assert any("One thing has been changed in the portfolio since" in sentence for sentence in said(dialog))


def test_what_is_only_read_cannot_be_typed_over(sample_folder: Path) -> None:
    window = StandWindow(sample_folder, read_only=True)
    details = open_dialog(window, "details", DetailsDialog)
    assert all(line.isReadOnly() for line in details.findChildren(QLineEdit))
    button(details, "Close").click()
    declaration = open_dialog(window, "declaration", DeclarationDialog)
    assert not button(declaration, "Sign the declaration").isVisible()
    assert declaration.findChildren(QPlainTextEdit)[0].isReadOnly()
    declaration.reject()
    window.settle()
    assert not window.refused
    window.close()
