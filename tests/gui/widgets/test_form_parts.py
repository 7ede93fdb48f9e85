"""The parts of an item that every kind has: its date, tags, people, where it is, and how it was gathered."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from portfolio_app.domain.evidence import Involvement, Person, PersonPart, Standing, StandingKind
from portfolio_app.domain.qualification import AssessmentMethod
from portfolio_app.gui.widgets.form.date_fields import DateLine, PeriodField
from portfolio_app.gui.widgets.form.method_field import CONFIDENTIAL, FlagField, MethodField
from portfolio_app.gui.widgets.form.people_field import NamedPerson, PeopleField
from portfolio_app.gui.widgets.form.standing_field import StandingField
from portfolio_app.gui.widgets.form.tags_field import TagsField
from portfolio_app.importing.evidence_kinds import load_kinds


def _given(field: PeriodField | TagsField | StandingField | MethodField | FlagField) -> list[object]:
    given: list[object] = []
    field.committed.connect(given.append)
    return given


# Dates


@pytest.mark.parametrize(
    ("first", "last", "value", "problem"),
    [
        ("9 March 2026", "", "2026-03-09", ""),
        ("3/2026", "May 2026", "2026-03/2026-05", ""),
        ("March 2026 to May 2026", "", "2026-03/2026-05", ""),
        ("last spring", "", "last spring", "“last spring” is not a date"),
        ("May 2026", "March 2026", "May 2026 to March 2026", "March 2026 is before May 2026."),
        ("", "May 2026", "to May 2026", "Give the date it began as well"),
        ("", "", "", ""),
    ],
)
def test_a_period_is_typed_in_two_lines_and_comes_back_as_it_was(
    qtbot: QtBot, first: str, last: str, value: str, problem: str
) -> None:
    field = PeriodField()
    qtbot.addWidget(field)
    given = _given(field)
    QTest.keyClicks(field.start.line, first)
    QTest.keyClicks(field.end.line, last)
    field.flush()
    assert given == ([value] if value else [])
    assert field.problem().startswith(problem)
    assert bool(field.problem()) == bool(problem)
    other = PeriodField()
    qtbot.addWidget(other)
    other.set_value(value)
    assert other.value() == value
    assert bool(other.problem()) == bool(problem)
    assert (other.start.text(), other.end.text()) == (field.start.text(), field.end.text()) or not problem


def test_a_day_is_picked_from_a_calendar(qtbot: QtBot) -> None:
    field = PeriodField()
    qtbot.addWidget(field)
    field.show()
    given = _given(field)
    field.start.open_calendar()
    popup = field.start._calendar
    assert popup is not None
    popup.month.clicked.emit(QDate(2026, 3, 9))
    assert field.start.text() == "9 March 2026"
    assert given == ["2026-03-09"]
    assert popup.isHidden()


def test_a_date_line_reads_what_it_shows_to_a_screen_reader(qtbot: QtBot) -> None:
    line = DateLine("Seen on")
    qtbot.addWidget(line)
    line.set_text("2026-03")
    assert line.line.accessibleName() == "Seen on"
    assert line.line.accessibleDescription() == "March 2026"
    assert line.button.accessibleName() == "Seen on: choose a day"


# Tags


@pytest.fixture
def tags(qtbot: QtBot) -> TagsField:
    field = TagsField()
    qtbot.addWidget(field)
    field.set_value(("team", "rota"))
    field.show()
    return field


def test_tags_are_added_with_enter_or_a_comma_once_each(tags: TagsField, qtbot: QtBot) -> None:
    given = _given(tags)
    QTest.keyClicks(tags.line, "complaints,  Team ,")
    QTest.keyClicks(tags.line, "june")
    QTest.keyClick(tags.line, Qt.Key.Key_Return)
    assert tags.value() == ("team", "rota", "complaints", "june")
    assert given[-1] == ("team", "rota", "complaints", "june")
    assert tags.line.text() == ""


def test_tags_are_removed_by_keyboard_and_by_their_cross(tags: TagsField, qtbot: QtBot) -> None:
    given = _given(tags)
    tags.activateWindow()
    tags.line.setFocus()
    QTest.keyClick(tags.line, Qt.Key.Key_Backspace)
    chip = QApplication.focusWidget()
    assert chip is not None
    assert chip.accessibleName() == "Tag rota. Delete removes it."
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    assert given == [("team",)]
    tags._chips[0].cross.click()
    assert given == [("team",), ()]
    assert QApplication.focusWidget() is tags.line


def test_a_half_typed_tag_is_given_on_when_the_field_is_left(tags: TagsField, qtbot: QtBot) -> None:
    given = _given(tags)
    QTest.keyClicks(tags.line, "june")
    tags.flush()
    assert given == [("team", "rota", "june")]
    tags.set_value(("other",), anew=True)
    assert tags.value() == ("other",)


# Where it is


def test_a_place_is_asked_for_where_the_evidence_is_not_attached(qtbot: QtBot) -> None:
    field = StandingField()
    qtbot.addWidget(field)
    field.show()
    given = _given(field)
    assert not field.location.isVisible()
    field.choices.button(list(StandingKind).index(StandingKind.HELD)).click()
    assert field.location.isVisible()
    assert given == [Standing(StandingKind.HELD)]
    assert field.problem() == "Evidence that is held at a location needs its place."
    QTest.keyClicks(field.location, "HR cabinet")
    QTest.keyClicks(field.confirmed_by, "Karen Holt")
    QTest.keyClicks(field.confirmed_on.line, "1 April 2026")
    field.flush()
    whole = Standing(StandingKind.HELD, "HR cabinet", "", "Karen Holt", date(2026, 4, 1))
    assert given[-1] == whole
    assert field.problem() == ""
    field.set_value(whole)
    assert field.value() == whole


def test_a_day_that_cannot_be_read_holds_back_only_itself(qtbot: QtBot) -> None:
    field = StandingField()
    qtbot.addWidget(field)
    field.set_value(Standing(StandingKind.SEEN, "", "", "Karen Holt", date(2026, 4, 1)), anew=True)
    shown: list[str] = []
    field.problem_changed.connect(shown.append)
    given = _given(field)
    field.confirmed_on.line.selectAll()
    QTest.keyClicks(field.confirmed_on.line, "April 2026")
    QTest.keyClicks(field.location, "Reception")
    field.flush()
    assert given == [Standing(StandingKind.SEEN, "Reception", "", "Karen Holt", date(2026, 4, 1))]
    assert shown[-1].startswith("Not saved: “Confirmed on”")


# How it was gathered


def test_the_method_is_that_of_the_kind_or_the_items_own(qtbot: QtBot) -> None:
    field = MethodField()
    qtbot.addWidget(field)
    field.set_kind(load_kinds()["plan"])
    given = _given(field)
    assert field.box.currentText() == "As usual for its kind (work product)"
    field.set_value(AssessmentMethod.OBSERVATION)
    assert field.value() is AssessmentMethod.OBSERVATION
    field.box.setCurrentIndex(0)
    field.box.activated.emit(0)
    assert given == [None]


def test_a_flag_says_what_it_means(qtbot: QtBot) -> None:
    field = FlagField(*CONFIDENTIAL)
    qtbot.addWidget(field)
    given = _given(field)
    field.box.click()
    assert given == [True]
    assert "leave it out" in field.box.accessibleDescription()


# People

KAREN = Person("k", "Karen Holt", "Team manager", "Leisure Trust", "Line manager", "Competent", "k@example.org")
PRIYA = Person("p", "Priya Raman", "Adviser")
WITNESS = Involvement("k", PersonPart.WITNESS, date(2026, 3, 9))


class Register:
    """What a people field asked to store, in its order."""

    def __init__(self, field: PeopleField) -> None:
        self.asked: list[object] = []
        field.person_committed.connect(self.asked.append)
        field.involvement_committed.connect(self.asked.append)
        field.involvement_removed.connect(self.asked.append)


@pytest.fixture
def people(qtbot: QtBot) -> PeopleField:
    field = PeopleField()
    qtbot.addWidget(field)
    field.set_register([KAREN, PRIYA])
    field.set_kind(load_kinds()["witness-testimony"])
    field.set_value({"k": KAREN}, [WITNESS], of="e1")
    field.resize(560, 600)
    field.show()
    field.activateWindow()
    return field


def test_a_known_person_is_chosen_with_all_that_is_known(people: PeopleField, qtbot: QtBot) -> None:
    register = Register(people)
    row = people.add()
    QTest.keyClicks(row.name, "priya raman")
    QTest.keyClick(row.name, Qt.Key.Key_Return)
    assert row.words["role"].text() == "Adviser"
    assert register.asked == [Involvement("p", PersonPart.WITNESS)]
    assert people.value() == (
        NamedPerson(KAREN, WITNESS),
        NamedPerson(PRIYA, Involvement("p", PersonPart.WITNESS)),
    )


def test_a_new_person_is_put_on_the_list_and_then_into_the_item(people: PeopleField, qtbot: QtBot) -> None:
    register = Register(people)
    row = people.add()
    QTest.keyClicks(row.name, "Tom Bran")
    QTest.keyClicks(row.name, "nigan")
    QTest.keyClick(row.name, Qt.Key.Key_Return)
    new, part = register.asked[-2:]
    assert isinstance(new, Person)
    assert new.name == "Tom Brannigan"
    assert part == Involvement(new.id, PersonPart.WITNESS)
    # What was stored before the new person was must not take the row away.
    people.set_value({"k": KAREN}, [WITNESS], of="e1")
    QTest.keyClicks(row.words["role"], "Adviser")
    people.set_value({"k": KAREN, new.id: new}, [WITNESS, Involvement(new.id, PersonPart.WITNESS)], of="e1")
    assert row.words["role"].text() == "Adviser"
    people.flush()
    assert register.asked[-1] == Person(new.id, "Tom Brannigan", "Adviser")


def test_half_a_name_is_nobody(people: PeopleField, qtbot: QtBot) -> None:
    register = Register(people)
    row = people.add()
    QTest.keyClicks(row.name, "Pri")
    assert not row._pause.isActive()
    assert register.asked == []


def test_what_is_known_of_a_person_and_their_part_are_changed_apart(people: PeopleField, qtbot: QtBot) -> None:
    register = Register(people)
    (row,) = people.rows
    row.unfold(True)
    QTest.keyClicks(row.words["role"], ", north")
    row.signed_on.line.selectAll()
    QTest.keyClicks(row.signed_on.line, "10 March 2026")
    row.flush()
    changed = Person(
        "k", "Karen Holt", "Team manager, north", "Leisure Trust", "Line manager", "Competent", KAREN.email
    )
    signed = Involvement("k", PersonPart.WITNESS, date(2026, 3, 10))
    assert register.asked == [changed, signed]
    # They are stored, and come back, one after the other.
    people.set_value({"k": changed}, [WITNESS], of="e1")
    assert row.signed_on.text() == "10 March 2026"
    people.set_value({"k": changed}, [signed], of="e1")
    row.signed_on.line.clear()
    QTest.keyClicks(row.signed_on.line, "soon")
    row.flush()
    assert register.asked == [changed, signed]
    assert row.message.text().startswith("✗ Not saved: “Signed on”")


def test_a_signature_is_taken_back(people: PeopleField, qtbot: QtBot) -> None:
    register = Register(people)
    (row,) = people.rows
    row.unfold(True)
    row.signed_on.line.selectAll()
    QTest.keyClick(row.signed_on.line, Qt.Key.Key_Delete)
    row.flush()
    assert register.asked == [Involvement("k", PersonPart.WITNESS)]


def test_a_name_is_corrected_only_on_purpose(people: PeopleField, qtbot: QtBot) -> None:
    register = Register(people)
    (row,) = people.rows
    row.unfold(True)
    QTest.keyClicks(row.name, "x")
    assert row.name.text() == "Karen Holt"
    row.correct.click()
    QTest.keyClicks(row.name, "Karin Holt")
    QTest.keyClick(row.name, Qt.Key.Key_Return)
    (corrected,) = register.asked
    assert isinstance(corrected, Person)
    assert (corrected.id, corrected.name) == ("k", "Karin Holt")


def test_a_person_is_taken_off_and_brought_back_by_undo(people: PeopleField) -> None:
    register = Register(people)
    people.rows[0].remove.click()
    assert register.asked == ["k"]
    people.set_value({"k": KAREN}, [WITNESS], of="e1")
    assert people.rows == []
    people.set_value({}, [], of="e1")
    people.set_value({"k": KAREN}, [WITNESS], of="e1")
    assert [row.person_id for row in people.rows] == ["k"]


def test_another_item_has_its_own_people(people: PeopleField, qtbot: QtBot) -> None:
    register = Register(people)
    row = people.add()
    QTest.keyClicks(row.name, "Tom Brannigan")
    people.set_value({"p": PRIYA}, [Involvement("p", PersonPart.AUTHOR)], of="e2")
    assert [type(one) for one in register.asked] == [Person, Involvement]
    assert [one.person for one in people.value()] == [PRIYA]


def test_nothing_of_one_item_s_people_is_left_in_the_rows_of_the_next(people: PeopleField) -> None:
    (row,) = people.rows
    row.toggle.click()
    row.correct.click()
    row.signed_on.line.selectAll()
    QTest.keyClicks(row.signed_on.line, "the day before")
    people.flush()
    assert row.problem()
    people.set_value({}, [], of="e2")
    assert people.rows == []
    register = Register(people)
    people.set_value({"p": PRIYA}, [Involvement("p", PersonPart.AUTHOR)], of="e3")

    (row,) = people.rows
    assert row.isVisible()
    assert not row.is_unfolded()
    assert not row.problem()
    assert not row.message.isVisibleTo(people)
    assert row.name.isReadOnly()
    assert row.value() == NamedPerson(PRIYA, Involvement("p", PersonPart.AUTHOR))
    people.flush()
    assert register.asked == []


def test_people_lead_to_what_is_missing(people: PeopleField) -> None:
    people.set_value({"p": PRIYA}, [Involvement("p", PersonPart.WITNESS)], of="e2")
    people.focus()
    assert QApplication.focusWidget() is people.rows[0].words["relation"]
    assert people.rows[0].is_unfolded()


def test_what_is_refused_is_said_beside_the_person(people: PeopleField, qtbot: QtBot) -> None:
    people.refuse("k", "Somebody else has this name.")
    assert people.rows[0].message.text() == "✗ Not saved: Somebody else has this name."


def test_people_can_only_be_read_in_an_item_from_the_bin(people: PeopleField) -> None:
    people.set_read_only(True)
    assert not people.add_button.isVisible()
    assert not people.rows[0].remove.isVisible()
    assert {button.text() for button in people.findChildren(QPushButton)} >= {"Add a person"}
