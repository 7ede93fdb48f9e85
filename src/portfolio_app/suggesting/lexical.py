"""Texts compared by their words: which of several short texts a longer one speaks to.

Words are brought to their stems (Snowball's English stemmer) and weighted by how few of the texts have them; two texts
are as near as the cosine of their weighted words (tf-idf, as in Salton and Buckley, 1988). Unlike sums over the words
found, which grow with the length of a text, that can be held against a fixed bound.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

import snowballstemmer

from portfolio_app.domain.folding import folded

Words: TypeAlias = Counter[str]
"""How often each stem stands in a text."""

_WORD: Final = re.compile(r"[^\W_]{2,}")
_LONGEST_WORD: Final = 40  # characters; a longer one is none, and would take the stemmer long
_STOP: Final = frozenset(
    (
        *("a", "about", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "being", "both"),
        *("but", "by", "can", "did", "do", "does", "each", "for", "from", "had", "has", "have", "he", "her"),
        *("him", "his", "how", "if", "in", "into", "is", "it", "its", "may", "me", "more", "most", "must"),
        *("my", "no", "not", "of", "on", "only", "or", "other", "our", "out", "own", "same", "she", "should"),
        *("so", "some", "such", "than", "that", "the", "their", "them", "then", "there", "these", "they"),
        *("this", "those", "to", "up", "us", "was", "we", "were", "what", "when", "where", "which", "who"),
        *("will", "with", "would", "you", "your"),
    )
)
"""Words that say nothing of what a text is about."""

_STEMMER: Final = snowballstemmer.stemmer("english")


def words_of(text: str) -> Words:
    """Return how often each stem stands in a text; case, accents and words like “the” do not count."""
    return Counter(
        _stem(word) for word in _WORD.findall(folded(text)) if word not in _STOP and len(word) <= _LONGEST_WORD
    )


@lru_cache(50_000)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


class Wordings:
    """Short texts that others are held against, with the weights of their words."""

    def __init__(
        self, texts: Sequence[str], background: Iterable[str] = (), accepted: Sequence[Sequence[str]] = ()
    ) -> None:
        """Compare with ``texts``. Words are rare or not as they are in them and in ``background``.

        ``accepted`` are passages that are known to belong to each text, if given at all: half their words' weight is
        added to the text's own.
        """
        own = [words_of(text) for text in texts]
        every = [*own, *(words_of(text) for text in background)]
        self._spread = Counter(stem for words in every for stem in words)
        self._count = len(every)
        self._vectors = [_of_length_one(self._weighted(words)) for words in own]
        for place, passages in enumerate(accepted):
            if passages:
                known = self._spread_over(" ".join(passages))
                self._vectors[place] = _of_length_one(_sum(self._vectors[place], known, 0.5))
        self._holding: dict[str, list[tuple[int, float]]] = {}
        for place, vector in enumerate(self._vectors):
            for stem, weight in vector.items():
                self._holding.setdefault(stem, []).append((place, weight))

    def nearness(self, words: Words) -> list[float]:
        """Return how near a text of these words is to each: from 0, nothing in common, to 1."""
        weighted = self._weighted(words)
        length = math.sqrt(sum(weight * weight for weight in weighted.values()))
        found = [0.0] * len(self._vectors)
        for stem, weight in weighted.items():
            for place, other in self._holding.get(stem, ()):
                found[place] += weight * other / length
        return found

    def share(self, place: int) -> Callable[[str], float]:
        """Return what says how much of a text's words, by weight, others have: roughly, but thousands in a second."""
        vector = self._vectors[place]
        whole = sum(vector.values()) or 1.0
        known: dict[str, float] = {}

        def of(text: str) -> float:
            total = 0.0
            for word in set(_WORD.findall(text)):
                weight = known.get(word)
                if weight is None:
                    weight = known[word] = sum(vector.get(stem, 0.0) for stem in words_of(word))
                total += weight
            return total / whole

        return of

    def between(self, one: int, other: int) -> float:
        """Return how near two of the texts are to each other."""
        first, second = self._vectors[one], self._vectors[other]
        return sum(weight * second.get(stem, 0.0) for stem, weight in first.items())

    def _spread_over(self, text: str) -> Mapping[str, float]:
        return _of_length_one(self._weighted(words_of(text)))

    def _weighted(self, words: Words) -> dict[str, float]:
        """Weigh words: those that stand often more, those that stand in many texts less, unknown ones most."""
        return {stem: (1 + math.log(often)) * self._rarity(self._spread[stem]) for stem, often in words.items()}

    def _rarity(self, spread: int) -> float:
        return math.log(1 + (self._count - spread + 0.5) / (spread + 0.5))


def _sum(one: Mapping[str, float], other: Mapping[str, float], share: float) -> dict[str, float]:
    total = dict(one)
    for stem, weight in other.items():
        total[stem] = total.get(stem, 0.0) + share * weight
    return total


def _of_length_one(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {stem: weight / length for stem, weight in vector.items()}
