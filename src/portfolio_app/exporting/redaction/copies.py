"""One copy of a portfolio in which everything that is marked is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.redaction import Redaction
from portfolio_app.exporting.publication import AttachedFile, Publication
from portfolio_app.exporting.redaction.check import check_document
from portfolio_app.exporting.redaction.files import CopiedFiles, FileCopier
from portfolio_app.exporting.redaction.fixed_words import check_can_be_hidden
from portfolio_app.exporting.redaction.texts import hide_in_publication
from portfolio_app.exporting.wording import Wording, wording_of


@dataclass(frozen=True, slots=True)
class RedactedCopy:
    """A publication in which everything that is marked is hidden.

    ``instead`` stands where a term was. ``files`` says by the hash of an original which file is packed with the
    document in its place, and names only those that are. ``clean`` are hashes of files that were searched;
    ``warnings`` are sentences. ``original_author`` is what the publication said before.
    """

    publication: Publication
    finder: TermFinder
    instead: str
    files: Mapping[str, AttachedFile]
    clean: frozenset[str]
    warnings: tuple[str, ...]
    words: Wording
    original_author: str

    def check(
        self, document: Path, name: str, *, suffix: str = "", password: str = "", progress: Progress = no_progress
    ) -> None:
        """Search a finished document; as :func:`check_document` does.

        Raises:
            KnownError: as there.
        """
        if not self.finder:
            return
        check_document(
            document,
            name,
            self.finder,
            self.words,
            suffix=suffix,
            clean=self.clean,
            password=password,
            progress=progress,
        )


def redact(
    publication: Publication,
    redaction: Redaction,
    folder: Path,
    *,
    evidence: Sequence[Evidence] = (),
    shows_files: bool = True,
    progress: Progress = no_progress,
) -> RedactedCopy:
    """Hide what is marked in a portfolio in a publication that was bound from it.

    Args:
        publication: what was bound; it is not changed.
        redaction: what is marked.
        folder: an empty one for copies of files, which must be there until the last document is written.
        evidence: the items whose files are shown or listed.
        shows_files: whether any document shows attached files or packs them; else they are not looked through.
        progress: told what is being done; raises to cancel it.

    Raises:
        InvalidInput: a term is one that every document has.
        Cancelled: ``progress`` said so.
    """
    words = wording_of(publication.language)
    for term in redaction.terms:
        check_can_be_hidden(term, publication.language)
    finder = TermFinder(redaction.terms)
    instead = words("redaction.removed")
    tick = partial(progress, 0, 0, words("writing.searching"))
    copied = CopiedFiles()
    if shows_files:
        copied = FileCopier(finder, folder, words, tick).copy(publication, evidence, redaction.regions)
    hidden = hide_in_publication(publication, redaction.terms, instead, copied.shown, copied.notes)
    return RedactedCopy(
        hidden,
        finder,
        instead,
        {sha256: one.file for sha256, one in copied.shown.items() if one.is_packed},
        frozenset(copied.clean),
        tuple(copied.warnings),
        words,
        publication.author,
    )
