"""What suggestions are made with: the sentence model where there is one, and what it has read so far."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from portfolio_app.storage.vector_cache import VectorCache
from portfolio_app.suggesting.model_files import NoModel, sound_files

if TYPE_CHECKING:
    from portfolio_app.suggesting.meanings import Meanings


class SuggestionEngine:
    """Holds the model for one portfolio. To be closed.

    Not for the window's process: it imports NumPy when it is first used, and then needs 100 MB.
    """

    def __init__(self, portfolio_folder: Path, model_folder: Path | None = None) -> None:
        """Keep in the portfolio's ``cache/`` what was read; the model is that of the program unless named."""
        self._cache = VectorCache(portfolio_folder)
        self._model_folder = model_folder
        self._meanings: Meanings | None = None
        self._is_ready = False
        self._notice = ""

    @property
    def meanings(self) -> Meanings | None:
        """What compares meanings, ``None`` without a sound model. It is loaded when it is first asked for."""
        if not self._is_ready:
            self._is_ready = True
            try:
                self._meanings = self._loaded()
            except NoModel as problem:
                self._notice = str(problem)
        return self._meanings

    @property
    def notice(self) -> str:
        """One sentence for the user where words alone are compared, saying why; else empty."""
        return self._notice if self.meanings is None else ""

    def _loaded(self) -> Meanings:
        files = sound_files(self._model_folder)
        try:
            # Imported only here: the window's process holds this module, and is never to hold NumPy.
            from portfolio_app.suggesting.meanings import Meanings  # noqa: PLC0415
            from portfolio_app.suggesting.minilm import MiniLM  # noqa: PLC0415
        except ImportError as error:
            raise NoModel(
                "NumPy, which the sentence model needs, cannot be loaded, so only words were compared, not meanings."
            ) from error
        return Meanings(MiniLM(files), self._cache)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file in ``cache/``."""
        self._cache.close()
