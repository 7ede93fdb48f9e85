"""Searching a large portfolio and its files, and keeping the index of them up to date."""

from __future__ import annotations

import statistics
from pathlib import Path

from tests.benchmarks.measure import Result, at_most, run_task

_ITEMS, _FILES = 10_000, 2_000


def measure(folder: Path) -> list[Result]:
    """Search 10,000 items with 60,000 claims and the texts of 2,000 files for what is typed and for common words."""
    _, told = run_task("searching", folder, str(_ITEMS), str(_FILES))
    each = {query: statistics.median(times) for query, times in told["queries"].items()}
    slowest = max(each, key=lambda query: each[query])
    of = f"{_ITEMS:,} items, {_FILES:,} files (CPU)"
    return [
        at_most(f"a search, {of}: the median of {len(each)}", statistics.median(each.values()), 30.0, "ms", 1),
        at_most(f"  the slowest of them ({slowest})", each[slowest], 30.0, "ms", 1),
        at_most("the index made anew of 10,000 items", told["anew"], 5.0, "s", 1),
        at_most("  the longest piece on the portfolio's thread", told["longest_piece"], 100.0, "ms", 1),
        at_most("2,000 texts of files put into it", told["texts"], 4.0, "s", 1),
        at_most("caught up after one edit", statistics.median(told["caught_up"]), 50.0, "ms", 1),
        at_most("a look when nothing was changed", statistics.median(told["looked"]), 10.0, "ms", 1),
    ]
