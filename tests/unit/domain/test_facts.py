from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portfolio_app.domain.claims import Claim, Decision, Locator, Verdict
from portfolio_app.domain.dates import Period
from portfolio_app.domain.evidence import (
    Attachment,
    Evidence,
    FieldValue,
    Involvement,
    Person,
    PersonPart,
    Standing,
    StandingKind,
)
from portfolio_app.domain.facts import AttachmentFact, ClaimFact, EvidenceFact, InvolvementFact, facts_of
from portfolio_app.domain.portfolio import Declaration, Learner, Portfolio, PortfolioDetails
from portfolio_app.domain.qualification import AssessmentMethod

EARLY, LATE = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


def test_a_portfolio_is_narrowed_to_its_facts() -> None:
    portfolio = Portfolio(
        details=PortfolioDetails("p", Learner("Sam Reed"), declaration=Declaration("Sam Reed", date(2026, 5, 1))),
        evidence=(
            Evidence(
                "e1",
                7,
                "testimony",
                "Seen at work",
                date=Period.parse("2026-03/2026-04"),
                body="I saw it",
                standing=Standing(StandingKind.HELD, "Safe", confirmed_by="Dana"),
                method=AssessmentMethod.OBSERVATION,
                simulated=True,
                people=(Involvement("jo", PersonPart.WITNESS, date(2026, 3, 2)), Involvement("al", PersonPart.AUTHOR)),
                attachments=(Attachment("x", "a.pdf", "ab", 12, "application/pdf"),),
                revised_at=LATE,
            ),
            Evidence("e2", 8, "record", "Empty"),
        ),
        claims=(
            Claim("c1", "e1", "r", quotation="saw", component_ids=frozenset({"k1"}), claimed_at=LATE),
            Claim("c2", "e2", "r", component_ids=frozenset({"k2"}), claimed_at=EARLY),
            Claim("c3", "e2", "s", locator=Locator(page="1")),
        ),
        decisions=(
            Decision("d1", "r", Verdict.NOT_YET_MET, "Dana", "", EARLY),
            Decision("d2", "r", Verdict.MET, "Dana", "", LATE),
        ),
        people=(Person("jo", "Jo Bell", "Lead", relation="manager"), Person("al", "Al Cole")),
    )
    facts = facts_of(portfolio, {"ab": 12})
    assert facts.evidence == [
        EvidenceFact(
            "e1", 7, "testimony", "Seen at work", "2026-03/2026-04", "observation", "held at a location", "Safe",
            "Dana", 1, LATE.isoformat(), 1,
        ),
        EvidenceFact("e2", 8, "record", "Empty", "", "", "attached", "", "", 0, "", 0),
    ]  # fmt: skip
    assert facts.claims == [ClaimFact("e1", "r", 1), ClaimFact("e2", "r", 0), ClaimFact("e2", "s", 1)]
    assert facts.ticked == {"k1", "k2"}
    assert facts.decisions["r"].verdict is Verdict.MET
    assert facts.newest_claim == {"r": LATE.isoformat(), "s": ""}
    assert facts.involvements == [
        InvolvementFact("e1", "witness", "Jo Bell", "Lead", "manager", "2026-03-02"),
        InvolvementFact("e1", "author", "Al Cole", "", "", ""),
    ]
    assert facts.attachments == [AttachmentFact("e1", "a.pdf", "ab", 12)]
    assert facts.declaration.signed_by == "Sam Reed"


@pytest.mark.parametrize(
    ("body", "fields", "expected"),
    [
        ("", {}, False),
        (" \n", {"summary": "  ", "rows": ()}, False),
        ("Words", {}, True),
        ("", {"summary": "Words"}, True),
        ("", {"rows": ({"task": "Plan"},)}, True),
    ],
)
def test_what_counts_as_content(body: str, fields: dict[str, FieldValue], expected: bool) -> None:
    assert Evidence("e", 1, "record", "T", body=body, fields=fields).has_content is expected
