"""Our forms in what most people open them with: Firefox's viewer, and Chromium itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.e2e import chromium
from tests.form_clients import Answers, root_of

from portfolio_app.domain.witness import Place
from portfolio_app.importing.evidence_kinds import load_kinds
from portfolio_app.importing.pdf_form import read_form
from portfolio_app.services.exports import ExportOptions, export
from portfolio_app.services.portfolios import open_portfolio
from portfolio_app.services.review import read_review
from portfolio_app.services.sample import build_sample
from portfolio_app.services.witness_forms import witness_form_for, write_form
from portfolio_app.services.witness_returns import compare_statement, read_statement
from portfolio_app.storage.portfolio_file import PortfolioFile

_MODULES = Path(os.environ.get("PORTFOLIO_APP_NODE_MODULES", Path(sys.prefix, "node", "node_modules"))).absolute()
_PDFJS = _MODULES / "pdfjs-dist"
_ANSWERS = {
    "assessor_name": "Zoë O’Hara-Łukasz",
    "r1.decision": "met",
    "r1.comment": "Siân’s plan – «who does what».\nŴyn and Llŷr agree.",
    "r2.decision": "not_yet_met",
    "r6.decision": "more_evidence",
    "r6.comment": "Which week (or month) was it?",
    "e1.valid": "yes",
    "e3.current": "yes",
    "e3.sufficient": "yes",
}


def _pdfjs_storing(source: Path, target: Path, answers: Answers) -> None:
    """Fill a form in with pdf.js."""
    root = root_of(source)
    named = {f"{root}.{name}": value for name, value in answers.items()}
    script = Path(__file__).with_name("fill_with_pdfjs.mjs")
    command = [str(each) for each in ("node", script, _PDFJS, source, target, json.dumps(named))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortfolioFile]:
    folder = tmp_path_factory.mktemp("review") / "Sam Ellis"
    build_sample(folder)
    with open_portfolio(folder) as portfolio:
        yield portfolio


@pytest.fixture(scope="module")
def copy(portfolio: PortfolioFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("copy") / "review copy.pdf"
    export(portfolio, load_kinds(), [target], ExportOptions(), today=date(2026, 6, 1), program_version="1")
    return target


_with_each_viewer = pytest.mark.parametrize(
    "client",
    [
        pytest.param(
            _pdfjs_storing,
            marks=pytest.mark.skipif(
                not (shutil.which("node") and _PDFJS.is_dir()), reason="there is no Node.js with pdfjs-dist"
            ),
        ),
        pytest.param(
            chromium.chromium_typing,
            marks=pytest.mark.skipif(chromium.PROGRAM is None, reason="there is no Chromium"),
        ),
    ],
    ids=lambda client: client.__name__,
)


@_with_each_viewer
def test_what_a_viewer_saves_is_what_was_filled_in(
    portfolio: PortfolioFile, copy: Path, tmp_path: Path, client: Callable[[Path, Path, Answers], None]
) -> None:
    filled = tmp_path / "filled.pdf"
    client(copy, filled, _ANSWERS)
    blank = dict(read_form(copy).values)
    root = root_of(copy)
    form = read_form(filled)
    assert not form.unclear
    assert form.values == blank | {f"{root}.{name}": value for name, value in _ANSWERS.items()}
    comparison = read_review(portfolio, filled)
    assert comparison.warnings == ()
    assert comparison.by == "Zoë O’Hara-Łukasz"
    assert len(comparison.answers) == 3


@_with_each_viewer
def test_a_form_for_a_witness_comes_back_from_a_viewer_as_it_was_filled_in(
    portfolio: PortfolioFile, tmp_path: Path, client: Callable[[Path, Path, Answers], None]
) -> None:
    kinds = load_kinds()
    write_form(witness_form_for(portfolio, kinds, "E19"), tmp_path / "form.pdf")
    answers = {
        "r1": "yes",
        "account": "Siân rang both – «twice».\nThen she wrote it down.",
        "may_be_contacted": "no",
        "signature": "Karen Holt",
        "signed_on": "12 June 2026",
    }
    client(tmp_path / "form.pdf", tmp_path / "filled.pdf", answers)
    comparison = compare_statement(portfolio, kinds, read_statement(tmp_path / "filled.pdf"))
    assert comparison.warnings == ()
    assert (comparison.name, comparison.signed, len(comparison.seen)) == ("Karen Holt", True, 1)
    said = {answer.place: answer.said for answer in comparison.answers}
    assert said[Place.TESTIMONY] == answers["account"]
    assert said[Place.CONTACT] == "no"
