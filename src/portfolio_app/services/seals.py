"""Seals: a signature on the archive copy by which any later change shows, and the key it is made with.

The key is made when it is first wanted, in the learner's name, and kept among the user's own files. It proves that a
document was not changed since, and not who its author is: for that, people compare the fingerprint.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.durable import sync_file, sync_folder
from portfolio_app.exporting.seal.checking import SealReport, SealState, check_seal
from portfolio_app.exporting.seal.keys import NotAKey, SealKey, name_in_certificate
from portfolio_app.exporting.seal.sealing import seal_file
from portfolio_app.paths import user_data_dir

__all__ = [
    "CannotSeal",
    "CheckedSeal",
    "KeptKey",
    "KeyPlace",
    "SealReport",
    "SealState",
    "check",
    "is_kept_here",
    "key_of",
    "key_place",
    "seal",
    "verify",
]

_FOLDER: Final = "seals"
_OWNER_ONLY: Final = 0o600
_FOLDER_OWNER_ONLY: Final = 0o700
_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_YEARS: Final = range(2000, 9000)  # a clock that shows another was never set
_LARGEST: Final = 1 << 16  # bytes; a larger file is not one of ours


class CannotSeal(KnownError):
    """The key for sealing can be neither read nor made; nothing was written."""


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key that is kept for somebody. ``warnings`` are sentences: it had to be made, or replaced."""

    key: SealKey
    warnings: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """By this, people compare keys."""
        return self.key.fingerprint


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where somebody's key is kept, or will be. ``name`` is that in the key; ``is_made``: there is one already."""

    name: str
    folder: Path
    is_made: bool


def key_place(name: str) -> KeyPlace:
    """Return where the key is that seals in this name, without making it."""
    place = _place(name)
    return KeyPlace(name_in_certificate(name), place.parent, place.exists())


def seal(path: Path, kept: KeptKey, progress: Progress = no_progress) -> None:
    """Seal a finished PDF where it is.

    What is left there on an error, or when cancelled, is of no use: seal a file that is not in its place yet.

    Raises:
        Cancelled: ``progress`` said so.
    """
    seal_file(path, kept.key, _now(), progress)


def verify(path: Path, progress: Progress = no_progress) -> SealReport:
    """Compare a PDF with its seal; as :func:`check_seal` does.

    Raises:
        KnownError: as there.
    """
    return check_seal(path, progress)


@dataclass(frozen=True, slots=True)
class CheckedSeal:
    """What a seal says, and whether it was made with a key that this user keeps, or kept."""

    report: SealReport
    kept_here: bool


def check(path: Path, progress: Progress = no_progress) -> CheckedSeal:
    """Compare a PDF with its seal, and its key with those that are kept here.

    Raises:
        KnownError: as :func:`verify` does.
    """
    report = verify(path, progress)
    return CheckedSeal(report, is_kept_here(report))


def is_kept_here(report: SealReport) -> bool:
    """Return whether the seal was made with a key that this user keeps, or kept."""
    folder = _folder()
    with suppress(OSError):
        for place in folder.glob("*.pem*"):
            with suppress(OSError, NotAKey):
                if SealKey.from_pem(_content(place)).fingerprint == report.fingerprint:
                    return True
    return False


def key_of(name: str) -> KeptKey:
    """Return the key that seals in this name: the one that is kept, or a new one where it is lost or of no use.

    Raises:
        CannotSeal: it cannot be read, a new one cannot be kept, or the clock shows no year that it can be.
    """
    now = _now()
    place = _place(name)
    name = name_in_certificate(name)
    try:
        content = _content(place)
    except FileNotFoundError:
        key = _keep(SealKey.make(name, now), place)
        told = (
            f"A key for sealing was made in the name of {name}, and is kept in “{place.parent}”. If there was one "
            "before, seals made with it remain good."
        )
        return KeptKey(key, (told,))
    except OSError as error:
        raise CannotSeal(
            f"The document was not sealed, and nothing was written: the key “{place}” cannot be read "
            f"({error.strerror or error})."
        ) from error
    try:
        key = SealKey.from_pem(content)
    except NotAKey:
        reason = "is damaged"
    else:
        if key.is_valid(now):
            with suppress(OSError):
                place.chmod(_OWNER_ONLY)
            return KeptKey(key)
        reason = "is not valid at the date of this computer"
    _put_aside(place, now)
    told = (
        f"The key for sealing {reason}, so it was put aside and a new one made in the name of {name}; "
        "older seals remain good."
    )
    return KeptKey(_keep(SealKey.make(name, now), place), (told,))


def _now() -> datetime:
    now = datetime.now().astimezone()
    if now.year not in _YEARS:
        raise CannotSeal(
            "The document was not sealed, and nothing was written: the clock of this computer shows the year "
            f"{now.year}. Set it, and try again."
        )
    return now


def _keep(key: SealKey, place: Path) -> SealKey:
    """Keep a new key where nobody else can read it."""
    temporary = place.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        place.parent.mkdir(mode=_FOLDER_OWNER_ONLY, parents=True, exist_ok=True)
        descriptor = os.open(temporary, _NEW_FILE, _OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.to_pem())
            file.flush()
            sync_file(file.fileno())
        temporary.replace(place)
        sync_folder(place.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise CannotSeal(
            f"The document was not sealed, and nothing was written: a key for it cannot be kept in “{place.parent}” "
            f"({error.strerror or error})."
        ) from error
    return key


def _put_aside(place: Path, now: datetime) -> None:
    aside = place.with_name(f"{place.name}.until-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    try:
        place.replace(aside)
    except OSError as error:
        raise CannotSeal(
            f"The document was not sealed, and nothing was written: the key “{place}” cannot be used any more, nor put "
            f"aside ({error.strerror or error})."
        ) from error


def _content(place: Path) -> bytes:
    with place.open("rb") as file:
        return file.read(_LARGEST)


def _place(name: str) -> Path:
    return _folder() / f"{hashlib.sha256(name_in_certificate(name).encode()).hexdigest()[:16]}.pem"


def _folder() -> Path:
    return user_data_dir() / _FOLDER
