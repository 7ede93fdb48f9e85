"""What every part of a form has in common: a value, when it is given on, and what is wrong with it."""

from __future__ import annotations

from collections import deque
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from portfolio_app.gui.widgets.focus_passing import FocusPassing
from portfolio_app.gui.widgets.typing_pause import TypingPause

_MOST_UNDERWAY: Final = 50


class ValueEditor(FocusPassing):
    """A widget that edits one value of an item.

    A value goes in by :meth:`set_value`, which never signals, and comes out by ``committed`` after a pause in typing
    or when the focus leaves. What does not fit is given on as it was typed, and :meth:`problem` says what is wrong;
    the rare thing that cannot be stored at all stays on the screen, and the last value that could stays stored.

    Values come back through :meth:`set_value` once they are stored, perhaps while more has been typed. One that was
    given on from here, or that is the stored one anyway, therefore disturbs nothing.
    """

    committed = Signal(object)
    """The value to store."""
    edited = Signal()
    """The user has changed something."""
    problem_changed = Signal(str)
    """What to show below the editor, or nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored: Any = None
        self._underway: deque[Any] = deque(maxlen=_MOST_UNDERWAY)
        self._dirty = False
        self._shown_problem = ""
        self._refusal = ""
        self._pause = TypingPause(self._give_on, self)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(0)
        self._leaving.timeout.connect(self._look_whether_left)

    # For those who use it

    def value(self) -> Any:
        """Return the value to store; where what is shown cannot be stored, the last one that could."""
        raise NotImplementedError

    def problem(self) -> str:
        """Return what is wrong with what is shown, in a sentence, or nothing."""
        return ""

    def has_unstored(self) -> bool:
        """Whether some of what is shown cannot be stored."""
        return False

    def set_value(self, value: Any, *, anew: bool = False) -> None:
        """Show a value without signalling.

        Args:
            value: The stored value.
            anew: It is another item's: whatever is on the screen gives way, and the undo list begins afresh.
        """
        if anew:
            self._forget_typing()
            self._stored = value
            self._load(value, anew=True)
            self._show_problem(self._hint())
            return
        if value in self._underway:
            while self._underway.popleft() != value:
                pass
            self._stored = value
            return
        if value == self._stored:
            return
        self._forget_typing()
        self._stored = value
        if value != self.value() or self.has_unstored():
            self._load(value, anew=False)
        self._show_problem(self._hint())

    def flush(self) -> None:
        """Give on what was typed, now."""
        self._give_on()
        self._show_problem(self._hint())

    def refuse(self, sentence: str) -> None:
        """Say that the value given on last was not stored, and why; it is given on again after the next change."""
        self._underway.clear()
        self._refusal = sentence
        self._show_problem(self._hint())

    def accept(self) -> None:
        """Say that what was refused is stored after all."""
        self._refusal = ""
        self._show_problem(self._hint())

    def draft(self) -> object:
        """Return what is on the screen if it cannot be stored, else ``None``."""
        return None

    def restore(self, draft: object) -> None:
        """Show such a draft again."""

    def focus(self) -> None:
        """Put the keyboard into the editor."""
        (self.entry or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def set_read_only(self, read_only: bool) -> None:
        """Let the value be read but not changed."""
        self.setEnabled(not read_only)

    def is_empty(self) -> bool:
        """Whether nothing is given."""
        return not self.value()

    # For those who build one

    def _load(self, value: Any, *, anew: bool) -> None:
        """Show a value, without calling :meth:`_touched`; ``anew`` as for :meth:`set_value`."""
        raise NotImplementedError

    def _hint(self) -> str:
        """Return the sentence to show while nothing is being typed."""
        if self._refusal:
            return f"Not saved: {self._refusal}"
        problem = self.problem()
        return f"Not saved: {problem}" if problem and self.has_unstored() else problem

    def _touched(self) -> None:
        """Note that the user has changed something."""
        self._dirty = True
        self._refusal = ""
        if self._shown_problem and not self.problem():
            self._show_problem("")
        self._pause.touch()
        self.edited.emit()

    def _latest(self) -> Any:
        """Return the value given on last, else the stored one."""
        return self._underway[-1] if self._underway else self._stored

    def _touched_for_good(self) -> None:
        """Note a change that is complete in itself, such as a choice."""
        self._touched()
        self.flush()

    def _watch(self, *widgets: QWidget) -> None:
        """Give on what was typed when the focus leaves these, and keep the wheel from changing what is not in hand."""
        for widget in widgets:
            widget.installEventFilter(self)
            if isinstance(widget, QComboBox):
                widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Notice the focus leaving; leave the wheel to the page."""
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            if event.reason() != Qt.FocusReason.PopupFocusReason:
                self._leaving.start()
        elif isinstance(event, QWheelEvent) and isinstance(watched, QComboBox) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _look_whether_left(self) -> None:
        held_by = QApplication.focusWidget()
        if held_by is not None and (held_by is self or self.isAncestorOf(held_by)):
            return
        if QApplication.activePopupWidget() is None:
            self.flush()

    def _forget_typing(self) -> None:
        self._pause.stop()
        self._leaving.stop()
        self._underway.clear()
        self._dirty = False
        self._refusal = ""

    def _give_on(self) -> None:
        self._pause.stop()
        if not self._dirty:
            return
        self._dirty = False
        value = self.value()
        if value == self._latest():
            return
        self._underway.append(value)
        self.committed.emit(value)

    def _show_problem(self, sentence: str) -> None:
        if sentence != self._shown_problem:
            self._shown_problem = sentence
            self.problem_changed.emit(sentence)
