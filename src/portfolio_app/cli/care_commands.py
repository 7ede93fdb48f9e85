"""Commands that look after a portfolio: history, undo, redo, check, backup."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, reading
from portfolio_app.cli.output import say, say_json, say_table, say_wrapped
from portfolio_app.cli.parameters import Folder, Json
from portfolio_app.cli.progress import LiveProgress

_DAMAGED = 1
_WORDS = {"edit": "", "undo": "Undo: ", "redo": "Redo: "}


def history(
    folder: Folder,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the newest steps.")] = None,
    as_json: Json = False,
) -> None:
    """Show what was done, newest first."""
    from portfolio_app.services.history import list_history

    with reading(folder) as portfolio:
        steps = list_history(portfolio, limit)
    if as_json:
        say_json([json_views.history_step(step) for step in steps])
        return
    say_table(
        ("Step", "When", "What", ""),
        [
            (
                str(step.number),
                f"{step.at.astimezone():%Y-%m-%d %H:%M}",
                f"{_WORDS[step.kind]}{step.name}",
                "undone" if step.undone else "for good" if step.barrier else "",
            )
            for step in steps
        ],
    )


def undo(folder: Folder, as_json: Json = False) -> None:
    """Take the newest step back."""
    from portfolio_app.services.history import undo as take_back

    with editing(folder) as portfolio:
        name, _ = take_back(portfolio)
        if as_json:
            say_json({"undone": name})
        else:
            say(f"Undone: {name}.")


def redo(folder: Folder, as_json: Json = False) -> None:
    """Do again the step that was taken back last."""
    from portfolio_app.services.history import redo as do_again

    with editing(folder) as portfolio:
        name, _ = do_again(portfolio)
        if as_json:
            say_json({"redone": name})
        else:
            say(f"Done again: {name}.")


def check(folder: Folder, as_json: Json = False) -> None:
    """Check the database, the files, the history and the back-ups.

    The exit code is 1 when something is damaged.
    """
    from portfolio_app.services.checking import check_portfolio

    with LiveProgress() as progress:
        report = check_portfolio(folder, progress)
    if as_json:
        say_json(json_views.check_report(report))
    else:
        for finding in report.findings:
            say_wrapped(f"{finding.severity.capitalize()}: {finding.sentence}")
        if report.sound:
            say_wrapped(
                f"The portfolio is sound. Checked: the database, {report.files_checked} attached files, "
                f"{report.steps_checked} steps of the history, {report.backups_checked} back-ups."
            )
    if not report.sound:
        raise typer.Exit(_DAMAGED)


def backup_list(folder: Folder, as_json: Json = False) -> None:
    """List the back-ups, newest first."""
    from portfolio_app.services.backups import list_backups

    with reading(folder) as portfolio:
        backups = list_backups(portfolio)
        if as_json:
            say_json([json_views.backup(backup) for backup in backups])
            return
        if not backups:
            say("There are no back-ups yet.")
            return
        say_table(
            ("Made", "Size", "State", "Name"),
            [
                (
                    f"{backup.made_at.astimezone():%Y-%m-%d %H:%M:%S}",
                    f"{backup.size / 1000:,.0f} kB",
                    "intact" if backup.intact else "damaged",
                    backup.name,
                )
                for backup in backups
            ],
        )


def backup_make(folder: Folder, as_json: Json = False) -> None:
    """Make a back-up now."""
    from portfolio_app.services.backups import make_backup

    with editing(folder) as portfolio:
        backup = make_backup(portfolio)
        if as_json:
            say_json(json_views.backup(backup))
        else:
            say(f"Made the back-up {backup.name}.")


def backup_restore(
    folder: Folder,
    backup: Annotated[
        str | None,
        typer.Argument(metavar="[BACKUP]", help="The back-up's name or its beginning; the newest unless given."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="NEW",
            help="A new folder for a whole portfolio, or a new .portfolio file for its database; by default a new "
            "file in FOLDER, which is the current one from then on.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Get a back-up back under a new name; what there is now stays."""
    from portfolio_app.services.backups import choose_backup, list_backups, restore_backup

    with (editing if to is None else reading)(folder) as portfolio, LiveProgress() as progress:
        chosen = choose_backup(list_backups(portfolio), backup)
        restored = restore_backup(portfolio, chosen, to, progress)
    if as_json:
        say_json({"backup": chosen.name, "restored_to": str(restored.place), "missing_files": list(restored.missing)})
        return
    say(f"Restored the back-up of {chosen.made_at.astimezone():%Y-%m-%d %H:%M:%S} to {restored.place}.")
    for name in restored.missing:
        say(f"  The attached file {name} is not there any more.")
