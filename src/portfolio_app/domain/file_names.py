"""What a file's name says about the evidence in it: a title, a date, a kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from portfolio_app.domain.dates import PartialDate
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.folding import folded

OTHER_KIND: Final = "other-product"
"""The kind of whatever says nothing of its kind."""

_SEPARATORS = re.compile(r"[\s_+]+|(?<=[^\W\d_])[-.](?=\w)|(?<=\d)[-.](?=[^\W\d_])")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_CLOCK = r"(?:[ _-]*(?:at[ _]+)?(?:[01]\d|2[0-3])[.:h_-]?[0-5]\d(?:[.:_-]?[0-5]\d(?:[.:_-]?\d{3})?)?(?!\d))?"
_DATES: Final = (
    # Year first, as cameras, phones and tidy people write it; a time of day after it goes with it.
    re.compile(rf"(?<!\d)(?P<y>(?:19|20)\d\d)([-_. ]?)(?P<m>0[1-9]|1[0-2])\2(?P<d>0[1-9]|[12]\d|3[01])(?!\d){_CLOCK}"),
    # Day first, as in Britain.
    re.compile(r"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])([-_. ])(?P<m>0?[1-9]|1[0-2])\2(?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(
        rf"(?<![^\W_])(?:(?P<d>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?[-_. ]*)?(?P<n>{_MONTH})[-_., ]*"
        r"(?P<y>(?:19|20)\d\d)(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])(?![\d-])"),
)
_MEANINGLESS = re.compile(
    r"(?:(?:img|dsc|dscn|dscf|pxl|mvi|vid|wa|image|photo|scan|scanned|document|doc|file|screenshot|screen ?shot|"
    r"recording|voice|new|untitled|copy)\b|[\W\d_])*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_COPY_MARK = re.compile(r"\s*(?:\(\d+\)|- copy)$", re.IGNORECASE)
_BY_TYPE: Final = (
    ("message/rfc822", "email-trail"),
    ("application/vnd.ms-outlook", "email-trail"),
    ("image/", "photograph-or-recording"),
    ("audio/", "photograph-or-recording"),
    ("video/", "photograph-or-recording"),
)


class Guess(NamedTuple):
    """What a file's name and type say. ``date`` is ``None`` where the name has none."""

    kind: str
    title: str
    date: PartialDate | None


def guess(name: str, media_type: str, kinds: Mapping[str, EvidenceKind], today: date) -> Guess:
    """Return a kind, a readable title and a date for a file; dates after today are no dates of evidence.

    >>> guess("2026-03-09_teamMeeting-minutes.docx", "", {}, date(2026, 6, 1))[1:]
    ('Team meeting minutes', PartialDate(year=2026, month=3, day=9))
    """
    stem = _COPY_MARK.sub("", re.sub(r"\.[A-Za-z0-9]{1,10}$", "", name))
    day, rest = _date_in(stem, today)
    kind = _kind_of(rest, media_type, kinds)
    title = readable(rest)
    if _MEANINGLESS.fullmatch(title):
        title = kinds[kind].title if kind in kinds and kind != OTHER_KIND else readable(stem)
        title = f"{title}, {day}" if day and title != readable(stem) else title
    return Guess(kind, title, day)


def readable(stem: str) -> str:
    """Return the words of a file's name as a title: “team_rota-v2” becomes “Team rota v2”."""
    words = (_parted(word) for word in _SEPARATORS.sub(" ", stem).split())
    title = " ".join(words).strip(" -–—_,.")
    return title[:1].upper() + title[1:] if title else stem.strip()


def _parted(word: str) -> str:
    """Return words that were run together (“teamMeeting”) as words, without the capitals that this gave them."""
    first, *others = _CAMEL.split(word)
    return " ".join([first, *(other[:1].lower() + other[1:] for other in others)])


def _date_in(stem: str, today: date) -> tuple[PartialDate | None, str]:
    """Return the first date in a name, and the name without it."""
    for pattern in _DATES:
        for match in pattern.finditer(stem):
            parts = match.groupdict()
            try:
                if parts.get("n"):
                    found = PartialDate.parse(f"{parts.get('d') or ''} {parts['n']} {parts['y']}".strip())
                else:
                    found = PartialDate(int(parts["y"]), int(parts["m"]), int(parts["d"]) if parts.get("d") else None)
            except (ValueError, InvalidInput):
                continue
            if found.first_day <= today:
                return found, f"{stem[: match.start()]} {stem[match.end() :]}".strip(" -–_.,()[]")
    return None, stem


def _kind_of(rest: str, media_type: str, kinds: Mapping[str, EvidenceKind]) -> str:
    """Return the kind with the longest word that the name has, else one by the type of file."""
    words = f" {' '.join(_WORD.findall(folded(_CAMEL.sub(' ', rest))))} "
    found = [
        (len(word), kind.id) for kind in kinds.values() for word in kind.file_words if f" {folded(word)} " in words
    ]
    by_type = next((kind for beginning, kind in _BY_TYPE if media_type.startswith(beginning)), OTHER_KIND)
    if by_type == "email-trail" and by_type in kinds:
        return by_type
    if found:
        return max(found, key=lambda each: each[0])[1]
    return by_type if by_type in kinds else OTHER_KIND
