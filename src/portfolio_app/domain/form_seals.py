"""What forms that leave the portfolio say of themselves: values in one line of JSON, sealed with a secret of it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from portfolio_app.domain.errors import InvalidInput


def canonical(values: Mapping[str, Any]) -> str:
    """Write values as one line of ASCII, always the same for the same values."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def seal(values: Mapping[str, Any], key: bytes) -> str:
    """Return what shows that these values were written by whoever has the key: HMAC-SHA256 in hexadecimal."""
    return hmac.new(key, canonical(values).encode("ascii"), hashlib.sha256).hexdigest()


def same_seal(one: str, other: str) -> bool:
    """Return whether two seals are the same, without telling by the time it takes how far they are."""
    return hmac.compare_digest(one.encode(), other.encode())


def check_format(number: Any, known: int, unreadable: str) -> None:
    """Refuse what this program cannot read.

    Raises:
        InvalidInput: it is of a later program, or (``unreadable`` says so) of none.
        TypeError: it is no whole number.
    """
    if whole(number) > known:
        raise InvalidInput("The form was made by a later version of this program; update it to read the form.")
    if number != known:
        raise InvalidInput(unreadable)


def typed(value: Any, kind: type) -> Any:
    """Return the value if it is of this type; raise ``TypeError`` otherwise."""
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError
    return value


def text(value: Any) -> str:
    """Return the value if it is text; raise ``TypeError`` otherwise."""
    return str(typed(value, str))


def whole(value: Any) -> int:
    """Return the value if it is a whole number; raise ``TypeError`` otherwise."""
    return int(typed(value, int))


def texts(value: Any) -> dict[str, str]:
    """Return the value if it maps text to text; raise ``TypeError`` otherwise."""
    return {text(key): text(one) for key, one in typed(value, dict).items()}
