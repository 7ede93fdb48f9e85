"""Prose is written as Markdown that says the same to the editor and to the exports."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portfolio_app.exporting.prose import plain, prose_blocks
from portfolio_app.exporting.prose_markdown import Block, Span, Style, plain_blocks, read_markdown, write_markdown
from portfolio_app.exporting.publication import Block as Printed
from portfolio_app.exporting.publication import Heading, ListBlock, Paragraph, Table

TEXT = st.text(
    st.one_of(
        st.sampled_from("ab 1-+*_`#>|[]()!<&;:/\\~=.é’“\u00a0"),
        st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Cf", "Zl", "Zp")),
    ),
    min_size=1,
    max_size=12,
)
LINKS = st.sampled_from(["", "", "", "https://a.example/b_(c)?d=e&f=*g*", "mailto:sam@a.example", "https://b.example"])
SPANS = st.lists(
    st.builds(Span, st.one_of(TEXT, TEXT.map(lambda text: f"{text}\n{text}")), st.booleans(), st.booleans(), LINKS),
    min_size=1,
    max_size=6,
).map(tuple)
ITEMS = st.builds(
    Block, st.just(Style.ITEM), SPANS | st.just(()), st.integers(1, 4), st.none() | st.integers(0, 20), st.booleans()
)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Block, st.just(Style.BODY), SPANS),
        st.builds(Block, st.just(Style.HEADING), SPANS, st.integers(1, 6)),
        ITEMS,
        st.builds(Block, st.just(Style.MORE), SPANS, st.integers(1, 4)),
    ),
    max_size=8,
)
SOURCES = st.text("ab 1-+*_`#>|[]()!<&;:/\\\n~=.\t", max_size=120)


def seen(blocks: tuple[Block, ...] | list[Block]) -> list[object]:
    """Return what a reader sees of each block: its words, and the appearance of each letter."""
    found: list[object] = []
    for block in blocks:
        letters = [
            (letter, span.bold, span.italic, span.link)
            for span in block.spans
            for letter in span.text
            if not letter.isspace()
        ]
        if letters:
            found.append((block.level if block.style is Style.HEADING else 0, letters))
    return found


def printed(blocks: tuple[Printed, ...] | tuple[Paragraph | ListBlock, ...]) -> list[object]:
    """Return what the exports print: the depth, the words and the appearance of each letter."""
    found: list[object] = []
    for block in blocks:
        match block:
            case Paragraph():
                letters = [
                    (letter, run.bold, run.italic, run.link)
                    for run in block.runs
                    for letter in run.text
                    if letter.strip()
                ]
                found += [(block.style, letters)] if letters else []
            case Heading():
                found.append((block.level, "".join(block.text.split())))
            case ListBlock():
                items = [printed(item) for item in block.items]
                found += [(block.ordered, [item for item in items if item])] if any(items) else []
            case Table():
                found.append([[plain(cell.paragraphs[0]) for cell in row] for row in (block.header, *block.rows)])
            case _:
                raise AssertionError(block)
    return found


@given(BLOCKS, st.booleans())
@example([Block(Style.BODY, (Span("a"), Span('"b"', bold=True), Span("c")))], False)
@example([Block(Style.BODY, (Span("a!"), Span("b", link="https://b.example")))], False)
@example([Block(Style.BODY, (Span("a"), Span("b", bold=True), Span("c", bold=True, italic=True)))], False)
@example([Block(Style.BODY, (Span("a_b"), Span("!c", bold=True)))], False)
def test_what_was_written_is_read_again(blocks: list[Block], keep_lines: bool) -> None:
    source = write_markdown(blocks, keep_lines=keep_lines)
    again = read_markdown(source, keep_lines=keep_lines)
    assert seen(again) == seen(blocks)
    assert write_markdown(again, keep_lines=keep_lines) == source


@given(st.lists(st.tuples(st.integers(1, 4), st.none() | st.integers(0, 20), st.booleans(), st.booleans()), max_size=9))
def test_lists_within_lists_stay(given_items: list[tuple[int, int | None, bool, bool]]) -> None:
    """Depth, kind and first number of each list; an item that only holds others has no text."""
    blocks: list[Block] = []
    depth = 0
    kinds: dict[int, int | None] = {}
    for level, number, begins, has_more in given_items:
        deeper = level > depth
        depth = min(level, depth + 1)
        kinds = {key: kind for key, kind in kinds.items() if key <= depth}
        if deeper or begins or depth not in kinds:
            kinds[depth] = number
            starts = True
        else:
            kinds[depth] = None if (last := kinds[depth]) is None else last + 1
            starts = False
        blocks.append(Block(Style.ITEM, (Span(f"text {len(blocks)}"),), depth, kinds[depth], begins=starts))
        if has_more:
            blocks.append(Block(Style.MORE, (Span("more"),), depth))
    assert read_markdown(write_markdown(blocks)) == tuple(blocks)


def test_an_empty_item_that_holds_others_stays() -> None:
    blocks = (
        Block(Style.ITEM, (), 1, begins=True),
        Block(Style.ITEM, (), 2, 3, begins=True),
        Block(Style.ITEM, (Span("inner"),), 3, begins=True),
        Block(Style.ITEM, (Span("a"),), 1),
        Block(Style.ITEM, (), 2, begins=True),
        Block(Style.ITEM, (Span("b"),), 3, 7, begins=True),
    )
    assert read_markdown(write_markdown(blocks)) == blocks


@given(SPANS, st.booleans())
def test_spaces_and_lines_within_a_paragraph_stay(spans: tuple[Span, ...], keep_lines: bool) -> None:
    block = Block(Style.BODY, spans)
    wanted = "\n".join(line.strip() for line in block.text.strip().split("\n"))
    (again, *more) = read_markdown(write_markdown([block], keep_lines=keep_lines), keep_lines=keep_lines) or (
        Block(Style.BODY, ()),
    )
    assert not more
    assert again.text == wanted


@given(SOURCES, st.booleans())
def test_markdown_from_elsewhere_prints_the_same_once_it_was_edited(source: str, keep_lines: bool) -> None:
    written = write_markdown(read_markdown(source, keep_lines=keep_lines), keep_lines=keep_lines)
    before = printed(prose_blocks(source, keep_lines=keep_lines))
    assert printed(prose_blocks(written, keep_lines=keep_lines)) == before


@given(st.lists(st.lists(TEXT, min_size=1, max_size=3).map(" ".join), max_size=4))
def test_typed_text_is_printed_as_it_was_typed(lines: list[str]) -> None:
    source = write_markdown([Block(Style.BODY, (Span(line),)) for line in lines])
    runs = [plain(block.runs) for block in prose_blocks(source) if isinstance(block, Paragraph)]
    assert runs == [line.strip() for line in lines if line.strip()]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("1. not a list", "1\\. not a list"),
        ("2026. A year", "2026\\. A year"),
        ("- neither", "\\- neither"),
        ("# nor this", "\\# nor this"),
        ("#E4", "#E4"),
        ("2 * 3 = 6", "2 \\* 3 = 6"),
        ("a file_name.txt", "a file_name.txt"),
        ("AT&T & <b>", "AT&T & \\<b>"),
        ("3 < 4 > 2", "3 < 4 > 2"),
        ("[sic]", "\\[sic\\]"),
        (r"C:\Users", r"C:\\Users"),
    ],
)
def test_only_what_would_be_taken_for_markdown_is_escaped(text: str, source: str) -> None:
    assert write_markdown([Block(Style.BODY, (Span(text),))]) == source
    assert seen(read_markdown(source)) == seen([Block(Style.BODY, (Span(text),))])


def test_markdown_is_written_as_people_write_it() -> None:
    blocks = [
        Block(Style.HEADING, (Span("What happened"),), 1),
        Block(Style.BODY, (Span("I "), Span("led", italic=True), Span(" a team of "), Span("six ", bold=True))),
        Block(Style.BODY, ()),
        Block(Style.ITEM, (Span("first"),), 1, 1, begins=True),
        Block(Style.ITEM, (Span("inner"),), 2, begins=True),
        Block(Style.MORE, (Span("and more"),), 2),
        Block(Style.ITEM, (Span("second\nline"),), 1, 2),
        Block(Style.ITEM, (), 1, 3),
        Block(Style.BODY, (Span("See "), Span("the plan", link="https://a.example"), Span("."))),
    ]
    assert write_markdown(blocks) == (
        "# What happened\n\nI _led_ a team of **six**\n\n"
        "1. first\n   - inner\n\n     and more\n\n2. second\\\n   line\n\nSee [the plan](https://a.example)."
    )


@pytest.mark.parametrize(
    "source",
    [
        "> said by\n> two",
        "Room | Nights\n--- | ---:\n12 | 2",
        "```python\nx = 1\n\ny = 2\n```",
        "    indented\n    code",
        "***",
        "Run `make` first",
        "![the desk](desk.png)",
        '[a](https://a.example "title")',
        "- item\n\n  > quoted",
    ],
)
def test_what_the_editor_cannot_show_is_kept_to_the_letter(source: str) -> None:
    whole = f"before\n\n{source}\n\nafter"
    blocks = read_markdown(whole)
    assert [block.style for block in blocks] == [Style.BODY, Style.SOURCE, Style.BODY]
    assert write_markdown(blocks) == whole


def test_text_written_after_an_open_fence_does_not_become_code() -> None:
    blocks = [*read_markdown("```\nx"), Block(Style.BODY, (Span("after"),))]
    assert [block.text for block in read_markdown(write_markdown(blocks))] == ["```\nx\n```", "after"]


def test_plain_text_is_never_taken_for_markdown() -> None:
    source = write_markdown(plain_blocks("# one\n\n- *two*\r\nthree"))
    assert [block.text for block in read_markdown(source)] == ["# one", "- *two*", "three"]
    assert {block.style for block in read_markdown(source)} == {Style.BODY}
