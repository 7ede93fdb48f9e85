"""What users call things by, resolved to the things."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import Evidence, EvidenceKind
from portfolio_app.domain.qualification import Requirement, Unit, find_requirement
from portfolio_app.storage.repositories import PortfolioReader

_EVIDENCE_REF = re.compile(r"[Ee]([1-9]\d{0,8})")


def evidence_number(ref: str) -> int:
    """Return the number in ``E4``.

    Raises:
        UnknownReference: it is not an evidence reference.
    """
    match = _EVIDENCE_REF.fullmatch(ref.strip())
    if match is None:
        raise UnknownReference(f"“{ref}” is not an evidence reference; they look like E1.")
    return int(match[1])


def find_evidence(reader: PortfolioReader, ref: str) -> Evidence:
    """Return the item with this reference.

    Raises:
        UnknownReference: there is none.
    """
    return reader.evidence(evidence_number(ref))


def current_evidence(reader: PortfolioReader, evidence_id: str) -> Evidence:
    """Return the item with this id, if it is not in the bin.

    Raises:
        UnknownReference: it is not there any more, or in the bin.
    """
    return reader.evidence(reader.evidence_by_id(evidence_id).number)


def find_leaf(reader: PortfolioReader, address: str) -> tuple[Unit, Requirement]:
    """Return the requirement at this address, if evidence can be claimed against it itself.

    Raises:
        UnknownReference: there is none.
        AmbiguousReference: there are several.
        InvalidInput: it only groups other requirements.
    """
    unit, requirement = find_requirement(reader.units(), address)
    return unit, _leaf(unit, requirement)


def leaf_of_id(reader: PortfolioReader, requirement_id: str) -> tuple[Unit, Requirement]:
    """Return the requirement with this id, if evidence can be claimed against it itself.

    Raises:
        UnknownReference: it is not there any more.
        InvalidInput: it only groups other requirements.
    """
    for unit in reader.units():
        for _, requirement in unit.walk():
            if requirement.id == requirement_id:
                return unit, _leaf(unit, requirement)
    raise UnknownReference("That requirement is not in this portfolio any more.")


def _leaf(unit: Unit, requirement: Requirement) -> Requirement:
    if not requirement.is_leaf:
        addresses = unit.addresses()
        parts = ", ".join(addresses[child.id] for child in requirement.children)
        raise InvalidInput(f"{addresses[requirement.id]} only groups other requirements; name one of them ({parts}).")
    return requirement


def find_kind(kinds: Mapping[str, EvidenceKind], wanted: str) -> EvidenceKind:
    """Return the kind with this id or title, case and hyphens ignored.

    Raises:
        InvalidInput: there is none; the sentence offers the nearest.
    """
    plain = _plain(wanted)
    for kind in kinds.values():
        if plain in (_plain(kind.id), _plain(kind.title)):
            return kind
    raise InvalidInput(f"There is no kind of evidence “{wanted}”{nearest(wanted, kinds)}; “kinds” lists them all.")


def nearest(wanted: str, known: Iterable[str]) -> str:
    """Return “ (did you mean “x” or “y”?)” for a slip of the pen, or nothing."""
    close = difflib.get_close_matches(wanted.casefold(), list(known), n=2, cutoff=0.55)
    return f" (did you mean {' or '.join(f'“{name}”' for name in close)}?)" if close else ""


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())
