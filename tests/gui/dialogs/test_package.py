"""Making a portfolio of a package: in its dialog, by dropping it, and as what it might have been meant instead."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from tests.gui.dialogs.parts import button, open_dialog
from tests.gui.stand import StandWindow, drop_on
from tests.packages import everything, write_zip
from tests.stored_portfolios import new_portfolio

from portfolio_app import settings as declared
from portfolio_app.domain.errors import Cancelled
from portfolio_app.domain.evidence import Attachment, Evidence
from portfolio_app.domain.progress import Progress
from portfolio_app.gui.dialogs import package as module
from portfolio_app.gui.dialogs.package import PackageDialog
from portfolio_app.gui.widgets.basics import Banner
from portfolio_app.services.exports import ExportOptions, export

PASSWORD = "plum hat wren"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a portfolio, and packages of it: whole, secret, for others, and cut off."""
    place = tmp_path_factory.mktemp("made")
    rota = place / "rota.txt"
    rota.write_text("Monday: Sam", encoding="utf-8")
    with new_portfolio(place / "Sam") as portfolio:
        stored = portfolio.files.add(rota)
        attachment = Attachment("a", "rota.txt", stored.sha256, stored.size, "text/plain")
        gone = Attachment("b", "gone.txt", "0" * 64, 3, "text/plain")
        with portfolio.edit("Add evidence") as editor:
            editor.put_evidence(Evidence("e", 1, "work-product", "Rota", attachments=(attachment, gone)))
        for name, password, options in (
            ("whole.zip", "", ExportOptions()),
            ("secret.zip", PASSWORD, ExportOptions()),
            ("others.zip", "", ExportOptions(include_confidential=False)),
        ):
            export(
                portfolio, {}, [place / name], options, today=date(2026, 6, 1), program_version="1", password=password
            )
    (place / "cut.zip").write_bytes((place / "whole.zip").read_bytes()[:-200])
    return place


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[StandWindow]:
    window = StandWindow()
    window.settings.set(declared.PORTFOLIOS_FOLDER, str(tmp_path))
    yield window
    window.close()


def _said(dialog: PackageDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_a_dropped_package_becomes_a_portfolio_and_is_opened(window: StandWindow, made: Path, tmp_path: Path) -> None:
    (tmp_path / "Sam Ellis").mkdir()
    drop_on(window, made / "whole.zip")
    window.settle()
    (dialog,) = window.findChildren(PackageDialog)
    said = _said(dialog)
    for words in ("Sam Ellis", "1 June 2026", "files, "):
        assert words in said
    folder = tmp_path / "Sam Ellis (2)"
    assert dialog._place.field.text() == str(folder), "the other one is somebody’s"
    button(dialog, "Make the portfolio").click()
    window.wait_until(lambda: window.session.is_open)
    window.settle()
    assert window.session.folder == folder
    assert window.findChildren(PackageDialog) == []
    assert any("“gone.txt” (E1)" in banner.text for banner in window.findChildren(Banner))
    window.session.close()
    window.settle()
    assert everything(folder) == everything(made / "Sam")


def test_a_password_is_asked_for_where_one_is_needed(window: StandWindow, made: Path) -> None:
    dialog = open_dialog(window, "open-package", PackageDialog)
    assert not button(dialog, "Make the portfolio").isEnabled()
    drop_on(dialog, made / "secret.zip")
    window.settle()
    assert dialog._password.isVisible()
    assert not dialog._problem.isVisible(), "nobody has done anything wrong yet"
    dialog._password.setText("plum hat")
    button(dialog, "Look inside").click()
    window.settle()
    assert "does not open" in _said(dialog)
    dialog._password.setText(PASSWORD)
    dialog._password.returnPressed.emit()
    window.settle()
    assert not dialog._password.isVisible()
    assert "Sam Ellis" in _said(dialog)
    button(dialog, "Make the portfolio").click()
    window.wait_until(lambda: window.session.is_open)


@pytest.mark.parametrize(
    ("name", "words"), [("cut.zip", "has not come whole"), ("others.zip", "copy for others"), ("none.zip", "opened")]
)
def test_what_no_portfolio_can_be_made_of_says_so(window: StandWindow, made: Path, name: str, words: str) -> None:
    window.open_files([made / name])
    window.settle()
    (dialog,) = window.findChildren(PackageDialog)
    assert words in _said(dialog)
    assert not button(dialog, "Make the portfolio").isEnabled()


def test_a_place_that_cannot_be_is_said_and_can_be_mended(window: StandWindow, made: Path, tmp_path: Path) -> None:
    dialog = open_dialog(window, "open-package", PackageDialog)
    dialog.show_file(made / "whole.zip")
    window.settle()
    for place, words in (("Sam", "top of a disk"), (str(made), "is not empty")):
        dialog._place.field.setText(place)
        button(dialog, "Make the portfolio").click()
        window.settle()
        assert words in _said(dialog)
    assert not window.session.is_open
    dialog._place.field.setText(str(tmp_path / "mended"))
    button(dialog, "Make the portfolio").click()
    window.wait_until(lambda: window.session.is_open)


def test_cancelling_leaves_no_half_portfolio(
    window: StandWindow, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []

    def endless(_path: Path, _folder: Path, *, password: str, progress: Progress) -> object:
        assert password == ""
        try:
            while True:
                progress(1, 2, "Checking")
        except Cancelled:
            ended.append(True)
            raise

    monkeypatch.setattr(module, "import_package", endless)
    dialog = open_dialog(window, "open-package", PackageDialog)
    dialog.show_file(made / "whole.zip")
    window.settle()
    button(dialog, "Make the portfolio").click()
    window.wait_until(dialog.progress.isVisible)
    assert not dialog._where.isEnabled()
    drop_on(dialog, made / "whole.zip")
    window.settle()
    assert ended == [True], "another package takes the place of the first"
    assert dialog._where.isEnabled()
    button(dialog, "Make the portfolio").click()
    window.wait_until(dialog.progress.isVisible)
    button(dialog, "Cancel").click()
    window.settle()
    assert ended == [True, True]
    assert not window.session.is_open


def test_with_a_portfolio_open_a_zip_may_be_evidence(sample_window: StandWindow, made: Path, tmp_path: Path) -> None:
    before = _count(sample_window)
    sample_window.open_files([write_zip(tmp_path / "photos.zip", {"notes.txt": b"Monday"})])
    sample_window.wait_until(lambda: _count(sample_window) == before + 1)
    assert sample_window.findChildren(PackageDialog) == [], "it is no package"
    shutil.copy(made / "whole.zip", tmp_path / "package.zip")
    sample_window.open_files([tmp_path / "package.zip"])
    sample_window.settle()
    (dialog,) = sample_window.findChildren(PackageDialog)
    button(dialog, "Add it as evidence").click()
    sample_window.wait_until(lambda: _count(sample_window) == before + 2)


def _count(window: StandWindow) -> int:
    found: list[int] = []
    window.session.read(_items, done=found.append)
    window.settle()
    return found[0]


def _items(portfolio: object) -> int:
    with portfolio.read() as reader:  # type: ignore[attr-defined]
        return len(reader.evidence_facts())
