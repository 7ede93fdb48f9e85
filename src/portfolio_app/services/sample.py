"""The sample portfolio: an invented learner's, to explore the program with and to try exports on.

What it holds is data in ``resources/sample``; here it is put together by the services that a learner's own work
goes through, so that its history reads like one.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from portfolio_app.domain.claims import Action, Decision, Dismissal, Verdict
from portfolio_app.domain.evidence import Evidence, EvidenceKind, FieldType, FieldValue, PersonPart, StandingKind
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import find_requirement, find_unit
from portfolio_app.importing.evidence_kinds import load_kinds
from portfolio_app.importing.unit_library import load_library_unit
from portfolio_app.paths import resources_dir
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.evidence import EvidenceGiven, add_evidence
from portfolio_app.services.people import PersonGiven, add_person
from portfolio_app.services.portfolios import DetailsGiven, start_portfolio
from portfolio_app.services.references import find_evidence
from portfolio_app.services.sample_documents import (
    description,
    write_email,
    write_kpi_workbook,
    write_paged_document,
    write_survey,
)
from portfolio_app.services.sample_pictures import draw_certificate, draw_notice_board, draw_whiteboard
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioEditor

_LINE_WRAP = re.compile(r"(?<!\n)\n(?!\n|[-*] |\d+\. )[ \t]*")

_Writer = Callable[[dict[str, Any], Path], None]
_DOCUMENTS: Mapping[str, tuple[_Writer, str, str]] = {
    "service-level-agreement.pdf": (write_paged_document, "service-level-agreement", ""),
    "enrolment-week-rota.pdf": (write_paged_document, "enrolment-week-rota", ""),
    "contact-centre-kpis-2026.xlsx": (write_kpi_workbook, "kpis", ""),
    "survey-answers.csv": (write_survey, "survey", ""),
    "double-bookings.eml": (write_email, "double-bookings", ""),
    "team-leading-certificate.pdf": (draw_certificate, "pictures", "certificate"),
    "whiteboard-17-april.jpg": (draw_whiteboard, "pictures", "whiteboard"),
    "notice-board-june.jpg": (draw_notice_board, "pictures", "notice_board"),
}
"""By file name: what writes it, the description it is written from, and the part of that (or the whole)."""


@dataclass(frozen=True, slots=True)
class SampleItem:
    """An evidence item of the sample as its file describes it, with paragraphs on one line each."""

    kind: str
    given: EvidenceGiven
    documents: tuple[tuple[str, str], ...]
    claims: tuple[tuple[str, ClaimGiven], ...]
    confirmed_by: str
    confirmed_on: date | None


def build_sample(folder: Path, progress: Progress = no_progress) -> Path:
    """Make the sample portfolio in a folder that does not exist or is empty, and return its file.

    All dates are those of the story, except that of the newest decision and of the history: they are of now, so
    that the decision is still unanswered.

    Raises:
        StorageError: the folder is not empty or cannot be written.
        Cancelled: the user cancelled it. As with any other failure, nothing is left behind.
    """
    source = _read("sample")
    items = sample_items()
    kinds = load_kinds()
    units = [
        replace(load_library_unit(unit["library"]), mandatory=unit.get("mandatory", True)) for unit in source["units"]
    ]
    total = len(items) + 2
    progress(0, total, "Starting the sample portfolio")
    was_there = folder.is_dir()
    portfolio = start_portfolio(folder, _details(source), units)
    try:
        with portfolio:
            for person in source["people"]:
                add_person(portfolio, PersonGiven(**person))
            for place, item in enumerate(items, 1):
                progress(place, total, f"Adding “{item.given.title}”")
                _add(portfolio, kinds[item.kind], item)
            progress(total - 1, total, "Recording decisions")
            _decide(portfolio, source)
            _dismiss(portfolio, source["dismissals"])
            progress(total, total, "The sample portfolio is there")
    except BaseException:
        # The folder was empty before, so whatever is in it now was made here.
        shutil.rmtree(folder, ignore_errors=True)
        if was_there:
            folder.mkdir(exist_ok=True)
        raise
    return portfolio.path


def sample_items() -> list[SampleItem]:
    """Return the sample's evidence in the order of its references."""
    kinds = load_kinds()
    paths = sorted((resources_dir() / "sample" / "evidence").glob("*.toml"))
    return [_item(tomllib.loads(path.read_text(encoding="utf-8")), kinds) for path in paths]


def write_sample_document(name: str, folder: Path) -> Path:
    """Write the attachment of this name into a folder and return its path."""
    write, source, part = _DOCUMENTS[name]
    described = description(source)
    target = folder / name
    write(described[part] if part else described, target)
    return target


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources_dir() / "sample" / f"{name}.toml").read_text(encoding="utf-8"))


def _details(source: dict[str, Any]) -> DetailsGiven:
    learner, qualification, about = source["learner"], source["qualification"], source["portfolio"]
    return DetailsGiven(
        learner=learner["name"],
        learner_number=learner["number"],
        email=learner["email"],
        profile=_unwrapped(learner["profile"]),
        qualification=qualification["title"],
        qualification_number=qualification["number"],
        awarding_body=qualification["awarding_body"],
        level=qualification["level"],
        centre=about["centre"],
        started_on=about["started_on"].isoformat(),
        planned_end=about["planned_end"].isoformat(),
    )


def _item(source: dict[str, Any], kinds: Mapping[str, EvidenceKind]) -> SampleItem:
    standing = source.get("standing")
    confirmed_on = source.get("confirmed_on")
    return SampleItem(
        kind=source["kind"],
        given=EvidenceGiven(
            title=source["title"],
            date=source.get("date", ""),
            body=_unwrapped(source["body"]),
            fields=_fields(source["fields"], kinds[source["kind"]]),
            standing=StandingKind(standing) if standing else None,
            location=source.get("location"),
            standing_description=source.get("standing_description"),
            confidential=source.get("confidential", False),
            tags=source.get("tags", ()),
            people=[
                PersonGiven(person["name"], part=PersonPart(person["part"]), signed_on=person.get("signed_on"))
                for person in source.get("people", ())
            ],
        ),
        documents=tuple((file["document"], file["caption"]) for file in source.get("attachments", ())),
        claims=tuple(
            (
                claim["requirement"],
                ClaimGiven(claim["why"], claim.get("quotation", ""), claim.get("at", ""), claim.get("components", ())),
            )
            for claim in source.get("claims", ())
        ),
        confirmed_by=source.get("confirmed_by", ""),
        confirmed_on=date.fromisoformat(confirmed_on) if confirmed_on else None,
    )


def _fields(source: dict[str, Any], kind: EvidenceKind) -> dict[str, FieldValue]:
    fields: dict[str, FieldValue] = {}
    for name, value in source.items():
        definition = kind.field(name)
        is_table = definition is not None and definition.type is FieldType.TABLE
        fields[name] = tuple(value) if is_table else value.strip()
    return fields


def _unwrapped(text: str) -> str:
    """Join the lines of each paragraph: they were broken for the author's eyes only."""
    return _LINE_WRAP.sub(" ", text.strip())


def _add(portfolio: PortfolioFile, kind: EvidenceKind, item: SampleItem) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = [write_sample_document(name, Path(folder)) for name, _ in item.documents]
        evidence, _ = add_evidence(portfolio, kind, replace(item.given, files=files))
    if item.documents:
        captions = dict(item.documents)
        attachments = tuple(replace(file, caption=captions[file.name]) for file in evidence.attachments)
        with portfolio.edit(f"Describe the files of {evidence.ref}") as editor:
            editor.put_evidence(replace(evidence, attachments=attachments))
    if item.confirmed_by:
        _confirm(portfolio, evidence, item)
    for address, given in item.claims:
        add_claim(portfolio, evidence.ref, address, given)


def _confirm(portfolio: PortfolioFile, evidence: Evidence, item: SampleItem) -> None:
    with portfolio.edit(f"Record that {item.confirmed_by} saw {evidence.ref}") as editor:
        standing = replace(evidence.standing, confirmed_by=item.confirmed_by, confirmed_on=item.confirmed_on)
        editor.put_evidence(replace(evidence, standing=standing))


def _decide(portfolio: PortfolioFile, source: dict[str, Any]) -> None:
    actions = [*source["actions"]]
    for described in source["decisions"]:
        address, verdict = described["requirement"], Verdict(described["verdict"])
        with portfolio.edit(f"Decide {address}: {verdict}", barrier=True) as editor:
            requirement = find_requirement(editor.units(), address)[1]
            at = described.get("at", datetime.now(UTC))
            decision = Decision(new_id(), requirement.id, verdict, described["by"], described["comment"], at)
            editor.add_decision(decision)
            if verdict is not Verdict.MET:
                answering = next(action for action in actions if action.get("decision") == address)
                actions.remove(answering)
                _put_action(editor, answering, decision.id)
    with portfolio.edit("Note what to do next") as editor:
        for described in actions:
            _put_action(editor, described, "")


def _put_action(editor: PortfolioEditor, described: dict[str, Any], origin: str) -> None:
    address, evidence_ref = described.get("requirement"), described.get("evidence")
    editor.put_action(
        Action(
            id=new_id(),
            text=described["text"],
            due=described["due"],
            done_on=described.get("done_on"),
            requirement_id=find_requirement(editor.units(), address)[1].id if address else None,
            evidence_id=find_evidence(editor, evidence_ref).id if evidence_ref else None,
            origin=origin,
        )
    )


def _dismiss(portfolio: PortfolioFile, dismissals: list[dict[str, str]]) -> None:
    for described in dismissals:
        ref, code = described["evidence"], described["unit"]
        with portfolio.edit(f"Put aside a remark on {ref}") as editor:
            editor.put_dismissal(
                Dismissal(
                    rule=described["rule"],
                    unit_id=find_unit(editor.units(), code).id,
                    requirement_id=None,
                    evidence_id=find_evidence(editor, ref).id,
                    reason=described["reason"],
                )
            )
