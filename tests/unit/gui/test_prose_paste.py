"""What other programs put on the clipboard becomes what the editor has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.exporting.prose_markdown import write_markdown
from portfolio_app.gui.widgets.prose_paste import html_blocks


def pasted(source: str) -> str:
    return write_markdown(html_blocks(source))


def test_a_web_page_keeps_headings_lists_emphasis_and_links() -> None:
    assert pasted(
        "<h1>Plan</h1>\n<p>I <b>led</b> the\n <i>team</i>, see <a href='https://a.example/x'>the plan</a>.</p>"
        "<ul><li>one<ol start=3><li>inner</li></ol></li><li><p>two</p><p>more</p></li></ul><h4>Then</h4>after"
    ) == (
        "# Plan\n\nI **led** the _team_, see [the plan](https://a.example/x).\n\n"
        "- one\n\n  3. inner\n- two\n\n  more\n\n## Then\n\nafter"
    )


def test_word_writes_lists_as_paragraphs_with_a_mark() -> None:
    item = (
        "<p class=MsoListParagraphCxSp{0} style='margin-left:36.0pt;text-indent:-18.0pt;mso-list:l0 level{1} lfo1'>"
        "<![if !supportLists]><span style='mso-list:Ignore'>{2}<span style='font:7.0pt Times'>&nbsp;&nbsp;"
        "</span></span><![endif]><b style='mso-bidi-font-weight:normal'>{3}</b><o:p></o:p></p>"
    )
    whole = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style>p{color:red}</style></head>"
        "<body><!--StartFragment--><p class=MsoNormal>Before<o:p></o:p></p>"
        + item.format("First", 1, "1.", "a")
        + item.format("Middle", 2, "·", "b")
        + item.format("Last", 1, "2.", "c")
        + "<!--EndFragment--></body></html>"
    )
    assert pasted(whole) == "Before\n\n1. **a**\n   - **b**\n2. **c**"


def test_google_docs_writes_bold_as_a_style_in_bold_that_is_none() -> None:
    assert (
        pasted(
            '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr">'
            '<span style="font-weight:400;font-style:normal">We </span><span style="font-weight:700">met</span>'
            '<span style="font-style:italic"> here</span></p><br><ul><li><p><span>one</span></p></li></ul></b>'
        )
        == "We **met** _here_\n\n- one"
    )


def test_a_table_becomes_lines_and_nothing_is_fetched_or_run() -> None:
    written = pasted(
        "<table><tr><th>Week</th><th>Minutes</th></tr><tr><td><p>1</p></td><td><p>22</p></td></tr></table>"
        "<img src='file:///etc/passwd'><img src='https://a.example/x.png'><script>alert(1)</script>"
        "<a href='javascript:alert(1)'>press</a> <a href='file:///etc/passwd'>here</a>"
    )
    assert written == "Week · Minutes\n\n1 · 22\n\npress here"


def test_lines_of_preformatted_text_stay() -> None:
    assert pasted("<pre>one\n  two</pre>") == "one\\\ntwo"


@given(
    st.lists(st.sampled_from([*"ab <>&", "<p>", "</p>", "<ul>", "<li>", "</ul>", "<b>", "</b>", "<td>", "<pre>", "\n"]))
)
def test_no_letter_is_lost_whatever_the_html(parts: list[str]) -> None:
    source = "".join(parts)
    letters = [part for part in parts if part in {"a", "b"}]
    shown = "".join(block.text for block in html_blocks(source))
    if "<a" not in source and "<b " not in source:  # else the letter began a tag
        assert [letter for letter in shown if letter in "ab"] == letters or "<" in parts
