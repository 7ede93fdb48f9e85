"""Sealed PDFs for tests, and what others may do to them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore
from tests.pdf_publications import heading, link_to, paragraph, publication, section

from portfolio_app.exporting.options import Profile
from portfolio_app.exporting.pdf import write_pdf
from portfolio_app.exporting.publication import Publication

SEALED_AT = datetime(2026, 6, 1, 12, 30, 15, tzinfo=UTC)


def small_publication() -> Publication:
    return publication(section(heading("Evidence"), paragraph("The rota."), link_to("More", url="https://example.org")))


def archive_copy(path: Path, source: Publication | None = None) -> Path:
    write_pdf(source or small_publication(), path, profile=Profile.ARCHIVE)
    return path


def gap_of(content: bytes | bytearray) -> tuple[int, int]:
    """Return where the seal itself stands, of which nothing can be sealed."""
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) ", content)
    assert found is not None
    return int(found[1]), int(found[2])


def sign_as(name: str, path: Path) -> None:
    """Sign a PDF as another program would, in somebody's name."""
    private = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            private.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        ),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    with path.open("r+b") as file:
        PdfSigner(PdfSignatureMetadata(field_name="Signature1"), signer=signer).sign_pdf(
            IncrementalPdfFileWriter(file), in_place=True
        )
