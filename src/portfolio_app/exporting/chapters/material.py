"""What every chapter is made from: the selected portfolio, looked up by what belongs together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from portfolio_app.domain.claims import Claim, Decision
from portfolio_app.domain.coverage import Coverage, CoverageState, coverage
from portfolio_app.domain.evidence import Evidence, EvidenceKind, Person
from portfolio_app.domain.portfolio import Portfolio
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import Requirement
from portfolio_app.domain.review import ReviewIdentity, evidence_labels, requirement_labels
from portfolio_app.domain.text_facts import TextFacts
from portfolio_app.domain.unit_groups import QualificationStanding, qualification_standing
from portfolio_app.exporting.attached_text import ShownFile, is_shown_as_text, show_file
from portfolio_app.exporting.chapters.places import Places, evidence_anchor, pages_anchor
from portfolio_app.exporting.chapters.quoted import QuotedPassages, find_quoted
from portfolio_app.exporting.options import Audience, ExportOptions
from portfolio_app.exporting.pictures import day_taken
from portfolio_app.exporting.publication import AttachedFile, Link, Run
from portfolio_app.exporting.recordings import recording_seconds
from portfolio_app.exporting.selection import Selection, select, sizes_of_files
from portfolio_app.exporting.wording import Wording
from portfolio_app.plain_text import one_line

_PHOTOGRAPHS = frozenset({"image/jpeg", "image/tiff", "image/webp"})


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that chapters look up. Claims are in evidence order by requirement, in unit order by evidence.

    ``files`` maps an evidence item's id to its attachments' files in order, ``None`` where one is missing or the
    copy is made without them. ``shown`` has what those say that are shown as text, ``None`` for the others; ``seconds``
    how long recordings are, by their hash, where that is known; ``taken`` the days on which cameras took photographs.
    ``quoted`` are the passages that claims quote.
    ``addresses`` are the shortest that are clear ("U1/MP3"); ``anchors`` those of requirements. ``evidence_runs``
    and ``requirement_runs`` show a reference and lead to it; like ``titles`` and ``labels`` (by evidence and by
    requirement) they are made once, because a large portfolio shows each of them many hundred times. ``review`` is what
    the assessor is asked about, ``field_names`` what the fields are called for that, by the ids of requirements and
    evidence. ``remarked`` is what was read of the evidence for the remarks on its words, if it was.
    """

    selection: Selection
    options: ExportOptions
    words: Wording
    kinds: Mapping[str, EvidenceKind]
    today: date
    program_version: str
    coverage: Coverage
    evidence: Mapping[str, Evidence]
    requirements: Mapping[str, Requirement]
    people: Mapping[str, Person]
    claims_by_requirement: Mapping[str, Sequence[Claim]]
    claims_by_evidence: Mapping[str, Sequence[Claim]]
    decisions: Mapping[str, Decision]
    addresses: Mapping[str, str]
    anchors: Mapping[str, str]
    unit_anchors: Mapping[str, str]
    files: Mapping[str, Sequence[AttachedFile | None]]
    shown: Mapping[str, Sequence[ShownFile | None]]
    seconds: Mapping[str, float]
    taken: Mapping[str, date]
    places: Places
    quoted: QuotedPassages
    titles: Mapping[str, str]
    labels: Mapping[str, str]
    evidence_runs: Mapping[str, Run]
    requirement_runs: Mapping[str, Run]
    title_runs: Mapping[str, Run]
    state_runs: Mapping[CoverageState, Run]
    review: ReviewIdentity
    field_names: Mapping[str, str]
    remarked: TextFacts | None = None

    @property
    def portfolio(self) -> Portfolio:
        """The selected portfolio."""
        return self.selection.portfolio

    def is_withheld(self, item: Evidence) -> bool:
        """Whether nothing but the item's reference may be shown."""
        return item.id in self.selection.withheld

    @property
    def qualification(self) -> QualificationStanding:
        """How far the groups of units are; of a copy of some units only, nothing is known of them."""
        tallies = {unit.unit_id: unit.tally for unit in self.coverage.units}
        return qualification_standing(self.selection.facts.qualification, self.portfolio.units, tallies)

    @property
    def learner(self) -> str:
        """The learner's name, or what stands for it."""
        return one_line(self.portfolio.details.learner.name) or self.words("person.unnamed")

    def kind_title(self, item: Evidence) -> str:
        """What the item's kind is called; the stored name where the kind is not known."""
        kind = self.kinds.get(item.kind)
        return one_line(kind.title) if kind else one_line(item.kind)

    def method(self, item: Evidence) -> str:
        """How the item was gathered, in words; empty where nothing says so."""
        kind = self.kinds.get(item.kind)
        method = item.method or (kind.method if kind else None)
        return self.words(f"method.{method.value}") if method else ""


def gather(
    portfolio: Portfolio,
    kinds: Mapping[str, EvidenceKind],
    file_path: Callable[[str], Path | None],
    options: ExportOptions,
    words: Wording,
    *,
    today: date,
    program_version: str,
    made: datetime,
    read_files: bool = True,
    remarked: TextFacts | None = None,
    progress: Progress = no_progress,
) -> Material:
    """Look everything up once; with ``read_files`` also what attached files say.

    Raises:
        UnknownReference: the portfolio has no unit that the options ask for.
        Cancelled: ``progress`` said so.
    """
    # Only the gaps, which the tutor's copy has, ask how large the files are.
    sizes = sizes_of_files(portfolio, file_path) if options.audience is Audience.TUTOR else {}
    selection = select(portfolio, options, sizes)
    chosen = selection.portfolio
    evidence = {item.id: item for item in chosen.evidence}
    requirements: dict[str, Requirement] = {}
    addresses: dict[str, str] = {}
    for unit in chosen.units:
        requirements.update({requirement.id: requirement for _, requirement in unit.walk()})
        addresses.update({key: one_line(address) for key, address in unit.addresses().items()})
    order = {requirement_id: position for position, requirement_id in enumerate(requirements)}
    by_requirement: dict[str, list[Claim]] = defaultdict(list)
    by_evidence: dict[str, list[Claim]] = defaultdict(list)
    for claim in chosen.claims:
        if claim.evidence_id in evidence and claim.requirement_id in requirements:
            by_requirement[claim.requirement_id].append(claim)
            by_evidence[claim.evidence_id].append(claim)
    for claims in by_requirement.values():
        claims.sort(key=lambda claim: evidence[claim.evidence_id].number)
    for claims in by_evidence.values():
        claims.sort(key=lambda claim: order[claim.requirement_id])
    anchors = {requirement_id: f"requirement-{position + 1}" for requirement_id, position in order.items()}
    shown = file_path if options.with_files else _no_file
    files = {item.id: _files(item, shown) for item in chosen.evidence if item.attachments}
    texts = _shown(chosen, files, words, progress) if read_files else {}
    quoted = find_quoted(
        [item for item in chosen.evidence if item.id not in selection.withheld],
        by_evidence,
        files if read_files else {},
        texts,
        codes=addresses,
        anchors=anchors,
        words=words,
        tick=lambda: progress(0, 1, words("writing.reading")),
    )
    titles = {item.id: _title(item, selection.withheld, words) for item in chosen.evidence}
    review = _review(selection, made)
    return Material(
        selection,
        options,
        words,
        kinds,
        today,
        program_version,
        coverage(selection.facts),
        evidence,
        requirements,
        {person.id: person for person in chosen.people},
        by_requirement,
        by_evidence,
        {decision.requirement_id: decision for decision in chosen.decisions},
        addresses,
        anchors,
        {unit.id: f"unit-{position}" for position, unit in enumerate(chosen.units, 1)},
        files,
        quoted.shown,
        _seconds(files) if read_files else {},
        _taken(files, today) if read_files else {},
        Places(kinds, by_evidence, files, quoted.shown, words),
        quoted,
        titles,
        {requirement.id: one_line(requirement.short_text) for requirement in requirements.values()},
        {item.id: Run(item.ref, bold=True, link=Link(anchor=evidence_anchor(item))) for item in chosen.evidence},
        {key: Run(address, bold=True, link=Link(anchor=anchors[key])) for key, address in addresses.items()},
        {key: Run(f" {title}") for key, title in titles.items()},
        {state: Run(f"{state.symbol} {words(f'state.{state.value}')}", status=state) for state in CoverageState},
        review,
        {key: name for labels in (review.requirements, review.evidence) for name, key in labels.items()},
        remarked,
    )


def _review(selection: Selection, made: datetime) -> ReviewIdentity:
    """Say what the assessor of this copy is asked about: every requirement, and every item that is shown."""
    chosen = selection.portfolio
    return ReviewIdentity(
        chosen.details.id,
        chosen.revision,
        chosen.history_head,
        made,
        token="",  # comes with each copy
        requirements=requirement_labels(leaf.id for unit in chosen.units for leaf in unit.leaves()),
        evidence=evidence_labels(item.id for item in chosen.evidence if item.id not in selection.withheld),
    )


def _title(item: Evidence, withheld: frozenset[str], words: Wording) -> str:
    if item.id in withheld:
        return words("evidence.withheld_title" if item.confidential else "evidence.held_back_title")
    return one_line(item.title) or words("evidence.untitled")


def _shown(
    portfolio: Portfolio, files: Mapping[str, Sequence[AttachedFile | None]], words: Wording, progress: Progress
) -> dict[str, list[ShownFile | None]]:
    """Read the files that are shown as text."""
    wanted = {
        item.id: item for item in portfolio.evidence if any(is_shown_as_text(file) for file in files.get(item.id, ()))
    }
    what = words("writing.reading")
    texts: dict[str, list[ShownFile | None]] = {}
    for number, item in enumerate(wanted.values()):

        def tick(done: int = number) -> None:
            progress(done, len(wanted), what)

        tick()
        texts[item.id] = [
            show_file(file, pages_anchor(item, position), words, tick)
            if file is not None and is_shown_as_text(file)
            else None
            for position, file in enumerate(files[item.id], 1)
        ]
    return texts


def _seconds(files: Mapping[str, Sequence[AttachedFile | None]]) -> dict[str, float]:
    return {
        file.sha256: seconds
        for attached in files.values()
        for file in attached
        if file is not None and (seconds := recording_seconds(file.path, file.media_type)) is not None
    }


def _taken(files: Mapping[str, Sequence[AttachedFile | None]], today: date) -> dict[str, date]:
    return {
        file.sha256: day
        for attached in files.values()
        for file in attached
        if file is not None and file.media_type in _PHOTOGRAPHS and (day := day_taken(file.path, today)) is not None
    }


def _no_file(sha256: str) -> None:
    """Find none: the copy is made without files."""
    del sha256


def _files(item: Evidence, file_path: Callable[[str], Path | None]) -> list[AttachedFile | None]:
    found: list[AttachedFile | None] = []
    for attachment in item.attachments:
        path = file_path(attachment.sha256)
        name = one_line(attachment.name)
        found.append(
            AttachedFile(
                path, name, f"{item.ref}, {name}", attachment.sha256, attachment.size, attachment.media_type.casefold()
            )
            if path
            else None
        )
    return found
