"""The evidence: each item as it was written, its files, its people, what it is claimed for, its documents' pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePath

from portfolio_app.domain.claims import Claim
from portfolio_app.domain.dates import Period
from portfolio_app.domain.evidence import (
    Attachment,
    Evidence,
    FieldDefinition,
    FieldType,
    Standing,
    StandingKind,
    TableRow,
)
from portfolio_app.domain.quantities import read_quantity
from portfolio_app.domain.review import JUDGEMENTS
from portfolio_app.domain.witness import VOUCHING
from portfolio_app.exporting.attached_text import ShownFile
from portfolio_app.exporting.chapters.material import Material
from portfolio_app.exporting.chapters.parts import (
    cell,
    filled_table,
    header,
    joined,
    muted,
    paired_table,
    paragraph,
    place_runs,
    quiet_rows,
    row_label,
)
from portfolio_app.exporting.chapters.places import (
    FormField,
    evidence_anchor,
    file_anchor,
    form_fields,
    is_document,
    is_picture,
    is_recording,
    pages_anchor,
)
from portfolio_app.exporting.chapters.review_form import judgement_form
from portfolio_app.exporting.field_values import written
from portfolio_app.exporting.figures import table_figures
from portfolio_app.exporting.file_types import file_type_in_words
from portfolio_app.exporting.prose import prose_blocks
from portfolio_app.exporting.publication import (
    AttachedFile,
    AttachedPages,
    Block,
    Cell,
    Heading,
    Link,
    ListBlock,
    Paragraph,
    ParagraphStyle,
    Picture,
    Run,
    Runs,
    Section,
    SignatureLines,
    Table,
)
from portfolio_app.exporting.quotations.in_blocks import mark_quotations
from portfolio_app.exporting.wide_tables import turned
from portfolio_app.exporting.wording import Wording
from portfolio_app.plain_text import one_line
from portfolio_app.reading.blocks import safe_link

_SHORT_FIELD = 160
_SHORT_HASH = 12


def evidence_sections(material: Material) -> Iterator[Section]:
    """Build each item's section in reference order, followed by its attached documents."""
    for item in material.portfolio.evidence:
        if material.is_withheld(item):
            yield _placeholder(material, item)
            continue
        yield from turned(Section(tuple(_item(material, item)), label=item.ref))
        yield from _attached_sections(material, item)


def _attached_sections(material: Material, item: Evidence) -> Iterator[Section]:
    """Show an item's documents in order; what files of text say follows without a page of its own for each."""
    texts: list[Block] = []
    is_landscape = False
    shown = material.shown.get(item.id, ())
    for position, file in enumerate(material.files.get(item.id, ()), 1):
        text = shown[position - 1] if shown else None
        goes_on = text is not None and text.landscape == is_landscape
        if texts and file is not None and (is_document(file) or (text is not None and not goes_on)):
            yield Section(tuple(texts), label=item.ref, landscape=is_landscape)
            texts = []
        if file is not None and is_document(file):
            quoted = material.quoted.highlights.get((item.id, position), ())
            pages = AttachedPages(file, item.ref, pages_anchor(item, position), evidence_anchor(item), tuple(quoted))
            yield Section((pages,), label=item.ref)
        elif file is not None and text is not None and not text.problem:
            is_landscape = text.landscape
            texts += _attached_text(material, item, position, file, text)
    if texts:
        yield Section(tuple(texts), label=item.ref, landscape=is_landscape)


def _attached_text(
    material: Material, item: Evidence, position: int, file: AttachedFile, text: ShownFile
) -> Iterator[Block]:
    words = material.words
    title = words("attached_text.title", ref=item.ref, name=file.name or words("attachments.unnamed"))
    yield Heading(3, title, pages_anchor(item, position))
    # Where something is hidden, an original that holds it does not come along.
    redacts = material.options.redacted and bool(material.portfolio.redaction)
    facts = words(
        "attached_text.facts_alone" if redacts else "attached_text.facts",
        type=file_type_in_words(file.media_type, file.name, words),
        size=words.size(file.size),
    )
    back = Run(words("attached.back", ref=item.ref), link=Link(anchor=evidence_anchor(item)))
    yield Paragraph((Run(f"{facts} "), back), ParagraphStyle.MUTED, keep_with_next=True)
    yield from text.blocks


def _placeholder(material: Material, item: Evidence) -> Section:
    words = material.words
    learner = one_line(material.portfolio.details.learner.name) or words("evidence.the_learner")
    holder = one_line(item.standing.location) or learner
    blocks: list[Block] = [
        Heading(2, f"{item.ref} {material.titles[item.id]}", evidence_anchor(item)),
        paragraph(
            words("evidence.withheld" if item.confidential else "evidence.held_back", ref=item.ref, holder=holder)
        ),
    ]
    blocks += _claimed_for(material, item)
    return Section(tuple(blocks), label=item.ref)


def _item(material: Material, item: Evidence) -> Iterator[Block]:
    words = material.words
    kind = material.kinds.get(item.kind)
    yield Heading(2, f"{item.ref} {material.titles[item.id]}", evidence_anchor(item))
    facts = quiet_rows(
        (
            (words("evidence.when"), words.period(item.date)),
            (words("evidence.kind"), material.kind_title(item)),
            (words("evidence.method"), material.method(item)),
            *_people(material, item),
            (words("evidence.standing"), _standing(item.standing, words)),
            (words("evidence.simulated"), words("evidence.simulated_yes") if item.simulated else ""),
            (words("evidence.confidential"), words("evidence.confidential_yes") if item.confidential else ""),
            (words("evidence.tags"), ", ".join(one_line(tag) for tag in item.tags)),
        )
    )
    own = list(_form(facts, form_fields(item, kind), words))
    prose = material.places.prose(item)
    if prose:
        own += [Heading(3, one_line(kind.body_label) if kind else words("evidence.body")), *prose]
    yield from mark_quotations(own, material.quoted.own.get(item.id, ())).blocks
    yield from _pictures(material, item)
    yield from _claimed_for(material, item)
    yield from _attachments(material, item)
    yield from _judgement(material, item)
    yield from _earlier_versions(material, item)
    yield from _signatures(material, item)


def _people(material: Material, item: Evidence) -> Iterator[tuple[str, str]]:
    words = material.words
    for involvement in item.people:
        person = material.people[involvement.person_id]
        described = ", ".join(
            part
            for part in (
                one_line(person.name) or words("person.unnamed"),
                one_line(person.role),
                one_line(person.organisation),
                words("person.relation", relation=one_line(person.relation)) if person.relation.strip() else "",
            )
            if part
        )
        if involvement.signed_on:
            described += f" – {words('person.signed', day=words.day(involvement.signed_on))}"
        elif involvement.part in VOUCHING:
            described += f" – {words('person.unsigned')}"
        yield words(f"part.{involvement.part.value}"), described


def _standing(standing: Standing, words: Wording) -> Runs:
    parts: list[Runs] = []
    location = one_line(standing.location)
    if standing.kind is not StandingKind.ATTACHED or location:
        parts.append((Run(words(f"standing.{standing.kind.value}")),))
    if location:
        parts.append((Run(": "), Run(location, link=safe_link(location))))
    if standing.description.strip():
        parts.append((Run(f" – {one_line(standing.description)}"),))
    if standing.confirmed_by.strip():
        day = words.day(standing.confirmed_on)
        name = one_line(standing.confirmed_by)
        seen = words("standing_note.seen_on", name=name, day=day) if day else words("standing_note.seen", name=name)
        parts.append((Run(f"\n{seen}" if parts else seen),))
    return tuple(run for part in parts for run in part)


def _form(facts: Sequence[tuple[Cell, ...]], fields: Sequence[FormField], words: Wording) -> Iterator[Block]:
    """Show short fields beside their labels, long ones and tables under a heading of their own."""
    short = list(facts)
    for field in fields:
        if isinstance(field.value, str) and _is_short(field.definition, field.value):
            label = field.label + ("" if field.definition else f" {words('evidence.unknown_field')}")
            value = Cell(((Run(written(field.definition, field.value, words)),),), anchor=field.anchor)
            short.append((row_label(label), value))
            continue
        if short:
            yield paired_table(short)
            short = []
        yield Heading(3, field.label, field.anchor)
        if not field.definition:
            yield muted(words("evidence.unknown_field_note"))
        if isinstance(field.value, str):
            yield from prose_blocks(field.value, top_level=4, keep_lines=True)
        else:
            yield _table(field.definition, field.value, words)
            if field.definition:
                yield from table_figures(field.definition, field.value, words)
    if short:
        yield paired_table(short)


def _is_short(definition: FieldDefinition | None, value: str) -> bool:
    if definition is not None:
        return definition.type is not FieldType.LONG_TEXT
    return len(value) <= _SHORT_FIELD and "\n" not in value.strip()


def _table(definition: FieldDefinition | None, rows: Sequence[TableRow], words: Wording) -> Table:
    known = {column.name: column for column in definition.columns} if definition else {}
    names = [*known, *dict.fromkeys(name for row in rows for name in row if name not in known)]
    texts = [[written(known.get(name), row.get(name, ""), words) for name in names] for row in rows]
    numeric = [_is_numeric(known.get(name), [row[column] for row in texts]) for column, name in enumerate(names)]
    labels = [one_line(known[name].label) if name in known else one_line(name) for name in names]
    return filled_table(
        [
            Cell(((Run(label, bold=True),),), numeric=is_number)
            for label, is_number in zip(labels, numeric, strict=True)
        ],
        [[cell(text, numeric=is_number) for text, is_number in zip(row, numeric, strict=True)] for row in texts],
    )


def _is_numeric(definition: FieldDefinition | None, texts: Sequence[str]) -> bool:
    if definition is not None and definition.type is FieldType.NUMBER:
        return True
    return any(texts) and all(read_quantity(text) for text in texts if text)


def _pictures(material: Material, item: Evidence) -> Iterator[Block]:
    for attachment, file in zip(item.attachments, material.files.get(item.id, ()), strict=True):
        if file is not None and is_picture(file):
            caption = one_line(attachment.caption) or file.name
            facts = _picture_facts(material, item, material.taken.get(file.sha256))
            told = material.words("picture.told", caption=caption, facts=facts) if facts else caption
            yield Picture(file, told, caption)


def _picture_facts(material: Material, item: Evidence, taken: date | None) -> str:
    """Say who took part in what a picture shows, and when: as the item says, or more exactly if the camera does."""
    words = material.words
    names = [one_line(material.people[involvement.person_id].name) for involvement in item.people]
    when = words.period(item.date)
    if taken is not None and (item.date is None or _is_within(taken, item.date)):
        when = words("picture.taken", day=words.day(taken))
    known = [item.ref, when, *dict.fromkeys(names)]
    return ", ".join(filter(None, known))


def _is_within(day: date, period: Period) -> bool:
    """Say whether a day is one of several that a period may mean."""
    first, last = period.start.first_day, (period.end or period.start).last_day
    return first <= day <= last and first < last


def _claimed_for(material: Material, item: Evidence) -> Iterator[Block]:
    words = material.words
    claims = material.claims_by_evidence.get(item.id, ())
    yield Heading(3, words("evidence.claimed_for"))
    if claims:
        yield ListBlock(tuple((_claim(material, claim),) for claim in claims))
    else:
        yield muted(words("evidence.unclaimed"))


def _claim(material: Material, claim: Claim) -> Paragraph:
    requirement = material.requirements[claim.requirement_id]
    runs: list[Run] = [
        material.requirement_runs[claim.requirement_id],
        Run(f" {material.labels[requirement.id]}"),
    ]
    place = place_runs(material, claim)
    if place:
        runs += [Run(" – "), *place]
    runs += [Run(" – "), material.state_runs[material.coverage.states[claim.requirement_id]]]
    return Paragraph(tuple(runs))


def _attachments(material: Material, item: Evidence) -> Iterator[Block]:
    if not item.attachments:
        return
    words = material.words
    yield Heading(3, words("attachments.title"))
    rows = []
    shown = material.shown.get(item.id, ())
    for position, (attachment, file) in enumerate(
        zip(item.attachments, material.files.get(item.id, ()), strict=True), 1
    ):
        text = shown[position - 1] if shown else None
        name = one_line(attachment.name) or words("attachments.unnamed")
        named: list[Runs] = [(Run(name),)]
        if attachment.caption.strip():
            named.append((Run(one_line(attachment.caption), muted=True),))
        if not material.options.with_files:
            named.append((Run(words("attachments.left_out"), muted=True),))
        elif file is None:
            named.append((Run(words("attachments.missing"), bold=True),))
        elif is_document(file):
            named.append((Run(words("attachments.pages_follow"), muted=True),))
        elif text is not None and text.problem:
            named.append((Run(text.problem, muted=True),))
        elif text is not None:
            anchor = pages_anchor(item, position)
            named.append((Run(words("attachments.text_follows"), muted=True, link=Link(anchor=anchor)),))
        elif is_recording(file):
            named += _recording(material, item, attachment)
        rows.append(
            (
                Cell(tuple(named), header=True, anchor=file_anchor(item, position)),
                cell(file_type_in_words(attachment.media_type, name, words)),
                cell(words.size(attachment.size), numeric=True),
                Cell(((Run(attachment.sha256[:_SHORT_HASH], muted=True),),)),
            )
        )
    yield filled_table(
        header(
            words("attachments.name"), words("attachments.type"), words("attachments.size"), words("attachments.hash")
        ),
        rows,
    )


def _recording(material: Material, item: Evidence, attachment: Attachment) -> Iterator[Runs]:
    """Say how long a recording is, what it is known by, and the places in it that claims name."""
    words = material.words
    seconds = material.seconds.get(attachment.sha256)
    if seconds is not None:
        yield (Run(words("attachments.length", length=words.length(seconds)), muted=True),)
    yield (Run(words("attachments.full_hash", hash=attachment.sha256), muted=True),)
    recordings = [file for file in material.files.get(item.id, ()) if is_recording(file)]
    named = attachment.name.casefold()
    times: list[Runs] = []
    for claim in material.claims_by_evidence.get(item.id, ()):
        locator = claim.locator
        is_here = locator.attachment.casefold() in {named, PurePath(named).stem}
        if locator.time and (is_here or (not locator.attachment and len(recordings) == 1)):
            times.append((Run(f"{one_line(locator.time)} "), material.requirement_runs[claim.requirement_id]))
    if times:
        yield (Run(f"{words('attachments.times')}: ", muted=True), *joined(times))


def _judgement(material: Material, item: Evidence) -> Iterator[Block]:
    words, judged = material.words, item.judgement
    if judged is not None:
        yield Heading(3, words("judgement.title"))
        if judged.by.strip() or judged.on:
            name = one_line(judged.by) or words("person.unnamed")
            day = words.day(judged.on)
            yield muted(words("decision.by", name=name, day=day) if day else name)
        yield Table(
            header(*(words(f"judgement.{name}") for name in JUDGEMENTS)),
            (tuple(cell(_answer(words, getattr(judged, name))) for name in JUDGEMENTS),),
            (0.2,) * len(JUDGEMENTS),
        )
    yield judgement_form(material, item)


def _answer(words: Wording, value: bool | None) -> str:
    if value is None:
        return words("judgement.not_judged")
    return f"☑ {words('answer.yes')}" if value else f"☒ {words('answer.no')}"


def _earlier_versions(material: Material, item: Evidence) -> Iterator[Block]:
    versions = [version for version in material.portfolio.versions if version.evidence_id == item.id]
    if not versions:
        return
    words = material.words
    yield Heading(3, words("versions.title"))
    rows = [
        (
            Cell(((Run(str(version.number)),),), header=True, numeric=True),
            cell(words.day(version.made_at.astimezone().date())),
            cell(one_line(version.reason)),
            cell(", ".join(one_line(attachment.name) for attachment in version.attachments)),
        )
        for version in versions
    ]
    yield filled_table(
        header(words("versions.number"), words("versions.until"), words("versions.why"), words("versions.files")), rows
    )
    yield muted(words.count("versions.note", len(versions), present=len(versions) + 1))


def _signatures(material: Material, item: Evidence) -> Iterator[Block]:
    words = material.words
    kind = material.kinds.get(item.kind)
    lines = [
        (
            words(f"part.{involvement.part.value}"),
            one_line(material.people[involvement.person_id].name),
            words.day(involvement.signed_on),
        )
        for involvement in item.people
        if involvement.part in VOUCHING
    ]
    if not lines and kind is not None and kind.witnessed:
        lines = [(words("part.witness"), "", "")]
    if lines:
        yield Heading(3, words("sign.title"))
        yield paragraph(words("sign.witness_statement"), ParagraphStyle.MUTED, keep_with_next=True)
        yield SignatureLines(tuple(lines))
