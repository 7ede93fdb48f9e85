"""Buttons with a text of any length: it ends in "…" where it does not fit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from portfolio_app.gui import theme

_LEAST_LETTERS = 12


class ElidedLink(QPushButton):
    """A link that leads to something with a name; the tool tip is the whole name."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        theme.set_role(self, "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return room for a few letters."""
        return _least(self, super().minimumSizeHint())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw as much of the text as fits."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        _elide(self, option, QStyle.SubElement.SE_PushButtonContents)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)


class ElidedCheckBox(QCheckBox):
    """A box to tick for something with a name; the tool tip is the whole name."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return room for a few letters."""
        return _least(self, super().minimumSizeHint())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw as much of the text as fits."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        _elide(self, option, QStyle.SubElement.SE_CheckBoxContents)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_CheckBox, option)


def _least(button: QAbstractButton, whole: QSize) -> QSize:
    metrics = button.fontMetrics()
    letters = metrics.averageCharWidth() * _LEAST_LETTERS
    text = metrics.size(Qt.TextFlag.TextShowMnemonic.value, button.text()).width()
    return QSize(whole.width() - max(0, text - letters), whole.height())


def _elide(button: QAbstractButton, option: QStyleOptionButton, contents: QStyle.SubElement) -> None:
    room = button.style().subElementRect(contents, option, button).width()
    mode, flags = Qt.TextElideMode.ElideRight, Qt.TextFlag.TextShowMnemonic.value
    option.text = button.fontMetrics().elidedText(option.text, mode, room, flags)
