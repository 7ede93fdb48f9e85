"""The preview of attached files: pages to scroll, find and quote, pictures, text, tables, e-mail, refusals."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPoint, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSpinBox
from pytestqt.qtbot import QtBot
from reportlab.pdfgen import canvas

from portfolio_app.domain.evidence import Attachment
from portfolio_app.gui.widgets.attachments.page_layout import Fit, PageLayout, PartCache
from portfolio_app.gui.widgets.attachments.preview import PreviewPane
from portfolio_app.gui.widgets.attachments.text_view import WordsOnlyBrowser
from portfolio_app.services.attachment_previews import TextPreview
from portfolio_app.services.pdf_pages import Part

Show = Callable[..., PreviewPane]


def pdf(*pages: list[str], size: tuple[float, float] = (400, 600), turned: int = 0) -> bytes:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=size)
    for lines in pages:
        paper.setPageRotation(turned)
        text = paper.beginText(40, size[1] - 60 if not turned else 200)
        text.setFont("Helvetica", 12)
        for line in lines:
            text.textLine(line)
        paper.drawText(text)
        paper.showPage()
    paper.save()
    return buffer.getvalue()


REPORT = pdf(
    ["Monthly report", "We set a four-minute target for each cus-", "tomer of ours, and met it."],
    ["The second page", "has a target, too."],
    ["The third page", "has none."],
)


def attached(path: Path, name: str, data: bytes, media_type: str) -> tuple[Attachment, Path]:
    path = path / name
    path.write_bytes(data)
    return Attachment(name, name, hashlib.sha256(data).hexdigest(), len(data), media_type), path


@pytest.fixture
def show(qtbot: QtBot, tmp_path: Path) -> Show:
    def shown(
        name: str, data: bytes, media_type: str, page: int | str | None = None, quotation: str = ""
    ) -> PreviewPane:
        pane = PreviewPane()
        qtbot.addWidget(pane)
        pane.resize(500, 700)
        pane.show(*attached(tmp_path, name, data, media_type), page, quotation)
        return pane

    return shown


@pytest.fixture
def report(qtbot: QtBot, show: Show) -> PreviewPane:
    pane = show("report.pdf", REPORT, "application/pdf")
    qtbot.waitUntil(pane.pdf.area.is_drawn)
    qtbot.waitUntil(lambda: pane.pdf.area.text_of(0) is not None)
    return pane


def page_box(pane: PreviewPane) -> QSpinBox:
    box = pane.pdf.findChild(QSpinBox)
    assert isinstance(box, QSpinBox)
    return box


def where(pane: PreviewPane, page: int, words: str) -> QPoint:
    """Return the place in the window of the beginning of some words."""
    area = pane.pdf.area
    text = area.text_of(page)
    assert text is not None
    ((start, end),) = text.find(words)
    return area._on_screen(page, text.boxes(start, end)[0]).center().toPoint()


# Pages


def test_a_page_is_drawn_and_the_number_is_counted_as_readers_do(qtbot: QtBot, report: PreviewPane) -> None:
    assert page_box(report).value() == 1
    assert page_box(report).maximum() == 3
    picture = report.pdf.area.viewport().grab().toImage()
    assert any(
        QColor(picture.pixel(x, where(report, 0, "Monthly").y())).lightness() < 100 for x in range(picture.width())
    )
    page_box(report).setValue(3)
    assert report.pdf.area.page == 2
    QTest.keyClick(report.pdf.area, Qt.Key.Key_Home)
    assert page_box(report).value() == 1
    assert report.pdf.area.accessibleDescription() == "Page 1 of 3"


def test_a_passage_selected_with_the_mouse_is_quoted_with_its_page(qtbot: QtBot, report: PreviewPane) -> None:
    text = report.pdf.area.text_of(0)
    assert text is not None
    ((start, _),) = text.find("four-minute")
    ((_, end),) = text.find("customer")
    area = report.pdf.area
    first, last = text.boxes(start, start + 1)[0], text.boxes(end - 1, end)[0]
    begin = area._on_screen(0, first)
    finish = area._on_screen(0, last)
    QTest.mousePress(area.viewport(), Qt.MouseButton.LeftButton, pos=begin.topLeft().toPoint() + QPoint(0, 3))
    QTest.mouseMove(area.viewport(), finish.bottomRight().toPoint() - QPoint(1, 3))
    QTest.mouseRelease(area.viewport(), Qt.MouseButton.LeftButton, pos=finish.bottomRight().toPoint() - QPoint(1, 3))
    with qtbot.waitSignal(report.quote_requested) as quoted:
        report.quote()
    assert quoted.args == ["four-minute target for each customer", "1"]
    report.copy()
    assert QGuiApplication.clipboard().text() == "four-minute target for each customer"


def test_what_is_quoted_begins_and_ends_with_whole_words(qtbot: QtBot, report: PreviewPane, show: Show) -> None:
    area = report.pdf.area
    text = area.text_of(0)
    assert text is not None
    ((start, end),) = text.find("our-minute target for ea")
    area.select(0, (end, start))
    report.copy()
    assert QGuiApplication.clipboard().text() == "our-minute target for ea"
    with qtbot.waitSignal(report.quote_requested) as quoted:
        report.quote()
    assert quoted.args == ["four-minute target for each", "1"]
    assert report.pdf.selected_text()[0] == "four-minute target for each"
    notes = show("notes.txt", "Notes 😀\nWe set targets for all.".encode(), "text/plain", None, "et targ")
    qtbot.waitUntil(lambda: notes.text.has_selection)
    with qtbot.waitSignal(notes.quote_requested) as quoted:
        notes.quote()
    assert quoted.args == ["set targets", ""]


def test_a_double_click_takes_the_word_and_another_the_line(qtbot: QtBot, report: PreviewPane) -> None:
    place = where(report, 0, "report")
    QTest.mouseDClick(report.pdf.area.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert report.pdf.selected_text() == ("report", "1")
    QTest.mouseDClick(report.pdf.area.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert report.pdf.selected_text() == ("Monthly report", "1")


def test_text_is_selected_by_keyboard(qtbot: QtBot, report: PreviewPane) -> None:
    area = report.pdf.area
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(area, Qt.Key.Key_Right, shift | control)
    assert report.pdf.selected_text()[0] == "Monthly"
    QTest.keyClick(area, Qt.Key.Key_End, shift)
    assert report.pdf.selected_text()[0] == "Monthly report"
    QTest.keyClick(area, Qt.Key.Key_Down, shift)
    QTest.keyClick(area, Qt.Key.Key_Left, shift)
    assert (
        report.pdf.selected_text()[0].startswith("Monthly report\nWe set") or "We set" in report.pdf.selected_text()[0]
    )
    QTest.keyClick(area, Qt.Key.Key_A, control)
    assert report.pdf.selected_text()[0].endswith("customer of ours, and met it.")
    QTest.keyClick(area, Qt.Key.Key_Escape)
    assert not report.pdf.has_selection
    with qtbot.assertNotEmitted(report.quote_requested):
        report.quote()


def test_a_selection_over_pages_names_them_all(qtbot: QtBot, report: PreviewPane) -> None:
    area = report.pdf.area
    area.set_fit(Fit.PAGE)
    texts = []
    for page in range(3):
        area.go_to_page(page)
        qtbot.waitUntil(lambda page=page: area.text_of(page) is not None)  # type: ignore[misc]
        texts.append(area.text_of(page))
    area.select(0, (0, 0))
    QTest.keyClick(area, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(area, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(area, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    text, pages = report.pdf.selected_text()
    assert text.endswith("met it.\nThe second page")
    assert pages == "1–2"


@pytest.mark.parametrize(
    ("place", "found_on", "note"),
    [
        ((1, "four-minute target for each customer"), 0, ""),
        (("2", "has a  target"), 1, ""),
        (("p. 3", "has a target, too"), 1, "The quotation stands on page 2."),
        ((2, "we never said that"), 1, "The quotation was not found"),
        ((9, ""), 0, "There is no page 9"),
    ],
)
def test_a_claims_quotation_is_found_and_marked(
    qtbot: QtBot, show: Show, place: tuple[int | str, str], found_on: int, note: str
) -> None:
    pane = show("report.pdf", REPORT, "application/pdf", *place)
    area = pane.pdf.area
    area.set_fit(Fit.PAGE)
    if note:
        qtbot.waitUntil(lambda: note in pane.note)
    else:
        qtbot.waitUntil(lambda: area._quoted is not None)
        assert pane.note == ""
    qtbot.waitUntil(lambda: area.page == found_on)


def test_another_claim_on_the_same_file_does_not_open_it_again(qtbot: QtBot, report: PreviewPane) -> None:
    pages = report.pdf._pages
    assert report.attachment is not None
    report.show(report.attachment, report._path, 2, "has a target")
    qtbot.waitUntil(lambda: report.pdf.area._quoted is not None)
    assert report.pdf._pages is pages
    assert report.pdf.area.page == 1


def test_words_are_found_on_all_pages_and_stepped_through(qtbot: QtBot, report: PreviewPane) -> None:
    QTest.keyClick(report.pdf.area, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    bar = report.pdf._find_bar
    assert not bar.isHidden()
    QTest.keyClicks(bar.field, "target")
    qtbot.waitUntil(lambda: bar._told.text() == "1 of 2")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar._told.text() == "2 of 2"
    qtbot.waitUntil(lambda: report.pdf.area.page == 1)
    QTest.keyClick(report.pdf.area, Qt.Key.Key_F3)
    assert bar._told.text() == "1 of 2"
    bar.field.setText("nowhere")
    qtbot.waitUntil(lambda: bar._told.text() == "not found")
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)  # empties the field
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_what_a_search_found_is_marked_from_its_page_on(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    pane = show("empty.txt", b"", "text/plain")
    file = attached(tmp_path, "report.pdf", REPORT, "application/pdf")
    pane.show_file(*file, 2, words=("target", "page", "arg"))
    bar = pane.pdf._find_bar
    qtbot.waitUntil(lambda: bar._told.text() == "2 of 4")  # “arg” stands only within words
    assert pane.pdf.area.page == 1
    pane.show_file(*file, 2, words=("target", "page"), passage="has a target")
    qtbot.waitUntil(lambda: bar._told.text() == "3 of 4")  # there, not where the page begins
    pane.show_file(*file, 3, words=("third",))
    qtbot.waitUntil(lambda: bar._told.text() == "1 of 1")
    assert pane.pdf.area.page == 2
    bar.field.setText("arg")  # what is typed may be a part
    qtbot.waitUntil(lambda: bar._told.text() == "1 of 2")


def test_zooming_keeps_the_place_and_draws_in_parts(qtbot: QtBot, report: PreviewPane) -> None:
    area = report.pdf.area
    area.go_to_page(1)
    area.set_fit(Fit.ZOOM, 4.0)
    assert area.page == 1
    qtbot.waitUntil(area.is_drawn)
    assert area.cached_bytes <= 64_000_000
    QTest.keyClick(area, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert area.fit is Fit.WIDTH
    assert area.page == 1
    assert area.horizontalScrollBar().maximum() == 0


def test_a_page_can_be_read_as_text(qtbot: QtBot, report: PreviewPane) -> None:
    report.pdf._as_text.click()
    qtbot.waitUntil(lambda: "each customer of ours" in report.pdf._text.text)
    report.pdf.select_all()
    with qtbot.waitSignal(report.quote_requested) as quoted:
        report.quote()
    assert quoted.args[1] == "1"
    page_box(report).setValue(2)
    qtbot.waitUntil(lambda: "second page" in report.pdf._text.text)


def test_a_turned_page_is_selected_where_it_is_seen(qtbot: QtBot, show: Show) -> None:
    pane = show("turned.pdf", pdf(["Turned words"], turned=90), "application/pdf")
    qtbot.waitUntil(lambda: pane.pdf.area.text_of(0) is not None)
    QTest.mouseDClick(pane.pdf.area.viewport(), Qt.MouseButton.LeftButton, pos=where(pane, 0, "words"))
    assert pane.pdf.selected_text()[0] == "words"


def test_what_cannot_be_opened_is_said_and_can_still_be_copied(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(REPORT)) as document:
        document.save(locked, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    for name, data, words in (
        ("locked.pdf", locked.getvalue(), "protected with a password"),
        ("cut.pdf", REPORT[:300], "damaged or not a PDF"),
    ):
        pane = show(name, data, "application/pdf")
        qtbot.waitUntil(lambda words=words, pane=pane: words in pane.facts.sentence)  # type: ignore[misc]
        assert pane.facts.isVisible()
        assert pane.facts._save.isVisible()
        assert not pane._footer.isVisible()


def test_a_missing_file_is_neither_opened_nor_copied(qtbot: QtBot) -> None:
    pane = PreviewPane()
    qtbot.addWidget(pane)
    pane.show(Attachment("a", "gone.pdf", "0" * 64, 9, "application/pdf"), None)
    assert "missing" in pane.facts.sentence
    assert not pane.facts._open.isVisible()
    assert not pane.facts._save.isVisible()
    assert not pane._save.isEnabled()


def test_the_file_shown_last_is_the_one_that_is_seen(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    pane = show("report.pdf", REPORT, "application/pdf")
    for name in ("a.txt", "b.txt"):
        pane.show(*attached(tmp_path, name, f"words of {name}".encode(), "text/plain"))
    qtbot.waitUntil(lambda: pane.text.text == "words of b.txt")
    pane.clear()
    assert pane.attachment is None
    assert pane.text.text == ""


def test_closing_while_a_file_is_read_leaves_nothing_behind(qtbot: QtBot, tmp_path: Path) -> None:
    for _ in range(5):
        pane = PreviewPane()
        pane.show(*attached(tmp_path, "report.pdf", REPORT, "application/pdf"))
        QApplication.processEvents()
        pane.close()
        pane.deleteLater()
        QApplication.sendPostedEvents()
    qtbot.wait(100)


# Other files


def test_a_picture_is_shown_upright_and_can_be_enlarged(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    picture = Image.new("RGB", (600, 300), "blue")
    picture.paste("red", (0, 0, 300, 300))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "x.jpg", exif=exif)
    pane = show("photo.jpg", (tmp_path / "x.jpg").read_bytes(), "image/jpeg")
    area = pane.picture.area
    qtbot.waitUntil(lambda: not area.image.isNull())
    assert (area.image.width(), area.image.height()) == (300, 600)
    assert QColor(area.image.pixel(150, 100)).red() > 200
    assert area.is_fitted
    QTest.keyClick(area, Qt.Key.Key_1)
    assert area.zoom == 1
    QTest.keyClick(area, Qt.Key.Key_Plus)
    assert area.verticalScrollBar().maximum() > 0
    QTest.keyClick(area, Qt.Key.Key_0)
    assert area.verticalScrollBar().maximum() == 0
    pane.show(*attached(tmp_path, "bad.png", b"\x89PNG\r\n\x1a\nrubbish", "image/png"))
    qtbot.waitUntil(lambda: "damaged" in pane.facts.sentence)


def test_text_is_searched_and_quoted_without_a_page(qtbot: QtBot, show: Show) -> None:
    data = "Café notes\nWe set a\ntarget for all.".encode("latin-1")
    pane = show("notes.txt", data, "text/plain", None, "set a target")
    qtbot.waitUntil(lambda: pane.text.has_selection)
    with qtbot.waitSignal(pane.quote_requested) as quoted:
        pane.quote()
    assert quoted.args == ["set a\ntarget", ""]
    assert pane.text.text.startswith("Café")


def test_what_a_search_found_in_a_text_is_marked_where_it_was_found(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    lines = [f"😀 line {number} of the rota" for number in range(40_000)]
    lines[30_000] = "here the\nrotas were changed"
    pane = show("empty.txt", b"", "text/plain")
    file = attached(tmp_path, "notes.txt", "\n".join(lines).encode(), "text/plain")
    pane.show_file(*file, words=("rota", "rotas"), passage="here the rotas were")
    qtbot.waitUntil(lambda: pane.text.selected_text()[0] == "rotas")
    marked = pane.text._plain.extraSelections()
    assert {mark.cursor.selectedText() for mark in marked} == {"rota"}  # the first of so many
    QTest.keyClick(pane.text._plain, Qt.Key.Key_F3)
    assert pane.text.selected_text()[0] == "rota"
    pane.show(*attached(tmp_path, "other.txt", b"another file", "text/plain"))
    qtbot.waitUntil(lambda: pane.text.text == "another file")
    assert not pane.text._find_bar.isVisible()


def test_a_file_that_is_not_shown_as_it_is_shows_its_words(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    pane = show("empty.txt", b"", "text/plain")
    file, path = attached(tmp_path, "figures.xlsx", b"PK", "application/vnd.ms-excel")
    pane.show_file(file, path, 2, words=("calls",), passage="calls answered")
    assert pane.facts.isVisible()
    pane.show_words("another file's", TextPreview("other words"))
    assert pane.facts.isVisible()
    pane.show_words(file.sha256, TextPreview("Sheet 1\n\nmore calls\n\nSheet 2\n\ncalls\tanswered", "Only words."))
    qtbot.waitUntil(pane.text.isVisible)
    assert pane.text.selected_text()[0] == "calls"
    assert pane.text._plain.textCursor().block().text() == "calls\tanswered"
    assert pane.note == "Only words."


def test_what_a_search_found_in_a_table_is_selected(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    pane = show("empty.txt", b"", "text/plain")
    file = attached(tmp_path, "figures.csv", b"Day;Calls\nMon;many\nTue;few\nMon;few\n", "text/csv")
    pane.show_file(*file, words=("few", "mon"))
    qtbot.waitUntil(pane.table.isVisible)
    index = pane.table._table.currentIndex()
    assert (index.row(), index.column()) == (2, 0)
    assert pane.table.selected_text()[0] == "Mon"


def test_a_long_text_arrives_whole(qtbot: QtBot, show: Show) -> None:
    lines = [f"line {number} of a long text" for number in range(40_000)]
    pane = show("long.txt", "\n".join(lines).encode(), "text/plain")
    qtbot.waitUntil(lambda: not pane.text._more.isActive() and pane.text.text.endswith(lines[-1]))
    assert pane.text.text == "\n".join(lines)


def test_a_table_has_its_headings_and_is_copied_for_spreadsheets(qtbot: QtBot, show: Show) -> None:
    pane = show("figures.csv", b"Week;Calls\n1;20\n2;30\n", "text/csv")
    qtbot.waitUntil(pane.table.isVisible)
    model = pane.table._table.model()
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Calls"
    pane.table.select_all()
    pane.copy()
    assert QGuiApplication.clipboard().text() == "1\t20\n2\t30"
    with qtbot.waitSignal(pane.quote_requested) as quoted:
        pane.quote()
    assert quoted.args == ["1, 20\n2, 30", ""]


def test_an_email_shows_its_words_and_loads_nothing(qtbot: QtBot, show: Show) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "sam@example.org", "Targets"
    message.set_content("plain")
    message.add_alternative('<p>We <b>met</b> it.</p><img src="file:///etc/hostname">', subtype="html")
    pane = show("mail.eml", message.as_bytes(), "message/rfc822")
    qtbot.waitUntil(pane.email.isVisible)
    assert pane.email.body.text.strip() == "We met it."
    browser = pane.email.findChild(WordsOnlyBrowser)
    assert isinstance(browser, WordsOnlyBrowser)
    for address in ("file:///etc/hostname", "https://example.org/x.png"):
        assert not bytes(browser.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(address)))


# Where pages stand


SIZES = st.lists(st.tuples(st.floats(50, 2000), st.floats(50, 2000)), min_size=1, max_size=30)


@given(
    SIZES,
    st.tuples(st.sampled_from(list(Fit)), st.floats(0.25, 4)),
    st.floats(100, 2000),
    st.floats(0, 1),
    st.sampled_from([1.0, 1.5, 2.0]),
)
def test_what_is_seen_is_covered_by_parts_and_nothing_is_drawn_twice(
    sizes: list[tuple[float, float]], zoom: tuple[Fit, float], room: float, down: float, density: float
) -> None:
    layout = PageLayout(sizes)
    layout.arrange(QSizeF(room, room), *zoom)
    seen = QRectF(0, down * max(0, layout.height - room), room, room)
    for page in layout.pages_between(seen.top(), seen.bottom()):
        rectangle = layout.rectangle(page)
        parts = layout.parts(page, seen, density)
        assert len(set(parts)) == len(parts)
        assert all(part.width * part.height <= 3_000_000 for part in parts)
        wanted = rectangle.intersected(seen)
        if not wanted.isEmpty():
            targets = [layout.target(part) for part in parts]
            for point in (wanted.topLeft(), wanted.center(), wanted.bottomRight()):
                assert any(target.adjusted(-1, -1, 1, 1).contains(point) for target in targets)
    place = layout.place_at(seen.top())
    assert layout.height_of(place) == pytest.approx(seen.top(), abs=0.01)


def test_the_cache_keeps_what_was_looked_at_last() -> None:
    image = QImage(100, 100, QImage.Format.Format_RGB32)  # 40,000 bytes
    cache = PartCache(100_000)
    parts = [Part(page, 1.0, 0, 0, 100, 100) for page in range(3)]
    cache.keep(parts[0], image)
    cache.keep(parts[1], image)
    assert cache.get(parts[0]) is not None
    cache.keep(parts[2], image)
    assert cache.get(parts[1]) is None
    assert [part for part, _ in cache.of_page(0)] == [parts[0]]
    assert cache.of_page(1) == []
    assert cache.size == 80_000
