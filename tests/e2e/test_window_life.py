"""The whole life of a portfolio in the window, by mouse and keyboard: what comes out is read without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from tests.e2e.window_driver import WindowDriver

Program = Callable[..., Any]

OPEN = "Sam Ellis – Portfolio App"
SENTENCE = "I planned the June rota from the calls of last year."


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Return five files that a learner might bring in."""
    folder = tmp_path / "From work"
    folder.mkdir()
    made = [folder / f"Desk {number}.txt" for number in range(1, 6)]
    for number, file in enumerate(made, 1):
        file.write_text(f"Desk {number} answered in four minutes.\n", encoding="utf-8")
    return made


@pytest.mark.timeout(180)
def test_the_life_of_a_portfolio(window: WindowDriver, program: Program, files: list[Path], tmp_path: Path) -> None:
    folder, document = tmp_path / "Sam Ellis", tmp_path / "Handed over.pdf"
    window.start()
    _make(window, folder)
    _bring_in(window, files)
    _write_an_item(window)
    _claim_it(window)
    _mend_three_gaps(window)
    _decide(window)
    _export(window, document)
    assert window.quit() == 0
    assert window.complaints() == ""

    def read(*arguments: object) -> Any:
        finished = program(*arguments, "--json")
        assert (finished.code, finished.err) == (0, "")
        return finished.json

    items = read("evidence", "list", folder)
    titles = [f"Desk {number}" for number in range(1, 6)]
    assert [item["title"] for item in items] == [*titles, "How I planned the June rota", ""]
    account = read("evidence", "show", folder, "E6")
    assert (account["kind"], account["date"], account["body"]) == ("reflective-account", "2026-06-12", SENTENCE)
    (claim,) = account["claims"]
    assert (claim["why"], claim["quotation"]) == ("It is my own plan.", SENTENCE)
    assert len(claim["components"]) == 3
    assert read("evidence", "show", folder, "E1")["date"] == "2026-05"
    states = {line["address"]: line["state"] for line in read("matrix", folder)["units"][0]["requirements"]}
    assert states["U1/MP1"] == "met"
    assert states["U1/MP2"].startswith("claimed")
    assert read("check", folder)["sound"]
    with pypdfium2.PdfDocument(document) as pdf:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    for words in ("Sam Ellis", "M/506/2898", "How I planned the June rota", SENTENCE, "Ann Lee", "Desk 5"):
        assert words in text


def _make(window: WindowDriver, folder: Path) -> None:
    window.press("New portfolio …")
    window.fill("Your name", "Sam Ellis")
    window.fill("Folder for the portfolio", str(folder))
    window.tick(re.compile("Manage customer service operations\nM/506/2898"), "list item")
    window.press("Make the portfolio")
    window.wait_for(OPEN, "frame")


def _bring_in(window: WindowDriver, files: list[Path]) -> None:
    window.keys("ctrl+shift+o")
    window.wait_for(re.compile("^New evidence from files"), "dialog")
    window.type(" ".join(f'"{file}"' for file in files))
    window.keys("Return")
    window.wait_for(re.compile("^E5 Desk 5"), "list item")


def _write_an_item(window: WindowDriver) -> None:
    window.keys("ctrl+n")
    window.wait_for(re.compile("^New evidence"), "dialog")
    window.type("reflective")
    window.keys("Return")
    window.wait_focused("Title")
    window.type("How I planned the June rota")
    window.fill("Date", "12 June 2026")
    window.fill("Account", SENTENCE)
    window.wait_for(re.compile("^E6 How I planned the June rota"), "list item")


def _claim_it(window: WindowDriver) -> None:
    window.tick(re.compile("^MP1 Develop"), "tree item")
    window.fill("Why", "It is my own plan.")
    window.press("Account", "text")
    window.keys("ctrl+a")
    window.press("Quote the selected text for a claim")
    window.wait_for("Quoted for U1/MP1.", "label")


def _mend_three_gaps(window: WindowDriver) -> None:
    def mend(gap: str, button: str) -> None:
        window.keys("ctrl+5")
        window.press(re.compile(gap), "tree item")
        window.press(button)

    mend("No claim on U1/MP1 ticks", "Tick the parts")
    for part in ("clear objectives", "allocation of resources", "performance measures"):
        window.press(part, "check box")
        window.until(partial(_is_ticked, window, part), f"a tick at {part}")
    mend("E1 has no date", "Give a date")
    window.wait_focused("Date")
    window.type("May 2026")
    window.keys("Tab")
    mend("Nothing is claimed for U1/MP2", "Add evidence")
    window.wait_for(re.compile("^New evidence"), "dialog")
    window.press("Choose this kind")
    window.wait_for(re.compile("^E7 "), "list item")
    window.wait_for(re.compile("^MP2 .*: claimed;"), "tree item")


def _is_ticked(window: WindowDriver, name: str) -> bool:
    box = window.find(name, "check box")
    return box is not None and box.is_checked


def _decide(window: WindowDriver) -> None:
    window.keys("ctrl+6")
    window.press(re.compile("^U1/MP1"), "tree item")
    window.press("Met", "radio button")
    window.fill("Assessor", "Ann Lee")
    window.press("Record …")
    window.press("Record for good")
    window.wait_for(re.compile("^U1/MP1 .*: met"), "tree item")


def _export(window: WindowDriver, document: Path) -> None:
    window.keys("ctrl+e")
    window.press("Export …")
    window.wait_for(re.compile("^Export"), "dialog")
    window.keys("ctrl+a")
    window.type(str(document))
    window.keys("Return")
    window.wait_for(re.compile("“Handed over.pdf” was exported"), "label")


@pytest.mark.timeout(120)
def test_files_are_dragged_in(window: WindowDriver, program: Program, files: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "Sam Ellis"
    assert program("new", folder, "--learner", "Sam Ellis").code == 0
    window.start(folder)
    window.wait_for(OPEN, "frame")
    window.keys("ctrl+2")
    window.drop(files[:3], window.wait_for(re.compile("^Nothing collected yet"), "label"))
    window.wait_for(re.compile("^E3 Desk 3"), "list item")
    window.press(re.compile("^E2 Desk 2"), "list item")
    window.wait_for(re.compile("^Desk 2.txt"), "list item")
    window.drop(files[3:], window.wait_for("Title", "text"))
    window.wait_for(re.compile("^Desk 5.txt"), "list item")
    assert window.quit() == 0
    assert window.complaints() == ""
    attached = [
        [file["name"] for file in program("evidence", "show", folder, ref, "--json").json["attachments"]]
        for ref in ("E1", "E2", "E3")
    ]
    assert attached == [["Desk 1.txt"], ["Desk 2.txt", "Desk 4.txt", "Desk 5.txt"], ["Desk 3.txt"]]
