"""Colours in a PDF: whether they are for printing presses (CMYK), which a file of sRGB colours must not hold."""

from __future__ import annotations

from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

_DEEPEST: Final = 12  # forms within forms
_SETS_INK: Final = frozenset({"k", "K"})
_CHOOSES_SPACE: Final = frozenset({"cs", "CS"})
_INLINE_PICTURE: Final = "INLINE IMAGE"


def uses_ink(content: pikepdf.Object | pikepdf.Page, resources: object, deepest: int = _DEEPEST) -> bool:
    """Return whether content, or a form that it draws, mixes colours of cyan, magenta, yellow and black inks."""
    if any(map(_sets_ink, pikepdf.parse_content_stream(content, "k K cs CS BI ID EI"))):
        return True
    if not isinstance(resources, Dictionary) or not deepest:
        return False
    spaces = [space for key in ("/ColorSpace", "/Shading", "/Pattern") for space in _values(resources, key)]
    drawn = [one for one in _values(resources, "/XObject") if isinstance(one, Stream)]
    spaces += [one["/ColorSpace"] for one in drawn if "/ColorSpace" in one]
    if any(_is_ink(space.get("/ColorSpace") if isinstance(space, Dictionary) else space) for space in spaces):
        return True
    forms = (one for one in drawn if one.get("/Subtype") == Name.Form)
    return any(uses_ink(form, form.get("/Resources"), deepest - 1) for form in forms)


def _sets_ink(instruction: Any) -> bool:
    operator = str(instruction.operator)
    if operator in _CHOOSES_SPACE:
        return _is_ink(instruction.operands[0])
    if operator == _INLINE_PICTURE:
        return _is_ink(instruction.operands[0].obj.get("/ColorSpace"))
    return operator in _SETS_INK


def _values(resources: Dictionary, key: str) -> list[pikepdf.Object]:
    inner = resources.get(key)
    return [value for _, value in inner.items()] if isinstance(inner, Dictionary) else []


def _is_ink(space: object) -> bool:
    """Return whether a colour space is one of inks, or is shown as one: a spot colour is."""
    if isinstance(space, Array):
        if len(space) and space[0] == Name.ICCBased:
            return False
        if len(space) and space[0] == Name.DeviceN:
            return True
        return any(_is_ink(part) for part in space)
    return space in (Name.DeviceCMYK, Name.CMYK)
