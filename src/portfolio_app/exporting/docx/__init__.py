"""A publication as a Word document.

``writer`` walks the publication; ``text``, ``tables``, ``matrix`` and ``figures`` turn blocks into the
body's XML; ``template`` reads how it looks, ``parts`` says how it works; ``package`` is the file itself.
"""

from __future__ import annotations

from portfolio_app.exporting.docx.template import OWN_TEMPLATE, TemplateUnusable
from portfolio_app.exporting.docx.writer import DocxResult, write_docx

__all__ = ["OWN_TEMPLATE", "DocxResult", "TemplateUnusable", "write_docx"]
