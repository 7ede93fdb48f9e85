"""The program is killed in the middle of commands: what it said is done is done, and nothing is half done."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from portfolio_app.services.checking import check_portfolio
from portfolio_app.services.evidence import list_evidence, show_evidence
from portfolio_app.services.portfolios import opened, opened_to_read

Program = Callable[..., Any]

KILLS = 50
UNIT = "Examiner Marking Points\n- Award credit for one thing.\n- Award credit for another thing.\n"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no such signal")


@dataclass
class Acknowledged:
    """What the program said is done, by the words that must be found again."""

    titles: dict[str, str] = field(default_factory=dict)
    claims: set[tuple[str, str]] = field(default_factory=set)
    assessors: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    backups: set[str] = field(default_factory=set)
    documents: set[Path] = field(default_factory=set)


class Road:
    """Makes commands, each with what its answer promises."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.promised = Acknowledged()
        self._number = 0

    def next(self, name: str) -> tuple[list[str], Callable[[Any], None]]:
        self._number += 1
        folder, number, promised = str(self.folder), self._number, self.promised
        beside = self.folder.parent

        def evidence() -> tuple[list[str], Callable[[Any], None]]:
            attached = beside / f"attached {number}.bin"
            attached.write_bytes(random.Random(number).randbytes(3_000_000))
            words = [
                "evidence",
                "add",
                folder,
                "--kind",
                "plan",
                "--title",
                f"Item {number}",
                "--attach",
                str(attached),
            ]
            return words, lambda answer: promised.titles.update({answer["ref"]: f"Item {number}"})

        def edit() -> tuple[list[str], Callable[[Any], None]]:
            words = ["evidence", "edit", folder, "E1", "--body", str(beside / "unit.txt"), "--tag", f"t{number}"]
            return words, lambda answer: promised.titles.update({"E1": answer["title"]})

        def claim() -> tuple[list[str], Callable[[Any], None]]:
            address = f"U1/MP{number % 2 + 1}"
            ref = next((ref for ref in promised.titles if (ref, address) not in promised.claims), "E1")
            words = ["claim", "add", folder, ref, address, "--at", "p. 1"]
            return words, lambda answer: promised.claims.add((answer["evidence"], answer["requirement"]))

        def decide() -> tuple[list[str], Callable[[Any], None]]:
            words = ["decide", folder, "U1/MP1", "more", "--by", f"Assessor {number}"]
            return words, lambda answer: promised.assessors.add(answer["by"])

        def person() -> tuple[list[str], Callable[[Any], None]]:
            words = ["person", "add", folder, f"Person {number}"]
            return words, lambda answer: promised.people.add(answer["name"])

        def action() -> tuple[list[str], Callable[[Any], None]]:
            words = ["action", "add", folder, f"Action {number}"]
            return words, lambda answer: promised.actions.add(answer["text"])

        def unit() -> tuple[list[str], Callable[[Any], None]]:
            words = ["unit", "import", folder, str(beside / "unit.txt"), "--title", f"Unit {number}"]
            return words, lambda answer: promised.units.add(answer["unit"]["title"])

        def backup() -> tuple[list[str], Callable[[Any], None]]:
            return ["backup", "make", folder], lambda answer: promised.backups.add(answer["name"])

        def export() -> tuple[list[str], Callable[[Any], None]]:
            document = beside / f"out {number}.csv"
            return ["export", folder, str(document)], lambda _: promised.documents.add(document)

        makers = {
            "evidence": evidence, "edit": edit, "claim": claim, "decide": decide, "person": person, "action": action,
            "unit": unit, "backup": backup, "export": export,
        }  # fmt: skip
        words, promise = makers[name]()
        return [*words, "--json"], promise


NAMES = ("evidence", "edit", "claim", "decide", "person", "action", "unit", "backup", "export")


@pytest.mark.timeout(600)
def test_killed_fifty_times(program: Program, environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "p"
    (tmp_path / "unit.txt").write_text(UNIT, encoding="utf-8")
    road = Road(folder)
    assert program("new", folder, "--learner", "Sam").code == 0
    assert program("unit", "import", folder, tmp_path / "unit.txt", "--title", "First").code == 0
    lives: dict[str, float] = {}
    for name in NAMES:
        words, promise = road.next(name)
        began = time.monotonic()
        whole = program(*words)
        lives[name] = time.monotonic() - began
        assert (whole.code, whole.err) == (0, "")
        promise(whole.json)
    chance = random.Random(2026)
    killed = 0
    for turn in range(KILLS):
        name = NAMES[turn % len(NAMES)]
        words, promise = road.next(name)
        # Spread over the whole life of each command; most of it is the loading of modules, so later is likelier.
        delay = lives[name] * (0.3 + 0.75 * chance.random() ** 0.5)
        code, out = _killed_after(delay, words, environment)
        killed += code == -signal.SIGKILL
        if out.endswith(("}\n", "]\n")):
            promise(json.loads(out))
        _everything_promised_is_there(road)
    assert killed > KILLS // 5
    with opened(folder) as portfolio:
        assert [path for path in folder.rglob("*") if ".incoming-" in path.name or ".making-" in path.name] == []
        assert portfolio.notices == ()


@pytest.mark.timeout(300)
def test_killed_while_a_portfolio_is_started(environment: dict[str, str], tmp_path: Path, program: Program) -> None:
    unit = program("library", "--json").json[0]["id"]
    began = time.monotonic()
    assert program("new", tmp_path / "first", "--learner", "Sam", "--unit", unit).code == 0
    life = time.monotonic() - began
    for turn in range(10):
        folder = tmp_path / f"p{turn}"
        words = ["new", str(folder), "--learner", "Sam", "--unit", unit, "--json"]
        _, out = _killed_after(life * (0.55 + turn * 0.05), words, environment)
        if not list(folder.glob("*.portfolio")):
            assert out == ""
            assert program(*words).code == 0
        assert program("unit", "show", folder, "--json").json or not out
        assert check_portfolio(folder).sound


def _killed_after(delay: float, words: list[str], environment: dict[str, str]) -> tuple[int, str]:
    command = [sys.executable, "-m", "portfolio_app", *words]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        time.sleep(delay)
        process.kill()
        out, _ = process.communicate()
        return process.returncode, out.decode()


def _everything_promised_is_there(road: Road) -> None:
    promised = road.promised
    report = check_portfolio(road.folder)
    assert report.sound, report.findings
    with opened_to_read(road.folder) as portfolio:
        titles = {line.ref: line.title for line in list_evidence(portfolio)}
        assert promised.titles.items() <= titles.items()
        with portfolio.read() as reader:
            assert promised.assessors <= {decision.by for decision in reader.decisions()}
            assert promised.people <= {person.name for person in reader.people()}
            assert promised.actions <= {action.text for action in reader.actions()}
            assert promised.units <= {unit.title for unit in reader.units()}
        assert portfolio.backups.newest_intact() is not None or not promised.backups
        for ref in {ref for ref, _ in promised.claims}:
            claims = {(placed.evidence_ref, placed.address) for placed in show_evidence(portfolio, ref).claims}
            assert {pair for pair in promised.claims if pair[0] == ref} <= claims
    for document in promised.documents:
        assert document.read_bytes().startswith(b"\xef\xbb\xbf")
