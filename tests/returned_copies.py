"""Review copies for tests, as small as a form can be, and an assessor who fills them in."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from portfolio_app.domain.review import (
    ASSESSED_ON,
    ASSESSOR_NAME,
    ASSESSOR_ROLE,
    CHECKED,
    COMMENT,
    DECISION,
    IDENTITY,
    JUDGEMENTS,
    VERDICT_STATES,
    ReviewIdentity,
    evidence_labels,
    requirement_labels,
)
from portfolio_app.page_hashes import page_hashes
from portfolio_app.storage.portfolio_file import PortfolioFile

_RADIO = 1 << 15

Change = Callable[[ReviewIdentity], ReviewIdentity]


def review_copy(
    portfolio: PortfolioFile, path: Path, *, pages: int = 3, sealed: Change = lambda identity: identity
) -> ReviewIdentity:
    """Write a blank review copy of the portfolio as it is. ``sealed`` changes what it says of itself, after sealing."""
    with portfolio.read() as reader:
        content = reader.portfolio()
        key = reader.review_key()
    pdf = pikepdf.new()
    for number in range(1, pages + 1):
        page = pdf.add_blank_page()
        page.obj.Contents = pdf.make_stream(f"% page {number}\n{number} 0 m 9 9 l S".encode())
        page.obj.Annots = pdf.make_indirect(Array())
    identity = ReviewIdentity(
        portfolio=content.details.id,
        revision=content.revision,
        head=content.history_head,
        made=datetime.now(UTC),
        token=secrets.token_hex(4),
        pages=tuple(page_hashes(pdf)),
        requirements=requirement_labels(leaf.id for unit in content.units for leaf in unit.leaves()),
        evidence=evidence_labels(item.id for item in content.evidence),
    )
    identity = sealed(identity.signed(key))
    fields = {IDENTITY: _text(pdf, identity.to_json())}
    fields |= {name: _text(pdf) for name in (ASSESSOR_NAME, ASSESSOR_ROLE, ASSESSED_ON)}
    for label in identity.requirements:
        fields[f"{label}.{DECISION}"] = _choice(pdf, *VERDICT_STATES.values())
        fields[f"{label}.{COMMENT}"] = _text(pdf)
    for label in identity.evidence:
        fields |= {f"{label}.{word}": _widget(pdf, FT=Name.Btn, V=Name.Off, AS=Name.Off) for word in JUDGEMENTS}
    pdf.Root.AcroForm = Dictionary(Fields=Array([_tree(pdf, str(identity.root), fields)]))
    with pdf.open_metadata() as properties:
        properties["dc:identifier"] = str(identity)
    pdf.save(path)
    return identity


def fill_in(source: Path, target: Path, answers: Mapping[str, str]) -> Path:
    """Fill a copy in as an assessor does: by the names of fields below the root, and what is typed or ticked."""
    with pikepdf.open(source) as pdf:
        (root,) = pdf.Root.AcroForm.Fields
        for name, value in answers.items():
            field = root
            for part in name.split("."):
                field = next(kid for kid in field.Kids if str(kid.T) == part)
            if field.get("/FT") == Name.Btn:
                field.V = Name(f"/{value}")
                for button in field.get("/Kids", [field]):
                    button.AS = field.V if field.get("/Kids") is None or f"/{value}" in button.AP.N else Name.Off
            else:
                field.V = String(value)
        pdf.save(target)
    return target


def returned(portfolio: PortfolioFile, path: Path, answers: Mapping[str, str], *, pages: int = 3) -> Path:
    """Make a copy of the portfolio as it is, and fill it in."""
    blank = path.with_name(f"blank {path.name}")
    review_copy(portfolio, blank, pages=pages)
    return fill_in(blank, path, answers)


def signed_by(name: str = "Dana Whyte", role: str = "", on: str = "") -> dict[str, str]:
    """What an assessor says of themselves."""
    return {ASSESSOR_NAME: name, ASSESSOR_ROLE: role, ASSESSED_ON: on}


def ticked(label: str, *words: str) -> dict[str, str]:
    """The boxes of an item that are ticked."""
    return {f"{label}.{word}": CHECKED for word in words}


def without_form(source: Path, target: Path, *, properties: bool = True) -> Path:
    """Flatten a copy, as when it was printed to a PDF; its properties mostly go as well."""
    with pikepdf.open(source) as pdf:
        del pdf.Root.AcroForm
        if not properties:
            del pdf.Root.Metadata
        for page in pdf.pages:
            page.obj.Annots = Array()
        pdf.save(target)
    return target


def with_other_pages(source: Path, target: Path, change: Callable[[Pdf], None]) -> Path:
    """Change what a copy shows, and leave its form as it is."""
    with pikepdf.open(source) as pdf:
        change(pdf)
        pdf.save(target)
    return target


def of_another_portfolio(identity: ReviewIdentity) -> ReviewIdentity:
    """Say that a copy is of another portfolio."""
    return replace(identity, portfolio="f" * 32)


def with_other_requirements(identity: ReviewIdentity) -> ReviewIdentity:
    """Exchange what the fields of two requirements stand for."""
    first, second, *_ = identity.requirements
    asked = dict(identity.requirements)
    asked[first], asked[second] = asked[second], asked[first]
    return replace(identity, requirements=asked)


def _widget(pdf: Pdf, **entries: Any) -> Object:
    box = pdf.make_indirect(Dictionary(Subtype=Name.Widget, Rect=[0, 0, 9, 9], **entries))
    pdf.pages[0].obj.Annots.append(box)
    return box


def _text(pdf: Pdf, value: str = "") -> Object:
    return _widget(pdf, FT=Name.Tx, V=String(value))


def _choice(pdf: Pdf, *states: str) -> Object:
    group = pdf.make_indirect(Dictionary(FT=Name.Btn, Ff=_RADIO, V=Name.Off, Kids=Array()))
    for state in states:
        looks = Dictionary({f"/{state}": pdf.make_stream(b""), "/Off": pdf.make_stream(b"")})
        button = _widget(pdf, AS=Name.Off, AP=Dictionary(N=looks), Parent=group)
        group.Kids.append(button)
    return group


def _tree(pdf: Pdf, name: str, fields: Mapping[str, Object]) -> Object:
    """Put fields below each other by the dots in their names."""
    node = pdf.make_indirect(Dictionary(T=String(name), Kids=Array()))
    below: dict[str, dict[str, Object]] = {}
    for path, field in fields.items():
        first, dot, rest = path.partition(".")
        if dot:
            below.setdefault(first, {})[rest] = field
        else:
            field.T, field.Parent = String(first), node
            node.Kids.append(field)
    for first, deeper in below.items():
        kid = _tree(pdf, first, deeper)
        kid.Parent = node
        node.Kids.append(kid)
    return node
