"""Hiding names from the command line: what is marked, proposed, and left out of what is exported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from PIL import Image

CommandLine = Callable[..., Any]


def test_what_is_marked_is_left_out_unless_it_is_asked_for(cli: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    picture = tmp_path / "board.png"
    Image.new("RGB", (40, 30), "white").save(picture)
    cli("new", folder, "--learner", "Sam Ellis")
    cli("evidence", "add", folder, "--kind", "plan", "--title", "Rota by Dana Whyte", "--attach", picture)
    cli("person", "add", folder, "Dana Whyte", "--email", "dana@example.org")
    found = {one["text"]: one for one in cli("redact", "find", folder, "--json").json}
    whole = found["Dana Whyte"]
    assert (whole["kind"], whole["count"] > 0, "E1" in whole["places"]) == ("name on the list of people", True, True)
    assert cli("redact", "add", folder, "Dana Whyte", "Sam", "--with", "N. N.", "--json").json == [
        {"text": "Dana Whyte", "replacement": "N. N.", "whole_words": True},
        {"text": "Sam", "replacement": "N. N.", "whole_words": True},
    ]
    region = cli("redact", "region", folder, "E1", "10, 20, 30.5, 5 %", "--json").json
    assert region == {
        "evidence": "E1", "file": "board.png", "page": 1, "left": 10.0, "top": 20.0, "width": 30.5, "height": 5.0,
    }  # fmt: skip
    cli("redact", "spare", folder, "Ellis")
    listed = cli("redact", "list", folder, "--json").json
    assert [(one["text"], one["count"] > 0) for one in listed["terms"]] == [("Dana Whyte", True), ("Sam", True)]
    assert (listed["regions"], listed["spared"], listed["unread"]) == ([region], ["Ellis"], 0)
    assert "Ellis" not in {one["text"] for one in cli("redact", "find", folder, "--json").json}

    for words, is_shown in (((), False), (("--no-redact",), True)):
        document = tmp_path / "copy.docx"
        assert cli("export", folder, document, *words).code == 0
        with ZipFile(document) as archive:
            text = archive.read("word/document.xml").decode()
        assert ("Dana Whyte" in text, "N. N." in text) == (is_shown, not is_shown)
    cli("redact", "region-remove", folder, "1")
    cli("redact", "remove", folder, "dana whyte", "SAM")
    assert "Nothing is marked" in cli("redact", "list", folder).out


def test_what_cannot_be_marked_is_one_sentence(cli: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    cli("new", folder, "--learner", "Sam Ellis")
    cli("evidence", "add", folder, "--kind", "plan", "--title", "Rota")
    for words in (
        ("add", folder, "x"),
        ("add", folder, "page"),
        ("remove", folder, "Dana"),
        ("region", folder, "E1", "10,20,30,5"),
        ("region", folder, "E9", "10,20,30,5"),
        ("region", folder, "E1", "left"),
        ("region", folder, "E1", "1,2,3"),
        ("region", folder, "E1", "1e999,2,3,4"),
        ("region-remove", folder, "1"),
    ):
        outcome = cli("redact", *words)
        assert outcome.code == 2, words
        assert len(outcome.err.strip().splitlines()) == 1, words
