"""The sentence model's files: where they are, and whether they are what they should be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portfolio_app.domain.errors import KnownError
from portfolio_app.paths import resources_dir

WEIGHTS: Final = "weights.npz"
VOCABULARY: Final = "vocabulary.txt"
SHA256: Final = {
    WEIGHTS: "1328a4c6e8402d091daf1adc4c8cf6a6ee7491f835dcd7e06604a91c723db467",
    VOCABULARY: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
"""What the two files must be. ``packaging/model/fetch.py`` makes them, always the same."""


class NoModel(KnownError):
    """The sentence model cannot be used; the sentence says why, and that words are compared all the same."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The two files of the model, read and found sound."""

    weights: Path
    vocabulary: tuple[str, ...]


def model_folder() -> Path:
    """Return where the model's files are, if they are anywhere."""
    return resources_dir() / "model"


def sound_files(folder: Path | None = None) -> ModelFiles:
    """Return the model's files after reading them wholly: they are as they were made. Takes hundredths of a second.

    Raises:
        NoModel: they are not there, cannot be read, or are damaged.
    """
    place = folder or model_folder()
    if not any((place / name).is_file() for name in SHA256):
        raise NoModel("The sentence model is not installed, so only words were compared, not meanings.")
    for name, expected in SHA256.items():
        try:
            with (place / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise NoModel(
                f"The sentence model cannot be read ({error.strerror}), so only words were compared, not meanings."
            ) from error
        if found != expected:
            raise NoModel(
                "The sentence model is damaged, so only words were compared, not meanings; installing the program "
                "again mends it."
            )
    vocabulary = (place / VOCABULARY).read_text(encoding="utf-8").split("\n")
    return ModelFiles(place / WEIGHTS, tuple(vocabulary[:-1] if vocabulary[-1] == "" else vocabulary))
