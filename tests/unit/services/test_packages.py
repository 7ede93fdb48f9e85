"""A package holds everything, gives it back as it was, and tells others nothing that it should not."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.packages import content_of, everything, sealed, write_zip
from tests.sample_portfolios import SECRET, Sample, rich_portfolio
from tests.stored_portfolios import new_portfolio, store

from portfolio_app.domain.errors import Cancelled, InvalidInput, KnownError
from portfolio_app.domain.evidence import Attachment, Evidence
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.durable import CannotWrite
from portfolio_app.importing.evidence_kinds import load_kinds
from portfolio_app.paths import resources_dir
from portfolio_app.services.exports import Audience, Exported, ExportOptions, export, export_snapshot, write_export
from portfolio_app.services.packages import PackageRefused, PasswordNeeded, import_package, look_into_package
from portfolio_app.services.portfolios import opened, opened_to_read, portfolio_details
from portfolio_app.storage.errors import AlreadyExists, DiskFull, StorageError
from portfolio_app.storage.portfolio_file import PortfolioFile

GONE = "0" * 64
"""The hash of the one file that the sample's portfolio misses."""
PASSWORD = "pässwörter sind lang"
TODAY = date(2026, 6, 30)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=200)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a portfolio with all there is: a bin, steps that were undone, files that only they name, own kinds."""
    place = tmp_path_factory.mktemp("kept")
    sample = rich_portfolio()
    folder = place / "Sam"
    with store(folder, sample.portfolio) as portfolio:
        _add_files(portfolio, sample, place)
        item = sample.portfolio.evidence[0]
        extra = place / "draft.txt"
        extra.write_text("an early draft", encoding="utf-8")
        stored = portfolio.files.add(extra)
        draft = Attachment(new_id(), "draft.txt", stored.sha256, stored.size, "text/plain")
        with portfolio.edit("Attach a draft") as editor:
            editor.put_evidence(replace(item, attachments=(*item.attachments, draft)))
        portfolio.undo()
        with portfolio.edit("Remove") as editor:
            editor.bin_evidence(sample.portfolio.evidence[-1].id)
    (folder / "evidence_kinds").mkdir()
    own = (resources_dir() / "evidence_kinds" / "plan.toml").read_text(encoding="utf-8")
    (folder / "evidence_kinds" / "own.toml").write_text(own.replace('id = "plan"', 'id = "own-plan"'), encoding="utf-8")
    return folder


def _files_of(folder: Path) -> list[Attachment]:
    with opened_to_read(folder) as portfolio, portfolio.read() as reader:
        return [attachment for item in reader.portfolio().evidence for attachment in item.attachments]


def _add_files(portfolio: PortfolioFile, sample: Sample, place: Path) -> None:
    names = {file.sha256: file.name for item in sample.portfolio.evidence for file in item.attachments}
    for sha256, content in sample.files.items():
        (place / "file").mkdir(exist_ok=True)
        original = place / "file" / names[sha256]
        original.write_bytes(content)
        assert portfolio.files.add(original).sha256 == sha256


def _packed(
    folder: Path,
    target: Path,
    options: ExportOptions | None = None,
    *,
    password: str = "",
    progress: Progress = no_progress,
) -> Exported:
    with opened_to_read(folder) as portfolio:
        (written,) = export(
            portfolio,
            load_kinds(folder / "evidence_kinds"),
            [target],
            options or ExportOptions(),
            today=TODAY,
            program_version="1",
            password=password,
            progress=progress,
        )
    return written


@pytest.fixture(scope="module")
def package(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _packed(kept, tmp_path_factory.mktemp("package") / "Sam.zip").path


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_an_imported_package_is_the_portfolio_that_was_exported(kept: Path, tmp_path: Path, password: str) -> None:
    written = _packed(kept, tmp_path / "Sam.zip", password=password)
    made = import_package(written.path, tmp_path / "new" / "Sam", password=password)
    assert list(made.missing) == [file.name for file in _files_of(kept) if file.sha256 == GONE]
    assert everything(made.folder) == everything(kept)
    assert [path.name for path in made.folder.glob("*.portfolio")] == [path.name for path in kept.glob("*.portfolio")]
    with opened(made.folder) as portfolio:
        assert portfolio.undo()[0] == "Remove"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Sam.zip", "new"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    titles=st.lists(NAMES, min_size=1, max_size=4),
    names=st.lists(NAMES, min_size=1, max_size=4),
    contents=st.lists(st.binary(max_size=300), min_size=1, max_size=4),
    password=st.sampled_from(["", PASSWORD]),
)
def test_whatever_things_are_called_everything_comes_back(
    tmp_path_factory: pytest.TempPathFactory, titles: list[str], names: list[str], contents: list[bytes], password: str
) -> None:
    place = tmp_path_factory.mktemp("any")
    with new_portfolio(place / "p") as portfolio, portfolio.edit("Add") as editor:
        for number, title in enumerate(titles, 1):
            attachments = []
            for name, content in zip(names, contents, strict=False):
                source = place / "source.bin"
                source.write_bytes(content)
                stored = portfolio.files.add(source)
                attachments.append(Attachment(new_id(), name, stored.sha256, stored.size, "text/plain"))
            editor.put_evidence(Evidence(new_id(), number, "plan", title, attachments=tuple(attachments)))
    written = _packed(place / "p", place / "p.zip", password=password)
    import_package(written.path, place / "again", password=password)
    assert everything(place / "again") == everything(place / "p")


def test_it_is_a_bag_whose_files_have_readable_names(package: Path, kept: Path) -> None:
    content = content_of(package)
    with zipfile.ZipFile(package) as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {"Sam Ellis"}
        assert archive.testzip() is None
    assert content["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    for manifest, prefix in (("manifest-sha256.txt", True), ("tagmanifest-sha256.txt", False)):
        lines = (line.split("  ", 1) for line in content[manifest].decode().splitlines())
        listed = {name: sha256 for sha256, name in lines}
        assert listed == {
            name: hashlib.sha256(data).hexdigest()
            for name, data in content.items()
            if name.startswith("data/") is prefix and not name.startswith("tagmanifest")
        }
    readable = [name for name in content if name.startswith("data/evidence/")]
    named = {file.sha256 for file in _files_of(kept)} - {GONE}
    assert {hashlib.sha256(content[name]).hexdigest() for name in readable} == named
    assert all(name.split("/")[2].startswith("E0") and " – " in name.split("/")[2] for name in readable)
    assert {"data/index.html", "data/portfolio.pdf", "data/matrix.xlsx", "data/portfolio.json"} <= content.keys()
    assert b"an early draft" in [data for name, data in content.items() if name.startswith("data/unused files/")]


def test_the_data_for_other_programs_agree_with_their_schema(package: Path) -> None:
    content = content_of(package)
    document = json.loads(content["data/portfolio.json"])
    schema = json.loads(content[f"data/{document['$schema']}"])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["complete"] is True
    files = [attachment for item in document["evidence"] for attachment in item["attachments"]]
    assert files
    assert all(f"data/{file['path']}" in content for file in files if file["sha256"] != GONE)
    assert [file["path"] for file in files if file["sha256"] == GONE] == [None]
    assert len(document["evidence"]) == len(rich_portfolio().portfolio.evidence) - 1  # one is in the bin


class _Page(HTMLParser):
    """What a browser finds in a page: ids, addresses, pictures and their words, headings, scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.pictures: list[tuple[str, str]] = []
        self.headings: list[int] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        if tag == "img":
            self.pictures.append((found["src"], found["alt"]))
        if tag in ("h1", "h2", "h3", "h4", "h5"):
            self.headings.append(int(tag[1]))
        assert not any(name.startswith("on") for name in found)


def test_every_link_of_the_page_leads_somewhere(package: Path) -> None:
    content = content_of(package)
    page = _Page(content["data/index.html"].decode())
    assert len(page.ids) == len(set(page.ids))
    for address in page.links:
        if address.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = address.partition("#")
        assert f"data/{unquote(path)}" in content if path else unquote(anchor) in page.ids, address
    assert any("#page=" in address for address in page.links), "a claim's page is not linked"
    assert all(f"data/{unquote(source)}" in content and alt.strip() for source, alt in page.pictures)
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert not {"script", "iframe", "object", "form"} & set(page.tags)
    evidence = {name for name in content if name.startswith("data/evidence/")}
    assert {f"data/{unquote(address.partition('#')[0])}" for address in page.links} >= evidence


@pytest.mark.parametrize(
    "options",
    [
        ExportOptions(include_confidential=False),
        ExportOptions(audience=Audience.ASSESSOR, include_confidential=False),
        ExportOptions(include_confidential=False, with_files=False),
    ],
)
def test_a_copy_for_others_holds_nothing_that_is_held_back(kept: Path, tmp_path: Path, options: ExportOptions) -> None:
    written = _packed(kept, tmp_path / "copy.zip", options)
    assert any("cannot be imported" in warning for warning in written.warnings)
    content = content_of(written.path)
    for name, data in content.items():
        assert SECRET not in name
        assert SECRET.encode() not in data, name
        assert b"SQLite format 3" not in data
        assert b"an early draft" not in data
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as sheets:
                assert not any(SECRET.encode() in sheets.read(part) for part in sheets.namelist())
    document = json.loads(content["data/portfolio.json"])
    assert document["complete"] is False
    assert any(item["withheld"] for item in document["evidence"])
    assert options.with_files or not any(name.startswith("data/evidence/") for name in content)
    with pytest.raises(PackageRefused, match="a copy for others"):
        import_package(written.path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_an_assessors_copy_has_neither_the_bin_nor_the_history(kept: Path, tmp_path: Path) -> None:
    content = content_of(_packed(kept, tmp_path / "a.zip", ExportOptions(audience=Audience.ASSESSOR)).path)
    assert not any("portfolio/" in name or "unused" in name or "restore" in name for name in content)
    assert b"an early draft" not in content.values()


def test_an_encrypted_package_gives_no_names_away(kept: Path, tmp_path: Path) -> None:
    written = _packed(kept, tmp_path / "secret.zip", password=PASSWORD)
    data = written.path.read_bytes()
    for word in ("Sam Ellis", SECRET, "budget", "rota"):
        assert word.encode() not in data
    with zipfile.ZipFile(written.path) as archive:
        assert all(member.flag_bits & 1 and member.compress_type == 99 for member in archive.infolist())
    for wrong in ("", "another password"):
        with pytest.raises(PasswordNeeded):
            import_package(written.path, tmp_path / "new", password=wrong)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("names", "password"), [(["a.zip"], "short"), (["a.pdf"], PASSWORD)])
def test_a_password_that_protects_nothing_is_refused(
    kept: Path, tmp_path: Path, names: list[str], password: str
) -> None:
    with opened_to_read(kept) as portfolio, pytest.raises(InvalidInput, match=r"password"):
        export(
            portfolio, {}, [tmp_path / name for name in names], ExportOptions(), today=TODAY, program_version="1",
            password=password,
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_missing_and_damaged_files_are_told(kept: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    with new_portfolio(folder) as portfolio:
        stored = []
        for content in (b"one", b"two"):
            source = tmp_path / "source.txt"
            source.write_bytes(content)
            stored.append(portfolio.files.add(source))
        attachments = tuple(
            Attachment(new_id(), f"{number}.txt", file.sha256, file.size, "text/plain")
            for number, file in enumerate(stored)
        )
        with portfolio.edit("Add") as editor:
            editor.put_evidence(Evidence(new_id(), 1, "plan", "Both", attachments=attachments))
    gone, damaged = (next((folder / "files" / file.sha256[:2]).iterdir()) for file in stored)
    gone.unlink()
    damaged.chmod(0o600)
    damaged.write_bytes(b"eno")
    written = _packed(folder, tmp_path / "p.zip")
    assert any("“0.txt” (E1) is missing" in warning for warning in written.warnings)
    assert any("damaged" in warning for warning in written.warnings)
    made = import_package(written.path, tmp_path / "new")
    assert made.missing == ("0.txt", "1.txt")


class _Stop:
    """Progress that cancels the work at its n-th report, and counts them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.count = 0

    def __call__(self, done: int, total: int, what: str) -> None:
        self.count += 1
        assert not total or 0 <= done <= total
        if self.count == self.at:
            raise Cancelled("stopped")


def _moments(reports: int) -> Iterator[int]:
    yield from sorted({1, 2, reports // 4, reports // 2, reports - 3, reports - 1, reports} - {0})


def test_cancelling_an_export_leaves_the_old_package(kept: Path, tmp_path: Path) -> None:
    phases: dict[str, None] = {}

    def note(done: int, total: int, what: str) -> None:
        phases.setdefault(what)

    _packed(kept, tmp_path / "a.zip", progress=note)
    before = (tmp_path / "a.zip").read_bytes()
    assert len(phases) > 5

    def stop_in(phase: str) -> Progress:
        def stop(done: int, total: int, what: str) -> None:
            if what == phase:
                raise Cancelled("stopped")

        return stop

    for phase in phases:
        with pytest.raises(Cancelled):
            _packed(kept, tmp_path / "a.zip", progress=stop_in(phase))
        assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
        assert (tmp_path / "a.zip").read_bytes() == before


@pytest.mark.parametrize("failing", ["add", "add_bytes", "finish"])
def test_a_full_disk_leaves_the_old_package(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    (tmp_path / "a.zip").write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"portfolio_app.exporting.package.bag.BagWriter.{failing}", full)
    with pytest.raises(CannotWrite, match=r"“a\.zip” was not written: the disk is full"):
        _packed(kept, tmp_path / "a.zip")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.zip", b"old")]


def test_cancelling_an_import_leaves_nothing(package: Path, tmp_path: Path) -> None:
    counting = _Stop(0)
    import_package(package, tmp_path / "whole", progress=counting)
    empty = tmp_path / "empty"
    empty.mkdir()
    for moment in _moments(counting.count):
        for folder in (tmp_path / "deep" / "new", empty):
            with pytest.raises(Cancelled):
                import_package(package, folder, progress=_Stop(moment))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "whole"]
        assert list(empty.iterdir()) == []


@pytest.mark.parametrize("failing", ["sync_file", "sync_folder"])
def test_a_full_disk_leaves_nothing(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"portfolio_app.storage.arrival.{failing}", full)
    with pytest.raises(DiskFull, match="disk is full"):
        import_package(package, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(package: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(AlreadyExists, match="not empty"):
            import_package(package, folder)
    with pytest.raises(StorageError):
        import_package(package, tmp_path / "mine.txt" / "below")
    with pytest.raises(KnownError):
        import_package(package, tmp_path / "x\0")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_a_killed_import_left_is_no_hindrance(package: Path, tmp_path: Path, kept: Path) -> None:
    (tmp_path / "new" / ".arriving-1234" / "files").mkdir(parents=True)
    import_package(package, tmp_path / "new")
    assert everything(tmp_path / "new") == everything(kept)


def test_a_large_attachment_is_never_held_in_memory(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    with new_portfolio(folder) as portfolio:
        source = tmp_path / "film.mp4"
        with source.open("wb") as file:
            for number in range(96):
                file.write(hashlib.sha256(bytes([number])).digest() * (1 << 15))
        stored = portfolio.files.add(source)
        film = Attachment(new_id(), "film.mp4", stored.sha256, stored.size, "video/mp4")
        with portfolio.edit("Add") as editor:
            editor.put_evidence(Evidence(new_id(), 1, "plan", "Film", attachments=(film,)))
    source.unlink()
    tracemalloc.start()
    try:
        written = _packed(folder, tmp_path / "p.zip")
        import_package(written.path, tmp_path / "new")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert stored.size > 90 << 20
    assert peak < 48 << 20


def test_the_copy_of_the_database_is_of_one_moment(kept: Path, tmp_path: Path) -> None:
    """The documents are read from the copy that is packed, not from what was read before it was made."""
    folder = tmp_path / "p"
    with new_portfolio(folder) as portfolio:
        with portfolio.edit("Add") as editor:
            editor.put_evidence(Evidence(new_id(), 1, "plan", "Early"))
        snapshot = export_snapshot(portfolio, {})
        with portfolio.edit("Add") as editor:
            editor.put_evidence(Evidence(new_id(), 2, "plan", "Late"))
        write_export(snapshot, [tmp_path / "p.zip"], ExportOptions(), today=TODAY, program_version="1")
        document = json.loads(content_of(tmp_path / "p.zip")["data/portfolio.json"])
        assert [item["title"] for item in document["evidence"]] == ["Early", "Late"]
        import_package(tmp_path / "p.zip", tmp_path / "new")
        assert everything(tmp_path / "new") == everything(folder)


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_what_a_package_holds_is_told_before_anything_is_taken_out(kept: Path, tmp_path: Path, password: str) -> None:
    place = _packed(kept, tmp_path / "a.zip", password=password).path
    with opened_to_read(kept) as portfolio:
        details = portfolio_details(portfolio)
    if password:
        with pytest.raises(PasswordNeeded):
            look_into_package(place)
    facts = look_into_package(place, password)
    assert (facts.learner, facts.qualification) == (details.learner.name, details.qualification.title)
    assert (facts.made_on, facts.holds_portfolio) == (TODAY, True)
    with zipfile.ZipFile(place) as archive:
        payload = [each for each in archive.infolist() if "/data/" in each.filename]
    assert (facts.files, facts.size) == (len(payload), sum(each.file_size for each in payload))


@pytest.mark.parametrize(
    "said",
    [b"", b"null", b"[" * 100_000, b'{"details": []}', b'{"details": {"learner": {"name": ["x"]}}}', b"\xff"],
)
def test_what_a_stranger_says_of_a_package_may_be_nonsense(package: Path, tmp_path: Path, said: bytes) -> None:
    content = sealed(content_of(package) | {"data/portfolio.json": said})
    assert look_into_package(write_zip(tmp_path / "b.zip", content)).learner == ""
