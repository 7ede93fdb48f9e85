"""What an item was before it was reworked, to be read again, its files opened, or brought back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.evidence import (
    DATE_IN_WORDS,
    UNTITLED,
    Evidence,
    EvidenceKind,
    EvidenceVersion,
    FieldValue,
    Judgement,
)
from portfolio_app.domain.review import JUDGEMENTS
from portfolio_app.exporting.prose_markdown import Block, Span, Style, plain_blocks, read_markdown
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.models.records import Column, RecordModel
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.session import Session
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.attachments.cards import AttachmentsPanel
from portfolio_app.gui.widgets.basics import MutedLabel
from portfolio_app.gui.widgets.prose_document import ProseHighlighter, fill
from portfolio_app.gui.widgets.prose_field import ProseField
from portfolio_app.gui.widgets.record_table import RecordTable
from portfolio_app.services.evidence_versions import KeptVersion, bring_version_back, earlier_versions

_WIDTH, _HEIGHT = 820, 680
_NONE: Final = (
    "No version of this item is kept yet. One is kept by itself when you change an item that an assessor has decided "
    "on or judged."
)


class EarlierVersionsDialog(DialogFrame):
    """The earlier versions of an item, newest first, and below them what the one in hand said."""

    def __init__(self, session: Session, window: Navigator, item: Evidence, parent: QWidget | None = None) -> None:
        super().__init__(f"Earlier versions of {item.ref}", parent, says=item.shown_title)
        self._session, self._window, self._item = session, window, item
        self._model = RecordModel(_columns(), lambda kept: kept.version.number, self)
        self._table: RecordTable[KeptVersion] = RecordTable(self._model, "Earlier versions", wide=2)
        self._table.chosen.connect(self._show_chosen)
        self._none = MutedLabel(_NONE)
        self._none.setWordWrap(True)
        self._text = ProseField()
        self._text.setReadOnly(True)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setAccessibleName("What this version said")
        self._look = ProseHighlighter(self._text.document(), None)
        self._files = AttachmentsPanel()
        self._files.set_read_only(True)
        self._files.preview_requested.connect(self._open_file)
        self._build()
        self._bring = self.add_button("Bring back", icon_name="undo-2")
        self._bring.setToolTip("Make the item say this again; what it says now can be had back with Undo")
        self._bring.clicked.connect(self._bring_back)
        self.add_close_button().setDefault(True)
        self._show([])
        session.read(earlier_versions, item.id, done=self._show, receiver=self)

    def _build(self) -> None:
        area = QWidget()
        column = QVBoxLayout(area)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S12)
        self._table.setMaximumHeight(theme.current().scaled(_HEIGHT // 4))
        for widget in (self._none, self._table, self._text, self._files):
            column.addWidget(widget)
        column.setStretchFactor(self._text, 1)
        column.addStretch()
        self.body.addWidget(area, 1)
        self.set_size(_WIDTH, _HEIGHT)

    def _show(self, versions: Sequence[KeptVersion]) -> None:
        self._table.show_records(versions)
        for widget in (self._table, self._text):
            widget.setVisible(bool(versions))
        self._none.setVisible(not versions)
        if versions:
            self._table.choose([versions[0].version.number])
            self._table.setFocus()
        self._show_chosen()

    def _show_chosen(self, *_chosen: object) -> None:
        kept = self._in_hand()
        can_change = self._session.is_open and not self._session.read_only
        self._bring.setVisible(can_change)
        self._bring.setEnabled(kept is not None)
        self._files.setVisible(kept is not None and bool(kept.files))
        if kept is None:
            return
        version = kept.version
        fill(self._text.document(), list(_blocks(version, self._session.kinds)))
        self._text.moveCursor(self._text.textCursor().MoveOperation.Start)
        paths = {file.attachment.id: file.path for file in kept.files}
        self._files.set_attachments(version.attachments, lambda attachment: paths.get(attachment.id))

    def _in_hand(self) -> KeptVersion | None:
        chosen = self._table.chosen_records()
        return chosen[0] if chosen else None

    def _open_file(self, attachment_id: str) -> None:
        self._files.show_attachment(attachment_id)
        self._files.open_current()

    def _bring_back(self) -> None:
        kept = self._in_hand()
        if kept is None:
            return
        number = kept.version.number
        self._session.edit(
            bring_version_back,
            self._item.id,
            number,
            done=lambda _: self._is_back(number),
            failed=self.show_error,
        )

    def _is_back(self, number: int) -> None:
        self.accept()
        self._window.toast(f"{self._item.ref} says again what version {number} said.", undo=True)


def _columns() -> tuple[Column[KeptVersion], ...]:
    return (
        Column("Version", lambda kept: str(kept.version.number), right=True),
        Column("Until", lambda kept: day_in_words(kept.version.made_at.astimezone().date())),
        Column("Why there is a newer one", lambda kept: kept.version.reason),
    )


def _blocks(version: EvidenceVersion, kinds: Mapping[str, EvidenceKind]) -> Iterator[Block]:
    kind = kinds.get(version.kind)
    yield _heading(version.title or UNTITLED, 1)
    facts = [("Kind", kind.title if kind else version.kind), ("When", str(version.date or ""))]
    facts += [(part, words) for part, _, words in (line.partition(": ") for line in version.people)]
    if version.judgement is not None:
        facts.append(("The assessor’s judgement", _judged(version.judgement)))
    for name, words in facts:
        if words:
            yield Block(Style.BODY, (Span(f"{name}: ", bold=True), Span(words)))
    for name, value in version.fields.items():
        definition = kind.field(name) if kind else None
        label = "Date as typed" if name == DATE_IN_WORDS else definition.label if definition else name
        labels = {column.name: column.label for column in definition.columns} if definition else {}
        blocks = list(_field_blocks(value, labels))
        if blocks:
            yield _heading(label, 2)
            yield from blocks
    body = read_markdown(version.body)
    if body:
        yield _heading(kind.body_label if kind else "Notes", 2)
        yield from body


def _field_blocks(value: FieldValue, labels: Mapping[str, str]) -> Iterator[Block]:
    if isinstance(value, str):
        yield from plain_blocks(value)
        return
    rows = [[f"{labels.get(name, name)}: {words}" for name, words in row.items() if words.strip()] for row in value]
    for position, row in enumerate(filter(None, rows)):
        yield Block(Style.ITEM, (Span("; ".join(row)),), level=1, begins=position == 0)


def _heading(text: str, level: int) -> Block:
    return Block(Style.HEADING, (Span(text),), level=level)


def _judged(judgement: Judgement) -> str:
    given = {name: getattr(judgement, name) for name in JUDGEMENTS}
    words = ", ".join(name if value else f"not {name}" for name, value in given.items() if value is not None)
    return f"{words} ({judgement.by})" if judgement.by else words
