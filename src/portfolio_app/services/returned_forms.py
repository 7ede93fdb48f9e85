"""Which form of this program a PDF holds: what is dropped on the window may be an answer rather than a file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

from portfolio_app.importing.pdf_form import root_names


class ReturnedForm(StrEnum):
    """A form that leaves the portfolio and comes back filled in. The value begins the name of its fields' root."""

    REVIEW = "pf_"
    """The assessor's, in a review copy."""
    WITNESS = "wf_"
    """A witness's, of one page."""


_SUFFIX: Final = ".pdf"


def form_in(path: Path) -> ReturnedForm | None:
    """Return which form a file looks like it holds, if any; quick whatever the file is, and never an error."""
    if path.suffix.lower() != _SUFFIX:
        return None
    names = root_names(path)
    return next((form for form in ReturnedForm if any(name.startswith(form) for name in names)), None)
