"""Putting changed text into a field in which somebody may be writing."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QTextEdit


class _Change(NamedTuple):
    """Replace ``text[start:end]`` by ``new``."""

    start: int
    end: int
    new: str


def change_line(line: QLineEdit, text: str) -> None:
    """Set a line's text; the cursor stays beside the same words."""
    if line.text() == text:
        return
    cursor = line.cursorPosition()
    change = _change(line.text(), text)
    if cursor >= change.end:
        cursor += len(text) - len(line.text())
    elif cursor > change.start:
        cursor = change.start + len(change.new)
    line.setText(text)
    line.setCursorPosition(cursor)


def change_text(edit: QTextEdit, text: str) -> None:
    """Change a text where it differs, as one step that can be undone; the cursor stays beside the same words."""
    before = edit.toPlainText()
    if before == text:
        return
    change = _change(before, text)
    cursor = QTextCursor(edit.document())
    cursor.beginEditBlock()
    cursor.setPosition(_units(before[: change.start]))
    cursor.setPosition(_units(before[: change.end]), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(change.new)
    cursor.endEditBlock()


def _change(before: str, after: str) -> _Change:
    start = _alike(before, after)
    same_end = _alike(before[start:][::-1], after[start:][::-1])
    return _Change(start, len(before) - same_end, after[start : len(after) - same_end])


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))


def _units(text: str) -> int:
    """Return the length of a text as Qt counts: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
