"""What was typed into a form, checked against the form's definition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from portfolio_app.domain.dates import PartialDate
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import EvidenceKind, FieldDefinition, FieldType, FieldValue
from portfolio_app.domain.quantities import read_quantity

_YES_NO = {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"}
_CELL_BREAK = re.compile(r"(?<!\\)\|")
_NAMED_CELL = re.compile(r"\s*([A-Za-z][\w -]*?)\s*=")


def parse_field(definition: FieldDefinition, text: str) -> FieldValue:
    """Return what was typed as it is stored; for a table, the one row that was typed.

    A row is ``first | second | third`` in the order of the columns, ``column=value; column=value``, or a JSON object.

    Raises:
        InvalidInput: the text does not fit the definition.
    """
    if definition.type is FieldType.TABLE:
        return (_parse_row(definition, text),)
    return _parse_value(definition, text)


def collect_fields(kind: EvidenceKind, assignments: Iterable[str]) -> dict[str, FieldValue]:
    """Return the fields given as ``NAME=VALUE``; naming a table again adds a row.

    Raises:
        InvalidInput: an assignment has no ``=``, names no field of the kind, repeats a field that is not a table,
            or its value does not fit.
    """
    fields: dict[str, FieldValue] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        name = name.strip()
        if not equals:
            raise InvalidInput(f"“{assignment}” has no “=”; write a field as NAME=VALUE.")
        definition = _definition_of(kind, name)
        value = parse_field(definition, text)
        earlier = fields.get(definition.name)
        if isinstance(earlier, tuple) and isinstance(value, tuple):
            value = earlier + value
        elif earlier is not None:
            raise InvalidInput(f"The field “{definition.name}” was given twice.")
        fields[definition.name] = value
    return fields


def validate_fields(
    kind: EvidenceKind, fields: Mapping[str, FieldValue], stored: Mapping[str, FieldValue] | None = None
) -> tuple[str, ...]:
    """Return what is wrong with given fields, one sentence each.

    An empty field is never wrong: gaps tell of it, and a field that an earlier kind had can be cleared. What stands
    in ``stored`` already is not asked about again, nor are cells of columns that only an earlier kind had: an item
    can change its kind, and a kind its form, without anything being lost.
    """
    problems: list[str] = []
    for name, value in fields.items():
        before = (stored or {}).get(name, "")
        if not value or value == before:
            continue
        try:
            definition = _definition_of(kind, name)
            if definition.type is FieldType.TABLE:
                if isinstance(value, str):
                    raise InvalidInput(f"“{definition.label}” is a table and needs rows.")  # noqa: TRY301
                known = {cell for row in before if not isinstance(row, str) for cell in row.items()}
                for row in value:
                    new = {name: cell for name, cell in row.items() if (name, cell) not in known}
                    _check_cells(definition, {name: new[name] for name in new if _named(definition.columns, name)})
            elif not isinstance(value, str):
                raise InvalidInput(f"“{definition.label}” is not a table and cannot have rows.")  # noqa: TRY301
            else:
                _parse_value(definition, value)
        except InvalidInput as error:
            problems.append(str(error))
    return tuple(problems)


def _definition_of(kind: EvidenceKind, name: str) -> FieldDefinition:
    definition = _named(kind.fields, name)
    if definition is None:
        raise InvalidInput(f"“{kind.title}” has no field “{name}” (its fields: {_names(kind.fields) or 'none'}).")
    return definition


def _parse_value(definition: FieldDefinition, text: str) -> str:
    typed = text.strip()
    if not typed:
        return ""
    match definition.type:
        case FieldType.DATE:
            try:
                PartialDate.parse(typed)
            except InvalidInput as error:
                raise InvalidInput(f"“{definition.label}”: {error}") from None
        case FieldType.NUMBER:
            if read_quantity(typed) is None:
                raise InvalidInput(f"“{definition.label}” must be a number, and “{_shown(typed)}” is not.")
        case FieldType.CHOICE:
            for choice in definition.choices:
                if choice.casefold() == typed.casefold():
                    return choice
            known = ", ".join(f"“{choice}”" for choice in definition.choices)
            raise InvalidInput(f"“{definition.label}” cannot be “{_shown(typed)}”; choose one of {known}.")
        case FieldType.YES_NO:
            if (answer := _YES_NO.get(typed.casefold())) is None:
                raise InvalidInput(f"“{definition.label}” must be yes or no, and “{_shown(typed)}” is neither.")
            return answer
        case FieldType.TEXT | FieldType.PERSON:
            return " ".join(typed.split())
        case FieldType.LONG_TEXT | FieldType.TABLE:
            pass
    return typed


def _parse_row(definition: FieldDefinition, text: str) -> dict[str, str]:
    typed = text.strip()
    if not typed:
        raise InvalidInput(f"“{definition.label}” was given an empty row.")
    if typed.startswith("{"):
        cells = _json_cells(definition, typed)
    elif (match := _NAMED_CELL.match(typed)) and (
        _named(definition.columns, match[1]) or not _CELL_BREAK.search(typed)
    ):
        cells = _named_cells(definition, typed)
    else:
        cells = _listed_cells(definition, typed)
    checked = _check_cells(definition, cells)
    if not checked:
        raise InvalidInput(f"“{definition.label}” was given an empty row.")
    return checked


def _json_cells(definition: FieldDefinition, typed: str) -> dict[str, str]:
    try:
        data = json.loads(typed)
    except (ValueError, RecursionError):
        raise InvalidInput(f"“{definition.label}”: the row begins with “{{” but is not a JSON object.") from None
    cells: dict[str, str] = {}
    for name, value in data.items():
        if isinstance(value, bool):
            cells[name] = "yes" if value else "no"
        elif isinstance(value, str | int | float):
            cells[name] = str(value)
        elif value is not None:
            raise InvalidInput(f"“{definition.label}”: “{name}” must be a text or a number.")
    return cells


def _named_cells(definition: FieldDefinition, typed: str) -> dict[str, str]:
    cells: dict[str, str] = {}
    last = ""
    for piece in typed.split(";"):
        match = _NAMED_CELL.match(piece)
        if match and (not last or _named(definition.columns, match[1])):
            name = _column_of(definition, match[1]).name
            if name in cells:
                raise InvalidInput(f"“{definition.label}”: the column “{name}” was given twice in one row.")
            cells[name] = piece[match.end() :]
            last = name
        else:
            # A semicolon inside a text: it belongs to the cell before.
            cells[last] += f";{piece}"
    return cells


def _listed_cells(definition: FieldDefinition, typed: str) -> dict[str, str]:
    pieces = [piece.replace("\\|", "|") for piece in _CELL_BREAK.split(typed)]
    if len(pieces) > len(definition.columns):
        order = " | ".join(column.name for column in definition.columns)
        raise InvalidInput(f"“{definition.label}” has {len(definition.columns)} columns ({order}), not {len(pieces)}.")
    return {column.name: piece for column, piece in zip(definition.columns, pieces, strict=False)}


def _check_cells(definition: FieldDefinition, cells: Mapping[str, str]) -> dict[str, str]:
    given = {_column_of(definition, name).name: text for name, text in cells.items()}
    checked: dict[str, str] = {}
    for column in definition.columns:
        try:
            value = _parse_value(column, given.get(column.name, ""))
        except InvalidInput as error:
            raise InvalidInput(f"In “{definition.label}”: {error}") from None
        if value:
            checked[column.name] = value
    return checked


def _named(definitions: Sequence[FieldDefinition], name: str) -> FieldDefinition | None:
    wanted = _plain(name)
    return next((found for found in definitions if wanted in (found.name, _plain(found.label))), None)


def _column_of(definition: FieldDefinition, name: str) -> FieldDefinition:
    column = _named(definition.columns, name)
    if column is None:
        raise InvalidInput(f"“{definition.label}” has no column “{name}” (its columns: {_names(definition.columns)}).")
    return column


def _names(definitions: Sequence[FieldDefinition]) -> str:
    return ", ".join(definition.name for definition in definitions)


def _plain(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
