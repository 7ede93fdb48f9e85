"""A disk that is really small, where the system lets us have one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SMALL_DISK = 12 << 20  # bytes


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of 12 MB of its own; skip where none can be mounted."""
    if sys.platform != "linux":
        pytest.skip("mounts a tmpfs")
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("may not mount a disk here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)
