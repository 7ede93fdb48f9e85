"""Every test of the window sees it dressed: the fonts that are shipped, the light theme."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from tests.gui.stand import OpenSession, RecordingNavigator, StandWindow

from portfolio_app.domain.portfolio import Learner, PortfolioDetails
from portfolio_app.gui import theme
from portfolio_app.services.sample import build_sample
from portfolio_app.storage.portfolio_file import PortfolioFile


@pytest.fixture(autouse=True)
def _collected_here() -> Iterator[None]:
    """Collect what a test leaves on this thread, as the window does: see ``gui/garbage.py``."""
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> None:
    in_force = theme.current()
    if (in_force.name, in_force.zoom, in_force.compact) != ("light", 1.0, False) or not qapp.styleSheet():
        theme.apply(qapp, "light")


@pytest.fixture
def theme_named(qapp: QApplication) -> Callable[..., theme.Theme]:
    """Return a function that dresses the window in a theme of that name, at a zoom if one is given."""

    def dress(name: str, zoom: float = 1.0) -> theme.Theme:
        return theme.apply(qapp, name, zoom)

    return dress


@pytest.fixture
def navigator() -> RecordingNavigator:
    """Return a window that writes down what a page asks of it."""
    return RecordingNavigator()


@pytest.fixture(scope="session")
def _sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_sample(tmp_path_factory.mktemp("sample") / "Sample").parent


@pytest.fixture
def sample_folder(_sample: Path, tmp_path: Path) -> Path:
    """Return a copy of the sample portfolio."""
    return Path(shutil.copytree(_sample, tmp_path / "Sample"))


@pytest.fixture
def sample_session(qapp: QApplication, sample_folder: Path) -> Iterator[OpenSession]:
    """Return a session on a copy of the sample portfolio: five units, 31 items, claims, decisions."""
    session = OpenSession(sample_folder)
    yield session
    session.finish()


@pytest.fixture
def empty_session(qapp: QApplication, tmp_path: Path) -> Iterator[OpenSession]:
    """Return a session on a new portfolio without units or evidence."""
    PortfolioFile.create(tmp_path / "New", PortfolioDetails("p", Learner("Sam Ellis"))).close()
    session = OpenSession(tmp_path / "New")
    yield session
    session.finish()


@pytest.fixture
def sample_window(qapp: QApplication, sample_folder: Path) -> Iterator[StandWindow]:
    """Return a window with a copy of the sample portfolio open and everything loaded."""
    window = StandWindow(sample_folder)
    yield window
    window.close()
