"""A document that says nothing, with one of everything: what is in it is the program's own, and no learner's."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting.publication import (
    Cell,
    ChartFigure,
    CheckField,
    ChoiceField,
    Contents,
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
    Paragraph,
    ParagraphStyle,
    Publication,
    Run,
    Section,
    Series,
    SignatureLines,
    Table,
    TextField,
)

_NOTHING: Final = "0"
_CELL: Final = Cell(((Run(_NOTHING),),))


def _specimen() -> Publication:
    day = date(2000, 1, 1)
    states = tuple(CoverageState)
    rows = tuple(MatrixRow(_NOTHING, _NOTHING, "a", state, {0: MatrixCell(state, _NOTHING)}) for state in states)
    section = Section(
        (
            *(Heading(level, _NOTHING, "a" if level == 1 else "") for level in (1, 2, 3, 4)),
            Contents(),
            *(Paragraph((Run(_NOTHING, bold=True, italic=True),), style) for style in ParagraphStyle),
            Paragraph(tuple(Run(f"{state.symbol} {_NOTHING}", status=state) for state in states)),
            Paragraph((Run(_NOTHING, link=Link(anchor="a")), Run(_NOTHING, muted=True, quoted=True))),
            Paragraph(tuple(Run(f"{_NOTHING}∑⚑✓", bold, italic) for bold in (False, True) for italic in (False, True))),
            ListBlock(((Paragraph((Run(_NOTHING),)),),)),
            ListBlock(((Paragraph((Run(_NOTHING),)),),), ordered=True),
            Table((_CELL,), ((_CELL,),), (1.0,), caption=_NOTHING),
            Table((), ((Cell(((Run(_NOTHING),),), header=True), _CELL),), (0.5, 0.5), quiet=True),
            ChartFigure(_NOTHING, (_NOTHING,), (Series(_NOTHING, (1.0,)),), _NOTHING),
            GanttFigure(_NOTHING, (GanttTask(_NOTHING, day, day),), _NOTHING),
            SignatureLines(((_NOTHING, _NOTHING, ""),)),
            Form(
                (
                    TextField("a", _NOTHING, _NOTHING, 2),
                    ChoiceField("b", _NOTHING, _NOTHING, (("c", _NOTHING), ("d", _NOTHING))),
                    CheckField(_NOTHING, (("e", _NOTHING, _NOTHING),)),
                ),
                (0.4, 0.3, 0.3),
            ),
        ),
        label=_NOTHING,
    )
    matrix = Section(
        (
            Heading(1, _NOTHING),
            Matrix(
                _NOTHING,
                (MatrixRow(_NOTHING, _NOTHING, "", None, {}), *rows),
                (MatrixColumn(_NOTHING, _NOTHING, "a"),),
            ),
        ),
        landscape=True,
    )
    return Publication(_NOTHING, _NOTHING, _NOTHING, _NOTHING, (section, matrix), keywords=(_NOTHING,))


def write_specimen(target: Path) -> bool:
    """Write the document in the format of the target's ending; return whether there is such a format."""
    publication = _specimen()
    match target.suffix:
        case ".pdf":
            from portfolio_app.exporting.pdf import write_pdf  # noqa: PLC0415 - each format's library is slow to load

            write_pdf(publication, target)
        case ".docx":
            from portfolio_app.exporting.docx import write_docx  # noqa: PLC0415 - as above

            write_docx(publication, target)
        case ".xlsx":
            from portfolio_app.exporting.xlsx import write_xlsx  # noqa: PLC0415 - as above

            write_xlsx(publication, target)
        case ".html":
            from portfolio_app.exporting.package import WebPage, write_web_page  # noqa: PLC0415 - as above

            write_web_page(WebPage(publication, {}, {}, _NOTHING, _NOTHING, _NOTHING), target, lambda *_: None)
        case _:
            return False
    return True
