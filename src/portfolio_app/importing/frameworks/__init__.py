"""Competency frameworks from other systems: Mahara SmartEvidence, Moodle, 1EdTech CASE.

Each becomes one unit whose requirements are the framework's statements, in its order and with every word of them.
Files that break the rules of their own format are common: what is sound is taken, and what was left out is said.
"""

from __future__ import annotations

import json
from typing import Any

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.importing.frameworks import case, mahara, moodle
from portfolio_app.importing.imported_unit import ImportedUnit
from portfolio_app.importing.text_decoding import decode_text

__all__ = ["read_framework"]


def read_framework(data: bytes, name: str) -> ImportedUnit | None:
    """Read a framework file by what is in it, whatever it is called; ``None`` where it is no framework file.

    Raises:
        InvalidInput: it is one, and nothing of it can be read; or it is no text at all.
    """
    text = decode_text(data, name).lstrip("\ufeff").lstrip()
    if text.startswith("{"):
        return _read_json(text, name)
    if moodle.is_moodle(text):
        return moodle.read_moodle(text, name)
    return None


def _read_json(text: str, name: str) -> ImportedUnit | None:
    try:
        # Real files hold line ends within their strings.
        document: Any = json.loads(text, strict=False)
    except RecursionError as error:
        raise InvalidInput(f"“{name}” is nested deeper than any framework is, so it was not read.") from error
    except ValueError as error:
        raise InvalidInput(f"“{name}” looks like a framework in JSON, but is not sound JSON ({error}).") from error
    if mahara.is_mahara(document):
        return mahara.read_mahara(document, name)
    if case.is_case(document):
        return case.read_case(document, name)
    raise InvalidInput(
        f"“{name}” is JSON, but neither a Mahara framework nor a CASE package: choose the file that the other system "
        "exports as a framework."
    )
