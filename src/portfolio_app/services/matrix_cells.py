"""Cells of the coverage matrix: what is said of one, and claiming them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Claim, Decision
from portfolio_app.domain.coverage import cell_state
from portfolio_app.domain.errors import UnknownReference
from portfolio_app.domain.facts import EvidenceFact
from portfolio_app.domain.identifiers import new_id
from portfolio_app.services.matrix_grid import GridRow
from portfolio_app.storage.portfolio_file import PortfolioFile

_LONGEST_QUOTATION = 90


@dataclass(frozen=True, slots=True)
class CellWords:
    """What is said of a cell: the claim, if there is one, and the newest decision on the requirement."""

    claim: Claim | None
    decision: Decision | None


def cell_words(portfolio: PortfolioFile, requirement_id: str, evidence_id: str) -> CellWords:
    """Return the words of one cell; both are empty for a requirement or item that has gone."""
    with portfolio.read() as reader:
        claims = reader.claims(evidence_id=evidence_id, requirement_id=requirement_id)
        decisions = [each for each in reader.decisions() if each.requirement_id == requirement_id]
    return CellWords(claims[0] if claims else None, decisions[-1] if decisions else None)


def cell_sentence(row: GridRow, item: EvidenceFact, words: CellWords) -> str:
    """Say a cell in words: "U1/2.1 × E4: claimed, p. 3 – “we set a four-minute target” – no decision"."""
    claim = words.claim
    if claim is None:
        said = ["not claimed"]
    else:
        place = f", {claim.locator}" if claim.locator else ""
        said = [f"{cell_state(claim.has_place, None).value}{place}"]
        if claim.quotation:
            said.append(f"“{_shortened(claim.quotation)}”")
        elif claim.why:
            said.append(_shortened(claim.why))
    decision = words.decision
    if decision is None:
        said.append("no decision")
    else:
        day = decision.decided_at.astimezone()
        by = f" by {decision.by}" if decision.by else ""
        said.append(f"decided {decision.verdict.value}{by} on {day.day} {day:%B %Y}")
    return f"{row.address} × E{item.number}: {' – '.join(said)}"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTATION else f"{line[:_LONGEST_QUOTATION].rsplit(' ', 1)[0]} …"


@dataclass(frozen=True, slots=True)
class Toggled:
    """What became of cells: whether they were claimed, or else their claims removed, and a sentence that says so.

    ``cells`` are (evidence id, requirement id) of those that changed.
    """

    claimed: bool
    cells: tuple[tuple[str, str], ...]
    sentence: str


def toggle_claims(portfolio: PortfolioFile, cells: Sequence[tuple[str, str]]) -> tuple[Toggled, Changes]:
    """Claim what is not claimed among cells (evidence id, requirement id); where all are, remove the claims.

    One step, whatever the number of cells.

    Raises:
        UnknownReference: there is no cell, an item is in the bin, or a requirement has gone or only groups others.
    """
    with portfolio.read() as reader:
        numbers = {item.id: item.number for item in reader.evidence_facts()}
        addresses = {
            leaf.id: unit_addresses[leaf.id]
            for unit in reader.units()
            for unit_addresses in (unit.addresses(),)
            for leaf in unit.leaves()
        }
        wanted = list(dict.fromkeys(cells))
        if not wanted or any(item not in numbers or leaf not in addresses for item, leaf in wanted):
            raise UnknownReference("That evidence or requirement is not in this portfolio any more.")
        held = {
            (claim.evidence_id, claim.requirement_id): claim.id
            for item in dict.fromkeys(item for item, _ in wanted)
            for claim in reader.claims(evidence_id=item)
        }
    missing = [cell for cell in wanted if cell not in held]
    is_claiming = bool(missing)
    touched = missing or wanted
    item, leaf = touched[0]
    what = f"E{numbers[item]} → {addresses[leaf]}" if len(touched) == 1 else f"{len(touched):,} cells of the matrix"
    with portfolio.edit(f"Claim {what}" if is_claiming else f"Remove claim {what}") as editor:
        if is_claiming:
            now = datetime.now(UTC)
            editor.put_claims_many(Claim(new_id(), *cell, claimed_at=now) for cell in touched)
        else:
            for cell in touched:
                editor.remove_claim(held[cell])
        sentence = f"Claimed {what}." if is_claiming else f"Removed the claim {what}."
        return Toggled(is_claiming, tuple(touched), sentence), editor.changes
