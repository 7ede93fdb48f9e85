"""Files of every format that people attach, made with the fewest parts that make them so; and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import pikepdf
from reportlab.pdfgen import canvas

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
TYPES = {
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pptx": f"{OFFICE}presentationml.presentation",
    "csv": "text/csv",
    "eml": "message/rfc822",
    "md": "text/markdown",
    "txt": "text/plain",
    "html": "text/html",
    "rtf": "application/rtf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "odt": f"{OPEN}text",
    "ods": f"{OPEN}spreadsheet",
    "odp": f"{OPEN}presentation",
}
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return buffer.getvalue()


def word_file(body: str) -> bytes:
    return zipped({"word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'})


def relations(**targets: str) -> str:
    found = "".join(
        f'<Relationship Id="{name}" Type="{R}/{target.partition("|")[0]}" Target="{target.partition("|")[2]}"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="{RELATIONS}">{found}</Relationships>'


def sheet_file(rows: str) -> bytes:
    return zipped(
        {
            "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets><sheet name="A" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations(r1="worksheet|worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )


NAMESPACES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "draw", "presentation", "style", "manifest")
)


def open_file(kind: str, body: str, styles: str = "", others: dict[str, str] | None = None) -> bytes:
    return zipped(
        {
            **(others or {}),
            "content.xml": f"<office:document-content{NAMESPACES}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        }
    )


def old_workbook(*cells: tuple[int, int, str | float]) -> bytes:
    """Return a workbook of the oldest kind (BIFF 2), which needs no container."""
    records = [(0x0009, struct.pack("<HH", 2, 0x10))]
    for row, column, value in cells:
        place = struct.pack("<HH3x", row, column)
        if isinstance(value, str):
            records.append((0x0004, place + bytes([len(value)]) + value.encode("latin-1")))
        else:
            records.append((0x0003, place + struct.pack("<d", value)))
    return b"".join(struct.pack("<HH", code, len(data)) + data for code, data in [*records, (0x000A, b"")])


def saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def pdf_file(*pages: str, password: str = "") -> bytes:
    """Return a PDF whose pages hold these lines; paragraphs are parted by blank ones."""
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=(400, 600))
    for page in pages:
        text = paper.beginText(72, 528)
        text.setFont("Helvetica", 12)
        for line in page.split("\n"):
            text.textLine(line)
        paper.drawText(text)
        paper.showPage()
    paper.save()
    if not password:
        return buffer.getvalue()
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(buffer.getvalue())) as document:
        document.save(locked, encryption=pikepdf.Encryption(user=password, owner=password))
    return locked.getvalue()


def slides_file(*slides: tuple[str, str, str], others: dict[str, str] | None = None) -> bytes:
    """Return a presentation of slides (title, text, what the speaker says); other parts belong to the first."""

    def slide(kind: str, **texts: str) -> str:
        shapes = "".join(
            f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{place}"/></p:nvPr></p:nvSpPr>'
            f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
            for place, text in texts.items()
        )
        return f'<p:{kind} xmlns:p="{P}" xmlns:a="{A}"><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:{kind}>'

    numbers = range(1, len(slides) + 1)
    listed = "".join(f'<p:sldId id="{number}" r:id="r{number}"/>' for number in numbers)
    parts = {
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{listed}</p:sldIdLst>'
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(**{f"r{n}": f"slide|slides/slide{n}.xml" for n in numbers}),
    }
    for number, (title, text, spoken) in enumerate(slides, 1):
        parts[f"ppt/slides/slide{number}.xml"] = slide("sld", title=title, body=text)
        beside = {kind: f"{kind}|../{kind}.xml" for kind in (others or {}) if number == 1}
        parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations(
            n=f"notesSlide|../notesSlides/notes{number}.xml", **beside
        )
        parts[f"ppt/notesSlides/notes{number}.xml"] = slide("notes", body=spoken)
    return zipped(parts | {f"ppt/{kind}.xml": content for kind, content in (others or {}).items()})


Folder: TypeAlias = dict[str, "bytes | Folder"]


def compound_file(content: Folder) -> bytes:
    """Return a compound file (MS-CFB) of streams and folders; a stream is filled up with zeros to 4,096 bytes."""
    names, kinds, data, links = ["Root Entry"], [5], [b""], [[-1, -1, -1]]

    def add(folder: Folder, owner: int) -> None:
        before = -1
        for name, inner in folder.items():
            place = len(names)
            names.append(name)
            kinds.append(1 if isinstance(inner, dict) else 2)
            data.append(b"" if isinstance(inner, dict) else inner.ljust(4096, b"\0"))
            links.append([-1, -1, -1])
            links[owner if before < 0 else before][2 if before < 0 else 1] = place
            before = place
            if isinstance(inner, dict):
                add(inner, place)

    add(content, 0)
    sectors: list[bytes] = []
    chain: list[int] = []

    def stored(stream: bytes) -> int:
        first = len(sectors)
        pieces = [stream[at : at + 512].ljust(512, b"\0") for at in range(0, len(stream), 512)]
        sectors.extend(pieces)
        chain.extend([*range(first + 1, first + len(pieces)), 0xFFFFFFFE])
        return first if pieces else 0xFFFFFFFE

    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack(
            "<HBB3i16x4x16xIQ", 2 * len(name) + 2, kind, 1, *link, stored(stream) if stream else 0, len(stream)
        )
        for name, kind, stream, link in zip(names, kinds, data, links, strict=True)
    )
    directory = stored(entries)
    tables = -(-len(sectors) // 127)  # 128 numbers in a sector, one of which is its own
    first = len(sectors)
    chain += [0xFFFFFFFD] * tables
    table = b"".join(number.to_bytes(4, "little") for number in chain).ljust(512 * tables, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack(
        "<16xHHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    head += b"".join((first + number if number < tables else 0xFFFFFFFF).to_bytes(4, "little") for number in range(109))
    return head + b"".join(sectors) + table


def old_word_file(*pieces: str | bytes, flags: int = 0) -> bytes:
    """Return a document of Word 97: pieces of wide and of narrow characters."""
    head = bytearray(struct.pack("<HH6xH", 0xA5EC, 0x00C1, flags).ljust(0x200, b"\0"))
    bounds, places = [0], b""
    for piece in pieces:
        at = 2 * len(head) | 0x40000000 if isinstance(piece, bytes) else len(head)
        places += struct.pack("<HIH", 0, at, 0)
        head += piece if isinstance(piece, bytes) else piece.encode("utf-16-le")
        bounds.append(bounds[-1] + len(piece))
    table = struct.pack(f"<{len(bounds)}I", *bounds) + places
    table = b"\x01\x02\0ab\x02" + struct.pack("<I", len(table)) + table
    struct.pack_into("<II", head, 0x01A2, 0, len(table))
    return compound_file({"WordDocument": bytes(head), "0Table": table})


def old_slides_file(*texts: str | bytes, user: bytes = b"") -> bytes:
    """Return a presentation of PowerPoint 97: a text of wide or narrow characters on each slide."""

    def record(kind: int, data: bytes, version: int = 0) -> bytes:
        return struct.pack("<HHI", version, kind, len(data)) + data

    atoms = [
        record(0x0FA8, text) if isinstance(text, bytes) else record(0x0FA0, text.encode("utf-16-le")) for text in texts
    ]
    master = record(0x03F8, record(0x0FA8, b"Click to edit"), 0xF)
    slides = b"".join(record(0x03EE, record(0xF00D, atom, 0xF), 0xF) for atom in atoms)
    listed = record(0x0FF0, b"".join(atoms), 0xF)
    return compound_file({"PowerPoint Document": record(0x03E8, listed, 0xF) + master + slides, "Current User": user})


def outlook_email(
    subject: str, body: str, *, files: dict[str, bytes] | None = None, within: Folder | None = None
) -> Folder:
    """Return the folders of an e-mail as Outlook saves it, with files and one e-mail within it."""
    ticks = (datetime(2026, 3, 9, 14, 30, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    sent = struct.pack("<HHIQ", 0x0040, 0x0039, 6, 10 * ticks)
    found: Folder = {
        "__properties_version1.0": bytes(32) + sent,
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_0C1A001F": "Dana Lee".encode("utf-16-le"),
        "__substg1.0_5D01001F": "dana@example.org".encode("utf-16-le"),
        "__substg1.0_0E04001F": "Sam Ellis".encode("utf-16-le"),
        "__substg1.0_1000001F": body.encode("utf-16-le"),
    }
    for number, (name, data) in enumerate((files or {}).items()):
        found[f"__attach_version1.0_#{number:08X}"] = {
            "__properties_version1.0": bytes(8),
            "__substg1.0_3707001F": name.encode("utf-16-le"),
            "__substg1.0_37010102": data.ljust(4096),
        }
    if within is not None:
        head = within["__properties_version1.0"]
        assert isinstance(head, bytes)
        inner: Folder = {**within, "__properties_version1.0": head[8:]}
        found["__attach_version1.0_#000000FF"] = {"__properties_version1.0": bytes(8), "__substg1.0_3701000D": inner}
    return found


WHOLE = {
    "docx": word_file("<w:p><w:r><w:t>We plan</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"),
    "xlsx": sheet_file("<row r='1'><c r='A1'><v>1</v></c><c r='C1' t='b'><v>1</v></c></row>"),
    "eml": b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b--\r\n",
    "csv": b"a,b\n1,2\n",
    "md": b"# a\n\n|a|b|\n|-|-|\n|1|2|\n",
    "pptx": b"",
    "txt": b"text",
    "html": b"<html><body><p>We <b>plan</b></p><table><tr><td>a<td>b</table><ul><li>c",
    "rtf": b"{\\rtf1\\ansi We plan\\par\\trowd a\\cell b\\cell\\row}",
    "doc": b"\xd0\xcf\x11\xe0",
    "xls": old_workbook((0, 0, "Week"), (1, 0, 2.5), (3, 9, "x")),
    "odt": open_file("text", "<text:p>We plan</text:p><text:list><text:list-item/></text:list>"),
    "ods": open_file("spreadsheet", "<table:table><table:table-row/></table:table>"),
    "odp": open_file("presentation", "<draw:page/>"),
}
"""A sound file of each format, by its suffix."""

BOMB = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
