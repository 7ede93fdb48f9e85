"""The command that compares a sealed document with its seal: verify."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.output import say, say_facts, say_json, say_wrapped
from portfolio_app.cli.parameters import Json
from portfolio_app.cli.progress import LiveProgress

if TYPE_CHECKING:
    from portfolio_app.services.seals import SealReport

_CHANGED = 1


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A PDF that was exported with --seal.")],
    as_json: Json = False,
) -> None:
    """Say whether a sealed PDF was changed since.

    The exit code is 1 when it was, also by something added; 2 when the file bears no seal.
    """
    from portfolio_app.services.seals import SealState, check

    with LiveProgress() as progress:
        checked = check(file, progress)
    if as_json:
        say_json(json_views.seal_report(file, checked.report, kept_here=checked.kept_here))
    else:
        _say_report(file.name, checked.report, kept_here=checked.kept_here)
    if checked.report.state is not SealState.UNCHANGED:
        raise typer.Exit(_CHANGED)


def _say_report(name: str, report: "SealReport", *, kept_here: bool) -> None:
    from portfolio_app.services.seal_words import seal_facts, seal_meaning, seal_verdict

    say(seal_verdict(name, report))
    facts = seal_facts(report, kept_here=kept_here)
    if facts:
        say()
        say_facts(facts)
    for text in seal_meaning(report):
        say()
        say_wrapped(text)
