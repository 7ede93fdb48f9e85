"""The attached files of an item as a list: what each card shows, and those that are being added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QImage

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import Attachment
from portfolio_app.gui import theme
from portfolio_app.gui.widgets.attachments.rendering import Channel, Examined, PathOf, Urgency, examine, lane_for
from portfolio_app.services.attachment_previews import size_in_words, type_in_words

THUMBNAIL: Final = 64
"""Edge of the square for a thumbnail, in pixels before zoom."""

Index = QModelIndex | QPersistentModelIndex


class CardRole(IntEnum):
    """What a card asks of the model besides its name."""

    CARD = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card shows. ``attachment`` is ``None`` while the file is being added.

    ``problem`` is a sentence about the file, ``done`` how much of it has been added, from 0 to 1, if it has begun.
    """

    name: str
    attachment: Attachment | None = None
    facts: str = ""
    problem: str = ""
    thumbnail: QImage | None = None
    done: float | None = None

    @property
    def caption(self) -> str:
        """What the user wrote below the file."""
        return self.attachment.caption if self.attachment else ""

    @property
    def told(self) -> str:
        """All of it in words, for a screen reader."""
        parts = [self.name, self.facts, self.caption and f"caption: {self.caption}", self.problem]
        return ", ".join(filter(None, parts))


class CardModel(QAbstractListModel):
    """Cards in the order of the files; thumbnails are drawn when a card is first looked at."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._channel = Channel(self)
        self._cards: list[CardFacts] = []
        self._pending: list[CardFacts] = []
        self._examined: dict[str, Examined] = {}
        self._path_of: PathOf = _nowhere
        self.is_editable = True

    def set_attachments(self, attachments: Sequence[Attachment], path_of: PathOf) -> None:
        """Show other files, or the same with other words; what is known of their contents is kept."""
        self._path_of = path_of
        self._channel.forget_all()
        contents = {attachment.sha256 for attachment in attachments}
        # A file that was missing may have been found again.
        self._examined = {
            sha256: examined
            for sha256, examined in self._examined.items()
            if sha256 in contents and not examined.problem
        }
        cards = [self._card(attachment) for attachment in attachments]
        if [_id(card) for card in cards] == [_id(card) for card in self._cards]:
            self._cards = cards
            if cards:
                self.dataChanged.emit(self.index(0), self.index(len(cards) - 1))
            return
        self.beginResetModel()
        self._cards = cards
        self.endResetModel()

    def set_pending(self, names: Sequence[str], done: float | None) -> None:
        """Show files that are being added after those that are there; ``done`` is of the first."""
        pending = [
            CardFacts(name, facts="Adding …" if place == 0 else "Waiting …", done=done if place == 0 else None)
            for place, name in enumerate(names)
        ]
        if len(pending) == len(self._pending):
            self._pending = pending
            if pending:
                self.dataChanged.emit(self.index(len(self._cards)), self.index(self.rowCount() - 1))
            return
        self.beginResetModel()
        self._pending = pending
        self.endResetModel()

    @property
    def attachments(self) -> list[Attachment]:
        """The files that are there."""
        return [card.attachment for card in self._cards if card.attachment]

    def row_of(self, attachment_id: str) -> int:
        """Return the row of a file, or -1."""
        return next((row for row, card in enumerate(self._cards) if _id(card) == attachment_id), -1)

    def change(self, row: int, **words: str) -> None:
        """Show another name or caption at once, before it is stored."""
        card = self._cards[row]
        if card.attachment is not None:
            changed = replace(card.attachment, **words)  # type: ignore[arg-type]
            self._cards[row] = replace(card, name=changed.name, attachment=changed)
            self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many cards there are."""
        return 0 if parent.isValid() else len(self._cards) + len(self._pending)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say what can be done with a card."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if index.row() >= len(self._cards):
            return Qt.ItemFlag.ItemIsEnabled
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return usual | Qt.ItemFlag.ItemIsEditable if self.is_editable else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a card shows."""
        if not index.isValid() or index.row() >= self.rowCount():
            return None
        card = (self._cards + self._pending)[index.row()] if self._pending else self._cards[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return card.name
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(filter(None, (card.name, card.caption, card.problem)))
            case Qt.ItemDataRole.AccessibleTextRole:
                return card.told
            case CardRole.CARD:
                self._look_at(card)
                return card
            case _:
                return None

    def look_again(self) -> None:
        """Draw the thumbnails anew, for another zoom."""
        self._examined = {sha256: seen for sha256, seen in self._examined.items() if seen.thumbnail is None}
        if self._cards:
            self.dataChanged.emit(self.index(0), self.index(len(self._cards) - 1))

    @staticmethod
    def _thumbnail_pixels() -> int:
        application = QGuiApplication.instance()
        density = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
        return round(theme.current().scaled(THUMBNAIL) * density)

    def _card(self, attachment: Attachment) -> CardFacts:
        examined = self._examined.get(attachment.sha256, Examined())
        facts = f"{type_in_words(attachment)} · {size_in_words(attachment.size)}"
        return CardFacts(attachment.name, attachment, facts, examined.problem, examined.thumbnail)

    def _look_at(self, card: CardFacts) -> None:
        attachment = card.attachment
        if attachment is None or attachment.sha256 in self._examined or self._channel.awaits(attachment.sha256):
            return
        self._channel.ask(
            attachment.sha256,
            partial(examine, attachment, self._path_of, self._thumbnail_pixels()),
            partial(self._has_looked, attachment.sha256),
            failed=partial(self._cannot_look, attachment.sha256),
            lane=lane_for(attachment),
            urgency=Urgency.LATER,
        )

    def _has_looked(self, sha256: str, examined: Examined) -> None:
        self._examined[sha256] = examined
        for row, card in enumerate(self._cards):
            if card.attachment and card.attachment.sha256 == sha256:
                self._cards[row] = replace(card, problem=examined.problem, thumbnail=examined.thumbnail)
                self.dataChanged.emit(self.index(row), self.index(row))

    def _cannot_look(self, sha256: str, error: KnownError) -> None:
        self._has_looked(sha256, Examined(str(error)))


def _id(card: CardFacts) -> str:
    return card.attachment.id if card.attachment else ""


def _nowhere(_attachment: Attachment) -> None:
    return None
