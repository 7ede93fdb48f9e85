r"""One program for each user and desktop: a second start hands its files to the first.

The two talk through a local socket (a named pipe on Windows) that other users cannot reach. What arrives there is
still not believed: it is short, of the one form below, or ignored.

    {"format": 1, "paths": ["/home/sam/Sam Ellis.portfolio"], "token": "what lets the window come to the front"}\n
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QCryptographicHash, QDeadlineTimer, QDir, QLockFile, QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER_MS: Final = 1000
"""How long a second start waits for the first, before it goes on by itself."""

_FORMAT: Final = 1
_LONGEST: Final = 256 * 1024  # bytes of a message
_MOST_PATHS: Final = 1000
_LONGEST_TOKEN: Final = 500
_MOST_CALLERS: Final = 10
_PATIENCE_MS: Final = 3000  # with a caller who does not finish the sentence
_ANSWER: Final = b"opened\n"
_TOKENS: Final = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
_LONGEST_NAME: Final = 100  # bytes; the address of a Unix socket has 103 or more


class SingleInstance(QObject):
    """The first program of a desktop, or a second one that asks it to open something.

    ``hand_over`` needs no ``QApplication``; ``listen`` needs its event loop to run.
    """

    opened = Signal(list)
    """Another start asks to show the window and to open these paths (``list[Path]``; often none)."""

    def __init__(self, name: str = "", parent: QObject | None = None) -> None:
        """Prepare to call or to listen.

        Args:
            name: Where to meet, for tests; as a rule that follows from the user and the desktop.
            parent: The owner.
        """
        super().__init__(parent)
        self._name = name or _meeting_place()
        self._server: QLocalServer | None = None
        self._callers: list[_Caller] = []

    def hand_over(self, paths: Iterable[Path]) -> bool:
        """Ask the first program to open ``paths`` and to come to the front.

        Returns:
            Whether it took them, so that this program can end. ``False`` where there is no other, or it did not
            answer within :data:`ANSWER_MS`.
        """
        message = _message(paths)
        if not self._name or len(message) > _LONGEST:
            return False
        deadline = QDeadlineTimer(ANSWER_MS)
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_remaining(deadline)):
            return False
        _let_come_to_front()
        socket.write(message)
        while socket.bytesToWrite():
            if not socket.waitForBytesWritten(_remaining(deadline)):
                return False
        answer = b""
        while not answer.endswith(b"\n"):
            if not socket.bytesAvailable() and not socket.waitForReadyRead(_remaining(deadline)):
                return False
            answer += socket.read(len(_ANSWER)).data()
            if len(answer) > len(_ANSWER):
                return False
        socket.abort()
        return answer == _ANSWER

    def listen(self) -> bool:
        """Be the first: emit ``opened`` for every later start.

        Returns:
            Whether this program is now the first. ``False`` where another one is, or no socket can be made; the
            program is usable then, only later starts do not find it.
        """
        if self._server is not None:
            return True
        if not self._name:
            return False
        # Two that start at the same moment must not each take the other's new socket for one left behind.
        lock = QLockFile(_beside(self._name, ".lock"))
        if not lock.tryLock(ANSWER_MS):
            return False
        try:
            server = QLocalServer(self)
            if sys.platform == "win32":  # elsewhere the folder is the user's own
                server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
            server.setMaxPendingConnections(_MOST_CALLERS)
            if not server.listen(self._name):
                if self._is_answered():
                    return False
                QLocalServer.removeServer(self._name)
                if not server.listen(self._name):
                    return False
        finally:
            lock.unlock()
        server.newConnection.connect(self._welcome)
        self._server = server
        return True

    def close(self) -> None:
        """Be found no longer."""
        for caller in list(self._callers):
            caller.hang_up()
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
            self._server = None

    def _is_answered(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        return socket.waitForConnected(ANSWER_MS)

    @Slot()
    def _welcome(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            caller = _Caller(socket, self)
            if len(self._callers) >= _MOST_CALLERS:
                caller.hang_up()
                continue
            self._callers.append(caller)
            caller.asked.connect(self._open)
            caller.gone.connect(self._forget)
            caller.hear()

    @Slot(list, str)
    def _open(self, paths: list[Path], token: str) -> None:
        if token:  # Qt looks there when a window asks to come to the front
            os.environ[_TOKENS[0]] = token
        self.opened.emit(paths)

    @Slot(QObject)
    def _forget(self, caller: _Caller) -> None:
        if caller in self._callers:
            self._callers.remove(caller)


class _Caller(QObject):
    """A program that has connected, until it has been answered or shown out."""

    asked = Signal(list, str)
    gone = Signal(QObject)

    def __init__(self, socket: QLocalSocket, parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        self._said = bytearray()
        self._is_over = False
        socket.setParent(self)
        socket.setReadBufferSize(_LONGEST + 1)
        socket.readyRead.connect(self.hear)
        socket.disconnected.connect(self.hang_up)
        patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        patience.timeout.connect(self.hang_up)
        patience.start()

    @Slot()
    def hear(self) -> None:
        """Take what has arrived, and answer when that is a whole line."""
        if self._is_over:
            return
        self._said += bytes(self._socket.readAll().data())
        line, end, _ = bytes(self._said).partition(b"\n")
        if not end:
            if len(self._said) > _LONGEST:
                self.hang_up()
            return
        wanted = _understood(line)
        if wanted is not None:
            self._socket.write(_ANSWER)
            self._socket.flush()
        self.hang_up()
        if wanted is not None:
            self.asked.emit(*wanted)

    @Slot()
    def hang_up(self) -> None:
        """End the connection, once."""
        if self._is_over:
            return
        self._is_over = True
        self._socket.disconnectFromServer()
        self.gone.emit(self)
        self.deleteLater()


def _remaining(deadline: QDeadlineTimer) -> int:
    return max(1, deadline.remainingTime())


def _message(paths: Iterable[Path]) -> bytes:
    token = next((os.environ[name] for name in _TOKENS if os.environ.get(name)), "")[:_LONGEST_TOKEN]
    wanted = {"format": _FORMAT, "paths": [os.path.abspath(path) for path in paths], "token": token}  # noqa: PTH100 - links stay
    return json.dumps(wanted).encode("ascii") + b"\n"


def _understood(line: bytes) -> tuple[list[Path], str] | None:
    """Return the paths and the token of a message, or ``None`` for one that no program of ours sends."""
    if len(line) > _LONGEST:
        return None
    try:
        wanted: Any = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(wanted, dict) or wanted.get("format") != _FORMAT:
        return None
    paths, token = wanted.get("paths"), wanted.get("token", "")
    if not isinstance(paths, list) or len(paths) > _MOST_PATHS or not isinstance(token, str):
        return None
    if not all(isinstance(path, str) and "\0" not in path and Path(path).is_absolute() for path in paths):
        return None
    if len(token) > _LONGEST_TOKEN or not token.isascii() or not token.isprintable():
        token = ""
    return [Path(path) for path in paths], token


def _meeting_place() -> str:
    """Return the name of the socket: one for each user, desktop and settings; empty where none is safe."""
    from portfolio_app.paths import user_config_dir  # noqa: PLC0415 - a test that gives a name needs no folders

    if sys.platform == "win32":
        return f"portfolio-app-{_mark(str(user_config_dir()), os.environ.get('USERNAME', ''), str(_windows_session()))}"
    desktop = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or ""
    folder = _own_folder()
    if folder is None:
        return ""
    name = str(folder / f"portfolio-app-{_mark(str(user_config_dir()), desktop)}")
    return name if len(os.fsencode(name)) <= _LONGEST_NAME else ""


def _own_folder() -> Path | None:
    """Return a folder that other users cannot write to, for the length of the session."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if given and _is_own(Path(given)):
        return Path(given)
    folder = Path(QDir.tempPath()) / f"portfolio-app-{os.getuid()}"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder if _is_own(folder) else None


def _is_own(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _mark(*words: str) -> str:
    text = "\0".join(words).encode("utf-8", "surrogateescape")
    return QCryptographicHash.hash(text, QCryptographicHash.Algorithm.Sha256).toHex().toStdString()[:16]


def _beside(name: str, suffix: str) -> str:
    if sys.platform == "win32":
        return str(Path(QDir.tempPath()) / f"{name}{suffix}")
    return name + suffix


def _windows_session() -> int:
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows only

        number = ctypes.c_ulong(0)
        ctypes.windll.kernel32.ProcessIdToSessionId(os.getpid(), ctypes.byref(number))
        return number.value
    return 0


def _let_come_to_front() -> None:
    """Let the other program's window take the focus, which Windows allows to the newest program alone."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows only

        any_program = 0xFFFFFFFF
        ctypes.windll.user32.AllowSetForegroundWindow(any_program)
