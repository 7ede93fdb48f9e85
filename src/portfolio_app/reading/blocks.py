"""What readers say of a file: stretches of text, links, entries of lists and cells of tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.plain_text import printable

_SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a run leads: an anchor in this publication, or a web address.

    ``fallback`` is the anchor to use where a renderer does not define ``anchor`` (a page of an attached
    document that the format does not show).
    """

    anchor: str = ""
    url: str = ""
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    r"""A stretch of text of one appearance; "\\n" breaks the line.

    ``status`` colours it as that state. ``quoted`` marks it as a passage that a claim quotes; ``removed`` says that it
    stands in place of what is hidden in this copy.
    """

    text: str
    bold: bool = False
    italic: bool = False
    muted: bool = False
    link: Link | None = None
    status: CoverageState | None = None
    quoted: bool = False
    removed: bool = False


Runs: TypeAlias = tuple[Run, ...]


class ParagraphStyle(StrEnum):
    """What a paragraph is for."""

    BODY = "body"
    LEAD = "lead"
    MUTED = "muted"
    QUOTATION = "quotation"
    LABEL = "label"
    TITLE = "title"
    SUBTITLE = "subtitle"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell of one or more paragraphs of runs, over ``span`` columns. ``header`` marks a row's heading cell."""

    paragraphs: tuple[Runs, ...]
    header: bool = False
    numeric: bool = False
    anchor: str = ""
    span: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A paragraph of a list, ``depth`` lists deep counted from 0."""

    runs: Runs
    depth: int = 0
    ordered: bool = False


def safe_link(address: str) -> Link | None:
    """Return a link to a web or e-mail address, ``None`` for anything else."""
    address = address.strip()
    return Link(url=address) if _SAFE_ADDRESS.fullmatch(address) and address == printable(address) else None
