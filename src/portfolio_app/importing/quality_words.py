"""The words by which texts are checked, from TOML files that a centre can edit."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.gaps import RULES_BY_ID
from portfolio_app.domain.phrases import check_phrase
from portfolio_app.domain.quality_words import ADVICE, SHAPES, CheckShape, CheckWords, QualityWords
from portfolio_app.importing.toml_tables import TomlTable, read_toml
from portfolio_app.paths import resources_dir

_MOST_LETTERS = 16_000
"""Characters of all phrases of a check; the program's have a fifth of that. More would take seconds to make ready."""
_ADVICE_SHAPE = CheckShape(tuple(RULES_BY_ID), asks=False)


def load_quality_words(*extra_folders: Path) -> QualityWords:
    """Return the program's word lists, changed by the files of further folders.

    A file there takes the place of the program's for the same check; with ``add = true`` its phrases are added to it.
    A folder that does not exist changes nothing.

    Raises:
        InvalidInput: a file is not sound; the sentence names the file and what is wrong.
    """
    checks: dict[str, CheckWords] = {}
    for folder in (resources_dir() / "quality", *extra_folders):
        files: dict[str, str] = {}
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            table = read_toml(path)
            check_id = table.text("id", required=True)
            if check_id in files:
                raise table.problem(f"the id “{check_id}” is already used by {files[check_id]} in the same folder")
            files[check_id] = path.name
            checks[check_id] = _check(table, check_id, checks.get(check_id))
    return QualityWords(checks.values())


def _check(table: TomlTable, check_id: str, known: CheckWords | None) -> CheckWords:
    shape = _ADVICE_SHAPE if check_id == ADVICE else SHAPES.get(check_id)
    if shape is None:
        names = ", ".join((*SHAPES, ADVICE))
        raise table.problem(f"there is no check “{check_id}” (checks: {names})")
    adds = table.flag("add")
    if adds and known is None:
        raise table.problem("“add” needs a list to be added to, and there is none")
    given = known if adds and known is not None else CheckWords(check_id)
    made = CheckWords(
        check_id,
        _asks(table, shape, given),
        _lists(table, shape, given, adds=adds),
        _numbers(table, shape, given),
        _field(table, shape, given),
    )
    table.finish()
    if sum(map(len, (*chain(*made.asks), *chain(*made.lists.values())))) > _MOST_LETTERS:
        raise table.problem(f"its phrases have more than {_MOST_LETTERS:,} letters together")
    return made


def _asks(table: TomlTable, shape: CheckShape, given: CheckWords) -> tuple[tuple[str, ...], ...]:
    rows = table.tables("asks")
    if rows and not shape.asks:
        raise table.problem("this check is not asked for by requirements, so it has no “asks”")
    found = []
    for row in rows:
        row.at("“asks”")
        found.append(_phrases(row, "any_of"))
        row.finish()
    if not found and shape.asks and not given.asks:
        raise table.problem("“asks” is missing: it says which requirements ask for this check")
    return tuple(found) or given.asks


def _lists(table: TomlTable, shape: CheckShape, given: CheckWords, *, adds: bool) -> dict[str, tuple[str, ...]]:
    lists = table.table("lists") or TomlTable(table.name, {})
    lists.at("“lists”")
    found = {}
    for name in shape.lists:
        phrases = _phrases(lists, name, required=not adds and shape is not _ADVICE_SHAPE)
        found[name] = tuple(dict.fromkeys((*given.lists.get(name, ()), *phrases)))
    lists.finish()
    return {name: phrases for name, phrases in found.items() if phrases}


def _numbers(table: TomlTable, shape: CheckShape, given: CheckWords) -> dict[str, int]:
    numbers = table.table("numbers") or TomlTable(table.name, {})
    numbers.at("“numbers”")
    found = dict(given.numbers)
    for name, (least, most) in shape.numbers.items():
        number = numbers.integer(name, least)
        if number is not None and number > most:
            raise numbers.problem(f"“{name}” must be at most {most:,}")
        if number is None and name not in found:
            raise numbers.problem(f"“{name}” is missing")
        if number is not None:
            found[name] = number
    numbers.finish()
    return found


def _field(table: TomlTable, shape: CheckShape, given: CheckWords) -> str:
    written = table.text("field")
    if written and not shape.has_field:
        raise table.problem("this check has no “field”")
    return written or given.field


def _phrases(table: TomlTable, key: str, *, required: bool = True) -> tuple[str, ...]:
    phrases = table.texts(key)
    if required and not phrases:
        raise table.problem(f"“{key}” is missing or empty")
    for phrase in phrases:
        try:
            check_phrase(phrase)
        except InvalidInput as error:
            raise table.problem(f"in “{key}” {error}") from None
    return phrases
