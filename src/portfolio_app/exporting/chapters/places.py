"""Where in the publication an item, its parts and its files stand, and where a claim's place leads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from portfolio_app.domain.claims import Claim, Locator
from portfolio_app.domain.evidence import Evidence, EvidenceKind, FieldDefinition, FieldValue
from portfolio_app.exporting.attached_text import ShownFile
from portfolio_app.exporting.prose import prose_blocks, prose_headings
from portfolio_app.exporting.publication import AttachedFile, Block, Link, Paragraph, Run, Runs
from portfolio_app.exporting.wording import Wording
from portfolio_app.plain_text import one_line

_NUMBER = re.compile(r"\d{1,6}")
_IN_ITEM_HEADING = 4


@dataclass(frozen=True, slots=True)
class FormField:
    """A filled field of an item's form. ``definition`` is ``None`` where the kind does not (any longer) have it."""

    label: str
    value: FieldValue
    definition: FieldDefinition | None
    anchor: str


def evidence_anchor(item: Evidence) -> str:
    """Name the place where an item begins."""
    return item.ref


def file_anchor(item: Evidence, position: int) -> str:
    """Name the place where an attachment is listed; ``position`` counts from 1."""
    return f"{item.ref}-file{position}"


def pages_anchor(item: Evidence, position: int) -> str:
    """Name the pages of an attached document."""
    return f"{item.ref}-pages{position}"


def is_document(file: AttachedFile | None) -> bool:
    """Whether the file's pages are bound into the publication."""
    return file is not None and file.media_type == "application/pdf"


def is_picture(file: AttachedFile | None) -> bool:
    """Whether the file is shown as a picture; drawings in SVG are programs and are not."""
    return file is not None and file.media_type.startswith("image/") and not file.media_type.startswith("image/svg")


def is_recording(file: AttachedFile | None) -> bool:
    """Whether the file is a sound recording or a video."""
    return file is not None and file.media_type.startswith(("audio/", "video/"))


def form_fields(item: Evidence, kind: EvidenceKind | None) -> list[FormField]:
    """Return the fields that are filled: the kind's in its order, then those it does not know, as they are named."""
    known = kind.fields if kind else ()
    found = [(definition.label, item.fields.get(definition.name, ""), definition) for definition in known]
    names = {definition.name for definition in known}
    unknown = [(name, value) for name, value in item.fields.items() if name not in names]
    return [
        FormField(one_line(label), value, definition, f"{item.ref}-field{position}")
        for position, (label, value, definition) in enumerate([*found, *((*entry, None) for entry in unknown)], 1)
        if (value.strip() if isinstance(value, str) else value)
    ]


def named_position(
    item: Evidence, locator: Locator, files: Sequence[AttachedFile | None], shown: Sequence[ShownFile | None]
) -> int | None:
    """Return which attachment (from 0) a place is in: the one it names, or the only one with pages if it names one."""
    if locator.attachment:
        wanted = _folded(locator.attachment)
        return next(
            (
                position
                for position, attachment in enumerate(item.attachments)
                if position < len(files)
                and wanted in (_folded(attachment.name), _folded(PurePath(attachment.name).stem))
            ),
            None,
        )
    if not locator.page:
        return None
    documents = [position for position, file in enumerate(files) if is_document(file)] or [
        position for position, text in enumerate(shown) if text and text.pages
    ]
    return documents[0] if len(documents) == 1 else None


class Places:
    """Reads each item's prose once, and finds what claims point at."""

    def __init__(
        self,
        kinds: Mapping[str, EvidenceKind],
        claims: Mapping[str, Sequence[Claim]],
        files: Mapping[str, Sequence[AttachedFile | None]],
        shown: Mapping[str, Sequence[ShownFile | None]],
        words: Wording,
    ) -> None:
        self._words = words
        self._kinds = kinds
        self._claims = claims
        self._files = files
        self._shown = shown
        self._prose: dict[str, tuple[Block, ...]] = {}
        self._headings: dict[str, dict[str, str]] = {}
        self._runs: dict[str, Runs] = {}

    def prose(self, item: Evidence) -> tuple[Block, ...]:
        """Return the item's prose; paragraphs that a claim points at have anchors."""
        blocks = self._prose.get(item.id)
        if blocks is None:
            wanted = {
                number: f"{item.ref}-paragraph{number}"
                for claim in self._claims.get(item.id, ())
                if claim.locator.paragraph and (number := _first_number(claim.locator.paragraph))
            }
            blocks = self._prose[item.id] = prose_blocks(
                item.body,
                top_level=_IN_ITEM_HEADING,
                heading_anchor=f"{item.ref}-heading",
                paragraph_anchors=wanted,
            )
        return blocks

    def runs(self, claim: Claim, item: Evidence) -> Runs:
        """Show a claim's place ("p. 3"), leading there if the publication holds it; nothing without a place."""
        runs = self._runs.get(claim.id)
        if runs is None:
            text = one_line(self._words.place(claim.locator)) if claim.locator else ""
            runs = self._runs[claim.id] = (Run(text, link=self._link(claim, item)),) if text else ()
        return runs

    def _link(self, claim: Claim, item: Evidence) -> Link | None:
        locator = claim.locator
        if locator.attachment or locator.page:
            found = self._link_to_file(claim, item)
            if found or locator.attachment:
                return found
        if locator.heading:
            anchor = self._heading_anchors(item).get(_folded(locator.heading))
            if anchor:
                return Link(anchor=anchor)
        if locator.paragraph and (number := _first_number(locator.paragraph)):
            anchor = f"{item.ref}-paragraph{number}"
            if any(isinstance(block, Paragraph) and block.anchor == anchor for block in self.prose(item)):
                return Link(anchor=anchor)
        return None

    def _link_to_file(self, claim: Claim, item: Evidence) -> Link | None:
        files = self._files.get(item.id)
        if not files:
            return None
        position = named_position(item, claim.locator, files, self._shown.get(item.id, ()))
        if position is None:
            return None
        listed = file_anchor(item, position + 1)
        page = _first_number(claim.locator.page)
        if page and is_document(files[position]):
            return Link(anchor=f"{pages_anchor(item, position + 1)}-p{page}", fallback=listed)
        text = self._text(item, position)
        if text is not None and not text.problem:
            begin = pages_anchor(item, position + 1)
            return Link(anchor=text.anchor_of(page, claim.locator.heading) or begin)
        return Link(anchor=listed)

    def _text(self, item: Evidence, position: int) -> ShownFile | None:
        shown = self._shown.get(item.id, ())
        return shown[position] if position < len(shown) else None

    def _heading_anchors(self, item: Evidence) -> dict[str, str]:
        anchors = self._headings.get(item.id)
        if anchors is None:
            anchors = {}
            for text, anchor in prose_headings(self.prose(item)):
                anchors.setdefault(_folded(text), anchor)
            for field in form_fields(item, self._kinds.get(item.kind)):
                anchors.setdefault(_folded(field.label), field.anchor)
            self._headings[item.id] = anchors
        return anchors


def _folded(text: str) -> str:
    return one_line(text).casefold()


def _first_number(text: str) -> int | None:
    match = _NUMBER.search(text)
    return int(match[0]) if match else None
