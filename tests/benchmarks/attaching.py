"""Attaching a large file, beside ``cp`` and ``sync`` of the same file on the same disk."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from tests.benchmarks.measure import Result, alternate, at_most, run, run_task

_SIZE = 500 * 1024 * 1024


def measure(folder: Path) -> list[Result]:
    """Attach 500 MB of noise; the copy ends, as attaching does, with the bytes on the disk."""
    source = folder / "recording.mp4"
    with source.open("wb") as file:
        block = os.urandom(1024 * 1024)
        for number in range(_SIZE // len(block)):
            file.write(number.to_bytes(8, "big") + block[8:])
        file.flush()
        os.fsync(file.fileno())
    memory: list[int] = []

    def attach() -> float:
        store = folder / "store"
        cost, told = run_task("attach", source, store)
        memory.append(cost.memory)
        shutil.rmtree(store)
        return float(told["wall"])

    def copy() -> float:
        target = folder / "copy.mp4"
        start = time.perf_counter()
        run(["cp", source, target])
        run(["sync", target])
        wall = time.perf_counter() - start
        target.unlink()
        return wall

    attach(), copy()
    attached, copied, ratio = alternate(attach, copy, runs=7)
    return [
        at_most(f"attach 500 MB ({attached:.2f} s) against cp + sync ({copied:.2f} s)", ratio, 1.3, "×"),
        at_most("memory while attaching", max(memory) / 1e6, 100, "MB", 0),
    ]
