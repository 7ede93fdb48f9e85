"""What ReportLab says of the glyphs of its fonts, put right."""

from __future__ import annotations

import re
from typing import Final

from pikepdf import Dictionary, Stream

_BLOCK: Final = re.compile(rb"\d+\s+beginbfchar\s(.*?)endbfchar", re.DOTALL)
_FIVE_DIGITS: Final = re.compile(rb"<(1?[0-9A-F]{5})>\s*$", re.IGNORECASE)
_NO_CHARACTER: Final = re.compile(rb"<(?:0000|FEFF|FFFE)>\s*$", re.IGNORECASE)


def mend_fonts(resources: object) -> None:
    """Put right what ReportLab says of the glyphs of its fonts.

    It says of each font's first that it means the character 0, which is none, and writes characters beyond the first
    65,536 with five digits, where a pair of four is asked for.
    """
    fonts = resources.get("/Font") if isinstance(resources, Dictionary) else None
    for _, font in fonts.items() if isinstance(fonts, Dictionary) else ():
        stream = font.get("/ToUnicode") if isinstance(font, Dictionary) else None
        if not isinstance(stream, Stream):
            continue
        before = stream.read_bytes()
        after = _BLOCK.sub(_without_none, before)
        if after != before:
            stream.write(after)


def _without_none(block: re.Match[bytes]) -> bytes:
    lines = [line for line in block[1].splitlines() if line.strip() and not _NO_CHARACTER.search(line)]
    lines = [_FIVE_DIGITS.sub(_as_pair, line) for line in lines]
    return b"%d beginbfchar\n%s\nendbfchar" % (len(lines), b"\n".join(lines)) if lines else b""


def _as_pair(digits: re.Match[bytes]) -> bytes:
    return b"<" + chr(int(digits[1], 16)).encode("utf-16-be").hex().upper().encode() + b">"
