"""Search everything in a portfolio: what is written in it, and what attached files say.

The index is caught up with the portfolio by :func:`catch_up` and searched by :func:`search`. Both may run in any
thread, also at the same time. The portfolio itself is read only in short pieces, and by whoever may do that: a window
gives :func:`catch_up` a way to have them read on the portfolio's thread, while the index is written, and files are
read, in the thread that called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol, TypeVar

from portfolio_app.domain.attached_text import AttachedText, TextState
from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import ClaimWords
from portfolio_app.domain.errors import InvalidInput, KnownError, UnknownReference
from portfolio_app.domain.excerpts import Excerpt, different_words, excerpt, read_marks
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import Unit
from portfolio_app.domain.search import HitSort, LabelName, SearchableThing, SearchHit, SearchResults, parse_query
from portfolio_app.services.searchable_things import (
    Kinds,
    fingerprint,
    thing_of_person,
    things_of_evidence,
    things_of_unit,
)
from portfolio_app.services.text_desk import FileToRead
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioReader
from portfolio_app.storage.search.finding import FoundThing
from portfolio_app.storage.search.index import IndexLost, IndexState, SearchIndex, SearchUnavailable
from portfolio_app.storage.search.index import UnreadFile as Unread

__all__ = ["SearchUnavailable", "catch_up", "search"]

_PIECE: Final = 100  # items that are read at a time
_THINGS_AT_A_TIME: Final = 2000  # that are written
_MOST_HISTORY: Final = 500_000  # bytes; where more was changed, all is read anew
_MOST_CHANGED: Final = 150  # items
_ATTEMPTS: Final = 5
_TEXTS_AT_A_TIME: Final = 1_000_000  # characters
_FILES_AT_A_TIME: Final = 20
_READING_PORTFOLIO: Final = "Reading the portfolio"

_Result = TypeVar("_Result")


class ReadText(Protocol):
    """Reads the text of a file; :meth:`portfolio_app.services.text_desk.TextProcess.read` does."""

    def __call__(self, file: FileToRead, progress: Progress) -> AttachedText:
        """Return what the file says, or in which state it is."""


class OnPortfolio(Protocol):
    """Has a piece of work done where the portfolio may be read, and returns its result."""

    def __call__(self, work: Callable[[], _Result], /) -> _Result:
        """Do the work, and wait for it."""


def _here(work: Callable[[], _Result], /) -> _Result:
    return work()


def search(portfolio: PortfolioFile, text: str, limit: int = 50) -> SearchResults:
    """Search for what was typed; may be called from any thread, and reads the index alone.

    What cannot be searched for is a sentence in the results, as is an index that cannot be read now.
    """
    try:
        query = parse_query(text)
    except InvalidInput as error:
        return SearchResults(problem=str(error))
    try:
        found = portfolio.search_index.find(query, max(limit, 0))
    except SearchUnavailable as error:
        return SearchResults(problem=str(error))
    return SearchResults(tuple(map(_hit, found.things)), found.total, found.unread)


def catch_up(
    portfolio: PortfolioFile,
    kinds: Kinds,
    read_text: ReadText | None = None,
    progress: Progress = no_progress,
    on_portfolio: OnPortfolio = _here,
) -> None:
    """Bring the index up to date: first what stands in the portfolio itself, then the text of its files.

    To be called after opening and after edits, from a thread that may wait. Where nothing was changed it costs a look.
    It can be cancelled by ``progress`` at any time and goes on from there the next time. Without ``read_text`` no file
    is read. ``on_portfolio`` is given each piece of work that reads the portfolio: some 20 ms, for a window to have it
    done on the portfolio's thread.

    Raises:
        Cancelled: ``progress`` said so.
        SearchUnavailable: another program writes the index, or there is no place for one.
        ProcessDied: the files cannot be read now.
    """
    for attempt in range(_ATTEMPTS):
        try:
            work = _CatchingUp(portfolio, kinds, progress, on_portfolio)
            work.with_portfolio()
            if read_text is not None:
                work.with_files(read_text)
        except IndexLost:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return


@dataclass(frozen=True, slots=True)
class _Anew:
    """All is read anew, as it is from this step of the history on."""

    portfolio_id: str
    head: str
    last_number: int


@dataclass(frozen=True, slots=True)
class _Changed:
    """What was touched since the index was caught up, as it is at this step, and what is not there any more."""

    head: str
    things: list[SearchableThing]
    gone: set[tuple[HitSort, str]]


def _next_step(portfolio: PortfolioFile, kinds: Kinds, state: IndexState, mark: str) -> _Anew | _Changed | None:
    with portfolio.read() as reader:
        number, head = reader.revision()
        portfolio_id = reader.details().id
        if state.portfolio_id == portfolio_id and state.kinds == mark and state.head:
            if state.head == head:
                return None
            then = reader.revision_of(state.head)
            if then is not None and then < number:
                changes = reader.changes_since(then, _MOST_HISTORY)
                if changes is not None and len(changes.evidence) <= _MOST_CHANGED:
                    found = _ChangedThings(reader, kinds, portfolio.search_index, changes)
                    return _Changed(head, found.things, found.gone())
        return _Anew(portfolio_id, head, reader.last_number())


class _CatchingUp:
    """One go at bringing the index up to date."""

    def __init__(self, portfolio: PortfolioFile, kinds: Kinds, progress: Progress, on_portfolio: OnPortfolio) -> None:
        self._portfolio = portfolio
        self._index = portfolio.search_index
        self._kinds = kinds
        self._mark = fingerprint(kinds)
        self._progress = progress
        self._on_portfolio = on_portfolio

    def with_portfolio(self) -> None:
        """Take in what was edited since; what is edited meanwhile, the next time round."""
        for _ in range(_ATTEMPTS):
            state = self._index.state()
            step = self._on_portfolio(partial(_next_step, self._portfolio, self._kinds, state, self._mark))
            if step is None:
                return
            if isinstance(step, _Anew):
                self._make_anew(step)
            else:
                self._index.update(state.head, step.head, step.things, step.gone)

    def _make_anew(self, plan: _Anew) -> None:
        building = self._index.begin_anew(plan.portfolio_id, self._mark)
        waiting = self._on_portfolio(partial(_read_units_and_people, self._portfolio))
        for first in range(1, plan.last_number + 1, _PIECE):
            self._progress(first - 1, plan.last_number, _READING_PORTFOLIO)
            last = min(first + _PIECE - 1, plan.last_number)
            waiting += self._on_portfolio(partial(_read_items, self._portfolio, self._kinds, first, last))
            if len(waiting) >= _THINGS_AT_A_TIME:
                self._index.add(building, waiting)
                waiting = []
        self._index.add(building, waiting)
        self._index.finish(building, plan.head)

    def with_files(self, read_text: ReadText) -> None:
        """Read what is not read yet, and what was missing and is there again."""
        self._index.forget_unnamed_texts()
        wanted = [each for each in self._index.unread_files() if each.state in (None, TextState.MISSING)]
        waiting: list[AttachedText] = []
        for number, unread in enumerate(wanted):
            try:
                text = self._read(unread, read_text, _Counted(self._progress, number, len(wanted), unread.name))
            except KnownError:
                self._index.put_texts(waiting)  # so that it goes on from here the next time
                raise
            if text is not None:
                waiting.append(text)
            if len(waiting) >= _FILES_AT_A_TIME or sum(map(_length, waiting)) >= _TEXTS_AT_A_TIME:
                self._index.put_texts(waiting)
                waiting = []
        if waiting:
            self._index.put_texts(waiting)
        if len(wanted) > _FILES_AT_A_TIME:
            self._index.tidy()

    def _read(self, unread: Unread, read_text: ReadText, progress: Progress) -> AttachedText | None:
        """Return what a file says; nothing if it still is not there."""
        progress(0, 0, "")
        path = self._portfolio.files.path(unread.sha256)
        if path is not None:
            return read_text(FileToRead(path, unread.name, unread.media_type, unread.sha256), progress)
        return AttachedText(unread.sha256, TextState.MISSING) if unread.state is None else None


class _Counted:
    """Passes progress on as the work on one of several files."""

    def __init__(self, progress: Progress, done: int, total: int, name: str) -> None:
        self._progress = progress
        self._counts = done, total
        self._shown = f"Reading {name}"

    def __call__(self, done: int, total: int, what: str) -> None:
        del done, total, what
        self._progress(*self._counts, self._shown)


def _read_units_and_people(portfolio: PortfolioFile) -> list[SearchableThing]:
    with portfolio.read() as reader:
        units = reader.units()
        claimed, decided = reader.claimed_requirements(_requirement_ids(units)), _decided(reader)
        things = [thing_of_person(person, number) for number, person in enumerate(reader.people())]
        for unit in units:
            things += things_of_unit(unit, claimed, decided)
        return things


def _requirement_ids(units: Iterable[Unit]) -> Iterator[str]:
    return (requirement.id for unit in units for _, requirement in unit.walk())


def _decided(reader: PortfolioReader) -> frozenset[str]:
    return frozenset(decision.requirement_id for decision in reader.decisions())


def _read_items(portfolio: PortfolioFile, kinds: Kinds, first: int, last: int) -> list[SearchableThing]:
    with portfolio.read() as reader:
        return list(_Items(reader, kinds).between(first, last))


class _Items:
    """Items as they are searched, with what is known of people and units."""

    def __init__(self, reader: PortfolioReader, kinds: Kinds) -> None:
        self._reader = reader
        self._kinds = kinds
        self._people = {person.id: person for person in reader.people()}
        self._unit_of = {requirement.id: unit.id for unit in reader.units() for _, requirement in unit.walk()}

    def between(self, first: int, last: int) -> Iterator[SearchableThing]:
        """Yield the items with these numbers and their attachments."""
        claims: dict[str, list[ClaimWords]] = {}
        for each in self._reader.claim_words(first, last):
            claims.setdefault(each.evidence_id, []).append(each)
        for item in self._reader.evidence_between(first, last):
            yield from things_of_evidence(item, self._kinds, self._people, claims.get(item.id, ()), self._unit_of)


class _ChangedThings:
    """What changes have touched, and all that is searched under names which those have given."""

    def __init__(self, reader: PortfolioReader, kinds: Kinds, index: SearchIndex, changes: Changes) -> None:
        self.things: list[SearchableThing] = []
        self._reader = reader
        self._index = index
        self._before: set[tuple[HitSort, str]] = set()
        self._requirements = set(changes.requirements)
        items = set(changes.evidence)
        for person_id in changes.people:
            items |= index.evidence_with(LabelName.PERSON, person_id)
        if items:
            self._add_items(items, _Items(reader, kinds))
        if changes.people:
            self._add_people(changes.people)
        if changes.units or self._requirements:
            self._add_units(changes.units)

    def gone(self) -> set[tuple[HitSort, str]]:
        """Return what the index holds of it and the portfolio does not any more."""
        return self._before - {(thing.sort, thing.key) for thing in self.things}

    def _add_items(self, evidence_ids: Iterable[str], items: _Items) -> None:
        for evidence_id in evidence_ids:
            before = self._index.keys_of(evidence_id=evidence_id)
            now: list[SearchableThing] = []
            with suppress(UnknownReference):
                number = self._reader.evidence_by_id(evidence_id).number
                now += items.between(number, number)  # nothing while it is in the bin
            if bool(before) != bool(now):  # its claims do not count any more, or count again
                claims = self._reader.claims(evidence_id=evidence_id)
                self._requirements.update(claim.requirement_id for claim in claims)
            self._before |= before
            self.things += now

    def _add_people(self, person_ids: frozenset[str]) -> None:
        self._before.update((HitSort.PERSON, person_id) for person_id in person_ids)
        for number, person in enumerate(self._reader.people()):
            if person.id in person_ids:
                self.things.append(thing_of_person(person, number))

    def _add_units(self, unit_ids: frozenset[str]) -> None:
        self._before.update((HitSort.REQUIREMENT, requirement_id) for requirement_id in self._requirements)
        for unit_id in unit_ids:
            self._before |= self._index.keys_of(unit_id=unit_id)
        units = self._reader.units()
        wanted = self._requirements.union(_requirement_ids(unit for unit in units if unit.id in unit_ids))
        claimed, decided = self._reader.claimed_requirements(wanted), _decided(self._reader)
        for unit in units:
            for thing in things_of_unit(unit, claimed, decided):
                if unit.id in unit_ids or thing.requirement_id in self._requirements:
                    self.things.append(thing)


def _length(text: AttachedText) -> int:
    return sum(len(passage.text) for passage in text.passages)


def _hit(found: FoundThing) -> SearchHit:
    title, title_marks = read_marks(found.title)
    column, shown = _best_excerpt(found)
    name, label, page, paragraph = "", "", None, None
    if column == "body":
        name = "body"
    elif column == "fields":
        name, label = found.fields[shown.part] if shown.part < len(found.fields) else ("", "")
    elif column == "attached" and shown.part < len(found.places):
        page, paragraph = found.places[shown.part]
    return SearchHit(
        sort=found.sort,
        title=title,
        ref=found.ref,
        excerpt=shown.text,
        marks=shown.marks,
        evidence_id=found.evidence_id,
        requirement_id=found.requirement_id,
        unit_id=found.unit_id,
        person_id=found.person_id,
        attachment_id=found.attachment_id,
        page=page,
        paragraph=paragraph,
        field=label if label != title else "",
        title_marks=title_marks,
        field_name=name,
    )


def _best_excerpt(found: FoundThing) -> tuple[str, Excerpt]:
    """Return the column that shows most different words, the first of several; the first of all where none does."""
    column = max(found.texts, key=lambda name: different_words(found.texts[name]), default="")
    text = found.texts.get(column, "")
    return column, excerpt(text, across_parts=column != "fields", is_cut=found.goes_on and column == "body")
