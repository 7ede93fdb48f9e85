"""How far a unit is, as a bar and as a row of symbols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from portfolio_app.domain.coverage import CoverageState, Tally
from portfolio_app.gui import theme

_ORDER: Final = (
    CoverageState.MET,
    CoverageState.PROOF,
    CoverageState.CLAIMED,
    CoverageState.MORE_NEEDED,
    CoverageState.NOT_YET_MET,
)


def tally_in_words(tally: Tally) -> str:
    """Return a tally as a sentence: “3 of 8 met, 2 claimed with proof, 3 no claim”."""
    rest = [f"{tally[state]:,} {state}" for state in (*_ORDER[1:], CoverageState.NONE) if tally[state]]
    return ", ".join([str(tally), *rest])


class CoverageBar(QWidget):
    """A bar of the shares of requirements in each state, furthest first; what has no claim stays empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tally = Tally({})
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_tally(self, tally: Tally) -> None:
        """Show other shares."""
        self._tally = tally
        self.setToolTip(tally_in_words(tally))
        self.setAccessibleName(tally_in_words(tally))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as a thick line."""
        return QSize(160, theme.current().scaled(8))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the bar."""
        del event
        painter = QPainter(self)
        paint_shares(painter, QRectF(self.rect()), self._tally)


def paint_shares(painter: QPainter, area: QRectF, tally: Tally) -> None:
    """Draw the shares of requirements in each state as a bar."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QPainterPath()
    outline.addRoundedRect(area, area.height() / 2, area.height() / 2)
    painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
    painter.fillRect(area, theme.current().colour("line"))
    left = area.left()
    for state in _ORDER:
        if not tally[state]:
            continue
        width = area.width() * tally[state] / tally.total
        part = QRectF(left, area.top(), width, area.height())
        painter.fillRect(part, theme.state_colour(state))
        if state is CoverageState.CLAIMED:
            painter.fillRect(part, Qt.BrushStyle.BDiagPattern)
        left += width
        painter.fillRect(QRectF(left - 0.5, area.top(), 1, area.height()), theme.current().colour("surface"))
    painter.restore()


class StateStrip(QWidget):
    """One symbol for each requirement, in printed order; those that do not fit are counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._states: Sequence[CoverageState] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_states(self, states: Sequence[CoverageState]) -> None:
        """Show other symbols."""
        self._states = states
        self.setAccessibleName(", ".join(str(state) for state in states))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as a line of text."""
        return QSize(80, QFontMetrics(theme.body_font()).height())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the height of larger letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the symbols."""
        del event
        painter = QPainter(self)
        painter.setFont(theme.body_font())
        metrics = painter.fontMetrics()
        step = metrics.horizontalAdvance("◐") + 2
        room = max(1, self.width() // step)
        shown = self._states if len(self._states) <= room else self._states[: max(0, room - 4)]
        for place, state in enumerate(shown):
            painter.setPen(theme.state_colour(state))
            painter.drawText(QRectF(place * step, 0, step, self.height()), Qt.AlignmentFlag.AlignCenter, state.symbol)
        left = len(self._states) - len(shown)
        if left:
            painter.setPen(theme.current().colour("muted"))
            rest = QRectF(len(shown) * step + 4, 0, self.width(), self.height())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, f"+{left:,}")
