"""Finding one's way: the list of all evidence, and every criterion with what is claimed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from portfolio_app.domain.claims import Claim
from portfolio_app.domain.evidence import Evidence, StandingKind
from portfolio_app.domain.qualification import Unit
from portfolio_app.exporting.chapters.material import Material
from portfolio_app.exporting.chapters.parts import (
    SEPARATOR,
    cell,
    filled_table,
    filled_tables,
    header,
    joined,
    muted,
    paragraph,
    place_runs,
)
from portfolio_app.exporting.chapters.units import guidance_mark, unit_name
from portfolio_app.exporting.publication import Block, Cell, Heading, Run, Runs, Section


def evidence_index(material: Material) -> Section:
    """List every item with what it is, where it is and what it is claimed for."""
    words = material.words
    blocks: list[Block] = [Heading(1, words("evidence.title"), "evidence")]
    if not material.portfolio.evidence:
        return Section((*blocks, paragraph(words("evidence.none"))))
    blocks += [
        muted(words("evidence_index.lead")),
        filled_table(_item_header(material), [_item_row(material, item) for item in material.portfolio.evidence]),
    ]
    return Section(tuple(blocks))


def _item_header(material: Material) -> tuple[Cell, ...]:
    words = material.words
    about = [words("evidence_index.title"), words("evidence_index.kind")]
    if any(_standing(material, item) for item in material.portfolio.evidence):
        about.append(words("evidence_index.standing"))
    return header(
        words("evidence_index.ref"),
        "\n".join(about),
        f"{words('evidence_index.when')}\n{words('evidence_index.method')}",
        words("evidence_index.claimed_for"),
    )


def _item_row(material: Material, item: Evidence) -> tuple[Cell, ...]:
    """Say what the item is in a few lines: each line of a heading names one line of the cells below it."""
    words = material.words
    claims = material.claims_by_evidence.get(item.id, ())
    return (
        Cell(((material.evidence_runs[item.id],),), header=True),
        _stacked(material.titles[item.id], material.kind_title(item), _standing(material, item)),
        _stacked(words.period(item.date), material.method(item)),
        Cell((_addresses(material, claims) or (Run(words("evidence_index.unclaimed"), muted=True),),)),
    )


def _stacked(first: str, *others: str) -> Cell:
    """Put texts under each other; the first stands out, and no empty lines follow the last."""
    lines = [(Run(first),), *((Run(text, muted=True),) for text in others)]
    while len(lines) > 1 and not lines[-1][0].text:
        lines.pop()
    return Cell(tuple(lines))


def _standing(material: Material, item: Evidence) -> str:
    """Say where the item is if it is not in the portfolio."""
    if material.is_withheld(item) or item.standing.kind is StandingKind.ATTACHED:
        return ""
    return material.words(f"standing.{item.standing.kind.value}")


def _addresses(material: Material, claims: Sequence[Claim]) -> Runs:
    """List requirements as "U1/MP1, MP2; U2/MP4": the unit is named once."""
    runs: list[Run] = []
    unit = None
    for claim in claims:
        run = material.requirement_runs[claim.requirement_id]
        code, slash, _ = run.text.partition("/")
        if runs:
            runs.append(SEPARATOR if code == unit else Run("; "))
        runs.append(replace(run, text=run.text.removeprefix(f"{code}/")) if slash and code == unit else run)
        unit = code if slash else None
    return tuple(runs)


def criterion_index(material: Material) -> Section:
    """List every requirement of every unit with its state and its evidence."""
    words = material.words
    blocks: list[Block] = [Heading(1, words("criterion_index.title"), "criteria")]
    head = header(
        words("criterion_index.criterion"),
        words("criterion_index.text"),
        words("criterion_index.state"),
        words("criterion_index.evidence"),
    )
    units = material.portfolio.units
    for unit, table in zip(
        units, filled_tables(head, [list(_criteria(material, unit)) for unit in units]), strict=True
    ):
        blocks.append(Heading(2, unit_name(unit)))
        if unit.is_guidance:
            blocks.append(guidance_mark(material))
        blocks.append(table if table.rows else paragraph(words("unit.no_requirements")))
    if not units:
        blocks.append(paragraph(words("unit.none")))
    return Section(tuple(blocks))


def _criteria(material: Material, unit: Unit) -> Iterator[tuple[Cell, ...]]:
    for leaf in unit.leaves():
        claims = material.claims_by_requirement.get(leaf.id, ())
        yield (
            Cell(((material.requirement_runs[leaf.id],),), header=True),
            cell(material.labels[leaf.id]),
            Cell(((material.state_runs[material.coverage.states[leaf.id]],),)),
            Cell((joined(_claim(material, claim) for claim in claims),)),
        )


def _claim(material: Material, claim: Claim) -> Runs:
    place = place_runs(material, claim)
    return (material.evidence_runs[claim.evidence_id], *((Run(" "), *place) if place else ()))
