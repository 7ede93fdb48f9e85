"""Which icon stands for which sort of file."""

from __future__ import annotations

from portfolio_app.domain.evidence import Attachment

_OF_TYPE = {
    "application/pdf": "file-text",
    "text/csv": "file-spreadsheet",
    "text/html": "globe",
    "message/rfc822": "mail",
    "application/vnd.ms-outlook": "mail",
    "application/zip": "file-archive",
    "application/gzip": "file-archive",
    "application/vnd.rar": "file-archive",
    "application/x-7z-compressed": "file-archive",
    "application/octet-stream": "file-question-mark",
}
_OF_FAMILY = {"image": "file-image", "audio": "file-audio", "video": "file-video", "text": "file-text"}


def icon_for(attachment: Attachment) -> str:
    """Return the name of the icon of a file's sort."""
    media_type = attachment.media_type.casefold()
    if media_type in _OF_TYPE:
        return _OF_TYPE[media_type]
    if "spreadsheet" in media_type or "excel" in media_type:
        return "file-spreadsheet"
    if any(word in media_type for word in ("word", "opendocument", "officedocument", "powerpoint", "rtf")):
        return "file-text"
    return _OF_FAMILY.get(media_type.partition("/")[0], "file")
