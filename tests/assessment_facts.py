"""Facts for the tests of coverage and gaps: a small portfolio without any gap, and one of any size."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

from portfolio_app.domain.claims import Decision, Verdict
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.facts import AssessmentFacts, AttachmentFact, ClaimFact, EvidenceFact, InvolvementFact
from portfolio_app.domain.portfolio import Declaration
from portfolio_app.domain.qualification import (
    CRITERION,
    OUTCOME,
    AssessmentMethod,
    Component,
    Requirement,
    Unit,
    UnitRules,
)

TODAY = date(2026, 6, 30)
KINDS = {
    kind.id: kind
    for kind in (
        EvidenceKind("account", "Reflective account", "", AssessmentMethod.REFLECTION, own_word=True),
        EvidenceKind("testimony", "Witness testimony", "", AssessmentMethod.WITNESS_TESTIMONY, witnessed=True),
        EvidenceKind("record", "Record from work", "", AssessmentMethod.PRODUCT),
    )
}


def item(number: int, kind: str = "record", **changes: object) -> EvidenceFact:
    """Return a sound item; its id is its reference in small letters."""
    fact = EvidenceFact(
        id=f"e{number}",
        number=number,
        kind=kind,
        title=f"Item {number}",
        date="2026-03-09",
        method="",
        standing="attached",
        location="",
        confirmed_by="",
        simulated=0,
        revised_at="2026-03-10T09:00:00+00:00",
    )
    return fact._replace(**changes)  # type: ignore[arg-type]


def decision(requirement_id: str, verdict: Verdict, day: int = 1) -> Decision:
    """Return a decision of May 2026."""
    moment = datetime(2026, 5, day, 12, tzinfo=UTC)
    return Decision(f"d-{requirement_id}-{day}", requirement_id, verdict, "Dana Price", "", moment)


def sound_facts() -> AssessmentFacts:
    """Return a portfolio in which no rule finds anything: one unit, two requirements, four items, all in order."""
    explain = Requirement(
        "explain",
        "1.1",
        CRITERION,
        "Explain service standards",
        components=(Component("c1", "why"), Component("c2", "how")),
    )
    manage = Requirement("manage", "1.2", CRITERION, "Manage daily operations")
    outcome = Requirement("outcome", "LO1", OUTCOME, "Run a service", children=(explain, manage))
    return AssessmentFacts(
        units=(Unit("unit", "U1", "Run a service", reference="A/1", requirements=(outcome,)),),
        evidence=(item(1, "account"), item(2, "testimony"), item(3), item(4, "account")),
        claims=(
            ClaimFact("e1", "explain", 1),
            ClaimFact("e3", "explain", 1),
            ClaimFact("e2", "manage", 1),
            ClaimFact("e4", "manage", 1),
        ),
        ticked=frozenset({"c1", "c2"}),
        decisions={},
        newest_claim={"explain": "2026-03-11T09:00:00+00:00", "manage": "2026-03-11T09:00:00+00:00"},
        involvements=(InvolvementFact("e2", "witness", "Jo Bell", "Team leader", "line manager", "2026-03-12"),),
        attachments=(AttachmentFact("e3", "rota.xlsx", "ab" * 32, 1200),),
        file_sizes={"ab" * 32: 1200},
        declaration=Declaration("Sam Reed", date(2026, 4, 1), "None used"),
        dismissals=(),
    )


def large_facts(items: int, claims: int, leaves: int) -> tuple[AssessmentFacts, dict[str, EvidenceKind]]:
    """Return a portfolio of this size with some of everything wrong, the same each time."""
    chance = random.Random(20260630)
    methods = list(AssessmentMethod)
    kinds = {
        f"k{number}": EvidenceKind(
            f"k{number}",
            f"Kind {number}",
            "",
            methods[number % len(methods)],
            own_word=number % 5 == 0,
            witnessed=number % 7 == 0,
        )
        for number in range(24)
    }
    units = tuple(
        Unit(
            f"u{number}",
            f"U{number + 1}",
            f"Unit {number + 1}",
            requirements=tuple(
                Requirement(
                    f"r{number}-{leaf}",
                    f"MP{leaf + 1}",
                    CRITERION,
                    "Manage quantitative and qualitative data",
                    components=tuple(Component(f"c{number}-{leaf}-{part}", f"part {part}") for part in range(3)),
                )
                for leaf in range(10)
            ),
            rules=UnitRules((AssessmentMethod.OBSERVATION,), simulation_allowed=number % 2 == 0),
        )
        for number in range(leaves // 10)
    )
    all_leaves = [leaf for unit in units for leaf in unit.leaves()]
    evidence = tuple(
        EvidenceFact(
            f"{number:032x}",
            number + 1,
            f"k{chance.randrange(24)}",
            f"Item {number + 1}",
            "" if chance.random() < 0.05 else f"20{chance.randrange(23, 27)}-0{chance.randrange(1, 7)}-15",
            "",
            "held at a location" if chance.random() < 0.05 else "attached",
            "",
            "",
            int(chance.random() < 0.02),
            "2026-01-01T10:00:00+00:00",
        )
        for number in range(items)
    )
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < claims:
        pairs.add((chance.randrange(items), chance.randrange(len(all_leaves))))
    verdicts = list(Verdict)
    return AssessmentFacts(
        units=units,
        evidence=evidence,
        claims=tuple(
            ClaimFact(evidence[number].id, all_leaves[leaf].id, int(chance.random() < 0.9))
            for number, leaf in sorted(pairs)
        ),
        ticked=frozenset(part.id for leaf in all_leaves for part in leaf.components if chance.random() < 0.9),
        decisions={leaf.id: decision(leaf.id, chance.choice(verdicts)) for leaf in all_leaves if chance.random() < 0.3},
        newest_claim={leaf.id: "2026-01-05T10:00:00+00:00" for leaf in all_leaves},
        involvements=tuple(
            InvolvementFact(fact.id, "witness", "Jo Bell", "Team leader", "manager", "2026-01-01")
            for fact in evidence
            if chance.random() < 0.2
        ),
        attachments=tuple(AttachmentFact(fact.id, "a.pdf", f"{fact.id}{fact.id}", 100) for fact in evidence),
        file_sizes={f"{fact.id}{fact.id}": 100 for fact in evidence if fact.number % 50},
        declaration=Declaration(),
        dismissals=(),
    ), kinds
