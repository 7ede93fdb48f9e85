"""Which other processes there are."""

from __future__ import annotations

import os
import sys


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
