"""The spreadsheet and the CSV read back: layout, links, charts, and that nothing becomes a formula."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.errors import Cancelled
from portfolio_app.domain.progress import Progress
from portfolio_app.durable import CannotWrite
from portfolio_app.exporting.csv_matrix import safe, write_csv
from portfolio_app.exporting.publication import (
    Block,
    Cell,
    ChartFigure,
    GanttFigure,
    GanttTask,
    Matrix,
    MatrixCell,
    MatrixColumn,
    MatrixRow,
    Publication,
    Run,
    Section,
    Series,
    Table,
)
from portfolio_app.exporting.xlsx import write_xlsx

FORMULAS = ("=1+1", "+44 20 7946", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "＝1", "http://example.org", "12")


def row(code: str, status: CoverageState, *claims: int, text: str = "Explain it") -> MatrixRow:
    cells = {column: MatrixCell(status, f"p. {column + 1}") for column in claims}
    return MatrixRow(code, text, code, status, cells)


def item(number: int) -> MatrixColumn:
    return MatrixColumn(f"E{number}", f"Plan {number}", f"E{number}")


def cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(((Run(text),),)) for text in texts)


def section(label: str, *blocks: Block) -> Section:
    return Section(blocks, label=label)


@pytest.fixture
def tutors_copy() -> Publication:
    one = Matrix(
        "Coverage of U1 Service",
        (
            MatrixRow("LO1", "Organise", "", None, {}),
            row("1.1", CoverageState.MET, 0, 1),
            row("1.2", CoverageState.NONE),
            MatrixRow("LO2", "Improve", "", None, {}),
            row("2.1", CoverageState.PROOF, 1, text="Describe how " + "long " * 60),
        ),
        (item(2), item(10)),
    )
    two = Matrix("Coverage of U2 Care", (row("1.1", CoverageState.CLAIMED, 0),), (item(3),))
    index = Table(
        cells("Ref", "Title", "Kind", "When"),
        (cells("E10", "Plan 10", "Plan", "3 May"), cells("E2", "Plan 2", "Rota", "1 May"), cells("E3", "Three")),
        (1, 1, 1, 1),
    )
    other = Table(cells("Name", "Role"), (cells("Ann", "Witness"),), (1, 1))
    chart = ChartFigure(
        "Calls",
        ("May", "June", "July"),
        (Series("Target", (8.0, 8.0, 9.0)), Series("Actual", (7.0, None, 9.5))),
        "Calls",
    )
    line = ChartFigure("Trend", ("May", "June"), (Series("Trend", (1.0, float("nan"))),), "Trend", line=True)
    plan = GanttFigure("Roll-out", (GanttTask("Draft", date(2026, 1, 1), date(2026, 1, 9)),), "Draft")
    return Publication(
        "Portfolio of Sam",
        "Sam Ellis",
        "Diploma",
        "Sam & Co",
        (section("", other, index), section("U1", one), section("U2", two), section("E2", chart, line, plan)),
    )


def opened(path: Path) -> Any:
    with warnings.catch_warnings():
        # openpyxl does not read the plain data bars of Excel 2010 and later.
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        return openpyxl.load_workbook(path)


def written(folder: Path, what: Publication) -> Any:
    write_xlsx(what, folder / "out.xlsx")
    return opened(folder / "out.xlsx")


def values(sheet: Any) -> list[list[object]]:
    return [list(line) for line in sheet.iter_rows(values_only=True)]


def test_summary_counts_each_unit_and_leads_to_its_matrix(tmp_path: Path, tutors_copy: Publication) -> None:
    book = written(tmp_path, tutors_copy)
    assert book.sheetnames == ["Summary", "Evidence", "U1", "U2", "Figures"]
    lines = values(book["Summary"])
    assert lines[0][0] == "Portfolio of Sam"
    assert lines[1][0] == "Sam Ellis"
    head = [str(value) for value in lines[5]]
    counted = dict(zip(head, lines[6], strict=True))
    assert counted["Unit"] == "U1 Service"
    assert counted["Requirements"] == 3
    assert (counted["✓ met"], counted["● claimed with proof"], counted["○ no claim"]) == (1, 1, 1)
    assert counted["Share met"] == pytest.approx(1 / 3)
    assert counted["Evidence"] == 2
    whole = dict(zip(head, lines[8], strict=True))
    assert (whole["Unit"], whole["Requirements"], whole["Evidence"]) == ("All units", 4, 3)
    assert book["Summary"]["A7"].hyperlink.location == "'U1'!A1"
    assert any(rule.type == "dataBar" for area in book["Summary"].conditional_formatting for rule in area.rules)


def test_what_the_qualification_asks_for_stands_below_the_units(tmp_path: Path, tutors_copy: Publication) -> None:
    asked = cells("Group A", "at least 2 units", "U1: 1 unit", "0 units", "needs more units than are chosen")
    table = Table(cells("Group of units", "Asks for", "Chosen", "Achieved", "State"), (asked,), (1,) * 5,
                  "What the qualification asks for")  # fmt: skip
    book = written(tmp_path, replace(tutors_copy, sections=(section("", table), *tutors_copy.sections)))
    lines = values(book["Summary"])
    assert lines[10][0] == "What the qualification asks for"
    assert [value for value in lines[12] if value] == [runs.text for cell in asked for (runs,) in cell.paragraphs]


def test_matrix_sheet_has_requirements_down_and_evidence_across(tmp_path: Path, tutors_copy: Publication) -> None:
    sheet = written(tmp_path, tutors_copy)["U1"]
    lines = values(sheet)
    assert lines[3] == ["Ref", "Requirement", "State", "Claims", "E2  Plan 2", "E10  Plan 10"]
    assert lines[4][:3] == ["LO1", "Organise", None]
    assert lines[5] == ["1.1", "Explain it", "✓ met", 2, "✓ p. 1", "✓ p. 2"]
    assert lines[6] == ["1.2", "Explain it", "○ no claim", 0, None, None]
    assert sheet["E4"].alignment.textRotation == 90
    assert sheet["E4"].hyperlink.location == "'Evidence'!A4"
    assert sheet.freeze_panes == "C5"
    assert sheet.auto_filter.ref == "A4:F9"
    assert sheet.row_dimensions[9].height > 3 * sheet.row_dimensions[6].height
    legend = str(lines[1][0])
    assert all(f"{state.symbol} {state.value}" in legend for state in CoverageState)


def test_states_are_coloured_by_their_sign(tmp_path: Path, tutors_copy: Publication) -> None:
    sheet = written(tmp_path, tutors_copy)["U1"]
    coloured = {
        rule.text: (str(area.sqref), rule.dxf.font.color.rgb)
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.type == "beginsWith"
    }
    assert set(coloured) == {state.symbol for state in CoverageState}
    assert coloured["✓"] == ("E5:F9", "FF1B7A4A")


def test_sheets_are_set_up_for_printing(tmp_path: Path, tutors_copy: Publication) -> None:
    book = written(tmp_path, tutors_copy)
    sheet = book["U1"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_title_cols == "$A:$B"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.oddFooter.right.text == "Page &P of &N"
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert b"Sam &amp;&amp; Co" in archive.read("xl/worksheets/sheet3.xml")


def test_evidence_sheet_takes_what_the_index_says_and_counts_claims(tmp_path: Path, tutors_copy: Publication) -> None:
    lines = values(written(tmp_path, tutors_copy)["Evidence"])
    assert lines[2:] == [
        ["Ref", "Title", "Kind", "When", "Claims", "Met", "Claims in detail"],
        ["E2", "Plan 2", "Rota", "1 May", 1, 1, "U1/1.1: p. 1"],
        ["E3", "Three", None, None, 1, 0, "U2/1.1: p. 1"],
        ["E10", "Plan 10", "Plan", "3 May", 2, 1, "U1/1.1: p. 2; U1/2.1: p. 2"],
    ]


def test_evidence_without_an_index_is_listed_from_the_matrices(tmp_path: Path) -> None:
    what = Publication("P", "S", "", "", (section("U1", Matrix("U1", (row("1", CoverageState.MET, 0),), (item(1),))),))
    assert values(written(tmp_path, what)["Evidence"])[3] == ["E1", "Plan 1", 1, 1, "U1/1: p. 1"]


def test_figures_become_native_charts_beside_their_numbers(tmp_path: Path, tutors_copy: Publication) -> None:
    book = written(tmp_path, tutors_copy)
    sheet = book["Figures"]
    lines = [line[:4] for line in values(sheet)]
    assert [None, "Target", "Actual", None] in lines
    assert ["May", 8, 7, None] in lines
    assert ["June", 8, None, None] in lines
    assert ["Draft", datetime(2026, 1, 1), datetime(2026, 1, 9), 9] in lines  # noqa: DTZ001 - as Excel keeps days
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        charts = sorted(name for name in archive.namelist() if name.startswith("xl/charts/chart"))
        kinds = [archive.read(name) for name in charts]
    assert [b"barChart" in kind for kind in kinds] == [True, False, True]
    assert b"lineChart" in kinds[1]
    assert b'<c:min val="0"/>' in kinds[0]
    assert b'<c:grouping val="stacked"/>' in kinds[2]
    assert b"<a:noFill/>" in kinds[2]


def test_dates_before_excel_are_text_and_not_drawn(tmp_path: Path) -> None:
    old = GanttFigure("Old", (GanttTask("Founding", date(1850, 1, 1), date(1851, 1, 1)),), "")
    book = written(tmp_path, Publication("P", "", "", "", (section("", old, GanttFigure("None", (), "")),)))
    assert ["Founding", "1850-01-01", "1851-01-01", 366] in [line[:4] for line in values(book["Figures"])]


def test_nothing_a_user_typed_is_a_formula_or_a_link(tmp_path: Path) -> None:
    rows = tuple(row(text, CoverageState.MET, 0, text=text) for text in FORMULAS)
    column = MatrixColumn("=E1", "=1+1", "")
    chart = ChartFigure(FORMULAS[0], FORMULAS, (Series(FORMULAS[0], (1.0,) * len(FORMULAS)),), "")
    what = Publication(*FORMULAS[:4], (section("=U1", Matrix("=U1 title", rows, (column,)), chart),))
    book = written(tmp_path, what)
    for sheet in book:
        assert all(one.data_type != "f" for line in sheet.iter_rows() for one in line)
    sheet = book["=U1"]
    assert [sheet.cell(5 + number, 1).value for number in range(len(FORMULAS))] == list(FORMULAS)
    assert [sheet.cell(5 + number, 2).value for number in range(len(FORMULAS))] == list(FORMULAS)
    links = [one.hyperlink.target for line in sheet.iter_rows() for one in line if one.hyperlink]
    assert not any(links)


@given(
    st.lists(
        st.text(max_size=40) | st.sampled_from(["Summary", "History", "'", "a" * 40, "U[1]", "figures"]), max_size=4
    ),
    st.text(st.characters(codec=None), max_size=60) | st.sampled_from(FORMULAS),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gives_a_workbook_that_opens(tmp_path: Path, labels: list[str], text: str) -> None:
    column = MatrixColumn(text, text, text)
    cell = MatrixCell(CoverageState.PROOF, text)
    matrix = Matrix(text, (MatrixRow(text, text, text, CoverageState.PROOF, {0: cell}),), (column,))
    figures = (ChartFigure(text, (text,), (Series(text, (1.0,)),), text),)
    what = Publication(text, text, text, text, tuple(section(label, matrix, *figures) for label in labels))
    book = written(tmp_path, what)
    names = [name.casefold() for name in book.sheetnames]
    assert len(set(names)) == len(names) == 1 + len(labels) + (2 if labels else 0)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)
    assert not any(name.startswith("'") or name.endswith("'") for name in book.sheetnames)
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        for name in archive.namelist():
            etree.fromstring(archive.read(name))
    for sheet in book:
        assert all(one.data_type != "f" for line in sheet.iter_rows() for one in line)


def test_more_evidence_than_excel_has_columns_goes_on_further_sheets(tmp_path: Path) -> None:
    columns = tuple(MatrixColumn(f"E{number}", "", "") for number in range(1, 16_400))
    matrix = Matrix("U1", (row("1.1", CoverageState.MET, 0, 16_398),), columns)
    book = written(tmp_path, Publication("P", "", "", "", (section("U1", matrix),)))
    assert book.sheetnames[2:] == ["U1 part 1", "U1 part 2"]
    assert book["U1 part 2"].cell(4, 5).value == "E16381"
    assert book["U1 part 2"].cell(5, 23).value == "✓ p. 16399"


def test_large_matrix_is_written_whole(tmp_path: Path) -> None:
    rows = tuple(row(f"1.{number}", CoverageState.PROOF, *range(number % 10, 500, 10)) for number in range(2000))
    what = Publication("P", "", "", "", (section("U1", Matrix("U1", rows, tuple(item(n) for n in range(500)))),))
    write_xlsx(what, tmp_path / "big.xlsx")
    write_csv(what, tmp_path / "big.csv")
    assert len((tmp_path / "big.csv").read_text(encoding="utf-8-sig").splitlines()) == 2001
    book = openpyxl.load_workbook(tmp_path / "big.xlsx", read_only=True)
    assert (book["U1"].max_row or 0) > 2000
    book.close()


def test_workbook_without_matrices_says_so(tmp_path: Path) -> None:
    book = written(tmp_path, Publication("P", "S", "", "", ()))
    assert book.sheetnames == ["Summary"]
    assert "no units" in str(values(book["Summary"])[5][0])


def test_equal_publications_give_equal_workbooks(tmp_path: Path, tutors_copy: Publication) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(tutors_copy, tmp_path / name, invariant=True)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def cancel_at(number: int) -> Progress:
    calls = 0

    def report(done: int, total: int, what: str) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            raise Cancelled("Cancelled.")

    return report


def test_cancelling_leaves_nothing(tmp_path: Path, tutors_copy: Publication) -> None:
    steps: list[tuple[int, int]] = []
    write_xlsx(tutors_copy, tmp_path / "out.xlsx", progress=lambda done, total, what: steps.append((done, total)))
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
    (tmp_path / "out.xlsx").unlink()
    for number in range(1, len(steps) + 1):
        with pytest.raises(Cancelled):
            write_xlsx(tutors_copy, tmp_path / "out.xlsx", progress=cancel_at(number))
    with pytest.raises(Cancelled):
        write_csv(tutors_copy, tmp_path / "out.csv", progress=cancel_at(1))
    assert not list(tmp_path.iterdir())


def test_csv_is_one_table_that_can_be_sorted(tmp_path: Path, tutors_copy: Publication) -> None:
    write_csv(tutors_copy, tmp_path / "out.csv")
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert lines[0] == [
        "Unit", "Group", "Ref", "Requirement", "State", "Claims", "E2 Plan 2", "E3 Plan 3", "E10 Plan 10",
    ]  # fmt: skip
    assert lines[1] == ["U1 Service", "LO1 Organise", "1.1", "Explain it", "met", "2", "✓ p. 1", "", "✓ p. 2"]
    assert lines[2] == ["U1 Service", "LO1 Organise", "1.2", "Explain it", "no claim", "0", "", "", ""]
    assert lines[4] == ["U2 Care", "", "1.1", "Explain it", "claimed", "1", "", "◐ p. 1", ""]
    assert {len(line) for line in lines} == {9}


@given(st.text(st.characters(codec=None), max_size=30) | st.sampled_from(FORMULAS))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_csv_of_any_text_has_no_formula_and_keeps_its_shape(tmp_path: Path, text: str) -> None:
    matrix = Matrix(
        text,
        (MatrixRow(text, text, "", CoverageState.MET, {0: MatrixCell(CoverageState.MET, text)}),),
        (MatrixColumn(text, text, ""),),
    )
    write_csv(Publication("", "", "", "", (section("", matrix),)), tmp_path / "out.csv")
    content = (tmp_path / "out.csv").read_bytes().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content, newline="")))
    assert [len(line) for line in lines] == [7, 7]
    assert not any(one[:1] in set("=+-@\t\r＝") for line in lines for one in line if one)


def test_only_what_could_be_a_formula_gets_an_apostrophe() -> None:
    assert safe("=1") == "'=1"
    assert safe("plan - final") == "plan - final"
    assert safe("") == ""


def test_unwritable_targets_are_known_errors(tmp_path: Path, tutors_copy: Publication) -> None:
    with pytest.raises(CannotWrite):
        write_xlsx(tutors_copy, tmp_path / "missing" / "out.xlsx")
    with pytest.raises(CannotWrite):
        write_csv(tutors_copy, tmp_path)
