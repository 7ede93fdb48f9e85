"""Suggestions, as rows to look at, to take or to turn down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from portfolio_app.domain.suggestions import Band
from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import (
    Badge,
    ElidedLabel,
    MutedLabel,
    Section,
    add_together,
    button,
    clear_layout,
    has_keyboard,
    icon_button,
)
from portfolio_app.gui.widgets.row_button import RowButton

_LONGEST_QUOTATION: Final = 400
_BAND_WORDS: Final = {Band.STRONG: "Strong", Band.POSSIBLE: "Possible"}
_BAND_TONES: Final = {Band.STRONG: "proof", Band.POSSIBLE: None}
_TAKE, _TURN_DOWN = "Claim it, with this quotation", "Not this one: do not suggest it again"


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """One suggestion in words.

    ``key`` is what it leads to; ``title`` what that is called ("U1/1.2", "E4"), ``text`` what it says; ``place`` where
    the sentence stands, empty where it is the item's own text.
    """

    key: str
    title: str
    text: str
    band: Band
    quotation: str
    place: str = ""


class SuggestionList(Section):
    """A part that folds, with what is suggested, or why nothing is."""

    looked_at = Signal(str)
    """The key of a suggestion that was pressed."""
    taken = Signal(str)
    turned_down = Signal(str)
    wanted = Signal()
    """Suggestions are asked for."""

    def __init__(self, title: str, ask: str, parent: QWidget | None = None, *, expanded: bool = True) -> None:
        """Be headed by ``title``; before there is anything a button with the words of ``ask`` asks for it."""
        super().__init__(title, parent, collapsible=True, expanded=expanded)
        self._title = title
        self._read_only = False
        self._brief = False
        self._ask = button(ask, "", "sparkles")
        self._ask.clicked.connect(self.wanted)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._remark = MutedLabel()
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self.body.addLayout(self._rows)
        self.body.addWidget(self._remark)
        self.body.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_nothing_yet()

    def set_read_only(self, read_only: bool) -> None:
        """Let suggestions only be looked at."""
        self._read_only = read_only

    def set_brief(self, brief: bool) -> None:
        """Show suggestions without their sentences, where there is little room, or with them."""
        self._brief = brief
        for row in self.findChildren(SuggestionRow):
            row.set_brief(brief)

    def show_nothing_yet(self) -> None:
        """Wait to be asked."""
        self._show((), "")
        self._ask.show()

    def show_looking(self) -> None:
        """Say that it is being looked for."""
        self._show((), "Looking …")

    def show_found(self, found: Sequence[ShownSuggestion], remark: str) -> None:
        """Show what was found, the best first; ``remark`` stands below it."""
        self._show(found, remark)

    def _show(self, found: Sequence[ShownSuggestion], remark: str) -> None:
        self._ask.hide()
        self.set_title(f"{self._title}  {len(found)}" if found else self._title)
        had_keyboard = any(map(has_keyboard, self.findChildren(SuggestionRow)))
        clear_layout(self._rows)
        rows = [self._row(each) for each in found]
        add_together(self._rows, rows)
        if had_keyboard:
            if rows:
                rows[0].setFocus()
            else:
                self.focus_heading()
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))

    def _row(self, suggestion: ShownSuggestion) -> QWidget:
        row = SuggestionRow(suggestion, read_only=self._read_only)
        row.set_brief(self._brief)
        row.pressed.connect(partial(self.looked_at.emit, suggestion.key))
        row.taken.connect(partial(self.taken.emit, suggestion.key))
        row.turned_down.connect(partial(self.turned_down.emit, suggestion.key))
        return row


class SuggestionRow(RowButton):
    """What is suggested, how much speaks for it, and the sentence; leads there."""

    taken = Signal()
    turned_down = Signal()

    def __init__(self, suggestion: ShownSuggestion, parent: QWidget | None = None, *, read_only: bool = False) -> None:
        super().__init__(parent)
        band = _BAND_WORDS[suggestion.band]
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(ElidedLabel(f"{suggestion.title}  {suggestion.text}"), 1)
        top.addSpacing(Space.S4)
        top.addWidget(Badge(band, _BAND_TONES[suggestion.band]))
        if not read_only:
            for icon_name, words, signal in (("check", _TAKE, self.taken), ("x", _TURN_DOWN, self.turned_down)):
                does = icon_button(icon_name, words)
                does.setAccessibleName(f"{suggestion.title}: {words}")
                does.clicked.connect(signal)
                top.addWidget(does)
        self._sentence = ElidedLabel(_quoted(suggestion))
        theme.set_role(self._sentence, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.S8, Space.S4, Space.S4, Space.S4)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._sentence)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"{suggestion.text}\n\n{_quoted(suggestion)}")
        self.setAccessibleName(f"{suggestion.title} {suggestion.text}: {band}. {_quoted(suggestion)}")

    def set_brief(self, brief: bool) -> None:
        """Leave the sentence away, or show it."""
        self._sentence.setVisible(not brief)


def _quoted(suggestion: ShownSuggestion) -> str:
    words = " ".join(suggestion.quotation.split())
    if len(words) > _LONGEST_QUOTATION:
        words = f"{words[:_LONGEST_QUOTATION].rstrip()}…"
    return f"“{words}” – {suggestion.place}" if suggestion.place else f"“{words}”"
