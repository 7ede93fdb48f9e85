"""A large portfolio, and one of half its size: nothing may grow faster than the portfolio."""

from __future__ import annotations

import statistics
from pathlib import Path

from tests.benchmarks.measure import Result, at_most, run_task

_ITEMS, _CLAIMS = 10_000, 60_000
_BOUNDS = {
    "open": ("open, after imports", 1000.0),
    "first_coverage_and_gaps": ("coverage and gaps, the first time", 150.0),
    "coverage_and_gaps": ("coverage and gaps, after an edit", 150.0),
    "edit": ("an edit (CPU)", 20.0),
    "list": ("the list of evidence", 60.0),
    "search": ("two words searched in all of it", 40.0),
    "backup": ("a back-up", 300.0),
}


def measure(folder: Path) -> list[Result]:
    """Measure each at 5,000 items with 30,000 claims and at 10,000 with 60,000, in turn; medians."""
    _, told = run_task("large", folder, str(_ITEMS), str(_CLAIMS))
    results = []
    for key, (name, bound) in _BOUNDS.items():
        whole = statistics.median(pair[1] for pair in told[key])
        ratio = statistics.median(pair[1] / pair[0] for pair in told[key])
        results.append(at_most(f"{name}, {_ITEMS:,} items and {_CLAIMS:,} claims", whole, bound, "ms", 1))
        # A twentieth for the clock: linear work measures at 2.0 give or take the machine's noise.
        results.append(at_most("  against half the size", ratio, 2.1, "×"))
    return results
