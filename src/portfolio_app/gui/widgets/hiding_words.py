"""What the action is called that hides some text in copies for others."""

from __future__ import annotations

from typing import Final

_LONGEST_NAMED: Final = 40


def in_copies(text: str) -> str:
    """Return the words of the action that hides some text: “Hide “Dana Whyte” in copies”."""
    shown = " ".join(text.split())
    if len(shown) > _LONGEST_NAMED:
        shown = f"{shown[: _LONGEST_NAMED - 1]}…"
    return f"Hide “{shown}” in copies".replace("&", "&&")
