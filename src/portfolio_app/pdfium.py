"""PDFium may be used by one thread at a time, in the whole process: an export and a preview share this lock."""

from __future__ import annotations

from threading import RLock
from typing import Final

PDFIUM: Final = RLock()
"""Held around every use of pypdfium2, and also where its objects are closed."""
