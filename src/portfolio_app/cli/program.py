"""The command line as a whole: which command is where, and what becomes of errors."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import typer

from portfolio_app.cli import (
    care_commands,
    claim_commands,
    coverage_commands,
    evidence_commands,
    export_commands,
    package_commands,
    people_commands,
    portfolio_commands,
    qualification_commands,
    redaction_commands,
    review_commands,
    seal_commands,
    search_commands,
    suggest_commands,
    unit_commands,
    unit_update_commands,
    witness_commands,
)
from portfolio_app.cli.output import acknowledged, close_quietly, prepare_streams, say, tell
from portfolio_app.crash import describe_command, program_version, write_report
from portfolio_app.domain.errors import Cancelled, KnownError

NAME = "portfolio-app"

_FINE, _REFUSED, _BUG, _CANCELLED = 0, 2, 3, 130
_WIDEST_HELP = 100  # columns

_COMMANDS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("library", portfolio_commands.library),
    ("kinds", portfolio_commands.kinds),
    ("new", portfolio_commands.new),
    ("details", portfolio_commands.details),
    ("declare", portfolio_commands.declare),
    ("decide", claim_commands.decide),
    ("witness-form", witness_commands.witness_form),
    ("review", review_commands.review),
    ("search", search_commands.search),
    ("gaps", coverage_commands.gaps),
    ("dismiss", coverage_commands.dismiss),
    ("matrix", coverage_commands.matrix),
    ("suggest", suggest_commands.suggest),
    ("cycle", coverage_commands.cycle),
    ("export", export_commands.export),
    ("word-template", export_commands.word_template),
    ("import-package", package_commands.import_package),
    ("verify", seal_commands.verify),
    ("history", care_commands.history),
    ("undo", care_commands.undo),
    ("redo", care_commands.redo),
    ("check", care_commands.check),
    ("demo", export_commands.demo),
)
_GROUPS: tuple[tuple[str, str, tuple[tuple[str, Callable[..., None]], ...]], ...] = (
    (
        "unit",
        "Show, add, import, update, export and remove units.",
        (
            ("show", unit_commands.show),
            ("add", unit_commands.add),
            ("import", unit_commands.import_text),
            ("update", unit_update_commands.update),
            ("export", unit_commands.export),
            ("remove", unit_commands.remove),
        ),
    ),
    (
        "qualification",
        "Group the units, and see what the qualification still asks for.",
        (
            ("show", qualification_commands.show),
            ("set", qualification_commands.set_whole),
            ("group", qualification_commands.group),
            ("put", qualification_commands.put),
            ("take-out", qualification_commands.take_out),
            ("remove-group", qualification_commands.remove_group),
        ),
    ),
    (
        "evidence",
        "Add, change, list, show and remove evidence.",
        (
            ("add", evidence_commands.add),
            ("edit", evidence_commands.edit),
            ("list", evidence_commands.list_items),
            ("show", evidence_commands.show),
            ("remove", evidence_commands.remove),
            ("restore", evidence_commands.restore),
        ),
    ),
    (
        "claim",
        "Claim that evidence meets a requirement.",
        (("add", claim_commands.add), ("edit", claim_commands.edit), ("remove", claim_commands.remove)),
    ),
    (
        "person",
        "Keep the list of witnesses, assessors and colleagues.",
        (
            ("add", people_commands.person_add),
            ("edit", people_commands.person_edit),
            ("list", people_commands.person_list),
        ),
    ),
    (
        "action",
        "Note what is to be done, and tick it off.",
        (
            ("add", people_commands.action_add),
            ("done", people_commands.action_done),
            ("list", people_commands.action_list),
        ),
    ),
    (
        "redact",
        "Mark what is hidden in copies for others.",
        (
            ("list", redaction_commands.redact_list),
            ("add", redaction_commands.redact_add),
            ("remove", redaction_commands.redact_remove),
            ("find", redaction_commands.redact_find),
            ("spare", redaction_commands.redact_spare),
            ("region", redaction_commands.redact_region),
            ("region-remove", redaction_commands.redact_region_remove),
        ),
    ),
    (
        "backup",
        "List, make and restore back-ups.",
        (
            ("list", care_commands.backup_list),
            ("make", care_commands.backup_make),
            ("restore", care_commands.backup_restore),
        ),
    ),
)
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": _WIDEST_HELP}


def build() -> typer.Typer:
    """Return the command line with all its commands."""
    app = _group("Compile, check and hand over assessment portfolios.")
    app.callback(invoke_without_command=True)(_door)
    for name, command in _COMMANDS:
        app.command(name)(command)
    for name, says, commands in _GROUPS:
        group = _group(says)
        group.callback(invoke_without_command=True, help=says)(_help_of_group)
        for command_name, command in commands:
            group.command(command_name)(command)
        app.add_typer(group, name=name)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code.

    0: done. 1: ``check`` found damage, or ``verify`` a change. 2: refused for a reason given in one sentence on
    standard error, and nothing was changed. 3: a bug, whose report is in a file. 130: cancelled.
    """
    prepare_streams()
    if threading.current_thread() is threading.main_thread():
        # So that a polite request to end also removes what is half made.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with typer.main.get_command(build()).make_context(NAME, list(arguments) or ["--help"]) as context:
            context.command.invoke(context)
    except typer.Exit as leaving:
        return leaving.exit_code
    except BaseException as error:  # noqa: BLE001 - whatever it is, the user gets a sentence
        return _told(error, list(arguments))
    return _FINE


def _told(error: BaseException, arguments: list[str]) -> int:
    """Say in one sentence what went wrong and return the exit code."""
    match error:
        case KeyboardInterrupt() | Cancelled() | typer.Abort():
            done = "what was said before is done" if acknowledged() else "nothing was changed"
            tell(f"Cancelled; {done}.")
            return _CANCELLED
        case KnownError():
            tell(str(error))
            return _REFUSED
        case typer.TyperException():
            tell(_usage_sentence(error))
            return _REFUSED
        case BrokenPipeError():
            close_quietly()
            return _FINE
        case _:
            report = None
            with suppress(Exception):  # a broken installation can break this as well
                report = write_report(error, describe_command(arguments))
            where = f"the details are in “{report}”" if report else f"it was {type(error).__name__}"
            tell(f"Something went wrong that the program did not expect; nothing half-done was saved, and {where}.")
            return _BUG


def _group(says: str) -> typer.Typer:
    return typer.Typer(
        help=says,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
    )


def _say_version(wanted: bool) -> None:
    if wanted:
        say(f"{NAME} {program_version()}")
        raise typer.Exit


def _door(
    context: typer.Context,
    version: bool = typer.Option(  # noqa: ARG001 - its callback does the work
        False, "--version", callback=_say_version, is_eager=True, help="Print the version."
    ),
) -> None:
    _help_of_group(context)


def _help_of_group(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        say(context.get_help())


def _usage_sentence(error: Any) -> str:
    """Return one sentence on what is wrong with the command line, and where help is."""
    message = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else NAME
    return f"{message}; see “{command} --help”."
