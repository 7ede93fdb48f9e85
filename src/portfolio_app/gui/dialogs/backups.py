"""The back-ups: what is in each, and getting one back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFileDialog,
    QHeaderView,
    QLabel,
    QProgressBar,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.dates import moment_in_words
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.portfolio_dialog import PortfolioDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.icons import icon
from portfolio_app.gui.models.records import Column, RecordModel
from portfolio_app.gui.widgets.basics import EmptyState, MutedLabel, set_rows
from portfolio_app.gui.widgets.record_table import RecordTable
from portfolio_app.services.attachment_previews import size_in_words
from portfolio_app.services.backups import Backup, Restored, list_backups, make_backup, restore_backup
from portfolio_app.services.comparison import BackupComparison, Differences, compare_backup, whole_portfolio
from portfolio_app.services.portfolios import open_portfolio

if TYPE_CHECKING:
    from portfolio_app.domain.changes import Changes
    from portfolio_app.domain.portfolio import Portfolio
    from portfolio_app.domain.progress import Progress
    from portfolio_app.gui.main_window import MainWindow
    from portfolio_app.gui.tasks import Task
    from portfolio_app.storage.portfolio_file import PortfolioFile

_COMPARE_AFTER_MS: Final = 250
_MOST_NAMED: Final = 200
_WIDTH, _HEIGHT, _LIST_WIDTH, _NARROWEST = 940, 620, 360, 120


@dataclass(frozen=True, slots=True)
class _Listed:
    """A back-up of the list; ``intact`` is ``None`` until it has been read."""

    backup: Backup
    intact: bool | None = None


class BackupsDialog(PortfolioDialog):
    """The back-ups, newest first, and beside them what would change if the one in hand were restored."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(
            window,
            "Back-ups",
            says="A back-up is made every ten minutes while you work, and when the portfolio is closed. Attached files "
            "are kept once, beside the back-ups.",
        )
        self._intact: dict[str, bool] = {}
        self._present: Portfolio | None = None
        self._checking: Task | None = None
        self._comparing: Task | None = None
        self._copying: Task | None = None
        self._today = datetime.now().astimezone().date()
        self._model = RecordModel(_columns(self._today), lambda listed: listed.backup.name, self)
        self._table: RecordTable[_Listed] = RecordTable(self._model, "Back-ups")
        self._table.chosen.connect(self._choose)
        self._pause = QTimer(self, singleShot=True, interval=_COMPARE_AFTER_MS)
        self._pause.timeout.connect(self._compare)
        self._head = QLabel()
        self._head.setWordWrap(True)
        theme.set_role(self._head, "section-title")
        self._sentence = QLabel()
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self._bar.hide()
        self._tree = QTreeWidget()
        self._tree.setHeaderLabels(["What differs", "If you restore it"])
        self._tree.setAccessibleName("What would be different")
        header = self._tree.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(theme.current().scaled(_NARROWEST))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        set_rows(self._tree, compact=True)
        policy = self._tree.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._tree.setSizePolicy(policy)
        self._build()
        self.finished.connect(self._stop)
        self.set_size(_WIDTH, _HEIGHT)
        self.refresh()

    def refresh(self) -> None:
        """Load the list anew."""
        if self.session.is_open:
            self.session.read(list_backups, done=self._show, receiver=self, topic="list")

    def on_changes(self, changes: Changes) -> None:
        """Compare with what there is now."""
        del changes
        self._present = None
        self._pause.start()

    def reject(self) -> None:
        """Close; while a copy is being made, stop that instead."""
        if self._copying is not None and self.session.is_open:
            self._copying.cancel()
        else:
            super().reject()

    # Building

    def _build(self) -> None:
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(16, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._head, self._sentence, self._bar):
            column.addWidget(widget)
        column.addWidget(self._tree, 1)
        if self.can_change:
            column.addWidget(_promise())
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._table)
        splitter.addWidget(beside)
        splitter.setStretchFactor(1, 1)
        scaled = theme.current().scaled
        splitter.setSizes([scaled(_LIST_WIDTH), scaled(_WIDTH - _LIST_WIDTH)])
        theme.set_role(splitter, "open")
        none = EmptyState("archive", "There is no back-up yet. The first is made when you have changed something.")
        self._stack = QStackedWidget()
        self._stack.addWidget(splitter)
        self._stack.addWidget(none)
        self.content.addWidget(self._stack, 1)
        self._make = self.add_left_button("Make a back-up now", icon_name="archive")
        self._make.clicked.connect(self._make_one)
        self._make.setVisible(self.can_change)
        self._copy = self.add_button("Restore as a copy …", icon_name="copy")
        self._copy.setToolTip("A whole portfolio in a new folder; this one stays as it is")
        self._copy.clicked.connect(self._pick_folder)
        self._restore = self.add_button("Go back to this one …", icon_name="archive-restore")
        self._restore.clicked.connect(self._ask)
        self._restore.setVisible(self.can_change)
        self._close = self.add_close_button()
        self._close.setDefault(True)
        self._table.setFocus()
        self._choose()

    # The list

    def _show(self, backups: Sequence[Backup]) -> None:
        self._stack.setCurrentIndex(0 if backups else 1)
        self._table.show_records([_Listed(backup, self._intact.get(backup.name)) for backup in backups])
        unread = [backup for backup in backups if backup.name not in self._intact]
        if self._checking is not None:
            self._checking.cancel()
        if unread:
            self._checking = self.session.work(
                partial(_read_all, unread),
                title="Checking the back-ups",
                done=self._show_states,
                receiver=self,
                quiet=True,
            )

    def _show_states(self, states: dict[str, bool]) -> None:
        self._checking = None
        self._intact.update(states)
        for row in range(self._model.rowCount()):
            listed = self._model.record(row)
            self._model.update_record(_Listed(listed.backup, self._intact.get(listed.backup.name)))
        self._allow()

    def _chosen(self) -> Backup | None:
        found = self._table.chosen_records()
        return found[0].backup if found else None

    def _choose(self) -> None:
        backup = self._chosen()
        self._head.setText(f"Back-up of {_when(backup, self._today)}" if backup else "")
        self._tell("Comparing it with what there is now …" if backup else "")
        self._allow()
        self._stop_comparing()
        if backup is not None:
            self._pause.start()

    def _allow(self) -> None:
        backup = self._chosen()
        usable = backup is not None and self._intact.get(backup.name) is not False and self._copying is None
        self._restore.setEnabled(usable)
        self._copy.setEnabled(usable)

    def _make_one(self) -> None:
        self._make.setEnabled(False)
        self.session.read(make_backup, done=self._made, failed=self._not_made, receiver=self)

    def _made(self, backup: Backup) -> None:
        self._make.setEnabled(True)
        known = self._model.row_of(backup.name) >= 0
        self.say("Nothing has changed since the newest back-up." if known else "A back-up was made.")
        self.refresh()

    def _not_made(self, error: BaseException) -> None:
        self._make.setEnabled(True)
        self.show_error(error)

    # What would be different

    def _compare(self) -> None:
        if not self.session.is_open or self._chosen() is None:
            return
        if self._present is None:
            self.session.read(whole_portfolio, done=self._know_present, receiver=self, topic="present")
        else:
            self._know_present(self._present)

    def _know_present(self, present: Portfolio) -> None:
        self._present = present
        self._stop_comparing()
        backup = self._chosen()
        if backup is not None:
            self._comparing = self.session.work(
                partial(_compare, present, backup),
                title="Comparing",
                done=partial(self._show_comparison, backup),
                failed=self._not_compared,
                receiver=self,
                quiet=True,
            )

    def _show_comparison(self, backup: Backup, comparison: BackupComparison) -> None:
        if self._chosen() != backup:
            return
        self._comparing = None
        self._tell(in_words(comparison))
        self._tree.setVisible(not comparison.same)
        for differences in comparison.differences:
            if differences:
                self._add_group(differences)
        self._tree.expandAll()

    def _not_compared(self, error: BaseException) -> None:
        self._comparing = None
        self._tell(str(error))

    def _tell(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self._tree.clear()
        self._tree.hide()

    def _add_group(self, differences: Differences) -> None:
        top = QTreeWidgetItem([str(differences.sort), f"{differences.then:,} then, {differences.now:,} now"])
        font = top.font(0)
        font.setBold(True)
        top.setFont(0, font)
        top.setForeground(1, theme.current().colour("muted"))
        self._tree.addTopLevelItem(top)
        for names, icon_name, tone, words in (
            (differences.only_then, "undo-2", "met", "comes back"),
            (differences.only_now, "x", "not_yet", "would be gone"),
            (differences.changed, "history", "claimed", "becomes what it was"),
        ):
            for name in names[:_MOST_NAMED]:
                one = QTreeWidgetItem([name, words])
                one.setIcon(1, icon(icon_name, 16, tone))
                one.setToolTip(0, name)
                top.addChild(one)
            if len(names) > _MOST_NAMED:
                top.addChild(QTreeWidgetItem([f"… and {len(names) - _MOST_NAMED:,} more", words]))

    # Restoring

    def _ask(self) -> None:
        backup = self._chosen()
        if backup is None:
            return
        question = QuestionDialog(
            f"Go back to the back-up of {_when(backup, self._today)}?",
            "What there is now is backed up first, and its file stays in the folder: you can come back to it the same "
            "way. The portfolio is then opened as it was at that time.",
            "Go back to it",
            parent=self,
            no="Stay with what there is now",
        )
        question.answered.connect(partial(self._go_back, backup))
        question.open()

    def _go_back(self, backup: Backup, _answer: str) -> None:
        self._set_busy("Restoring …")
        self.session.read(restore_backup, backup, done=self._open_restored, failed=self._not_restored, receiver=self)

    def _open_restored(self, restored: Restored) -> None:
        window, before, folder = self.window_, self.session.path.name, self.session.folder
        told = (
            f"The portfolio is as it was {_when(restored.backup, self._today)}. What there was before stays in its "
            f"folder as “{before}”, and among the back-ups."
        )
        self.accept()
        window.session.close()
        window.start_portfolio(
            partial(open_portfolio, folder),
            done=partial(window.message, told),
            failed=lambda error: window.message(str(error), kind="error"),
        )

    def _pick_folder(self) -> None:
        backup = self._chosen()
        if backup is None:
            return
        chosen = QFileDialog(self, "Name the new folder", str(self.session.folder.parent))
        chosen.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chosen.setFileMode(QFileDialog.FileMode.AnyFile)
        chosen.setLabelText(QFileDialog.DialogLabel.Accept, "Restore here")
        made = backup.made_at.astimezone()
        chosen.selectFile(f"{self.session.folder.name} as of {made:%Y-%m-%d %H.%M}")
        chosen.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen.fileSelected.connect(lambda name: self.copy_to(backup, Path(name)))
        chosen.open()

    def copy_to(self, backup: Backup, folder: Path) -> None:
        """Restore a back-up as a portfolio of its own, with its files, in a new folder."""
        self._set_busy("Restoring as a copy …")
        self.session.read(partial(_copier, backup=backup, folder=folder), done=self._copy_files, receiver=self)

    def _copy_files(self, copier: partial[Restored]) -> None:
        self._copying = self.session.work(
            lambda progress: copier(progress=progress),
            title="Restoring a back-up as a copy",
            done=self._copied,
            failed=self._not_restored,
            receiver=self,
        )
        self._copying.progressed.connect(self._show_progress)
        self._copying.finished.connect(self._set_free)
        self._close.setText("Cancel")

    def _show_progress(self, done: int, total: int, what: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._sentence.setText(what)

    def _copied(self, restored: Restored) -> None:
        lost = ""
        if restored.missing:
            names = ", ".join(f"“{name}”" for name in restored.missing[:3])
            more = f" and {len(restored.missing) - 3} more" if len(restored.missing) > 3 else ""
            lost = f" These attached files are no longer there and are missing in the copy: {names}{more}."
        question = QuestionDialog(
            "The copy is there",
            f"It is in “{restored.place}”. This portfolio was not changed.{lost}",
            "Open the copy",
            parent=self,
            no="Stay in this portfolio",
        )
        question.answered.connect(partial(self._open_copy, restored.place))
        question.open()

    def _open_copy(self, place: Path, _answer: str) -> None:
        window = self.window_
        self.accept()
        window.open_path(place)

    def _not_restored(self, error: BaseException) -> None:
        self._set_free()
        self.show_error(error)

    def _set_busy(self, sentence: str) -> None:
        self.show_problem("")
        self._stop_comparing()
        self._tell(sentence)
        self._bar.setRange(0, 0)
        self._bar.show()
        for part in (self._table, self._restore, self._copy, self._make):
            part.setEnabled(False)

    def _set_free(self) -> None:
        self._copying = None
        self._close.setText("Close")
        self._bar.hide()
        for part in (self._table, self._make):
            part.setEnabled(True)
        self._choose()

    def _stop_comparing(self) -> None:
        self._pause.stop()
        if self._comparing is not None:
            self._comparing.cancel()
            self._comparing = None

    def _stop(self) -> None:
        self._stop_comparing()
        if self._checking is not None:
            self._checking.cancel()


def in_words(comparison: BackupComparison) -> str:
    """Return in a sentence what restoring a back-up would do."""
    if comparison.same:
        return "It holds the same as the portfolio does now."
    back, gone, changed = (
        sum(len(getattr(differences, which)) for differences in comparison.differences)
        for which in ("only_then", "only_now", "changed")
    )
    parts = [
        f"bring {_things(back)} back" if back else "",
        f"take {_things(gone)} away" if gone else "",
        f"set {_things(changed)} back to what {'it was' if changed == 1 else 'they were'}" if changed else "",
    ]
    said = [part for part in parts if part]
    listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"Restoring it would {listed}."


def _things(count: int) -> str:
    return "1 thing" if count == 1 else f"{count:,} things"


def _promise() -> QLabel:
    words = MutedLabel("Going back loses nothing: what there is now is backed up first and stays in the folder.")
    words.setWordWrap(True)
    return words


def _when(backup: Backup, today: date) -> str:
    return moment_in_words(backup.made_at, today)


def _columns(today: date) -> tuple[Column[_Listed], ...]:
    states = {None: ("…", "", ""), True: ("intact", "check", "met"), False: ("damaged", "triangle-alert", "not_yet")}
    return (
        Column("When", lambda listed: _when(listed.backup, today)),
        Column("Size", lambda listed: size_in_words(listed.backup.size), right=True),
        Column(
            "State",
            lambda listed: states[listed.intact][0],
            icon=lambda listed: states[listed.intact][1],
            tone=lambda listed: states[listed.intact][2],
        ),
    )


# What follows runs beside the window's thread.


def _read_all(backups: Sequence[Backup], progress: Progress) -> dict[str, bool]:
    found = {}
    for done, backup in enumerate(backups):
        progress(done, len(backups), "Checking the back-ups")
        found[backup.name] = backup.intact
    return found


def _compare(present: Portfolio, backup: Backup, progress: Progress) -> BackupComparison:
    return compare_backup(present, backup, progress)


def _copier(portfolio: PortfolioFile, *, backup: Backup, folder: Path) -> partial[Restored]:
    """Return what restores a copy, to be run where it does not hold up the portfolio's thread."""
    return partial(restore_backup, portfolio, backup, folder)
