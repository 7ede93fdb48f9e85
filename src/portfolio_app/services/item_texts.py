"""The words of evidence items without their appearance: bodies, forms, and what attached files say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from portfolio_app.domain.attached_text import AttachedText, TextState
from portfolio_app.domain.evidence import DATE_IN_WORDS, EvidenceKind, FieldType, FieldValue
from portfolio_app.domain.item_reading import ItemText

ReadAttached: TypeAlias = Callable[[str], AttachedText | None]
"""Returns what a file says by the hash of its content, ``None`` while nobody has read it."""

LONGEST: Final = 200_000
"""So many characters of an item are read at most; longer ones count as not read wholly."""

_BLANK_LINES: Final = re.compile(r"\n[ \t]*\n+")
_BEGINS_BLOCK: Final = re.compile(r"^[ \t]*(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|>[ \t]?|\|)", re.MULTILINE)
_LINK: Final = re.compile(r"!?\[([^\[\]\n]{0,400})\]\([^()\s]{0,2000}\)")
_MARKS: Final = re.compile(r"(?<!\\)[*_`]+|\\(?=[\\`*_\[\]<>#+.!&|-])")


def item_text(  # noqa: PLR0917 - the parts of an item in the order in which they are read
    title: str,
    body: str,
    fields: Mapping[str, FieldValue],
    kind: EvidenceKind | None,
    files: Iterable[str] = (),
    read_attached: ReadAttached | None = None,
) -> ItemText:
    """Return an item's text: ``files`` are the hashes of the files attached to it, read by ``read_attached``."""
    passages = [one_line(title), *body_passages(body)] if title.strip() else list(body_passages(body))
    labels = []
    for name, value in fields.items():
        if name == DATE_IN_WORDS:
            continue
        definition = kind.field(name) if kind else None
        words = _values(value)
        if not words:
            continue
        if definition is not None and definition.type in (FieldType.CHOICE, FieldType.YES_NO):
            labels += [f"{definition.label} {word}" for word in words]
            continue
        passages += words
        if definition is not None:
            labels.append(definition.label)
    is_whole = True
    for sha256 in files:
        said = read_attached(sha256) if read_attached else None
        if said is None or said.state is not TextState.READ or not said.complete:
            is_whole = False
        if said is not None:
            passages += [one_line(passage.text) for passage in said.passages]
    return _within_limits(passages, labels, is_whole=is_whole)


def body_passages(body: str) -> Iterator[str]:
    """Yield the paragraphs, headings and list items of a body in Markdown, plain and each on one line."""
    for part in _BLANK_LINES.split(body):
        for block in _blocks(part):
            words = one_line(_MARKS.sub("", _LINK.sub(r"\1", block)))
            if words:
                yield words


def one_line(text: str) -> str:
    """Return the text on one line."""
    return " ".join(text.split())


def _blocks(part: str) -> Iterator[str]:
    start = 0
    for match in _BEGINS_BLOCK.finditer(part):
        yield part[start : match.start()]
        start = match.end()
    yield part[start:]


def _values(value: FieldValue) -> list[str]:
    if isinstance(value, str):
        words = [one_line(line) for line in value.split("\n\n")]
    else:
        words = [one_line(cell) for row in value for cell in row.values()]
    return [each for each in words if each]


def values_of(fields: Mapping[str, FieldValue]) -> list[str]:
    """Return what is typed into the fields of a form, cells of tables one by one, each on one line."""
    return [words for name, value in fields.items() if name != DATE_IN_WORDS for words in _values(value)]


def _within_limits(passages: Sequence[str], labels: Sequence[str], *, is_whole: bool) -> ItemText:
    left = LONGEST
    kept = []
    for passage in passages:
        left -= len(passage)
        if left < 0:
            is_whole = False
            break
        kept.append(passage)
    return ItemText(tuple(kept), tuple(labels), is_whole)
