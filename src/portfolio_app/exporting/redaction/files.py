"""What becomes of attached files in a copy: shown and packed as they are, changed, or left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import file_digest
from pathlib import Path

from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.redaction import RedactionRegion
from portfolio_app.exporting.chapters.places import file_anchor, is_document, is_picture
from portfolio_app.exporting.pdf.attached import examine
from portfolio_app.exporting.publication import AttachedFile, AttachedPages, Picture, Publication
from portfolio_app.exporting.redaction.pdf_copy import CoveredBox, copy_pdf
from portfolio_app.exporting.redaction.search import Search, Unsearchable
from portfolio_app.exporting.redaction.texts import ShownFile
from portfolio_app.exporting.wording import Wording

_WHOLE = 10_000
"""What the edges of a region are parts of."""


@dataclass(slots=True)
class CopiedFiles:
    """The files of a copy. ``clean`` are hashes of files that were searched and hold nothing that is hidden.

    ``shown`` says by the hash of the original what goes into the copy, ``notes`` by the anchor at which a file is
    listed what is said of it; ``unread`` counts pictures and pages without text, in which no word can be found.
    """

    shown: dict[str, ShownFile] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    clean: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    unread: int = 0


class FileCopier:
    """Looks through attached files, and makes copies of those that hold something hidden."""

    def __init__(self, finder: TermFinder, folder: Path, words: Wording, tick: Callable[[], None]) -> None:
        """Take what finds the terms, an empty folder for copies, the copy's language, and what is called now and then.

        ``tick`` raises to cancel the work.
        """
        self._finder = finder
        self._folder = folder
        self._words = words
        self._tick = tick

    def copy(
        self, publication: Publication, evidence: Sequence[Evidence], regions: Sequence[RedactionRegion]
    ) -> CopiedFiles:
        """Look through the files that a publication shows, and cover the regions in them.

        ``evidence`` are the items whose attachments they are.

        Raises:
            KnownError: ``tick`` did.
        """
        covered = _covered(evidence, regions)
        copied = CopiedFiles()
        notes: dict[str, str] = {}
        for sha256, file in {file.sha256: file for file in _files(publication)}.items():
            self._tick()
            shown = copied.shown[sha256] = self._shown(file, covered.get(sha256, {}), copied)
            if shown.note:
                notes[sha256] = shown.note
        for item in evidence:
            for position, attachment in enumerate(item.attachments, 1):
                if attachment.sha256 in notes:
                    copied.notes[file_anchor(item, position)] = notes[attachment.sha256]
        if copied.unread:
            copied.warnings.append(self._words.count("redaction.unread", copied.unread))
        return copied

    def _shown(self, file: AttachedFile, regions: Mapping[int, Sequence[CoveredBox]], copied: CopiedFiles) -> ShownFile:
        words = self._words
        if is_picture(file):
            boxes = tuple(box for page in regions.values() for box in page)
            copied.unread += not boxes
            note = words("redaction.picture_covered" if boxes else "redaction.picture_shown")
            return ShownFile(replace(file, covered=boxes), is_packed=False, note=note)
        try:
            if is_document(file):
                return self._document(file, regions, copied)
            with file.path.open("rb") as opened:
                texts = Search(self._tick).texts(opened, file.name)
                found = any(self._finder.find(one.text) for one in texts)
        except (Unsearchable, OSError):
            copied.warnings.append(words("redaction.not_searched", name=file.name))
            if is_document(file) and not examine(file, words).problem:
                nothing = self._folder / "not searched.pdf"
                nothing.touch()
                file = replace(file, path=nothing)  # no page of it is shown
            return ShownFile(file, is_packed=False, note=words("redaction.not_searched_note"))
        if found:
            return ShownFile(file, is_packed=False, note=words("redaction.left_out_note"))
        copied.clean.add(file.sha256)
        return ShownFile(file, is_packed=True)

    def _document(
        self, file: AttachedFile, regions: Mapping[int, Sequence[CoveredBox]], copied: CopiedFiles
    ) -> ShownFile:
        target = self._folder / f"{file.sha256[:16]}.pdf"
        made = copy_pdf(file.path, target, self._finder, regions, self._tick)
        copied.unread += made.wordless
        if not made.is_changed:
            copied.clean.add(file.sha256)
            return ShownFile(file, is_packed=True)
        with target.open("rb") as opened:
            sha256 = file_digest(opened, "sha256").hexdigest()
        copied.clean.add(sha256)
        changed = replace(file, path=target, sha256=sha256, size=target.stat().st_size)
        count = len(made.pictured)
        note = self._words.count("redaction.pictured", count) if count else self._words("redaction.changed_note")
        return ShownFile(changed, is_packed=True, pictured=made.pictured, note=note)


def _files(publication: Publication) -> list[AttachedFile]:
    shown = [
        block.file
        for section in publication.sections
        for block in section.blocks
        if isinstance(block, AttachedPages | Picture)
    ]
    return [*publication.embedded, *shown]


def _covered(
    evidence: Sequence[Evidence], regions: Sequence[RedactionRegion]
) -> dict[str, dict[int, list[CoveredBox]]]:
    """Return what is to be covered of each file, by its hash and by page."""
    hashes = {attachment.id: attachment.sha256 for item in evidence for attachment in item.attachments}
    covered: dict[str, dict[int, list[CoveredBox]]] = defaultdict(lambda: defaultdict(list))
    for region in regions:
        sha256 = hashes.get(region.attachment_id)
        if sha256 is not None:
            left, top = region.left / _WHOLE, region.top / _WHOLE
            box = (left, top, left + region.width / _WHOLE, top + region.height / _WHOLE)
            covered[sha256][region.page].append(box)
    return covered
