"""What stands on the form for a witness, in words and ready to be laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio_app.domain.evidence import DATE_IN_WORDS, Evidence, EvidenceKind
from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.domain.qualification import Requirement
from portfolio_app.domain.witness import Part
from portfolio_app.exporting.chapters.places import FormField, form_fields
from portfolio_app.exporting.field_values import written
from portfolio_app.exporting.prose import plain, prose_blocks
from portfolio_app.exporting.publication import Block as PublishedBlock
from portfolio_app.exporting.publication import Heading, ListBlock, Paragraph, Table
from portfolio_app.exporting.wording import Wording
from portfolio_app.plain_text import one_line

_CELL_GAP = " – "
_LONGEST_READ = 20_000  # characters of a text, of which a few hundred fit


@dataclass(frozen=True, slots=True)
class WitnessSheet:
    """The words of one form. ``about`` is what the item says, one paragraph each, however long.

    ``requirements`` are what the witness may say they saw, in a few words each. ``given`` is filled in already.
    ``language`` is a BCP 47 tag.
    """

    title: str
    learner: str
    programme: str
    ref: str
    item: str
    when: str
    about: tuple[str, ...]
    requirements: tuple[str, ...]
    prompts: tuple[str, ...]
    given: Mapping[Part, str]
    send_to: str
    language: str


def witness_sheet(
    details: PortfolioDetails,
    item: Evidence,
    kind: EvidenceKind,
    requirements: Sequence[tuple[str, Requirement]],
    *,
    given: Mapping[Part, str],
    words: Wording,
    hidden: TermFinder,
) -> WitnessSheet:
    """Put together what a form says.

    Args:
        details: whose portfolio it is.
        item: what the form is about. Of a confidential item the text stays at home.
        kind: its kind.
        requirements: what it is claimed for, with their addresses, in printed order.
        given: what is filled in.
        words: the words of the form's language.
        hidden: what is marked to be hidden in copies: it is hidden in what the item says, and where it happened.
    """

    def shown(text: str) -> str:
        return one_line(hidden.hidden(text, words("redaction.removed")))

    qualification = details.qualification
    about = [words("witness_form.confidential")] if item.confidential else list(_about(item, kind, words))
    return WitnessSheet(
        title=one_line(kind.title),
        learner=one_line(details.learner.name),
        programme=" · ".join(filter(None, (one_line(qualification.title), one_line(details.centre)))),
        ref=item.ref,
        item=shown(item.shown_title),
        when=words.period(item.date),
        about=tuple(map(shown, about)),
        requirements=tuple(one_line(f"{address} {one.short_text}") for address, one in requirements),
        prompts=tuple(map(one_line, kind.body_prompts)),
        given={part: shown(text) if part is Part.OCCASION else one_line(text) for part, text in given.items()},
        send_to=one_line(details.learner.email),
        language=words.language,
    )


def _about(item: Evidence, kind: EvidenceKind, words: Wording) -> list[str]:
    """Return what the item says in prose and in its form, but for what the witness is asked anyway."""
    found = [text for block in prose_blocks(item.body[:_LONGEST_READ]) for text in _plain(block)]
    for field in form_fields(item, kind):
        asked = field.definition is not None and field.definition.witness is not None
        if not asked and field.label != DATE_IN_WORDS:
            found.append(words("witness_form.field", label=field.label, value=_value(field, words)))
    return [line for text in found if (line := one_line(text))]


def _plain(block: PublishedBlock) -> list[str]:
    match block:
        case Heading():
            return [block.text]
        case Paragraph():
            return [plain(block.runs)]
        case ListBlock():
            return [f"• {text}" for item in block.items for part in item for text in _plain(part)]
        case Table():
            rows = (block.header, *block.rows) if block.header else block.rows
            return [_CELL_GAP.join(plain(runs) for cell in row for runs in cell.paragraphs) for row in rows]
        case _:
            return []


def _value(field: FormField, words: Wording) -> str:
    if isinstance(field.value, str):
        return written(field.definition, field.value, words)
    columns = {column.name: column for column in field.definition.columns} if field.definition else {}
    rows = (
        [written(columns.get(name), cell, words) for name, cell in row.items() if cell.strip()] for row in field.value
    )
    return "; ".join(_CELL_GAP.join(row) for row in rows)
