"""The last step: pages of attached documents put into their places, originals embedded, the file written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Protocol

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from portfolio_app.domain.review import IDENTITY, ReviewIdentity
from portfolio_app.domain.witness_form import WitnessIdentity
from portfolio_app.exporting.options import Profile
from portfolio_app.exporting.pdf.appending import AppendedObjects
from portfolio_app.exporting.pdf.attached import Placement
from portfolio_app.exporting.pdf.embedding import EmbeddedFiles
from portfolio_app.exporting.pdf.fonts import mend_fonts
from portfolio_app.exporting.pdf.form_fields import FormFields, FormObjects
from portfolio_app.exporting.pdf.packing import PackedObjects
from portfolio_app.exporting.pdf.placing import Placer
from portfolio_app.exporting.pdf.properties import Properties, PropertyObjects, write_properties
from portfolio_app.exporting.pdf.saving import save_pdf
from portfolio_app.exporting.pdf.structure import Structure, text_string
from portfolio_app.exporting.publication import AttachedFile
from portfolio_app.exporting.wording import Wording
from portfolio_app.page_hashes import page_hashes
from portfolio_app.untrusted_pdf import UNREADABLE

_ID_LENGTH = 16
_FILES_AT_ONCE = 100  # open while pages are copied from them; systems allow a few hundred


class Report(Protocol):
    """Says that so many more units of a step are done; raises to cancel."""

    def __call__(self, what: str, units: int = 1) -> None:
        """Count ``units`` as done; ``what`` is being done now."""

    def check(self) -> None:
        """Say again where the work is."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """What goes into the file beside the pages that were laid out."""

    words: Wording
    placements: Sequence[Placement]
    embedded: Sequence[AttachedFile]
    places: Mapping[str, tuple[int, float]]
    structure: Structure
    properties: Properties
    fields: FormFields
    identity: ReviewIdentity | WitnessIdentity | None = None
    key: bytes = b""


def write_assembled(laid_out: Path, target: Path, assembly: Assembly, report: Report) -> list[str]:
    """Write ``target`` from the pages laid out; ``report`` may raise to cancel.

    Returns warnings: sentences on pages and files that could not be put in.
    """
    scratch = laid_out.parent
    warnings: list[str] = []
    current = laid_out
    by_file = [(path, list(group)) for path, group in groupby(assembly.placements, key=lambda one: one.path)]
    for start in range(0, len(by_file), _FILES_AT_ONCE):
        batch = by_file[start : start + _FILES_AT_ONCE]
        following = scratch / f"placed-{start}.pdf"
        warnings += _place(current, following, batch, assembly, report)
        current = following
    with AppendedObjects(current, report.check) as objects:
        files = EmbeddedFiles(objects, assembly.words)
        for file in assembly.embedded:
            report(assembly.words("writing.embedding"))
            problem = files.add(file, report.check)
            if problem:
                warnings.append(problem)
        form = assembly.fields.write(objects, str(assembly.identity.root) if assembly.identity else "")
        places = _write_places(objects, assembly.places)
        properties = write_properties(objects, assembly.properties)
    report(assembly.words("writing.pdf"), 0)
    _save(current, target, assembly, _Added(files, form, places, properties), report)
    with PackedObjects(target, report.check) as packed:
        assembly.structure.write(packed)
    return warnings


@dataclass(frozen=True, slots=True)
class _Added:
    """What was written to the end of the pages, and is to be part of the document."""

    files: EmbeddedFiles
    form: FormObjects | None
    places: int
    properties: PropertyObjects


def _save(current: Path, target: Path, assembly: Assembly, added: _Added, report: Report) -> None:
    """Write all but the structure; when this is left, the library's memory of the document is free again."""
    # Read as a stream, not mapped into memory, of which large originals would take their size.
    with pikepdf.open(current, access_mode=pikepdf.AccessMode.stream) as document:
        added.files.embed_in(document)
        if "/Names" not in document.Root:
            document.Root.Names = Dictionary()
        document.Root.Names.Dests = document.get_object((added.places, 0))
        if "/Outlines" in document.Root:
            document.Root.PageMode = Name.UseOutlines
        document.Root.StructTreeRoot = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        document.Root.MarkInfo = Dictionary(Marked=True)
        for page, key in zip(document.pages, assembly.structure.page_keys(len(document.pages)), strict=True):
            report.check()
            page.obj.StructParents = key
            page.obj.Tabs = Name.S
        if len(document.pages):
            mend_fonts(document.pages[0].resources)  # ReportLab gives all pages the same fonts
        added.properties.put_into(document)
        if added.form:
            added.form.put_into(document, report.check)
        if added.form and assembly.identity:
            _identify(document, assembly.identity, assembly.key, added.form, report)
        save_pdf(
            document,
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            progress=lambda _percent: report.check(),
        )


def _identify(
    document: pikepdf.Pdf, identity: ReviewIdentity | WitnessIdentity, key: bytes, form: FormObjects, report: Report
) -> None:
    """Let the form, and the file, say which copy of which portfolio they are: the pages are as they will be."""
    sealed = replace(identity, pages=tuple(page_hashes(document, report.check))).signed(key)
    document.get_object((form.fields[IDENTITY], 0)).V = String(sealed.to_json())
    # The first half stays when the file is saved again; whoever writes the file makes the second.
    number = hashlib.sha256(str(identity).encode()).digest()[:_ID_LENGTH]
    document.trailer.ID = Array([String(number), String(number)])


def _write_places(objects: AppendedObjects, places: Mapping[str, tuple[int, float]]) -> int:
    """Write the places by their names, so that "portfolio.pdf#E12" leads there from outside; return the object."""
    pairs = (
        f"{text_string(name)}[{objects.pages[page - 1]}/XYZ 0 {top:g} 0]"
        for name, (page, top) in sorted(places.items(), key=lambda place: place[0].encode("utf-16-be"))
    )
    return objects.add(f"<</Names[{' '.join(pairs)}]>>")


def _place(
    current: Path,
    following: Path,
    batch: Sequence[tuple[Path, list[Placement]]],
    assembly: Assembly,
    report: Report,
) -> list[str]:
    """Put the pages of some files into their places; if one of them spoils the result, find out which."""
    try:
        return _placed(current, following, batch, assembly, report, careful=False)
    except UNREADABLE:
        return _placed(current, following, batch, assembly, report, careful=True)


def _placed(
    current: Path,
    following: Path,
    batch: Sequence[tuple[Path, list[Placement]]],
    assembly: Assembly,
    report: Report,
    *,
    careful: bool,
) -> list[str]:
    no_ink = assembly.properties.profile is Profile.ARCHIVE
    with pikepdf.open(current) as document, Placer(document, assembly.words, no_ink=no_ink, careful=careful) as placer:
        for path, placements in batch:
            placer.open(path)
            for placement in placements:
                placer.place(placement)
                report(assembly.words("writing.placing"))
        save_pdf(document, following, progress=lambda _percent: report.check())
        return placer.warnings
