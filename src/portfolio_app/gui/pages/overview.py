"""The Overview page: how far each unit is, what to do next, and what changed lately."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.dates import day_in_words, moment_in_words
from portfolio_app.domain.unit_groups import credits_in_words
from portfolio_app.gui import places, theme
from portfolio_app.gui.models.unit_tree import GroupHeading
from portfolio_app.gui.page import PageInSteps
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.basics import (
    Card,
    ElidedLabel,
    EmptyState,
    IconLabel,
    MutedLabel,
    PageHeader,
    add_together,
    button,
)
from portfolio_app.gui.widgets.coverage_bar import CoverageBar, StateStrip, tally_in_words
from portfolio_app.gui.widgets.row_button import RowButton
from portfolio_app.services.overview import NextStep, Overview, RecentChange, UnitStanding, overview

_STACKED_BELOW: Final = 900
_WITHIN_BUTTON = 5
_STEP_ICONS: Final = {
    "start": "flag",
    "decision-unanswered": "message-square",
    "action-overdue": "alarm-clock",
    "action-due": "clock",
    "declaration-unsigned": "pen-line",
    "witness-incomplete": "user",
    "no-witness": "user",
    "no-claim": "circle",
    "evidence-without-date": "calendar",
    "attachment-missing": "paperclip",
    "attachment-changed": "paperclip",
}


class OverviewPage(PageInSteps):
    """The whole portfolio at a glance."""

    def _make(self) -> Generator[None, None, None]:
        window = self.window_
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._area.setAccessibleName("Overview")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        content = QWidget()
        self._area.setWidget(content)
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        yield
        self._header = PageHeader("Overview")
        export = button("Export …", "", "share")
        export.clicked.connect(partial(window.run_action, "export"))
        self._header.add_action_widget(export)
        self._facts = MutedLabel("")
        self._facts.setWordWrap(True)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        column.addWidget(self._header)
        column.addWidget(self._facts)
        column.addLayout(self._columns)
        column.addStretch(1)
        yield
        self._units = Card("Units")
        self._next = Card("Next")
        self._recent = Card("Lately")
        self._history = button("What changed …", "link")
        self._history.clicked.connect(partial(window.run_action, "history"))
        self._recent.add_header_widget(self._history)
        for cards, share in (((self._units, self._recent), 3), ((self._next,), 2)):
            side = QVBoxLayout()
            side.setSpacing(16)
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)
            self._columns.addLayout(side, share)
        self.session.texts.changed.connect(self.reload)
        self._area.setFocus()  # the page is read from its top, until there is a thing to do: see _show

    def refresh(self) -> None:
        """Load everything."""
        self.session.texts.want(soon=False)
        texts = self.session.texts.facts
        self.session.read(overview, self.session.kinds, texts=texts, done=self._show, receiver=self, topic="overview")

    def show_place(self, place: Place) -> None:
        """Open the declaration where that is what is to be mended."""
        if place.field == "declaration":
            self.window_.run_action("declaration")

    def _resized(self) -> None:
        """Put the columns below each other where there is little room, what to do first at the top."""
        stacked = self.width() < theme.current().scaled(_STACKED_BELOW)
        direction = QBoxLayout.Direction.BottomToTop if stacked else QBoxLayout.Direction.LeftToRight
        if self._columns.direction() != direction:
            self._columns.setDirection(direction)

    def _show(self, found: Overview) -> None:
        details = found.details
        self._header.set_title(details.learner.name)
        self._header.set_subtitle(" · ".join(part for part in (details.qualification.title, details.centre) if part))
        self._facts.setText(" · ".join(_facts(found)))
        held = self._in_focus()
        self._show_units(found)
        self._show_next(found)
        self._give_focus(*held)
        _clear(self._recent)
        self._recent.setVisible(bool(found.recent))
        today = datetime.now().astimezone().date()
        add_together(self._recent.body, [_ChangeRow(change, today) for change in found.recent])

    def _in_focus(self) -> tuple[Card | None, int]:
        """Return the card that has the keyboard and the place of the row in it: the first thing to do at first."""
        focused: QWidget | None = self.window().focusWidget()
        for card in (self._units, self._next):
            for place, row in enumerate(_rows(card)):
                if focused is not None and (row is focused or row.isAncestorOf(focused)):
                    self._area.setFocus()  # the row is about to go
                    return card, place
        return (self._next if focused is self._area else None), 0

    def _give_focus(self, card: Card | None, place: int) -> None:
        """Give the keyboard back to the row of a card that stands where the one stood which had it."""
        doors = [door for row in _rows(card) if (door := _door(row)) is not None] if card else []
        if doors:
            doors[min(place, len(doors) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_units(self, found: Overview) -> None:
        _clear(self._units)
        add_together(self._units.body, self._unit_rows(found))
        if not found.units:
            empty = EmptyState("list-tree", "A portfolio begins with its units: what is to be shown.", "Add units")
            empty.pressed.connect(partial(self.window_.run_action, "add-units"))
            empty.button.setVisible(not self.session.read_only)
            self._units.body.addWidget(empty)

    def _show_next(self, found: Overview) -> None:
        _clear(self._next)
        roles = ["primary" if found.units and not place else "" for place in range(len(found.next_steps))]
        add_together(self._next.body, map(self._step_row, found.next_steps, roles))
        if not found.next_steps:
            done = MutedLabel("Nothing is missing. Export the portfolio and hand it over.")
            done.setWordWrap(True)
            self._next.body.addWidget(done)
        elif found.gaps:
            more = button("All gaps …", "link")
            more.clicked.connect(partial(self.window_.run_action, "go-gaps"))
            self._next.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _unit_rows(self, found: Overview) -> Iterator[QWidget]:
        """Yield the units, those of each group under its heading where the qualification has groups."""
        standing = {unit.coverage.unit_id: unit for unit in found.units}
        groups = found.qualification.groups
        for group in groups:
            yield _GroupRow(GroupHeading(group))
            yield from (self._unit_row(standing[unit.id]) for unit in group.units)
        if groups and found.qualification.ungrouped:
            yield _GroupRow(GroupHeading())
        yield from (self._unit_row(standing[unit.id]) for unit in found.qualification.ungrouped)

    def _unit_row(self, standing: UnitStanding) -> QWidget:
        row = _UnitRow(standing)
        row.pressed.connect(partial(self.window_.go, Place(places.UNITS, unit_id=standing.coverage.unit_id)))
        return row

    def _step_row(self, step: NextStep, role: str) -> QWidget:
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        words = QLabel(step.sentence)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        do = button(step.button, role)
        do.setAccessibleDescription(step.sentence)
        if step.about:
            grid.addWidget(_muted(step.about), 1, 1, 1, 2)
            do.setAccessibleDescription(f"{step.sentence} {step.about}")
        if step.action_id:
            do.clicked.connect(partial(self.window_.run_action, "actions"))
        else:
            do.clicked.connect(partial(self.window_.go, Place(**step.place._asdict())))
        sign = IconLabel(_STEP_ICONS.get(step.source, "circle-dot"))
        for part, below in ((sign, _WITHIN_BUTTON + 1), (words, _WITHIN_BUTTON)):
            part.setContentsMargins(0, below, 0, 0)  # the first line stands level with the button's word
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        grid.addWidget(sign, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words, 0, 1)
        grid.addWidget(do, 0, 2, Qt.AlignmentFlag.AlignTop)
        return row


class _UnitRow(RowButton):
    """A unit with its bar and symbols; leads to the unit."""

    def __init__(self, standing: UnitStanding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        covered = standing.coverage
        title = ElidedLabel(f"{covered.code}  {covered.title}")
        self._count = count = QLabel(str(covered.tally))
        theme.notifier().changed.connect(self._set_figures)
        self._set_figures()
        if covered.complete:
            theme.set_state(count, "tone", "met")
            count.setText(f"✓ {covered.tally}")
        strip = StateStrip()
        strip.set_states([leaf.state for leaf in standing.leaves])
        missing = f"{standing.gaps:,} {'gap' if standing.gaps == 1 else 'gaps'}" if standing.gaps else ""
        gaps = MutedLabel(missing)
        gaps.setWordWrap(False)
        bar = CoverageBar()
        bar.set_tally(covered.tally)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(title, 1)
        top.addWidget(count)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(strip, 3)
        below.addWidget(bar, 2, Qt.AlignmentFlag.AlignVCenter)
        gaps.setMinimumWidth(gaps.fontMetrics().horizontalAdvance("88 gaps"))
        gaps.setAlignment(Qt.AlignmentFlag.AlignRight)
        below.addWidget(gaps)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(top)
        column.addLayout(below)
        words = f"{covered.code} {covered.title}: {tally_in_words(covered.tally)}"
        self.setAccessibleName(f"{words}, {missing}" if missing else words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _set_figures(self) -> None:
        self._count.setFont(theme.tabular(theme.body_font()))


class _GroupRow(QWidget):
    """The heading of a group of units: what it asks for, and how far it is."""

    def __init__(self, heading: GroupHeading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = ElidedLabel(heading.title)
        theme.set_role(title, "section-title")
        standing = heading.standing
        is_achieved = standing is not None and standing.is_achieved
        far = QLabel(f"✓ {heading.far}" if is_achieved else heading.far)
        theme.set_state(far, "tone", "met" if is_achieved else "")
        asks = MutedLabel(f"{heading.asks[:1].upper()}{heading.asks[1:]}")
        if standing is not None and not standing.is_filled:
            theme.set_state(asks, "tone", "claimed")
            asks.setText(standing.shortage)
        asks.setVisible(bool(asks.text()))
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(title, 1)
        top.addWidget(far)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(asks)


class _ChangeRow(QWidget):
    """What was done, and when."""

    def __init__(self, change: RecentChange, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        name = f"{change.name} ({change.times:,} times)" if change.times > 1 else change.name
        what = ElidedLabel(name)
        what.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)  # an arrow is higher than letters
        row.addWidget(what)
        row.addWidget(_muted(change.about), 1)
        row.addWidget(MutedLabel(moment_in_words(change.at.astimezone(), today)))


def _muted(text: str) -> ElidedLabel:
    label = ElidedLabel(text)
    theme.set_role(label, "muted")
    return label


def _facts(found: Overview) -> list[str]:
    items = "item" if found.evidence == 1 else "items"
    facts = []
    end = found.details.planned_end
    if end is not None and found.days_left is not None:
        facts.append(f"Planned end {day_in_words(end)} ({_days(found.days_left)})")
    units = f"{len(found.units):,} {'unit' if len(found.units) == 1 else 'units'}"
    facts += [f"{found.total} in {units}" if found.units else "no units yet"]
    facts += [f"{found.evidence:,} {items} of evidence"]
    whole = found.qualification.whole
    if whole.needed.credits:
        facts.append(f"{whole.achieved.credits:,} of {credits_in_words(whole.needed.credits)} achieved")
    if found.open_actions:
        facts.append(f"{found.open_actions:,} {'thing' if found.open_actions == 1 else 'things'} to do")
    if found.last_backup is not None:
        facts.append(f"last back-up {_ago(datetime.now(UTC), found.last_backup)}")
    return facts


def _days(days: int) -> str:
    if days < 0:
        return f"{-days:,} {'day' if days == -1 else 'days'} ago"
    if days == 0:
        return "today"
    return f"in {days:,} {'day' if days == 1 else 'days'}"


def _ago(now: datetime, then: datetime) -> str:
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    for size, name in ((60 * 24, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count:,} {name if count == 1 else f'{name}s'} ago"
    return "just now"


def _rows(card: Card) -> list[QWidget]:
    entries = (card.body.itemAt(place) for place in range(card.body.count()))
    return [widget for entry in entries if entry is not None and (widget := entry.widget()) is not None]


def _door(row: QWidget) -> QWidget | None:
    """Return what of a row leads somewhere: the row itself, or its button."""
    parts = (row, *row.findChildren(QPushButton))
    return next((part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus), None)


def _clear(card: Card) -> None:
    while (entry := card.body.takeAt(0)) is not None:
        widget = entry.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
