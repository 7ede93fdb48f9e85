"""The key that seals are made with, and the certificate that names its owner: signed by the key itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PURPOSE: Final = "Portfolio App seal"
"""Said in the certificate: by this, a seal is told from the signatures of other programs."""

_YEARS: Final = 10
_DAY: Final = timedelta(days=1)
_LONGEST_NAME: Final = 64  # characters that a certificate's name may have
_NAMELESS: Final = "The owner of this portfolio"


class NotAKey(ValueError):
    """What was kept is no key of ours any more."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """A private key, and its certificate."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, name: str, now: datetime) -> Self:
        """Make a key for somebody of this name, good for ten years."""
        private = ec.generate_private_key(ec.SECP256R1())
        named = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, name_in_certificate(name)),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, PURPOSE),
            ]
        )
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=True,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        certificate = (
            x509.CertificateBuilder()
            .subject_name(named)
            .issuer_name(named)
            .public_key(private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _DAY)  # clocks differ
            .not_valid_after(now + _YEARS * 365 * _DAY)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
            .sign(private, hashes.SHA256())
        )
        return cls(private, certificate)

    @classmethod
    def from_pem(cls, text: bytes) -> Self:
        """Read a key as :meth:`to_pem` wrote it.

        Raises:
            NotAKey: it is something else, or damaged.
        """
        try:
            private = serialization.load_pem_private_key(text, password=None)
            certificate = x509.load_pem_x509_certificate(text)
            belongs = certificate.public_key() == private.public_key()
        except (ValueError, TypeError) as error:
            raise NotAKey(str(error)) from error
        if not isinstance(private, ec.EllipticCurvePrivateKey) or not belongs:
            raise NotAKey("the key and its certificate do not belong together")
        return cls(private, certificate)

    def to_pem(self) -> bytes:
        """Return the key, which is a secret, and its certificate as text."""
        private = self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return private + self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """The certificate's SHA-256, by which people compare keys."""
        return readable_fingerprint(self.certificate.fingerprint(hashes.SHA256()))

    def is_valid(self, now: datetime) -> bool:
        """Return whether the certificate is good for now."""
        return self.certificate.not_valid_before_utc <= now <= self.certificate.not_valid_after_utc


def name_in_certificate(name: str) -> str:
    """Return the name as a certificate can hold it."""
    printable = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(printable.split())[:_LONGEST_NAME].strip() or _NAMELESS


def readable_fingerprint(digest: bytes) -> str:
    """Return a fingerprint in groups of four characters, as it is read aloud."""
    text = digest.hex().upper()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
