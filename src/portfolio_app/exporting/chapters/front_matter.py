"""What stands before the units: front sheet, contents, declaration, the learner's profile, the witnesses."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.evidence import Evidence, Involvement
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.domain.unit_groups import QualificationStanding
from portfolio_app.domain.witness import VOUCHING
from portfolio_app.exporting.chapters.groups import group_table, group_titles
from portfolio_app.exporting.chapters.material import Material
from portfolio_app.exporting.chapters.parts import (
    cell,
    filled_table,
    header,
    joined,
    list_names,
    met_text,
    muted,
    paragraph,
    quiet_rows,
    quiet_table,
    tally_signs,
)
from portfolio_app.exporting.prose import prose_blocks
from portfolio_app.exporting.publication import (
    Block,
    Cell,
    Contents,
    Heading,
    Link,
    Paragraph,
    ParagraphStyle,
    Run,
    Runs,
    Section,
    SignatureLines,
    Table,
)
from portfolio_app.exporting.wording import Wording
from portfolio_app.plain_text import one_line, printable

_SHORT_HASH = 12
_HASH_GROUP = 16


def front_sheet(material: Material) -> Section:
    """Build the page one sees first."""
    words, portfolio = material.words, material.portfolio
    details = portfolio.details
    qualification = details.qualification
    total = material.coverage.total
    blocks: list[Block] = [
        paragraph(words("front.title"), ParagraphStyle.LABEL),
        paragraph(material.learner, ParagraphStyle.TITLE),
    ]
    if qualification.title.strip():
        blocks.append(paragraph(one_line(qualification.title), ParagraphStyle.SUBTITLE))
    revision = words.count("front.revision_value", portfolio.revision)
    if portfolio.history_head:
        revision += f" · {portfolio.history_head[:_SHORT_HASH]}"
    so_far = (
        words.count("front.units", len(portfolio.units), complete=material.coverage.complete_units),
        met_text(total, words),
        words.count("front.items", len(portfolio.evidence)),
    )
    sheet = quiet_rows(
        (
            (words("front.number"), one_line(details.learner.number)),
            (words("front.centre"), one_line(details.centre)),
            (words("front.qualification_number"), one_line(qualification.number)),
            (words("front.awarding_body"), one_line(qualification.awarding_body)),
            (words("front.level"), one_line(qualification.level)),
            (words("front.period"), _period(details, words)),
            (
                words("front.copy"),
                words(
                    "front.copy_value",
                    copy=words(f"copy.{material.options.audience.value}"),
                    day=words.day(material.today),
                ),
            ),
            (words("front.revision"), revision),
            (words("front.so_far"), " · ".join(so_far)),
        )
    )
    blocks.append(quiet_table(sheet))
    blocks += [muted(note) for note in _copy_notes(material)]
    standing = material.qualification
    if portfolio.units:
        blocks.append(_unit_table(material, standing))
        if total.total:
            blocks.append(_legend(material))
    if standing.is_described:
        blocks.append(group_table(standing, words))
    history = portfolio.history_head
    if history:
        groups = " ".join(history[start : start + _HASH_GROUP] for start in range(0, len(history), _HASH_GROUP))
        blocks.append(paragraph(words("front.history_head", hash=groups), ParagraphStyle.CAPTION))
    blocks.append(paragraph(words("front.made_with", version=material.program_version), ParagraphStyle.CAPTION))
    return Section(tuple(blocks), front=True)


def _period(details: PortfolioDetails, words: Wording) -> str:
    """Say when the learner started and means to end, as far as either is known."""
    started = words("front.started", day=words.day(details.started_on)) if details.started_on else ""
    end = words("front.planned_end", day=words.day(details.planned_end)) if details.planned_end else ""
    return ", ".join(part for part in (started, end) if part)


def _copy_notes(material: Material) -> list[str]:
    words, selection, portfolio = material.words, material.selection, material.portfolio
    notes = []
    if material.options.unit_codes:
        names = [one_line(unit.code) for unit in selection.portfolio.units]
        notes.append(words.count("front.only_units", len(names), units=list_names(names, words)))
        if selection.items_left_out:
            notes.append(words.count("front.left_out", selection.items_left_out))
    withheld = [item for item in selection.portfolio.evidence if material.is_withheld(item)]
    for key, confidential in (("front.withheld", True), ("front.held_back", False)):
        refs = [item.ref for item in withheld if item.confidential is confidential]
        if refs:
            notes.append(words.count(key, len(refs), items=list_names(refs, words)))
    if not material.options.with_files and any(item.attachments for item in selection.portfolio.evidence):
        notes.append(words("front.without_files"))
    if material.options.redacted and portfolio.redaction:
        notes.append(words("redaction.front"))
    return notes


def _unit_table(material: Material, standing: QualificationStanding) -> Table:
    """List the units, those of each group together where the qualification has any, with their credits then."""
    words = material.words
    titles = group_titles(material)
    rows = []
    for unit in standing.in_order():
        tally = material.coverage.unit(unit.id).tally
        name = f"{one_line(unit.code)} {one_line(unit.title)}"
        details = [one_line(unit.reference), words("unit.guidance_mark") if unit.is_guidance else ""]
        details += [titles[unit.group_id]] if unit.group_id in titles else []
        details += [] if unit.mandatory or unit.group_id in titles else [words("unit.optional")]
        about = " · ".join(detail for detail in details if detail)
        named: Runs = (Run(name, link=Link(anchor=material.unit_anchors[unit.id])),)
        value = "" if unit.credits is None or not standing.is_described else f"{unit.credits:,}"
        rows.append(
            (
                Cell(((*named, Run(f" · {about}", muted=True)) if about else named,), header=True),
                cell(value, numeric=True),
                cell(words.count("tally.short", tally.total, met=f"{tally.met:,}")),
                Cell((tally_signs(tally),)),
            )
        )
    head = header(words("front.unit"), words("unit.credits"), words("front.met"), words("front.states"))
    return filled_table(head, rows, words("front.summary"))


def _legend(material: Material) -> Paragraph:
    """Say what the signs of the table mean, of those that are in it."""
    total = material.coverage.total
    signs = ((material.state_runs[state],) for state in reversed(CoverageState) if total[state])
    return Paragraph(joined(signs, Run(" · ")), ParagraphStyle.CAPTION)


def contents(material: Material) -> Section:
    """Build the table of contents."""
    return Section((Heading(1, material.words("contents.title")), Contents()), front=True)


def declaration(material: Material) -> Section:
    """Build the declaration of authenticity: our wording, the learner's answers, lines to sign."""
    words = material.words
    details = material.portfolio.details
    declared = details.declaration
    blocks: list[Block] = [
        Heading(1, words("declaration.title"), "declaration"),
        paragraph(words("declaration.learner", name=material.learner)),
        Heading(2, words("declaration.ai_title")),
        paragraph(words("declaration.ai_question"), keep_with_next=True),
    ]
    if printable(declared.ai_use).strip():
        blocks.append(paragraph(declared.ai_use.strip(), ParagraphStyle.QUOTATION))
    else:
        blocks.append(muted(words("declaration.ai_unanswered")))
    signed = bool(declared.signed_by.strip() and declared.signed_on)
    blocks += [
        Heading(2, words("declaration.signatures")),
        muted(words("declaration.signed" if signed else "declaration.unsigned")),
        SignatureLines(
            (
                (
                    words("sign.learner"),
                    one_line(declared.signed_by) or one_line(details.learner.name),
                    words.day(declared.signed_on),
                ),
            )
        ),
        paragraph(words("declaration.assessor"), keep_with_next=True),
        SignatureLines(((words("sign.assessor"), "", ""),)),
    ]
    return Section(tuple(blocks))


def people(material: Material) -> Section:
    """Say who the learner is, and who vouches for the evidence."""
    about = prose_blocks(material.portfolio.details.learner.profile, top_level=2)
    blocks: list[Block] = [Heading(1, material.words("profile.title"), "profile"), *about] if about else []
    return Section((*blocks, *_witness_list(material)))


def _witness_list(material: Material) -> Iterator[Block]:
    """List who saw something and signs for it, and for which items."""
    words = material.words
    testimonies: dict[str, list[tuple[Evidence, Involvement]]] = {}
    for item in material.portfolio.evidence:
        for involvement in item.people:
            if involvement.part in VOUCHING:
                testimonies.setdefault(involvement.person_id, []).append((item, involvement))
    yield Heading(1, words("witnesses.title"), "witnesses")
    if not testimonies:
        yield paragraph(words("witnesses.none"))
        return
    rows = []
    for person_id, signed in sorted(testimonies.items(), key=lambda entry: material.people[entry[0]].name.casefold()):
        person = material.people[person_id]
        role = ", ".join(part for part in (one_line(person.role), one_line(person.organisation)) if part)
        items = joined((_signed(material, item, involvement) for item, involvement in signed), Run("\n"))
        rows.append(
            (
                Cell(((Run(one_line(person.name) or words("person.unnamed")),),), header=True),
                cell(role),
                cell(person.relation),
                cell(person.status),
                Cell((items,)),
            )
        )
    yield paragraph(words("witnesses.lead"), ParagraphStyle.LEAD)
    yield filled_table(
        header(
            words("witnesses.name"),
            words("witnesses.role"),
            words("witnesses.relation"),
            words("witnesses.status"),
            words("witnesses.signed"),
        ),
        rows,
    )


def _signed(material: Material, item: Evidence, involvement: Involvement) -> tuple[Run, ...]:
    words = material.words
    if involvement.signed_on:
        signed = words("witnesses.signed_on", day=words.day(involvement.signed_on))
        return (material.evidence_runs[item.id], Run(f" {signed}"))
    return (material.evidence_runs[item.id], Run(f" {words('witnesses.unsigned')}", muted=True))


def running_title(material: Material) -> str:
    """Name the portfolio for the top of every page."""
    details = material.portfolio.details
    parts = (material.learner, one_line(details.qualification.title))
    return printable(" · ".join(part for part in parts if part))
