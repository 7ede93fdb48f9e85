"""What is compared: requirements on one side, what an item says on the other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A requirement, as a text is held against it.

    Attributes:
        text: Its own words.
        context: Its label and the outcomes that it stands under.
        unit: What all requirements of its unit have in common.
        guidance: Advice on its unit.
        accepted: Passages of other items that were claimed for it.
    """

    text: str
    context: str = ""
    unit: str = ""
    guidance: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Some text of an item and its place: in the item's own text, or in an attachment.

    ``page`` and ``paragraph`` are as in :class:`~portfolio_app.domain.suggestions.Suggestion`.
    """

    text: str
    attachment_id: str = ""
    page: int | None = None
    paragraph: int | None = None
