"""The Units page: the tree and what stands beside it, reordering, rules, claims, units coming and going."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFileDialog,
    QLabel,
    QPushButton,
    QSpinBox,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.domain.qualification import AssessmentMethod, Requirement, Unit
from portfolio_app.gui import places
from portfolio_app.gui.dialogs.add_units import AddUnitsDialog
from portfolio_app.gui.dialogs.claim_existing import ClaimExistingDialog
from portfolio_app.gui.dialogs.import_unit import ImportUnitDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.dialogs.unit_review import UnitReviewDialog
from portfolio_app.gui.dialogs.unit_update import UnitUpdateDialog
from portfolio_app.gui.models.unit_tree import UnitTreeModel, UnitTreeRow
from portfolio_app.gui.pages.units import UnitsPage
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.requirement_sheet import ClaimedItemRow
from portfolio_app.services.claim_edits import claims_for_requirement
from portfolio_app.services.unit_drafts import draft_of
from portfolio_app.services.units import insert_units, list_units

GUIDANCE = Path(__file__).parents[2] / "reference" / "guidance"


def _opened(qtbot: QtBot, session: OpenSession, navigator: RecordingNavigator) -> UnitsPage:
    page = UnitsPage(session, navigator)
    qtbot.addWidget(page)
    page.resize(1080, 640)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    session.settle()
    return page


@pytest.fixture
def page(qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator) -> Iterator[UnitsPage]:
    page = _opened(qtbot, sample_session, navigator)
    yield page
    page.hide()


def _settle(page: UnitsPage) -> None:
    assert isinstance(page.session, OpenSession)
    page.session.settle()
    QApplication.processEvents()


def _tree(page: UnitsPage) -> QTreeView:
    (tree,) = page.findChildren(QTreeView)
    return tree


def _model(page: UnitsPage) -> UnitTreeModel:
    model = _tree(page).model()
    assert isinstance(model, UnitTreeModel)
    return model


def _rows(page: UnitsPage) -> list[UnitTreeRow]:
    model = _model(page)
    return [row for unit in model.units() if (top := model.row(model.index_of(unit.id))) for row in (top, *top.walk())]


def _leaf(page: UnitsPage, address: str) -> str:
    return next(
        row.requirement.id
        for row in _rows(page)
        if row.requirement is not None and row.component is None and row.standing.address == address
    )


def _go(page: UnitsPage, address: str) -> str:
    leaf = _leaf(page, address)
    page.show_place(Place(places.UNITS, requirement_id=leaf))
    _settle(page)
    return leaf


def _said(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def _buttons(page: QWidget) -> dict[str, QPushButton]:
    return {each.text(): each for each in page.findChildren(QPushButton) if each.isVisible()}


def _press(page: UnitsPage, text: str) -> None:
    _buttons(page)[text].click()
    _settle(page)


def _dialog(page: UnitsPage) -> QDialog:
    (dialog,) = [each for each in page.findChildren(QDialog) if each.isVisible()]
    return dialog


def _answer(page: UnitsPage, words: str) -> None:
    question = _dialog(page)
    assert isinstance(question, QuestionDialog)
    question.buttons[words].click()
    _settle(page)


def _units(session: OpenSession) -> list[Unit]:
    found: list[Unit] = []
    session.read(list_units, done=found.extend)
    session.settle()
    return found


def test_the_tree_shows_where_everything_stands_and_says_so(page: UnitsPage) -> None:
    model = _model(page)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    said = [model.index_of(row.id).data(Qt.ItemDataRole.AccessibleTextRole) for row in _rows(page)]
    assert said[0].startswith("U1  Manage customer service operations: 2 of 4 met")
    assert any(": claimed with proof, " in words and words.endswith(" items") for words in said)
    assert any(words.endswith(": not shown yet") for words in said) or any(
        words.endswith(": shown by a claim") for words in said
    )
    _tree(page).expandAll()
    page.grab()  # every row can be drawn


def test_guidance_that_was_found_is_unfolded_and_seen(
    page: UnitsPage, sample_session: OpenSession, qtbot: QtBot
) -> None:
    page._tree.choose(page._model.units()[0].id)
    unit = page._model.units()[-1]
    piece = unit.guidance[-1]
    place = Place(places.UNITS, unit_id=unit.id, field="guidance", passage=" ".join(piece.text.split()[1:9]).upper())
    page.show_place(place)
    sample_session.settle()
    (label,) = [each for each in page.findChildren(QLabel) if each.text() == piece.text]
    qtbot.waitUntil(lambda: not label.visibleRegion().isEmpty())
    assert _is_marked(label)
    page.show_place(Place(places.UNITS, unit_id=page._model.units()[0].id))
    page.show_place(Place(places.UNITS, unit_id=unit.id))
    sample_session.settle()
    (label,) = [each for each in page.findChildren(QLabel) if each.text() == piece.text and each.isVisibleTo(page)]
    assert not _is_marked(label)


def _is_marked(label: QLabel) -> bool:
    piece = label.parentWidget()
    return piece is not None and bool(piece.property("found"))


def test_a_unit_from_guidance_is_never_shown_as_an_awarding_bodys_text(page: UnitsPage) -> None:
    assert "From revision guidance: its marking points are not an awarding body’s text." in _said(page)
    unit = _units(page.session)[0]  # type: ignore[arg-type] # an OpenSession
    assert unit.synopsis in _said(page)
    hidden = unit.guidance[0].text
    assert hidden not in _said(page)
    _press(page, "Read the guidance")
    assert hidden in _said(page)
    _go(page, "U1/MP2")
    assert "From revision guidance, not an awarding body’s text." in _said(page)


def test_a_requirement_shows_its_evidence_and_leads_to_it(page: UnitsPage, navigator: RecordingNavigator) -> None:
    leaf = _go(page, "U1/MP2")
    found: list[object] = []
    page.session.read(claims_for_requirement, leaf, done=found.append)
    _settle(page)
    (claims,) = found
    rows = page.findChildren(ClaimedItemRow)
    assert len(rows) == len(claims.claims) > 1  # type: ignore[attr-defined]
    QTest.keyClick(rows[1], Qt.Key.Key_Return)
    item = claims.claims[1].item  # type: ignore[attr-defined]
    assert navigator.places[-1] == Place(places.EVIDENCE, evidence_id=item.id, requirement_id=leaf, field="claim")
    _press(page, "Add evidence for this")
    assert navigator.places[-1] == Place(places.EVIDENCE, requirement_id=leaf)


def test_what_is_missing_stands_beside_the_requirement_with_what_mends_it(
    qtbot: QtBot, page: UnitsPage, navigator: RecordingNavigator
) -> None:
    qtbot.waitUntil(lambda: bool(page._gaps))
    gaps = [placed for placed in page._gaps if placed.gap.requirement_id]
    page.show_place(Place(places.UNITS, requirement_id=gaps[0].gap.requirement_id or ""))
    _settle(page)
    assert gaps[0].gap.message in _said(page)
    _press(page, str(gaps[0].fix))
    assert navigator.places[-1] == Place(**gaps[0].place._asdict())


def test_rules_are_saved_as_they_are_chosen_and_taken_back(page: UnitsPage) -> None:
    session = page.session
    assert isinstance(session, OpenSession)
    before = _units(session)[0].rules
    pieces = next(each for each in page.findChildren(QSpinBox) if "Pieces" in each.accessibleName())
    observation = next(each for each in page.findChildren(QCheckBox) if each.text() == "Observation")
    ages = next(each for each in page.findChildren(QCheckBox) if each.text().startswith("Evidence goes out of date"))
    simulated = next(each for each in page.findChildren(QCheckBox) if each.text().startswith("Simulated"))
    pieces.setValue(3)
    observation.click()
    ages.setChecked(False)
    simulated.setChecked(not before.simulation_allowed)
    _go(page, "U2/MP1")  # before the pause after choosing has ended
    rules = _units(session)[0].rules
    assert rules.pieces_per_requirement == 3
    assert rules.currency_years is None
    assert rules.simulation_allowed is not before.simulation_allowed
    assert set(rules.required_methods) ^ set(before.required_methods) == {AssessmentMethod.OBSERVATION}
    session.undo()
    _settle(page)
    assert _units(session)[0].rules == before
    page.show_place(Place(places.UNITS, unit_id=_units(session)[0].id))
    assert pieces.value() == before.pieces_per_requirement
    assert ages.isChecked()


def test_units_change_places_by_keyboard_and_keep_what_is_in_hand(
    page: UnitsPage, navigator: RecordingNavigator
) -> None:
    session = page.session
    assert isinstance(session, OpenSession)
    before = [unit.id for unit in _units(session)]
    leaf = _go(page, "U1/MP2")
    _tree(page).setFocus()
    QTest.keyClick(_tree(page), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)  # it is the first already
    _settle(page)
    assert [unit.id for unit in _units(session)] == before
    QTest.keyClick(_tree(page), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    _settle(page)
    after = _units(session)
    assert [unit.id for unit in after][:2] == [before[1], before[0]]
    assert [unit.code for unit in after][:2] == ["U1", "U2"]
    assert navigator.toasts[-1][1]
    row = _model(page).row(_tree(page).currentIndex())
    assert row is not None
    assert row.id == leaf
    assert row.standing.address == "U2/MP2"
    assert "U2/MP2" in _said(page)


@pytest.mark.parametrize(("moving", "to", "order"), [(0, 3, [1, 2, 0]), (2, 0, [2, 0, 1]), (1, -1, [0, 2, 1])])
def test_a_unit_that_is_dropped_asks_for_its_place(page: UnitsPage, moving: int, to: int, order: list[int]) -> None:
    model = _model(page)
    ids = [unit.id for unit in model.units()]
    assert len(ids) == 3
    asked: list[list[str]] = []
    model.order_requested.disconnect()
    model.order_requested.connect(asked.append)
    data = model.mimeData([model.index(moving, 0)])
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, to, 0, QModelIndex())
    assert asked == [[ids[place] for place in order]]
    assert [unit.id for unit in model.units()] == ids  # until it is stored
    # Nothing is dropped on a unit or below it, nor where it is already.
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, model.index(1, 0))
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, moving, 0, QModelIndex())
    assert len(asked) == 1


def test_a_requirement_is_claimed_with_several_items_at_once(page: UnitsPage, navigator: RecordingNavigator) -> None:
    leaf = _go(page, "U1/MP1")
    before = len(page.findChildren(ClaimedItemRow))
    _press(page, "Claim with evidence already there …")
    dialog = _dialog(page)
    assert isinstance(dialog, ClaimExistingDialog)
    _settle(page)
    model, view = dialog._model, dialog._view
    claim = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Claim")
    assert not claim.isEnabled()
    total = model.rowCount()
    view.setCurrentIndex(model.index(0))
    QTest.keyClick(view, Qt.Key.Key_Space)
    row = view.visualRect(model.index(1))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    ticked = model.ticked()
    dialog._search.setText("zzzz")
    dialog._search.returnPressed.emit()
    _settle(page)
    assert model.rowCount() == 0
    dialog._search.clear()
    _settle(page)
    assert model.rowCount() == total
    assert model.ticked() == ticked
    assert claim.text() == "Claim with 2 items"
    claim.click()
    _settle(page)
    assert navigator.toasts[-1] == ("U1/MP1 is claimed with 2 items.", True)
    found: list[object] = []
    page.session.read(claims_for_requirement, leaf, done=found.append)
    _settle(page)
    assert {claimed.item.id for claimed in found[0].claims} >= set(ticked)  # type: ignore[attr-defined]
    assert len(page.findChildren(ClaimedItemRow)) >= before + 2


def test_removing_a_unit_says_what_goes_and_can_be_undone(page: UnitsPage, navigator: RecordingNavigator) -> None:
    session = page.session
    assert isinstance(session, OpenSession)
    unit = _units(session)[0]
    copy = replace(
        unit,
        id="copy",
        code="",
        title="A unit without decisions",
        reference="",
        requirements=(Requirement("r1", "1", "criterion", "Do it."),),
    )
    session.edit(insert_units, [copy])
    _settle(page)
    page.show_place(Place(places.UNITS, requirement_id="r1"))
    _settle(page)
    _press(page, "Claim with evidence already there …")
    dialog = _dialog(page)
    assert isinstance(dialog, ClaimExistingDialog)
    _settle(page)
    dialog._model.setData(dialog._model.index(0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    dialog._claim.click()
    _settle(page)
    page.remove_unit()
    _settle(page)
    question = _dialog(page)
    assert isinstance(question, QuestionDialog)
    assert "1 claim of E1 would be removed." in _said(question)
    QTest.keyClick(question, Qt.Key.Key_Return)  # Enter does the safe thing
    _settle(page)
    assert len(_units(session)) == 4
    page.remove_unit()
    _settle(page)
    question = _dialog(page)
    assert isinstance(question, QuestionDialog)
    question.buttons["Remove the unit"].click()
    _settle(page)
    assert len(_units(session)) == 3
    assert navigator.toasts[-1] == ("U4 A unit without decisions was removed.", True)
    session.undo()
    _settle(page)
    assert [unit.title for unit in _model(page).units()][-1] == "A unit without decisions"
    row = _model(page).row(_model(page).index_of("r1"))
    assert row is not None
    assert row.standing.items == 1


def test_a_unit_with_decisions_stays(page: UnitsPage, navigator: RecordingNavigator) -> None:
    page.remove_unit()
    _settle(page)
    assert not page.findChildren(QuestionDialog)
    assert navigator.messages == [
        ("U1 has decisions by an assessor, which are kept for good, so it cannot be removed.", "warning")
    ]


def test_editing_opens_the_unit_in_hand(page: UnitsPage, navigator: RecordingNavigator) -> None:
    _go(page, "U2/MP1")
    page.edit_unit()
    dialog = _dialog(page)
    assert isinstance(dialog, UnitReviewDialog)
    unit = _units(page.session)[1]  # type: ignore[arg-type] # an OpenSession
    assert [row.text for row in dialog.model.rows] == [row.text for row in draft_of(unit).rows]
    dialog.grid.take(0)
    dialog.model.setData(dialog.model.index(0, 2), "Plan it all.")
    dialog.store()
    _settle(page)
    assert navigator.toasts[-1] == (f"U2 {unit.title} was changed.", True)
    assert any(row.requirement is not None and row.requirement.text == "Plan it all." for row in _rows(page))


def test_an_empty_portfolio_begins_with_the_library(
    qtbot: QtBot, empty_session: OpenSession, navigator: RecordingNavigator
) -> None:
    page = _opened(qtbot, empty_session, navigator)
    assert "A portfolio begins with its units" in _said(page)
    _press(page, "Add from the library")
    _press(page, "Import a text, or write a unit …")
    assert navigator.actions == ["add-units", "import-unit"]
    page.add_library_units()
    _settle(page)
    dialog = _dialog(page)
    assert isinstance(dialog, AddUnitsDialog)
    for place in (1, 2):
        dialog._list.item(place).setCheckState(Qt.CheckState.Checked)
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "Add 2 units").click()
    _settle(page)
    assert navigator.toasts[-1] == ("Added 2 units.", True)
    row = _model(page).row(_tree(page).currentIndex())
    assert row is not None
    assert row.unit.code == "U1"
    assert row.is_unit
    page.add_library_units()
    _settle(page)
    dialog = _dialog(page)
    assert isinstance(dialog, AddUnitsDialog)
    taken = dialog._list.item(1)
    assert "already in the portfolio as U1" in taken.text()
    assert not taken.flags() & Qt.ItemFlag.ItemIsEnabled
    assert dialog._list.ticked() == []


def test_a_unit_goes_out_for_another_system_and_comes_in_again(
    page: UnitsPage, navigator: RecordingNavigator, tmp_path: Path
) -> None:
    _go(page, "U2/MP1")
    page.export_unit()
    chooser = _dialog(page)
    assert isinstance(chooser, QFileDialog)
    chooser.selectNameFilter("Moodle competency framework (*.csv)")
    chooser.filterSelected.emit("Moodle competency framework (*.csv)")
    assert chooser.defaultSuffix() == "csv"
    chooser.reject()
    target = tmp_path / "unit.csv"
    unit = _units(page.session)[1]  # type: ignore[arg-type] # an OpenSession
    page.write_unit(unit.code, str(target))
    _settle(page)
    assert navigator.toasts[-1] == ("U2 was written to “unit.csv”.", False)
    page.write_unit(unit.code, str(tmp_path / "unit.xyz"))
    _settle(page)
    assert "does not say its format" in navigator.messages[-1][0]
    page.import_unit()
    importing = _dialog(page)
    assert isinstance(importing, ImportUnitDialog)
    importing._read_files([str(target)])
    _settle(page)
    _answer(page, "Add another unit")  # it is there already
    review = _dialog(page)
    assert isinstance(review, UnitReviewDialog)
    assert [row.text for row in review.model.rows] == [row.text for row in draft_of(unit).rows if row.is_requirement]
    review.reject()


def test_a_unit_that_is_there_is_updated_from_what_is_imported(
    page: UnitsPage, navigator: RecordingNavigator, tmp_path: Path
) -> None:
    session = page.session
    assert isinstance(session, OpenSession)
    before = _units(session)
    target = tmp_path / "unit.toml"
    page.write_unit("U2", str(target))
    _settle(page)
    words = target.read_text(encoding="utf-8")
    first = before[1].requirements[0].text
    target.write_text(words.replace(first, f"{first} Thoroughly."), encoding="utf-8")
    page.import_unit()
    importing = _dialog(page)
    assert isinstance(importing, ImportUnitDialog)
    importing._read_files([str(target)])
    _settle(page)
    _answer(page, "Update U2")
    review = _dialog(page)
    assert isinstance(review, UnitReviewDialog)
    assert review.windowTitle() == "Review the newer version of U2"
    review.store()
    _settle(page)
    comparison = _dialog(page)
    assert isinstance(comparison, UnitUpdateDialog)
    _buttons(comparison)["Back to the review"].click()
    _settle(page)
    review = _dialog(page)
    assert isinstance(review, UnitReviewDialog)
    review.store()
    _settle(page)
    comparison = _dialog(page)
    assert isinstance(comparison, UnitUpdateDialog)
    comparison.apply.click()
    _settle(page)
    assert navigator.toasts[-1] == ("U2 was updated.", True)
    after = _units(session)[1]
    assert after.requirements[0].text == f"{first} Thoroughly."
    assert [node.id for _, node in after.walk()] == [node.id for _, node in before[1].walk()]
    # The same once more, from the unit's own menu: there is nothing to change.
    _go(page, "U2/MP1")
    page.update_unit()
    importing = _dialog(page)
    assert isinstance(importing, ImportUnitDialog)
    assert importing.windowTitle() == "Read the newer version of U2"
    importing._read_files([str(target)])
    _settle(page)
    assert navigator.messages[-1] == ("U2 says all of that already; nothing was changed.", "info")


def test_of_several_units_that_are_there_all_are_updated_one_after_the_other(
    page: UnitsPage, navigator: RecordingNavigator, tmp_path: Path
) -> None:
    last = _units(page.session)[2]  # type: ignore[arg-type] # an OpenSession
    targets = [tmp_path / f"{code}.toml" for code in ("U1", "U2", "U3")]
    for target in targets:
        page.write_unit(target.stem, str(target))
        _settle(page)
    words, text = targets[2].read_text(encoding="utf-8"), last.requirements[0].text
    targets[2].write_text(words.replace(text, f"{text} Thoroughly."), encoding="utf-8")
    page.import_unit()
    importing = _dialog(page)
    assert isinstance(importing, ImportUnitDialog)
    importing._read_files([str(target) for target in targets])
    _settle(page)
    _answer(page, "Update them")
    # Two say nothing new; the third is looked through.
    assert navigator.messages[-1] == ("U1 and U2 say all of that already; nothing was changed.", "info")
    review = _dialog(page)
    assert isinstance(review, UnitReviewDialog)
    assert review.windowTitle() == "Review the newer version of U3 (3 of 3)"
    next(each for each in review.findChildren(QPushButton) if each.text() == "Skip this one").click()
    _settle(page)
    assert not [each for each in page.findChildren(QDialog) if each.isVisible()]
    assert len(navigator.toasts) == len(targets)  # that they were written


def test_a_title_that_is_there_already_leads_from_the_review_to_the_comparison(
    page: UnitsPage, navigator: RecordingNavigator
) -> None:
    title = _model(page).units()[1].title
    page.import_unit()
    importing = _dialog(page)
    assert isinstance(importing, ImportUnitDialog)
    importing._read_files([str(GUIDANCE / "tidy.txt")])
    _settle(page)
    review = _dialog(page)
    assert isinstance(review, UnitReviewDialog)
    review._title.setText(title)
    review._title.textEdited.emit(title)
    review.store()
    _settle(page)
    (question,) = review.findChildren(QuestionDialog)
    question.buttons["Update U2"].click()
    _settle(page)
    comparison = _dialog(page)
    assert isinstance(comparison, UnitUpdateDialog)
    comparison.reject()
    assert _units(page.session)[1].title == title  # type: ignore[arg-type] # an OpenSession
    assert not navigator.toasts


def test_several_files_are_looked_through_one_after_the_other(
    qtbot: QtBot, empty_session: OpenSession, navigator: RecordingNavigator
) -> None:
    page = _opened(qtbot, empty_session, navigator)
    page.import_unit()
    chooser = _dialog(page)
    assert isinstance(chooser, ImportUnitDialog)
    chooser._read_files([str(GUIDANCE / name) for name in ("tidy.txt", "untidy.txt", "bare.txt")])
    _settle(page)
    review = _dialog(page)
    assert isinstance(review, UnitReviewDialog)
    assert review.windowTitle() == "Review the unit (1 of 3)"
    next(each for each in review.findChildren(QPushButton) if each.text() == "Skip this one").click()
    _settle(page)
    review = _dialog(page)
    assert isinstance(review, UnitReviewDialog)
    assert review.windowTitle() == "Review the unit (2 of 3)"
    review.grid.perform("number")
    review._title.setText("Second")
    review.store()
    _settle(page)
    assert [unit.title for unit in _units(empty_session)] == ["Second"]
    last = _dialog(page)
    assert isinstance(last, UnitReviewDialog)
    assert last.windowTitle() == "Review the unit (3 of 3)"
    last.reject()
    assert _model(page).units()[0].title == "Second"


def test_nothing_can_be_changed_where_the_portfolio_is_read_only(
    qtbot: QtBot, sample_folder: Path, navigator: RecordingNavigator
) -> None:
    session = OpenSession(sample_folder, read_only=True)
    try:
        page = _opened(qtbot, session, navigator)
        assert not {"Add", "Edit …", "Remove …"} & _buttons(page).keys()
        assert all(not box.isEnabled() for box in page.findChildren(QCheckBox))
        assert all(number.isReadOnly() for number in page.findChildren(QSpinBox))
        assert not _model(page).flags(_model(page).index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled
        _go(page, "U1/MP2")
        assert not {"Add evidence for this", "Claim with evidence already there …"} & _buttons(page).keys()
        assert page.findChildren(ClaimedItemRow)
        page.hide()
    finally:
        session.finish()


def test_the_page_comes_back_as_it_was_left(qtbot: QtBot, page: UnitsPage, navigator: RecordingNavigator) -> None:
    leaf = _go(page, "U2/MP1")
    tree, model = _tree(page), _model(page)
    tree.collapse(model.index(0, 0))
    state = page.state()
    session = page.session
    assert isinstance(session, OpenSession)
    again = UnitsPage(session, navigator)
    qtbot.addWidget(again)
    again.restore_state(state)
    again.show()
    session.settle()
    current = _model(again).row(_tree(again).currentIndex())
    assert current is not None
    assert current.id == leaf
    assert not _tree(again).isExpanded(_model(again).index(0, 0))
    assert _tree(again).isExpanded(_model(again).index(1, 0))
    again.restore_state({"sizes": "wide", "current": 3, "unfolded": [1], "guidance": None})  # written by nobody
    again.hide()


def test_what_is_unfolded_stays_so_while_the_portfolio_changes(page: UnitsPage) -> None:
    tree, model = _tree(page), _model(page)
    _go(page, "U3/MP1")
    tree.collapse(model.index(1, 0))
    top = tree.verticalScrollBar().value()
    assert isinstance(page.session, OpenSession)
    page.session.edit(
        insert_units, [Unit("x", "", "Another", requirements=(Requirement("xr", "1", "criterion", "It."),))]
    )
    _settle(page)
    assert [unit.title for unit in model.units()][-1] == "Another"
    assert not tree.isExpanded(model.index(1, 0))
    assert tree.isExpanded(model.index(0, 0))
    assert tree.isExpanded(model.index(3, 0))
    assert tree.verticalScrollBar().value() == top
    row = model.row(tree.currentIndex())
    assert row is not None
    assert row.standing.address == "U3/MP1"


def test_the_wheel_over_a_number_scrolls_the_page(page: UnitsPage) -> None:
    pieces = next(each for each in page.findChildren(QSpinBox) if "Pieces" in each.accessibleName())
    before = pieces.value()
    _tree(page).setFocus()
    place = pieces.mapToGlobal(QPoint(5, 5))
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(place),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pieces, event)
    assert pieces.value() == before
