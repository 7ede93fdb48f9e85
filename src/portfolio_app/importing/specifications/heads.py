"""The head of a unit: title, reference, level and credits, however a specification prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from portfolio_app.importing.specifications.marks import Section, Sort, mark_of, section_of
from portfolio_app.importing.specifications.vocabulary import vocabulary

LONGEST_TITLE: Final = 200
_FARTHEST: Final = 30
"""Lines below its beginning that still say how a unit begins."""
_OFQUAL: Final = re.compile(r"\b([A-Z]/\d{3}/\d{4})\b")

_VALUES: Final = {
    "title": r"\S.{1,250}",
    "reference": r"(?=[\w/ .-]*\d)[A-Z0-9][\w/.-]{0,24}(?:\s\d{2}(?!\d))?(?![\w/])",
    "level": (
        r"(?:NQF\s+|SCQF\s+|level\s+)*"
        r"(?:entry(?:\s+level)?\s*[1-3]?|E[1-3]|0?\d{1,2}(?!\d|\.\d)|one|two|three|four|five|six|seven|eight)\b"
    ),
    "credits": r"\d{1,3}(?![\d.]\d)\b",
    "hours": r"\d{1,4}\b",
    "other": r"\S.{0,200}",
}
_LABEL: Final = re.compile(
    "|".join(f"(?P<{name}>{label})" for name, label in vocabulary().fields.items()), re.IGNORECASE
)
_LABEL_ALONE: Final = re.compile(rf"(?:{_LABEL.pattern})\s*:?", re.IGNORECASE)
_FIELDS: Final = {
    name: re.compile(rf"(?:^|(?<=[\s,;|(]))(?:{label})\s*[:–—-]?\s*(?P<value>{_VALUES[name]})", re.IGNORECASE)
    for name, label in vocabulary().fields.items()
}
_STARTS: Final = {
    name: re.compile(
        rf"(?:{label})(?:\s*[:–—-]\s*|\s+)(?P<value>{_VALUES[name]})"
        if name in {"reference", "level", "credits", "hours"}
        else rf"(?:{label})\s*:\s*(?P<value>{_VALUES[name]})",
        re.IGNORECASE,
    )
    for name, label in vocabulary().fields.items()
}
_LEVEL_WORDS: Final = {
    word: str(number) for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight"), 1)
}

_UNIT_LINE: Final = re.compile(
    r"(?:unit|module)\s+(?:no\.?\s*|number\s*)?(?P<number>[A-Z]{0,4}[-/]?\d{1,4}(?:[A-Z]|[-/.]\d{1,3})?|[IVX]{1,5}|[A-Z])"
    r"(?:\s*(?P<mark>[:.–—-]*)\s+|\s*(?P<only>[:.]?)$)(?P<title>.*)",
    re.IGNORECASE,
)
_CODE_LINE: Final = re.compile(
    r"(?P<number>[A-Z]{3,7}[A-Z0-9]{0,3}\d{3,4}[A-Z]?)(?:\s*[-–—:]\s*|\s+)(?P<title>[A-Z].{5,150})"
)
_TITLED_LINE: Final = re.compile(
    r"(?:UNIT\s+|Unit\s*:\s+)(?P<title>(?!(?:STANDARD|TITLE|SECTOR|AIM|PURPOSE|CODE)\b)[A-Z].{4,150})"
)
_LEADERS: Final = re.compile(r"\s*(?:\.\s?){3,}\s*\d{0,4}\s*$|\s*…+\s*\d{0,4}\s*$|(?<=[a-z)])\s+\d{1,3}$")
_CONTINUED: Final = re.compile(r"\s*[(\[]?\b(?:cont(?:inued|’d|'d|\.)?)\b\.?[)\]]?\s*$", re.IGNORECASE)
_IN_BRACKETS: Final = re.compile(
    r"\s*\(\s*(?:(?:SCQF|QCF|RQF|NQF)?\s*level\s+\w+|L\d|[A-Z]/\d{3}/\d{4})\s*\)\s*$", re.IGNORECASE
)
_SENTENCE: Final = re.compile(r"\b(?:is|are|must|should|will|may|was|were|has|have)\b", re.IGNORECASE)
_NO_END: Final = re.compile(r"[.;,]$|\b(?:and|to|of|or|the)$|\bpage \d+$", re.IGNORECASE)


@dataclass(slots=True)
class Head:
    """What a unit says of itself. ``number`` is that of the unit in its document."""

    title: str = ""
    number: str = ""
    reference: str = ""
    level: str = ""
    credits: int | None = None
    places: set[int] = field(default_factory=set)
    """Which pieces it was read from, as their places among those that were given."""

    def take(self, name: str, value: str) -> None:
        """Take a value, unless there is one already."""
        value = " ".join(value.split()).strip(" :|-–—")
        if name == "title" and not self.title:
            self.title = title_of(value)
        elif name == "reference" and (not self.reference or _OFQUAL.fullmatch(value)):
            self.reference = value
        elif name == "level" and not self.level:
            self.level = _level(value)
        elif name == "credits" and self.credits is None:
            self.credits = int(value)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A line that a unit may begin with."""

    number: str = ""
    title: str = ""
    reference: str = ""

    def agrees(self, head: Beginning) -> bool:
        """Say whether both may be of the same unit: nothing that both say differs, and something is the same."""
        same = False
        for mine, other in ((self.reference, head.reference), (self.number, head.number)):
            if mine and other:
                if mine.casefold() != other.casefold():
                    return False
                same = True
        if self.title and head.title:
            mine, other = _letters(self.title), _letters(head.title)
            return mine == other or (
                min(len(mine), len(other)) > 12 and (mine.startswith(other) or other.startswith(mine))
            )
        return same

    def and_also(self, other: Beginning) -> Beginning:
        """Return what both say."""
        return Beginning(self.number or other.number, self.title or other.title, self.reference or other.reference)

    def adds_to(self, head: Beginning) -> bool:
        """Say whether this only says what the other does not yet."""
        return not any(
            mine and other
            for mine, other in (
                (self.number, head.number),
                (self.title, head.title),
                (self.reference, head.reference),
            )
        )


def beginning_of(text: str, following: str = "") -> Beginning | None:
    """Recognise a line that a unit begins with: "Unit 301 Manage …", "Unit title: …", "Unit reference: M/506/2898".

    ``following`` is the next line: of "Unit 12" the title, of "Unit title" too.
    """
    if len(text) > LONGEST_TITLE + 40:
        return None
    label = label_alone(text)
    if label == "title":
        return Beginning(title=title_of(following)) if is_title(following) else None
    if label == "reference":
        match = _OFQUAL.fullmatch(following)
        return Beginning(reference=match[1]) if match else None
    return _from_fields(text, following) or _from_line(text, following)


def _from_fields(text: str, following: str) -> Beginning | None:
    for name, value in fields_of(text):
        if name == "title" and value and not _NO_END.search(value):
            return Beginning(title=_whole_title(value, following))
        if name == "reference" and _OFQUAL.fullmatch(value):
            return Beginning(reference=value)
    return None


def _from_line(text: str, following: str) -> Beginning | None:
    for pattern in (_UNIT_LINE, _CODE_LINE):
        if match := pattern.fullmatch(text):
            return _numbered(match, following)
    match = _TITLED_LINE.fullmatch(text)
    return Beginning(title=title_of(match["title"])) if match and is_title(match["title"]) else None


def _numbered(match: re.Match[str], following: str) -> Beginning | None:
    number, rest = match["number"], match["title"].strip()
    if match.re is _CODE_LINE:
        return Beginning(title=_whole_title(rest, following), reference=number) if is_title(rest) else None
    if not any(map(str.isdigit, number)) and (not number.isupper() or not rest):
        return None
    reference = _OFQUAL.search(rest)
    if reference:
        rest = (rest[: reference.start()] + rest[reference.end() :]).strip(" ()-–—:")
    if not rest:
        title = title_of(following) if is_title(following) else ""
    elif is_title(rest, is_marked=match["mark"] not in {"", "."}):
        title = _whole_title(rest, following)
    else:
        return None
    return Beginning(number, title, reference[1] if reference else "")


def _whole_title(text: str, following: str) -> str:
    """Return a title with the rest of it on the next line, where one stands there."""
    if following[:1].islower() and len(following) < 80 and mark_of(following).sort is Sort.TEXT:
        return title_of(f"{text} {following}") if is_title(f"{text} {following}", is_marked=True) else title_of(text)
    return title_of(text)


def is_title(text: str, *, is_marked: bool = False) -> bool:
    """Say whether a line can be the title of a unit: a few words that begin with a capital and are no sentence.

    What stands behind a colon (``is_marked``) may read like one: "How staff are led".
    """
    text = text.strip()
    if not text or len(text) > LONGEST_TITLE or not (text[0].isupper() or text[0] in "“‘'\""):
        return False
    if mark_of(text).sort is not Sort.TEXT or label_alone(text) or fields_of(text):
        return False
    title = title_of(text)
    if _NO_END.search(title) or (not is_marked and _SENTENCE.search(title)):
        return False
    return section_of(text) is not Section.REQUIREMENTS


def is_contents_line(text: str) -> bool:
    """Say whether a line ends with a page's number, as those of a list of contents do."""
    return _LEADERS.search(text) is not None


def title_of(text: str) -> str:
    """Return a title without the dots and the page of a list of contents, "(continued)" and "(Level 4)"."""
    for pattern in (_LEADERS, _CONTINUED, _IN_BRACKETS):
        text = pattern.sub("", text)
    return " ".join(text.split()).strip(" :|–—-")


def fields_of(text: str) -> list[tuple[str, str]]:
    """Return what a line says in fields, such as "Level: 4 Credit value: 7": names and values, in order.

    Empty where it does not begin with the label of one.
    """
    first = next(((name, match) for name, pattern in _STARTS.items() if (match := pattern.match(text))), None)
    if first is None:
        return []
    name, match = first
    if name in {"title", "other"}:
        return [(name, _until_label(match["value"])), *_after(name, match["value"])]
    rest = text[match.end() :]
    if rest.strip(" ,;|()") and not _LABEL.match(rest.strip(" ,;|(")) and len(rest.split()) > 3:
        return []  # a sentence: "Level 3 learners are expected to …"
    return [(name, match["value"]), *_after(name, rest)]


def _after(name: str, rest: str) -> list[tuple[str, str]]:
    found = [
        (match.start(), other, match["value"])
        for other, pattern in _FIELDS.items()
        if other not in {name, "title", "other"}
        for match in [pattern.search(rest)]
        if match
    ]
    return [(other, value) for _, other, value in sorted(found)]


def _until_label(value: str) -> str:
    """Cut a title where the next field begins on the same line."""
    ends = [
        match.start()
        for name, pattern in _FIELDS.items()
        if name not in {"title", "other"}
        for match in [pattern.search(value)]
        if match and match.start() > 0
    ]
    return value[: min(ends)].rstrip(" ,;|(") if ends else value


def label_alone(text: str) -> str:
    """Return which field a line is only the label of, or nothing."""
    match = _LABEL_ALONE.fullmatch(text.strip(" *")) if len(text) < 60 else None
    return str(match.lastgroup) if match and match.lastgroup else ""


def is_head_line(text: str) -> bool:
    """Say whether a line belongs to the head of a unit."""
    return not text[:1].islower() and bool(fields_of(text) or label_alone(text))


def read_head(texts: Sequence[str]) -> Head:
    """Read the head of a unit from its lines.

    Labels may stand before their values on the same line, on the line before, or several of them in a row.
    """
    head = Head()
    waiting: list[str] = []
    for place, text in enumerate(texts):
        following = texts[place + 1] if place + 1 < len(texts) else ""
        beginning = beginning_of(text, following) if place <= _FARTHEST else None
        found = fields_of(text)
        label = label_alone(text)
        if beginning is not None:
            _begin(head, beginning, following, place)
        if found:
            names = {name for name, _ in found}
            waiting = [name for name in waiting if name not in names] if names & set(waiting) else []
            for name, value in found:
                head.take(name, value)
        elif label:
            waiting.append(label)
        elif beginning is None and (not waiting or not _take_waiting(head, waiting, text)):
            waiting.clear()
            continue
        head.places.add(place)
    if not head.reference:
        head.reference = next((match[1] for text in texts[:40] if (match := _OFQUAL.search(text))), "")
    return head


def _begin(head: Head, beginning: Beginning, following: str, place: int) -> None:
    """Take how a unit begins; the title may go on over the next line."""
    head.number = head.number or beginning.number
    head.take("title", beginning.title)
    if beginning.reference:
        head.take("reference", beginning.reference)
    if following[:1].islower() and beginning.title.endswith(following):
        head.places.add(place + 1)


def _take_waiting(head: Head, waiting: list[str], text: str) -> bool:
    """Take a line as the value of the labels that stand before it; say whether it was one."""
    for name in list(waiting):
        pattern = _VALUES[name]
        if name in {"title", "other"} or re.fullmatch(
            rf"(?:{pattern})(?:\s+(?:hours|credits|points))?", text, re.IGNORECASE
        ):
            waiting.remove(name)
            if name != "title" or is_title(text):
                head.take(name, re.sub(r"\s+(?:hours|credits|points)$", "", text))
            return True
    return False


def _level(value: str) -> str:
    words = re.sub(r"^(?:NQF|SCQF|level|\s)+", "", value, flags=re.IGNORECASE).strip()
    if words.casefold() in _LEVEL_WORDS:
        return _LEVEL_WORDS[words.casefold()]
    if words.isdigit():
        return str(int(words))
    return words.capitalize() if words.isupper() and " " in words else words[:1].upper() + words[1:]


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
