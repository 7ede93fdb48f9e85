"""Commands that make documents: export and demo."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import kinds_of, reading
from portfolio_app.cli.output import say, say_json, tell
from portfolio_app.cli.parameters import Folder, Json, PasswordFile, choice_from, page_size_from, password_from
from portfolio_app.cli.progress import LiveProgress
from portfolio_app.crash import program_version

if TYPE_CHECKING:
    from portfolio_app.services.exports import Exported, ExportOptions

_DEMO_FOLDER = "exports"
_DEMO_DOCUMENTS = ("portfolio.pdf", "portfolio.docx", "matrix.xlsx", "matrix.csv")


def export(
    folder: Folder,
    out: Annotated[
        list[Path], typer.Argument(metavar="OUT...", help="Documents to write: .pdf, .docx, .xlsx, .csv or .zip.")
    ],
    audience: Annotated[
        str, typer.Option("--for", metavar="WHOSE", help="Whose copy: learner, assessor or tutor.")
    ] = "learner",
    profile: Annotated[
        str, typer.Option(metavar="PROFILE", help="PDF to be read (review), or to be kept (archive: PDF/A-3a).")
    ] = "review",
    seal: Annotated[
        bool, typer.Option("--seal", help="Sign the archive copy with your own key, so that any change shows.")
    ] = False,
    unit: Annotated[list[str] | None, typer.Option(metavar="UNIT", help="Only this unit; may be repeated.")] = None,
    without_confidential: Annotated[
        bool, typer.Option("--without-confidential", help="Leave out what is marked confidential.")
    ] = False,
    hold_back: Annotated[
        list[str] | None,
        typer.Option(metavar="EVIDENCE", help="Name this item and show nothing of it; may be repeated."),
    ] = None,
    without_files: Annotated[
        bool, typer.Option("--without-files", help="List attached files and leave them out.")
    ] = False,
    redact: Annotated[
        bool,
        typer.Option("--redact/--no-redact", help="Hide what is marked to be hidden (see “redact”), or show it."),
    ] = True,
    page_size: Annotated[str, typer.Option(metavar="SIZE", help="A4 or Letter.")] = "A4",
    language: Annotated[str, typer.Option(metavar="TAG", help="The documents' language, such as en-GB.")] = "en-GB",
    word_template: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Word template (.dotx) that a .docx takes its looks from.")
    ] = None,
    password_file: PasswordFile = None,
    ask_password: Annotated[
        bool, typer.Option("--password", help="Ask for a password, and encrypt the package with it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write documents: PDF, Word, spreadsheet, CSV or a package (zip), by their endings."""
    from portfolio_app.services.exports import Audience, ExportOptions, Profile

    options = ExportOptions(
        audience=choice_from(audience, Audience, "a reader of the portfolio"),
        unit_codes=tuple(unit or ()),
        include_confidential=not without_confidential,
        with_files=not without_files,
        page_size=page_size_from(page_size),
        language=language,
        profile=choice_from(profile, Profile, "a profile"),
        sealed=seal,
        word_template=word_template,
        redacted=redact,
    )
    password = password_from(password_file, ask=ask_password, twice=True)
    documents = _exported(folder, out, options, hold_back or (), password)
    if as_json:
        say_json([json_views.exported(document) for document in documents])
    else:
        _say_documents(documents)


def word_template(
    out: Annotated[Path, typer.Argument(metavar="OUT.dotx", help="The template to write.")],
) -> None:
    """Write the template of Word documents, to be changed in Word and given to export --word-template."""
    from portfolio_app.services.word_templates import save_word_template

    save_word_template(out)
    say(f"Wrote {out}. It says how to change it.")


def demo(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that does not exist yet, or is empty.")],
    as_json: Json = False,
) -> None:
    """Make a sample portfolio and export it in every format."""
    from portfolio_app.services.exports import ExportOptions
    from portfolio_app.services.sample import build_sample

    was_there = folder.exists()
    try:
        with LiveProgress() as progress:
            build_sample(folder, progress)
        (folder / _DEMO_FOLDER).mkdir()
        targets = [folder / _DEMO_FOLDER / name for name in _DEMO_DOCUMENTS]
        documents = _exported(folder, targets, ExportOptions())
    except BaseException:
        if not was_there:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    if as_json:
        say_json({"folder": str(folder), "documents": [json_views.exported(document) for document in documents]})
        return
    say(f"Made a sample portfolio in {folder}.")
    _say_documents(documents)


def _exported(
    folder: Path,
    targets: list[Path],
    options: "ExportOptions",
    hold_back: Sequence[str] = (),
    password: str = "",
) -> "list[Exported]":
    from portfolio_app.services.evidence import show_evidence
    from portfolio_app.services.exports import export as write

    with reading(folder) as portfolio, LiveProgress() as progress:
        held_back = frozenset(show_evidence(portfolio, ref).evidence.id for ref in hold_back)
        return write(
            portfolio,
            kinds_of(portfolio),
            targets,
            replace(options, held_back=held_back),
            today=datetime.now().astimezone().date(),
            program_version=program_version(),
            password=password,
            progress=progress,
        )


def _say_documents(documents: "list[Exported]") -> None:
    for document in documents:
        pages = f", {document.pages} pages" if document.pages is not None else ""
        say(f"Wrote {document.path} ({document.size / 1000:,.0f} kB{pages}).")
        if document.fingerprint:
            say(f"It is sealed with the key {document.fingerprint}.")
    for warning in dict.fromkeys(warning for document in documents for warning in document.warnings):
        tell(warning)
