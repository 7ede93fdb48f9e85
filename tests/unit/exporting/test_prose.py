from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.exporting import prose
from portfolio_app.exporting.prose import plain, prose_blocks, prose_headings
from portfolio_app.exporting.publication import Block, Heading, Link, ListBlock, Paragraph, ParagraphStyle, Run, Table
from portfolio_app.reading.blocks import safe_link


def texts(blocks: tuple[Block, ...] | tuple[Paragraph | ListBlock, ...]) -> str:
    parts: list[str] = []
    for block in blocks:
        match block:
            case Paragraph():
                parts.append(plain(block.runs))
            case Heading():
                parts.append(block.text)
            case ListBlock():
                parts += [texts(item) for item in block.items]
            case Table():
                parts += [
                    plain(runs) for row in (block.header, *block.rows) for cell in row for runs in cell.paragraphs
                ]
            case _:
                raise AssertionError(block)
    return "\n".join(parts)


def test_emphasis_and_links_become_runs() -> None:
    (block,) = prose_blocks("I *led* a **team of [six](https://example.org/team)**.")
    link = Link(url="https://example.org/team")
    assert block == Paragraph(
        (
            Run("I "),
            Run("led", italic=True),
            Run(" a "),
            Run("team of ", bold=True),
            Run("six", bold=True, link=link),
            Run("."),
        )
    )


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "notes.pdf", "//host/x", "HTTPS:x", "#E4", ""],
)
def test_only_web_and_mail_addresses_are_links(address: str) -> None:
    assert safe_link(address) is None
    blocks = prose_blocks(f"See [this]({address}) now")
    assert all(run.link is None for block in blocks if isinstance(block, Paragraph) for run in block.runs)
    assert "this" in texts(blocks)
    assert address in texts(blocks)


@pytest.mark.parametrize("address", ["http://a.example", "HTTPS://a.example/b?c=d", "mailto:sam@a.example"])
def test_web_and_mail_addresses_are_links(address: str) -> None:
    assert safe_link(f" {address} ") == Link(url=address)
    (block,) = prose_blocks(f"<{address}>")
    assert isinstance(block, Paragraph)
    assert block.runs[0].link == Link(url=address)


def test_html_stands_as_typed_and_pictures_are_words() -> None:
    (block,) = prose_blocks('a <script src="x">b</script> ![the desk](http://a.example/p.png) ![](q.png)')
    assert isinstance(block, Paragraph)
    assert block.runs == (Run('a <script src="x">b</script> the desk (http://a.example/p.png) (q.png)'),)
    assert texts(prose_blocks("<div>\n\n**x**\n\n</div>")) == "<div>\nx\n</div>"


def test_lists_quotations_and_code() -> None:
    blocks = prose_blocks("3. one\n4. two\n   - inner\n\n> said\n\n```python\nx = 1\n```\n\n***\n\nend")
    assert blocks == (
        ListBlock(
            (
                (Paragraph((Run("one"),)),),
                (Paragraph((Run("two"),)), ListBlock(((Paragraph((Run("inner"),)),),))),
            ),
            ordered=True,
            start=3,
        ),
        Paragraph((Run("said"),), ParagraphStyle.QUOTATION),
        Paragraph((Run("python\nx = 1"),)),
        Paragraph((Run("end"),)),
    )


def test_a_list_holds_headings_and_tables_as_paragraphs() -> None:
    (block,) = prose_blocks("- # Head\n\n  a | b\n  -|-\n  1 | 2")
    assert texts((block,)) == "Head\na · b\n1 · 2"


def test_tables_keep_their_columns() -> None:
    (table,) = prose_blocks("Room | Nights\n--- | ---:\n12 **b** | 2\n")
    assert isinstance(table, Table)
    assert [[plain(cell.paragraphs[0]) for cell in row] for row in (table.header, *table.rows)] == [
        ["Room", "Nights"],
        ["12 b", "2"],
    ]
    assert [cell.numeric for cell in table.rows[0]] == [False, True]
    assert sum(table.widths) == pytest.approx(1)


def test_a_table_row_with_too_many_cells_loses_none() -> None:
    (block,) = prose_blocks("a | b\n-|-\n1 | 2 | 3")
    assert texts((block,)) == "a | b\n-|-\n1 | 2 | 3"


def test_headings_never_skip_a_level() -> None:
    blocks = prose_blocks("### Deep\n\n# Top\n\n#### Deeper\n\n##### Deepest", top_level=3, heading_anchor="h")
    assert blocks == (
        Heading(3, "Deep", "h1"),
        Heading(3, "Top", "h2"),
        Heading(4, "Deeper", "h3"),
        Paragraph((Run("Deepest"),), ParagraphStyle.LABEL, "h4", keep_with_next=True),
    )
    assert prose_headings(blocks) == [("Deep", "h1"), ("Top", "h2"), ("Deeper", "h3"), ("Deepest", "h4")]
    assert prose_blocks("#\n\ntext") == (Paragraph((Run("text"),)),)


@pytest.mark.parametrize("source", ["one\n\ntwo\n\nthree", "*one*\n\n- list\n\ntwo\n\nthree"])
def test_paragraphs_are_counted_outside_lists(source: str) -> None:
    blocks = prose_blocks(source, paragraph_anchors={2: "here"})
    anchored = [plain(block.runs) for block in blocks if isinstance(block, Paragraph) and block.anchor == "here"]
    assert anchored == ["two"]


def test_lines_of_a_form_stay_lines() -> None:
    assert prose_blocks("one\ntwo") == (Paragraph((Run("one two"),)),)
    assert prose_blocks("one\ntwo", keep_lines=True) == (Paragraph((Run("one\ntwo"),)),)
    assert prose_blocks("*one*\ntwo", keep_lines=True) == (Paragraph((Run("one", italic=True), Run("\ntwo"))),)
    assert prose_blocks("one  \ntwo") == (Paragraph((Run("one\ntwo"),)),)


def test_what_no_format_can_carry_is_dropped() -> None:
    assert prose_blocks("a\x00b\u202ec\ud800d\ufffe \t e\r\n\r\nf") == (
        Paragraph((Run("abcd   e"),)),
        Paragraph((Run("f"),)),
    )
    assert prose_blocks("x&#x202e;y&amp;z") == (Paragraph((Run("xy&z"),)),)
    assert prose_blocks(" \n\t\n") == ()


def test_definitions_of_links_are_not_lost() -> None:
    assert texts(prose_blocks("[a]: https://b.example 'c'")) == "[a]: https://b.example 'c'"


def test_text_nested_too_deep_for_the_parser_stays() -> None:
    assert "found" in texts(prose_blocks("> " * 200 + "found"))


@given(st.text("ab 1-+*_`#>|[]()!<&;:/\\\n~=.\t", max_size=120))
def test_no_letter_is_ever_lost(source: str) -> None:
    wanted = re.sub("[^ab]", "", source)
    assert re.sub("[^ab]", "", texts(prose_blocks(source))) == wanted


@given(st.text("ab 1-+.)=#~é\n", max_size=80))
def test_the_short_cut_for_plain_text_reads_the_same(source: str) -> None:
    tokens = prose.block_parser().parse(source.strip("\n"))
    if {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}:
        spoken = [plain(prose.inline_runs(token.content)) for token in tokens if token.type == "inline"]
        assert [plain(block.runs) for block in prose_blocks(source) if isinstance(block, Paragraph)] == spoken
