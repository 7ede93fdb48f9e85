"""Handing over: one publication, written in every format that was asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import find_unit
from portfolio_app.durable import CannotWrite, replace_atomically
from portfolio_app.exporting.portfolio_publication import Audience, ExportOptions, build_publication
from portfolio_app.exporting.publication import Publication
from portfolio_app.storage.backups import BACKUPS_FOLDER
from portfolio_app.storage.files import FILES_FOLDER
from portfolio_app.storage.portfolio_file import PortfolioFile

__all__ = ["Audience", "ExportOptions", "Exported", "export", "write_publication"]


@dataclass(frozen=True, slots=True)
class Exported:
    """A document that was written. ``pages`` is known of PDF only; ``warnings`` are sentences for the user."""

    path: Path
    size: int
    pages: int | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Job:
    publication: Publication
    target: Path
    options: ExportOptions
    progress: Progress


_Outcome = tuple[int | None, tuple[str, ...]]


def export(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    targets: Sequence[Path],
    options: ExportOptions,
    *,
    today: date,
    program_version: str,
    progress: Progress = no_progress,
) -> list[Exported]:
    """Write the portfolio to each target, its format by the suffix; all of them or, on an error, none.

    Raises:
        InvalidInput: a suffix is not known, a target is given twice or belongs to the portfolio itself.
        UnknownReference: a unit of the options does not exist.
        CannotWrite: a folder is missing or not writable, or the disk is full.
        Cancelled: ``progress`` said so.
    """
    writers = [_writer_for(target) for target in targets]
    _check_targets(portfolio.folder, targets)
    with portfolio.read() as reader:
        whole = reader.portfolio()
    for code in options.unit_codes:
        find_unit(whole.units, code)
    progress(0, 0, "Putting the portfolio together")
    publication = build_publication(whole, kinds, portfolio.files.path, options, today, program_version)
    outcomes = []
    with ExitStack() as stack:
        places = [stack.enter_context(replace_atomically(target)) for target in targets]
        for writer, place, target in zip(writers, places, targets, strict=True):
            try:
                outcomes.append(writer(_Job(publication, place, options, progress)))
            except CannotWrite as error:
                raise CannotWrite(str(error).replace(place.name, target.name)) from error
    return [
        Exported(target, target.stat().st_size, pages, warnings)
        for target, (pages, warnings) in zip(targets, outcomes, strict=True)
    ]


def write_publication(
    publication: Publication,
    target: Path,
    options: ExportOptions,
    *,
    portfolio_folder: Path,
    progress: Progress = no_progress,
) -> Exported:
    """Write a publication that is bound already, its format by the suffix of the target.

    ``portfolio_folder`` is that of the portfolio it was made from, whose own files are never written over.

    Raises:
        InvalidInput: the suffix is not known, or the target belongs to the portfolio itself.
        CannotWrite: the folder is missing or not writable, or the disk is full.
        Cancelled: ``progress`` said so.
    """
    writer = _writer_for(target)
    _check_targets(portfolio_folder, [target])
    pages, warnings = writer(_Job(publication, target, options, progress))
    return Exported(target, target.stat().st_size, pages, warnings)


def _pdf(job: _Job) -> _Outcome:
    from portfolio_app.exporting.pdf import write_pdf  # noqa: PLC0415 - each format's library is slow to load

    result = write_pdf(job.publication, job.target, page_size=job.options.page_size, progress=job.progress)
    return result.pages, result.warnings


def _docx(job: _Job) -> _Outcome:
    from portfolio_app.exporting.docx import write_docx  # noqa: PLC0415 - as above

    write_docx(job.publication, job.target, page_size=job.options.page_size, progress=job.progress)
    return None, ()


def _xlsx(job: _Job) -> _Outcome:
    from portfolio_app.exporting.xlsx import write_xlsx  # noqa: PLC0415 - as above

    write_xlsx(job.publication, job.target, progress=job.progress)
    return None, ()


def _csv(job: _Job) -> _Outcome:
    from portfolio_app.exporting.csv_matrix import write_csv  # noqa: PLC0415 - as above

    write_csv(job.publication, job.target)
    return None, ()


_WRITERS: dict[str, Callable[[_Job], _Outcome]] = {".pdf": _pdf, ".docx": _docx, ".xlsx": _xlsx, ".csv": _csv}


def _writer_for(target: Path) -> Callable[[_Job], _Outcome]:
    writer = _WRITERS.get(target.suffix.lower())
    if writer is None:
        known = ", ".join(_WRITERS)
        raise InvalidInput(f"“{target.name}” does not say its format; let the name end in one of {known}.")
    return writer


def _check_targets(portfolio_folder: Path, targets: Sequence[Path]) -> None:
    own = [portfolio_folder.resolve() / name for name in (FILES_FOLDER, BACKUPS_FOLDER, "cache")]
    seen: dict[str, Path] = {}
    for target in targets:
        place = _resolved(target)
        key = os.path.normcase(place)
        if key in seen:
            raise InvalidInput(f"“{target}” is given twice; each document needs a name of its own.")
        seen[key] = place
        if any(place.is_relative_to(folder) for folder in own):
            raise InvalidInput(f"“{target}” is among the portfolio’s own files; choose another place for the document.")


def _resolved(target: Path) -> Path:
    try:
        return target.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise InvalidInput(f"{str(target)!r} cannot be the name of a file; choose another.") from error
