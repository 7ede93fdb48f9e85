"""Portfolios in memory for the tests of exports: one rich and readable, one as large as is wanted."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from portfolio_app.domain.claims import Action, Claim, Decision, Locator, Verdict
from portfolio_app.domain.dates import Period
from portfolio_app.domain.evidence import (
    Attachment,
    Chart,
    ChartType,
    Evidence,
    EvidenceKind,
    FieldDefinition,
    FieldType,
    Involvement,
    Judgement,
    Person,
    PersonPart,
    Standing,
    StandingKind,
)
from portfolio_app.domain.portfolio import Declaration, Learner, Portfolio, PortfolioDetails
from portfolio_app.domain.qualification import (
    CRITERION,
    MARKING_POINT,
    OUTCOME,
    AssessmentMethod,
    Component,
    Qualification,
    Requirement,
    Unit,
)

TODAY = date(2026, 6, 30)
HISTORY_HEAD = "9f2c41d07be35a8864c1f0ad2b7790e3518cd6429be07fa1d3c85e60b94f7a12"
SECRET = "Zanzibar"
"""A word that stands in every text of the confidential item of :func:`rich_portfolio`, and nowhere else."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A portfolio with the kinds and the files that belong to it; ``files`` maps a hash to the content."""

    portfolio: Portfolio
    kinds: Mapping[str, EvidenceKind]
    files: Mapping[str, bytes]

    def write_files(self, folder: Path) -> Callable[[str], Path | None]:
        """Write the files into the folder and return how to find one by its hash."""
        folder.mkdir(parents=True, exist_ok=True)
        places = {}
        for sha256, content in self.files.items():
            places[sha256] = folder / sha256
            places[sha256].write_bytes(content)
        return places.get


def _id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _field(
    name: str,
    label: str,
    type_: FieldType = FieldType.TEXT,
    columns: tuple[FieldDefinition, ...] = (),
    chart: Chart | None = None,
) -> FieldDefinition:
    return FieldDefinition(name, type_, label, columns=columns, chart=chart)


def sample_kinds() -> dict[str, EvidenceKind]:
    """Return seven kinds: between them every type of field and of chart, own word, witnessed and planning."""
    date_, long_, number, table = FieldType.DATE, FieldType.LONG_TEXT, FieldType.NUMBER, FieldType.TABLE
    kinds = (
        EvidenceKind(
            "plan",
            "Plan",
            "What is to be done.",
            AssessmentMethod.PRODUCT,
            planning=True,
            fields=(
                _field("purpose", "Purpose", long_),
                _field("approved_by", "Approved by", FieldType.PERSON),
                _field("approved_on", "Approved on", date_),
                _field(
                    "objectives",
                    "Objectives",
                    table,
                    (
                        _field("objective", "Objective"),
                        _field("measure", "Measure"),
                        _field("target", "Target", number),
                    ),
                ),
                _field(
                    "tasks",
                    "Tasks",
                    table,
                    (
                        _field("task", "Task"),
                        _field("owner", "Owner", FieldType.PERSON),
                        _field("start", "Start", date_),
                        _field("end", "End", date_),
                    ),
                    Chart(ChartType.GANTT, "Tasks over time", "task", ("start", "end")),
                ),
            ),
        ),
        EvidenceKind(
            "kpi-report",
            "KPI report",
            "Measured results.",
            AssessmentMethod.PRODUCT,
            fields=(
                _field("period", "Period"),
                _field(
                    "measures",
                    "Balanced scorecard",
                    table,
                    (
                        _field("perspective", "Perspective"),
                        _field("measure", "Measure"),
                        _field("target", "Target", number),
                        _field("actual", "Actual", number),
                    ),
                    Chart(ChartType.BAR, "Target and actual", "measure", ("target", "actual"), "perspective"),
                ),
                _field(
                    "trend",
                    "Month by month",
                    table,
                    (
                        _field("month", "Month"),
                        _field("calls", "Calls", number),
                        _field("complaints", "Complaints", number),
                    ),
                    Chart(ChartType.LINE, "Calls and complaints by month", "month", ("calls", "complaints")),
                ),
            ),
        ),
        EvidenceKind(
            "witness-testimony",
            "Witness testimony",
            "What somebody saw.",
            AssessmentMethod.WITNESS_TESTIMONY,
            witnessed=True,
            body_label="Testimony",
            fields=(
                _field("activity", "What was seen"),
                _field("place", "Where"),
                _field("unaided", "Without help", FieldType.YES_NO),
            ),
        ),
        EvidenceKind(
            "reflective-account",
            "Reflective account",
            "What I did and learnt.",
            AssessmentMethod.REFLECTION,
            own_word=True,
            body_label="My account",
            fields=(_field("situation", "Situation", long_), _field("next_time", "What I would do next time", long_)),
        ),
        EvidenceKind(
            "meeting-minutes",
            "Meeting minutes",
            "What was agreed.",
            AssessmentMethod.PRODUCT,
            body_label="Minutes",
            fields=(
                _field("attendees", "Attendees"),
                _field(
                    "actions",
                    "Actions agreed",
                    table,
                    (_field("action", "Action"), _field("owner", "Owner"), _field("due", "Due", date_)),
                ),
            ),
        ),
        EvidenceKind(
            "complaint-record",
            "Complaint record",
            "Listen, apologise, solve, say thanks.",
            AssessmentMethod.PRODUCT,
            fields=(
                _field("outcome", "Outcome", FieldType.CHOICE),
                _field("listened", "How I listened", long_),
                _field("solved", "How it was solved", long_),
            ),
        ),
        EvidenceKind("product", "Other work product", "A document or a thing made.", AssessmentMethod.PRODUCT),
    )
    return {kind.id: kind for kind in kinds}


def sample_pdf(pages: int = 3) -> bytes:
    """Return a PDF with so many A5 pages, each with a line of text; the same bytes everywhere and always."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{' '.join(f'{4 + 2 * page} 0 R' for page in range(pages))}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    resources = "<</Font<</F1 3 0 R>>>>"
    for page in range(pages):
        drawn = f"BT /F1 14 Tf 60 520 Td (Service budget, sheet {page + 1}) Tj ET 40 40 340 515 re S"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents {5 + 2 * page} 0 R/Resources{resources}>>",
            f"<</Length {len(drawn)}>>\nstream\n{drawn}\nendstream",
        ]
    content = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{offset:010} 00000 n \n" for offset in offsets
    )
    trailer = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(content)}\n%%EOF\n"
    return content + (table + trailer).encode()


def sample_picture(width: int = 160, height: int = 120) -> bytes:
    """Return a PNG picture of that many pixels, shaded from corner to corner; the same bytes everywhere and always."""
    rows = b"".join(
        b"\0" + bytes(level for x in range(width) for level in (255 * x // width, 255 * y // height, 128))
        for y in range(height)
    )
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 0)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _attachment(name: str, content: bytes, media_type: str, caption: str = "") -> Attachment:
    sha256 = hashlib.sha256(content).hexdigest()
    return Attachment(_id(f"attachment {name}"), name, sha256, len(content), media_type, caption)


def _units() -> tuple[Unit, Unit]:
    def criterion(unit: str, ref: str, text: str, *components: str) -> Requirement:
        return Requirement(
            _id(f"{unit}/{ref}"),
            ref,
            CRITERION if unit == "U2" else MARKING_POINT,
            text,
            components=tuple(Component(_id(f"{unit}/{ref}/{part}"), part) for part in components),
        )

    managing = Unit(
        id=_id("U1"),
        code="U1",
        title="Manage customer service operations",
        level="4",
        credits=7,
        synopsis="Planning, staffing and watching over a customer service team, and putting right what goes wrong.",
        source="Revision guidance, read in 2026",
        is_guidance=True,
        requirements=(
            Requirement(
                _id("U1/LO1"),
                "LO1",
                OUTCOME,
                "Plan the operations of a customer service team",
                children=(
                    criterion("U1", "MP1", "A plan with objectives, resources and dates is in place."),
                    criterion("U1", "MP2", "Staffing follows demand and is written down in a rota."),
                ),
            ),
            Requirement(
                _id("U1/LO2"),
                "LO2",
                OUTCOME,
                "Put right what goes wrong",
                children=(
                    criterion(
                        "U1",
                        "MP3",
                        "A problem is handled to its end, including root cause analysis, corrective action and "
                        "follow-up.",
                        "root cause analysis",
                        "corrective action",
                        "follow-up",
                    ),
                    criterion("U1", "MP4", "Results are compared with targets."),
                ),
            ),
        ),
    )
    organising = Unit(
        id=_id("U2"),
        code="U2",
        title="Lead a team through change",
        reference="T/612/4410",
        level="4",
        credits=5,
        synopsis="",
        requirements=(
            Requirement(
                _id("U2/1"),
                "1",
                OUTCOME,
                "Be able to prepare a team",
                children=(
                    criterion("U2", "1.1", "Explain to a team what will change and why"),
                    criterion("U2", "1.2", "Agree who does what, by when"),
                    Requirement(
                        _id("U2/1.3"),
                        "1.3",
                        CRITERION,
                        "Support team members:",
                        children=(criterion("U2", "a", "before the change"), criterion("U2", "b", "after the change")),
                    ),
                ),
            ),
            criterion("U2", "2.1", "Review how the change went"),
        ),
    )
    return managing, organising


def rich_portfolio() -> Sample:
    """Return a small portfolio with something of everything, one confidential item (E7) and one missing file."""
    budget = _attachment("service budget.pdf", sample_pdf(), "application/pdf", "Approved budget")
    photograph = _attachment("board.png", sample_picture(), "image/png", "The team board on launch day")
    thread = _attachment("thread.eml", b"From: dana@harbour.example\n\nWell done.\n", "message/rfc822")
    lost = Attachment(_id("attachment lost"), "rota June.xlsx", "0" * 64, 18_432, "application/vnd.ms-excel")
    hidden = _attachment(f"{SECRET}.pdf", sample_pdf(1), "application/pdf", f"{SECRET} statement")
    dana = Person(
        _id("Dana"), "Dana Price", "Duty manager", "Harbour Hotel", "line manager", "occupationally competent"
    )
    omar = Person(_id("Omar"), "Omar Reid", "Team member", "Harbour Hotel", "colleague")
    secret_witness = Person(_id("Secret"), f"{SECRET} Smith", "Adviser", f"{SECRET} Ltd")
    evidence = (
        Evidence(
            _id("E1"),
            1,
            "plan",
            "Service plan for the summer season",
            Period.parse("2026-03-09"),
            body="## Why this plan\n\nLast summer guests **waited too long**. I planned three changes:\n\n"
            "1. a second desk at noon\n2. a call-back list\n3. a weekly review\n\n"
            "## Staff briefing\n\nI briefed the team on Monday. See the [rota guide](https://rota.example/guide).\n",
            fields={
                "purpose": "Shorter waits in June to September.",
                "approved_by": "Dana Price",
                "approved_on": "2026-03-12",
                "objectives": (
                    {"objective": "Answer calls sooner", "measure": "Average wait", "target": "4m 10s"},
                    {"objective": "Fewer complaints", "measure": "Complaints a month", "target": "5"},
                ),
                "tasks": (
                    {
                        "task": "Recruit two seasonal staff",
                        "owner": "Sam Ellis",
                        "start": "2026-03-16",
                        "end": "2026-04-17",
                    },
                    {"task": "Train the desk", "owner": "Omar Reid", "start": "2026-04-20", "end": "2026-05-01"},
                    {"task": "Open the second desk", "owner": "Sam Ellis", "start": "2026-05-04", "end": "2026-05-04"},
                    {"task": "Weekly review", "owner": "Sam Ellis", "start": "every Friday"},
                ),
            },
            tags=("planning", "summer"),
            attachments=(budget, photograph),
            people=(Involvement(dana.id, PersonPart.PARTICIPANT),),
            judgement=Judgement(True, True, True, None, False, "Jo Marsh", date(2026, 6, 12)),
            revised_at=datetime(2026, 3, 20, 9, 30, tzinfo=UTC),
        ),
        Evidence(
            _id("E2"),
            2,
            "kpi-report",
            "Results for May 2026",
            Period.parse("May 2026"),
            body="We met three of four targets.",
            fields={
                "period": "May 2026",
                "measures": (
                    {"perspective": "Customers", "measure": "Satisfied guests", "target": "90%", "actual": "94%"},
                    {"perspective": "Customers", "measure": "Average wait", "target": "4m 10s", "actual": "3m 40s"},
                    {"perspective": "Finance", "measure": "Cost of overtime", "target": "£1,200", "actual": "£1,350"},
                    {"perspective": "Finance", "measure": "Refunds", "target": "£400", "actual": "not known yet"},
                ),
                "trend": (
                    {"month": "March", "calls": "1,210", "complaints": "11"},
                    {"month": "April", "calls": "1,480", "complaints": "9"},
                    {"month": "May", "calls": "1,655", "complaints": "4"},
                ),
            },
        ),
        Evidence(
            _id("E3"),
            3,
            "witness-testimony",
            "Testimony on the launch briefing",
            Period.parse("4 May 2026"),
            body="Sam explained the new desk clearly and checked that everyone understood.\n\n"
            "> “Any questions, ask me now or at the desk.”\n\nI saw this myself.",
            fields={"activity": "Team briefing", "place": "Reception", "unaided": "yes"},
            people=(
                Involvement(dana.id, PersonPart.WITNESS, date(2026, 5, 6)),
                Involvement(omar.id, PersonPart.WITNESS),
            ),
        ),
        Evidence(
            _id("E4"),
            4,
            "complaint-record",
            "Double booking of room 12",
            Period.parse("2026-05-17 to 2026-05-19"),
            body="Room | Nights\n--- | ---:\n12 | 2\n14 | 1\n",
            fields={
                "outcome": "solved",
                "listened": "I let both guests speak.\n- no interruption\n- notes taken",
                "solved": "I moved one party & paid the taxi (<£20).",
                "old_reference": "C-118",
            },
            attachments=(thread, lost),
        ),
        Evidence(
            _id("E6"),
            6,
            "reflective-account",
            "What I learnt from the first weeks",
            Period.parse("June 2026"),
            body="I planned too little time for training. <script>alert(1)</script> ![desk](https://pictures.example/a.png)",
            fields={"situation": "Launch of the second desk.", "next_time": "I will start two weeks sooner."},
            simulated=True,
            tags=("summer",),
        ),
        Evidence(
            _id("E7"),
            7,
            "complaint-record",
            f"{SECRET} grievance",
            Period.parse("2026-04-02"),
            body=f"{SECRET} told me what happened.",
            fields={"outcome": f"{SECRET} settled", "solved": f"Talked with {SECRET}."},
            confidential=True,
            standing=Standing(
                StandingKind.HELD, "the personnel office", f"{SECRET} file", "Jo Marsh", date(2026, 6, 1)
            ),
            tags=(SECRET,),
            people=(Involvement(secret_witness.id, PersonPart.WITNESS, date(2026, 4, 3)),),
            attachments=(hidden,),
            judgement=Judgement(valid=True, by=f"{SECRET} judge"),
        ),
        Evidence(
            _id("E9"),
            9,
            "meeting-minutes",
            "Team meeting after the launch",
            Period.parse("2026-05-08"),
            body="The review was put first.",
            fields={
                "attendees": "Sam Ellis, Dana Price, Omar Reid",
                "actions": (
                    {"action": "Add a second line to the rota", "owner": "Omar Reid", "due": "2026-05-15"},
                    {"action": "Tell night staff", "owner": "Sam Ellis", "due": "soon", "where": "Reception"},
                ),
            },
            standing=Standing(StandingKind.LINKED, "https://minutes.example/2026-05-08"),
        ),
        Evidence(
            _id("E10"),
            10,
            "pigeon-post",
            "Note of a kind that is no longer installed",
            fields={"message": "Well flown."},
            standing=Standing(StandingKind.SEEN, "", "A framed note", "Jo Marsh", date(2026, 6, 12)),
        ),
    )

    def claim(
        ref: int,
        requirement: str,
        why: str = "",
        quotation: str = "",
        at: str = "",
        *,
        components: tuple[str, ...] = (),
    ) -> Claim:
        return Claim(
            _id(f"E{ref} {requirement}"),
            _id(f"E{ref}"),
            _id(requirement),
            why,
            quotation,
            Locator.parse(at),
            frozenset(_id(f"{requirement}/{part}") for part in components),
            datetime(2026, 6, 1, 12, tzinfo=UTC),
        )

    claims = (
        claim(
            1,
            "U1/MP1",
            "The plan sets objectives with targets.",
            "Last summer guests waited too long.",
            "Why this plan",
        ),
        claim(1, "U1/MP2", "The budget names the posts.", "", "service budget.pdf, p. 2"),
        claim(1, "U2/1.1", "I briefed the team.", "I briefed the team on Monday.", "Staff briefing"),
        claim(2, "U1/MP4", "Targets and results stand side by side.", "We met three of four targets.", "para 1"),
        claim(3, "U2/1.1", "The witness heard me explain it.", "Sam explained the new desk clearly"),
        claim(4, "U1/MP3", "Cause found and put right.", components=("root cause analysis", "corrective action")),
        claim(6, "U2/2.1", "I looked back at the launch."),
        claim(7, "U1/MP3", f"{SECRET} why", f"{SECRET} quote", f"{SECRET} heading", components=("follow-up",)),
        claim(9, "U2/1.2", "Actions have owners and dates.", "Add a second line to the rota"),
    )
    decisions = (
        Decision(
            _id("d1"),
            _id("U1/MP1"),
            Verdict.MORE_NEEDED,
            "Jo Marsh",
            "Say who approved the plan.",
            datetime(2026, 5, 20, 10, tzinfo=UTC),
        ),
        Decision(
            _id("d2"), _id("U1/MP1"), Verdict.MET, "Jo Marsh", "Approval added.", datetime(2026, 6, 12, 10, tzinfo=UTC)
        ),
        Decision(
            _id("d3"),
            _id("U2/1.2"),
            Verdict.NOT_YET_MET,
            "Jo Marsh",
            "One action has no date.",
            datetime(2026, 6, 12, 11, tzinfo=UTC),
        ),
    )
    actions = (
        Action(_id("a1"), "Give the night staff a date", date(2026, 7, 10), None, _id("U2/1.2"), _id("E9"), _id("d3")),
        Action(_id("a2"), "Ask Omar to sign", date(2026, 7, 3), date(2026, 6, 25), None, _id("E3")),
        Action(_id("a3"), f"Ask {SECRET} again", None, None, None, _id("E7")),
    )
    details = PortfolioDetails(
        _id("portfolio"),
        Learner("Sam Ellis", "L-20417", "sam@harbour.example", "Shift leader at **Harbour Hotel** since 2024."),
        Qualification("Level 4 Diploma in Customer Service", "600/1234/5", "Northern Awards", "4"),
        "Harbour College",
        date(2026, 1, 12),
        date(2026, 12, 11),
        Declaration("Sam Ellis", date(2026, 6, 28), "None; a spelling checker only."),
        datetime(2026, 1, 12, 9, tzinfo=UTC),
    )
    return Sample(
        Portfolio(
            details,
            _units(),
            evidence,
            claims,
            decisions,
            actions,
            (dana, omar, secret_witness),
            revision=128,
            history_head=HISTORY_HEAD,
        ),
        sample_kinds(),
        {
            attachment.sha256: content
            for attachment, content in (
                (budget, sample_pdf()),
                (photograph, sample_picture()),
                (thread, b"From: dana@harbour.example\n\nWell done.\n"),
                (hidden, sample_pdf(1)),
            )
        },
    )


def large_portfolio(items: int, criteria: int, claims_per_item: int, words: int = 250) -> Sample:
    """Return a portfolio of one unit with so many items of so many words; every item is claimed evenly."""
    leaves = tuple(
        Requirement(_id(f"r{n}"), f"{n // 5 + 1}.{n % 5 + 1}", CRITERION, f"Criterion number {n}")
        for n in range(criteria)
    )
    unit = Unit(_id("U1"), "U1", "A large unit", "L/000/0001", requirements=leaves)
    sentence = "We set a four-minute target, told the team why it matters and looked at the figures every Friday. "
    repeats = max(1, words // len(sentence.split()))
    paragraphs = [sentence * 4] * (repeats // 4) + [sentence * (repeats % 4)]
    body = "\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph)
    evidence = tuple(
        Evidence(_id(f"E{n}"), n, "product", f"Item number {n}", Period.parse("2026-03-09"), body)
        for n in range(1, items + 1)
    )
    claims = tuple(
        Claim(
            _id(f"claim {item.number} {offset}"),
            item.id,
            leaves[(item.number + offset) % criteria].id,
            "It shows the target and what was done.",
            "We set a four-minute target",
            Locator(page=str(1 + offset)),
        )
        for item in evidence
        for offset in range(claims_per_item)
    )
    details = PortfolioDetails(_id("large"), Learner("Sam Ellis"))
    return Sample(
        Portfolio(details, (unit,), evidence, claims, revision=1, history_head=HISTORY_HEAD), sample_kinds(), {}
    )
