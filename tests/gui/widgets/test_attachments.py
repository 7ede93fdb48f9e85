"""Cards of attached files: what they say, what keys, clipboard and dropping do."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from portfolio_app.domain.evidence import Attachment
from portfolio_app.gui.widgets.attachments.card_model import CardFacts, CardModel, CardRole
from portfolio_app.gui.widgets.attachments.cards import AttachmentsPanel
from portfolio_app.gui.widgets.attachments.handing_out import keep_pasted_picture
from portfolio_app.gui.widgets.attachments.rendering import Channel, Lane

Attach = Callable[..., Attachment]


class Store:
    """Files on a disk, as a portfolio has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: dict[str, Path] = {}

    def add(self, name: str, data: bytes, media_type: str, caption: str = "") -> Attachment:
        attachment = Attachment(name, name, hashlib.sha256(data).hexdigest(), len(data), media_type, caption)
        path = self.folder / attachment.sha256
        path.write_bytes(data)
        self.paths[attachment.id] = path
        return attachment

    def path(self, attachment: Attachment) -> Path | None:
        return self.paths.get(attachment.id)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    folder = tmp_path / "files"
    folder.mkdir()
    return Store(folder)


@pytest.fixture
def photograph(store: Store, tmp_path: Path) -> Attachment:
    Image.new("RGB", (300, 200), "red").save(tmp_path / "a.jpg")
    return store.add("Notice board.jpg", (tmp_path / "a.jpg").read_bytes(), "image/jpeg", "Our board")


@pytest.fixture
def notes(store: Store) -> Attachment:
    return store.add("notes.txt", b"We set a target.", "text/plain")


def shown(qtbot: QtBot, store: Store, attachments: Sequence[Attachment], width: int = 600) -> AttachmentsPanel:
    panel = AttachmentsPanel()
    qtbot.addWidget(panel)
    panel.resize(width, 400)
    panel.set_attachments(attachments, store.path)
    panel.show()
    return panel


def card(panel: AttachmentsPanel, row: int) -> CardFacts:
    facts = panel.model.index(row).data(CardRole.CARD)
    assert isinstance(facts, CardFacts)
    return facts


def test_a_card_tells_and_shows_what_the_file_is(qtbot: QtBot, store: Store, photograph: Attachment) -> None:
    panel = shown(qtbot, store, [photograph])
    qtbot.waitUntil(lambda: card(panel, 0).thumbnail is not None)
    thumbnail = card(panel, 0).thumbnail
    assert thumbnail is not None
    assert QColor(thumbnail.pixel(5, 5)).red() > 240
    told = panel.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told.startswith("Notice board.jpg, JPEG picture · ")
    assert told.endswith("caption: Our board")


def test_missing_altered_and_broken_files_say_so(qtbot: QtBot, store: Store, notes: Attachment) -> None:
    altered = store.add("altered.txt", b"words", "text/plain")
    store.paths[altered.id].write_bytes(b"sword")
    broken = store.add("broken.pdf", b"%PDF-1.4 nothing", "application/pdf")
    gone = Attachment("gone", "gone.txt", "0" * 64, 5, "text/plain")
    panel = shown(qtbot, store, [notes, altered, broken, gone])
    qtbot.waitUntil(lambda: all(card(panel, row).problem for row in (1, 2, 3)))
    assert card(panel, 0).problem == ""
    assert card(panel, 1).problem == "This file has changed since it was added."
    assert card(panel, 2).problem == "Cannot be shown here: it is damaged or not a PDF."
    assert card(panel, 3).problem == "This file is missing from the portfolio."
    store.paths["gone"] = store.paths[notes.id]
    panel.set_attachments([Attachment("gone", "gone.txt", notes.sha256, notes.size, "text/plain")], store.path)
    assert card(panel, 0).problem == "", "a file that was found again is looked at again"


def test_the_model_keeps_the_rules_of_models(store: Store, notes: Attachment, photograph: Attachment) -> None:
    model = CardModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_attachments([notes], store.path)
    model.set_pending(["a", "b"], 0.5)
    model.set_attachments([notes, photograph], store.path)
    model.change(1, caption="Other words")
    assert [model.index(row).data() for row in range(4)] == ["notes.txt", "Notice board.jpg", "a", "b"]
    assert model.attachments[1].caption == "Other words"
    assert model.flags(model.index(2)) == Qt.ItemFlag.ItemIsEnabled
    model.set_pending([], None)
    assert model.rowCount() == 2


def test_keys_preview_rename_caption_and_remove(
    qtbot: QtBot, store: Store, notes: Attachment, photograph: Attachment
) -> None:
    panel = shown(qtbot, store, [notes, photograph])
    panel.show_attachment(notes.id)
    QTest.keyClick(panel.list, Qt.Key.Key_Right)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(panel.preview_requested) as previewed:
            QTest.keyClick(panel.list, key)
        assert previewed.args == [photograph.id]

    QTest.keyClick(panel.list, Qt.Key.Key_F2)
    field = panel.list.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.selectedText() == "Notice board"
    QTest.keyClicks(field, "Board in May")
    with qtbot.waitSignal(panel.renamed) as renamed:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert renamed.args == [photograph.id, "Board in May.jpg"]
    assert card(panel, 1).name == "Board in May.jpg", "it is shown before it is stored"
    qtbot.waitUntil(lambda: panel.list.findChild(QLineEdit) is None)

    QTest.keyClick(panel.list, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    field = panel.list.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.text() == "Our board"
    field.clear()
    QTest.keyClicks(field, " Board  in May ")
    with qtbot.waitSignal(panel.caption_changed) as captioned:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert captioned.args == [photograph.id, "Board in May"]

    removed: list[str] = []
    panel.removed.connect(removed.append)
    panel.list.selectAll()
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert removed == [notes.id, photograph.id]


def test_pressing_on_a_caption_edits_it(qtbot: QtBot, store: Store, notes: Attachment) -> None:
    panel = shown(qtbot, store, [notes])
    place = panel.list.cards.caption_area(panel.list.visualRect(panel.model.index(0)), 0)
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    field = panel.list.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.accessibleName() == "Caption"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert card(panel, 0).caption == ""


def test_the_card_in_hand_stays_in_hand(qtbot: QtBot, store: Store, notes: Attachment, photograph: Attachment) -> None:
    panel = shown(qtbot, store, [notes, photograph])
    panel.show_attachment(photograph.id)
    third = store.add("third.txt", b"third", "text/plain")
    panel.set_attachments([third, notes, photograph], store.path)
    assert panel.list.selected_ids() == [photograph.id]
    panel.set_attachments([third, notes], store.path)
    assert panel.list.selected_ids() == [notes.id], "the next one takes the place of one that is gone"


@pytest.mark.parametrize("width", [300, 420, 900])
def test_all_cards_are_seen_at_any_width(qtbot: QtBot, store: Store, width: int) -> None:
    files = [store.add(f"{number}.txt", b"%d" % number, "text/plain") for number in range(7)]
    panel = shown(qtbot, store, files, width)
    QApplication.processEvents()
    rects = [panel.list.visualRect(panel.model.index(row)) for row in range(7)]
    area = panel.list.viewport().rect()
    assert all(area.contains(rect) for rect in rects), (area, rects)
    assert len({rect.left() for rect in rects}) == max(1, (width + 8) // 268)


def test_files_and_pictures_are_pasted(qtbot: QtBot, store: Store, tmp_path: Path) -> None:
    panel = shown(qtbot, store, [])
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.txt")), QUrl("https://example.org/b.txt")])
    QGuiApplication.clipboard().setMimeData(data)
    with qtbot.waitSignal(panel.files_added) as added:
        panel.paste()
    assert added.args == [[tmp_path / "a.txt"]]

    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    QGuiApplication.clipboard().setImage(image)
    assert panel.can_paste()
    with qtbot.waitSignal(panel.image_pasted) as pasted:
        panel.paste()
    kept = keep_pasted_picture(pasted.args[0], datetime(2026, 11, 22, 14, 5))  # noqa: DTZ001 - the clock on the wall
    assert kept.name == "Screenshot 2026-11-22 14.05.png"
    assert QImage(str(kept)).size() == image.size()

    QGuiApplication.clipboard().setText("only words")
    assert not panel.can_paste()
    with qtbot.assertNotEmitted(panel.files_added), qtbot.assertNotEmitted(panel.image_pasted):
        panel.paste()


def test_what_is_dropped_is_attached_unless_nothing_may_change(qtbot: QtBot, store: Store, tmp_path: Path) -> None:
    panel = shown(qtbot, store, [])
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.txt"))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def enter() -> QDragEnterEvent:
        event = QDragEnterEvent(QPoint(5, 5), actions, data, buttons, keys)
        QApplication.sendEvent(panel, event)
        return event

    assert enter().isAccepted()
    drop = QDropEvent(QPointF(5, 5), actions, data, buttons, keys, QEvent.Type.Drop)
    with qtbot.waitSignal(panel.files_added) as added:
        QApplication.sendEvent(panel, drop)
    assert added.args == [[tmp_path / "a.txt"]]
    assert drop.dropAction() == Qt.DropAction.CopyAction, "the original stays where it is"
    panel.set_read_only(True)
    assert not enter().isAccepted()


def test_nothing_can_be_changed_when_read_only(qtbot: QtBot, store: Store, notes: Attachment) -> None:
    panel = shown(qtbot, store, [notes])
    panel.set_read_only(True)
    panel.show_attachment(notes.id)
    with qtbot.assertNotEmitted(panel.removed):
        QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    QTest.keyClick(panel.list, Qt.Key.Key_F2)
    assert panel.list.findChild(QLineEdit) is None
    menu = panel.menu_for(panel.model.index(0))
    assert [action.text() for action in menu.actions()] == ["Preview", "Open in its program", "Save a copy …"]


def test_a_program_gets_a_copy_under_its_own_name(
    qtbot: QtBot, store: Store, notes: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return len(opened) == 1

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    panel = shown(qtbot, store, [notes])
    panel.show_attachment(notes.id)
    with qtbot.waitSignal(panel.open_requested):
        panel.open_current()
    qtbot.waitUntil(lambda: len(opened) == 1)
    copy = Path(opened[0].toLocalFile())
    assert copy.name == "notes.txt"
    assert copy != store.paths[notes.id]
    assert copy.read_bytes() == b"We set a target."
    assert panel.message == ""
    with qtbot.waitSignal(panel.refused):
        panel.open_current()
    assert "No program" in panel.message


def test_a_program_is_never_started(qtbot: QtBot, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: pytest.fail("it was opened"))
    program = store.add("setup.exe", b"MZ", "application/x-msdownload")
    panel = shown(qtbot, store, [program])
    panel.show_attachment(program.id)
    with qtbot.waitSignal(panel.refused):
        panel.open_current()
    assert "may be a program" in panel.message


def test_a_copy_is_saved_where_the_user_wants(
    qtbot: QtBot, store: Store, notes: Attachment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(_parent: object, _title: str, name: str) -> tuple[str, str]:
        asked.append(name)
        return str(tmp_path / "copy.txt"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    panel = shown(qtbot, store, [notes])
    panel.show_attachment(notes.id)
    with qtbot.waitSignal(panel.saved):
        panel.save_current()
    assert asked == ["notes.txt"]
    assert (tmp_path / "copy.txt").read_bytes() == b"We set a target."


def test_only_the_latest_request_is_answered_and_none_after_the_end(qtbot: QtBot) -> None:
    panel = AttachmentsPanel()
    qtbot.addWidget(panel)
    channel = Channel(panel)
    gate = threading.Event()
    answers: list[str] = []
    freed: list[str] = []

    def ask(key: str, answer: str) -> None:
        def work() -> str:
            gate.wait(10)
            return answer

        channel.ask(key, work, answers.append, failed=lambda _error: None, dispose=freed.append)

    ask("same", "first")
    ask("same", "second")
    ask("other", "unwanted")
    channel.forget("other")
    gate.set()
    qtbot.waitUntil(lambda: answers == ["second"])
    qtbot.waitUntil(lambda: "first" in freed or channel.is_idle)
    assert "unwanted" not in answers

    gate.clear()
    ask("late", "late")
    channel.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gate.set()
    qtbot.waitUntil(lambda: "late" in freed)
    assert answers == ["second"]


def test_a_lane_goes_on_after_it_was_stopped(qtbot: QtBot) -> None:
    panel = AttachmentsPanel()
    qtbot.addWidget(panel)
    channel = Channel(panel)
    answers: list[int] = []
    for answer in (1, 2):
        channel.ask("a", lambda answer=answer: answer, answers.append, failed=lambda _error: None)  # type: ignore[misc]
        qtbot.waitUntil(lambda answer=answer: answer in answers)  # type: ignore[misc]
        Lane.FILES.stop()
    assert answers == [1, 2]


def test_files_are_closed_though_the_program_ends_before_their_turn() -> None:
    begun, may_end, closed = threading.Event(), threading.Event(), threading.Event()

    def hold_up() -> None:
        begun.set()
        may_end.wait(5)

    Lane.FILES.run(hold_up)
    assert begun.wait(5)
    Lane.FILES.run(closed.set)
    threading.Timer(0.1, may_end.set).start()
    Lane.FILES.stop()
    assert closed.is_set()
