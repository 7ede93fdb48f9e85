"""How the card of an attached file is painted, and where its words are edited."""

from __future__ import annotations

from enum import Enum
from pathlib import PurePath
from typing import Final

import shiboken6
from PySide6.QtCore import QAbstractItemModel, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.icons import pixmap
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.attachments.card_model import THUMBNAIL, CardFacts, CardRole, Index
from portfolio_app.gui.widgets.attachments.kinds import icon_for

GAP: Final = 8
"""Pixels between cards."""
_RADIUS = 6.0
_BAR = 3
_LONGEST_CAPTION = 500
_LONGEST_NAME = 120


class Words(Enum):
    """Which words of a card are edited."""

    NAME = "name"
    CAPTION = "caption"


class CardDelegate(QStyledItemDelegate):
    """Paints cards; edits the name or the caption in its place."""

    name_typed = Signal(str, str)
    caption_typed = Signal(str, str)
    """The id of a file, and what was typed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.words = Words.CAPTION
        self._field: QLineEdit | None = None
        self.columns = 1
        self.room = 280

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Return the size of any card, with its share of the space between."""
        return QSize(self.room // self.columns, card_height() + GAP)

    def card_area(self, item: QRect, row: int) -> QRect:
        """Return where a card is within its item; the first begins and the last ends where the list does."""
        width = (self.room - (self.columns - 1) * GAP) // self.columns
        left = row % self.columns * GAP // self.columns
        return QRect(item.left() + left, item.top(), width, item.height() - GAP)

    def caption_area(self, item: QRect, row: int) -> QRect:
        """Return where a card's caption is."""
        _, lines = _parts(self.card_area(item, row))
        return lines[2]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a card."""
        card: CardFacts = index.data(CardRole.CARD)
        area = self.card_area(option.rect, index.row())
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        colours = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ground = "selection" if selected else "hover" if hovered and card.attachment else "surface"
        edge = QPen(colours.colour("accent"), 2) if focused or selected else QPen(colours.colour("line"), 1)
        inset = edge.widthF() / 2
        painter.setPen(edge)
        painter.setBrush(colours.colour(ground))
        painter.drawRoundedRect(QRectF(area).adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)
        thumbnail, lines = _parts(area)
        self._paint_thumbnail(painter, thumbnail, card)
        self._paint_words(painter, lines, card, prompt=(hovered or focused) and self._can_edit(index))
        if card.done is not None:
            _paint_bar(painter, area, card.done)
        painter.restore()

    @staticmethod
    def _can_edit(index: Index) -> bool:
        return bool(index.flags() & Qt.ItemFlag.ItemIsEditable)

    @staticmethod
    def _paint_thumbnail(painter: QPainter, area: QRect, card: CardFacts) -> None:
        colours = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        if card.thumbnail is not None and not card.problem:
            place = _fitted(card.thumbnail, area)
            painter.drawImage(place, card.thumbnail)
            painter.setPen(QPen(colours.colour("line"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5))
            return
        painter.setBrush(colours.colour("sunken"))
        painter.drawRoundedRect(area, 4, 4)
        if card.problem:
            name, colour = "triangle-alert", "not_yet"
        elif card.attachment is None:
            name, colour = "loader-circle", "muted"
        else:
            name, colour = icon_for(card.attachment), "muted"
        edge = colours.scaled(24)
        picture = pixmap(name, 24, colour, painter.device().devicePixelRatio())
        painter.drawPixmap(area.center().x() - edge // 2, area.center().y() - edge // 2, picture)

    @staticmethod
    def _paint_words(painter: QPainter, lines: tuple[QRect, QRect, QRect], card: CardFacts, *, prompt: bool) -> None:
        colours = theme.current()
        caption, colour = card.caption, "text"
        if not caption and card.attachment is not None and prompt:
            caption, colour = "Add a caption", "muted"
        painter.setFont(_bold())
        painter.setPen(colours.colour("text" if card.attachment else "muted"))
        _write(painter, lines[0], card.name, Qt.TextElideMode.ElideMiddle)
        painter.setFont(theme.body_font())
        if card.problem:
            painter.setPen(colours.colour("not_yet"))
            room = lines[1].united(lines[2])
            painter.drawText(room, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, f"⚠ {card.problem}")
            return
        painter.setPen(colours.colour("muted"))
        _write(painter, lines[1], card.facts)
        painter.setPen(colours.colour(colour))
        _write(painter, lines[2], caption)

    # Editing

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:  # noqa: N802
        """Return a field for the name or the caption."""
        field = QLineEdit(parent)
        theme.set_role(field, "cell")
        is_name = self.words is Words.NAME
        field.setAccessibleName("Name of the file" if is_name else "Caption")
        field.setPlaceholderText("" if is_name else "What does this file show?")
        self._field = field
        field.setMaxLength(_LONGEST_NAME if is_name else _LONGEST_CAPTION)
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802
        """Let the words that are there be edited."""
        card: CardFacts = index.data(CardRole.CARD)
        if not isinstance(editor, QLineEdit) or editor.isModified():
            return
        editor.setText(card.name if self.words is Words.NAME else card.caption)

    def updateEditorGeometry(  # noqa: N802
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Put the field where the words are."""
        card = self.card_area(option.rect, index.row())
        _, lines = _parts(card)
        area = lines[0] if self.words is Words.NAME else lines[2]
        height = max(area.height() + 8, editor.sizeHint().height())
        top = area.center().y() - height // 2
        editor.setGeometry(
            QRect(area.left() - 6, max(card.top(), min(top, card.bottom() - height)), area.width() + 10, height)
        )

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: Index) -> None:  # noqa: N802
        """Tell what was typed, if it is another text."""
        card: CardFacts = index.data(CardRole.CARD)
        if not isinstance(editor, QLineEdit) or card.attachment is None:
            return
        typed = " ".join(editor.text().split())
        if self.words is Words.CAPTION:
            if typed != card.caption:
                self.caption_typed.emit(card.attachment.id, typed)
            return
        suffix = PurePath(card.name).suffix
        if typed and suffix and PurePath(typed).suffix.casefold() != suffix.casefold():
            typed += suffix
        if typed and typed != card.name:
            self.name_typed.emit(card.attachment.id, typed)

    def select_stem(self) -> None:
        """Select all of the name being edited but its suffix; the view has just selected everything."""
        if self.words is Words.NAME and self._field is not None and shiboken6.isValid(self._field):
            self._field.setSelection(0, len(PurePath(self._field.text()).stem))


def card_height() -> int:
    """Return how high a card is at the zoom in force."""
    lines = 3 * QFontMetrics(theme.body_font()).height() + 2 * 3
    return max(lines, theme.current().scaled(THUMBNAIL)) + 2 * Space.S8 + 2


def _parts(area: QRect) -> tuple[QRect, tuple[QRect, QRect, QRect]]:
    """Return where the thumbnail and the three lines of a card are."""
    edge = theme.current().scaled(THUMBNAIL)
    thumbnail = QRect(area.left() + Space.S8 + 1, area.center().y() - edge // 2 + 1, edge, edge)
    left = thumbnail.right() + 1 + Space.S12
    width = max(10, area.right() - Space.S12 - left)
    height = QFontMetrics(theme.body_font()).height()
    top = area.center().y() - (3 * height + 6) // 2 + 1
    first, second, third = (QRect(left, top + line * (height + 3), width, height) for line in range(3))
    return thumbnail, (first, second, third)


def _fitted(image: QImage, area: QRect) -> QRect:
    size = image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    if image.width() < size.width():
        size = image.size()
    place = QRect(0, 0, size.width(), size.height())
    place.moveCenter(area.center())
    return place


def _bold() -> QFont:
    font = theme.body_font()
    font.setWeight(QFont.Weight.Bold)
    return font


def _write(painter: QPainter, area: QRect, text: str, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
    shown = painter.fontMetrics().elidedText(text, elide, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_bar(painter: QPainter, area: QRect, done: float) -> None:
    colours = theme.current()
    track = QRectF(area.left() + _RADIUS, area.bottom() - _BAR, area.width() - 2 * _RADIUS, _BAR)
    painter.fillRect(track, colours.colour("sunken"))
    painter.fillRect(
        QRectF(track.topLeft(), track.size()).adjusted(0, 0, -track.width() * (1 - min(max(done, 0.0), 1.0)), 0),
        colours.colour("accent"),
    )
