"""Where a search leads."""

from __future__ import annotations

import pytest

from portfolio_app.domain.search import HitSort, SearchHit
from portfolio_app.gui.found_places import page_in_words, place_of
from portfolio_app.gui.places import Place


def _file(
    excerpt: str, *words: str, name: str = "a.pdf", page: int | None = None, paragraph: int | None = 7
) -> SearchHit:
    marks = tuple((excerpt.index(word), excerpt.index(word) + len(word)) for word in words)
    return SearchHit(
        HitSort.ATTACHMENT, name, excerpt=excerpt, marks=marks, evidence_id="e", page=page, paragraph=paragraph
    )


def test_words_are_marked_as_they_stand_each_once_in_the_piece_that_holds_the_first() -> None:
    hit = _file("… so … the Rota, as rotas go: rota … and more", "Rota", "rotas", "rota", page=3)
    assert place_of(hit) == Place(
        "evidence",
        evidence_id="e",
        attachment="a.pdf",
        page_number="3",
        passage="the Rota, as rotas go: rota",
        words=("rota", "rotas"),
    )


def test_what_was_found_in_a_caption_is_not_looked_for_in_the_file() -> None:
    place = place_of(_file("The rota", "rota", paragraph=None))
    assert (place.attachment, place.page_number, place.words) == ("a.pdf", "", ())


@pytest.mark.parametrize(
    ("name", "page", "said"),
    [("a.pdf", 1200, "p. 1,200"), ("A.PPTX", 2, "slide 2"), ("a.ods", 3, "sheet 3"), ("a.docx", None, "")],
)
def test_pages_are_called_what_they_are(name: str, page: int | None, said: str) -> None:
    assert page_in_words(_file("", name=name, page=page)) == said
