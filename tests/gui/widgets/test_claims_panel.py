"""Claims beside the evidence: ticking, what is typed, quotations that wait for their requirement."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.domain.claims import Locator
from portfolio_app.gui.widgets.claims_panel import ClaimsPanel
from portfolio_app.services.claim_edits import claims_for_evidence
from portfolio_app.services.evidence_list import evidence_list
from portfolio_app.services.evidence_sheet import ClaimInPlace


@pytest.fixture
def panel(sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot) -> ClaimsPanel:
    made = ClaimsPanel(sample_session, navigator)
    made.resize(340, 800)
    qtbot.addWidget(made)
    made.show()
    return made


def _item(session: OpenSession, number: int) -> str:
    found: list[str] = []
    session.read(
        evidence_list,
        session.kinds,
        done=lambda rows: found.extend(row.id for row in rows.rows if row.number == number),
    )
    session.settle()
    return found[0]


def _claims(session: OpenSession, evidence_id: str) -> dict[str, ClaimInPlace]:
    found: dict[str, ClaimInPlace] = {}
    session.read(
        claims_for_evidence,
        evidence_id,
        done=lambda claims: found.update({placed.address: placed for placed in claims}),
    )
    session.settle()
    return found


def _unclaimed(panel: ClaimsPanel) -> tuple[str, QModelIndex]:
    model = panel._model
    for choice in panel._choices:
        if not model.is_ticked(choice.requirement.id):
            return choice.address, model.index_of(choice.requirement.id)
    raise AssertionError("everything is claimed")


def test_space_and_the_box_tick_and_untick(
    panel: ClaimsPanel, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    item = _item(sample_session, 3)
    panel.show_item(item)
    sample_session.settle()
    before = _claims(sample_session, item)
    address, index = _unclaimed(panel)
    panel._tree.setCurrentIndex(index)
    panel._tree.setFocus()
    QTest.keyClick(panel._tree, Qt.Key.Key_Space)
    sample_session.settle()
    assert _claims(sample_session, item).keys() == before.keys() | {address}
    assert panel._tree.currentIndex().data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    row = panel._tree.visualRect(panel._tree.currentIndex())
    QTest.mouseClick(panel._tree.viewport(), Qt.MouseButton.LeftButton, pos=row.topLeft() + QPoint(15, 14))
    sample_session.settle()
    assert _claims(sample_session, item).keys() == before.keys()
    assert navigator.toasts[-1] == (f"The claim on {address} was removed.", True)


def test_what_is_typed_is_saved_for_the_claim_it_was_typed_in(panel: ClaimsPanel, sample_session: OpenSession) -> None:
    item, other = _item(sample_session, 1), _item(sample_session, 2)
    panel.show_item(item)
    sample_session.settle()
    placed = next(iter(_claims(sample_session, item).values()))
    panel.show_requirement(placed.requirement.id)
    sample_session.settle()
    why = next(field for field in panel.findChildren(QPlainTextEdit) if field.accessibleName() == "Why")
    place = next(field for field in panel.findChildren(QLineEdit) if field.accessibleName() == "Place")
    why.setPlainText("Because every target has a date.")
    place.clear()
    QTest.keyClicks(place, "p. 4; Targets")
    panel.show_item(other)  # before the pause after typing has ended
    sample_session.settle()
    saved = _claims(sample_session, item)[placed.address].claim
    assert saved.why == "Because every target has a date."
    assert saved.locator == Locator(page="4", heading="Targets")
    assert saved.quotation == placed.claim.quotation
    assert all(claim.claim.why != saved.why for claim in _claims(sample_session, other).values())


def test_a_quotation_waits_for_the_requirement_it_proves(panel: ClaimsPanel, sample_session: OpenSession) -> None:
    item = _item(sample_session, 3)
    panel.show_item(item)
    sample_session.settle()
    panel._tree.setCurrentIndex(QModelIndex())
    panel.quote("We set a\n four-minute target.", Locator(page="3", attachment="plan.pdf"))
    assert panel._waiting.isVisible()
    address, index = _unclaimed(panel)
    panel._tree.setCurrentIndex(index)
    sample_session.settle()
    claim = _claims(sample_session, item)[address].claim
    assert claim.quotation == "We set a four-minute target."
    assert claim.locator == Locator(page="3", attachment="plan.pdf")
    assert not panel._waiting.isVisible()


def test_searching_shows_what_matches_and_keeps_ticks(panel: ClaimsPanel, sample_session: OpenSession) -> None:
    item = _item(sample_session, 1)
    panel.show_item(item)
    sample_session.settle()
    claimed = set(_claims(sample_session, item))
    panel._which.set_current("claimed")
    panel._which.changed.emit("claimed")
    shown = {node.choice.address for node in panel._model.root.leaves() if node.choice}
    assert shown == claimed
    panel._which.set_current("all")
    panel._search.setText("U2")
    panel._search.searched.emit("U2")
    shown = {node.choice.address for node in panel._model.root.leaves() if node.choice}
    assert shown
    assert all(address.startswith("U2/") for address in shown)


def test_undo_elsewhere_shows_at_once(panel: ClaimsPanel, sample_session: OpenSession) -> None:
    item = _item(sample_session, 3)
    panel.show_item(item)
    sample_session.settle()
    address, index = _unclaimed(panel)
    requirement_id = panel._model.node(index).key
    panel._tick(requirement_id, ticked=True)
    sample_session.settle()
    assert panel._model.is_ticked(requirement_id)
    sample_session.undo()
    sample_session.settle()
    sample_session.settle()
    assert not panel._model.is_ticked(requirement_id)
    assert address not in _claims(sample_session, item)


def test_a_click_on_a_part_is_kept_and_a_second_takes_it_back(panel: ClaimsPanel, sample_session: OpenSession) -> None:
    item = _item(sample_session, 3)
    panel.show_item(item)
    sample_session.settle()
    model = panel._model
    parted = next(
        choice
        for choice in panel._choices
        if choice.requirement.components and not model.is_ticked(choice.requirement.id)
    )
    panel._tick(parted.requirement.id, ticked=True)
    sample_session.settle()
    panel.show_requirement(parted.requirement.id)
    sample_session.settle()
    component = parted.requirement.components[0]
    box = next(box for box in panel.findChildren(QCheckBox) if box.text() == component.text)
    box.click()
    sample_session.settle()
    assert component.id in _claims(sample_session, item)[parted.address].claim.component_ids
    box.click()
    sample_session.settle()
    assert component.id not in _claims(sample_session, item)[parted.address].claim.component_ids


def test_of_parts_to_tick_all_are_in_sight(panel: ClaimsPanel, sample_session: OpenSession, qtbot: QtBot) -> None:
    panel.resize(340, 600)
    item = _item(sample_session, 1)
    panel.show_item(item)
    sample_session.settle()
    parted = next(
        choice.requirement
        for choice in panel._choices
        if panel._model.is_ticked(choice.requirement.id) and len(choice.requirement.components) > 2
    )
    panel.lead_to(parted.id, "parts")
    sample_session.settle()
    boxes = [box for box in panel._form.findChildren(QCheckBox) if box.isVisible()]
    assert len(boxes) == len(parted.components)
    qtbot.waitUntil(lambda: all(box.visibleRegion().boundingRect().height() == box.height() for box in boxes))


def test_a_place_leads_the_keyboard_to_the_part_of_the_claim_that_is_missing(
    panel: ClaimsPanel, sample_session: OpenSession, qtbot: QtBot
) -> None:
    panel.activateWindow()
    item = _item(sample_session, 3)
    panel.show_item(item)
    sample_session.settle()
    model = panel._model
    parted = next(
        choice.requirement
        for choice in panel._choices
        if choice.requirement.components and not model.is_ticked(choice.requirement.id)
    )
    panel._tick(parted.id, ticked=True)
    sample_session.settle()
    panel.show_item(_item(sample_session, 2))
    panel.show_item(item)  # whose claims are not read yet
    panel.lead_to(parted.id, "parts")
    qtbot.waitUntil(lambda: isinstance(panel.focusWidget(), QCheckBox))
    box = panel.focusWidget()
    assert isinstance(box, QCheckBox)
    assert box.text() == parted.components[0].text
    qtbot.waitUntil(lambda: not box.visibleRegion().isEmpty())
    panel.lead_to(parted.id)
    qtbot.waitUntil(lambda: panel.focusWidget().accessibleName() == "Quotation")
    panel.lead_to("")
    assert isinstance(panel.focusWidget(), QLineEdit)
