"""The user's settings: kept, defaulted where they cannot be used, and never in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portfolio_app import settings as declared
from portfolio_app.settings import Settings


def test_what_is_set_is_there_at_the_next_start_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "settings.json"
    settings = Settings.load(path)
    told: list[str] = []
    settings.observe(declared.THEME, lambda: told.append(settings.get(declared.THEME)))
    settings.set(declared.THEME, "dark")
    settings.set(declared.THEME, "dark")
    settings.set(declared.ZOOM, 1.5)
    assert told == ["dark"]
    again = Settings.load(path)
    assert again.get(declared.THEME) == "dark"
    assert again.get(declared.ZOOM) == pytest.approx(1.5)
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000, b'{"theme": "' + b"x" * (2 << 20)])
def test_a_file_that_cannot_be_read_is_the_same_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert Settings.load(path).get(declared.THEME) == "system"


def test_values_that_cannot_be_used_give_way_to_the_default_and_unknown_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        json.dumps({"theme": "pink", "zoom": 99, "recent": [1, 2], "reopen": "yes", "of a newer version": 7})
    )
    settings = Settings.load(path)
    assert settings.get(declared.THEME) == "system"
    assert settings.get(declared.ZOOM) == pytest.approx(1.0)
    assert settings.get(declared.RECENT) == []
    assert settings.get(declared.REOPEN) is True
    settings.set(declared.THEME, "light")
    assert json.loads(path.read_text())["of a newer version"] == 7


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = Settings.load(tmp_path / "file" / "settings.json")
    settings.set(declared.THEME, "dark")
    assert settings.get(declared.THEME) == "dark"
