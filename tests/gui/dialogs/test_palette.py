"""The search box: everything is found and opened at its place, and what stands first is what Enter does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QPushButton
from tests.gui.stand import StandWindow

from portfolio_app.domain.qualification import Unit
from portfolio_app.gui import places
from portfolio_app.gui.dialogs.palette import CommandPalette
from portfolio_app.gui.dialogs.people import PeopleDialog
from portfolio_app.gui.models.found_things import Found, FoundThings
from portfolio_app.gui.pages.evidence import EvidencePage
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.form.table_field import TableEditor
from portfolio_app.services.evidence_edits import change_evidence
from portfolio_app.services.evidence_given import EvidenceGiven
from portfolio_app.services.units import list_units

_LEAST_WIDTH = 720


@pytest.fixture
def palette(sample_window: StandWindow) -> CommandPalette:
    return _opened(sample_window)


def _opened(window: StandWindow) -> CommandPalette:
    palette = CommandPalette(window)
    palette.open()
    if window.session.is_open:
        palette._knowing.setInterval(0)
    window.settle()
    return palette


def _field(palette: CommandPalette) -> QLineEdit:
    (field,) = palette.findChildren(QLineEdit)
    return field


def _rows(palette: CommandPalette) -> Sequence[Found]:
    (view,) = palette.findChildren(QListView)
    model = view.model()
    assert isinstance(model, FoundThings)
    return model.rows


def _found(palette: CommandPalette, window: StandWindow, typed: str) -> list[str]:
    _field(palette).setText(typed)
    window.settle()
    (view,) = palette.findChildren(QListView)
    assert view.currentIndex().row() == 0
    return [row.title for row in _rows(palette)]


def _press(palette: CommandPalette, window: StandWindow, key: Qt.Key = Qt.Key.Key_Return) -> None:
    QTest.keyClick(_field(palette), key)
    window.settle()


def _choose(palette: CommandPalette, window: StandWindow, row: Found) -> None:
    for _ in range(list(_rows(palette)).index(row)):
        QTest.keyClick(_field(palette), Qt.Key.Key_Down)
    _press(palette, window)


def _first(palette: CommandPalette, sort: str) -> Found:
    return next(row for row in _rows(palette) if row.sort == sort)


def _evidence(window: StandWindow) -> EvidencePage:
    page = window.page(places.EVIDENCE)
    assert isinstance(page, EvidencePage)
    assert page.isVisible()
    return page


def _marked(row: Found) -> set[str]:
    return {row.excerpt[start:end].lower() for start, end in row.marks}


# Commands


def test_a_command_that_begins_with_what_was_typed_stands_before_items_with_these_words(
    palette: CommandPalette, sample_window: StandWindow
) -> None:
    found = _found(palette, sample_window, "Hide names")
    assert found[0] == "Hide names and regions in copies"
    found = _found(palette, sample_window, "matri")
    assert "Matrix" in found[0]
    _press(palette, sample_window)
    page = sample_window.page("matrix")
    assert page is not None
    assert page.isVisible()


def test_what_is_only_somewhere_in_a_command_stands_after_the_items(
    palette: CommandPalette, sample_window: StandWindow
) -> None:
    found = _found(palette, sample_window, "names")
    assert _rows(palette)[0].excerpt
    assert found[-1] == "Hide names and regions in copies"
    assert len(set(found)) == len(found)


# What is found, and where it leads


def test_words_in_an_item_are_marked_and_selected_where_they_stand(
    palette: CommandPalette, sample_window: StandWindow
) -> None:
    _found(palette, sample_window, "raised by 9")
    row = _rows(palette)[0]
    assert (row.sort, row.title[:2]) == ("Evidence", "E3")
    assert _marked(row) == {"raised", "by", "9"}
    _press(palette, sample_window)
    editor = _evidence(sample_window).editor
    assert editor.ref == "E3"
    assert editor.column.body.field.textCursor().selectedText() == "raised"


def test_a_cell_of_a_form_is_in_hand_when_it_was_found(palette: CommandPalette, sample_window: StandWindow) -> None:
    _found(palette, sample_window, '"none in the five working days"')
    row = _rows(palette)[0]
    assert row.title.startswith("E2 ")
    assert row.excerpt.startswith("Standards: ")
    _press(palette, sample_window)
    editor = _evidence(sample_window).editor
    table = editor.column.form.editor("standards")
    assert isinstance(table, TableEditor)
    assert "none in the five working days" in str(table.view.currentIndex().data())
    assert sample_window.focusWidget() is table.view


def test_the_words_of_a_claim_open_that_claim(palette: CommandPalette, sample_window: StandWindow) -> None:
    _found(palette, sample_window, '"training needs for new and present staff"')
    row = next(row for row in _rows(palette) if row.excerpt.startswith("Claim: "))
    _choose(palette, sample_window, row)
    page = _evidence(sample_window)
    sample_window.wait_until(lambda: bool(page.claims._form.requirement_id))
    placed = page.claims._claims[page.claims._form.requirement_id]
    assert "training needs for new and present staff" in f"{placed.claim.why} {placed.claim.quotation}"


def test_an_attached_file_is_searched_once_it_was_read_and_opens_at_the_page_with_the_words_marked(
    sample_window: StandWindow,
) -> None:
    sample_window.searching._files_clock.setInterval(0)
    palette = _opened(sample_window)
    _found(palette, sample_window, "night report in:files")
    row = _rows(palette)[0]
    assert row.sort == "Attached files"
    assert row.title == "service-level-agreement.pdf"
    assert row.aside == "E2 · p. 3"
    assert _marked(row) == {"night", "report", "reports"}
    _press(palette, sample_window)
    editor = _evidence(sample_window).editor
    assert editor.ref == "E2"
    pages = editor.preview.pdf
    sample_window.wait_until(lambda: pages.area.page == 2 and " of " in pages._find_bar._told.text())
    assert set(pages._find_bar.field.text().split()) == {"night", "report", "reports"}


def test_requirements_guidance_and_people_are_opened_too(palette: CommandPalette, sample_window: StandWindow) -> None:
    _found(palette, sample_window, "U1/MP2")
    assert _rows(palette)[0].sort == "Requirements"
    assert _rows(palette)[0].aside  # where it stands
    _press(palette, sample_window)
    units = sample_window.page(places.UNITS)
    assert units is not None
    assert units.isVisible()
    current = units._tree.current_row()  # type: ignore[attr-defined] # the page of the units
    assert current.requirement.ref == "MP2"

    known: list[Unit] = []
    sample_window.session.read(list_units, done=known.extend)
    sample_window.settle()
    piece = known[-1].guidance[-1]
    palette = _opened(sample_window)
    _found(palette, sample_window, f'in:guidance "{" ".join(piece.text.split()[:6]).replace(chr(34), "")}"')
    _choose(palette, sample_window, _first(palette, "Guidance"))
    assert units._tree.current_row().unit.id == known[-1].id  # type: ignore[attr-defined]

    palette = _opened(sample_window)
    _found(palette, sample_window, "karen in:people")
    _press(palette, sample_window)
    dialog = sample_window.findChild(PeopleDialog)
    assert dialog is not None
    assert dialog._lines["name"].text() == "Karen Holt"


def test_what_was_edited_a_moment_ago_is_found(sample_window: StandWindow) -> None:
    palette = _opened(sample_window)
    assert not [row for row in _rows_of(palette, sample_window, "quokka") if row.sort == "Evidence"]
    palette.close()
    sample_window.go(Place(places.EVIDENCE))
    sample_window.settle()
    item = _evidence(sample_window).editor.item
    given = EvidenceGiven(title="Quokka")
    sample_window.session.edit(change_evidence, sample_window.session.kinds, item, given)
    palette = _opened(sample_window)
    assert [row.title[-6:] for row in _rows_of(palette, sample_window, "quokka")] == ["Quokka"]
    sample_window.session.undo()
    palette.close()
    palette = _opened(sample_window)
    assert not _rows_of(palette, sample_window, "quokka")


def _rows_of(palette: CommandPalette, window: StandWindow, typed: str) -> Sequence[Found]:
    _found_or_nothing(palette, window, typed)
    return _rows(palette)


def _found_or_nothing(palette: CommandPalette, window: StandWindow, typed: str) -> None:
    _field(palette).setText(typed)
    window.settle()


def test_an_index_that_is_lost_while_the_window_is_open_is_made_anew(sample_window: StandWindow) -> None:
    palette = _opened(sample_window)
    _found(palette, sample_window, "raised by 9")
    palette.close()
    index = sample_window.session.folder / "cache" / "search.sqlite"
    index.unlink()
    palette = _opened(sample_window)
    assert _found(palette, sample_window, "raised by 9")[0].startswith("E3 ")
    index.write_bytes(b"rubbish" * 1000)
    _found(palette, sample_window, "rota")
    assert _found(palette, sample_window, "raised by 9")[0].startswith("E3 ")


def test_enter_pressed_before_the_answer_opens_what_is_found_then(
    palette: CommandPalette, sample_window: StandWindow
) -> None:
    _field(palette).setText("raised by 9")
    QTest.keyClick(_field(palette), Qt.Key.Key_Return)
    assert palette.isVisible()
    sample_window.settle()
    assert _evidence(sample_window).editor.ref == "E3"


# Filters


def test_a_filter_is_completed_by_enter_and_by_tab(palette: CommandPalette, sample_window: StandWindow) -> None:
    assert _found(palette, sample_window, "ki")[-1] == "kind:"
    _press(palette, sample_window, Qt.Key.Key_Tab)
    assert _field(palette).text() == "kind:"
    assert "kind:witness-testimony" in [row.title for row in _rows(palette)]
    _found(palette, sample_window, "kind:estimony")  # nothing begins with that
    _press(palette, sample_window)
    assert _field(palette).text() == "kind:witness-testimony "
    assert palette.isVisible()
    assert {row.sort for row in _rows(palette)} == {"Evidence"}
    assert _found(palette, sample_window, "kind:plan")[0].startswith("E1 ")  # what is whole finds, and completes last


def test_filters_can_be_clicked_into_the_box(palette: CommandPalette, sample_window: StandWindow) -> None:
    _found(palette, sample_window, "rota")
    (before,) = [one for one in palette.findChildren(QPushButton) if one.text() == "before:"]
    before.click()
    assert _field(palette).text() == "rota before:"


# What is not found


def _said(palette: CommandPalette) -> str:
    return palette._told.text() if palette._shown.currentWidget() is palette._list else palette._nothing.text()


def test_nothing_found_and_a_filter_that_is_none_are_said(palette: CommandPalette, sample_window: StandWindow) -> None:
    sample_window.settle()
    _found_or_nothing(palette, sample_window, "zzzz")
    assert _said(palette) == (
        "Nothing in the portfolio is found by “zzzz”. Still reading 8 attached files: there may be more to find."
    )
    _press(palette, sample_window)
    assert palette.isVisible()
    _found_or_nothing(palette, sample_window, "colour:red")
    assert _said(palette).startswith("There is no filter “colour:”")


def test_without_a_portfolio_there_are_commands_alone(qapp: QApplication) -> None:
    window = StandWindow()
    palette = _opened(window)
    assert {row.sort for row in _rows(palette)} == {"Commands"}
    assert "New portfolio" in _found(palette, window, "new")
    _found_or_nothing(palette, window, "zzzz")
    assert _said(palette) == "No command is found by “zzzz”."
    palette.close()
    window.close()


def test_what_led_somewhere_is_offered_again(palette: CommandPalette, sample_window: StandWindow) -> None:
    _found(palette, sample_window, "karen in:people")
    _press(palette, sample_window)
    for dialog in sample_window.findChildren(PeopleDialog):
        dialog.close()
    palette = _opened(sample_window)
    assert _rows(palette)[0].title == "karen in:people"
    _press(palette, sample_window)
    assert _field(palette).text() == "karen in:people"
    assert _rows(palette)[0].title == "Karen Holt"
