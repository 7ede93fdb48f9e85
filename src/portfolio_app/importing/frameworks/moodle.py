"""Moodle competency frameworks (CSV of 14 columns, or of the older 12).

The columns go by place. One row is the framework, all others are competencies, each under the one that its parent
ID number names. ID number and short name are cut at 100 characters, so the description is the full text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Unit
from portfolio_app.importing.frameworks.html_words import words_of
from portfolio_app.importing.frameworks.statements import Findings, Statement, requirements_of
from portfolio_app.importing.imported_unit import ImportedUnit

_PARENT, _ID, _SHORT_NAME, _DESCRIPTION, _RELATED = 0, 1, 2, 3, 10
_IS_FRAMEWORK = {14: 12, 12: 10}
_LARGEST_CELL = 1_000_000
_TAXONOMIES = frozenset(
    {"behaviour", "competency", "concept", "domain", "indicator", "level", "outcome", "practice", "proficiency"}
    | {"skill", "value"}
)


def is_moodle(text: str) -> bool:
    """Return whether a text is a competency framework as Moodle writes it, whatever the language of its headings."""
    try:
        rows = _rows(text)
        columns = len(next(rows, ()))
        place = _IS_FRAMEWORK.get(columns)
        return place is not None and any(len(row) == columns and row[place].strip() == "1" for row in rows)
    except csv.Error:
        return False


def read_moodle(text: str, name: str) -> ImportedUnit:
    """Read a framework of Moodle's; ``name`` is the file's.

    Raises:
        InvalidInput: it cannot be read as CSV, or holds no competency.
    """
    try:
        head, *rows = list(_rows(text))
    except csv.Error as error:
        raise InvalidInput(f"“{name}” cannot be read as a Moodle framework ({error}).") from error
    columns = len(head)
    findings = Findings()
    whole = [row for row in rows if len(row) == columns]
    findings.say_of(
        [" ".join(row)[:60] for row in rows if len(row) != columns and any(cell.strip() for cell in row)],
        "The row “{}” has another number of columns, so it was left out.",
        "{} rows have another number of columns, so they were left out: {}.",
    )
    frameworks = [row for row in whole if row[_IS_FRAMEWORK[columns]].strip() == "1"]
    competencies = [row for row in whole if row not in frameworks]
    if not competencies:
        raise InvalidInput(f"“{name}” is a Moodle framework without any competency, so there is nothing to import.")
    if len(frameworks) != 1:
        findings.say(
            f"{'No row' if not frameworks else f'{len(frameworks):,} rows'} of the file "
            f"{'say' if len(frameworks) > 1 else 'says'} that it is the framework; exactly one should."
        )
    framework = frameworks[0] if frameworks else [""] * columns
    statements = _statements(competencies, _kinds(framework[-1]))
    related = sum(1 for row in competencies if columns == 14 and row[_RELATED].strip())
    if related:
        findings.say(f"Cross-references of {related:,} competencies were not taken over: a unit has none.")
    unit = Unit(
        id=new_id(),
        code="",
        title=" ".join(framework[_SHORT_NAME].split()),
        reference=framework[_ID].strip(),
        synopsis=words_of(framework[_DESCRIPTION]),
        source=f"Moodle framework {name}",
        requirements=requirements_of(statements, name, findings),
    )
    return ImportedUnit(unit, tuple(findings.warnings))


def _statements(rows: Sequence[Sequence[str]], kinds: Sequence[str]) -> Iterator[Statement]:
    keys: dict[str, str] = {}
    for place, row in enumerate(rows):
        keys.setdefault(row[_ID].strip(), f"c{place}")
    parents = {
        f"c{place}": keys.get(row[_PARENT].strip(), "?") for place, row in enumerate(rows) if row[_PARENT].strip()
    }
    for place, row in enumerate(rows):
        key = f"c{place}"
        depth = _depth(key, parents)
        yield Statement(
            key,
            parents.get(key, ""),
            # Where the same reference stands under several parents, the ID number is the whole path.
            ref=row[_ID].strip().removeprefix(f"{row[_PARENT].strip()}/"),
            title=row[_SHORT_NAME],
            text=words_of(row[_DESCRIPTION]),
            kind=kinds[depth] if depth < len(kinds) else "",
        )


def _depth(key: str, parents: dict[str, str]) -> int:
    seen = {key}
    while (key := parents.get(key, "")) and key not in seen:
        seen.add(key)
    return len(seen) - 1


def _kinds(taxonomy: str) -> tuple[str, ...]:
    """Return what the framework calls its levels; older files say it in JSON."""
    text = taxonomy.strip()
    try:
        found = json.loads(text)
        words = list(found.values()) if isinstance(found, dict) else found if isinstance(found, list) else []
    except (ValueError, RecursionError):
        words = text.split(",")
    kinds = tuple(word.strip().casefold() if isinstance(word, str) else "" for word in words)
    return tuple(kind if kind in _TAXONOMIES else "" for kind in kinds)


def _rows(text: str) -> Iterator[list[str]]:
    limit = csv.field_size_limit(_LARGEST_CELL)
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    finally:
        csv.field_size_limit(limit)
