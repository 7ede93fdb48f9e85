"""Suggestions held against what people said: how often a right requirement is among the first."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.benchmarks.suggesting import library_units

from portfolio_app.domain.claims import ClaimWords
from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.qualification import find_requirement
from portfolio_app.domain.suggestions import Band
from portfolio_app.importing.unit_library import load_library_unit
from portfolio_app.paths import resources_dir
from portfolio_app.services.sample import sample_items
from portfolio_app.services.suggestion_engine import SuggestionEngine
from portfolio_app.services.suggestion_texts import RequirementTexts, passages, requirement_texts
from portfolio_app.suggesting.ranking import MOST, Comparison, Said
from portfolio_app.suggesting.target import Passage

_DATA = Path(__file__).parent / "data" / "learner_passages.toml"


def passages_of(part: str) -> list[dict[str, Any]]:
    """Return the labelled passages of one part, ``trial`` or ``tuning``."""
    found = tomllib.loads(_DATA.read_text(encoding="utf-8"))["passages"]
    return [each for each in found if each["part"] == part]


def requirements() -> RequirementTexts:
    """Return the requirements of the five bundled units, of which nothing is claimed yet."""
    return requirement_texts([load_library_unit(key) for key in library_units().values()])


def judge_passages(part: str, engine: SuggestionEngine) -> dict[str, Any]:
    """Hold each passage of a part against all requirements, by words and with the model."""
    found = requirements()
    names = {load_library_unit(key).title: name for name, key in library_units().items()}
    addresses = [f"{names[leaf.unit.title]}/{leaf.requirement.ref}" for leaf in found.leaves]
    words, model = _Score(), _Score()
    for each in passages_of(part):
        said = Said([Passage(each["text"].strip())])
        words.add(Comparison(said, found.wordings), addresses, each["fits"])
        model.add(_with_model(said, found, engine), addresses, each["fits"])
    return {"words": words.figures(), "model": model.figures()}


def judge_sample(engine: SuggestionEngine) -> dict[str, Any]:
    """Hold each item of the sample against all requirements, while the claims of the others are known."""
    keys = tomllib.loads((resources_dir() / "sample" / "sample.toml").read_text(encoding="utf-8"))["units"]
    units = [replace(load_library_unit(each["library"]), code=f"U{number}") for number, each in enumerate(keys, 1)]
    items, claims = [], []
    for number, each in enumerate(sample_items(), 1):
        items.append(
            Evidence(
                f"E{number}",
                number,
                each.kind,
                each.given.title or "",
                body=each.given.body or "",
                fields=each.given.fields,
            )
        )
        claims += [
            ClaimWords(f"E{number}", find_requirement(units, address)[1].id, "", given.quotation or "")
            for address, given in each.claims
        ]
    words, model = _Score(), _Score()
    for item in items:
        fits = {claim.requirement_id for claim in claims if claim.evidence_id == item.id}
        if not fits:
            continue
        found = requirement_texts(units, claims, without=item.id)
        ids = [leaf.requirement.id for leaf in found.leaves]
        said = Said(passages(item), item.title)
        words.add(Comparison(said, found.wordings), ids, fits)
        model.add(_with_model(said, found, engine), ids, fits)
    return {"words": words.figures(), "model": model.figures()}


def _with_model(said: Said, found: RequirementTexts, engine: SuggestionEngine) -> Comparison:
    assert engine.meanings is not None
    return Comparison(said, found.wordings, engine.meanings, engine.meanings.aims(found.targets))


@dataclass
class _Score:
    """What has come of passages so far: the rank of the first right requirement, and what would be shown."""

    ranks: list[int] = field(default_factory=list)
    missed: int = 0
    silent: list[bool] = field(default_factory=list)
    shown: list[tuple[Band, bool]] = field(default_factory=list)

    def add(self, comparison: Comparison, names: Sequence[str], fits: Collection[str]) -> None:
        order = sorted(range(len(names)), key=lambda place: -comparison.scores[place])
        bands = [(comparison.band(place), names[place] in fits) for place in order[:MOST]]
        shown = [(band, right) for band, right in bands if band is not None]
        if not fits:
            self.silent.append(not shown)
            return
        self.ranks.append(min(rank for rank, place in enumerate(order, 1) if names[place] in fits))
        self.missed += not shown
        self.shown += shown

    def figures(self) -> dict[str, Any]:
        def share(band: Band) -> tuple[int, int]:
            rights = [right for shown, right in self.shown if shown is band]
            return sum(rights), len(rights)

        count = len(self.ranks)
        return {
            "fitting": count,
            "at": {str(most): sum(rank <= most for rank in self.ranks) / count for most in (1, 3, 5)},
            "mrr": sum(1 / rank for rank in self.ranks) / count,
            "strong": share(Band.STRONG),
            "possible": share(Band.POSSIBLE),
            "nothing": (sum(self.silent), len(self.silent)),
            "missed": self.missed,
        }
