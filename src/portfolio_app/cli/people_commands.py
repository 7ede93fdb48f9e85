"""Commands on people and on what is to be done."""

from typing import Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, reading
from portfolio_app.cli.output import say, say_json, say_table
from portfolio_app.cli.parameters import Folder, Json

Name = Annotated[str, typer.Argument(metavar="NAME", help="The person's name.")]
Role = Annotated[str, typer.Option(metavar="TEXT", help="What they do, such as Team leader.")]
Organisation = Annotated[str, typer.Option(metavar="NAME", help="Where they work.")]
Relation = Annotated[str, typer.Option(metavar="TEXT", help="What they are to the learner, such as line manager.")]
Status = Annotated[str, typer.Option(metavar="TEXT", help="Their standing, such as expert witness.")]
Email = Annotated[str, typer.Option(metavar="ADDRESS", help="Their e-mail address.")]


def person_add(
    folder: Folder,
    name: Name,
    role: Role = "",
    organisation: Organisation = "",
    relation: Relation = "",
    status: Status = "",
    email: Email = "",
    as_json: Json = False,
) -> None:
    """Put a person on the portfolio's list of witnesses, assessors and colleagues."""
    from portfolio_app.services.people import PersonGiven, add_person

    given = PersonGiven(name, role, organisation, relation, status, email)
    with editing(folder) as portfolio:
        person, _ = add_person(portfolio, given)
        if as_json:
            say_json(json_views.person(person))
        else:
            say(f"Added {person.name}.")


def person_edit(
    folder: Folder,
    name: Name,
    role: Role = "",
    organisation: Organisation = "",
    relation: Relation = "",
    status: Status = "",
    email: Email = "",
    as_json: Json = False,
) -> None:
    """Change what is known of a person."""
    from portfolio_app.services.people import PersonGiven, edit_person

    given = PersonGiven(name, role, organisation, relation, status, email)
    with editing(folder) as portfolio:
        person, changes = edit_person(portfolio, given)
        if as_json:
            say_json(json_views.person(person))
        else:
            say(f"Changed {person.name}." if changes else f"{person.name} is as before.")


def person_list(folder: Folder, as_json: Json = False) -> None:
    """List the people."""
    from portfolio_app.services.people import list_people

    with reading(folder) as portfolio:
        people = list_people(portfolio)
    if as_json:
        say_json([json_views.person(person) for person in people])
    elif not people:
        say("The portfolio names nobody yet.")
    else:
        say_table(
            ("Name", "Role", "Organisation", "Relation", "Status", "E-mail"),
            [(each.name, each.role, each.organisation, each.relation, each.status, each.email) for each in people],
        )


def action_add(
    folder: Folder,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be done.")],
    due: Annotated[str | None, typer.Option(metavar="DATE", help="By when.")] = None,
    requirement: Annotated[str | None, typer.Option(metavar="REQUIREMENT", help="What it is for: U1/MP3.")] = None,
    evidence: Annotated[str | None, typer.Option(metavar="EVIDENCE", help="The item it is about: E1.")] = None,
    as_json: Json = False,
) -> None:
    """Note something to do."""
    from portfolio_app.services.actions import add_action, list_actions
    from portfolio_app.services.text_input import day

    by_when = day(due) if due is not None else None
    with editing(folder) as portfolio:
        action, _ = add_action(portfolio, text, due=by_when, address=requirement, evidence_ref=evidence)
        number = [each.id for each in list_actions(portfolio)].index(action.id) + 1
        if as_json:
            say_json(json_views.action(action, number))
        else:
            say(f"Noted as action {number}: {action.text}")


def action_done(
    folder: Folder,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The action's number in “action list”.")],
    on: Annotated[str | None, typer.Option(metavar="DATE", help="When it was done; today unless given.")] = None,
    as_json: Json = False,
) -> None:
    """Tick an action off."""
    from portfolio_app.services.actions import finish_action, numbered_action
    from portfolio_app.services.text_input import day

    done_on = day(on) if on is not None else None
    with editing(folder) as portfolio:
        action, _ = finish_action(portfolio, numbered_action(portfolio, number).id, done_on)
        if as_json:
            say_json(json_views.action(action, number))
        else:
            say(f"Done: {action.text}")


def action_list(folder: Folder, as_json: Json = False) -> None:
    """List what is to be done, and what was."""
    from portfolio_app.services.actions import list_actions

    with reading(folder) as portfolio:
        actions = list_actions(portfolio)
    if as_json:
        say_json([json_views.action(action, number) for number, action in enumerate(actions, 1)])
    elif not actions:
        say("There is nothing to do.")
    else:
        say_table(
            ("No.", "Action", "Due", "Done"),
            [
                (str(number), action.text, str(action.due or ""), str(action.done_on or ""))
                for number, action in enumerate(actions, 1)
            ],
        )
