"""The overview: units, what to do next, where each leads."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator, StandWindow

from portfolio_app.gui import theme
from portfolio_app.gui.pages.overview import OverviewPage, _UnitRow
from portfolio_app.gui.places import Place
from portfolio_app.services.actions import add_action
from portfolio_app.services.units import list_units


def _page(session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot) -> OverviewPage:
    page = OverviewPage(session, navigator)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    session.settle()
    return page


def test_each_unit_says_how_far_it_is_and_leads_to_itself(
    sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot
) -> None:
    page = _page(sample_session, navigator, qtbot)
    units: list[str] = []
    sample_session.read(list_units, done=lambda found: units.extend(unit.id for unit in found))
    sample_session.settle()
    rows = page.findChildren(_UnitRow)
    assert rows[0].accessibleName() == (
        "U1 Manage customer service operations: 2 of 4 met, 1 claimed with proof, 1 more evidence needed, 1 gap"
    )
    rows[1].setFocus()
    QTest.keyClick(rows[1], Qt.Key.Key_Return)
    QTest.mouseClick(rows[2], Qt.MouseButton.LeftButton)
    assert navigator.places == [Place("units", unit_id=units[1]), Place("units", unit_id=units[2])]


def test_next_things_to_do_lead_to_the_very_field(
    sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot
) -> None:
    page = _page(sample_session, navigator, qtbot)
    buttons = [button for button in page.findChildren(QPushButton) if button.accessibleDescription()]
    assert 3 <= len(buttons) <= 5
    claim = next(button for button in buttons if button.text() == "Open the claim")
    claim.click()
    (place,) = navigator.places
    assert place.page == "evidence"
    assert place.evidence_id
    assert place.requirement_id
    assert place.field == "claim"


def test_an_empty_portfolio_says_what_to_do_first(
    empty_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot
) -> None:
    page = _page(empty_session, navigator, qtbot)
    next(button for button in page.findChildren(QPushButton) if button.text() == "Add units").click()
    assert navigator.actions == ["add-units"]


def test_a_change_elsewhere_shows(sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot) -> None:
    page = _page(sample_session, navigator, qtbot)
    sample_session.edit(add_action, "Ask Priya to sign the statement")
    sample_session.settle()
    sample_session.settle()
    shown = [label.text() for label in page.findChildren(QLabel)]
    assert any("Ask Priya to sign the statement" in text for text in shown)


def test_figures_follow_the_zoom_there_and_back(
    sample_session: OpenSession,
    navigator: RecordingNavigator,
    qtbot: QtBot,
    theme_named: Callable[..., theme.Theme],
) -> None:
    page = _page(sample_session, navigator, qtbot)
    figures = next(label for label in page.findChildren(QLabel) if label.text() == "2 of 4 met")
    usual = figures.font().pixelSize()
    for zoom in (2.0, 1.0):
        theme_named("light", zoom)
        assert figures.font().pixelSize() == zoom * usual


def test_the_keyboard_is_at_the_first_thing_to_do_and_stays_where_it_is(
    qtbot: QtBot, sample_window: StandWindow
) -> None:
    sample_window.activateWindow()
    sample_window.go(Place("overview"))
    sample_window.settle()
    page = sample_window.findChild(OverviewPage)
    assert page is not None
    steps = [button for button in page.findChildren(QPushButton) if button.accessibleDescription()]
    assert sample_window.focusWidget() is steps[0]
    assert "Explain the effect of law, regulation and policy" in steps[0].accessibleDescription()
    page.findChildren(_UnitRow)[1].setFocus()
    sample_window.session.edit(add_action, "Ask Priya to sign the statement")
    sample_window.settle()
    row = sample_window.focusWidget()
    assert isinstance(row, _UnitRow)
    assert row.accessibleName().startswith("U2 ")
