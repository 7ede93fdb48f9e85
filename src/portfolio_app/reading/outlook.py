"""E-mails that Outlook saved (.msg): compound files whose streams are named by the numbers of properties.

The layout is that of [MS-OXMSG], the numbers are those of [MS-OXPROPS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from portfolio_app.reading.compound import CompoundFile
from portfolio_app.reading.limits import Limits, Problem, Unreadable
from portfolio_app.reading.messages import Email, EmailPart, decoded, harmless_html, plain_of_html, shown_header

_SUBJECT: Final = 0x0037
_SENT: Final = (0x0039, 0x0E06)  # by its sender; else delivered
_SENDER_NAME, _SENDER_ADDRESS, _SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_TO, _COPIED = 0x0E04, 0x0E03
_BODY, _HTML = 0x1000, 0x1013
_DATA, _LONG_NAME, _SHORT_NAME, _SHOWN_NAME = 0x3701, 0x3707, 0x3704, 0x3001
_BODY_CODE_PAGE, _CODE_PAGE = 0x3FDE, 0x3FFD

_UNICODE, _BYTES, _BINARY, _OBJECT = 0x001F, 0x001E, 0x0102, 0x000D
_INTEGER, _TIME = 0x0003, 0x0040
_ATTACHED: Final = "__attach_version1.0_#"
_PROPERTIES: Final = "__properties_version1.0"
_HEAD_OF_FILE, _HEAD_WITHIN = 32, 24  # bytes before the properties of the e-mail, and of one within it
_ENTRY: Final = struct.Struct("<HHI8s")
_FIRST_DAY: Final = datetime(1601, 1, 1, tzinfo=UTC)
_MOST_PARTS: Final = 200
_CODECS: Final = {65001: "utf-8", 65000: "utf-7", 20127: "ascii", 28591: "latin-1", 1200: "utf-16-le"}


@dataclass(frozen=True, slots=True)
class OutlookEmail:
    """An e-mail, and where the e-mails that were attached to it stand in its file."""

    email: Email
    within: tuple[tuple[str, ...], ...]


class OutlookFile:
    """An open file of Outlook's. Use it in a ``with`` statement."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Open it.

        Raises:
            Unreadable: it is damaged, or enormous.
        """
        self._limits = limits
        self._compound = CompoundFile(path, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._compound.__exit__(kind, error, trace)

    def email(self, place: Sequence[str] = ()) -> OutlookEmail:
        """Return the e-mail at a place in the file, or the file's own.

        Raises:
            Unreadable: there is none, or it is enormous.
        """
        numbers = self._numbers(place, _HEAD_WITHIN if place else _HEAD_OF_FILE)
        charset = _charset(numbers.get((_CODE_PAGE, _INTEGER)))
        body_charset = _charset(numbers.get((_BODY_CODE_PAGE, _INTEGER))) or charset
        html = harmless_html(self._text(place, _HTML, body_charset)[: self._limits.longest_web_page])
        name = self._text(place, _SENDER_NAME, charset)
        address = self._text(place, _SENDER_SMTP, charset) or self._text(place, _SENDER_ADDRESS, charset)
        files: list[EmailPart] = []
        within: list[tuple[str, ...]] = []
        for part in self._parts(place):
            if (*part, _stream(_DATA, _OBJECT)) in self._compound:
                within.append((*part, _stream(_DATA, _OBJECT)))
            else:
                files.append(self._file(part, charset))
        found = Email(
            sender=shown_header(f"{name} <{address}>" if "@" in address and address != name else name or address),
            recipients=shown_header(self._text(place, _TO, charset)),
            copied=shown_header(self._text(place, _COPIED, charset)),
            date="",
            moment=_moment(next((numbers[tag, _TIME] for tag in _SENT if (tag, _TIME) in numbers), None)),
            subject=shown_header(self._text(place, _SUBJECT, charset)),
            text=self._text(place, _BODY, body_charset).strip() or plain_of_html(html),
            html=html,
            files=tuple(files),
        )
        return OutlookEmail(found, tuple(within))

    def _numbers(self, place: Sequence[str], head: int) -> dict[tuple[int, int], int]:
        """Return the properties that are numbers, by what they are and their type."""
        data = self._compound.data((*place, _PROPERTIES), self._limits.largest_directory)
        if not data:
            raise Unreadable(Problem.DAMAGED)
        whole = len(data) - (len(data) - head) % _ENTRY.size
        return {
            (tag, kind): int.from_bytes(value[: 8 if kind == _TIME else 4], "little")
            for kind, tag, _, value in _ENTRY.iter_unpack(data[head:whole])
        }

    def _parts(self, place: Sequence[str]) -> Iterator[tuple[str, ...]]:
        count = 0
        for entry in self._compound.entries:
            if len(entry) == len(place) + 1 and entry[:-1] == list(place) and entry[-1].startswith(_ATTACHED):
                count += 1
                if count > _MOST_PARTS:
                    return
                yield tuple(entry)

    def _file(self, part: Sequence[str], charset: str) -> EmailPart:
        names = (self._text(part, tag, charset) for tag in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME))
        content = self._compound.data((*part, _stream(_DATA, _BINARY)), self._limits.largest_email)
        return EmailPart(shown_header(next(filter(None, names), "")), len(content), content=content)

    def _text(self, place: Sequence[str], tag: int, charset: str) -> str:
        most = self._limits.most_text_bytes
        if wide := self._compound.data((*place, _stream(tag, _UNICODE)), most):
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self._compound.data((*place, _stream(tag, _BYTES)), most) or self._compound.data(
            (*place, _stream(tag, _BINARY)), most
        )
        return decoded(narrow, charset).rstrip("\0")


def _stream(tag: int, kind: int) -> str:
    return f"__substg1.0_{tag:04X}{kind:04X}"


def _charset(code_page: int | None) -> str:
    return "" if code_page is None else _CODECS.get(code_page, f"cp{code_page}")


def _moment(ticks: int | None) -> datetime | None:
    """Read a time in tenths of microseconds since 1601."""
    try:
        return None if not ticks else _FIRST_DAY + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
