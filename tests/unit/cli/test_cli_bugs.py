"""What becomes of a bug: a sentence for the user, a report in a file."""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portfolio_app.cli import output
from portfolio_app.domain.errors import Cancelled

CommandLine = Callable[..., Any]


def _raising(error: BaseException) -> Callable[..., object]:
    def raiser(*_: object, **__: object) -> object:
        raise error

    return raiser


def test_a_bug_is_told_in_a_sentence_and_reported_in_a_file(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("portfolio_app.services.library.unit_library", _raising(ZeroDivisionError("secret words")))
    outcome = cli("library")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (3, "", 1)
    assert "Traceback" not in outcome.err
    (report,) = (tmp_path / "home").rglob("report-*.txt")
    assert str(report) in outcome.err
    text = report.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in text
    assert "Traceback" in text
    assert "library" in text.splitlines()[1]


def test_reports_do_not_pile_up(cli: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("portfolio_app.services.library.unit_library", _raising(ZeroDivisionError()))
    for _ in range(22):
        cli("library")
    assert len(list((tmp_path / "home").rglob("report-*.txt"))) == 20


def test_a_report_that_cannot_be_written_is_no_second_bug(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portfolio_app.services.library.unit_library", _raising(ZeroDivisionError()))
    monkeypatch.setattr("portfolio_app.cli.program.write_report", _raising(OSError()))
    outcome = cli("library")
    assert outcome.code == 3
    assert "ZeroDivisionError" in outcome.err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Cancelled("stop")], ids=["ctrl+c", "cancelled"])
def test_cancelling(cli: CommandLine, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    monkeypatch.setattr("portfolio_app.services.library.unit_library", _raising(error))
    outcome = cli("library")
    assert (outcome.code, outcome.out, outcome.err) == (130, "", "Cancelled; nothing was changed.\n")


def test_cancelling_after_something_was_said_does_not_deny_it(
    cli: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portfolio_app.cli.evidence_commands._say_still_empty", _raising(KeyboardInterrupt()))
    outcome = cli("evidence", "add", folder, "--kind", "plan", "--title", "Done")
    assert outcome.code == 130
    assert "nothing was changed" not in outcome.err
    assert cli("evidence", "show", folder, "E2").code == 0


def test_output_that_is_lost_is_told(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    outcome = cli("library", "--json")
    assert (outcome.code, outcome.err) == (2, "The output could not be written (No space left on device).\n")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_closed_streams(cli: CommandLine, monkeypatch: pytest.MonkeyPatch, stream: str) -> None:
    monkeypatch.setattr(sys, stream, None)
    assert cli("library").code == 0
    assert cli("nonsense").code == 2
    getattr(sys, stream).close()


def test_tables_wrap_at_the_width_of_the_terminal(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in (60, 80, 132):
        monkeypatch.setenv("COLUMNS", str(columns))
        for command in (("kinds",), ("library",), ("kinds", "--kind", "plan")):
            lines = cli(*command).out.splitlines()
            assert max(len(line) for line in lines) <= columns


def test_no_colour_where_there_is_no_terminal_or_none_is_wanted(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    output.say_table(("A",), [("b",)])
    assert "\x1b" not in capfd.readouterr().out


def test_text_is_made_safe_for_a_terminal() -> None:
    assert output.safe("a\x1b]0;title\x07b\r\n\tc\x9b31m\udcff") == "a]0;titleb\n\tc31m"
    assert output.safe("plain – “words” 計画") == "plain – “words” 計画"
