"""Documents made beside the window: in a process of their own, which reads the portfolio itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, Self

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.helper_process import HelperProcess
from portfolio_app.services.exports import (
    ExportContents,
    Exported,
    ExportOptions,
    ExportSnapshot,
    export_contents,
    export_snapshot,
    write_export,
    write_publication,
)
from portfolio_app.services.matrix_export import matrix_publication
from portfolio_app.services.matrix_grid import MatrixFilter, matrix_grid, shown
from portfolio_app.services.portfolios import open_portfolio
from portfolio_app.services.redaction import Survey, list_marks, survey

_WHAT: Final = "The part of the program that makes documents"
_ADVICE: Final = "Nothing was written, and your portfolio is as it was; try again."


class ExportDesk:
    """Makes documents of a portfolio that others may be working on.

    It is opened for reading, beside whoever has its lock, and only for as long as that takes. What was read is
    remembered until the portfolio has changed.
    """

    def __init__(self, path: Path, kinds: Mapping[str, EvidenceKind]) -> None:
        """Use the database at ``path``."""
        self._path = path
        self._kinds = kinds
        self._revision: tuple[int, str] | None = None
        self._snapshot: ExportSnapshot | None = None

    def contents(self, options: ExportOptions, today: date, progress: Progress = no_progress) -> ExportContents:
        """Say what a document of these options would hold; as :func:`export_contents` does.

        Raises:
            KnownError: as there, or the portfolio cannot be read.
        """
        progress(0, 0, "Reading the portfolio")
        return export_contents(self._read(), options, today, progress)

    def write(
        self,
        targets: Sequence[Path],
        options: ExportOptions,
        *,
        today: date,
        program_version: str,
        password: str = "",
        progress: Progress = no_progress,
    ) -> list[Exported]:
        """Write the portfolio as it is saved to each target; as :func:`write_export` does.

        Raises:
            KnownError: as there, or the portfolio cannot be read.
        """
        progress(0, 0, "Reading the portfolio")
        return write_export(
            self._read(),
            targets,
            options,
            today=today,
            program_version=program_version,
            password=password,
            progress=progress,
        )

    def write_matrix(
        self, target: Path, wanted: MatrixFilter, options: ExportOptions, progress: Progress = no_progress
    ) -> Exported:
        """Write what a matrix shows to ``target``; as :func:`write_publication` does.

        Raises:
            KnownError: as there, or the portfolio cannot be read.
        """
        progress(0, 0, "Reading the portfolio")
        titles = {kind.id: kind.title for kind in self._kinds.values()}
        with open_portfolio(self._path, read_only=True) as portfolio:
            grid = matrix_grid(portfolio)
            publication = matrix_publication(portfolio, grid, shown(grid, wanted, titles), wanted, options)
            marked = list_marks(portfolio)
        return write_publication(
            publication, target, options, portfolio_folder=self._path.parent, redaction=marked, progress=progress
        )

    def survey(self, today: date, progress: Progress = no_progress) -> Survey:
        """Look for what is marked to be hidden, and for what might be; as :func:`survey` does.

        Raises:
            KnownError: as there, or the portfolio cannot be read.
        """
        progress(0, 0, "Reading the portfolio")
        snapshot = self._read()
        return survey(snapshot.portfolio, snapshot.kinds, snapshot.files.path, today=today, progress=progress)

    def _read(self) -> ExportSnapshot:
        with open_portfolio(self._path, read_only=True) as portfolio:
            with portfolio.read() as reader:
                revision = reader.revision()
            if self._snapshot is None or revision != self._revision:
                self._snapshot = export_snapshot(portfolio, self._kinds)
                self._revision = revision
        return self._snapshot


class ExportProcess:
    """An :class:`ExportDesk` in a process of its own. Its methods wait for the answer: not for the window's thread."""

    def __init__(self, path: Path, kinds: Mapping[str, EvidenceKind]) -> None:
        """Use the database at ``path``; the process is started when it is needed."""
        self._process = HelperProcess(partial(ExportDesk, path.absolute(), dict(kinds)), what=_WHAT, advice=_ADVICE)

    @property
    def process_id(self) -> int | None:
        """The number of the process, while there is one."""
        return self._process.process_id

    def start(self) -> None:
        """Start the process, so that it is there when it is needed.

        Raises:
            ProcessDied: it cannot be started.
        """
        self._process.start()

    def contents(self, options: ExportOptions, today: date, progress: Progress = no_progress) -> ExportContents:
        """Say what a document of these options would hold; as :meth:`ExportDesk.contents` does.

        Raises:
            KnownError: as there, or the process ended.
        """
        return self._process.call(ExportDesk.contents, options, today, progress=progress)

    def write(
        self,
        targets: Sequence[Path],
        options: ExportOptions,
        *,
        today: date,
        program_version: str,
        password: str = "",
        progress: Progress = no_progress,
    ) -> list[Exported]:
        """Write the portfolio as it is saved to each target; as :meth:`ExportDesk.write` does.

        Raises:
            KnownError: as there, or the process ended; nothing is left of what it had begun to write.
        """
        return self._process.call(
            ExportDesk.write,
            [target.absolute() for target in targets],
            options,
            today=today,
            program_version=program_version,
            password=password,
            progress=progress,
            targets=targets,
        )

    def write_matrix(
        self, target: Path, wanted: MatrixFilter, options: ExportOptions, progress: Progress = no_progress
    ) -> Exported:
        """Write what a matrix shows to ``target``; as :meth:`ExportDesk.write_matrix` does.

        Raises:
            KnownError: as there, or the process ended; nothing is left of what it had begun to write.
        """
        return self._process.call(
            ExportDesk.write_matrix, target.absolute(), wanted, options, progress=progress, targets=[target]
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def survey(self, today: date, progress: Progress = no_progress) -> Survey:
        """Look for what might be hidden; as :meth:`ExportDesk.survey` does.

        Raises:
            KnownError: as there, or the process ended.
        """
        return self._process.call(ExportDesk.survey, today, progress=progress)

    def close(self) -> None:
        """End the process for good; what it works on is cancelled."""
        self._process.close()
