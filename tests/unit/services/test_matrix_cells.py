"""Cells of the matrix: said in words, claimed and taken back in one step, copied and exported as shown."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from portfolio_app.domain.claims import Decision, Verdict
from portfolio_app.domain.errors import UnknownReference
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.redaction import Redaction, RedactionTerm
from portfolio_app.exporting.publication import Matrix
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.evidence import EvidenceGiven, add_evidence
from portfolio_app.services.exports import ExportOptions, write_publication
from portfolio_app.services.history import undo
from portfolio_app.services.matrix_cells import cell_sentence, cell_words, toggle_claims
from portfolio_app.services.matrix_export import matrix_publication, tabbed_text
from portfolio_app.services.matrix_grid import MatrixFilter, MatrixGrid, matrix_grid, shown
from portfolio_app.storage.portfolio_file import PortfolioFile


@pytest.fixture
def filled(portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind]) -> PortfolioFile:
    for title in ("Plan", "=SUM(A1)", "Minutes"):
        add_evidence(portfolio, kinds["plan"], EvidenceGiven(title=title))
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven(quotation="we set a four-minute target", place="p. 3"))
    add_claim(portfolio, "E2", "U1/1.1", ClaimGiven(why="It adds up."))
    return portfolio


def _cell(grid: MatrixGrid, address: str, number: int) -> tuple[str, str]:
    (row,) = [row for row in grid.rows if row.address == address]
    return grid.evidence[number - 1].id, row.id


def _sentence(portfolio: PortfolioFile, address: str, number: int) -> str:
    grid = matrix_grid(portfolio)
    item_id, row_id = _cell(grid, address, number)
    words = cell_words(portfolio, row_id, item_id)
    return cell_sentence(grid.rows[grid.row_of(row_id)], grid.evidence[number - 1], words)


def test_a_cell_is_said_in_words(filled: PortfolioFile) -> None:
    assert (
        _sentence(filled, "U1/1.1", 1)
        == "U1/1.1 × E1: claimed with proof, p. 3 – “we set a four-minute target” – no decision"
    )
    assert _sentence(filled, "U1/1.1", 2) == "U1/1.1 × E2: claimed – It adds up. – no decision"
    assert _sentence(filled, "U1/2.1", 3) == "U1/2.1 × E3: not claimed – no decision"
    grid = matrix_grid(filled)
    moment = datetime(2026, 3, 9, 12, tzinfo=UTC)
    with filled.edit("Decide") as editor:
        editor.add_decision(Decision("d1", _cell(grid, "U1/1.1", 1)[1], Verdict.MET, "Dana Price", "", moment))
    assert _sentence(filled, "U1/1.1", 2).endswith(" – decided met by Dana Price on 9 March 2026")


def test_a_long_quotation_is_cut_at_a_word(filled: PortfolioFile) -> None:
    add_claim(filled, "E3", "U1/2.1", ClaimGiven(quotation="several words " * 50))
    said = _sentence(filled, "U1/2.1", 3)
    assert "several words …”" in said
    assert len(said) < 180


def test_toggling_claims_what_is_missing_and_then_takes_all_back_each_in_one_step(filled: PortfolioFile) -> None:
    grid = matrix_grid(filled)
    cells = [_cell(grid, "U1/1.1", 1), _cell(grid, "U1/1.1", 3), _cell(grid, "U1/1.2", 3)]
    toggled, changes = toggle_claims(filled, cells)
    assert (toggled.claimed, list(toggled.cells)) == (True, cells[1:])
    assert toggled.sentence == "Claimed 2 cells of the matrix."
    assert len(changes.claims) == 2
    before = [list(row.columns) for row in matrix_grid(filled).rows]
    assert before == [[], [], [0, 1, 2], [2], []]
    toggled, _ = toggle_claims(filled, cells)
    assert (toggled.claimed, list(toggled.cells)) == (False, cells)
    undo(filled)
    assert [list(row.columns) for row in matrix_grid(filled).rows] == before
    assert cell_words(filled, cells[0][1], cells[0][0]).claim is not None


def test_one_cell_is_named_in_the_step(filled: PortfolioFile) -> None:
    toggle_claims(filled, [_cell(matrix_grid(filled), "U1/2.1", 3)])
    assert filled.history(1)[0].name == "Claim E3 → U1/2.1"


def test_a_cell_that_has_gone_is_refused_and_nothing_is_claimed(filled: PortfolioFile) -> None:
    grid = matrix_grid(filled)
    good = _cell(grid, "U1/2.1", 3)
    group = next(row.id for row in grid.rows if row.address == "U1/LO1")
    for bad in ((good[0], group), ("gone", good[1]), (good[0], "gone")):
        with pytest.raises(UnknownReference, match="not in this portfolio"):
            toggle_claims(filled, [good, bad])
    with pytest.raises(UnknownReference):
        toggle_claims(filled, [])
    assert not matrix_grid(filled).rows[grid.row_of(good[1])].columns


def test_what_is_copied_pastes_into_a_spreadsheet_and_is_no_formula(filled: PortfolioFile) -> None:
    grid = matrix_grid(filled)
    text = tabbed_text(
        grid.rows[1:3], [(1, grid.evidence[1]), (0, grid.evidence[0]._replace(title="Two\tlines\nhere"))]
    )
    assert text.splitlines() == [
        "Address\tRequirement\tState\tItems\tE2 =SUM(A1)\tE1 Two lines here",
        "U1/LO1\tOutcome.\t0 of 2 met\t\t\t",
        "U1/1.1\tDo 1.1.\t● claimed with proof\t2\t◐\t●",
    ]
    assert tabbed_text([replace(grid.rows[2], full_text="=1+1")], []).splitlines()[1].split("\t")[1] == "'=1+1"


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx", ".csv"])
def test_an_export_holds_what_is_shown_and_nothing_else(filled: PortfolioFile, tmp_path: Path, suffix: str) -> None:
    grid = matrix_grid(filled)
    wanted = MatrixFilter(items="e2 ", only_used=True)
    publication = matrix_publication(filled, grid, shown(grid, wanted), wanted, ExportOptions())
    target = tmp_path / f"matrix{suffix}"
    written = write_publication(
        publication, target, ExportOptions(), portfolio_folder=filled.folder, redaction=Redaction()
    )
    assert written.path == target
    assert written.size == target.stat().st_size > 0
    if suffix == ".csv":
        header, *rows = csv.reader(target.read_text(encoding="utf-8-sig").splitlines())
        assert header[6:] == ["E2 =SUM(A1)"]
        assert [(row[2], row[-1]) for row in rows] == [("1.1", "◐"), ("1.2", ""), ("2.1", "")]
    elif suffix == ".xlsx":
        with warnings.catch_warnings():  # openpyxl does not read the plain data bars of Excel 2010 and later
            warnings.filterwarnings("ignore", message=".*extension is not supported")
            book = openpyxl.load_workbook(target)
        text = [str(cell.value) for cells in book["U1"].iter_rows() for cell in cells if cell.value]
        assert any("E2" in each for each in text)
        assert not any("Minutes" in each for each in text)


def test_what_is_marked_is_hidden_in_a_matrix_that_is_exported_by_itself(filled: PortfolioFile, tmp_path: Path) -> None:
    grid, wanted = matrix_grid(filled), MatrixFilter()
    publication = matrix_publication(filled, grid, shown(grid, wanted), wanted, ExportOptions())
    marked = Redaction((RedactionTerm("t", "minutes", "M."),))
    target = tmp_path / "minutes.csv"
    written = write_publication(publication, target, ExportOptions(), portfolio_folder=filled.folder, redaction=marked)
    text = target.read_text(encoding="utf-8-sig")
    assert "Minutes" not in text
    assert "E3 M." in text
    assert "stands in the name of its file" in written.warnings[0]


def test_places_of_claims_are_exported(filled: PortfolioFile) -> None:
    grid, wanted = matrix_grid(filled), MatrixFilter()
    publication = matrix_publication(filled, grid, shown(grid, wanted), wanted, ExportOptions())
    (matrix,) = [block for section in publication.sections for block in section.blocks if isinstance(block, Matrix)]
    assert [row.code for row in matrix.rows] == ["LO1", "1.1", "1.2", "2.1"]
    assert matrix.rows[1].cells[0].place == "p. 3"
