"""Review copies that come back from an assessor: what the file says, before it is held against the portfolio."""

from __future__ import annotations

import re
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.review import ReviewIdentity
from portfolio_app.importing.pdf_form import FormUnreadable
from portfolio_app.services.pdf_pages import PagesUnreadable, PdfPages
from portfolio_app.services.returned_forms import Returned, read_returned_form

__all__ = ["FormUnreadable", "ReturnedCopy", "read_returned"]

ReturnedCopy: TypeAlias = Returned[ReviewIdentity]

_FRONT_PAGES: Final = 4
_FINGERPRINT: Final = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{16}\s+){3}[0-9a-f]{16}(?![0-9a-f])")


def read_returned(path: Path, progress: Progress = no_progress) -> ReturnedCopy:
    """Read a PDF that came back. Needs no portfolio, and takes seconds where it has hundreds of pages.

    Raises:
        FormUnreadable: it is no PDF that can be read.
        Cancelled: ``progress`` said so.
    """
    copy = read_returned_form(path, ReviewIdentity, progress)
    return copy if copy.has_fields else replace(copy, fingerprints=_fingerprints(path))


def _fingerprints(path: Path) -> tuple[str, ...]:
    """Look for the history's hash as it is printed on the front sheet."""
    found: dict[str, None] = {}
    with suppress(PagesUnreadable), closing(PdfPages(path, path.name)) as document:
        for number in range(min(document.count, _FRONT_PAGES)):
            with suppress(PagesUnreadable):
                for match in _FINGERPRINT.finditer(document.text(number).text):
                    found["".join(match[0].split())] = None
    return tuple(found)
