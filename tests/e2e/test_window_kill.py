"""The program is killed while somebody types: what was typed until a moment before is there afterwards."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.window_driver import WindowDriver

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no such signal")

Program = Callable[..., Any]

OPEN = "Sam Ellis – Portfolio App"
SAVED_WITHIN = 2.5
"""Seconds after which nothing that was typed may be lost any more."""


@pytest.mark.timeout(180)
def test_killed_while_typing(window: WindowDriver, program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "Sam Ellis"
    assert program("new", folder, "--learner", "Sam Ellis").code == 0
    assert program("evidence", "add", folder, "--kind", "reflective-account", "--title", "My June").code == 0
    typed = ""
    for turn in range(3):
        window.start(folder)
        window.wait_for(OPEN, "frame")
        window.keys("ctrl+2")
        window.press("Account", "text")
        window.keys("ctrl+End")
        sure = typed
        began = time.monotonic()
        moments: list[tuple[float, str]] = []
        for word in range(100):
            text = f"w{turn}-{word} "
            window.type(text)
            typed += text
            moments.append((time.monotonic(), typed))
        window.kill()
        killed = time.monotonic()
        assert killed - began > SAVED_WITHIN, "it was typed too fast to say anything"
        sure = next((text for moment, text in reversed(moments) if killed - moment > SAVED_WITHIN), sure)
        kept = program("evidence", "show", folder, "E1", "--json").json["body"]
        assert f"{kept} ".startswith(sure.rstrip()), (kept[-80:], sure[-80:])
        assert typed.startswith(kept), "something else came of it"
        typed = f"{kept.rstrip()}"
    assert program("check", folder).code == 0
    window.start()
    window.wait_for(OPEN, "frame")
    assert window.find(re.compile("unexpectedly"), "dialog") is None  # it was killed, and did not crash
    assert window.quit() == 0
