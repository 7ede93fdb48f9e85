"""The main job from end to end: unit text in, evidence, claims, decisions, gaps, documents out."""

from __future__ import annotations

import csv
import hashlib
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
from tests.pdf_publications import failures

Program = Callable[..., Any]

GUIDANCE = """This subtopic covers the work of a team leader in a contact centre, including rotas, briefings and
Topic Synopsis
Leading a small team through a busy season.

Key Concepts & Core Principles
- Rota planning: matching people to the hours in which customers call.

Exam Tips & Revision Strategies
- Give figures.

Common Misconceptions & Mistakes to Avoid
- More staff is always the answer.

Examiner Marking Points
- Award credit for explaining how a rota is planned.
- Evidence must show how a team is briefed, including goals, changes and questions.
- Check for a review that led to a change.
"""


def test_the_whole_road(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "Sam Ellis – Team Leading"
    unit_text = tmp_path / "unit.txt"
    unit_text.write_bytes(GUIDANCE.replace("\n", "\r\n").encode("cp1252"))
    rota = tmp_path / "Rota für Juni.txt"
    rota.write_text("Monday: Sam, Jo\n", encoding="utf-8")
    library_unit = program("library", "--json").json[0]["id"]

    def done(*arguments: object, stdin: bytes = b"") -> Any:
        finished = program(*arguments, "--json", stdin=stdin)
        assert (finished.code, finished.err) == (0, ""), arguments
        return finished.json

    done("new", folder, "--learner", "Sam Ellis", "--qualification", "Team Leading L2", "--unit", library_unit)
    imported = done("unit", "import", folder, unit_text, "--title", "Lead a team", "--ref", "T/1", "--level", "2")
    assert imported["unit"]["code"] == "U2"
    assert imported["warnings"] == []

    plan = done("evidence", "add", folder, "--kind", "plan", "--title", "Rota for June", "--date", "June 2026",
                "--body", "-", "--attach", rota, stdin=b"I planned the rota from last year\x92s calls.")  # fmt: skip
    assert (plan["ref"], plan["body"]) == ("E1", "I planned the rota from last year’s calls.")
    done("evidence", "add", folder, "--kind", "witness-testimony", "--title", "What Jo saw", "--date", "2026-06-10",
         "--person", "Jo Hill;role=Manager;relation=line manager;signed=2026-06-11")  # fmt: skip
    done("claim", "add", folder, "E1", "U2/MP1", "--why", "It is the plan.", "--quote", "I planned the rota", "--at",
         "Rota für Juni.txt, p. 1")  # fmt: skip
    done("claim", "add", folder, "E2", "U2/MP2", "--at", "para 2", "--component", "all")
    done("decide", folder, "U2/MP1", "met", "--by", "Ann Lee")
    done("decide", folder, "U2/MP2", "more", "--by", "Ann Lee", "--comment", "Show the questions.")
    done("declare", folder, "--ai-use", "None was used.")

    gaps = done("gaps", folder)
    assert [gap["requirement"] for gap in gaps if gap["rule"] == "no-claim" and gap["unit"] == "U2"] == ["U2/MP3"]
    assert [gap["requirement"] for gap in gaps if gap["rule"] == "decision-unanswered"] == ["U2/MP2"]
    matrix = done("matrix", folder)
    states = {line["address"]: line["state"] for line in matrix["units"][1]["requirements"]}
    assert states == {"U2/MP1": "met", "U2/MP2": "more evidence needed", "U2/MP3": "no claim"}

    targets = [tmp_path / name for name in ("out.pdf", "out.DOCX", "out.xlsx", "out.csv")]
    exported = done("export", folder, *targets)
    assert [each["format"] for each in exported] == ["pdf", "docx", "xlsx", "csv"]
    with pikepdf.open(targets[0]) as pdf:
        assert len(pdf.pages) == exported[0]["pages"] > 3
    with zipfile.ZipFile(targets[1]) as word:
        assert "Rota for June" in word.read("word/document.xml").decode()
    with warnings.catch_warnings(action="ignore"):  # openpyxl does not know all that Excel does
        assert openpyxl.load_workbook(targets[2]).sheetnames
    with targets[3].open(encoding="utf-8-sig", newline="") as table:
        assert any("U2" in cell for row in csv.reader(table) for cell in row)

    report = done("check", folder)
    assert (report["sound"], report["files_checked"]) == (True, 1)
    assert {path.suffix for path in tmp_path.glob("out.*")} == {".pdf", ".DOCX", ".xlsx", ".csv"}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_real_unit_texts_come_in_whole(program: Program, tmp_path: Path, real_input: Path) -> None:
    folder = tmp_path / "p"
    assert program("new", folder, "--learner", "Sam").code == 0
    counted = []
    for number, text in enumerate(sorted((real_input / "unit-specs").glob("*.txt"))):
        imported = program("unit", "import", folder, text, "--title", f"Unit {number}", "--json").json["unit"]
        kinds = [item["kind"] for item in imported["guidance"]]
        counted.append(
            (len(imported["requirements"]), *(kinds.count(kind) for kind in ("tip", "misconception", "concept")))
        )
    assert counted == [(8, 8, 6, 5), (3, 3, 3, 5), (4, 4, 4, 5), (4, 4, 4, 5), (4, 3, 3, 5)]


def test_the_demo(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    made = program("demo", folder, "--json")
    assert (made.code, made.err) == (0, "")
    assert {Path(each["path"]).suffix for each in made.json["documents"]} == {".pdf", ".docx", ".xlsx", ".csv"}
    assert all(Path(each["path"]).is_relative_to(folder / "exports") for each in made.json["documents"])
    items = program("evidence", "list", folder, "--json").json
    assert len(items) >= 20
    assert len({item["kind"] for item in items}) >= 12
    assert program("check", folder).code == 0
    again = program("demo", folder)
    assert (again.code, again.out, again.err.count("\n")) == (2, "", 1)
    assert program("evidence", "list", folder, "--json").json == items


def test_all_documents_or_none(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    assert program("new", folder, "--learner", "Sam").code == 0
    kept = tmp_path / "kept.csv"
    kept.write_text("mine", encoding="utf-8")
    (tmp_path / "folder.docx").mkdir()
    refused = program("export", folder, kept, tmp_path / "new.pdf", tmp_path / "folder.docx")
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert kept.read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.docx", "kept.csv", "p"]


@pytest.mark.parametrize("variables", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"NO_COLOR": "1"}], ids=str)
def test_any_locale(program: Program, tmp_path: Path, variables: dict[str, str]) -> None:
    folder = tmp_path / "p"
    assert program("new", folder, "--learner", "Zoë Ångström", env=variables).code == 0
    added = program("evidence", "add", folder, "--kind", "plan", "--title", "計画 – “ok”", env=variables)
    assert (added.code, added.err) == (0, "")
    assert "計画 – “ok”" in program("evidence", "list", folder, env=variables).out
    refused = program("evidence", "show", folder, "計画", env=variables)
    assert (refused.code, "計画" in refused.err) == (2, True)


def test_a_locale_without_letters_gets_a_sentence(program: Program, tmp_path: Path) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    refused = program("new", tmp_path / "p", "--learner", "Zoë", env=ascii_only)
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert program("new", tmp_path / "p", "--learner", "Zoe", env=ascii_only).code == 0


def test_a_reader_that_goes_away_is_no_error(environment: dict[str, str], tmp_path: Path, program: Program) -> None:
    folder = tmp_path / "p"
    program("new", folder, "--learner", "Sam")
    command = f'"{sys.executable}" -m portfolio_app kinds --json | head -c 10; exit ${{PIPESTATUS[0]}}'
    finished = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, timeout=60, check=False)
    assert (finished.returncode, finished.stderr) == (0, b"")
    full = f'"{sys.executable}" -m portfolio_app kinds --json > /dev/full'
    finished = subprocess.run(["bash", "-c", full], env=environment, capture_output=True, timeout=60, check=False)
    assert finished.returncode == 2
    assert finished.stderr.count(b"\n") == 1


@pytest.fixture
def interrupts_are_heard() -> Iterator[None]:
    """Have programs that are started hear Ctrl-C: a shell's background jobs, and all they start, ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.usefixtures("interrupts_are_heard")
def test_cancelling_changes_nothing(environment: dict[str, str], tmp_path: Path, program: Program) -> None:
    folder = tmp_path / "p"
    program("new", folder, "--learner", "Sam")
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(400_000_000)
    before = program("history", folder, "--json").json
    command = [sys.executable, "-m", "portfolio_app", "evidence", "add", str(folder), "--kind", "plan", "--title", "T"]
    for sent in (signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen(
            [*command, "--attach", str(large)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            _wait_for(lambda: any((folder / "files").glob(".incoming-*")))
            process.send_signal(sent)
            out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (130, b"", b"Cancelled; nothing was changed.\n")
        assert [path for path in (folder / "files").rglob("*") if path.is_file()] == []
    assert program("history", folder, "--json").json == before


@pytest.mark.skipif(os.name == "nt", reason="there are no such terminals")
def test_long_work_shows_progress_on_a_terminal(environment: dict[str, str], tmp_path: Path, program: Program) -> None:
    folder = tmp_path / "p"
    program("new", folder, "--learner", "Sam")
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.write(b"not only noughts")
        file.truncate(60_000_000)
    try:
        controller, terminal = pty.openpty()
    except OSError:
        pytest.skip("this machine has no terminals to give")
    arguments = ["evidence", "add", str(folder), "--kind", "plan", "--title", "T", "--attach", str(large)]
    impatient = (
        "import sys; from portfolio_app.cli import progress, run; progress._PATIENCE = 0; sys.exit(run(sys.argv[1:]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", impatient, *arguments],
        env=environment | {"TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=terminal,
    ) as process:
        shown = b""
        while process.poll() is None or select.select([controller], [], [], 0.2)[0]:
            if select.select([controller], [], [], 0.2)[0]:
                shown += os.read(controller, 65536)
        assert process.stdout is not None
        out = process.stdout.read()
    os.close(terminal)
    os.close(controller)
    assert b"Added E1" in out
    assert b"Attaching large.bin" in shown
    with large.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    assert program("evidence", "show", folder, "E1", "--json").json["attachments"][0]["sha256"] == digest
    shutil.rmtree(folder)


def _wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_a_sealed_archive_copy_shows_what_was_done_to_it(program: Program, sample_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "archive.pdf"
    made = program("export", sample_folder, copy, "--profile", "archive", "--seal", "--json")
    assert made.code == 0
    assert failures(copy, "3a", "ua1") == []
    found = program("verify", copy, "--json")
    assert (found.code, found.err, found.json["state"]) == (0, "", "unchanged")
    assert (found.json["sealed_by"], found.json["fingerprint"]) == ("Sam Ellis", made.json[0]["fingerprint"])
    content = copy.read_bytes()
    copy.write_bytes(content + b"\n")
    added = program("verify", copy, "--json")
    assert (added.code, added.json["state"], added.json["bytes_added"]) == (1, "added-to", 1)
    copy.write_bytes(content.replace(b"0", b"1", 1))
    assert program("verify", copy).code == 1
