"""Passages that two items have in common: noticed where there are some, and not made up where there are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_app.domain.alike import SHINGLE, SURE, alike_passages, are_alike, fingerprints, shingles
from portfolio_app.domain.alike_index import AlikeIndex

WORD = st.from_regex(r"[a-z]{1,7}", fullmatch=True)
QUEUE = (
    "On Monday the queue stood at nineteen because two advisers were at lunch together, so I moved the second lunch "
    "by half an hour, asked Priya to watch the board, and rang the three customers who had hung up."
)
TOLD_AGAIN = """There were nineteen people waiting on Monday. Two of my team had taken lunch at the same time; I put one
of the lunches back thirty minutes, had Priya keep an eye on the wallboard and called back everybody we had lost."""
STANDARD = "Our standard says that 80 per cent of calls are answered within 60 seconds."
RETOLD = (
    "Looking back: on Monday the queue stood at nineteen because two advisers were at lunch at once, so I moved the "
    "second lunch by half an hour, asked Priya to watch the board, and rang the three customers who "
    "had hung up. It worked."
)


@given(st.lists(WORD, max_size=60))
def test_a_text_has_a_shingle_for_each_run_of_five_words(words: list[str]) -> None:
    found = shingles(words)
    assert len(found) == max(0, len(words) - SHINGLE + 1)
    assert all(found[i] == hash(tuple(words[i : i + SHINGLE])) for i in range(len(found)))


@settings(max_examples=50)
@given(st.lists(WORD, max_size=30), st.lists(WORD, max_size=30), st.lists(WORD, min_size=SURE, max_size=40), st.data())
def test_a_run_that_stands_in_both_is_always_noticed(
    before: list[str], after: list[str], common: list[str], data: st.DataObject
) -> None:
    others = data.draw(st.lists(WORD, max_size=30))
    first, second = " ".join([*before, *common, *after]), " ".join([*others, *common])
    assert set(fingerprints([first])) & set(fingerprints([second]))


@settings(max_examples=50)
@given(st.lists(WORD, min_size=SURE, max_size=60, unique=True), st.integers(0, 60), st.integers(0, 60))
def test_marks_hold_the_same_words_in_both(words: list[str], start: int, length: int) -> None:
    part = words[start : start + length]
    for passage in alike_passages([" ".join(words)], ["Quite another beginning. " + " ".join(part)], 60):
        first = [passage.first[begin:end].split() for begin, end in passage.first_marks]
        second = [passage.second[begin:end].split() for begin, end in passage.second_marks]
        assert first == second
        assert passage.words == sum(map(len, first)) >= SURE


@given(st.lists(WORD, min_size=1, max_size=200))
def test_a_text_is_wholly_alike_to_itself(words: list[str]) -> None:
    text = " ".join(words)
    found = alike_passages([text], [text], 100)
    assert bool(found) == (len(words) >= SURE)
    if found and len(set(words)) == len(words):
        assert (found[0].first, found[0].words) == (text, len(words))


def test_a_retold_passage_is_shown_in_whole_sentences_with_the_common_runs_marked() -> None:
    (passage,) = alike_passages([QUEUE], [RETOLD], 70)
    assert passage.first == QUEUE
    assert passage.second.startswith("Looking back: on Monday")
    assert not passage.second.endswith("It worked.")
    assert [passage.first[slice(*mark)] for mark in passage.first_marks] == [
        "On Monday the queue stood at nineteen because two advisers were at lunch",
        QUEUE[QUEUE.index("so I moved") : -1],
    ]
    assert are_alike([passage], 25)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # the same event in other words
        (QUEUE, TOLD_AGAIN),
        # the same standard is quoted in both
        (
            f"{STANDARD} In June we reached 76, because two advisers left and the new ones were still in training.",
            f"{STANDARD} I explained in the briefing why, and asked each adviser what keeps a caller waiting.",
        ),
        # too short to say anything
        (
            "I confirm that this is a true account of what I saw.",
            "I confirm that this is a true account of what I saw.",
        ),
        ("", QUEUE),
    ],
)
def test_what_is_not_alike(first: str, second: str) -> None:
    assert not are_alike(alike_passages([first], [second], 70), 25)


def test_many_short_passages_count_together() -> None:
    points = [
        "Ask the caller for the booking number first, before anything else is opened on screen.",
        "Read the date and the time back slowly, and wait until the caller has agreed.",
        "Offer the waiting list where the class is full and say how long it takes.",
        "Write the reason for each refund into the note, so that nobody asks again.",
    ]
    assert are_alike(alike_passages(points, ["Something else entirely.", *points], 70), 25)
    assert not are_alike(alike_passages(points[:1], points[:1], 70), 25)


@given(st.lists(st.tuples(st.integers(1, 6), st.sets(st.integers(0, 12), max_size=6)), max_size=25))
def test_the_index_names_the_earlier_items_that_share_most(steps: list[tuple[int, set[int]]]) -> None:
    index = AlikeIndex()
    known: dict[int, set[int]] = {}
    for number, prints in steps:
        if prints:
            later = index.put(f"e{number}", number, tuple(prints))
            assert later == {f"e{n}" for n, other in known.items() if n > number and other & prints}
            known[number] = prints
        else:
            index.remove(f"e{number}")
            known.pop(number, None)
    for number, prints in known.items():
        shared = {n: len(other & prints) for n, other in known.items() if n < number and len(other & prints) >= 2}
        named = index.earlier(f"e{number}", 3)
        assert {shared[int(key[1:])] for key in named} == set(sorted(shared.values(), reverse=True)[:3])
        assert len(named) == min(3, len(shared))
