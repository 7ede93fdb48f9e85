"""Units in TOML: the bundled library, and a centre's own files, out and in again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from portfolio_app.domain.errors import UnknownReference
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import (
    AssessmentMethod,
    Component,
    Guidance,
    GuidanceKind,
    Requirement,
    Unit,
    UnitRules,
)
from portfolio_app.domain.unit_checks import DEEPEST
from portfolio_app.importing.toml_tables import TomlTable, parse_toml, read_toml
from portfolio_app.paths import resources_dir


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """A unit of the library as a list shows it. ``requirements`` counts what evidence is claimed against."""

    id: str
    title: str
    reference: str
    level: str
    credits: int | None
    synopsis: str
    source: str
    is_guidance: bool
    requirements: int


def library(*extra_folders: Path) -> list[LibraryEntry]:
    """Return the bundled units and those of further folders, by title. A later file of the same name replaces one.

    Raises:
        InvalidInput: a file is not a sound unit; the sentence names it.
    """
    entries = []
    for unit_id, path in _files(extra_folders).items():
        unit = read_unit_toml(path)
        entries.append(
            LibraryEntry(
                id=unit_id,
                title=unit.title,
                reference=unit.reference,
                level=unit.level,
                credits=unit.credits,
                synopsis=unit.synopsis,
                source=unit.source,
                is_guidance=unit.is_guidance,
                requirements=sum(1 for _ in unit.leaves()),
            )
        )
    return sorted(entries, key=lambda entry: (entry.title.casefold(), entry.id))


def load_library_unit(unit_id: str, *extra_folders: Path) -> Unit:
    """Return a unit of the library with fresh ids and no code; its source names the id in the library.

    Raises:
        UnknownReference: the library has no such unit.
        InvalidInput: its file is not a sound unit.
    """
    files = _files(extra_folders)
    path = files.get(unit_id.strip().casefold())
    if path is None:
        raise UnknownReference(f"There is no unit “{unit_id}” in the library (it has: {', '.join(files)}).")
    unit = read_unit_toml(path)
    return replace(unit, source=f"{unit.source} Library unit “{path.stem}”.".strip())


def read_unit_toml(path: Path) -> Unit:
    """Read a unit from a TOML file, with fresh ids and no code.

    Raises:
        InvalidInput: it is not a sound unit; the sentence names the file and what is wrong.
    """
    return _unit(read_toml(path))


def parse_unit_toml(text: str, name: str) -> Unit:
    """Read a unit from TOML text; ``name`` is what error sentences call it.

    Raises:
        InvalidInput: it is not a sound unit.
    """
    return _unit(parse_toml(text, name))


def write_unit_toml(unit: Unit) -> str:
    """Return the unit as TOML. Reading it again gives the same unit, except for ids and the unit's code."""
    return "\n".join(_lines(unit)) + "\n"


def _files(extra_folders: tuple[Path, ...]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in (resources_dir() / "units", *extra_folders):
        if folder.is_dir():
            found |= {path.stem.casefold(): path for path in sorted(folder.glob("*.toml"))}
    return found


def _unit(table: TomlTable) -> Unit:
    rules = table.table("rules")
    unit = Unit(
        id=new_id(),
        code="",
        title=table.text("title", required=True),
        reference=table.text("reference"),
        level=table.text("level"),
        credits=table.integer("credits"),
        synopsis=table.text("synopsis"),
        source=table.text("source"),
        is_guidance=table.flag("guidance_only"),
        mandatory=table.flag("mandatory", default=True),
        requirements=_requirements(table, 1),
        guidance=tuple(_guidance(item) for item in table.tables("guidance")),
        rules=_rules(rules) if rules else UnitRules(),
    )
    table.finish()
    return unit


def _requirements(table: TomlTable, depth: int) -> tuple[Requirement, ...]:
    found: list[Requirement] = []
    for item in table.tables("requirements"):
        if depth > DEEPEST:
            raise table.problem(f"requirements can be nested {DEEPEST} deep and no deeper")
        requirement = _requirement(item, depth)
        if any(other.ref.casefold() == requirement.ref.casefold() for other in found):
            raise table.problem(f"the ref “{requirement.ref}” stands twice under the same parent")
        found.append(requirement)
    return tuple(found)


def _requirement(table: TomlTable, depth: int) -> Requirement:
    ref = table.text("ref", required=True)
    table.at(f"requirement “{ref}”")
    requirement = Requirement(
        id=new_id(),
        ref=ref,
        kind=table.text("kind", required=True),
        text=table.text("text", required=True),
        label=table.text("label"),
        components=tuple(Component(new_id(), text) for text in table.texts("components")),
        children=_requirements(table, depth + 1),
        source_page=table.integer("source_page", 1),
        source_line=table.integer("source_line", 1),
    )
    table.finish()
    return requirement


def _guidance(table: TomlTable) -> Guidance:
    table.at("guidance")
    guidance = Guidance(
        kind=table.choice("kind", GuidanceKind),
        text=table.text("text", required=True),
        title=table.text("title"),
    )
    table.finish()
    return guidance


def _rules(table: TomlTable) -> UnitRules:
    table.at("rules")
    usual = UnitRules()
    pieces = table.integer("pieces_per_requirement", 1)
    years = table.integer("currency_years")
    rules = UnitRules(
        required_methods=tuple(
            table.option("required_methods", method, AssessmentMethod) for method in table.texts("required_methods")
        ),
        simulation_allowed=table.flag("simulation_allowed", default=usual.simulation_allowed),
        pieces_per_requirement=usual.pieces_per_requirement if pieces is None else pieces,
        currency_years=usual.currency_years if years is None else years or None,
    )
    table.finish()
    return rules


def _lines(unit: Unit) -> Iterator[str]:
    yield f"title = {_quoted(unit.title)}"
    yield from _texts(reference=unit.reference, level=unit.level)
    if unit.credits is not None:
        yield f"credits = {unit.credits}"
    if unit.is_guidance:
        yield "guidance_only = true"
    if not unit.mandatory:
        yield "mandatory = false"
    yield from _texts(source=unit.source, synopsis=unit.synopsis)
    if unit.rules != UnitRules():
        yield from ("", "[rules]")
        yield f"required_methods = {_list(tuple(unit.rules.required_methods))}"
        yield f"simulation_allowed = {str(unit.rules.simulation_allowed).lower()}"
        yield f"pieces_per_requirement = {unit.rules.pieces_per_requirement}"
        # TOML has no null: nought years stand for “switched off”.
        yield f"currency_years = {unit.rules.currency_years or 0}"
    for requirement in unit.requirements:
        yield from _requirement_lines(requirement, "requirements")
    for guidance in unit.guidance:
        yield from ("", "[[guidance]]")
        yield from _texts(kind=guidance.kind, title=guidance.title, text=guidance.text)


def _requirement_lines(requirement: Requirement, path: str) -> Iterator[str]:
    yield from ("", f"[[{path}]]")
    yield from _texts(ref=requirement.ref, kind=requirement.kind, label=requirement.label, text=requirement.text)
    if requirement.components:
        yield f"components = {_list(tuple(component.text for component in requirement.components))}"
    if requirement.source_page is not None:
        yield f"source_page = {requirement.source_page}"
    if requirement.source_line is not None:
        yield f"source_line = {requirement.source_line}"
    for child in requirement.children:
        yield from _requirement_lines(child, f"{path}.requirements")


def _texts(**texts: str) -> Iterator[str]:
    return (f"{key} = {_quoted(text)}" for key, text in texts.items() if text)


def _list(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"


def _quoted(text: str) -> str:
    # JSON's escapes are all TOML's too; TOML alone forbids a bare delete character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
