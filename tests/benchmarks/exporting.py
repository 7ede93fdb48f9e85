"""Exports: of 200 items of 250 words with a matrix of 40 criteria by 200 items, and of much that is bound in."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.bound_portfolio import make_files
from tests.benchmarks.measure import Result, alternate, at_least, at_most, run_task


def measure(folder: Path) -> list[Result]:
    """Measure the whole process of each writer: from the portfolio's values to the finished file."""
    pdf, told = run_task("pdf", folder / "portfolio.pdf")
    docx, _ = run_task("docx", folder / "portfolio.docx")
    tagged, untagged, share = alternate(
        lambda: float(run_task("pdf", folder / "tagged.pdf")[1]["cpu"]),
        lambda: float(run_task("pdf", folder / "untagged.pdf", "untagged")[1]["cpu"]),
    )
    files = folder / "files"
    make_files(files)
    runs = [run_task("bound", files, folder / "bound.pdf") for _ in range(2)]
    bound, bound_told = min(runs, key=lambda one: one[0].cpu)
    silent = min(float(one["silent"]) for _, one in runs)
    return [
        at_least(f"PDF, {told['pages']} pages", told["pages"] / pdf.cpu, 35, "pages per CPU-second"),
        at_most("  memory of the whole process", pdf.memory / 1e6, 150, "MB", 0),
        at_most(f"  tagged ({tagged:.2f} s) to untagged ({untagged:.2f} s)", share, 1.25, "×"),
        at_most("DOCX (CPU of the whole process)", docx.cpu, 3, "s"),
        at_most(f"PDF, {bound_told['pages']} pages: 50 photographs, 500 attached pages", bound.cpu, 10, "CPU-s"),
        at_most("  memory of the whole process", bound.memory / 1e6, 600, "MB", 0),
        at_most("  longest time in which it could not be cancelled", silent, 1, "CPU-s"),
    ]
