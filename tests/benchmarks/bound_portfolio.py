"""A portfolio with much to bind in: photographs, and documents of many pages, some of which claims quote."""

from __future__ import annotations

import hashlib
import io
import random
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas
from tests.sample_portfolios import Sample, large_portfolio

from portfolio_app.domain.claims import Locator
from portfolio_app.domain.evidence import Attachment
from portfolio_app.exporting.typography import REGULAR, FontBook

PHOTOGRAPHS, DOCUMENTS, PAGES = 50, 50, 10
_ITEMS = 100
_QUOTED = "told the team why page {page} of document {number} matters"


def make_files(folder: Path) -> None:
    """Write the photographs (12 megapixels each) and the documents, the same ones each time."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(7)
    for number in range(PHOTOGRAPHS):
        (folder / f"photograph-{number:02}.jpg").write_bytes(_photograph(number, chance))
    FontBook()
    for number in range(DOCUMENTS):
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=(595, 842), invariant=1, initialFontName=REGULAR)
        for page in range(1, PAGES + 1):
            canvas.setFont(REGULAR, 11)
            for line in range(45):
                words = _QUOTED.format(page=page, number=number) if line == 20 else f"Line {line} of minutes and plans"
                canvas.drawString(60, 780 - 16 * line, f"{words}: we set a target and looked at the figures.")
            canvas.showPage()
        canvas.save()
        (folder / f"document-{number:02}.pdf").write_bytes(buffer.getvalue())


def _photograph(number: int, chance: random.Random) -> bytes:
    picture = Image.linear_gradient("L").resize((4000, 3000)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for _ in range(400):
        x, y, side = chance.randrange(4000), chance.randrange(3000), chance.randrange(20, 600)
        colour = (chance.randrange(256), chance.randrange(256), number * 5)
        draw.ellipse((x, y, x + side, y + side), fill=colour)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def bound_portfolio(folder: Path) -> Sample:
    """Return a portfolio of a hundred items with the files of a folder; a claim of each document quotes a page."""
    sample = large_portfolio(items=_ITEMS, criteria=40, claims_per_item=6)
    photographs, documents = sorted(folder.glob("*.jpg")), sorted(folder.glob("*.pdf"))
    files: dict[str, bytes] = {}

    def attachment(path: Path, media_type: str) -> Attachment:
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        files[sha256] = content
        return Attachment(sha256[:32], path.name, sha256, len(content), media_type, "What it shows")

    evidence = list(sample.portfolio.evidence)
    for place, path in enumerate(photographs):
        evidence[place] = replace(evidence[place], attachments=(attachment(path, "image/jpeg"),))
    quoted = {}
    for place, path in enumerate(documents, len(photographs)):
        evidence[place] = replace(evidence[place], attachments=(attachment(path, "application/pdf"),))
        number = int(path.stem[-2:])
        page = number % PAGES + 1
        quoted[evidence[place].id] = _QUOTED.format(page=page, number=number), Locator(page=str(page))
    claims = tuple(
        replace(claim, quotation=quoted[claim.evidence_id][0], locator=quoted[claim.evidence_id][1])
        if claim.evidence_id in quoted
        else claim
        for claim in sample.portfolio.claims
    )
    return Sample(replace(sample.portfolio, evidence=tuple(evidence), claims=claims), sample.kinds, files)
