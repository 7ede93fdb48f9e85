"""Units under their groups: in the tree, beside it, on the overview, and in the form that changes them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot
from tests.gui.dialogs.parts import button, said
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.gui import places
from portfolio_app.gui.dialogs.unit_groups import UnitGroupsDialog
from portfolio_app.gui.models.unit_tree import standing_in_words, words_of
from portfolio_app.gui.pages.overview import OverviewPage
from portfolio_app.gui.pages.units import UnitsPage
from portfolio_app.gui.places import Place
from portfolio_app.services.qualification import (
    GroupGiven,
    put_group,
    put_units,
    remove_group,
    standing_of_qualification,
)
from portfolio_app.services.unit_sources import add_library_units, library_choices
from portfolio_app.services.units import list_units


@pytest.fixture
def page(qtbot: QtBot, empty_session: OpenSession, navigator: RecordingNavigator) -> Iterator[UnitsPage]:
    """Three units, of which U1 is in “Core” and U2 in “Group A”, which asks for two."""
    ids = [choice.entry.id for choice in library_choices()[:3]]
    empty_session.edit(add_library_units, ids)
    empty_session.edit(put_group, "Core", GroupGiven(mandatory=True))
    empty_session.edit(put_group, "Group A", GroupGiven(least_units=2))
    empty_session.edit(put_units, "Core", ["U1"])
    empty_session.edit(put_units, "Group A", ["U2"])
    page = UnitsPage(empty_session, navigator)
    qtbot.addWidget(page)
    page.resize(1080, 700)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    _settle(page)
    yield page
    page.hide()


def _settle(page: UnitsPage) -> None:
    assert isinstance(page.session, OpenSession)
    page.session.settle()
    QApplication.processEvents()


def _top(page: UnitsPage) -> list[str]:
    return [words_of(row).split("  ")[0] for row in page._model.root.children]


def _dialog(page: UnitsPage) -> UnitGroupsDialog:
    page.edit_groups()
    _settle(page)
    (dialog,) = [each for each in page.findChildren(UnitGroupsDialog) if each.isVisible()]
    return dialog


def test_units_stand_under_what_their_group_asks_for(page: UnitsPage) -> None:
    QAbstractItemModelTester(page._model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert _top(page) == ["Core", "U1", "Group A", "U2", "In no group", "U3"]
    heading = page._model.root.children[2]
    assert standing_in_words(heading) == "choose at least 2 units, 0 of 2 units achieved"
    tip = page._model.data(page._model.index_at(heading), Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("The group “Group A” asks for at least 2 units; the units chosen have 1 unit")
    # The first unit is in hand; the arrow leads from it to the heading, whose group is shown beside.
    row = page._tree.current_row()
    assert row is not None
    assert row.is_unit
    QTest.keyClick(page._tree, Qt.Key.Key_Up)
    assert "All its units." in said(page._group_sheet)
    assert page._group_sheet.isVisible()
    page.edit_unit()  # says that a unit is to be chosen, and opens nothing
    assert "Choose a unit first." in page.window_.messages[-1][0]  # type: ignore[attr-defined] # it records
    QTest.keyClick(page._tree, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)  # headings are not moved so
    assert _top(page) == ["Core", "U1", "Group A", "U2", "In no group", "U3"]


def test_a_unit_dropped_under_another_heading_is_in_that_group(page: UnitsPage) -> None:
    model = page._model
    data = model.mimeData([model.index_of(model.units()[2].id)])
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, -1, 0, model.index_at(model.root.children[2]))
    _settle(page)
    assert _top(page) == ["Core", "U1", "Group A", "U2", "U3"]
    # Between two units of one group it is the order that changes, and the codes with it.
    titles = [unit.title for unit in model.units()]
    data = model.mimeData([model.index_of(model.units()[2].id)])
    model.dropMimeData(data, Qt.DropAction.MoveAction, 3, 0, QModelIndex())
    _settle(page)
    assert [unit.title for unit in model.units()] == [titles[0], titles[2], titles[1]]
    # At the end of its group a unit goes no further.
    before = [unit.id for unit in model.units()]
    assert model.moved(before[0], 1) == before


def test_the_menu_of_a_unit_puts_it_into_a_group(page: UnitsPage) -> None:
    page._tree.choose(page._model.units()[2].id)
    page._show_menu(QPoint(0, 0))
    menu = next(each for each in page.findChildren(QMenu) if each.title() == "Put the unit into")
    choices = {action.text(): action for action in menu.actions()}
    assert [text for text, action in choices.items() if action.isEnabled()] == ["Core", "Group A"]
    choices["Core"].trigger()
    _settle(page)
    assert _top(page) == ["Core", "U1", "U3", "Group A", "U2"]
    assert page.session.undo_names.undo == "Put U3 into the group Core"
    page.findChildren(QMenu)[0].close()


def test_the_form_says_at_once_what_is_lacking_and_stores_all_in_one_step(page: UnitsPage) -> None:
    dialog = _dialog(page)
    core, choice = dialog.rows
    assert (core.title.text(), core.kind.currentText()) == ("Core", "All its units")
    assert choice.units.text() == "at least 2 units"
    assert any("the units chosen have 1 unit" in words for words in said(choice))
    third = list(dialog.choices.values())[2]
    assert [third.itemText(place) for place in range(third.count())] == ["In no group", "Core", "Group A"]
    third.setFocus()
    QTest.keyClick(third, Qt.Key.Key_End)
    assert "2 units with" in " ".join(said(choice))
    choice.title.setText("Group B")
    assert third.currentText() == "Group B"
    choice.credits.setValue(99)
    dialog.whole.setValue(37)
    button(dialog, "Add a group").click()
    assert dialog.rows[-1].title.hasFocus()
    dialog.rows[-1].title.setText("Group B")
    button(dialog, "Save the groups").click()
    _settle(page)
    assert "Two groups cannot both be called “Group B”." in said(dialog)
    dialog.rows[-1].removed.emit()
    core.moved.emit(1)
    button(dialog, "Save the groups").click()
    _settle(page)
    assert _top(page) == ["Group B", "U2", "U3", "Core", "U1"]
    page.session.undo()
    _settle(page)
    assert _top(page) == ["Core", "U1", "Group A", "U2", "In no group", "U3"]


def test_the_first_group_begins_with_the_units_that_are_mandatory(page: UnitsPage) -> None:
    page.session.edit(remove_group, "Core")
    page.session.edit(remove_group, "Group A")
    _settle(page)
    dialog = _dialog(page)
    button(dialog, "Add a group").click()
    button(dialog, "Add a group").click()
    assert [(row.title.text(), row.kind.currentText()) for row in dialog.rows] == [
        ("Mandatory units", "All its units"),
        ("Optional group 1", "A choice of its units"),
    ]
    # U2 was in an optional group, so it stays optional.
    assert [box.currentText() for box in dialog.choices.values()] == [
        "Mandatory units",
        "In no group",
        "Mandatory units",
    ]


def test_a_gap_leads_to_the_form_and_the_overview_shows_the_groups(
    qtbot: QtBot, page: UnitsPage, navigator: RecordingNavigator
) -> None:
    page.show_place(Place(places.UNITS, field="groups"))
    _settle(page)
    (dialog,) = [each for each in page.findChildren(UnitGroupsDialog) if each.isVisible()]
    dialog.reject()
    overview = OverviewPage(page.session, navigator)
    qtbot.addWidget(overview)
    overview.resize(1100, 700)
    overview.show()
    overview.refresh()
    _settle(page)
    words = [label.text() for label in overview.findChildren(QLabel) if not label.isHidden()]
    for wanted in ("0 of 1 unit", "0 of 2 units", "In no group"):
        assert any(wanted in each for each in words), wanted
    assert any(each.startswith("The group “Group A” asks for at least 2 units; the units chosen") for each in words)


def test_without_groups_nothing_is_said_of_them(page: UnitsPage) -> None:
    dialog = _dialog(page)
    for row in list(dialog.rows):
        row.removed.emit()
    button(dialog, "Save the groups").click()
    _settle(page)
    assert _top(page) == ["U1", "U2", "U3"]
    assert isinstance(page.session, OpenSession)
    found: list[object] = []
    page.session.read(standing_of_qualification, done=found.append)
    page.session.read(list_units, done=found.append)
    _settle(page)
    assert not found[0][1].is_described  # type: ignore[index]
