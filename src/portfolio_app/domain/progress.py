"""How long work reports where it is, and how it is cancelled."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called now and then by long work. To cancel, raise :class:`portfolio_app.domain.errors.Cancelled`."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Say that ``done`` of ``total`` units of work are finished; ``what`` is a short phrase for the user."""


def no_progress(done: int, total: int, what: str) -> None:
    """Ignore progress."""
