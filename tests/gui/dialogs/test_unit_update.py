"""The comparison with a newer version: what is seen of it, what must be answered, and what comes of the answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.dialogs.parts import button
from tests.gui.stand import OpenSession
from tests.newer_units import NEW_TEXT, newer_version

from portfolio_app.domain.qualification import Unit
from portfolio_app.gui.dialogs.unit_update import UnitUpdateDialog
from portfolio_app.gui.models.unit_changes import Sort
from portfolio_app.gui.widgets.word_changes import PASSAGES_ROLE, ChangeText
from portfolio_app.services.claim_edits import RequirementClaims, claims_for_requirement, remove_claims
from portfolio_app.services.history import undo
from portfolio_app.services.unit_versions import UnitUpdate, UpdatedUnit, compare_newer
from portfolio_app.services.units import list_units


def _units(session: OpenSession) -> list[Unit]:
    found: list[Unit] = []
    session.read(list_units, done=found.extend)
    session.settle()
    return found


def _opened(qtbot: QtBot, session: OpenSession) -> UnitUpdateDialog:
    unit = _units(session)[0]
    found: list[UnitUpdate] = []
    session.read(compare_newer, unit.code, newer_version(unit), done=found.append)
    session.settle()
    dialog = UnitUpdateDialog(session, found[0])
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


@pytest.fixture
def dialog(qtbot: QtBot, sample_session: OpenSession) -> Iterator[UnitUpdateDialog]:
    """U1 of the sample beside a newer version; MP2, which has claims and no decision, is gone from it."""
    dialog = _opened(qtbot, sample_session)
    yield dialog
    dialog.close()


def rows(dialog: UnitUpdateDialog) -> dict[str, tuple[str, ...]]:
    model = dialog.table.model()
    cells = [[str(model.index(row, column).data()) for column in range(4)] for row in range(model.rowCount())]
    return {f"{change} {name}": (text, hanging) for change, name, text, hanging in cells}


def take(dialog: UnitUpdateDialog, sort: Sort) -> int:
    change = next(change for change in dialog._changes if change.sort is sort)
    dialog.table.choose([change.key])
    return dialog.table.currentIndex().row()


def test_what_changes_is_seen_in_rows_and_in_full_with_the_words_marked(dialog: UnitUpdateDialog) -> None:
    shown = rows(dialog)
    assert list(shown) == [
        "Gone U1/MP2",
        "Changed Level",
        "Reworded U1/MP1",
        "Renumbered U1/MP4 → U1/MP5",
        "New U1/MP2",
    ]
    assert shown["Changed Level"] == ("4 → 5", "")
    assert shown["Gone U1/MP2"][1].endswith("claims – to be answered")
    row = take(dialog, Sort.REWORDED)
    passages, gone = dialog.table.model().index(row, 2).data(PASSAGES_ROLE)
    assert [passage.text.strip() for passage in passages if passage.changed] == ["Write a full"]
    assert not gone
    (detail,) = dialog.findChildren(ChangeText)
    text = detail.toPlainText()
    assert "Check: U1/MP1 was decided on" in text
    for word, struck in (("Develop", True), ("Write", False)):
        marked = detail.document().find(word).charFormat()
        assert (marked.fontStrikeOut(), marked.fontUnderline()) == (struck, not struck)
    dialog.grab()


def test_nothing_is_applied_before_all_is_answered_and_the_keyboard_is_enough(
    dialog: UnitUpdateDialog, sample_session: OpenSession
) -> None:
    before = _units(sample_session)
    done: list[UpdatedUnit] = []
    dialog.updated.connect(done.append)
    take(dialog, Sort.NEW)
    assert not dialog.apply.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_F8)
    assert [change.name for change in dialog.table.chosen_records()] == ["U1/MP2"]
    assert dialog.choice.keep.hasFocus()
    assert NEW_TEXT in dialog.choice.target.currentText()  # what is at its place now is offered first
    QTest.keyClick(dialog.choice.keep, Qt.Key.Key_Space)
    assert "1 of 1 answered" in [label.text() for label in dialog.findChildren(QLabel)]
    QTest.keyClick(dialog.choice.keep, Qt.Key.Key_Down)
    assert rows(dialog)["Gone U1/MP2"][1].endswith("claims – to U1/MP2")
    assert dialog.apply.isEnabled()
    dialog.apply.click()
    sample_session.settle()
    assert not dialog.isVisible()
    (updated,) = done
    assert updated.moved > 1
    unit = _units(sample_session)[0]
    assert (unit, unit.level) == (updated.unit, "5")
    assert [leaf.ref for leaf in unit.leaves()] == ["MP1", "MP2", "MP3", "MP5"]
    sample_session.edit(undo)
    sample_session.settle()
    assert _units(sample_session) == before


def test_two_that_only_look_alike_are_set_apart_and_matched_again(
    dialog: UnitUpdateDialog, sample_session: OpenSession
) -> None:
    take(dialog, Sort.RENUMBERED)
    apart = button(dialog, "Not the same requirement")
    again = button(dialog, "Match them again")
    assert apart.isVisible()
    assert not again.isVisible()
    apart.click()
    sample_session.settle()
    assert {"Gone U1/MP4", "New U1/MP5"} < rows(dialog).keys()
    assert not dialog.apply.isEnabled()
    again.click()
    sample_session.settle()
    assert "Renumbered U1/MP4 → U1/MP5" in rows(dialog)
    assert not again.isVisible()


def test_what_has_a_decision_stays_whatever_is_answered(dialog: UnitUpdateDialog, sample_session: OpenSession) -> None:
    take(dialog, Sort.REWORDED)
    button(dialog, "Not the same requirement").click()
    sample_session.settle()
    (question,) = dialog.table.chosen_records()
    assert (question.name, question.hanging.decisions) == ("U1/MP1", 1)
    assert not dialog.choice.remove.isVisible()
    assert dialog.choice.move_.text().replace("&", "") == "Keep it, and claim its evidence too for"
    dialog.choice.keep.click()
    dialog.next_question()
    dialog.choice.remove.click()
    dialog.apply.click()
    sample_session.settle()
    unit = _units(sample_session)[0]
    assert [leaf.ref for leaf in unit.leaves()] == ["MP1", "MP1 (former)", "MP2", "MP3", "MP5"]
    assert [leaf.text for leaf in unit.leaves()][2] == NEW_TEXT


def test_claims_that_came_meanwhile_are_asked_about_too(qtbot: QtBot, sample_session: OpenSession) -> None:
    unit = _units(sample_session)[0]
    second = unit.requirements[1].children[0].id
    claims: list[RequirementClaims] = []
    sample_session.read(claims_for_requirement, second, done=claims.append)
    sample_session.settle()
    sample_session.edit(remove_claims, [(each.item.id, second) for each in claims[0].claims])
    dialog = _opened(qtbot, sample_session)
    assert dialog.apply.isEnabled()
    sample_session.undo()
    dialog.apply.click()
    sample_session.settle()
    assert dialog.isVisible()
    assert any("Say what is to become of what hangs on it." in label.text() for label in dialog.findChildren(QLabel))
    assert rows(dialog)["Gone U1/MP2"][1].endswith("claims – to be answered")
    assert not dialog.apply.isEnabled()
    assert _units(sample_session)[0] == unit
    dialog.close()


def test_a_refusal_is_said_and_nothing_is_lost(dialog: UnitUpdateDialog, sample_session: OpenSession) -> None:
    take(dialog, Sort.GONE)
    dialog.choice.keep.click()
    dialog._code = "U9"
    dialog.apply.click()
    sample_session.settle()
    assert dialog.isVisible()
    assert dialog.apply.isEnabled()
    QApplication.processEvents()
    assert any("There is no unit “U9”" in label.text() for label in dialog.findChildren(QLabel))
    assert {each.text() for each in dialog.findChildren(QPushButton)} >= {"Back to the review", "Cancel", "Update U1"}
