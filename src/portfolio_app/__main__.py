"""The door to the program: ``portfolio-app``, or ``python -m portfolio_app``.

Without arguments, or with a portfolio or a package, it opens the window; with a command it is the command line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

# ruff: noqa: PLC0415 - importing this module must cost nothing, and each door needs only its own half

COMMANDS = frozenset(
    {
        *("library", "kinds", "new", "details", "declare", "decide", "review", "gaps", "dismiss", "matrix", "export"),
        *("import-package", "verify", "history", "undo", "redo", "check", "demo", "unit", "evidence", "claim"),
        *("person", "action", "backup", "redact", "word-template", "witness-form", "cycle", "qualification", "suggest"),
        "search",
    }
)
"""The first words of the command line. A folder of such a name is opened in the window as ``./name``."""

_SEPARATORS = tuple(mark for mark in (os.sep, os.altsep) if mark)


def main() -> None:
    """Run the window or the command line and leave with its exit code."""
    arguments = sys.argv[1:]
    if not wants_window(arguments):
        from portfolio_app.cli import run

        sys.exit(run(arguments))
    sys.exit(_open_window(arguments))


def wants_window(arguments: Sequence[str]) -> bool:
    """Say whether these arguments open the window: there are none, or all of them name places."""
    return all(_is_place(argument) for argument in arguments)


def _is_place(argument: str) -> bool:
    if not argument or argument.startswith("-") or argument in COMMANDS:
        return False
    if argument.endswith((".portfolio", ".zip")) or any(mark in argument for mark in _SEPARATORS):
        return True
    try:
        return Path(argument).exists()
    except (OSError, ValueError):
        return False


def _open_window(arguments: Sequence[str]) -> int:
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        print(  # noqa: T201 - nothing but the terminal is there to say it on
            "There is no screen to show the window on; “portfolio-app --help” lists what can be done without.",
            file=sys.stderr,
        )
        return 2
    try:
        from portfolio_app.app import run
    except ImportError as error:
        print(f"The window cannot be shown, because the system lacks a library: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return run([Path(argument).absolute() for argument in arguments])


if __name__ == "__main__":
    main()
