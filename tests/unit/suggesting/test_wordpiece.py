"""Text cut into the pieces that the sentence model knows, as the tokenizer it was trained with cuts it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.suggesting.model_files import ModelFiles
from portfolio_app.suggesting.wordpiece import LONGEST, WordPiece, words_of

_VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "cafe", "plan", "##ned", "##s", "i", ".", "1"]


# Numbers from the library “tokenizers” 0.22 with the model's own tokenizer.json.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Café naïve résumé — “I planned”, 1,200.50£ & co.",
            [
                *(101, 7668, 15743, 13746, 1517, 1523, 1045, 3740, 1524, 1010, 1015, 1010, 3263, 1012, 2753, 29646),
                *(1004, 2522, 1012, 102),
            ],
        ),
        ("东京 是 大", [101, 100, 1755, 100, 1810, 102]),
        ("x" * 120 + " hello", [101, 100, 7592, 102]),
        ("", [101, 102]),
        ("ﬁnd ǅ İstanbul ß", [101, 1984, 4859, 100, 9960, 1096, 102]),
        ("a\u200bb\u00adc\u0000d", [101, 5925, 2094, 102]),
        ("Zürich\u2028next\tline", [101, 10204, 2279, 2240, 102]),
        ("emoji 😀👍 ok", [101, 7861, 29147, 2072, 100, 7929, 102]),
        ("don't `x^2` $5~", [101, 2123, 1005, 1056, 1036, 1060, 1034, 1016, 1036, 1002, 1019, 1066, 102]),
        ("한국어 test", [101, 1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008, 3231, 102]),
        ("Monitoring the organisation's KPIs", [101, 8822, 1996, 5502, 1005, 1055, 1047, 18136, 102]),
        ("word " * 400, [101, *[2773] * 254, 102]),
    ],
)
def test_it_gives_the_numbers_of_the_models_own_tokenizer(
    model_files: ModelFiles, text: str, expected: list[int]
) -> None:
    assert WordPiece(model_files.vocabulary).numbers(text) == expected


def test_a_word_is_cut_into_the_longest_pieces_known() -> None:
    cut = WordPiece(_VOCABULARY)
    assert cut.numbers("Planned Cafés.") == [2, 5, 6, 4, 7, 9, 3]
    assert cut.numbers("planner plan") == [2, 1, 5, 3]  # all of a word is known or none


def test_a_vocabulary_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[SEP\]"):
        WordPiece(_VOCABULARY[:3])


@given(st.text(max_size=400))
def test_any_text_has_numbers_within_the_models_reach(text: str) -> None:
    numbers = WordPiece(_VOCABULARY).numbers(text)
    assert numbers[0] == 2
    assert numbers[-1] == 3
    assert len(numbers) <= LONGEST
    assert all(0 <= number < len(_VOCABULARY) for number in numbers)
    assert len(numbers) >= min(len(words_of(text)) + 2, LONGEST)
