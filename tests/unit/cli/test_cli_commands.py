from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CommandLine = Callable[..., Any]


def test_the_library_lists_units_that_new_takes(cli: CommandLine, tmp_path: Path) -> None:
    entries = cli("library", "--json").json
    assert len(entries) == 5
    first = entries[0]["id"]
    started = cli("new", tmp_path / "p", "--learner", "Zoë Ångström", "--unit", first, "--json").json
    assert started["units"] == [{"code": "U1", "title": entries[0]["title"]}]
    assert started["learner"]["name"] == "Zoë Ångström"
    assert first in cli("library").out


def test_new_takes_a_unit_from_a_toml_file_too(cli: CommandLine, tmp_path: Path) -> None:
    unit = tmp_path / "own.toml"
    unit.write_text(
        'title = "Own unit"\n[[requirements]]\nref = "1"\nkind = "criterion"\ntext = "Do it."\n', encoding="utf-8"
    )
    outcome = cli("new", tmp_path / "p", "--learner", "Sam", "--unit", unit)
    assert outcome.code == 0, outcome.err
    assert "U1  Own unit" in outcome.out


@pytest.mark.parametrize("unit", ["no-such-unit", "broken.toml", "unit.txt"])
def test_a_bad_unit_leaves_no_folder(cli: CommandLine, tmp_path: Path, unit: str) -> None:
    (tmp_path / "broken.toml").write_text("title = ", encoding="utf-8")
    (tmp_path / "unit.txt").write_text("words", encoding="utf-8")
    source = tmp_path / unit if "." in unit else unit
    outcome = cli("new", tmp_path / "p", "--learner", "Sam", "--unit", source)
    assert outcome.code == 2
    assert not (tmp_path / "p").exists()


def test_units_that_clash_leave_no_folder(cli: CommandLine, tmp_path: Path) -> None:
    unit = cli("library", "--json").json[0]["id"]
    outcome = cli("new", tmp_path / "p", "--learner", "Sam", "--unit", unit, "--unit", unit)
    assert (outcome.code, outcome.out) == (2, "")
    assert not (tmp_path / "p").exists()


def test_new_never_touches_a_folder_with_something_in_it(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "mine.txt").write_text("mine", encoding="utf-8")
    assert cli("new", tmp_path / "p", "--learner", "Sam").code == 2
    assert [path.name for path in (tmp_path / "p").iterdir()] == ["mine.txt"]


def test_a_dry_run_shows_the_unit_and_stores_nothing(cli: CommandLine, folder: Path, session_folder: Path) -> None:
    found = cli("unit", "import", folder, session_folder / "unit.txt", "--title", "Other", "--dry-run", "--json").json
    assert found["stored"] is False
    assert found["unit"]["code"] is None
    assert [each["ref"] for each in found["unit"]["requirements"]] == ["MP1", "MP2", "MP3"]
    components = found["unit"]["requirements"][1]["components"]
    assert [each["number"] for each in components] == [1, 2, 3]
    assert {each["kind"] for each in found["unit"]["guidance"]} == {"concept", "tip", "misconception"}
    assert len(cli("unit", "show", folder, "--json").json) == 1
    shown = cli("unit", "import", folder, session_folder / "unit.txt", "--title", "Other", "--dry-run").out
    assert "Nothing was stored" in shown
    assert "3. a timeline" in shown


def test_an_import_needs_a_title_and_says_which_option(cli: CommandLine, folder: Path, session_folder: Path) -> None:
    outcome = cli("unit", "import", folder, session_folder / "unit.txt")
    assert outcome.code == 2
    assert "--title" in outcome.err


def test_units_are_added_and_removed_with_their_claims(cli: CommandLine, folder: Path) -> None:
    entry = cli("library", "--json").json[0]
    assert "U2" in cli("unit", "add", folder, entry["id"]).out
    assert cli("unit", "add", folder, entry["id"]).code == 2
    assert cli("unit", "remove", folder, "U1", "--json").json["claims"] == 1
    assert [unit["code"] for unit in cli("unit", "show", folder, "--json").json] == ["U2"]
    cli("undo", folder)
    assert cli("evidence", "show", folder, "E1", "--json").json["claims"][0]["requirement"] == "U1/MP1"


def test_a_unit_with_a_decision_stays(cli: CommandLine, folder: Path) -> None:
    cli("decide", folder, "U1/MP1", "met", "--by", "Ann")
    assert cli("unit", "remove", folder, "U1").code == 2


def test_evidence_keeps_everything_that_was_said(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    added = cli(
        "evidence", "add", folder, "--kind", "witness-testimony", "--title", "What Jo saw", "--date", "9 March 2026",
        "--body", "-", "--attach", photo, "--person",
        "Jo Hill;role=Manager;organisation=Acme;relation=line manager;signed=2026-03-10",
        "--location", "HR, file 3", "--describe", "Signed original", "--tag", "counter", "--tag", "June",
        "--confidential", "--method", "witness-testimony", "--json",
        stdin="Sam was calm – “very” calm.\r\nAnd kind.".encode(),
    ).json  # fmt: skip
    assert added["ref"] == "E2"
    shown = cli("evidence", "show", folder, "e2", "--json").json
    assert shown == added
    assert shown["body"] == "Sam was calm – “very” calm.\nAnd kind."
    assert shown["date"] == "2026-03-09"
    assert shown["standing"] == {
        "kind": "held at a location",
        "location": "HR, file 3",
        "description": "Signed original",
        "confirmed_by": "",
        "confirmed_on": None,
    }
    assert (shown["confidential"], shown["simulated"], shown["tags"]) == (True, False, ["counter", "June"])
    assert shown["people"][0]["part"] == "witness"
    assert shown["people"][0]["signed_on"] == "2026-03-10"
    assert shown["attachments"][0]["media_type"] == "image/png"
    assert "Jo Hill, Manager, Acme" in cli("evidence", "show", folder, "E2").out
    assert cli("person", "list", folder, "--json").json[0]["organisation"] == "Acme"


def test_form_fields_and_table_rows(cli: CommandLine, folder: Path) -> None:
    kinds = {kind["id"]: kind for kind in cli("kinds", "--json").json}
    table = next(field for field in kinds["plan"]["fields"] if field["type"] == "table")
    first = table["columns"][0]["name"]
    added = cli(
        "evidence", "add", folder, "--kind", "plan", "--title", "P", "--field", f"{table['name']}={first}=One thing",
        "--field", f"{table['name']}={first}=Another", "--json",
    ).json  # fmt: skip
    assert added["fields"][table["name"]] == [{first: "One thing"}, {first: "Another"}]
    changed = cli("evidence", "edit", folder, "E2", "--field", f"{table['name']}={first}=Only this", "--json").json
    assert changed["fields"][table["name"]] == [{first: "Only this"}]
    assert "Only this" in cli("evidence", "show", folder, "E2").out


def test_editing_changes_what_is_named_and_nothing_else(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.txt"
    more.write_text("more", encoding="utf-8")
    before = cli("evidence", "show", folder, "E1", "--json").json
    after = cli("evidence", "edit", folder, "E1", "--title", "New", "--date", "", "--attach", more, "--json").json
    assert (after["title"], after["date"], len(after["attachments"])) == ("New", None, 2)
    assert after["attachments"][0] == before["attachments"][0]
    after = cli("evidence", "edit", folder, "E1", "--detach", "ROTA.txt", "--json").json
    assert [each["name"] for each in after["attachments"]] == ["more.txt"]
    assert "as it was" in cli("evidence", "edit", folder, "E1", "--title", "New").out


def test_two_files_of_one_name_can_be_told_apart(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rota.txt").write_text(name, encoding="utf-8")
    shown = cli(
        "evidence", "edit", folder, "E1", "--attach", tmp_path / "a/rota.txt", "--attach", tmp_path / "b/rota.txt",
        "--json",
    ).json  # fmt: skip
    assert [each["name"] for each in shown["attachments"]] == ["rota.txt", "rota (2).txt", "rota (3).txt"]
    assert cli("evidence", "edit", folder, "E1", "--attach", tmp_path / "a/rota.txt").code == 2


def test_people_are_added_to_an_item_and_taken_off(cli: CommandLine, folder: Path) -> None:
    cli("person", "add", folder, "Ann Lee", "--role", "Assessor")
    assert cli("person", "add", folder, "ann lee").code == 2
    cli("person", "edit", folder, "ann lee", "--status", "qualified")
    shown = cli("evidence", "edit", folder, "E1", "--person", "Ann Lee;part=observer", "--json").json
    assert shown["people"][0] | {"signed_on": None} == {
        "name": "Ann Lee",
        "role": "Assessor",
        "organisation": "",
        "relation": "",
        "status": "qualified",
        "email": "",
        "part": "observer",
        "signed_on": None,
    }
    assert cli("evidence", "edit", folder, "E1", "--remove-person", "Ann Lee", "--json").json["people"] == []


def test_removed_evidence_comes_back_and_its_reference_is_never_used_again(cli: CommandLine, folder: Path) -> None:
    assert cli("evidence", "remove", folder, "E1").code == 0
    assert cli("evidence", "list", folder, "--json").json == []
    assert cli("matrix", folder, "--json").json["units"][0]["coverage"]["claimed"] == 0
    assert cli("evidence", "list", folder, "--removed", "--json").json[0]["ref"] == "E1"
    assert cli("evidence", "add", folder, "--kind", "plan", "--title", "Next", "--json").json["ref"] == "E2"
    assert cli("evidence", "restore", folder, "E1", "--json").json["claims"][0]["place"] == "p. 1"
    cli("undo", folder)
    cli("undo", folder)
    assert cli("evidence", "add", folder, "--kind", "plan", "--title", "Third", "--json").json["ref"] == "E3"


def test_a_refused_file_does_not_use_up_a_reference(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    refused = cli("evidence", "add", folder, "--kind", "plan", "--title", "T", "--attach", tmp_path / "none.pdf")
    assert refused.code == 2
    assert cli("evidence", "add", folder, "--kind", "plan", "--title", "T", "--json").json["ref"] == "E2"


def test_claims_say_why_and_where_and_tick_components(cli: CommandLine, folder: Path) -> None:
    added = cli(
        "claim", "add", folder, "E1", "u1/mp2", "--why", "It sets goals", "--quote", "By June", "--at",
        "rota.txt, p. 2-3", "--component", "1", "--component", "3", "--json",
    ).json  # fmt: skip
    assert (added["evidence"], added["requirement"], added["components"]) == ("E1", "U1/MP2", [1, 3])
    assert added["locator"]["attachment"] == "rota.txt"
    assert cli("claim", "add", folder, "E1", "U1/MP2").code == 2
    changed = cli("claim", "edit", folder, "E1", "U1/MP2", "--component", "all", "--why", "", "--json").json
    assert (changed["why"], changed["quotation"], changed["components"]) == ("", "By June", [1, 2, 3])
    assert cli("claim", "remove", folder, "E1", "U1/MP2").code == 0
    assert cli("claim", "remove", folder, "E1", "U1/MP2").code == 2


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("claim", "add", "E1", "U1/MP9"), "MP9"),
        (("claim", "add", "E1", "U9/MP1"), "U9"),
        (("claim", "add", "E9", "U1/MP1"), "E9"),
        (("claim", "add", "nine", "U1/MP1"), "nine"),
        (("claim", "add", "E1", "U1/MP2", "--component", "4"), "no component 4"),
        (("claim", "add", "E1", "U1/MP3", "--component", "1"), "no components"),
        (("claim", "add", "E1", "U1/MP2", "--component", "x"), "“x”"),
        (("claim", "add", "E1", "U1/MP2", "--at", "p. 1, p. 2"), "more than one page"),
        (("claim", "add", "E1", "U1/MP2", "--at", "other.pdf, p. 2"), "other.pdf"),
        (("claim", "remove", "E1", "U1/MP2"), "not claimed"),
        (("decide", "U1/MP9", "met", "--by", "Ann"), "MP9"),
        (("decide", "U1/MP1", "met", "--by", " "), "name is empty"),
        (("decide", "U1/MP1", "perhaps", "--by", "Ann"), "perhaps"),
        (("evidence", "show", "E2"), "E2"),
        (("evidence", "restore", "E1"), "E1"),
        (("evidence", "edit", "E1", "--detach", "none.txt"), "none.txt"),
        (("evidence", "edit", "E1", "--remove-person", "Nobody"), "Nobody"),
        (("evidence", "add", "--kind", "plann", "--title", "T"), "did you mean “plan”"),
        (("evidence", "add", "--kind", "plan", "--title", "  "), "title is empty"),
        (("evidence", "add", "--kind", "plan", "--title", "x" * 501), "501 characters"),
        (("evidence", "add", "--kind", "plan", "--title", "T", "--field", "nothing=1"), "no field “nothing”"),
        (("evidence", "add", "--kind", "plan", "--title", "T", "--field", "nothing"), "NAME=VALUE"),
        (("evidence", "add", "--kind", "plan", "--title", "T", "--method", "guessing"), "guessing"),
        (("evidence", "add", "--kind", "plan", "--title", "T", "--standing", "held"), "location"),
        (("evidence", "add", "--kind", "plan", "--title", "T", "--person", "role=x"), "names nobody"),
        (("evidence", "add", "--kind", "plan", "--title", "T", "--person", "Jo;rank=x"), "rank=x"),
        (("evidence", "add", "--kind", "plan", "--title", "T", "--person", "Jo;part=judge"), "judge"),
        (("action", "done", "7"), "action 7"),
        (("action", "add", " "), "empty"),
        (("action", "add", "Do", "--requirement", "U1/MP9"), "MP9"),
        (("person", "edit", "Nobody"), "Nobody"),
        (("dismiss", "no-such-rule", "--reason", "r"), "no-such-rule"),
        (("dismiss", "no-claim", "--reason", " "), "why"),
        (("dismiss", "no-claim", "--reason", "r", "--at", "U1/MP1"), "finds nothing"),
        (("unit", "show", "U9"), "U9"),
        (("unit", "remove", "U9"), "U9"),
        (("unit", "add", "nothing-like-it"), "nothing-like-it"),
        (("matrix", "--unit", "U9"), "U9"),
        (("export", "x.odt"), "x.odt"),
        (("export", "x"), "“x”"),
        (("export", "a.pdf", "a.pdf"), "twice"),
        (("export", "a.pdf", "--unit", "U9"), "U9"),
        (("export", "a.pdf", "--for", "king"), "king"),
        (("export", "a.pdf", "--page-size", "A3"), "A3"),
        (("export", "nowhere/a.pdf"), "nowhere"),
        (("backup", "restore", "19990101"), "19990101"),
        (("redo",), "redo"),
        (("details", "--learner", ""), "name is empty"),
        (("declare", "--ai-use", " "), "AI"),
        (("declare", "--ai-use", "none", "--on", "2199-01-01"), "to come"),
        (("history", "--limit", "0"), "--limit"),
        (("nonsense",), "nonsense"),
        (("evidence", "nonsense"), "nonsense"),
        (("evidence", "list", "--nonsense"), "--nonsense"),
        (("evidence", "add", "--title", "T"), "--kind"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    cli: CommandLine, folder: Path, command: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    groups = {"unit", "evidence", "claim", "person", "action", "backup"}
    split = 2 if command[0] in groups and len(command) > 1 else 1
    before = cli("history", folder, "--json").out
    outcome = cli(*command[:split], folder, *command[split:])
    assert outcome.code == 2
    assert outcome.out == ""
    assert says in outcome.err
    assert outcome.err.endswith(".\n")
    assert outcome.err.count("\n") == 1
    assert "Usage" not in outcome.err
    assert cli("history", folder, "--json").out == before


@pytest.mark.parametrize(
    "command",
    [
        ("evidence", "add", "{folder}", "--kind", "plan", "--title", "T", "--date", "{date}"),
        ("evidence", "edit", "{folder}", "E1", "--date", "{date}"),
        ("evidence", "add", "{folder}", "--kind", "plan", "--title", "T", "--person", "Jo;signed={date}"),
        ("action", "add", "{folder}", "Do it", "--due", "{date}"),
        ("declare", "{folder}", "--ai-use", "none", "--on", "{date}"),
        ("details", "{folder}", "--started", "{date}"),
        ("details", "{folder}", "--planned-end", "{date}"),
    ],
)
@pytest.mark.parametrize(
    "date", ["yesterday", "2026-02-30", "2026-13", "31/31/2026", "0000-01-01", "２０２６‑０１", "9" * 400]
)
def test_dates_that_are_none(cli: CommandLine, folder: Path, command: tuple[str, ...], date: str) -> None:
    outcome = cli(*(word.format(folder=folder, date=date) for word in command))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.count("\n") == 1
    assert "date" in outcome.err


def test_decisions_become_actions_and_cannot_be_undone(cli: CommandLine, folder: Path) -> None:
    decided = cli("decide", folder, "U1/MP1", "not-yet", "--by", "Ann Lee", "--comment", "Show costs.", "--json").json
    assert (decided["requirement"], decided["verdict"]) == ("U1/MP1", "not yet met")
    assert decided["action"]["text"] == "U1/MP1: Show costs."
    assert cli("undo", folder).code == 2
    assert cli("matrix", folder, "--json").json["units"][0]["requirements"][0]["state"] == "not yet met"
    cli("decide", folder, "U1/MP1", "met", "--by", "Ann Lee")
    line = cli("matrix", folder, "--json").json["units"][0]["requirements"][0]
    assert (line["state"], line["decision"]["by"]) == ("met", "Ann Lee")
    assert "✓ met" in cli("matrix", folder).out
    assert len(cli("action", "list", folder, "--json").json) == 1


def test_actions(cli: CommandLine, folder: Path) -> None:
    assert cli("action", "add", folder, "Ask Jo", "--due", "2026-04-01", "--evidence", "E1", "--json").json == {
        "number": 1,
        "text": "Ask Jo",
        "due": "2026-04-01",
        "done_on": None,
    }
    cli("action", "add", folder, "Second")
    assert cli("action", "done", folder, "1", "--on", "2026-03-30", "--json").json["done_on"] == "2026-03-30"
    assert [each["done_on"] for each in cli("action", "list", folder, "--json").json] == ["2026-03-30", None]


def test_gaps_have_stable_keys_and_real_addresses(cli: CommandLine, folder: Path) -> None:
    found = cli("gaps", folder, "--json").json
    assert set(found[0]) >= {"rule", "severity", "unit", "requirement", "evidence", "message"}
    no_claim = [gap for gap in found if gap["rule"] == "no-claim"]
    assert [(gap["unit"], gap["requirement"], gap["evidence"]) for gap in no_claim] == [
        ("U1", "U1/MP2", None),
        ("U1", "U1/MP3", None),
    ]
    assert {gap["severity"] for gap in found} <= {"gap", "nudge", "info"}
    assert "U1/MP2" in cli("gaps", folder).out


def test_a_dismissed_gap_is_out_of_the_way_but_not_forgotten(cli: CommandLine, folder: Path) -> None:
    cli("dismiss", folder, "no-claim", "--reason", "Next term", "--at", "U1/MP2")
    assert [gap["requirement"] for gap in cli("gaps", folder, "--json").json if gap["rule"] == "no-claim"] == ["U1/MP3"]
    everything = cli("gaps", folder, "--all", "--json").json
    assert [gap["dismissed"] for gap in everything if gap["requirement"] == "U1/MP2"] == ["Next term"]
    assert "Next term" in cli("gaps", folder, "--all").out


def test_details_and_declaration(cli: CommandLine, folder: Path) -> None:
    changed = cli("details", folder, "--centre", "Northside", "--started", "2026-01-05", "--profile", "-", "--json",
                  stdin=b"Works at a counter.").json  # fmt: skip
    assert (changed["centre"], changed["learner"]["profile"]) == ("Northside", "Works at a counter.")
    assert cli("details", folder, "--started", "", "--json").json["started_on"] is None
    assert "Northside" in cli("details", folder).out
    signed = cli("declare", folder, "--ai-use", "None was used.", "--on", "2026-02-01", "--json").json
    assert signed == {"signed_by": "Sam Ellis", "signed_on": "2026-02-01", "ai_use": "None was used."}


def test_history_undo_redo(cli: CommandLine, folder: Path) -> None:
    assert "Claim E1 → U1/MP1" in cli("undo", folder).out
    assert "Add evidence E1" in cli("undo", folder).out
    assert cli("evidence", "list", folder, "--json").json == []
    assert cli("redo", folder, "--json").json == {"redone": "Add evidence E1"}
    steps = cli("history", folder, "--json").json
    assert [step["kind"] for step in steps[:3]] == ["redo", "undo", "undo"]
    assert steps[-1]["number"] == 1
    assert len(cli("history", folder, "--limit", "2", "--json").json) == 2
    assert "Undo: Add evidence E1" in cli("history", folder).out


def test_a_portfolio_adds_kinds_of_its_own(cli: CommandLine, folder: Path, own_settings: Path) -> None:
    kind = (
        'id = "{0}"\ntitle = "{0} kind"\ndescription = "Ours."\nmethod = "work product"\n'
        '[[fields]]\nname = "colour"\ntype = "text"\nlabel = "Colour"\n'
    )
    for place, name in ((folder, "ours"), (own_settings, "mine")):
        (place / "evidence_kinds").mkdir(parents=True)
        (place / "evidence_kinds" / f"{name}.toml").write_text(kind.format(name), encoding="utf-8")
    assert {"ours", "mine"} <= {each["id"] for each in cli("kinds", folder, "--json").json}
    shown = cli("evidence", "add", folder, "--kind", "ours", "--title", "T", "--field", "colour=red", "--json").json
    assert shown["fields"] == {"colour": "red"}
    assert "colour" in cli("kinds", "--kind", "mine").out


def test_words_and_json_in_any_script(cli: CommandLine, folder: Path) -> None:
    title = "Проект 計画 – “ćwiczenie” 😀"
    outcome = cli("evidence", "add", folder, "--kind", "plan", "--title", title, "--json")
    assert title in outcome.out
    assert json.loads(outcome.out)["title"] == title
    assert title[:6] in cli("evidence", "list", folder).out


def test_nobodys_words_steer_the_terminal(cli: CommandLine, folder: Path) -> None:
    cli("evidence", "add", folder, "--kind", "plan", "--title", "a\x1b[31mred\x07[bold]b", "--tag", "x\ny")
    shown = cli("evidence", "show", folder, "E2")
    assert "\x1b" not in shown.out
    assert "a[31mred[bold]b" in shown.out
    assert cli("evidence", "show", folder, "E2", "--json").json["tags"] == ["x y"]


def test_help_is_printed_where_no_command_is_named(cli: CommandLine) -> None:
    for arguments in ((), ("--help",), ("-h",), ("evidence",), ("evidence", "add", "--help")):
        outcome = cli(*arguments)
        assert (outcome.code, outcome.err) == (0, "")
        assert "Usage: portfolio-app" in outcome.out
    assert cli("--version").out.startswith("portfolio-app 0")
