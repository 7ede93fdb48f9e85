"""What a screen reader says of every page: everything that can have the keyboard has a name of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from tests.gui.stand import DIALOGS, StandWindow, a_unit, described, items_by_kind, told, unfold

from portfolio_app.gui import places
from portfolio_app.gui.navigation import PAGES
from portfolio_app.gui.places import Place

_VALUED = (QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QAbstractScrollArea)
"""What Qt names by its value, or not at all, where nobody gives it a name."""


def nameless(window: QWidget) -> list[str]:
    """Return what can have the keyboard below a window, and that nobody could say what it is."""
    return [described(widget, window) for widget in window.findChildren(QWidget) if _is_reached(widget, window)
            and not _name(widget)]  # fmt: skip


def _is_reached(widget: QWidget, window: QWidget) -> bool:
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.isVisibleTo(window)
        and widget.window() is window
        and widget.focusProxy() is None
    )


def _name(widget: QWidget) -> str:
    if widget.accessibleName() or _is_labelled(widget):
        return widget.accessibleName() or "label"
    if isinstance(widget, _VALUED):
        return ""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def _is_labelled(widget: QWidget) -> bool:
    return any(label.buddy() is widget and label.text() for label in widget.window().findChildren(QLabel))


def test_everything_on_every_page_has_a_name(sample_window: StandWindow) -> None:
    sample_window.run_action("inspector")
    found: dict[str, list[str]] = {}
    for page in PAGES:
        sample_window.go(Place(page.name))
        sample_window.settle()
        unfold(sample_window)
        if missing := nameless(sample_window):
            found[page.title] = missing
    assert not found, told(found)


def test_everything_in_the_form_of_every_kind_has_a_name(sample_window: StandWindow) -> None:
    one_of_each: dict[str, str] = {}
    sample_window.session.read(items_by_kind, done=one_of_each.update)
    sample_window.settle()
    assert len(one_of_each) > 5
    found: dict[str, list[str]] = {}
    for kind, evidence_id in one_of_each.items():
        sample_window.go(Place(places.EVIDENCE, evidence_id=evidence_id))
        sample_window.settle()
        unfold(sample_window)
        if missing := nameless(sample_window):
            found[kind] = missing
    assert not found, told(found)


def test_everything_in_every_dialog_has_a_name(sample_window: StandWindow) -> None:
    item: list[str] = []
    unit: list[str] = []
    sample_window.session.read(items_by_kind, done=lambda ids: item.append(ids["witness-testimony"]))
    sample_window.session.read(a_unit, done=unit.append)
    sample_window.settle()
    for place in (Place(places.EVIDENCE, evidence_id=item[0]), Place(places.UNITS, unit_id=unit[0])):
        sample_window.go(place)  # some ask about the item or the unit in hand
        sample_window.settle()
    found: dict[str, list[str]] = {}
    for action in DIALOGS:
        sample_window.run_action(action)
        sample_window.settle()
        dialog = QApplication.activeModalWidget()
        assert dialog is not None, action
        if missing := nameless(dialog):
            found[action] = missing
        dialog.close()
        sample_window.settle()
    assert not found, told(found)
