"""The Word file as a package of parts: python-docx holds parts and relationships, we write the archive.

The archive is written here and not by python-docx so that pictures are not compressed twice, every entry has
the same time stamp, and writing can be cancelled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.package import OpcPackage
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from portfolio_app.exporting.docx.parts import XML_DECLARATION, settings_xml
from portfolio_app.exporting.docx.template import PageEdge, WordTemplate, own_fonts
from portfolio_app.exporting.docx.text import legal

_LONGEST_PROPERTY = 255  # python-docx's limit for title, author …
_FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_ARCHIVE_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest an archive can say; the true time is in the core properties
_EXTENSIONS = {"image/jpeg": "jpeg", "image/png": "png"}
_COMPRESSED_ALREADY = frozenset({"image/jpeg", "image/png"})
_CHUNK = 1 << 20
_FIRST_DRAWING_OF_EDGES = 1_000_000  # those of the text are numbered from 1
_ORDINARY_FILE = 0o600 << 16


class WordPackage:
    """The parts of one Word document; :meth:`save` writes them."""

    def __init__(self, language: str, template: WordTemplate) -> None:
        self._package = OpcPackage()
        self._document = self._new_part("/word/document.xml", CONTENT_TYPE.WML_DOCUMENT_MAIN, b"")
        self._package.relate_to(self._document, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
        self._pictures: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._logos: dict[bytes, Part] = {}
        self._drawings = count(_FIRST_DRAWING_OF_EDGES)
        self._extensions = {extension: media_type for media_type, extension in _EXTENSIONS.items()}
        for name, content_type, relationship, xml in (
            ("styles", CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES, template.styles.encode()),
            ("settings", CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS, settings_xml(language).encode()),
            ("theme/theme1", CONTENT_TYPE.OFC_THEME, RELATIONSHIP_TYPE.THEME, template.theme),
            ("fontTable", CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE, own_fonts()),
        ):
            self._add(f"/word/{name}.xml", content_type, relationship, xml)

    def describe(self, *, title: str, author: str, subject: str, keywords: str, language: str, invariant: bool) -> None:
        """Set what file managers and readers show about the document."""
        properties = self._package.core_properties
        now = _FIXED_TIME if invariant else datetime.now(UTC)
        properties.title = legal(title)[:_LONGEST_PROPERTY]
        properties.author = properties.last_modified_by = legal(author)[:_LONGEST_PROPERTY]
        properties.subject = legal(subject)[:_LONGEST_PROPERTY]
        properties.keywords = legal(keywords)[:_LONGEST_PROPERTY]
        properties.language = legal(language)[:_LONGEST_PROPERTY]
        properties.revision = 1
        properties.created = properties.modified = now.replace(microsecond=0)

    def add_header(self, number: int, edge: PageEdge, xml: str) -> str:
        """Add a page header, filled in as ``xml``, and return its relationship id."""
        return self._add_edge(f"header{number}", CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER, edge, xml)

    def add_footer(self, number: int, edge: PageEdge, xml: str) -> str:
        """Add a page footer, filled in as ``xml``, and return its relationship id."""
        return self._add_edge(f"footer{number}", CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER, edge, xml)

    def add_numbering(self, xml: str) -> None:
        """Add the definitions of bullets and numbers."""
        self._add("/word/numbering.xml", CONTENT_TYPE.WML_NUMBERING, RELATIONSHIP_TYPE.NUMBERING, xml.encode())

    def add_picture(self, data: bytes, media_type: str) -> str:
        """Add a JPEG or PNG picture, once however often it is used, and return its relationship id."""
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self._pictures:
            name = f"/word/media/image{len(self._pictures) + 1}.{_EXTENSIONS[media_type]}"
            part = self._new_part(name, media_type, data)
            self._pictures[digest] = self._document.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        return self._pictures[digest]

    def add_address(self, url: str) -> str:
        """Add a web address and return its relationship id."""
        if url not in self._addresses:
            self._addresses[url] = self._document.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return self._addresses[url]

    def save(self, path: Path, document_xml: str, tick: Callable[[], None]) -> None:
        """Write the package; ``tick`` is called between parts so that it can be cancelled."""
        document = self._document
        parts = [part for part in self._package.iter_parts() if part is not document]
        with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=6) as archive:
            _write(archive, "[Content_Types].xml", _content_types([document, *parts], self._extensions).encode())
            _write(archive, "_rels/.rels", _bytes(self._package.rels.xml))
            _write(archive, document.partname.membername, document_xml.encode())
            _write(archive, document.partname.rels_uri.membername, _bytes(document.rels.xml))
            for part in parts:
                tick()
                _write(archive, part.partname.membername, part.blob, part.content_type in _COMPRESSED_ALREADY)
                if part.rels:
                    _write(archive, part.partname.rels_uri.membername, _bytes(part.rels.xml))

    def _add(self, name: str, content_type: str, relationship: str, data: bytes) -> str:
        return self._document.relate_to(self._new_part(name, content_type, data), relationship)

    def _add_edge(self, name: str, content_type: str, relationship: str, edge: PageEdge, xml: str) -> str:
        xml = XML_DECLARATION + edge.numbered(xml, self._drawings)
        part = self._new_part(f"/word/{name}.xml", content_type, xml.encode())
        for key, picture in edge.pictures.items():
            if picture.data not in self._logos:
                place = f"/word/media/logo{len(self._logos) + 1}.{picture.extension}"
                self._logos[picture.data] = self._new_part(place, picture.media_type, picture.data)
                self._extensions[picture.extension] = picture.media_type
            part.rels.add_relationship(RELATIONSHIP_TYPE.IMAGE, self._logos[picture.data], key)
        for key, address in edge.addresses.items():
            part.rels.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, address, key, is_external=True)
        return self._document.relate_to(part, relationship)

    def _new_part(self, name: str, content_type: str, data: bytes) -> Part:
        return Part(PackURI(name), content_type, data)


def _content_types(parts: list[Part], pictures: Mapping[str, str]) -> str:
    defaults = {"rels": CONTENT_TYPE.OPC_RELATIONSHIPS, "xml": CONTENT_TYPE.XML, **pictures}
    kinds = [
        f"<Default Extension={quoteattr(extension)} ContentType={quoteattr(kind)}/>"
        for extension, kind in defaults.items()
    ]
    kinds += [
        f"<Override PartName={quoteattr(part.partname)} ContentType={quoteattr(part.content_type)}/>"
        for part in parts
        if not part.content_type.startswith("image/")
    ]
    namespace = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'{XML_DECLARATION}<Types xmlns="{namespace}">{"".join(kinds)}</Types>'


def _write(archive: ZipFile, name: str, data: bytes, stored: bool = False) -> None:
    entry = ZipInfo(name, _ARCHIVE_TIME)
    entry.compress_type = ZIP_STORED if stored else ZIP_DEFLATED
    entry.external_attr = _ORDINARY_FILE
    entry.create_system = 0
    with archive.open(entry, "w") as file:
        for start in range(0, len(data), _CHUNK):
            file.write(data[start : start + _CHUNK])


def _bytes(xml: str | bytes) -> bytes:
    return xml if isinstance(xml, bytes) else xml.encode()
