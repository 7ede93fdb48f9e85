"""The package: a whole portfolio in one zip, readable without this program, and made into a portfolio again."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import Attachment, Evidence, EvidenceKind
from portfolio_app.domain.hidden_portfolio import hide_in_kinds, hide_in_portfolio
from portfolio_app.domain.portfolio import Portfolio
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.redaction import Redaction
from portfolio_app.durable import CannotWrite, temporary_beside
from portfolio_app.exporting.chapters.places import file_anchor
from portfolio_app.exporting.package import SCHEMA_NAME, BagWriter, WebPage, portfolio_json, write_web_page
from portfolio_app.exporting.portfolio_publication import Audience, ExportOptions, build_publication
from portfolio_app.exporting.publication import Publication
from portfolio_app.exporting.selection import select
from portfolio_app.exporting.wording import Wording, wording_of
from portfolio_app.importing.package import (
    FORMAT,
    Package,
    PackageRefused,
    PasswordNeeded,
    looks_like_package,
    open_package,
)
from portfolio_app.paths import resources_dir
from portfolio_app.plain_text import one_line
from portfolio_app.services.library import KINDS_FOLDER
from portfolio_app.storage.arrival import Arrival, arriving
from portfolio_app.storage.attachment_names import clean_name
from portfolio_app.storage.backups import copy_database
from portfolio_app.storage.files import FILES_FOLDER, FileStore, extension_of
from portfolio_app.storage.opening import locate
from portfolio_app.storage.portfolio_file import PortfolioFile, file_stem

if TYPE_CHECKING:
    from portfolio_app.exporting.redaction.copies import RedactedCopy

__all__ = [
    "PACKAGE_SUFFIX",
    "SHORTEST_PASSWORD",
    "ImportedPackage",
    "PackageFacts",
    "PackageRefused",
    "PasswordNeeded",
    "check_password",
    "holds_portfolio",
    "import_package",
    "look_into_package",
    "looks_like_package",
    "write_package",
]

PACKAGE_SUFFIX: Final = ".zip"

SHORTEST_PASSWORD: Final = 8
"""Characters that a password of a package has at least."""

_WHOLE, _SELECTED = "whole", "selected"
_CONTENTS: Final = "Portfolio-Package-Contents"
_PDF, _MATRIX, _DATA = "portfolio.pdf", "matrix.xlsx", "portfolio.json"
_RESTORE: Final = "restore.json"
_DATABASE_FOLDER: Final = "portfolio"
_UNUSED_FOLDER: Final = "unused files"
_LARGEST_LIST: Final = 64 << 20
_LONGEST_DETAILS: Final = 1 << 20
_DETAILS: Final = b'\n "details": '
_LONGEST_TITLE: Final = 60  # Windows allows 260 characters for a whole path
_LONGEST_NAME: Final = 80
_LONGEST_SHOWN: Final = 200

_ONLY_SELECTED: Final = (
    "The package is a copy for others: it holds the documents and not the portfolio itself, so it cannot be imported "
    "again."
)


@dataclass(frozen=True, slots=True)
class ImportedPackage:
    """A portfolio that was made from a package. ``missing`` names attached files that were missing in it already."""

    folder: Path
    path: Path
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What a package says of itself, before anything is taken out of it.

    Attributes:
        learner: The learner's name; like what follows, empty where the package does not say.
        qualification: Its title.
        made_on: The day on which the package was made, as it says.
        files: How many files there are in it.
        size: How many bytes they have together, unpacked.
        holds_portfolio: Whether a portfolio can be made of it.
    """

    learner: str
    qualification: str
    made_on: date | None
    files: int
    size: int
    holds_portfolio: bool


@dataclass(frozen=True, slots=True)
class _Contents:
    """What one package is made from. ``paths`` says where in it the file with a hash is, ``places`` where it lies now.

    Where something is hidden, ``chosen``, ``kinds`` and the publication say nothing of it.
    """

    whole: Portfolio
    chosen: Portfolio
    kinds: Mapping[str, EvidenceKind]
    withheld: frozenset[str]
    publication: Publication
    paths: Mapping[str, str]
    places: Callable[[str], Path | None]
    words: Wording
    review_key: bytes
    redacted: RedactedCopy | None


def check_password(password: str, targets: Sequence[Path]) -> None:
    """Refuse a password that protects nothing.

    Raises:
        InvalidInput: it is too short, or there is no package among the targets.
    """
    if not password:
        return
    if not any(target.suffix.lower() == PACKAGE_SUFFIX for target in targets):
        raise InvalidInput(f"Only a package can have a password; let a name end in {PACKAGE_SUFFIX}.")
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(
            f"The password is too short to protect anything; use at least {SHORTEST_PASSWORD} characters."
        )


def write_package(  # noqa: PLR0917 - a partial of the first four is handed on
    folder: Path,
    kinds: Mapping[str, EvidenceKind],
    options: ExportOptions,
    today: date,
    target: Path,
    progress: Progress = no_progress,
    *,
    program_version: str,
    password: str = "",
) -> tuple[str, ...]:
    """Write the portfolio in a folder, as it is saved, into the file ``target``; return sentences for the user.

    The learner's copy with nothing left out holds the portfolio itself, with its history and its bin. Every other copy
    holds only the documents and files that such an export shows.

    Raises:
        KnownError: it cannot be read or written, or ``progress`` cancelled it.
    """
    database = locate(folder)
    store = FileStore(database.parent / FILES_FOLDER)
    with ExitStack() as stack:
        copy, page, pdf, sheet = (stack.enter_context(temporary_beside(target)) for _ in range(4))
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="portfolio-app-")))
        progress(0, 0, "Reading the portfolio")
        made = datetime.now(UTC)
        copy_database(database, copy)
        contents = _contents(
            copy,
            kinds,
            store,
            options,
            today,
            program_version,
            progress,
            scratch,
            made=made,
            hide_names=bool(password),
        )
        is_whole = holds_portfolio(options, contents.whole.redaction)
        warnings: list[str] = [] if is_whole else [_ONLY_SELECTED]
        warnings += _documents(contents, pdf, sheet, options, progress)
        learner = contents.chosen.details.learner.name
        named = not password and learner == contents.whole.details.learner.name
        base = file_stem(learner) if named else "Portfolio"
        now = datetime.now().astimezone()
        bag = stack.enter_context(BagWriter(target, base, now, contents.words, password=password, progress=progress))
        web_page = WebPage(contents.publication, contents.paths, _anchors(contents), _PDF, _MATRIX, _DATA)
        warnings += write_web_page(web_page, page, bag.add_bytes, progress)
        document = portfolio_json(
            # What is to be hidden from others is named to none of them.
            contents.chosen if is_whole else replace(contents.chosen, redaction=Redaction()),
            contents.kinds,
            withheld=contents.withheld,
            file_paths=contents.paths,
            complete=is_whole,
            exported_on=today,
            program_version=program_version,
        )
        bag.add_bytes(_DATA, document)
        bag.add_bytes(SCHEMA_NAME, (resources_dir() / "schema" / SCHEMA_NAME).read_bytes())
        stored = _to_pack(contents, store, is_whole=is_whole)
        documents = {"index.html": page, _PDF: pdf, _MATRIX: sheet}
        total = sum(place.stat().st_size for _, place in stored.values())
        total += sum(path.stat().st_size for path in (copy, page, pdf, sheet))
        for path, source in documents.items():
            bag.add(path, source, total)
        restorable: list[tuple[str, str]] = []
        for sha256, (path, place) in stored.items():
            if bag.add(path, place, total) == sha256:
                restorable.append((path, f"{sha256[:2]}/{place.name}"))
            else:
                warnings.append(f"The file “{place.name}” is damaged in the portfolio; it was packed as it is.")
        if is_whole:
            _add_portfolio(bag, database, copy, restorable, hide_names=bool(password))
        warnings += _missing(contents.whole, contents, store.sizes(), options)
        bag.finish(
            _info(contents, is_whole=is_whole, today=today, program_version=program_version, secret=bool(password))
        )
    if contents.redacted is not None:
        warnings += contents.redacted.warnings
        contents.redacted.check(target, target.name, suffix=PACKAGE_SUFFIX, password=password, progress=progress)
    return tuple(dict.fromkeys(warnings))


def import_package(
    source: Path, folder: Path, *, password: str = "", progress: Progress = no_progress
) -> ImportedPackage:
    """Make the portfolio that a package holds, in a folder that does not exist or is empty; all or nothing.

    Every file of the package is compared with its manifest, also those that the portfolio does not need.

    Raises:
        PasswordNeeded: it is encrypted and the password is missing or wrong.
        PackageRefused: it is no package, a newer one, a copy for others, or one that cannot be trusted.
        StorageError: the folder is not empty or cannot be written, or the portfolio in it is not sound.
        Cancelled: ``progress`` said so.
    """
    with open_package(source, password) as package:
        if package.info.get(_CONTENTS) != _WHOLE:
            raise PackageRefused(
                f"“{source.name}” is a copy for others, without the portfolio itself, so none can be made of it."
            )
        with arriving(folder, package.size) as arrival:
            places = _places(source, package, arrival)
            done = 0
            for path in package.hashes:
                package.copy(path, places.get(path), _counted(progress, done, package.size))
                done += package.size_of(path)
            missing = arrival.missing()
        return ImportedPackage(folder, locate(folder), missing)


def look_into_package(source: Path, password: str = "", progress: Progress = no_progress) -> PackageFacts:
    """Say what a package holds. Its own words are believed until they are compared: that is for the import.

    Raises:
        PasswordNeeded: it is encrypted and the password is missing or wrong.
        PackageRefused: it is no package, a newer one, or one that cannot be trusted.
        Cancelled: ``progress`` said so.
    """
    progress(0, 0, "Looking into the package")
    with open_package(source, password) as package:
        said = _said_of_itself(package)
        return PackageFacts(
            learner=_short(said, "learner", "name"),
            qualification=_short(said, "qualification", "title"),
            made_on=_day(package.info.get("Bagging-Date", "")),
            files=len(package.hashes),
            size=package.size,
            holds_portfolio=package.info.get(_CONTENTS) == _WHOLE,
        )


def holds_portfolio(options: ExportOptions, redaction: Redaction) -> bool:
    """Return whether a package of these options holds the portfolio itself, so that one can be made of it again.

    ``redaction`` is what is marked in the portfolio: a copy in which it is hidden holds nothing that has it.
    """
    return (
        options.audience is Audience.LEARNER
        and not (options.redacted and redaction)
        and not options.unit_codes
        and options.include_confidential
        and not options.held_back
        and options.with_files
    )


def _contents(  # noqa: PLR0917 - as above
    copy: Path,
    kinds: Mapping[str, EvidenceKind],
    store: FileStore,
    options: ExportOptions,
    today: date,
    program_version: str,
    progress: Progress,
    scratch: Path,
    *,
    made: datetime,
    hide_names: bool,
) -> _Contents:
    """Read everything from the copy, so that the documents say what the database beside them says."""
    with PortfolioFile.open(copy, read_only=True) as portfolio, portfolio.read() as reader:
        whole, review_key = reader.portfolio(), reader.review_key()
    publication = build_publication(
        whole, kinds, store.path, options, today, program_version, made=made, progress=progress
    )
    selection = select(whole, options, {})
    chosen, redacted = selection.portfolio, None
    places: Callable[[str], Path | None] = store.path
    if options.redacted and whole.redaction:
        from portfolio_app.exporting.redaction.copies import redact  # noqa: PLC0415 - as each format's writer

        redacted = redact(publication, whole.redaction, scratch, evidence=whole.evidence, progress=progress)
        publication, places = redacted.publication, {file.sha256: file.path for file in redacted.files.values()}.get
        chosen = _hidden(chosen, redacted)
        kinds = hide_in_kinds(kinds, redacted.finder, redacted.instead)
    withheld = selection.withheld
    shown = chosen.evidence if options.with_files else ()
    paths = _readable_paths([item for item in shown if item.id not in withheld], places, hide_names=hide_names)
    words = wording_of(publication.language)
    return _Contents(whole, chosen, kinds, withheld, publication, paths, places, words, review_key, redacted)


def _hidden(chosen: Portfolio, redacted: RedactedCopy) -> Portfolio:
    """Return the portfolio as a redacted package tells of it; files that were changed are those in the package."""
    hidden = hide_in_portfolio(chosen, redacted.finder, redacted.instead)

    def attached(attachment: Attachment) -> Attachment:
        file = redacted.files.get(attachment.sha256)
        return replace(attachment, sha256=file.sha256, size=file.size) if file else attachment

    return replace(
        hidden,
        evidence=tuple(
            replace(item, attachments=tuple(attached(attachment) for attachment in item.attachments))
            for item in hidden.evidence
        ),
    )


def _documents(
    contents: _Contents, pdf: Path, sheet: Path, options: ExportOptions, progress: Progress
) -> Iterator[str]:
    from portfolio_app.exporting.pdf import PdfResult, write_pdf  # noqa: PLC0415 - each format's library is slow to load
    from portfolio_app.exporting.xlsx import write_xlsx  # noqa: PLC0415 - as above

    def write_pages() -> PdfResult:
        return write_pdf(
            contents.publication,
            pdf,
            page_size=options.page_size,
            profile=options.profile,
            progress=progress,
            review_key=contents.review_key,
        )

    for name, place, write in (
        (_PDF, pdf, write_pages),
        (_MATRIX, sheet, lambda: write_xlsx(contents.publication, sheet, progress=progress)),
    ):
        try:
            result = write()
        except CannotWrite as error:
            raise CannotWrite(str(error).replace(place.name, name)) from error
        yield from getattr(result, "warnings", ())


def _to_pack(contents: _Contents, store: FileStore, *, is_whole: bool) -> dict[str, tuple[str, Path]]:
    """Say where each file goes and where it lies: those of items, then those that only the bin or history names."""
    found = ((sha256, path, contents.places(sha256)) for sha256, path in contents.paths.items())
    stored = {sha256: (path, place) for sha256, path, place in found if place is not None}
    if is_whole:
        for sha256 in sorted(store.sizes().keys() - stored.keys()):
            place = store.path(sha256)
            if place is not None:
                stored[sha256] = (f"{_UNUSED_FOLDER}/{place.name}", place)
    return stored


def _readable_paths(
    items: Sequence[Evidence], places: Callable[[str], Path | None], *, hide_names: bool
) -> dict[str, str]:
    """Give each file a name that says what it is: "evidence/E04 – Rota for June/rota.pdf"; each content once.

    The names in an encrypted zip can be read by anybody, so there they say only which item a file belongs to.
    """
    digits = max(2, *(len(str(item.number)) for item in items), 2) if items else 2
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for item in items:
        ref = f"E{item.number:0{digits}}"
        named = one_line(item.title).replace(": ", " – ") or "-"
        title = _shortened(clean_name(named), _LONGEST_TITLE).rstrip(" .")
        folder = ref if hide_names or title == "-" else f"{ref} – {title}"
        for position, attachment in enumerate(item.attachments, 1):
            if attachment.sha256 in paths or places(attachment.sha256) is None:
                continue
            name = _shortened(clean_name(attachment.name), _LONGEST_NAME)
            if hide_names:
                extension = extension_of(attachment.name)
                name = f"{ref}-{position}" + (f".{extension}" if extension else "")
            paths[attachment.sha256] = _unused(f"evidence/{folder}", name, taken)
    return paths


def _unused(folder: str, name: str, taken: set[str]) -> str:
    """Return the path, with a number where some system would hold it for one that is taken."""
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    path, number = f"{folder}/{name}", 1
    while (key := unicodedata.normalize("NFC", path).casefold()) in taken:
        number += 1
        path = f"{folder}/{stem} ({number}){dot}{extension}"
    taken.add(key)
    return path


def _shortened(name: str, longest: int) -> str:
    if len(name) <= longest:
        return name
    extension = extension_of(name)
    end = f"….{name[-len(extension) :]}" if extension else "…"
    return name[: longest - len(end)].rstrip(" .") + end


def _anchors(contents: _Contents) -> dict[str, str]:
    return {
        file_anchor(item, position): contents.paths[attachment.sha256]
        for item in contents.chosen.evidence
        for position, attachment in enumerate(item.attachments, 1)
        if attachment.sha256 in contents.paths
    }


def _missing(
    portfolio: Portfolio, contents: _Contents, sizes: Mapping[str, int], options: ExportOptions
) -> Iterator[str]:
    if not options.with_files:
        return
    chosen = {item.id for item in contents.chosen.evidence if item.id not in contents.withheld}
    for item in portfolio.evidence:
        if item.id not in chosen:
            continue
        for attachment in item.attachments:
            if attachment.sha256 not in sizes:
                yield f"“{attachment.name}” ({item.ref}) is missing from the portfolio, so it is not in the package."


def _add_portfolio(
    bag: BagWriter, database: Path, copy: Path, files: Sequence[tuple[str, str]], *, hide_names: bool
) -> None:
    """Put in what makes the portfolio again: the database, the learner's own kinds of evidence, and a list."""
    name = "portfolio.portfolio" if hide_names else clean_name(database.name)
    kinds = [path for path in sorted((database.parent / KINDS_FOLDER).glob("*")) if path.is_file()]
    packed: list[dict[str, str]] = []
    for path in kinds:
        if clean_name(path.name) == path.name:
            packed.append({"path": f"{_DATABASE_FOLDER}/{KINDS_FOLDER}/{path.name}", "name": path.name})
            bag.add(packed[-1]["path"], path)
    bag.add(f"{_DATABASE_FOLDER}/{name}", copy)
    restore = {
        "database": {"path": f"{_DATABASE_FOLDER}/{name}", "name": database.name},
        "files": [{"path": path, "stored_as": stored_as} for path, stored_as in files],
        KINDS_FOLDER: packed,
    }
    bag.add_bytes(_RESTORE, json.dumps(restore, ensure_ascii=False, indent=1).encode("utf-8", "replace"))


def _info(contents: _Contents, *, is_whole: bool, today: date, program_version: str, secret: bool) -> dict[str, str]:
    details = contents.chosen.details
    info = {
        "Bagging-Date": today.isoformat(),
        "Bag-Software-Agent": f"Portfolio App {program_version}",
        "Portfolio-Package-Format": str(FORMAT),
        _CONTENTS: _WHOLE if is_whole else _SELECTED,
        "Portfolio-Revision": str(contents.chosen.revision),
    }
    if not secret:
        info["External-Description"] = one_line(contents.publication.title)
        if one_line(details.centre):
            info["Source-Organization"] = one_line(details.centre)
    return info


def _places(source: Path, package: Package, arrival: Arrival) -> dict[str, Path]:
    """Say where in the portfolio the files of a package go.

    Raises:
        PackageRefused: the list in the package is not one that this program wrote.
    """
    places: dict[str, Path] = {}
    try:
        restore = json.loads(package.read(f"data/{_RESTORE}", _LARGEST_LIST))
        database = restore["database"]
        arrival.name_database(str(database["name"]))
        places[f"data/{database['path']}"] = arrival.database
        for entry in restore["files"]:
            path = f"data/{entry['path']}"
            places[path] = _fit(arrival.file(str(entry["stored_as"]), package.hashes[path]))
        for entry in restore[KINDS_FOLDER]:
            places[f"data/{entry['path']}"] = _fit(arrival.other(KINDS_FOLDER, str(entry["name"])))
        fits = places.keys() <= package.hashes.keys() and len(set(places.values())) == len(places)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise _unfit(source) from error
    if not fits:
        raise _unfit(source)
    return places


def _fit(place: Path | None) -> Path:
    if place is None:
        raise ValueError
    return place


def _said_of_itself(package: Package) -> object:
    """Return the portfolio's details, which stand at the beginning; the rest, which may be long, is not looked at."""
    path = f"data/{_DATA}"
    if path not in package.hashes or package.size_of(path) > _LARGEST_LIST:
        return None
    _, found, after = package.read(path, _LARGEST_LIST).partition(_DETAILS)
    try:
        return json.JSONDecoder().raw_decode(after[:_LONGEST_DETAILS].decode("utf-8", "replace"))[0] if found else None
    except (ValueError, RecursionError):
        return None


def _short(said: object, *keys: str) -> str:
    """Return a text from a stranger as it may stand in a line; empty where there is none."""
    for key in keys:
        said = said.get(key) if isinstance(said, dict) else None
    text = one_line(said) if isinstance(said, str) else ""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _unfit(source: Path) -> PackageRefused:
    return PackageRefused(
        f"“{source.name}” does not say rightly how the portfolio is put together; nothing was taken from it."
    )


def _counted(progress: Progress, before: int, whole: int) -> Progress:
    def counted(done: int, total: int, what: str) -> None:
        del total
        progress(before + done, whole, what)

    return counted
