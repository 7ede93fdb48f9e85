"""A bug is one calm dialog, whatever thread it came from and however often."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, Signal
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from portfolio_app import crash
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.gui import crash_watch
from portfolio_app.gui.crash_dialog import CrashDialog, LastCrashDialog
from portfolio_app.gui.crash_watch import CrashWatch

SECRET = " ".join(["Sam", "Ellis"])


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "log"
    monkeypatch.setattr(crash, "user_log_dir", lambda: folder)
    return folder


@pytest.fixture
def watch(reports: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[CrashWatch]:
    monkeypatch.setattr(crash_watch, "QUIET_MS", 40)
    watch = CrashWatch()
    watch.install()
    yield watch
    watch.uninstall()
    for dialog in _dialogs():
        dialog.close()
    QApplication.processEvents()


class Faulty(QObject):
    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pressed.connect(self.go)

    def go(self) -> None:
        raise KeyError(SECRET)


def _dialogs() -> list[CrashDialog]:
    return [
        widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CrashDialog) and widget.isVisible()
    ]


def _only_dialog(qtbot: QtBot) -> CrashDialog:
    qtbot.waitUntil(lambda: len(_dialogs()) == 1)
    return _dialogs()[0]


def _press(dialog: QDialog, text: str) -> None:
    (button,) = [button for button in dialog.findChildren(QPushButton) if button.text() == text]
    button.click()


def _report(dialog: QDialog) -> QPlainTextEdit:
    (report,) = dialog.findChildren(QPlainTextEdit)
    return report


def _words(dialog: CrashDialog) -> str:
    return "\n".join(label.text() for label in dialog.paragraphs)


def test_a_bug_in_a_slot(watch: CrashWatch, qtbot: QtBot, reports: Path) -> None:
    faulty = Faulty()
    with qtbot.waitSignal(watch.caught):  # what is being typed is committed before the dialog says that it is saved
        faulty.pressed.emit()
    dialog = _only_dialog(qtbot)
    assert "Everything you typed until now is saved." in _words(dialog)
    assert "KeyError" in _words(dialog)
    _press(dialog, "Copy report")
    report = QGuiApplication.clipboard().text()
    assert "in go" in report
    assert SECRET not in report
    (path,) = reports.glob("report-*.txt")
    assert path.read_text("utf-8") == report
    _press(dialog, "Show report")
    assert _report(dialog).isVisible()
    _press(dialog, "Hide report")
    _press(dialog, "Continue")
    assert not _dialogs()


def test_a_bug_in_drawing_comes_with_every_frame_but_shows_one_dialog(watch: CrashWatch, qtbot: QtBot) -> None:
    class Unlucky(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
            raise ZeroDivisionError

    widget = Unlucky()
    qtbot.addWidget(widget)
    widget.show()
    dialog = _only_dialog(qtbot)
    for _ in range(3):
        widget.update()
        QApplication.processEvents()
    qtbot.waitUntil(lambda: "more since" in dialog._count.text())
    assert dialog._count.isVisible()
    _press(dialog, "Continue")
    widget.update()
    QApplication.processEvents()
    assert not _dialogs(), "not at once again"
    assert _only_dialog(qtbot) is not dialog


def test_a_bug_on_another_thread(watch: CrashWatch, qtbot: QtBot) -> None:
    thread = threading.Thread(target=Faulty().go)
    thread.start()
    thread.join()
    assert _only_dialog(qtbot).thread() is watch.thread()


def test_a_bug_while_something_is_thrown_away(watch: CrashWatch, qtbot: QtBot) -> None:
    class Clumsy:
        def __del__(self) -> None:
            raise TypeError

    Clumsy()
    gc.collect()
    assert "TypeError" in _words(_only_dialog(qtbot))


def test_a_known_error_is_a_sentence_and_no_crash(watch: CrashWatch, qtbot: QtBot, reports: Path) -> None:
    def refuse() -> None:
        raise InvalidInput("“32 June” is not a date.")

    with qtbot.waitSignal(watch.refused) as told:
        QTimer.singleShot(0, refuse)
    assert told.args == ["“32 June” is not a date."]
    assert not _dialogs()
    assert not reports.exists()


def test_quitting(watch: CrashWatch, qtbot: QtBot) -> None:
    watch.catch(KeyError())
    dialog = _only_dialog(qtbot)
    with qtbot.waitSignal(watch.quit_wanted):
        _press(dialog, "Quit")
    assert not _dialogs()


def test_ctrl_c_in_the_terminal_quits(watch: CrashWatch, qtbot: QtBot) -> None:
    with qtbot.waitSignal(watch.quit_wanted):
        watch.catch(KeyboardInterrupt())


def test_a_dialog_that_went_with_its_window_is_not_the_last(watch: CrashWatch, qtbot: QtBot) -> None:
    window = QDialog()
    window.setModal(True)
    window.show()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is window)
    watch.catch(KeyError())
    assert _only_dialog(qtbot).parent() is window
    window.deleteLater()
    qtbot.waitUntil(lambda: not _dialogs())
    watch.catch(KeyError())
    _only_dialog(qtbot)


def test_a_bug_in_committing_what_is_typed_does_not_keep_the_dialog_away(watch: CrashWatch, qtbot: QtBot) -> None:
    faulty = Faulty()
    watch.caught.connect(faulty.go)
    watch.catch(ZeroDivisionError())
    dialog = _only_dialog(qtbot)
    qtbot.waitUntil(lambda: bool(dialog._count.text()))


def test_a_disk_that_is_full_still_leaves_a_report_to_copy(
    watch: CrashWatch, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash, "keep_report", lambda report: None)
    watch.catch(KeyError())
    dialog = _only_dialog(qtbot)
    assert "kept in" not in _words(dialog)
    _press(dialog, "Copy report")
    assert "KeyError" in QGuiApplication.clipboard().text()


def test_a_storm_does_not_fill_the_folder(watch: CrashWatch, qtbot: QtBot, reports: Path) -> None:
    for _ in range(100):
        watch.catch(KeyError())
    assert len(list(reports.glob("report-*.txt"))) == 10
    qtbot.waitUntil(lambda: bool(_dialogs()) and "99 more" in _dialogs()[0]._count.text())


def test_the_hooks_are_put_back() -> None:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    watch = CrashWatch()
    watch.install()
    watch.install()
    assert sys.excepthook != before[0]
    watch.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


def test_the_dialog_is_usable_by_keyboard_and_screen_reader(watch: CrashWatch, qtbot: QtBot) -> None:
    watch.catch(KeyError())
    dialog = _only_dialog(qtbot)
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}
    assert [name for name, button in buttons.items() if button.isDefault()] == ["Continue"]
    assert not buttons["Quit"].autoDefault()
    assert _report(dialog).accessibleName() == "Report"


def test_the_crash_of_last_time_is_offered(qtbot: QtBot) -> None:
    dialog = LastCrashDialog("Fatal Python error: Segmentation fault")
    dialog.show()
    assert "was saved" in "\n".join(label.text() for label in dialog.paragraphs)
    _press(dialog, "Copy report")
    assert QGuiApplication.clipboard().text() == "Fatal Python error: Segmentation fault"
    _press(dialog, "Continue")


def test_what_qt_warns_of_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    crash_watch._log_qt_message(QtMsgType.QtWarningMsg, QMessageLogContext(), 'Cannot open "/home/sam/Review.pdf"')
    assert caplog.record_tuples == [("qt.default", 30, "Cannot open …")]
