"""What the benchmarks run in processes of their own; each task prints its figures as one line of JSON."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

_WORDS = "We set a four-minute target and told the team why. "

# Imported inside the tasks: the memory and the processor time of a task are those of what it needs itself.


def attach(source: str, store: str) -> dict[str, float]:
    """Attach one file to a new store."""
    from portfolio_app.storage.files import FileStore

    folder = Path(store)
    folder.mkdir(parents=True)
    start = time.perf_counter()
    FileStore(folder).add(Path(source))
    return {"wall": time.perf_counter() - start}


def large(folder: str, items: str, claims: str) -> dict[str, float]:
    """Make a large portfolio and use it; medians in milliseconds."""
    from tests.benchmarks.large_portfolio import make_large_portfolio

    from portfolio_app.domain.coverage import coverage
    from portfolio_app.domain.gaps import find_gaps
    from portfolio_app.importing.evidence_kinds import load_kinds
    from portfolio_app.services.evidence import EvidenceGiven, edit_evidence
    from portfolio_app.storage.portfolio_file import PortfolioFile

    place = Path(folder)
    make_large_portfolio(place, int(items), int(claims)).close()
    kinds = load_kinds()

    def median(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter, runs: int = 7) -> float:
        times = []
        for _ in range(runs):
            start = clock()
            work()
            times.append((clock() - start) * 1000)
        return statistics.median(times)

    opened: list[PortfolioFile] = []
    opening = []
    for _ in range(5):
        start = time.perf_counter()
        opened.append(PortfolioFile.open(place))
        opening.append((time.perf_counter() - start) * 1000)
        opened.pop().close()
    with PortfolioFile.open(place) as portfolio:
        numbers = iter(range(1, 1000))

        def edit() -> None:
            given = EvidenceGiven(body=f"{_WORDS * 50} {datetime.now(UTC).isoformat()}")
            edit_evidence(portfolio, kinds, f"E{next(numbers)}", given)

        def sum_up() -> None:
            with portfolio.read() as reader:
                facts = reader.facts(portfolio.files.sizes())
            coverage(facts)
            find_gaps(facts, kinds, date(2026, 11, 22))

        def back_up() -> None:
            edit()
            start = time.perf_counter()
            portfolio.backups.make()
            backing_up.append((time.perf_counter() - start) * 1000)

        first = median(sum_up, runs=1)
        after_edits = []
        for _ in range(5):
            edit()
            after_edits.append(median(sum_up, runs=1))
        edits = median(edit, time.process_time, runs=25)
        backing_up: list[float] = []
        for _ in range(5):
            back_up()
        return {
            "open": statistics.median(opening),
            "first_coverage_and_gaps": first,
            "coverage_and_gaps": statistics.median(after_edits),
            "edit": edits,
            "backup": statistics.median(backing_up),
        }


def pdf(target: str) -> dict[str, float]:
    """Write the PDF of 200 items × 250 words with a matrix of 40 × 200."""
    from portfolio_app.exporting.pdf import write_pdf

    return {"pages": write_pdf(_publication(), Path(target)).pages}


def docx(target: str) -> dict[str, float]:
    """Write the Word document of the same."""
    from portfolio_app.exporting.docx import write_docx

    write_docx(_publication(), Path(target))
    return {"bytes": Path(target).stat().st_size}


def _publication() -> Any:  # its type would be imported for every task
    from tests.sample_portfolios import large_portfolio

    from portfolio_app.exporting.portfolio_publication import ExportOptions, build_publication

    sample = large_portfolio(items=200, criteria=40, claims_per_item=6)
    return build_publication(
        sample.portfolio, sample.kinds, lambda _: None, ExportOptions(), date(2026, 11, 22), "benchmark"
    )


_TASKS: dict[str, Callable[..., dict[str, float]]] = {"attach": attach, "large": large, "pdf": pdf, "docx": docx}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_TASKS[sys.argv[1]](*sys.argv[2:])) + "\n")
