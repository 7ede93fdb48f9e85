"""Which things an operation touched, so that each view refreshes just what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids by kind of thing. ``details`` is set when the portfolio's own details changed.

    ``rejections`` are ids of the items for which suggestions were rejected, or are not any more.
    """

    units: frozenset[str] = frozenset()
    requirements: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    dismissals: frozenset[str] = frozenset()
    redaction: frozenset[str] = frozenset()
    rejections: frozenset[str] = frozenset()
    details: bool = False

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            self.units | other.units,
            self.requirements | other.requirements,
            self.evidence | other.evidence,
            self.claims | other.claims,
            self.decisions | other.decisions,
            self.actions | other.actions,
            self.people | other.people,
            self.dismissals | other.dismissals,
            self.redaction | other.redaction,
            self.rejections | other.rejections,
            self.details or other.details,
        )

    def __bool__(self) -> bool:
        return self != Changes()


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """What is not as it was at an earlier revision; what was changed and changed back is not named.

    Attributes:
        reworded: Ids of requirements whose reference, wording or components are others.
        gone: What requirements were called that are not there any more, by id.
        claimed: Ids of requirements whose claims are others.
        evidence: Ids of items whose content is another, or that were put into the bin or out of it.
    """

    reworded: frozenset[str] = frozenset()
    gone: Mapping[str, str] = field(default_factory=dict)
    claimed: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()
