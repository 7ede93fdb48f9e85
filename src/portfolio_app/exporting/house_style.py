"""The colours of everything printed: the light theme's tokens, chosen to keep 4.9:1 contrast on white paper."""

from __future__ import annotations

from portfolio_app.domain.coverage import CoverageState

TEXT = "#1C2230"
MUTED = "#566074"
ACCENT = "#1F5FA8"
LINE = "#D5DAE3"
SUNKEN = "#ECEEF2"
WHITE = "#FFFFFF"
HIGHLIGHT = "#FFF0A6"
"""Of passages that claims quote; every other colour but the lines stays readable on it."""

REMOVED = TEXT
"""Behind the words, in white, that stand in place of what is hidden."""

STATUS_COLOURS: dict[CoverageState, str] = {
    CoverageState.NONE: "#5F6878",
    CoverageState.CLAIMED: "#8A5A00",
    CoverageState.PROOF: ACCENT,
    CoverageState.NOT_YET_MET: "#B3261E",
    CoverageState.MORE_NEEDED: "#8A5A00",
    CoverageState.MET: "#1B7A4A",
}
"""Colour never stands alone: each state also has its symbol and its word."""
