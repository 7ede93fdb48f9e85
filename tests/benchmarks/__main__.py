"""Measure what the program promises of its speed, and print each figure beside its bound."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import (
    attaching,
    checking_texts,
    exporting,
    first_paint,
    growing,
    matrix_scrolling,
    peers,
    reading,
    searching,
    specification,
    starting,
    suggesting,
    typing,
    window_stalls,
)
from tests.benchmarks.measure import Result

_BENCHMARKS: dict[str, Callable[[Path], list[Result]]] = {
    "start": starting.measure,
    "window": first_paint.measure,
    "attach": attaching.measure,
    "large": growing.measure,
    "export": exporting.measure,
    "peers": peers.measure,
    "search": searching.measure,
    "reading": reading.measure,
    "texts": checking_texts.measure,
    "specification": specification.measure,
    "typing": typing.measure,
    "matrix": matrix_scrolling.measure,
    "stalls": window_stalls.measure,
    "suggestions": suggesting.measure,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks (all without names); exit code 1 when a bound is missed."""
    unknown = set(names) - set(_BENCHMARKS)
    if unknown:
        sys.stderr.write(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join(_BENCHMARKS)}.\n")
        return 2
    missed = 0
    for name in names or _BENCHMARKS:
        with tempfile.TemporaryDirectory(prefix="portfolio-bench-") as folder:
            results = _BENCHMARKS[name](Path(folder))
        sys.stdout.write(f"\n{name}\n")
        for result in results:
            missed += not result.reached
            mark = "ok    " if result.reached else "MISSED"
            sys.stdout.write(f"  {mark} {result.name:<58} {result.figure:>18}   {result.bound}\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
