"""Exports of 200 items of 250 words with a matrix of 40 criteria by 200 items."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.measure import Result, at_least, at_most, run_task


def measure(folder: Path) -> list[Result]:
    """Measure the whole process of each writer: from the portfolio's values to the finished file."""
    pdf, told = run_task("pdf", folder / "portfolio.pdf")
    docx, _ = run_task("docx", folder / "portfolio.docx")
    return [
        at_least(f"PDF, {told['pages']} pages", told["pages"] / pdf.cpu, 35, "pages per CPU-second"),
        at_most("  memory of the whole process", pdf.memory / 1e6, 120, "MB", 0),
        at_most("DOCX (CPU of the whole process)", docx.cpu, 3, "s"),
    ]
