"""The earlier versions of an item, which it keeps when it is reworked after an assessor has looked at it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import UnknownReference
from portfolio_app.domain.evidence import Evidence, EvidenceVersion
from portfolio_app.services.evidence_sheet import AttachedFile, attached_file
from portfolio_app.services.references import current_evidence
from portfolio_app.storage.portfolio_file import PortfolioFile


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """An earlier version with where its files are."""

    version: EvidenceVersion
    files: tuple[AttachedFile, ...]


def earlier_versions(portfolio: PortfolioFile, evidence_id: str) -> list[KeptVersion]:
    """Return the earlier versions of an item, newest first."""
    with portfolio.read() as reader:
        versions = reader.versions(evidence_id)
    return [
        KeptVersion(version, tuple(attached_file(portfolio, attachment) for attachment in version.attachments))
        for version in reversed(versions)
    ]


def bring_version_back(portfolio: PortfolioFile, evidence_id: str, number: int) -> tuple[Evidence, Changes]:
    """Make an item say again what an earlier version said: kind, title, date, text, form and files.

    Its people, and what it is claimed for, stay as they are now.

    Raises:
        UnknownReference: the item is not there any more or in the bin, or has no such version.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
        version = next((each for each in reader.versions(evidence_id) if each.number == number), None)
    if version is None:
        raise UnknownReference(f"{item.ref} has no version {number}.")
    with portfolio.edit(f"Bring back version {number} of {item.ref}") as editor:
        editor.put_evidence(
            replace(
                item,
                kind=version.kind,
                title=version.title,
                date=version.date,
                body=version.body,
                fields=version.fields,
                attachments=version.attachments,
            )
        )
        return editor.evidence(item.number), editor.changes
