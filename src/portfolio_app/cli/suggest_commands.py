"""Which requirements an item may meet, and which items a requirement."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, reading
from portfolio_app.cli.output import say, say_json, say_wrapped, tell
from portfolio_app.cli.parameters import Folder, Json
from portfolio_app.cli.progress import LiveProgress
from portfolio_app.domain.errors import InvalidInput

if TYPE_CHECKING:
    from portfolio_app.domain.suggestions import SuggestionSet
    from portfolio_app.services.suggestions import PlacedSuggestion


def suggest(
    folder: Folder,
    evidence: Annotated[
        str | None, typer.Argument(metavar="EVIDENCE", help="The item's reference, such as E1.")
    ] = None,
    wanted: Annotated[
        str | None, typer.Option("--for", metavar="REQUIREMENT", help="Look for items that may meet this requirement.")
    ] = None,
    rejected: Annotated[
        str | None, typer.Option("--reject", metavar="REQUIREMENT", help="Never suggest this requirement for the item.")
    ] = None,
    allowed: Annotated[
        str | None, typer.Option("--allow", metavar="REQUIREMENT", help="Take back that it was rejected.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Suggest which requirements an item may meet, or which items may meet a requirement. Nothing is claimed."""
    if sum(each is not None for each in (wanted, rejected, allowed)) > 1:
        raise InvalidInput("Give only one of --for, --reject and --allow.")
    if (evidence is None) == (wanted is None):
        raise InvalidInput("Name either an item, such as E1, or a requirement with --for.")
    address = rejected or allowed
    if evidence is not None and address is not None:
        _remember(folder, evidence, address, is_rejected=rejected is not None, as_json=as_json)
    else:
        _look(folder, evidence, wanted, as_json=as_json)


def _look(folder: Path, evidence: str | None, wanted: str | None, *, as_json: bool) -> None:
    from portfolio_app.services.suggestion_engine import SuggestionEngine
    from portfolio_app.services.suggestions import placed_suggestions, suggest_for_evidence, suggest_for_requirement
    from portfolio_app.services.text_desk import TextProcess

    with (
        reading(folder) as portfolio,
        LiveProgress() as progress,
        TextProcess() as files,
        SuggestionEngine(portfolio.folder) as engine,
    ):
        found = (
            suggest_for_requirement(portfolio, wanted, engine, files.read, progress)
            if wanted is not None
            else suggest_for_evidence(portfolio, evidence or "", engine, files.read, progress)
        )
        placed = placed_suggestions(portfolio, found)
    if found.notice:
        tell(found.notice)
    if as_json:
        say_json(json_views.suggestions(found, placed))
    else:
        _say(found, placed, by_item=wanted is not None)


def _say(found: "SuggestionSet", placed: "Sequence[PlacedSuggestion]", *, by_item: bool) -> None:
    if not placed:
        say("Probably nothing here." if found.words else "There is nothing to read here yet.")
    for number, each in enumerate(placed):
        if number:
            say()
        name = (
            f"{each.item.ref} {each.item.shown_title}" if by_item else f"{each.address} {each.requirement.short_text}"
        )
        say_wrapped(f"{each.suggestion.band.value.capitalize()}: {name}")
        say_wrapped(f"“{' '.join(each.suggestion.quotation.split())}”", indent="  ")
        if each.locator:
            say_wrapped(str(each.locator), indent="  ")


def _remember(folder: Path, evidence: str, address: str, *, is_rejected: bool, as_json: bool) -> None:
    from portfolio_app.services.references import find_evidence, find_leaf
    from portfolio_app.services.suggestions import allow_suggestion, reject_suggestion

    with editing(folder) as portfolio:
        with portfolio.read() as reader:
            item = find_evidence(reader, evidence)
            _, requirement = find_leaf(reader, address)
        change = reject_suggestion if is_rejected else allow_suggestion
        full, changes = change(portfolio, item.id, requirement.id)
        if as_json:
            say_json({"evidence": item.ref, "requirement": full, "rejected": is_rejected})
        elif is_rejected:
            say(f"{full} is not suggested for {item.ref} any more." if changes else f"{full} was rejected already.")
        else:
            say(f"{full} may be suggested for {item.ref} again." if changes else f"{full} was not rejected.")
