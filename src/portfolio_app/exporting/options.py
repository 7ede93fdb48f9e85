"""What an export is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Audience(StrEnum):
    """Whose copy it is. The value is the word on the command line."""

    LEARNER = "learner"
    ASSESSOR = "assessor"
    TUTOR = "tutor"


class Profile(StrEnum):
    """What a PDF is for: to be read and answered, or to be kept. The value is the word on the command line."""

    REVIEW = "review"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What goes into a publication, and for whom.

    ``unit_codes``: only these units, and only the evidence claimed for them; empty means all. Of confidential items,
    unless they are included, and of those whose ids are ``held_back``, the reference stays and what they are claimed
    for, so that no reference leads nowhere. Without files, attached ones are listed, and neither shown nor embedded.
    The assessor's copy has space for decisions, the tutor's the gaps. ``page_size`` is "A4" or "Letter"; ``language``
    a BCP 47 tag. ``profile`` is that of a PDF;
    ``sealed``: an archive copy is signed, so that later changes show. ``word_template`` is what a Word document takes
    its looks from, if not the program's own template. ``redacted``:
    what is marked to be hidden is hidden.
    """

    audience: Audience = Audience.LEARNER
    unit_codes: tuple[str, ...] = ()
    include_confidential: bool = True
    held_back: frozenset[str] = frozenset()
    with_files: bool = True
    page_size: str = "A4"
    language: str = "en-GB"
    profile: Profile = Profile.REVIEW
    sealed: bool = False
    word_template: Path | None = None
    redacted: bool = True
