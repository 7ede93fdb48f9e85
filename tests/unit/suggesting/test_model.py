"""The sentence model: the vectors it is known for, from files that are checked, on one thread."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from portfolio_app.domain.errors import Cancelled
from portfolio_app.suggesting.meanings import Meanings
from portfolio_app.suggesting.minilm import SIZE, MiniLM, Vectors
from portfolio_app.suggesting.model_files import SHA256, ModelFiles, NoModel, sound_files
from portfolio_app.suggesting.target import Target


class _Store:
    def __init__(self) -> None:
        self.kept: dict[bytes, bytes] = {}

    def get(self, keys: Iterable[bytes]) -> Mapping[bytes, bytes]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def put(self, values: Mapping[bytes, bytes]) -> None:
        self.kept.update(values)


@pytest.fixture(scope="module")
def model(model_files: ModelFiles) -> MiniLM:
    return MiniLM(model_files)


# Figures that Sentence Transformers' documentation gives for this model (with its weights of 32 bits).
@pytest.mark.parametrize(
    ("one", "other", "cosine"),
    [
        ("The cat sits outside", "The dog plays in the garden", 0.2838),
        ("A man is playing guitar", "A woman watches TV", -0.0327),
        ("The new movie is awesome", "The new movie is so great", 0.8939),
    ],
)
def test_sentences_are_as_near_as_the_model_is_known_for(model: MiniLM, one: str, other: str, cosine: float) -> None:
    first, second = model.vectors([one, other])
    assert first @ second == pytest.approx(cosine, abs=0.01)


def test_a_text_has_the_same_vector_in_any_company(model: MiniLM) -> None:
    texts = ["Yes.", "", "I trained my staff to answer within a minute. " * 3, "x" * 500, "word " * 700, "Ärger 東京"]
    together = model.vectors(texts)
    assert together.shape == (len(texts), SIZE)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    for text, vector in zip(texts, together, strict=True):
        assert model.vectors([text])[0] == pytest.approx(vector, abs=1e-4)


def test_a_sentence_is_read_once(model: MiniLM, model_files: ModelFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    store = _Store()
    meanings = Meanings(model, store)
    first = meanings.vectors(["I planned it.", "I planned it.", "They came."])
    assert len(store.kept) == 2
    read: list[str] = []

    def watched(texts: Sequence[str], *_: object) -> Vectors:
        read.extend(texts)
        return model.vectors(texts)

    watching = MiniLM(model_files)
    monkeypatch.setattr(watching, "vectors", watched)
    again = Meanings(watching, store).vectors(["They came.", "I planned it.", "A new one."])
    assert read == ["A new one."]
    assert again[1] == pytest.approx(first[0], abs=2e-3)
    assert meanings.vectors([]).shape == (0, SIZE)


def test_what_a_stranger_put_into_the_cache_cannot_break_it(model: MiniLM) -> None:
    store = _Store()
    meanings = Meanings(model, store)
    meanings.vectors(["one", "two", "three"])
    keys = list(store.kept)
    store.kept = {keys[0]: b"short", keys[1]: b"\xff\x7f" * SIZE, keys[2]: b"\x00\x7c" * SIZE}
    assert np.isfinite(meanings.vectors(["one", "two", "three"])).all()


def test_guidance_and_accepted_passages_bring_a_requirement_nearer(
    model: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portfolio_app.suggesting.meanings._OF_COMMON", 0)  # of two, each is half of all there is
    meanings = Meanings(model, _Store())
    said = ["We rehearsed phone calls with angry people."]
    bare = Target("Prepare staff for the service.", unit="u")
    other = Target("Draw up a budget.", unit="u", guidance=("Role play of difficult calls helps to prepare staff.",))
    guided = Target(bare.text, unit="u", guidance=other.guidance)
    accepted = Target(bare.text, unit="u", accepted=("Staff practised telephone calls with upset customers.",))
    ((plain, beside),) = meanings.nearness(said, meanings.aims([bare, Target(other.text, unit="u")]))
    ((helped, unhelped),) = meanings.nearness(said, meanings.aims([guided, other]))
    ((known,),) = meanings.nearness(said, meanings.aims([accepted]))
    assert helped > plain  # it is nearer to the first requirement of the unit, so it helps that one
    assert unhelped == pytest.approx(beside, abs=1e-3)
    assert known > plain


def test_what_all_passages_have_in_common_speaks_for_none(model: MiniLM) -> None:
    meanings = Meanings(model, _Store())
    asked = ("Draw up a budget.", "Train the staff.", "Explain the law.")
    quoted = tuple(f"At Harbour Hotel {what}." for what in ("in May", "on Monday", "we met", "I wrote", "they came"))
    bare = meanings.aims([Target(text) for text in asked])
    taught = meanings.aims([Target(text, accepted=quoted if place else ()) for place, text in enumerate(asked)])
    said = ["At Harbour Hotel it rained."]
    (before,), (after,) = meanings.nearness(said, bare), meanings.nearness(said, taught)
    assert after == pytest.approx(before, abs=0.12)
    assert meanings.likeness(asked[0], asked)[0] == pytest.approx(1, abs=1e-3)
    assert meanings.aims([]).vectors.shape == (0, SIZE)


def test_reading_can_be_cancelled(model: MiniLM) -> None:
    def cancel(done: int, total: int, what: str) -> None:
        raise Cancelled("no more")

    with pytest.raises(Cancelled):
        Meanings(model, _Store()).vectors(["never read before"], cancel)


def test_a_model_that_is_not_there_or_damaged_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match="not installed, so only words were compared"):
        sound_files(tmp_path / "nowhere")
    for name in SHA256:
        (tmp_path / name).write_bytes(b"PK\x03\x04 half of it")
    with pytest.raises(NoModel, match="damaged, so only words were compared"):
        sound_files(tmp_path)
    (tmp_path / "weights.npz").unlink()
    with pytest.raises(NoModel, match="only words were compared"):
        sound_files(tmp_path)


def test_its_arithmetic_keeps_to_one_thread(model_files: ModelFiles) -> None:
    script = (
        "import json, psutil, sys\n"
        "from portfolio_app.suggesting.meanings import Meanings\n"
        "from portfolio_app.suggesting.minilm import MiniLM\n"
        "from portfolio_app.suggesting.model_files import sound_files\n"
        "MiniLM(sound_files()).vectors(['word ' * 200])\n"
        "print(json.dumps(psutil.Process().num_threads()))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(answer.stdout) == 1
