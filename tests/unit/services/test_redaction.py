"""Hiding what is marked: in every format, in every place, with the originals as they were."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import pyzipper
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.pdf_publications import failures
from tests.sample_portfolios import Sample, rich_portfolio
from tests.stored_portfolios import store

from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import Attachment
from portfolio_app.domain.portfolio import Portfolio
from portfolio_app.domain.private_details import DetailKind
from portfolio_app.domain.redaction import RedactionRegion, RedactionTerm
from portfolio_app.exporting.redaction import copies
from portfolio_app.exporting.redaction.check import TermSurvived
from portfolio_app.services.exports import Exported, ExportOptions, Profile, export, export_snapshot, write_export
from portfolio_app.services.packages import PackageRefused, import_package
from portfolio_app.services.redaction import (
    add_region,
    add_terms,
    edit_term,
    find_attachment,
    list_marks,
    marked_regions,
    propose_again,
    remove_regions,
    remove_terms,
    spare,
    survey,
)
from portfolio_app.storage.portfolio_file import PortfolioFile

SECRET = "Quixwhyte"
TODAY = date(2026, 6, 30)
NAMES = ("a.pdf", "a.docx", "a.xlsx", "a.csv", "a.zip")


def _with_term(value: Any, number: Iterator[int], wanted: frozenset[int], planted: str) -> Any:
    """Put the term into some of the texts of a portfolio's values, counted in order."""
    match value:
        case Enum():
            return value
        case str():
            return f"{value} {planted}" if next(number) in wanted else value
        case tuple():
            return tuple(_with_term(part, number, wanted, planted) for part in value)
        case dict():
            return {key: _with_term(part, number, wanted, planted) for key, part in value.items()}
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            kept = {"id", "kind", "sha256", "media_type", "history_head", "rule", "origin", "code", "ref", "source"}
            return replace(
                value,
                **{
                    field.name: _with_term(getattr(value, field.name), number, wanted, planted)
                    for field in dataclasses.fields(value)
                    if field.name not in kept and not field.name.endswith("_id") and field.name != "people"
                },
            )
        case _:
            return value


def _leaks(data: bytes, name: str) -> list[str]:
    """Say where a word is in a file, without anything of the program that looks for it."""
    found = [
        f"{name} as {encoding}"
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
        if SECRET.lower() in data.decode(encoding, "ignore").lower()
    ]
    if data.startswith(b"%PDF"):
        found += _leaks_of_pdf(data, name)
    elif data.startswith(b"PK"):
        with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
            archive.setpassword(b"eleven green bottles")
            for member in archive.namelist():
                found += _leaks(member.encode(), f"the name of {member}")
                found += _leaks(archive.read(member), f"{name}/{member}")
    return found


def _leaks_of_pdf(data: bytes, name: str) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        texts = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    found = [f"page {number} of {name}" for number, text in enumerate(texts, 1) if SECRET.lower() in text.lower()]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        unpacked = io.BytesIO()
        pdf.save(unpacked, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and item.get("/Type") == pikepdf.Name.EmbeddedFile:
                found += _leaks(item.read_bytes(), f"a file in {name}")
    for text in re.findall(rb"<([0-9a-f]+)>", unpacked.getvalue()):
        if SECRET.lower() in bytes.fromhex(text.decode() + "0" * (len(text) % 2)).decode("utf-16-be", "ignore").lower():
            found.append(f"a string in {name}")
    if SECRET.lower().encode() in unpacked.getvalue().lower():
        found.append(f"the inside of {name}")
    return found


def _planted(sample: Sample, folder: Path, portfolio: Portfolio) -> PortfolioFile:
    """Store a portfolio and its files, and mark the term and a region."""
    made = store(folder / "p", portfolio)
    attached: dict[str, str] = {}
    for sha256, content in sample.files.items():
        path = folder / sha256
        path.write_bytes(content)
        attached[sha256] = made.files.add(path).sha256
    return made


def _export(portfolio: PortfolioFile, sample: Sample, folder: Path, *names: str, **options: Any) -> list[Exported]:
    targets = [folder / name for name in names]
    return export(portfolio, sample.kinds, targets, ExportOptions(**options), today=TODAY, program_version="1")


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    wanted=st.frozensets(st.integers(0, 245), min_size=1, max_size=40),
    planted=st.sampled_from(
        [SECRET, f"**{SECRET}**’s", f"[{SECRET.upper()}](mailto:{SECRET}@x.org)", f"a.{SECRET}@x.org"]
    ),
    name=st.sampled_from(NAMES),
)
def test_a_planted_term_survives_in_no_format(
    wanted: frozenset[int], planted: str, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("planted")
    sample = rich_portfolio()
    counted = iter(range(10_000))
    portfolio = _with_term(sample.portfolio, counted, wanted, planted)
    with _planted(sample, folder, portfolio) as stored:
        add_terms(stored, [SECRET])
        _export(stored, sample, folder, name)
    assert _leaks((folder / name).read_bytes(), name) == []


@pytest.fixture(scope="module")
def sample() -> Sample:
    return rich_portfolio()


@pytest.fixture
def stored(sample: Sample, tmp_path: Path) -> Iterator[PortfolioFile]:
    with _planted(sample, tmp_path, sample.portfolio) as portfolio:
        yield portfolio


def _attach(portfolio: PortfolioFile, ref: str, path: Path, media_type: str) -> Attachment:
    stored = portfolio.files.add(path)
    attachment = Attachment(f"id of {path.name}", path.name, stored.sha256, stored.size, media_type)
    with portfolio.edit("Attach") as editor:
        item = editor.evidence(int(ref[1:]))
        editor.put_evidence(replace(item, attachments=(*item.attachments, attachment)))
    return attachment


def _embedded(path: Path) -> dict[str, bytes]:
    with pikepdf.open(path) as pdf:
        return {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}


def test_marks_are_kept_once_and_taken_back(stored: PortfolioFile) -> None:
    added, changes = add_terms(stored, ["Dana  Price", "dana price", "Omar"], replacement="a colleague")
    assert [term.text for term in added] == ["Dana Price", "Omar"]
    assert changes.redaction
    assert add_terms(stored, ["DANA PRICE"])[0] == []
    changed, _ = edit_term(stored, added[1].id, replacement="O.", whole_words=False)
    assert list_marks(stored).terms == (added[0], changed)
    removed, _ = remove_terms(stored, ["omar", "Dana Price"])
    assert {term.id for term in removed} == {term.id for term in added}
    assert not list_marks(stored)
    stored.undo()
    assert len(list_marks(stored).terms) == 2


@pytest.mark.parametrize("text", ["", "x", "2026", "Page", "portfolio", "claimed", "removed"])
def test_what_cannot_be_hidden_is_refused_when_it_is_marked(text: str, stored: PortfolioFile) -> None:
    with pytest.raises(InvalidInput):
        add_terms(stored, ["Dana", text])
    assert not list_marks(stored)


def test_a_replacement_must_not_hold_the_term(stored: PortfolioFile) -> None:
    with pytest.raises(InvalidInput, match="stand in its place"):
        add_terms(stored, ["Price"], replacement="Dana Price")


def test_what_is_not_marked_cannot_be_taken_back(stored: PortfolioFile) -> None:
    add_terms(stored, ["Dana"])
    with pytest.raises(UnknownReference, match="“Dana”"):
        remove_terms(stored, ["Omar"])
    with pytest.raises(UnknownReference):
        edit_term(stored, "nothing", replacement="", whole_words=True)


def test_regions_are_marked_within_pages_and_pictures_only(stored: PortfolioFile) -> None:
    picture = find_attachment(stored, "E1", "BOARD.png")
    region, _ = add_region(stored, picture, 1, (-500, 9000, 3000, 4000))
    assert (region.left, region.top, region.width, region.height) == (0, 9000, 2500, 1000)
    assert [(one.item.ref, one.attachment.name) for one in marked_regions(stored)] == [("E1", "board.png")]
    for page, box in ((2, (0, 0, 100, 100)), (0, (0, 0, 100, 100)), (1, (10_000, 0, 100, 100)), (1, (0, 0, 5, 5))):
        with pytest.raises(InvalidInput):
            add_region(stored, picture, page, box)
    with pytest.raises(InvalidInput, match="mark the words"):
        add_region(stored, replace(picture, media_type="text/plain"), 1, (0, 0, 100, 100))
    with pytest.raises(InvalidInput, match="2 files"):
        find_attachment(stored, "E1", "")
    with pytest.raises(UnknownReference):
        find_attachment(stored, "E1", "other.png")
    assert remove_regions(stored, [region.id])[0] == 1
    assert marked_regions(stored) == []


def test_a_survey_proposes_names_and_numbers_and_leaves_what_was_left(stored: PortfolioFile, sample: Sample) -> None:
    def looked_through() -> Any:
        snapshot = export_snapshot(stored, sample.kinds)
        return survey(snapshot.portfolio, snapshot.kinds, snapshot.files.path, today=TODAY)

    found = {one.text: one for one in looked_through().candidates}
    assert found["Dana Price"].kind is DetailKind.PERSON
    assert found["Dana"].count >= found["Dana Price"].count > 0
    assert "E1" in found["Dana Price"].places
    assert found["dana@harbour.example"].kind is DetailKind.EMAIL
    add_terms(stored, ["dana price"])
    spare(stored, ["Omar Reid"])
    after = looked_through()
    assert {"Dana Price", "Omar Reid"}.isdisjoint(one.text for one in after.candidates)
    (marked,) = after.terms
    assert marked.count == found["Dana Price"].count
    propose_again(stored, ["omar reid"])
    assert "Omar Reid" in {one.text for one in looked_through().candidates}
    add_terms(stored, ["Omar Reid"])
    assert looked_through().spared == ()


def test_what_is_marked_is_shown_when_that_is_asked_for(stored: PortfolioFile, sample: Sample, tmp_path: Path) -> None:
    add_terms(stored, ["Dana Price"])
    _export(stored, sample, tmp_path, "all.csv", "all.zip", redacted=False)
    import_package(tmp_path / "all.zip", tmp_path / "again")
    with PortfolioFile.open(tmp_path / "again") as again:
        assert [term.text for term in list_marks(again).terms] == ["Dana Price"]
    _export(stored, sample, tmp_path, "hidden.zip")
    with pytest.raises(PackageRefused, match="copy for others"):
        import_package(tmp_path / "hidden.zip", tmp_path / "no")


def test_the_originals_and_the_portfolio_stay_as_they_were(
    stored: PortfolioFile, sample: Sample, tmp_path: Path
) -> None:
    add_terms(stored, ["budget", "Dana"])
    files = {path: path.read_bytes() for path in (stored.folder / "files").rglob("*") if path.is_file()}
    with stored.read() as reader:
        before = reader.portfolio()
    _export(stored, sample, tmp_path, *NAMES)
    assert {path: path.read_bytes() for path in (stored.folder / "files").rglob("*") if path.is_file()} == files
    with stored.read() as reader:
        assert reader.portfolio() == before


def test_files_are_packed_only_if_nothing_hidden_is_in_them(
    stored: PortfolioFile, sample: Sample, tmp_path: Path
) -> None:
    for name, content, media_type in (
        ("clean.txt", b"Nothing to see", "text/plain"),
        ("dirty.txt", f"Ask {SECRET}".encode(), "text/plain"),
        ("call.mp3", b"ID3\x04" + bytes(range(256)) * 8, "audio/mpeg"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        _attach(stored, "E2", path, media_type)
    add_terms(stored, [SECRET, "Service budget, sheet 2"])
    (written,) = _export(stored, sample, tmp_path, "a.pdf")
    embedded = _embedded(written.path)
    assert {"clean.txt", "thread.eml", "service budget.pdf"} <= embedded.keys()
    assert not {"dirty.txt", "call.mp3", "board.png"} & embedded.keys()
    assert any("“call.mp3” cannot be searched" in warning for warning in written.warnings)
    with pypdfium2.PdfDocument(embedded["service budget.pdf"]) as copy:
        texts = [copy[number].get_textpage().get_text_range().strip() for number in range(len(copy))]
    assert texts == ["Service budget, sheet 1", "", "Service budget, sheet 3"]
    _export(stored, sample, tmp_path, "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = [name.rpartition("/")[2] for name in archive.namelist() if "/evidence/" in name]
    assert "clean.txt" in names
    assert not {"dirty.txt", "call.mp3", "board.png"} & set(names)


def test_a_covered_picture_is_covered_in_every_format(stored: PortfolioFile, sample: Sample, tmp_path: Path) -> None:
    add_region(stored, find_attachment(stored, "E1", "board.png"), 1, (0, 0, 10_000, 10_000))
    _export(stored, sample, tmp_path, "a.docx", "a.zip")
    pictures = []
    for name in ("a.docx", "a.zip"):
        with zipfile.ZipFile(tmp_path / name) as archive:
            pictures += [
                archive.read(member)
                for member in archive.namelist()
                if re.search(r"media/image\d+\.(png|jpeg)|pictures/[0-9a-f]{16}\.", member)
            ]
    shown = [Image.open(io.BytesIO(data)).convert("RGB").getcolors() for data in pictures]
    assert [colours for colours in shown if colours is not None and colours[0][1] == (0, 0, 0)] != []
    assert len({len(data) for data in pictures if Image.open(io.BytesIO(data)).size == (160, 120)}) == 1
    (written,) = _export(stored, sample, tmp_path, "a.pdf")
    assert "board.png" not in _embedded(written.path)


def test_an_encrypted_package_is_searched_too(stored: PortfolioFile, sample: Sample, tmp_path: Path) -> None:
    add_terms(stored, ["Dana Price", "Dana"])
    snapshot = export_snapshot(stored, sample.kinds)
    write_export(
        snapshot,
        [tmp_path / "a.zip"],
        ExportOptions(),
        today=TODAY,
        program_version="1",
        password="eleven green bottles",
    )
    with pyzipper.AESZipFile(tmp_path / "a.zip") as archive:
        archive.setpassword(b"eleven green bottles")
        page = next(archive.read(name) for name in archive.namelist() if name.endswith("index.html"))
    assert b"Dana" not in page
    assert b"[removed]" in page


@pytest.mark.parametrize("name", NAMES)
def test_a_document_in_which_a_term_survives_is_not_written(
    name: str, stored: PortfolioFile, sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_terms(stored, ["Dana Price", "Service plan"])
    old = tmp_path / name
    old.write_bytes(b"what was there")
    monkeypatch.setattr(copies, "hide_in_publication", lambda publication, *_: publication)
    with pytest.raises(TermSurvived, match=rf"“{name}” was not written: “(Dana Price|Service plan)” would still"):
        _export(stored, sample, tmp_path, name)
    assert old.read_bytes() == b"what was there"
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".tmp"]


def test_a_seal_that_shows_the_hidden_name_is_refused(stored: PortfolioFile, sample: Sample, tmp_path: Path) -> None:
    add_terms(stored, ["Sam Ellis"])
    with pytest.raises(InvalidInput, match="without a seal"):
        _export(stored, sample, tmp_path, "a.pdf", profile=Profile.ARCHIVE, sealed=True)
    assert not (tmp_path / "a.pdf").exists()


def test_a_name_of_a_file_that_gives_it_away_is_told(stored: PortfolioFile, sample: Sample, tmp_path: Path) -> None:
    add_terms(stored, ["Sam Ellis"])
    (written,) = _export(stored, sample, tmp_path, "sam-ellis.csv")
    assert any("stands in the name of its file" in warning for warning in written.warnings)


def test_names_that_formats_use_themselves_can_be_hidden(stored: PortfolioFile, sample: Sample, tmp_path: Path) -> None:
    """A learner called Root or Grey must be able to hand over a copy."""
    terms = ["Grey", "Normal", "Figure", "Helvetica", "Root", "Table Grid", "Office", "Body"]
    add_terms(stored, terms)
    _export(stored, sample, tmp_path, *NAMES)


def test_a_region_of_a_file_that_is_gone_does_no_harm(sample: Sample, tmp_path: Path) -> None:
    lost = next(item for item in sample.portfolio.evidence if any(a.sha256 == "0" * 64 for a in item.attachments))
    with _planted(sample, tmp_path, sample.portfolio) as stored:
        with stored.edit("Mark") as editor:
            editor.put_redaction_region(RedactionRegion("r", lost.attachments[0].id, 1, 0, 0, 10, 10))
            editor.put_redaction_term(RedactionTerm("t", "Omar"))
        _export(stored, sample, tmp_path, "a.pdf")


@pytest.mark.parametrize(("profile", "standards"), [(Profile.REVIEW, ("ua1",)), (Profile.ARCHIVE, ("ua1", "3a"))])
def test_a_copy_keeps_to_its_standards(
    profile: Profile, standards: tuple[str, ...], stored: PortfolioFile, sample: Sample, tmp_path: Path
) -> None:
    add_terms(stored, ["Dana Price", "Service budget, sheet 2"])
    add_region(stored, find_attachment(stored, "E1", "board.png"), 1, (0, 0, 5_000, 5_000))
    (written,) = _export(stored, sample, tmp_path, "a.pdf", profile=profile)
    assert failures(written.path, *standards) == []
