"""Whatever is shipped is named with its licence and the text of it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from portfolio_app.licences import shipped_parts
from portfolio_app.paths import resources_dir


def test_every_part_has_a_licence_and_its_text() -> None:
    parts = shipped_parts()
    assert parts[0].name == "Portfolio App"
    assert [part.name for part in parts if not part.licence] == []
    assert [part.name for part in parts if len(part.text) < 60] == []
    assert len({part.name for part in parts}) == len(parts)


def test_every_dependency_is_among_them() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {re.split(r"[<>=\[;~! ]", line)[0].lower() for line in project["project"]["dependencies"]}
    assert needed <= {part.name.lower().replace("_", "-") for part in shipped_parts()}


def test_every_licence_in_the_resources_is_shown() -> None:
    shown = "\n".join(part.text for part in shipped_parts())
    missing = [
        path.name
        for path in (resources_dir() / "licences").iterdir()
        if path.read_text(encoding="utf-8").strip()[:200] not in shown
    ]
    assert missing == []


def test_qt_says_how_it_can_be_replaced() -> None:
    (qt,) = [part for part in shipped_parts() if part.name.lower().startswith("pyside6")]
    assert "replace them by versions of your own" in " ".join(qt.text.split())
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in qt.text
    assert "GNU GENERAL PUBLIC LICENSE" in qt.text
