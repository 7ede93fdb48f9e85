"""Copies of attached files for other programs and other places, made away from the window's thread."""

from __future__ import annotations

import atexit
import tempfile
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import Attachment
from portfolio_app.gui.widgets.attachments.rendering import Channel, PathOf
from portfolio_app.scratch import remove_scratch, scratch_folder
from portfolio_app.services.attachment_copies import CannotBeOpened, copy_to_open, save_copy


@cache
def copies_folder() -> Path:
    """Return this start's folder of copies, which is removed when the program ends."""
    folder = scratch_folder("copies")
    atexit.register(remove_scratch, folder)
    return folder


class HandingOut(QObject):
    """Opens files in their programs and saves copies; says so when that cannot be done."""

    refused = Signal(str)
    """A file was not opened or not copied: why, as a sentence."""
    opened = Signal(str)
    """The id of a file whose program has been started."""
    saved = Signal(Path)
    """A copy is there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._channel = Channel(self)

    def open(self, attachment: Attachment, path_of: PathOf) -> None:
        """Open a read-only copy in the program that the system has for it, if it is of a kind that cannot run."""
        self._channel.ask(
            ("open", attachment.id),
            partial(_copied, attachment, path_of),
            partial(self._show, attachment),
            failed=self._refuse,
        )

    def save_copy(self, attachment: Attachment, path_of: PathOf) -> None:
        """Ask for a place and save a copy there."""
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save a copy", attachment.name)
        if chosen:
            self.save_copy_as(attachment, path_of, Path(chosen))

    def save_copy_as(self, attachment: Attachment, path_of: PathOf, target: Path) -> None:
        """Save a copy in a place."""
        self._channel.ask(
            ("save", attachment.id, target),
            partial(_saved, attachment, path_of, target),
            self.saved.emit,
            failed=self._refuse,
        )

    def _show(self, attachment: Attachment, copy: Path) -> None:
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy))):
            self.opened.emit(attachment.id)
        else:
            self.refused.emit(
                f"No program on this computer opens “{attachment.name}”; save a copy to use it elsewhere."
            )

    def _refuse(self, error: KnownError) -> None:
        self.refused.emit(str(error))


def _copied(attachment: Attachment, path_of: PathOf) -> Path:
    return copy_to_open(attachment, path_of(attachment), copies_folder())


def _saved(attachment: Attachment, path_of: PathOf, target: Path) -> Path:
    save_copy(attachment, path_of(attachment), target)
    return target


def keep_pasted_picture(image: QImage, when: datetime) -> Path:
    """Write a picture from the clipboard as "Screenshot 2026-11-22 14.05.png"; return where it is.

    May be called from any thread; writing a large one takes a while. The file is removed when the program ends.

    Raises:
        CannotBeOpened: it cannot be written.
    """
    try:
        target = Path(tempfile.mkdtemp(dir=copies_folder())) / f"Screenshot {when:%Y-%m-%d %H.%M}.png"
        written = image.save(str(target))
    except OSError:
        written = False
    if not written:
        raise CannotBeOpened("The picture from the clipboard could not be kept; the disk may be full.")
    return target
