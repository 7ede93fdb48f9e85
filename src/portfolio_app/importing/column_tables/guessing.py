"""What the columns of a table seem to hold, by their headings and by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Final

from portfolio_app.importing.column_tables.mapping import MOST_COLUMNS, OFTEN, ColumnMapping, ColumnRole, Nesting
from portfolio_app.importing.column_tables.nesting import heading_ref, indentation, leading_refs, parents_by_prefix

_ROWS_FOR_HEADER: Final = 30
_ROWS_LOOKED_AT: Final = 400
_LONGEST_HEADING: Final = 60
_LONGEST_REF: Final = 15
_TEXT_FROM: Final = 12  # characters that a requirement has on average, at the least
_MOST: Final = 0.8  # of the cells that are not empty
_REF: Final = re.compile(
    r"\(?[^\W\d_]{0,5}[\s.:]?\d{1,4}(?:[.\-]\d{1,4}){0,5}[\s.]*\(?[a-z]{0,2}[).]*|\(?(?:[a-z]|[ivx]{1,5})[).]*",
    re.IGNORECASE,
)
_NOT_WORDS: Final = re.compile(r"[^\w/#]+")
_PLAIN: Final = re.compile(r"(?:s|es)\b")

_NUMBER: Final = r"(?:ref(?:erence)?|no|nr|num(?:ber)?|id|code|#|identifier)"
_UNIT: Final = r"(?:unit|module)"
_OUTCOME: Final = r"(?:learning outcome|outcome|lo|element|competency area|standard|topic|objective|learning objective)"
_CRITERION: Final = (
    r"(?:assessment criteri(?:on|a)|criteri(?:on|a)|ac|performance criteri(?:on|a)|pc|requirement|marking point"
    r"|evidence requirement|indicator|competency|competence|statement|ksb|knowledge skill behaviour|duty)"
)
_HEADINGS: Final[Mapping[ColumnRole, re.Pattern[str]]] = {
    role: re.compile(pattern)
    for role, pattern in {
        ColumnRole.UNIT_REF: rf"{_UNIT} {_NUMBER}|{_NUMBER} of (?:the )?{_UNIT}|(?:ofqual|accreditation) {_NUMBER}",
        ColumnRole.UNIT: rf"{_UNIT}(?: (?:title|name))?|(?:title|name) of (?:the )?{_UNIT}",
        ColumnRole.LEVEL: rf"(?:{_UNIT} )?level|level of (?:the )?{_UNIT}",
        ColumnRole.CREDITS: rf"(?:{_UNIT} )?credit(?:s| value| points?)?",
        ColumnRole.MANDATORY: r"(?:mandatory|core)(?: ?(?:/|or) ?optional)?|m/o|unit (?:type|status|group)",
        ColumnRole.PARENT: r"parent(?: .*)?|(?:stands |is )?under|belongs to|part of|(?:child|is child) of",
        ColumnRole.OUTCOME_REF: rf"{_OUTCOME} {_NUMBER}|{_NUMBER} of (?:the )?{_OUTCOME}",
        ColumnRole.OUTCOME: rf"{_OUTCOME}(?: (?:title|text|name|description|statement))?"
        r"|(?:the )?learner will.*|.*the learner will.*",
        ColumnRole.REF: rf"{_CRITERION} {_NUMBER}|{_NUMBER}|{_NUMBER} of (?:the )?{_CRITERION}|human coding scheme",
        ColumnRole.KIND: r"kind|type|category|item type|node type|taxonomy",
        ColumnRole.NOTES: r"notes?|guidance|comments?|tips?|advice|amplification|range|indicative content|examples?"
        r"|(?:delivery |assessment |tutor |additional )guidance|(?:delivery|assessment) notes?|guidance notes?",
        ColumnRole.TEXT: rf"{_CRITERION}(?: (?:title|text|name|description|statement))?|text|description|title|name"
        r"|(?:level|tier) \d|wording|full statement|(?:the )?learner can.*|.*the learner can.*|requirement text",
    }.items()
}
_KIND_WORDS: Final = frozenset(
    {"outcome", "learning outcome", "lo", "criterion", "criteria", "assessment criterion", "assessment criteria", "ac"}
    | {
        "element",
        "performance criterion",
        "pc",
        "marking point",
        "knowledge",
        "skill",
        "behaviour",
        "duty",
        "k",
        "s",
        "b",
    }
    | {"skills", "behaviours", "standard", "unit"}
)
_LEVEL: Final = re.compile(r"(?:level|tier)\s*\d", re.IGNORECASE)
_NAMED_BY_HEADINGS: Final = frozenset({ColumnRole.TEXT, ColumnRole.OUTCOME, ColumnRole.REF})
_REFS_OF: Final = {ColumnRole.TEXT: ColumnRole.REF, ColumnRole.OUTCOME: ColumnRole.OUTCOME_REF}


def guess_mapping(rows: Sequence[Sequence[str]]) -> ColumnMapping:
    """Return what the columns of a table seem to hold. Where nothing can be told, no column has a role."""
    return guess_roles(rows, guess_header(rows))


def guess_roles(rows: Sequence[Sequence[str]], header: int | None) -> ColumnMapping:
    """Return what the columns seem to hold where the headings stand in this row, from 0, or ``None`` for in none."""
    columns = _columns(rows, header)
    headings = headings_of(rows, header, len(columns))
    roles = [_role(heading, column) for heading, column in zip(headings, columns, strict=True)]
    _choose(roles, headings, columns)
    _widen(roles, headings, columns)
    _fill(roles, columns)
    mapping = ColumnMapping(tuple(roles), header=header)
    return replace(mapping, nesting=_nesting(mapping, columns))


def guess_nesting(rows: Sequence[Sequence[str]], mapping: ColumnMapping) -> Nesting:
    """Return how a table seems to be nested when its columns hold what a mapping says."""
    return _nesting(mapping, _columns(rows, mapping.header))


def headings_of(rows: Sequence[Sequence[str]], header: int | None, width: int) -> list[str]:
    """Return a heading for each column, empty where there is none."""
    return _padded(rows[header], width) if header is not None and header < len(rows) else [""] * width


def role_of_heading(heading: str) -> ColumnRole | None:
    """Return what a column of this heading usually holds."""
    words = _words(heading)
    if not words or len(words) > _LONGEST_HEADING:
        return None
    for each in (words, _PLAIN.sub("", words)):
        for role, pattern in _HEADINGS.items():
            if pattern.fullmatch(each):
                return role
    return None


def _nesting(mapping: ColumnMapping, columns: Sequence[Sequence[str]]) -> Nesting:
    held = mapping.roles
    if ColumnRole.PARENT in held and ColumnRole.REF in held:
        return Nesting.PARENT
    if ColumnRole.TEXT in held and (ColumnRole.OUTCOME in held or ColumnRole.OUTCOME_REF in held):
        return Nesting.OUTCOME
    texts = mapping.columns(ColumnRole.TEXT)
    if len(texts) > 1:
        return Nesting.INDENT
    ref = mapping.column(ColumnRole.REF)
    if ref is not None:
        beside = columns[texts[0]] if texts else columns[ref]
        # "LO1 Plan the work" may stand in one cell, in that of references or of texts.
        refs = [heading_ref(cell or text)[0] or cell for cell, text in zip(columns[ref], beside, strict=True)]
    else:
        refs = leading_refs(columns[texts[0]])[0] if texts else []
    if any(parent is not None for parent in parents_by_prefix(refs)):
        return Nesting.PREFIX
    indented = [columns[place] for place in (*texts, *(() if ref is None else (ref,)))]
    if any(len({indentation(text) for text in column if text.strip()}) > 1 for column in indented):
        return Nesting.INDENT
    return Nesting.NONE


def guess_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the place of the row that is most like headings, or ``None`` where no row is."""
    best, most = None, 0
    for place, row in enumerate(rows[:_ROWS_FOR_HEADER]):
        filled = [cell for cell in row if cell.strip()]
        roles = [role for cell in filled if (role := role_of_heading(cell)) is not None]
        rest = [cell for cell in filled if role_of_heading(cell) is None]
        alone = len(filled) == 1 and ColumnRole.TEXT in roles
        # Above a table there may be facts of the unit, such as "Level | 4 | Credits | 6": those name no requirements.
        likely = bool(_NAMED_BY_HEADINGS.intersection(roles)) and not _refs(rest)
        if likely and (len(roles) > 1 or alone) and len(roles) > most:
            best, most = place, len(roles)
    return best


def _role(heading: str, column: Sequence[str]) -> ColumnRole | None:
    """Return what a column holds by its heading, unless it is called as texts are and holds references."""
    role = role_of_heading(heading)
    if role in _REFS_OF and _refs(column) > _MOST:
        return _REFS_OF[role]
    return role


def _choose(roles: list[ColumnRole | None], headings: Sequence[str], columns: Sequence[Sequence[str]]) -> None:
    """Let one column hold what only one can: the first of them; of texts the one called a criterion, or the longest."""
    for role in set(roles) - {None, *OFTEN}:
        for place in [place for place, held in enumerate(roles) if held is role][1:]:
            roles[place] = None
    texts = [place for place, held in enumerate(roles) if held is ColumnRole.TEXT]
    if len(texts) < 2 or all(_LEVEL.fullmatch(headings[place].strip()) for place in texts):
        return
    called = [place for place in texts if re.match(_CRITERION, _words(headings[place]))]
    best = max(called or texts, key=lambda place: _length(columns[place]))
    for place in texts:
        if place != best:
            roles[place] = None


def _widen(roles: list[ColumnRole | None], headings: Sequence[str], columns: Sequence[Sequence[str]]) -> None:
    """Take the texts beside references for what the heading over both says: such headings are merged cells."""
    for text, ref in _REFS_OF.items():
        if text not in roles and ref in roles:
            beside = roles.index(ref) + 1
            if beside < len(roles) and roles[beside] is None and not headings[beside].strip():
                column = columns[beside]
                if any(cell.strip() for cell in column) and _refs(column) < _MOST:
                    roles[beside] = text


def _fill(roles: list[ColumnRole | None], columns: Sequence[Sequence[str]]) -> None:
    """Find texts, references and kinds by what stands in the columns, where no heading told."""
    if ColumnRole.TEXT not in roles:
        free = _texts(roles, columns)
        if free:
            roles[max(free, key=lambda place: _length(columns[place]))] = ColumnRole.TEXT
        elif ColumnRole.OUTCOME in roles:
            # Outcomes alone are what the table lists, with their references.
            roles[roles.index(ColumnRole.OUTCOME)] = ColumnRole.TEXT
            if ColumnRole.OUTCOME_REF in roles and ColumnRole.REF not in roles:
                roles[roles.index(ColumnRole.OUTCOME_REF)] = ColumnRole.REF
    if ColumnRole.TEXT not in roles:
        return
    text = roles.index(ColumnRole.TEXT)
    if ColumnRole.REF not in roles:
        before = [place for place in range(text) if roles[place] is None and _refs(columns[place]) > _MOST]
        if before:
            roles[before[-1]] = ColumnRole.REF
    if ColumnRole.KIND not in roles:
        for place, column in enumerate(columns):
            words = {cell.strip().casefold() for cell in column if cell.strip()}
            if roles[place] is None and words and words <= _KIND_WORDS:
                roles[place] = ColumnRole.KIND
                break


def _words(heading: str) -> str:
    return " ".join(_NOT_WORDS.sub(" ", heading.replace("(s)", "s").casefold()).split())


def _texts(roles: Sequence[ColumnRole | None], columns: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns without a role that hold sentences."""
    return [
        place
        for place, column in enumerate(columns)
        if roles[place] is None and _length(column) >= _TEXT_FROM and _refs(column) < 0.5
    ]


def _length(column: Iterable[str]) -> float:
    lengths = [len(cell.strip()) for cell in column if cell.strip()]
    return fmean(lengths) if lengths else 0.0


def _refs(column: Iterable[str]) -> float:
    """Return the share of cells that look like references, of those that are not empty."""
    filled = [cell.strip() for cell in column if cell.strip()]
    return sum(map(_is_ref, filled)) / len(filled) if filled else 0.0


def _is_ref(cell: str) -> bool:
    return len(cell) <= _LONGEST_REF and _REF.fullmatch(cell) is not None


def _columns(rows: Sequence[Sequence[str]], header: int | None) -> list[list[str]]:
    """Return what stands in each column under the headings, as far as it is looked at."""
    width = min(max(map(len, rows), default=0), MOST_COLUMNS)
    body = [_padded(row, width) for row in rows[0 if header is None else header + 1 :][:_ROWS_LOOKED_AT]]
    return [[row[place] for row in body] for place in range(width)]


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]
