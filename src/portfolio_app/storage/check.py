"""Is the portfolio still what was put into it? Reads everything, changes nothing."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import select

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.storage import history, schema
from portfolio_app.storage.backups import BACKUPS_FOLDER, Backups
from portfolio_app.storage.database import Access, Database, compiled, translated
from portfolio_app.storage.errors import FileUnreadable, PortfolioDamaged, ReadOnlyPortfolio, StorageError
from portfolio_app.storage.files import FILES_FOLDER, FileState, FileStore
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.trail import altered_rows

_MOST_OF_A_KIND: Final = 20
"""Findings that are listed one by one; a database full of zeros would otherwise fill pages."""

_INSTRUCTIONS_BETWEEN_LOOKS: Final = 1_000_000  # of SQLite's machine: some 10 ms

_USES: Final = compiled(
    select(schema.attachment.c.sha256, schema.evidence.c.number, schema.attachment.c.name)
    .join(schema.evidence, schema.evidence.c.id == schema.attachment.c.evidence_id)
    .order_by(schema.evidence.c.number, schema.attachment.c.position)
)
_UNREADABLE: Final = (sqlite3.Error, StorageError, zlib.error, ValueError, TypeError, LookupError)
"""What reading a damaged or a stranger's database may raise."""


class Severity(StrEnum):
    """What a finding means for the learner, the worst first."""

    DAMAGE = "damage"
    """Something that was put in is lost or was altered."""

    WARNING = "warning"
    """Nothing is lost, but a safety net is weaker than it should be."""

    INFO = "info"
    """Worth knowing; harmless."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found. ``what`` is its kind: database, schema, history, rows, file, back-up, leftover."""

    severity: Severity
    what: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found, the worst first, and how much was looked at."""

    findings: tuple[Finding, ...]
    files_checked: int
    steps_checked: int
    backups_checked: int

    @property
    def sound(self) -> bool:
        """Whether nothing is damaged."""
        return all(finding.severity is not Severity.DAMAGE for finding in self.findings)


def check(portfolio: PortfolioFile, progress: Progress = no_progress) -> CheckReport:
    """Check an open portfolio; see :func:`check_file`."""
    return check_file(portfolio.path, progress)


def check_file(path: Path, progress: Progress = no_progress) -> CheckReport:
    """Look at everything in the folder of a ``.portfolio`` file and report what is not as it was put there.

    The database's pages, its schema and references; each step of the history; whether the rows are what
    the history says; each attached file and each back-up by its hash; and what does not belong there.
    The portfolio need not be fit to be opened. ``progress`` counts bytes; when it raises, the check ends
    at once.

    Raises:
        StorageError: there is no such file, or it may not be read.
    """
    if not path.is_file():
        raise FileUnreadable(f"There is no portfolio “{path}”.")
    files = FileStore(path.parent / FILES_FOLDER)
    return _Check(path, files, Backups(path.parent / BACKUPS_FOLDER, path), progress).run()


class _Check:
    def __init__(self, path: Path, files: FileStore, backups: Backups, progress: Progress) -> None:
        self._path = path
        self._files = files
        self._backups = backups
        self._progress = progress
        self._sizes = files.sizes()
        self._found_backups = backups.list()
        self._of_database = path.stat().st_size
        self._done = 0
        self._total = self._of_database + sum(self._sizes.values()) + sum(backup.size for backup in self._found_backups)
        self._findings: list[Finding] = []
        self._uses: dict[str, str] = {}
        self._steps = 0
        self._stopped: Exception | None = None

    def run(self) -> CheckReport:
        """Do all checks, each whatever the ones before it found."""
        self._check_database()
        self._done = self._of_database
        self._check_files()
        self._check_backups()
        self._list_leftovers()
        self._look("Checked")
        severities = list(Severity)
        findings = sorted(self._findings, key=lambda finding: severities.index(finding.severity))
        return CheckReport(tuple(findings), len(self._sizes), self._steps, len(self._found_backups))

    def _add(self, severity: Severity, what: str, *sentences: str) -> None:
        self._findings += [Finding(severity, what, sentence) for sentence in sentences[:_MOST_OF_A_KIND]]
        if (more := len(sentences) - _MOST_OF_A_KIND) > 0:
            self._findings.append(Finding(severity, what, f"… and {more} more of this kind."))

    def _look(self, what: str) -> None:
        try:
            self._progress(self._done, self._total, what)
        except Exception as error:
            self._stopped = error
            raise

    def _check_database(self) -> None:
        parts = (self._check_pages, self._check_schema, self._check_history, self._check_rows, self._note_uses)
        try:
            database = _readable(self._path)
        except PortfolioDamaged as error:
            self._add(Severity.DAMAGE, "database", str(error))
            return
        problems = []
        with closing(database):
            for part in parts:
                try:
                    with _interruptible(database.raw, lambda: self._look("Checking the database")):
                        part(database.raw)
                except _UNREADABLE as error:
                    if error is self._stopped:
                        raise
                    problems.append(f"The database cannot be read as a whole ({error}).")
        self._add(Severity.DAMAGE, "database", *dict.fromkeys(problems))

    def _check_pages(self, connection: sqlite3.Connection) -> None:
        problems = [" ".join(str(text).split()) for (text,) in connection.execute("PRAGMA integrity_check")]
        if problems != ["ok"]:
            self._add(Severity.DAMAGE, "database", *(f"The database is damaged: {problem}." for problem in problems))
        self._add(
            Severity.DAMAGE,
            "database",
            *(
                f"A row of “{table}” belongs to a row of “{parent}” that is missing."
                for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check")
            ),
        )

    def _check_schema(self, connection: sqlite3.Connection) -> None:
        different = schema.differences(schema.items(connection), schema.expected_items())
        self._add(Severity.DAMAGE, "schema", *(f"Another program changed the {item}." for item in different))

    def _check_history(self, connection: sqlite3.Connection) -> None:
        problems = []
        for number, problem in history.verify(connection):
            self._steps += 1
            if number % 20 == 0:
                self._look("Checking the history")
            if problem is not None:
                problems.append(problem)
        self._add(Severity.DAMAGE, "history", *problems)

    def _check_rows(self, connection: sqlite3.Connection) -> None:
        if any(finding.what in {"history", "schema"} for finding in self._findings):
            return  # there is nothing left to compare with
        found = altered_rows(connection, self._steps, lambda: self._look("Comparing with the history"))
        self._add(Severity.DAMAGE, "rows", *found)

    def _note_uses(self, connection: sqlite3.Connection) -> None:
        for sha256, number, name in connection.execute(_USES):
            self._uses.setdefault(str(sha256), f"“{name}” of E{number}")

    def _check_files(self) -> None:
        for sha256, size in sorted(self._sizes.items()):
            use = self._uses.get(sha256)
            state = self._files.verify(sha256, self._counting(f"Checking {use or 'an unused file'}"))
            self._done += size
            if state is FileState.OK:
                continue
            how = "cannot be read" if state is FileState.UNREADABLE else "is no longer what was attached"
            if use is None:
                self._add(Severity.WARNING, "file", f"The file {sha256[:8]}…, which no evidence uses, {how}.")
            else:
                self._add(Severity.DAMAGE, "file", f"The file {use} {how}; add it again from the original.")
        missing = (use for sha256, use in self._uses.items() if sha256 not in self._sizes)
        self._add(Severity.DAMAGE, "file", *(f"The file {use} is missing; add it again." for use in missing))

    def _check_backups(self) -> None:
        damaged = []
        for backup in self._found_backups:
            self._look("Checking the back-ups")
            if not backup.intact:
                damaged.append(f"The back-up “{backup.name}” is damaged; the others do not depend on it.")
            self._done += backup.size
        self._add(Severity.WARNING, "back-up", *damaged)
        if damaged and len(damaged) == len(self._found_backups):
            self._add(Severity.WARNING, "back-up", "No back-up is intact; make one now.")

    def _list_leftovers(self) -> None:
        unfinished = [*self._files.temporaries(), *self._backups.temporaries()]
        self._add(
            Severity.INFO,
            "leftover",
            *(f"“{path.parent.name}/{path.name}” is a copy that was never finished." for path in unfinished),
            *(
                f"“{path.relative_to(self._files.folder.parent)}” was not put there by this program."
                for path in self._files.strangers()
            ),
        )

    def _counting(self, label: str) -> Progress:
        """Count the bytes of one file on top of what was done before it."""
        start = self._done

        def report(done: int, total: int, what: str) -> None:  # noqa: ARG001 - the store knows one file only
            self._progress(min(start + done, self._total), self._total, label)

        return report


def _readable(path: Path) -> Database:
    """Open a database for reading.

    A save that was cut off must be taken back first, as on every opening, which needs to write; a medium that
    cannot be written takes not even a lock.

    Raises:
        PortfolioDamaged: not even its beginning can be read.
    """
    for access in (Access.READ, Access.WRITE):
        try:
            return _opened(path, access)
        except (ReadOnlyPortfolio, FileUnreadable):
            continue
    return _opened(path, Access.UNCHANGING)


def _opened(path: Path, access: Access) -> Database:
    database = Database(path, access)
    try:
        database.raw.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        database.close()
        raise translated(error, path) from error
    return database


@contextmanager
def _interruptible(connection: sqlite3.Connection, look: Callable[[], None]) -> Iterator[None]:
    """Let ``look`` end a long statement by raising: SQLite itself only knows that it was interrupted."""
    raised: list[BaseException] = []

    def handle() -> int:
        try:
            look()
        except BaseException as error:  # noqa: BLE001 - raised again below
            raised.append(error)
            return 1
        return 0

    connection.set_progress_handler(handle, _INSTRUCTIONS_BETWEEN_LOOKS)
    try:
        yield
    except sqlite3.OperationalError:
        if raised:
            raise raised[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)
