"""A portfolio's values with marked terms replaced: what a redacted package says of them to other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, Final

from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.portfolio import Portfolio
from portfolio_app.domain.redaction import Redaction

_KEPT: Final = frozenset(("id", "kind", "sha256", "media_type", "history_head", "rule", "origin", "component_ids"))
"""What is no text: keys, hashes, and names of the program's own."""


def hide_in_portfolio(portfolio: Portfolio, finder: TermFinder, instead: str) -> Portfolio:
    """Return the portfolio with every term replaced, and without the list of what is marked."""
    hidden: Portfolio = _hidden(replace(portfolio, redaction=Redaction()), finder, instead)
    return hidden


def hide_in_kinds(kinds: Mapping[str, Any], finder: TermFinder, instead: str) -> dict[str, Any]:
    """Return kinds of evidence, which learners may make themselves, with every term replaced in what they say."""
    return {key: _hidden(kind, finder, instead) for key, kind in kinds.items()}


def _hidden(value: Any, finder: TermFinder, instead: str) -> Any:
    match value:
        case Enum():
            return value
        case str():
            return finder.hidden(value, instead)
        case tuple():
            return tuple(_hidden(part, finder, instead) for part in value)
        case Mapping():
            texts = [part for part in value.values() if isinstance(part, str)]
            together = iter(finder.hidden_in([[text] for text in texts], instead))
            return {
                key: next(together)[0] if isinstance(part, str) else _hidden(part, finder, instead)
                for key, part in value.items()
            }
        case _ if is_dataclass(value) and not isinstance(value, type):
            changed = {
                field.name: _hidden(getattr(value, field.name), finder, instead)
                for field in fields(value)
                if field.name not in _KEPT and not field.name.endswith("_id")
            }
            return replace(value, **changed)
        case _:
            return value
