"""Text files, tables of values and e-mails as blocks of the publication."""

from __future__ import annotations

import re
from pathlib import Path

from portfolio_app.exporting.attached_text.composing import LEVEL, Composer
from portfolio_app.exporting.attached_text.csv_tables import read_values
from portfolio_app.exporting.attached_text.grids import show_grid
from portfolio_app.exporting.attached_text.limits import (
    LARGEST_EMAIL,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_TEXT_BYTES,
    LimitReached,
    Unshowable,
)
from portfolio_app.exporting.attached_text.messages import Email, read_message
from portfolio_app.exporting.plain_text import printable
from portfolio_app.exporting.prose import BLANK_LINES, plain, prose_blocks
from portfolio_app.exporting.publication import (
    Cell,
    Heading,
    ListBlock,
    Paragraph,
    ParagraphStyle,
    Run,
    Table,
)
from portfolio_app.text_bytes import known_format, text_of

_READ_COLUMNS = 4 * MOST_COLUMNS
_QUOTED = re.compile(r"^(?:> ?)+")
_HEAD_WIDTHS = (0.16, 0.84)
# Between blank lines: what is longer, or has more brackets, was not written by a person, and takes the parser long.
_LONGEST_MARKDOWN_PART = 10_000
_MOST_BRACKETS = 200


def read_text(path: Path, composer: Composer) -> None:
    """Show a text file: paragraphs part at blank lines, and lines stay lines.

    Raises:
        Unshowable: it is not text.
        LimitReached: it is longer than what is shown.
    """
    text, is_cut = text_of_file(path)
    _paragraphs(composer, text)
    if is_cut:
        raise LimitReached


def read_markdown(path: Path, composer: Composer) -> None:
    """Show a text file with its headings, lists and tables.

    Raises:
        Unshowable: it is not text.
        LimitReached: it is longer than what is shown.
    """
    text, is_cut = text_of_file(path)
    parts = BLANK_LINES.split(text)
    if len(text) > MOST_CHARACTERS or any(
        len(part) > _LONGEST_MARKDOWN_PART or part.count("[") > _MOST_BRACKETS for part in parts
    ):
        _paragraphs(composer, text)
    else:
        for block in prose_blocks(text, top_level=LEVEL):
            match block:
                case Heading():
                    composer.heading(block.text)
                case Paragraph(style=ParagraphStyle.LABEL):
                    composer.heading(plain(block.runs), 2)
                case Paragraph():
                    composer.paragraph(block.runs, block.style)
                case Table():
                    composer.table([block.header, *block.rows], header=True)
                case ListBlock():
                    composer.add(block)
                case _:
                    raise TypeError(f"prose makes no {type(block).__name__}")
    if is_cut:
        raise LimitReached


def read_table(path: Path, composer: Composer) -> None:
    """Show a table of values.

    Raises:
        Unshowable: it is not text.
    """
    text, is_cut = text_of_file(path)
    values = read_values(text, MOST_ROWS, _READ_COLUMNS)
    if values.is_cut and not values.rows:
        raise Unshowable("damaged")  # a cell without end
    show_grid(composer, values.rows)
    if values.is_cut or is_cut:
        composer.note(composer.words("attached_text.rows_cut_sheet", shown=f"{len(values.rows):,}"))


def read_email(path: Path, composer: Composer) -> None:
    """Show an e-mail: who wrote to whom, when and about what, its words, and the files in it by name.

    Raises:
        Unshowable: it is enormous, or no e-mail.
        LimitReached: it is longer than what is shown.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST_EMAIL + 1)
    if len(data) > LARGEST_EMAIL:
        raise Unshowable("enormous")
    email = read_message(data, composer.watch)
    if email is None:
        raise Unshowable("damaged")
    composer.watch()
    _head(composer, email)
    for part in BLANK_LINES.split(_unquoted_lines(email.text)):
        lines = part.split("\n")
        if lines and all(_QUOTED.match(line) for line in lines):
            composer.text("\n".join(_QUOTED.sub("", line) for line in lines), ParagraphStyle.QUOTATION)
        else:
            composer.text(part)


def _head(composer: Composer, email: Email) -> None:
    words = composer.words
    date = f"{words.day(email.moment.date())}, {email.moment:%H:%M}" if email.moment else email.date
    files = [
        words(
            "attached_text.mail_file",
            name=(words("attached_text.mail_within", subject=part.name) if part.is_email else part.name)
            or words("attachments.unnamed"),
            size=words.size(part.size),
        )
        for part in email.files
    ]
    rows = (
        ("attached_text.mail_from", email.sender),
        ("attached_text.mail_to", email.recipients),
        ("attached_text.mail_copied", email.copied),
        ("attached_text.mail_date", date),
        ("attached_text.mail_subject", email.subject),
        ("attached_text.mail_files", "\n".join(files)),
    )
    composer.quiet_table(
        [
            (
                Cell(((Run(words(label), muted=True),),), header=True),
                Cell(tuple((Run(printable(line)),) for line in value.split("\n"))),
            )
            for label, value in rows
            if value.strip()
        ],
        _HEAD_WIDTHS,
    )


def _unquoted_lines(text: str) -> str:
    """Part what is quoted from what is not by blank lines; a quoted line without words parts paragraphs."""
    lines: list[str] = []
    was_quoted = False
    for line in printable(text).split("\n"):
        quoted = _QUOTED.match(line) is not None
        if quoted != was_quoted:
            lines.append("")
        was_quoted = quoted
        lines.append("" if quoted and not _QUOTED.sub("", line).strip() else line.rstrip())
    return "\n".join(lines).strip("\n")


def _paragraphs(composer: Composer, text: str) -> None:
    for part in BLANK_LINES.split(printable(text).strip("\n")):
        composer.text(part)


def text_of_file(path: Path) -> tuple[str, bool]:
    """Return a file's text and whether only its beginning was read.

    Raises:
        Unshowable: it is empty, or not text.
    """
    with path.open("rb") as file:
        data = file.read(MOST_TEXT_BYTES + 1)
    is_cut = len(data) > MOST_TEXT_BYTES
    if is_cut:
        end = data.rfind(b"\n", MOST_TEXT_BYTES // 2, MOST_TEXT_BYTES) + 1 or MOST_TEXT_BYTES
        data = data[: end + end % 2]  # an even number keeps UTF-16 whole
    if not data.strip(b"\0\xff\xfe \r\n\t"):
        raise Unshowable("empty")
    what = known_format(data)
    text = None if what and what != "a web page" else text_of(data)
    if text is None:
        raise Unshowable("no_text")
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n"), is_cut
