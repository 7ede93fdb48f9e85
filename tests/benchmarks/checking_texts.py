"""Reading the words of a large portfolio for the remarks on them, and judging from what was read."""

from __future__ import annotations

import statistics
from pathlib import Path

from tests.benchmarks.measure import Result, at_most, run_task

_ITEMS = 10_000


def measure(folder: Path) -> list[Result]:
    """Read 10,000 items of 250 words piece by piece, then find gaps as the window does after each edit."""
    _, told = run_task("checking_texts", folder, str(_ITEMS))
    return [
        at_most(f"all texts of {_ITEMS:,} items read and compared (CPU)", told["all"], 25.0, "s", 1),
        at_most("  a piece on the portfolio's thread (CPU), 99 of 100", told["piece"], 20.0, "ms", 1),
        at_most("  memory that it takes", told["memory"] / 1e6, 120.0, "MB", 0),
        at_most("read again after one edit (CPU)", statistics.median(told["edit"]), 100.0, "ms", 1),
        at_most("gaps with what was read (CPU)", statistics.median(told["gaps"]), 150.0, "ms", 1),
        at_most(
            "  the same, did all requirements ask for all checks", statistics.median(told["asking"]), 300.0, "ms", 1
        ),
        at_most("the improvement cycle of a unit (CPU)", statistics.median(told["cycle"]), 200.0, "ms", 1),
    ]
