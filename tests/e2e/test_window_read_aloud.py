"""What a screen reader is told: over the accessibility bus, from the window on a screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.e2e.accessible_tree import Node
from tests.e2e.window_driver import WindowDriver, Words

OPEN = "Sam Ellis – Portfolio App"
PAGES: dict[str, Words] = {
    "Overview": "What changed …",
    "Evidence": re.compile("^E1 "),
    "Units": re.compile("^U1 "),
    "Matrix": "Coverage matrix",
    "Gaps": re.compile("^By unit"),
    "Feedback": "Find requirements",
    "Export": "Export …",
}


@pytest.fixture
def opened(window: WindowDriver, sample_folder: Path) -> WindowDriver:
    """Return the window with the sample portfolio."""
    window.start(sample_folder)
    window.wait_for(OPEN, "frame")
    return window


def test_whatever_has_the_keyboard_has_a_name_on_every_page(opened: WindowDriver) -> None:
    nameless: dict[str, list[str]] = {}
    for number, (page, sign) in enumerate(PAGES.items(), 1):
        opened.keys(f"ctrl+{number}")
        opened.wait_for(sign)
        assert opened.wait_for(page, "radio button").is_checked
        root = opened.tree()
        assert root is not None
        found = [_described(node) for node in root.walk() if node.is_showing and node.is_focusable and not node.name]
        if found:
            nameless[page] = found
    assert nameless == {}


def test_a_page_is_reached_by_tab_and_its_name_is_told(opened: WindowDriver) -> None:
    opened.keys("ctrl+1")
    opened.wait_for(PAGES["Overview"])
    told = []
    for _ in range(12):
        opened.keys("Tab")
        told.append(opened.until(opened.focused, "something with the keyboard").name)
    assert all(told)
    assert len(set(told)) > 6


def test_cells_of_the_matrix_say_what_they_are(opened: WindowDriver) -> None:
    opened.keys("ctrl+4")
    table = opened.wait_for("Coverage matrix", "table")
    assert (table.count("NRows") > 15, table.count("NColumns")) == (True, 31)
    decided, free = table.cell(2, 0), table.cell(2, 1)
    assert (decided.role, decided.name) == ("cell", "U1/MP1 × E1: met")
    assert decided.description == "Develop a customer service plan; Customer contact service plan 2026"
    assert free.name == "U1/MP1 × E2: not claimed"
    assert table.cell(1, 0).name == "U1/LO1 × E1: 1 requirement claimed"
    (row,) = table.call("org.a11y.atspi.Table", "GetRowDescription", "i", (2,))
    (column,) = table.call("org.a11y.atspi.Table", "GetColumnDescription", "i", (1,))
    assert (row, column) == ("U1/MP1 Develop a customer service plan", "E2")


def test_a_claim_in_the_matrix_is_told(opened: WindowDriver) -> None:
    opened.keys("ctrl+4")
    table = opened.wait_for("Coverage matrix", "table")
    opened.click(table.cell(2, 1))
    opened.keys("space")
    opened.until(lambda: table.cell(2, 1).name == "U1/MP1 × E2: met", "the claim in its cell")
    opened.keys("ctrl+z")
    opened.until(lambda: table.cell(2, 1).name == "U1/MP1 × E2: not claimed", "the claim taken back")


def _described(node: Node) -> str:
    chain = []
    step: Node | None = node
    while step is not None and step.role != "application":
        chain.append(f"{step.role} “{step.name}”")
        step = step.parent
    return " < ".join(chain[:5])
