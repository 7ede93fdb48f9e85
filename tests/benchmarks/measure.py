"""Run a piece of work in a process of its own and read what it cost from the operating system."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process cost: seconds of clock and of processor, and its peak memory in bytes."""

    wall: float
    cpu: float
    memory: int
    output: str


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the report: a figure, what it may at most (or at least) be, and whether it is."""

    name: str
    figure: str
    bound: str
    reached: bool


def run(command: Sequence[str | Path]) -> Cost:
    """Run a command to its end; a failure ends the benchmark with the command's own words."""
    # An installed program has its modules compiled; one that may not keep them would compile them each time.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, cwd=PROJECT, text=True, env=environment
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed with exit code {process.returncode}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, output)


def run_task(task: str, *arguments: str | Path) -> tuple[Cost, dict[str, Any]]:
    """Run a function of :mod:`tests.benchmarks.tasks` in a fresh interpreter; returns what it printed as JSON too."""
    cost = run([sys.executable, "-m", "tests.benchmarks.tasks", task, *arguments])
    return cost, json.loads(cost.output.strip().splitlines()[-1])


def alternate(a: Callable[[], float], b: Callable[[], float], runs: int = 5) -> tuple[float, float, float]:
    """Time A and B in turn; returns the medians and the median of the ratios A/B, pair by pair."""
    pairs = [(a(), b()) for _ in range(runs)]
    return (
        statistics.median(first for first, _ in pairs),
        statistics.median(second for _, second in pairs),
        statistics.median(first / second for first, second in pairs),
    )


def at_most(name: str, value: float, bound: float, unit: str, digits: int = 2) -> Result:
    """Make a line for a figure that must not be above its bound."""
    return Result(name, f"{value:,.{digits}f} {unit}", f"≤ {bound:g} {unit}", value <= bound)


def at_least(name: str, value: float, bound: float, unit: str, digits: int = 1) -> Result:
    """Make a line for a figure that must not be below its bound."""
    return Result(name, f"{value:,.{digits}f} {unit}", f"≥ {bound:g} {unit}", value >= bound)
