"""The attached files of an evidence item: cards to look at, add, name, open and remove."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.evidence import Attachment
from portfolio_app.gui import theme
from portfolio_app.gui.icons import icon
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.attachments.card_delegate import GAP, CardDelegate, Words, card_height
from portfolio_app.gui.widgets.attachments.card_model import CardFacts, CardModel, CardRole
from portfolio_app.gui.widgets.attachments.handing_out import HandingOut
from portfolio_app.gui.widgets.attachments.rendering import PathOf
from portfolio_app.gui.widgets.basics import Banner, IconLabel, MutedLabel, button
from portfolio_app.gui.widgets.clipboard import copied

_NARROWEST = 260
_EMPTY = "Drop files here, or paste a screenshot."
SHORTCUTS = (
    ("Enter, Space", "Preview"),
    ("F2", "Rename"),
    ("Shift+F2", "Change the caption"),
    ("Delete", "Remove"),
    ("Ctrl+V", "Paste a picture or files"),
)
"""The keys of attached files and what they do, for the page of shortcuts."""


class CardList(QListView):
    """Cards side by side, as many as fit; as high as all of them, so that the page around it scrolls.

    Keys: arrows move, Enter or Space previews, F2 renames, Shift+F2 edits the caption, Delete removes.
    """

    preview_wanted = Signal(str)
    remove_wanted = Signal()
    paste_wanted = Signal()

    def __init__(self, model: CardModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = CardDelegate(self)
        self.setModel(model)
        self.setItemDelegate(self.cards)
        self.setAccessibleName("Attached files")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)  # the panel around it takes what is dropped
        self.viewport().setAutoFillBackground(False)
        theme.set_role(self, "cards")
        self.setStyleSheet("CardList { background: transparent; border: none; padding: 0; }")
        model.modelReset.connect(self.fit)
        theme.notifier().changed.connect(self.fit)
        self.doubleClicked.connect(self._preview)

    def current_card(self) -> CardFacts | None:
        """Return the card that the keys are about."""
        index = self.currentIndex()
        return index.data(CardRole.CARD) if index.isValid() else None

    def selected_ids(self) -> list[str]:
        """Return the ids of the files that are selected, in order."""
        cards = (index.data(CardRole.CARD) for index in sorted(self.selectedIndexes(), key=QModelIndex.row))
        return [card.attachment.id for card in cards if card.attachment]

    def edit_words(self, index: QModelIndex, words: Words) -> None:
        """Edit the name or the caption of a card in its place."""
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.cards.words = words
            self.setCurrentIndex(index)
            self.edit(index)
            self.cards.select_stem()

    def fit(self) -> None:
        """Give the cards their width and the list its height."""
        self.cards.room = max(1, self.width() - 1)  # Qt breaks a row that fits exactly
        self.cards.columns = max(1, (self.cards.room + GAP) // (theme.current().scaled(_NARROWEST) + GAP))
        rows = -(-self.model().rowCount() // self.cards.columns)
        self.setFixedHeight(rows * (card_height() + GAP))
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Arrange the cards for another width."""
        if event.size().width() != event.oldSize().width():
            self.fit()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Claim the keys that mean something here before the window's actions do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            own = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_F2, Qt.Key.Key_Space)
            if own or event.matches(QKeySequence.StandardKey.Paste):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Preview, rename, caption, remove, paste."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._preview(index)
        elif event.key() == Qt.Key.Key_F2:
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.edit_words(index, Words.CAPTION if shift else Words.NAME)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Edit the caption of the card that is pressed on it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier and event.button() == Qt.MouseButton.LeftButton
        if plain and index.isValid() and self.selectedIndexes() == [index]:
            card: CardFacts = index.data(CardRole.CARD)
            on_caption = self.cards.caption_area(self.visualRect(index), index.row()).contains(
                event.position().toPoint()
            )
            if on_caption and not card.problem:
                self.edit_words(index, Words.CAPTION)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave scrolling to the page around the list."""
        event.ignore()

    def _preview(self, index: QModelIndex) -> None:
        card: CardFacts | None = index.data(CardRole.CARD) if index.isValid() else None
        if card is not None and card.attachment is not None:
            self.preview_wanted.emit(card.attachment.id)


class _DropMark(QWidget):
    """Lies over the panel while files are dragged across it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Say that dropping adds."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = colours.colour("selection")
        ground.setAlpha(235)
        painter.setBrush(ground)
        painter.setPen(QPen(colours.colour("accent"), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.setPen(colours.colour("text"))
        painter.setFont(theme.section_font())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Drop to attach")


class AttachmentsPanel(QWidget):
    """Shows the attached files of an item and says what the user wants done with them; it stores nothing itself."""

    files_added = Signal(list)
    """Paths that were chosen, dropped or pasted."""
    image_pasted = Signal(QImage)
    """A picture from the clipboard; ``handing_out.keep_pasted_picture`` makes a file of it."""
    removed = Signal(str)
    renamed = Signal(str, str)
    caption_changed = Signal(str, str)
    open_requested = Signal(str)
    """The id of a file that the panel opens in its own program, for whoever wants to know."""
    preview_requested = Signal(str)
    refused = Signal(str)
    """A file was not opened or not copied: why, as a sentence. The panel shows it, too."""
    saved = Signal(Path)
    """A copy of a file is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path_of: PathOf = _nowhere
        self._read_only = False
        self.model = CardModel(self)
        self.list = CardList(self.model)
        self._handing_out = HandingOut(self)
        self._banner = Banner("", "warning", dismissible=True)
        self._banner.hide()
        self._add = button("Add files …", "", "plus")
        self._hint = MutedLabel(_EMPTY)
        self._empty_icon = IconLabel("paperclip", 20, "nothing")
        self._foot = QFrame()
        self._mark = _DropMark(self)
        self.setAcceptDrops(True)
        self._foot_row = foot = QHBoxLayout(self._foot)
        foot.setSpacing(Space.S12)
        foot.addWidget(self._empty_icon)
        foot.addWidget(self._hint, 1)
        foot.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S8)
        column.addWidget(self._banner)
        column.addWidget(self.list)
        column.addWidget(self._foot)
        self._connect()
        self._set_empty()

    def _connect(self) -> None:
        self._add.clicked.connect(self.choose_files)
        self.list.preview_wanted.connect(self.preview_requested)
        self.list.remove_wanted.connect(self.remove_selected)
        self.list.paste_wanted.connect(self.paste)
        self.list.cards.name_typed.connect(self._rename)
        self.list.cards.caption_typed.connect(self._set_caption)
        self.model.modelReset.connect(self._set_empty)
        theme.notifier().changed.connect(self.model.look_again)
        self._handing_out.refused.connect(self._refuse)
        self._handing_out.saved.connect(self.saved)

    # What is shown

    def set_attachments(self, attachments: Sequence[Attachment], path_of: PathOf) -> None:
        """Show these files.

        Args:
            attachments: The files in their order.
            path_of: Says where each is, or ``None`` if it is missing; it is called on another thread.
        """
        current = self.list.current_card()
        selected = self.list.selected_ids()
        row = self.list.currentIndex().row()
        self._path_of = path_of
        self.model.set_attachments(attachments, path_of)
        if current is not None and not self.list.currentIndex().isValid():
            kept = self.model.row_of(current.attachment.id) if current.attachment else -1
            self._select(kept if kept >= 0 else min(row, len(attachments) - 1), [each for each in selected if each])

    def set_pending(self, names: Sequence[str], done: float | None = None) -> None:
        """Show the names of files that are being added, after those that are there.

        Args:
            names: Those that are not there yet, in their order.
            done: How much of the first has been copied, from 0 to 1, if that is known.
        """
        self.model.set_pending(names, done)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or let it again."""
        self._read_only = read_only
        self.model.is_editable = not read_only
        self._add.setVisible(not read_only)
        self._set_empty()

    def show_attachment(self, attachment_id: str) -> None:
        """Select a file and give it the keyboard."""
        row = self.model.row_of(attachment_id)
        if row >= 0:
            self._select(row, [attachment_id])
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus(self) -> None:
        """Put the keyboard to the files, or where there are none to the button that adds some."""
        target = self.list if self.model.rowCount() else self._add
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def attachments(self) -> list[Attachment]:
        """The files that are shown."""
        return self.model.attachments

    @property
    def message(self) -> str:
        """What the panel tells at its top, or nothing."""
        return "" if self._banner.isHidden() else self._banner.text

    def _select(self, row: int, ids: Sequence[str]) -> None:
        if row < 0:
            return
        self.list.setCurrentIndex(self.model.index(row))
        for each in ids:
            other = self.model.row_of(each)
            if other >= 0:
                self.list.selectionModel().select(
                    self.model.index(other), self.list.selectionModel().SelectionFlag.Select
                )

    def _set_empty(self) -> None:
        empty = not self.model.rowCount()
        self.list.setVisible(not empty)
        self._empty_icon.setVisible(empty)
        theme.set_role(self._foot, "well" if empty else "")
        self._foot_row.setContentsMargins(*((Space.S16,) * 4 if empty else (0, 0, 0, 0)))
        self._hint.setText("No files are attached." if empty and self._read_only else _EMPTY)
        self._foot.setVisible(empty or not self._read_only)

    # Adding

    def choose_files(self) -> None:
        """Let the user choose files to attach."""
        names, _ = QFileDialog.getOpenFileNames(self, "Attach files")
        if names:
            self.files_added.emit([Path(name) for name in names])

    def can_paste(self) -> bool:
        """Say whether there are files or a picture on the clipboard."""
        data = copied()
        return not self._read_only and (bool(_files(data)) or data.hasImage())

    def paste(self) -> None:
        """Attach the files or the picture on the clipboard."""
        if not self._read_only:
            self._take(copied())

    def _take(self, data: QMimeData) -> bool:
        files = _files(data)
        if files:
            self.files_added.emit(files)
            return True
        image = QImage(data.imageData()) if data.hasImage() else QImage()
        if not image.isNull():
            self.image_pasted.emit(image)
            return True
        return False

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Show that files can be dropped."""
        if not self._read_only and (_files(event.mimeData()) or event.mimeData().hasImage()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._mark.setGeometry(self.rect())
            self._mark.raise_()
            self._mark.show()
        else:
            event.ignore()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802
        """Show the panel as it was."""
        self._mark.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Attach what is dropped; the original stays where it is."""
        self._mark.hide()
        if self._take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    # What is done with a file

    def remove_selected(self) -> None:
        """Ask for the selected files to be removed."""
        if not self._read_only:
            for attachment_id in self.list.selected_ids():
                self.removed.emit(attachment_id)

    def rename_current(self) -> None:
        """Edit the name of the file that the keys are about."""
        self.list.edit_words(self.list.currentIndex(), Words.NAME)

    def caption_current(self) -> None:
        """Edit the caption of the file that the keys are about."""
        self.list.edit_words(self.list.currentIndex(), Words.CAPTION)

    def preview_current(self) -> None:
        """Ask for a preview of the file that the keys are about."""
        attachment = self._current()
        if attachment is not None:
            self.preview_requested.emit(attachment.id)

    def open_current(self) -> None:
        """Open a copy of the file that the keys are about in its own program."""
        attachment = self._current()
        if attachment is not None:
            self.open_requested.emit(attachment.id)
            self._handing_out.open(attachment, self._path_of)

    def save_current(self) -> None:
        """Ask for a place and save a copy of the file that the keys are about."""
        attachment = self._current()
        if attachment is not None:
            self._handing_out.save_copy(attachment, self._path_of)

    def _current(self) -> Attachment | None:
        card = self.list.current_card()
        return card.attachment if card else None

    def _rename(self, attachment_id: str, name: str) -> None:
        self.model.change(self.model.row_of(attachment_id), name=name)
        self.renamed.emit(attachment_id, name)

    def _set_caption(self, attachment_id: str, caption: str) -> None:
        self.model.change(self.model.row_of(attachment_id), caption=caption)
        self.caption_changed.emit(attachment_id, caption)

    def _refuse(self, sentence: str) -> None:
        self._banner.set_message(sentence, "warning")
        self._banner.show()
        self.refused.emit(sentence)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Show what can be done with a file, or with the panel."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.list.currentIndex()
        if not by_key:
            index = self.list.indexAt(self.list.viewport().mapFrom(self, event.pos()))
        menu = self.menu_for(index)
        menu.popup(self._below(index) if by_key else event.globalPos())

    def menu_for(self, index: QModelIndex) -> QMenu:
        """Return the menu of a card, or of the panel where there is none."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        card: CardFacts | None = index.data(CardRole.CARD) if index.isValid() else None
        if card is not None and card.attachment is not None:
            if index not in self.list.selectedIndexes():
                self.list.setCurrentIndex(index)
            self._fill_menu(menu)
        elif not self._read_only:
            menu.addAction(icon("plus"), "Add files …", self.choose_files)
            menu.addAction(icon("clipboard-paste"), "Paste", self.paste).setEnabled(self.can_paste())
        return menu

    def _fill_menu(self, menu: QMenu) -> None:
        menu.addAction(icon("eye"), "Preview", self.preview_current).setShortcut(QKeySequence(Qt.Key.Key_Return))
        menu.addAction(icon("external-link"), "Open in its program", self.open_current)
        menu.addAction(icon("download"), "Save a copy …", self.save_current)
        if self._read_only:
            return
        menu.addSeparator()
        menu.addAction(icon("pencil"), "Rename", self.rename_current).setShortcut(QKeySequence(Qt.Key.Key_F2))
        caption = menu.addAction(icon("text-cursor-input"), "Edit caption", self.caption_current)
        caption.setShortcut(QKeySequence("Shift+F2"))
        menu.addSeparator()
        remove = menu.addAction(icon("trash-2", colour="not_yet"), "Remove", self.remove_selected)
        remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))

    def _below(self, index: QModelIndex) -> QPoint:
        place = self.list.visualRect(index) if index.isValid() else QRect(QPoint(0, 0), QSize(1, 1))
        return self.list.viewport().mapToGlobal(place.center())


def _files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


def _nowhere(_attachment: Attachment) -> None:
    return None
