"""Buttons with a text of any length: it ends in "…" where it does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QCheckBox, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from portfolio_app.gui import theme

if TYPE_CHECKING:
    _Button = QPushButton  # as whose all kinds of buttons are used here
else:
    _Button = object  # a widget can have one kind only: that which the class names beside this

_LEAST_LETTERS = 12


class _Elided(_Button):
    """What a button needs for it, whatever its kind; the tool tip is the whole text."""

    _control: ClassVar[QStyle.ControlElement]
    _contents: ClassVar[QStyle.SubElement]

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return room for a few letters."""
        whole, metrics = super().minimumSizeHint(), self.fontMetrics()
        letters = metrics.averageCharWidth() * _LEAST_LETTERS
        text = metrics.size(Qt.TextFlag.TextShowMnemonic.value, self.text()).width()
        return QSize(whole.width() - max(0, text - letters), whole.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw as much of the text as fits."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(self._contents, option, self).width()
        mode, flags = Qt.TextElideMode.ElideRight, Qt.TextFlag.TextShowMnemonic.value
        option.text = self.fontMetrics().elidedText(option.text, mode, room, flags)
        QStylePainter(self).drawControl(self._control, option)


class ElidedLink(_Elided, QPushButton):
    """A link that leads to something with a name."""

    _control = QStyle.ControlElement.CE_PushButton
    _contents = QStyle.SubElement.SE_PushButtonContents

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        theme.set_role(self, "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class ElidedCheckBox(_Elided, QCheckBox):
    """A box to tick for something with a name."""

    _control = QStyle.ControlElement.CE_CheckBox
    _contents = QStyle.SubElement.SE_CheckBoxContents
