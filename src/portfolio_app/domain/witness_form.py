"""The form for a witness, as those who write it and those who read it back know it: names of fields, and identity.

Its fields stand under one root, whose name says which item of which portfolio it is about. What its boxes mean, whom
it was made for and what had been filled in stands in its identity, which is sealed with a secret of the portfolio:
whoever reads a form knows whether it came from here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self

from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.form_seals import SealedIdentity, canonical, check_format, moment, text, texts, typed
from portfolio_app.domain.review import CHECKED, IDENTITY
from portfolio_app.domain.witness import Part, WitnessStatement

FORMAT: Final = 1
YES: Final = "yes"
NO: Final = "no"
"""What the buttons are called of whether the witness may be contacted; the same words are stored."""

_KIND: Final = "witness"  # sealed with the rest: what is signed for one form is none for another
_ROOT: Final = re.compile(
    r"wf_(?P<portfolio>[0-9A-Za-z-]{1,64})_(?P<evidence>[0-9A-Za-z-]{1,64})_(?P<token>[0-9a-f]{8})"
)
_NOT_IN_ROOT: Final = re.compile(r"[^0-9A-Za-z-]")
_BOX: Final = re.compile(r"r[1-9][0-9]{0,3}")
_UNREADABLE: Final = "The form does not say which item it belongs to; that part of it is missing or was changed."


@dataclass(frozen=True, slots=True)
class WitnessRoot:
    """What the name of a form's root says: the portfolio's id, the item's, and the form's token (8 hex digits)."""

    portfolio: str
    evidence: str
    token: str

    @classmethod
    def of_name(cls, name: str) -> Self | None:
        """Read a root's name, or None if it is not one of ours."""
        match = _ROOT.fullmatch(name)
        return cls(match["portfolio"], match["evidence"], match["token"]) if match else None

    def __str__(self) -> str:
        return f"wf_{_NOT_IN_ROOT.sub('-', self.portfolio)}_{_NOT_IN_ROOT.sub('-', self.evidence)}_{self.token}"


@dataclass(frozen=True, slots=True)
class WitnessIdentity(SealedIdentity):
    """Which item a form is about, and what it looked like when it was made (UTC).

    ``person`` is the id of the witness it was made for, empty if nobody was known. ``boxes`` maps the names of its
    boxes ("r1") to requirements' ids. ``given`` is what had been filled in, by part. ``content`` is that of the item
    (:func:`content_of`), ``pages`` holds the hash of its page (:mod:`portfolio_app.page_hashes`).
    """

    portfolio: str
    evidence: str
    token: str
    made: datetime
    content: str
    person: str = ""
    boxes: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[Part, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()

    longest = 1_000_000
    unreadable = _UNREADABLE

    @property
    def root(self) -> WitnessRoot:
        """The root of the form's fields."""
        return WitnessRoot(self.portfolio, self.evidence, self.token)

    def __str__(self) -> str:
        return f"{self.portfolio}/{self.evidence}/{self.token}"

    def values(self) -> dict[str, Any]:
        """Return what is sealed."""
        return {
            "format": FORMAT,
            "form": _KIND,
            "portfolio": self.portfolio,
            "evidence": self.evidence,
            "token": self.token,
            "made": self.made.astimezone(UTC).isoformat(),
            "content": self.content,
            "person": self.person,
            "boxes": dict(self.boxes),
            "given": {part.value: words for part, words in self.given.items()},
            "pages": list(self.pages),
        }

    @classmethod
    def of_values(cls, found: Mapping[str, Any]) -> Self:
        """Read what :meth:`values` returned, and the seal."""
        check_format(found["format"], FORMAT)
        boxes = texts(found["boxes"])
        if found["form"] != _KIND or not all(map(_BOX.fullmatch, boxes)):
            raise ValueError
        return cls(
            portfolio=text(found["portfolio"]),
            evidence=text(found["evidence"]),
            token=text(found["token"]),
            made=moment(found["made"]),
            content=text(found["content"]),
            person=text(found["person"]),
            boxes=boxes,
            given={Part(part): words for part, words in texts(found["given"]).items()},
            pages=tuple(map(text, typed(found["pages"], list))),
            mac=text(found["mac"]),
        )

    def statement(self, values: Mapping[str, str]) -> WitnessStatement:
        """Return what was written, from the values of the form's fields by their names below the root."""
        parts = {part: values.get(part.value, "") for part in Part}
        account = parts[Part.ACCOUNT].replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        lines = {part: " ".join(words.split()) for part, words in parts.items()}
        if lines[Part.MAY_BE_CONTACTED] not in {YES, NO}:
            lines[Part.MAY_BE_CONTACTED] = ""
        seen = tuple(one for box, one in self.boxes.items() if values.get(box) == CHECKED)
        return WitnessStatement({**lines, Part.ACCOUNT: account}, seen)


def box_name(number: int) -> str:
    """Return the name of the box of a requirement, counted from 1 in printed order."""
    return f"r{number}"


def content_of(item: Evidence) -> str:
    """Return what tells whether an item still says what it said: a hash of its title, date, text and form."""
    fields = {
        name: value if isinstance(value, str) else [dict(row) for row in value] for name, value in item.fields.items()
    }
    date = item.date.isoformat() if item.date else ""
    said = canonical({"title": item.title, "date": date, "body": item.body, "fields": fields})
    return hashlib.sha256(said.encode("ascii")).hexdigest()[:16]


__all__ = [
    "CHECKED",
    "FORMAT",
    "IDENTITY",
    "NO",
    "YES",
    "WitnessIdentity",
    "WitnessRoot",
    "box_name",
    "content_of",
]
