"""E-mails taken apart: head, words and the names of the files in them; nothing remote is fetched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesFeedParser
from email.utils import parsedate_to_datetime
from html import escape, unescape
from typing import cast

import nh3

__all__ = ["Email", "EmailPart", "decoded", "harmless_html", "plain_of_html", "read_message", "shown_header"]

_MOST_PARTS = 200
_LONGEST_HEADER = 1000
_LONGEST_PARSED_HEADER = 20_000
_LONGEST_HEAD = 500_000
_LONGEST_HTML = 1_000_000
_PIECE = 65_536
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_SHOWN_TAGS = frozenset((
    *("p", "br", "div", "span", "b", "strong", "i", "em", "u", "s", "blockquote", "pre", "code", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th"),
))  # fmt: skip
_DROPPED_WITH_CONTENT = frozenset({"script", "style", "head", "title", "object", "svg", "math", "template"})
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>")
_LEFT_OPEN = frozenset({"br", "hr", "img", "p", "li", "td", "th", "tr", "meta", "link", "input", "col", "dt", "dd"})
_DEEPEST = 1_000
_BLOCK_END = re.compile(r"<(?:br|hr)[^>]*>|</(?:p|div|h[1-6]|li|tr|blockquote|pre)>")


@dataclass(frozen=True, slots=True)
class EmailPart:
    """A file within an e-mail, ``size`` bytes long. Without a name it is an e-mail in it, or nobody named it."""

    name: str
    size: int
    is_email: bool = False
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail: its head as readable text, its words as text and as harmless HTML, and the files in it.

    ``moment`` is ``None`` where ``date`` is not a date that can be read.
    """

    sender: str
    recipients: str
    copied: str
    date: str
    moment: datetime | None
    subject: str
    text: str
    html: str
    files: tuple[EmailPart, ...]


def read_message(data: bytes, tick: Callable[[], None] = lambda: None) -> Email | None:
    """Return what an e-mail says; ``None`` if the bytes are no e-mail. ``tick`` is called while it is read."""
    try:
        return _read(data, tick)
    except RecursionError:  # parts within parts within parts
        return None


def _read(data: bytes, tick: Callable[[], None]) -> Email | None:
    if _HEAD_END.search(data, 0, _LONGEST_HEAD) is None:
        data = data[:_LONGEST_HEAD]
    parser = BytesFeedParser(policy=policy.default)
    for start in range(0, len(data), _PIECE):
        tick()
        parser.feed(data[start : start + _PIECE])
    message = cast("EmailMessage", parser.close())
    text = html = ""
    files: list[EmailPart] = []
    for number, part in enumerate(_parts(message)):
        if number >= _MOST_PARTS:
            break
        tick()
        content_type = part.get_content_type()
        if content_type == "message/rfc822":
            files.append(_forwarded(part))
        elif _is_file(part):
            files.append(_file(part))
        elif content_type == "text/html":
            html = html or harmless_html(_body(part)[:_LONGEST_HTML])
        elif part.get_content_maintype() == "text":
            text = text or _body(part).strip()
    if not (text or html or files or message.keys()):
        return None
    date = _header(message, "date")
    return Email(
        sender=_header(message, "from"),
        recipients=_header(message, "to"),
        copied=_header(message, "cc"),
        date=date,
        moment=_moment(date),
        subject=_header(message, "subject"),
        text=text or plain_of_html(html),
        html=html,
        files=tuple(files),
    )


def harmless_html(html: str) -> str:
    """Return HTML that shows words and nothing else: no scripts, styles, pictures, links or forms."""
    if _is_too_deep(html):
        html = escape(_TAG.sub(" ", html))
    return nh3.clean(html, tags=set(_SHOWN_TAGS), clean_content_tags=set(_DROPPED_WITH_CONTENT), attributes={})


def _is_too_deep(html: str) -> bool:
    """Say whether elements lie so deep in each other that cleaning them would take for ever."""
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[2].casefold() not in _LEFT_OPEN:
            depth += -1 if tag[1] else 1
            if depth > _DEEPEST:
                return True
    return False


def plain_of_html(html: str) -> str:
    """Return the words of harmless HTML, each block on a line of its own."""
    broken = _BLOCK_END.sub("\n", html.replace("\n", " "))
    lines = (" ".join(line.split()) for line in unescape(nh3.clean(broken, tags=set())).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def decoded(data: bytes, charset: str) -> str:
    """Return the text of bytes in some character set, whether that is named rightly or not."""
    for encoding in (charset, "utf-8-sig"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the parts that are shown or listed, without going into e-mails within the e-mail."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.iter_parts():
        yield from _parts(cast("EmailMessage", part))


def _is_file(part: EmailMessage) -> bool:
    try:
        disposition = part.get_content_disposition()
        named = bool(part.get_filename())
    except Exception:  # noqa: BLE001 - the standard library fails in many ways on odd headers
        return True
    return disposition == "attachment" or named or part.get_content_maintype() != "text"


def _file(part: EmailMessage) -> EmailPart:
    try:
        name = part.get_filename() or ""
    except Exception:  # noqa: BLE001 - as above
        name = ""
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - as above
        payload = b""
    content = payload if isinstance(payload, bytes) else b""
    return EmailPart(shown_header(name), len(content), content=content)


def _forwarded(part: EmailMessage) -> EmailPart:
    try:
        inner = cast("EmailMessage", part.get_content())
        subject = _header(inner, "subject")
        content = inner.as_bytes()
    except Exception:  # noqa: BLE001 - as above
        return EmailPart("", 0, is_email=True)
    return EmailPart(subject, len(content), is_email=True, content=content)


def _body(part: EmailMessage) -> str:
    try:
        return str(part.get_content())
    except Exception:  # noqa: BLE001 - an unknown or lying character set
        payload = part.get_payload(decode=True)
        return decoded(payload if isinstance(payload, bytes) else b"", "")


def _header(message: EmailMessage, name: str) -> str:
    raw = str(next((value for key, value in message.raw_items() if key.casefold() == name), ""))
    if len(raw) > _LONGEST_PARSED_HEADER:  # the parser of headers takes very long over thousands of addresses
        return shown_header(raw[:_LONGEST_PARSED_HEADER])
    try:
        return shown_header(str(message.get(name) or ""))
    except Exception:  # noqa: BLE001 - the parser of headers fails in many ways on odd ones
        return shown_header(raw)


def shown_header(text: str) -> str:
    """Return a line of an e-mail's head, or a file's name, fit to be shown."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_LONGEST_HEADER]


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
