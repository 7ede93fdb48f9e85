"""The command that searches a portfolio."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import kinds_of, reading
from portfolio_app.cli.output import safe, say, say_json, say_rich, tell
from portfolio_app.cli.parameters import Folder, Json
from portfolio_app.cli.progress import LiveProgress
from portfolio_app.domain.errors import InvalidInput

if TYPE_CHECKING:
    from rich.text import Text

    from portfolio_app.domain.search import SearchHit
    from portfolio_app.services.attached_texts import UnreadFile
    from portfolio_app.storage.portfolio_file import PortfolioFile

_MOST_UNREAD = 10  # files that are named


def search(
    folder: Folder,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS...",
            help="What to look for, as in the search box: words, 'a \"phrase\"', 'this -but not that' and filters "
            "(kind:, unit:, person:, tag:, before:, after:, has:, in:).",
        ),
    ],
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Show so many at most.")] = 20,
    as_json: Json = False,
) -> None:
    """Search everything: evidence, people, requirements, guidance and what attached files say."""
    from portfolio_app.domain.search import parse_query
    from portfolio_app.services.attached_texts import unread_files
    from portfolio_app.services.searching import SearchUnavailable
    from portfolio_app.services.searching import search as search_portfolio

    typed = " ".join(words)
    if parse_query(typed).asks_nothing:
        raise InvalidInput(f"“{typed}” holds nothing to look for; give a word or a filter with its value.")
    with reading(folder) as portfolio:
        _catch_up(portfolio)
        results = search_portfolio(portfolio, typed, limit)
        if results.problem:
            raise SearchUnavailable(results.problem)
        unread = unread_files(portfolio)
    if as_json:
        say_json(json_views.search_results(results, unread))
        return
    for hit in results.hits:
        _say_hit(hit)
    if not results.hits:
        say("Nothing was found.")
    elif results.total > len(results.hits):
        say(f"{len(results.hits)} of {results.total:,} that were found; --limit shows more.")
    else:
        say(f"{results.total} found.")
    _tell_unread(unread)


def _catch_up(portfolio: "PortfolioFile") -> None:
    """Bring the index up to date; where that cannot be done now, what it holds is searched and the reason told."""
    from portfolio_app.helper_process import ProcessDied
    from portfolio_app.services.searching import SearchUnavailable, catch_up
    from portfolio_app.services.text_desk import TextProcess

    try:
        with TextProcess() as texts, LiveProgress() as progress:
            catch_up(portfolio, kinds_of(portfolio), texts.read, progress)
    except (SearchUnavailable, ProcessDied) as error:
        tell(str(error))


def _say_hit(hit: "SearchHit") -> None:
    from rich.padding import Padding
    from rich.text import Text

    head = Text(f"{safe(hit.ref)}  " if hit.ref else "")
    head.append_text(_with_marks(hit.title, hit.title_marks))
    place = _place(hit)
    if place:
        head.append(f" – {safe(place)}", style="dim")
    say_rich(head)
    if hit.excerpt:
        say_rich(Padding(_with_marks(hit.excerpt, hit.marks), (0, 0, 0, 4)))


def _with_marks(text: str, marks: Iterable[tuple[int, int]]) -> "Text":
    """Return a text in which the words that were found are bold."""
    from rich.text import Text

    shown = Text()
    end = 0
    for start, finish in marks:
        shown.append(safe(text[end:start]))
        shown.append(safe(text[start:finish]), style="bold")
        end = finish
    shown.append(safe(text[end:]))
    return shown


def _place(hit: "SearchHit") -> str:
    parts = [hit.field] if hit.field else []
    if hit.page is not None:
        parts.append(f"page {hit.page}")
    if hit.paragraph is not None:
        parts.append(f"paragraph {hit.paragraph}")
    return ", ".join(parts)


def _tell_unread(unread: "Sequence[UnreadFile]") -> None:
    for file in unread[:_MOST_UNREAD]:
        tell(f"Not searched: {file.ref} “{file.name}”, because {file.reason}.")
    if len(unread) > _MOST_UNREAD:
        tell(f"Nor were {len(unread) - _MOST_UNREAD} more files.")
