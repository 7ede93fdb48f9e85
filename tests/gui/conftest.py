"""Every test of the window sees it dressed: the fonts that are shipped, the light theme."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from portfolio_app.gui import theme


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> None:
    in_force = theme.current()
    if (in_force.name, in_force.zoom) != ("light", 1.0) or not qapp.styleSheet():
        theme.apply(qapp, "light")


@pytest.fixture
def theme_named(qapp: QApplication) -> Callable[..., theme.Theme]:
    """Return a function that dresses the window in a theme of that name, at a zoom if one is given."""

    def dress(name: str, zoom: float = 1.0) -> theme.Theme:
        return theme.apply(qapp, name, zoom)

    return dress
