"""The matrix of 2,000 requirements by 500 items: a step of the wheel, a page, a move, and 10,000 items opened."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.measure import Result, at_most, run

_STEPS = 150
_WHEEL = 84  # pixels: three rows
_SIZE = (1920, 1080)
_BOUNDS = {
    "down": ("a step of the wheel down (median)", 16.0),
    "across": ("a step of the wheel across (median)", 16.0),
    "worst": ("  the slowest of both", 50.0),
    "page": ("a whole page anew (median)", 16.0),
    "move": ("an arrow key (median)", 16.0),
    "filter": ("a filter", 50.0),
    "zoom": ("a step of zoom", 50.0),
    "open": ("10,000 items and 60,000 claims: read and laid out", 150.0),
    "show": ("10,000 items and 60,000 claims: shown", 50.0),
}


def measure(folder: Path) -> list[Result]:
    """Measure in a process of its own, drawn off the screen at 1920 × 1080."""
    cost = run([sys.executable, "-m", "tests.benchmarks.matrix_scrolling", folder])
    told: dict[str, float] = json.loads(cost.output.strip().splitlines()[-1])
    return [at_most(name, told[key], bound, "ms", 1) for key, (name, bound) in _BOUNDS.items()]


def _figures(folder: Path) -> dict[str, float]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Imported here: the parent process measures and needs no window.
    from PySide6.QtWidgets import QApplication, QScrollBar
    from tests.benchmarks.large_portfolio import make_large_portfolio
    from tests.matrix_facts import large_grid

    from portfolio_app.gui import theme
    from portfolio_app.gui.widgets.matrix_view import MatrixTable
    from portfolio_app.services.matrix_grid import MatrixFilter, RowChoice, matrix_grid

    application = QApplication([])
    theme.apply(application, "light")
    table = MatrixTable()
    table.resize(*_SIZE)
    table.show()
    grid = large_grid(2000, 500)
    table.show_matrix(grid, MatrixFilter())
    application.processEvents()

    def taken(work: Callable[[], object]) -> float:
        start = time.perf_counter()
        work()
        application.processEvents()
        return (time.perf_counter() - start) * 1000

    def steps(bar: QScrollBar) -> list[float]:
        return [taken(lambda: bar.setValue(bar.value() + _WHEEL)) for _ in range(_STEPS)]

    def page() -> None:
        for part in (table.viewport(), table.requirement_edge.viewport(), table.evidence_edge.viewport()):
            part.repaint()

    down, across = steps(table.verticalScrollBar()), steps(table.horizontalScrollBar())
    figures = {
        "down": statistics.median(down),
        "across": statistics.median(across),
        "worst": max(*down, *across),
        "page": statistics.median(taken(page) for _ in range(30)),
        "move": statistics.median(
            taken(lambda: table.go_to(table.row_in_hand + 1, table.column_in_hand + 1)) for _ in range(60)
        ),
        "filter": taken(lambda: table.show_matrix(grid, MatrixFilter(rows=RowChoice.GAPS, only_used=True))),
        "zoom": taken(lambda: table.zoom(1)),
    }
    with make_large_portfolio(folder / "large") as portfolio:
        matrix_grid(portfolio)
        figures["open"] = statistics.median(taken(lambda: matrix_grid(portfolio)) for _ in range(5))
        whole = matrix_grid(portfolio)
    figures["show"] = taken(lambda: table.show_matrix(whole, MatrixFilter()))
    return figures


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_figures(Path(sys.argv[1]))) + "\n")
