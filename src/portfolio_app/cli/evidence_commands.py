"""Commands on evidence: add, edit, list, show, remove, restore."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, kinds_of, reading, text_from
from portfolio_app.cli.output import say, say_facts, say_json, say_table, say_wrapped
from portfolio_app.cli.parameters import (
    Description,
    EvidenceRef,
    Folder,
    Json,
    Location,
    Method,
    Person,
    Standing,
    StandingWord,
    Tag,
    method_from,
    person_from,
)
from portfolio_app.cli.progress import LiveProgress
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.evidence import Evidence, EvidenceKind, FieldValue, StandingKind

Field = Annotated[
    list[str] | None,
    typer.Option(
        "--field",
        metavar="NAME=VALUE",
        help="Fill in a field of the form; may be repeated, and each naming of a table adds a row "
        "(first | second | third, or column=value; column=value).",
    ),
]
Body = Annotated[Path | None, typer.Option("--body", metavar="FILE", help="The text, from a file; - reads it.")]
Attach = Annotated[list[Path] | None, typer.Option("--attach", metavar="FILE", help="Attach a file; may be repeated.")]
Date = Annotated[
    str | None,
    typer.Option("--date", metavar="DATE", help="When it was done: 2026-03-09, March 2026, 2026-03-01 to 2026-03-31."),
]

_SHORT = 60  # characters of a field that is shown beside its name

_STANDINGS = {
    StandingWord.ATTACHED: StandingKind.ATTACHED,
    StandingWord.LINKED: StandingKind.LINKED,
    StandingWord.HELD: StandingKind.HELD,
    StandingWord.SEEN: StandingKind.SEEN,
}


def add(
    folder: Folder,
    kind: Annotated[str, typer.Option(metavar="KIND", help="The kind of evidence; “kinds” lists them.")],
    title: Annotated[str, typer.Option(metavar="TITLE", help="What it is called.")],
    date: Date = None,
    field: Field = None,
    body: Body = None,
    attach: Attach = None,
    person: Person = None,
    standing: Standing = None,
    location: Location = None,
    describe: Description = None,
    tag: Tag = None,
    simulated: Annotated[bool, typer.Option("--simulated", help="It was done in a simulation, not at work.")] = False,
    confidential: Annotated[bool, typer.Option("--confidential", help="It can be left out of exports.")] = False,
    method: Method = None,
    as_json: Json = False,
) -> None:
    """Add an item of evidence: its form, its text, its files and its people."""
    from portfolio_app.services.evidence import EvidenceGiven, add_evidence, show_evidence
    from portfolio_app.services.references import find_kind

    text = text_from(body)
    people = [person_from(words) for words in person or ()]
    with editing(folder) as portfolio:
        chosen = find_kind(kinds_of(portfolio), kind)
        given = EvidenceGiven(
            title=title,
            date=date,
            body=text,
            fields=_fields(chosen, field),
            standing=_STANDINGS[standing] if standing else None,
            location=location,
            standing_description=describe,
            method=method_from(method),
            simulated=simulated,
            confidential=confidential,
            tags=tag,
            people=people,
            files=attach or (),
        )
        with LiveProgress() as progress:
            item, _ = add_evidence(portfolio, chosen, given, progress)
        if as_json:
            say_json(json_views.evidence(show_evidence(portfolio, item.ref)))
            return
        say(f"Added {item.ref} {item.title}{_with_files(item)}.")
        _say_still_empty(item, chosen)


def edit(
    folder: Folder,
    evidence: EvidenceRef,
    title: Annotated[str | None, typer.Option(metavar="TITLE", help="What it is called.")] = None,
    date: Date = None,
    field: Field = None,
    body: Body = None,
    attach: Attach = None,
    detach: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Take an attached file off, by its name; may be repeated.")
    ] = None,
    person: Person = None,
    remove_person: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Take a person off the item; may be repeated.")
    ] = None,
    standing: Standing = None,
    location: Location = None,
    describe: Description = None,
    tag: Tag = None,
    simulated: Annotated[bool | None, typer.Option(help="It was done in a simulation, not at work.")] = None,
    confidential: Annotated[bool | None, typer.Option(help="It can be left out of exports.")] = None,
    method: Method = None,
    as_json: Json = False,
) -> None:
    """Change an item. What is not named stays; an empty value clears; tables and tags are replaced as a whole."""
    from portfolio_app.services.evidence import EvidenceGiven, edit_evidence, show_evidence
    from portfolio_app.services.references import find_kind

    text = text_from(body)
    people = [person_from(words) for words in person or ()]
    with editing(folder) as portfolio:
        kinds = kinds_of(portfolio)
        current = show_evidence(portfolio, evidence).evidence
        given = EvidenceGiven(
            title=title,
            date=date,
            body=text,
            fields=_fields(find_kind(kinds, current.kind), field) if field else {},
            standing=_STANDINGS[standing] if standing else None,
            location=location,
            standing_description=describe,
            method=method_from(method),
            simulated=simulated,
            confidential=confidential,
            tags=tag,
            people=people,
            removed_people=remove_person or (),
            files=attach or (),
            removed_files=detach or (),
        )
        with LiveProgress() as progress:
            item, changes = edit_evidence(portfolio, kinds, evidence, given, progress)
        if as_json:
            say_json(json_views.evidence(show_evidence(portfolio, item.ref)))
        else:
            say(f"Changed {item.ref} {item.title}." if changes else f"{item.ref} is as it was.")


def list_items(
    folder: Folder,
    removed: Annotated[bool, typer.Option("--removed", help="List what was removed and can be restored.")] = False,
    as_json: Json = False,
) -> None:
    """List the evidence."""
    from portfolio_app.services.evidence import list_evidence

    with reading(folder) as portfolio:
        lines = list_evidence(portfolio, binned=removed)
        kinds = kinds_of(portfolio)
    if as_json:
        say_json([json_views.evidence_line(line) for line in lines])
        return
    if not lines:
        say("Nothing was removed." if removed else "There is no evidence yet.")
        return
    say_table(
        ("Ref", "Date", "Kind", "Title", "Files", "Claims"),
        [
            (
                line.ref,
                line.date.replace("/", " to\n"),
                kinds[line.kind].title if line.kind in kinds else line.kind,
                line.title,
                str(line.files or ""),
                str(line.claims or ""),
            )
            for line in lines
        ],
    )


def show(folder: Folder, evidence: EvidenceRef, as_json: Json = False) -> None:
    """Show an item with all that belongs to it."""
    from portfolio_app.services.evidence import show_evidence

    with reading(folder) as portfolio:
        view = show_evidence(portfolio, evidence)
        kinds = kinds_of(portfolio)
    if as_json:
        say_json(json_views.evidence(view))
        return
    item = view.evidence
    kind = kinds.get(item.kind)
    say_wrapped(f"{item.ref} {item.title}")
    facts = [
        ("Kind", kind.title if kind else item.kind),
        ("Date", str(item.date or "")),
        ("Method", item.method or (kind.method if kind else "")),
        ("Where", " – ".join(filter(None, (item.standing.kind, item.standing.location, item.standing.description)))),
        ("Notes", ", ".join(word for word in ("simulated", "confidential") if getattr(item, word))),
        ("Tags", ", ".join(item.tags)),
    ]
    for involvement in item.people:
        person = view.people[involvement.person_id]
        described = ", ".join(filter(None, (person.name, person.role, person.organisation, person.relation)))
        signed = f", signed {involvement.signed_on}" if involvement.signed_on else ", not signed"
        facts.append((involvement.part.value.capitalize(), f"{described}{signed}"))
    facts += [("File", f"{attachment.name} ({_size(attachment.size)})") for attachment in item.attachments]
    facts += [
        (_label(kind, name), value)
        for name, value in item.fields.items()
        if isinstance(value, str) and len(value) <= _SHORT
    ]
    say()
    say_facts([(name, words) for name, words in facts if words])
    for name, value in item.fields.items():
        if isinstance(value, str) and len(value) <= _SHORT:
            continue
        say()
        say(f"{_label(kind, name)}:")
        _say_field(kind, name, value)
    if item.body:
        say()
        say(f"{kind.body_label if kind else 'Notes'}:")
        say_wrapped(item.body, "  ")
    if view.versions:
        say()
        say_table(
            ("Earlier version", "Until", "Why there is a newer one"),
            [
                (str(version.number), day_in_words(version.made_at.astimezone().date()), version.reason)
                for version in view.versions
            ],
        )
    if view.claims:
        say()
        say_table(
            ("Claimed for", "Where", "Why and quotation"),
            [
                (
                    placed.address,
                    str(placed.claim.locator),
                    "\n".join(
                        filter(None, (placed.claim.why, placed.claim.quotation and f"“{placed.claim.quotation}”"))
                    ),
                )
                for placed in view.claims
            ],
        )


def remove(folder: Folder, evidence: EvidenceRef, as_json: Json = False) -> None:
    """Remove an item; its claims stop counting. “evidence restore” or “undo” brings it back."""
    from portfolio_app.services.evidence import remove_evidence

    with editing(folder) as portfolio:
        item, _ = remove_evidence(portfolio, evidence)
        if as_json:
            say_json({"removed": item.ref, "title": item.title})
        else:
            say(f"Removed {item.ref} {item.title}.")


def restore(folder: Folder, evidence: EvidenceRef, as_json: Json = False) -> None:
    """Bring a removed item back, with its claims."""
    from portfolio_app.services.evidence import restore_evidence, show_evidence

    with editing(folder) as portfolio:
        item, _ = restore_evidence(portfolio, evidence)
        if as_json:
            say_json(json_views.evidence(show_evidence(portfolio, item.ref)))
        else:
            say(f"Brought back {item.ref} {item.title}.")


def _fields(kind: EvidenceKind, assignments: list[str] | None) -> dict[str, FieldValue]:
    from portfolio_app.domain.forms import collect_fields

    return collect_fields(kind, assignments or ())


def _with_files(item: Evidence) -> str:
    count = len(item.attachments)
    return f" with {count} file{'' if count == 1 else 's'}" if count else ""


def _say_still_empty(item: Evidence, kind: EvidenceKind) -> None:
    empty = [field.label for field in kind.fields if field.required and not item.fields.get(field.name)]
    if empty:
        say_wrapped(f"Its form still asks for: {', '.join(empty)}.")


def _label(kind: EvidenceKind | None, name: str) -> str:
    definition = kind.field(name) if kind else None
    return definition.label if definition else name


def _say_field(kind: EvidenceKind | None, name: str, value: FieldValue) -> None:
    if isinstance(value, str):
        say_wrapped(value, "  ")
        return
    definition = kind.field(name) if kind else None
    labels = {column.name: column.label for column in definition.columns} if definition else {}
    used = list(labels or dict.fromkeys(key for row in value for key in row))
    used = [column for column in used if any(row.get(column) for row in value)]
    say_table(
        [labels.get(column, column) for column in used],
        [[row.get(column, "") for column in used] for row in value],
        named=False,
    )


def _size(size: int) -> str:
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:,.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"
