"""The form for a witness as a PDF of one page that can be filled in anywhere (PDF/UA-1)."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from portfolio_app.domain.review import IDENTITY
from portfolio_app.domain.witness_form import WitnessIdentity, box_name
from portfolio_app.durable import replace_atomically
from portfolio_app.exporting.options import Profile
from portfolio_app.exporting.pdf.assemble import Assembly, write_assembled
from portfolio_app.exporting.pdf.destinations import Destinations
from portfolio_app.exporting.pdf.paper import Paper
from portfolio_app.exporting.pdf.pen import Pen
from portfolio_app.exporting.pdf.properties import PROGRAM, Properties
from portfolio_app.exporting.pdf.text import Typesetter
from portfolio_app.exporting.pdf.witness_page import WitnessPage
from portfolio_app.exporting.publication import Publication
from portfolio_app.exporting.typography import FontBook
from portfolio_app.exporting.witness_sheet import WitnessSheet
from portfolio_app.exporting.wording import wording_of
from portfolio_app.scratch import scratch_prefix


def write_witness_form(
    sheet: WitnessSheet,
    requirements: Sequence[str],
    identity: WitnessIdentity,
    key: bytes,
    target: Path,
    *,
    page_size: str = "A4",
    invariant: bool = False,
) -> int:
    """Write the form to ``target``; the file there stays as it was unless everything went well.

    Args:
        sheet: what it says.
        requirements: the ids of those that the sheet lists, in its order.
        identity: which form it is; its boxes and its page are known only now.
        key: the portfolio's secret, with which the identity is sealed.
        target: the file to write or replace.
        page_size: "A4" or "Letter".
        invariant: leave the time of writing out, so that the same form gives the same bytes.

    Returns:
        How many of the requirements found room on the page.

    Raises:
        InvalidInput: the page size is unknown.
        CannotWrite: the folder is missing or not writable, the disk is full.
    """
    paper = Paper.named(page_size)
    words = wording_of(sheet.language)
    fonts = FontBook()
    title = words("witness_form.document", kind=sheet.title, learner=sheet.learner, ref=sheet.ref)
    typesetter = Typesetter(fonts, Destinations(_NO_PUBLICATION, lambda _: 0), words, lambda: None)
    with replace_atomically(target) as place, tempfile.TemporaryDirectory(prefix=scratch_prefix("pdf")) as scratch:
        laid_out = Path(scratch) / "laid-out.pdf"
        pen = Pen(laid_out, fonts, language=sheet.language, invariant=invariant)
        page = WitnessPage(sheet, paper, pen, typesetter)
        made_on = words.day(identity.made.astimezone().date())
        page.draw(words("witness_form.foot", ref=sheet.ref, token=identity.token, day=made_on))
        pen.fields.hidden(IDENTITY, pen.page)
        pen.close()
        boxes = {box_name(number): one for number, one in enumerate(requirements[: page.listed], 1)}
        properties = Properties(
            title=title,
            author=sheet.learner,
            subject=words("witness_form.subject"),
            keywords=(),
            program=PROGRAM,
            language=sheet.language,
            profile=Profile.REVIEW,
            written_at=None if invariant else identity.made,
            identifier=str(identity),
        )
        assembly = Assembly(
            words, (), (), {}, pen.structure, properties, pen.fields, replace(identity, boxes=boxes), key
        )
        write_assembled(laid_out, place, assembly, _Silent())
    return page.listed


_NO_PUBLICATION = Publication("", "", "", "", ())


class _Silent:
    """A page is written at once: there is nothing to report."""

    def __call__(self, what: str, units: int = 1) -> None:
        """Do nothing."""

    def check(self) -> None:
        """Do nothing."""
