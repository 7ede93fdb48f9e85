"""The marks that lines of specifications begin with: references, headings, bullets.

Everything here looks at one line alone and says what it may be; whether it is that depends on what stands around it.
The words are those of awarding bodies in the United Kingdom (Ofqual, SQA, apprenticeship standards), of Australian
and New Zealand units of competency and of South African unit standards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from portfolio_app.importing.specifications.vocabulary import vocabulary

LONGEST_HEADING: Final = 110
"""Characters of a line that may be a heading."""


class Sort(Enum):
    """What a line begins with."""

    OUTCOME = auto()
    """Said to be one: "Learning outcome 2", "LO2", "Element 2"."""
    CRITERION = auto()
    """A number with points ("2.1", "301.2.1"), or said to be one ("Assessment criterion 3")."""
    STATEMENT = auto()
    """A letter and a number: knowledge, skill or behaviour (K1, S1, B1), or a graded criterion (P1, M1, D1)."""
    NUMBER = auto()
    """A number alone: an outcome, or a criterion under one."""
    LETTER = auto()
    """A letter: "(a)", "b)"."""
    ROMAN = auto()
    """A small Roman number: "(ii)"."""
    BULLET = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Mark:
    """A line taken apart: what it begins with, the reference as printed without brackets and full stops, the rest.

    ``word`` is what the line calls it: "element", "specific outcome", or the letter of a statement.
    """

    sort: Sort
    ref: str
    rest: str
    word: str = ""


class Section(Enum):
    """What stands under a heading."""

    REQUIREMENTS = auto()
    SYNOPSIS = auto()
    CONTENT = auto()
    """What is to be taught: advice on a unit."""
    GRADING = auto()
    """What is called a pass or a distinction: advice too."""
    NOTES = auto()
    """Anything else that is no requirement."""
    END = auto()
    """What stands behind all units: appendices."""


_SPACES: Final = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_TIDY: Final = str.maketrans(
    {
        **dict.fromkeys("\u200b\u2060\ufeff\u200e\u200f"),
        **dict.fromkeys("\uf0b7\uf0a7\uf02d\uf0d8\uf076\u2043\u25e6\u25aa\u25cf\u25cb\u25a0\u25a1\u2023\u2219", "•"),
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
    }
)
_DRESS: Final = re.compile(r"^#{1,6}\s+|^>\s+|^(\*\*|__)(?=\S)|(?<=\S)(\*\*|__)(?=[:.]?$)|(?<=\S):?\s*#+$")
_BOLD_START: Final = re.compile(r"^(\*\*|__)([^*_]{1,40})\1")

_BULLET: Final = re.compile(r"(?:[•·➢➤❖✓✔►»]\s*|(?:[-–—*+]|o)\s+)(.*)", re.DOTALL)
_OUTCOME: Final = re.compile(
    r"(?P<word>(?:learning|specific|performance|exit[ -]level|key)\s+(?:outcome|aim)|outcome|element|LO|SO)"
    r"\s*(?:no\.?|number)?\s*(?P<ref>\d{1,2}|[A-H](?![A-Za-z]))(?![\d/])(?P<mark>\s*[-–—:.)]+|(?!\.\d))\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_NO_OUTCOME: Final = re.compile(
    r"(?:is|are|was|and|or|to|of|for|in|must|should|can|may|will|has|have|with|only|above|below|on)\b|[,&/%]"
)
_SAID_CRITERION: Final = re.compile(
    r"(?:assessment|performance)\s+criteri(?:on|a)\s+(?P<ref>\d{1,2}(?:\.\d{1,2})?)\s*[-–—:.)]*\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"(?:(?:AC|PC)\s*)?(?P<ref>\d{1,4}(?:\.\d{1,3}){1,3})(?:[.):]+(?=\s|$)|(?=\s|$)|(?=[A-Z“‘]))\s*(?P<rest>.*)"
)
_QUANTITY: Final = re.compile(
    r"(?:hours?|days?|weeks?|months?|years?|minutes?|million|billion|thousand|per ?cent|kg|km|cm|mm|metres?|m|litres?"
    r"|credits?|points?|times|x|by|to|and|or|of|above|below|is|are)\b|[%°£$€×=+/<>]|[-–—]\s*\d|\d",
)
_STATEMENT: Final = re.compile(
    r"(?:\(|\[)?(?:[A-H]{1,3}\.)?(?P<ref>[KSBPMD]\s?\d{1,2}(?:\.\d{1,2})?)(?:\)|\])?(?![\w/])\s*[-–—:.]*\s*(?P<rest>.*)"
)
_STATEMENT_STARTS: Final = frozenset("KSBPMD([ACEFGH")
_CODES: Final = re.compile(r"(?:[KSBPMD]\s?\d{1,2}(?:\.\d)?|and|to|[-–—,;&/|()]|\s)*")
_NUMBER: Final = re.compile(r"(?P<ref>\d{1,2})(?P<mark>[.):]*)(?:\s+(?P<rest>\S.*)|\s*)")
_DASH: Final = re.compile(r"^[-–—]\s+")
_AFTER_NUMBER: Final = re.compile(r"[.):]?\s+(?=\D)")
_LETTER: Final = re.compile(r"(?:\((?P<a>[a-z])\)|(?P<b>[a-z])[.)])\s+(?P<rest>\S.*)")
_ROMAN: Final = re.compile(r"(?:\((?P<a>[ivx]{1,5})\)|(?P<b>[ivx]{1,5})[.)])\s+(?P<rest>\S.*)")
_EMBEDDED: Final = re.compile(r"(?<=\s)(?:AC\s*)?(\d{1,4}(?:\.\d{1,3}){1,2})[.):]*(?:\s+(?=[A-Za-z“‘(])|$)")
_EMBEDDED_NUMBER: Final = re.compile(r"(?<=\s)(\d{1,2})[.)]?\s+(?=[A-Z“‘])")
_REFERS: Final = re.compile(
    r"\b(?:section|sections|paragraph|clause|criterion|criteria|ACs?|and|to|or|unit|table|figure|part|version|see|in|of"
    r"|level|from|page|appendix|least|than|with|by|over|under|for|between)\s*$|[&,(/]\s*$",
    re.IGNORECASE,
)

_KEY: Final = re.compile(
    r"\b(?:learning outcomes?|outcomes?|(?:assessment|performance|pass) criteri(?:a|on)|criteria|elements?"
    r"|(?:learners?|candidates?|students?|you|apprentices?) (?:will|can|should|must))\b"
)
_STATEMENTS: Final = re.compile(
    r"(?:occupational )?(?:knowledge|skills?|behaviours?|ksbs?)"
    r"(?:(?: and)? (?:skills?|behaviours?|understanding|ksbs?))*"
)
_LEARNER_AT_END: Final = re.compile(
    r"(?:learners?|candidates?|students?|apprentices?|you) (?:will|can|should|must|needs?|needs? to)"
    r"(?: be able to)?(?: know)?(?: and)?(?: understand)?$"
)
_LEARNER: Final = (
    r"(?:the\s+|a\s+)?(?:learner|candidate|student|apprentice)s?\s+(?:will|can|should|must)\b\s*"
    r"(?:be\s+able\s+to\s*(?=:))?"
)
_LED_OUTCOME: Final = re.compile(
    rf"(?:unit\s+)?learning\s+outcomes?\s*[:–—-]\s*(?:{_LEARNER}\s*[:–—-]?\s*)?(?P<rest>\S.*)"
    rf"|{_LEARNER}\s*:?\s+(?P<bare>(?:know|understand|be\s+able)\b.*)",
    re.IGNORECASE,
)
_LED_CRITERIA: Final = re.compile(
    rf"(?:assessment|performance)\s+criteria\s*[:–—-]\s*(?:{_LEARNER}\s*[:–—-]?\s*)?(?P<rest>\S.*)"
    rf"|{_LEARNER}\s*:\s*(?P<bare>\S.*)",
    re.IGNORECASE,
)
_EXPLAINED: Final = re.compile(
    r"(?:elements?|performance\s+criteria)\s+(?:describes?|defines?|specify|specifies)\b|bold\s+italicised\s+text\b"
    r"|to\s+(?:pass|achieve|complete)\s+(?:this|the|each)\s+unit\b|(?:the\s+)?assessment\s+criteria\s+"
    r"(?:outline|determine|specify|set\s+out)\b|on\s+(?:successful\s+)?completion\s+of\s+(?:this|the)\s+unit\b(?!.*:$)",
    re.IGNORECASE,
)

_WORDS: Final = vocabulary()
_SECTIONS: Final = tuple(
    (section, _WORDS.sections[section.name.casefold()])
    for section in (Section.SYNOPSIS, Section.CONTENT, Section.GRADING, Section.NOTES, Section.END)
)
_GRADE: Final = re.compile(rf"(?P<grade>{_WORDS.grade})(?: (?:descriptors?|criteria|level|standard))?", re.IGNORECASE)
_GRADED: Final = re.compile(rf"{_GRADE.pattern}\s*[:–—-]\s*(?P<rest>\S.*)", re.IGNORECASE)


def tidied(text: str) -> str:
    """Return a line on one line, without control characters, Markdown's dress and typographic joins."""
    text = _SPACES.sub(" ", text.translate(_TIDY)).strip()
    if text[:1] in "#>*_" or text[-1:] in "*_#:.":
        text = _BOLD_START.sub(r"\2", text)
        text = _DRESS.sub("", text).strip()
    return text


def mark_of(text: str) -> Mark:
    """Say what a tidied line begins with."""
    if match := _BULLET.match(text):
        return _bullet_mark(tidied(match[1]))
    if text[:1].isdigit() or text[:2] in {"AC", "PC"}:
        return _number_mark(text)
    return _statement_mark(text) or _letter_mark(text) or _said_mark(text) or Mark(Sort.TEXT, "", text)


def _bullet_mark(rest: str) -> Mark:
    """Take a bullet; where a reference stands behind it, it is only dress."""
    inner = None if _BULLET.match(rest) else mark_of(rest)
    if inner is not None and inner.sort in {Sort.OUTCOME, Sort.CRITERION, Sort.STATEMENT}:
        return inner
    return Mark(Sort.BULLET, "", rest)


def _statement_mark(text: str) -> Mark | None:
    match = _STATEMENT.match(text) if text[:1] in _STATEMENT_STARTS else None
    if match is None or not _is_statement(match["rest"]):
        return None
    return Mark(Sort.STATEMENT, "".join(match["ref"].split()), match["rest"], match["ref"][0])


def _letter_mark(text: str) -> Mark | None:
    for sort, pattern in ((Sort.ROMAN, _ROMAN), (Sort.LETTER, _LETTER)):
        if match := pattern.match(text):
            return Mark(sort, match["a"] or match["b"], match["rest"])
    return None


def _said_mark(text: str) -> Mark | None:
    if match := _SAID_CRITERION.match(text):
        return Mark(Sort.CRITERION, match["ref"], _without_number(match["rest"], match["ref"]), "criterion")
    if (match := _OUTCOME.match(text)) and _is_outcome(match):
        word = " ".join(match["word"].casefold().split())
        ref = f"LO{match['ref']}" if word == "lo" else match["ref"].upper()
        return Mark(Sort.OUTCOME, ref, _without_number(match["rest"], match["ref"]), word)
    return None


def _number_mark(text: str) -> Mark:
    if (match := _NUMBERED.match(text)) and not _QUANTITY.match(match["rest"]):
        rest = match["rest"]
        if rest.startswith("."):  # "1.1 | .1 Identify …"
            rest = _without_number(rest[1:], match["ref"].rsplit(".", 1)[1])
        return Mark(Sort.CRITERION, match["ref"], _DASH.sub("", _without_number(rest, match["ref"])))
    if (match := _NUMBER.fullmatch(text)) and not _QUANTITY.match(match["rest"] or ""):
        return Mark(Sort.NUMBER, match["ref"], _without_number(match["rest"] or "", match["ref"]), match["mark"])
    return Mark(Sort.TEXT, "", text)


def _is_statement(rest: str) -> bool:
    return not rest or _CODES.fullmatch(rest) is None


def _is_outcome(match: re.Match[str]) -> bool:
    rest, word = match["rest"], match["word"]
    if not rest or match["mark"].strip():
        return not _NO_OUTCOME.match(rest)
    if word.isupper() and len(word) == 2:
        return not _NO_OUTCOME.match(rest)
    return not rest[0].islower() and not _NO_OUTCOME.match(rest)


def _without_number(rest: str, ref: str) -> str:
    """Take away a number that is printed twice: "1 | 1 Describe …", "Assessment criterion 1: 1. …"."""
    if not rest.startswith(ref):
        return rest
    again = _AFTER_NUMBER.match(rest, len(ref))
    return rest[again.end() :] if again else rest


def embedded(text: str) -> list[tuple[int, str]]:
    """Return where in a line something stands that may be the reference of a further requirement.

    PDF viewers put what stands side by side in a table on one line: "2 Be able to plan 2.1 Plan the work".
    """
    found = [
        (match.start(), match[1])
        for pattern in (_EMBEDDED, _EMBEDDED_NUMBER)
        for match in pattern.finditer(text)
        if not _REFERS.search(text[max(0, match.start() - 16) : match.start()])
    ]
    return sorted(found)


def led_in(text: str) -> tuple[str, str] | None:
    """Split "Learning outcome: the learner will understand x" and "The learner can: 1.1 …" into heading and rest.

    Returns:
        "outcome" or "criteria", and what follows; ``None`` where nothing does, or the line is neither.
    """
    if text[:1].casefold() not in "ulacsptw":
        return None
    for what, pattern in (("criteria", _LED_CRITERIA), ("outcome", _LED_OUTCOME)):
        if match := pattern.match(text):
            rest = match["rest"] or match["bare"]
            return None if _is_heading(rest) or not any(map(str.isalnum, rest)) else (what, rest)
    return None


def begins_with_command(text: str) -> bool:
    """Say whether a line begins as most criteria do: "explain …", "Carry out …"."""
    return text.split(None, 1)[0].casefold().rstrip(",") in _WORDS.commands if text else False


def explains_layout(text: str) -> bool:
    """Say whether a line only tells what elements and criteria are, or that they are to be met."""
    return _EXPLAINED.match(text) is not None


def heading_words(text: str) -> str:
    """Return a line's words without case and marks, as headings are compared."""
    return " ".join("".join(c if c.isalnum() or c in "’'-" else " " for c in text.casefold()).split())


def section_of(text: str) -> Section | None:
    """Recognise a heading; ``None`` where the line is none that is known."""
    if len(text) > LONGEST_HEADING or not (text[:1].isupper() or text.endswith(":")):
        return None
    if text.endswith((".", ",", ";")):
        return None
    words = heading_words(text)
    for section, pattern in _SECTIONS:
        if pattern.fullmatch(words):
            return section
    return Section.REQUIREMENTS if _is_heading(text) or _STATEMENTS.fullmatch(words) else None


def _is_heading(text: str) -> bool:
    """Say whether a line is a heading over requirements: such words and no others, or the beginning of a sentence."""
    words = heading_words(text)
    if _KEY.search(words) and all(word in _WORDS.heading_words for word in words.split()):
        return True
    return text.endswith(":") and _LEARNER_AT_END.search(words) is not None


def begins_section(text: str) -> tuple[Section, str, str] | None:
    """Split "Aim: this unit is about …" into its section, the heading and the rest; ``None`` where it is no such."""
    before, colon, after = text.partition(":")
    if not colon or not after.strip() or len(before) > LONGEST_HEADING // 2:
        return None
    section = section_of(before)
    return (section, before, after.strip()) if section in {Section.SYNOPSIS, Section.CONTENT} else None


def names_criteria(text: str) -> bool:
    """Say whether a heading over requirements names the criteria, not only the outcomes."""
    return re.search(r"criteri|\b(?:learner|candidate|student)s? can\b", text.casefold()) is not None


def kinds_named(text: str) -> set[str]:
    """Return which of "element", "performance criterion" and "rubric" a heading speaks of."""
    words = heading_words(text)
    found = set()
    if re.search(r"\belements?\b", words):
        found.add("element")
    if re.search(r"\bperformance criteri", words):
        found.add("performance criterion")
    return found


def grade_of(text: str) -> str:
    """Return the grade that a heading names ("Distinction descriptors"), or nothing."""
    match = _GRADE.fullmatch(text.strip(" :"))
    return match["grade"].capitalize() if match else ""


def graded(text: str) -> tuple[str, str] | None:
    """Split "Distinction: critically evaluates …" into the grade and what it asks for."""
    match = _GRADED.match(text)
    return (match["grade"].capitalize(), match["rest"]) if match else None
