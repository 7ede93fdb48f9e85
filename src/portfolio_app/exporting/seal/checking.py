"""Checking a seal: whether the file is, byte for byte, what was sealed, and what was added to it since."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from portfolio_app.domain.errors import InvalidInput, KnownError
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.exporting.seal.keys import PURPOSE, name_in_certificate, readable_fingerprint
from portfolio_app.exporting.seal.sealing import DIGEST, FIELD, REASON_BEGINS
from portfolio_app.exporting.seal.watched_file import CHUNK

_HEADER: Final = b"%PDF-"
_HEADER_WITHIN: Final = 1024  # bytes from the beginning, as readers are lenient
_WHAT: Final = "Comparing the document with its seal"
_NAMED_AT_MOST: Final = 3
_TAIL: Final = 1 << 16  # bytes
_MARKS: Final = tuple(f"({text}".encode() for text in (FIELD, REASON_BEGINS))
_RANGE: Final = re.compile(rb"/ByteRange *\[0 (\d{1,15}) ")
_YEARS: Final = (1971, 9999)
_BEGINNING: Final = b"<30"


# It says on standard error what it finds strange in a file; what there is to say, the report says.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL + 1)


class SealState(StrEnum):
    """What became of a sealed file. The value is the word in JSON."""

    UNCHANGED = "unchanged"
    ADDED_TO = "added-to"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class SealReport:
    """What the seal says, and whether the file is as it says.

    Attributes:
        state: Whether it is unchanged.
        sealed_by: The name in the seal: whoever made the key chose it. Empty where the seal cannot be read any more.
        sealed_at: What the clock of the computer showed; ``None`` where that cannot be read or believed any more.
        fingerprint: That of the key, to be compared; empty as above.
        bytes_added: What stands in the file after what was sealed.
        signatures_added: Names in signatures that were added since; they were not checked.
    """

    state: SealState
    sealed_by: str = ""
    sealed_at: datetime | None = None
    fingerprint: str = ""
    bytes_added: int = 0
    signatures_added: tuple[str, ...] = ()


def check_seal(path: Path, progress: Progress = no_progress) -> SealReport:
    """Compare a PDF with its seal.

    Raises:
        InvalidInput: it cannot be read, is not a PDF, is encrypted or damaged, or bears no seal of this program.
        Cancelled: ``progress`` said so.
    """
    progress(0, 0, _WHAT)
    try:
        with path.open("rb") as file:
            return _checked(file, path.name, progress)
    except KnownError:
        raise
    except OSError as error:
        raise InvalidInput(f"“{path.name}” cannot be read: {error.strerror or error}.") from error


def _checked(file: Any, name: str, progress: Progress) -> SealReport:
    if os.fstat(file.fileno()).st_size == 0:
        raise InvalidInput(f"“{name}” is empty.")
    try:
        reader = PdfFileReader(file, strict=False)
        encrypted = reader.encrypted
        signatures = [] if encrypted else list(reader.embedded_signatures)
        names = [_name(each.signer_cert) for each in signatures]
        ours = [place for place, each in enumerate(signatures) if _is_ours(each.signer_cert)]
    except OSError:
        raise
    except Exception as error:  # what a library meets in a broken or hostile file cannot be foreseen
        if _is_marked(_tail(file)):
            return SealReport(SealState.CHANGED)
        file.seek(0)
        if _HEADER not in file.read(_HEADER_WITHIN):
            raise InvalidInput(f"“{name}” is not a PDF.") from error
        raise InvalidInput(f"“{name}” is damaged, and cannot be read as a PDF.") from error
    if encrypted:
        raise InvalidInput(
            f"“{name}” is protected with a password, as no exported document is: its seal cannot be checked."
        )
    if ours:
        return _compared(file, signatures[ours[0]], tuple(names[ours[0] + 1 :]), progress)
    if _is_lost(file):
        return SealReport(SealState.CHANGED)
    if names:
        raise InvalidInput(
            f"“{name}” bears no seal of this program, but is signed by {_listed(names)}: check that in a PDF reader."
        )
    raise InvalidInput(f"“{name}” bears no seal: whether it was changed cannot be said.")


def _compared(file: Any, seal: EmbeddedPdfSignature, later: tuple[str, ...], progress: Progress) -> SealReport:
    """Compare the file with what one seal says of it."""
    certificate = seal.signer_cert
    said_by, fingerprint = _name(certificate), readable_fingerprint(certificate.sha256)
    size = os.fstat(file.fileno()).st_size
    try:
        end = _end_of_sealed(file, seal)
        sealed_at = _time(seal)
        if 0 < end <= size and sealed_at is not None:
            digest = _digest(file, seal.byte_range, progress)
            if validate_sig_integrity(seal.signer_info, certificate, "data", digest) == (True, True):
                state = SealState.UNCHANGED if end == size else SealState.ADDED_TO
                return SealReport(state, said_by, sealed_at, fingerprint, size - end, later)
    except (OSError, KnownError):
        raise
    except Exception:  # noqa: BLE001 - as above; and a seal that cannot be understood is not as it was made
        return SealReport(SealState.CHANGED, said_by, None, fingerprint)
    return SealReport(SealState.CHANGED, said_by, None, fingerprint)


def _end_of_sealed(file: Any, seal: EmbeddedPdfSignature) -> int:
    """Return where that ends which was sealed, all from the beginning but the seal itself; 0: it is none of ours."""
    parts = [int(number) for number in seal.byte_range]
    if len(parts) != 4:
        return 0
    start, before, again, after = parts
    if start != 0 or not 0 < before < again or after <= 0:
        return 0
    file.seek(before)
    # Exactly as it was written: not even a letter that means the same may stand there.
    expected = b"<" + seal.pkcs7_content.hex().upper().encode() + b">"
    if again - before != len(expected) or file.read(len(expected)) != expected:
        return 0
    envelope = _envelope(seal)
    padding = seal.pkcs7_content.removeprefix(envelope)
    return again + after if len(padding) + len(envelope) == len(seal.pkcs7_content) and not any(padding) else 0


def _envelope(seal: EmbeddedPdfSignature) -> bytes:
    """Return the seal as it is made of those of its parts that are proven, so that the others are too."""
    signer, certificate = seal.signer_info, seal.signer_cert
    named = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    info = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": named}),
        "digest_algorithm": {"algorithm": DIGEST},
        "signed_attrs": signer["signed_attrs"],
        "signature_algorithm": {"algorithm": f"{DIGEST}_ecdsa"},
        "signature": signer["signature"].native,
    }
    data = {
        "version": "v1",
        "digest_algorithms": cms.DigestAlgorithms([{"algorithm": DIGEST}]),
        "encap_content_info": {"content_type": "data"},
        "certificates": [certificate],
        "signer_infos": [info],
    }
    whole = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})
    return bytes(whole.dump())


def _time(seal: EmbeddedPdfSignature) -> datetime | None:
    """Return the time that was signed, if it is one that every system can show."""
    said = seal.self_reported_timestamp
    return said if isinstance(said, datetime) and _YEARS[0] <= said.year < _YEARS[1] else None


def _digest(file: Any, parts: Sequence[int], progress: Progress) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    start, before, again, after = parts
    for position, stop in ((start, before), (again, again + after)):
        at = file.seek(position)
        while at < stop and (chunk := file.read(min(CHUNK, stop - at))):
            digest.update(chunk)
            at += len(chunk)
            progress(at, again + after, _WHAT)
    return digest.finalize()


def _name(certificate: asn1_x509.Certificate) -> str:
    return name_in_certificate(str(certificate.subject.native.get("common_name", "")) or "somebody")


def _is_ours(certificate: asn1_x509.Certificate) -> bool:
    unit = certificate.subject.native.get("organizational_unit_name", "")
    return bool(unit == PURPOSE and certificate.subject == certificate.issuer)


def _tail(file: Any) -> bytes:
    """Return the end of the file, where a seal stands."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    return bytes(file.read())


def _is_marked(content: bytes) -> bool:
    return any(mark in content for mark in _MARKS)


def _is_lost(file: Any) -> bool:
    """Return whether a seal of ours stands in a file that does not show it.

    The seal says where in the file it is: so that of an attached document is not taken for one of the whole.
    """
    tail = _tail(file)
    if not _is_marked(tail):
        return False
    for range_ in _RANGE.finditer(tail):
        file.seek(int(range_[1]))
        if file.read(len(_BEGINNING)) == _BEGINNING:
            return True
    return False


def _listed(names: list[str]) -> str:
    shown = names[:_NAMED_AT_MOST]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
