"""Finding one's way: the list of all evidence, and every criterion with what is claimed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio_app.exporting.chapters.parts import (
    cell,
    header,
    joined,
    paragraph,
    place_runs,
)
from portfolio_app.exporting.chapters.units import guidance_note, unit_name
from portfolio_app.exporting.publication import Cell, Heading, ParagraphStyle, Run, Section, Table

if TYPE_CHECKING:
    from portfolio_app.domain.claims import Claim
    from portfolio_app.domain.evidence import Evidence
    from portfolio_app.domain.qualification import Unit
    from portfolio_app.exporting.chapters.material import Material
    from portfolio_app.exporting.publication import Block, Runs


def evidence_index(material: Material) -> Section:
    """List every item with what it is, where it is and what it is claimed for."""
    words = material.words
    blocks: list[Block] = [Heading(1, words("evidence.title"), "evidence")]
    if not material.portfolio.evidence:
        return Section((*blocks, paragraph(words("evidence.none"))))
    blocks += [
        paragraph(words("evidence_index.lead"), ParagraphStyle.LEAD),
        Table(
            header(
                words("evidence_index.ref"),
                words("evidence_index.title"),
                words("evidence_index.kind"),
                words("evidence_index.when"),
                words("evidence_index.method"),
                words("evidence_index.standing"),
                words("evidence_index.claimed_for"),
            ),
            tuple(_item_row(material, item) for item in material.portfolio.evidence),
            (0.07, 0.25, 0.14, 0.13, 0.13, 0.11, 0.17),
        ),
    ]
    return Section(tuple(blocks))


def _item_row(material: Material, item: Evidence) -> tuple[Cell, ...]:
    words = material.words
    claims = material.claims_by_evidence.get(item.id, ())
    claimed_for = joined((material.requirement_runs[claim.requirement_id],) for claim in claims)
    return (
        Cell(((material.evidence_runs[item.id],),), header=True),
        cell(material.titles[item.id]),
        cell(material.kind_title(item)),
        cell(words.period(item.date)),
        cell(material.method(item)),
        cell("" if material.is_withheld(item) else words(f"standing.{item.standing.kind.value}")),
        Cell((claimed_for or (Run(words("evidence_index.unclaimed"), muted=True),),)),
    )


def criterion_index(material: Material) -> Section:
    """List every requirement of every unit with its state and its evidence."""
    words = material.words
    blocks: list[Block] = [Heading(1, words("criterion_index.title"), "criteria")]
    for unit in material.portfolio.units:
        blocks.append(Heading(2, unit_name(unit)))
        if unit.is_guidance:
            blocks.append(guidance_note(material))
        blocks.append(_criteria(material, unit))
    if not material.portfolio.units:
        blocks.append(paragraph(words("unit.none")))
    return Section(tuple(blocks))


def _criteria(material: Material, unit: Unit) -> Block:
    words = material.words
    rows = tuple(
        (
            Cell(((material.requirement_runs[leaf.id],),), header=True),
            cell(material.labels[leaf.id]),
            Cell(((material.state_runs[material.coverage.states[leaf.id]],),)),
            Cell((joined(_claim(material, claim) for claim in material.claims_by_requirement.get(leaf.id, ())),)),
        )
        for leaf in unit.leaves()
    )
    if not rows:
        return paragraph(words("unit.no_requirements"))
    return Table(
        header(
            words("criterion_index.criterion"),
            words("criterion_index.text"),
            words("criterion_index.state"),
            words("criterion_index.evidence"),
        ),
        rows,
        (0.13, 0.41, 0.18, 0.28),
    )


def _claim(material: Material, claim: Claim) -> Runs:
    place = place_runs(material, claim)
    return (material.evidence_runs[claim.evidence_id], *((Run(" "), *place) if place else ()))
