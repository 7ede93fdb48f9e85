"""Where documents may be written: anywhere but among the portfolio's own files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.storage.backups import BACKUPS_FOLDER
from portfolio_app.storage.files import FILES_FOLDER


def check_targets(portfolio_folder: Path, targets: Sequence[Path]) -> None:
    """Refuse names that no document can be given.

    Raises:
        InvalidInput: a target is given twice, is among the portfolio's own files, or cannot be the name of a file.
    """
    own = [portfolio_folder.resolve() / name for name in (FILES_FOLDER, BACKUPS_FOLDER, "cache")]
    seen: dict[str, Path] = {}
    for target in targets:
        place = resolved(target)
        key = os.path.normcase(place)
        if key in seen:
            raise InvalidInput(f"“{target}” is given twice; each document needs a name of its own.")
        seen[key] = place
        if any(place.is_relative_to(inside) for inside in own):
            raise InvalidInput(f"“{target}” is among the portfolio’s own files; choose another place for the document.")


def resolved(target: Path) -> Path:
    """Return where a target really is.

    Raises:
        InvalidInput: it cannot be the name of a file.
    """
    try:
        return target.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise InvalidInput(f"{str(target)!r} cannot be the name of a file; choose another.") from error
