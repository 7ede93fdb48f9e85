"""Units from tables on the command line: the guess is said, and can be overruled."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from tests.unit.cli.conftest import CommandLine

TABLE = "Unit;No;Criterion;Advice\nPlan;1;Understand planning;\nPlan;1.1;Describe a plan;Short\nDo;1;Carry it out;\n"


def test_a_table_of_two_units_gives_two_and_says_how_it_was_read(
    cli: CommandLine, folder: Path, tmp_path: Path
) -> None:
    table = tmp_path / "units.csv"
    table.write_text(TABLE, encoding="utf-16")
    found = cli("unit", "import", folder, table, "--dry-run", "--json").json
    assert found["columns"] == "unit=A,ref=B,text=C,notes=D; nesting prefix; headings in row 1"
    assert [each["unit"]["title"] for each in found["units"]] == ["Plan", "Do"]
    assert found["stored"] is False
    told = cli("unit", "import", folder, table)
    assert "Read as a table: unit=A,ref=B,text=C,notes=D;" in told.out
    assert "Imported U2 Plan (1 requirement)." in told.out
    assert "Imported U3 Do (1 requirement)." in told.out
    # Both came in one step.
    cli("undo", folder)
    assert [unit["code"] for unit in cli("unit", "show", folder, "--json").json] == ["U1"]


def test_columns_sheet_and_nesting_can_be_said(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "units.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, words in (("Old", "An old criterion"), ("New", "A new criterion")):
            sheet = book.add_worksheet(name)
            for row, cells in enumerate((("1", words, "for trainers"), ("1.1", f"{words} below", "for trainers"))):
                for column, cell in enumerate(cells):
                    sheet.write_string(row, column, cell)
    said = ("--sheet", "new", "--columns", "ref=A,text=2,notes=C", "--nesting", "none", "--title", "Serve")
    found = cli("unit", "import", folder, path, *said, "--dry-run", "--json").json
    assert found["columns"] == "sheet “New”, ref=A,text=B,notes=C; nesting none; no headings"
    assert [each["text"] for each in found["unit"]["requirements"]] == ["A new criterion", "A new criterion below"]
    assert [each["text"] for each in found["unit"]["guidance"]] == ["1: for trainers", "1.1: for trainers"]


def test_all_sheets_are_read_alike(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "units.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Read me").write_string(0, 0, "Nothing here")
        for name, above in (("Plan", 1), ("Do", 3)):
            sheet = book.add_worksheet(name)
            for row, cells in enumerate((("No.", "Criterion"), ("1", f"{name} the work"))):
                for column, cell in enumerate(cells):
                    sheet.write_string(row + above, column, cell)
    found = cli("unit", "import", folder, path, "--sheet", "all", "--dry-run", "--json").json
    assert found["columns"].startswith("all sheets, ref=A,text=B")
    units = [(each["unit"]["title"], each["unit"]["requirements"][0]["text"]) for each in found["units"]]
    assert units == [("Plan", "Plan the work"), ("Do", "Do the work")]
    assert "Nothing was found in “Read me”" in found["units"][0]["warnings"][0]["message"]


def test_what_is_said_wrongly_is_refused_and_nothing_is_stored(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "units.csv"
    table.write_text(TABLE, encoding="utf-8")
    for said, sentence in {
        ("--columns", "text=Q"): "no column “Q”",
        ("--nesting", "upwards"): "“upwards” is no way in which a table is nested",
        ("--sheet", "Two"): "has no sheets",
        ("--title", "Both"): "holds 2 units",
        ("--columns", "ref=B"): "No column holds the text",
    }.items():
        outcome = cli("unit", "import", folder, table, *said)
        assert (outcome.code, outcome.out) == (2, "")
        assert sentence in outcome.err
    assert len(cli("unit", "show", folder, "--json").json) == 1


def test_a_moodle_framework_is_still_one_unless_columns_are_said(
    cli: CommandLine, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "unit.csv"
    assert cli("unit", "export", folder, "U1", path).code == 0
    framework = cli("unit", "import", folder, path, "--dry-run", "--json").json
    assert framework["columns"] == ""
    assert [each["ref"] for each in framework["unit"]["requirements"]] == ["MP1", "MP2", "MP3"]
    assert cli("unit", "import", folder, path, "--columns", "text=C", "--dry-run", "--json").json["columns"]
