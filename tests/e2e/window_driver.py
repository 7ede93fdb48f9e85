"""Drives the program's window from outside, as its user does: with the mouse, the keyboard and eyes.

Things are found by what a screen reader calls them, and then clicked where they are on the screen. Nothing waits for
a time to pass: every step waits until what it needs is there, or fails with what was there instead.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from tests.e2e.accessible_tree import Bus, Node
from tests.e2e.virtual_screen import VirtualScreen

T = TypeVar("T")
Words = str | re.Pattern[str]

PATIENCE: Final = 30.0
_PAUSE: Final = 0.03
_BOX: Final = 12  # pixels from the beginning of a row to the middle of its box
_KEY_DELAY_MS: Final = "4"
_FILE_MANAGER: Final = (1290, 780, 100, 100)  # left, top, width, height, in a corner of the screen
_DRAG_STEPS: Final = 12


class WindowDriver:
    """One run of the program on a virtual screen."""

    def __init__(self, screen: VirtualScreen, home: Path) -> None:
        self.home = home
        self._screen = screen
        self._process: subprocess.Popen[bytes] | None = None
        self._launched: list[subprocess.Popen[bytes]] = []
        self._bus: Bus | None = None
        self._environment = screen.environment | {
            f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "STATE", "DATA", "CACHE")
        }

    # The program

    def start(self, *arguments: object) -> WindowDriver:
        """Start the program and wait for its window."""
        self._process = self.launch(*arguments)
        if self._bus is None:
            self._bus = Bus(self._environment["DBUS_SESSION_BUS_ADDRESS"])
        self.wait_for(re.compile("Portfolio App"), "frame")
        self._take_focus()
        return self

    def launch(self, *arguments: object) -> subprocess.Popen[bytes]:
        """Start the program without expecting a window of it."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "stderr.txt").open("ab") as complaints:
            process = subprocess.Popen(
                [sys.executable, "-m", "portfolio_app", *map(str, arguments)],
                env=self._environment,
                cwd=self.home,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
            )
        self._launched.append(process)
        return process

    def quit(self) -> int:
        """Leave the program as its user does, and return its exit code."""
        self.keys("ctrl+q")
        self.until(lambda: not self.is_running, "the end of the program")
        return self._running.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal that ends it."""
        self._running.send_signal(number)
        self._running.wait(PATIENCE)

    def kill(self) -> None:
        """End the program without warning."""
        self.signal(signal.SIGKILL)

    def finish(self) -> None:
        """End whatever is left."""
        for process in self._launched:
            process.kill()
            process.wait()
        if self._bus is not None:
            self._bus.close()

    @property
    def is_running(self) -> bool:
        """Whether the program has not ended."""
        return self._running.poll() is None

    def complaints(self) -> str:
        """Return what the program wrote on its terminal, and what it left behind if it crashed."""
        left = [self.home / "stderr.txt", *self.home.glob("state/portfolio-app/log/faults*")]
        return "".join(path.read_text(encoding="utf-8", errors="replace") for path in left)

    # Looking

    def tree(self) -> Node | None:
        """Return everything on the screen that belongs to the program."""
        assert self._bus is not None
        return self._bus.application(self._running.pid)

    def find_all(self, name: Words, role: str = "", *, below: str = "") -> list[Node]:
        """Return what is showing under that name, in the order of the window; ``below`` names what it is part of."""
        root = self.tree()
        if root is None:
            return []
        parts = [node for node in root.walk() if node.is_showing and _is(node.name, below)] if below else [root]
        return [
            node
            for part in parts
            for node in part.walk()
            if node.is_showing and _is(node.name, name) and role in ("", node.role)
        ]

    def find(self, name: Words, role: str = "", *, below: str = "") -> Node | None:
        """Return what is showing under that name, the newest if there are several."""
        found = self.find_all(name, role, below=below)
        return found[-1] if found else None

    def wait_for(self, name: Words, role: str = "", *, below: str = "", seconds: float = PATIENCE) -> Node:
        """Return what is showing under that name as soon as it is."""
        return self.until(
            lambda: self.find(name, role, below=below), f"{role or 'thing'} “{_shown(name)}”", seconds=seconds
        )

    def wait_focused(self, name: Words) -> Node:
        """Return what has the keyboard as soon as it has that name."""

        def focused() -> Node | None:
            self._take_focus()
            root = self.tree()
            found = (node for node in root.walk() if node.is_focused and _is(node.name, name)) if root else iter(())
            return next(found, None)

        return self.until(focused, f"the keyboard in “{_shown(name)}”")

    def wait_gone(self, name: Words, role: str = "") -> None:
        """Return when nothing of that name is showing."""
        self.until(lambda: self.find(name, role) is None, f"no {role or 'thing'} “{_shown(name)}”")

    def until(self, condition: Callable[[], T | None], what: str, *, seconds: float = PATIENCE) -> T:
        """Return what ``condition`` returns as soon as that is true of anything."""
        deadline = time.monotonic() + seconds
        while True:
            found = condition()
            if found:
                return found
            self._fail_on_a_bug(what)
            if not self.is_running:
                code = self._running.returncode
                raise AssertionError(f"The program ended with {code}, waiting for {what}.\n{self.complaints()}")
            if time.monotonic() > deadline:
                picture = self.home / "failed.png"
                self.screenshot(picture)
                raise AssertionError(f"There never was: {what}. There is ({picture}):\n{self.described()}")
            time.sleep(_PAUSE)

    def described(self) -> str:
        """Return everything on the screen with a name, indented as it is nested."""
        root = self.tree()
        if root is None:
            return "nothing"
        lines: list[str] = []

        def tell(node: Node, depth: int) -> None:
            if node.is_showing and (node.name or node.is_focusable):
                mark = " (has the focus)" if node.is_focused else ""
                lines.append(f"{'  ' * depth}{node.role} “{node.name}”{mark}")
                depth += 1
            for child in node.children:
                tell(child, depth)

        tell(root, 0)
        return "\n".join(lines)

    def focused(self) -> Node | None:
        """Return what has the keyboard: the innermost thing, where several say so."""
        self._take_focus()
        root = self.tree()
        found = [node for node in root.walk() if node.is_focused] if root else []
        return found[-1] if found else None

    def screenshot(self, path: Path) -> None:
        """Save what the screen shows."""
        self._screen.picture().save(path)

    # Acting

    def press(self, name: Words, role: str = "push button", *, below: str = "") -> None:
        """Click what is showing under that name, once it can be used."""

        def usable() -> Node | None:
            node = self.find(name, role, below=below)
            return node if node is not None and node.is_enabled else None

        self.click(self.until(usable, f"{role} “{_shown(name)}” that can be pressed"))

    def tick(self, name: Words, role: str) -> None:
        """Click the box at the beginning of a row."""
        left, top, _, height = self.wait_for(name, role).extents()
        self.click_at(left + _BOX, top + min(height // 2, _BOX + 2))

    def click(self, node: Node, *, times: int = 1) -> None:
        """Click the middle of a thing; what has been scrolled away is brought into sight first."""
        self.until(lambda: self._bring_into_sight(node), f"{node} in sight")
        left, top, width, height = node.extents()
        self.click_at(left + width // 2, top + height // 2, times=times)

    def _bring_into_sight(self, node: Node) -> bool:
        """Turn the wheel once over what a thing has been scrolled out of; say whether it is in sight."""
        around = node.hidden_by()
        if around is None:
            return True
        left, top, width, height = around.extents()
        middle = top + height // 2
        wheel = "5" if node.extents()[1] > middle else "4"
        self._xdotool("mousemove", str(left + width // 2), str(middle), "click", wheel)
        return False

    def click_at(self, left: int, top: int, *, times: int = 1) -> None:
        """Click a place on the screen."""
        self._xdotool("mousemove", str(left), str(top), "click", "--repeat", str(times), "1")

    def drop(self, files: Sequence[Path], node: Node) -> None:
        """Drag files with the mouse out of another program's window, and let go of them on a thing."""
        left, top, width, height = node.extents()
        command = [sys.executable, "-m", "tests.e2e.file_manager", *map(str, _FILE_MANAGER), *map(str, files)]
        manager = subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE)
        self._launched.append(manager)
        assert manager.stdout is not None
        with manager.stdout as said:
            assert said.readline() == b"shown\n"
        at, down = _FILE_MANAGER[0] + _FILE_MANAGER[2] // 2, _FILE_MANAGER[1] + _FILE_MANAGER[3] // 2
        self._xdotool("mousemove", str(at), str(down), "mousedown", "1")
        for step in range(1, _DRAG_STEPS + 1):
            over = at + (left + width // 2 - at) * step // _DRAG_STEPS
            under = down + (top + height // 2 - down) * step // _DRAG_STEPS
            self._xdotool("mousemove", "--sync", str(over), str(under))
            time.sleep(_PAUSE)  # what is dragged over answers before the mouse goes on
        self._xdotool("mouseup", "1")

    def keys(self, *keys: str) -> None:
        """Press keys one after the other: ``keys("ctrl+n", "Tab")``."""
        self._take_focus()
        self._xdotool("key", "--delay", _KEY_DELAY_MS, *keys)

    def type(self, text: str) -> None:
        """Type a text into what has the keyboard."""
        self._take_focus()
        self._xdotool("type", "--delay", _KEY_DELAY_MS, text)

    def fill(self, name: Words, text: str, role: str = "text", *, below: str = "") -> None:
        """Click a field and type over what stands in it."""
        self.press(name, role, below=below)
        self.keys("ctrl+a")
        self.type(text)

    def _fail_on_a_bug(self, what: str) -> None:
        for path in self.home.glob("state/portfolio-app/log/report-*.txt"):
            report = path.read_text(encoding="utf-8")
            if "ended in the middle of its work" not in report:  # that is found by its having ended
                raise AssertionError(f"Waiting for {what}:\n{report}")

    def _take_focus(self) -> None:
        """Give the keyboard to the topmost window, as a window manager does; there is none on this screen."""
        windows = self._xdotool("search", "--onlyvisible", "--name", ".*").split()[1:]  # the first is the screen
        if windows and self._xdotool("getwindowfocus", "-f").strip() not in windows:
            self._xdotool("windowfocus", "--sync", windows[-1])

    def _xdotool(self, *words: str) -> str:
        return subprocess.run(
            ["xdotool", *words], env=self._environment, check=True, capture_output=True, text=True, timeout=PATIENCE
        ).stdout

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the program was not started"
        return self._process


def _is(name: str, wanted: Words) -> bool:
    return name == wanted if isinstance(wanted, str) else wanted.search(name) is not None


def _shown(wanted: Words) -> str:
    return wanted if isinstance(wanted, str) else wanted.pattern
