"""What of a portfolio is searched."""

from __future__ import annotations

import pytest

from portfolio_app.services.searchable_things import plain_of_markdown


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Nothing but words, 2 * 3 * 4 and snake_case.", "Nothing but words, 2 * 3 * 4 and snake_case."),
        ("# Head\n\n**Bold *both* more** and _it_, ***all***", "Head\n\nBold both more and it, all"),
        ("1. one\n2. two\n- three\n> said", "one\ntwo\nthree\nsaid"),
        ("See [the rota](https://example.org/a) \\*here\\*", "See the rota *here*"),
        ("**left open and *so on", "**left open and *so on"),
    ],
)
def test_prose_is_searched_without_the_marks_of_its_layout(written: str, read: str) -> None:
    """What is no such mark stays."""
    assert plain_of_markdown(written) == read


@pytest.mark.parametrize("piece", ["*a ", "**a", "_a ", "[a](x ", "[", "* ", "> ", "\\*", "_", "\n \n"])
def test_any_text_is_read_in_time(piece: str) -> None:
    """A text of half a million characters made to be slow would show: it would take hours."""
    assert plain_of_markdown(piece * (500_000 // len(piece)))
