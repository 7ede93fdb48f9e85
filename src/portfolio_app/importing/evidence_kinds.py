"""Evidence kinds from TOML files: a file added to a folder is a new kind with its own form."""

from __future__ import annotations

import re
from pathlib import Path

from portfolio_app.domain.evidence import (
    Chart,
    ChartType,
    EvidenceKind,
    FieldDefinition,
    FieldType,
    WitnessQuestion,
)
from portfolio_app.domain.qualification import AssessmentMethod
from portfolio_app.importing.toml_tables import TomlTable, read_toml
from portfolio_app.paths import resources_dir

_KIND_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WITNESSED_TYPES = {
    WitnessQuestion.OCCASION: FieldType.TEXT,
    WitnessQuestion.SEEN: FieldType.DATE,
    WitnessQuestion.RELATION: FieldType.TEXT,
    WitnessQuestion.CONTACT: FieldType.YES_NO,
}


def load_kinds(*extra_folders: Path) -> dict[str, EvidenceKind]:
    """Return the program's kinds and those of further folders by id, in the order of their titles.

    A kind in a later folder replaces one of the same id. A folder that does not exist has none.

    Raises:
        InvalidInput: a file is not a sound kind; the sentence names the file and what is wrong.
    """
    kinds: dict[str, EvidenceKind] = {}
    for folder in (resources_dir() / "evidence_kinds", *extra_folders):
        files: dict[str, str] = {}
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            table = read_toml(path)
            kind = _kind(table)
            if kind.id in files:
                raise table.problem(f"the id “{kind.id}” is already used by {files[kind.id]} in the same folder")
            files[kind.id] = path.name
            kinds[kind.id] = kind
    return {kind.id: kind for kind in sorted(kinds.values(), key=lambda kind: (kind.title.casefold(), kind.id))}


def read_kind(path: Path) -> EvidenceKind:
    """Read one kind.

    Raises:
        InvalidInput: it is not a sound kind; the sentence names the file and what is wrong.
    """
    return _kind(read_toml(path))


def _kind(table: TomlTable) -> EvidenceKind:
    kind_id = table.text("id", required=True)
    if not _KIND_ID.fullmatch(kind_id):
        raise table.problem(f"the id “{kind_id}” must be of lower-case letters, digits and single hyphens")
    kind = EvidenceKind(
        id=kind_id,
        title=table.text("title", required=True),
        description=table.text("description", required=True),
        method=table.choice("method", AssessmentMethod),
        own_word=table.flag("own_word"),
        witnessed=table.flag("witnessed"),
        planning=table.flag("planning"),
        body_label=table.text("body_label") or "Notes",
        body_prompts=table.texts("body_prompts"),
        fields=_definitions(table, "fields", in_table=False),
        file_words=table.texts("file_words"),
    )
    table.finish()
    return kind


def _definitions(table: TomlTable, key: str, *, in_table: bool) -> tuple[FieldDefinition, ...]:
    found: list[FieldDefinition] = []
    for definition_table in table.tables(key):
        definition = _definition(definition_table, in_table=in_table)
        if any(other.name == definition.name for other in found):
            raise table.problem(f"“{definition.name}” stands twice in “{key}”")
        if definition.witness and any(other.witness is definition.witness for other in found):
            raise table.problem(f"two of “{key}” take the witness’s answer “{definition.witness}”")
        found.append(definition)
    return tuple(found)


def _definition(table: TomlTable, *, in_table: bool) -> FieldDefinition:
    name = table.text("name", required=True)
    table.at(f"{table.place.removeprefix(', ')} {'column' if in_table else 'field'} “{name}”".strip())
    if not _NAME.fullmatch(name):
        raise table.problem("a name must be of lower-case letters, digits and underscores, with a letter first")
    field_type = table.choice("type", FieldType)
    if in_table and field_type is FieldType.TABLE:
        raise table.problem("a column cannot be a table itself")
    columns = _definitions(table, "columns", in_table=True)
    chart_table = table.table("chart")
    definition = FieldDefinition(
        name=name,
        type=field_type,
        label=table.text("label", required=True),
        help=table.text("help"),
        required=table.flag("required"),
        prompts=table.texts("prompts"),
        choices=table.texts("choices"),
        columns=columns,
        rows=table.texts("rows"),
        chart=_chart(chart_table, columns) if chart_table else None,
        witness=_question(table, field_type, in_table=in_table),
    )
    table.finish()
    _check(table, definition)
    return definition


def _question(table: TomlTable, field_type: FieldType, *, in_table: bool) -> WitnessQuestion | None:
    written = table.text("witness")
    if not written:
        return None
    question = table.option("witness", written, WitnessQuestion)
    wanted = _WITNESSED_TYPES[question]
    if in_table:
        raise table.problem("a column takes no answer of a witness")
    if field_type is not wanted:
        raise table.problem(f"only a field of type “{wanted}” takes the witness’s answer “{question}”")
    return question


def _check(table: TomlTable, definition: FieldDefinition) -> None:
    if definition.type is FieldType.CHOICE:
        if len({choice.casefold() for choice in definition.choices}) < max(2, len(definition.choices)):
            raise table.problem("a choice needs at least two different “choices”")
    elif definition.choices:
        raise table.problem("only a field of type “choice” has “choices”")
    if definition.type is FieldType.TABLE:
        if not definition.columns:
            raise table.problem("a table needs at least one of “columns”")
    elif definition.columns or definition.rows or definition.chart:
        raise table.problem("only a field of type “table” has “columns”, “rows” or a “chart”")


def _chart(table: TomlTable, columns: tuple[FieldDefinition, ...]) -> Chart:
    chart = Chart(
        type=table.choice("type", ChartType),
        title=table.text("title", required=True),
        label=table.text("label", required=True),
        values=table.texts("values"),
        group=table.text("group"),
    )
    table.finish()
    types = {column.name: column.type for column in columns}
    for column in (chart.label, *chart.values, *([chart.group] if chart.group else [])):
        if column not in types:
            raise table.problem(f"the chart names the column “{column}”, which the table does not have")
    wanted, words = (
        (FieldType.DATE, "two date columns, the start and the end")
        if chart.type is ChartType.GANTT
        else (FieldType.NUMBER, "at least one number column")
    )
    count_fits = len(chart.values) == 2 if chart.type is ChartType.GANTT else bool(chart.values)
    if not count_fits or any(types[column] is not wanted for column in chart.values):
        raise table.problem(f"the “values” of a {chart.type} chart must be {words}")
    return chart
