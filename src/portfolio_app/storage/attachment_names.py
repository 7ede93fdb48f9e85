"""Names of attached files, which come from strangers: made fit to be shown."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 120  # characters
_LONGEST_BYTES = 200  # of UTF-8: file systems allow 255, and exports put a reference before the name
_FALLBACK = "file"
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_JOINERS = "\u200c\u200d"  # needed by scripts and emoji; every other format character only hides or reorders
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")


def clean_name(name: str) -> str:
    r"""Return a file name fit to be shown, and to be given to a file on any system.

    Without folders (of either kind of slash), control characters, characters that reverse or hide text,
    or characters and names that some system forbids; at most 120 characters and 200 bytes long, with its
    extension kept. Cleaning a clean name changes nothing.

    >>> clean_name("../../etc/passwd")
    'passwd'
    >>> clean_name("C:\\Users\\me\\Minutes.docx")
    'Minutes.docx'
    """
    shown = name.encode("utf-8", "replace").decode("utf-8")
    shown = unicodedata.normalize("NFC", shown)
    shown = re.split(r"[/\\]", shown.rstrip("/\\"))[-1]
    shown = "".join(_visible(character) for character in shown)
    shown = _FORBIDDEN.sub("_", shown)
    shown = _trimmed(shown)
    extension = match[0] if (match := _EXTENSION.search(shown)) else ""
    stem = shown[: len(shown) - len(extension)]
    if _RESERVED.fullmatch(stem.split(".")[0].strip()):
        stem = f"_{stem}"
    return f"{_shortened(stem, extension)}{extension}" if stem else _FALLBACK


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Zs" or character in "\t\n\r":
        return " "
    if character in _JOINERS:
        return character
    return "" if category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} else character


def _trimmed(name: str) -> str:
    """Without what Windows drops silently at the end, or what hides a file at the beginning."""
    return re.sub(r" {2,}", " ", name).strip(f" .{_JOINERS}")


def _shortened(stem: str, extension: str) -> str:
    """Cut a stem so that the whole name stays within both limits."""
    characters = _LONGEST - len(extension)
    room = _LONGEST_BYTES - len(extension)
    if len(stem) <= characters and len(stem.encode()) <= room:
        return stem
    ellipsis = "…"
    cut = stem[: characters - 1].encode()[: room - len(ellipsis.encode())].decode("utf-8", "ignore")
    return f"{cut.rstrip(f' .{_JOINERS}')}{ellipsis}"
