"""Reading the texts of a portfolio's items for the rules that speak of them: a few at a time, and each only once.

Ten thousand items take some seconds, so this is apart from coverage and gaps: whoever shows them lets a
:class:`TextReader` read on while nothing else is to be done, and gives the rules what it knows so far.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import partial
from time import monotonic
from typing import Final, NamedTuple

from portfolio_app.domain.alike import AlikePassage, alike_passages, are_alike, fingerprints
from portfolio_app.domain.alike_index import AlikeIndex
from portfolio_app.domain.attached_text import AttachedText
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.facts import AttachmentFact, EvidenceFact
from portfolio_app.domain.item_reading import ItemReading, ItemText, read_item
from portfolio_app.domain.portfolio import Portfolio
from portfolio_app.domain.quality_words import ALIKE, QualityWords, list_name
from portfolio_app.domain.text_facts import AlikeItem, TextFacts
from portfolio_app.services.attached_texts import attached_text, unread_files
from portfolio_app.services.item_texts import ReadAttached, item_text
from portfolio_app.services.library import quality_words
from portfolio_app.services.searching import SearchUnavailable
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioReader

_AT_ONCE: Final = 2
"""Items read between two looks at the clock."""

_MOST_TRIED: Final = 3
"""Earlier items with which one is compared."""

_PASSED_OVER: Final = list_name(ALIKE, "passed_over")
_ANY_TIME: Final = 3600.0


class ReadSoFar(NamedTuple):
    """How many of a portfolio's items were read. ``is_new``: something was learnt since the last time."""

    read: int
    total: int
    is_new: bool

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to be read."""
        return self.read >= self.total


class _Revision(NamedTuple):
    """What tells the text of an item from an earlier one; ``files`` are the hashes of those attached to it."""

    number: int
    title: str
    revised_at: str
    kind: str
    files: tuple[str, ...]


class TextReader:
    """What the texts of one portfolio's items hold, as far as they were read. To be used from one thread.

    ``read_attached`` knows what attached files say, if anybody does.
    """

    def __init__(
        self, words: QualityWords, kinds: Mapping[str, EvidenceKind], read_attached: ReadAttached | None = None
    ) -> None:
        self.words = words
        self._kinds = kinds
        self._read_attached = read_attached
        self._head: tuple[int, str] | None = None
        self._revisions: dict[str, _Revision] = {}  # of all items, as they are now
        self._to_read: dict[str, None] = {}  # in the order of references
        self._to_compare: dict[str, None] = {}  # in the order in which they came
        self._readings: dict[str, ItemReading] = {}
        self._not_said: dict[str, set[str]] = {}  # files of which nobody knew what they say, and whose they are
        self._same: dict[frozenset[str], frozenset[str]] = {}
        self._index = AlikeIndex()
        self._alike: dict[str, AlikeItem] = {}

    def facts(self) -> TextFacts:
        """Return what the rules need, as far as it is known now."""
        return TextFacts(self.words, dict(self._readings), dict(self._alike))

    def read_all(self, portfolio: PortfolioFile) -> TextFacts:
        """Read whatever is not known yet, and return what the rules need."""
        self.read_on(portfolio, _ANY_TIME)
        return self.facts()

    def look_again(self, still_unread: Container[str] = ()) -> bool:
        """Read those items again whose attached files were not read before, but for files that still are not.

        Returns:
            Whether there is anything to be read now.
        """
        for sha256 in [sha256 for sha256 in self._not_said if sha256 not in still_unread]:
            owners = self._not_said.pop(sha256)
            self._to_read.update(dict.fromkeys(owner for owner in owners if owner in self._revisions))
        return bool(self._to_read)

    def read_on(self, portfolio: PortfolioFile, seconds: float) -> ReadSoFar:
        """Read on for about so long, and when all is read compare what may be alike."""
        until = monotonic() + seconds
        with portfolio.read() as reader:
            is_new = reader.revision() != self._head and self._look_around(reader)
            while (self._to_read or self._to_compare) and not (is_new and monotonic() > until):
                if self._to_read:
                    self._read(reader, [key for key, _ in zip(self._to_read, range(_AT_ONCE), strict=False)])
                else:
                    self._compare(reader, next(iter(self._to_compare)))
                is_new = True
        total = len(self._revisions)
        return ReadSoFar(total - len(self._to_read or self._to_compare), total, is_new)

    def _look_around(self, reader: PortfolioReader) -> bool:
        """Find out what has to be read; return whether something that was known is gone."""
        self._head = reader.revision()
        facts = reader.facts({})
        before = self._revisions
        self._revisions = dict(self._revisions_of(facts.evidence, facts.attachments))
        gone = [evidence_id for evidence_id in before if evidence_id not in self._revisions]
        for evidence_id in gone:
            self._forget(evidence_id)
        waiting = self._to_read
        self._to_read = {
            evidence_id: None
            for evidence_id, revision in self._revisions.items()
            if evidence_id in waiting or before.get(evidence_id) != revision
        }
        return bool(gone)

    def _revisions_of(
        self, items: Iterable[EvidenceFact], attachments: Iterable[AttachmentFact]
    ) -> Iterable[tuple[str, _Revision]]:
        files: dict[str, list[str]] = {}
        for attachment in attachments:
            files.setdefault(attachment.evidence_id, []).append(attachment.sha256)
        for item in items:
            yield item.id, _Revision(item.number, item.title, item.revised_at, item.kind, tuple(files.get(item.id, ())))

    def _texts(self, reader: PortfolioReader, evidence_ids: Iterable[str]) -> Iterable[tuple[str, ItemText]]:
        for evidence_id, body, fields in reader.contents(evidence_ids):
            revision = self._revisions[evidence_id]
            read_attached = partial(self._said_by, evidence_id)
            kind = self._kinds.get(revision.kind)
            yield evidence_id, item_text(revision.title, body, fields, kind, revision.files, read_attached)

    def _said_by(self, evidence_id: str, sha256: str) -> AttachedText | None:
        said = self._read_attached(sha256) if self._read_attached else None
        if said is None:
            self._not_said.setdefault(sha256, set()).add(evidence_id)
        return said

    def _read(self, reader: PortfolioReader, evidence_ids: Sequence[str]) -> None:
        for evidence_id, text in self._texts(reader, evidence_ids):
            reading = read_item(text, self.words)
            # Thousands of items hold the same few lists.
            holds = self._same.setdefault(reading.holds, reading.holds)
            self._readings[evidence_id] = reading._replace(holds=holds)
            if ALIKE in self.words.checks:
                prints = () if _PASSED_OVER in holds else fingerprints(text.passages)
                later = self._index.put(evidence_id, self._revisions[evidence_id].number, prints)
                self._to_compare.update(dict.fromkeys((evidence_id, *self._paired_with(evidence_id), *later)))
        for evidence_id in evidence_ids:
            self._to_read.pop(evidence_id)

    def _forget(self, evidence_id: str) -> None:
        for known in (self._readings, self._alike, self._to_read, self._to_compare):
            known.pop(evidence_id, None)
        self._index.remove(evidence_id)
        self._to_compare.update(dict.fromkeys(self._paired_with(evidence_id)))

    def _paired_with(self, evidence_id: str) -> list[str]:
        return [later for later, other in self._alike.items() if other.evidence_id == evidence_id]

    def _compare(self, reader: PortfolioReader, evidence_id: str) -> None:
        del self._to_compare[evidence_id]
        self._alike.pop(evidence_id, None)
        others = self._index.earlier(evidence_id, _MOST_TRIED)
        if not others:
            return
        texts = dict(self._texts(reader, (evidence_id, *others)))
        best = AlikeItem("", 0)
        for other in others:
            words = sum(passage.words for passage in compared(self.words, texts[other], texts[evidence_id]))
            if words > best.words:
                best = AlikeItem(other, words)
        if best.words:
            self._alike[evidence_id] = best


def read_whole(portfolio: Portfolio, kinds: Mapping[str, EvidenceKind], words: QualityWords) -> TextFacts:
    """Read every item of a portfolio that is in memory, for a document; files are not read and nothing is compared.

    That two items have a passage in common is for the learner to look at, and for nobody else to read.
    """
    return TextFacts(
        words,
        {
            item.id: read_item(
                item_text(
                    item.title, item.body, item.fields, kinds.get(item.kind), (each.sha256 for each in item.attachments)
                ),
                words,
            )
            for item in portfolio.evidence
        },
    )


def compared(words: QualityWords, first: ItemText, second: ItemText) -> list[AlikePassage]:
    """Return the passages that two items have in common, none where they are not worth a look."""
    found = alike_passages(first.passages, second.passages, words.number(ALIKE, "percent"))
    return found if are_alike(found, words.number(ALIKE, "words")) else []


def text_reader(
    portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], read_attached: ReadAttached | None = None
) -> TextReader:
    """Return a reader of a portfolio's texts with the word lists that hold there.

    What attached files say it knows from ``read_attached``, or as far as it is in the search index.

    Raises:
        InvalidInput: a file that changes the word lists is not sound.
    """
    return TextReader(quality_words(portfolio.folder), kinds, read_attached or partial(indexed_text, portfolio))


def files_still_unread(portfolio: PortfolioFile) -> frozenset[str]:
    """Return the hashes of the attached files of which the search index has no text."""
    try:
        return frozenset(file.sha256 for file in unread_files(portfolio))
    except SearchUnavailable:
        return frozenset(attachment.sha256 for attachment in _attachments(portfolio))


def _attachments(portfolio: PortfolioFile) -> Sequence[AttachmentFact]:
    with portfolio.read() as reader:
        return reader.facts({}).attachments


def indexed_text(portfolio: PortfolioFile, sha256: str) -> AttachedText | None:
    """Return what a file says as far as the search index has it, else ``None``; an index is not made for it."""
    if not portfolio.search_index.path.exists():  # asking would make one
        return None
    try:
        return attached_text(portfolio, sha256)
    except SearchUnavailable:
        return None
