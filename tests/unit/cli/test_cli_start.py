"""Help and errors come at once: nothing slow is loaded for them."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "sqlalchemy", "sqlite3", "reportlab", "docx", "lxml", "pikepdf", "PIL", "pypdfium2", "xlsxwriter", "rich",
    "markdown_it", "PySide6", "platformdirs", "asyncio", "pyhanko", "cryptography", "aiohttp",
)  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "import portfolio_app.cli",
        "from portfolio_app.cli import run; run(['--help'])",
        "from portfolio_app.cli import run; run([])",
        "from portfolio_app.cli import run; run(['evidence', 'add', '--help'])",
        "from portfolio_app.cli import run; run(['nonsense'])",
    ],
)
def test_nothing_slow_is_loaded(statement: str) -> None:
    code = f"import sys; {statement}; print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=60, check=True
    )
    assert finished.stderr.splitlines()[-1] == "[]"


def test_listing_the_library_loads_no_database() -> None:
    code = (
        "import sys; from portfolio_app.cli import run; run(['library', '--json']); print('sqlalchemy' in sys.modules)"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert finished.stdout.splitlines()[-1] == "False"
