"""Commands on the groups of a qualification's units: show, set, group, put, take-out, remove-group."""

from typing import TYPE_CHECKING, Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, reading
from portfolio_app.cli.output import say, say_json, say_table, say_wrapped
from portfolio_app.cli.parameters import Folder, Json

if TYPE_CHECKING:
    from portfolio_app.domain.unit_groups import GroupStanding, QualificationStanding
    from portfolio_app.storage.portfolio_file import PortfolioFile

Group = Annotated[str, typer.Argument(metavar="GROUP", help="The group's title.")]
UnitCodes = Annotated[list[str], typer.Argument(metavar="UNIT...", help="The units' codes or references.")]
LeastUnits = Annotated[
    int | None, typer.Option("--least-units", metavar="NUMBER", help="Units of it to achieve at the least; 0 for any.")
]
LeastCredits = Annotated[
    int | None, typer.Option("--least-credits", metavar="NUMBER", help="Credits to come to at the least; 0 for any.")
]


def show(folder: Folder, as_json: Json = False) -> None:
    """Show the groups of units, what each asks for, and how far that is."""
    with reading(folder) as portfolio:
        _say(portfolio, as_json=as_json)


def set_whole(
    folder: Folder,
    least_credits: Annotated[
        int,
        typer.Option("--least-credits", metavar="NUMBER", help="Credits that all units together come to; 0 for any."),
    ],
    as_json: Json = False,
) -> None:
    """Say how many credits the whole qualification asks for."""
    from portfolio_app.services.qualification import set_least_credits

    with editing(folder) as portfolio:
        set_least_credits(portfolio, least_credits)
        _say(portfolio, as_json=as_json)


def group(
    folder: Folder,
    name: Group,
    mandatory: Annotated[
        bool | None, typer.Option("--mandatory/--optional", help="Whether all its units have to be achieved.")
    ] = None,
    least_units: LeastUnits = None,
    least_credits: LeastCredits = None,
    rename: Annotated[str | None, typer.Option(metavar="TITLE", help="Another title for it.")] = None,
    place: Annotated[int | None, typer.Option(metavar="NUMBER", help="Where it is shown, from 1.")] = None,
    as_json: Json = False,
) -> None:
    """Make a group of units, or change the one of this title."""
    from portfolio_app.services.qualification import GroupGiven, put_group

    with editing(folder) as portfolio:
        put_group(portfolio, name, GroupGiven(rename, mandatory, least_units, least_credits, place))
        _say(portfolio, as_json=as_json)


def put(folder: Folder, name: Group, units: UnitCodes, as_json: Json = False) -> None:
    """Put units into a group; each leaves the one that it was in."""
    from portfolio_app.services.qualification import put_units

    with editing(folder) as portfolio:
        put_units(portfolio, name, units)
        _say(portfolio, as_json=as_json)


def take_out(folder: Folder, units: UnitCodes, as_json: Json = False) -> None:
    """Take units out of the groups that they are in."""
    from portfolio_app.services.qualification import put_units

    with editing(folder) as portfolio:
        put_units(portfolio, "", units)
        _say(portfolio, as_json=as_json)


def remove_group(folder: Folder, name: Group, as_json: Json = False) -> None:
    """Remove a group; its units stay, in no group."""
    from portfolio_app.services.qualification import remove_group as remove

    with editing(folder) as portfolio:
        remove(portfolio, name)
        _say(portfolio, as_json=as_json)


def _say(portfolio: "PortfolioFile", *, as_json: bool) -> None:
    from portfolio_app.services.qualification import standing_of_qualification

    qualification, standing = standing_of_qualification(portfolio)
    if as_json:
        say_json(json_views.qualification_standing(qualification, standing))
        return
    if not standing.is_described:
        say_wrapped("The qualification has no groups and asks for no number of credits: every mandatory unit counts.")
        return
    _say_standing(standing)


def _say_standing(standing: "QualificationStanding") -> None:
    rows = [(each.title, each.rule, *_far(each), _codes(each)) for each in standing.groups]
    if standing.ungrouped:
        codes = ", ".join(unit.code for unit in standing.ungrouped)
        rows.append(("(in no group)", "mandatory ones" if standing.open_units else "", "", "", codes))
    whole = standing.whole
    rows.append(("The whole", whole.rule, *_far(whole), ""))
    say_table(("Group", "Asks for", "Units achieved", "Credits achieved", "Units"), rows)
    missing = [f"{each.title or 'The whole'}: {each.missing}" for each in (*standing.groups, whole) if each.missing]
    if standing.open_units:
        missing.append(f"In no group: {', '.join(standing.open_units)} not achieved yet.")
    say()
    for sentence in missing or ["Everything that the qualification asks for is achieved."]:
        say_wrapped(sentence)


def _far(each: "GroupStanding") -> tuple[str, str]:
    """Return how many units and credits are achieved, of how many where a number is asked for."""
    pairs = ((each.achieved.units, each.needed.units), (each.achieved.credits, each.needed.credits))
    units, number = (f"{there:,} of {wanted:,}" if wanted else f"{there:,}" for there, wanted in pairs)
    return units, number


def _codes(each: "GroupStanding") -> str:
    return ", ".join(unit.code for unit in each.units)
