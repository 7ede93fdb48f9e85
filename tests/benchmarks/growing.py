"""A large portfolio, and one of half its size: nothing may grow faster than the portfolio."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.measure import Result, at_most, run_task

_ITEMS, _CLAIMS = 10_000, 60_000
_BOUNDS = {
    "open": ("open, after imports", 1000.0),
    "first_coverage_and_gaps": ("coverage and gaps, the first time", 150.0),
    "coverage_and_gaps": ("coverage and gaps, after an edit", 150.0),
    "edit": ("an edit (CPU)", 20.0),
    "backup": ("a back-up", 300.0),
}
# Below this many milliseconds a ratio tells of the clock rather than of the program.
_MEASURABLE = 2.0


def measure(folder: Path) -> list[Result]:
    """Measure each at 5,000 items with 30,000 claims and at 10,000 with 60,000."""
    _, half = run_task("large", folder / "half", str(_ITEMS // 2), str(_CLAIMS // 2))
    _, whole = run_task("large", folder / "whole", str(_ITEMS), str(_CLAIMS))
    results = []
    for key, (name, bound) in _BOUNDS.items():
        results.append(at_most(f"{name}, {_ITEMS:,} items and {_CLAIMS:,} claims", whole[key], bound, "ms", 1))
        ratio = max(whole[key], _MEASURABLE) / max(half[key], _MEASURABLE)
        # Half a tenth for the clock: linear work measures at 2.0 give or take the machine's noise.
        results.append(at_most("  against half the size", ratio, 2.1, "×"))
    return results
