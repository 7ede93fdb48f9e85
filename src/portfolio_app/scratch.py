"""Folders for what is needed for a while only: pages to look at, copies to open.

They lie in the system's temporary folder and bear the number of their process, so that what one leaves behind that
was ended from outside is removed at the next start: it may show what is in a portfolio.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from portfolio_app.processes import is_running

_NAME: Final = re.compile(r"portfolio-app-[a-z]+-(?P<process>[0-9]{1,10})-[a-z0-9_]+")


def scratch_prefix(purpose: str) -> str:
    """Return how the name of a folder for this purpose, a word in small letters, begins."""
    return f"portfolio-app-{purpose}-{os.getpid()}-"


def scratch_folder(purpose: str) -> Path:
    """Make a folder that only this user can look into; :func:`remove_scratch` removes it.

    Raises:
        OSError: there is no room, or no place for temporary files.
    """
    return Path(tempfile.mkdtemp(prefix=scratch_prefix(purpose)))


def remove_scratch(folder: Path) -> None:
    """Remove a folder and what is in it; what another program still holds stays behind."""
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                Path(place, name).chmod(stat.S_IWRITE | stat.S_IREAD)  # Windows keeps write-protected files
    shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove what processes of this user have left that do not run any more."""
    with suppress(OSError):
        for folder in Path(tempfile.gettempdir()).iterdir():
            match = _NAME.fullmatch(folder.name)
            if match and not is_running(int(match["process"])) and _is_own_folder(folder):
                remove_scratch(folder)


def _is_own_folder(path: Path) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and (os.name == "nt" or found.st_uid == os.getuid())
