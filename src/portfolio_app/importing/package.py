"""Reading a package that may come from a stranger: nothing is believed before it was counted and hashed.

Names inside the zip are compared and shown, and never used as paths; whoever takes a file out says where it goes.
"""

from __future__ import annotations

import hashlib
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.progress import Progress, no_progress

FORMAT: Final = 1
"""The newest format of a package that this program knows."""

_CHUNK: Final = 1 << 20
_MOST_MEMBERS: Final = 100_000
_LARGEST_TAG: Final = 1 << 16
_LARGEST_MANIFEST: Final = 64 << 20
_LARGE: Final = 16 << 20
_VERY_LARGE: Final = 1 << 30
_MOST_SHRUNK: Final = 200
_ZIP_BEGINS: Final = b"PK\x03\x04"
_LOCAL_HEADER: Final = 30  # bytes, without the name and what follows it
_AES_EXTRA: Final = 0x9901
_AES_256: Final = 3
_LONGEST_SHOWN: Final = 80
_LINE: Final = re.compile(r"(?P<sha256>[0-9a-fA-F]{64})[ \t]+\*?(?P<path>.+)")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_TAGS: Final = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")
_TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
_FORMAT_KEY: Final = "Portfolio-Package-Format"
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    ValueError,
    OverflowError,
)


class PackageRefused(KnownError):
    """A file is no package, or not one that can be trusted; nothing was taken from it."""


class PasswordNeeded(PackageRefused):
    """The package is encrypted, and no password or a wrong one was given."""


class Package:
    """An open package whose contents were compared with its manifest by name; their bytes are as they are read."""

    def __init__(
        self, archive: Any, members: Mapping[str, zipfile.ZipInfo], hashes: Mapping[str, str], info: Mapping[str, str]
    ) -> None:
        """Use :func:`open_package`."""
        self._archive = archive
        self._members = members
        self.hashes = hashes
        """The SHA-256 of every file by its path, which begins with ``data/``."""
        self.info = info
        """What ``bag-info.txt`` says."""
        self.size = sum(members[path].file_size for path in hashes)
        """How many bytes all files have together."""

    def size_of(self, path: str) -> int:
        """Return how many bytes a file has."""
        return self._members[path].file_size

    def read(self, path: str, most: int) -> bytes:
        """Return a small file.

        Raises:
            PackageRefused: it is larger than ``most`` bytes, or not what the manifest says.
        """
        return _checked(self._archive, self._members[path], most, self.hashes[path])

    def copy(self, path: str, target: Path | None, progress: Progress = no_progress) -> None:
        """Write a file to a new ``target``, or only read it; either way it is what the manifest says when this returns.

        ``progress`` counts its bytes.

        Raises:
            PackageRefused: it is not what the manifest says.
            OSError: ``target`` cannot be written.
        """
        member = self._members[path]
        digest = hashlib.sha256()
        done = 0
        with _opened(self._archive, member) as source, _sink(target) as sink:
            while chunk := _chunk(source, path):
                done += len(chunk)
                progress(done, member.file_size, "Checking")
                if done > member.file_size:
                    break
                digest.update(chunk)
                if sink is not None:
                    sink.write(chunk)
        if done != member.file_size:
            raise PackageRefused(
                f"{_shown(path)} in this package is not as long as the package says; the package was made wrongly or "
                "changed on the way, so nothing was taken from it."
            )
        if digest.hexdigest() != self.hashes[path]:
            raise _changed(path)


def looks_like_package(place: Path) -> bool:
    """Return whether a file has what every package has, by the names in it alone; what cannot be read is none."""
    try:
        with zipfile.ZipFile(place) as archive:
            names = {name.partition("/")[2] for name in archive.namelist()[-_MOST_MEMBERS:]}
    except (OSError, *_UNREADABLE):
        return False
    return names.issuperset((*_TAGS, _TAG_MANIFEST))


@contextmanager
def open_package(place: Path, password: str = "") -> Iterator[Package]:
    """Open a package and compare what is in it with its manifest; no content but that of the manifest is read.

    Raises:
        PasswordNeeded: it is encrypted and the password is missing or wrong.
        PackageRefused: it is no package, a newer one, or one that cannot be trusted.
    """
    try:
        file = place.open("rb")
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "this cannot be the name of a file"
        raise PackageRefused(f"“{place.name}” cannot be opened: {reason}.") from error
    with file:
        try:
            archive: Any = zipfile.ZipFile(file)
            members = archive.infolist()
        except _UNREADABLE as error:
            raise (_cut_off(place) if _begins_as_zip(file) else _no_package(place)) from error
        except OSError as error:
            raise PackageRefused(f"“{place.name}” cannot be read: {error.strerror or error}.") from error
        if members and min(member.header_offset for member in members) and _begins_as_zip(file):
            raise _cut_off(place)  # what was found is the end of a file in it that is a zip too
        files = _safe_members(place, members, archive.start_dir)
        encrypted = [each for each in members if each.flag_bits & 0x1]
        if encrypted:
            archive, files = _unlocked(place, file, files, encrypted, password)
        yield _package(place, archive, files, locked=bool(encrypted))


def _safe_members(place: Path, members: Collection[zipfile.ZipInfo], end: int) -> dict[str, zipfile.ZipInfo]:
    """Return the files by their path in the one folder that everything is in."""
    if len(members) > _MOST_MEMBERS:
        raise PackageRefused(f"“{place.name}” has {len(members):,} files, more than a package can have.")
    files: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    bases: set[str] = set()
    for member in members:
        name = member.orig_filename
        _must_be_safe(place, name, member)
        key = unicodedata.normalize("NFC", name.rstrip("/")).casefold()
        if key in seen:
            raise PackageRefused(f"“{place.name}” has {_shown(name)} twice, so nothing was taken from it.")
        seen.add(key)
        base, _, path = name.partition("/")
        bases.add(base)
        if not member.is_dir():
            files[path] = member
    if len(bases) != 1 or "bagit.txt" not in files:
        raise _no_package(place)
    _must_not_overlap(place, members, end)
    _must_not_burst(place, files.values())
    return files


def _must_be_safe(place: Path, name: str, member: zipfile.ZipInfo) -> None:
    parts = name.removesuffix("/").split("/")
    if (
        name.startswith("/")
        or _DRIVE.match(name)
        or "\\" in name
        or any(part in ("", ".", "..") for part in parts)
        or any(unicodedata.category(character) in ("Cc", "Cs") for character in name)
    ):
        raise PackageRefused(
            f"“{place.name}” has a file that leads out of the package ({_shown(name)}), so nothing was taken from it."
        )
    mode = member.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise PackageRefused(
            f"“{place.name}” has a link or a device in it ({_shown(name)}), which no package has; nothing was taken "
            "from it."
        )
    if member.is_dir() and member.file_size:
        raise PackageRefused(f"“{place.name}” has a folder with content of its own; nothing was taken from it.")


def _must_not_overlap(place: Path, members: Collection[zipfile.ZipInfo], end: int) -> None:
    """Refuse files that share their bytes: so a few kilobytes become as much as one likes."""
    begun = sorted(members, key=lambda member: member.header_offset)
    starts = [member.header_offset for member in begun[1:]] + [end]
    for member, following in zip(begun, starts, strict=True):
        if member.header_offset + _LOCAL_HEADER + member.compress_size > following:
            raise PackageRefused(f"“{place.name}” has files that lie upon each other; nothing was taken from it.")


def _must_not_burst(place: Path, files: Collection[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in files)
    packed = sum(member.compress_size for member in files)
    large = [member for member in files if member.file_size > _LARGE]
    if (total > _VERY_LARGE and total > packed * _MOST_SHRUNK) or any(
        member.file_size > member.compress_size * _MOST_SHRUNK for member in large
    ):
        raise PackageRefused(
            f"“{place.name}” would unpack to {total / 1e6:,.0f} MB from {packed / 1e6:,.1f} MB, which no package does; "
            "it looks like a trap, so nothing was taken from it."
        )


def _unlocked(
    place: Path,
    file: IO[bytes],
    files: Mapping[str, zipfile.ZipInfo],
    encrypted: Collection[zipfile.ZipInfo],
    password: str,
) -> tuple[Any, dict[str, zipfile.ZipInfo]]:
    """Open an encrypted package anew with its password."""
    if len(encrypted) != len(files):
        raise PackageRefused(
            f"Only a part of “{place.name}” is encrypted, so it was changed; nothing was taken from it."
        )
    if any(_aes_strength(member) != _AES_256 for member in encrypted):
        raise PackageRefused(
            f"“{place.name}” is encrypted in another way than packages are (AES-256); unpack it, and pack it without "
            "a password."
        )
    if not password:
        raise PasswordNeeded(f"“{place.name}” is protected with a password, without which it cannot be opened.")
    import pyzipper  # noqa: PLC0415 - most packages have no password

    try:
        archive = pyzipper.AESZipFile(file)
        archive.setpassword(password.encode("utf-8", "replace"))
        again = {member.orig_filename: member for member in archive.infolist()}
        return archive, {path: again[member.orig_filename] for path, member in files.items()}
    except (*_UNREADABLE, pyzipper.BadZipFile, KeyError) as error:
        raise _no_package(place) from error


def _aes_strength(member: zipfile.ZipInfo) -> int:
    extra = member.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _AES_EXTRA and length == 7 and len(extra) >= 11:
            return extra[8]
        extra = extra[4 + length :]
    return 0


def _package(place: Path, archive: Any, files: Mapping[str, zipfile.ZipInfo], *, locked: bool) -> Package:
    try:
        declaration = _checked(archive, files["bagit.txt"], _LARGEST_TAG)
    except PackageRefused as error:
        if locked:
            raise PasswordNeeded(f"The password does not open “{place.name}”; nothing was taken from it.") from error
        raise
    missing = [name for name in (*_TAGS, _TAG_MANIFEST) if name not in files]
    if not declaration.startswith(b"BagIt-Version:"):
        raise _no_package(place)
    if missing:
        raise PackageRefused(f"“{place.name}” is no whole package: {_shown(missing[0])} is missing from it.")
    tags = _manifest(place, _checked(archive, files[_TAG_MANIFEST], _LARGEST_TAG))
    if sorted(tags) != sorted(_TAGS):
        raise PackageRefused(f"“{place.name}” does not vouch for its own manifest; nothing was taken from it.")
    most = {"manifest-sha256.txt": _LARGEST_MANIFEST}
    _, info, manifest = (_checked(archive, files[tag], most.get(tag, _LARGEST_TAG), tags[tag]) for tag in _TAGS)
    known = _facts(info)
    _must_be_known(place, known)
    hashes = _manifest(place, manifest)
    payload = {path for path in files if path.startswith("data/")}
    others = sorted({*files} - payload - {*_TAGS, _TAG_MANIFEST})
    if absent := sorted({*hashes} - payload):
        raise PackageRefused(f"{_shown(absent[0])} is missing from “{place.name}”; nothing was taken from it.")
    if added := sorted(payload - {*hashes}) or others:
        raise PackageRefused(
            f"{_shown(added[0])} was added to “{place.name}” after it was made; nothing was taken from it."
        )
    package = Package(archive, files, hashes, known)
    if known.get("Payload-Oxum") != f"{package.size}.{len(hashes)}":
        raise PackageRefused(f"“{place.name}” does not hold as much as it says; nothing was taken from it.")
    return package


def _must_be_known(place: Path, info: Mapping[str, str]) -> None:
    written = info.get(_FORMAT_KEY, "")
    if not re.fullmatch(r"[0-9]{1,9}", written):
        raise PackageRefused(f"“{place.name}” is a package of another program, not a portfolio’s.")
    if int(written) > FORMAT:
        raise PackageRefused(
            f"“{place.name}” was made by a newer version of this program (format {int(written)}; this one knows up to "
            f"{FORMAT}). Update the program to import it."
        )


def _facts(data: bytes) -> dict[str, str]:
    pairs = (line.partition(":") for line in data.decode("utf-8", "replace").splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _manifest(place: Path, data: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").split("\n"):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.rstrip("\r"))
        path = _unescaped(match["path"]) if match else ""
        if match is None or path in found:
            raise PackageRefused(f"The manifest of “{place.name}” cannot be read; nothing was taken from it.")
        found[path] = match["sha256"].lower()
    return found


def _unescaped(path: str) -> str:
    return re.sub(
        "%(25|0A|0D)", lambda found: {"25": "%", "0A": "\n", "0D": "\r"}[found[1].upper()], path, flags=re.IGNORECASE
    )


def _checked(archive: Any, member: zipfile.ZipInfo, most: int, sha256: str = "") -> bytes:
    """Return a small file's content, its hash compared if one is given."""
    name = member.orig_filename.partition("/")[2]
    if member.file_size > most:
        raise PackageRefused(f"{_shown(name)} in this package is far too large; nothing was taken from it.")
    parts: list[bytes] = []
    with _opened(archive, member) as source:
        while (chunk := _chunk(source, name)) and sum(map(len, parts)) <= most:
            parts.append(chunk)
    data = b"".join(parts)
    if len(data) != member.file_size or (sha256 and hashlib.sha256(data).hexdigest() != sha256):
        raise _changed(name)
    return data


@contextmanager
def _opened(archive: Any, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    name = member.orig_filename.partition("/")[2]
    try:
        source = archive.open(member)
    except Exception as error:
        if _is_unreadable(error):
            raise _changed(name) from error
        raise
    with source:
        yield source


def _chunk(source: IO[bytes], name: str) -> bytes:
    try:
        return source.read(_CHUNK)
    except Exception as error:
        if _is_unreadable(error) or isinstance(error, OSError):
            raise _changed(name) from error
        raise


def _is_unreadable(error: Exception) -> bool:
    # The encrypting library has an error of its own of that name.
    return isinstance(error, _UNREADABLE) or type(error).__name__ == "BadZipFile"


@contextmanager
def _sink(target: Path | None) -> Iterator[IO[bytes] | None]:
    if target is None:
        yield None
        return
    with target.open("xb") as file:
        yield file


def _changed(name: str) -> PackageRefused:
    return PackageRefused(
        f"{_shown(name)} in this package is damaged, or was changed after the package was made; nothing was taken from "
        "it."
    )


def _begins_as_zip(file: IO[bytes]) -> bool:
    with suppress(OSError):
        file.seek(0)
        return file.read(len(_ZIP_BEGINS)) == _ZIP_BEGINS
    return False


def _cut_off(place: Path) -> PackageRefused:
    return PackageRefused(
        f"“{place.name}” is damaged, or has not come whole; nothing was taken from it. Copy or download it again."
    )


def _no_package(place: Path) -> PackageRefused:
    return PackageRefused(f"“{place.name}” is not a package of a portfolio.")


def _shown(name: str) -> str:
    """Return a name from a stranger as it may stand in a sentence."""
    text = "".join(letter if letter.isprintable() else "�" for letter in name)
    return f"“{text if len(text) <= _LONGEST_SHOWN else f'…{text[-_LONGEST_SHOWN:]}'}”"
