"""What the assessor has said so far, what is to be done, and (in the tutor's copy) what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio_app.domain.claims import Action, Decision
from portfolio_app.domain.coverage import cell_state
from portfolio_app.domain.gaps import Gap, Severity, find_gaps
from portfolio_app.exporting.chapters.material import Material
from portfolio_app.exporting.chapters.parts import (
    cell,
    filled_table,
    filled_tables,
    header,
    joined,
    muted,
    paragraph,
)
from portfolio_app.exporting.publication import Block, Cell, Heading, Link, ParagraphStyle, Run, Runs, Section, Table
from portfolio_app.plain_text import one_line, printable


def feedback_section(material: Material) -> Section:
    """List decisions, the newest first, and actions, those still to do first."""
    words = material.words
    blocks: list[Block] = [Heading(1, words("feedback.title"), "feedback"), Heading(2, words("feedback.decisions"))]
    decisions = [entry for entry in material.portfolio.decisions if entry.requirement_id in material.requirements]
    if decisions:
        blocks.append(_decision_table(material, decisions))
    else:
        blocks.append(muted(words("feedback.no_decisions")))
    blocks.append(Heading(2, words("feedback.actions")))
    if material.portfolio.actions:
        blocks.append(_action_table(material))
    else:
        blocks.append(muted(words("feedback.no_actions")))
    return Section(tuple(blocks))


def _decision_table(material: Material, decisions: Sequence[Decision]) -> Table:
    words = material.words
    rows = []
    for decision in reversed(decisions):
        verdict = (material.state_runs[cell_state(True, decision)],)
        superseded = material.decisions[decision.requirement_id].id != decision.id
        note: tuple[Runs, ...] = ((Run(words("feedback.superseded"), muted=True),),) if superseded else ()
        copy: tuple[Runs, ...] = ()
        if decision.seen_at is not None:
            copy = ((Run(words("feedback.on_copy", day=words.day(decision.seen_at)), muted=True),),)
        rows.append(
            (
                Cell(((Run(words.day(decision.decided_at)),), *copy)),
                Cell(((material.requirement_runs[decision.requirement_id],),), header=True),
                Cell((verdict, *note)),
                cell(decision.by),
                cell(decision.comment),
            )
        )
    return filled_table(
        header(
            words("feedback.when"),
            words("feedback.requirement"),
            words("feedback.verdict"),
            words("feedback.by"),
            words("feedback.comment"),
        ),
        rows,
    )


def _action_table(material: Material) -> Table:
    words = material.words
    ordered = sorted(
        material.portfolio.actions,
        key=lambda action: (action.done_on is not None, action.due is None, action.due or material.today),
    )
    rows = [
        (
            cell(_action_text(material, action)),
            Cell((_about(material, action.requirement_id, action.evidence_id),)),
            cell(words.day(action.due)),
            cell(words.day(action.done_on) or words("feedback.open")),
        )
        for action in ordered
    ]
    return filled_table(
        header(words("feedback.action"), words("feedback.about"), words("feedback.due"), words("feedback.done")), rows
    )


def _action_text(material: Material, action: Action) -> str:
    if action.evidence_id is None or action.evidence_id not in material.selection.withheld:
        return action.text
    confidential = material.evidence[action.evidence_id].confidential
    return material.words("feedback.withheld_action" if confidential else "feedback.held_back_action")


def _about(material: Material, requirement_id: str | None, evidence_id: str | None, unit_id: str | None = None) -> Runs:
    parts: list[Runs] = []
    if evidence_id and evidence_id in material.evidence:
        parts.append((material.evidence_runs[evidence_id],))
    if requirement_id and requirement_id in material.requirements:
        parts.append((material.requirement_runs[requirement_id],))
    elif unit_id and unit_id in material.unit_anchors:
        code = next(one_line(unit.code) for unit in material.portfolio.units if unit.id == unit_id)
        parts.append((Run(code, bold=True, link=Link(anchor=material.unit_anchors[unit_id])),))
    return joined(parts)


def gap_section(material: Material) -> Section:
    """List what the rules find, for the tutor. Withheld items are left out: nobody here may look at them."""
    words = material.words
    gaps = [
        gap
        for gap in find_gaps(material.selection.facts, material.kinds, material.today, texts=material.remarked)
        if gap.evidence_id not in material.selection.withheld
    ]
    blocks: list[Block] = [
        Heading(1, words("gaps.title"), "gaps"),
        paragraph(words("gaps.lead"), ParagraphStyle.LEAD),
    ]
    found = {severity: [_gap_row(material, gap) for gap in gaps if gap.severity is severity] for severity in Severity}
    tables = filled_tables(header(words("gaps.about"), words("gaps.what")), found.values())
    for severity, table in zip(found, tables, strict=True):
        if table.rows:
            blocks += [Heading(2, words.count(f"gaps.{severity.value}", len(table.rows))), table]
    if not gaps:
        blocks.append(paragraph(words("gaps.none")))
    return Section(tuple(blocks))


def _gap_row(material: Material, gap: Gap) -> tuple[Cell, ...]:
    what: list[Runs] = [(Run(printable(gap.message)),)]
    if gap.dismissed_reason is not None:
        reason = one_line(gap.dismissed_reason) or material.words("gaps.no_reason")
        what.append((Run(material.words("gaps.dismissed", reason=reason), muted=True),))
    return (Cell((_about(material, gap.requirement_id, gap.evidence_id, gap.unit_id),), header=True), Cell(tuple(what)))
