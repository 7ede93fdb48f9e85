"""An item keeps what an assessor saw of it, once, when it changes afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portfolio_app.domain.claims import Decision, Verdict
from portfolio_app.domain.evidence import Evidence, Involvement, Judgement, Person, PersonPart
from portfolio_app.domain.evidence_versions import reason_to_keep, version_of

REVISED = datetime(2026, 6, 10, 12, tzinfo=UTC)
ITEM = Evidence("e", 4, "plan", "Plan", revised_at=REVISED)
ASKED = Decision("d", "r", Verdict.NOT_YET_MET, "Jo Marsh", "No date", REVISED + timedelta(days=2))


def test_what_was_decided_on_is_kept() -> None:
    met = replace(ASKED, id="d2", verdict=Verdict.MET, by="Ann", decided_at=REVISED + timedelta(days=1))
    assert reason_to_keep(ITEM, [met, ASKED]) == "Jo Marsh decided “not yet met” on 12 June 2026"
    assert reason_to_keep(ITEM, [met]) == "Ann decided “met” on 11 June 2026"


@pytest.mark.parametrize(
    "decisions",
    [
        (),
        (replace(ASKED, decided_at=REVISED - timedelta(minutes=1)),),
        (replace(ASKED, seen_at=REVISED - timedelta(minutes=1)),),
    ],
    ids=["nothing decided", "decided before it was changed", "decided on a copy from before it was changed"],
)
def test_what_nobody_has_seen_is_not_kept(decisions: tuple[Decision, ...]) -> None:
    assert reason_to_keep(ITEM, decisions) == ""


@pytest.mark.parametrize(
    ("judged_on", "reason"),
    [(date(2026, 6, 10), "Jo judged it on 10 June 2026"), (None, "Jo judged it"), (date(2026, 6, 9), "")],
)
def test_what_was_judged_is_kept(judged_on: date | None, reason: str) -> None:
    judged = replace(ITEM, judgement=Judgement(valid=True, by="Jo", on=judged_on))
    assert reason_to_keep(judged, ()) == reason


def test_people_are_kept_in_words() -> None:
    people = {
        "p": Person("p", "Dana Price", "Duty manager", "Harbour Hotel"),
        "q": Person("q", "Omar"),
    }
    item = replace(
        ITEM,
        people=(Involvement("p", PersonPart.WITNESS, date(2026, 6, 1)), Involvement("q", PersonPart.PARTICIPANT)),
    )
    kept = version_of(item, 3, "Because", REVISED, people)
    assert (kept.evidence_id, kept.number, kept.reason, kept.title) == ("e", 3, "Because", "Plan")
    assert kept.people == ("Witness: Dana Price, Duty manager, Harbour Hotel, signed 1 June 2026", "Participant: Omar")
