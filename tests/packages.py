"""Packages for tests: what is in one, and ones that are not what they say."""

from __future__ import annotations

import hashlib
import sqlite3
import stat
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from portfolio_app.storage import schema


def everything(folder: Path) -> dict[str, object]:
    """Return every row of every table, and every file, of a portfolio; back-ups and what can be made anew left out."""
    (database,) = folder.glob("*.portfolio")
    found: dict[str, object] = {}
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        for name in ("application_id", "user_version", "page_size"):
            found[name] = connection.execute(f"PRAGMA {name}").fetchone()
        for table in schema.metadata.sorted_tables:
            found[table.name] = sorted(connection.execute(f"SELECT * FROM {table.name}").fetchall(), key=repr)
    for inside in ("files", "evidence_kinds"):
        for path in sorted((folder / inside).rglob("*")):
            if path.is_file() and path.name != "unused.json":
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def content_of(package: Path) -> dict[str, bytes]:
    """Return every file of a package that has no password, by its path in the bag."""
    with zipfile.ZipFile(package) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def hashes_of(content: Mapping[str, bytes], tags: tuple[str, ...] = ()) -> bytes:
    """Return a manifest of the payload, or of these tags."""
    names = tags or tuple(sorted(name for name in content if name.startswith("data/")))
    return "".join(f"{hashlib.sha256(content[name]).hexdigest()}  {name}\n" for name in names).encode()


def sealed(content: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the content with manifests that agree with it, as someone who knows the format could make them."""
    made = dict(content)
    payload = [data for name, data in made.items() if name.startswith("data/")]
    kept = [line for line in made["bag-info.txt"].decode().splitlines() if not line.startswith("Payload-Oxum")]
    kept.append(f"Payload-Oxum: {sum(map(len, payload))}.{len(payload)}")
    made["bag-info.txt"] = "".join(f"{line}\n" for line in kept).encode()
    made["manifest-sha256.txt"] = hashes_of(made)
    made["tagmanifest-sha256.txt"] = hashes_of(made, ("bag-info.txt", "bagit.txt", "manifest-sha256.txt"))
    return made


def write_zip(
    target: Path,
    content: Mapping[str, bytes],
    *,
    base: str = "Sam Ellis",
    also: Callable[[zipfile.ZipFile], None] | None = None,
) -> Path:
    """Write content as a zip; ``also`` may put in what no package has."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(f"{base}/{name}", data)
        if also is not None:
            also(archive)
    return target


def link(name: str, leads_to: str) -> Callable[[zipfile.ZipFile], None]:
    """Return what puts a symbolic link into a zip."""

    def put(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, leads_to)

    return put
