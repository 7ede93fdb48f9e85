from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import GuidanceKind, Unit
from portfolio_app.importing.guidance_text import ImportedUnit, read_guidance_text

SAMPLES = Path(__file__).parents[2] / "reference" / "guidance"
HEADINGS = {
    "synopsis": "Topic Synopsis",
    "concept": "Key Concepts & Core Principles",
    "tip": "Exam Tips & Revision Strategies",
    "misconception": "Common Misconceptions & Mistakes to Avoid",
    "marking": "Examiner Marking Points",
}
TEXT = """\
Topic Synopsis
How a shop is run.
Key Concepts & Core Principles
- Stock: What is there.
- Till: What came in.
Exam Tips & Revision Strategies
- Show a real day.
Common Misconceptions & Mistakes to Avoid
- Counting once a year.
Examiner Marking Points
- Award credit for counting the stock, including shelves, store room and returns.
- Check for a till that agrees.
"""


def read(text: str | bytes, **details: str) -> ImportedUnit:
    return read_guidance_text(text.encode() if isinstance(text, str) else text, "shop.txt", **details)


def sentences(imported: ImportedUnit) -> str:
    return "\n".join(warning.sentence for warning in imported.warnings)


def counts(unit: Unit) -> tuple[int, int, int, int]:
    kinds = Counter(guidance.kind for guidance in unit.guidance)
    return (
        len(unit.requirements),
        kinds[GuidanceKind.TIP],
        kinds[GuidanceKind.MISCONCEPTION],
        kinds[GuidanceKind.CONCEPT],
    )


def everything(unit: Unit) -> str:
    """Return all the words of a unit, the colon after a concept's title included."""
    guidance = (f"{each.title}: {each.text}" if each.title else each.text for each in unit.guidance)
    return "\n".join([unit.synopsis, *(each.text for each in unit.requirements), *guidance])


def without_ids(unit: Unit) -> object:
    return (
        unit.synopsis,
        unit.guidance,
        [(r.ref, r.text, r.label, r.source_line, [part.text for part in r.components]) for r in unit.requirements],
    )


def test_a_text_of_the_layout_is_read_whole() -> None:
    imported = read(TEXT, title=" Run a shop ", reference="T/1", level="2")
    unit = imported.unit
    assert imported.warnings == ()
    assert (unit.code, unit.title, unit.reference, unit.level) == ("", "Run a shop", "T/1", "2")
    assert unit.is_guidance
    assert "“shop.txt”" in unit.source
    assert unit.synopsis == "How a shop is run."
    assert counts(unit) == (2, 1, 1, 2)
    first, second = unit.requirements
    assert (first.ref, first.kind, first.source_line) == ("MP1", "marking point", 11)
    assert first.text == "Award credit for counting the stock, including shelves, store room and returns."
    assert first.label == "Counting the stock, including shelves, store room and returns."
    assert [part.text for part in first.components] == ["shelves", "store room", "returns"]
    assert (second.ref, second.label, second.components) == ("MP2", "A till that agrees.", ())
    assert [(each.title, each.text) for each in unit.guidance[:2]] == [
        ("Stock", "What is there."),
        ("Till", "What came in."),
    ]
    ids = [unit.id, first.id, second.id, *(part.id for part in first.components)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("name", "expected"), [("tidy.txt", (6, 2, 3, 3)), ("untidy.txt", (3, 0, 2, 2)), ("bare.txt", (3, 0, 0, 0))]
)
def test_samples_lose_no_word(name: str, expected: tuple[int, int, int, int]) -> None:
    text = (SAMPLES / name).read_text("utf-8")
    unit = read(text).unit
    assert counts(unit) == expected
    known = {word for heading in HEADINGS.values() for word in re.findall(r"\w+", heading.lower())}
    source = Counter(re.findall(r"\w+", re.sub(r"(?m)^\s*\d+\.\s", "", text).lower()))
    kept = Counter(re.findall(r"\w+", everything(unit).lower()))
    lost = {word for word in source if word not in known and not kept[word]}
    assert not lost


def test_an_untidy_text_says_what_is_doubtful() -> None:
    imported = read((SAMPLES / "untidy.txt").read_text("utf-8"))
    unit = imported.unit
    assert (
        unit.requirements[2].text == "Evidence must show: a weekly check of the hedge trimmer; a record of each check"
    )
    assert [part.text for part in unit.requirements[2].components] == [
        "a weekly check of the hedge trimmer",
        "a record of each check",
    ]
    assert unit.synopsis.splitlines()[-4:] == [
        "Assessment Setting",
        "",
        "- In the open air.",
        "- With the learner's own tools.",
    ]
    assert [(warning.line, warning.sentence.split(":")[0]) for warning in imported.warnings] == [
        (None, "A text of this layout does not say what the unit is called"),
        (None, "These headings are missing"),
        (11, "Line 11 has no bullet and is taken as a note"),
        (12, "The numbering goes from 2 to 4"),
        (13, "Lines 13 and 14 are indented and taken as part of line 12."),
        (16, "“Assessment Setting” is not a heading that this layout has"),
        (22, "Line 22 says the same as line 21."),
        (23, "Line 23 is a bullet without text."),
    ]


def test_a_list_without_bullets_is_read_by_paragraph_and_said_so() -> None:
    imported = read((SAMPLES / "bare.txt").read_text("utf-8"))
    assert [each.source_line for each in imported.unit.requirements] == [2, 3, 5]
    assert "no bullets under “Examiner Marking Points”" in sentences(imported)
    assert "stops in the middle of a sentence" in sentences(imported)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\n\n", " \t\n"])
def test_any_line_end(end: str) -> None:
    unit = read(TEXT.replace("\n", end)).unit
    assert counts(unit) == (2, 1, 1, 2)
    assert everything(unit) == everything(read(TEXT).unit)


def test_mixed_line_ends() -> None:
    ends = ["\r\n", "\n", "\r", "\u2028", "\x0c"]
    mixed = "".join(line + ends[index % len(ends)] for index, line in enumerate(TEXT.splitlines()))
    assert without_ids(read(mixed).unit) == without_ids(read(TEXT).unit)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_any_encoding(encoding: str) -> None:
    text = TEXT.replace("real day", "‘real’ day – café €5…")
    unit = read(text.encode(encoding)).unit
    assert counts(unit) == (2, 1, 1, 2)
    assert "Show a ‘real’ day – café €5…." in everything(unit)


@pytest.mark.parametrize(
    "write",
    [
        str.upper,
        str.lower,
        lambda heading: heading + ":",
        lambda heading: "## " + heading,
        lambda heading: f"**{heading}**",
        lambda heading: f"__{heading}:__",
        lambda heading: "   " + heading.replace(" ", "   ") + "  ",
        lambda heading: heading.replace("&", "and"),
        lambda heading: heading.replace("&", "&amp;"),
        lambda heading: heading.replace(" ", "\u00a0"),
        lambda heading: heading + "\n" + "=" * len(heading),
        lambda heading: "3. " + heading,
        lambda heading: "> " + heading,
        lambda heading: heading.replace(" & ", " &\n"),
        lambda heading: heading.replace(" & ", "\n& "),
    ],
)
def test_headings_in_other_clothes(write: object) -> None:
    assert callable(write)
    text = TEXT
    for heading in HEADINGS.values():
        text = text.replace(heading, write(heading))
    imported = read(text, title="Shop")
    assert counts(imported.unit) == (2, 1, 1, 2)
    assert imported.unit.synopsis == "How a shop is run."
    assert imported.warnings == ()


@pytest.mark.parametrize(
    "mark", ["-", "•", "*", "–", "—", "▪", "+", "o", "\uf0b7", "(1)", "1.", "12)", "a)", " -", "\t•"]
)
def test_any_bullet(mark: str) -> None:
    unit = read(TEXT.replace("\n- ", f"\n{mark} ")).unit
    assert without_ids(unit) == without_ids(read(TEXT).unit)


@pytest.mark.parametrize("mark", ["•", "·", "-"])
def test_a_bullet_with_no_space_after_it(mark: str) -> None:
    assert without_ids(read(TEXT.replace("\n- ", f"\n{mark}")).unit) == without_ids(read(TEXT).unit)


def test_wrapped_lines_belong_to_their_bullet() -> None:
    wrapped = TEXT.replace("stock, including shelves,", "stock,\n  including\nshelves,").replace(
        "till that", "till\n\nthat"
    )
    unit = read(wrapped).unit
    assert [each.text for each in unit.requirements] == [each.text for each in read(TEXT).unit.requirements]
    assert [len(each.components) for each in unit.requirements] == [3, 0]


def test_text_beside_a_heading_is_kept() -> None:
    unit = read(TEXT.replace("Topic Synopsis\nHow", "Topic Synopsis: How")).unit
    assert unit.synopsis == "How a shop is run."


def test_a_line_that_lost_its_bullet_is_still_a_point() -> None:
    imported = read(TEXT.replace("- Check for", "Check for"))
    assert len(imported.unit.requirements) == 2
    assert "Line 12 has no bullet and is taken as a point" in sentences(imported)


def test_the_blurb_is_dropped_only_where_the_synopsis_repeats_it() -> None:
    assert read("How a shop is…\n" + TEXT).unit.synopsis == "How a shop is run."
    assert read("How a market is\n" + TEXT).unit.synopsis == "How a market is\n\nHow a shop is run."


def test_text_before_the_headings_is_kept_and_said() -> None:
    imported = read("Run a shop.\n\nFor beginners.\n" + TEXT, title="Shop")
    assert imported.unit.synopsis == "Run a shop.\n\nFor beginners.\n\nHow a shop is run."
    assert "text before the first heading is in no section" in sentences(imported)


def test_a_heading_that_comes_twice_is_put_together() -> None:
    imported = read(TEXT + "Exam Tips\n- Ask the owner.\n", title="Shop")
    assert counts(imported.unit) == (2, 2, 1, 2)
    assert sentences(imported) == (
        "The heading “Exam Tips & Revision Strategies” stood before on line 6: both parts are put together."
    )


def test_a_heading_with_nothing_under_it() -> None:
    imported = read(TEXT + "Misconceptions\n", title="Shop")
    assert "There is nothing under the heading “Common Misconceptions & Mistakes to Avoid”." in sentences(imported)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Just some words about a shop.", "0 marking points were found: there is no heading"),
        ("Examiner Marking Points\n", "0 marking points were found."),
        ("1.1 Explain how a shop is run\n1.2 Run a shop", "0 marking points were found: there is no heading"),
    ],
)
def test_no_requirement_is_invented(text: str, words: str) -> None:
    imported = read(text)
    assert imported.unit.requirements == ()
    assert words in sentences(imported)


def test_a_repeated_point_is_said() -> None:
    imported = read(TEXT + "- check for a till that agrees\n- End.\n", title="Shop")
    assert "Line 13 says the same as line 12." in sentences(imported)
    assert len(imported.unit.requirements) == 4


def test_a_concept_without_a_colon_has_no_title() -> None:
    unit = read("Key Concepts\n- Know the stock.\n- See http://example.org/a: it says more\n- **Till**: cash\n").unit
    assert [(each.title, each.text) for each in unit.guidance] == [
        ("", "Know the stock."),
        ("See http://example.org/a", "it says more"),
        ("Till", "cash"),
    ]


WORDS = st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), min_size=1, max_size=9).map(" ".join)
POINTS = st.lists(WORDS.map(lambda words: f"Zz {words}."), min_size=1, max_size=5, unique=True)


@given(
    st.permutations(list(HEADINGS)),
    st.fixed_dictionaries(dict.fromkeys(HEADINGS, POINTS)),
    st.tuples(st.sampled_from(["- ", "• ", "* ", "– ", "1. "]), st.sampled_from(["\n", "\r\n", "\r", "\u2028"])),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.integers(20, 90),
)
@settings(max_examples=60)
def test_sections_in_any_order_keep_every_point(
    order: list[str], points: dict[str, list[str]], marks: tuple[str, str], encoding: str, width: int
) -> None:
    bullet, end = marks
    lines = []
    for name in order:
        lines.append(HEADINGS[name])
        for point in points[name]:
            first, *rest = re.findall(rf".{{1,{width}}}(?:\s|$)", point)
            lines += [(bullet if name != "synopsis" else "") + first, *rest]
    unit = read(end.join(lines).encode(encoding)).unit
    assert [each.text for each in unit.requirements] == points["marking"]
    for kind in GuidanceKind:
        assert [each.text for each in unit.guidance if each.kind is kind] == points[kind.value]
    assert unit.synopsis == " ".join(points["synopsis"])
    assert [each.ref for each in unit.requirements] == [f"MP{n + 1}" for n in range(len(points["marking"]))]


LINES = st.one_of(
    st.sampled_from(
        [
            *HEADINGS.values(),
            "",
            "   ",
            "---",
            "-",
            "• ",
            "## Other Heading",
            "**Bold**",
            "Other Heading",
            "e.g.",
            "(",
            "…",
        ]
    ),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "- ", "  - ", "      - ", "• ", "1. ", "a) ", "* ", "### ", "Key Concepts: "]),
        st.sampled_from(["Award credit for ", "", "Title: ", "including ", "such as ", "a, b and "]),
        st.just("WORD"),
    ),
    st.text(max_size=20),
)


@given(st.lists(LINES, max_size=25))
def test_whatever_stands_in_a_text_no_marked_word_is_lost(lines: list[str]) -> None:
    text = "\n".join(line.replace("WORD", f"w{number}w") for number, line in enumerate(lines))
    try:
        unit = read(text.encode("utf-8", "surrogatepass")).unit
    except InvalidInput:
        return
    words = re.compile(r"\bw\d+w\b")
    assert Counter(words.findall(everything(unit))) == Counter(words.findall(text))
    assert all(each.text and each.label for each in unit.requirements)
    assert all(each.text for each in unit.guidance)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_unit_or_a_known_error(data: bytes) -> None:
    try:
        unit = read(data).unit
    except InvalidInput as error:
        sentence = str(error)
    else:
        sentence = unit.source
    assert "“shop.txt”" in sentence


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b"%PDF-1.7 ...", "is a PDF, not plain text: copy its text"),
        (b"PK\x03\x04rest", "is a Word, spreadsheet or ZIP file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Word, Excel or Outlook file"),
        (b"{\\rtf1 text}", "is an RTF document"),
        (b"\n<!DOCTYPE HTML><p>", "is a web page"),
        (b"\x89PNG\r\n", "is a picture"),
        (bytes(range(256)) * 40, "is not text"),
        (b"\0" * 5000, "is not text"),
        (b"x" * 10_000_001, "is larger than 10 MB"),
        (b"- a\n" * 99_000, "holds more than 2,000 points and paragraphs"),
        (b"a\n" * 2_000_000, "holds more than 100,000 lines"),
    ],
)
def test_what_cannot_be_a_unit_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(data)
    sentence = str(caught.value)
    assert words in sentence
    assert sentence.startswith("“shop.txt” ")
    assert sentence.endswith(".")
    assert ". " not in sentence


def test_the_name_of_a_file_is_shown_without_its_folders() -> None:
    for name in ("/home/sam/shop.txt", "C:\\Users\\sam\\shop.txt", "shop.txt"):
        assert read_guidance_text(TEXT.encode(), name).unit.source.endswith("imported from “shop.txt”")


def test_a_text_cut_off_inside_a_letter_is_still_read() -> None:
    data = (TEXT + "- Award credit for a café").encode()[:-1]
    imported = read(data, title="Shop")
    assert len(imported.unit.requirements) == 3
    assert "stops in the middle of a sentence" in sentences(imported)


def test_bytes_of_two_encodings_lose_nothing() -> None:
    data = "Topic Synopsis\nA café – ".encode() + "‘quoted’ – naïve".encode("cp1252")
    assert read(data).unit.synopsis == "A café – ‘quoted’ – naïve"


@pytest.mark.parametrize(
    "data",
    [
        b"Examiner Marking Points\n- " + b"word " * 1_900_000,
        b"Examiner Marking Points\n- x" + b"." * 9_000_000,
        b"-" * 9_000_000,
        b"(" * 9_000_000,
        b"including " * 900_000,
        b" " * 9_000_000 + b"x",
        "п".encode("cp1251") * 9_000_000,
    ],
    ids=["words", "stops", "dashes", "brackets", "including", "spaces", "cyrillic"],
)
@pytest.mark.timeout(60)
def test_ten_megabytes_are_no_trouble(data: bytes) -> None:
    assert len(read(data).unit.requirements) <= 1


def test_the_real_texts_give_exactly_their_points(real_input: Path) -> None:
    expected = [(8, 8, 6, 5), (3, 3, 3, 5), (4, 4, 4, 5), (4, 4, 4, 5), (4, 3, 3, 5)]
    files = sorted((real_input / "unit-specs").glob("0*.txt"))
    assert [counts(read(path.read_bytes()).unit) for path in files] == expected
    for path in files:
        imported = read(path.read_bytes(), title="T")
        assert imported.warnings == ()
        source = path.read_text("utf-8").splitlines()
        kept = everything(imported.unit).splitlines()
        assert [
            line for line in source if line.removeprefix("- ") in kept or imported.unit.synopsis.startswith(line)
        ] == [line for line in source if line not in HEADINGS.values()]
