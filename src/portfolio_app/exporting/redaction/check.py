"""The search of a finished document, before it gets its name: a copy in which a marked term survives is no copy."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Final

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import ChartType, FieldType, PersonPart, StandingKind
from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import AssessmentMethod, GuidanceKind
from portfolio_app.exporting.redaction.search import MOST_BYTES_OF_OURS, Search, Text, Unsearchable
from portfolio_app.exporting.wording import Wording
from portfolio_app.paths import resources_dir

_ENUMERATIONS: Final[tuple[type[StrEnum], ...]] = (
    AssessmentMethod,
    ChartType,
    FieldType,
    GuidanceKind,
    PersonPart,
    StandingKind,
    Verdict,
)
_SUBSET: Final = re.compile(r"^[A-Z]{6}\+")
"""What a PDF puts before the name of a font of which it holds a part."""
_NUMBER_FORM: Final = re.compile(r"FormXob\.page-[\w.-]+-NotoSans\w*-[A-Za-z]+-[\d.]+")
"""What our PDFs call the forms that hold the numbers of pages; the places that they are named by are never titles."""
_SCHEMA: Final = re.compile(r"https?://(?:schemas\.openxmlformats\.org|schemas\.microsoft\.com|www\.w3\.org)/[\w./-]*")
_BAG_INFO: Final = frozenset(("bag-info.txt", "bagit.txt"))


class TermSurvived(KnownError):
    """A marked term is still in a finished document; the sentence says which and where. Nothing was written."""


def check_document(
    document: Path,
    name: str,
    finder: TermFinder,
    words: Wording,
    *,
    suffix: str = "",
    clean: Collection[str] = (),
    password: str = "",
    progress: Progress = no_progress,
) -> None:
    """Search a finished document for everything that is hidden in it.

    Args:
        document: the file, as it is to be handed over.
        name: what it is called in sentences.
        suffix: what its format is, where that is not the ending of its name.
        finder: finds the terms.
        words: the document's language.
        clean: hashes of files packed in it that have been searched for the same terms.
        password: what a package is encrypted with.
        progress: told what is being done; raises to cancel it.

    Raises:
        TermSurvived: a term is in it, or something in it cannot be searched.
        Cancelled: ``progress`` said so.
    """
    what = words("writing.searching")

    def tick() -> None:
        progress(0, 0, what)

    suffix = suffix or PurePosixPath(name).suffix.casefold()
    try:
        for one in _texts(document, suffix, Search(tick, clean, MOST_BYTES_OF_OURS), password):
            for found in finder.find(one.text):
                if not _is_the_programs(one, suffix):
                    raise TermSurvived(
                        f"“{name}” was not written: “{found.term.text}” would still have been found in it "
                        f"({one.place}). Your portfolio is as it was; mark a region there, or a part of the term too."
                    )
    except (Unsearchable, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        raise TermSurvived(
            f"“{name}” was not written, because a part of it ({error}) cannot be searched for what is hidden; "
            "export it without that file."
        ) from error


def _texts(document: Path, suffix: str, search: Search, password: str) -> Iterator[Text]:
    if suffix == ".zip":
        import pyzipper  # noqa: PLC0415 - as in the writer

        with pyzipper.AESZipFile(document) as archive:
            archive.setpassword(password.encode() or None)
            yield from _package(archive, search)
        return
    with document.open("rb") as file:
        yield from search.texts(file, suffix)


def _package(archive: Any, search: Search) -> Iterator[Text]:
    """Yield the texts of a package; of its table of contents only what was chosen for it."""
    schema = (resources_dir() / "schema" / "portfolio.schema.json").read_bytes()
    for member in archive.infolist():
        yield Text("the name of a file", member.filename)
        with archive.open(member) as opened:
            data = search.take(opened.read(), member.filename)
        path = PurePosixPath(member.filename)
        if data == schema:
            continue
        if len(path.parts) == 2 and path.name in _BAG_INFO:
            for line in data.decode().splitlines():
                yield Text(path.name, line.partition(": ")[2])
            continue
        yield from search.texts(io.BytesIO(data), path.name, 1)


def _is_the_programs(one: Text, suffix: str) -> bool:
    """Say whether a text is one that this program writes into every document, and no term of the learner's."""
    text = _SUBSET.sub("", one.text)
    if text in _enumerated() or _NUMBER_FORM.fullmatch(text) or _SCHEMA.fullmatch(text):
        return True
    suffixes = (".pdf", ".xlsx", ".html") if suffix == ".zip" else (suffix,)
    return any(text in _fixed(each) for each in suffixes)


@cache
def _enumerated() -> frozenset[str]:
    return frozenset(member.value for kind in _ENUMERATIONS for member in kind)


@cache
def _fixed(suffix: str) -> frozenset[str]:
    """Return the texts of a document that nobody has written anything in."""
    from portfolio_app.exporting.redaction.specimen import write_specimen  # noqa: PLC0415 - hardly ever needed

    with tempfile.TemporaryDirectory(prefix="portfolio-app-") as folder:
        target = Path(folder) / f"specimen{suffix}"
        if not write_specimen(target):
            return frozenset()
        with target.open("rb") as file:
            return frozenset(_SUBSET.sub("", one.text) for one in Search(lambda: None).texts(file, suffix))
