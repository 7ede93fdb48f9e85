"""Text divided into sentences that can be quoted, each with where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.suggesting.sentences import LONGEST, LONGEST_WORD, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I planned it. I did it! Did it help?", ["I planned it.", "I did it!", "Did it help?"]),
        ("I met Mr. Smith, e.g. on the 3rd. He agreed.", ["I met Mr. Smith, e.g. on the 3rd.", "He agreed."]),
        ("It took 3.5 hours. 12 came.", ["It took 3.5 hours.", "12 came."]),
        ("“Really?” She laughed. ‘Yes.’ We went.", ["“Really?”", "She laughed.", "‘Yes.’", "We went."]),
        ("Signed by J. R. Hill. Then I left.", ["Signed by J. R. Hill.", "Then I left."]),
        ("See www.example.org. it is not a new one.", ["See www.example.org. it is not a new one."]),
        ("Aims\n\n- fewer calls\n- shorter queues\n1. First", ["Aims", "fewer calls", "shorter queues", "First"]),
        ("one line\nand the next of it", ["one line\nand the next of it"]),
        ("  \n\n \t ", []),
        ("...", ["..."]),
    ],
)
def test_sentences_end_where_a_reader_would_say(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == expected


def test_what_never_ends_is_cut_to_what_can_be_quoted() -> None:
    found = list(sentences("word " * (2 * LONGEST + 5)))
    assert [len(sentence.text.split()) for sentence in found] == [LONGEST, LONGEST, 5]
    assert max(len(sentence.text) for sentence in sentences("x" * 50_000)) == LONGEST * LONGEST_WORD


@pytest.mark.parametrize("part", [".", "!?", ". ", "\n", " ", "\n- ", "“", ".”", "a.", "A. "])
def test_no_text_takes_long(part: str) -> None:
    text = part * (400_000 // len(part))
    assert sum(len(sentence.text) for sentence in sentences(text)) <= len(text)


@given(st.text(alphabet=st.sampled_from("aB .!?\n\t-1)“”…é#>*"), max_size=300))
def test_every_sentence_stands_where_it_says_and_no_word_is_lost(text: str) -> None:
    end = 0
    left_out = []
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text == sentence.text.strip()
        assert sentence.text
        left_out.append(text[end : sentence.start])
        end = sentence.end
    left_out.append(text[end:])
    # Only what marks an entry of a list, a heading or a quotation may be left out.
    assert not {"B", "é", "”"} & set("".join(left_out))
