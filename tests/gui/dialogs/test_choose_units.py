"""A document with several units: which are wanted, and how a document is read for the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession
from tests.printed_specifications import learning_outcomes, made_up_units, text_of, tree_of, write_pdf

from portfolio_app.domain.errors import Cancelled
from portfolio_app.domain.qualification import Unit
from portfolio_app.gui.dialogs.choose_units import ChooseUnitsDialog
from portfolio_app.gui.dialogs.import_unit import ImportUnitDialog
from portfolio_app.gui.dialogs.unit_review import SourceText, UnitReviewDialog
from portfolio_app.services.unit_desk import UnitsRead, read_pasted, read_sources
from portfolio_app.services.unit_drafts import UnitDraft
from portfolio_app.services.unit_sources import import_units
from portfolio_app.services.units import insert_units

PRINTED = made_up_units(4, outcomes=2, criteria=2)


@pytest.fixture
def specification(tmp_path: Path) -> Path:
    path = tmp_path / "Diploma.txt"
    pages = [text_of(learning_outcomes(unit)) for unit in PRINTED]
    path.write_text("\f".join(["Contents", *pages]), encoding="utf-8")
    return path


@pytest.fixture
def units(specification: Path) -> list[Unit]:
    return [found.unit for found in import_units(specification).units]


def _importing(
    qtbot: QtBot, session: OpenSession, *, asks_which: bool = True
) -> tuple[ImportUnitDialog, list[UnitDraft]]:
    dialog = ImportUnitDialog(session, asks_which=asks_which)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    drafts: list[UnitDraft] = []
    dialog.read.connect(drafts.extend)
    return dialog, drafts


def test_the_units_that_are_ticked_are_looked_through(
    qtbot: QtBot, empty_session: OpenSession, specification: Path, units: list[Unit]
) -> None:
    empty_session.edit(insert_units, [units[1]])
    empty_session.settle()
    dialog, drafts = _importing(qtbot, empty_session)
    dialog._read_files([str(specification)])
    empty_session.settle()
    (asking,) = dialog.findChildren(ChooseUnitsDialog)
    assert [unit.number for unit in asking.ticked()] == [1, 3, 4]
    detail = next(label for label in asking.findChildren(QLabel) if "as no requirements" in label.text())
    QTest.keyClick(asking.table, Qt.Key.Key_Down)
    assert detail.text().startswith("The portfolio has it already, as U1.")
    QTest.keyClick(asking.table, Qt.Key.Key_Down)
    QTest.keyClick(asking.table, Qt.Key.Key_Space)
    review = next(each for each in asking.findChildren(QPushButton) if each.text() == "Review 2 units")
    review.click()
    assert [draft.unit.title for draft in drafts] == [PRINTED[0].title, PRINTED[3].title]
    assert not dialog.isVisible()


def test_none_ticked_is_nothing_to_look_through(qtbot: QtBot, empty_session: OpenSession, specification: Path) -> None:
    dialog, drafts = _importing(qtbot, empty_session)
    dialog._read_files([str(specification)])
    empty_session.settle()
    (asking,) = dialog.findChildren(ChooseUnitsDialog)
    buttons = {each.text(): each for each in asking.findChildren(QPushButton)}
    buttons["Tick none"].click()
    assert not buttons["Review 4 units"].isEnabled()
    buttons["Cancel"].click()
    assert (drafts, dialog.result()) == ([], 0)


def test_a_newer_version_is_found_among_all_units_without_asking(
    qtbot: QtBot, empty_session: OpenSession, specification: Path
) -> None:
    dialog, drafts = _importing(qtbot, empty_session, asks_which=False)
    dialog._read_files([str(specification)])
    empty_session.settle()
    assert len(drafts) == 4


def test_the_grid_shows_the_page_and_the_line_of_each_row(
    qtbot: QtBot, empty_session: OpenSession, specification: Path
) -> None:
    dialog, drafts = _importing(qtbot, empty_session, asks_which=False)
    dialog._read_files([str(specification)])
    empty_session.settle()
    review = UnitReviewDialog(empty_session, drafts[2])
    review.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(review)
    review.open()
    review.grid.take(1)
    assert any(label.text().endswith("page 4") for label in review.findChildren(QLabel))
    source = review.findChild(SourceText)
    assert source is not None
    assert source.textCursor().block().text().startswith("1.1 ")


def test_a_document_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    specification = tmp_path / "Diploma.pdf"
    write_pdf(specification, PRINTED)
    (read,) = read_sources([specification])
    assert isinstance(read, UnitsRead)
    assert [tree_of(found.unit) for found in read.units] == [unit.tree() for unit in PRINTED]
    told: list[str] = []

    def cancel(done: int, total: int, what: str) -> None:
        told.append(f"{done} {total} {what}")
        if len(told) > 1:
            raise Cancelled("no more")

    with pytest.raises(Cancelled):
        read_sources([specification], cancel)
    assert told == ["0 1 Reading “Diploma.pdf”", "0 0 Reading “Diploma.pdf”"]


def test_a_long_text_is_read_like_a_short_one() -> None:
    criteria = "".join(f"1.{number} name dish {number}, {'which is long, ' * 9}\n" for number in range(1, 900))
    (read,) = read_pasted(f"Unit title: Cook\n1 Know food\n{criteria}")
    assert isinstance(read, UnitsRead)
    assert len(list(read.units[0].unit.leaves())) == 899
