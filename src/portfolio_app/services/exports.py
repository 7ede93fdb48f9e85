"""Handing over: one publication, written in every format that was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.facts import EvidenceFact
from portfolio_app.domain.gaps import Severity, find_gaps
from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.portfolio import Portfolio
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import Unit, find_unit
from portfolio_app.domain.redaction import Redaction
from portfolio_app.domain.text_facts import TextFacts
from portfolio_app.durable import CannotWrite, replace_atomically
from portfolio_app.exporting.options import Profile
from portfolio_app.exporting.portfolio_publication import Audience, ExportOptions, build_publication
from portfolio_app.exporting.publication import Publication
from portfolio_app.exporting.redaction.check import TermSurvived
from portfolio_app.exporting.selection import select
from portfolio_app.services.export_targets import check_targets, resolved
from portfolio_app.services.library import quality_words
from portfolio_app.services.packages import PACKAGE_SUFFIX, check_password, write_package
from portfolio_app.services.text_reading import read_whole
from portfolio_app.storage.files import FILES_FOLDER, FileStore
from portfolio_app.storage.portfolio_file import PortfolioFile

if TYPE_CHECKING:
    from portfolio_app.exporting.redaction.copies import RedactedCopy

__all__ = [
    "Audience",
    "ExportChoices",
    "ExportContents",
    "ExportOptions",
    "ExportSnapshot",
    "Exported",
    "Profile",
    "export",
    "export_choices",
    "export_contents",
    "export_snapshot",
    "items_to_hold_back",
    "write_export",
    "write_publication",
]


@dataclass(frozen=True, slots=True)
class Exported:
    """A document that was written. ``pages`` is known of PDF only; ``warnings`` are sentences for the user.

    ``fingerprint`` is that of the key it is sealed with, and empty where it is not.
    """

    path: Path
    size: int
    pages: int | None
    warnings: tuple[str, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class _Job:
    publication: Publication
    target: Path
    options: ExportOptions
    progress: Progress
    package: Callable[[Path, Progress], tuple[str, ...]] | None = None
    review_key: bytes = b""
    redacted: RedactedCopy | None = None


@dataclass(frozen=True, slots=True)
class _Outcome:
    pages: int | None = None
    warnings: tuple[str, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class ExportSnapshot:
    """The portfolio as it was at one moment, to be exported beside whoever goes on working on it.

    Plain values: it may be used on any thread, also after the portfolio was closed. ``folder`` is the portfolio's,
    ``review_key`` the secret by which it knows a copy again that comes back, ``taken_at`` the moment (UTC).
    """

    portfolio: Portfolio
    kinds: Mapping[str, EvidenceKind]
    folder: Path
    review_key: bytes
    taken_at: datetime

    @property
    def files(self) -> FileStore:
        """The attached files, which are never changed once they are there."""
        return FileStore(self.folder / FILES_FOLDER)


@dataclass(frozen=True, slots=True)
class ExportContents:
    """What a document would hold, before it is made.

    ``units`` are codes, ``items`` the evidence in the copy; ``withheld`` and ``missing_files`` are references and
    names. ``left_out`` counts evidence that is claimed for none of the units. ``size`` is that of the files in bytes.
    ``gaps`` counts what is missing still, by the rule that finds it: worth a warning, and no reason to refuse.
    """

    units: tuple[str, ...]
    items: int
    withheld: tuple[str, ...]
    left_out: int
    files: int
    size: int
    missing_files: tuple[str, ...]
    gaps: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """What an export can be chosen from: the units, and of the items that are held back (ids) those still there.

    ``redaction`` is what is marked to be hidden.
    """

    units: tuple[Unit, ...]
    held_back: frozenset[str]
    redaction: Redaction = Redaction()


def export_choices(portfolio: PortfolioFile, held_back: Collection[str] = ()) -> ExportChoices:
    """Return what an export can be chosen from."""
    with portfolio.read() as reader:
        present = {item.id for item in reader.evidence_facts()} if held_back else set()
        return ExportChoices(reader.units(), frozenset(held_back) & present, reader.redaction())


def items_to_hold_back(portfolio: PortfolioFile) -> list[EvidenceFact]:
    """Return the items that an export can hold back, in reference order."""
    with portfolio.read() as reader:
        return reader.evidence_facts()


def export_snapshot(portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind]) -> ExportSnapshot:
    """Take everything that an export needs out of the portfolio, so that it can be made on another thread."""
    taken_at = datetime.now(UTC)
    with portfolio.read() as reader:
        return ExportSnapshot(reader.portfolio(), dict(kinds), portfolio.folder, reader.review_key(), taken_at)


def export_contents(
    snapshot: ExportSnapshot, options: ExportOptions, today: date, progress: Progress = no_progress
) -> ExportContents:
    """Say what a document of these options would hold.

    Raises:
        UnknownReference: a unit of the options does not exist.
        Cancelled: ``progress`` said so.
    """
    progress(0, 0, "Looking at what goes in")
    sizes = snapshot.files.sizes()
    selection = select(snapshot.portfolio, options, sizes)
    chosen = selection.portfolio
    attached = {attachment.sha256: attachment.name for item in chosen.evidence for attachment in item.attachments}
    shown = [sha256 for sha256 in attached if sha256 in sizes] if options.with_files else []
    gaps = find_gaps(selection.facts, snapshot.kinds, today, include_dismissed=False)
    return ExportContents(
        units=tuple(unit.code for unit in chosen.units),
        items=len(chosen.evidence),
        withheld=tuple(item.ref for item in chosen.evidence if item.id in selection.withheld),
        left_out=selection.items_left_out,
        files=len(shown),
        size=sum(sizes[sha256] for sha256 in shown),
        missing_files=tuple(name for sha256, name in attached.items() if sha256 not in sizes),
        gaps=Counter(
            gap.rule for gap in gaps if gap.severity is Severity.GAP and gap.evidence_id not in selection.withheld
        ),
    )


def export(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    targets: Sequence[Path],
    options: ExportOptions,
    *,
    today: date,
    program_version: str,
    password: str = "",
    progress: Progress = no_progress,
) -> list[Exported]:
    """Write the portfolio to each target; as :func:`write_export` does.

    Raises:
        KnownError: as there.
    """
    _check_formats(targets, options)
    check_targets(portfolio.folder, targets)
    return write_export(
        export_snapshot(portfolio, kinds),
        targets,
        options,
        today=today,
        program_version=program_version,
        password=password,
        progress=progress,
    )


def write_export(
    snapshot: ExportSnapshot,
    targets: Sequence[Path],
    options: ExportOptions,
    *,
    today: date,
    program_version: str,
    password: str = "",
    progress: Progress = no_progress,
) -> list[Exported]:
    """Write a snapshot to each target, its format by the suffix; all of them or, on an error, none.

    Needs no open portfolio: it may run on any thread while the learner works on. A package holds the portfolio as it
    is saved when it is made, and is encrypted if there is a ``password``.

    Raises:
        InvalidInput: a suffix is not known, a target is given twice or belongs to the portfolio itself, one cannot be
            sealed, or the password cannot be used.
        UnknownReference: a unit of the options does not exist.
        CannotSeal: the key cannot be kept or read.
        TermSurvived: something that is marked to be hidden would be found in a document.
        CannotWrite: a folder is missing or not writable, or the disk is full.
        Cancelled: ``progress`` said so.
    """
    _check_formats(targets, options)
    check_targets(snapshot.folder, targets)
    check_password(password, targets)
    whole = snapshot.portfolio
    for code in options.unit_codes:
        find_unit(whole.units, code)
    progress(0, 0, "Putting the portfolio together")
    shows_files = any(target.suffix.lower() in _SHOW_FILES for target in targets)
    publication = build_publication(
        whole,
        snapshot.kinds,
        snapshot.files.path,
        options,
        today,
        program_version,
        made=snapshot.taken_at,
        read_files=shows_files,
        texts=_remarked(snapshot) if options.audience is Audience.TUTOR else None,
        progress=progress,
    )
    package = partial(
        write_package,
        snapshot.folder,
        snapshot.kinds,
        options,
        today,
        program_version=program_version,
        password=password,
    )
    with ExitStack() as stack:
        redacted = None
        if options.redacted and whole.redaction and any(target.suffix.lower() != PACKAGE_SUFFIX for target in targets):
            from portfolio_app.exporting.redaction.copies import redact  # noqa: PLC0415 - as each format's writer

            folder = Path(stack.enter_context(TemporaryDirectory(prefix="portfolio-app-")))
            redacted = redact(
                publication,
                whole.redaction,
                folder,
                evidence=whole.evidence,
                shows_files=shows_files,
                progress=progress,
            )
            publication = redacted.publication
        written = _written(publication, targets, options, progress, package, redacted, review_key=snapshot.review_key)
    return _with_names_told(written, whole.redaction, options)


def _remarked(snapshot: ExportSnapshot) -> TextFacts | None:
    """Return what was read of the texts; nothing where a centre's word lists are not sound, which "gaps" tells."""
    try:
        words = quality_words(snapshot.folder)
    except InvalidInput:
        return None
    return read_whole(snapshot.portfolio, snapshot.kinds, words)


def write_publication(
    publication: Publication,
    target: Path,
    options: ExportOptions,
    *,
    portfolio_folder: Path,
    redaction: Redaction,
    progress: Progress = no_progress,
) -> Exported:
    """Write a publication that is bound already and shows no files, its format by the suffix of the target.

    ``portfolio_folder`` is that of the portfolio it was made from, whose own files are never written over;
    ``redaction`` what is marked there to be hidden.

    Raises:
        InvalidInput: the suffix is not known, or the target belongs to the portfolio itself.
        TermSurvived: something that is marked to be hidden would be found in it.
        CannotWrite: the folder is missing or not writable, or the disk is full.
        Cancelled: ``progress`` said so.
    """
    _check_formats([target], options)
    check_targets(portfolio_folder, [target])
    redacted = None
    if options.redacted and redaction:
        from portfolio_app.exporting.redaction.copies import redact  # noqa: PLC0415 - as above

        with TemporaryDirectory(prefix="portfolio-app-") as folder:
            redacted = redact(publication, redaction, Path(folder), shows_files=False, progress=progress)
        publication = redacted.publication
    written = _written(publication, [target], options, progress, redacted=redacted)
    return _with_names_told(written, redaction, options)[0]


def _written(  # noqa: PLR0917 - each is needed, and none can be mistaken for another
    publication: Publication,
    targets: Sequence[Path],
    options: ExportOptions,
    progress: Progress,
    package: Callable[[Path, Progress], tuple[str, ...]] | None = None,
    redacted: RedactedCopy | None = None,
    *,
    review_key: bytes = b"",
) -> list[Exported]:
    """Write all documents under temporary names, and give them theirs when the last is there."""
    writers = [_writer_for(target) for target in targets]
    outcomes = []
    with ExitStack() as stack:
        places = [stack.enter_context(replace_atomically(target)) for target in targets]
        for writer, place, target in zip(writers, places, targets, strict=True):
            try:
                outcomes.append(writer(_Job(publication, place, options, progress, package, review_key, redacted)))
            except (CannotWrite, TermSurvived) as error:
                raise type(error)(str(error).replace(place.name, target.name)) from error
            if redacted is not None and writer is not _zip:  # which has searched its package itself
                redacted.check(place, target.name, progress=progress)
    return [
        Exported(
            target,
            target.stat().st_size,
            outcome.pages,
            (*outcome.warnings, *(redacted.warnings if redacted and target.suffix.lower() in _SHOW_FILES else ())),
            outcome.fingerprint,
        )
        for target, outcome in zip(targets, outcomes, strict=True)
    ]


def _with_names_told(written: Sequence[Exported], redaction: Redaction, options: ExportOptions) -> list[Exported]:
    """Say so where the name that was chosen for a document gives away what is hidden in it."""
    finder = TermFinder(redaction.terms if options.redacted else ())
    told = []
    for one in written:
        found = finder.find(one.path.stem)
        if found:
            sentence = (
                f"“{found[0].term.text}” is hidden in the document, but stands in the name of its file, "
                f"“{one.path.name}”; give it another name before you hand it over."
            )
            told.append(replace(one, warnings=(*one.warnings, sentence)))
        else:
            told.append(one)
    return told


def _pdf(job: _Job) -> _Outcome:
    if not job.options.sealed:
        return _unsealed_pdf(job)
    from portfolio_app.services.seals import key_of, seal  # noqa: PLC0415 - as below

    redacted = job.redacted
    if redacted is not None and job.publication.author != redacted.original_author:
        raise InvalidInput(
            f"“{job.target.name}” cannot be sealed, for the seal would show your name, which is hidden in this copy; "
            "export it without a seal."
        )
    kept = key_of(job.publication.author)
    written = _unsealed_pdf(job)
    seal(job.target, kept, job.progress)
    return _Outcome(written.pages, (*written.warnings, *kept.warnings), kept.fingerprint)


def _unsealed_pdf(job: _Job) -> _Outcome:
    from portfolio_app.exporting.pdf import write_pdf  # noqa: PLC0415 - each format's library is slow to load

    options = job.options
    result = write_pdf(
        job.publication,
        job.target,
        page_size=options.page_size,
        profile=options.profile,
        progress=job.progress,
        review_key=job.review_key,
    )
    return _Outcome(result.pages, result.warnings)


def _docx(job: _Job) -> _Outcome:
    from portfolio_app.exporting.docx import OWN_TEMPLATE, write_docx  # noqa: PLC0415 - as above

    result = write_docx(
        job.publication,
        job.target,
        page_size=job.options.page_size,
        template=job.options.word_template or OWN_TEMPLATE,
        progress=job.progress,
    )
    return _Outcome(warnings=result.warnings)


def _xlsx(job: _Job) -> _Outcome:
    from portfolio_app.exporting.xlsx import write_xlsx  # noqa: PLC0415 - as above

    write_xlsx(job.publication, job.target, progress=job.progress)
    return _Outcome()


def _csv(job: _Job) -> _Outcome:
    from portfolio_app.exporting.csv_matrix import write_csv  # noqa: PLC0415 - as above

    write_csv(job.publication, job.target)
    return _Outcome()


def _zip(job: _Job) -> _Outcome:
    if job.package is None:
        raise InvalidInput(f"“{job.target.name}” cannot be a package: only a whole portfolio can be packed.")
    return _Outcome(warnings=job.package(job.target, job.progress))


_WRITERS: dict[str, Callable[[_Job], _Outcome]] = {
    ".pdf": _pdf,
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".csv": _csv,
    PACKAGE_SUFFIX: _zip,
}

_SHOW_FILES = frozenset({".pdf", ".docx"})
"""The formats in which attached files are shown."""


def _writer_for(target: Path) -> Callable[[_Job], _Outcome]:
    writer = _WRITERS.get(target.suffix.lower())
    if writer is None:
        known = ", ".join(_WRITERS)
        raise InvalidInput(f"“{target.name}” does not say its format; let the name end in one of {known}.")
    return writer


def _check_formats(targets: Sequence[Path], options: ExportOptions) -> None:
    for target in targets:
        _writer_for(target)
    _check_template(targets, options.word_template)
    if not options.sealed:
        return
    if options.profile is not Profile.ARCHIVE:
        raise InvalidInput("Only the archive copy can be sealed: the review copy is there to be filled in.")
    for target in targets:
        if _writer_for(target) is not _pdf:
            raise InvalidInput(f"“{target.name}” cannot be sealed: only a PDF can; export the others without a seal.")


def _check_template(targets: Sequence[Path], template: Path | None) -> None:
    if template is None:
        return
    if not any(_writer_for(target) is _docx for target in targets):
        raise InvalidInput("A Word template is for Word documents; none of these ends in .docx.")
    if any(resolved(target) == resolved(template) for target in targets):
        raise InvalidInput(f"“{template}” is the template; the document needs another name.")
