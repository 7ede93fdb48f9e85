"""Commands on a portfolio as a whole: new, details, declare, library, kinds."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, reading, text_from
from portfolio_app.cli.output import say, say_facts, say_json, say_table, say_wrapped
from portfolio_app.cli.parameters import Folder, Json

NewFolder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that does not exist yet, or is empty.")]
LearnerNumber = Annotated[str | None, typer.Option(metavar="NUMBER", help="The learner's number.")]
Email = Annotated[str | None, typer.Option(metavar="ADDRESS", help="The learner's e-mail address.")]
Profile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A text about the learner: job, employer, experience; - reads it.")
]
Qualification = Annotated[str | None, typer.Option(metavar="TITLE", help="The qualification's title.")]
QualificationNumber = Annotated[str | None, typer.Option(metavar="NUMBER", help="The qualification's number.")]
AwardingBody = Annotated[str | None, typer.Option(metavar="NAME", help="The awarding body.")]
Level = Annotated[str | None, typer.Option(metavar="LEVEL", help="The qualification's level.")]
Centre = Annotated[str | None, typer.Option(metavar="NAME", help="The college or training centre.")]
Started = Annotated[str | None, typer.Option(metavar="DATE", help="The day it was begun, such as 2026-03-09.")]
PlannedEnd = Annotated[str | None, typer.Option(metavar="DATE", help="The day it is to be finished.")]


def new(
    folder: NewFolder,
    learner: Annotated[str, typer.Option(metavar="NAME", help="The learner's name.")],
    qualification: Qualification = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(metavar="ID_OR_FILE", help="A unit of the library, or a unit in a TOML file; may be repeated."),
    ] = None,
    learner_number: LearnerNumber = None,
    email: Email = None,
    profile: Profile = None,
    qualification_number: QualificationNumber = None,
    awarding_body: AwardingBody = None,
    level: Level = None,
    centre: Centre = None,
    started: Started = None,
    planned_end: PlannedEnd = None,
    as_json: Json = False,
) -> None:
    """Start a portfolio for a learner, with the units it is for."""
    from portfolio_app.services.portfolios import DetailsGiven, portfolio_details, start_portfolio
    from portfolio_app.services.unit_sources import unit_from
    from portfolio_app.services.units import list_units

    given = DetailsGiven(
        learner=learner,
        learner_number=learner_number,
        email=email,
        profile=text_from(profile),
        qualification=qualification,
        qualification_number=qualification_number,
        awarding_body=awarding_body,
        level=level,
        centre=centre,
        started_on=started,
        planned_end=planned_end,
    )
    units = [unit_from(source) for source in unit or ()]
    with start_portfolio(folder, given, units) as portfolio:
        stored = list_units(portfolio)
        if as_json:
            say_json(
                {"folder": str(portfolio.folder), "file": portfolio.path.name}
                | json_views.details(portfolio_details(portfolio))
                | {"units": [{"code": one.code, "title": one.title} for one in stored]}
            )
            return
        say(f"Started the portfolio of {portfolio_details(portfolio).learner.name} in {portfolio.folder}.")
        for one in stored:
            say(f"  {one.code}  {one.title}")
        if not stored:
            say("It has no units yet: “unit add” takes one from the library, “unit import” reads a text.")


def details(
    folder: Folder,
    learner: Annotated[str | None, typer.Option(metavar="NAME", help="The learner's name.")] = None,
    learner_number: LearnerNumber = None,
    email: Email = None,
    profile: Profile = None,
    qualification: Qualification = None,
    qualification_number: QualificationNumber = None,
    awarding_body: AwardingBody = None,
    level: Level = None,
    centre: Centre = None,
    started: Started = None,
    planned_end: PlannedEnd = None,
    as_json: Json = False,
) -> None:
    """Show what the front sheet says; with options, change it. An empty value clears a detail."""
    from portfolio_app.services.portfolios import DetailsGiven, portfolio_details, set_details

    given = DetailsGiven(
        learner=learner,
        learner_number=learner_number,
        email=email,
        profile=text_from(profile),
        qualification=qualification,
        qualification_number=qualification_number,
        awarding_body=awarding_body,
        level=level,
        centre=centre,
        started_on=started,
        planned_end=planned_end,
    )
    if given == DetailsGiven():
        with reading(folder) as portfolio:
            shown = portfolio_details(portfolio)
    else:
        with editing(folder) as portfolio:
            shown, _ = set_details(portfolio, given)
            if not as_json:
                say("Changed the portfolio's details.")
    if as_json:
        say_json(json_views.details(shown))
        return
    declaration = shown.declaration
    rows = [
        ("Learner", shown.learner.name),
        ("Learner's number", shown.learner.number),
        ("E-mail", shown.learner.email),
        ("Qualification", shown.qualification.title),
        ("Number", shown.qualification.number),
        ("Awarding body", shown.qualification.awarding_body),
        ("Level", shown.qualification.level),
        ("Centre", shown.centre),
        ("Started", str(shown.started_on or "")),
        ("Planned end", str(shown.planned_end or "")),
        (
            "Declaration",
            f"signed by {declaration.signed_by} on {declaration.signed_on}" if declaration.signed_by else "",
        ),
    ]
    say_facts([(name, value or "–") for name, value in rows])
    if shown.learner.profile:
        say()
        say_wrapped(shown.learner.profile)


def declare(
    folder: Folder,
    ai_use: Annotated[
        str, typer.Option(metavar="TEXT", help="Which AI tools were used and where, or that none were used.")
    ],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who signs; the learner unless said otherwise.")] = "",
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day of signing; today unless given.")] = None,
    as_json: Json = False,
) -> None:
    """Sign the learner's declaration of authenticity."""
    from portfolio_app.services.portfolios import declare as sign
    from portfolio_app.services.text_input import day

    signed_on = day(on) if on is not None else None
    with editing(folder) as portfolio:
        signed, _ = sign(portfolio, ai_use=ai_use, signed_by=by, signed_on=signed_on)
        if as_json:
            say_json(json_views.details(signed)["declaration"])
        else:
            say(f"Signed by {signed.declaration.signed_by} on {signed.declaration.signed_on}.")


def library(as_json: Json = False) -> None:
    """List the units that come with the program."""
    from portfolio_app.services.library import unit_library

    entries = unit_library()
    if as_json:
        say_json([json_views.library_entry(entry) for entry in entries])
        return
    say_table(
        ("Id", "Unit"),
        [
            (
                entry.id,
                f"{entry.title} ("
                + ", ".join(
                    filter(
                        None,
                        (entry.reference, entry.level and f"level {entry.level}", f"{entry.requirements} requirements"),
                    )
                )
                + ")",
            )
            for entry in entries
        ],
    )
    if any(entry.is_guidance for entry in entries):
        say()
        say_wrapped("These units come from revision guidance; their points are not an awarding body's text.")


def kinds(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="A portfolio that may have kinds of its own.")
    ] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="Show the form of this kind.")] = None,
    as_json: Json = False,
) -> None:
    """List the kinds of evidence, or show the form of one."""
    from portfolio_app.services.library import evidence_kinds
    from portfolio_app.services.references import find_kind

    known = evidence_kinds(folder)
    if kind is not None:
        chosen = find_kind(known, kind)
        if as_json:
            say_json(json_views.kind(chosen))
            return
        say(f"{chosen.title} ({chosen.id})")
        say_wrapped(chosen.description)
        say()
        say_table(
            ("Field", "Holds", "Asks for"),
            [
                (
                    field.name,
                    ": ".join(
                        filter(None, (field.type.value, ", ".join([*field.choices, *(c.name for c in field.columns)])))
                    ),
                    field.label + (" (needed)" if field.required else ""),
                )
                for field in chosen.fields
            ],
        )
        return
    if as_json:
        say_json([json_views.kind(each) for each in known.values()])
        return
    say_table(("Kind", "Title", "Method"), [(each.id, each.title, each.method.value) for each in known.values()])
