"""How well a password keeps others out, said in words while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from portfolio_app.services.packages import SHORTEST_PASSWORD

_LONGEST_LOOKED_AT: Final = 40
"""Characters: what follows can only make it stronger, and the time to look at it grows faster than its length."""
_GUESSED_IN_MINUTES: Final = 10.0
_GUESSED_IN_MONTHS: Final = 14.0
"""Decimal logarithms of guesses. A graphics card tries some ten million passwords of a zip in a second."""
_ADVICE: Final = "Four words that do not belong together are strong, and easy to keep in mind."


@dataclass(frozen=True, slots=True)
class PasswordStrength:
    """What is thought of a password: ``says`` is a sentence or two; ``enough`` whether it is strong."""

    says: str
    enough: bool = False


def password_strength(password: str, known: Sequence[str] = ()) -> PasswordStrength:
    """Return how long a computer would need to guess a password; ``known`` are words that others would try first.

    Of an empty one there is nothing to say.
    """
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its lists of words are large, and few packages have a password

    if not password:
        return PasswordStrength("")
    if len(password) < SHORTEST_PASSWORD:
        return PasswordStrength(f"Too short: use at least {SHORTEST_PASSWORD} characters. {_ADVICE}")
    words = [word for text in known for word in (text, *text.split())]
    guesses = float(zxcvbn(password[:_LONGEST_LOOKED_AT], user_inputs=words)["guesses_log10"])
    if guesses < _GUESSED_IN_MINUTES:
        return PasswordStrength(f"Weak: a computer could guess it within minutes. {_ADVICE}")
    if guesses < _GUESSED_IN_MONTHS:
        return PasswordStrength(f"Fair: a computer could guess it within months. {_ADVICE}")
    return PasswordStrength("Strong: to guess it would take a computer years.", enough=True)
