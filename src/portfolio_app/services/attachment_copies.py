"""Copies of attached files: to be looked at in another program, or kept somewhere else.

The original is never handed out. Programs that open a copy cannot change what was added, and what could run as
a program is not opened at all.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path, PurePath
from typing import Final

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import Attachment
from portfolio_app.durable import replace_atomically

__all__ = ["CannotBeOpened", "copy_to_open", "refusal_to_open", "save_copy"]

_WEB_PAGES: Final = frozenset({"html", "htm", "svg", "xml"})
_OPENED: Final = _WEB_PAGES | frozenset(
    (
        *("pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "ppt", "pptx", "odp", "epub"),
        *("jpg", "jpeg", "png", "gif", "tif", "tiff", "bmp", "webp", "heic", "avif"),
        *("mp3", "m4a", "wav", "ogg", "opus", "aac", "flac"),
        *("mp4", "m4v", "mov", "avi", "mkv", "webm", "wmv"),
        *("txt", "md", "markdown", "csv", "json", "ics", "srt", "vtt"),
        *("eml", "msg"),
    )
)
"""What the system may be asked to open: it chooses the program by the suffix."""
_WITH_MACROS: Final = frozenset({"docm", "dotm", "xlsm", "xltm", "xlsb", "pptm"})
_SUFFIX_OF: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/tiff": "tif",
    "image/webp": "webp",
    "image/heic": "heic",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "text/plain": "txt",
    "application/rtf": "rtf",
}
"""For files whose name has no suffix."""
_RUNS = re.compile(r"(?:executable|x-msdownload|x-mach-binary|shellscript|javascript)")
_ACTIVE = re.compile(
    rb"<\s*(?:script|iframe|object|embed|applet|form|foreignobject)\b|<\s*meta[^>]{0,200}http-equiv"
    rb"|[\s\"'/]on[a-z]{3,20}\s*=|javascript:|vbscript:|<!entity",
    re.IGNORECASE,
)
_LARGEST_PAGE = 20_000_000
_READ_ONLY = 0o444


class CannotBeOpened(KnownError):
    """A file is not opened or not copied; the sentence says why and what can be done."""


def refusal_to_open(attachment: Attachment) -> str:
    """Return a sentence if a file of this name and type is never opened from here; else nothing."""
    suffix = _suffix_for(attachment)
    media_type = attachment.media_type.casefold()
    if suffix in _WITH_MACROS or "macroenabled" in media_type:
        return _refusal(attachment.name, "it can carry macros, small programs that run when it is opened")
    if _RUNS.search(media_type) or (suffix and suffix not in _OPENED and media_type == "application/octet-stream"):
        return _refusal(attachment.name, "it may be a program")
    if suffix not in _OPENED:
        return _refusal(attachment.name, "it is not a document, picture, recording, text or e-mail")
    return ""


def copy_to_open(attachment: Attachment, path: Path | None, folder: Path) -> Path:
    """Return a read-only copy in a folder of its own below ``folder``, under the name that the user knows.

    Raises:
        CannotBeOpened: it may not be opened, is missing, or cannot be copied.
    """
    refusal = refusal_to_open(attachment)
    if refusal:
        raise CannotBeOpened(refusal)
    source = _present(attachment, path)
    suffix = _suffix_for(attachment)
    try:
        if suffix in _WEB_PAGES and _is_active(source):
            raise CannotBeOpened(_refusal(attachment.name, "it is a web page with a script or a form in it"))
        name = PurePath(attachment.name)
        shown = attachment.name if name.suffix else f"{attachment.name}.{suffix}"
        copy = Path(tempfile.mkdtemp(dir=folder)) / shown
        shutil.copyfile(source, copy)
        copy.chmod(_READ_ONLY)
    except OSError as error:
        raise CannotBeOpened(f"“{attachment.name}” could not be copied: {_reason(error)}.") from error
    return copy


def save_copy(attachment: Attachment, path: Path | None, target: Path) -> None:
    """Write a copy that the user may do with as they like; a file already there is replaced.

    Raises:
        CannotBeOpened: it is missing or cannot be read.
        CannotWrite: the place cannot be written, or the disk is full.
    """
    source = _present(attachment, path)
    with replace_atomically(target) as place:
        try:
            shutil.copyfile(source, place)
        except OSError as error:
            if error.filename == str(source):
                raise CannotBeOpened(f"“{attachment.name}” could not be copied: {_reason(error)}.") from error
            raise


def _suffix_for(attachment: Attachment) -> str:
    suffix = PurePath(attachment.name).suffix[1:].casefold()
    return suffix or _SUFFIX_OF.get(attachment.media_type.casefold(), "")


def _present(attachment: Attachment, path: Path | None) -> Path:
    if path is None or not path.is_file():
        raise CannotBeOpened(_missing(attachment))
    return path


def _missing(attachment: Attachment) -> str:
    return f"“{attachment.name}” is missing from the portfolio, so there is nothing to open or copy."


def _refusal(name: str, why: str) -> str:
    return f"“{name}” is not opened from here because {why}. If you trust it, save a copy and open that yourself."


def _is_active(path: Path) -> bool:
    with path.open("rb") as file:
        data = file.read(_LARGEST_PAGE + 1)
    # UTF-16 would hide what is looked for.
    return len(data) > _LARGEST_PAGE or b"\0" in data or _ACTIVE.search(data) is not None


def _reason(error: OSError) -> str:
    reason = error.strerror or "the disk refuses"
    return reason[:1].lower() + reason[1:]
