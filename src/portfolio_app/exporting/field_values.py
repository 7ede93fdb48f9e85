"""A form's values as they are written on paper."""

from __future__ import annotations

from portfolio_app.domain.dates import Period
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import FieldDefinition, FieldType
from portfolio_app.exporting.wording import Wording
from portfolio_app.plain_text import one_line, printable


def written(definition: FieldDefinition | None, text: str, words: Wording) -> str:
    """Write a date as dates are written, yes and no as words, and every other value as it was typed."""
    if definition is not None and definition.type is FieldType.DATE:
        try:
            return words.period(Period.parse(text))
        except InvalidInput:
            return one_line(text)
    if definition is not None and definition.type is FieldType.YES_NO and text in {"yes", "no"}:
        return words(f"answer.{text}")
    return printable(text).strip()
