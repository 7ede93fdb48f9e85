"""What dialogs about the open portfolio have in common: they follow its changes, undo, and end with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from portfolio_app.gui.actions import declaration
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.notices import Toast

if TYPE_CHECKING:
    from portfolio_app.domain.changes import Changes
    from portfolio_app.gui.main_window import MainWindow


class PortfolioDialog(DialogFrame):
    """A dialog that shows something of the open portfolio.

    The window below takes no keys while it is open, so it has undo and redo of its own, and its own toasts.

    Attributes:
        content: The layout for what it holds.
    """

    def __init__(self, window: MainWindow, title: str, *, says: str = "") -> None:
        super().__init__(title, window, says=says)
        self.window_ = window
        self.session = window.session
        area = QWidget()
        self.content = QVBoxLayout(area)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(12)
        self.body.addWidget(area, 1)
        self._toast = Toast(area)
        self._toast.undo_pressed.connect(self._undo)
        for action_id, slot in (("undo", self._undo), ("redo", self._redo)):
            for keys in declaration(action_id).shortcuts:
                QShortcut(QKeySequence(keys), self, slot)
        self.session.changed.connect(self._hear)
        self.session.done_again.connect(self.say)
        self.session.closed.connect(self._end)

    @property
    def can_change(self) -> bool:
        """Whether the portfolio can be changed."""
        return self.session.is_open and not self.session.read_only

    def say(self, text: str, *, undo: bool = False) -> None:
        """Say in passing what was done, perhaps with a button that takes it back."""
        self.show_problem("")
        self._toast.show_text(text, undo=undo and self.can_change)

    def refresh(self) -> None:
        """Load what is shown."""

    def on_changes(self, changes: Changes) -> None:
        """Load what these changes touch; by default everything."""
        del changes
        self.refresh()

    def _hear(self, changes: Changes, initiator: QObject | None) -> None:
        if initiator is not self:
            self.on_changes(changes)

    def _undo(self) -> None:
        if self.can_change and self.session.undo_names.undo:
            self.session.undo()

    def _redo(self) -> None:
        if self.can_change and self.session.undo_names.redo:
            self.session.redo()

    def _end(self) -> None:
        self.done(QDialog.DialogCode.Rejected)
