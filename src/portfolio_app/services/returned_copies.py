"""Review copies that come back from an assessor: what the file says, before it is held against the portfolio."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.review import IDENTITY, ReviewIdentity, ReviewRoot
from portfolio_app.importing.pdf_form import FilledForm, FormUnreadable, opened_form
from portfolio_app.page_hashes import page_hashes
from portfolio_app.services.pdf_pages import PagesUnreadable, PdfPages
from portfolio_app.services.returned_forms import ReturnedForm

__all__ = ["FormUnreadable", "ReturnedCopy", "read_returned"]

_FRONT_PAGES: Final = 4
_FINGERPRINT: Final = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{16}\s+){3}[0-9a-f]{16}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class ReturnedCopy:
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
        is_review: Whether its fields are called as those of a review form.
        is_damaged: Whether the file had to be mended, so that something may be missing.
        identifier: What its properties call it.
        fingerprints: Hashes of a portfolio's history that are printed on its first pages; only looked for where there
            is no form.
    """

    name: str
    sha256: str
    identity: ReviewIdentity | None = None
    problem: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    unclear: frozenset[str] = frozenset()
    pages: tuple[str, ...] = ()
    has_fields: bool = False
    is_review: bool = False
    is_damaged: bool = False
    identifier: str = ""
    fingerprints: tuple[str, ...] = ()


def read_returned(path: Path, progress: Progress = no_progress) -> ReturnedCopy:
    """Read a PDF that came back. Needs no portfolio, and takes seconds where it has hundreds of pages.

    Raises:
        FormUnreadable: it is no PDF that can be read.
        Cancelled: ``progress`` said so.
    """
    what = f"Reading “{path.name}”"
    progress(0, 0, what)
    pages: tuple[str, ...] = ()
    with opened_form(path) as (pdf, form):
        root, identity, problem = _identity(form)
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
    return ReturnedCopy(
        name=path.name,
        sha256=sha256,
        identity=identity,
        problem=problem,
        answers={name.removeprefix(below): value for name, value in form.values.items() if name.startswith(below)},
        unclear=frozenset(name.removeprefix(below) for name in form.unclear if name.startswith(below)),
        pages=pages,
        has_fields=bool(form.values),
        is_review=any(name.startswith(ReturnedForm.REVIEW) for name in form.values),
        is_damaged=form.is_damaged,
        identifier=form.identifier,
        fingerprints=() if form.values else _fingerprints(path),
    )


def _identity(form: FilledForm) -> tuple[str, ReviewIdentity | None, str]:
    """Find what the form says of itself; return the root below which it stands, and else why it cannot be read."""
    found: dict[str, ReviewIdentity] = {}
    problem = ""
    for name, value in form.values.items():
        root, _, last = name.rpartition(".")
        if last != IDENTITY or not (root.startswith(ReturnedForm.REVIEW) or not root):
            continue
        try:
            found[root] = ReviewIdentity.from_json(value)
        except InvalidInput as error:
            problem = str(error)
    if len({str(identity) for identity in found.values()}) > 1:
        return "", None, "It holds the forms of several copies: ask for each of them as a file of its own."
    for root, identity in found.items():
        return root, identity, ""
    return next((root for root in map(_root_of, form.values) if root), ""), None, problem


def _root_of(name: str) -> str:
    root = name.partition(".")[0]
    return root if ReviewRoot.of_name(root) else ""


def _fingerprints(path: Path) -> tuple[str, ...]:
    """Look for the history's hash as it is printed on the front sheet."""
    found: dict[str, None] = {}
    with suppress(PagesUnreadable), closing(PdfPages(path, path.name)) as document:
        for number in range(min(document.count, _FRONT_PAGES)):
            with suppress(PagesUnreadable):
                for match in _FINGERPRINT.finditer(document.text(number).text):
                    found["".join(match[0].split())] = None
    return tuple(found)
