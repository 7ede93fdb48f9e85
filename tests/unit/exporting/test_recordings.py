"""How long recordings are, from what their files say."""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.exporting.recordings import recording_seconds


def wav(seconds: float) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(round(16_000 * seconds)))
    return buffer.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


MP4 = box(b"ftyp", b"isom") + box(b"mdat", bytes(50))
SHORT_HEAD = bytes(12) + struct.pack(">II", 600, 90 * 600) + bytes(80)
LONG_HEAD = b"\1" + bytes(19) + struct.pack(">IQ", 1000, 90_000) + bytes(80)
MP3_FRAME = b"\xff\xfb\x90\x00"  # 128 kbit/s, 44.1 kHz
XING = MP3_FRAME + bytes(32) + b"Xing" + struct.pack(">II", 1, 3446)
OGG_PAGE = b"OggS\0\2" + struct.pack("<q", 0) + bytes(14) + b"OpusHead" + bytes(100)
PIECES = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, 0) + bytes(80)) + box(
    b"mvex", box(b"mehd", bytes(4) + struct.pack(">I", 90_000) + bytes(4))
)
AVI = b"RIFF\0\0\0\0AVI LIST\0\0\0\0hdrlavih8\0\0\0" + struct.pack("<I12xI", 40_000, 2250) + bytes(40)
WEBM = (
    b"\x1aE\xdf\xa3\x84webm\x18S\x80g\x01\xff\xff\xff\xff\xff\xff\xff\x15I\xa9f\x95"
    b"*\xd7\xb1\x83\x0fB@M\x80\x81aD\x89\x88" + struct.pack(">d", 90_000.0)
)
FLAC = b"fLaC" + bytes(14) + ((44_100 << 44) | (44_100 * 90)).to_bytes(8, "big")


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("audio/wav", wav(90)),
        ("video/mp4", MP4 + box(b"moov", box(b"trak", b"") + box(b"mvhd", SHORT_HEAD))),
        ("audio/mp4", box(b"moov", box(b"mvhd", LONG_HEAD)) + MP4),
        ("audio/mpeg", MP3_FRAME + bytes(16_000 * 90 - 4)),
        ("audio/mpeg", b"ID3\4\0\0\0\0\0\x0a" + bytes(10) + XING + bytes(400)),
        ("audio/ogg", OGG_PAGE + b"OggS\0\4" + struct.pack("<q", 48_000 * 90) + bytes(14)),
        ("audio/flac", FLAC + bytes(10)),
        ("video/mp4", box(b"moov", PIECES)),
        ("video/x-msvideo", AVI),
        ("video/webm", WEBM),
    ],
    ids=["wav", "mp4", "mp4 of 64 bits", "mp3", "mp3 of any rate", "ogg", "flac", "mp4 in pieces", "avi", "webm"],
)
def test_the_length_is_read(media_type: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "recording"
    path.write_bytes(data)
    assert recording_seconds(path, media_type) == pytest.approx(90, abs=0.1)
    assert recording_seconds(path, "video/x-ms-wmv") is None
    path.unlink()
    assert recording_seconds(path, media_type) is None


@given(
    st.sampled_from(
        ["audio/wav", "video/mp4", "audio/mpeg", "audio/ogg", "audio/flac", "video/webm", "video/x-msvideo"]
    ),
    st.sampled_from([b"", wav(0.01), MP4, XING, OGG_PAGE, FLAC, WEBM, AVI, box(b"moov", PIECES)]),
    st.binary(max_size=40),
    st.integers(0, 60),
)
def test_no_bytes_break_the_reading(
    tmp_path_factory: pytest.TempPathFactory, media_type: str, data: bytes, change: bytes, place: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "any recording"
    path.write_bytes(data[:place] + change + data[place + len(change) :])
    seconds = recording_seconds(path, media_type)
    assert seconds is None or seconds > 0
