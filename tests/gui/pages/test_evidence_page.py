"""The Evidence page: which item is in hand, new items however they come, and the claims beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app import settings
from portfolio_app.domain.claims import Locator
from portfolio_app.domain.listing import EvidenceQuery
from portfolio_app.gui.dialogs.choose_kind import ChooseKindDialog
from portfolio_app.gui.pages.evidence import EvidencePage
from portfolio_app.gui.places import Place
from portfolio_app.services.claim_edits import claims_for_evidence
from portfolio_app.services.evidence_many import bin_evidence
from portfolio_app.services.evidence_sheet import EvidenceSheet, evidence_for_editing

WIDE, NARROW = 1400, 900


@pytest.fixture
def page(qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator) -> EvidencePage:
    return _opened(qtbot, sample_session, navigator)


def _opened(qtbot: QtBot, session: OpenSession, navigator: RecordingNavigator, width: int = WIDE) -> EvidencePage:
    navigator.settings.set(settings.SPELLING, "")
    made = EvidencePage(session, navigator)
    qtbot.addWidget(made)
    made.resize(width, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    session.settle()
    return made


def _ids(page: EvidencePage) -> dict[str, str]:
    model = page.list.model
    return {model.summary(row).ref: model.summary(row).id for row in range(model.rowCount())}


def _choose(page: EvidencePage, session: OpenSession, ref: str) -> str:
    evidence_id = _ids(page)[ref]
    assert page.list.choose(evidence_id)
    session.settle()
    assert page.editor.item == evidence_id
    return evidence_id


def _sheet(session: OpenSession, evidence_id: str) -> EvidenceSheet:
    found: list[EvidenceSheet] = []
    session.read(evidence_for_editing, evidence_id, done=found.append)
    session.settle()
    return found[0]


def _take_kind(page: EvidencePage, qtbot: QtBot, title: str) -> None:
    dialog = page.findChild(ChooseKindDialog)
    assert isinstance(dialog, ChooseKindDialog)
    QTest.keyClicks(dialog.focusWidget(), title)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    qtbot.wait(10)


def _files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def _hover(target: QWidget, data: QMimeData) -> bool:
    event = QDragEnterEvent(
        QPoint(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def _drop(target: QWidget, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(target, event)


def _zones(page: EvidencePage) -> dict[str, QWidget]:
    return {
        zone.accessibleName(): zone
        for zone in page.findChildren(QWidget)
        if type(zone).__name__ == "DropZone" and zone.isVisible()
    }


# What is in hand


def test_the_first_item_is_shown_and_the_arrow_keys_go_on(page: EvidencePage, sample_session: OpenSession) -> None:
    assert page.editor.ref == "E1"
    page.list.view.setFocus()
    for _ in range(3):
        QTest.keyClick(page.list.view, Qt.Key.Key_Down)
    sample_session.settle()
    assert page.editor.ref == "E4"
    assert QApplication.focusWidget() is page.list.view
    QTest.keyClick(page.list.view, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.editor.column.title.text
    body = page.editor.column.body.field
    body.setFocus()
    before = body.toPlainText()
    QTest.keyClick(body, Qt.Key.Key_Return)  # the list's keys mean nothing here
    QTest.keyClick(body, Qt.Key.Key_Delete)
    assert QApplication.focusWidget() is body
    assert body.toPlainText() == f"\n{before[1:]}"
    assert page.window_.actions == []  # type: ignore[attr-defined] # of a recording navigator


def test_after_the_bin_its_neighbour_is_in_hand(page: EvidencePage, sample_session: OpenSession) -> None:
    binned = _choose(page, sample_session, "E5")
    page.bin_items()
    sample_session.settle()
    assert binned not in page.list.model.ids()
    assert page.editor.ref == "E6"
    assert QApplication.focusWidget() is page.list.view
    _choose(page, sample_session, "E31")
    page.bin_items()
    sample_session.settle()
    assert page.editor.ref == "E30"


def test_what_no_longer_fits_the_filter_stays_on_the_screen_while_it_is_worked_on(
    page: EvidencePage, sample_session: OpenSession
) -> None:
    page.list.set_query(EvidenceQuery(words="rota"))
    sample_session.settle()
    item = _choose(page, sample_session, "E3")
    title = page.editor.column.title.text
    title.setFocus()
    title.selectAll()
    QTest.keyClicks(title, "Who works when")
    page.commit()
    sample_session.settle()
    page.list.set_query(EvidenceQuery(words="autumn enrolment week zzz"))
    sample_session.settle()
    assert page.list.model.rowCount() == 0
    assert page.editor.item == item
    assert page.editor.isVisible()
    assert QApplication.focusWidget() is title
    page.duplicate_item()  # acts on what is on the screen
    sample_session.settle()
    assert page.editor.column.title.text.toPlainText() == "Who works when (copy)"


def test_many_are_marked_changed_together_and_let_go(page: EvidencePage, sample_session: OpenSession) -> None:
    ids = _ids(page)
    page.list.choose_many([ids["E2"], ids["E3"], ids["E4"]])
    sample_session.settle()
    assert page.bulk.isVisible()
    assert not page.claims.isEnabled()
    page.bulk.tag_requested.emit("autumn")
    sample_session.settle()
    assert all("autumn" in _sheet(sample_session, ids[ref]).evidence.tags for ref in ("E2", "E3", "E4"))
    page.list.choose(ids["E4"])
    sample_session.settle()
    assert page.editor.isVisible()
    assert page.claims.isEnabled()


def test_an_empty_portfolio_says_what_to_do_first(
    qtbot: QtBot, empty_session: OpenSession, navigator: RecordingNavigator
) -> None:
    page = _opened(qtbot, empty_session, navigator)
    assert not page.list.isVisible()
    page.new_item()
    _take_kind(page, qtbot, "Plan")
    empty_session.settle()
    assert page.editor.ref == "E1"
    assert page.focusWidget() is page.editor.column.title.text
    page.bin_items()
    empty_session.settle()
    assert page.editor.item == ""
    assert not page.list.isVisible()


# New items


def test_an_item_begun_for_a_requirement_claims_it_and_a_dialog_put_away_leaves_nothing_behind(
    page: EvidencePage, sample_session: OpenSession, qtbot: QtBot
) -> None:
    claimed: list[str] = []
    sample_session.read(
        claims_for_evidence,
        _ids(page)["E1"],
        done=lambda claims: claimed.append(claims[0].requirement.id),
    )
    sample_session.settle()
    for answered in (False, True):
        page.show_place(Place("evidence", requirement_id=claimed[0]))
        dialog = page.findChild(ChooseKindDialog)
        assert isinstance(dialog, ChooseKindDialog)
        if answered:
            _take_kind(page, qtbot, "Meeting minutes")
        else:
            dialog.reject()
            qtbot.wait(10)
            page.new_item()
            _take_kind(page, qtbot, "Meeting minutes")
        sample_session.settle()
        claims = _sheet(sample_session, page.editor.item).claims
        assert [claim.requirement.id for claim in claims] == (claimed if answered else [])


def test_dropped_files_attach_to_the_item_or_become_items_as_the_zones_say(
    page: EvidencePage, sample_session: OpenSession, qtbot: QtBot, tmp_path: Path
) -> None:
    item = _choose(page, sample_session, "E1")
    notes, log = tmp_path / "notes.txt", tmp_path / "Complaint log 2026-05-04.txt"
    for path in (notes, log):
        path.write_text(path.name, encoding="utf-8")
    assert _hover(page, _files(notes))
    assert set(_zones(page)) == {"A new item for each file", "Attach to E1"}
    zone = _zones(page)["Attach to E1"]
    assert _hover(zone, _files(notes))
    _drop(zone, _files(notes))
    assert _zones(page) == {}
    qtbot.waitUntil(lambda: len(_sheet(sample_session, item).files) == 1)
    _hover(page, _files(log))
    _drop(_zones(page)["A new item for each file"], _files(log))
    qtbot.waitUntil(lambda: page.editor.ref == "E32")
    sample_session.settle()
    assert [file.attachment.name for file in _sheet(sample_session, page.editor.item).files] == [log.name]
    assert not _hover(page, _files(tmp_path / "Sam Ellis.portfolio"))
    assert not _hover(page, _files(tmp_path))


def test_the_zones_go_when_the_files_do(page: EvidencePage, qtbot: QtBot, tmp_path: Path) -> None:
    _hover(page, _files(tmp_path / "a.txt"))
    assert _zones(page)
    QApplication.sendEvent(page, QEvent(QEvent.Type.DragLeave))
    qtbot.waitUntil(lambda: not _zones(page))


def test_a_picture_on_the_clipboard_becomes_an_item(
    page: EvidencePage, sample_session: OpenSession, qtbot: QtBot
) -> None:
    picture = QImage(30, 20, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkGreen)
    QGuiApplication.clipboard().setImage(picture)
    page.paste_as_new()
    qtbot.waitUntil(lambda: page.editor.ref == "E32")
    (file,) = _sheet(sample_session, page.editor.item).files
    assert file.attachment.media_type == "image/png"


# Places and claims


def test_a_place_is_found_behind_a_filter(page: EvidencePage, sample_session: OpenSession) -> None:
    ids = _ids(page)
    page.list.set_query(EvidenceQuery(words="zzz"))
    sample_session.settle()
    page.show_place(Place("evidence", evidence_id=ids["E18"], field="people"))
    sample_session.settle()
    assert page.editor.ref == "E18"
    focused = QApplication.focusWidget()
    assert focused is not None
    assert page.editor.column.people.isAncestorOf(focused)


def test_the_claims_are_a_drawer_where_there_is_little_room(
    qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    page = _opened(qtbot, sample_session, navigator, NARROW)
    assert not page.claims.isVisible()
    page.editor.bar.claims.click()
    assert page.claims.isVisible()
    assert not page.list.isVisible()
    page.editor.bar.claims.click()
    assert page.list.isVisible()
    page.editor.quote_requested.emit("We answered every call.", Locator(paragraph="1"))
    assert page.claims.isVisible()
    page.resize(WIDE, 800)
    qtbot.waitUntil(lambda: page.list.isVisible() and page.claims.isVisible())
    assert not page.editor.bar.claims.isVisible()


def test_widths_and_the_item_come_back(
    qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    page = _opened(qtbot, sample_session, navigator)
    _choose(page, sample_session, "E7")
    state = page.state()
    again = EvidencePage(sample_session, navigator)
    qtbot.addWidget(again)
    again.restore_state(state)
    again.resize(WIDE, 800)
    again.show()
    sample_session.settle()
    assert again.editor.ref == "E7"
    again.restore_state({"widths": "broken", "item": 7})


def test_columns_have_a_fair_share_until_the_user_sets_them(
    qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    page = _opened(qtbot, sample_session, navigator)
    for width, listed, claims in ((1280, 320, 340), (1750, 385, 420), (2500, 460, 460)):
        page.resize(width, 800)
        assert (page.list.width(), page.claims.width()) == (listed, claims)
    page.resize(1750, 800)
    page._splitter.moveSplitter(500, 1)
    again = EvidencePage(sample_session, navigator)
    qtbot.addWidget(again)
    again.restore_state(page.state())
    again.resize(1000, 800)
    again.show()
    again.resize(1750, 800)
    assert (again.list.width(), again.claims.width()) == (500, 420)


def test_nothing_of_the_page_is_a_window_of_its_own_even_for_a_moment(
    qapp: QApplication, qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    watch = _WatchesWindows()
    qapp.installEventFilter(watch)
    page = _opened(qtbot, sample_session, navigator)
    for ref in ("E1", "E4", "E18", "E29"):
        _choose(page, sample_session, ref)
    qapp.removeEventFilter(watch)
    assert [window for window in watch.seen if window is not page] == []


class _WatchesWindows(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(watched)
        return False


def test_an_item_binned_elsewhere_lets_its_neighbour_follow(page: EvidencePage, sample_session: OpenSession) -> None:
    item = _choose(page, sample_session, "E2")
    sample_session.edit(bin_evidence, [item])
    sample_session.settle()
    assert page.editor.ref == "E3"


def test_a_portfolio_opened_for_reading_takes_no_files(
    qtbot: QtBot, sample_folder: Path, navigator: RecordingNavigator, tmp_path: Path
) -> None:
    session = OpenSession(sample_folder, read_only=True)
    page = _opened(qtbot, session, navigator)
    assert not _hover(page, _files(tmp_path / "a.txt"))
    assert page.editor.ref == "E1"
    session.finish()


def test_the_item_in_hand_in_another_portfolio_leaves_the_first_one_here(
    qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    navigator.settings.set(settings.SPELLING, "")
    page = EvidencePage(sample_session, navigator)
    qtbot.addWidget(page)
    page.restore_state({"item": "0198c0de-0000-7000-8000-000000000000"})
    page.resize(WIDE, 800)
    page.show()
    sample_session.settle()
    assert page.editor.item == _ids(page)["E1"]
