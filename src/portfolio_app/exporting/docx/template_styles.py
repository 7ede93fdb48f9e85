"""The styles of a template made ours: known by their names, complete, and without what only worked over there.

Word keeps a style's name in English whatever its own language, but not its id; LibreOffice adds styles whose names
differ from Word's in nothing but their capitals.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy

from lxml import etree
from lxml.etree import _Element as Element

from portfolio_app.exporting.docx.parts import MAIN

_W = f"{{{MAIN}}}"
_ID, _VALUE, _DEFAULT = f"{_W}styleId", f"{_W}val", f"{_W}default"
_STYLE = f"{_W}style"
_REFERENCES = tuple(
    f"{_W}{name}" for name in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "styleLink", "numStyleLink")
)
_NOT_TAKEN = tuple(f"{_W}{name}" for name in ("numPr", "lang"))  # its lists stay behind; the language is the document's


def adopt_styles(styles: Element, own: Element, language: str) -> dict[str, str]:
    """Give the styles of a template our ids, and add those of ours that it lacks.

    Returns:
        What its ids were renamed to, for what else refers to them.
    """
    for element in [*styles.iter(*_NOT_TAKEN)]:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    theirs, replaced = _their_styles(styles, {_name(style) for style in own.iterfind(_STYLE)})
    ours = {_key(style): style for style in own.iterfind(_STYLE)}
    taken = {_id(style) for style in ours.values()}
    names: dict[str, str] = {}
    for key, style in theirs.items():
        if key in ours:
            names[_id(style)] = _id(ours[key])
        elif _id(style) in taken:
            names[_id(style)] = f"{_id(style)}Other"
    names |= {old: names.get(kept, kept) for old, kept in replaced.items()}
    rename_styles(styles, names)
    for style in theirs.values():
        style.set(_ID, names.get(_id(style), _id(style)))
    defaults = {_kind(style) for style in theirs.values() if style.get(_DEFAULT) in {"1", "true", "on"}}
    for key, style in ours.items():
        if key not in theirs:
            added = deepcopy(style)
            if _kind(added) in defaults and added.get(_DEFAULT):
                added.set(_DEFAULT, "0")
            styles.append(added)
    _speak(styles, own, language)
    return names


def rename_styles(root: Element, names: Mapping[str, str]) -> None:
    """Let references to styles follow new ids."""
    for element in root.iter(*_REFERENCES):
        value = str(element.get(_VALUE) or "")
        element.set(_VALUE, names.get(value, value))


def _their_styles(styles: Element, exact: set[str]) -> tuple[dict[tuple[str, str], Element], dict[str, str]]:
    """Return each style once, and by which others are replaced that are there twice: ``exact`` names are preferred."""
    found: dict[tuple[str, str], Element] = {}
    replaced: dict[str, str] = {}
    for style in sorted(styles.findall(_STYLE), key=lambda style: _name(style) not in exact):
        first = found.setdefault(_key(style), style)
        if first is not style:
            replaced[_id(style)] = _id(first)
            styles.remove(style)
    return found, replaced


def _speak(styles: Element, own: Element, language: str) -> None:
    """Make the text's language that of the document."""
    defaults = styles.find(f"{_W}docDefaults")
    if defaults is None:
        defaults = deepcopy(next(own.iterfind(f"{_W}docDefaults")))
        styles.insert(0, defaults)
    run = defaults.find(f"{_W}rPrDefault")
    if run is None:
        run = etree.Element(f"{_W}rPrDefault")
        defaults.insert(0, run)
    properties = run.find(f"{_W}rPr")
    if properties is None:
        properties = etree.SubElement(run, f"{_W}rPr")
    for element in properties.findall(f"{_W}lang"):
        properties.remove(element)
    said = etree.SubElement(properties, f"{_W}lang")
    said.set(_VALUE, language)
    said.set(f"{_W}eastAsia", language)


def _key(style: Element) -> tuple[str, str]:
    return _kind(style), _name(style).casefold()


def _name(style: Element) -> str:
    name = style.find(f"{_W}name")
    return "" if name is None else str(name.get(_VALUE) or "")


def _id(style: Element) -> str:
    return str(style.get(_ID) or "")


def _kind(style: Element) -> str:
    return str(style.get(f"{_W}type") or "paragraph")
