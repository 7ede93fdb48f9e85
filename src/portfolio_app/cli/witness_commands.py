"""The command that makes a form for a witness, and reads it when it comes back: witness-form."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, kinds_of, reading
from portfolio_app.cli.output import say, say_facts, say_json, say_table, say_wrapped
from portfolio_app.cli.parameters import Folder, Json, page_size_from
from portfolio_app.cli.progress import LiveProgress
from portfolio_app.domain.errors import InvalidInput

if TYPE_CHECKING:
    from portfolio_app.services.witness_returns import TakenIn, WitnessComparison

_COLUMNS = ("Answer", "In the portfolio", "The witness says", "")
_TAKEN = "would be taken in"
_LONGEST_NOW = 160  # characters of what an item says already


def witness_form(
    folder: Folder,
    subject: Annotated[
        str, typer.Argument(metavar="EVIDENCE|FILE", help="The item that the form is about; with --read, the PDF.")
    ],
    out: Annotated[Path | None, typer.Argument(metavar="[OUT.pdf]", help="The form to write.")] = None,
    person: Annotated[
        str, typer.Option(metavar="NAME", help="Which of the item's witnesses it is for; else the next to sign.")
    ] = "",
    page_size: Annotated[str, typer.Option(metavar="SIZE", help="A4 or Letter.")] = "A4",
    language: Annotated[str, typer.Option(metavar="TAG", help="The form's language, such as en-GB.")] = "en-GB",
    read: Annotated[bool, typer.Option("--read", help="Read a form that a witness filled in.")] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take in what it says; else it is only shown. Goes with --read.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a form of one page for a witness to fill in; or with --read compare a returned one with its item.

    A witness records what they saw, and decides nothing.
    """
    if read:
        if out is not None or person:
            raise InvalidInput("--read takes the returned form alone: there is nothing to write.")
        _read(folder, Path(subject), accept=accept, as_json=as_json)
        return
    if accept:
        raise InvalidInput("--accept goes with --read: only a returned form can be taken in.")
    if out is None:
        raise InvalidInput(f"Name the PDF to write, as in: witness-form FOLDER {subject} form.pdf.")
    from portfolio_app.services.witness_forms import witness_form_for, write_form

    size = page_size_from(page_size)
    with reading(folder) as portfolio:
        form = witness_form_for(portfolio, kinds_of(portfolio), subject, person)
    written = write_form(form, out, page_size=size, language=language)
    if as_json:
        say_json(json_views.witness_form(form, written))
        return
    whom = f"for {form.person.name} " if form.person else ""
    say(f"Wrote {written.path}, the form {whom}about {form.item.ref} ({written.size / 1000:,.0f} kB, 1 page).")
    if left := written.claimed - written.listed:
        say(
            f"{left:,} of the {written.claimed:,} requirements that {form.item.ref} is claimed for found no room on it."
        )


def _read(folder: Path, file: Path, *, accept: bool, as_json: bool) -> None:
    from portfolio_app.services.attaching import file_copier
    from portfolio_app.services.witness_returns import compare_statement, read_statement, take_in

    with LiveProgress() as progress:
        returned = read_statement(file, progress)
    if not accept:
        with reading(folder) as portfolio:
            comparison = compare_statement(portfolio, kinds_of(portfolio), returned)
        if as_json:
            say_json(json_views.witness_comparison(comparison, None))
            return
        _say_comparison(comparison)
        say()
        if comparison.usual:
            say("Nothing was taken in; --accept takes in what is marked, and attaches the file.")
        else:
            say(f"There is nothing new for {comparison.item.ref} in it.")
        return
    with editing(folder) as portfolio:
        kinds = kinds_of(portfolio)
        compare_statement(portfolio, kinds, returned)  # refuses what is none before anything is copied
        with LiveProgress() as progress:
            copied = file_copier(portfolio).copy(file, progress)
        taken, _ = take_in(portfolio, kinds, returned, copied)
        if as_json:
            say_json(json_views.witness_comparison(taken.comparison, taken))
        else:
            _say_comparison(taken.comparison)
            say()
            _say_taken(taken)


def _say_comparison(comparison: "WitnessComparison") -> None:
    from portfolio_app.services.text_input import shortened

    item = comparison.item
    say_facts(
        [
            ("Item", f"{item.ref} {item.shown_title}"),
            ("Witness", comparison.name or "nobody is named"),
            ("Saw or heard", "\n".join(comparison.seen) or "no box is ticked"),
            *([("Not ticked", "\n".join(comparison.not_seen))] if comparison.not_seen else []),
        ]
    )
    for warning in comparison.warnings:
        say()
        say_wrapped(f"Note: {warning}")
    if comparison.notes:
        say()
    for note in comparison.notes:
        say_wrapped(note)
    if comparison.answers:
        say()
        rows = [
            (
                answer.label,
                shortened(answer.now, _LONGEST_NOW),
                answer.said,
                _fate(answer.change.value, taken=answer.place in comparison.usual),
            )
            for answer in comparison.answers
        ]
        say_table(_COLUMNS, rows)


def _fate(change: str, *, taken: bool) -> str:
    return f"{change}: {_TAKEN}" if taken else change


def _say_taken(taken: "TakenIn") -> None:
    ref, name = taken.evidence.ref, taken.comparison.name
    if not taken.is_new:
        say(f"There was nothing new for {ref} in it.")
        return
    say(f"Took in {name}’s testimony for {ref}; the file is attached to it.")
    left = [answer.label for answer in taken.comparison.answers if answer.change.value == "different"]
    if left:
        say_wrapped(f"Left as {ref} says it: {', '.join(left)}.")
