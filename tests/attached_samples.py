"""Files of every format that people attach, made with the fewest parts that make them so; and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile

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


def open_file(kind: str, body: str, styles: str = "") -> bytes:
    return zipped(
        {
            "content.xml": f"<office:document-content{NAMESPACES}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
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
