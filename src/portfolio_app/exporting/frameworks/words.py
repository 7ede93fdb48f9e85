"""Words of a unit as other systems take them."""

from __future__ import annotations

from html import escape
from typing import Final

from portfolio_app.domain.qualification import Requirement

_CUT: Final = "…"


def html_of(text: str) -> str:
    """Return text as a paragraph of HTML, its lines kept."""
    return (
        f"<p>{'<br>'.join(escape(line, quote=False) for line in text.strip().splitlines())}</p>" if text.strip() else ""
    )


def short_name(requirement: Requirement, longest: int) -> str:
    """Return what a requirement's text begins with: its title where it has one, else as much as there is room for."""
    label = requirement.label
    text = " ".join(requirement.text.split())
    name = label if label and text.startswith(f"{label}:") else text
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}{_CUT}"
