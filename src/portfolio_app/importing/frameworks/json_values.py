"""Values of JSON that a stranger wrote: what is not as it should be counts as not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def objects_of(value: object) -> list[Mapping[str, Any]]:
    """Return the objects in a list; nothing where it is no list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def text_of(described: Mapping[str, Any], name: str) -> str:
    """Return the text, or the whole number as text, that an object has under a name; else nothing."""
    value = described.get(name)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
