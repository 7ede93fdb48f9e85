"""A file that should hold the text of a unit, turned into text or refused with a sentence."""

from __future__ import annotations

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.text_bytes import known_format, text_of

MAX_TEXT_BYTES = 10_000_000


def decode_text(data: bytes, name: str) -> str:
    """Turn a file's bytes into text, as :func:`portfolio_app.text_bytes.text_of` does.

    Raises:
        InvalidInput: the file is empty, too large, or not text; the sentence says what it is and what to do.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise InvalidInput(
            f"“{name}” is larger than {MAX_TEXT_BYTES // 1_000_000} MB, far more than the text of a unit: "
            "give the text of one unit only."
        )
    what = known_format(data)
    if what:
        raise InvalidInput(f"“{name}” is {what}, not plain text: copy its text into a text file and import that.")
    text = text_of(data)
    if text is None:
        raise InvalidInput(f"“{name}” is not text: it holds binary data; choose a text file.")
    if not text.strip():
        raise InvalidInput(f"“{name}” is empty: choose a file with the unit's text.")
    return text
