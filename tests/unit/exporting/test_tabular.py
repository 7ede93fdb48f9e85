from __future__ import annotations

from portfolio_app.exporting.chapters.parts import cell, filled_table, header
from portfolio_app.exporting.publication import Publication, Section
from portfolio_app.exporting.tabular import evidence_index


def test_each_line_of_a_heading_is_a_column_of_the_spreadsheet() -> None:
    index = filled_table(
        header("Ref", "Title\nKind\nWhere", "Claimed for"),
        [
            [cell("E1"), cell("Plan"), cell("U1/MP1, MP2")],
            [cell("E2"), cell("Rota\nStaff rota"), cell("")],
            [cell("E3"), cell("Letter\nE-mail trail\nlinked\nand kept"), cell("U1/MP1")],
        ],
    )
    found = evidence_index(Publication("", "", "", "", (Section((index,)),)), frozenset({"E1", "E2", "E3"}))
    assert found == (
        ("Ref", "Title", "Kind", "Where", "Claimed for"),
        [
            ("E1", "Plan", "", "", "U1/MP1, MP2"),
            ("E2", "Rota", "Staff rota", "", ""),
            ("E3", "Letter", "E-mail trail", "linked and kept", "U1/MP1"),
        ],
    )
