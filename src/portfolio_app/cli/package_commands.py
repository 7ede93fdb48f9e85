"""The command that makes a portfolio of a package again."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from portfolio_app.cli.output import say, say_json
from portfolio_app.cli.parameters import Json, PasswordFile, password_from
from portfolio_app.cli.progress import LiveProgress


def import_package(
    package: Annotated[Path, typer.Argument(metavar="FILE", help="The package: a .zip that export has made.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that does not exist yet, or is empty.")],
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Make the portfolio that a package holds; a password is asked for where one is needed."""
    from portfolio_app.services.packages import PasswordNeeded
    from portfolio_app.services.packages import import_package as imported

    password = password_from(password_file)
    with LiveProgress() as progress:
        try:
            made = imported(package, folder, password=password, progress=progress)
        except PasswordNeeded as error:
            if password:
                raise
            if not is_terminal():
                raise PasswordNeeded(f"{error} Give it with --password-file.") from error
            made = imported(package, folder, password=password_from(None, ask=True), progress=progress)
    if as_json:
        say_json({"folder": str(made.folder), "missing_files": list(made.missing)})
        return
    say(f"Made the portfolio in {made.folder}.")
    for name in made.missing:
        say(f"  The attached file {name} was missing in the package already.")


def is_terminal() -> bool:
    """Return whether there is somebody to ask."""
    return sys.stdin is not None and sys.stdin.isatty()
