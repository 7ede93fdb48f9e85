"""Draw the README's picture anew: three pages of the sample portfolio's PDF, side by side.

Run it with ``make pictures`` when the documents look different.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from portfolio_app.cli import run

_TARGET = Path(__file__).resolve().parents[1] / "docs" / "images" / "exported-pages.png"
_HEADINGS = ("Sam Ellis", "U1 Manage customer service operations", "E3 Rota for autumn enrolment week")
"""The lines that the pages that are shown begin with, below the running head."""

_HEIGHT, _GAP, _BACKGROUND = 900, 24, "#D5DAE3"


def main() -> None:
    """Build the sample, export it and draw the pages."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "sample"
        if run(["demo", str(place)]):
            raise SystemExit("the sample could not be built")
        document = pypdfium2.PdfDocument(place / "exports" / "portfolio.pdf")
        pages = [_page_that_begins(document, heading) for heading in _HEADINGS]
        document.close()
    sheet = Image.new("RGB", (sum(page.width + _GAP for page in pages) + _GAP, _HEIGHT + 2 * _GAP), _BACKGROUND)
    left = _GAP
    for page in pages:
        sheet.paste(page, (left, _GAP))
        left += page.width + _GAP
    _TARGET.parent.mkdir(exist_ok=True)
    sheet.save(_TARGET, optimize=True)


def _page_that_begins(document: pypdfium2.PdfDocument, heading: str) -> Image.Image:
    for page in document:
        lines = page.get_textpage().get_text_bounded().splitlines()
        if heading in [line.strip() for line in lines[:4]]:
            picture: Image.Image = page.render(scale=_HEIGHT / page.get_height()).to_pil()
            return picture.convert("RGB")
    raise SystemExit(f"no page of the sample begins with “{heading}”")


if __name__ == "__main__":
    main()
