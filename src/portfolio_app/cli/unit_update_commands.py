"""Making a unit a newer version of itself: what changed, and what is to become of what is not there any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, reading
from portfolio_app.cli.output import say, say_json, say_table, say_wrapped
from portfolio_app.cli.parameters import Columns, Folder, Json, Nesting, Sheet, UnitCode
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import Requirement, Unit, find_requirement

if TYPE_CHECKING:
    from portfolio_app.domain.unit_versions import MatchedRequirement
    from portfolio_app.domain.word_changes import Passage
    from portfolio_app.services.column_imports import ColumnsSaid
    from portfolio_app.services.unit_versions import Answer, UnitUpdate, UpdatedUnit


class Removed(StrEnum):
    """What becomes of requirements with claims that the newer version does not have."""

    KEEP = "keep"
    REMOVE = "remove"


def update(
    folder: Folder,
    unit: UnitCode,
    source: Annotated[
        str,
        typer.Argument(metavar="FILE", help="The newer version: any file that “unit import” reads, or a library unit."),
    ],
    removed: Annotated[
        Removed | None,
        typer.Option(
            "--removed",
            help="What becomes of requirements that are gone and have claims: keep them at the end of what they stood "
            "under, or remove them with their claims. What has a decision is kept in any case.",
        ),
    ] = None,
    move: Annotated[
        list[str] | None,
        typer.Option(
            "--move",
            metavar="OLD=NEW",
            help="Move the claims of a requirement that is gone to one of the newer version; may be repeated.",
        ),
    ] = None,
    apart: Annotated[
        list[str] | None,
        typer.Option(
            "--apart",
            metavar="OLD=NEW",
            help="Take these two for different requirements, though they look alike; may be repeated.",
        ),
    ] = None,
    columns: Columns = "",
    sheet: Sheet = "",
    nesting: Nesting = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Make a unit a newer version of itself: what is in both keeps its claims, and what changed is shown."""
    from portfolio_app.domain.qualification import find_unit
    from portfolio_app.services.column_imports import ColumnsSaid
    from portfolio_app.services.unit_versions import UpdatedUnit, compare_newer, newer_among, update_unit
    from portfolio_app.services.units import list_units

    found = _read(source, ColumnsSaid(columns, sheet, nesting))
    with (reading if dry_run else editing)(folder) as portfolio:
        current = find_unit(list_units(portfolio), unit)
        newer = newer_among(current, [each for each, _ in found])
        doubts = next(said for each, said in found if each.requirements == newer.requirements)
        pairs = {(old.id, new.id) for old, new in _pairs(current, newer, apart or [], "--apart")}
        compared = compare_newer(portfolio, current.code, newer, pairs)
        answers = _answers(compared, removed, move or [])
        if dry_run:
            done = UpdatedUnit(compared.comparison.after, compared)
        else:
            _refuse_unanswered(compared, answers)
            done, _ = update_unit(portfolio, current.code, newer, answers, pairs)
        if as_json:
            say_json(_json(done, answers, doubts, stored=not dry_run))
            return
        _say(done, answers, doubts)
        say(_outcome(done, dry_run=dry_run))


@contextmanager
def naming_update() -> Iterator[None]:
    """Say, where a unit is refused because it is there already, that there is a command to bring it up to date."""
    from portfolio_app.services.unit_checking import UnitIsThere

    try:
        yield
    except UnitIsThere as error:
        if not error.code:
            raise
        raise InvalidInput(f"{error} “unit update” makes {error.code} a newer version of itself.") from error


def _read(source: str, said: ColumnsSaid) -> list[tuple[Unit, tuple[str, ...]]]:
    """Return the units of a file, or one of the library, each with what is doubtful in it."""
    from portfolio_app.services.library import unit_library
    from portfolio_app.services.unit_drafts import doubts, draft_of_import
    from portfolio_app.services.unit_sources import import_units, unit_from

    if any(entry.id.casefold() == source.strip().casefold() for entry in unit_library()):
        return [(unit_from(source), ())]
    found = import_units(Path(source), said=said).units
    # That a source does not say its title is no doubt here: the unit has one.
    titled = [replace(each, warnings=draft_of_import(each).warnings) for each in found]
    return [(each.unit, tuple(warning.sentence for warning in doubts(each))) for each in titled]


def _pairs(before: Unit, after: Unit, given: Iterable[str], option: str) -> Iterator[tuple[Requirement, Requirement]]:
    for text in given:
        old, sign, new = text.partition("=")
        if not sign:
            raise InvalidInput(f"“{text}” is no pair for {option}; write it as OLD=NEW, such as 1.2=1.3.")
        yield _requirement(before, old), _requirement(after, new)


def _requirement(unit: Unit, text: str) -> Requirement:
    """Return the requirement at an address, which may leave out the unit's code."""
    code = f"{unit.code}/"
    rest = text.strip()
    rest = rest[len(code) :] if rest.casefold().startswith(code.casefold()) else rest
    return find_requirement([unit], code + rest)[1]


def _answers(compared: UnitUpdate, removed: Removed | None, move: Sequence[str]) -> dict[str, Answer]:
    from portfolio_app.services.unit_versions import Answer, Removal

    comparison = compared.comparison
    answers = {}
    for each in compared.questions if removed else ():
        keeps = removed is Removed.KEEP or compared.on(each.requirement).decisions
        answers[each.requirement.id] = Answer(Removal.KEEP if keeps else Removal.REMOVE)
    gone = {each.requirement.id for each in comparison.removed}
    for old, new in _pairs(comparison.before, comparison.after, move, "--move"):
        if old.id not in gone:
            address = comparison.before.addresses()[old.id]
            raise InvalidInput(f"{address} is in the newer version too, so its claims stay where they are.")
        answers[old.id] = Answer(Removal.MOVE, new.id)
    return answers


def _refuse_unanswered(compared: UnitUpdate, answers: dict[str, Answer]) -> None:
    unanswered = [each for each in compared.questions if each.requirement.id not in answers]
    if unanswered:
        said = "; ".join(f"{each.address} ({compared.on(each.requirement)})" for each in unanswered)
        raise InvalidInput(
            f"Not in the newer version: {said}. Give --removed keep, --removed remove, or --move OLD=NEW for each; "
            "--dry-run shows everything that changes."
        )


def _say(done: UpdatedUnit, answers: dict[str, Answer], doubts: Sequence[str]) -> None:
    compared, comparison = done.update, done.update.comparison
    say_wrapped(f"{comparison.before.code} {comparison.before.title}: {_counted(compared)}.")
    if comparison.facts:
        _say_group("Facts", [(fact.name, f"{fact.before or '(none)'} → {fact.after}") for fact in comparison.facts])
    _say_group("Reworded", [(_name(each), _words(each)) for each in comparison.reworded])
    only = [each for each in comparison.matched if not each.is_reworded]
    _say_group("Renumbered", [(_name(each), each.after.text) for each in only if each.is_renumbered])
    _say_group("Moved", [(_name(each), each.after.text) for each in only if each.is_moved and not each.is_renumbered])
    _say_group("New", [(each.address, each.requirement.text) for each in comparison.new])
    _say_group(
        "Removed",
        [
            (each.address, f"{each.requirement.text}\n{_fate(compared, each.requirement, answers)}".strip())
            for each in comparison.removed
        ],
    )
    worth_a_look = [*compared.warnings, *doubts]
    if worth_a_look:
        say()
        say_table(("Worth a look",), [(sentence,) for sentence in worth_a_look])
    say()


def _say_group(heading: str, rows: Sequence[tuple[str, str]]) -> None:
    if rows:
        say()
        say_table((heading, ""), rows)


def _counted(compared: UnitUpdate) -> str:
    comparison = compared.comparison
    if comparison.is_same:
        return "nothing changed"
    counts = (
        (len(comparison.unchanged), "unchanged"),
        (len(comparison.reworded), "reworded"),
        (len(comparison.renumbered), "renumbered"),
        (len(comparison.moved), "moved"),
        (len(comparison.of_other_kind), "of another kind"),
        (len(comparison.new), "new"),
        (len(comparison.removed), "not there any more"),
        (len(comparison.new_guidance), "new pieces of guidance"),
        (len(comparison.removed_guidance), "pieces of guidance not there any more"),
    )
    return ", ".join(f"{count:,} {word}" for count, word in counts if count)


def _name(each: MatchedRequirement) -> str:
    return each.new_address if each.old_address == each.new_address else f"{each.old_address} → {each.new_address}"


def _words(each: MatchedRequirement) -> str:
    from portfolio_app.domain.word_changes import word_change

    lines = []
    if each.before.text.split() != each.after.text.split():
        change = word_change(each.before.text, each.after.text)
        lines += [f"- {_marked(change.before, '[-', '-]')}", f"+ {_marked(change.after, '{+', '+}')}"]
    lines += [f"- part {part.text}" for part in each.parts.removed]
    lines += [f"+ part {part.text}" for part in each.parts.new]
    lines += [f"  part {part.text} → {text}" for part, text in each.parts.reworded]
    return "\n".join(lines)


def _marked(passages: Iterable[Passage], begin: str, end: str) -> str:
    """Return a text with what changed between signs, as ``git diff --word-diff`` has them."""
    said = ""
    for passage in passages:
        words = passage.text.rstrip()
        said += f"{begin}{words}{end}{passage.text[len(words) :]}" if passage.changed and words else passage.text
    return said


def _fate(compared: UnitUpdate, requirement: Requirement, answers: dict[str, Answer]) -> str:
    from portfolio_app.services.unit_versions import Removal

    hanging, answer = compared.on(requirement), answers.get(requirement.id)
    said = str(hanging)
    if answer is not None:
        fate = {Removal.KEEP: "kept", Removal.REMOVE: "removed"}.get(answer.removal)
        if fate is None:
            addresses = compared.comparison.after.addresses()
            fate = f"claims move to {addresses[answer.to_id]}"
        return f"({said}: {fate})" if said else f"({fate})"
    if hanging.needs_answer:
        is_former = any(each.is_former for each in compared.comparison.removed if each.requirement.id == requirement.id)
        return f"({said}: {'kept, as before' if is_former else 'say what becomes of it'})"
    return f"({said})" if said else ""


def _outcome(done: UpdatedUnit, *, dry_run: bool) -> str:
    if dry_run:
        return "Nothing was stored."
    if done.update.comparison.is_same and done.unit == done.update.comparison.before:
        return "There was nothing to store."
    parts = [f"Updated {done.unit.code} {done.unit.title}"]
    parts += [f"kept {', '.join(done.kept)}"] if done.kept else []
    parts += [f"moved {_claims(done.moved)}"] if done.moved else []
    parts += [f"removed {_claims(done.removed)}"] if done.removed else []
    return f"{'; '.join(parts)}."


def _claims(count: int) -> str:
    return f"{count:,} claim{'' if count == 1 else 's'}"


def _json(done: UpdatedUnit, answers: dict[str, Answer], doubts: Sequence[str], *, stored: bool) -> dict[str, Any]:
    compared, comparison = done.update, done.update.comparison
    targets = comparison.after.addresses()
    return {
        "stored": stored,
        "same": comparison.is_same,
        "facts": [{"name": fact.name, "before": fact.before, "after": fact.after} for fact in comparison.facts],
        "requirements": [_matched_json(compared, each) for each in comparison.matched],
        "new": [{"address": each.address, "text": each.requirement.text} for each in comparison.new],
        "removed": [
            {
                "address": each.address,
                "text": each.requirement.text,
                "claims": compared.on(each.requirement).claims,
                "claims_in_bin": compared.on(each.requirement).binned,
                "decisions": compared.on(each.requirement).decisions,
                "dismissals": compared.on(each.requirement).dismissals,
                "former": each.is_former,
                "nearest": targets.get(each.nearest_id),
                "answer": answer.removal.value if (answer := answers.get(each.requirement.id)) else None,
                "moved_to": targets.get(answer.to_id) if answer else None,
            }
            for each in comparison.removed
        ],
        "guidance": {"new": len(comparison.new_guidance), "removed": len(comparison.removed_guidance)},
        "warnings": [*compared.warnings, *doubts],
        "kept": list(done.kept),
        "claims_moved": done.moved,
        "claims_removed": done.removed,
        "unit": json_views.unit(done.unit),
    }


def _matched_json(compared: UnitUpdate, each: MatchedRequirement) -> dict[str, Any]:
    flags = {
        "reworded": each.is_reworded,
        "renumbered": each.is_renumbered,
        "moved": each.is_moved,
        "of_other_kind": each.is_of_other_kind,
    }
    return {
        "address": each.new_address,
        "old_address": each.old_address,
        "changes": [name for name, is_so in flags.items() if is_so],
        "before": each.before.text,
        "after": each.after.text,
        "parts": {
            "new": [part.text for part in each.parts.new],
            "removed": [part.text for part in each.parts.removed],
            "reworded": [{"before": part.text, "after": text} for part, text in each.parts.reworded],
        },
        "claims": compared.on(each.before).claims,
        "decided": compared.on(each.before).decision is not None,
    }
