"""Reading and drawing away from the window's thread, and thumbnails.

Two lanes, each one thread: pages of PDFs (PDFium is used by one thread at a time) and everything else, so that a
large photograph does not hold up the page someone is waiting for.
"""

from __future__ import annotations

import atexit
import heapq
import itertools
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import Attachment
from portfolio_app.services.attachment_previews import PreviewKind, file_problem, preview_kind, read_picture
from portfolio_app.services.pdf_pages import Part, PdfPages, RenderedPart

PathOf = Callable[[Attachment], Path | None]
"""Says where a file is. It is called on another thread, because looking may take long."""

_CACHED_THUMBNAIL_BYTES: Final = 16_000_000
_SECONDS_TO_STOP: Final = 2.0

_numbers = itertools.count()


class Urgency(IntEnum):
    """What is done first: what is looked at, what is next to it, what can wait."""

    NOW = 0
    SOON = 1
    LATER = 2


@dataclass(order=True, slots=True)
class _Job:
    urgency: Urgency
    number: int
    work: Callable[[], Any] = field(compare=False)
    channel: Callable[[], Channel | None] = field(compare=False)
    key: Hashable = field(compare=False)
    lane: Lane = field(compare=False)
    dispose: Callable[[Any], object] | None = field(compare=False)
    forgotten: bool = field(default=False, compare=False)
    is_chore: bool = field(default=False, compare=False)
    """Whether it is done in any case, such as closing a file."""

    def let_go(self, result: Any) -> None:
        """Free what a result holds that nobody takes, on the thread that made it."""
        if self.dispose is not None:
            self.lane.run(partial(self.dispose, result))


class _Courier(QObject):
    """Takes results to the window's thread, where it lives as long as the program."""

    arrived = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self.arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @staticmethod
    def _deliver(job: _Job, result: Any, error: BaseException | None) -> None:
        channel = job.channel()
        taken = channel is not None and shiboken6.isValid(channel) and channel.take(job, result, error)
        if not taken and error is None:
            job.let_go(result)


class Lane(Enum):
    """A thread of its own that does the most urgent job first."""

    PAGES = "pages of attached files"
    FILES = "attached files"

    def __init__(self, title: str) -> None:
        self._title = title
        self._jobs: list[_Job] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._courier: _Courier | None = None

    def add(self, job: _Job) -> None:
        """Do a job as soon as nothing more urgent waits; to be called from the window's thread."""
        with self._changed:
            if self._courier is None:
                self._courier = _Courier()
                application = QCoreApplication.instance()
                if application is not None:
                    application.aboutToQuit.connect(self.stop)
                atexit.register(self.stop)  # PDFium is torn down at the end, and nobody may be in it then
            if self._thread is None:
                self._stopping = False
                self._thread = threading.Thread(target=self._run, name=self._title, daemon=True)
                self._thread.start()
            heapq.heappush(self._jobs, job)
            self._changed.notify()

    def run(self, work: Callable[[], object]) -> None:
        """Do something whose outcome nobody waits for, such as closing a file."""
        self.add(_Job(Urgency.LATER, next(_numbers), work, lambda: None, None, self, None, is_chore=True))

    def stop(self) -> None:
        """Drop what waits but files to be closed, and end the thread; a later job starts it again."""
        with self._changed:
            thread, self._thread = self._thread, None
            self._stopping = True
            chores = [job for job in self._jobs if job.is_chore]
            self._jobs.clear()
            self._changed.notify_all()
        if thread is not None:
            thread.join(_SECONDS_TO_STOP)
        for chore in chores:
            chore.work()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._stopping)
                if self._stopping:
                    return
                job = heapq.heappop(self._jobs)
            if not job.forgotten:
                self._do(job)
            del job

    def _do(self, job: _Job) -> None:
        result, error = None, None
        try:
            result = job.work()
        except BaseException as raised:  # noqa: BLE001 - it is told, or raised again, where the window is
            error = raised
        if self._courier is not None and not self._stopping:
            self._courier.arrived.emit(job, result, error)
        elif error is None:
            job.let_go(result)


@dataclass(slots=True)
class _Asked:
    job: _Job
    done: Callable[[Any], object]
    failed: Callable[[KnownError], object]


class Channel(QObject):
    """What one widget has asked for. Nothing arrives once it is forgotten, asked anew, or the channel is closed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asked: dict[Hashable, _Asked] = {}

    def ask(
        self,
        key: Hashable,
        work: Callable[[], Any],
        done: Callable[[Any], object],
        *,
        failed: Callable[[KnownError], object],
        lane: Lane = Lane.FILES,
        urgency: Urgency = Urgency.NOW,
        dispose: Callable[[Any], object] | None = None,
    ) -> None:
        """Have ``work`` done on another thread, in place of what was asked under the same key before.

        Args:
            key: What it is about.
            work: What is done there; it may raise a known error.
            done: Gets its result, here.
            failed: Gets its known error, here; any other error is raised here.
            lane: Which thread does it.
            urgency: What it goes before.
            dispose: Frees a result that nobody takes any more; called on the lane.
        """
        self.forget(key)
        job = _Job(urgency, next(_numbers), work, weakref.ref(self), key, lane, dispose)
        self._asked[key] = _Asked(job, done, failed)
        lane.add(job)

    def awaits(self, key: Hashable) -> bool:
        """Say whether something was asked under a key and has not arrived."""
        return key in self._asked

    @property
    def is_idle(self) -> bool:
        """Whether everything that was asked for has arrived."""
        return not self._asked

    def forget(self, key: Hashable) -> None:
        """Take a request back."""
        asked = self._asked.pop(key, None)
        if asked is not None:
            asked.job.forgotten = True

    def forget_all(self, *, but: Collection[Hashable] = (), of: type = object) -> None:
        """Take back all requests whose key is of a type, but those named."""
        for key in [key for key in self._asked if isinstance(key, of) and key not in but]:
            self.forget(key)

    def take(self, job: _Job, result: Any, error: BaseException | None) -> bool:
        """Hand a result to whoever asked for it; say whether anybody did."""
        asked = self._asked.get(job.key)
        if asked is None or asked.job is not job:
            return False
        del self._asked[job.key]
        if error is None:
            asked.done(result)
        elif isinstance(error, KnownError):
            asked.failed(error)
        else:
            raise error
        return True


def image_of(part: RenderedPart) -> QImage:
    """Return a drawn part of a page as a picture; may be called from any thread."""
    return QImage(part.data, part.width, part.height, part.width * 4, QImage.Format.Format_RGB32).copy()


def picture_image(path: Path, name: str, longest: int) -> tuple[QImage, QSize]:
    """Read a picture; return it at most so large, and the size it has itself. May be called from any thread."""
    picture = read_picture(path, name, longest)
    image = QImage(picture.data, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGBA8888)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied), QSize(
        picture.full_width, picture.full_height
    )


@dataclass(frozen=True, slots=True)
class Examined:
    """What a card shows of a file: what is wrong with it, or nothing, and how it looks, if that can be drawn."""

    problem: str = ""
    thumbnail: QImage | None = None


def lane_for(attachment: Attachment) -> Lane:
    """Return the lane on which a file is read."""
    return Lane.PAGES if preview_kind(attachment) is PreviewKind.PAGES else Lane.FILES


def examine(attachment: Attachment, path_of: PathOf, edge: int) -> Examined:
    """Look whether a file is what it was, and draw it within a square of so many pixels."""
    path = path_of(attachment)
    problem = file_problem(attachment, path)
    if problem or path is None:
        return Examined(problem)
    try:
        return Examined("", _thumbnails().image(attachment, path, edge))
    except KnownError as error:
        reason = str(error).removeprefix(f"“{attachment.name}” ")
        return Examined(f"{reason[:1].upper()}{reason[1:]}")


class _Thumbnails:
    """The thumbnails drawn last, by content."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], QImage] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def image(self, attachment: Attachment, path: Path, edge: int) -> QImage | None:
        key = (attachment.sha256, edge)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        image = _drawn_small(attachment, path, edge)
        if image is not None:
            with self._lock:
                if key not in self._kept:
                    self._kept[key] = image
                    self._bytes += image.sizeInBytes()
                while self._bytes > _CACHED_THUMBNAIL_BYTES:
                    self._bytes -= self._kept.popitem(last=False)[1].sizeInBytes()
        return image


@cache
def _thumbnails() -> _Thumbnails:
    return _Thumbnails()


def _drawn_small(attachment: Attachment, path: Path, edge: int) -> QImage | None:
    match preview_kind(attachment):
        case PreviewKind.PAGES:
            pages = PdfPages(path, attachment.name)
            try:
                width, height = pages.sizes[0]
                scale = edge / max(width, height)
                size = max(1, round(width * scale)), max(1, round(height * scale))
                return image_of(pages.drawn(Part(0, scale, 0, 0, *size)))
            finally:
                pages.close()
        case PreviewKind.PICTURE:
            return picture_image(path, attachment.name, edge)[0]
        case _:
            return None
