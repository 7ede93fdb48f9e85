from __future__ import annotations

from pathlib import Path

import pikepdf
from tests.pdf_publications import Read, heading, link_to, paragraph, publication, section, written

from portfolio_app.exporting.publication import (
    Cell,
    Contents,
    Link,
    ListBlock,
    Publication,
    Run,
    Section,
    Table,
)


def many_evidence(count: int) -> Publication:
    unit = section(
        heading("Unit one", 1, "U1"),
        *(link_to(f"to E{number}", f"E{number}") for number in range(1, count + 1)),
        label="U1",
    )
    items = (
        section(
            heading(f"E{number} Item number {number}", 2, f"E{number}"),
            heading("Details", 3),
            paragraph("words " * 300),
            link_to("back to the unit", "U1"),
            label=f"E{number}",
        )
        for number in range(1, count + 1)
    )
    return publication(
        Section((heading("Front sheet"),), front=True),
        section(heading("Contents"), Contents()),
        unit,
        section(heading("Evidence")),
        *items,
    )


def test_links_lead_both_ways(tmp_path: Path) -> None:
    read = written(many_evidence(5), tmp_path)
    for number in range(1, 6):
        page = read.page_of(f"E{number} Item number {number} Details")
        assert read.places[f"E{number}"] == page
        assert (read.places["U1"], f"E{number}") in read.links
    assert {name for _, name in read.links} <= set(read.places)
    assert [name for _, name in read.links].count("U1") == 6  # five items and the contents


def test_contents_give_the_page_that_a_heading_stands_on(tmp_path: Path) -> None:
    read = written(many_evidence(70), tmp_path)
    contents = read.texts[1] + read.texts[2]
    for number in (1, 2, 69, 70):
        assert f"E{number} Item number {number} {read.places[f'E{number}']}" in contents
    assert "Details" not in contents
    assert "Contents 2" not in contents
    assert "Front sheet" not in contents
    assert f"Unit one {read.places['U1']}" in contents


def test_every_page_says_which_of_how_many_it_is(tmp_path: Path) -> None:
    read = written(many_evidence(7), tmp_path)
    total = len(read.texts)
    assert read.result.pages == total > 10
    for number, text in enumerate(read.texts, 1):
        assert f"Page {number} of {total}" in text


def test_every_page_is_labelled_but_for_the_front_sheet(tmp_path: Path) -> None:
    read = written(many_evidence(2), tmp_path)
    assert read.texts[0] == f"Page 1 of {len(read.texts)} Front sheet"
    first = read.places["E1"]
    for page in range(first, read.places["E2"]):
        assert read.texts[page - 1].startswith("Sam Ellis · Customer Service E1 Page")


def test_the_outline_has_the_headings_of_two_levels(tmp_path: Path) -> None:
    read = written(many_evidence(2), tmp_path)
    with pikepdf.open(read.path) as pdf, pdf.open_outline() as outline:
        titles = [(entry.title, [child.title for child in entry.children]) for entry in outline.root]
    assert titles == [
        ("Contents", []),
        ("Unit one", []),
        ("Evidence", ["E1 Item number 1", "E2 Item number 2"]),
    ]


def test_an_outline_may_begin_with_a_lower_heading(tmp_path: Path) -> None:
    read = written(publication(section(heading("Low", 2), heading("High"), heading("Low again", 2))), tmp_path)
    with pikepdf.open(read.path) as pdf, pdf.open_outline() as outline:
        assert [(entry.title, len(entry.children)) for entry in outline.root] == [("Low", 0), ("High", 1)]


def leads(read: Read) -> list[str]:
    return [name for _, name in read.links]


def test_a_link_falls_back_and_then_is_plain_text(tmp_path: Path) -> None:
    read = written(
        publication(
            section(
                paragraph("here", anchor="E1"),
                link_to("direct", "E1"),
                link_to("fallback", "E1-f1-p3", fallback="E1"),
                link_to("nowhere", "E99", fallback="E98"),
            )
        ),
        tmp_path,
    )
    assert leads(read) == ["E1", "E1"]
    assert "direct fallback nowhere" in read.text


def test_only_web_and_mail_addresses_are_followed(tmp_path: Path) -> None:
    read = written(
        publication(
            section(
                link_to("web", url="https://example.org/a(b)?c=d&e=f"),
                link_to("mail", url="mailto:sam@example.org"),
                link_to("script", url="javascript:alert(1)"),
                link_to("file", url="file:///etc/passwd"),
                link_to("odd", url="https://exa mple.org"),
            )
        ),
        tmp_path,
    )
    assert leads(read) == ["https://example.org/a(b)?c=d&e=f", "mailto:sam@example.org"]


def test_anchors_of_any_characters_are_found_wherever_they_stand(tmp_path: Path) -> None:
    names = ["E1", "claim 1/2", "ünït#1", "(a)", "a.b", ".61.", "", "E1"]
    item = ListBlock(((paragraph("in a list", anchor=names[2]),),))
    table = Table((), ((Cell(((Run("in a cell"),),), anchor=names[3]),),), (1.0,))
    read = written(
        publication(
            section(heading("one", 1, names[0]), paragraph("two", anchor=names[1]), item, table),
            section(
                paragraph("x", anchor=names[4]),
                paragraph("y", anchor=names[5]),
                paragraph("again", anchor=names[7]),
                *(link_to(f"to {name}", name) for name in names if name),
            ),
        ),
        tmp_path,
    )
    assert len(read.links) == 7
    assert [read.places[name] for name in leads(read)] == [1, 1, 1, 1, 2, 2, 1]


def test_a_link_broken_over_lines_leads_from_each(tmp_path: Path) -> None:
    cell = Cell(((Run("a link of many words that cannot stand on one line", link=Link("there")),),))
    read = written(
        publication(section(Table((), ((cell, Cell(((Run("x"),),))),), (1.0, 9.0)), paragraph("!", anchor="there"))),
        tmp_path,
    )
    assert len(read.links) > 3
    assert set(leads(read)) == {"there"}
