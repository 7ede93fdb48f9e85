"""What sort of file something is: files come from strangers, so their content is believed before their name."""

from __future__ import annotations

import re
from pathlib import Path

_UNKNOWN = "application/octet-stream"

_BY_EXTENSION = {
    "aac": "audio/aac",
    "avi": "video/x-msvideo",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "csv": "text/csv",
    "doc": "application/msword",
    "docm": "application/vnd.ms-word.document.macroenabled.12",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "eml": "message/rfc822",
    "epub": "application/epub+zip",
    "gif": "image/gif",
    "heic": "image/heic",
    "htm": "text/html",
    "html": "text/html",
    "ics": "text/calendar",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "markdown": "text/markdown",
    "md": "text/markdown",
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "msg": "application/vnd.ms-outlook",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rtf": "application/rtf",
    "srt": "application/x-subrip",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "wmv": "video/x-ms-wmv",
    "xls": "application/vnd.ms-excel",
    "xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
_IN_ZIP = frozenset({"docx", "docm", "xlsx", "xlsm", "pptx", "odt", "ods", "odp", "epub"})
_IN_OLE = frozenset({"doc", "xls", "ppt", "msg"})
_AS_TEXT = frozenset({"csv", "eml", "htm", "html", "ics", "json", "markdown", "md", "srt", "svg", "txt", "vtt", "xml"})
_ONLY_BY_EXTENSION = frozenset({"aac", "mp3", "wmv"})  # containers whose beginning says too little

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"{\\rtf", "application/rtf"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-msdownload"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/x-mach-binary"),
    (b"#!", "text/x-shellscript"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
)
_RIFF = {b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo", b"WEBP": "image/webp"}
_ISO_BRANDS = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"avif": "image/avif",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
}


def media_type(name: str | Path, head: bytes) -> str:
    """Return the media type of a file by its first bytes; its name only decides between types that begin alike.

    A name never makes a picture of what is none: ``photo.jpg`` without JPEG content is
    ``application/octet-stream``. A kilobyte is enough; with an empty ``head`` only the name decides.
    """
    extension = Path(str(name).replace("\0", "")).suffix[1:].lower()
    by_name = _BY_EXTENSION.get(extension, _UNKNOWN)
    if not head:
        return by_name
    recognised = _family_type(extension, head) or _plain_type(head)
    if recognised:
        return recognised
    if _is_text(head):
        return by_name if extension in _AS_TEXT else "text/plain"
    return by_name if extension in _ONLY_BY_EXTENSION else _UNKNOWN


def _family_type(extension: str, head: bytes) -> str:
    """Return the type of a file in a container that many formats share, or nothing."""
    if head.startswith(b"PK\x03\x04"):
        return _zip_type(extension, head)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _BY_EXTENSION[extension] if extension in _IN_OLE else "application/x-ole-storage"
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _ISO_BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    return ""


def _zip_type(extension: str, head: bytes) -> str:
    declared = re.match(rb"PK\x03\x04.{26}mimetype([a-z0-9.+/-]+)PK", head, re.DOTALL)
    if declared:
        kind = declared[1].decode("ascii")
        return kind if kind in _BY_EXTENSION.values() else "application/zip"
    return _BY_EXTENSION[extension] if extension in _IN_ZIP else "application/zip"


def _plain_type(head: bytes) -> str:
    """Return the type that the first bytes alone tell, or nothing. Two letters (BM, MZ) may also begin a text."""
    for beginning, found in _BEGINNINGS:
        if head.startswith(beginning) and (beginning == b"#!" or len(beginning) > 2 or not _is_text(head)):
            return found
    return ""


def _is_text(head: bytes) -> bool:
    """Say whether bytes look like text: control characters give everything else away, whatever the encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16
        return True
    return not any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
