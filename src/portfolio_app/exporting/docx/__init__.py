"""A publication as a Word document.

``writer`` walks the publication; ``text``, ``tables``, ``matrix`` and ``figures`` turn blocks into the
body's XML; ``styles`` holds how it looks; ``package`` is the file itself.
"""

from __future__ import annotations

from portfolio_app.exporting.docx.writer import DocxResult, write_docx

__all__ = ["DocxResult", "write_docx"]
