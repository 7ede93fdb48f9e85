"""What a publication says with marked terms replaced: in every kind of block, and seen as such in running text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.redaction import RedactionTerm
from portfolio_app.exporting.publication import (
    AttachedFile,
    AttachedPages,
    Block,
    Cell,
    ChartFigure,
    CheckField,
    ChoiceField,
    Form,
    GanttFigure,
    GanttTask,
    Heading,
    Link,
    ListBlock,
    Matrix,
    MatrixCell,
    MatrixColumn,
    MatrixRow,
    PageHighlight,
    Paragraph,
    Picture,
    Publication,
    Run,
    Section,
    Series,
    SignatureLines,
    Table,
    TextField,
)
from portfolio_app.exporting.redaction.texts import ShownFile, hide_in_publication

SECRET = "Quix Whyte"
TERMS = (RedactionTerm("1", SECRET), RedactionTerm("2", "Omar", "O."))
DAY = date(2026, 3, 9)


def _file(name: str = "a.pdf") -> AttachedFile:
    return AttachedFile(Path(name), f"{SECRET}.pdf", f"E1, {SECRET}.pdf", "hash", 9, "application/pdf")


def _cell(text: str) -> Cell:
    return Cell(((Run(text),),))


BLOCKS: tuple[Block, ...] = (
    Heading(2, f"By {SECRET}"),
    Paragraph((Run(f"By {SECRET}"),)),
    ListBlock(((Paragraph((Run(SECRET),)), ListBlock(((Paragraph((Run(SECRET),)),),))),)),
    Table((_cell(SECRET),), ((_cell(SECRET),),), (1.0,), caption=SECRET),
    Matrix(
        SECRET,
        (MatrixRow(SECRET, SECRET, "", CoverageState.MET, {0: MatrixCell(CoverageState.MET, SECRET)}),),
        (MatrixColumn(SECRET, SECRET, ""),),
    ),
    Picture(_file(), SECRET, SECRET),
    ChartFigure(SECRET, (SECRET,), (Series(SECRET, (1.0,)),), SECRET),
    GanttFigure(SECRET, (GanttTask(SECRET, DAY, DAY),), SECRET),
    AttachedPages(_file(), SECRET, "a", "b", (PageHighlight(1, (), SECRET, "c"),)),
    SignatureLines(((SECRET, SECRET, SECRET),)),
    Form(
        (
            TextField("a", SECRET, SECRET),
            ChoiceField("b", SECRET, SECRET, (("c", SECRET),)),
            CheckField(SECRET, (("d", SECRET, SECRET),)),
        ),
        (1.0, 1.0, 1.0),
        (Paragraph((Run(SECRET),)),),
    ),
)


def _hidden(*blocks: Block) -> tuple[Block, ...]:
    bound = Publication("T", "A", "S", "R", (Section(blocks),))
    return hide_in_publication(bound, TERMS, "[removed]", {}, {}).sections[0].blocks


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: type(block).__name__)
def test_every_block_is_gone_through(block: Block) -> None:
    (hidden,) = _hidden(block)
    assert SECRET in repr(block)
    assert SECRET not in repr(hidden)
    assert "[removed]" in repr(hidden)
    assert "\\ue0e" not in repr(hidden)
    assert type(hidden) is type(block)


def test_what_stands_in_place_of_a_term_looks_like_it() -> None:
    runs = (Run("By Quix ", bold=True), Run("Whyte, ", italic=True), Run("and Omar’s team"))
    (hidden,) = _hidden(Paragraph(runs))
    assert isinstance(hidden, Paragraph)
    assert hidden.runs == (
        Run("By ", bold=True),
        Run("[removed]", bold=True, removed=True),
        Run(", ", italic=True),
        Run("and "),
        Run("O.", removed=True),
        Run("’s team"),
    )


def test_a_link_whose_address_says_it_leads_nowhere() -> None:
    links = (Link(url="mailto:quix.whyte@x.org"), Link(url="https://x.org/Quix%20Whyte"), Link(url="https://x.org"))
    (hidden,) = _hidden(Paragraph((Run("Omar"), *(Run("here", link=link) for link in links))))
    assert isinstance(hidden, Paragraph)
    assert [run.link for run in hidden.runs] == [None, None, None, links[2]]


def test_a_name_over_two_cells_is_hidden_in_both() -> None:
    (hidden,) = _hidden(Table((), ((_cell("Quix"), _cell("Whyte, manager")),), (0.5, 0.5)))
    assert isinstance(hidden, Table)
    texts = ["".join(run.text for run in cell.paragraphs[0]) for cell in hidden.rows[0]]
    assert texts == ["[removed]", "[removed], manager"]


def test_what_a_document_says_of_itself_and_its_files_are_changed() -> None:
    file = _file()
    bound = Publication(
        SECRET, SECRET, SECRET, SECRET, (Section((AttachedPages(file, "E1", "a", "b"),), label=SECRET),), (file,),
        keywords=(SECRET,),
    )  # fmt: skip
    copy = replace(file, path=Path("copy.pdf"), sha256="other", size=5)
    shown = {"hash": ShownFile(copy, is_packed=True, pictured=frozenset({2}))}
    hidden = hide_in_publication(bound, TERMS, "[removed]", shown, {})
    assert SECRET not in repr(hidden)
    assert [(one.path, one.sha256, one.name) for one in hidden.embedded] == [
        (Path("copy.pdf"), "other", "[removed].pdf")
    ]
    (pages,) = hidden.sections[0].blocks
    assert isinstance(pages, AttachedPages)
    assert (pages.file.path, pages.pictured) == (Path("copy.pdf"), frozenset({2}))
    left_out = hide_in_publication(bound, TERMS, "[removed]", {"hash": replace(shown["hash"], is_packed=False)}, {})
    assert left_out.embedded == ()


def test_what_holds_no_term_stays_as_it_is() -> None:
    bound = Publication("T", "A", "S", "R", (Section((Paragraph((Run("Nothing", link=Link(anchor="a")),)),)),))
    assert hide_in_publication(bound, TERMS, "[removed]", {}, {}) == bound
