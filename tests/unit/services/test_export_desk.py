"""Documents made beside the window: what is saved is what they hold, also from another process."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from portfolio_app.domain.errors import Cancelled, InvalidInput, UnknownReference
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.helper_process import ProcessDied
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.evidence import EvidenceGiven, add_evidence
from portfolio_app.services.evidence_many import bin_evidence
from portfolio_app.services.export_desk import ExportDesk, ExportProcess
from portfolio_app.services.exports import ExportOptions, export_choices, items_to_hold_back
from portfolio_app.services.matrix_grid import MatrixFilter
from portfolio_app.services.portfolios import open_portfolio
from portfolio_app.storage.errors import StorageError
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
TODAY = date(2026, 6, 1)


@pytest.fixture
def desk(portfolio: PortfolioFile, kinds: Kinds) -> Iterator[ExportProcess]:
    made = ExportProcess(portfolio.path, kinds)
    yield made
    made.close()


def _add(portfolio: PortfolioFile, kinds: Kinds, title: str) -> None:
    item, _ = add_evidence(portfolio, kinds["plan"], EvidenceGiven(title=title))
    add_claim(portfolio, item.ref, "U1/2.1", ClaimGiven())


def test_what_is_saved_beside_it_is_what_it_holds(portfolio: PortfolioFile, kinds: Kinds) -> None:
    desk = ExportDesk(portfolio.path, kinds)
    for number in (1, 2):
        _add(portfolio, kinds, f"Plan {number}")
        assert desk.contents(ExportOptions(), TODAY).items == number
    snapshot = desk._snapshot
    desk.contents(ExportOptions(with_files=False), TODAY)
    assert desk._snapshot is snapshot, "it was read again although nothing has changed"
    with portfolio.edit("Begun") as editor:
        editor.bin_evidence(editor.evidence(1).id)
        assert desk.contents(ExportOptions(), TODAY).items == 2
    assert desk.contents(ExportOptions(), TODAY).items == 1


def test_a_portfolio_that_is_gone_is_a_sentence(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    desk = ExportDesk(portfolio.path, kinds)
    portfolio.close()
    portfolio.folder.rename(tmp_path / "moved")
    with pytest.raises(StorageError, match="There is no portfolio"):
        desk.contents(ExportOptions(), TODAY)


def test_one_that_is_open_for_reading_is_read_too(portfolio: PortfolioFile, kinds: Kinds) -> None:
    with open_portfolio(portfolio.folder, read_only=True) as beside:
        assert ExportDesk(beside.path, kinds).contents(ExportOptions(), TODAY).units == ("U1",)


def test_a_process_of_its_own_makes_the_same(
    portfolio: PortfolioFile, kinds: Kinds, desk: ExportProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add(portfolio, kinds, "Rota")
    here = ExportDesk(portfolio.path, kinds)
    assert desk.contents(ExportOptions(), TODAY) == here.contents(ExportOptions(), TODAY)
    monkeypatch.chdir(tmp_path)
    targets = [Path("a.csv"), Path("a.pdf")]
    table, pages = desk.write(targets, ExportOptions(), today=TODAY, program_version="1")
    same, others = here.write(
        [tmp_path / "b.csv", tmp_path / "b.pdf"], ExportOptions(), today=TODAY, program_version="1"
    )
    assert table.path == tmp_path / "a.csv"
    assert table.path.read_bytes() == same.path.read_bytes()
    assert pages.pages == others.pages
    with pytest.raises(UnknownReference, match="U9"):
        desk.contents(ExportOptions(unit_codes=("U9",)), TODAY)
    with pytest.raises(InvalidInput, match="own files"):
        desk.write([portfolio.folder / "files" / "a.csv"], ExportOptions(), today=TODAY, program_version="1")


@pytest.mark.skipif(os.name == "nt", reason="processes are stopped otherwise there")
def test_killed_while_writing_it_leaves_the_old_document(
    portfolio: PortfolioFile, kinds: Kinds, desk: ExportProcess, tmp_path: Path
) -> None:
    target = tmp_path / "a.pdf"
    target.write_text("old", encoding="utf-8")
    stopped = threading.Event()

    def progress(done: int, total: int, what: str) -> None:
        if total and not stopped.is_set():
            os.kill(desk.process_id or 0, signal.SIGKILL)
            stopped.set()

    for number in range(40):
        _add(portfolio, kinds, f"Plan {number}")
    with ThreadPoolExecutor(1) as beside, pytest.raises(ProcessDied, match="makes documents ended unexpectedly"):
        beside.submit(
            desk.write, [target], ExportOptions(), today=TODAY, program_version="1", progress=progress
        ).result(120)
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.pdf"]
    desk.close()
    with pytest.raises(Cancelled):
        desk.write([target], ExportOptions(), today=TODAY, program_version="1")


def test_what_can_be_chosen_is_known_without_reading_everything(portfolio: PortfolioFile, kinds: Kinds) -> None:
    for title in ("Rota", "Report"):
        _add(portfolio, kinds, title)
    first, second = items_to_hold_back(portfolio)
    assert [(first.number, first.title), (second.number, second.title)] == [(1, "Rota"), (2, "Report")]
    bin_evidence(portfolio, [first.id])
    choices = export_choices(portfolio, {first.id, second.id})
    assert [unit.code for unit in choices.units] == ["U1"]
    assert choices.held_back == {second.id}
    assert [item.id for item in items_to_hold_back(portfolio)] == [second.id]


def test_a_matrix_is_written_as_it_is_filtered(
    desk: ExportProcess, portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    for title in ("Rota", "Audit"):
        _add(portfolio, kinds, title)
    target = tmp_path / "Matrix.csv"
    assert desk.write_matrix(target, MatrixFilter(items="audit"), ExportOptions()).path == target
    text = target.read_text(encoding="utf-8-sig")
    assert "E2" in text
    assert "E1" not in text
    with pytest.raises(InvalidInput, match="own files"):
        desk.write_matrix(portfolio.folder / "files" / "x.csv", MatrixFilter(), ExportOptions())
