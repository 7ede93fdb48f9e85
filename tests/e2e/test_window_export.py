"""Documents are made in a process of their own: it goes with the window, however that goes."""

from __future__ import annotations

import os
import re
import tempfile
from functools import partial
from pathlib import Path

import psutil
import pytest
from tests.e2e.window_driver import WindowDriver

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no such screen")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("ending", ["quit", "killed"])
def test_no_process_outlives_the_window(window: WindowDriver, sample_folder: Path, tmp_path: Path, ending: str) -> None:
    folder = tmp_path / "Handed over"
    folder.mkdir()
    window.start(sample_folder)
    window.wait_for(re.compile("Sam.* – Portfolio App"), "frame")
    window.keys("ctrl+e")
    helpers = window.until(psutil.Process(window._running.pid).children, "a process of its own")
    previews = window.until(partial(_previews_of, window._running.pid), "a folder for the preview")
    window.press("Export …")
    window.wait_for(re.compile("^Export"), "dialog")
    window.keys("ctrl+a")
    window.type(str(folder / "Sam.pdf"))
    window.keys("Return")
    window.until(lambda: list(folder.iterdir()), "a document that is begun")
    if ending == "quit":
        assert window.quit() == 0
        assert window.complaints() == ""
    else:
        window.kill()
    _, left = psutil.wait_procs(helpers, timeout=60)
    assert left == []
    assert {path.name for path in folder.iterdir()} <= {"Sam.pdf"}
    if ending == "killed":
        window.start()  # which removes what the other could not
        window.until(lambda: not any(path.exists() for path in previews), "none of the pages that were shown")
    assert not any(path.exists() for path in previews)


def _previews_of(process: int) -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(f"portfolio-app-preview-{process}-*"))
