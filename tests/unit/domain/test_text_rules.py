"""Rules that read text, tried with the program's own word lists and units: texts in which each finds something, and at
least as many in which it must keep silent. A remark that is not true costs more trust than one that is missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from tests.assessment_facts import decision, item

from portfolio_app.domain.claims import Dismissal, Verdict
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.facts import AssessmentFacts, ClaimFact
from portfolio_app.domain.gaps import RULES_BY_ID, Gap, Severity, find_gaps
from portfolio_app.domain.item_reading import ItemText, read_item
from portfolio_app.domain.portfolio import Declaration
from portfolio_app.domain.quality_words import SHAPES, QualityWords
from portfolio_app.domain.text_facts import AlikeItem, TextFacts
from portfolio_app.importing.evidence_kinds import load_kinds
from portfolio_app.importing.quality_words import load_quality_words
from portfolio_app.importing.unit_library import load_library_unit

TODAY = date(2026, 6, 30)
PLAN_FOR_SERVICE = ("plan-organise-control-customer-service-operations", "MP1")
SUPERVISE = ("plan-organise-control-customer-service-operations", "MP2")
RESOLVE = ("plan-organise-control-customer-service-operations", "MP3")
LAW = ("plan-organise-control-customer-service-operations", "MP4")
MEASURE = ("manage-customer-service-operations", "MP4")
THEORY = ("principles-of-customer-service-management", "MP1")
REFLECT = ("understanding-customer-service-management", "MP4")
FILLER = (
    "The lobby has a desk, a rack of leaflets, a pair of benches and a door to the pools, and it is painted blue. " * 3
)


@pytest.fixture(scope="module")
def words() -> QualityWords:
    return load_quality_words()


@pytest.fixture(scope="module")
def kinds() -> Mapping[str, EvidenceKind]:
    return load_kinds()


Texts = Sequence[tuple[str, ItemText | str]]


class Desk:
    """Finds what one rule says of some texts that are claimed for a requirement of the library."""

    def __init__(self, words: QualityWords, kinds: Mapping[str, EvidenceKind]) -> None:
        self.words, self.kinds = words, kinds

    def facts(self, where: tuple[str, str], texts: Texts) -> tuple[AssessmentFacts, TextFacts]:
        unit = replace(load_library_unit(where[0]), code="U1")
        leaf = next(leaf for leaf in unit.leaves() if leaf.ref == where[1])
        items = [item(number, kind) for number, (kind, _) in enumerate(texts, 1)]
        facts = AssessmentFacts(
            units=(unit,),
            evidence=items,
            claims=[ClaimFact(each.id, leaf.id, 1) for each in items],
            ticked=frozenset(part.id for part in leaf.components),
            decisions={},
            newest_claim={},
            involvements=(),
            attachments=(),
            file_sizes={},
            declaration=Declaration("Sam", date(2026, 4, 1), "None"),
            dismissals=(),
        )
        read = {
            each.id: read_item(text if isinstance(text, ItemText) else ItemText((text,)), self.words)
            for each, (_, text) in zip(items, texts, strict=True)
        }
        return facts, TextFacts(self.words, read)

    def found(self, rule: str, where: tuple[str, str], *texts: tuple[str, ItemText | str]) -> list[Gap]:
        facts, read = self.facts(where, texts)
        return [gap for gap in find_gaps(facts, self.kinds, TODAY, texts=read) if gap.rule == rule]


@pytest.fixture(scope="module")
def desk(words: QualityWords, kinds: Mapping[str, EvidenceKind]) -> Desk:
    return Desk(words, kinds)


# A plan without a figure or a date

PLAN_BARE = """We will improve the way calls are answered. The team will be briefed on the new greeting, the rota will
be looked at, and everybody will try to answer faster than before. Managers will hear about progress, and customers will
notice that they wait less. If people are ill we will ask for help from reception. """
PLAN_FIGURE = PLAN_BARE + "The target is 80 per cent of calls within a minute."
PLAN_DATE = PLAN_BARE + "All of it is in place by the end of September."


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (PLAN_BARE, "No figure or date was found in E1"),
        (PLAN_FIGURE, "No date was found in E1"),
        (PLAN_DATE, "No figure was found in E1"),
        (PLAN_BARE + "It begins on 2026-09-01 and was agreed on 3/8/26.", "No figure was found in E1"),
        (PLAN_BARE + "It begins on 7 September.", "No figure was found in E1"),
        (PLAN_BARE + "Lost calls go down to 5%.", "No date was found in E1"),
    ],
)
def test_a_plan_that_fires(desk: Desk, text: str, missing: str) -> None:
    (gap,) = desk.found("plan-without-figures", PLAN_FOR_SERVICE, ("plan", text))
    assert gap.message.startswith(f"{missing}, and U1/MP1 asks for a plan")
    assert (gap.severity, gap.unit_id, gap.requirement_id, gap.evidence_id) == (Severity.NUDGE, None, None, "e1")


@pytest.mark.parametrize(
    "text",
    [
        PLAN_FIGURE + " In place by Friday.",
        PLAN_FIGURE + " It runs from week 12 on.",
        PLAN_BARE + "Three advisers more, from Monday on.",
        PLAN_BARE + "The share of lost calls halves within six weeks.",
        PLAN_BARE + "£1,850 until 30/09/2026.",
        PLAN_BARE + "Twice as many calls before the end of the first quarter.",
        ItemText((PLAN_BARE,), is_whole=False),  # its file may say more
        "A short note: we plan to do better.",  # nothing can be said of so few words
    ],
)
def test_a_plan_that_keeps_silent(desk: Desk, text: ItemText | str) -> None:
    assert desk.found("plan-without-figures", PLAN_FOR_SERVICE, ("plan", text)) == []


def test_only_plans_are_looked_at_and_only_where_measures_are_asked_for(desk: Desk) -> None:
    assert desk.found("plan-without-figures", PLAN_FOR_SERVICE, ("meeting-minutes", PLAN_BARE)) == []
    assert desk.found("plan-without-figures", SUPERVISE, ("plan", PLAN_BARE)) == []


# An account that says “we”

WE = """When the queue grew we looked at the rota and our team leader decided that lunch breaks should be moved. We told
reception, and the advisers were briefed before the doors opened. Customers were called back by our advisers and most of
them were pleased. In the end we felt that it had gone well, and our manager thanked everybody for the effort. """
WE_LAW = WE + "There is a law about it. "


@pytest.mark.parametrize(
    "text",
    [
        WE,
        WE + "I was glad. I felt proud. I learned a great deal and I enjoyed the day.",
        WE + "I wanted more. I hoped for rain. I needed a coffee. I believe in teams.",
        WE + "He said: “we never wait here”. Priya checked the board and asked the callers.",
        WE + "The second lunch was moved. The board was watched by Priya.",
        WE.replace("our ", "the ") + "We've learnt from it.",
    ],
)
def test_an_account_that_fires(desk: Desk, text: str) -> None:
    (gap,) = desk.found("account-says-we", SUPERVISE, ("reflective-account", text))
    assert "no sentence was found with what you did yourself for U1/MP2" in gap.message
    assert (gap.severity, gap.evidence_id) == (Severity.NUDGE, "e1")


@pytest.mark.parametrize(
    "text",
    [
        WE + "I planned the change with Priya.",
        WE + "I then quickly moved the second lunch.",
        WE + "I have since rewritten and tested the rule.",
        WE + "I've checked it since.",
        WE + "I took the first call myself.",
        WE + "I wanted to know why and asked each of them.",
        WE + "I supervise ten advisers.",
        WE + "The decision was mine and was carried out by me.",
        FILLER + "The rota was changed and customers were called back.",  # nobody says “we”
        "“We waited,” the caller said, “and we gave up, and we shall tell our friends.” "
        + FILLER,  # somebody else’s we
        ItemText((WE,), is_whole=False),
        "We did it and we were glad, we really were.",
    ],
)
def test_an_account_that_keeps_silent(desk: Desk, text: ItemText | str) -> None:
    assert desk.found("account-says-we", SUPERVISE, ("reflective-account", text)) == []


def test_only_own_accounts_may_not_say_we(desk: Desk) -> None:
    assert desk.found("account-says-we", SUPERVISE, ("meeting-minutes", WE)) == []
    assert len(desk.found("account-says-we", REFLECT, ("case-study", WE))) == 1


# A problem told without a later check

PROBLEM = """In week nine two families complained that their lesson had been given to somebody else. The problem was
that class sizes stand in two systems and nobody compares them. We apologised, offered both families a place in another
class and refunded the first lesson. The register was corrected on the same day, and the school heard of the error. """


@pytest.mark.parametrize(
    "text",
    [
        PROBLEM,
        PROBLEM + "The families were content with that.",
        PROBLEM + "It must not occur another time.",
        PROBLEM + "The manager praised how fast it was dealt with.",
        PROBLEM + "A new procedure was introduced for class sizes.",
    ],
)
def test_a_problem_that_fires(desk: Desk, text: str) -> None:
    (gap,) = desk.found("problem-without-check", RESOLVE, ("problem-log", text))
    assert gap.message.startswith("E1 tells of a problem for U1/MP3, and no later check was found. Did you check later")
    assert (gap.severity, gap.evidence_id) == (Severity.NUDGE, "e1")


@pytest.mark.parametrize(
    "text",
    [
        PROBLEM + "I looked again in June: it had not happened again.",
        PROBLEM + "Since then there were none.",
        PROBLEM + "Four weeks later both lists still agreed.",
        PROBLEM + "I check the two lists every Friday.",
        PROBLEM + "Complaints about double places fell from 12 to 1.",
        PROBLEM + "There was no repeat.",
        PROBLEM + "It has not come back.",
        PROBLEM + "The manager reviews the lists each month.",
        ItemText((PROBLEM,), labels=("Issue", "Follow-up")),  # the form’s own field for it is filled in
        ItemText((PROBLEM,), is_whole=False),
        FILLER + "The families were given the timetable and we changed nothing.",  # no problem is told
        "Two families complained about an error. We apologised.",
    ],
)
def test_a_problem_that_keeps_silent(desk: Desk, text: ItemText | str) -> None:
    assert desk.found("problem-without-check", RESOLVE, ("problem-log", text)) == []


def test_the_check_may_stand_in_another_item_that_is_claimed_with_it(desk: Desk) -> None:
    emails = ("email-trail", "Hello Karen, four weeks later both lists still agree. Sam")
    assert desk.found("problem-without-check", RESOLVE, ("problem-log", PROBLEM), emails) == []
    minutes = ("meeting-minutes", ItemText(("Nothing else.",), is_whole=False))
    assert desk.found("problem-without-check", RESOLVE, ("problem-log", PROBLEM), minutes) == []
    assert desk.found("problem-without-check", SUPERVISE, ("problem-log", PROBLEM)) == []


# Theories, models and laws by name

APPLIED = "I used what I had read about leading people. "


@pytest.mark.parametrize(
    "text",
    [
        FILLER + APPLIED,
        FILLER + "The many theories that I had heard of helped me here.",
        FILLER + "I led by example, and the team followed. Theory is useful.",
        FILLER + "I was a role model for the new advisers.",
    ],
)
def test_a_theory_that_is_not_named(desk: Desk, text: str) -> None:
    (gap,) = desk.found("theory-not-named", THEORY, ("reflective-account", text))
    assert gap.message.startswith("U1/MP1 asks for a theory or model, and no name of one was found in E1: say which")
    assert (gap.severity, gap.evidence_id) == (Severity.NUDGE, None)
    assert gap.requirement_id is not None


@pytest.mark.parametrize(
    "text",
    [
        FILLER + "The service-profit chain says why content staff make content customers.",
        FILLER + "That is transformational leadership.",
        FILLER + "Tuckman would call it storming.",
        FILLER + "After Vroom’s expectancy theory I asked what each wanted.",
        FILLER + "We went round plan-do-check-act once more.",
        FILLER + "I tried it on the Cynefin framework.",  # not in the list, but called one by name
        FILLER + "By the theory of constraints the slowest step decides.",
        FILLER + "The RATER dimensions were used.",
        ItemText((FILLER + APPLIED,), is_whole=False),
        "I used what I had read.",
    ],
)
def test_a_theory_that_is_named_or_cannot_be_missed(desk: Desk, text: ItemText | str) -> None:
    assert desk.found("theory-not-named", THEORY, ("reflective-account", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        FILLER + "The law is important for our service and I follow it at all times.",
        FILLER + "There are many regulations in leisure, which shape the plan.",
        FILLER + "I act within the rules that apply.",
    ],
)
def test_a_law_that_is_not_named(desk: Desk, text: str) -> None:
    (gap,) = desk.found("law-not-named", LAW, ("reflective-account", text))
    assert gap.message.startswith("U1/MP4 asks for law or regulation, and no name of one was found in E1: name the Act")


@pytest.mark.parametrize(
    "text",
    [
        FILLER + "The Equality Act 2010 asks for reasonable adjustments.",
        FILLER + "Under the UK GDPR we keep no recordings.",
        FILLER + "Our complaints policy gives ten days.",
        FILLER + "The Working Time Regulations give a break after six hours.",
        FILLER + "The duty of care for children in the pool decides how many may join.",
        FILLER + "The ICO has guidance on it.",
    ],
)
def test_a_law_that_is_named(desk: Desk, text: str) -> None:
    assert desk.found("law-not-named", LAW, ("reflective-account", text)) == []


def test_names_are_looked_for_in_all_that_is_claimed(desk: Desk) -> None:
    named = ("question-and-answer", "The Data Protection Act 2018.")
    assert desk.found("law-not-named", LAW, ("reflective-account", FILLER + "The law matters."), named) == []


# Both what was prevented and what was answered


@pytest.mark.parametrize(
    ("texts", "missing"),
    [
        (["I acted proactively"], "“reactive”"),
        (["I acted reactively"], "“proactive”"),
        (["I wrote to both pools"], "“proactive” or “reactive”"),
        (["I acted proactively", "I acted reactively"], ""),
        (["I acted both"], ""),
    ],
)
def test_a_unit_that_wants_both_ways(desk: Desk, texts: list[str], missing: str) -> None:
    accounts = [("reflective-account", ItemText((FILLER,), labels=(text,))) for text in texts]
    gaps = desk.found("proactive-and-reactive", REFLECT, *accounts)
    assert [gap.unit_id is not None and f"marked as {missing}: say in E1" in gap.message for gap in gaps] == [
        True
    ] * bool(missing)


def test_nothing_is_said_of_both_ways_without_an_account_or_where_no_unit_wants_them(desk: Desk) -> None:
    assert desk.found("proactive-and-reactive", REFLECT, ("meeting-minutes", FILLER)) == []
    assert desk.found("proactive-and-reactive", SUPERVISE, ("reflective-account", FILLER)) == []


# Only one sort of data ticked


@pytest.mark.parametrize(
    ("ticked", "expected"),
    [
        ([0], "only qualitative data is ticked: show quantitative data too."),
        ([1], "only quantitative data is ticked: show qualitative data too."),
        ([0, 1], ""),
        ([], ""),  # that nothing is ticked is said elsewhere
    ],
)
def test_one_sort_of_data(desk: Desk, ticked: list[int], expected: str) -> None:
    facts, texts = desk.facts(MEASURE, [("kpi-report", FILLER)])
    leaf = next(leaf for leaf in facts.units[0].leaves() if leaf.ref == "MP4")
    facts = replace(facts, ticked=frozenset(leaf.components[part].id for part in ticked))
    gaps = [gap.message for gap in find_gaps(facts, desk.kinds, TODAY, texts=texts) if gap.rule == "one-sort-of-data"]
    assert [expected in gap for gap in gaps] == [True] * bool(expected)


# What holds for all of them


def test_what_is_decided_met_or_not_read_yet_is_left_alone(desk: Desk) -> None:
    facts, texts = desk.facts(RESOLVE, [("problem-log", PROBLEM)])
    leaf = next(leaf for leaf in facts.units[0].leaves() if leaf.ref == "MP3")
    met = replace(facts, decisions={leaf.id: decision(leaf.id, Verdict.MET)})
    rules = SHAPES.keys() & RULES_BY_ID.keys()
    for known, read in (
        (met, texts),
        (facts, TextFacts(desk.words)),
        (facts, None),
        (facts, TextFacts(QualityWords())),
    ):
        assert [gap for gap in find_gaps(known, desk.kinds, TODAY, texts=read) if gap.rule in rules] == []


def test_a_remark_can_be_put_aside(desk: Desk) -> None:
    facts, texts = desk.facts(RESOLVE, [("problem-log", PROBLEM)])
    facts = replace(facts, dismissals=(Dismissal("problem-without-check", None, None, "e1", "It is recent"),))
    (gap,) = [gap for gap in find_gaps(facts, desk.kinds, TODAY, texts=texts) if gap.rule == "problem-without-check"]
    assert gap.dismissed_reason == "It is recent"


def test_what_two_items_have_in_common_is_told_of_the_later_one(desk: Desk) -> None:
    facts, texts = desk.facts(RESOLVE, [("problem-log", PROBLEM), ("email-trail", PROBLEM)])
    texts = replace(texts, alike={"e2": AlikeItem("e1", 57), "gone": AlikeItem("e1", 40)})
    (gap,) = [gap for gap in find_gaps(facts, desk.kinds, TODAY, texts=texts) if gap.rule == "alike-passages"]
    assert gap.message.startswith("E2 and E1 have 57 words in common, nearly word for word: see both side by side")
    assert (gap.severity, gap.evidence_id) == (Severity.INFO, "e2")
