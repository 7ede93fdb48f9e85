"""PDFs from strangers: what pikepdf raises where they are broken, and the memory that they may take.

The limits hold for every PDF in the process, as qpdf knows no others: a few bytes can unpack to gigabytes.
"""

from __future__ import annotations

import logging
from typing import Final

import pikepdf
from pikepdf.settings import set_qpdf_limits

_MOST_UNPACKED: Final = 256 << 20  # bytes of one stream

UNREADABLE: Final = (
    pikepdf.PdfError,
    pikepdf.DependencyError,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RuntimeError,
    OverflowError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
)
"""What a damaged or hostile PDF may raise from pikepdf, depending on where it is broken."""

# It says on standard error what it finds strange in a file; what there is to say, our own sentences say.
logging.getLogger("pikepdf").setLevel(logging.CRITICAL + 1)
set_qpdf_limits(
    flate_max_memory=_MOST_UNPACKED,
    run_length_max_memory=_MOST_UNPACKED,
    png_max_memory=_MOST_UNPACKED,
    tiff_max_memory=_MOST_UNPACKED,
)
