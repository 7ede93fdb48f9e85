"""Which attached files nothing can ever ask for again, so that they may go."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from portfolio_app.storage import history, schema
from portfolio_app.storage.backups import Backups
from portfolio_app.storage.database import compiled
from portfolio_app.storage.files import FileStore
from portfolio_app.storage.opening import DAMAGED_SUFFIX, SUFFIX

KEPT_UNUSED: Final = timedelta(days=30)

_DATABASES: Final = frozenset({SUFFIX, DAMAGED_SUFFIX})
_ATTACHED: Final = compiled(select(schema.attachment.c.sha256).distinct())


def remove_unused(
    connection: sqlite3.Connection, path: Path, files: FileStore, backups: Backups, now: datetime | None = None
) -> list[str]:
    """Remove the files that nothing has named for 30 days, and return their hashes.

    What counts: the rows of the database at ``path``, its history (any step may be undone or redone) and every
    back-up. While another database lies in the folder (one was restored, or set aside as damaged), nothing is
    removed, because its owner may go back to it.

    Raises:
        StorageError, sqlite3.Error, zlib.error: a back-up or the history cannot be read; nothing was removed.
    """
    if any(other.suffix in _DATABASES and other.name != path.name for other in path.parent.iterdir()):
        return []
    kept = {sha256 for (sha256,) in connection.execute(_ATTACHED)}
    unused = files.sizes().keys() - kept
    if unused:
        kept |= backups.attached_files()
        kept |= history.mentioned(connection, unused - kept)
    return files.collect(kept, KEPT_UNUSED, now)
