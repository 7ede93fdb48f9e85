"""Texts compared by what they mean: vectors of the sentence model, each made once and kept."""

from __future__ import annotations

from portfolio_app.suggesting import one_thread  # noqa: F401 - must come before NumPy

# isort: split
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.suggesting.minilm import SIZE, MiniLM, Vectors
from portfolio_app.suggesting.model_files import SHA256, WEIGHTS
from portfolio_app.suggesting.target import Target

_KEY_BYTES: Final = 16
_AT_ONCE: Final = 64  # texts between two looks whether to go on
_MOST_ACCEPTED: Final = 5  # passages for each requirement; words are compared with more, which takes no time
_OF_GUIDANCE: Final = 0.3
_OF_ACCEPTED: Final = 0.3
"""How much of what a requirement means is its guidance, and what was accepted for it, beside its own words: 1."""

_OF_COMMON: Final = 0.75
"""How much of what makes a requirement near to everything is taken off."""

_ENOUGH_TO_COMPARE: Final = 8  # accepted passages


@dataclass(frozen=True, slots=True)
class Aims:
    """What requirements mean, and how much nearer than others each is to all there is in their units."""

    vectors: Vectors
    common: Vectors


class VectorStore(Protocol):
    """Keeps vectors for another time; may forget any of them at any time."""

    def get(self, keys: Iterable[bytes]) -> Mapping[bytes, bytes]:
        """Return what is kept under these keys."""

    def put(self, values: Mapping[bytes, bytes]) -> None:
        """Keep values under their keys."""


class Meanings:
    """Compares meanings. What was read once is not read again, as long as the store remembers it."""

    def __init__(self, model: MiniLM, store: VectorStore) -> None:
        self._model = model
        self._store = store

    def vectors(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        """Return a vector of length one for each text."""
        keys = [_key(text) for text in texts]
        known = {key: _unpacked(value) for key, value in self._store.get(set(keys)).items() if len(value) == 2 * SIZE}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        # Texts of one length are read together, so parts of the whole are of one length too.
        waiting = sorted(missing.items(), key=lambda each: len(each[1]))
        for first in range(0, len(waiting), _AT_ONCE):
            progress(first, len(waiting), "Comparing what is meant")
            part = waiting[first : first + _AT_ONCE]
            made = self._model.vectors([text for _, text in part])
            known.update((key, vector) for (key, _), vector in zip(part, made, strict=True))
            self._store.put({key: _packed(vector) for (key, _), vector in zip(part, made, strict=True)})
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, SIZE), np.float32)

    def aims(self, targets: Sequence[Target], progress: Progress = no_progress) -> Aims:
        """Return what each target means: its words, shifted towards its guidance and what was accepted for it.

        A piece of guidance is on the whole unit; it belongs to that requirement of it that it is nearest to. What all
        accepted passages have in common, such as their workplace, does not count.
        """
        own = self.vectors([target.text for target in targets], progress)
        advice = list(dict.fromkeys((target.unit, text) for target in targets for text in target.guidance))
        read = self.vectors([text for _, text in advice], progress)
        guided = np.zeros_like(own)
        for (unit, _), vector in zip(advice, read, strict=True):
            places = [place for place, target in enumerate(targets) if target.unit == unit]
            guided[places[int(np.argmax(own[places] @ vector))]] += vector
        accepted = [(place, text) for place, target in enumerate(targets) for text in target.accepted[:_MOST_ACCEPTED]]
        passages = self.vectors([text for _, text in accepted], progress)
        if len(passages) >= _ENOUGH_TO_COMPARE:
            passages = passages - passages.mean(0)
        known = np.zeros_like(own)
        for (place, _), vector in zip(accepted, passages, strict=True):
            known[place] += vector
        meant = _of_length_one(own + _OF_GUIDANCE * _of_length_one(guided) + _OF_ACCEPTED * _of_length_one(known))
        common = (meant @ np.concatenate([own, read]).T).mean(1) if len(own) else np.zeros(0, np.float32)
        return Aims(meant, np.float32(_OF_COMMON) * (common - common.mean() if len(common) else common))

    def nearness(self, texts: Sequence[str], aims: Aims, progress: Progress = no_progress) -> list[list[float]]:
        """Return for each text how near it is to each aim: up to 1, the same; about 0, nothing to do with it.

        What is near to everything, such as “plan the service”, counts as a little farther than it is.
        """
        near: list[list[float]] = (self.vectors(texts, progress) @ aims.vectors.T - aims.common).tolist()
        return near

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """Return how much like it other texts are, as they stand: up to 1, the same."""
        first, *rest = self.vectors([text, *others])
        return [float(first @ other) for other in rest]


def _key(text: str) -> bytes:
    """Return what a text's vector is kept under: another model would find nothing."""
    return hashlib.blake2b(
        text.encode("utf-8", "replace"), digest_size=_KEY_BYTES, key=SHA256[WEIGHTS][:64].encode()
    ).digest()


def _packed(vector: Vectors) -> bytes:
    return vector.astype("<f2").tobytes()


def _unpacked(value: bytes) -> Vectors:
    # A stranger's file may hold anything.
    return np.clip(np.nan_to_num(np.frombuffer(value, "<f2").astype(np.float32)), -1, 1)


def _of_length_one(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return scaled
