"""Sealing: the signature is appended to the finished PDF, so that even a large one is never held in memory."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from asn1crypto import cms, core
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.attributes import (
    CMSAlgorithmProtectionProvider,
    CMSAttributeProvider,
    SignedAttributeProviderSpec,
    SigningCertificateV2Provider,
    SigningTimeProvider,
)
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.exporting.seal.keys import SealKey
from portfolio_app.exporting.seal.watched_file import CHUNK, WatchedFile

FIELD: Final = "PortfolioAppSeal"
"""The name of the seal's field: stands in the file as it is here."""

REASON_BEGINS: Final = "Sealed by Portfolio App"
"""So do the words by which a reader of PDF shows why it was signed; they too stand in the file as they are here."""

DIGEST: Final = "sha256"
"""What is signed is the hash of this kind."""

_SPACE: Final = 8192  # hexadecimal digits; a seal takes some 2,000
_SHORT_YEARS: Final = range(1950, 2050)  # whose two last digits are written
_WHAT: Final = "Sealing the document"

# Tagged PDF has no place for what is nowhere on a page, and PDF/A allows nothing hidden: so it lies outside the page.
_OUTSIDE: Final = InvisSigSettings(box_out_of_bounds=True)


class _Addition(IncrementalPdfFileWriter):
    """What is added to a document whose properties stay as they are.

    The library would put its own name among them, and write them anew in a way that PDF/A does not allow. This hook
    is private: one minor version only.
    """

    def _prep_dom_for_writing(self) -> None:
        pass


def seal_file(path: Path, key: SealKey, sealed_at: datetime, progress: Progress = no_progress) -> None:
    """Seal a finished PDF where it is; on an error or cancelled, what is left there is of no use.

    Raises:
        Cancelled: ``progress`` said so.
    """
    moment = sealed_at.replace(microsecond=0)
    progress(0, 0, _WHAT)
    with WatchedFile(path, lambda done: progress(done, os.path.getsize(path), _WHAT)) as file:  # noqa: PTH202 - faster
        writer = _Addition(file)
        field = SigFieldSpec(
            FIELD, readable_field_name="Seal of the whole document", invis_sig_settings=_OUTSIDE, on_page=0
        )
        steps = PdfCMSEmbedder(new_field_spec=field).write_cms(FIELD, writer)
        next(steps)
        placeholder = SignatureObject(
            timestamp=moment,
            subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
            reason=f"{REASON_BEGINS}, so that later changes show",
            bytes_reserved=_SPACE,
        )
        steps.send(SigObjSetup(placeholder))
        prepared, _ = steps.send(SigIOSetup(DIGEST, in_place=True, chunk_size=CHUNK))
        signature = asyncio.run(_signer(key, moment).async_sign(prepared.document_digest, DIGEST))
        steps.send(signature)


def _signer(key: SealKey, moment: datetime) -> SimpleSigner:
    private = key.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(key.certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    signer.signed_attr_prov_spec = _SignedToo(signer, moment)
    return signer


class _SignedToo(SignedAttributeProviderSpec):
    """What is signed together with the document: whose key it is, and when, in any century."""

    def __init__(self, signer: SimpleSigner, moment: datetime) -> None:
        self._signer = signer
        self._moment = moment

    def signed_attr_providers(
        self,
        data_digest: bytes,  # noqa: ARG002 - the library's
        digest_algorithm: str,
    ) -> Iterator[CMSAttributeProvider]:
        yield SigningCertificateV2Provider(signing_cert=self._signer.signing_cert)
        yield _SigningTime(self._moment)
        mechanism = self._signer.get_signature_mechanism_for_digest(digest_algorithm)
        yield CMSAlgorithmProtectionProvider(digest_algo=digest_algorithm, signature_algo=mechanism)


class _SigningTime(SigningTimeProvider):
    """The time of signing as RFC 5652, 11.3, wants it: the library's own ends in 2049."""

    async def build_attr_value(self, dry_run: bool = False) -> cms.Time:
        if self.timestamp.astimezone(UTC).year in _SHORT_YEARS:
            return await super().build_attr_value(dry_run)
        return cms.Time({"generalized_time": core.GeneralizedTime(self.timestamp)})
