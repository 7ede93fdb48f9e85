"""The settings: each takes effect at once, and all can be put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QListWidget, QPushButton
from tests.gui.dialogs.parts import button, field, open_dialog
from tests.gui.stand import StandWindow

from portfolio_app import settings as declared
from portfolio_app.gui import shared_spelling, spelling, theme
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.dialogs.settings import SettingsDialog
from portfolio_app.gui.widgets.evidence_list import EvidenceListPanel


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(qapp, "light")


@pytest.fixture
def own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the words of the user's own are kept, from before there is a window."""
    monkeypatch.setattr(spelling, "user_config_dir", lambda: tmp_path)
    return tmp_path / "words.txt"


@pytest.fixture
def dialog(own_words: Path, sample_window: StandWindow) -> SettingsDialog:
    del own_words
    return open_dialog(sample_window, "settings", SettingsDialog)


def _box(dialog: SettingsDialog, words: str) -> QCheckBox:
    (found,) = [box for box in dialog.findChildren(QCheckBox) if words in box.text().replace("&", "")]
    return found


def test_theme_and_size_change_the_window_at_once(dialog: SettingsDialog, sample_window: StandWindow) -> None:
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "Dark").click()
    assert theme.current().name == "dark"
    zoom = field(dialog, "Size of letters and icons")
    assert isinstance(zoom, QComboBox)
    zoom.setCurrentIndex(zoom.findText("150%"))
    zoom.activated.emit(zoom.currentIndex())
    assert theme.current().zoom == 1.5
    assert sample_window.settings.get(declared.ZOOM) == 1.5
    assert theme.current().name == "dark"


def test_compact_rows_make_the_lists_lower(dialog: SettingsDialog, sample_window: StandWindow) -> None:
    sample_window.run_action("go-evidence")
    sample_window.settle()
    (panel,) = sample_window.findChildren(EvidenceListPanel)
    view = panel.view
    before = view.visualRect(view.model().index(0, 0)).height()
    _box(dialog, "Compact rows").click()
    sample_window.settle()
    assert view.visualRect(view.model().index(0, 0)).height() < before
    assert theme.current().row_height == theme.COMPACT_ROW_HEIGHT


def test_spelling_is_switched_on_and_off(dialog: SettingsDialog, sample_window: StandWindow) -> None:
    checker = shared_spelling.shared_spelling(sample_window)
    _box(dialog, "spelling").click()
    assert checker.language == "en_GB"
    _box(dialog, "spelling").click()
    assert checker.language == "off"


def test_own_words_are_added_and_taken_out(dialog: SettingsDialog, sample_window: StandWindow, own_words: Path) -> None:
    checker = shared_spelling.shared_spelling(sample_window)
    (words,) = dialog.findChildren(QListWidget)
    line = next(each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == "A word to add")
    line.setText("Harrowmere VARCS")
    line.returnPressed.emit()
    assert [words.item(row).text() for row in range(words.count())] == ["Harrowmere", "VARCS"]
    assert checker.is_right("Harrowmere")
    assert own_words.read_text(encoding="utf-8").split() == ["Harrowmere", "VARCS"]
    words.setCurrentRow(0)
    button(dialog, "Remove").click()
    assert checker.own_words() == ("VARCS",)
    assert dialog.isVisible()


def test_all_settings_are_put_back_after_a_question(dialog: SettingsDialog, sample_window: StandWindow) -> None:
    settings = sample_window.settings
    recent = settings.get(declared.RECENT)
    _box(dialog, "last portfolio").click()
    assessor = field(dialog, "Name of the assessor")
    assert isinstance(assessor, QLineEdit)
    assessor.setText("  Helen   Marsh ")
    assessor.editingFinished.emit()
    assert (settings.get(declared.REOPEN), settings.get(declared.ASSESSOR)) == (False, "Helen Marsh")
    button(dialog, "Put all settings back …").click()
    (question,) = dialog.findChildren(QuestionDialog)
    question.buttons["Put them back"].click()
    assert (settings.get(declared.REOPEN), settings.get(declared.ASSESSOR)) == (True, "")
    assert _box(dialog, "last portfolio").isChecked()
    assert assessor.text() == ""
    assert settings.get(declared.RECENT) == recent
