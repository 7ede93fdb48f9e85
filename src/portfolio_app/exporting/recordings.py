"""How long a sound recording or a video is, where its file says so near its beginning; nothing is decoded."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

_LONGEST = 1_000_000  # seconds: more than eleven days is a damaged file
_MOST_BOXES = 2_000
_TAIL = 65_536
_MP3_BITRATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MP3_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_OPUS_RATE = 48_000
_EBML_INFO, _EBML_SCALE, _EBML_LENGTH = b"\x15\x49\xa9\x66", b"\x2a\xd7\xb1", b"\x44\x89"


def recording_seconds(path: Path, media_type: str) -> float | None:
    """Return the length in seconds; ``None`` where the file does not say it, or not in a way that is known here."""
    reader = _READERS.get(media_type)
    if reader is None:
        return None
    try:
        with path.open("rb") as file:
            seconds = reader(file)
    except (OSError, ValueError, struct.error, IndexError, ZeroDivisionError, OverflowError):
        return None
    return seconds if seconds is not None and 0 < seconds < _LONGEST else None


def _wave(file: BinaryIO) -> float | None:
    file.seek(12)
    rate = 0
    for _ in range(_MOST_BOXES):
        kind, size = struct.unpack("<4sI", file.read(8))
        if kind == b"fmt ":
            rate = struct.unpack_from("<I", file.read(16), 8)[0]
            file.seek(size - 16 + size % 2, os.SEEK_CUR)
        elif kind == b"data":
            return float(size / rate)
        else:
            file.seek(size + size % 2, os.SEEK_CUR)
    return None


def _boxes(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int]]:
    """Yield the kind of each box and where it ends; the file stands at its content."""
    for _ in range(_MOST_BOXES):
        start = file.tell()
        if start + 8 > end:
            return
        size, kind = struct.unpack(">I4s", file.read(8))
        if size == 1:
            size = struct.unpack(">Q", file.read(8))[0]
        stop = start + size if size else end
        if stop <= start or stop > end:
            return
        yield kind, stop
        file.seek(stop)


def _mp4(file: BinaryIO) -> float | None:
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    for kind, stop in _boxes(file, end):
        if kind != b"moov":
            continue
        scale = length = 0
        for inner, end_of_inner in _boxes(file, stop):
            if inner == b"mvhd":
                if file.read(4)[0] == 1:
                    scale, length = struct.unpack(">IQ", file.read(28)[16:])
                else:
                    scale, length = struct.unpack(">II", file.read(16)[8:])
            elif inner == b"mvex" and not length:  # written in pieces, the length of all of them apart
                for part, _ in _boxes(file, end_of_inner):
                    if part == b"mehd":
                        length = int.from_bytes(file.read(8 if file.read(4)[0] == 1 else 4), "big")
        return float(length / scale)
    return None


def _mp3(file: BinaryIO) -> float | None:
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(10)
    start = 0
    if head.startswith(b"ID3"):
        start = 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
    file.seek(start)
    frame = file.read(400)
    if frame[0] != 0xFF or frame[1] & 0xE6 != 0xE2:  # the mark of a frame, of layer III
        return None
    version = frame[1] >> 3 & 3
    kind = 1 if version == 3 else 2
    rate = _MP3_RATES[version][frame[2] >> 2 & 3] if version in _MP3_RATES else 0
    samples = 1152 if kind == 1 else 576
    for name in (b"Xing", b"Info"):
        place = frame.find(name)
        if place > 0 and frame[place + 7] & 1:
            return float(struct.unpack_from(">I", frame, place + 8)[0] * samples / rate)
    bitrate = _MP3_BITRATES[kind][frame[2] >> 4]
    return (end - start) * 8 / (bitrate * 1000)


def _ogg(file: BinaryIO) -> float | None:
    head = file.read(200)
    vorbis = head.find(b"\x01vorbis")
    if b"OpusHead" in head:
        rate = _OPUS_RATE
    elif vorbis > 0:
        rate = struct.unpack_from("<I", head, vorbis + 12)[0]
    else:
        return None
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _TAIL))
    tail = file.read()
    last = tail.rfind(b"OggS")
    return float(struct.unpack_from("<q", tail, last + 6)[0] / rate) if last >= 0 else None


def _flac(file: BinaryIO) -> float | None:
    data = file.read(26)
    rate = int.from_bytes(data[18:21], "big") >> 4
    samples = int.from_bytes(data[21:26], "big") & 0xFFFFFFFFF
    return samples / rate


def _avi(file: BinaryIO) -> float | None:
    head = file.read(2_000)
    main = head.find(b"avih")
    if main < 0:
        return None
    microseconds, frames = struct.unpack_from("<I12xI", head, main + 8)
    return float(microseconds * frames / 1_000_000)


def _matroska(file: BinaryIO) -> float | None:
    """Read the length that a WebM or Matroska file says; what a browser recorded says none."""
    head = file.read(_TAIL)
    about = head.find(_EBML_INFO)
    if about < 0:
        return None
    size, place = _ebml_size(head, about + len(_EBML_INFO))
    end = min(place + size, len(head))
    scale, length = 1_000_000, 0.0
    while place < end:
        width = 1 if head[place] & 0x80 else 2 if head[place] & 0x40 else 3 if head[place] & 0x20 else 4
        name = head[place : place + width]
        size, place = _ebml_size(head, place + width)
        value = head[place : place + size]
        if name == _EBML_SCALE:
            scale = int.from_bytes(value, "big")
        elif name == _EBML_LENGTH:
            length = struct.unpack(">f" if size == 4 else ">d", value)[0]
        place += size
    return length * scale / 1_000_000_000 or None


def _ebml_size(data: bytes, place: int) -> tuple[int, int]:
    """Return the size of an element, and where its content begins."""
    first = data[place]
    width = 9 - first.bit_length()
    size = int.from_bytes(data[place : place + width], "big") & ((1 << 7 * width) - 1)
    return size, place + width


_READERS: dict[str, Callable[[BinaryIO], float | None]] = {
    "audio/wav": _wave,
    "audio/mpeg": _mp3,
    "audio/ogg": _ogg,
    "audio/flac": _flac,
    "video/x-msvideo": _avi,
    **dict.fromkeys(("video/webm", "video/x-matroska", "audio/webm"), _matroska),
    **dict.fromkeys(("audio/mp4", "video/mp4", "video/quicktime"), _mp4),
}
