"""A screen that exists in memory only, with a session of its own: what a window and a screen reader need.

Nothing of the desktop that the tests run on is touched or seen: display, message bus, accessibility bus and folders
are the screen's own.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

NEEDED = ("Xvfb", "dbus-daemon", "xdotool")
"""The programs without which there is no screen."""

_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "TMPDIR", "PYTHONPATH")


@dataclass(frozen=True, slots=True)
class VirtualScreen:
    """A running screen: the environment of what is to be shown there, and what it shows."""

    environment: dict[str, str]
    folder: Path

    def picture(self) -> Image.Image:
        """Return what the screen shows now, read from its memory."""
        data = (self.folder / "Xvfb_screen0").read_bytes()
        header = struct.unpack(">25I", data[:100])
        size, width, height, bits, line, colours = header[0], header[4], header[5], header[11], header[12], header[19]
        if bits != 32:
            raise ValueError(f"a screen of {bits} bits to the pixel")
        return Image.frombytes("RGB", (width, height), data[size + colours * 12 :], "raw", "BGRX", line)


def missing() -> list[str]:
    """Return what has to be installed first."""
    return [program for program in NEEDED if shutil.which(program) is None]


@contextmanager
def started(folder: Path, size: tuple[int, int] = (1400, 900)) -> Iterator[VirtualScreen]:
    """Start a screen and its session in a folder; both end with the context."""
    folder.mkdir(parents=True, exist_ok=True)
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"LC_ALL": "C.UTF-8", "HOME": str(folder), "XDG_RUNTIME_DIR": str(runtime), "TZ": "Europe/London"}
    wide, high = size
    screen, display = _launched(
        ["Xvfb", "-displayfd", "{fd}", "-screen", "0", f"{wide}x{high}x24", "-nolisten", "tcp", "-fbdir", str(folder)],
        environment,
    )
    try:
        environment |= {"DISPLAY": f":{display}"}
        bus, address = _launched(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address={fd}"], environment
        )
        try:
            environment |= {"DBUS_SESSION_BUS_ADDRESS": address, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
            yield VirtualScreen(environment, folder)
        finally:
            _ended(bus)
    finally:
        _ended(screen)


def _launched(command: list[str], environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    """Start a server that writes its address to a file descriptor once it can be reached."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "r") as answers:
        server = subprocess.Popen(
            [word.replace("{fd}", str(writing)) for word in command],
            env=environment,
            pass_fds=[writing],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        address = answers.readline().strip()
    if not address:
        raise RuntimeError(f"{command[0]} ended with code {server.wait()}")
    return server, address


def _ended(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
