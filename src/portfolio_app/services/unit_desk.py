"""Files and texts that units are read from for a window: documents of strangers in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import Unit
from portfolio_app.helper_process import HelperProcess
from portfolio_app.importing.imported_unit import ImportedUnit
from portfolio_app.services.column_imports import TableFile, open_table
from portfolio_app.services.specifications import READING, DocumentReader, is_document
from portfolio_app.services.unit_sources import import_units, units_from_text
from portfolio_app.services.units_found import units_found

_WHAT: Final = "The part of the program that reads units"
_ADVICE: Final = "Nothing was taken from the file, and your portfolio is as it was."
_LONGEST_SECONDS: Final = 60.0
_LONG_TEXT: Final = 100_000
"""Characters of a text from which on it is read there too: the window shares its time with what is read here."""


@dataclass(frozen=True, slots=True)
class UnitsRead:
    """What was read of a file or a text: its name, and the units in it."""

    name: str
    units: tuple[ImportedUnit, ...]


def read_sources(paths: Sequence[Path], progress: Progress = no_progress) -> list[UnitsRead | TableFile]:
    """Read files: units, and tables whose columns are to be asked about.

    Raises:
        InvalidInput: one of them cannot be read.
        Cancelled: ``progress`` said so.
        ProcessDied: the process that reads documents ended.
    """
    found: list[UnitsRead | TableFile] = []
    for number, path in enumerate(paths):
        progress(number, len(paths), f"Reading “{path.name}”")
        found.append(open_table(path) or UnitsRead(path.name, _units(path, progress)))
    return found


def read_pasted(text: str, progress: Progress = no_progress) -> list[UnitsRead | TableFile]:
    """Read a text that was pasted or typed.

    Raises:
        InvalidInput: there is no text, or more than a qualification has.
        Cancelled: ``progress`` said so.
    """
    name = "Pasted text"
    if len(text) < _LONG_TEXT:
        return [UnitsRead(name, units_from_text(text))]
    return [UnitsRead(name, _apart(DocumentReader.text, text, "The text", progress))]


def units_offered(path: Path, progress: Progress = no_progress) -> list[Unit]:
    """Read the units of a file that a new portfolio may begin with: those that can be stored as they are.

    The only unit of a file that does not name it is called like the file.

    Raises:
        InvalidInput: the file cannot be read, or there is no such unit in it.
        Cancelled: ``progress`` said so.
        ProcessDied: the process that reads documents ended.
    """
    read = _units(path, progress)
    if len(read) == 1 and not read[0].unit.title:
        words = " ".join(path.stem.replace("_", " ").replace("-", " ").split())
        read = (replace(read[0], unit=replace(read[0].unit, title=words.capitalize())),)
    found = units_found(read)
    offered = [each.found.unit for each in found if not each.problem]
    if not offered:
        raise InvalidInput(f"“{path.name}” holds no unit that can be stored: {found[0].problem}")
    return offered


def _units(path: Path, progress: Progress) -> tuple[ImportedUnit, ...]:
    if is_document(path):
        return _apart(DocumentReader.document, path.absolute(), f"“{path.name}”", progress)
    return import_units(path).units


def _apart(
    method: Callable[..., tuple[ImportedUnit, ...]], source: Path | str, name: str, progress: Progress
) -> tuple[ImportedUnit, ...]:
    """Read in a process of its own, so that the window outlives what a file does to a library."""
    process: HelperProcess[DocumentReader] = HelperProcess(DocumentReader, what=_WHAT, advice=_ADVICE)
    try:
        return process.call(method, source, progress=_Deadline(progress, name))
    finally:
        process.close()


class _Deadline:
    """Passes progress on, and gives a file up that takes too long; its time begins when the process has begun."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress = progress
        self._name = name
        self._end = 0.0

    def __call__(self, done: int, total: int, what: str) -> None:
        del done, total
        if what == READING and not self._end:
            self._end = time.monotonic() + _LONGEST_SECONDS
        self._progress(0, 0, f"Reading {self._name}")
        if self._end and time.monotonic() > self._end:
            raise InvalidInput(f"{self._name} takes too long to be read: import the pages of its units only.")
