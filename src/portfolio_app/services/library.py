"""What the program brings along: units to choose from, and kinds of evidence."""

from __future__ import annotations

from pathlib import Path

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.quality_words import QualityWords
from portfolio_app.importing.evidence_kinds import load_kinds
from portfolio_app.importing.quality_words import load_quality_words
from portfolio_app.importing.unit_library import LibraryEntry, library
from portfolio_app.paths import user_config_dir

__all__ = ["LibraryEntry", "evidence_kinds", "quality_words", "unit_library", "user_units"]

UNITS_FOLDER = "units"
"""The folder in the user's configuration whose files add units to the library."""

KINDS_FOLDER = "evidence_kinds"
"""The folder, in a portfolio or in the user's configuration, whose files add kinds of evidence."""

QUALITY_FOLDER = "quality"
"""The folder, in a portfolio or in the user's configuration, whose files change the word lists of the checks."""


def unit_library() -> list[LibraryEntry]:
    """Return the units to choose from: those that come with the program, and the user's own."""
    return list(library(user_units()))


def user_units() -> Path:
    """Return the folder whose files add units to the library."""
    return user_config_dir() / UNITS_FOLDER


def evidence_kinds(portfolio_folder: Path | None = None) -> dict[str, EvidenceKind]:
    """Return the kinds of evidence by id: the program's, then the user's, then the portfolio's own.

    Raises:
        InvalidInput: a file that adds a kind is not sound.
    """
    folders = [user_config_dir() / KINDS_FOLDER]
    if portfolio_folder is not None:
        folders.append(portfolio_folder / KINDS_FOLDER)
    return load_kinds(*folders)


def quality_words(portfolio_folder: Path | None = None) -> QualityWords:
    """Return the words by which texts are checked: the program's, changed by the user's, then by the portfolio's own.

    Raises:
        InvalidInput: a file that changes them is not sound.
    """
    folders = [user_config_dir() / QUALITY_FOLDER]
    if portfolio_folder is not None:
        folders.append(portfolio_folder / QUALITY_FOLDER)
    return load_quality_words(*folders)
