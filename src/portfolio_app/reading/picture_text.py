"""The words on photographs and scans, read by Tesseract where the user has installed it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from portfolio_app.reading.limits import Problem, Unreadable
from portfolio_app.reading.sink import Sink

_PROGRAM: Final = "tesseract"
_ON_WINDOWS: Final = (("PROGRAMFILES", "Tesseract-OCR"), ("LOCALAPPDATA", "Programs/Tesseract-OCR"))
_WANTED: Final = ("eng", "cym")
"""Languages of the portfolios that the program knows, if Tesseract has learnt them; else what it has."""
_NO_LANGUAGES: Final = frozenset({"osd", "equ"})
LONGEST_SIDE: Final = 4_000
"""Pixels; more of them make no letter clearer."""
_AS_TABLE: Final = ("-c", "tessedit_create_tsv=1")
_CONFIDENCE: Final = 10  # the column before the last
_WORD: Final = "5"  # in the column that tells page, block, paragraph, line and word apart
_SURE: Final = 60.0  # of 100
_RESOLUTION: Final = 300  # dots per inch, of which it thinks letters have the usual size
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
    if not can_read_pictures():
        return
    try:
        opened = Image.open(path)
    except UnidentifiedImageError:
        raise Unreadable(Problem.UNKNOWN_FORMAT) from None
    with opened:
        if opened.width * opened.height > _MOST_PIXELS:
            raise Unreadable(Problem.ENORMOUS)
        opened.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
        picture = ImageOps.exif_transpose(opened)
    take_words_on(picture, sink)


def can_read_pictures() -> bool:
    """Whether Tesseract is installed, with a language."""
    program = _installed()
    return program is not None and bool(_languages(program))


def take_words_on(picture: Image.Image, sink: Sink) -> None:
    """Pass the words on an upright picture on; without Tesseract there are none.

    Raises:
        Unreadable: it takes too long.
        LimitReached: the sink has enough.
    """
    program = _installed()
    languages = _languages(program) if program else ()
    if not program or not languages:
        return
    grey = picture.convert("L")
    grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "prepared.png")
        grey.save(path, "PNG", compress_level=1, dpi=(_RESOLUTION, _RESOLUTION))
        table = _output([program, str(path), "stdout", "-l", "+".join(languages), *_AS_TABLE], sink)
    for paragraph in _sure_paragraphs(table):
        sink.text(paragraph)


def _installed() -> str | None:
    """Return where Tesseract is: on the path, or where its installers put it without saying so to programs."""
    usual = [Path(os.environ[name], place) for name, place in _ON_WINDOWS if name in os.environ]
    if sys.platform == "darwin":
        usual = [Path("/opt/homebrew/bin"), Path("/usr/local/bin")]
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, usual)])
    found = shutil.which(_PROGRAM, path=path)
    # Windows also looks into the folder one happens to be in, where a stranger's file may lie.
    return found if found and Path(found).is_absolute() else None


def _output(command: list[str], sink: Sink) -> str:
    """Run Tesseract; it is ended when the watch says so."""
    with subprocess.Popen(  # noqa: S603 - found on the user's path; what it is given is a picture of ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        creationflags=_NO_WINDOW,
    ) as process:
        try:
            while True:
                sink.watch()
                with suppress(subprocess.TimeoutExpired):
                    output, _ = process.communicate(timeout=_LOOKED_EVERY)
                    return output[: sink.limits.most_text_bytes].decode("utf-8", "replace")
        finally:
            process.kill()


def _sure_paragraphs(table: str) -> list[str]:
    """Return the words of each paragraph that Tesseract is sure enough of: on a photograph it guesses at leaves."""
    found: dict[tuple[str, ...], list[str]] = {}
    for row in table.split("\n"):
        cells = row.rstrip("\r").split("\t")
        with suppress(ValueError):  # the head of the table, or what is no row of it
            level, *place, confidence, word = (*cells[:4], *cells[_CONFIDENCE:])
            if level == _WORD and float(confidence) >= _SURE and word.strip():
                found.setdefault(tuple(place), []).append(word.strip())
    return [" ".join(words) for words in found.values() if any(map(str.isalnum, "".join(words)))]


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
