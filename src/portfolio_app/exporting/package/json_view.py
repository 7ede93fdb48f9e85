"""A portfolio as JSON, for other programs; described by ``portfolio.schema.json``, which goes with it.

The keys are the names of the domain's values. The schema allows no others, so that a name that is changed there is
noticed in a test, and not by whoever reads the file in ten years.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, Final

from portfolio_app.domain.dates import PartialDate
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.portfolio import Portfolio

SCHEMA_NAME: Final = "portfolio.schema.json"
"""What the schema is called, in the resources and beside ``portfolio.json``."""

FORMAT: Final = 3


def portfolio_json(
    portfolio: Portfolio,
    kinds: Mapping[str, EvidenceKind],
    *,
    withheld: frozenset[str],
    file_paths: Mapping[str, str],
    complete: bool,
    exported_on: date,
    program_version: str,
) -> bytes:
    """Return everything in a portfolio as JSON in UTF-8.

    ``withheld`` are ids of evidence of which only the reference is given; ``file_paths`` says where in the package
    the file with a hash is; ``complete`` that nothing was left out.
    """
    used = {item.kind for item in portfolio.evidence}
    document = {
        "$schema": SCHEMA_NAME,
        "format": FORMAT,
        "program": f"Portfolio App {program_version}",
        "exported_on": exported_on.isoformat(),
        "complete": complete,
        **_plain(portfolio),
        "kinds": [_plain(kind) for kind in kinds.values() if kind.id in used],
    }
    for item, written in zip(portfolio.evidence, document["evidence"], strict=True):
        written["ref"] = item.ref
        written["withheld"] = item.id in withheld
    for written in (*document["evidence"], *document["versions"]):
        for attachment in written["attachments"]:
            attachment["path"] = file_paths.get(attachment["sha256"])
    # Half a character cannot be written, and cannot have been saved; it is no reason to fail here.
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    """Return a domain value as JSON knows it."""
    match value:
        case PartialDate():
            parts = [f"{value.year:04}", *(f"{part:02}" for part in (value.month, value.day) if part)]
            plain: Any = "-".join(parts)
        case Enum():
            plain = value.value
        case date():  # and moments
            plain = value.isoformat()
        case Mapping():
            plain = {str(key): _plain(part) for key, part in value.items()}
        case frozenset():
            plain = [_plain(part) for part in sorted(value)]
        case list() | tuple():
            plain = [_plain(part) for part in value]
        case _ if dataclasses.is_dataclass(value):
            plain = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        case _:
            plain = value
    return plain
