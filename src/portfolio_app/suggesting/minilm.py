"""What sentences mean, as vectors: all-MiniLM-L6-v2 in NumPy, from weights of 8 bits.

A transformer encoder of six layers (Wang et al., MiniLM, 2020), trained for comparing sentences
(https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2): the mean of the last layer's states, of length one. The
scalar product of two vectors says how near two sentences are in meaning.
"""

from __future__ import annotations

from portfolio_app.suggesting import one_thread  # noqa: F401 - must come before NumPy

# isort: split
import math
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from portfolio_app.suggesting.model_files import ModelFiles
from portfolio_app.suggesting.wordpiece import WordPiece

Vectors: TypeAlias = NDArray[np.float32]

SIZE: Final = 384
"""How many numbers a vector has."""

_LAYERS: Final = 6
_HEADS: Final = 12
_HEAD_SIZE: Final = SIZE // _HEADS
_EPSILON: Final = np.float32(1e-12)
_PIECES_AT_ONCE: Final = 1024
"""How many pieces of words go through the layers together: more would need more memory, fewer more time."""

_NEVER: Final = np.float32(-1e9)


class MiniLM:
    """Turns sentences into vectors. The weights need 60 MB of memory, from the first sentence on."""

    def __init__(self, files: ModelFiles) -> None:
        """Use files that were found sound; they are read when they are first needed."""
        self._files = files
        self._tokenizer = WordPiece(files.vocabulary)
        self._weights: dict[str, Vectors] = {}
        self._words: NDArray[np.int8] = np.zeros((0, SIZE), np.int8)
        self._word_scales: Vectors = np.zeros((0, 1), np.float32)

    def vectors(self, texts: Sequence[str], watch: Callable[[int], None] = lambda _done: None) -> Vectors:
        """Return a vector of length one for each text; ``watch`` hears how many are done, and may end it by raising.

        Of a text, as many pieces of words are read as the model takes (256).
        """
        if not self._weights:
            self._load()
        numbered = [self._tokenizer.numbers(text) for text in texts]
        found = np.zeros((len(texts), SIZE), np.float32)
        done = 0
        for batch in _batches(numbered):
            watch(done)
            found[batch] = self._encoded([numbered[place] for place in batch])
            done += len(batch)
        return found

    def _load(self) -> None:
        """Take the weights as they are for words, of which few are needed at a time, and unpack those of the layers."""
        weights: dict[str, Vectors] = {}
        with np.load(self._files.weights, allow_pickle=False) as stored:
            self._words = stored["words.packed"]
            self._word_scales = stored["words.scale"]
            for name in stored.files:
                if name.endswith(".packed") and name != "words.packed":
                    bare = name.removesuffix(".packed")
                    weights[bare] = stored[name].astype(np.float32) * stored[f"{bare}.scale"]
                elif not name.endswith(("packed", "scale")):
                    weights[name] = stored[name]
        self._weights = weights

    def _encoded(self, numbered: Sequence[Sequence[int]]) -> Vectors:
        longest = max(map(len, numbered))
        numbers = np.zeros((len(numbered), longest), np.intp)
        present = np.zeros((len(numbered), longest), np.float32)
        for row, pieces in enumerate(numbered):
            numbers[row, : len(pieces)] = pieces
            present[row, : len(pieces)] = 1
        weights = self._weights
        states = self._words[numbers].astype(np.float32) * self._word_scales[numbers]
        states += weights["positions"][:longest]
        states = self._normed(states, "start")
        mask = None if present.all() else ((1 - present) * _NEVER)[:, None, None, :]
        for layer in range(_LAYERS):
            states = self._layer(states, mask, f"{layer}")
        means = np.einsum("nts,nt->ns", states, present) / present.sum(1, keepdims=True)
        lengths = np.maximum(np.linalg.norm(means, axis=1, keepdims=True), np.float32(1e-9))
        result: Vectors = (means / lengths).astype(np.float32)
        return result

    def _layer(self, states: Vectors, mask: Vectors | None, name: str) -> Vectors:
        count, longest, _ = states.shape
        flat = states.reshape(-1, SIZE)
        heads = self._linear(flat, f"{name}.attention").reshape(count, longest, 3, _HEADS, _HEAD_SIZE)
        queries, keys, values = heads.transpose(2, 0, 3, 1, 4)
        scores = queries @ keys.transpose(0, 1, 3, 2)
        scores *= np.float32(1 / math.sqrt(_HEAD_SIZE))
        if mask is not None:
            scores += mask
        scores -= scores.max(-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(-1, keepdims=True)
        seen = (scores @ values).transpose(0, 2, 1, 3).reshape(-1, SIZE)
        flat = self._normed(flat + self._linear(seen, f"{name}.attended"), f"{name}.attended")
        inner = self._linear(_gelu(self._linear(flat, f"{name}.widened")), f"{name}.narrowed")
        return self._normed(flat + inner, f"{name}.narrowed").reshape(count, longest, SIZE)

    def _linear(self, rows: Vectors, name: str) -> Vectors:
        product: Vectors = rows @ self._weights[f"{name}.weight"]
        product += self._weights[f"{name}.bias"]
        return product

    def _normed(self, rows: Vectors, name: str) -> Vectors:
        rows -= rows.mean(-1, keepdims=True)
        spread = np.einsum("...s,...s->...", rows, rows)[..., None] / np.float32(SIZE)
        rows /= np.sqrt(spread + _EPSILON)
        rows *= self._weights[f"{name}.gain"]
        rows += self._weights[f"{name}.shift"]
        return rows


def _batches(numbered: Sequence[Sequence[int]]) -> list[list[int]]:
    """Put texts of about the same length together, so that little is computed for nothing."""
    batches: list[list[int]] = []
    for place in sorted(range(len(numbered)), key=lambda place: len(numbered[place])):
        if batches and (len(batches[-1]) + 1) * len(numbered[place]) <= _PIECES_AT_ONCE:
            batches[-1].append(place)
        else:
            batches.append([place])
    return batches


def _gelu(rows: Vectors) -> Vectors:
    """Return x·Φ(x), the error function after Abramowitz and Stegun 7.1.26 (off by at most 1.5e-7), in place."""
    size = np.abs(rows)
    size *= np.float32(math.sqrt(0.5))
    t = np.reciprocal(np.float32(0.3275911) * size + np.float32(1))
    poly: Vectors = t * np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        poly += np.float32(factor)
        poly *= t
    np.multiply(size, size, out=size)
    np.negative(size, out=size)
    np.exp(size, out=size)
    poly *= size  # 1 - erf(|x|/√2)
    np.subtract(1, poly, out=poly)
    np.copysign(poly, rows, out=poly)
    poly += 1
    poly *= rows
    poly *= np.float32(0.5)
    return poly
