"""The user's settings: declared once, with type and default, kept in one small file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

_LARGEST: Final = 1 << 20  # bytes; a larger file is not one of ours


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting. ``is_valid`` refuses values that the program cannot use; the default then stands in."""

    name: str
    default: T
    is_valid: Callable[[T], bool] = lambda _value: True


def _one_of(*values: str) -> Callable[[str], bool]:
    return lambda value: value in values


def _texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


THEME = Setting("theme", "system", _one_of("system", "light", "dark"))
ZOOM = Setting("zoom", 1.0, lambda value: 0.5 <= value <= 3)
ZOOM_STEPS: Final = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
"""What zoom the window offers."""

SPELLING = Setting("spelling", "en_GB", _one_of("en_GB", ""))
COMPACT = Setting("compact", default=False)
RECENT: Setting[list[str]] = Setting("recent", [], _texts)
PINNED: Setting[list[str]] = Setting("pinned", [], _texts)
SUGGESTIONS = Setting("suggestions", default=True)
"""Whether what an item might meet is looked for by itself."""
REOPEN = Setting("reopen", default=True)
LAST_OPEN = Setting("last_open", "")
PORTFOLIOS_FOLDER = Setting("portfolios_folder", "")
ASSESSOR = Setting("assessor", "")
WINDOW_GEOMETRY = Setting("window_geometry", "")
WINDOW_STATE: Setting[dict[str, Any]] = Setting("window_state", {})


@dataclass(slots=True)
class Settings:
    """Values of settings by what they were declared as; each change is written at once.

    A file that cannot be read is the same as none, and one that cannot be written is no error: settings are a
    convenience. Values that this version does not know are kept.
    """

    path: Path | None = None
    _values: dict[str, Any] = field(default_factory=dict)
    _observers: dict[str, list[Callable[[], None]]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Settings:
        """Read the settings file, or begin without one."""
        try:
            if path.stat().st_size > _LARGEST:
                return cls(path)
            values = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return cls(path)
        return cls(path, values if isinstance(values, dict) else {})

    def get(self, setting: Setting[T]) -> T:
        """Return the value, or the default where there is none or it cannot be used."""
        value = self._values.get(setting.name, setting.default)
        if isinstance(setting.default, float) and type(value) is int:
            value = float(value)
        if type(value) is not type(setting.default):
            return setting.default
        return value if setting.is_valid(value) else setting.default

    def set(self, setting: Setting[T], value: T) -> None:
        """Change a value, write the file and tell who observes it."""
        if self.get(setting) == value and setting.name in self._values:
            return
        self._values[setting.name] = value
        self._write()
        for observer in self._observers.get(setting.name, ()):
            observer()

    def observe(self, setting: Setting[Any], observer: Callable[[], None]) -> None:
        """Have ``observer`` called after each change of the value."""
        self._observers.setdefault(setting.name, []).append(observer)

    def _write(self) -> None:
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
            temporary.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
            temporary.replace(self.path)
        except OSError:
            return
