"""The assessor's way through the window itself: exported there, filled in elsewhere, dropped there, accepted."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.e2e.window_driver import WindowDriver
from tests.returned_copies import fill_in, signed_by

from portfolio_app.services.decisions import decisions_of
from portfolio_app.services.review import read_review
from portfolio_app.storage.portfolio_file import PortfolioFile

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no such screen")


@pytest.mark.timeout(180)
def test_what_was_exported_comes_back_by_a_drop(window: WindowDriver, sample_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "Sam.pdf"
    window.start(sample_folder)
    window.wait_for(re.compile("Sam.* – Portfolio App"), "frame")
    window.keys("ctrl+e")
    window.wait_for(re.compile(r"^of \d+$"))  # the preview, with which the page is as it stays
    window.press("Export …")
    window.wait_for(re.compile("^Export"), "dialog")
    window.keys("ctrl+a")
    window.type(str(copy))
    window.keys("Return")
    window.wait_for(re.compile("“Sam.pdf” was exported"))

    answers = signed_by(role="Assessor") | {"r2.decision": "not_yet_met", "r2.comment": "Say who answers for it."}
    returned = fill_in(copy, tmp_path / "From Dana.pdf", answers)
    window.keys("ctrl+6")
    window.drop([returned], window.wait_for("Requirements", "tree"))
    window.wait_for(re.compile("^Dana Whyte’s review"), "dialog")
    window.press("Accept 1 answer")
    window.wait_for(re.compile("Dana Whyte, .* on the copy of"))
    assert window.quit() == 0
    assert window.complaints() == ""

    with PortfolioFile.open(sample_folder) as portfolio:
        (answer,) = read_review(portfolio, returned).answers
        assert answer.recorded is not None
        assert decisions_of(portfolio, answer.requirement_id)[0].comment == "Say who answers for it."
        assert not answer.is_acceptable
