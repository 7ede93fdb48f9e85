"""How much speaks for each of several requirements in what an item says, and which sentence says it best.

Words and meanings are added up: half a part of words to one of meaning, as it comes out where both are cosines. What an
item means is the mean of its beginning and of its three sentences that are nearest. Without the sentence model, words
alone are compared.

The weights and bounds were chosen on the passages of ``tests/benchmarks/data/learner_passages.toml`` that are marked
for tuning and on the sample portfolio; ``python -m tests.benchmarks suggestions`` prints what comes of them on others.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.suggestions import Band
from portfolio_app.suggesting.lexical import Wordings, Words, words_of
from portfolio_app.suggesting.sentences import sentences
from portfolio_app.suggesting.target import Passage

if TYPE_CHECKING:
    from portfolio_app.suggesting.meanings import Aims, Meanings

MOST: Final = 3
"""How many suggestions are made at a time."""

MOST_SENTENCES: Final = 400
"""Of a longer item, the sentences whose words are nearest to any requirement are read for their meaning: 4 seconds."""

_BEST: Final = 3  # sentences whose mean counts
_OPENING: Final = 180  # words: about what the sentence model reads at once
_SHORT: Final = 32  # sentences: a page
_LEAST_QUOTED: Final = 5  # words of a sentence that can be quoted; shorter ones are headings and “Yes.”
_MOST_LOOKED_AT: Final = 10_000  # sentences: about 500 pages
_FOR_A_SENTENCE: Final = 0.4  # how much nearer a heading or a row of a table must be to be quoted instead of a sentence
_CLOSING: Final = "\"'”’»)]* "


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where on a score is a possible, and a strong, suggestion.

    In a long text something comes near to anything: beyond :data:`_SHORT` sentences both rise by ``rise`` each time the
    text doubles.
    """

    possible: float
    strong: float
    rise: float

    def band(self, score: float, sentences: int) -> Band | None:
        """Return the band that a score is in, for an item of so many sentences; ``None``: probably nothing."""
        over = self.rise * math.log2(max(sentences, _SHORT) / _SHORT)
        if score >= self.strong + over:
            return Band.STRONG
        return Band.POSSIBLE if score >= self.possible + over else None


WITH_MODEL: Final = Bounds(possible=0.28, strong=0.52, rise=0.03)
WORDS_ALONE: Final = Bounds(possible=0.07, strong=0.15, rise=0.01)


class Said:
    """What an item says, read once for any number of requirements."""

    def __init__(self, passages: Iterable[Passage], title: str = "") -> None:
        """Read an item's passages. Its title is compared too, but is nothing to quote."""
        self.title = title
        self.sentences = [
            (passage, sentence.text)
            for passage, sentence in islice(
                ((passage, sentence) for passage in passages for sentence in sentences(passage.text)), _MOST_LOOKED_AT
            )
        ]
        self.counted = [words_of(text) for _, text in self.sentences]
        self.stems: Words = sum(self.counted, words_of(title))
        self.words = sum(len(text.split()) for _, text in self.sentences)

    def openings(self) -> list[str]:
        """Return the beginning of each source: the item's own text, and each attachment."""
        begun: dict[str, tuple[list[str], int]] = {"": ([f"{self.title}."], 0)} if self.title else {}
        for passage, text in self.sentences:
            pieces, words = begun.get(passage.attachment_id, ([], 0))
            if words < _OPENING:
                begun[passage.attachment_id] = ([*pieces, text], words + len(text.split()))
        return [" ".join(pieces) for pieces, _ in begun.values()]


class Comparison:
    """An item held against requirements. ``scores`` are theirs, in their order: 0 where nothing speaks for one."""

    def __init__(
        self,
        said: Said,
        wordings: Wordings,
        meanings: Meanings | None = None,
        aims: Aims | None = None,
        progress: Progress = no_progress,
    ) -> None:
        """Compare words with ``wordings``, and meanings with ``aims`` where there is a model: of the same requirements.

        Raises:
            Cancelled: ``progress`` said so.
        """
        self._said = said
        self.scores = wordings.nearness(said.stems)
        self._places = _worth_reading(said, wordings)
        self._by_words = [wordings.nearness(said.counted[place]) for place in self._places]
        self._by_meaning: list[list[float]] = []
        if meanings is not None and aims is not None and self._places:
            openings = said.openings()
            texts = [said.sentences[place][1] for place in self._places]
            near = meanings.nearness([*texts, *openings], aims, progress)
            self._by_meaning = near[: len(texts)]
            for target in range(len(self.scores)):
                nearest = heapq.nlargest(_BEST, (row[target] for row in self._by_meaning))
                opening = max(row[target] for row in near[len(texts) :])
                self.scores[target] += (opening + sum(nearest) / len(nearest)) / 2

    def band(self, target: int) -> Band | None:
        """Return how much speaks for a requirement; ``None``: probably nothing, or nothing that could be quoted."""
        if not self._places:
            return None
        bounds = WITH_MODEL if self._by_meaning else WORDS_ALONE
        return bounds.band(self.scores[target], len(self._said.sentences))

    def best_sentence(self, target: int) -> tuple[Passage, str]:
        """Return the sentence that speaks most for a requirement, and the passage that it stands in.

        Raises:
            ValueError: the item says nothing.
        """

        def worth(number: int) -> tuple[bool, float]:
            text = self._said.sentences[self._places[number]][1]
            near = self._by_words[number][target] + (self._by_meaning[number][target] if self._by_meaning else 0)
            is_whole = text.rstrip(_CLOSING).endswith((".", "!", "?", "…"))
            return len(text.split()) >= _LEAST_QUOTED, near if is_whole else near - _FOR_A_SENTENCE * abs(near)

        return self._said.sentences[self._places[max(range(len(self._places)), key=worth)]]


def _worth_reading(said: Said, wordings: Wordings) -> list[int]:
    """Return which sentences are compared: all of them, or of a long item those nearest to any requirement by words."""
    everything = range(len(said.sentences))
    if len(everything) <= MOST_SENTENCES:
        return list(everything)
    nearest = {place: max(wordings.nearness(said.counted[place]), default=0.0) for place in everything}
    return sorted(heapq.nlargest(MOST_SENTENCES, everything, key=nearest.__getitem__))
