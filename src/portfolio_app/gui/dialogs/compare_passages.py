"""What two items have in common, side by side, with the same words marked in both."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from portfolio_app.domain.evidence import Evidence
from portfolio_app.gui import places, theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.places import Place
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.upright_area import ScrolledColumn
from portfolio_app.services.alike_pairs import AlikePair

_WIDTH, _HEIGHT = 920, 560
_SAYS = (
    "The words that stand in both are marked and bold. There may be good reason for them: the same event can be told "
    "twice. It helps when each item proves something of its own."
)


class ComparePassagesDialog(DialogFrame):
    """Shows the passages of two items beside each other, and leads to either item."""

    place_chosen = Signal(object)
    """A :class:`Place`: the text of one of the two."""

    def __init__(self, pair: AlikePair, parent: QWidget | None = None) -> None:
        super().__init__(f"Compare {pair.earlier.ref} and {pair.later.ref}", parent, says=_SAYS)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._pair = pair
        self._texts: list[tuple[QLabel, str, Sequence[tuple[int, int]]]] = []
        page = ScrolledColumn()
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.S16)
        grid.setVerticalSpacing(Space.S12)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for column, item in enumerate((pair.earlier, pair.later)):
            grid.addWidget(_heading(item), 0, column)
        for row, passage in enumerate(pair.passages, 1):
            for column, (item, text, marks) in enumerate(
                (
                    (pair.earlier, passage.first, passage.first_marks),
                    (pair.later, passage.second, passage.second_marks),
                )
            ):
                grid.addWidget(self._passage(item, text, marks), row, column)
        page.column.addLayout(grid)
        page.column.addStretch(1)
        self.body.addWidget(page, 1)
        for item in (pair.earlier, pair.later):
            opened = self.add_left_button(f"Open {item.ref}", icon_name="arrow-right")
            opened.clicked.connect(partial(self._open_item, item))
        self.add_close_button()
        self.set_size(_WIDTH, _HEIGHT)
        self._mark()
        theme.notifier().changed.connect(self._mark)

    def _passage(self, item: Evidence, text: str, marks: Sequence[tuple[int, int]]) -> QWidget:
        frame = QFrame()
        theme.set_role(frame, "card")
        column = QVBoxLayout(frame)
        column.setContentsMargins(Space.S12, Space.S12, Space.S12, Space.S12)
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        label.setAccessibleName(f"{item.ref}: {text}")
        column.addWidget(label, 1)
        self._texts.append((label, text, marks))
        return frame

    def _mark(self) -> None:
        style = f"background-color:{theme.current().css('found')}; color:{theme.current().css('text')}"
        for label, text, marks in self._texts:
            label.setFont(theme.prose_font())
            label.setText(_marked(text, marks, style))

    def _open_item(self, item: Evidence) -> None:
        self.place_chosen.emit(Place(places.EVIDENCE, evidence_id=item.id, field="body"))
        self.accept()


def _heading(item: Evidence) -> QLabel:
    heading = QLabel(f"{item.ref}  {item.shown_title}")
    heading.setTextFormat(Qt.TextFormat.PlainText)
    heading.setWordWrap(True)
    heading.setAlignment(Qt.AlignmentFlag.AlignTop)
    theme.set_role(heading, "section-title")
    return heading


def _marked(text: str, marks: Sequence[tuple[int, int]], style: str) -> str:
    parts, done = [], 0
    for start, end in marks:
        parts.append(html.escape(text[done:start]))
        parts.append(f'<b style="{style}">{html.escape(text[start:end])}</b>')
        done = end
    return "".join((*parts, html.escape(text[done:])))
