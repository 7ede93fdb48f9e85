"""A BagIt 1.0 bag (RFC 8493) written straight into a zip: every file with its SHA-256, nothing held in memory."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.exporting.wording import Wording

_CHUNK: Final = 1 << 20
_LARGE: Final = 16 << 20
"""From this size on a file that shrinks suspiciously well is stored as it is: readers take it for a bomb."""
_MOST_SHRUNK: Final = 100
_TEXTS: Final = (".css", ".csv", ".html", ".json", ".md", ".portfolio", ".toml", ".txt", ".xml")
_READABLE: Final = 0o100644 << 16
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


class BagWriter:
    """Writes one bag; as a context manager. ``base`` is the one folder that unpacking makes."""

    def __init__(
        self,
        target: Path,
        base: str,
        made_at: datetime,
        words: Wording,
        *,
        password: str = "",
        progress: Progress = no_progress,
    ) -> None:
        """With a password every file is encrypted (WinZip's AES-256); names, sizes and times are not."""
        self._base = base
        moment = made_at.timetuple()[:6]
        self._moment = max(moment, _EARLIEST)
        self._progress = progress
        self._what = words("writing.packing")
        self._manifest: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._octets = 0
        self._zip: Any = _archive(target, password)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._zip.close()
            return
        # To close it would write its table of contents, which may fail for the very reason that it is given up.
        archive_file = self._zip.fp
        self._zip.fp = None
        if archive_file is not None:
            archive_file.close()

    def add(self, path: str, source: Path, total: int = 0) -> str:
        """Put a file into ``data/`` and return the SHA-256 of what was put in.

        ``total`` is for the progress, which counts the bytes of all files.

        Raises:
            OSError: the file cannot be read, or the zip not be written.
            Cancelled: ``progress`` said so.
        """
        digest = hashlib.sha256()
        with source.open("rb") as file, self._opened(f"data/{path}", _method(path, file)) as member:
            while chunk := file.read(_CHUNK):
                self._progress(min(self._octets, total), total, self._what)
                digest.update(chunk)
                member.write(chunk)
                self._octets += len(chunk)
        self._manifest[f"data/{path}"] = digest.hexdigest()
        return digest.hexdigest()

    def add_bytes(self, path: str, data: bytes) -> None:
        """Put a small file into ``data/``."""
        self._write(f"data/{path}", data)
        self._manifest[f"data/{path}"] = hashlib.sha256(data).hexdigest()
        self._octets += len(data)

    def finish(self, info: Mapping[str, str]) -> None:
        """Write what makes it a bag: the declaration, what is known of it, and the hashes."""
        known = {**info, "Payload-Oxum": f"{self._octets}.{len(self._manifest)}"}
        self._tag("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        self._tag("bag-info.txt", "".join(f"{key}: {value}\n" for key, value in known.items()))
        self._tag("manifest-sha256.txt", _listed(self._manifest))
        self._write("tagmanifest-sha256.txt", _listed(self._tags).encode())

    def _tag(self, name: str, text: str) -> None:
        data = text.encode()
        self._write(name, data)
        self._tags[name] = hashlib.sha256(data).hexdigest()

    def _write(self, path: str, data: bytes) -> None:
        method = zipfile.ZIP_DEFLATED if path.lower().endswith(_TEXTS) else zipfile.ZIP_STORED
        if len(data) >= _LARGE:
            method = _fitting(iter([data]), len(data))
        with self._opened(path, method) as member:
            member.write(data)

    def _opened(self, path: str, method: int) -> Any:
        # The encrypting archive has a kind of entry of its own.
        info = getattr(self._zip, "zipinfo_cls", zipfile.ZipInfo)(f"{self._base}/{path}", self._moment)
        info.compress_type = method
        info.external_attr = _READABLE
        info.create_system = 3
        return self._zip.open(info, "w", force_zip64=True)


def _archive(target: Path, password: str) -> Any:
    if not password:
        return zipfile.ZipFile(target, "w", allowZip64=True)
    import pyzipper  # noqa: PLC0415 - most packages have no password

    archive = pyzipper.AESZipFile(target, "w", allowZip64=True, encryption=pyzipper.WZ_AES)
    archive.setpassword(password.encode())
    return archive


def _method(path: str, file: IO[bytes]) -> int:
    """Return how a file is stored: photographs, recordings and office documents are compressed already."""
    if not path.lower().endswith(_TEXTS):
        return zipfile.ZIP_STORED
    size = file.seek(0, 2)
    file.seek(0)
    if size < _LARGE:
        return zipfile.ZIP_DEFLATED
    method = _fitting(iter(lambda: file.read(_CHUNK), b""), size)
    file.seek(0)
    return method


def _fitting(chunks: Iterator[bytes], size: int) -> int:
    packer = zlib.compressobj(1)
    packed = sum(len(packer.compress(chunk)) for chunk in chunks) + len(packer.flush())
    return zipfile.ZIP_STORED if packed * _MOST_SHRUNK < size else zipfile.ZIP_DEFLATED


def _listed(hashes: Mapping[str, str]) -> str:
    return "".join(f"{sha256}  {_escaped(path)}\n" for path, sha256 in sorted(hashes.items()))


def _escaped(path: str) -> str:
    """Escape what the standard asks for in a manifest's paths."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
