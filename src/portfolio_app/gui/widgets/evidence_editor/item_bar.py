"""The line above an item: what it is, where it is, whether it is saved, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from portfolio_app.domain.evidence import Evidence, EvidenceKind, StandingKind
from portfolio_app.domain.witness import has_form
from portfolio_app.gui import theme
from portfolio_app.gui.actions import declaration
from portfolio_app.gui.icons import icon, kind_icon_name, pixmap, set_icon
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import ElidedLabel, button, icon_button

_WITNESS_FORM: Final = "witness-form"
_ACTIONS: Final = (
    "duplicate-evidence",
    "change-kind",
    "attach-files",
    _WITNESS_FORM,
    "earlier-versions",
    "",
    "bin-evidence",
)
_SIGN: Final = 14
_LEAST_LETTERS: Final = 4
_NOT_SAVED: Final = "✗ Not all of it is saved"


class _KindButton(QToolButton):
    """The kind of an item with its icon, and a sign that another can be chosen."""

    def __init__(self) -> None:
        super().__init__()
        theme.set_role(self, "quiet")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the size with room for a few letters."""
        whole, letters = self.sizeHint(), self.fontMetrics().averageCharWidth() * _LEAST_LETTERS
        return whole - QSize(max(0, self.fontMetrics().horizontalAdvance(self.text()) - letters), 0)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size with room for the sign."""
        return super().sizeHint() + QSize(theme.current().scaled(_SIGN + Space.S4), 0)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the button, its words cut where the sign needs the room, and the sign."""
        painter = QStylePainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        room = self.width() - (self.sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text()))
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        if self.isEnabled():
            edge = theme.current().scaled(_SIGN)
            sign = pixmap("chevron-down", _SIGN, "muted", self.devicePixelRatioF())
            painter.drawPixmap(self.width() - edge - Space.S4, (self.height() - edge) // 2, sign)


class ItemBar(QWidget):
    """Says what is shown below it; ``run_action`` is called with the id of what the user wants done."""

    back_requested = Signal()
    claims_toggled = Signal(bool)

    def __init__(self, run_action: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run_action = run_action
        self.back = button("Back", "quiet", "arrow-left")
        self.back.setToolTip("Back to the item (Esc)")
        self.back.clicked.connect(self.back_requested)
        self.back.hide()
        self._ref = QLabel()
        theme.set_role(self._ref, "field")
        self.kind = _KindButton()
        self.kind.clicked.connect(partial(self._run, "change-kind"))
        self._facts_said = self._title = ""
        self._can_change = False
        self._facts = ElidedLabel()
        theme.set_role(self._facts, "muted")
        self._problem = QLabel(_NOT_SAVED)
        theme.set_role(self._problem, "error")
        self._problem.setToolTip("Look for the fields that are marked; what you typed in them is still there.")
        self._problem.hide()
        self.claims = QToolButton()
        self.claims.setText("Claims")
        self.claims.setCheckable(True)
        self.claims.setToolTip("Show the claims in place of the list (Ctrl+L)")
        set_icon(self.claims, "badge-check", colour="muted")
        self.claims.clicked.connect(self.claims_toggled)
        self.claims.hide()
        self.more = icon_button("ellipsis", "What can be done with this item")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._menu())
        self._build()

    def set_item(self, item: Evidence, kind: EvidenceKind | None, *, can_change: bool) -> None:
        """Show what an item is."""
        title = kind.title if kind else item.kind
        self._ref.setText(item.ref)
        self.kind.setText(f" {title}")  # the style leaves no space after the icon
        self.kind.setEnabled(can_change)
        set_icon(self.kind, kind_icon_name(item.kind), colour="muted")
        self.kind.setAccessibleName(f"Kind: {title}. Change the kind")
        self.kind.setToolTip("Change the kind" if can_change else "")
        facts = [
            "" if item.standing.kind is StandingKind.ATTACHED else str(item.standing.kind),
            "simulated" if item.simulated else "",
            "confidential" if item.confidential else "",
        ]
        self._facts_said = "".join(f"· {fact} " for fact in facts if fact).strip()
        self._title = item.shown_title
        self._can_change = can_change
        for action in self.more.menu().actions():
            if action.objectName() == _WITNESS_FORM:
                action.setVisible(has_form(kind))
        self.show_back(shown=not self.back.isHidden())

    def show_problem(self, *, is_there: bool) -> None:
        """Say that something typed is not saved, or no longer."""
        self._problem.setVisible(is_there)

    def show_back(self, *, shown: bool) -> None:
        """Offer the way back from a file to the item, and only name the item meanwhile."""
        self.back.setVisible(shown)
        self.kind.setVisible(not shown)
        self.more.setVisible(not shown and self._can_change)
        self._facts.setText(self._title if shown else self._facts_said)

    def _build(self) -> None:
        self.claims.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.S16, Space.S8, Space.S12, Space.S8)
        row.setSpacing(Space.S8)
        row.addWidget(self.back)
        row.addWidget(self._ref)
        row.addWidget(self.kind)
        row.addWidget(self._facts, 1)
        row.addWidget(self._problem)
        row.addWidget(self.claims)
        row.addWidget(self.more)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for action_id in _ACTIONS:
            if not action_id:
                menu.addSeparator()
                continue
            declared = declaration(action_id)
            action = menu.addAction(icon(declared.icon), declared.text)
            action.setObjectName(action_id)
            set_icon(action, declared.icon)
            action.triggered.connect(partial(self._run, action_id))
        return menu

    def _run(self, action_id: str, _checked: bool = False) -> None:
        self._run_action(action_id)
