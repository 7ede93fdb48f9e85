"""Files that are dropped, pasted or picked: copied beside the portfolio's thread, then handed to an edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtGui import QImage

from portfolio_app.domain.progress import Progress
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.session import Session
from portfolio_app.services.attaching import CopiedFile, CopiedFiles, FileCopier
from portfolio_app.services.evidence_files import file_copier

NOT_HANDED_OVER: Final = "The other program did not hand its files over. Drop them once more."
"""For files that were let go of here, but could not be asked for any more."""


class FileIntake(QObject):
    """Brings files into the open portfolio's folder; whoever asked makes them part of an item."""

    def __init__(self, session: Session, window: Navigator, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._window = window

    def take(self, paths: Sequence[Path], then: Callable[[Sequence[CopiedFile]], object]) -> None:
        """Copy files, with progress and Cancel at the bottom, and pass on those that could be copied."""
        self._session.read(file_copier, done=partial(self._copy, list(paths), then), receiver=self)

    def take_picture(self, image: QImage, name: str, then: Callable[[Sequence[CopiedFile]], object]) -> None:
        """Keep a pasted picture as a PNG file of this name."""
        self._session.read(file_copier, done=partial(self._keep, image, name, then), receiver=self)

    def tell(self, sentences: Sequence[str]) -> None:
        """Show what could not be taken, and why."""
        for sentence in sentences:
            self._window.message(sentence, kind="warning")

    def _copy(self, paths: list[Path], then: Callable[[Sequence[CopiedFile]], object], copier: FileCopier) -> None:
        what = f"“{paths[0].name}”" if len(paths) == 1 else f"{len(paths):,} files"
        self._session.work(
            partial(copier.copy_all, paths),
            title=f"Copying {what}",
            done=partial(self._has_copied, then),
            failed=self._refuse,
            receiver=self,
        )

    def _keep(
        self, image: QImage, name: str, then: Callable[[Sequence[CopiedFile]], object], copier: FileCopier
    ) -> None:
        def write(progress: Progress) -> CopiedFiles:
            progress(0, 0, f"Keeping {name}")
            return CopiedFiles((copier.keep(name, png_of(image)),))

        self._session.work(
            write, title=f"Keeping {name}", done=partial(self._has_copied, then), failed=self._refuse, receiver=self
        )

    def _has_copied(self, then: Callable[[Sequence[CopiedFile]], object], copied: CopiedFiles) -> None:
        self.tell(copied.refused)
        if copied.files and self._session.is_open:
            then(copied.files)

    def _refuse(self, error: BaseException) -> None:
        self._window.message(str(error), kind="error")


def screenshot_name(now: datetime) -> str:
    """Return what a pasted picture is called: it brings no name of its own."""
    return f"Screenshot {now:%Y-%m-%d %H.%M.%S}.png"


def png_of(image: QImage) -> bytes:
    """Return a picture as a PNG file."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # the stubs want bytes, Qt takes str
    return bytes(content.data())
