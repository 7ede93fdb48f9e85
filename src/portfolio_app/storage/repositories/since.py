"""What is not as it was at an earlier revision, out of the history."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from portfolio_app.domain.changes import ChangedSince
from portfolio_app.storage import history
from portfolio_app.storage.schema import claim, component, evidence, requirement

_WORDING: Final = ("ref", "kind", "text")
_CONTENT: Final = ("revised_at", "binned_at")


def changed_since(connection: sqlite3.Connection, revision: int) -> ChangedSince:
    """Compare requirements, claims and items with how they were after the step of this number."""
    reworded: set[str] = set()
    gone: dict[str, str] = {}
    claimed: set[str] = set()
    items: set[str] = set()
    for table, then, now in history.changed_rows(connection, revision, (requirement, component, claim, evidence)):
        row = now or then or {}
        if table == requirement.name and now is None:
            gone[row["id"]] = f"{row['ref']} {row['text']}".strip()
        elif table == requirement.name and _differ(then, now, _WORDING):
            reworded.add(row["id"])
        elif table == component.name and _differ(then, now, ("text",)):
            reworded.add(row["requirement_id"])
        elif table == claim.name:
            claimed |= {each["requirement_id"] for each in (then, now) if each is not None}
        elif table == evidence.name and _differ(then, now, _CONTENT):
            items.add(row["id"])
    return ChangedSince(frozenset(reworded - gone.keys()), gone, frozenset(claimed), frozenset(items))


def _differ(then: dict[str, Any] | None, now: dict[str, Any] | None, columns: tuple[str, ...]) -> bool:
    return then is None or now is None or any(then[name] != now[name] for name in columns)
