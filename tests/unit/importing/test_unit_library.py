from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.qualification import (
    AssessmentMethod,
    Component,
    Guidance,
    GuidanceKind,
    Requirement,
    Unit,
    UnitRules,
)
from portfolio_app.importing.unit_library import (
    library,
    load_library_unit,
    parse_unit_toml,
    read_unit_toml,
    write_unit_toml,
)

PRINCIPLES = "principles-of-customer-service-management"
PLANNING = "planning-and-managing-customer-service"
UNDERSTANDING = "understanding-customer-service-management"
MANAGE = "manage-customer-service-operations"
PLAN_ORGANISE = "plan-organise-control-customer-service-operations"

# Facts of the guidance texts: marking points, tips, misconceptions, concepts; components by marking point.
EXPECTED = {
    PRINCIPLES: ((8, 8, 6, 5), {"MP3": 3, "MP6": 3, "MP7": 2}),
    PLANNING: ((3, 3, 3, 5), {"MP2": 3}),
    UNDERSTANDING: ((4, 4, 4, 5), {}),
    MANAGE: ((4, 4, 4, 5), {"MP1": 3, "MP4": 2}),
    PLAN_ORGANISE: ((4, 3, 3, 5), {"MP1": 4, "MP3": 4}),
}


def without_ids(unit: Unit) -> Unit:
    def plain(requirement: Requirement) -> Requirement:
        return replace(
            requirement,
            id="",
            components=tuple(replace(component, id="") for component in requirement.components),
            children=tuple(plain(child) for child in requirement.children),
        )

    return replace(unit, id="", code="", requirements=tuple(plain(requirement) for requirement in unit.requirements))


def all_ids(unit: Unit) -> list[str]:
    ids = [unit.id]
    for _, requirement in unit.walk():
        ids += [requirement.id, *(component.id for component in requirement.components)]
    return ids


@pytest.mark.parametrize("unit_id", EXPECTED)
def test_each_unit_has_what_its_guidance_has(unit_id: str) -> None:
    unit = load_library_unit(unit_id)
    counts, components = EXPECTED[unit_id]
    leaves = list(unit.leaves())
    found = (
        len(leaves),
        *(
            sum(guidance.kind is kind for guidance in unit.guidance)
            for kind in (GuidanceKind.TIP, GuidanceKind.MISCONCEPTION, GuidanceKind.CONCEPT)
        ),
    )
    assert found == counts
    assert {leaf.ref: len(leaf.components) for leaf in leaves if leaf.components} == components
    assert {leaf.ref for leaf in leaves} == {f"MP{number}" for number in range(1, counts[0] + 1)}
    assert all(leaf.kind == "marking point" and leaf.label for leaf in leaves)
    assert all(guidance.title for guidance in unit.guidance if guidance.kind is GuidanceKind.CONCEPT)
    assert [outcome.ref for outcome in unit.requirements] == [f"LO{n + 1}" for n in range(len(unit.requirements))]
    assert all(outcome.kind == "outcome" and outcome.children for outcome in unit.requirements)


@pytest.mark.parametrize("unit_id", EXPECTED)
def test_no_unit_passes_for_an_awarding_body_s_text(unit_id: str) -> None:
    unit = load_library_unit(unit_id)
    assert unit.is_guidance
    assert "not an awarding body's specification" in unit.source
    assert unit_id in unit.source
    assert unit.code == ""


def test_every_load_has_fresh_ids() -> None:
    first, second = load_library_unit(MANAGE), load_library_unit(MANAGE)
    ids = [*all_ids(first), *all_ids(second)]
    assert len(ids) == len(set(ids))
    assert without_ids(first) == without_ids(second)


def test_the_library_lists_its_units() -> None:
    entries = {entry.id: entry for entry in library()}
    assert set(entries) == set(EXPECTED)
    entry = entries[MANAGE]
    assert (entry.reference, entry.level, entry.credits, entry.requirements) == ("M/506/2898", "4", 7, 4)
    assert all(entry.is_guidance and entry.synopsis for entry in entries.values())


def test_a_unit_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownReference, match="There is no unit “history”"):
        load_library_unit("history")
    (tmp_path / "history.toml").write_text('title = "History"\n', encoding="utf-8")
    assert load_library_unit("History", tmp_path).title == "History"
    assert len(library(tmp_path)) == len(EXPECTED) + 1


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def test_no_sentence_is_taken_from_the_guidance_texts() -> None:
    real = os.environ.get("PORTFOLIO_APP_REAL_INPUT")
    folder = Path(real) / "unit-specs" if real else None
    if folder is None or not folder.is_dir():
        pytest.skip("the real guidance texts are not here")
    theirs = set()
    for path in folder.glob("0*.txt"):
        run = words(path.read_text(encoding="utf-8"))
        theirs |= {tuple(run[start : start + 6]) for start in range(len(run) - 5)}
    assert len(theirs) > 1000
    for entry in library():
        unit = load_library_unit(entry.id)
        texts = [unit.synopsis, *(guidance.text for guidance in unit.guidance)]
        texts += [text for _, requirement in unit.walk() for text in (requirement.text, requirement.label)]
        for text in texts:
            run = words(text)
            ours = {tuple(run[start : start + 6]) for start in range(len(run) - 5)}
            assert not ours & theirs, f"{entry.id}: {ours & theirs}"


# Texts as the reader gives them: no white space around them, nothing that UTF-8 cannot hold.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).map(str.strip).filter(bool)
OPTIONAL = st.just("") | TEXTS
LINES = st.none() | st.integers(1, 9999)


def siblings(children: st.SearchStrategy[Requirement]) -> st.SearchStrategy[tuple[Requirement, ...]]:
    return st.lists(children, max_size=3, unique_by=lambda requirement: requirement.ref.casefold()).map(tuple)


def level(children: st.SearchStrategy[tuple[Requirement, ...]]) -> st.SearchStrategy[Requirement]:
    components = st.lists(st.builds(Component, st.just(""), TEXTS), max_size=3).map(tuple)
    return st.builds(
        Requirement, st.just(""), TEXTS, TEXTS, TEXTS, OPTIONAL, components, children, source_page=LINES,
        source_line=LINES,
    )  # fmt: skip


NO_CHILDREN: st.SearchStrategy[tuple[Requirement, ...]] = st.just(())
UNITS = st.builds(
    Unit,
    id=st.just(""),
    code=st.just(""),
    title=TEXTS,
    reference=OPTIONAL,
    level=OPTIONAL,
    credits=st.none() | st.integers(0, 200),
    synopsis=OPTIONAL,
    source=OPTIONAL,
    is_guidance=st.booleans(),
    mandatory=st.booleans(),
    requirements=siblings(level(siblings(level(siblings(level(NO_CHILDREN)))))),
    guidance=st.lists(st.builds(Guidance, st.sampled_from(GuidanceKind), TEXTS, OPTIONAL), max_size=3).map(tuple),
    rules=st.builds(
        UnitRules,
        st.lists(st.sampled_from(AssessmentMethod), max_size=2).map(tuple),
        st.booleans(),
        st.integers(1, 5),
        st.none() | st.integers(1, 10),
    ),
)


@given(UNITS)
@settings(max_examples=60)
def test_a_unit_goes_out_and_comes_in_again_the_same(unit: Unit) -> None:
    assert without_ids(parse_unit_toml(write_unit_toml(unit), "unit.toml")) == unit


@pytest.mark.parametrize("unit_id", EXPECTED)
def test_a_bundled_unit_goes_out_and_comes_in_again_the_same(unit_id: str, tmp_path: Path) -> None:
    unit = load_library_unit(unit_id)
    path = tmp_path / "unit.toml"
    path.write_text(write_unit_toml(unit), encoding="utf-8", newline="\r\n")
    assert without_ids(read_unit_toml(path)) == without_ids(unit)


SOUND = """
title = "Baking"
credits = 3
[rules]
required_methods = ["observation"]
currency_years = 0
[[requirements]]
ref = "1"
kind = "outcome"
text = "Bake bread."
[[requirements.requirements]]
ref = "1.1"
kind = "criterion"
text = "Knead dough including salt and yeast."
components = ["salt", "yeast"]
[[guidance]]
kind = "tip"
text = "Wait."
"""


def test_rules_are_read() -> None:
    unit = parse_unit_toml(SOUND, "baking.toml")
    assert unit.rules == UnitRules((AssessmentMethod.OBSERVATION,), True, 1, None)
    assert [component.text for component in next(unit.leaves()).components] == ["salt", "yeast"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "Baking"', "", "“title” is missing or empty"),
        ("credits = 3", "credits = -3", "“credits” must be a whole number from 0"),
        ("credits = 3", "credits = true", "“credits” must be a whole number from 0"),
        ("credits = 3", 'credits = "three"', "“credits” must be a whole number"),
        ("credits = 3", "credit = 3", "“credit” is not a known key"),
        ('text = "Bake bread."', 'text = " "', "requirement “1”: “text” is missing or empty"),
        ('ref = "1.1"', "ref = 1.1", "“ref” must be text in quotes"),
        ('components = ["salt", "yeast"]', 'components = ["salt", ""]', "requirement “1.1”: “components” must be"),
        ('kind = "tip"', 'kind = "joke"', "guidance: “kind” is “joke” but must be one of “concept”, “tip”"),
        ('["observation"]', '["guess"]', "rules: “required_methods” is “guess” but must be one of"),
        ("[[guidance]]", '[[requirements]]\nref="1"\nkind="a"\ntext="b"\n[[guidance]]', "“1” stands twice"),
        (
            "[[guidance]]",
            "".join(f"[[requirements{'.requirements' * n}]]\nref='9'\nkind='a'\ntext='b'\n" for n in range(5))
            + "[[guidance]]",
            "nested 4 deep and no deeper",
        ),
    ],
)
def test_a_bad_unit_is_told_in_one_sentence_that_names_the_file(old: str, new: str, says: str) -> None:
    assert old in SOUND
    with pytest.raises(InvalidInput) as error:
        parse_unit_toml(SOUND.replace(old, new, 1), "baking.toml")
    assert says in str(error.value)
    assert str(error.value).startswith("baking.toml")
