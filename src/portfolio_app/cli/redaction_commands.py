"""Commands on what is hidden in copies for others: marking words and regions, and finding what might be marked."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, kinds_of, reading
from portfolio_app.cli.output import say, say_json, say_table
from portfolio_app.cli.parameters import EvidenceRef, Folder, Json
from portfolio_app.cli.progress import LiveProgress
from portfolio_app.domain.errors import InvalidInput

if TYPE_CHECKING:
    from portfolio_app.services.redaction import Survey

Texts = Annotated[list[str], typer.Argument(metavar="TEXT...", help="Words, names, numbers or addresses.")]


def redact_add(
    folder: Folder,
    texts: Texts,
    replacement: Annotated[
        str, typer.Option("--with", metavar="TEXT", help="What stands in their place; “[removed]” unless given.")
    ] = "",
    parts_of_words: Annotated[
        bool, typer.Option("--parts-of-words", help="Hide them within longer words as well.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Mark words to be hidden in copies; the portfolio itself stays as it is."""
    from portfolio_app.services.redaction import add_terms

    with editing(folder) as portfolio:
        added, _ = add_terms(portfolio, texts, replacement=replacement, whole_words=not parts_of_words)
        if as_json:
            say_json([json_views.redaction_term(term) for term in added])
        elif added:
            say(f"Will be hidden in copies: {', '.join(f'“{term.text}”' for term in added)}.")
        else:
            say("That is marked already.")


def redact_remove(folder: Folder, texts: Texts, as_json: Json = False) -> None:
    """Show marked words again."""
    from portfolio_app.services.redaction import remove_terms

    with editing(folder) as portfolio:
        removed, _ = remove_terms(portfolio, texts)
        if as_json:
            say_json([json_views.redaction_term(term) for term in removed])
        else:
            say(f"Will be shown again: {', '.join(f'“{term.text}”' for term in removed)}.")


def redact_list(folder: Folder, as_json: Json = False) -> None:
    """List what is marked to be hidden: words, how often they stand in the portfolio, and regions."""
    from portfolio_app.services.redaction import marked_regions

    found = _surveyed(folder)
    with reading(folder) as portfolio:
        regions = marked_regions(portfolio)
    if as_json:
        say_json(json_views.redaction(found, regions))
        return
    if not found.terms and not regions:
        say("Nothing is marked to be hidden.")
    if found.terms:
        say_table(
            ("Hidden", "In its place", "Times", "Where"),
            [(one.term.text, one.term.replacement, str(one.count), ", ".join(one.places)) for one in found.terms],
        )
    if regions:
        say_table(
            ("Region", "Item", "File", "Page", "Left, top, width, height"),
            [
                (
                    str(number),
                    one.item.ref,
                    one.attachment.name,
                    str(one.region.page),
                    ", ".join(
                        f"{part / 100:g} %"
                        for part in (one.region.left, one.region.top, one.region.width, one.region.height)
                    ),
                )
                for number, one in enumerate(regions, 1)
            ],
        )
    _say_unread(found)


def redact_find(folder: Folder, as_json: Json = False) -> None:
    """Propose what might be hidden: names of people, addresses, numbers. Nothing is marked by this."""
    found = _surveyed(folder)
    if as_json:
        say_json([json_views.redaction_candidate(one) for one in found.candidates])
        return
    if found.candidates:
        say_table(
            ("Text", "What it is", "Times", "Where"),
            [(one.text, one.kind.value, str(one.count), ", ".join(one.places)) for one in found.candidates],
        )
    else:
        say("Nothing else was found that might be hidden; names that are in no list cannot be known.")
    _say_unread(found)


def redact_spare(folder: Folder, texts: Texts, as_json: Json = False) -> None:
    """Leave words that were proposed, so that they are not proposed again."""
    from portfolio_app.services.redaction import spare

    with editing(folder) as portfolio:
        spared, _ = spare(portfolio, texts)
        if as_json:
            say_json(spared)
        else:
            say(f"Will not be proposed again: {', '.join(f'“{text}”' for text in spared)}.")


def redact_region(
    folder: Folder,
    ref: EvidenceRef,
    box: Annotated[
        str, typer.Argument(metavar="BOX", help="Left, top, width and height in per cent, such as 10,20,30,5.")
    ],
    file: Annotated[str, typer.Option(metavar="NAME", help="The file, if the item has several.")] = "",
    page: Annotated[int, typer.Option(metavar="NUMBER", help="The page, counted from 1.")] = 1,
    as_json: Json = False,
) -> None:
    """Mark a region of a page or a picture to be covered in copies."""
    from portfolio_app.services.redaction import add_region, find_attachment

    edges = _box(box)
    with editing(folder) as portfolio:
        attachment = find_attachment(portfolio, ref, file)
        region, _ = add_region(portfolio, attachment, page, edges)
        if as_json:
            say_json(json_views.redaction_region(region, ref, attachment))
        else:
            say(f"A region of {attachment.name}, page {page}, will be covered in copies.")


def redact_region_remove(
    folder: Folder,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The region's number in “redact list”.")],
    as_json: Json = False,
) -> None:
    """Show a marked region again."""
    from portfolio_app.services.redaction import marked_regions, remove_regions

    with editing(folder) as portfolio:
        regions = marked_regions(portfolio)
        if not 1 <= number <= len(regions):
            raise InvalidInput(f"There is no region {number}; “redact list” numbers them.")
        one = regions[number - 1]
        remove_regions(portfolio, [one.region.id])
        if as_json:
            say_json(json_views.redaction_region(one.region, one.item.ref, one.attachment))
        else:
            say(f"The region of {one.attachment.name}, page {one.region.page}, will be shown again.")


def _surveyed(folder: Path) -> "Survey":
    from portfolio_app.services.exports import export_snapshot
    from portfolio_app.services.redaction import survey

    with reading(folder) as portfolio, LiveProgress() as progress:
        snapshot = export_snapshot(portfolio, kinds_of(portfolio))
        today = datetime.now().astimezone().date()
        return survey(snapshot.portfolio, snapshot.kinds, snapshot.files.path, today=today, progress=progress)


def _say_unread(found: "Survey") -> None:
    if found.unread:
        things = "1 picture or scanned page" if found.unread == 1 else f"{found.unread} pictures and scanned pages"
        say(f"In {things} no words can be found; look at them, and mark regions.")


def _box(text: str) -> tuple[int, int, int, int]:
    try:
        edges = [round(float(part.strip().removesuffix("%")) * 100) for part in text.split(",")]
        left, top, width, height = edges
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"“{text}” is not a region; give left, top, width and height in per cent, such as 10,20,30,5."
        ) from None
    return left, top, width, height
