"""Pieces of a document: its lines, and the cells of its tables, one after another as they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from portfolio_app.importing.specifications.heads import label_alone
from portfolio_app.importing.specifications.marks import Section, Sort, grade_of, mark_of, section_of, tidied
from portfolio_app.reading.document_lines import SourceLine

_BARE_REF: Final = re.compile(r"(?:LO|AC|PC)?\s*\d{1,4}(?:\.\d{1,3}){0,3}[.):]?|\(?[a-z]\)|[KSBPMD]\d{1,2}[.:]?")
_OUTCOME_HEAD: Final = re.compile(r"\b(?:learning outcomes?|outcomes?|elements?|learning aims?)\b", re.IGNORECASE)
_CRITERIA_HEAD: Final = re.compile(
    r"\b(?:assessment criteri\w+|performance criteri\w+|criteri\w+|(?:learner|candidate|student) can)\b", re.IGNORECASE
)
_OTHER_HEAD: Final = re.compile(
    r"\b(?:evidence|portfolio|date|page|location|signature|signed|initials|comments?|assessor|tick|met|achieved|"
    r"guidance|content|notes?|delivery|range|assessed|method|types?|weighting|taxonomy|marks?|amplification)\b",
    re.IGNORECASE,
)


_DUTIES: Final = re.compile(r"(?:occupational\s+)?dut(?:y|ies)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of text, or a line of a cell.

    Attributes:
        text: What it says, tidied; never empty.
        line: The place of the source line in the document, from 1.
        page: Its page, or ``None``.
        heading: How deep a heading it is; 0 where it is none, or nobody knows.
        column: What its column holds by the head of the table: "outcome", "criterion", a grade, "refs" of what that
            grade is of, or nothing.
        starts: Whether it begins something: a cell, or a line after a blank one or on a new page.
        row: The row of a table that it stands in; 0 where it stands in none.
    """

    text: str
    line: int
    page: int | None = None
    heading: int = 0
    column: str = ""
    starts: bool = False
    row: int = 0


def pieces_of(lines: Sequence[SourceLine]) -> list[Piece]:
    """Return the pieces of a document. Columns that are known to hold no requirement are left out."""
    found: list[Piece] = []
    columns: tuple[str, ...] = ()
    starts = True
    page: int | None = None
    for number, line in enumerate(lines, 1):
        starts = starts or line.page != page
        page = line.page
        if not line.cells:
            text = tidied(line.text)
            columns = () if text else columns
            if text:
                found.append(Piece(text, number, page, line.heading, starts=starts))
            starts = not text
            continue
        cells = [[tidied(part) for part in cell.split("\n")] for cell in line.cells]
        head = _columns(cells)
        if head:
            columns = head
        roles = columns if len(columns) == len(cells) else ("",) * len(cells)
        if head:
            roles = tuple("" if role in {"outcome", "criterion", ""} else "left out" for role in head)
        found += _row(cells, roles, number, page)
        starts = True
    return found


def _row(cells: Sequence[Sequence[str]], roles: Sequence[str], number: int, page: int | None) -> Iterator[Piece]:
    """Yield what stands in a row, references together with what they refer to."""
    ref = label = ""
    for cell, role in zip(cells, roles, strict=True):
        if role == "left out":
            continue
        starts = True
        for text in filter(None, cell):
            if ref:
                text, ref = _together(ref, text), ""  # noqa: PLW2901 - the two are one
            elif starts and not label and _BARE_REF.fullmatch(text):
                ref = text
                continue
            yield Piece(text, number, page, column=role, starts=starts, row=number)
            starts, label = False, label_alone(text)
    if ref:
        yield Piece(ref, number, page, starts=True, row=number)


def _together(ref: str, text: str) -> str:
    """Join a reference with its text; where that has the same one, it stands there once."""
    other = mark_of(text)
    bare = ref.strip("().: ")
    if other.sort in {Sort.CRITERION, Sort.NUMBER, Sort.OUTCOME, Sort.STATEMENT} and other.ref.endswith(bare):
        return text
    return f"{ref} {text}"


def _columns(cells: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Say what each column holds by the head of a table; nothing where the row is no head."""
    heads = [" ".join(filter(None, cell)) for cell in cells]
    written = [head for head in heads if head]
    if len(written) < 2 or any(len(head) > 160 or mark_of(head).sort is not Sort.TEXT for head in written):
        return ()
    if _DUTIES.fullmatch(written[0]):
        return ("left out",) * len(cells)
    roles = [_role(head) for head in heads]
    if {"outcome", "criterion"}.isdisjoint(roles) and any(role.startswith("grade") for role in roles):
        roles[heads.index(written[0])] = "refs"
        return tuple(roles)
    if not {"outcome", "criterion"} & set(roles) or any(
        not role for role, head in zip(roles, heads, strict=True) if head
    ):
        return ()
    return tuple(roles)


def _role(head: str) -> str:
    if not head:
        return ""
    if _CRITERIA_HEAD.search(head) and not _OUTCOME_HEAD.search(head):
        return grade_of(head) or "criterion"
    if _OUTCOME_HEAD.search(head):
        return "outcome"
    if grade := grade_of(head):
        return f"grade {grade}"
    if _OTHER_HEAD.search(head) or section_of(head) in {Section.NOTES, Section.CONTENT}:
        return "left out"
    return "number" if len(head) <= 12 else ""
