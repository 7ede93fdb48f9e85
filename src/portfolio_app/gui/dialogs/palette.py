"""The search box: everything in the portfolio, and everything the window can do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QDialog, QLabel, QListView, QStackedWidget, QVBoxLayout, QWidget

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.folding import folded, search_words
from portfolio_app.domain.listing import EvidenceSummary
from portfolio_app.domain.search import FilterName, HitSort, SearchHit, SearchResults
from portfolio_app.domain.search_completion import (
    FILTER_MEANINGS,
    Completion,
    Completions,
    KnownValues,
    filter_completions,
)
from portfolio_app.gui import theme
from portfolio_app.gui.actions import ACTIONS, ActionDeclaration, plain_text
from portfolio_app.gui.found_places import page_in_words, place_of
from portfolio_app.gui.models.evidence_model import claims_in_words
from portfolio_app.gui.models.found_things import Found, FoundThings
from portfolio_app.gui.widgets.basics import FlowLayout, MutedLabel, SearchField, button
from portfolio_app.gui.widgets.found_delegate import FoundDelegate
from portfolio_app.services.claim_edits import requirement_choices
from portfolio_app.services.evidence_list import evidence_facets, evidence_rows
from portfolio_app.services.people import list_people
from portfolio_app.services.searching import search
from portfolio_app.services.units import list_units

if TYPE_CHECKING:
    from portfolio_app.domain.evidence import EvidenceKind
    from portfolio_app.gui.main_window import MainWindow
    from portfolio_app.storage.portfolio_file import PortfolioFile

_COMMANDS, _LATELY, _FILTERS = "Commands", "Searched lately", "Narrow the search"
_NAMED: Final = "Commands that begin with what was typed"


class _Sort(NamedTuple):
    """How a sort of things is called above them, its icon, and what ``in:`` calls it."""

    heading: str
    icon: str
    filter: str


_SORTS: Final[Mapping[HitSort, _Sort]] = {
    HitSort.EVIDENCE: _Sort("Evidence", "file-text", "evidence"),
    HitSort.ATTACHMENT: _Sort("Attached files", "paperclip", "attachments"),
    HitSort.REQUIREMENT: _Sort("Requirements", "circle", "requirements"),
    HitSort.UNIT: _Sort("Units", "list-tree", "units"),
    HitSort.GUIDANCE: _Sort("Guidance", "lightbulb", "guidance"),
    HitSort.PERSON: _Sort("People", "user", "people"),
}
_FROM_LETTERS: Final = 3
"""So many letters typed are meant as the beginning of a command’s name, which then stands before all else."""
_KNOWN_AFTER_MS: Final = 200
"""After a pause in typing it is read what filters can be, which takes longer than a search."""
_MOST_FOUND: Final = 50
_MOST_OF_SORT: Final = 6  # where there are several
_WIDTH: Final = 720
_HEIGHT: Final = 520
_FROM_TOP: Final = 44
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
_KEYS: Final = "↑ ↓ to move · Enter to go there · Tab to complete · ? for the filters · Esc to close"


@dataclass(frozen=True, slots=True)
class _Known:
    """What the portfolio has: what filters can be, and where each requirement stands."""

    values: KnownValues = field(default_factory=KnownValues)
    states: Mapping[str, CoverageState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was found for what was typed."""

    typed: str = ""
    results: SearchResults = field(default_factory=SearchResults)


class CommandPalette(QDialog):
    """A field and what it finds; the arrow keys move, Enter goes there or does it."""

    answered = Signal()
    """What was found for what is typed is shown."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle("Search")
        theme.set_role(self, "palette")
        self._window = window
        self._known = _Known()
        self._answer = _Answer()
        self._items: dict[str, EvidenceSummary] = {}
        self._waits_to_choose = self._completes_first = self._is_asking = self._asks_again = False
        self._model = FoundThings()
        self._field = SearchField("Search evidence, files, requirements, guidance, people and commands")
        self._list = QListView()
        self._nothing = QLabel()
        self._shown = QStackedWidget()
        self._told = MutedLabel()
        self._build()
        self._field.textChanged.connect(self._search)
        self._field.installEventFilter(self)
        self._list.clicked.connect(self._choose)
        session = window.session
        if session.is_open:
            self._knowing = QTimer(self, singleShot=True, interval=_KNOWN_AFTER_MS)
            self._knowing.timeout.connect(self._read_known)
            self._knowing.start()
            window.searching.changed.connect(self._search_again)
            session.changed.connect(self._hear)
            window.searching.begin()
        self._show_found()
        self._field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Move through the list from the field."""
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                last = self._model.rowCount() - 1
                self._mark(max(0, min(last, self._list.currentIndex().row() + step)))
                self._announce()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True
            if event.key() == Qt.Key.Key_Tab and self._complete():
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.reject()
                return True
        return super().eventFilter(watched, event)

    # Building

    def _build(self) -> None:
        window, scaled = self._window, theme.current().scaled
        self._list.setModel(self._model)
        self._list.setItemDelegate(FoundDelegate(self._model, self._list))
        self._list.setAccessibleName("Found")
        self._list.setMouseTracking(True)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.set_role(self._list, "plain")
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setMargin(scaled(24))
        theme.set_role(self._nothing, "empty")
        for shown in (self._list, self._nothing):
            self._shown.addWidget(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        column.addWidget(self._field)
        if window.session.is_open:
            column.addWidget(self._build_filters())
        column.addWidget(self._shown, 1)
        column.addWidget(self._told)
        column.addWidget(MutedLabel(_KEYS))
        self.resize(min(scaled(_WIDTH), window.width() - 40), min(scaled(_HEIGHT), window.height() - 80))
        self.move(window.mapToGlobal(QPoint((window.width() - self.width()) // 2, _FROM_TOP)))

    def _build_filters(self) -> QWidget:
        """Return the names of the filters, to be clicked; from the keyboard they are typed."""
        filters = QWidget()
        row = FlowLayout(filters)
        row.addWidget(MutedLabel("Narrow by"))
        for name, meaning in FILTER_MEANINGS.items():
            one = button(f"{name}:", "link")
            one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            one.setToolTip(f"Only {meaning}")
            one.setAccessibleDescription(f"Only {meaning}")
            one.clicked.connect(partial(self._begin_filter, name))
            row.addWidget(one)
        return filters

    # Searching

    def _search(self, typed: str) -> None:
        session = self._window.session
        self._waits_to_choose = False
        if session.is_open and typed.strip():
            self._ask()
            if self._knowing.isActive():
                self._knowing.start()
        else:
            self._answer = _Answer(typed)
        self._show_found()

    def _read_known(self) -> None:
        session = self._window.session
        if session.is_open:
            session.read(_known, session.kinds, done=self._take_known, receiver=self, topic="known")

    def _take_known(self, known: _Known) -> None:
        self._known = known
        self._show_found(keep=True)

    def _take_answer(self, answer: _Answer) -> None:
        if answer.typed != self._field.text():
            return
        is_same = answer.typed == self._answer.typed  # read again, since more files were read
        self._answer = answer
        if answer.results.problem and not is_same:
            self._window.searching.begin()  # an index that was damaged is made anew, and then searched again
        self._show_found(keep=is_same)
        self._announce()
        self.answered.emit()
        found = {hit.evidence_id for hit in answer.results.hits if hit.sort is HitSort.EVIDENCE}
        if unknown := found - self._items.keys():
            read = self._window.session.read
            read(evidence_rows, unknown, done=self._take_items, receiver=self, topic="items")
        if self._waits_to_choose:
            self._choose(self._list.currentIndex())

    def _hear(self, *_change: object) -> None:
        """Have what was typed on the page before taken in at once."""
        self._window.searching.begin()

    def _take_items(self, items: Mapping[str, EvidenceSummary]) -> None:
        """Show of which kind the items are, and how often they are claimed."""
        self._items.update(items)
        self._show_found(keep=True)

    def _search_again(self) -> None:
        """Search again, since more can be found now."""
        typed = self._field.text()
        if typed.strip() and self._answer.typed == typed:
            self._ask()
        self._tell()

    def _ask(self) -> None:
        """Search for what is typed, one thing at a time: in the index alone, so that the portfolio may be at work."""
        if self._is_asking:
            self._asks_again = True
            return
        self._is_asking = True
        task = self._window.session.work_beside(
            partial(_found, self._field.text()), title="Searching", done=self._take_answer, receiver=self, quiet=True
        )
        task.finished.connect(self._has_asked)

    def _has_asked(self) -> None:
        self._is_asking = False
        if self._asks_again:
            self._asks_again = False
            if self._field.text().strip() and self._window.session.is_open:
                self._ask()

    # What is shown

    def _show_found(self, *, keep: bool = False) -> None:
        """Show everything there is for what was typed, the line in hand being the first unless it is kept."""
        typed = self._field.text()
        row = self._list.currentIndex().row() if keep else 0
        ways = filter_completions(typed, self._known.values) if self._window.session.is_open else Completions()
        # What a filter can be stands first while without that nothing is found.
        is_found = bool(self._answer.results.hits) or self._answer.typed != typed
        completes_first = bool(ways.ways) and (ways.is_bare or (ways.is_value and not is_found))
        self._completes_first = completes_first
        completing = [self._completion(way) for way in ways.ways]
        start = folded(typed.strip())
        commands = self._commands(typed)
        named = [one for one in commands if len(start) >= _FROM_LETTERS and folded(one.title).startswith(start)]
        others = [one for one in commands if one not in named]
        self._model.show(
            [
                *(completing if completes_first else ()),
                *[Found(_NAMED, one.title, one.icon, one.choose, one.aside) for one in named],
                *(self._lately() if not typed.strip() else self._hits()),
                *others,
                *(() if completes_first else completing),
            ]
        )
        self._mark(max(0, min(row, self._model.rowCount() - 1)))
        self._tell()

    def _hits(self) -> Iterator[Found]:
        """Yield what was found, sort by sort: the sort of the best hit first."""
        sorts: dict[HitSort, list[SearchHit]] = {}
        for hit in self._answer.results.hits:
            sorts.setdefault(hit.sort, []).append(hit)
        for sort, hits in sorts.items():
            most = _MOST_OF_SORT if len(sorts) > 1 and len(hits) > _MOST_OF_SORT + 1 else len(hits)
            yield from map(self._hit, hits[:most])
            if len(hits) > most:
                heading, narrowed = _SORTS[sort].heading, f"in:{_SORTS[sort].filter}"
                show = partial(self._field.setText, f"{self._answer.typed.strip()} {narrowed}")
                more = f"More {heading[0].lower()}{heading[1:]} …"
                yield Found(heading, more, "chevron-down", show, narrowed, is_completion=True)

    def _hit(self, hit: SearchHit) -> Found:
        shown = _SORTS[hit.sort]
        item = self._items.get(hit.evidence_id) if hit.sort is HitSort.EVIDENCE else None
        before = "" if hit.sort in (HitSort.ATTACHMENT, HitSort.GUIDANCE) or not hit.ref else f"{hit.ref}  "
        label = f"{hit.field}: " if hit.field and hit.field != hit.title else ""
        tells_more = bool(hit.excerpt) and folded(hit.excerpt) != folded(hit.title)
        return Found(
            shown.heading,
            f"{before}{hit.title}",
            item.kind if item else shown.icon,
            partial(self._go, hit),
            self._aside(hit, item),
            is_kind=item is not None,
            excerpt=f"{label}{hit.excerpt}" if tells_more else "",
            marks=_shifted(hit.marks, len(label)) if tells_more else (),
            title_marks=_shifted(hit.title_marks, len(before)),
        )

    def _aside(self, hit: SearchHit, item: EvidenceSummary | None) -> str:
        if item is not None:
            return claims_in_words(item).partition(":")[0]
        if hit.sort is HitSort.REQUIREMENT:
            state = self._known.states.get(hit.requirement_id)
            return f"{state.symbol} {state}" if state else ""
        if hit.sort in (HitSort.ATTACHMENT, HitSort.GUIDANCE):
            return " · ".join(filter(None, (hit.ref, page_in_words(hit))))
        return ""

    def _commands(self, typed: str) -> list[Found]:
        words = search_words(typed)
        found = []
        for action in ACTIONS:
            text = plain_text(action)
            searched = folded(f"{text} {action.words} {action.menu.replace('&', '')}")
            if action.id != "search" and all(word in searched for word in words) and self._can(action):
                keys = self._window.actions_[action.id].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                run = partial(self._window.run_action, action.id)
                found.append(Found(_COMMANDS, text, action.icon, run, keys))
        return found

    def _can(self, action: ActionDeclaration) -> bool:
        return self._window.actions_[action.id].isEnabled()

    def _completion(self, way: Completion) -> Found:
        return Found(
            _FILTERS, way.added, "filter", partial(self._field.setText, way.text), way.meaning, is_completion=True
        )

    def _lately(self) -> Iterator[Found]:
        if self._window.session.is_open:
            for text in self._window.searching.lately:
                yield Found(_LATELY, text, "history", partial(self._field.setText, text), is_completion=True)

    def _tell(self) -> None:
        """Say how many there are, and what was not searched."""
        typed, results = self._field.text().strip(), self._answer.results
        is_answered = bool(typed) and self._answer.typed.strip() == typed and not self._completes_first
        told = list(self._told_of(results)) if is_answered else []
        has_rows = self._model.rowCount() > 0
        self._shown.setCurrentWidget(self._list if has_rows or not is_answered else self._nothing)
        self._nothing.setText(" ".join(told))
        self._told.setText(" ".join(told) if has_rows else "")
        self._told.setVisible(bool(self._told.text()))

    def _told_of(self, results: SearchResults) -> Iterator[str]:
        typed = self._field.text().strip()
        if not self._window.session.is_open:
            yield f"No command is found by “{typed}”." if not self._model.rowCount() else ""
            return
        if results.problem:
            yield results.problem
            return
        if not results.hits:
            yield f"Nothing in the portfolio is found by “{typed}”."
        elif results.total > len(results.hits):
            yield f"{results.total:,} found; the best {len(results.hits):,} are shown."
        yield from self._window.searching.told(results.unread, brief=bool(results.hits))

    # Choosing

    def _mark(self, row: int) -> None:
        if 0 <= row < self._model.rowCount():
            index = self._model.index(row)
            self._list.setCurrentIndex(index)
            self._list.scrollTo(index)

    def _announce(self) -> None:
        """Have a screen reader say the line in hand, which does not have the keyboard, or that there is none."""
        index = self._list.currentIndex()
        said = str(index.data(Qt.ItemDataRole.AccessibleTextRole)) if index.isValid() else self._nothing.text()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._list, said))

    def _enter(self) -> None:
        """Choose the line in hand; where the search has not answered yet, that is not known before it does."""
        typed = self._field.text()
        is_waited_for = self._window.session.is_open and typed.strip() and self._answer.typed != typed
        index = self._list.currentIndex()
        if is_waited_for and not (index.isValid() and self._model.row(index.row()).sort == _NAMED):
            self._waits_to_choose = True
        else:
            self._choose(index)

    def _complete(self) -> bool:
        """Take the completion in hand, else the first; return whether there is one."""
        rows = self._model.rows
        current = self._list.currentIndex().row()
        ways = [row for row in rows if row.is_completion and row.sort == _FILTERS]
        if not ways:
            return False
        chosen = rows[current] if 0 <= current < len(rows) and rows[current] in ways else ways[0]
        chosen.choose()
        return True

    def _begin_filter(self, name: FilterName) -> None:
        typed = self._field.text().rstrip()
        self._field.setText(f"{typed} {name}:".lstrip())
        self._field.setFocus()

    def _choose(self, index: QModelIndex) -> None:
        self._waits_to_choose = False
        if not index.isValid():
            return
        found = self._model.row(index.row())
        if not found.is_completion:
            self.accept()
        found.choose()

    def _go(self, hit: SearchHit) -> None:
        window = self._window
        window.searching.remember(self._answer.typed)
        if hit.sort is HitSort.PERSON:
            window.commands.show_people(hit.person_id)
        else:
            window.go(place_of(hit))


def _shifted(marks: Sequence[tuple[int, int]], by: int) -> tuple[tuple[int, int], ...]:
    return tuple((start + by, end + by) for start, end in marks)


def _found(typed: str, portfolio: PortfolioFile, *_beside: object) -> _Answer:
    return _Answer(typed, search(portfolio, typed, _MOST_FOUND))


def _known(portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind]) -> _Known:
    used = evidence_facets(portfolio, kinds)
    values = KnownValues(
        kinds={kind_id: kinds[kind_id].title for kind_id in used.kinds if kind_id in kinds},
        units={unit.code: unit.title for unit in list_units(portfolio)},
        people=tuple(person.name for person in list_people(portfolio)),
        tags=tuple(used.tags),
        today=datetime.now().astimezone().date(),
    )
    return _Known(values, {choice.requirement.id: choice.state for choice in requirement_choices(portfolio)})
