"""The register of people: typed into, added to, merged, tidied."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from tests.gui.dialogs.parts import button, field, open_dialog, said
from tests.gui.stand import StandWindow

from portfolio_app.domain.evidence import Person
from portfolio_app.gui.dialogs.people import PeopleDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.widgets.basics import SearchField
from portfolio_app.gui.widgets.record_table import RecordTable
from portfolio_app.services.people import list_people, people_register, put_person
from portfolio_app.services.portfolios import opened


@pytest.fixture
def dialog(sample_folder: Path, sample_window: StandWindow) -> PeopleDialog:
    del sample_folder
    return open_dialog(sample_window, "people", PeopleDialog)


@pytest.fixture
def with_twins(sample_folder: Path, request: pytest.FixtureRequest) -> PeopleDialog:
    """Return the dialog where a witness is on the list twice."""
    with opened(sample_folder) as portfolio:
        put_person(portfolio, Person("twin", "K Holt", email="k.holt@example.org"))
    window: StandWindow = request.getfixturevalue("sample_window")
    return open_dialog(window, "people", PeopleDialog)


def _table(dialog: PeopleDialog, name: str = "People") -> RecordTable[object]:
    (found,) = [each for each in dialog.findChildren(RecordTable) if each.accessibleName() == name]
    return found


def _names(dialog: PeopleDialog) -> list[str]:
    model = _table(dialog).model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def _choose(dialog: PeopleDialog, *names: str) -> None:
    view = _table(dialog)
    rows = [_names(dialog).index(name) for name in names]
    view.choose([view.model().key(row) for row in rows])  # type: ignore[attr-defined] # a model of records


def _type(dialog: PeopleDialog, label: str, text: str) -> None:
    line = field(dialog, label)
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    line.editingFinished.emit()


def _stored(window: StandWindow) -> dict[str, Person]:
    found: list[Person] = []
    window.session.read(list_people, done=found.extend)
    window.settle()
    return {person.name: person for person in found}


def test_what_is_typed_is_saved_on_leaving_the_field(dialog: PeopleDialog, sample_window: StandWindow) -> None:
    _choose(dialog, "Karen Holt")
    _type(dialog, "Organisation", "Northgate Pools")
    assert _stored(sample_window)["Karen Holt"].organisation == "Northgate Pools"
    QTest.keyClick(_table(dialog), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert _stored(sample_window)["Karen Holt"].organisation != "Northgate Pools"
    assert field(dialog, "Organisation").text() != "Northgate Pools"  # type: ignore[attr-defined] # a line


def test_a_name_that_is_taken_is_told_and_stays_in_the_form(dialog: PeopleDialog, sample_window: StandWindow) -> None:
    _choose(dialog, "Karen Holt")
    _type(dialog, "Name", "fiona garrick")
    sample_window.settle()
    assert any("merge the two entries" in sentence for sentence in said(dialog))
    assert "Karen Holt" in _stored(sample_window)
    _choose(dialog, "Helen Marsh")
    _choose(dialog, "Karen Holt")
    assert field(dialog, "Name").text() == "fiona garrick"  # type: ignore[attr-defined] # a line
    dialog.reject()
    (question,) = dialog.findChildren(QuestionDialog)
    assert question.no.isDefault()
    _choose(dialog, "Karen Holt")
    question.reject()
    _type(dialog, "Name", "Karen Holt-Garrick")
    assert "Karen Holt-Garrick" in _stored(sample_window)


def test_somebody_new_joins_the_list_with_their_name(dialog: PeopleDialog, sample_window: StandWindow) -> None:
    button(dialog, "Add a person").click()
    _type(dialog, "Role", "Duty manager")
    assert "Duty manager" not in {person.role for person in _stored(sample_window).values()}
    _type(dialog, "Name", "Sunita Rao")
    stored = _stored(sample_window)
    assert stored["Sunita Rao"].role == "Duty manager"
    chosen = _table(dialog).chosen_keys()
    assert chosen == [stored["Sunita Rao"].id]


def test_two_entries_become_one_and_undo_parts_them(with_twins: PeopleDialog, sample_window: StandWindow) -> None:
    _choose(with_twins, "K Holt", "Karen Holt")
    button(with_twins, "Merge …").click()
    (question,) = with_twins.findChildren(QuestionDialog)
    question.buttons["Keep “Karen Holt”"].click()
    sample_window.settle()
    stored = _stored(sample_window)
    assert "K Holt" not in stored
    assert stored["Karen Holt"].email
    button(with_twins, "Undo").click()
    sample_window.settle()
    assert {"K Holt", "Karen Holt"} <= set(_names(with_twins))


def test_only_who_is_named_nowhere_can_be_removed(with_twins: PeopleDialog, sample_window: StandWindow) -> None:
    _choose(with_twins, "Karen Holt")
    assert not button(with_twins, "Remove").isEnabled()
    _choose(with_twins, "K Holt")
    QTest.keyClick(_table(with_twins), Qt.Key.Key_Delete)
    assert "K Holt" not in _stored(sample_window)
    unused = [text for text in _names(with_twins) if text not in _named(sample_window)]
    button(with_twins, f"Remove who is named nowhere ({len(unused)})").click()
    assert set(_stored(sample_window)) == _named(sample_window)


def _named(window: StandWindow) -> set[str]:
    found: list[str] = []
    window.session.read(people_register, done=lambda uses: found.extend(u.person.name for u in uses if u.parts))
    window.settle()
    return set(found)


def test_a_person_leads_to_what_they_are_named_in(dialog: PeopleDialog, sample_window: StandWindow) -> None:
    (search,) = dialog.findChildren(SearchField)
    search.setText("holt")
    search.returnPressed.emit()
    assert _names(dialog) == ["Karen Holt"]
    _choose(dialog, "Karen Holt")
    parts = _table(dialog, "Named in")
    ref = str(parts.model().index(0, 0).data()).split()[0]
    button(dialog, "Show the item").click()
    sample_window.settle()
    page = sample_window.page("evidence")
    assert page is not None
    assert page.isVisible()
    assert page.editor.ref == ref  # type: ignore[attr-defined] # the page of the evidence


def test_a_person_who_was_searched_for_is_shown(sample_window: StandWindow) -> None:
    register: list[Person] = []
    sample_window.session.read(list_people, done=register.extend)
    sample_window.settle()
    sample_window.commands.show_people(register[-1].id)
    sample_window.settle()
    dialog = sample_window.findChild(PeopleDialog)
    assert dialog is not None
    assert _name_shown(dialog) == register[-1].name
    _choose(dialog, register[0].name)
    assert _name_shown(dialog) == register[0].name


def _name_shown(dialog: PeopleDialog) -> str:
    line = field(dialog, "Name")
    assert isinstance(line, QLineEdit)
    return line.text()
