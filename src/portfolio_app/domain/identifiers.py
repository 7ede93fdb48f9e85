"""Keys: random UUIDs written as 32 hexadecimal digits, the same in every store."""

from __future__ import annotations

from uuid import uuid4


def new_id() -> str:
    """Return a fresh key: 32 lower-case hexadecimal digits."""
    return uuid4().hex
