"""Pages that are made part by part: what happens to them between the parts."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QStackedWidget
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.gui import theme
from portfolio_app.gui.page import PageInSteps
from portfolio_app.gui.pages.evidence import EvidencePage
from portfolio_app.gui.pages.export import ExportPage
from portfolio_app.gui.pages.feedback import FeedbackPage
from portfolio_app.gui.pages.gaps import GapsPage
from portfolio_app.gui.pages.matrix import MatrixPage
from portfolio_app.gui.pages.units import UnitsPage


@pytest.mark.parametrize("page_class", [EvidencePage, ExportPage, FeedbackPage, GapsPage, MatrixPage, UnitsPage])
def test_a_page_of_which_a_part_is_missing_is_resized_and_dressed(
    qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator, page_class: type[PageInSteps]
) -> None:
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    stack.show()
    making = page_class.made_in_steps(sample_session, navigator, stack)
    steps = 0
    while True:
        try:
            next(making)
        except StopIteration as end:
            page = end.value
            break
        steps += 1
        (half,) = stack.findChildren(page_class)
        half.resize(900 + steps, 600)
        stack.grab()  # which has every child take its new size at once
        theme.notifier().changed.emit()
    assert steps > 1
    stack.addWidget(page)
    stack.setCurrentWidget(page)
    page.load()
    sample_session.settle()
    assert page.isVisible()
    page.hide()
