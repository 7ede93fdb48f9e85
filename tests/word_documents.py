"""What the tests of Word documents share: reading one back, and what makes one sound."""

from __future__ import annotations

import posixpath
import re
import zipfile
from itertools import pairwise
from pathlib import Path

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_SEPARATORS = {"BetweenTables", "SectionEnd"}
"""Styles of the paragraphs that Word needs although they are empty."""


def words_of(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def empty_paragraphs(root: etree._Element) -> list[str]:
    """Return the styles of the paragraphs between tables that hold nothing although they could be left out."""
    styles = [
        str(next(paragraph.iter(f"{W}pStyle")).get(f"{W}val"))
        for paragraph in next(root.iter(f"{W}body")).iterfind(f"{W}p")
        if not words_of(paragraph).strip() and paragraph.find(f".//{W}drawing") is None
    ]
    return [style for style in styles if style not in _SEPARATORS]


def bookmarks(root: etree._Element) -> list[str]:
    return [str(mark.get(f"{W}name")) for mark in root.iter(f"{W}bookmarkStart")]


def check_sound(path: Path) -> etree._Element:
    """Check what Word repairs or refuses: bookmarks, links, drawings, lists, styles, relationships, parts and types."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        parts = {name: archive.read(name) for name in archive.namelist()}
    trees = {name: etree.fromstring(data) for name, data in parts.items() if name.endswith((".xml", ".rels"))}
    _check_package(parts, trees)
    root = trees["word/document.xml"]
    _check_anchors(root, {str(one.get("Id")) for one in trees["word/_rels/document.xml.rels"]})
    _check_styles(trees)
    kinds = [str(sign.get(f"{W}fldCharType")) for sign in root.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"] * (len(kinds) // 3)
    drawings = [properties.get("id") for properties in root.iter(f"{WP}docPr")]
    assert len(set(drawings)) == len(drawings)
    assert all(str(properties.get("descr")).strip() for properties in root.iter(f"{WP}docPr"))
    for cells in root.iter(f"{W}tc"):
        assert cells[-1].tag == f"{W}p"
    _check_order(next(root.iter(f"{W}body")))
    return root


def _check_package(parts: dict[str, bytes], trees: dict[str, etree._Element]) -> None:
    """Every part has a type and is referred to; every reference leads somewhere and is used."""
    types = trees["[Content_Types].xml"]
    named = {str(one.get("PartName")).lstrip("/") for one in types if one.get("PartName")}
    endings = {str(one.get("Extension")) for one in types if one.get("Extension")}
    assert named <= set(parts)
    assert all(name in named or name.rpartition(".")[2] in endings for name in parts if name != "[Content_Types].xml")
    reached = {"[Content_Types].xml"}
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        reached.add(name)
        folder, _, file = name.rpartition("/_rels/")
        source = posixpath.join(folder, file.removesuffix(".rels")) if folder else ""
        ids = [str(one.get("Id")) for one in tree]
        assert len(set(ids)) == len(ids)
        for one in tree:
            if one.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, str(one.get("Target")))).lstrip("/")
                assert target in parts
                reached.add(target)
        if source:
            used = _references(trees[source])
            assert used <= set(ids)
            explicit = {
                one for one in tree if str(one.get("Type")).endswith(("/image", "/hyperlink", "/header", "/footer"))
            }
            assert {str(one.get("Id")) for one in explicit} <= used
    assert reached == set(parts)
    for name, tree in trees.items():
        listed = posixpath.join(posixpath.dirname(name), "_rels", f"{posixpath.basename(name)}.rels")
        assert name.endswith(".rels") or listed in parts or not _references(tree)


def _references(root: etree._Element) -> set[str]:
    return {str(value) for element in root.iter() for key, value in element.attrib.items() if str(key).startswith(R)}


def _check_anchors(root: etree._Element, ids: set[str]) -> None:
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


def _check_styles(trees: dict[str, etree._Element]) -> None:
    """Every style and list that is used is there, of its kind, and once."""
    styles = [(one.get(f"{W}type"), one.get(f"{W}styleId")) for one in trees["word/styles.xml"].iter(f"{W}style")]
    assert len({style_id for _, style_id in styles}) == len(styles)
    names = [str(name.get(f"{W}val")).casefold() for name in trees["word/styles.xml"].iterfind(f"{W}style/{W}name")]
    assert len(set(names)) == len(names)
    lists = {one.get(f"{W}numId") for one in trees["word/numbering.xml"].iter(f"{W}num")}
    for name, tree in trees.items():
        if not name.startswith(("word/document", "word/header", "word/footer")):
            continue
        for tag, kind in (("pStyle", "paragraph"), ("rStyle", "character"), ("tblStyle", "table")):
            assert {(kind, one.get(f"{W}val")) for one in tree.iter(f"{W}{tag}")} <= set(styles)
        assert {one.get(f"{W}val") for one in tree.iter(f"{W}numId")} <= lists


def _check_order(body: etree._Element) -> None:
    """No table runs into the next, and none ends the document."""
    tags = [str(element.tag).removeprefix(W) for element in body]
    assert ("tbl", "tbl") not in set(pairwise(tags))
    assert tags[-1] == "sectPr"
    assert tags[-2:] != ["tbl", "sectPr"]
