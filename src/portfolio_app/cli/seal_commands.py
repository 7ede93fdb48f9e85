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
    from portfolio_app.services.seals import SealState, is_kept_here
    from portfolio_app.services.seals import verify as compare

    with LiveProgress() as progress:
        report = compare(file, progress)
    if as_json:
        say_json(json_views.seal_report(file, report, kept_here=is_kept_here(report)))
    else:
        _say_report(file.name, report, kept_here=is_kept_here(report))
    if report.state is not SealState.UNCHANGED:
        raise typer.Exit(_CHANGED)


def _say_report(name: str, report: "SealReport", *, kept_here: bool) -> None:
    from portfolio_app.services.seals import SealState

    match report.state:
        case SealState.UNCHANGED:
            say(f"“{name}” is unchanged since it was sealed.")
        case SealState.ADDED_TO:
            say(f"“{name}” was changed since it was sealed: something was added to it.")
        case SealState.CHANGED if report.sealed_by:
            say(f"“{name}” was changed since it was sealed.")
        case _:
            say(f"“{name}” was changed since it was sealed, or is damaged: its seal cannot be read any more.")
    facts = _facts(report, kept_here=kept_here)
    if facts:
        say()
        say_facts(facts)
    for text in _meaning(report):
        say()
        say_wrapped(text)


def _facts(report: "SealReport", *, kept_here: bool) -> list[tuple[str, str]]:
    if not report.fingerprint:
        return []
    if report.sealed_at is None:
        return [("Seal of", report.sealed_by), ("Key", report.fingerprint)]
    added = f"{report.bytes_added:,} bytes" if report.bytes_added else "none"
    if report.signatures_added:
        added += f", signed by {', '.join(report.signatures_added)} (not checked)"
    return [
        ("Sealed by", report.sealed_by),
        ("Sealed at", f"{report.sealed_at.astimezone():%Y-%m-%d %H:%M %Z}, by that computer’s clock"),
        ("Key", report.fingerprint),
        ("", "kept on this computer" if kept_here else "not one that is kept here"),
        ("Added since", added),
    ]


def _meaning(report: "SealReport") -> list[str]:
    """Say in plain words what that proves, and what not."""
    from portfolio_app.services.seals import SealState

    match report.state:
        case SealState.UNCHANGED:
            shows = "What this proves: not a byte of the document was changed since whoever holds this key sealed it."
        case SealState.ADDED_TO:
            shows = (
                "What this proves: the document that was sealed is still in the file, not a byte of it changed. "
                "What was added can change what a reader shows; ask for the file as it was sealed."
            )
        case _:
            shows = (
                "What this proves: the file is not the one that was sealed. What was changed, and by whom, cannot be "
                "told; ask for the file again."
            )
            return [shows]
    doubts = (
        "What it does not prove: who sealed it, or when. Anybody can make a key in any name, and set a clock. "
        f"Ask {report.sealed_by}, in a way that you trust, for the key’s letters and digits, "
        "and compare them."
    )
    return [shows, doubts]
