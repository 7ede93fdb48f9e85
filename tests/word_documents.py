"""What the tests of Word documents share: reading one back, and what makes one sound."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def words_of(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def bookmarks(root: etree._Element) -> list[str]:
    return [str(mark.get(f"{W}name")) for mark in root.iter(f"{W}bookmarkStart")]


def check_sound(path: Path) -> etree._Element:
    """Check what Word repairs or refuses: bookmarks, links, drawings, relationships, parts and their types."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        assert archive.testzip() is None
        for name in names:
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
        relationships = etree.fromstring(archive.read("word/_rels/document.xml.rels"))
        types = etree.fromstring(archive.read("[Content_Types].xml"))
        root = etree.fromstring(archive.read("word/document.xml"))
    typed = {str(part.get("PartName")) for part in types if part.get("PartName")}
    assert {name.lstrip("/") for name in typed} <= names
    ids = {str(relationship.get("Id")): relationship for relationship in relationships}
    assert len(ids) == len(relationships)
    for relationship in relationships:
        if relationship.get("TargetMode") != "External":
            assert f"word/{relationship.get('Target')}".replace("word//", "") in names
    used = {str(value) for element in root.iter() for key, value in element.attrib.items() if str(key).startswith(R)}
    assert used <= set(ids)
    marks = bookmarks(root)
    assert len({mark.lower() for mark in marks}) == len(marks)
    assert all(re.fullmatch(r"[A-Za-z_]\w{0,39}", mark, re.ASCII) for mark in marks)
    starts = [mark.get(f"{W}id") for mark in root.iter(f"{W}bookmarkStart")]
    ends = [mark.get(f"{W}id") for mark in root.iter(f"{W}bookmarkEnd")]
    assert len(set(starts)) == len(starts)
    assert starts == ends
    for link in root.iter(f"{W}hyperlink"):
        assert link.get(f"{W}anchor") in marks or link.get(f"{R}id") in ids
    for code in root.iter(f"{W}instrText"):
        name, _, argument = str(code.text).strip().partition(" ")
        assert name == "PAGEREF"
        assert argument.split()[0] in marks
    kinds = [str(sign.get(f"{W}fldCharType")) for sign in root.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"] * (len(kinds) // 3)
    drawings = [properties.get("id") for properties in root.iter(f"{WP}docPr")]
    assert len(set(drawings)) == len(drawings)
    for cells in root.iter(f"{W}tc"):
        assert cells[-1].tag == f"{W}p"
    return root
