"""Whatever is given for a file or a portfolio: one sentence, exit code 2, and the portfolio is as it was."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from portfolio_app.storage.portfolio_file import PortfolioFile

CommandLine = Callable[..., Any]


def _missing(path: Path) -> None:
    assert not path.exists()


def _empty(path: Path) -> None:
    path.touch()


def _folder(path: Path) -> None:
    path.mkdir()


def _noise(path: Path) -> None:
    path.write_bytes(b"\x00\x01\x02" + bytes(range(256)) * 64)


def _cut_off(path: Path) -> None:
    """Write a compressed file (as Word's are) of which the end is missing."""
    path.write_bytes(b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + b"\x9c\x03\x11\xfe" * 30)


def _hundred_megabytes(path: Path) -> None:
    """Write a file of that size that takes no room: nobody must read it to its end."""
    with path.open("wb") as file:
        file.write(b"Award credit for one more word.\n" * 100_000)
        file.truncate(100_000_000)


def _not_utf8(path: Path) -> None:
    """Write bytes that are no text in any encoding."""
    path.write_bytes(b"\x81\x8d\x00" * 300)


_FILES = (_missing, _empty, _folder, _noise, _cut_off, _hundred_megabytes, _not_utf8)
_TEXTS = {
    "import": ("unit", "import", "{folder}", "{file}", "--title", "T"),
    "dry run": ("unit", "import", "{folder}", "{file}", "--title", "T", "--dry-run"),
    "unit add": ("unit", "add", "{folder}", "{file}"),
    "body": ("evidence", "add", "{folder}", "--kind", "plan", "--title", "T", "--body", "{file}"),
    "new body": ("evidence", "edit", "{folder}", "E1", "--body", "{file}"),
    "profile": ("details", "{folder}", "--profile", "{file}"),
    "new unit": ("new", "{folder}/new", "--learner", "Sam", "--unit", "{file}"),
}


@pytest.mark.parametrize("make", _FILES, ids=lambda make: make.__name__.strip("_"))
@pytest.mark.parametrize("command", _TEXTS.values(), ids=_TEXTS.keys())
def test_texts_that_are_none(
    cli: CommandLine, folder: Path, tmp_path: Path, make: Callable[[Path], None], command: tuple[str, ...]
) -> None:
    file = tmp_path / f"given{'.toml' if 'unit' in command[:1] + command[3:4] and 'import' not in command else '.txt'}"
    make(file)
    _is_refused(cli, folder, *(word.format(folder=folder, file=file) for word in command))
    assert not (folder / "new").exists()


@pytest.mark.parametrize("make", [_missing, _empty, _folder], ids=lambda make: make.__name__.strip("_"))
@pytest.mark.parametrize("command", [("add", "--kind", "plan", "--title", "T"), ("edit", "E1")], ids=lambda c: c[0])
def test_attachments_that_are_none(
    cli: CommandLine, folder: Path, tmp_path: Path, make: Callable[[Path], None], command: tuple[str, ...]
) -> None:
    sound = tmp_path / "sound.txt"
    sound.write_text("sound", encoding="utf-8")
    make(tmp_path / "given.pdf")
    files = ("--attach", sound, "--attach", tmp_path / "given.pdf")
    _is_refused(cli, folder, "evidence", command[0], folder, *command[1:], *files)


@pytest.mark.parametrize("make", [_noise, _cut_off, _not_utf8], ids=lambda make: make.__name__.strip("_"))
def test_any_content_can_be_attached(
    cli: CommandLine, folder: Path, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    file = tmp_path / "given.pdf"
    make(file)
    shown = cli("evidence", "edit", folder, "E1", "--attach", file, "--json").json
    assert shown["attachments"][-1]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "name", ["a\nb.txt", "\u202etxt.exe", "-rf", "..", "x" * 250, "CON", "a\x1b[31m.txt", "日本\udcff"]
)
def test_hostile_names_are_shown_tamely(cli: CommandLine, folder: Path, tmp_path: Path, name: str) -> None:
    place = tmp_path / "given"
    place.mkdir()
    file = place / (name if name != ".." else "...txt")
    file.write_text("content", encoding="utf-8")
    outcome = cli("evidence", "edit", folder, "E1", "--attach", str(file), "--json")
    assert outcome.code == 0, outcome.err
    shown = outcome.json["attachments"][-1]["name"]
    assert shown.isprintable()
    assert "/" not in shown
    assert shown not in ("", ".", "..")


def test_a_vanishing_attachment_leaves_nothing(
    cli: CommandLine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vanishing.bin"
    file.write_bytes(os.urandom(3_000_000))
    monkeypatch.setattr("portfolio_app.cli.progress.LiveProgress.__call__", lambda *_: file.unlink(missing_ok=True))
    _is_refused(cli, folder, "evidence", "edit", folder, "E1", "--attach", file)


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfSam\xe2\x80\x99s \xe2\x80\x9cplan\xe2\x80\x9d\r\nsecond",
        b"Sam\x92s \x93plan\x94\rsecond",
        "Sam’s “plan”\nsecond".encode("utf-16"),
        "Sam’s “plan”\u2028second\n\n".encode(),
    ],
    ids=["utf-8 with mark", "windows-1252", "utf-16", "utf-8"],
)
def test_a_text_in_any_encoding(cli: CommandLine, folder: Path, tmp_path: Path, body: bytes) -> None:
    (tmp_path / "body.txt").write_bytes(body)
    for arguments, stdin in ((("--body", tmp_path / "body.txt"), b""), (("--body", "-"), body)):
        assert cli("evidence", "edit", folder, "E1", *arguments, "--json", stdin=stdin).json["body"] == (
            "Sam’s “plan”\nsecond"
        )


def test_standard_input_is_judged_like_a_file(cli: CommandLine, folder: Path) -> None:
    for body in (b"", b"\x00" * 10, b"x" * 1_000_001):
        outcome = cli("evidence", "edit", folder, "E1", "--body", "-", stdin=body)
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)


# --- portfolios ----------------------------------------------------------------------------------------------------

_COMMANDS = {
    "list": ("evidence", "list", "{folder}"),
    "add": ("evidence", "add", "{folder}", "--kind", "plan", "--title", "T"),
    "gaps": ("gaps", "{folder}"),
    "export": ("export", "{folder}", "{out}"),
    "undo": ("undo", "{folder}"),
    "history": ("history", "{folder}"),
    "backups": ("backup", "list", "{folder}"),
}


def _nothing_there(folder: Path) -> None:
    shutil.rmtree(folder)


def _an_empty_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def _another_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("just words", encoding="utf-8")


def _an_empty_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.touch()


def _noise_for_a_database(folder: Path) -> None:
    shutil.rmtree(folder / "backups")
    _database(folder).write_bytes(os.urandom(20000))


def _a_cut_off_database(folder: Path) -> None:
    shutil.rmtree(folder / "backups")
    data = _database(folder).read_bytes()
    _database(folder).write_bytes(data[: len(data) // 2])


def _another_database(folder: Path) -> None:
    shutil.rmtree(folder)
    with closing(sqlite3.connect(folder)) as connection:
        connection.execute("CREATE TABLE ours (x)")


def _a_newer_format(folder: Path) -> None:
    with closing(sqlite3.connect(_database(folder))) as connection:
        connection.execute("PRAGMA user_version = 99")


def _a_foreign_trigger(folder: Path) -> None:
    with closing(sqlite3.connect(_database(folder))) as connection:
        connection.execute("CREATE TRIGGER foreign_one AFTER INSERT ON evidence BEGIN DELETE FROM person; END")


_PORTFOLIOS = (
    _nothing_there, _an_empty_folder, _another_file, _an_empty_file, _noise_for_a_database, _a_cut_off_database,
    _another_database, _a_newer_format, _a_foreign_trigger,
)  # fmt: skip


@pytest.mark.parametrize("spoil", _PORTFOLIOS, ids=lambda spoil: spoil.__name__.strip("_"))
@pytest.mark.parametrize("command", _COMMANDS.values(), ids=_COMMANDS.keys())
def test_portfolios_that_are_none(
    cli: CommandLine, folder: Path, tmp_path: Path, spoil: Callable[[Path], None], command: tuple[str, ...]
) -> None:
    spoil(folder)
    out = tmp_path / "out.pdf"
    before = _bytes_of(folder)
    outcome = cli(*(word.format(folder=folder, out=out) for word in command))
    _assert_refused(outcome)
    assert _bytes_of(folder) == before
    assert not out.exists()


@pytest.mark.parametrize("spoil", [_noise_for_a_database, _a_cut_off_database], ids=lambda spoil: spoil.__name__)
def test_check_says_that_a_portfolio_is_damaged(cli: CommandLine, folder: Path, spoil: Callable[[Path], None]) -> None:
    backups = folder.parent / "kept"
    shutil.copytree(folder / "backups", backups)
    spoil(folder)
    for with_backups in (False, True):
        if with_backups:
            shutil.copytree(backups, folder / "backups")
        before = _bytes_of(folder)
        outcome = cli("check", folder, "--json")
        if outcome.code == 2:  # without back-ups, noise is no sign that it ever was a portfolio
            assert spoil is _noise_for_a_database
            assert not with_backups
        else:
            assert outcome.code == 1
            assert outcome.json["sound"] is False
            assert outcome.json["findings"][0]["severity"] == "damage"
        assert _bytes_of(folder) == before


def test_check_finds_a_changed_and_a_missing_file(cli: CommandLine, folder: Path) -> None:
    assert cli("check", folder).code == 0
    (attached,) = (path for path in (folder / "files").rglob("*.txt"))
    attached.chmod(0o644)
    attached.write_text("something else", encoding="utf-8")
    outcome = cli("check", folder)
    assert outcome.code == 1
    assert "rota.txt" in outcome.out
    attached.unlink()
    assert cli("check", folder, "--json").json["sound"] is False
    outcome = cli("evidence", "list", folder)
    assert outcome.code == 0
    assert "rota.txt" in outcome.err


def test_a_damaged_portfolio_comes_back_from_its_back_up_and_says_so(cli: CommandLine, folder: Path) -> None:
    data = _database(folder).read_bytes()
    _database(folder).write_bytes(data[: len(data) // 2])
    outcome = cli("evidence", "list", folder, "--json")
    assert outcome.code == 0
    assert [each["ref"] for each in outcome.json] == ["E1"]
    assert "restored" in outcome.err
    assert outcome.err.count("\n") == 1
    assert cli("evidence", "list", folder).err == ""


def test_a_portfolio_that_is_open_elsewhere_can_be_read_but_not_changed(cli: CommandLine, folder: Path) -> None:
    with PortfolioFile.open(folder):
        _is_refused(cli, folder, "evidence", "add", folder, "--kind", "plan", "--title", "T")
        assert cli("evidence", "list", folder, "--json").json[0]["ref"] == "E1"
        assert cli("check", folder).code == 0
    assert cli("evidence", "add", folder, "--kind", "plan", "--title", "T").code == 0


def test_a_folder_of_kinds_with_a_bad_file_names_it(cli: CommandLine, folder: Path) -> None:
    (folder / "evidence_kinds").mkdir()
    (folder / "evidence_kinds" / "broken.toml").write_text("id = 7", encoding="utf-8")
    _is_refused(cli, folder, "evidence", "add", folder, "--kind", "plan", "--title", "T")
    assert "broken.toml" in cli("evidence", "list", folder).err


def test_exports_are_never_written_among_the_portfolios_own_files(cli: CommandLine, folder: Path) -> None:
    _is_refused(cli, folder, "export", folder, folder / "files" / "x.pdf")
    _is_refused(cli, folder, "export", folder, folder / "backups" / "x.csv")


def _is_refused(cli: CommandLine, folder: Path, *command: object) -> None:
    before = _content_of(folder)
    outcome = cli(*command)
    _assert_refused(outcome)
    assert _content_of(folder) == before


def _assert_refused(outcome: Any) -> None:
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert outcome.err.endswith(".\n")
    assert "Traceback" not in outcome.err


def _database(folder: Path) -> Path:
    (path,) = folder.glob("*.portfolio")
    return path


def _content_of(folder: Path) -> str:
    """All rows, history included."""
    with closing(sqlite3.connect(f"{_database(folder).as_uri()}?mode=ro", uri=True)) as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


def _bytes_of(place: Path) -> dict[str, str]:
    paths = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if not path.name.startswith(".") and path.suffix != ".lock"
    }
