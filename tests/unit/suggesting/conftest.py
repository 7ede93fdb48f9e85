"""The sentence model, where it was fetched (``make model``)."""

from __future__ import annotations

import pytest

from portfolio_app.suggesting.model_files import ModelFiles, NoModel, sound_files


@pytest.fixture(scope="session")
def model_files() -> ModelFiles:
    try:
        return sound_files()
    except NoModel as problem:
        pytest.skip(str(problem))
