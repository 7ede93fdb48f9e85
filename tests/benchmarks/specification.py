"""Reading the specification of a qualification: some 200 pages with 40 units, in the ways that they are laid out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.benchmarks.measure import Result, at_most, run_task
from tests.printed_specifications import made_up_units, write_pdf, write_word

_UNITS: Final = 40
_SECONDS: Final = 3


def measure(folder: Path) -> list[Result]:
    """Read a specification as a grid, with a row for each outcome, without lines, and as a Word document."""
    units = made_up_units(_UNITS, outcomes=7, criteria=7)
    results = []
    for layout in ("rows", "outcomes", "gridless"):
        path = folder / f"{layout}.pdf"
        write_pdf(path, units, layout, front_pages=30)
        cost, found = run_task("read_units", path)
        what = f"{found['units']} units of {found['pages']} pages laid out as {layout}"
        results.append(at_most(what, cost.cpu, _SECONDS, "CPU-s", 1))
    path = folder / "units.docx"
    write_word(path, units)
    cost, found = run_task("read_units", path)
    what = f"{found['units']} units of a Word document"
    return [*results, at_most(what, cost.cpu, _SECONDS, "CPU-s", 1)]
