"""Other processes, and what this one is to them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Final

_NICENESS: Final = 10


def is_running(number: int) -> bool:
    """Return whether a process of this number runs on this computer, somebody else's too."""
    if number <= 0:
        return False
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only there; os.kill would end the process

        handle = ctypes.windll.kernel32.OpenProcess(0x00100000, False, number)  # SYNCHRONIZE
        running = bool(handle) and ctypes.windll.kernel32.WaitForSingleObject(handle, 0) != 0
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)
    else:
        try:
            os.kill(number, 0)
            running = True
        except (ProcessLookupError, OverflowError):
            running = False
        except PermissionError:
            running = True
    return running


def give_way() -> None:
    """Let other processes go first, as work that nobody waits for should; where that is refused, nothing happens."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only there

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), 0x00004000)  # BELOW_NORMAL_PRIORITY_CLASS
    else:
        with suppress(OSError):
            os.nice(_NICENESS)
