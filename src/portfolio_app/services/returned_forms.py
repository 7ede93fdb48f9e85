"""Forms that come back: which of ours a PDF holds, and what it says, before it is held against a portfolio."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.review import IDENTITY, ReviewIdentity
from portfolio_app.domain.witness_form import WitnessIdentity
from portfolio_app.helper_process import HelperProcess
from portfolio_app.importing.pdf_form import FilledForm, opened_form, root_names
from portfolio_app.page_hashes import page_hashes

Identity = TypeVar("Identity", ReviewIdentity, WitnessIdentity)
_Read = TypeVar("_Read")

_SUFFIX: Final = ".pdf"
_WHAT: Final = "The part of the program that reads returned forms"
_ADVICE: Final = "Nothing was taken from the file, and your portfolio is as it was."


class ReturnedForm(StrEnum):
    """A form that leaves the portfolio and comes back filled in. The value begins the name of its fields' root."""

    REVIEW = "pf_"
    """The assessor's, in a review copy."""
    WITNESS = "wf_"
    """A witness's, of one page."""


_IDENTITIES: Final = {ReviewIdentity: ReturnedForm.REVIEW, WitnessIdentity: ReturnedForm.WITNESS}


@dataclass(frozen=True, slots=True)
class Returned(Generic[Identity]):
    """A PDF that came back. It is a plain value: the file is not open any more.

    Attributes:
        name: What the file is called.
        sha256: Its hash, in hexadecimal.
        identity: What its form says of itself, whether that is true or not; ``None`` where it says nothing readable.
        problem: Why it says nothing readable, as a sentence, where something was there to be read.
        answers: What was filled in, by the names of the form's fields below their root ("r1.decision").
        unclear: Names of fields that cannot be read.
        pages: The hashes of its pages; none without an identity.
        has_fields: Whether there is a form at all.
        form: Which form of ours its fields are called as those of, if any.
        is_damaged: Whether the file had to be mended, so that something may be missing.
        identifier: What its properties call it.
        fingerprints: Hashes of a portfolio's history that are printed on a review copy's first pages; only looked for
            where there is no form.
    """

    name: str
    sha256: str
    identity: Identity | None = None
    problem: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    unclear: frozenset[str] = frozenset()
    pages: tuple[str, ...] = ()
    has_fields: bool = False
    form: ReturnedForm | None = None
    is_damaged: bool = False
    identifier: str = ""
    fingerprints: tuple[str, ...] = ()


def form_in(path: Path) -> ReturnedForm | None:
    """Return which form a file looks like it holds, if any; quick whatever the file is, and never an error."""
    if path.suffix.lower() != _SUFFIX:
        return None
    return _form_of(root_names(path))


def read_returned_form(
    path: Path, identity_type: type[Identity], progress: Progress = no_progress
) -> Returned[Identity]:
    """Read a PDF that came back. Needs no portfolio, and takes seconds where it has hundreds of pages.

    Raises:
        FormUnreadable: it is no PDF that can be read.
        Cancelled: ``progress`` said so.
    """
    what = f"Reading “{path.name}”"
    progress(0, 0, what)
    begins = _IDENTITIES[identity_type]
    pages: tuple[str, ...] = ()
    with opened_form(path) as (pdf, form):
        root, identity, problem = _identity(form, identity_type, begins)
        if identity is not None:
            done, total = 0, len(pdf.pages)

            def tick() -> None:
                nonlocal done
                progress(done, total, what)
                done += 1

            pages = tuple(page_hashes(pdf, tick))
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    below = f"{root}." if root else ""
    return Returned(
        name=path.name,
        sha256=sha256,
        identity=identity,
        problem=problem,
        answers={name.removeprefix(below): value for name, value in form.values.items() if name.startswith(below)},
        unclear=frozenset(name.removeprefix(below) for name in form.unclear if name.startswith(below)),
        pages=pages,
        has_fields=bool(form.values),
        form=_form_of(form.values),
        is_damaged=form.is_damaged,
        identifier=form.identifier,
    )


def why_foreign(identity: Identity, name: str, details: PortfolioDetails, key: bytes, what: str) -> str:
    """Say why a form was not made in the portfolio with these details and this secret; nothing where it was.

    ``name`` is the file's; ``what`` names it: "form".
    """
    if identity.portfolio != details.id:
        return (
            f"“{name}” is a {what} of another portfolio than {learner_of(details)}’s, so nothing was taken from it: "
            "open that portfolio and read it there."
        )
    if not identity.is_genuine(key):
        return (
            f"“{name}” says that it is a {what} of this portfolio, but its seal is wrong: it was not made here, or "
            "what it says of itself was changed. Nothing was taken from it."
        )
    return ""


def learner_of(details: PortfolioDetails) -> str:
    """Return whose portfolio it is, for a sentence."""
    return details.learner.name or "this learner"


def read_apart(read: Callable[[Path, Progress], _Read], path: Path, progress: Progress = no_progress) -> _Read:
    """Read a PDF that came back in a process of its own, as ``read`` does, which is a function of a module.

    So the window stays quick and outlives what a stranger's file does to a library; cancelling ends it at once.

    Raises:
        KnownError: as there, or the process ended.
    """
    process: HelperProcess[_Reader[_Read]] = HelperProcess(partial(_Reader, read), what=_WHAT, advice=_ADVICE)
    try:
        returned: _Read = process.call(_Reader.read, path.absolute(), progress=progress)
    finally:
        process.close()
    return returned


class _Reader(Generic[_Read]):
    """What lives in that process."""

    def __init__(self, read: Callable[[Path, Progress], _Read]) -> None:
        self._read = read

    def read(self, path: Path, progress: Progress) -> _Read:
        return self._read(path, progress)


def _form_of(names: Iterable[str]) -> ReturnedForm | None:
    known = list(names)
    return next((form for form in ReturnedForm if any(name.startswith(form) for name in known)), None)


def _identity(form: FilledForm, identity_type: Any, begins: str) -> tuple[str, Any, str]:
    """Find what the form says of itself; return the root below which it stands, and else why it cannot be read."""
    found: dict[str, Any] = {}
    problem = ""
    for name, value in form.values.items():
        root, _, last = name.rpartition(".")
        if last != IDENTITY or not (root.startswith(begins) or not root):
            continue
        try:
            found[root] = identity_type.from_json(value)
        except InvalidInput as error:
            problem = str(error)
    if len({str(identity) for identity in found.values()}) > 1:
        return "", None, "It holds the forms of several copies: ask for each of them as a file of its own."
    for root, identity in found.items():
        return root, identity, ""
    roots = (name.partition(".")[0] for name in form.values)
    return next((root for root in roots if root.startswith(begins)), ""), None, problem
