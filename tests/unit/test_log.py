"""The log helps whoever helps the user, and holds nothing that was typed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app import log


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    return tmp_path


@pytest.fixture
def path(home: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before = root.handlers[:]
    path = log.start()
    assert path is not None
    assert path.is_relative_to(home)
    yield path
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()


def test_the_programs_own_words_are_kept(path: Path) -> None:
    logging.getLogger("portfolio_app.gui.session").info("opened format %d", 1)
    assert path.read_text("utf-8").rstrip().endswith("INFO portfolio_app.gui.session opened format 1")


def test_a_library_is_only_named(path: Path) -> None:
    logging.getLogger("a_library._core").warning("bad object in %s", "Sam's appraisal.pdf")
    text = path.read_text("utf-8")
    assert "WARNING a_library._core (said at test_log:" in text
    assert "appraisal" not in text


def test_a_traceback_is_kept_without_its_values(path: Path, home: Path) -> None:
    marks: dict[str, int] = {}
    learner = " ".join(["Sam", "Ellis"])  # the report shows lines of the program
    try:
        marks[learner]
    except KeyError:
        logging.getLogger("portfolio_app").exception("while looking in %s", home / "portfolios")
    text = path.read_text("utf-8")
    assert "KeyError" in text
    assert "test_a_traceback_is_kept_without_its_values" in text
    assert "Sam Ellis" not in text
    assert "~/portfolios" in text.replace("\\", "/")
    assert str(home) not in text


def test_another_handler_still_sees_the_whole_record(path: Path) -> None:
    seen: list[str] = []

    class Other(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.getMessage())

    other = Other()
    logging.getLogger().addHandler(other)
    try:
        logging.getLogger("reportlab").error("whole %s", "message")
    finally:
        logging.getLogger().removeHandler(other)
    assert seen == ["whole message"]


def test_it_stays_small(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_LARGEST", 4_000)
    for number in range(500):
        logging.getLogger("portfolio_app").info("line %d", number)
    assert "line 499" in path.read_text("utf-8")
    files = list(path.parent.iterdir())
    assert len(files) == 2
    assert all(file.stat().st_size < 4_200 for file in files)


def test_starting_again_writes_each_line_once(path: Path) -> None:
    assert log.start() == path
    logging.getLogger("portfolio_app").info("once")
    assert path.read_text("utf-8").count("once") == 1


def test_a_disk_that_fails_is_no_reason_to_stop(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()
    logging.getLogger("portfolio_app").info("lost")
    assert capsys.readouterr() == ("", "")


def test_without_a_folder_there_is_no_log(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "file"))
    monkeypatch.setattr(log, "user_log_dir", lambda: home / "file" / "log")
    assert log.start() is None


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("QFont::setPointSize: Point size <= 0 (-1)", "QFont::setPointSize: Point size <= 0 (-1)"),
        ("QObject::connect: No such slot Page::go()", "QObject::connect: No such slot Page::go()"),
        (
            "Cannot open file '/home/sam/My review.pdf', because: No such file",
            "Cannot open file …, because: No such file",
        ),
        ("qt.svg: /home/sam/My drawing.svg: not a picture", "qt.svg: …"),
        ("QImage: file:///C:/Users/sam/a b.png", "QImage: …"),
        ("Could not parse “Sam’s words”", "Could not parse …"),
        ("C:\\Users\\sam\\x.png failed", "…"),
    ],
)
def test_messages_of_qt_lose_what_they_quote(message: str, kept: str) -> None:
    assert log.discreet(message) == kept


@given(name=st.text(st.characters(exclude_characters='"\n', exclude_categories=["Cs"]), min_size=1))
def test_nothing_quoted_or_in_a_path_gets_through(name: str) -> None:
    assert log.discreet(f'Cannot read "{name}"') == "Cannot read …"
    assert log.discreet(f"Cannot read /home/{name}") == "Cannot read …"
