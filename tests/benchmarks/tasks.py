"""What the benchmarks run in processes of their own; each task prints its figures as one line of JSON."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import UTC, date, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

_WORDS = "We set a four-minute target and told the team why. "

# Imported inside the tasks: the memory and the processor time of a task are those of what it needs itself.


def attach(source: str, store: str) -> dict[str, float]:
    """Attach one file to a new store."""
    from portfolio_app.storage.files import FileStore

    folder = Path(store)
    folder.mkdir(parents=True)
    start = time.perf_counter()
    FileStore(folder).add(Path(source))
    return {"wall": time.perf_counter() - start}


def read_units(file: str) -> dict[str, int]:
    """Read the units of a document, without storing them."""
    from pypdfium2 import PdfDocument

    from portfolio_app.services.specifications import units_of_document

    path = Path(file)
    units = units_of_document(path)
    leaves = sum(1 for found in units for _ in found.unit.leaves())
    return {"pages": len(PdfDocument(path)) if path.suffix == ".pdf" else 0, "units": len(units), "leaves": leaves}


def read_texts(folder: str) -> dict[str, int]:
    """Read the text of the files in a folder."""
    from portfolio_app.domain.attached_text import TextState
    from portfolio_app.media_types import media_type
    from portfolio_app.services.text_desk import FileToRead, TextProcess

    files = [
        FileToRead(path, path.name, media_type(path.name, path.read_bytes()[:4096]), path.name)
        for path in sorted(Path(folder).iterdir())
    ]
    with TextProcess() as process:
        for text in map(process.read, files):
            if text.state is not TextState.READ or not text.complete:
                raise SystemExit(f"{text.sha256} was not read")
    return {"files": len(files)}


def judge_suggestions(folder: str) -> dict[str, Any]:
    """Rank requirements for labelled passages, and for the sample's items; figures by set and by means."""
    from tests.benchmarks.judging import judge_passages, judge_sample

    from portfolio_app.services.suggestion_engine import SuggestionEngine

    with SuggestionEngine(Path(folder)) as engine:
        return {
            "trial": judge_passages("trial", engine),
            "tuning": judge_passages("tuning", engine),
            "sample": judge_sample(engine),
        }


def read_meanings(folder: str) -> dict[str, float]:
    """Suggest for an item of 1,000 words, once the model is there; seconds of the processor."""
    from tests.benchmarks.judging import passages_of, requirements

    from portfolio_app.services.suggestion_engine import SuggestionEngine
    from portfolio_app.suggesting.ranking import Comparison, Said
    from portfolio_app.suggesting.target import Passage

    words = " ".join(each["text"] for each in passages_of("trial")).split()
    said = Said([Passage(" ".join(words[:1000]))])
    found = requirements()
    cold = Path(folder) / "cold"
    cold.mkdir()
    with SuggestionEngine(cold) as engine:
        times = [time.process_time()]
        assert engine.meanings is not None
        aims = engine.meanings.aims(found.targets)
        times.append(time.process_time())
        for _ in range(2):
            Comparison(said, found.wordings, engine.meanings, aims)
            times.append(time.process_time())
    first, cpu, again = (later - earlier for earlier, later in pairwise(times))
    return {"first": first, "cpu": cpu, "again": again}


def large(folder: str, items: str, claims: str) -> dict[str, list[tuple[float, float]]]:
    """Make a large portfolio and one of half its size and use both in turn; pairs of milliseconds (half, whole)."""
    from tests.benchmarks.large_portfolio import make_large_portfolio

    from portfolio_app.domain.coverage import coverage
    from portfolio_app.domain.gaps import find_gaps
    from portfolio_app.domain.listing import EvidenceQuery
    from portfolio_app.importing.evidence_kinds import load_kinds
    from portfolio_app.services.evidence import EvidenceGiven, edit_evidence
    from portfolio_app.services.evidence_list import evidence_list
    from portfolio_app.storage.portfolio_file import PortfolioFile

    places = (Path(folder) / "half", Path(folder) / "whole")
    for place, part in zip(places, (2, 1), strict=True):
        make_large_portfolio(place, int(items) // part, int(claims) // part).close()
    kinds = load_kinds()
    numbers = iter(range(1, 1000))

    def taken(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
        start = clock()
        work()
        return (clock() - start) * 1000

    def open_into(opened: list[PortfolioFile], place: Path) -> None:
        opened.append(PortfolioFile.open(place))

    def edit(portfolio: PortfolioFile) -> None:
        given = EvidenceGiven(body=f"{_WORDS * 50} {datetime.now(UTC).isoformat()}")
        edit_evidence(portfolio, kinds, f"E{next(numbers)}", given)

    def sum_up(portfolio: PortfolioFile) -> None:
        with portfolio.read() as reader:
            facts = reader.facts(portfolio.files.sizes())
        coverage(facts)
        find_gaps(facts, kinds, date(2026, 11, 22))

    figures: dict[str, list[list[float]]] = {}

    def note(name: str, figure: float) -> None:
        pairs = figures.setdefault(name, [[]])
        if len(pairs[-1]) == len(places):
            pairs.append([])
        pairs[-1].append(figure)

    for _ in range(9):
        opened: list[PortfolioFile] = []
        for place in places:
            note("open", taken(partial(open_into, opened, place)))
        for portfolio in opened:
            note("first_coverage_and_gaps", taken(partial(sum_up, portfolio)))
        for portfolio in opened:
            note("edit", taken(partial(edit, portfolio), time.process_time))
        for portfolio in opened:
            note("coverage_and_gaps", taken(partial(sum_up, portfolio)))
        for query, name in ((EvidenceQuery(), "list"), (EvidenceQuery("complaints survey"), "search")):
            for portfolio in opened:
                evidence_list(portfolio, kinds, query)  # the first time reads, which the window does once
            for portfolio in opened:
                note(name, taken(partial(evidence_list, portfolio, kinds, query)))
        for portfolio in opened:
            note("backup", taken(portfolio.backups.make))
        for portfolio in opened:
            portfolio.close()
    return {name: [(pair[0], pair[1]) for pair in pairs] for name, pairs in figures.items()}


_SEARCHES = (
    *("c", "co", "complaints survey", "the rota", "customer service", "E12", "1.2", "zebra", "procedu", "service "),
    *("monitored complaints weekly recorded", '"monitored complaints"', "kind:plan complaints", "unit:U1 rota -survey"),
    *("person:witness targets", "in:attachments resources", "has:claim after:March 2026 rota", "tag:2026 kind:kpi"),
)


def checking_texts(folder: str, items: str) -> dict[str, Any]:
    """Read the texts of a large portfolio, edit one, and judge; seconds for all, milliseconds for the rest."""
    from dataclasses import replace

    import psutil
    from tests.benchmarks.large_portfolio import make_large_portfolio

    from portfolio_app.domain.gaps import find_gaps
    from portfolio_app.domain.qualification import Requirement
    from portfolio_app.importing.evidence_kinds import load_kinds
    from portfolio_app.services.evidence import EvidenceGiven, edit_evidence
    from portfolio_app.services.improvement_cycle import unit_cycles
    from portfolio_app.services.text_reading import text_reader

    asking = "Plan with measurable objectives, resolve problems, use theories and laws, monitor and improve"
    kinds = load_kinds()

    def asks(requirement: Requirement) -> Requirement:
        return replace(requirement, text=asking, children=tuple(map(asks, requirement.children)))

    def cost(work: Callable[[], object]) -> float:
        before = time.process_time()
        work()
        return (time.process_time() - before) * 1000

    with make_large_portfolio(Path(folder) / "large", int(items), int(items) * 6) as portfolio:
        reader = text_reader(portfolio, kinds)
        with portfolio.read() as look:
            facts = look.facts({})
        memory = psutil.Process().memory_info().rss
        pieces = []
        is_complete = False
        while not is_complete:
            before = time.process_time()
            is_complete = reader.read_on(portfolio, 0.005).is_complete
            pieces.append((time.process_time() - before) * 1000)
        memory = psutil.Process().memory_info().rss - memory
        edits = []
        for number in range(1, 6):
            edit_evidence(portfolio, kinds, f"E{number}", EvidenceGiven(body=f"I planned {number} of them anew."))
            edits.append(cost(lambda: reader.read_all(portfolio)))
        texts = reader.facts()
        everywhere = replace(
            facts,
            units=[replace(unit, requirements=tuple(map(asks, unit.requirements))) for unit in facts.units],
        )
        with portfolio.edit("Ask for improvement") as editor:
            editor.put_unit(everywhere.units[0])
        code = facts.units[0].code
        return {
            "all": sum(pieces) / 1000,
            "piece": statistics.quantiles(pieces, n=100)[-1],
            "memory": memory,
            "edit": edits,
            "gaps": [cost(lambda: find_gaps(facts, kinds, date(2026, 11, 22), texts=texts)) for _ in range(5)],
            "asking": [cost(lambda: find_gaps(everywhere, kinds, date(2026, 11, 22), texts=texts)) for _ in range(5)],
            "cycle": [cost(lambda: unit_cycles(portfolio, kinds, texts, code)) for _ in range(5)],
        }


def searching(folder: str, items: str, files: str) -> dict[str, Any]:
    """Make the index of a large portfolio, and search in it after each of some edits: seconds and milliseconds of CPU.

    There are but 40 words in it, so that each of them is as common as any can be.
    """
    import random

    from tests.benchmarks.large_portfolio import TEXT_WORDS, make_large_portfolio

    from portfolio_app.domain.attached_text import AttachedText, TextPassage, TextState
    from portfolio_app.importing.evidence_kinds import load_kinds
    from portfolio_app.services.attached_texts import unread_files
    from portfolio_app.services.evidence import EvidenceGiven, edit_evidence
    from portfolio_app.services.searching import catch_up, search

    portfolio = make_large_portfolio(Path(folder) / "whole", int(items), 6 * int(items))
    index = portfolio.search_index
    kinds = load_kinds()
    chance = random.Random(2)
    pieces: list[float] = []

    def taken(work: Callable[[], object]) -> float:
        start = time.process_time()
        work()
        return (time.process_time() - start) * 1000

    def on_portfolio(work: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = work()
        pieces.append((time.process_time() - start) * 1000)
        return result

    told: dict[str, Any] = {"queries": {}, "caught_up": [], "looked": []}
    told["anew"] = taken(lambda: catch_up(portfolio, kinds, on_portfolio=on_portfolio)) / 1000
    told["longest_piece"] = max(pieces)
    texts = [
        AttachedText(
            each.sha256,
            TextState.READ,
            tuple(TextPassage(" ".join(chance.choices(TEXT_WORDS, k=50)), n // 5 + 1, n + 1) for n in range(20)),
        )
        for each in unread_files(portfolio)[: int(files)]
    ]
    told["texts"] = (taken(partial(index.put_texts, texts)) + taken(index.tidy)) / 1000
    for number in range(1, 8):
        edit_evidence(portfolio, kinds, f"E{number}", EvidenceGiven(body=f"{_WORDS * 50} {number}"))
        told["caught_up"].append(taken(lambda: catch_up(portfolio, kinds)))
        told["looked"].append(taken(lambda: catch_up(portfolio, kinds)))
        for query in _SEARCHES:
            search(portfolio, query[:-1])  # as it is typed: the words before the last are known
            told["queries"].setdefault(query, []).append(taken(partial(search, portfolio, query)))
    portfolio.close()
    return told


def pdf(target: str, tags: str = "tagged") -> dict[str, float]:
    """Write the PDF of 200 items × 250 words with a matrix of 40 × 200; "untagged" as it would be without structure."""
    from portfolio_app.exporting.pdf import write_pdf

    if tags == "untagged":
        _leave_structure_out()
    publication = _publication()
    start = time.process_time()
    pages = write_pdf(publication, Path(target)).pages
    return {"pages": pages, "cpu": time.process_time() - start}


def _leave_structure_out() -> None:
    """Let the writer neither note nor write what marks mean: what is left is what an untagged PDF takes."""
    from portfolio_app.exporting.pdf.pen import Pen
    from portfolio_app.exporting.pdf.structure import Structure

    def nothing(*_: object) -> int:
        return 0

    structure, pen = cast("Any", Structure), cast("Any", Pen)
    structure.join = structure.mark = nothing
    structure.note = lambda self, element, page: self._key()
    structure.write = nothing
    pen._opening = lambda self, element: ""
    pen._marked = lambda self, element: nullcontext()


def bound(files: str, target: str) -> dict[str, float]:
    """Write the PDF of a portfolio with photographs and documents of many pages, files and all."""
    import hashlib

    from tests.benchmarks.bound_portfolio import bound_portfolio

    from portfolio_app.exporting.pdf import write_pdf
    from portfolio_app.exporting.portfolio_publication import ExportOptions, build_publication

    sample = bound_portfolio(Path(files))
    places = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in Path(files).iterdir()}
    sample.files.clear()  # type: ignore[attr-defined]
    asked = [time.process_time()]

    def progress(done: int, total: int, what: str) -> None:
        del done, total, what
        asked.append(time.process_time())

    publication = build_publication(
        sample.portfolio, sample.kinds, places.get, ExportOptions(), date(2026, 11, 22), "benchmark", progress=progress
    )
    pages = write_pdf(publication, Path(target), progress=progress).pages
    asked.append(time.process_time())
    return {"pages": pages, "silent": max(after - before for before, after in pairwise(asked))}


def peers_document(target: str) -> dict[str, float]:
    """Write what the peers write."""
    from tests.benchmarks.peers import content

    from portfolio_app.exporting.pdf import write_pdf
    from portfolio_app.exporting.publication import (
        Cell,
        Heading,
        ListBlock,
        Paragraph,
        Publication,
        Run,
        Section,
        Table,
    )

    def cells(texts: list[str]) -> tuple[Cell, ...]:
        return tuple(Cell(((Run(text),),)) for text in texts)

    sections = tuple(
        Section(
            (
                Heading(1, part.heading),
                *(Paragraph((Run(text),)) for text in part.paragraphs),
                ListBlock(tuple((Paragraph((Run(text),)),) for text in part.points)),
                Table(cells(part.head), tuple(cells(row) for row in part.rows), (0.25,) * 4),
            )
        )
        for part in content()
    )
    return {"pages": write_pdf(Publication("Portfolio", "", "", "Portfolio", sections), Path(target)).pages}


def docx(target: str) -> dict[str, float]:
    """Write the Word document of the same."""
    from portfolio_app.exporting.docx import write_docx

    write_docx(_publication(), Path(target))
    return {"bytes": Path(target).stat().st_size}


def _publication() -> Any:  # its type would be imported for every task
    from tests.sample_portfolios import large_portfolio

    from portfolio_app.exporting.portfolio_publication import ExportOptions, build_publication

    sample = large_portfolio(items=200, criteria=40, claims_per_item=6)
    return build_publication(
        sample.portfolio, sample.kinds, lambda _: None, ExportOptions(), date(2026, 11, 22), "benchmark"
    )


_TASKS: dict[str, Callable[..., Mapping[str, object]]] = {
    "attach": attach,
    "large": large,
    "checking_texts": checking_texts,
    "searching": searching,
    "pdf": pdf,
    "docx": docx,
    "bound": bound,
    "peers_document": peers_document,
    "read_texts": read_texts,
    "read_units": read_units,
    "judge_suggestions": judge_suggestions,
    "read_meanings": read_meanings,
}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_TASKS[sys.argv[1]](*sys.argv[2:])) + "\n")
