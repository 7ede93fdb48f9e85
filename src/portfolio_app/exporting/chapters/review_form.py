"""The assessor's answer: how to give it, and the fields for it at each requirement and each item of evidence."""

from __future__ import annotations

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.evidence import Evidence, Judgement
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.domain.review import (
    ASSESSED_ON,
    ASSESSOR_NAME,
    ASSESSOR_ROLE,
    CHECKED,
    COMMENT,
    DECISION,
    JUDGEMENTS,
    VERDICT_STATES,
)
from portfolio_app.exporting.chapters.material import Material
from portfolio_app.exporting.chapters.parts import cell, header, muted, paragraph
from portfolio_app.exporting.options import Audience
from portfolio_app.exporting.publication import (
    Block,
    CheckField,
    ChoiceField,
    Form,
    Heading,
    Link,
    ListBlock,
    Paragraph,
    ParagraphStyle,
    Run,
    Section,
    Table,
    TextField,
)
from portfolio_app.exporting.wording import Wording
from portfolio_app.plain_text import one_line

_COMMENT_LINES = 3
_DECISION_WIDTHS = (0.3, 0.7)
_ASSESSOR_WIDTHS = (0.4, 0.35, 0.25)
_STEPS = ("who", "requirements", "evidence", "send")


def for_assessor(material: Material) -> Section:
    """Say how to answer in this document, and ask who does."""
    words = material.words
    who = tuple(
        TextField(name, words(f"review.{name}"), words(f"review.{name}_tip"))
        for name in (ASSESSOR_NAME, ASSESSOR_ROLE, ASSESSED_ON)
    )
    steps = tuple((paragraph(words(f"review.step.{step}", learner=material.learner)),) for step in _STEPS)
    blocks: list[Block] = [
        Heading(1, words("review.title"), "for-assessor"),
        paragraph(words("review.lead"), ParagraphStyle.LEAD),
        ListBlock(steps, ordered=True),
        Form(who, _ASSESSOR_WIDTHS),
        muted(words("review.programs")),
    ]
    units = [unit for unit in material.portfolio.units if material.coverage.unit(unit.id).tally.total]
    if units:
        blocks.append(paragraph(words("review.where"), ParagraphStyle.LABEL))
        blocks.append(ListBlock(tuple((_unit(material, unit),) for unit in units)))
    return Section(tuple(blocks), about_form=True)


def _unit(material: Material, unit: Unit) -> Paragraph:
    words = material.words
    total = material.coverage.unit(unit.id).tally.total
    decided = sum(leaf.id in material.decisions for leaf in unit.asked_for())
    told = words.count("review.requirements", total)
    told += f", {words.count('review.decided', decided)}" if decided else ""
    name = Run(one_line(f"{unit.code} {unit.title}"), link=Link(anchor=material.unit_anchors[unit.id]))
    return Paragraph((name, Run(f" – {told}")))


def decision_form(material: Material, leaf: Requirement) -> Form:
    """Ask for a decision on a requirement, and why; in the assessor's copy there is space for it on paper too."""
    words = material.words
    field, address = material.field_names[leaf.id], material.addresses[leaf.id]
    options = tuple((state, words(f"state.{verdict.value}")) for verdict, state in VERDICT_STATES.items())
    choice = ChoiceField(
        f"{field}.{DECISION}",
        words("review.decision", requirement=address),
        words("review.decision_tip", requirement=address),
        options,
    )
    comment = TextField(
        f"{field}.{COMMENT}", words("review.comment"), words("review.comment_tip", requirement=address), _COMMENT_LINES
    )
    on_paper = (_space_to_decide(words),) if material.options.audience is Audience.ASSESSOR else ()
    return Form((choice, comment), _DECISION_WIDTHS, on_paper)


def _space_to_decide(words: Wording) -> Table:
    choices = "\n".join(f"☐ {words(f'state.{verdict.value}')}" for verdict in Verdict)
    return Table(
        header(words("decide.decision"), words("decide.reason"), words("decide.by")),
        ((cell(choices), cell(""), cell("")),),
        (0.26, 0.5, 0.24),
    )


def judgement_form(material: Material, item: Evidence) -> Form:
    """Ask what an item is; in the assessor's copy there is space for what is not judged yet on paper too."""
    words = material.words
    field = material.field_names[item.id]
    boxes = tuple(
        (
            f"{field}.{name}",
            words(f"judgement.{name}").lower(),
            words("review.judgement_tip", item=item.ref, judgement=words(f"judgement.{name}").lower()),
        )
        for name in JUDGEMENTS
    )
    on_paper: tuple[Block, ...] = ()
    if material.options.audience is Audience.ASSESSOR:
        judged = item.judgement or Judgement()
        missing = [name for name in JUDGEMENTS if getattr(judged, name) is None]
        if missing:
            blank = cell(f"☐ {words('answer.yes')}  ☐ {words('answer.no')}")
            heads = header(*(words(f"judgement.{name}") for name in missing))
            table = Table(heads, ((blank,) * len(missing),), (0.2,) * len(missing))
            on_paper = (table,) if item.judgement else (Heading(3, words("judgement.title")), table)
    return Form((CheckField(words("review.judgement", item=item.ref), boxes, CHECKED),), (1.0,), on_paper)
