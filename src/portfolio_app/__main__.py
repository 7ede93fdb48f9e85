"""The door to the program: ``portfolio-app``, or ``python -m portfolio_app``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from portfolio_app.cli import run  # noqa: PLC0415 - importing this module must cost nothing

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
