"""Commands on claims and decisions."""

from typing import Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing
from portfolio_app.cli.output import say, say_json
from portfolio_app.cli.parameters import (
    Address,
    EvidenceRef,
    Folder,
    Json,
    VerdictWord,
    component_numbers,
)
from portfolio_app.domain.claims import Verdict

Why = Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Why the item meets the requirement.")]
Quote = Annotated[str | None, typer.Option("--quote", metavar="TEXT", help="The sentence in it that shows so.")]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="PLACE", help='Where to look: "p. 3", "para 2", "04:10", "Budget", "rota.pdf, p. 2".'),
]
Components = Annotated[
    list[str] | None,
    typer.Option(
        "--component",
        metavar="N",
        help="A component that it covers, by the number that “unit show” prints, or all; may be repeated.",
    ),
]

_VERDICTS = {
    VerdictWord.MET: Verdict.MET,
    VerdictWord.NOT_YET: Verdict.NOT_YET_MET,
    VerdictWord.MORE: Verdict.MORE_NEEDED,
}


def add(
    folder: Folder,
    evidence: EvidenceRef,
    requirement: Address,
    why: Why = None,
    quote: Quote = None,
    at: At = None,
    component: Components = None,
    as_json: Json = False,
) -> None:
    """Claim that an item meets a requirement."""
    from portfolio_app.services.claims import ClaimGiven, add_claim

    given = ClaimGiven(why=why, quotation=quote, place=at, components=component_numbers(component))
    with editing(folder) as portfolio:
        placed, _ = add_claim(portfolio, evidence, requirement, given)
        if as_json:
            say_json(json_views.claim(placed))
            return
        place = f" ({placed.claim.locator})" if placed.claim.locator else ""
        say(f"Claimed {placed.evidence_ref} for {placed.address}{place}.")


def edit(
    folder: Folder,
    evidence: EvidenceRef,
    requirement: Address,
    why: Why = None,
    quote: Quote = None,
    at: At = None,
    component: Components = None,
    as_json: Json = False,
) -> None:
    """Change a claim. What is not named stays; an empty value clears; components are replaced as a whole."""
    from portfolio_app.services.claims import ClaimGiven, edit_claim

    given = ClaimGiven(why=why, quotation=quote, place=at, components=component_numbers(component))
    with editing(folder) as portfolio:
        placed, changes = edit_claim(portfolio, evidence, requirement, given)
        if as_json:
            say_json(json_views.claim(placed))
        else:
            name = f"claim of {placed.evidence_ref} for {placed.address}"
            say(f"Changed the {name}." if changes else f"The {name} is as it was.")


def remove(folder: Folder, evidence: EvidenceRef, requirement: Address, as_json: Json = False) -> None:
    """Take a claim back."""
    from portfolio_app.services.claims import remove_claim

    with editing(folder) as portfolio:
        placed, _ = remove_claim(portfolio, evidence, requirement)
        if as_json:
            say_json({"removed": json_views.claim(placed)})
        else:
            say(f"Removed the claim of {placed.evidence_ref} for {placed.address}.")


def decide(
    folder: Folder,
    requirement: Address,
    verdict: Annotated[VerdictWord, typer.Argument(metavar="met|not-yet|more", help="The decision.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="The assessor.")],
    comment: Annotated[str, typer.Option(metavar="TEXT", help="What to tell the learner.")] = "",
    as_json: Json = False,
) -> None:
    """Record an assessor's decision. It is kept for good; a later one supersedes it."""
    from portfolio_app.services.decisions import decide as record

    with editing(folder) as portfolio:
        (decision, address, action), _ = record(portfolio, requirement, _VERDICTS[verdict], by, comment)
        if as_json:
            noted = json_views.action(action, None) if action else None
            say_json(json_views.decision(decision, address) | {"action": noted})
            return
        say(f"{address} is {decision.verdict}, decided by {decision.by}.")
        if action is not None:
            say(f"To do: {action.text}")
