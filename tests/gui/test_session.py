"""The open portfolio as pages see it: reads, edits, who hears of them, undo."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession

from portfolio_app.domain.changes import Changes
from portfolio_app.gui.session import Session, UndoNames
from portfolio_app.gui.tasks import Tasks
from portfolio_app.services.actions import add_action, list_actions
from portfolio_app.services.portfolios import DetailsGiven, set_details
from portfolio_app.services.units import list_units
from portfolio_app.storage.portfolio_file import PortfolioFile


def test_an_edit_is_heard_by_everybody_with_who_made_it(sample_session: OpenSession) -> None:
    heard: list[tuple[Changes, QObject | None]] = []
    results: list[object] = []
    saving: list[bool] = []
    names: list[UndoNames] = []
    page = QObject()
    sample_session.changed.connect(lambda changes, initiator: heard.append((changes, initiator)))
    sample_session.saving_changed.connect(saving.append)
    sample_session.undo_names_changed.connect(names.append)
    sample_session.edit(add_action, "Ask Priya to sign", done=results.append, initiator=page)
    assert sample_session.is_saving
    sample_session.settle()
    (changes, initiator) = heard[0]
    assert initiator is page
    assert {action.id for action in results} == changes.actions  # type: ignore[attr-defined]
    assert saving == [True, False]
    assert names[-1].undo == "Add action “Ask Priya to sign”"


def test_undo_and_redo_commit_what_was_typed_first(empty_session: OpenSession) -> None:
    said: list[str] = []
    empty_session.done_again.connect(said.append)
    empty_session.commit_requested.connect(lambda: empty_session.edit(add_action, "Typed a moment ago"))
    empty_session.undo()
    empty_session.settle()
    assert said == ["Undone: Add action “Typed a moment ago”"]


def test_details_are_fresh_when_the_change_is_heard(empty_session: OpenSession) -> None:
    names: list[str] = []
    empty_session.changed.connect(lambda *_: names.append(empty_session.details.learner.name))
    empty_session.edit(set_details, DetailsGiven(learner="Alex Morgan"))
    empty_session.settle()
    assert names == ["Alex Morgan"]


def test_a_refused_edit_tells_its_initiator_and_changes_nothing(empty_session: OpenSession) -> None:
    failed: list[str] = []
    changed: list[object] = []
    empty_session.changed.connect(lambda *_: changed.append(1))
    empty_session.edit(add_action, "", failed=lambda error: failed.append(str(error)))
    empty_session.edit(add_action, "")
    empty_session.settle()
    assert len(failed) == 1
    assert [str(error) for error in empty_session.refused] == failed
    assert changed == []
    assert not empty_session.is_saving


def test_after_a_bug_nothing_waits_for_its_edit(empty_session: OpenSession, qtbot: QtBot) -> None:
    def stumble(_portfolio: PortfolioFile) -> tuple[None, Changes]:
        raise ZeroDivisionError("a bug")

    with qtbot.captureExceptions() as bugs:
        empty_session.edit(stumble)
        empty_session.settle()
    assert len(bugs) == 1
    assert not empty_session.is_saving


def test_nothing_of_a_portfolio_is_delivered_after_it_was_closed(sample_session: OpenSession) -> None:
    heard: list[object] = []
    sample_session.read(list_units, done=heard.append)
    sample_session.close()
    sample_session.settle()
    assert heard == []
    assert not sample_session.is_open


def test_closing_saves_what_pages_commit_and_frees_the_portfolio(sample_session: OpenSession) -> None:
    folder = sample_session.folder
    sample_session.commit_requested.connect(lambda: sample_session.edit(add_action, "Typed last"))
    sample_session.close()
    sample_session.settle()
    with PortfolioFile.open(folder) as portfolio:
        assert "Typed last" in [action.text for action in list_actions(portfolio)]


def test_what_cannot_be_opened_is_said_and_nothing_is_open(qtbot: QtBot, tmp_path: Path) -> None:
    session = Session(Tasks())
    failed: list[BaseException] = []
    session.open(partial(PortfolioFile.open, tmp_path), failed=failed.append)
    with qtbot.waitSignal(session.tasks.idle):
        pass
    assert len(failed) == 1
    assert str(tmp_path.name) in str(failed[0])
    assert not session.is_open
    session.tasks.stop()


def test_a_portfolio_opened_for_reading_refuses_edits(qapp: QObject, sample_folder: Path) -> None:
    session = OpenSession(sample_folder, read_only=True)
    assert session.read_only
    session.edit(add_action, "Not here")
    session.settle()
    assert len(session.refused) == 1
    session.finish()
