"""A unit: its summary, its requirements with the claims that meet each, its declaration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portfolio_app.domain.claims import Claim
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.qualification import Component, Requirement, Unit
from portfolio_app.exporting.chapters.groups import group_titles
from portfolio_app.exporting.chapters.material import Material
from portfolio_app.exporting.chapters.parts import (
    SEPARATOR,
    decision_runs,
    joined,
    met_text,
    muted,
    paired_table,
    paragraph,
    place_runs,
    quiet_rows,
    quoted,
    tally_runs,
)
from portfolio_app.exporting.chapters.review_form import decision_form
from portfolio_app.exporting.prose import prose_blocks
from portfolio_app.exporting.publication import (
    Block,
    Heading,
    ListBlock,
    Paragraph,
    ParagraphStyle,
    Run,
    Runs,
    Section,
    SignatureLines,
)
from portfolio_app.plain_text import one_line, printable

_LOWEST_HEADING = 4


def unit_section(material: Material, unit: Unit) -> Section:
    """Build a unit's chapter."""
    words = material.words
    tally = material.coverage.unit(unit.id).tally
    blocks: list[Block] = [Heading(1, unit_name(unit), material.unit_anchors[unit.id])]
    kind = words("unit.mandatory" if unit.mandatory else "unit.optional")
    details = quiet_rows(
        (
            (words("unit.reference"), one_line(unit.reference)),
            (words("unit.level"), one_line(unit.level)),
            (words("unit.credits"), "" if unit.credits is None else str(unit.credits)),
            (words("unit.kind"), ", ".join(filter(None, (kind, group_titles(material).get(unit.group_id))))),
            (words("unit.source"), one_line(unit.source)),
            (words("unit.so_far"), met_text(tally, words) if tally.total else ""),
            (words("unit.states"), tally_runs(tally, words)),
        )
    )
    blocks.append(paired_table(details))
    if unit.is_guidance:
        blocks.append(guidance_note(material))
    blocks += prose_blocks(unit.synopsis, top_level=2)
    if tally.total:
        blocks += _requirements(material, unit)
    else:
        blocks.append(muted(words("unit.no_requirements")))
    blocks += _unit_declaration(material, unit)
    return Section(tuple(blocks), label=one_line(unit.code))


def no_units(material: Material) -> Section:
    """Say that the portfolio has no units yet."""
    return Section((Heading(1, material.words("unit.none_title")), paragraph(material.words("unit.none"))))


def unit_name(unit: Unit) -> str:
    """Return "U1 Manage customer service operations"."""
    return one_line(f"{unit.code} {unit.title}")


def guidance_note(material: Material) -> Paragraph:
    """Say plainly that a unit's requirements are not an awarding body's text."""
    words = material.words
    return Paragraph((Run(words("unit.guidance_lead"), bold=True), Run(f" {words('unit.guidance_note')}")))


def guidance_mark(material: Material) -> Paragraph:
    """Recall it in a few words where the note has been read before."""
    lead = Run(material.words("unit.guidance_lead"), bold=True)
    return Paragraph((lead,), ParagraphStyle.MUTED, keep_with_next=True)


def _requirements(material: Material, unit: Unit) -> Iterator[Block]:
    loose = False
    for position, requirement in enumerate(unit.requirements):
        if requirement.is_leaf and not loose:
            yield Heading(2, material.words("unit.further_requirements" if position else "unit.requirements"))
        loose = requirement.is_leaf
        yield from _requirement(material, requirement, 3 if requirement.is_leaf else 2)


def _requirement(material: Material, requirement: Requirement, level: int) -> Iterator[Block]:
    level = min(level, _LOWEST_HEADING)
    if requirement.is_leaf:
        yield from _leaf(material, requirement, level)
        return
    short = one_line(f"{requirement.ref} {requirement.short_text}")
    yield Heading(level, short, material.anchors[requirement.id])
    if printable(requirement.text).strip() and requirement.text != requirement.short_text:
        yield paragraph(requirement.text)
    for child in requirement.children:
        yield from _requirement(material, child, level + 1)


def _leaf(material: Material, leaf: Requirement, level: int) -> Iterator[Block]:
    words = material.words
    claims = material.claims_by_requirement.get(leaf.id, ())
    yield Heading(level, one_line(f"{leaf.ref} {leaf.text}"), material.anchors[leaf.id])
    decision = material.decisions.get(leaf.id)
    state: Runs = (material.state_runs[material.coverage.states[leaf.id]],)
    if decision:
        state = decision_runs(decision, material)
    yield Paragraph(state, keep_with_next=True)
    if decision and decision.comment.strip():
        yield paragraph(quoted(decision.comment), ParagraphStyle.QUOTATION)
    if leaf.components:
        yield _components(material, leaf.components, claims)
    if claims:
        yield ListBlock(tuple(_claim(material, claim) for claim in claims))
    elif decision:
        yield muted(words("claim.none"))
    yield decision_form(material, leaf)


def _components(material: Material, components: Sequence[Component], claims: Sequence[Claim]) -> ListBlock:
    items = []
    for component in components:
        ticking = [claim.evidence_id for claim in claims if component.id in claim.component_ids]
        text = one_line(component.text)
        named = joined((material.evidence_runs[key],) for key in ticking)
        if named:
            runs: Runs = (
                Run("☑ ", status=CoverageState.PROOF),
                Run(f"{text} – "),
                *joined((material.evidence_runs[key],) for key in ticking),
            )
        else:
            runs = (
                Run("☐ ", status=CoverageState.NONE),
                Run(text),
                Run(f" – {material.words('component.open')}", muted=True),
            )
        items.append((Paragraph(runs),))
    return ListBlock(tuple(items), marked=False)


def _claim(material: Material, claim: Claim) -> tuple[Paragraph, ...]:
    words = material.words
    item = material.evidence[claim.evidence_id]
    runs: list[Run] = [material.evidence_runs[item.id]]
    if material.is_withheld(item):
        withheld = words("claim.withheld" if item.confidential else "claim.held_back")
        return (Paragraph((*runs, Run(f" {withheld}", muted=True))),)
    runs.append(material.title_runs[item.id])
    place = place_runs(material, claim)
    if place:
        runs += [SEPARATOR, *place]
    why = printable(claim.why).strip()
    if why:
        runs.append(Run(f": {why}"))
    remark = material.quoted.remarks.get(claim.id)
    if remark:
        runs += [Run(" ("), *remark, Run(")")]
    if not claim.has_place:
        runs.append(Run(f" {words('claim.no_place')}", muted=True))
    paragraphs = [Paragraph(tuple(runs))]
    if claim.quotation.strip():
        paragraphs.append(Paragraph((Run(quoted(claim.quotation)),), ParagraphStyle.QUOTATION))
    return tuple(paragraphs)


def _unit_declaration(material: Material, unit: Unit) -> Iterator[Block]:
    words = material.words
    learner = one_line(material.portfolio.details.learner.name)
    judges = {
        one_line(decision.by) for leaf in unit.leaves() if (decision := material.decisions.get(leaf.id)) is not None
    }
    assessor = judges.pop() if len(judges) == 1 else ""
    yield Heading(2, words("unit.declaration", code=one_line(unit.code)))
    signers = (
        (words("sign.learner"), learner, words("unit.declaration_learner")),
        (words("sign.assessor"), assessor, words("unit.declaration_assessor")),
        (words("sign.assurer"), "", words("unit.declaration_assurer")),
    )
    for number, (who, name, statement) in enumerate(signers, 1):
        yield paragraph(statement, keep_with_next=True)
        yield SignatureLines(((who, name, ""),), keep_with_next=number < len(signers))
