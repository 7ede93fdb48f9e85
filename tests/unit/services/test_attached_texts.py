"""The words of attached files, as they are read where the file itself is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portfolio_app.domain.attached_text import AttachedText, TextPassage, TextState
from portfolio_app.domain.portfolio import Learner, PortfolioDetails
from portfolio_app.services.attached_texts import MOST_SHOWN, words_to_read
from portfolio_app.storage.portfolio_file import PortfolioFile


@pytest.fixture
def portfolio(tmp_path: Path) -> Iterator[PortfolioFile]:
    with PortfolioFile.create(tmp_path / "Sam", PortfolioDetails("p", Learner("Sam"))) as portfolio:
        yield portfolio


def _keep(portfolio: PortfolioFile, *passages: TextPassage, complete: bool = True) -> None:
    portfolio.search_index.put_texts([AttachedText("a" * 64, TextState.READ, passages, complete)])


def test_each_slide_stands_below_its_number(portfolio: PortfolioFile) -> None:
    _keep(portfolio, TextPassage("Rota", 1, 1), TextPassage("for May", 1, 2), TextPassage("Costs", 3, 3))
    shown = words_to_read(portfolio, "a" * 64, "Talk.PPTX")
    assert shown is not None
    assert shown.text == "Slide 1\n\nRota\nfor May\n\nSlide 3\n\nCosts"
    assert "more of it" not in shown.note


def test_what_has_no_pages_has_no_numbers_and_what_is_cut_says_so(portfolio: PortfolioFile) -> None:
    _keep(portfolio, TextPassage("Rota", None, 1), TextPassage("for May", None, 2), complete=False)
    shown = words_to_read(portfolio, "a" * 64, "notes.odt")
    assert shown is not None
    assert shown.text == "Rota\nfor May"
    assert "more of it" in shown.note
    _keep(portfolio, *(TextPassage("x" * 999, None, number) for number in range(1, 1000)))
    shown = words_to_read(portfolio, "a" * 64, "notes.odt")
    assert shown is not None
    assert MOST_SHOWN < len(shown.text) < MOST_SHOWN + 2000
    assert "more of it" in shown.note


def test_there_is_nothing_to_read_of_a_file_that_was_not_read(portfolio: PortfolioFile) -> None:
    assert words_to_read(portfolio, "b" * 64, "a.odt") is None
    portfolio.search_index.put_texts([AttachedText("b" * 64, TextState.ENCRYPTED)])
    assert words_to_read(portfolio, "b" * 64, "a.odt") is None
