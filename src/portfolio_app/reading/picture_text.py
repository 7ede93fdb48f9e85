"""The words on photographs and scans, read by Tesseract where the user has installed it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from portfolio_app.plain_text import BLANK_LINES
from portfolio_app.reading.limits import Problem, Unreadable
from portfolio_app.reading.sink import Sink

_PROGRAM: Final = "tesseract"
_WANTED: Final = ("eng", "cym")
"""Languages of the portfolios that the program knows, if Tesseract has learnt them; else what it has."""
_NO_LANGUAGES: Final = frozenset({"osd", "equ"})
_LONGEST_SIDE: Final = 4_000  # pixels: more of them make no letter clearer
_MOST_PIXELS: Final = 120_000_000
_LISTING_TAKES: Final = 10.0  # seconds at the most
_LOOKED_EVERY: Final = 0.1
_NO_WINDOW: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def read_picture(path: Path, sink: Sink) -> None:
    """Read the words on a picture; without Tesseract there are none.

    Raises:
        Unreadable: it is damaged, or enormous.
        LimitReached: the sink has enough.
    """
    program = shutil.which(_PROGRAM)
    languages = _languages(program) if program else ()
    if not program or not languages:
        return
    command = [program, "stdin", "stdout", "-l", "+".join(languages)]
    for part in BLANK_LINES.split(_output(command, _prepared(path), sink)):
        sink.text(" ".join(part.split()))


def _prepared(path: Path) -> bytes:
    """Return the picture upright, grey, and no larger than helps, as PNG."""
    try:
        opened = Image.open(path)
    except UnidentifiedImageError:
        raise Unreadable(Problem.UNKNOWN_FORMAT) from None
    with opened:
        if opened.width * opened.height > _MOST_PIXELS:
            raise Unreadable(Problem.ENORMOUS)
        opened.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
        picture = ImageOps.exif_transpose(opened).convert("L")
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _output(command: list[str], data: bytes, sink: Sink) -> str:
    """Run Tesseract; it is ended when the watch says so."""
    with subprocess.Popen(  # noqa: S603 - found on the user's path; what it is given is a picture of ours
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        creationflags=_NO_WINDOW,
    ) as process:
        given: bytes | None = data
        try:
            while True:
                sink.watch()
                try:
                    output, _ = process.communicate(given, timeout=_LOOKED_EVERY)
                except subprocess.TimeoutExpired:
                    given = None
                    continue
                return output[: sink.limits.most_text_bytes].decode("utf-8", "replace")
        finally:
            process.kill()


@cache
def _languages(program: str) -> tuple[str, ...]:
    """Return those of the wanted languages that it knows, or else the first that it does."""
    try:
        listed = subprocess.run(  # noqa: S603 - as above
            [program, "--list-langs"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LISTING_TAKES,
            check=False,
            creationflags=_NO_WINDOW,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    known = listed.stdout.decode(sys.getfilesystemencoding(), "replace").split("\n")[1:]
    found = [name.strip() for name in known if name.strip() and name.strip() not in _NO_LANGUAGES]
    return tuple(name for name in _WANTED if name in found) or tuple(found[:1])
