"""A zip from a stranger is believed in nothing: each trap is refused with a sentence, and nothing is left of it."""

from __future__ import annotations

import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.packages import content_of, everything, hashes_of, link, sealed, write_zip
from tests.stored_portfolios import new_portfolio

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import Attachment, Evidence
from portfolio_app.domain.identifiers import new_id
from portfolio_app.importing.package import PackageRefused, looks_like_package
from portfolio_app.services.exports import ExportOptions, export
from portfolio_app.services.packages import import_package

Content = dict[str, bytes]
ROTA = "data/evidence/E01 – Rota/rota.txt"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("package")
    with new_portfolio(place / "p") as portfolio:
        (place / "rota.txt").write_text("Monday: Sam", encoding="utf-8")
        stored = portfolio.files.add(place / "rota.txt")
        attachment = Attachment(new_id(), "rota.txt", stored.sha256, stored.size, "text/plain")
        with portfolio.edit("Add") as editor:
            editor.put_evidence(Evidence(new_id(), 1, "plan", "Rota", attachments=(attachment,)))
        options = ExportOptions()
        export(portfolio, {}, [place / "p.zip"], options, today=date(2026, 6, 1), program_version="1")
    return place / "p.zip"


@pytest.fixture
def content(package: Path) -> Content:
    return content_of(package)


def _refused(source: Path, folder: Path, match: str) -> str:
    with pytest.raises(KnownError, match=match) as caught:
        import_package(source, folder)
    assert not folder.exists()
    assert sorted(path.name for path in folder.parent.iterdir()) == [source.name]
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert len(sentence) < 300
    assert sentence.isprintable()
    return sentence


def test_an_honest_copy_of_it_is_taken(package: Path, content: Content, tmp_path: Path) -> None:
    """What makes the others be refused is what was done to them."""
    write_zip(tmp_path / "x.zip", sealed(content), base="another name")
    import_package(tmp_path / "x.zip", tmp_path / "new")
    import_package(package, tmp_path / "first")
    assert everything(tmp_path / "new") == everything(tmp_path / "first")


@pytest.mark.parametrize(
    "name",
    [
        "Sam Ellis/../../outside.txt",
        "../outside.txt",
        "/etc/outside.txt",
        "C:/outside.txt",
        "c:outside.txt",
        "Sam Ellis\\data\\..\\..\\outside.txt",
        "\\\\server\\share\\outside.txt",
        "Sam Ellis/data//outside.txt",
        "Sam Ellis/./outside.txt",
        "Sam Ellis/data/out\nside.txt",
        "Sam Ellis/data/out\x1b[2Jside.txt",
    ],
)
def test_names_that_lead_out_are_refused(content: Content, tmp_path: Path, name: str) -> None:
    write_zip(tmp_path / "x.zip", content, also=lambda archive: archive.writestr(zipfile.ZipInfo(name), "x"))
    _refused(tmp_path / "x.zip", tmp_path / "new", "leads out of the package")


def test_links_are_refused(content: Content, tmp_path: Path) -> None:
    write_zip(tmp_path / "x.zip", content, also=link("Sam Ellis/data/link", "/etc/passwd"))
    _refused(tmp_path / "x.zip", tmp_path / "new", "a link or a device")


@pytest.mark.parametrize("name", [ROTA, "data/INDEX.html", "data/evidence/e01 – rota/ROTA.TXT"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_refused(content: Content, tmp_path: Path, name: str) -> None:
    write_zip(tmp_path / "x.zip", content, also=lambda archive: archive.writestr(f"Sam Ellis/{name}", "other"))
    _refused(tmp_path / "x.zip", tmp_path / "new", "twice")


def _without(name: str) -> Callable[[Content], Content]:
    return lambda content: {key: data for key, data in content.items() if key != name}


def _with(**changed: bytes) -> Callable[[Content], Content]:
    return lambda content: content | {name.replace("__", "/").replace("_", "."): data for name, data in changed.items()}


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (_without(ROTA), "is missing from"),
        (_without("data/index.html"), "is missing from"),
        (_without("manifest-sha256.txt"), "is missing from"),
        (_without("tagmanifest-sha256.txt"), "is missing from"),
        (_without("bagit.txt"), "is not a package"),
        (_with(data__more_txt=b"more"), "was added to"),
        (_with(fetch_txt=b"http://example.org/x 3 data/x\n"), "was added to"),
        (lambda content: content | {ROTA: b"Monday: Jo!"}, "damaged, or was changed"),
        (lambda content: content | {"data/index.html": b"<script>"}, "does not hold as much"),
        (lambda content: content | {"bag-info.txt": content["bag-info.txt"] + b"x: y\n"}, "damaged, or was changed"),
        (lambda content: content | {"manifest-sha256.txt": b"nonsense\n"}, "damaged, or was changed"),
        (_with(bagit_txt=b"hello"), "is not a package"),
    ],
)
def test_what_was_left_out_added_or_changed_is_refused(
    content: Content, tmp_path: Path, change: Callable[[Content], Content], match: str
) -> None:
    write_zip(tmp_path / "x.zip", change(content))
    _refused(tmp_path / "x.zip", tmp_path / "new", match)


def _info(content: Content, old: str, new: str) -> Content:
    info = content["bag-info.txt"].decode()
    assert old in info
    return sealed(content | {"bag-info.txt": info.replace(old, new).encode()})


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("Package-Format: 1", "Package-Format: 2", "newer version of this program"),
        ("Package-Format: 1", "Package-Format: ²", "of another program"),
        ("Portfolio-Package-Format", "Other-Format", "of another program"),
        ("Contents: whole", "Contents: selected", "a copy for others"),
    ],
)
def test_newer_and_other_packages_are_refused(content: Content, tmp_path: Path, old: str, new: str, match: str) -> None:
    write_zip(tmp_path / "x.zip", _info(content, old, new))
    _refused(tmp_path / "x.zip", tmp_path / "new", match)


def _restore_list(**parts: object) -> bytes:
    sound = {"database": {"path": "index.html", "name": "x"}, "files": [], "evidence_kinds": []}
    return json.dumps(sound | parts).encode()


@pytest.mark.parametrize(
    "list_of_files",
    [
        b"[]",
        b"{",
        b"[" * 100_000,
        _restore_list(database={"path": "nowhere", "name": "x"}),
        _restore_list(files=[{"path": "index.html", "stored_as": "../x"}]),
        _restore_list(files=[{"path": "index.html", "stored_as": f"ab/ab{'0' * 62}.html"}]),
        _restore_list(evidence_kinds=[{"path": "portfolio.pdf", "name": "../../x.toml"}]),
    ],
)
def test_a_list_that_leads_elsewhere_is_refused(content: Content, tmp_path: Path, list_of_files: bytes) -> None:
    write_zip(tmp_path / "x.zip", sealed(content | {"data/restore.json": list_of_files}))
    _refused(tmp_path / "x.zip", tmp_path / "new", "how the portfolio is put together")


def test_a_foreign_database_is_refused(content: Content, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "foreign") as connection:
        connection.execute("CREATE TABLE x (y)")
    connection.close()
    (database,) = (name for name in content if name.endswith(".portfolio"))
    for data, match in (
        ((tmp_path / "foreign").read_bytes(), "of another program"),
        (b"hello", "not a portfolio"),
        (content[database][:60] + struct.pack(">I", 99) + content[database][64:], "newer version"),
        (content[database][:8192] + b"\xff" * 8192 + content[database][16384:], "damaged"),
    ):
        (tmp_path / "foreign").unlink(missing_ok=True)
        write_zip(tmp_path / "x.zip", sealed(content | {database: data}))
        _refused(tmp_path / "x.zip", tmp_path / "new", match)


def test_a_bomb_is_refused_before_it_is_unpacked(content: Content, tmp_path: Path) -> None:
    bomb = sealed(content | {"data/bomb.txt": bytes(64 << 20)})
    write_zip(tmp_path / "x.zip", bomb)
    _refused(tmp_path / "x.zip", tmp_path / "new", "looks like a trap")


def test_a_bomb_that_says_it_is_small_is_refused(content: Content, tmp_path: Path) -> None:
    """The header's size is a lie: what is really there is counted."""
    big = sealed(content | {"data/bomb.txt": bytes(64 << 20)})
    write_zip(tmp_path / "x.zip", big)
    data = (tmp_path / "x.zip").read_bytes()
    lied = data.replace(struct.pack("<I", 64 << 20), struct.pack("<I", 1000))
    assert lied != data
    (tmp_path / "x.zip").write_bytes(lied)
    _refused(tmp_path / "x.zip", tmp_path / "new", "does not hold as much|damaged, or was changed")


def test_a_header_that_says_too_much_is_refused(content: Content, tmp_path: Path) -> None:
    """More than there is, in header and manifest alike, so that only reading can tell."""
    size = len(content[ROTA])
    write_zip(tmp_path / "x.zip", content)
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        wanted = archive.getinfo(f"Sam Ellis/{ROTA}")
    data = bytearray((tmp_path / "x.zip").read_bytes())
    central = data.rindex(wanted.filename.encode()) - 46
    assert data[central : central + 4] == b"PK\x01\x02"
    data[central + 24 : central + 28] = struct.pack("<I", size + 7)
    oxum = f"{sum(len(value) for name, value in content.items() if name.startswith('data/'))}."
    (tmp_path / "x.zip").write_bytes(bytes(data))
    assert oxum.encode() in content["bag-info.txt"]
    _refused(tmp_path / "x.zip", tmp_path / "new", "does not hold as much|not as long|damaged")


def test_files_that_lie_upon_each_other_are_refused(content: Content, tmp_path: Path) -> None:
    write_zip(tmp_path / "x.zip", content)
    data = bytearray((tmp_path / "x.zip").read_bytes())
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        first, second = archive.infolist()[:2]
        place = archive.start_dir
    central = data.index(second.filename.encode(), place) - 46
    data[central + 42 : central + 46] = struct.pack("<I", first.header_offset)
    (tmp_path / "x.zip").write_bytes(bytes(data))
    _refused(tmp_path / "x.zip", tmp_path / "new", "lie upon each other")


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_package_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    _refused(tmp_path / "x.zip", tmp_path / "new", "is not a package")


@pytest.mark.parametrize("part", [0.02, 0.5, 0.99])
def test_what_has_not_come_whole_is_called_so(content: Content, tmp_path: Path, part: float) -> None:
    whole = write_zip(tmp_path / "x.zip", content).read_bytes()
    (tmp_path / "x.zip").write_bytes(whole[: int(len(whole) * part)])
    _refused(tmp_path / "x.zip", tmp_path / "new", "has not come whole")
    assert not looks_like_package(tmp_path / "x.zip")


def test_a_package_in_a_package_that_was_cut_off_is_not_taken_for_it(content: Content, tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "x.zip", content).read_bytes()
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("Sam Ellis/data/inner.zip", inner)
        end = archive.fp.tell() if archive.fp else 0
    whole = (tmp_path / "x.zip").read_bytes()
    (tmp_path / "x.zip").write_bytes(whole[:end])
    _refused(tmp_path / "x.zip", tmp_path / "new", "has not come whole")


def test_a_package_is_known_by_the_names_in_it(content: Content, tmp_path: Path) -> None:
    assert looks_like_package(write_zip(tmp_path / "x.zip", content))
    assert not looks_like_package(write_zip(tmp_path / "y.zip", {"notes.txt": b"Monday"}))
    assert not looks_like_package(tmp_path / "none.zip")
    assert not looks_like_package(tmp_path)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path / "none.zip", tmp_path, tmp_path / "x\0"):
        with pytest.raises(PackageRefused):
            import_package(place, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_is_encrypted_is_refused(content: Content, tmp_path: Path) -> None:
    write_zip(tmp_path / "x.zip", content)
    data = bytearray((tmp_path / "x.zip").read_bytes())
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        central = archive.start_dir
    data[central + 8] |= 1
    (tmp_path / "x.zip").write_bytes(bytes(data))
    _refused(tmp_path / "x.zip", tmp_path / "new", "encrypted")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_byte_is_changed_it_is_refused_or_the_same(
    package: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """No damage, wherever, leads to a bug, or to a portfolio that differs."""
    whole = package.read_bytes()
    place = tmp_path_factory.mktemp("damaged")
    start = data.draw(st.one_of(st.integers(0, len(whole) - 1), st.integers(len(whole) - 2500, len(whole) - 1)))
    patch = data.draw(st.binary(min_size=1, max_size=4))
    damaged = whole[:start] + patch + whole[start + len(patch) :]
    if data.draw(st.booleans()):
        damaged = damaged[: data.draw(st.integers(0, len(damaged)))]
    (place / "x.zip").write_bytes(damaged)
    try:
        made = import_package(place / "x.zip", place / "new")
    except KnownError:
        assert not (place / "new").exists()
        return
    assert everything(made.folder) == _whole(package)


_known: dict[Path, dict[str, object]] = {}


def _whole(package: Path) -> dict[str, object]:
    if package not in _known:
        _known[package] = everything(package.parent / "p")
    return _known[package]


def test_the_manifest_helper_agrees_with_the_package(content: Content) -> None:
    assert hashes_of(content) == content["manifest-sha256.txt"]
