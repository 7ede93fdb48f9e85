"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Timings on a busy machine say nothing about a property; the same examples are tried on every run.
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.fixture(scope="session")
def real_input() -> Path:
    """Return the folder of real unit texts and framework files, or skip where there is none."""
    folder = os.environ.get("PORTFOLIO_APP_REAL_INPUT", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("no folder of real unit texts beside this checkout")
    return Path(folder)
