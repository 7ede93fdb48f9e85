"""The rows of a table, read as a mapping says: units with trees of requirements, and what is worth a look in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import CRITERION, MARKING_POINT, OUTCOME, Guidance, GuidanceKind, Unit
from portfolio_app.importing.column_tables.guessing import role_of_heading
from portfolio_app.importing.column_tables.mapping import ColumnMapping, ColumnRole, Nesting, mapping_problem
from portfolio_app.importing.column_tables.nesting import (
    heading_ref,
    indentation,
    leading_refs,
    parents_by_depth,
    parents_by_name,
    parents_by_prefix,
)
from portfolio_app.importing.frameworks.statements import Findings, Statement, requirements_of
from portfolio_app.importing.imported_unit import ImportedUnit, UnitWarning

MOST_UNITS: Final = 200
"""Units in one table: more is no qualification."""

_LONGEST_KIND: Final = 40
_LONGEST_TITLE: Final = 300
_FARTHEST_IN: Final = 10_000  # more than any text is indented
_KINDS: Final = {
    **dict.fromkeys(("lo", "learning outcome", "learning outcomes", "outcomes"), OUTCOME),
    **dict.fromkeys(("ac", "criteria", "assessment criterion", "assessment criteria"), CRITERION),
    **dict.fromkeys(("mp", "marking points"), MARKING_POINT),
    "pc": "performance criterion",
    "performance criteria": "performance criterion",
    "k": "knowledge",
    "s": "skill",
    "skills": "skill",
    "b": "behaviour",
    "behaviours": "behaviour",
}
_LAST_DIGITS: Final = re.compile(r"(.*\.)(\d{1,3})")
_DATE: Final = re.compile(
    r"\d{1,2}[-/ ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[-/ ]\d{2,4})?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ ]\d{1,4}|\d{4}-\d\d-\d\d.*|\d\d?/\d\d?/\d{4}"
    r"|\d{1,2} [a-z]{3,9} \d{4}",
    re.IGNORECASE,
)
_UNIT_HEADING: Final = re.compile(
    r"(?:unit|module)\s+(?P<ref>[\w/.-]{0,15}\d[\w/.-]{0,15})\s*(?:[:–—-]\s*|\s)(?P<title>\S.{2,299})", re.IGNORECASE
)
_OPTIONAL: Final = re.compile(r"(?:optional|elective|choice|additional|o|no|n)\b", re.IGNORECASE)
_CREDITS: Final = re.compile(r"(\d{1,3})(?:[.,]0+)?(?:\s*credits?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    """What one row of the table says. ``line`` counts from 1; texts of a role that it has no column for are empty."""

    line: int
    ref: str = ""
    texts: tuple[str, ...] = ("",)
    kind: str = ""
    parent: str = ""
    outcome_ref: str = ""
    outcome: str = ""
    notes: str = ""
    unit: str = ""
    unit_ref: str = ""
    level: str = ""
    credits: str = ""
    mandatory: str = ""

    @property
    def text(self) -> str:
        return next((text for text in reversed(self.texts) if text.strip()), "")

    @property
    def says_something(self) -> bool:
        return any((self.ref, self.text, self.outcome, self.outcome_ref, self.notes))


@dataclass(slots=True)
class _Part:
    """The rows of one unit, and what is known of it."""

    title: str = ""
    reference: str = ""
    level: str = ""
    credits: str = ""
    mandatory: str = ""
    rows: list[_Row] = field(default_factory=list)


def read_units(rows: Sequence[Sequence[str]], mapping: ColumnMapping, name: str) -> tuple[ImportedUnit, ...]:
    """Read the units of a table; ``name`` is what the table is called in sentences and in the note on their source.

    Where a column names the unit of each row, or a heading alone in its row those of the rows below it, there are as
    many units, each with its own numbering; else one, whose title may be empty.

    Raises:
        InvalidInput: the mapping cannot be used, there is no requirement, or there are more than fit into a unit.
    """
    problem = mapping_problem(mapping)
    if problem:
        raise InvalidInput(problem)
    said, passed_over = _said(rows, mapping)
    parts = _parts(said)
    if len(parts) > MOST_UNITS:
        raise InvalidInput(f"“{name}” names {len(parts):,} units; at most {MOST_UNITS} are read at once.")
    if parts and not any(row.unit or row.unit_ref for row in said):
        _take_facts(parts[0], rows[: mapping.header or 0])
    lines = tuple(" | ".join(" ".join(cell.split()) for cell in row if cell.strip()) for row in rows)
    found = [_unit(part, mapping, name, lines) for part in parts]
    whole = [each for each in found if each.unit.requirements]
    if not whole:
        raise InvalidInput(f"No requirement was found in “{name}” with these columns: choose others.")
    findings = Findings()
    findings.say_of(
        [each.unit.title or each.unit.reference for each in found if not each.unit.requirements],
        "The unit “{}” has no requirement in the table, so it was left out.",
        "{} units have no requirement in the table, so they were left out: {}.",
    )
    findings.say_of(
        [str(line) for line in passed_over],
        "Row {} has nothing in the columns that are read, so it was passed over.",
        "{} rows have nothing in the columns that are read, so they were passed over: {}.",
    )
    first = ImportedUnit(whole[0].unit, (*findings.warnings, *whole[0].warnings), whole[0].lines)
    return (first, *whole[1:])


def _said(rows: Sequence[Sequence[str]], mapping: ColumnMapping) -> tuple[list[_Row], list[int]]:
    """Return what the rows under the headings say, and the lines of those that say something elsewhere only."""
    begin = 0 if mapping.header is None else mapping.header + 1
    headings = [] if mapping.header is None else _folded(rows[mapping.header])
    texts = mapping.columns(ColumnRole.TEXT)
    notes = mapping.columns(ColumnRole.NOTES)
    places = {role: mapping.column(role) for role in ColumnRole}
    names_units = places[ColumnRole.UNIT] is not None or places[ColumnRole.UNIT_REF] is not None
    found: list[_Row] = []
    passed_over: list[int] = []
    for line, row in enumerate(rows[begin:], begin + 1):
        if not any(cell.strip() for cell in row) or _folded(row) == headings:
            continue
        unit = None if names_units else _unit_row(row)
        if unit is not None:
            found.append(_Row(line, unit=unit["title"].strip(), unit_ref=unit["ref"]))
            continue
        cells = _Cells(row, places)
        said = _Row(
            line,
            ref=cells.raw(ColumnRole.REF),
            texts=tuple(cells.at(place).rstrip() for place in texts) or ("",),
            kind=cells.words(ColumnRole.KIND),
            parent=cells.words(ColumnRole.PARENT),
            outcome_ref=cells.words(ColumnRole.OUTCOME_REF),
            outcome=cells.words(ColumnRole.OUTCOME),
            notes="\n".join(filter(None, (cells.at(place).strip() for place in notes))),
            unit=cells.words(ColumnRole.UNIT),
            unit_ref=cells.words(ColumnRole.UNIT_REF),
            level=cells.words(ColumnRole.LEVEL),
            credits=cells.words(ColumnRole.CREDITS),
            mandatory=cells.words(ColumnRole.MANDATORY),
        )
        if said.says_something or said.unit or said.unit_ref:
            found.append(said)
        else:
            passed_over.append(line)
    return found, passed_over


def _unit_row(row: Sequence[str]) -> re.Match[str] | None:
    """Return the reference and the title of a unit whose heading stands alone in a row: "Unit 301: Lead a team"."""
    filled = [" ".join(cell.split()) for cell in row if cell.strip()]
    return _UNIT_HEADING.fullmatch(filled[0]) if len(filled) == 1 else None


class _Cells:
    """The cells of a row by what they hold; nothing where the row has none."""

    def __init__(self, row: Sequence[str], places: Mapping[ColumnRole, int | None]) -> None:
        self._row = row
        self._places = places

    def at(self, place: int | None) -> str:
        return self._row[place] if place is not None and place < len(self._row) else ""

    def raw(self, role: ColumnRole) -> str:
        """Return the text with the white space that it begins with: it may say how far in it stands."""
        return self.at(self._places[role]).rstrip()

    def words(self, role: ColumnRole) -> str:
        return " ".join(self.at(self._places[role]).split())


def _parts(rows: Sequence[_Row]) -> list[_Part]:
    """Return the rows unit by unit. Where a row does not name its unit it belongs to that of the row before."""
    parts: dict[tuple[str, str], _Part] = {}
    title = reference = ""
    for row in rows:
        if row.unit or row.unit_ref:
            before = title, reference
            title = row.unit or (before[0] if row.unit_ref.casefold() == before[1].casefold() else "")
            reference = row.unit_ref or (before[1] if row.unit.casefold() == before[0].casefold() else "")
        part = parts.setdefault((title.casefold(), reference.casefold()), _Part(title, reference))
        part.level = part.level or row.level
        part.credits = part.credits or row.credits
        part.mandatory = part.mandatory or row.mandatory
        part.rows.append(row)
    return list(parts.values())


def _take_facts(part: _Part, rows: Sequence[Sequence[str]]) -> None:
    """Take what stands above the headings, "Unit title | Plan the work" or "Level: 4", for facts of the one unit."""
    lone = ""
    for row in rows:
        filled = [" ".join(cell.split()) for cell in row if cell.strip()]
        known = False
        for place, cell in enumerate(filled):
            label, colon, value = (piece.strip() for piece in cell.partition(":"))
            value = value if colon and value else next(iter(filled[place + 1 : place + 2]), "")
            role = role_of_heading(label)
            if not value or len(value) > _LONGEST_TITLE:
                continue
            if role is ColumnRole.UNIT or (label.casefold() == "title" and not part.title):
                part.title = value
            elif role is ColumnRole.UNIT_REF:
                part.reference = value
            elif role is ColumnRole.LEVEL and not part.level:
                part.level = value
            elif role is ColumnRole.CREDITS and not part.credits:
                part.credits = value
            else:
                continue
            known = True
        if len(filled) == 1 and not known and not lone and len(filled[0]) <= _LONGEST_TITLE:
            lone = filled[0]
    part.title = part.title or lone


def _unit(part: _Part, mapping: ColumnMapping, name: str, lines: tuple[str, ...]) -> ImportedUnit:
    findings = Findings()
    rows, doubts = _with_refs(part.rows, mapping)
    requirements = requirements_of(_STATEMENTS[mapping.nesting](rows), name, findings)
    number = _CREDITS.fullmatch(part.credits)
    if part.credits and number is None:
        findings.say(f"“{part.credits[:60]}” is no number of credits, so the unit has none.")
    unit = Unit(
        id=new_id(),
        code="",
        title=part.title[:_LONGEST_TITLE],
        reference=part.reference,
        level=part.level,
        credits=int(number[1]) if number else None,
        source=f"Table {name}",
        mandatory=not _OPTIONAL.match(part.mandatory),
        requirements=requirements,
    )
    refs = {node.source_line: node.ref for _, node in unit.walk()}
    notes = tuple(
        Guidance(GuidanceKind.TIP, f"{refs[row.line]}: {row.notes}" if row.line in refs else row.notes)
        for row in rows
        if row.notes
    )
    warnings = sorted((*findings.warnings, *doubts), key=lambda warning: warning.line or 0)
    return ImportedUnit(replace(unit, guidance=notes), tuple(warnings), lines)


def _with_refs(rows: Sequence[_Row], mapping: ColumnMapping) -> tuple[list[_Row], list[UnitWarning]]:
    """Return the rows with references that their texts begin with, and as meant where a spreadsheet changed them."""
    found = [_with_heading(row) for row in rows]
    if mapping.column(ColumnRole.REF) is None:
        refs, texts = leading_refs([row.text for row in rows])
        found = [
            replace(row, ref=ref, texts=_with_last(row.texts, text))
            for row, ref, text in zip(found, refs, texts, strict=True)
        ]
    if mapping.column(ColumnRole.OUTCOME_REF) is None and mapping.nesting is Nesting.OUTCOME:
        refs, texts = leading_refs([row.outcome for row in rows])
        found = [replace(row, outcome_ref=ref, outcome=text) for row, ref, text in zip(found, refs, texts, strict=True)]
    warnings: list[UnitWarning] = []
    before = ""
    for place, row in enumerate(found):
        ref = row.ref.strip()
        meant = _with_nought(before, ref)
        if meant:
            found[place] = replace(row, ref=meant)
            warnings.append(
                UnitWarning(row.line, f"{ref} after {before} was read as {meant}: spreadsheets drop the nought.")
            )
        elif _DATE.fullmatch(ref):
            warnings.append(
                UnitWarning(row.line, f"The reference “{ref}” looks like a date that a spreadsheet made of a number.")
            )
        before = meant or ref or before
    return found, warnings


def _with_heading(row: _Row) -> _Row:
    """Take a heading apart that stands in one cell of a row, be it that of references or of texts."""
    if row.ref and row.text:
        return row
    ref, words = heading_ref(row.ref or row.text)
    if not ref:
        return row
    return replace(row, ref=ref, texts=(*row.texts[:-1], words) if row.ref else _with_last(row.texts, words))


def _with_last(texts: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Put another text where the last one that is not empty stands."""
    last = max((place for place, each in enumerate(texts) if each.strip()), default=None)
    return texts if last is None else (*texts[:last], text, *texts[last + 1 :])


def _with_nought(before: str, ref: str) -> str:
    """Return "1.10" for the "1.1" that follows "1.9", as spreadsheets write such a number; else nothing."""
    first, second = _LAST_DIGITS.fullmatch(before), _LAST_DIGITS.fullmatch(ref)
    if first and second and first[1] == second[1] and int(first[2]) + 1 == int(second[2]) * 10:
        return f"{ref}0"
    return ""


def _plain(rows: Sequence[_Row], parents: Sequence[int | None]) -> Iterator[Statement]:
    for row, parent in zip(rows, parents, strict=True):
        yield _statement(row, "" if parent is None else _key(rows[parent]))


def _flat(rows: Sequence[_Row]) -> Iterator[Statement]:
    rows = _stated(rows)
    return _plain(rows, [None] * len(rows))


def _by_prefix(rows: Sequence[_Row]) -> Iterator[Statement]:
    rows = _stated(rows)
    return _plain(rows, parents_by_prefix([row.ref for row in rows]))


def _by_parent(rows: Sequence[_Row]) -> Iterator[Statement]:
    rows = _stated(rows)
    parents, lost = parents_by_name([row.ref for row in rows], [row.text for row in rows], [row.parent for row in rows])
    for place, (row, parent) in enumerate(zip(rows, parents, strict=True)):
        # What is not in the table is named all the same, so that it is said.
        yield _statement(row, f"?{row.parent}" if place in lost else "" if parent is None else _key(rows[parent]))


def _by_indent(rows: Sequence[_Row]) -> Iterator[Statement]:
    """Yield statements by the column that their text stands in, then by how far in it begins.

    A row may hold the texts of several levels; those that the row before had as well are the same statements.
    """
    rows = _stated(rows)
    by_ref = not any(indentation(text) for row in rows for text in row.texts)
    found: list[tuple[_Row, int]] = []
    current: list[str] = []
    for row in rows:
        filled = [place for place, text in enumerate(row.texts) if text.strip()] or [0]
        for place in filled:
            text = row.texts[place]
            last = place == filled[-1]
            if not last and place < len(current) and current[place] == text.strip():
                continue
            current[place:] = [*[""] * (place - len(current)), text.strip()]
            single = replace(row, texts=(text,), ref=row.ref if last else "", notes=row.notes if last else "")
            found.append((single, place * _FARTHEST_IN + indentation(row.ref if by_ref else text)))
    parents = parents_by_depth([depth for _, depth in found])
    for place, ((row, _), parent) in enumerate(zip(found, parents, strict=True)):
        yield _statement(row, "" if parent is None else f"i{parent}", f"i{place}")


def _by_outcome(rows: Sequence[_Row]) -> Iterator[Statement]:
    """Yield outcomes, each before the first row that names it, and under them the texts of their rows."""
    texts: dict[str, str] = {}
    for row in rows:
        if row.outcome_ref and row.outcome:
            texts.setdefault(row.outcome_ref.casefold(), row.outcome)
    known: dict[str, str] = {}
    under: dict[str, list[_Row]] = {}
    key = ""
    for row in rows:
        name = (row.outcome_ref or row.outcome).casefold()
        if name and name not in known:
            key = known[name] = f"o{row.line}"
            ref = row.outcome_ref or ("" if row.text else row.ref)
            text = row.outcome or texts.get(name, "")
            yield Statement(key, "", ref.strip(), "", text, line=row.line)
        elif name:
            key = known[name]
        if row.text or (row.ref and not (name or row.outcome)):
            under.setdefault(key, []).append(row)
    for key, stated in under.items():
        parents = parents_by_prefix([row.ref for row in stated])
        for row, parent in zip(stated, parents, strict=True):
            yield _statement(row, key if parent is None else _key(stated[parent]))


_STATEMENTS: Final[Mapping[Nesting, Callable[[Sequence[_Row]], Iterator[Statement]]]] = {
    Nesting.PARENT: _by_parent,
    Nesting.OUTCOME: _by_outcome,
    Nesting.PREFIX: _by_prefix,
    Nesting.INDENT: _by_indent,
    Nesting.NONE: _flat,
}


def _stated(rows: Sequence[_Row]) -> list[_Row]:
    """Return the rows that state a requirement; where a row has an outcome and no other text that is what it states."""
    stated = [row if row.text or not row.outcome else replace(row, texts=(row.outcome,)) for row in rows]
    return [
        row if row.ref or not row.outcome_ref else replace(row, ref=row.outcome_ref)
        for row in stated
        if row.text or row.ref or row.outcome_ref
    ]


def _statement(row: _Row, parent: str, key: str = "") -> Statement:
    *before, text = (text for text in row.texts if text.strip()) if row.text else ("",)
    return Statement(
        key or _key(row),
        parent,
        ref=row.ref.strip(),
        title=": ".join(" ".join(each.split()) for each in before),
        text=text.strip(),
        kind=_kind(row.kind),
        line=row.line,
    )


def _key(row: _Row) -> str:
    return f"r{row.line}"


def _kind(word: str) -> str:
    folded = word.casefold()[:_LONGEST_KIND]
    return _KINDS.get(folded, folded)


def _folded(row: Sequence[str]) -> list[str]:
    folded = [" ".join(cell.split()).casefold() for cell in row]
    while folded and not folded[-1]:
        folded.pop()
    return folded
