"""The last step: pages of attached documents put into their places, originals embedded, the file written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from portfolio_app.exporting.pdf.attached import UNREADABLE, Placement
from portfolio_app.exporting.pdf.embedding import EmbeddedFiles
from portfolio_app.exporting.pdf.placing import Placer
from portfolio_app.exporting.publication import AttachedFile
from portfolio_app.exporting.wording import Wording

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
        warnings += _place(current, following, batch, assembly.words, report)
        current = following
    with EmbeddedFiles(current, assembly.words) as files:
        for file in assembly.embedded:
            report(assembly.words("writing.embedding"))
            problem = files.add(file, report.check)
            if problem:
                warnings.append(problem)
    report(assembly.words("writing.pdf"), 0)
    # Read as a stream, not mapped into memory, of which large originals would take their size.
    with pikepdf.open(current, access_mode=pikepdf.AccessMode.stream) as document:
        files.embed_in(document)
        _name_places(document, assembly.places)
        document.Root.PageMode = Name.UseOutlines
        document.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            progress=lambda _percent: report.check(),
        )
    return warnings


def _name_places(document: pikepdf.Pdf, places: Mapping[str, tuple[int, float]]) -> None:
    """Give the places their names, so that "portfolio.pdf#E12" leads there from outside too."""
    if not places:
        return
    pages = [page.obj for page in document.pages]
    pairs = Array()
    for name, (number, top) in sorted(places.items()):
        pairs.append(String(name))
        pairs.append(Array([pages[number - 1], Name.XYZ, 0, top, 0]))
    if "/Names" not in document.Root:
        document.Root.Names = Dictionary()
    document.Root.Names.Dests = document.make_indirect(Dictionary(Names=pairs))


def _place(
    current: Path,
    following: Path,
    batch: Sequence[tuple[Path, list[Placement]]],
    wording: Wording,
    report: Report,
) -> list[str]:
    """Put the pages of some files into their places; if one of them spoils the result, find out which."""
    try:
        return _placed(current, following, batch, wording, report, careful=False)
    except UNREADABLE:
        return _placed(current, following, batch, wording, report, careful=True)


def _placed(
    current: Path,
    following: Path,
    batch: Sequence[tuple[Path, list[Placement]]],
    wording: Wording,
    report: Report,
    *,
    careful: bool,
) -> list[str]:
    with pikepdf.open(current) as document, Placer(document, wording, careful=careful) as placer:
        for path, placements in batch:
            placer.open(path)
            for placement in placements:
                placer.place(placement)
                report(wording("writing.placing"))
        document.save(following, progress=lambda _percent: report.check())
        return placer.warnings
