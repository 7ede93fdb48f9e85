"""A Chromium without a window, driven over a pipe as its developer tools do: real clicks and keys in its PDF viewer."""

from __future__ import annotations

import base64
import json
import os
import selectors
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pikepdf
from tests.form_clients import Answers, Place, clicks

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

_SECONDS = 60.0
_MOMENT = 0.1
_PATIENCE = 3.0
_CLICKS = 5
_TURNS = 200
_MARGIN = 20.0  # points from the left, where nothing stands
_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions-except=",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--window-size=1100,1400",
    "--remote-debugging-pipe",
)
_VIEWER = "chrome-extension://"


class Chromium:
    """One browser that shows one PDF."""

    def __init__(self, document: Path, profile: Path) -> None:
        assert PROGRAM
        read, self._out = os.pipe()
        self._in, write = os.pipe()
        address = f"{document.as_uri()}#toolbar=0&zoom=100"
        # It listens on 3 and answers on 4, whatever else those are here.
        command = f'exec "$@" 3<&{read} 4>&{write}'
        arguments = [PROGRAM, *_FLAGS, f"--user-data-dir={profile}", address]
        with (profile.parent / "chromium.log").open("wb") as log:
            self._process = subprocess.Popen(
                ["bash", "-c", command, "chromium", *arguments], pass_fds=(read, write), stdout=log, stderr=log
            )
        os.close(read)
        os.close(write)
        self._buffer = b""
        self._number = 0
        self._page = self._attached(lambda target: target["type"] == "page")
        self._viewer = self._attached(lambda target: str(target["url"]).startswith(_VIEWER))
        self._wait_for("document.querySelector('pdf-viewer')?.viewport_?.documentDimensions_ ? 1 : 0")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with suppress(AssertionError, OSError):
            self._call("Browser.close")
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def click(self, place: Place, page_height: float, focus: str) -> None:
        """Scroll to a place of a page, and click on it until what has the keyboard is "text", "non-text" or "none"."""
        for _ in range(_CLICKS):
            x, y = self._brought_into_sight(place, page_height)
            for event in ("mouseMoved", "mousePressed", "mouseReleased"):
                self._call("Input.dispatchMouseEvent", self._page, type=event, clickCount=1, x=x, y=y, button="left")
            # The viewer hears of it in another process. Buttons are clicked once, for a second click takes it back.
            until = time.monotonic() + (_SECONDS if focus == "non-text" else _PATIENCE)
            while time.monotonic() < until:
                if self._evaluated("document.querySelector('pdf-viewer').formFieldFocus_") == focus:
                    return
                time.sleep(_MOMENT)
        raise AssertionError(f"a click on {place} does not lead to {focus}")

    def _brought_into_sight(self, place: Place, page_height: float) -> tuple[float, float]:
        """Turn the wheel until a place is seen; return where on the screen it comes to rest."""
        before = turned_at = None
        for _ in range(_TURNS):
            left, top, height, window = self._page_on_screen(place.page)
            scale = height / page_height
            x, y = left + place.x * scale, top + (page_height - place.y) * scale
            if before == (before := (x, y)):
                if window / 4 < y < window * 3 / 4 or (turned_at == before and 0 < y < window):
                    return x, y
                wheel = {"type": "mouseWheel", "x": x, "y": window / 2, "deltaX": 0, "deltaY": y - window / 2}
                self._call("Input.dispatchMouseEvent", self._page, **wheel)
                turned_at = before
                time.sleep(4 * _MOMENT)
            time.sleep(_MOMENT)
        raise AssertionError(f"{place} does not come into sight")

    def _page_on_screen(self, page: int) -> list[float]:
        """Return where a page begins, how high it is, and how high the window is, in pixels."""
        asked = f"""(() => {{
            const page = document.querySelector('pdf-viewer').viewport.getPageScreenRect({page});
            return JSON.stringify([page.x, page.y, page.height, innerHeight]);
        }})()"""
        found: list[float] = json.loads(self._evaluated(asked))
        return found

    def type(self, text: str) -> None:
        """Press keys."""
        for character in text.replace("\n", "\r"):
            for event in ("rawKeyDown", "char", "keyUp"):
                self._call("Input.dispatchKeyEvent", self._page, type=event, text=character, key=character)

    def saved(self) -> bytes:
        """Return the document as its Save button would write it."""
        asked = """(async () => {
            const viewer = document.querySelector('pdf-viewer');
            const answer = await viewer.currentController.save('EDITED');
            const bytes = new Uint8Array(answer.dataToSave);
            let text = '';
            for (let at = 0; at < bytes.length; at += 30000)
                text += String.fromCharCode.apply(null, bytes.subarray(at, at + 30000));
            return btoa(text);
        })()"""
        return base64.b64decode(self._evaluated(asked))

    def picture(self, target: Path) -> None:
        """Keep what is seen as a PNG."""
        target.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", self._page)["data"]))

    def _attached(self, wanted: Callable[[dict[str, Any]], bool]) -> str:
        until = time.monotonic() + _SECONDS
        targets: list[dict[str, Any]] = []
        while time.monotonic() < until:
            targets = self._call("Target.getTargets")["targetInfos"]
            for target in targets:
                if wanted(target):
                    answer = self._call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
                    return str(answer["sessionId"])
            time.sleep(0.2)
        raise AssertionError(f"Chromium shows only {targets}")

    def _wait_for(self, asked: str) -> None:
        until = time.monotonic() + _SECONDS
        while not self._evaluated(asked):
            assert time.monotonic() < until, f"not so: {asked}"
            time.sleep(0.2)

    def _evaluated(self, asked: str) -> Any:
        answer = self._call("Runtime.evaluate", self._viewer, expression=asked, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def _call(self, method: str, session: str = "", **parameters: Any) -> Any:
        self._number += 1
        said = {"id": self._number, "method": method, "params": parameters} | (
            {"sessionId": session} if session else {}
        )
        os.write(self._out, json.dumps(said).encode() + b"\0")
        until = time.monotonic() + _SECONDS
        while True:
            answer = json.loads(self._message(until))
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer.get('error')}"
                return answer["result"]

    def _message(self, until: float) -> bytes:
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._in, selectors.EVENT_READ)
            while b"\0" not in self._buffer:
                assert waiting.select(max(until - time.monotonic(), 0)), "Chromium does not answer"
                read = os.read(self._in, 1 << 20)
                assert read, "Chromium has ended"
                self._buffer += read
        message, _, self._buffer = self._buffer.partition(b"\0")
        return message


def chromium_typing(source: Path, target: Path, answers: Answers) -> None:
    """Fill a form in with Chromium: by clicks and keys."""
    with pikepdf.open(source) as pdf:
        heights = [float(page.mediabox[3]) for page in pdf.pages]
    with Chromium(source, target.parent / "profile") as browser:
        for place, text in clicks(source, answers):
            browser.click(place, heights[place.page], "non-text" if place.state else "text")
            if text:
                browser.type(text)
            # Without a window (not with one), keys are lost once the page that had the keyboard is out of sight.
            browser.click(replace(place, x=_MARGIN), heights[place.page], "none")
        target.write_bytes(browser.saved())
