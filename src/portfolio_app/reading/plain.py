"""Text files, tables of values and e-mails as blocks of the publication."""

from __future__ import annotations

import re
from pathlib import Path

from portfolio_app.plain_text import BLANK_LINES, printable
from portfolio_app.reading.blocks import Cell, ParagraphStyle, Run
from portfolio_app.reading.csv_tables import read_values
from portfolio_app.reading.grids import show_grid
from portfolio_app.reading.limits import LimitReached, Limits, Problem, Unreadable
from portfolio_app.reading.messages import Email, read_message
from portfolio_app.reading.sink import Sink
from portfolio_app.text_bytes import known_format, text_of

_QUOTED = re.compile(r"^(?:> ?)+")
_HEAD_WIDTHS = (0.16, 0.84)


def read_text(path: Path, sink: Sink) -> None:
    """Show a text file: paragraphs part at blank lines, and lines stay lines.

    Raises:
        Unreadable: it is not text.
        LimitReached: it is longer than what is shown.
    """
    text, is_cut = text_of_file(path, sink.limits)
    take_paragraphs(sink, text)
    if is_cut:
        raise LimitReached


def read_table(path: Path, sink: Sink) -> None:
    """Show a table of values.

    Raises:
        Unreadable: it is not text.
    """
    text, is_cut = text_of_file(path, sink.limits)
    values = read_values(text, sink.limits.most_rows, sink.limits.read_columns)
    if values.is_cut and not values.rows:
        raise Unreadable(Problem.DAMAGED)  # a cell without end
    show_grid(sink, values.rows)
    if values.is_cut or is_cut:
        sink.note(sink.words("attached_text.rows_cut_sheet", shown=f"{len(values.rows):,}"))


def read_email(path: Path, sink: Sink) -> None:
    """Show an e-mail: who wrote to whom, when and about what, its words, and the files in it by name.

    Raises:
        Unreadable: it is enormous, or no e-mail.
        LimitReached: it is longer than what is shown.
    """
    take_email(sink, email_of_file(path, sink))


def email_of_file(path: Path, sink: Sink) -> Email:
    """Take an e-mail apart.

    Raises:
        Unreadable: it is enormous, or no e-mail.
    """
    largest = sink.limits.largest_email
    with path.open("rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise Unreadable(Problem.ENORMOUS)
    email = read_message(data, sink.watch)
    if email is None:
        raise Unreadable(Problem.DAMAGED)
    return email


def take_email(sink: Sink, email: Email) -> None:
    """Pass an e-mail on: its head, its words, what it quotes."""
    sink.watch()
    _head(sink, email)
    for part in BLANK_LINES.split(_unquoted_lines(email.text)):
        lines = part.split("\n")
        if lines and all(_QUOTED.match(line) for line in lines):
            sink.text("\n".join(_QUOTED.sub("", line) for line in lines), ParagraphStyle.QUOTATION)
        else:
            sink.text(part)


def _head(sink: Sink, email: Email) -> None:
    words = sink.words
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
    sink.quiet_table(
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


def take_paragraphs(sink: Sink, text: str) -> None:
    """Pass text on: paragraphs part at blank lines."""
    for part in BLANK_LINES.split(printable(text).strip("\n")):
        sink.text(part)


def text_of_file(path: Path, limits: Limits) -> tuple[str, bool]:
    """Return a file's text and whether only its beginning was read.

    Raises:
        Unreadable: it is empty, or not text.
    """
    most = limits.most_text_bytes
    with path.open("rb") as file:
        data = file.read(most + 1)
    is_cut = len(data) > most
    if is_cut:
        end = data.rfind(b"\n", most // 2, most) + 1 or most
        data = data[: end + end % 2]  # an even number keeps UTF-16 whole
    if not data.strip(b"\0\xff\xfe \r\n\t"):
        raise Unreadable(Problem.EMPTY)
    what = known_format(data)
    text = None if what and what != "a web page" else text_of(data)
    if text is None:
        raise Unreadable(Problem.NO_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n"), is_cut
