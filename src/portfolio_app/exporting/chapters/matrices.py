"""The coverage matrix of a unit: requirements down, the evidence claimed for them across."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portfolio_app.domain.coverage import cell_state
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.exporting.chapters.material import Material
from portfolio_app.exporting.chapters.parts import muted, place_runs
from portfolio_app.exporting.chapters.places import evidence_anchor
from portfolio_app.exporting.chapters.units import guidance_mark, unit_name
from portfolio_app.exporting.prose import plain
from portfolio_app.exporting.publication import Block, Heading, Matrix, MatrixCell, MatrixColumn, MatrixRow, Section
from portfolio_app.plain_text import one_line


def matrix_section(material: Material, unit: Unit) -> Section | None:
    """Build a unit's matrix; ``None`` for a unit without requirements."""
    words = material.words
    claimed = {claim.evidence_id for leaf in unit.leaves() for claim in material.claims_by_requirement.get(leaf.id, ())}
    items = [item for item in material.portfolio.evidence if item.id in claimed]
    columns = {item.id: position for position, item in enumerate(items)}
    rows = tuple(_rows(material, unit.requirements, columns, _places_known(material)))
    if not rows:
        return None
    title = words("matrix.title", unit=unit_name(unit))
    blocks: list[Block] = [Heading(1, title)]
    if unit.is_guidance:
        blocks.append(guidance_mark(material))
    blocks.append(
        Matrix(
            title,
            rows,
            tuple(MatrixColumn(item.ref, material.titles[item.id], evidence_anchor(item)) for item in items),
        )
    )
    if not items:
        blocks.append(muted(words("matrix.no_evidence")))
    return Section(tuple(blocks), label=one_line(unit.code), landscape=True)


def _places_known(material: Material) -> Mapping[tuple[str, str], bool]:
    """Say which claims have a place, by evidence and requirement: of withheld items only the facts still know."""
    return {
        (fact.evidence_id, fact.requirement_id): bool(fact.has_place)
        for fact in material.selection.facts.claims
        if fact.evidence_id in material.selection.withheld
    }


def _rows(
    material: Material,
    requirements: tuple[Requirement, ...],
    columns: Mapping[str, int],
    withheld_places: Mapping[tuple[str, str], bool],
) -> Iterator[MatrixRow]:
    for requirement in requirements:
        anchor = material.anchors[requirement.id]
        code, text = one_line(requirement.ref), material.labels[requirement.id]
        if not requirement.is_leaf:
            yield MatrixRow(code, text, anchor, None, {})
            yield from _rows(material, requirement.children, columns, withheld_places)
            continue
        decision = material.decisions.get(requirement.id)
        yield MatrixRow(
            code,
            text,
            anchor,
            material.coverage.states[requirement.id],
            {
                columns[claim.evidence_id]: MatrixCell(
                    cell_state(
                        withheld_places.get((claim.evidence_id, requirement.id), claim.has_place),
                        decision,
                    ),
                    plain(place_runs(material, claim)),
                )
                for claim in material.claims_by_requirement.get(requirement.id, ())
            },
        )
