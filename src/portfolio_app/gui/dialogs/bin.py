"""The bin: what was deleted, to be brought back or deleted for good."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QStackedWidget

from portfolio_app.domain.dates import moment_in_words
from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.listing import EvidenceQuery, EvidenceSummary
from portfolio_app.gui.dialogs.portfolio_dialog import PortfolioDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.icons import kind_icon_name
from portfolio_app.gui.models.records import Column, RecordModel
from portfolio_app.gui.widgets.basics import EmptyState, MutedLabel, SearchField
from portfolio_app.gui.widgets.record_table import RecordTable
from portfolio_app.services.evidence_list import EvidenceList, evidence_list
from portfolio_app.services.evidence_many import delete_from_bin, empty_bin, restore_from_bin

if TYPE_CHECKING:
    from portfolio_app.domain.changes import Changes
    from portfolio_app.gui.main_window import MainWindow

_WIDTH, _HEIGHT = 820, 560
_WHAT_GOES: Final = (
    "Claims, files and words go with {them}, and {their} references are not given again. Undo brings {them} back, as "
    "long as nothing stands in its way; back-ups made before still hold {them}."
)


class BinDialog(PortfolioDialog):
    """Items in the bin, which count for nothing until they are brought back."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(
            window,
            "Bin",
            says="What is in the bin counts for no requirement and is never exported. It stays until "
            "you delete it for good.",
        )
        self._total = 0
        self._search = SearchField("Search the bin")
        self._search.searched.connect(self._look_for)
        self._model = RecordModel(_columns(datetime.now().astimezone().date()), lambda item: item.id, self)
        self._table: RecordTable[EvidenceSummary] = RecordTable(
            self._model, "Items in the bin", wide=1, many=True, sortable=True
        )
        self._table.chosen.connect(self._allow)
        self._table.opened.connect(self._restore)
        self._table.delete_pressed.connect(self._ask_to_delete)
        self._none = EmptyState("trash-2", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._table)
        self._stack.addWidget(self._none)
        self._count = MutedLabel()
        for widget in (self._search, self._stack, self._count):
            self.content.addWidget(widget)
        self.content.setStretchFactor(self._stack, 1)
        self._empty = self.add_left_button("Empty the bin …", "danger", icon_name="trash-2")
        self._empty.clicked.connect(self._ask_to_empty)
        self._delete = self.add_button("Delete for good …", "danger")
        self._delete.clicked.connect(self._ask_to_delete)
        self._back = self.add_button("Bring back", icon_name="undo-2")
        self._back.clicked.connect(self._restore)
        for one in (self._empty, self._delete, self._back):
            one.setVisible(self.can_change)
        self.add_close_button().setDefault(True)
        self.set_size(_WIDTH, _HEIGHT)
        self._table.setFocus()
        self.refresh()

    def refresh(self) -> None:
        """Load what is in the bin and holds the words searched for."""
        if self.session.is_open:
            query = EvidenceQuery(words=self._search.text(), binned=True)
            self.session.read(evidence_list, self.session.kinds, query, done=self._show, receiver=self, topic="list")

    def on_changes(self, changes: Changes) -> None:
        """Load anew where items changed."""
        if changes.evidence or changes.claims:
            self.refresh()

    def _look_for(self, _words: str) -> None:
        self.refresh()

    def _show(self, found: EvidenceList) -> None:
        self._total = found.total
        self._table.show_records(found.rows)
        self._none.set_text("Nothing in the bin matches." if found.total else "The bin is empty.")
        self._stack.setCurrentIndex(0 if found.rows else 1)
        self._search.setEnabled(bool(found.total))
        self._allow()

    def _allow(self) -> None:
        chosen, shown = len(self._table.chosen_records()), self._model.rowCount()
        of_all = f"{shown:,} of {self._total:,}" if shown != self._total else f"{shown:,}"
        self._count.setText(f"{of_all} {_items(self._total)}, {chosen:,} marked" if self._total else "")
        self._back.setEnabled(bool(chosen))
        self._delete.setEnabled(bool(chosen))
        self._empty.setEnabled(bool(self._total))

    def _ids(self) -> list[str]:
        return [item.id for item in self._table.chosen_records()]

    def _restore(self) -> None:
        if self.can_change and (ids := self._ids()):
            self.session.edit(restore_from_bin, ids, done=self._are_back, failed=self.show_error)

    def _are_back(self, items: list[Evidence]) -> None:
        self.say(f"{_named(items)} {_is(items)} back.", undo=True)

    def _ask_to_delete(self) -> None:
        chosen = self._table.chosen_records()
        if not self.can_change or not chosen:
            return
        one = len(chosen) == 1
        what = f"{chosen[0].ref} {chosen[0].shown_title}" if one else f"{len(chosen):,} items"
        question = QuestionDialog(
            f"Delete {what} for good?", _what_goes(one=one), "Delete for good", parent=self, no="Keep", danger=True
        )
        ids = self._ids()
        question.answered.connect(
            lambda _answer: self.session.edit(delete_from_bin, ids, done=self._are_gone, failed=self.show_error)
        )
        question.open()

    def _ask_to_empty(self) -> None:
        if not self.can_change or not self._total:
            return
        question = QuestionDialog(
            f"Delete {'the one item' if self._total == 1 else f'all {self._total:,} items'} in the bin for good?",
            _what_goes(one=self._total == 1),
            "Empty the bin",
            parent=self,
            no="Keep",
            danger=True,
        )
        question.answered.connect(
            lambda _answer: self.session.edit(empty_bin, done=self._are_gone, failed=self.show_error)
        )
        question.open()

    def _are_gone(self, items: list[Evidence]) -> None:
        self.say(f"{_named(items)} {_is(items)} deleted.", undo=True)


def _columns(today: date) -> tuple[Column[EvidenceSummary], ...]:
    def binned(item: EvidenceSummary) -> str:
        return moment_in_words(datetime.fromisoformat(item.binned_at), today) if item.binned_at else ""

    return (
        Column("Ref", lambda item: item.ref, lambda item: item.number),
        Column("Title", lambda item: item.shown_title, icon=lambda item: kind_icon_name(item.kind)),
        Column("Claims", lambda item: f"{item.claims:,}", lambda item: item.claims, right=True),
        Column("Files", lambda item: f"{item.files:,}", lambda item: item.files, right=True),
        Column("In the bin since", binned, lambda item: item.binned_at),
    )


def _what_goes(*, one: bool) -> str:
    return _WHAT_GOES.format(them="it" if one else "them", their="its" if one else "their").replace(
        "its references are", "its reference is"
    )


def _items(count: int) -> str:
    return "item" if count == 1 else "items"


def _named(items: list[Evidence]) -> str:
    return items[0].ref if len(items) == 1 else f"{len(items):,} items"


def _is(items: list[Evidence]) -> str:
    return "is" if len(items) == 1 else "are"
