"""Strict reading of TOML: a key that is missing, misspelt or of the wrong type is named in one sentence.

Centres write these files by hand, so a slip must never pass in silence.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from portfolio_app.domain.errors import InvalidInput

_Choice = TypeVar("_Choice", bound=StrEnum)

LARGEST = 2_000_000
"""No content file is anywhere near this many bytes; whatever is, is not one of ours."""


@dataclass(slots=True)
class TomlTable:
    """A table of a TOML file that notes which keys were read. ``place`` ends sentences, as in “, field “tasks””."""

    name: str
    values: dict[str, Any]
    place: str = ""
    _read: set[str] = field(default_factory=set)

    def problem(self, what: str) -> InvalidInput:
        """Return the error to raise: file, place and what is wrong."""
        return InvalidInput(f"{self.name}{self.place}: {what}.")

    def at(self, place: str) -> None:
        """Say where in the file this table stands."""
        self.place = f", {place}"

    def text(self, key: str, *, required: bool = False) -> str:
        """Return the text under the key, without white space around it; empty where it may be left out."""
        value = self._value(key, str, "text in quotes")
        cleaned = "" if value is None else str(value).strip()
        if required and not cleaned:
            raise self.problem(f"“{key}” is missing or empty")
        return cleaned

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return the true or false under the key."""
        value = self._value(key, bool, "true or false")
        return default if value is None else bool(value)

    def integer(self, key: str, least: int = 0) -> int | None:
        """Return the whole number under the key, or ``None``."""
        value = self._value(key, int, "a whole number")
        if value is None:
            return None
        if isinstance(value, bool) or value < least:
            raise self.problem(f"“{key}” must be a whole number from {least}")
        return int(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts under the key, none of them empty."""
        value = self._value(key, list, "a list of texts")
        found: list[str] = []
        for item in value or ():
            if not isinstance(item, str) or not item.strip():
                raise self.problem(f"“{key}” must be a list of texts, none of them empty")
            found.append(item.strip())
        return tuple(found)

    def choice(self, key: str, options: type[_Choice], *, default: _Choice | None = None) -> _Choice:
        """Return the option whose value stands under the key."""
        written = self.text(key, required=default is None)
        if not written and default is not None:
            return default
        return self.option(key, written, options)

    def option(self, key: str, written: str, options: type[_Choice]) -> _Choice:
        """Return the option with this value."""
        try:
            return options(written)
        except ValueError:
            known = ", ".join(f"“{option.value}”" for option in options)
            raise self.problem(f"“{key}” is “{written}” but must be one of {known}") from None

    def table(self, key: str) -> TomlTable | None:
        """Return the table under the key, or ``None``."""
        value = self._value(key, dict, "a table")
        return None if value is None else TomlTable(self.name, value, self.place)

    def tables(self, key: str) -> list[TomlTable]:
        """Return the list of tables under the key."""
        value = self._value(key, list, "a list of tables") or []
        if not all(isinstance(item, dict) for item in value):
            raise self.problem(f"“{key}” must be a list of tables")
        return [TomlTable(self.name, item, self.place) for item in value]

    def finish(self) -> None:
        """Refuse what was not read: a misspelt key would otherwise be lost in silence."""
        unknown = [key for key in self.values if key not in self._read]
        if unknown:
            known = ", ".join(sorted(self._read))
            raise self.problem(f"“{unknown[0]}” is not a known key (known here: {known})")

    def _value(self, key: str, kind: type, expected: str) -> Any:
        self._read.add(key)
        value = self.values.get(key)
        if value is not None and not isinstance(value, kind):
            raise self.problem(f"“{key}” must be {expected}")
        return value


def read_toml(path: Path) -> TomlTable:
    """Read a TOML file.

    Raises:
        InvalidInput: it cannot be read, is not UTF-8, is far too large, or is not TOML.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read ({error.strerror or error}).") from error
    if len(data) > LARGEST:
        raise InvalidInput(f"{path.name} is too large to be a description in TOML (over {LARGEST // 1_000_000} MB).")
    try:
        # Notepad begins UTF-8 files with a byte order mark, which TOML does not know.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(f"{path.name} is not a text file in UTF-8.") from None
    return parse_toml(text, path.name)


def parse_toml(text: str, name: str) -> TomlTable:
    """Parse TOML text; ``name`` is what error sentences call it.

    Raises:
        InvalidInput: it is not TOML.
    """
    try:
        return TomlTable(name, tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error).rstrip(".") or "it is nested too deeply"
        raise InvalidInput(f"{name} is not valid TOML: {reason[:1].lower()}{reason[1:]}.") from None
