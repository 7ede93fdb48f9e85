"""Finding a passage in a text, and saying where in it one stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from portfolio_app.domain.claims import Locator
from portfolio_app.gui.widgets.attachments.find_bar import words_pattern
from portfolio_app.gui.widgets.form.scrolling import bring_into_view


def find_passage(document: QTextDocument, passage: str) -> QTextCursor | None:
    """Find a passage whatever its white space and the case of its letters."""
    wanted = "".join(passage.split()).casefold()
    letters: list[str] = []
    places: list[int] = []
    place = 0
    for character in document.toPlainText():
        if not character.isspace():
            folded = character.casefold()
            letters.append(folded)
            places += [place] * len(folded)
        place += 2 if ord(character) > 0xFFFF else 1  # Qt counts in UTF-16
    start = "".join(letters).find(wanted) if wanted else -1
    if start < 0:
        return None
    last = places[start + len(wanted) - 1]
    cursor = QTextCursor(document)
    cursor.setPosition(places[start])
    cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
    cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def find_words(document: QTextDocument, passage: str, words: Sequence[str]) -> QTextCursor | None:
    """Find the first of some words in a passage, or where that is not there as it is, in all of the text."""
    start = QTextCursor(document)
    place = find_passage(document, passage)
    if place is not None:
        start.setPosition(place.selectionStart())
    found = document.find(words_pattern(words), start) if words else QTextCursor()
    return found if found.hasSelection() else place


def mark_passage(edit: QTextEdit, passage: str) -> bool:
    """Select a passage in a field and bring it into sight; return whether it is there."""
    cursor = find_passage(edit.document(), passage)
    if cursor is None:
        return False
    lead_to(edit, cursor)
    return True


def lead_to(edit: QTextEdit, cursor: QTextCursor) -> None:
    """Select what a cursor selects, bring it into sight and put the keyboard there."""
    edit.setTextCursor(cursor)
    edit.ensureCursorVisible()
    bring_into_view(edit, edit.cursorRect(cursor))
    edit.setFocus()


def place_of(cursor: QTextCursor) -> Locator:
    """Say where a selection stands: below which heading, else in which paragraph."""
    block = cursor.document().findBlock(cursor.selectionStart())
    heading = _heading_above(block)
    if heading:
        return Locator(heading=heading)
    return Locator(paragraph=str(_number_of(block)))


def _heading_above(block: QTextBlock) -> str:
    while block.isValid():
        if block.blockFormat().headingLevel():
            return " ".join(block.text().split())
        block = block.previous()
    return ""


def _number_of(block: QTextBlock) -> int:
    number = 0
    while block.isValid():
        number += bool(block.text().strip())
        block = block.previous()
    return max(1, number)
