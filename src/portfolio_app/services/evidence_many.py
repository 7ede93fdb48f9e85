"""The bin, and what is done to many items at once; each is one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import Evidence, EvidenceKind
from portfolio_app.services.evidence_edits import in_sentence
from portfolio_app.services.evidence_given import tidy_tags
from portfolio_app.services.references import current_evidence, find_kind
from portfolio_app.storage.portfolio_file import PortfolioFile


def bin_evidence(portfolio: PortfolioFile, evidence_ids: Sequence[str]) -> tuple[list[Evidence], Changes]:
    """Put items into the bin; their claims stop counting until they are brought back.

    Raises:
        UnknownReference: an item is not there any more or in the bin already; nothing was changed.
    """
    with portfolio.read() as reader:
        items = [current_evidence(reader, evidence_id) for evidence_id in evidence_ids]
    with portfolio.edit(f"Remove {_named(items)}") as editor:
        for item in items:
            editor.bin_evidence(item.id)
        return items, editor.changes


def restore_from_bin(portfolio: PortfolioFile, evidence_ids: Sequence[str]) -> tuple[list[Evidence], Changes]:
    """Bring items back from the bin with their claims.

    Raises:
        UnknownReference: an item is not there any more; nothing was changed.
    """
    with portfolio.read() as reader:
        items = [reader.evidence_by_id(evidence_id) for evidence_id in evidence_ids]
    with portfolio.edit(f"Bring {_named(items)} back") as editor:
        for item in items:
            editor.restore_evidence(item.id)
        return items, editor.changes


def delete_from_bin(portfolio: PortfolioFile, evidence_ids: Sequence[str]) -> tuple[list[Evidence], Changes]:
    """Delete items that are in the bin, with their claims. Their references are not given again.

    Even this can be undone: the history keeps what it took away.

    Raises:
        UnknownReference: an item is not there any more; nothing was changed.
        Conflict: an item is not in the bin; nothing was changed.
    """
    with portfolio.read() as reader:
        items = [reader.evidence_by_id(evidence_id) for evidence_id in evidence_ids]
    with portfolio.edit(f"Delete {_named(items)}") as editor:
        for item in items:
            editor.delete_evidence(item.id)
        return items, editor.changes


def empty_bin(portfolio: PortfolioFile) -> tuple[list[Evidence], Changes]:
    """Delete everything in the bin, as :func:`delete_from_bin` does."""
    with portfolio.read() as reader:
        binned = [item.id for item in reader.evidence_facts(binned=True)]
    return delete_from_bin(portfolio, binned)


def tag_evidence(
    portfolio: PortfolioFile, evidence_ids: Sequence[str], add: Sequence[str] = (), remove: Sequence[str] = ()
) -> tuple[list[Evidence], Changes]:
    """Add tags to items and take others off them; case does not make another tag.

    Raises:
        UnknownReference: an item is not there any more or in the bin; nothing was changed.
        InvalidInput: a tag is too long or no text.
    """
    added, gone = tidy_tags(add), {tag.casefold() for tag in tidy_tags(remove)}

    def tagged(item: Evidence) -> Evidence:
        kept = [tag for tag in item.tags if tag.casefold() not in gone]
        return replace(item, tags=tidy_tags([*kept, *added]))

    verb = f"Tag {{}} “{', '.join(added)}”" if added else f"Take the tag “{', '.join(remove)}” off {{}}"
    return _change_all(portfolio, evidence_ids, verb, tagged)


def set_kind_of_all(
    portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], evidence_ids: Sequence[str], kind_id: str
) -> tuple[list[Evidence], Changes]:
    """Make items ones of another kind; what their forms held stays with them.

    Raises:
        UnknownReference: an item is not there any more or in the bin; nothing was changed.
        InvalidInput: there is no such kind.
    """
    kind = find_kind(kinds, kind_id)
    name = f"Change {{}} to {in_sentence(kind.title)}"
    return _change_all(portfolio, evidence_ids, name, lambda item: replace(item, kind=kind.id))


def mark_all(
    portfolio: PortfolioFile,
    evidence_ids: Sequence[str],
    *,
    simulated: bool | None = None,
    confidential: bool | None = None,
) -> tuple[list[Evidence], Changes]:
    """Say of items that they are simulated or confidential, or that they are not; ``None`` leaves it as it is.

    Raises:
        UnknownReference: an item is not there any more or in the bin; nothing was changed.
    """
    said = [
        name if value else f"not {name}"
        for name, value in (("simulated", simulated), ("confidential", confidential))
        if value is not None
    ]
    if not said:
        raise InvalidInput("Say what the items are.")

    def marked(item: Evidence) -> Evidence:
        return replace(
            item,
            simulated=item.simulated if simulated is None else simulated,
            confidential=item.confidential if confidential is None else confidential,
        )

    return _change_all(portfolio, evidence_ids, f"Mark {{}} as {' and '.join(said)}", marked)


def _change_all(
    portfolio: PortfolioFile, evidence_ids: Sequence[str], name: str, change: Callable[[Evidence], Evidence]
) -> tuple[list[Evidence], Changes]:
    with portfolio.read() as reader:
        items = [current_evidence(reader, evidence_id) for evidence_id in evidence_ids]
    changed = [change(item) for item in items]
    with portfolio.edit(name.replace("{}", _named(items))) as editor:
        editor.put_evidence_many(changed)
        return [editor.evidence_by_id(item.id) for item in items], editor.changes


def _named(items: Sequence[Evidence]) -> str:
    return f"evidence {items[0].ref}" if len(items) == 1 else f"{len(items):,} evidence items"
