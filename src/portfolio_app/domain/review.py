"""The review form of an exported PDF, as those who write it and those who read it back know it: names and identity.

Its fields stand under one root, whose name says which portfolio, revision and copy it is of; below it ``r1.decision``
and ``r1.comment`` for each requirement, ``e1.valid`` and so on for each evidence item, and who decided. What ``r1`` and
``e1`` mean, and what each page looked like, stands in the form's identity, which is sealed with a secret of the
portfolio: whoever reads a form knows whether it came from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.form_seals import SealedIdentity, check_format, moment, text, texts, typed, whole

IDENTITY: Final = "identity"
ASSESSOR_NAME: Final = "assessor_name"
ASSESSOR_ROLE: Final = "assessor_role"
ASSESSED_ON: Final = "assessed_on"
DECISION: Final = "decision"
COMMENT: Final = "comment"

VERDICT_STATES: Final[Mapping[Verdict, str]] = {
    Verdict.MET: "met",
    Verdict.NOT_YET_MET: "not_yet_met",
    Verdict.MORE_NEEDED: "more_evidence",
}
"""What the buttons of a requirement's decision are called."""

JUDGEMENTS: Final = ("valid", "authentic", "reliable", "current", "sufficient")
"""The boxes of an evidence item, as a judgement names them."""

CHECKED: Final = "yes"
"""What a box says that is ticked."""

FORMAT: Final = 1
_ROOT: Final = re.compile(r"pf_(?P<portfolio>[0-9A-Za-z-]{1,64})_(?P<revision>[0-9]{1,10})_(?P<token>[0-9a-f]{8})")
_NOT_IN_ROOT: Final = re.compile(r"[^0-9A-Za-z-]")
_LABEL: Final = re.compile(r"[re][1-9][0-9]{0,6}")
_UNREADABLE: Final = "The form does not say which portfolio it belongs to; that part of it is missing or was changed."


@dataclass(frozen=True, slots=True)
class ReviewRoot:
    """What the name of a form's root says: the portfolio's id, its revision, and the copy's token (8 hex digits)."""

    portfolio: str
    revision: int
    token: str

    @classmethod
    def of_name(cls, name: str) -> Self | None:
        """Read a root's name, or None if it is not one of ours."""
        match = _ROOT.fullmatch(name)
        return cls(match["portfolio"], int(match["revision"]), match["token"]) if match else None

    def __str__(self) -> str:
        return f"pf_{_NOT_IN_ROOT.sub('-', self.portfolio)}_{self.revision}_{self.token}"


@dataclass(frozen=True, slots=True)
class ReviewIdentity(SealedIdentity):
    """Which copy of which portfolio a form belongs to.

    ``head`` is the portfolio's newest history hash, ``made`` the moment (UTC) that the copy shows the portfolio of.
    ``pages`` are the hashes of all pages as they were written (:mod:`portfolio_app.page_hashes`). ``requirements`` and
    ``evidence`` map the names of fields ("r1", "e1") to ids.
    """

    portfolio: str
    revision: int
    head: str
    made: datetime
    token: str
    pages: tuple[str, ...] = ()
    requirements: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)

    longest = 16_000_000  # a hundred thousand pages and items
    unreadable = _UNREADABLE

    @property
    def root(self) -> ReviewRoot:
        """The root of the form's fields."""
        return ReviewRoot(self.portfolio, self.revision, self.token)

    def __str__(self) -> str:
        return f"{self.portfolio}/{self.revision}/{self.token}"

    def values(self) -> dict[str, Any]:
        """Return what is sealed."""
        return {
            "format": FORMAT,
            "portfolio": self.portfolio,
            "revision": self.revision,
            "head": self.head,
            "made": self.made.astimezone(UTC).isoformat(),
            "token": self.token,
            "pages": list(self.pages),
            "requirements": dict(self.requirements),
            "evidence": dict(self.evidence),
        }

    @classmethod
    def of_values(cls, found: Mapping[str, Any]) -> Self:
        """Read what :meth:`values` returned, and the seal."""
        check_format(found["format"], FORMAT)
        return cls(
            portfolio=text(found["portfolio"]),
            revision=whole(found["revision"]),
            head=text(found["head"]),
            made=moment(found["made"]),
            token=text(found["token"]),
            pages=tuple(map(text, typed(found["pages"], list))),
            requirements=_labelled(found["requirements"]),
            evidence=_labelled(found["evidence"]),
            mac=text(found["mac"]),
        )


def requirement_labels(ids: Iterable[str]) -> dict[str, str]:
    """Return the names of the fields of requirements, in printed order, with the ids that they stand for."""
    return {f"r{number}": one for number, one in enumerate(dict.fromkeys(ids), 1)}


def evidence_labels(ids: Iterable[str]) -> dict[str, str]:
    """Return the names of the fields of evidence items, in printed order, with the ids that they stand for."""
    return {f"e{number}": one for number, one in enumerate(dict.fromkeys(ids), 1)}


def _labelled(value: Any) -> dict[str, str]:
    labelled = texts(value)
    if not all(map(_LABEL.fullmatch, labelled)):
        raise ValueError
    return labelled
