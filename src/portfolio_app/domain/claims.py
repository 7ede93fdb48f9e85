"""Claims by the learner, decisions by the assessor, and what to do next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from portfolio_app.domain.errors import InvalidInput

_PAGE = re.compile(r"(?:pp?|pages?)\.?\s*(\d+(?:\s*[-–]\s*\d+)?)", re.IGNORECASE)
_PARAGRAPH = re.compile(r"(?:para(?:graph)?s?|¶)\.?\s*(\d+(?:\s*[-–]\s*\d+)?)", re.IGNORECASE)
_TIME = re.compile(
    r"(?:at\s+|time\s+)?((?:\d{1,2}:)?\d{1,2}:\d{2}(?:\s*[-–]\s*(?:\d{1,2}:)?\d{1,2}:\d{2})?)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Locator:
    """The place inside the evidence that proves a claim. Each part is as typed; all may be empty.

    ``attachment`` is the attachment's name where the place is inside a file, else empty.
    """

    page: str = ""
    heading: str = ""
    paragraph: str = ""
    time: str = ""
    attachment: str = ""

    def __bool__(self) -> bool:
        return any((self.page, self.heading, self.paragraph, self.time, self.attachment))

    @classmethod
    def parse(cls, text: str) -> Locator:
        """Read ``p. 3``, ``pages 2-4``, ``para 2``, ``04:10``, ``budget.pdf, p. 3``; other words are a heading.

        Parts are separated by commas or semicolons.

        Raises:
            InvalidInput: two parts say the same thing.
        """
        found: dict[str, str] = {}
        for part in re.split(r"[;,]\s*", text.strip()):
            piece = part.strip()
            if not piece:
                continue
            if match := _PAGE.fullmatch(piece):
                name, value = "page", match[1]
            elif match := _PARAGRAPH.fullmatch(piece):
                name, value = "paragraph", match[1]
            elif match := _TIME.fullmatch(piece):
                name, value = "time", match[1]
            elif re.fullmatch(r"[^/\\]+\.[A-Za-z0-9]{2,5}", piece):
                name, value = "attachment", piece
            else:
                name, value = "heading", piece.strip("“”\"'")
            if name == "heading" and name in found:
                value = f"{found[name]}, {value}"
            elif name in found:
                raise InvalidInput(f"“{text}” names more than one {name}; make one claim for each place.")
            found[name] = value
        return cls(**found)

    def __str__(self) -> str:
        parts = []
        if self.attachment:
            parts.append(self.attachment)
        if self.page:
            parts.append(("pp. " if re.search(r"[-–]", self.page) else "p. ") + self.page)
        if self.heading:
            parts.append(f"“{self.heading}”")
        if self.paragraph:
            parts.append(f"para {self.paragraph}")
        if self.time:
            parts.append(f"at {self.time}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Claim:
    """The learner's word that an evidence item meets a requirement; at most one per pair."""

    id: str
    evidence_id: str
    requirement_id: str
    why: str = ""
    quotation: str = ""
    locator: Locator = Locator()
    component_ids: frozenset[str] = frozenset()
    claimed_at: datetime | None = None

    @property
    def has_place(self) -> bool:
        """Whether it shows what to look at: a quotation or a place."""
        return bool(self.quotation or self.locator)


class ClaimWords(NamedTuple):
    """What a claim says, without its place."""

    evidence_id: str
    requirement_id: str
    why: str
    quotation: str


class Verdict(StrEnum):
    """The assessor's judgement on a requirement."""

    MET = "met"
    NOT_YET_MET = "not yet met"
    MORE_NEEDED = "more evidence needed"


@dataclass(frozen=True, slots=True)
class Decision:
    """An assessor's decision. The newest of a requirement counts; older ones are kept, never undone.

    Moments are UTC. A decision that came back in a document was made on a copy: ``seen_at`` is when that copy was
    made, and ``source`` the SHA-256 of the document in hexadecimal. Else they are ``None`` and empty.
    """

    id: str
    requirement_id: str
    verdict: Verdict
    by: str
    comment: str
    decided_at: datetime
    seen_at: datetime | None = None
    source: str = ""

    @property
    def considers(self) -> datetime:
        """The moment up to which what was claimed is considered; what changed later the assessor has not seen."""
        return self.decided_at if self.seen_at is None else min(self.seen_at, self.decided_at)


@dataclass(frozen=True, slots=True)
class Action:
    """What to do next, by when. ``origin`` is the id of the decision or the rule it came from, or empty."""

    id: str
    text: str
    due: date | None = None
    done_on: date | None = None
    requirement_id: str | None = None
    evidence_id: str | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A nudge or gap that the learner has put aside, and why. Names the thing as the gap did."""

    rule: str
    unit_id: str | None
    requirement_id: str | None
    evidence_id: str | None
    reason: str
