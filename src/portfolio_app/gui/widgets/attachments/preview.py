"""The pane that shows what is in an attached file, and lets a passage be quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedLayout, QVBoxLayout, QWidget

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import Attachment
from portfolio_app.domain.redaction import RedactionRegion
from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.attachments.email_view import EmailView
from portfolio_app.gui.widgets.attachments.handing_out import HandingOut
from portfolio_app.gui.widgets.attachments.image_view import ImageView
from portfolio_app.gui.widgets.attachments.kinds import icon_for
from portfolio_app.gui.widgets.attachments.pdf_view import PdfView
from portfolio_app.gui.widgets.attachments.region_overlay import RegionOverlay
from portfolio_app.gui.widgets.attachments.rendering import Channel
from portfolio_app.gui.widgets.attachments.text_view import TableView, TextView
from portfolio_app.gui.widgets.basics import Banner, ElidedLabel, IconLabel, MutedLabel, button, hairline, icon_button
from portfolio_app.gui.widgets.hiding_words import in_copies
from portfolio_app.services.attachment_copies import refusal_to_open
from portfolio_app.services.attachment_previews import (
    EmailPreview,
    PreviewKind,
    RichTextPreview,
    TablePreview,
    TextPreview,
    in_short_lines,
    preview_kind,
    read_email,
    read_table,
    read_text,
    read_web_page,
    read_words,
    size_in_words,
    type_in_words,
)

_NUMBER = re.compile(r"\d{1,6}")


def _read_plain_text(path: Path, name: str) -> TextPreview:
    preview = read_text(path, name)
    return TextPreview(in_short_lines(preview.text), preview.note)


_READERS = {
    PreviewKind.TEXT: _read_plain_text,
    PreviewKind.TABLE: read_table,
    PreviewKind.EMAIL: read_email,
    PreviewKind.WEB_PAGE: read_web_page,
    PreviewKind.WORDS: read_words,
}
_NOT_QUOTED = "Select a passage to quote it."


class _Quotable(Protocol):
    """A view whose text can be selected."""

    @property
    def has_selection(self) -> bool: ...
    def selected_text(self) -> tuple[str, str]: ...
    def select_whole_words(self) -> None: ...
    def copy(self) -> None: ...
    def select_all(self) -> None: ...


class FileFacts(QWidget):
    """What is said of a file that cannot be shown here: its sort, its size, why, and what can be done."""

    open_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel("file", 40, "nothing")
        self._facts = QLabel()
        self._why = QLabel()
        for label in (self._facts, self._why):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setMaximumWidth(420)
        theme.set_role(self._facts, "muted")
        self._open = button("Open in its program", "primary", "external-link")
        self._save = button("Save a copy …", "", "download")
        self._open.clicked.connect(self.open_wanted)
        self._save.clicked.connect(self.save_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S8)
        buttons.addStretch(1)
        buttons.addWidget(self._open)
        buttons.addWidget(self._save)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.S24, Space.S24, Space.S24, Space.S24)
        column.setSpacing(Space.S12)
        column.addStretch(2)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        words = QVBoxLayout()
        words.setSpacing(Space.S4)
        words.addWidget(self._why)
        words.addWidget(self._facts)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(words, 20)
        row.addStretch(1)
        column.addLayout(row)
        column.addLayout(buttons)
        column.addStretch(3)

    @property
    def sentence(self) -> str:
        """Why the file is not shown."""
        return self._why.text()

    def set_file(self, attachment: Attachment, why: str, *, present: bool) -> None:
        """Show what is known of a file; one that is not there can neither be opened nor copied."""
        self._icon.set_icon("triangle-alert" if not present else icon_for(attachment), "nothing")
        self._facts.setText(f"{type_in_words(attachment)} · {size_in_words(attachment.size)}")
        refusal = refusal_to_open(attachment)
        self._why.setText(" ".join(filter(None, (why, refusal))))
        self._open.setVisible(present and not refusal)
        self._save.setVisible(present)


class PreviewPane(QWidget):
    """Shows an attached file: pages, a picture, text, a table, an e-mail; or says why not.

    What is read from the file is read on other threads. Nothing arrives once another file is shown or the pane is
    closed.
    """

    quote_requested = Signal(str, str)
    """A passage, and the page it stands on as a reader counts ("3", "3–4"; empty where there are no pages)."""
    closed = Signal()
    refused = Signal(str)
    """A file was not opened or not copied: why, as a sentence."""
    saved = Signal(Path)
    """A copy is there."""
    hide_wanted = Signal(str)
    """Words that are to be hidden in copies for others."""
    region_drawn = Signal(int, int, int, int, int)
    """A region of the file is to be hidden: page, left, top, width and height in ten-thousandths."""
    region_unwanted = Signal(str)
    """The region with this id is to be shown again."""

    def __init__(self, parent: QWidget | None = None, *, closable: bool = True) -> None:
        super().__init__(parent)
        self._attachment: Attachment | None = None
        self._path: Path | None = None
        self._quotation = ""
        self._sought: tuple[Sequence[str], str] = (), ""
        self._channel = Channel(self)
        self._handing_out = HandingOut(self)
        self.pdf, self.picture, self.text = PdfView(), ImageView(), TextView()
        self.table, self.email, self.facts = TableView(), EmailView(), FileFacts()
        self._reading = MutedLabel("Reading the file …")
        self._reading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._icon = IconLabel("file")
        self._name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._about = ElidedLabel()
        self._note = Banner("", "info", dismissible=True)
        self._note_row = QWidget()
        self._regions: tuple[RedactionRegion, ...] = ()
        self._may_hide = False
        self._mark = icon_button("eye-off", "Mark regions to hide in copies")
        self._mark.setCheckable(True)
        self._open = icon_button("external-link", "Open in its program")
        self._save = icon_button("download", "Save a copy …")
        self._close = icon_button("x", "Close the preview")
        if not closable:
            self._close.hide()
        self._passage = ElidedLabel(_NOT_QUOTED)
        self._copy = button("Copy")
        self._quote = button("Quote for …", "primary")
        self._footer = QWidget()
        self._overlays: dict[QWidget, RegionOverlay] = {
            view: RegionOverlay(view.area, view.area.sheets) for view in (self.pdf, self.picture)
        }
        self._views = QStackedLayout()
        self._build()
        self._connect()
        self.clear()

    def _build(self) -> None:
        theme.set_role(self._about, "muted")
        theme.set_role(self._passage, "muted")
        self._about.setContentsMargins(0, 0, 0, 0)
        self.text.setAccessibleName("Text of the file")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._name)
        names.addWidget(self._about)
        header = QHBoxLayout()
        header.setContentsMargins(Space.S12, Space.S8, Space.S8, Space.S8)
        header.setSpacing(Space.S8)
        header.addWidget(self._icon)
        header.addLayout(names, 1)
        for widget in (self._mark, self._open, self._save, self._close):
            header.addWidget(widget)
        footer = QHBoxLayout(self._footer)
        footer.setContentsMargins(Space.S12, Space.S8, Space.S8, Space.S8)
        footer.setSpacing(Space.S8)
        footer.addWidget(self._passage, 1)
        footer.addWidget(self._copy)
        footer.addWidget(self._quote)
        note = QHBoxLayout(self._note_row)
        note.setContentsMargins(Space.S8, 0, Space.S8, Space.S8)
        note.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(header)
        column.addWidget(self._note_row)
        column.addWidget(hairline())
        column.addLayout(self._views, 1)
        column.addWidget(hairline())
        column.addWidget(self._footer)
        # Only now: in a layout without a parent the first would be a window of its own for a moment.
        for view in (self.facts, self._reading, self.pdf, self.picture, self.text, self.table, self.email):
            self._views.addWidget(view)
        self._views.currentChanged.connect(self._view_changed)

    def _connect(self) -> None:
        self.pdf.failed.connect(self._cannot_show)
        self.pdf.noted.connect(self._tell)
        self.picture.failed.connect(self._cannot_show)
        for view in (self.pdf, self.text, self.table, self.email):
            view.selection_changed.connect(self._selection_changed)
            view.menu_wanted.connect(self._show_menu)
        self.picture.menu_wanted.connect(self._show_menu)
        for overlay in self._overlays.values():
            overlay.drawn.connect(self.region_drawn)
            overlay.unwanted.connect(self.region_unwanted)
            overlay.left.connect(self._end_marking)
        self._mark.toggled.connect(self._set_marking)
        self._copy.clicked.connect(self.copy)
        self._quote.clicked.connect(self.quote)
        self._close.clicked.connect(self.closed)
        for asked in (self._open.clicked, self.facts.open_wanted):
            asked.connect(self.open_in_program)
        for asked in (self._save.clicked, self.facts.save_wanted):
            asked.connect(self.save_copy)
        self._note.dismissed.connect(self._note_row.hide)
        self._handing_out.refused.connect(self._refuse)
        self._handing_out.saved.connect(self.saved)

    # What is shown

    @property
    def attachment(self) -> Attachment | None:
        """The file that is shown."""
        return self._attachment

    @property
    def note(self) -> str:
        """What the reader is told above the file, or nothing."""
        return "" if self._note_row.isHidden() else self._note.text

    def show(
        self,
        attachment: Attachment | None = None,
        path: Path | None = None,
        page: int | str | None = None,
        quotation: str = "",
    ) -> None:
        """Show a file; without arguments just the pane.

        Args:
            attachment: The file.
            path: Where it is, or ``None`` if it is missing.
            page: The page to begin at, as a reader counts: 3, "3", "3–4".
            quotation: A passage to find and mark.
        """
        super().show()
        if attachment is not None:
            self.show_file(attachment, path, page, quotation)

    def show_file(
        self,
        attachment: Attachment,
        path: Path | None,
        page: int | str | None = None,
        quotation: str = "",
        *,
        words: Sequence[str] = (),
        passage: str = "",
    ) -> None:
        """Show a file in the pane, whether the pane itself is seen or not.

        ``words`` are those that a search has found in it, ``passage`` some text in which they stand.
        """
        number = _page_number(page)
        same = self._attachment is not None and (self._attachment.sha256, self._path) == (attachment.sha256, path)
        if same and self._views.currentWidget() is self.pdf:
            self._attachment = attachment
            self._tell("")
            self._tell_name(attachment)
            self.pdf.show_place(number, quotation, words, passage)
            return
        self.clear()
        self._attachment, self._path, self._quotation = attachment, path, quotation
        self._sought = words, passage
        self._tell_name(attachment)
        self._open.setEnabled(path is not None)
        self._save.setEnabled(path is not None)
        kind = preview_kind(attachment)
        if path is None:
            self._show_facts(f"“{attachment.name}” is missing from the portfolio.", present=False)
        elif kind is PreviewKind.PAGES:
            self._views.setCurrentWidget(self.pdf)
            self._footer.show()
            self.pdf.open(attachment, path, number, quotation, words=words, passage=passage)
        elif kind is PreviewKind.PICTURE:
            self._views.setCurrentWidget(self.picture)
            self.picture.open(attachment, path)
        elif kind is PreviewKind.NONE:
            self._show_facts("This sort of file is not shown here.", present=True)
        else:
            self._views.setCurrentWidget(self._reading)
            self._channel.ask(
                "read", partial(_READERS[kind], path, attachment.name), self._has_read, failed=self._cannot_read
            )

    def show_words(self, sha256: str, words: TextPreview) -> None:
        """Show the words of the file with this content, if it is one that cannot be shown as it is."""
        if self._attachment is not None and self._attachment.sha256 == sha256 and self.can_show_words:
            self._has_read(words)

    @property
    def can_show_words(self) -> bool:
        """Whether a file is there of which nothing is shown, because of its sort."""
        shown = self._attachment
        return shown is not None and self._path is not None and preview_kind(shown) is PreviewKind.NONE

    def clear(self) -> None:
        """Show nothing and let go of the file."""
        self._channel.forget_all()
        self.pdf.close_file()
        self.picture.close_file()
        self.text.set_text("")
        self.table.set_rows(())
        self._attachment = self._path = None
        self._quotation = ""
        self._sought = (), ""
        self._mark.setChecked(False)
        self.set_regions(())
        self._icon.set_icon("file")
        self._name.setText("No file is chosen")
        self._about.setText("")
        self._open.setEnabled(False)
        self._save.setEnabled(False)
        self._note_row.hide()
        self._footer.hide()
        self._reading.setText("")
        self._views.setCurrentWidget(self._reading)
        self._selection_changed()

    def set_regions(self, regions: Sequence[RedactionRegion]) -> None:
        """Show which regions of the file are hidden in copies."""
        self._regions = tuple(regions)
        for overlay in self._overlays.values():
            overlay.set_regions(self._regions if overlay is self._overlay else ())

    def allow_hiding(self, *, allowed: bool) -> None:
        """Let words and regions be marked to be hidden in copies, or not."""
        self._may_hide = allowed
        self._follow_view()

    def set_quote_target(self, target: str) -> None:
        """Name what a passage is quoted for, such as a criterion's reference; empty if it is asked afterwards."""
        self._quote.setText(f"Quote for {target}" if target else "Quote for …")

    def _tell_name(self, attachment: Attachment) -> None:
        self._icon.set_icon(icon_for(attachment))
        self._name.setText(attachment.name)
        facts = (type_in_words(attachment), size_in_words(attachment.size), attachment.caption)
        self._about.setText(" · ".join(filter(None, facts)))
        self._reading.setText("Reading the file …")
        self.setAccessibleName(f"Preview of {attachment.name}")

    def _has_read(self, preview: TextPreview | RichTextPreview | TablePreview | EmailPreview) -> None:
        view: TextView | TableView | EmailView
        match preview:
            case TextPreview():
                view = self.text
                view.set_text(preview.text)
            case RichTextPreview():
                view = self.text
                if preview.html:
                    view.set_html(preview.html)
                else:
                    view.set_text(preview.text)
            case TablePreview():
                view = self.table
                view.set_rows(preview.rows)
            case EmailPreview():
                view = self.email
                view.set_email(preview)
        self._views.setCurrentWidget(view)
        self._footer.show()
        if not isinstance(preview, EmailPreview):
            self._tell(preview.note)
        self._mark_quotation(view)
        self._mark_found(view)

    def _mark_quotation(self, view: QWidget) -> None:
        text = view.body if isinstance(view, EmailView) else view
        if self._quotation.strip() and isinstance(text, TextView) and not text.mark(self._quotation):
            self._tell("The quotation was not found in this file.")

    def _mark_found(self, view: QWidget) -> None:
        text = view.body if isinstance(view, EmailView) else view
        words, passage = self._sought
        if words and isinstance(text, TextView):
            text.show_found(words, passage)
        elif words and isinstance(text, TableView):
            text.show_found(words)

    def _cannot_read(self, error: KnownError) -> None:
        self._cannot_show(str(error))

    def _cannot_show(self, sentence: str) -> None:
        self._show_facts(sentence, present=self._path is not None and self._path.is_file())

    def _show_facts(self, why: str, *, present: bool) -> None:
        if self._attachment is not None:
            self.facts.set_file(self._attachment, why, present=present)
            self._footer.hide()
            self._views.setCurrentWidget(self.facts)

    def _tell(self, sentence: str) -> None:
        self._note.set_message(sentence)
        self._note.show()
        self._note_row.setVisible(bool(sentence))

    def _refuse(self, sentence: str) -> None:
        self._note.set_message(sentence, "warning")
        self._note.show()
        self._note_row.show()
        self.refused.emit(sentence)

    # Hiding in copies

    @property
    def _overlay(self) -> RegionOverlay | None:
        shown = self._views.currentWidget()
        return self._overlays.get(shown) if shown is not None else None

    def _view_changed(self) -> None:
        self._follow_view()
        self.set_regions(self._regions)

    def _follow_view(self) -> None:
        can_mark = self._may_hide and self._overlay is not None and self._attachment is not None
        self._mark.setEnabled(can_mark)
        self._mark.setVisible(self._may_hide)
        if not can_mark:
            self._mark.setChecked(False)

    def _set_marking(self, on: bool) -> None:
        for overlay in self._overlays.values():
            overlay.set_marking(on=on and overlay is self._overlay)
        if on:
            self._tell(
                "Draw a box over what is to be hidden in copies. Or with the keys: arrows move the box, Shift and "
                "arrows size it, Enter hides what it holds, Delete shows it again, Escape ends."
            )
        else:
            self._tell("")

    def _end_marking(self) -> None:
        self._mark.setChecked(False)

    def hide_selected(self) -> None:
        """Ask for what is selected to be hidden in copies."""
        view = self._view()
        if view is not None and view.has_selection:
            text = " ".join(view.selected_text()[0].split())
            if text:
                self.hide_wanted.emit(text)

    # Copying and quoting

    def _view(self) -> _Quotable | None:
        view: Any = self._views.currentWidget()
        return view if view in (self.pdf, self.text, self.table, self.email) else None

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        view = self._view()
        if view is not None:
            view.copy()

    def quote(self) -> None:
        """Ask for what is selected to be quoted."""
        if self._views.currentWidget() is self.pdf:
            self.pdf.when_selection_is_read(self._emit_quotation)
        else:
            self._emit_quotation()

    def open_in_program(self) -> None:
        """Open a copy of the file in its own program."""
        if self._attachment is not None:
            self._handing_out.open(self._attachment, _Found(self._path))

    def save_copy(self) -> None:
        """Ask for a place and save a copy of the file there."""
        if self._attachment is not None:
            self._handing_out.save_copy(self._attachment, _Found(self._path))

    def _emit_quotation(self) -> None:
        view = self._view()
        if view is None:
            return
        view.select_whole_words()  # a sentence that begins or ends within a word is found nowhere
        text, page = view.selected_text()
        if text:
            self.quote_requested.emit(text, page)

    def _selection_changed(self) -> None:
        view = self._view()
        selected = view is not None and view.has_selection
        self._copy.setEnabled(selected)
        self._quote.setEnabled(selected)
        text, page = view.selected_text() if view is not None and selected else ("", "")
        passage = " ".join(text[:300].split())
        where = f"p. {page}: " if page else ""
        self._passage.setText(f"{where}“{passage}”" if passage else _NOT_QUOTED)

    def _show_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        view = self._view()
        if view is not None:
            copy = menu.addAction("Copy", self.copy)
            copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
            quote = menu.addAction(self._quote.text(), self.quote)
            for action in (copy, quote):
                action.setEnabled(view.has_selection)
            if self._may_hide and view.has_selection:
                menu.addAction(in_copies(view.selected_text()[0]), self.hide_selected)
            everything = menu.addAction("Select the page" if view is self.pdf else "Select all", view.select_all)
            everything.setShortcut(QKeySequence(QKeySequence.StandardKey.SelectAll))
            menu.addSeparator()
        open_action = menu.addAction("Open in its program", self.open_in_program)
        open_action.setEnabled(self._open.isEnabled())
        save_action = menu.addAction("Save a copy …", self.save_copy)
        save_action.setEnabled(self._save.isEnabled())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)


class _Found:
    """The way to a file whose place is known already."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def __call__(self, _attachment: Attachment) -> Path | None:
        return self._path


def _page_number(page: int | str | None) -> int | None:
    match = _NUMBER.search(str(page)) if page is not None else None
    return int(match[0]) if match else None
