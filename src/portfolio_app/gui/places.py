"""Where something is in the window: what a button that leads somewhere leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OVERVIEW: Final = "overview"
EVIDENCE: Final = "evidence"
UNITS: Final = "units"
MATRIX: Final = "matrix"
GAPS: Final = "gaps"
FEEDBACK: Final = "feedback"
EXPORT: Final = "export"

CLAIM_FIELD: Final = "claim"
PARTS_FIELD: Final = "parts"
GUIDANCE_FIELD: Final = "guidance"
GROUPS_FIELD: Final = "groups"
"""Fields of a place: the claim on ``requirement_id`` beside the evidence, its parts; the guidance on ``unit_id``; the
groups of all units."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page and the very thing on it; every part but the page may be empty.

    ``field`` is the name of a form's field, or of a part of the page: ``title``, ``date``, ``body``, ``standing``,
    ``people``, ``attachments``, ``claim``, ``declaration``. ``attachment`` is a file's name and ``page_number``
    a page in it, counted from 1 as readers do. ``passage`` is some text that stands there, and ``words`` are those that
    a search has found in it: they are marked.
    """

    page: str
    evidence_id: str = ""
    requirement_id: str = ""
    unit_id: str = ""
    field: str = ""
    attachment: str = ""
    page_number: str = ""
    passage: str = ""
    words: tuple[str, ...] = ()
