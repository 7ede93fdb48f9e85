"""What the program is made of, and under which licences: libraries, fonts, icons, dictionaries."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from portfolio_app.paths import resources_dir

_PROGRAM = "portfolio-app"
_NAMES_OF_TEXTS = re.compile(r"licen[sc]e|copying|copyright|notice|third.?party", re.IGNORECASE)
_CLASSIFIER = "License :: OSI Approved :: "
_LONGEST_NAME = 60  # characters; some put the whole text where the name belongs

# What comes without a Python distribution of its own, or whose distribution holds no text.
_QT = ("pyside6-essentials", "shiboken6")
_QT_TEXTS = ("Qt-LGPL-3.0.txt", "Qt-GPL-3.0.txt")
_QT_NOTE = """\
Qt for Python (PySide6 and Shiboken) and the Qt libraries are © The Qt Company Ltd. and others, used here unchanged
under the GNU Lesser General Public License, version 3. They are separate files in the program's folder, so you may
replace them by versions of your own: build Qt and PySide6 from their sources with the same version number, and put the
folders “PySide6” and “shiboken6” in place of those that the program brought. You may take the program apart as far as
is needed to find faults in such a change.

Sources: https://download.qt.io/official_releases/QtForPython/ and https://download.qt.io/official_releases/qt/

The two licences follow, the second because the first adds to it.
"""
_OTHERS = (
    ("Noto fonts", "SIL Open Font License 1.1", "https://fonts.google.com/noto", "NotoSans-OFL.txt"),
    ("Lucide icons", "ISC", "https://lucide.dev", "Lucide-ISC.txt"),
    (
        "all-MiniLM-L6-v2 sentence model",
        "Apache-2.0",
        "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
        "MiniLM-Apache-2.0.txt",
    ),
    ("English (United Kingdom) dictionary", "Free, see the text", "http://wordlist.aspell.net", "en_GB-dictionary.txt"),
)
_SQLITE = """\
SQLite is in the public domain: its authors have given up all copyright. It comes with Python.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Something the program is made of.

    Attributes:
        name: What it is called.
        version: Its version, or empty.
        licence: The licence in a few words.
        home: Where it is found on the web, or empty.
        text: The licence itself and what belongs to it.
    """

    name: str
    version: str
    licence: str
    home: str
    text: str


@cache
def shipped_parts() -> tuple[Part, ...]:
    """Return everything that is shipped with the program, itself first; takes some tenths of a second."""
    own, *needed = [_part(found) for found in _distributions()]
    python = Part(
        "Python", platform.python_version(), "PSF License", "https://www.python.org", _resource("Python-PSF.txt")
    )
    sqlite = Part("SQLite", "", "Public domain", "https://sqlite.org", _SQLITE)
    others = [Part(name, "", licence, home, _resource(file)) for name, licence, home, file in _OTHERS]
    return (own, *sorted((*needed, python, sqlite, *others), key=lambda part: part.name.casefold()))


def _distributions() -> Iterator[Distribution]:
    """Yield the program's distribution and those it needs, each once."""
    wanted, met = [_PROGRAM], set[str]()
    while wanted:
        name = wanted.pop()
        if name in met:
            continue
        met.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            if name == _PROGRAM:
                raise
            continue  # needed on other systems only
        yield found
        for requirement in found.requires or ():
            needed = re.match(r"[\w.-]+", requirement)
            if needed is not None and "extra ==" not in requirement:
                wanted.append(re.sub(r"[-_.]+", "-", needed[0]).lower())


def _part(found: Distribution) -> Part:
    name = "Portfolio App" if found.name == _PROGRAM else found.name
    return Part(name, found.version, _licence(found), _home(found), _text(found))


def _licence(found: Distribution) -> str:
    named = _field(found, "License-Expression") or _field(found, "License")
    if not named or named == "UNKNOWN" or len(named) > _LONGEST_NAME or "\n" in named:
        named = ", ".join(
            classifier.removeprefix(_CLASSIFIER)
            for classifier in found.metadata.get_all("Classifier") or ()
            if classifier.startswith(_CLASSIFIER)
        )
    return named


def _home(found: Distribution) -> str:
    addresses: dict[str, str] = dict(
        url.split(", ", 1) for url in found.metadata.get_all("Project-URL") or () if ", " in url
    )
    for label in ("Homepage", "homepage", "Home", "Source", "source", "Source Code", "Repository", "Documentation"):
        if label in addresses:
            return addresses[label]
    return _field(found, "Home-page") or next(iter(addresses.values()), "")


def _field(found: Distribution, name: str) -> str:
    return str(found.metadata[name]) if name in found.metadata else ""


def _text(found: Distribution) -> str:
    if found.name.lower().replace("_", "-") in _QT:
        return "\n\n".join([_QT_NOTE, *(_resource(name) for name in _QT_TEXTS)])
    files = [
        file
        for file in found.files or ()
        if ".dist-info" in file.parts[0]
        and "resources" not in file.parts
        and _NAMES_OF_TEXTS.search("/".join(file.parts[1:]))
    ]
    texts = []
    for file in sorted(files, key=lambda file: (len(file.parts), str(file))):
        try:
            text = _decoded(file.read_binary()).strip()
        except OSError:
            continue
        texts.append(f"── {file.name} ──\n\n{text}" if len(files) > 1 else text)
    return "\n\n".join(texts)


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _resource(name: str) -> str:
    try:
        return (resources_dir() / "licences" / name).read_text(encoding="utf-8")
    except OSError:
        return ""
