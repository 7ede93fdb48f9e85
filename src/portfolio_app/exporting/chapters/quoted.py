"""The passages that claims quote, found in what the publication shows: marked there, and told where they are not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Self

from portfolio_app.domain.claims import Claim, Locator
from portfolio_app.domain.evidence import Evidence
from portfolio_app.exporting.attached_text import ShownFile
from portfolio_app.exporting.chapters.places import file_anchor, is_document, named_position, pages_anchor
from portfolio_app.exporting.publication import AttachedFile, Link, PageHighlight, Run, Runs
from portfolio_app.exporting.quotations.in_blocks import Quoted, mark_quotations
from portfolio_app.exporting.quotations.matching import Folded, Quotation
from portfolio_app.exporting.quotations.on_pages import PageReader
from portfolio_app.exporting.wording import Wording

_PAGES = re.compile(r"(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?")
_MOST_PAGES_NAMED = 20


@dataclass(slots=True)
class QuotedPassages:
    """What became of the quotations of a portfolio's claims.

    ``own`` are those to be marked in an item's own words, by its id; ``highlights`` those on the pages of its attached
    documents, by its id and their position (from 1); ``remarks`` what is said beside a claim, by its id.
    """

    own: dict[str, list[Quoted]] = field(default_factory=dict)
    highlights: dict[tuple[str, int], list[PageHighlight]] = field(default_factory=dict)
    shown: dict[str, list[ShownFile | None]] = field(default_factory=dict)
    remarks: dict[str, Runs] = field(default_factory=dict)


def find_quoted(
    evidence: Sequence[Evidence],
    claims: Mapping[str, Sequence[Claim]],
    files: Mapping[str, Sequence[AttachedFile | None]],
    shown: Mapping[str, Sequence[ShownFile | None]],
    *,
    codes: Mapping[str, str],
    anchors: Mapping[str, str],
    words: Wording,
    tick: Callable[[], None],
) -> QuotedPassages:
    """Find what claims quote.

    Args:
        evidence: the items of the publication.
        claims: by item.
        files: the attached files of each item that has any.
        shown: what those say that are shown as text.
        codes: of requirements, as the publication writes them.
        anchors: of requirements.
        words: the publication's language.
        tick: called every now and then; raises to cancel the work.
    """
    passages = QuotedPassages(shown={key: list(texts) for key, texts in shown.items()})
    for item in evidence:
        wanted = [
            (claim, Quoted(quotation, codes[claim.requirement_id], anchors[claim.requirement_id]))
            for claim in claims.get(item.id, ())
            if claim.quotation.strip() and (quotation := Quotation.of(claim.quotation)) is not None
        ]
        if wanted:
            tick()
            with _Item(item, files.get(item.id, ()), passages, words, tick) as search:
                search.run(wanted)
    return passages


class _Item:
    """Looks through one item and its files; documents stay open until all its quotations have been looked for."""

    def __init__(
        self,
        item: Evidence,
        files: Sequence[AttachedFile | None],
        passages: QuotedPassages,
        words: Wording,
        tick: Callable[[], None],
    ) -> None:
        self._item = item
        self._files = files
        self._passages = passages
        self._words = words
        self._tick = tick
        self._readers: dict[int, PageReader] = {}
        self._opened = ExitStack()
        self._own_words: Folded | None = None
        self._texts: dict[int, list[tuple[Claim, Quoted]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def run(self, wanted: Sequence[tuple[Claim, Quoted]]) -> None:
        """Find each quotation where its claim says, or else wherever it is."""
        shown = self._passages.shown.get(self._item.id, ())
        for claim, quoted in wanted:
            position = named_position(self._item, claim.locator, self._files, shown)
            if position is not None:
                self._look_in(position, claim, quoted)
            elif not claim.locator.attachment:
                self._look_everywhere(claim, quoted)
        for position, texts in self._texts.items():
            self._mark(position, texts)

    def _look_everywhere(self, claim: Claim, quoted: Quoted) -> None:
        if quoted.quotation.found_in(self._own()):
            self._passages.own.setdefault(self._item.id, []).append(quoted)
            return
        for position in range(len(self._files)):
            if self._shown(position) is not None:
                self._texts.setdefault(position, []).append((claim, quoted))
            elif is_document(self._files[position]) and self._on_pages(position, claim, quoted, ()):
                return

    def _look_in(self, position: int, claim: Claim, quoted: Quoted) -> None:
        if self._shown(position) is not None:
            self._texts.setdefault(position, []).append((claim, quoted))
        elif is_document(self._files[position]):
            self._on_pages(position, claim, quoted, _numbers(claim.locator.page))

    def _on_pages(self, position: int, claim: Claim, quoted: Quoted, named: Sequence[int]) -> bool:
        found = self._reader(position).find(quoted.quotation, named)
        pages = self._passages.highlights.setdefault((self._item.id, position + 1), [])
        pages += [PageHighlight(page, boxes, quoted.code, quoted.anchor) for page, boxes in found.boxes.items()]
        if not found.boxes:
            if found.has_text and named:
                self._say(claim, (Run(self._words("claim.not_on_page", place=self._words.place(_page_of(claim)))),))
            return False
        first = min(found.boxes)
        if first not in named:
            begin = pages_anchor(self._item, position + 1)
            link = Link(anchor=f"{begin}-p{first}", fallback=file_anchor(self._item, position + 1))
            self._say(claim, (Run(self._words("claim.on_page", page=first), link=link),))
        return True

    def _mark(self, position: int, texts: Sequence[tuple[Claim, Quoted]]) -> None:
        text = self._shown(position)
        if text is None:
            return
        marked = mark_quotations(text.blocks, [quoted for _, quoted in texts])
        self._passages.shown[self._item.id][position] = replace(text, blocks=marked.blocks)
        for (claim, _), is_there in zip(texts, marked.found, strict=True):
            if not is_there and claim.locator.attachment and text.complete:
                self._say(claim, (Run(self._words("claim.not_in_file", name=self._item.attachments[position].name)),))

    def _say(self, claim: Claim, runs: Runs) -> None:
        self._passages.remarks[claim.id] = tuple(replace(run, muted=True) for run in runs)

    def _shown(self, position: int) -> ShownFile | None:
        texts = self._passages.shown.get(self._item.id, ())
        text = texts[position] if position < len(texts) else None
        return None if text is None or text.problem else text

    def _own(self) -> Folded:
        if self._own_words is None:
            values = [value if isinstance(value, str) else _cells(value) for value in self._item.fields.values()]
            self._own_words = Folded.of("\n".join([*values, self._item.body]))
        return self._own_words

    def _reader(self, position: int) -> PageReader:
        reader = self._readers.get(position)
        if reader is None:
            file = self._files[position]
            if file is None:
                raise ValueError("a file that is missing has no pages")
            reader = self._readers[position] = self._opened.enter_context(PageReader(file.path, self._tick))
        return reader


def _cells(rows: Sequence[Mapping[str, str]]) -> str:
    return "\n".join(text for row in rows for text in row.values())


def _page_of(claim: Claim) -> Locator:
    return replace(claim.locator, attachment="", heading="", paragraph="", time="")


def _numbers(page: str) -> list[int]:
    """Return the pages that a place names: "3" or "2-4, 7"."""
    numbers: list[int] = []
    for match in _PAGES.finditer(page):
        first = int(match[1])
        last = int(match[2]) if match[2] else first
        numbers += range(first, min(last, first + _MOST_PAGES_NAMED) + 1)
    return list(dict.fromkeys(numbers))[:_MOST_PAGES_NAMED]
