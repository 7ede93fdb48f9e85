"""The command that reads what an assessor sent back: review."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, reading
from portfolio_app.cli.output import say, say_facts, say_json, say_table, say_wrapped
from portfolio_app.cli.parameters import Folder, Json
from portfolio_app.cli.progress import LiveProgress

if TYPE_CHECKING:
    from portfolio_app.services.review import AcceptedReview
    from portfolio_app.services.review_comparison import ReviewComparison

_COLUMNS = ("Requirement", "The form says", "Comment", "Here")
_JUDGED = ("Item", "Ticked", "Here")


def review(
    folder: Folder,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A review copy that the assessor filled in, a PDF.")],
    accept: Annotated[bool, typer.Option("--accept", help="Record what is new in it; else it is only shown.")] = False,
    as_json: Json = False,
) -> None:
    """Compare a returned review copy with the portfolio, and record it with --accept.

    What is recorded already is not recorded again. Decisions are kept for good; what is not yet met becomes an action.
    """
    from portfolio_app.services.returned_copies import read_returned
    from portfolio_app.services.review import accept_review, compare_review

    with LiveProgress() as progress:
        copy = read_returned(file, progress)
    if not accept:
        with reading(folder) as portfolio:
            comparison = compare_review(portfolio, copy)
        if as_json:
            say_json(json_views.review(comparison, None))
        else:
            _say_comparison(comparison)
            if comparison.acceptable:
                say()
                say("Nothing was recorded; --accept records what is new.")
        return
    with editing(folder) as portfolio:
        accepted, _ = accept_review(portfolio, copy)
        if as_json:
            say_json(json_views.review(accepted.comparison, accepted))
        else:
            _say_comparison(accepted.comparison)
            say()
            _say_accepted(accepted)


def _say_comparison(comparison: "ReviewComparison") -> None:
    from portfolio_app.domain.dates import day_in_words

    by = ", ".join(filter(None, (comparison.by, comparison.role))) or "nobody is named"
    on = day_in_words(comparison.decided_on) if comparison.decided_on else "no day given; today’s is recorded"
    say_facts([("Answered by", by), ("On", on)])
    for sentence in comparison.warnings:
        say()
        say_wrapped(f"Note: {sentence}")
    say()
    for sentence in comparison.notes:
        say_wrapped(sentence)
    if comparison.answers:
        say()
        rows = [
            (answer.address, answer.verdict or "–", answer.comment, _with_changes(answer.says, answer.changed))
            for answer in comparison.answers
        ]
        say_table(_COLUMNS, rows)
    if comparison.judgements:
        say()
        judged = [
            (f"{item.ref} {item.title}".strip(), ", ".join(item.ticked), _with_changes(item.says, item.changed))
            for item in comparison.judgements
        ]
        say_table(_JUDGED, judged)


def _with_changes(says: str, changed: tuple[str, ...]) -> str:
    return f"{says} Changed since: {', '.join(changed)}." if changed else says


def _say_accepted(accepted: "AcceptedReview") -> None:
    if not accepted:
        say("There was nothing new to record.")
        return
    counts = (
        (len(accepted.decisions), "decision"),
        (len(accepted.judged), "judgement"),
        (len(accepted.notes), "further comment"),
    )
    recorded = [f"{count:,} {what}{'' if count == 1 else 's'}" for count, what in counts if count]
    say(f"Recorded: {', '.join(recorded)}.")
    for action in (*accepted.actions, *accepted.notes):
        say(f"To do: {action.text}")
