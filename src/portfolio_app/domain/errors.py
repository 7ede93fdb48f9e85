"""Known errors: each carries one sentence that can be shown to the user as it is."""

from __future__ import annotations


class KnownError(Exception):
    """Something went wrong that the program understands; ``str(error)`` is one sentence for the user."""


class InvalidInput(KnownError):
    """What the user gave (a date, a field, a name …) cannot be used."""


class UnknownReference(KnownError):
    """No unit, requirement, evidence item or person has this reference."""


class AmbiguousReference(KnownError):
    """More than one requirement has this reference; the path is needed."""


class Cancelled(KnownError):
    """The user cancelled a long task; nothing was changed."""
