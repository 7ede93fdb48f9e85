"""The spelling of all fields of a window: one dictionary, in the language of the settings."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt

from portfolio_app import settings
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.spelling import Spelling


def shared_spelling(window: Navigator) -> Spelling:
    """Return what checks the spelling in a window; it is made when it is first wanted, and follows the settings."""
    parent = window if isinstance(window, QObject) else None
    found = parent.findChild(Spelling, options=Qt.FindChildOption.FindDirectChildrenOnly) if parent else None
    if isinstance(found, Spelling):
        return found
    spelling = Spelling(language=_language(window.settings), parent=parent)
    spelling.failed.connect(partial(window.message, kind="warning"))
    window.settings.observe(settings.SPELLING, partial(_follow, window.settings, spelling))
    return spelling


def _follow(chosen: settings.Settings, spelling: Spelling) -> None:
    spelling.set_language(_language(chosen))


def _language(chosen: settings.Settings) -> str:
    return chosen.get(settings.SPELLING) or "off"
