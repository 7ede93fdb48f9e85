"""How long the program takes to answer ``--help``, beside an interpreter that does nothing."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.measure import Result, alternate, at_most, run


def measure(_folder: Path) -> list[Result]:
    """Compare ``portfolio-app --help`` with ``python -c pass``."""
    program = Path(sys.executable).with_name("portfolio-app")
    run([program, "--help"])
    helped, bare, ratio = alternate(
        lambda: run([program, "--help"]).wall, lambda: run([sys.executable, "-c", "pass"]).wall, runs=9
    )
    return [
        at_most("portfolio-app --help", helped, 0.35, "s"),
        Result("  against an interpreter that does nothing", f"{ratio:.1f} ×", f"({bare:.3f} s)", reached=True),
    ]
