"""What sort of file an attachment is, in words that readers know."""

from __future__ import annotations

from pathlib import PurePosixPath

from portfolio_app.exporting.wording import Wording

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_KNOWN = {
    "application/pdf": "pdf",
    "application/msword": "word",
    f"{_OFFICE}wordprocessingml.document": "word",
    "application/vnd.ms-excel": "excel",
    f"{_OFFICE}spreadsheetml.sheet": "excel",
    "application/vnd.ms-powerpoint": "powerpoint",
    f"{_OFFICE}presentationml.presentation": "powerpoint",
    f"{_OPEN}text": "document",
    f"{_OPEN}spreadsheet": "spreadsheet",
    f"{_OPEN}presentation": "presentation",
    "application/rtf": "document",
    "text/rtf": "document",
    "text/csv": "table",
    "text/html": "web",
    "message/rfc822": "email",
    "application/vnd.ms-outlook": "email",
    "application/zip": "archive",
}
_FAMILIES = {"image": "picture", "audio": "sound", "video": "video", "text": "text"}


def file_type_in_words(media_type: str, name: str, words: Wording) -> str:
    """Return "PDF document" or "JPEG picture"; for what is not known "XYZ file" by the name's suffix."""
    media_type = media_type.casefold()
    family, _, subtype = media_type.partition("/")
    sort = _KNOWN.get(media_type) or _FAMILIES.get(family)
    if sort == "picture":
        return words("file_type.picture", format=subtype.removeprefix("x-").partition("+")[0].upper())
    if sort:
        return words(f"file_type.{sort}")
    suffix = PurePosixPath(name).suffix.removeprefix(".")
    return words("file_type.file", suffix=suffix.upper()) if suffix else words("file_type.unknown")
