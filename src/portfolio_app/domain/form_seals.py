"""What forms that leave the portfolio say of themselves: values in one line of JSON, sealed with a secret of it."""

from __future__ import annotations

import hashlib
import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from portfolio_app.domain.errors import InvalidInput


def canonical(values: Mapping[str, Any]) -> str:
    """Write values as one line of ASCII, always the same for the same values."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedIdentity(ABC):
    """What a form says of itself, sealed with the secret of the portfolio that it was made in.

    ``mac`` is the seal: HMAC-SHA256 of all the rest, in hexadecimal.
    """

    mac: str = ""

    longest: ClassVar[int]
    """Characters that it can have as JSON."""
    unreadable: ClassVar[str]
    """The sentence for the user where it cannot be read."""

    def signed(self, key: bytes) -> Self:
        """Return it sealed with the portfolio's secret."""
        return replace(self, mac=self._seal(key))

    def is_genuine(self, key: bytes) -> bool:
        """Whether it was sealed with this secret and is unchanged since."""
        return hmac.compare_digest(self.mac.encode(), self._seal(key).encode())

    def to_json(self) -> str:
        """Write it as one line of ASCII."""
        return canonical({**self.values(), "mac": self.mac})

    @classmethod
    def from_json(cls, written: str) -> Self:
        """Read it from the value of a form's field; whether it is genuine is another question.

        Raises:
            InvalidInput: it is not an identity, or of a later program.
        """
        if len(written) > cls.longest:
            raise InvalidInput(cls.unreadable)
        try:
            return cls.of_values(json.loads(written))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            raise InvalidInput(cls.unreadable) from error

    @abstractmethod
    def values(self) -> dict[str, Any]:
        """Return what is sealed, as JSON can say it."""

    @classmethod
    @abstractmethod
    def of_values(cls, found: Mapping[str, Any]) -> Self:
        """Read what :meth:`values` returned, and the seal.

        Raises:
            InvalidInput: it is of a later program.
            ValueError, TypeError, KeyError: it is no such thing.
        """

    def _seal(self, key: bytes) -> str:
        return hmac.new(key, canonical(self.values()).encode("ascii"), hashlib.sha256).hexdigest()


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


def moment(value: Any) -> datetime:
    """Return the moment (UTC) that text in ISO 8601 names; raise ``TypeError`` or ``ValueError`` otherwise."""
    found = datetime.fromisoformat(text(value))
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def check_format(number: Any, known: int) -> None:
    """Refuse what this program cannot read.

    Raises:
        InvalidInput: it is of a later program.
        ValueError, TypeError: it is of none.
    """
    if whole(number) > known:
        raise InvalidInput("The form was made by a later version of this program; update it to read the form.")
    if number != known:
        raise ValueError
