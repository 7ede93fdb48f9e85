"""Spelling in every field that holds prose: wavy lines, suggestions, the user's own words.

The dictionary is read and asked in a thread of its own. The window's thread knows only the answers that have come,
so that no key waits for one: a word is marked as soon as its answer is there.
"""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from queue import PriorityQueue
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QTextEdit

from portfolio_app.gui import theme
from portfolio_app.paths import resources_dir, user_config_dir

if TYPE_CHECKING:
    from spylls.hunspell import Dictionary

TextField: TypeAlias = QTextEdit | QPlainTextEdit
LANGUAGES: Final = ("en_GB", "off")
MOST_SUGGESTIONS: Final = 5

_LONGEST_WORD = 40  # letters; suggestions for longer ones take seconds
_BATCH = 32  # words, about a millisecond
_PAUSE = 0.002  # seconds between batches, in which the window's thread gets its turn
_LINES_AT_ONCE = 150  # of the dictionary, before the same pause
_LONGEST_SEARCH = 1.0  # seconds
_SLICE = 0.004  # seconds of marking in one turn of the window's thread
_WAITS = 1  # the state of a block some of whose words have no answer yet

_PASSED_OVER = r"(?:https?://|www\.|mailto:)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\w*\d\w*(?:[./:-]\w+)*"
_FILE_NAME = r"[\w-]+\.(?:docx?|xlsx?|pptx?|pdf|jpe?g|png|heic|csv|txt|eml|msg|html?|com|org|net|co|uk)\b\S*"
_TOKEN = re.compile(rf"{_PASSED_OVER}|{_FILE_NAME}|(?P<word>[^\W\d_]+(?:['’‑-][^\W\d_]+)*)")
_CHUNK = re.compile(r"\S+")
_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")
_POSSESSIVE = re.compile(r"['’]s?$")


def words_in(text: str) -> Iterator[tuple[int, str]]:
    """Find the words to check, and where they begin as Qt counts.

    Addresses, file names, whatever holds a figure (E4, 1.2), abbreviations (KPI, KPIs) and single letters are passed
    over.
    """
    for found in _TOKEN.finditer(_in_units(text)):
        word = found["word"]
        if word and len(word) <= _LONGEST_WORD and all(_is_plain(part) for part in word.split("-")):
            yield found.start(), word


def _in_units(text: str) -> str:
    """Let each letter beyond the basic plane count twice, as it does for Qt."""
    return text if text.isascii() else _TWO_UNITS.sub("\ufffc\ufffc", text)


def _is_plain(word: str) -> bool:
    """Say whether this is neither a letter nor an abbreviation nor a name like PowerPoint."""
    return word[1:].islower()


class Spelling(QObject):
    """Answers whether a word is spelt right, and what was meant if it is not.

    ``answered`` says that answers have come; ``changed`` that earlier ones hold no longer (another language, a word
    added or forgotten); ``suggested`` brings what may have been meant by a word, and whether that is all; ``failed``
    a sentence for the user.
    """

    answered = Signal()
    changed = Signal()
    suggested = Signal(str, list, bool)
    failed = Signal(str)

    _answers_came = Signal(dict)

    def __init__(
        self, word_list: Path | None = None, *, language: str = LANGUAGES[0], parent: QObject | None = None
    ) -> None:
        """Take the user's own words from ``word_list``, by default in the user's configuration."""
        super().__init__(parent)
        self._word_list = word_list or user_config_dir() / "words.txt"
        self._language = language
        self._answers: dict[str, bool] = {}
        self._wanted: list[str] = []
        self._asked: set[str] = set()
        self._own: dict[str, str] | None = None
        self._names: frozenset[str] = frozenset()
        self._settled: set[str] = set()
        self._worker: _Worker | None = None
        self._ask = _single_shot(self, 0, self._send)
        self._tell = _single_shot(self, 30, self.answered.emit)
        self._answers_came.connect(self._take, Qt.ConnectionType.QueuedConnection)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    @property
    def language(self) -> str:
        """The language that is checked, or ``off``."""
        return self._language

    def set_language(self, language: str) -> None:
        """Check another language, or none (``off``)."""
        if language not in LANGUAGES:
            raise ValueError(f"There is no dictionary for {language!r}")
        if language == self._language:
            return
        self._language = language
        self._answers.clear()
        self._wanted.clear()
        self._asked.clear()
        self._stop(wait=False)
        self._change()

    def set_names(self, names: Iterable[str]) -> None:
        """Take each word of these names (people, organisations) for right."""
        found = frozenset(word.casefold() for name in names for word in re.findall(r"[^\W\d_]+", name))
        if found != self._names:
            self._names = found
            self._change()

    @property
    def settled(self) -> set[str]:
        """What needs no second look: words with what stands about them, found right since the last ``changed``."""
        return self._settled

    def is_right(self, word: str) -> bool | None:
        """Say whether a word is spelt right; ``None`` if that is being looked up."""
        if self._language == "off" or self._is_own(word):
            return True
        known = self._answers.get(word)
        if known is None and word not in self._asked:
            self._asked.add(word)
            self._wanted.append(word)
            if not self._ask.isActive():
                self._ask.start()
        return known

    def suggest(self, word: str) -> None:
        """Look for what may have been meant; ``suggested`` brings it, the likeliest first."""
        self._running().look_for(word)

    def own_words(self) -> tuple[str, ...]:
        """Return the words that the user has added."""
        return tuple(sorted(self._own_words().values(), key=str.casefold))

    def add_word(self, word: str) -> None:
        """Take a word for right from now on, in every portfolio of this user."""
        word = _POSSESSIVE.sub("", word)
        self._own_words()[word.casefold()] = word
        self._keep_own()

    def forget_word(self, word: str) -> None:
        """Take a word that was added out again."""
        if self._own_words().pop(word.casefold(), None) is not None:
            self._keep_own()

    def attach_to(self, field: TextField) -> FieldSpelling:
        """Check the spelling in a field and offer suggestions in its menu."""
        found = FieldSpelling(field, SpellingHighlighter(field.document(), self))
        found.take_over_menu()
        return found

    def close(self) -> None:
        """End the thread; nothing is looked up any more."""
        self._language = "off"
        self._stop(wait=True)

    def _change(self) -> None:
        self._settled.clear()
        self.changed.emit()

    def _stop(self, *, wait: bool) -> None:
        if self._worker is not None:
            self._worker.stop(wait=wait)
            self._worker = None

    def _running(self) -> _Worker:
        if self._worker is None:
            base = resources_dir() / "dictionaries" / self._language
            self._worker = _Worker(base, self._answers_came, self.suggested, self.failed)
            self._worker.start()
        return self._worker

    def _send(self) -> None:
        wanted, self._wanted = self._wanted, []
        if wanted and self._language != "off":
            self._running().check(wanted)

    def _take(self, answers: dict[str, bool]) -> None:
        if self._language == "off":
            return
        self._answers.update(answers)
        if not self._tell.isActive():
            self._tell.start()

    def _is_own(self, word: str) -> bool:
        folded = word.casefold()
        own = self._own_words()
        if folded in own or folded in self._names:
            return True
        bare = _POSSESSIVE.sub("", folded)
        return bare != folded and (bare in own or bare in self._names)

    def _own_words(self) -> dict[str, str]:
        if self._own is None:
            try:
                lines = self._word_list.read_text(encoding="utf-8", errors="replace").split()
            except OSError:
                lines = []  # none yet, or not to be read: writing will say so
            self._own = {word.casefold(): word for word in lines}
        return self._own

    def _keep_own(self) -> None:
        self._change()
        try:
            self._word_list.parent.mkdir(parents=True, exist_ok=True)
            partial_list = self._word_list.with_name(self._word_list.name + ".new")
            partial_list.write_text("".join(f"{word}\n" for word in self.own_words()), encoding="utf-8")
            partial_list.replace(self._word_list)
        except OSError as error:
            self.failed.emit(
                f"Your own words could not be kept in {self._word_list}: {error.strerror or error}. "
                "They hold until the program is closed."
            )


def _single_shot(parent: QObject, milliseconds: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer


class _Worker(threading.Thread):
    """The thread that reads the dictionary and asks it."""

    def __init__(self, base: Path, answers: SignalInstance, suggested: SignalInstance, failed: SignalInstance) -> None:
        super().__init__(name="spelling", daemon=True)
        self._base = base
        self._answers = answers
        self._suggested = suggested
        self._failed = failed
        self._jobs: PriorityQueue[tuple[int, int, str | list[str]]] = PriorityQueue()
        self._count = 0
        self._sought = ""
        self._more: frozenset[str] = frozenset()
        self._stopped = False

    def check(self, words: list[str]) -> None:
        for start in range(0, len(words), _BATCH):
            self._put(1, words[start : start + _BATCH])

    def look_for(self, word: str) -> None:
        self._sought = word
        self._put(0, word)

    def stop(self, *, wait: bool) -> None:
        self._stopped = True
        self._put(-1, "")
        if wait:
            self.join(timeout=2)

    def _put(self, rank: int, job: str | list[str]) -> None:
        self._count += 1
        self._jobs.put((rank, self._count, job))

    def run(self) -> None:
        try:
            dictionary = self._load()
        except Exception as error:  # noqa: BLE001 - a library reads the files: whatever is amiss, writing goes on
            self._failed.emit(f"Spelling is not checked: the dictionary could not be read ({error}).")
            return
        try:
            while True:
                _, _, job = self._jobs.get()
                if self._stopped:
                    return
                if isinstance(job, str):
                    self._suggest(dictionary, job)
                else:
                    self._answers.emit({word: self._is_right(dictionary, word) for word in job})
                time.sleep(_PAUSE)
        except RuntimeError:
            if not self._stopped:  # else what was to hear the answer has gone with the window
                raise

    def _load(self) -> Dictionary:
        dictionary = _read_dictionary(self._base)
        lines = self._base.with_suffix(".words").read_text(encoding="utf-8").splitlines()
        self._more = frozenset(line for line in lines if not line.startswith("#"))
        return dictionary

    def _is_right(self, dictionary: Dictionary, word: str) -> bool:
        bare = _POSSESSIVE.sub("", word)
        return bool(dictionary.lookup(word)) or not self._more.isdisjoint({word, bare, bare.lower()})

    def _suggest(self, dictionary: Dictionary, word: str) -> None:
        found: list[str] = []
        until = time.monotonic() + _LONGEST_SEARCH
        for suggestion in dictionary.suggest(word):
            if self._stopped or self._sought != word:
                return
            if suggestion not in found:
                found.append(suggestion)
                self._suggested.emit(word, list(found), False)
            if len(found) >= MOST_SUGGESTIONS or time.monotonic() > until:
                break
        self._suggested.emit(word, found, True)


def _read_dictionary(base: Path) -> Dictionary:
    # Imported here, for it takes a tenth of a second; its own way of opening files leaves them open.
    from spylls.hunspell import Dictionary, readers  # noqa: PLC0415
    from spylls.hunspell.readers.file_reader import BaseReader  # noqa: PLC0415

    class Lines(BaseReader):  # type: ignore[misc]
        def reset_encoding(self, encoding: str) -> None:
            """Read on: what is shipped is UTF-8."""

        def readlines(self) -> Iterator[tuple[int, str]]:
            """Read with pauses: the window's thread shares the interpreter with this one."""
            for number, line in super().readlines():
                if number % _LINES_AT_ONCE == 0:
                    time.sleep(_PAUSE)
                yield number, line

    def lines(suffix: str) -> Lines:
        return Lines(io.StringIO(base.with_suffix(suffix).read_text(encoding="utf-8")))

    aff, context = readers.read_aff(lines(".aff"))
    return Dictionary(aff, readers.read_dic(lines(".dic"), aff=aff, context=context))


class SpellingHighlighter(QSyntaxHighlighter):
    """Draws a wavy line under the words of a document that are spelt wrong.

    The word that is being typed is left alone until the cursor has left it.
    """

    def __init__(self, document: QTextDocument, spelling: Spelling | None) -> None:
        super().__init__(document)
        self._spelling: Spelling | None = None
        self._ignored: set[str] = set()
        self._field: TextField | None = None
        self._in_hand = -1
        self._is_marking = False
        self._next_number = 0
        self._only_waiting = True
        self._again = _single_shot(self, 0, self._mark_some)
        self._wavy = QTextCharFormat()
        self._dress()
        theme.notifier().changed.connect(self._theme_changed)
        self._connect(spelling)

    @property
    def spelling(self) -> Spelling | None:
        """What answers whether a word is right."""
        return self._spelling

    @property
    def is_marking(self) -> bool:
        """Whether the change that the document just now reports is but a mark."""
        return self._is_marking

    def set_spelling(self, spelling: Spelling | None) -> None:
        """Ask another authority, or none."""
        if self._spelling is not None:
            self._spelling.answered.disconnect(self._mark_waiting)
            self._spelling.changed.disconnect(self._mark_all)
        self._connect(spelling)
        self._mark_all()

    def _connect(self, spelling: Spelling | None) -> None:
        self._spelling = spelling
        if spelling is not None:
            spelling.answered.connect(self._mark_waiting)
            spelling.changed.connect(self._mark_all)

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Mark one block; Qt calls it after each change."""
        self.mark_words(text)

    def mark_words(self, text: str) -> None:
        """Draw the lines of the block in hand over whatever appearance it has."""
        spelling = self._spelling
        if spelling is None:
            return
        waits = False
        begin = self.currentBlock().position()
        in_hand = self._field.textCursor().position() - begin if self._field and self._field.hasFocus() else -1
        settled = spelling.settled
        for chunk in _CHUNK.finditer(_in_units(text)):
            # In a long paragraph all words but one were seen a moment ago.
            if chunk[0] in settled:
                continue
            is_settled = True
            for offset, word in words_in(chunk[0]):
                start = chunk.start() + offset
                if start + len(word) == in_hand:
                    self._in_hand = begin + in_hand
                    is_settled = False
                    continue
                right = spelling.is_right(word)
                is_settled = is_settled and bool(right)
                if right is None:
                    waits = True
                elif not right and word not in self._ignored:
                    appearance = QTextCharFormat(self.format(start))
                    appearance.merge(self._wavy)
                    self.setFormat(start, len(word), appearance)
            if is_settled:
                settled.add(chunk[0])
        if waits or self.currentBlockState() == _WAITS:
            self.setCurrentBlockState(_WAITS if waits else 0)

    def is_wrong(self, word: str) -> bool:
        """Say whether a word is marked; one that is still being looked up is not."""
        return self._spelling is not None and word not in self._ignored and self._spelling.is_right(word) is False

    def ignore(self, word: str) -> None:
        """Take a word for right in this document, until the program is closed."""
        self._ignored.add(word)
        self._mark_all()

    def follow(self, field: TextField) -> None:
        """Leave the word alone that is being typed in this field."""
        self._field = field
        field.cursorPositionChanged.connect(self._cursor_moved)

    def _cursor_moved(self) -> None:
        if self._in_hand == -1 or self._field is None or self._field.textCursor().position() == self._in_hand:
            return
        block = self.document().findBlock(self._in_hand)
        self._in_hand = -1
        if block.isValid():
            self._mark_block(block)

    def _mark_block(self, block: QTextBlock) -> None:
        self._is_marking = True
        self.rehighlightBlock(block)
        self._is_marking = False

    def _theme_changed(self) -> None:
        self._dress()
        self._mark_all()

    def _dress(self) -> None:
        self._wavy.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        self._wavy.setUnderlineColor(theme.current().colour("not_yet"))

    def _mark_waiting(self) -> None:
        self._mark(only_waiting=True)

    def _mark_all(self) -> None:
        self._mark(only_waiting=False)

    def _mark(self, *, only_waiting: bool) -> None:
        self._only_waiting = only_waiting and (self._only_waiting or not self._again.isActive())
        self._next_number = 0
        self._again.start()

    def _mark_some(self) -> None:
        """Mark for a moment, and go on in a later turn: a key that was pressed meanwhile comes first."""
        until = time.perf_counter() + _SLICE
        block = self.document().findBlockByNumber(self._next_number)
        while block.isValid():
            if not self._only_waiting or block.userState() == _WAITS:
                self._mark_block(block)
            block = block.next()
            if time.perf_counter() > until and block.isValid():
                self._next_number = block.blockNumber()
                self._again.start()
                return
        self._next_number, self._only_waiting = 0, True


class FieldSpelling(QObject):
    """The spelling of one field: its marks, and the suggestions in its menu."""

    def __init__(self, field: TextField, highlighter: SpellingHighlighter) -> None:
        super().__init__(field)
        self._field = field
        self._highlighter = highlighter
        highlighter.follow(field)

    @property
    def highlighter(self) -> SpellingHighlighter:
        """What marks the words of this field."""
        return self._highlighter

    def take_over_menu(self) -> None:
        """Show the field's own menu with the suggestions on top of it."""
        self._field.installEventFilter(self)
        self._field.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Show the menu in place of the field's."""
        if isinstance(event, QContextMenuEvent):
            position = menu_position(self._field, event)
            menu = self._field.createStandardContextMenu(position)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.add_to_menu(menu, self._field.cursorForPosition(position))
            menu.popup(self._field.viewport().mapToGlobal(position))
            return True
        return super().eventFilter(watched, event)

    def add_to_menu(self, menu: QMenu, cursor: QTextCursor) -> bool:
        """Put on top what may have been meant by the word at a place; says whether it is spelt wrong."""
        word = self._word_at(cursor)
        spelling = self._highlighter.spelling
        if (
            word is None
            or spelling is None
            or self._field.isReadOnly()
            or not self._highlighter.is_wrong(word.selectedText())
        ):
            return False
        _Suggestions(menu, word, self._highlighter, spelling)
        return True

    def _word_at(self, cursor: QTextCursor) -> QTextCursor | None:
        place = cursor.positionInBlock()
        for start, word in words_in(cursor.block().text()):
            if start <= place <= start + len(word):
                found = QTextCursor(cursor.block())
                found.setPosition(cursor.block().position() + start)
                found.setPosition(found.position() + len(word), QTextCursor.MoveMode.KeepAnchor)
                return found
        return None


def menu_position(field: TextField, event: QContextMenuEvent) -> QPoint:
    """Return where in the viewport a menu belongs: at the mouse, or at the cursor when a key asked for it."""
    if event.reason() == QContextMenuEvent.Reason.Mouse:
        return field.viewport().mapFromGlobal(event.globalPos())
    return field.cursorRect().bottomLeft()


class _Suggestions(QObject):
    """The entries of a menu for one word; they come while the menu is open."""

    def __init__(self, menu: QMenu, word: QTextCursor, highlighter: SpellingHighlighter, spelling: Spelling) -> None:
        super().__init__(menu)
        self._menu = menu
        self._cursor = word
        self._word = word.selectedText()
        self._highlighter = highlighter
        self._spelling = spelling
        self._shown = 0
        self._looking = QAction("Looking for suggestions …", menu)
        self._looking.setEnabled(False)
        ignore = QAction("Ignore here", menu)
        ignore.triggered.connect(self._ignore)
        add = QAction("Add to dictionary", menu)
        add.triggered.connect(self._add)
        line = QAction(menu)
        line.setSeparator(True)
        last = QAction(menu)
        last.setSeparator(True)
        entries = [self._looking, line, ignore, add, last]
        if menu.actions():
            menu.insertActions(menu.actions()[0], entries)
        else:
            menu.addActions(entries[:-1])
        spelling.suggested.connect(self._take)
        spelling.suggest(self._word)

    def _take(self, word: str, found: list[str], complete: bool) -> None:
        if word != self._word:
            return
        for suggestion in found[self._shown :]:
            action = QAction(suggestion.replace("&", "&&"), self._menu)
            bold = action.font()
            bold.setBold(True)
            action.setFont(bold)
            action.triggered.connect(partial(self._replace, suggestion))
            self._menu.insertAction(self._looking, action)
        self._shown = max(self._shown, len(found))
        if complete and self._shown:
            self._menu.removeAction(self._looking)
        elif complete:
            self._looking.setText("No suggestions")

    def _replace(self, suggestion: str, *_: object) -> None:
        if self._cursor.selectedText() == self._word:
            self._cursor.insertText(suggestion, self._cursor.charFormat())

    def _ignore(self) -> None:
        self._highlighter.ignore(self._word)

    def _add(self) -> None:
        self._spelling.add_word(self._word)
