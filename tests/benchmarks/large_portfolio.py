"""A portfolio as large as any that is promised to work well, for the benchmarks."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portfolio_app.domain.claims import Claim, Locator
from portfolio_app.domain.dates import Period
from portfolio_app.domain.evidence import Attachment, Evidence, Involvement, Person, PersonPart
from portfolio_app.domain.portfolio import Learner, PortfolioDetails
from portfolio_app.domain.qualification import Component, Qualification, Requirement, Unit
from portfolio_app.storage.portfolio_file import PortfolioFile

_TEXT = """I planned the rota with my team and agreed the measures, resources and targets for each customer service
objective; then monitored complaints weekly, recorded causes, briefed colleagues about the procedure, reviewed
feedback from surveys and improved how quickly we answered calls because the report showed delays in March"""
TEXT_WORDS = _TEXT.split()
_KINDS = ("plan", "witness-testimony", "reflective-account", "meeting-minutes", "kpi-report", "problem-log")


def make_large_portfolio(
    folder: Path, items: int = 10_000, claims: int = 60_000, words: int = 250, *, units: int = 5
) -> PortfolioFile:
    """Make and return an open portfolio: the same one each time, built in one edit through the bulk methods.

    Each unit has eight outcomes of five criteria, every fourth criterion has three components. Every third item
    has an attachment (whose file does not exist), every fifth a witness.
    """
    chance = random.Random(items)

    def key() -> str:
        return f"{chance.getrandbits(128):032x}"

    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    trees = [_unit(number, key) for number in range(1, units + 1)]
    leaves = [leaf for unit in trees for leaf in unit.leaves()]
    people = [Person(key(), f"Witness {n}", "Team leader", "Northgate", "line manager") for n in range(40)]
    evidence = [
        Evidence(
            id=key(),
            number=number,
            kind=chance.choice(_KINDS),
            title=f"Evidence of {' '.join(chance.choices(TEXT_WORDS, k=5))}",
            date=Period.parse(f"2026-{chance.randint(1, 10):02}-{chance.randint(1, 28):02}"),
            body=" ".join(chance.choices(TEXT_WORDS, k=words)),
            fields={"purpose": " ".join(chance.choices(TEXT_WORDS, k=8))},
            tags=("2026", chance.choice(_KINDS)),
            people=(Involvement(chance.choice(people).id, PersonPart.WITNESS),) if number % 5 == 0 else (),
            attachments=(
                (Attachment(key(), f"file {number}.pdf", key() + key(), 40_000, "application/pdf"),)
                if number % 3 == 0
                else ()
            ),
            created_at=start + timedelta(minutes=number),
        )
        for number in range(1, items + 1)
    ]
    made = [
        Claim(
            id=key(),
            evidence_id=item.id,
            requirement_id=leaf.id,
            why=" ".join(chance.choices(TEXT_WORDS, k=12)),
            quotation=" ".join(chance.choices(TEXT_WORDS, k=15)) if chance.random() < 0.7 else "",
            locator=Locator(page=str(chance.randint(1, 9))) if chance.random() < 0.5 else Locator(),
            component_ids=frozenset(part.id for part in leaf.components if chance.random() < 0.5),
            claimed_at=start + timedelta(minutes=item.number),
        )
        for item in evidence
        for leaf in chance.sample(leaves, claims // items)
    ]
    details = PortfolioDetails(key(), Learner("Sam Ellis"), Qualification("Customer Service", level="4"))
    portfolio = PortfolioFile.create(folder, details)
    with portfolio.edit("Import everything") as editor:
        for unit in trees:
            editor.put_unit(unit)
        for person in people:
            editor.put_person(person)
        editor.put_evidence_many(evidence)
        editor.put_claims_many(made)
    return portfolio


def _unit(number: int, key: Callable[[], str]) -> Unit:
    outcomes = tuple(
        Requirement(
            id=key(),
            ref=f"LO{outcome}",
            kind="outcome",
            text=f"Understand part {outcome} of the work",
            children=tuple(
                Requirement(
                    id=key(),
                    ref=f"{outcome}.{criterion}",
                    kind="criterion",
                    text=f"Explain how the {criterion}th measure improves the service of unit {number}",
                    components=(
                        tuple(Component(key(), f"part {letter}") for letter in "abc") if criterion % 4 == 0 else ()
                    ),
                )
                for criterion in range(1, 6)
            ),
        )
        for outcome in range(1, 9)
    )
    return Unit(key(), f"U{number}", f"Unit {number}", reference=f"X/{number}", requirements=outcomes)
