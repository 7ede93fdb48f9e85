"""The files of evidence: attached, named, put in order, taken off, and made items of their own.

Files are copied first (:class:`~portfolio_app.services.attaching.FileCopier`, from any thread, with progress) and
then attached in one short step, so that a recording of an hour holds nobody up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Claim
from portfolio_app.domain.dates import PartialDate, Period
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import Attachment, Evidence, EvidenceKind
from portfolio_app.domain.file_names import guess
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.services.attaching import CopiedFile, FileCopier, file_copier, with_files
from portfolio_app.services.evidence_sheet import find_attachment
from portfolio_app.services.references import current_evidence, leaf_of_id
from portfolio_app.services.text_input import line, shortened
from portfolio_app.storage.files import clean_name
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioReader

__all__ = [
    "Attached",
    "CopiedFile",
    "FileCopier",
    "ItemsFromFiles",
    "add_evidence_from_copies",
    "add_evidence_from_files",
    "attach_copies",
    "caption_attachment",
    "file_copier",
    "order_attachments",
    "remove_attachments",
    "rename_attachment",
]

_FIRST_DAY = date(1980, 1, 1)
"""What a file says of an earlier day comes from a clock that was never set."""


@dataclass(frozen=True, slots=True)
class Attached:
    """An item after files were attached; ``told`` are sentences about files that were not."""

    evidence: Evidence
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemsFromFiles:
    """The items that were made of files; ``told`` are sentences about files of which none was made."""

    evidence: tuple[Evidence, ...]
    told: tuple[str, ...] = ()


def attach_copies(portfolio: PortfolioFile, evidence_id: str, files: Sequence[CopiedFile]) -> tuple[Attached, Changes]:
    """Attach files that were copied before, except those whose content the item has already.

    Raises:
        UnknownReference: the item is not there any more or in the bin.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
    attachments, told = with_files(item.attachments, files)
    added = len(attachments) - len(item.attachments)
    what = f"“{attachments[-1].name}”" if added == 1 else f"{added:,} files"
    with portfolio.edit(f"Attach {what} to {item.ref}") as editor:
        editor.put_evidence(replace(item, attachments=attachments))
        return Attached(editor.evidence(item.number), tuple(told)), editor.changes


def add_evidence_from_copies(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    files: Sequence[CopiedFile],
    today: date,
    *,
    requirement_id: str = "",
    again: bool = False,
) -> tuple[ItemsFromFiles, Changes]:
    """Make an item of each file in one step: its kind, title and date are what its name says, or else the file itself.

    Args:
        portfolio: where they go.
        kinds: the known kinds by id.
        files: copied before.
        today: no later date is taken from a name.
        requirement_id: what all of them are claimed for, if anything.
        again: also of files whose content an item has already; otherwise those are only told.

    Raises:
        UnknownReference: the requirement is not there any more.
    """
    told: list[str] = []
    wanted: list[CopiedFile] = []
    purpose = ""
    with portfolio.read() as reader:
        if requirement_id:
            unit, requirement = leaf_of_id(reader, requirement_id)
            purpose = f" for {unit.addresses()[requirement.id]}"
        holders = _holders(reader)
    seen: dict[str, str] = {}
    for file in files:
        holder = holders.get(file.sha256)
        if holder and not again:
            told.append(f"“{file.name}” was not added: its content is in the portfolio already, attached to {holder}.")
        elif file.sha256 in seen:
            told.append(f"“{file.name}” was not added: it has the same content as “{seen[file.sha256]}”.")
        else:
            seen[file.sha256] = file.name
            wanted.append(file)
    step = f"Add {len(wanted):,} evidence items{purpose}"
    if len(wanted) == 1:
        step = f"Add evidence from “{wanted[0].name}”{purpose}"
    with portfolio.edit(step) as editor:
        made = []
        for file in wanted:
            item = _item_of(file, kinds, today, editor.next_evidence_number())
            editor.put_evidence(item)
            if requirement_id:
                editor.put_claim(Claim(new_id(), item.id, requirement_id))
            made.append(editor.evidence(item.number))
        return ItemsFromFiles(tuple(made), tuple(told)), editor.changes


def add_evidence_from_files(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    paths: Sequence[Path],
    today: date,
    progress: Progress = no_progress,
) -> tuple[ItemsFromFiles, Changes]:
    """Copy files and make an item of each, as :func:`add_evidence_from_copies` does.

    Raises:
        Cancelled: the user stopped it; nothing was changed.
    """
    copied = file_copier(portfolio).copy_all(paths, progress)
    made, changes = add_evidence_from_copies(portfolio, kinds, copied.files, today)
    return replace(made, told=copied.refused + made.told), changes


def rename_attachment(
    portfolio: PortfolioFile, evidence_id: str, attachment_id: str, name: str
) -> tuple[Evidence, Changes]:
    """Call a file something else, in the claims that point into it as well. Its extension stays.

    Raises:
        UnknownReference: the item or the file is not there any more.
        InvalidInput: there is no name, or another file of the item has it.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
        claims = reader.claims(evidence_id=evidence_id)
    before = find_attachment(item, attachment_id)
    typed = line(name, "The file’s name", required=True)
    suffix = Path(before.name).suffix
    cleaned = clean_name(typed if typed.casefold().endswith(suffix.casefold()) else f"{typed}{suffix}")
    if any(each.id != attachment_id and each.name.casefold() == cleaned.casefold() for each in item.attachments):
        raise InvalidInput(f"{item.ref} has another file called “{cleaned}”; give this one a different name.")
    with portfolio.edit(f"Rename “{before.name}” of {item.ref}") as editor:
        editor.put_evidence(_with(item, replace(before, name=cleaned)))
        for claim in claims:
            if claim.locator.attachment == before.name:
                editor.put_claim(replace(claim, locator=replace(claim.locator, attachment=cleaned)))
        return editor.evidence(item.number), editor.changes


def caption_attachment(
    portfolio: PortfolioFile, evidence_id: str, attachment_id: str, caption: str
) -> tuple[Evidence, Changes]:
    """Say what a file shows.

    Raises:
        UnknownReference: the item or the file is not there any more.
        InvalidInput: the caption is too long or no text.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
    before = find_attachment(item, attachment_id)
    with portfolio.edit(f"Describe “{before.name}” of {item.ref}") as editor:
        editor.put_evidence(_with(item, replace(before, caption=line(caption, "The caption"))))
        return editor.evidence(item.number), editor.changes


def remove_attachments(
    portfolio: PortfolioFile, evidence_id: str, attachment_ids: Collection[str]
) -> tuple[Evidence, Changes]:
    """Take files off an item. Undoing brings them back: a content stays in the folder for 30 days and more.

    Raises:
        UnknownReference: the item or a file is not there any more.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
    gone = [find_attachment(item, attachment_id) for attachment_id in attachment_ids]
    what = f"“{gone[0].name}”" if len(gone) == 1 else f"{len(gone):,} files"
    with portfolio.edit(f"Take {what} off {item.ref}") as editor:
        editor.put_evidence(replace(item, attachments=tuple(each for each in item.attachments if each not in gone)))
        return editor.evidence(item.number), editor.changes


def order_attachments(
    portfolio: PortfolioFile, evidence_id: str, attachment_ids: Sequence[str]
) -> tuple[Evidence, Changes]:
    """Put an item's files in this order, which is that of the exports; files that are not named come last.

    Raises:
        UnknownReference: the item or a file is not there any more.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
    first = [find_attachment(item, attachment_id) for attachment_id in dict.fromkeys(attachment_ids)]
    others = [each for each in item.attachments if each not in first]
    with portfolio.edit(f"Put the files of {item.ref} in order") as editor:
        editor.put_evidence(replace(item, attachments=(*first, *others)))
        return editor.evidence(item.number), editor.changes


def _item_of(file: CopiedFile, kinds: Mapping[str, EvidenceKind], today: date, number: int) -> Evidence:
    said = guess(file.name, file.media_type, kinds, today)
    day = said.date
    if day is None and file.made_on is not None and _FIRST_DAY <= file.made_on <= today:
        day = PartialDate.parse(file.made_on.isoformat())
    return Evidence(
        new_id(),
        number,
        said.kind,
        shortened(said.title),
        date=Period(day) if day else None,
        attachments=(Attachment(new_id(), file.name, file.sha256, file.size, file.media_type),),
    )


def _holders(reader: PortfolioReader) -> dict[str, str]:
    """Return the reference of an item, not in the bin, by each content that is attached to it."""
    facts = reader.facts({})
    refs = {item.id: f"E{item.number}" for item in facts.evidence}
    return {each.sha256: refs[each.evidence_id] for each in facts.attachments if each.evidence_id in refs}


def _with(item: Evidence, changed: Attachment) -> Evidence:
    return replace(item, attachments=tuple(changed if each.id == changed.id else each for each in item.attachments))
