from __future__ import annotations

from pathlib import Path

import pytest

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import ChartType, FieldType
from portfolio_app.importing.evidence_kinds import load_kinds, read_kind
from portfolio_app.paths import resources_dir

EXPECTED = {
    "plan",
    "recruitment-plan",
    "monitoring-plan",
    "risk-register",
    "witness-testimony",
    "expert-witness-testimony",
    "observation-record",
    "reflective-account",
    "professional-discussion",
    "question-and-answer",
    "meeting-minutes",
    "email-trail",
    "service-level-agreement",
    "staff-rota",
    "customer-feedback-report",
    "kpi-report",
    "training-record",
    "development-plan",
    "problem-log",
    "complaint-record",
    "case-study",
    "prior-certificate",
    "photograph-or-recording",
    "other-product",
}

SOUND = """
id = "mystery-shop"
title = "Mystery shopping visit"
description = "A visit in disguise."
method = "observation"

[[fields]]
name = "scores"
type = "table"
label = "Scores"
columns = [
  { name = "point", type = "text", label = "Point" },
  { name = "score", type = "number", label = "Score" },
]
chart = { type = "bar", title = "Scores", label = "point", values = ["score"] }
"""


def write(folder: Path, text: str, name: str = "mystery.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_bundled_kinds_are_all_there_with_a_form_and_help() -> None:
    kinds = load_kinds()
    assert set(kinds) == EXPECTED
    for kind in kinds.values():
        assert (resources_dir() / "evidence_kinds" / f"{kind.id}.toml").is_file()
        assert kind.description.endswith(".")
        assert kind.body_prompts
        assert any(field.required for field in kind.fields), kind.id


def test_kinds_say_whose_word_they_are() -> None:
    kinds = load_kinds()
    assert {kind.id for kind in kinds.values() if kind.own_word} == {"reflective-account", "case-study"}
    assert {kind.id for kind in kinds.values() if kind.witnessed} == {
        "witness-testimony",
        "expert-witness-testimony",
        "observation-record",
        "professional-discussion",
        "question-and-answer",
    }
    assert {"plan", "recruitment-plan", "monitoring-plan", "risk-register"} <= {
        kind.id for kind in kinds.values() if kind.planning
    }


@pytest.mark.parametrize(
    ("kind", "field", "chart", "group"),
    [
        ("plan", "tasks", ChartType.GANTT, ""),
        ("kpi-report", "results", ChartType.LINE, "measure"),
        ("kpi-report", "scorecard", ChartType.BAR, "perspective"),
        ("customer-feedback-report", "ratings", ChartType.BAR, ""),
        ("staff-rota", "cover", ChartType.BAR, ""),
    ],
)
def test_tables_of_figures_and_dates_are_drawn(kind: str, field: str, chart: ChartType, group: str) -> None:
    definition = load_kinds()[kind].field(field)
    assert definition is not None
    assert definition.chart is not None
    assert (definition.chart.type, definition.chart.group) == (chart, group)


def test_witnesses_are_asked_what_the_forms_of_their_kinds_have_room_for() -> None:
    asked = {
        kind.id: {field.witness.value: field.name for field in kind.fields if field.witness}
        for kind in load_kinds().values()
        if any(field.witness for field in kind.fields)
    }
    everything = {"occasion": "occasion", "seen": "seen_on", "relation": "relation", "contact": "can_be_contacted"}
    assert asked == {
        "witness-testimony": everything,
        "expert-witness-testimony": {key: name for key, name in everything.items() if key != "relation"},
        "observation-record": {"occasion": "place"},
    }
    assert all(load_kinds()[kind].witnessed for kind in asked)


def test_the_scorecard_has_its_four_perspectives() -> None:
    definition = load_kinds()["kpi-report"].field("scorecard")
    assert definition is not None
    perspectives = ("financial", "customer", "internal process", "learning and growth")
    assert definition.rows == perspectives
    assert definition.columns[0].choices == perspectives


def test_every_table_of_dated_tasks_has_a_gantt_chart() -> None:
    for kind in load_kinds().values():
        for field in kind.fields:
            if {"start", "finish"} <= {column.name for column in field.columns}:
                assert field.chart is not None, (kind.id, field.name)
                assert field.chart.type is ChartType.GANTT


def test_a_file_in_a_folder_adds_a_kind_and_replaces_one(tmp_path: Path) -> None:
    write(tmp_path / "mine", SOUND)
    write(tmp_path / "theirs", SOUND.replace("mystery-shop", "plan"))
    kinds = load_kinds(tmp_path / "mine", tmp_path / "theirs", tmp_path / "nowhere")
    assert kinds["mystery-shop"].title == "Mystery shopping visit"
    assert kinds["plan"].title == "Mystery shopping visit"
    assert len(kinds) == len(EXPECTED) + 1
    titles = [kind.title.casefold() for kind in kinds.values()]
    assert titles == sorted(titles)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "bom.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())
    kind = read_kind(path)
    assert kind.fields[0].type is FieldType.TABLE
    assert kind.body_label == "Notes"


_ASKED = '[[fields]]\nname = "one"\ntype = "text"\nlabel = "Where"\nwitness = "occasion"\n\n'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "mystery-shop"', 'id = "Mystery Shop"', "the id “Mystery Shop” must be"),
        ('id = "mystery-shop"', "", "“id” is missing or empty"),
        ('title = "Mystery shopping visit"', "title = 3", "“title” must be text in quotes"),
        ('method = "observation"', 'method = "guessing"', "“method” is “guessing” but must be one of “observation”"),
        ('method = "observation"', 'method = "observation"\nwitnesed = true', "“witnesed” is not a known key"),
        ('method = "observation"', 'method = "observation"\nplanning = "yes"', "“planning” must be true or false"),
        ('type = "table"', 'type = "grid"', "field “scores”: “type” is “grid” but must be one of"),
        ('type = "table"', 'type = "text"', "only a field of type “table” has"),
        ('label = "Scores"', 'label = "Scores"\nrows = [1]', "“rows” must be a list of texts"),
        ('label = "Scores"', 'label = "Scores"\nchoices = ["a", "b"]', "only a field of type “choice” has “choices”"),
        ('name = "score", type = "number"', 'name = "point", type = "number"', "“point” stands twice in “columns”"),
        ('type = "number"', 'type = "choice", choices = ["a", "A"]', "column “score”: a choice needs at least two"),
        ('type = "number"', 'type = "table"', "column “score”: a column cannot be a table itself"),
        ('label = "point", values', 'label = "place", values', "the chart names the column “place”"),
        ('values = ["score"]', "values = []", "must be at least one number column"),
        ('values = ["score"]', 'values = ["point"]', "must be at least one number column"),
        ('type = "bar"', 'type = "gantt"', "must be two date columns"),
        (
            'label = "Scores"',
            'label = "Scores"\nwitness = "seen"',
            "only a field of type “date” takes",
        ),
        ('label = "Scores"', 'label = "Scores"\nwitness = "all"', "“witness” is “all” but must be one of “occasion”"),
        ('type = "number"', 'type = "text", witness = "occasion"', "column “score”: a column takes no answer"),
        (
            "[[fields]]",
            f"{_ASKED}{_ASKED.replace('one', 'two')}[[fields]]",
            "two of “fields” take the witness’s",
        ),
        ('name = "scores"', 'name = "Scores!"', "a name must be of lower-case letters"),
        ("[[fields]]", "[fields]", "“fields” must be a list of tables"),
        ('id = "mystery-shop"', 'id = "mystery-shop', "is not valid TOML"),
    ],
)
def test_a_bad_kind_is_told_in_one_sentence_that_names_the_file(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in SOUND
    write(tmp_path, SOUND.replace(old, new, 1))
    with pytest.raises(InvalidInput) as error:
        load_kinds(tmp_path)
    assert says in str(error.value)
    assert str(error.value).startswith("mystery.toml")
    assert "\n" not in str(error.value)


def test_one_id_twice_in_a_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, SOUND, "a.toml")
    write(tmp_path, SOUND, "b.toml")
    with pytest.raises(InvalidInput, match=r"b\.toml: the id “mystery-shop” is already used by a\.toml"):
        load_kinds(tmp_path)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    noise = tmp_path / "noise.toml"
    noise.write_bytes(bytes(range(128, 256)) * 10)
    with pytest.raises(InvalidInput, match=r"noise\.toml is not a text file in UTF-8"):
        read_kind(noise)
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * 2_000_001)
    with pytest.raises(InvalidInput, match="too large"):
        read_kind(huge)
    deep = write(tmp_path, "a = " + "[" * 5000, "deep.toml")
    with pytest.raises(InvalidInput, match=r"deep\.toml is not valid TOML"):
        read_kind(deep)
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_kind(tmp_path / "missing.toml")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_kind(tmp_path)
