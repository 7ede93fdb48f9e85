from __future__ import annotations

import gc
import wave
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from tests.publication_text import (
    all_strings,
    as_text,
    block_lines,
    blocks_of,
    defined_anchors,
    runs_text,
    wanted_links,
)
from tests.sample_portfolios import SECRET, TODAY, Sample, large_portfolio, rich_portfolio, sample_kinds

from portfolio_app.domain.claims import Action, Claim, Decision, Locator, Verdict
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.dates import PartialDate, Period
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import (
    Attachment,
    Evidence,
    EvidenceVersion,
    Involvement,
    Judgement,
    Person,
    PersonPart,
    Standing,
    StandingKind,
)
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.portfolio import Declaration, Learner, Portfolio, PortfolioDetails
from portfolio_app.domain.qualification import Component, Requirement, Unit, UnitGroup
from portfolio_app.exporting.portfolio_publication import Audience, ExportOptions, build_publication
from portfolio_app.exporting.prose import plain
from portfolio_app.exporting.publication import (
    AttachedPages,
    Heading,
    ListBlock,
    Matrix,
    Paragraph,
    Picture,
    Publication,
    Section,
    SignatureLines,
    Table,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REFERENCE = Path(__file__).parents[2] / "reference" / "publication.txt"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return rich_portfolio()


def build(sample: Sample, options: ExportOptions | None = None, portfolio: Portfolio | None = None) -> Publication:
    """Build without reading: the files need not be there, only said to be."""

    def file_path(sha256: str) -> Path | None:
        return Path("/files", sha256) if sha256 in sample.files else None

    options = options or ExportOptions()
    return build_publication(
        portfolio or sample.portfolio, sample.kinds, file_path, options, TODAY, "0.1.0", read_files=False
    )


def section_of(publication: Publication, heading: str) -> Section:
    for section in publication.sections:
        first = next((block for block in section.blocks if isinstance(block, Heading)), None)
        if first and first.text == heading:
            return section
    raise AssertionError(f"no section “{heading}”")


def text_of(section: Section) -> str:
    return "\n".join(line for block in section.blocks for line in block_lines(block))


def check_links(publication: Publication) -> None:
    defined = Counter(defined_anchors(publication))
    assert not [anchor for anchor, times in defined.items() if times > 1]
    pages = {block.anchor for block in blocks_of(publication) if isinstance(block, AttachedPages)}
    assert not pages & set(defined)
    for link in wanted_links(publication):
        if link.fallback:
            assert link.anchor.rpartition("-p")[0] in pages
        assert (link.fallback or link.anchor) in defined


def test_the_sample_reads_as_the_reference(sample: Sample) -> None:
    assert as_text(build(sample)) == REFERENCE.read_text(encoding="utf-8")


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("include_confidential", [True, False])
@pytest.mark.parametrize("units", [(), ("U1",), ("u2", "U1")])
def test_every_link_leads_somewhere_once(
    sample: Sample, audience: Audience, include_confidential: bool, units: tuple[str, ...]
) -> None:
    for with_files in (True, False):
        check_links(build(sample, ExportOptions(audience, units, include_confidential, with_files=with_files)))


def test_chapters_stand_in_the_order_centres_ask_for(sample: Sample) -> None:
    publication = build(sample, ExportOptions(Audience.TUTOR))
    chapters = [
        block.text for section in publication.sections for block in section.blocks[:1] if isinstance(block, Heading)
    ]
    assert [text for text in chapters if not text.startswith("E") or text == "Evidence"] == [
        "Contents",
        "For the assessor",
        "Declaration of authenticity",
        "About the learner",
        "U1 Manage customer service operations",
        "U2 Lead a team through change",
        "Coverage of U1 Manage customer service operations",
        "Coverage of U2 Lead a team through change",
        "Evidence",
        "Feedback so far",
        "Gaps",
        "Index by criterion",
    ]
    assert publication.sections[0].front
    assert [section.label for section in publication.sections if section.landscape] == ["U1", "U2"]
    evidence = [section.label for section in publication.sections if section.label.startswith("E")]
    assert evidence == ["E1", "E1", "E2", "E3", "E4", "E6", "E7", "E7", "E9", "E10"]


def test_headings_never_skip_a_level(sample: Sample) -> None:
    last = 0
    for block in blocks_of(build(sample)):
        if isinstance(block, Heading):
            assert block.level <= last + 1
            last = block.level


def test_every_claim_stands_once_with_its_requirement_and_once_with_its_evidence(sample: Sample) -> None:
    publication = build(sample)
    for claim in sample.portfolio.claims:
        if claim.why:
            assert as_text(publication).count(f": {claim.why}") == 1
    claimed_for = Counter(
        (section.label, line.split("]")[0])
        for section in publication.sections
        if section.label.startswith("E")
        for line in text_of(section).splitlines()
        if line.startswith("- <body> [*U")
    )
    assert sum(claimed_for.values()) == len(sample.portfolio.claims)
    assert set(claimed_for.values()) == {1}


def test_places_lead_to_pages_headings_and_paragraphs(sample: Sample) -> None:
    text = text_of(section_of(build(sample), "U1 Manage customer service operations"))
    assert "[service budget.pdf, p. 2 → #E1-pages1-p2 or #E1-file1]" in text
    assert "[“Why this plan” → #E1-heading1]" in text
    assert "[para 1 → #E2-paragraph1]" in text


@pytest.mark.parametrize(
    ("locator", "expected"),
    [
        ("p. 3", "[p. 3 → #E1-pages1-p3 or #E1-file1]"),
        ("pp. 2-3", "[pp. 2-3 → #E1-pages1-p2 or #E1-file1]"),
        ("Service Budget.pdf", "[Service Budget.pdf → #E1-file1]"),
        ("board.png", "[board.png → #E1-file2]"),
        ("other.pdf, p. 2", "other.pdf, p. 2"),
        ("tasks", "[“tasks” → #E1-field5]"),
        ("No such heading", "“No such heading”"),
        ("para 99", "para 99"),
        ("04:10", "at 04:10"),
    ],
)
def test_a_place_leads_only_where_there_is_something(sample: Sample, locator: str, expected: str) -> None:
    (first, *others) = sample.portfolio.claims
    moved = replace(sample.portfolio, claims=(replace(first, locator=Locator.parse(locator)), *others))
    text = text_of(section_of(build(sample, portfolio=moved), "U1 Manage customer service operations"))
    assert f"Service plan for the summer season, {expected}: The plan sets" in text


def test_a_page_is_no_link_where_it_could_be_of_two_documents(sample: Sample) -> None:
    (item, *others) = sample.portfolio.evidence
    second = replace(item.attachments[0], id=new_id(), name="other.pdf")
    two = replace(
        sample.portfolio,
        evidence=(replace(item, attachments=(*item.attachments, second)), *others),
        claims=(replace(sample.portfolio.claims[0], locator=Locator(page="2")),),
    )
    publication = build(sample, portfolio=two)
    assert "season, p. 2: The plan" in as_text(publication)
    check_links(publication)


def test_components_show_who_ticks_them(sample: Sample) -> None:
    text = text_of(section_of(build(sample), "U1 Manage customer service operations"))
    assert "- <body> ☑ root cause analysis – [*E4* → #E4]" in text
    without = replace(
        sample.portfolio, claims=tuple(replace(c, component_ids=frozenset()) for c in sample.portfolio.claims)
    )
    text = text_of(section_of(build(sample, portfolio=without), "U1 Manage customer service operations"))
    assert "- <body> ☐ root cause analysis – not ticked in any claim yet" in text


def test_guidance_is_never_shown_as_an_awarding_bodys_text(sample: Sample) -> None:
    publication = build(sample)
    note = "*Guidance, not an awarding body’s text.*"
    for heading in ("U1 Manage customer service operations", "Coverage of U1 Manage customer service operations"):
        assert note in text_of(section_of(publication, heading))
    for heading in ("U2 Lead a team through change", "Coverage of U2 Lead a team through change"):
        assert note not in text_of(section_of(publication, heading))
    assert note in text_of(section_of(publication, "Index by criterion"))
    assert "made from guidance" in text_of(publication.sections[0])


def test_the_matrix_holds_every_claim(sample: Sample) -> None:
    matrices = [block for block in blocks_of(build(sample)) if isinstance(block, Matrix)]
    cells = {
        (matrix.columns[at].code, row.code): cell.status
        for matrix in matrices
        for row in matrix.rows
        for at, cell in row.cells.items()
    }
    assert len(cells) == len(sample.portfolio.claims)
    assert cells["E1", "MP1"] is CoverageState.MET
    assert cells["E9", "1.2"] is CoverageState.NOT_YET_MET
    assert cells["E4", "MP3"] is CoverageState.CLAIMED
    assert [row.code for row in matrices[1].rows if row.status is None] == ["1", "1.3"]
    assert [row.code for row in matrices[1].rows if row.status is CoverageState.NONE] == ["a", "b"]


def test_only_witnesses_and_observers_are_listed_as_such(sample: Sample) -> None:
    text = text_of(section_of(build(sample), "About the learner"))
    assert "| Dana Price | Duty manager, Harbour Hotel | line manager | occupationally competent |" in text
    assert "[*E3* → #E3] on 6 May 2026" in text
    assert "[*E3* → #E3] not signed yet" in text
    assert "#E1]" not in text


def test_signature_lines_are_filled_in_as_far_as_known(sample: Sample) -> None:
    publication = build(sample)
    lines = [line for block in blocks_of(publication) if isinstance(block, SignatureLines) for line in block.lines]
    assert ("Learner", "Sam Ellis", "28 June 2026") in lines
    assert ("Witness", "Dana Price", "6 May 2026") in lines
    assert ("Witness", "Omar Reid", "") in lines
    assert lines.count(("Internal quality assurer", "", "")) == 2
    nobody = replace(
        sample.portfolio, evidence=tuple(replace(item, people=()) for item in sample.portfolio.evidence), people=()
    )
    (unsigned,) = [
        block
        for block in section_of(build(sample, portfolio=nobody), "E3 Testimony on the launch briefing").blocks
        if isinstance(block, SignatureLines)
    ]
    assert unsigned.lines == (("Witness", "", ""),)


def test_nothing_of_a_form_is_lost(sample: Sample) -> None:
    text = as_text(build(sample))
    for item in sample.portfolio.evidence:
        for value in item.fields.values():
            cells = [value] if isinstance(value, str) else [cell for row in value for cell in row.values()]
            for cell in cells:
                if not cell.startswith("2026-"):
                    assert all(line.removeprefix("- ") in text for line in cell.splitlines())
    assert "old_reference (not a field of this kind) | C-118" in text
    assert "| Kind | pigeon-post" in text


def test_a_long_field_that_the_kind_does_not_know_has_a_heading(sample: Sample) -> None:
    item = replace(
        sample.portfolio.evidence[-1], fields={"notes": "one\n\ntwo", "log": ({"when": "May", "what": "x"},)}
    )
    text = as_text(build(sample, portfolio=replace(sample.portfolio, evidence=(item,), claims=(), actions=())))
    assert "### notes {#E10-field1}\n<muted> This kind of evidence has no such field now" in text
    assert "<body> one\n<body> two" in text
    assert "| when | what\n" in text.replace("*", "").replace("|| ", "| ")


@pytest.mark.parametrize(
    ("notes", "when", "said"),
    [
        (["2026:06:03 10:00:00", "2026:06:03 10:00:01"], "", "E1, taken 3 June 2026, says the camera, Dana Price"),
        (["2026:06:03 10:00:00"], "2026-06", "E1, taken 3 June 2026, says the camera, Dana Price"),
        (["2026:06:03 10:00:00"], "2026-03-09", "E1, 9 March 2026, Dana Price"),  # the item knows better
        (["2026:06:03 10:00:00"], "2026-05", "E1, May 2026, Dana Price"),
        (["2026:06:03 10:00:00", "2026:06:09 10:00:00"], "", "E1, Dana Price"),  # it contradicts itself
        (["2000:01:01 00:00:00"], "", "E1, Dana Price"),  # its clock was never set
        (["2031:06:03 10:00:00"], "", "E1, Dana Price"),
        (["last week"], "", "E1, Dana Price"),
    ],
)
def test_a_photograph_says_when_it_was_taken_where_that_can_be_believed(
    sample: Sample, tmp_path: Path, notes: list[str], when: str, said: str
) -> None:
    image = Image.new("RGB", (40, 30), "teal")
    exif = image.getexif()
    tags = (ExifTags.Base.DateTimeOriginal, ExifTags.Base.DateTimeDigitized)
    exif.get_ifd(ExifTags.IFD.Exif).update(zip(tags, notes, strict=False))
    image.save(tmp_path / "board.jpg", exif=exif)
    item = sample.portfolio.evidence[0]
    photograph = replace(item.attachments[1], name="board.jpg", media_type="image/jpeg")
    item = replace(item, attachments=(photograph,), date=Period.parse(when) if when else None)
    publication = build_publication(
        replace(sample.portfolio, evidence=(item,), claims=()),
        sample.kinds,
        {photograph.sha256: tmp_path / "board.jpg"}.get,
        ExportOptions(),
        TODAY,
        "0.1.0",
    )
    (picture,) = [block for block in blocks_of(publication) if isinstance(block, Picture)]
    assert picture.caption == f"The team board on launch day ({said})"


def test_files_are_listed_embedded_or_said_to_be_missing(sample: Sample) -> None:
    publication = build(sample)
    assert [file.description for file in publication.embedded] == [
        "E1, service budget.pdf",
        "E1, board.png",
        "E4, thread.eml",
        f"E7, {SECRET}.pdf",
    ]
    text = text_of(section_of(publication, "E4 Double booking of room 12"))
    assert "rota June.xlsx / *This file is missing from the portfolio, so it is not part of this document.*" in text
    (picture,) = [block for block in blocks_of(publication) if isinstance(block, Picture)]
    assert picture.alt == "The team board on launch day"
    assert picture.caption == "The team board on launch day (E1, 9 March 2026, Dana Price)", "what, when, who"
    pages = [block for block in blocks_of(publication) if isinstance(block, AttachedPages)]
    assert [(block.evidence_ref, block.file.name, block.back_anchor) for block in pages] == [
        ("E1", "service budget.pdf", "E1"),
        ("E7", f"{SECRET}.pdf", "E7"),
    ]


def test_attached_text_is_shown_and_claims_lead_into_it(sample: Sample, tmp_path: Path) -> None:
    (item, *_) = sample.portfolio.evidence
    (tmp_path / "notes.md").write_text("Before\n\n# Targets\n\nAnswer in *four* minutes.")
    (tmp_path / "broken.docx").write_bytes(b"PK")
    with wave.open(str(tmp_path / "call.wav"), "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(8000 * 75))
    types = {"notes.md": "text/markdown", "broken.docx": WORD, "call.wav": "audio/wav"}
    attachments = tuple(Attachment(name, name, name, 9, media_type) for name, media_type in types.items())
    claims = tuple(
        replace(claim, evidence_id=item.id, locator=locator)
        for claim, locator in zip(
            sample.portfolio.claims,
            (
                Locator(attachment="notes.md", heading="targets"),
                Locator(attachment="notes.md"),
                Locator(attachment="call.wav", time="0:42"),
            ),
            strict=False,
        )
    )
    told: list[str] = []
    publication = build_publication(
        replace(sample.portfolio, evidence=(replace(item, attachments=attachments),), claims=claims, actions=()),
        sample.kinds,
        lambda name: tmp_path / name,
        ExportOptions(),
        TODAY,
        "0.1.0",
        progress=lambda done, total, what: told.append(what),
    )
    check_links(publication)
    shown = section_of(publication, "E1 · notes.md")
    assert shown.label == "E1"
    assert text_of(shown).split("\n") == [
        "### E1 · notes.md {#E1-pages1}",
        "<muted> Text, 9 bytes. The original comes with this portfolio. [Back to E1 → #E1]",
        "<body> Before",
        "#### Targets {#E1-pages1-heading1}",
        "<body> Answer in four minutes.",
    ]
    links = [link.anchor for link in wanted_links(publication)]
    assert links.count("E1-pages1-heading1") == 3, "with the requirement, the item and in the index"
    own = text_of(section_of(publication, f"E1 {item.title}"))
    assert "“broken.docx” cannot be shown here: it is damaged" in own
    assert "*1 min 15 s long" in own or "1 min 15 s long" in own
    assert "SHA-256 call.wav" in own
    assert "Places named in claims: 0:42" in own.replace("*", "")
    assert told


def test_svg_is_not_shown_as_a_picture(sample: Sample) -> None:
    (item, *_) = sample.portfolio.evidence
    drawing = replace(item.attachments[1], name="x.svg", media_type="image/svg+xml")
    only = replace(sample.portfolio, evidence=(replace(item, attachments=(drawing,)),), claims=(), actions=())
    publication = build(sample, portfolio=only)
    assert not [block for block in blocks_of(publication) if isinstance(block, Picture)]
    assert [file.name for file in publication.embedded] == ["x.svg"]


def test_feedback_shows_what_was_superseded(sample: Sample) -> None:
    text = text_of(section_of(build(sample), "Feedback so far"))
    assert text.count("superseded") == 1
    assert "✚ more evidence needed / superseded by a later decision | Jo Marsh | Say who approved the plan." in text
    assert text.index("Give the night staff a date") < text.index("Ask Omar to sign")


def test_feedback_says_which_copy_the_assessor_saw(sample: Sample) -> None:
    first, *others = sample.portfolio.decisions
    came_back = replace(first, seen_at=datetime(2026, 5, 2, 10, tzinfo=UTC), source="ab" * 32)
    portfolio = replace(sample.portfolio, decisions=(came_back, *others))
    text = text_of(section_of(build(replace(sample, portfolio=portfolio)), "Feedback so far"))
    assert text.count("on the copy of") == 1
    assert "20 May 2026 / on the copy of 2 May 2026 |" in text


def test_copies_differ_by_whom_they_are_for(sample: Sample) -> None:
    learner, assessor, tutor = (as_text(build(sample, ExportOptions(audience))) for audience in Audience)
    assert "# Gaps" in tutor
    assert "# Gaps" not in learner + assessor
    assert assessor.count("☐ met / ☐ not yet met / ☐ more evidence needed") == 9
    assert "☐ met" not in learner + tutor
    assert assessor.count("Assessor’s judgement of this item") == len(sample.portfolio.evidence)
    assert learner.count("Assessor’s judgement of this item") == 2
    for copy, name in ((learner, "Learner’s copy"), (assessor, "Assessor’s copy"), (tutor, "Tutor’s copy")):
        assert f"| This copy | {name}" in copy


def test_a_copy_of_one_unit_holds_what_is_claimed_for_it(sample: Sample) -> None:
    publication = build(sample, ExportOptions(Audience.TUTOR, unit_codes=("u2",)))
    text = as_text(publication)
    labels = {section.label for section in publication.sections if section.label}
    assert labels == {"U2", "E1", "E3", "E6", "E9"}
    assert "This copy holds unit U2 only." in text
    assert "4 evidence items that are not claimed for them are left out." in text
    assert "U1" not in text
    assert SECRET not in text
    assert "Approval added." not in text
    assert "Ask Omar to sign" in text
    assert {file.description for file in publication.embedded} == {"E1, service budget.pdf", "E1, board.png"}
    with pytest.raises(UnknownReference):
        build(sample, ExportOptions(unit_codes=("U9",)))


@pytest.mark.parametrize("audience", Audience)
def test_nothing_of_a_confidential_item_leaks(sample: Sample, audience: Audience) -> None:
    assert any(SECRET in text for text in all_strings(build(sample, ExportOptions(audience))))
    publication = build(sample, ExportOptions(audience, include_confidential=False))
    assert not [text for text in all_strings(publication) if SECRET.casefold() in text.casefold()]
    hidden = next(item for item in sample.portfolio.evidence if item.confidential)
    assert hidden.attachments[0].sha256 not in set(all_strings(publication))
    text = text_of(section_of(publication, "E7 Confidential"))
    assert "E7 is confidential and held by the personnel office. Ask there to see the original." in text
    assert "[*U1/MP3* → #requirement-5]" in text
    assert "Complaint record" not in text
    assert "2 April" not in as_text(publication)
    assert "withheld from this copy: E7" in as_text(publication)


@pytest.mark.parametrize("audience", Audience)
def test_what_is_held_back_is_named_and_nothing_of_it_shown(sample: Sample, audience: Audience) -> None:
    held = next(item for item in sample.portfolio.evidence if item.ref == "E1")
    publication = build(sample, ExportOptions(audience, held_back=frozenset({held.id})))
    text = as_text(publication)
    assert "One item is held back from this copy: E1." in text
    assert any(SECRET in words for words in all_strings(publication))
    section = text_of(section_of(publication, "E1 Held back"))
    assert "E1 is held back from this copy and kept by Sam Ellis. Ask there to see it." in section
    assert "[*U1/MP1* → #requirement-2]" in section
    assert "Claimed, and held back from this copy." in text
    gone = {held.title, *(attachment.sha256 for attachment in held.attachments)}
    assert not gone & set(all_strings(publication))
    assert "confidential items" not in text
    check_links(publication)


def test_a_copy_without_files_lists_them_and_embeds_none(sample: Sample) -> None:
    publication = build(sample, ExportOptions(with_files=False))
    assert publication.embedded == ()
    assert not [block for block in blocks_of(publication) if isinstance(block, AttachedPages | Picture)]
    text = as_text(publication)
    assert "service budget.pdf" in text
    assert "Not part of this copy." in text
    assert "missing from the portfolio" not in text
    assert "Attached files are listed with each item and are not part of this copy." in text


def test_withholding_changes_no_coverage(sample: Sample) -> None:
    def states(include_confidential: bool) -> list[tuple[str, CoverageState | None]]:
        held_back = frozenset() if include_confidential else frozenset({sample.portfolio.evidence[0].id})
        publication = build(sample, ExportOptions(include_confidential=include_confidential, held_back=held_back))
        matrices = [block for block in blocks_of(publication) if isinstance(block, Matrix)]
        return [
            (row.code, status)
            for matrix in matrices
            for row in matrix.rows
            for status in (row.status, *(cell.status for cell in row.cells.values()))
        ]

    assert states(True) == states(False)


def test_a_confidential_item_that_is_held_nowhere_is_held_by_the_learner(sample: Sample) -> None:
    attached = replace(
        sample.portfolio,
        evidence=tuple(
            replace(item, standing=Standing(StandingKind.LINKED, f"https://{SECRET}.example"))
            if item.confidential
            else item
            for item in sample.portfolio.evidence
        ),
    )
    publication = build(sample, ExportOptions(include_confidential=False), attached)
    assert "E7 is confidential and held by Sam Ellis." in as_text(publication)
    assert not [text for text in all_strings(publication) if SECRET.casefold() in text.casefold()]


def test_an_empty_portfolio_is_a_sound_document(sample: Sample) -> None:
    empty = Portfolio(PortfolioDetails(new_id(), Learner("")))
    for audience in Audience:
        publication = build(sample, ExportOptions(audience), empty)
        check_links(publication)
        text = as_text(publication)
        assert "This portfolio has no units yet." in text
        assert "This portfolio has no evidence yet." in text
        assert "The learner has not answered this question yet." in text
        assert "No witness or observer is named in this portfolio yet." in text


def test_an_unknown_language_is_refused(sample: Sample) -> None:
    with pytest.raises(InvalidInput):
        build(sample, ExportOptions(language="tlh"))


def test_the_collector_is_as_it_was_before(sample: Sample) -> None:
    assert gc.isenabled()
    with pytest.raises(UnknownReference):
        build(sample, ExportOptions(unit_codes=("U9",)))
    assert gc.isenabled()
    gc.disable()
    try:
        build(sample)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_large_portfolio_has_a_list_for_each_item_and_requirement() -> None:
    publication = build(large_portfolio(200, 40, 40))
    assert (
        sum(isinstance(block, ListBlock) for block in blocks_of(publication)) == 200 + 40 + 2
    )  # and two for the assessor


WORDS = st.text("abc é<&*_#`[]()|\x00\u202e\n“”", max_size=12)


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """Small portfolios of every shape that the store can hold, filled with awkward text."""
    dates = st.none() | st.dates(date(2020, 1, 1), date(2027, 1, 1))

    def requirement(depth: int) -> Requirement:
        children = tuple(requirement(depth - 1) for _ in range(draw(st.integers(0, 2)))) if depth else ()
        components = () if children else tuple(Component(new_id(), draw(WORDS)) for _ in range(draw(st.integers(0, 2))))
        return Requirement(
            new_id(),
            draw(st.sampled_from(["1", "1.1", "a", "MP1"])),
            "criterion",
            draw(WORDS),
            draw(WORDS),
            components,
            children,
        )

    units = tuple(
        Unit(
            new_id(),
            f"U{number}",
            draw(WORDS),
            is_guidance=draw(st.booleans()),
            synopsis=draw(WORDS),
            requirements=tuple(requirement(2) for _ in range(draw(st.integers(0, 3)))),
        )
        for number in range(1, draw(st.integers(0, 2)) + 1)
    )
    leaves = [leaf for unit in units for leaf in unit.leaves()]
    people = tuple(Person(new_id(), draw(WORDS), draw(WORDS)) for _ in range(draw(st.integers(0, 2))))
    evidence = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        media = draw(st.lists(st.sampled_from(["application/pdf", "image/png", "text/plain"]), max_size=2))
        evidence.append(
            Evidence(
                new_id(),
                number * 3,
                draw(st.sampled_from(["plan", "witness-testimony", "gone"])),
                draw(WORDS),
                draw(st.none() | st.just(Period(PartialDate(2026)))),
                draw(WORDS),
                {
                    "purpose": draw(WORDS),
                    "approved_on": draw(WORDS),
                    "tasks": tuple(
                        {"task": draw(WORDS), "start": draw(WORDS), "x": draw(WORDS)}
                        for _ in range(draw(st.integers(0, 2)))
                    ),
                    "y": draw(WORDS),
                },
                Standing(draw(st.sampled_from(StandingKind)), draw(WORDS)),
                confidential=draw(st.booleans()),
                people=tuple(
                    Involvement(person.id, part, draw(dates))
                    for person in people
                    for part in draw(st.sets(st.sampled_from(PersonPart)))
                ),
                attachments=tuple(
                    Attachment(new_id(), draw(WORDS), draw(st.sampled_from("0123456789")) * 64, 9, kind)
                    for kind in media
                ),
                judgement=draw(st.none() | st.builds(Judgement, valid=st.none() | st.booleans(), by=WORDS)),
            )
        )
    pairs = [(item, leaf) for item in evidence for leaf in leaves if draw(st.booleans())]
    claims = tuple(
        Claim(
            new_id(),
            item.id,
            leaf.id,
            f"why{position}why",
            draw(WORDS),
            Locator(draw(st.sampled_from(["", "2", "1-3"])), draw(WORDS), draw(st.sampled_from(["", "1", "x"]))),
            frozenset(component.id for component in leaf.components if draw(st.booleans())),
        )
        for position, (item, leaf) in enumerate(pairs)
    )
    decisions = tuple(
        Decision(
            new_id(),
            leaf.id,
            draw(st.sampled_from(Verdict)),
            draw(WORDS),
            draw(WORDS),
            datetime(2026, 5, 1, tzinfo=UTC),
        )
        for leaf in leaves
        for _ in range(draw(st.integers(0, 2)))
    )
    actions = tuple(
        Action(
            new_id(),
            draw(WORDS),
            draw(dates),
            draw(dates),
            draw(st.sampled_from([None, *(leaf.id for leaf in leaves)])),
            draw(st.sampled_from([None, *(item.id for item in evidence)])),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    details = PortfolioDetails(new_id(), Learner(draw(WORDS), profile=draw(WORDS)))
    return Portfolio(details, units, tuple(evidence), claims, decisions, actions, people)


def test_text_of_control_characters_alone_makes_no_empty_paragraph() -> None:
    child = Requirement("child", "1", "criterion", "Plan the rota.")
    parent = Requirement("parent", "1", "outcome", "\x00", "Plan", children=(child,))
    details = PortfolioDetails("portfolio", Learner("Sam"), declaration=Declaration(ai_use="\x00"))
    portfolio = Portfolio(details, (Unit("unit", "U1", "A unit", requirements=(parent,)),))
    publication = build_publication(portfolio, {}, lambda _: None, ExportOptions(), TODAY, "0.1.0")
    assert all(runs_text(block.runs) for block in blocks_of(publication) if isinstance(block, Paragraph))


@settings(max_examples=60)
@given(
    portfolios(),
    st.builds(ExportOptions, st.sampled_from(Audience), include_confidential=st.booleans(), with_files=st.booleans()),
    st.sets(st.sampled_from("0123456789")),
    st.sets(st.integers(0, 9)),
)
def test_any_portfolio_gives_a_sound_document(
    portfolio: Portfolio, options: ExportOptions, missing: set[str], held: set[int]
) -> None:
    held_back = frozenset(item.id for item in portfolio.evidence if item.number % 10 in held)
    options = replace(options, held_back=held_back)

    def file_path(sha256: str) -> Path | None:
        return None if sha256[0] in missing else Path(__file__)

    publication = build_publication(portfolio, sample_kinds(), file_path, options, TODAY, "0.1.0")
    check_links(publication)
    strings = [text for text in all_strings(publication) if "\x00" in text or "\u202e" in text]
    assert not strings
    shown = [plain(block.runs) for block in blocks_of(publication) if isinstance(block, Paragraph)]
    withheld = held_back | {
        item.id for item in portfolio.evidence if item.confidential and not options.include_confidential
    }
    for position, claim in enumerate(portfolio.claims):
        times = sum(f": why{position}why" in text for text in shown)
        assert times == (0 if claim.evidence_id in withheld else 1)
    sections = Counter(section.label for section in publication.sections)
    claimed = Counter(claim.evidence_id for claim in portfolio.claims)
    for item in portfolio.evidence:
        own = next(section for section in publication.sections if section.label == item.ref)
        back = [
            run
            for block in own.blocks
            if isinstance(block, ListBlock)
            for entry in block.items
            for part in entry
            if isinstance(part, Paragraph)
            for run in part.runs
            if run.link and run.link.anchor.startswith("requirement-")
        ]
        assert len(back) == claimed[item.id]
        documents = [
            attachment
            for attachment in item.attachments
            if attachment.media_type == "application/pdf" and attachment.sha256[0] not in missing and options.with_files
        ]
        texts = [
            block
            for section in publication.sections
            for block in section.blocks
            if isinstance(block, Heading) and section.label == item.ref and block.text.startswith(f"{item.ref} · ")
        ]
        assert len(documents) <= sections[item.ref] - 1 <= len(documents) + len(texts) or item.id in withheld
        assert sections[item.ref] == 1 or item.id not in withheld
    for block in blocks_of(publication):
        if isinstance(block, Table):
            assert sum(block.widths) == pytest.approx(1)
            assert {sum(cell.span for cell in row) for row in (block.header, *block.rows) if row} == {len(block.widths)}
        if isinstance(block, Paragraph):
            assert runs_text(block.runs)


def test_a_reworked_item_says_what_became_of_its_earlier_versions(sample: Sample) -> None:
    item = next(each for each in sample.portfolio.evidence if each.attachments and not each.confidential)
    secret = next(each for each in sample.portfolio.evidence if each.confidential)
    versions = tuple(
        EvidenceVersion(
            new_id(),
            owner.id,
            number,
            datetime(2026, 6, 14, 9, tzinfo=UTC),
            f"Jo Marsh decided “not yet met” on {number} June 2026",
            owner.kind,
            owner.title,
            attachments=owner.attachments,
        )
        for owner, number in ((item, 1), (item, 2), (secret, 1))
    )
    portfolio = replace(sample.portfolio, versions=versions)
    text = as_text(build(sample, portfolio=portfolio))
    assert text.count("Earlier versions") == 2
    assert "Jo Marsh decided “not yet met” on 2 June 2026" in text
    assert "What is shown above is version 3. The portfolio keeps the 2 earlier ones, with their files." in text
    copy = as_text(build(sample, ExportOptions(include_confidential=False), portfolio))
    assert copy.count("Earlier versions") == 1
    assert SECRET not in copy


def grouped_sample(sample: Sample) -> Portfolio:
    """Put the first unit into a group that asks for more than it has, and the second into none."""
    portfolio = sample.portfolio
    group = UnitGroup("choice", "Group A", least_units=2, least_credits=12)
    qualification = replace(portfolio.details.qualification, groups=(group,), least_credits=5)
    first, *others = portfolio.units
    units = (replace(first, credits=6, group_id="choice", mandatory=False), *others)
    return replace(portfolio, details=replace(portfolio.details, qualification=qualification), units=units)


def test_groups_of_units_stand_on_the_front_sheet_with_what_they_ask_for(sample: Sample) -> None:
    front = build(sample, portfolio=grouped_sample(sample)).sections[0]
    units, groups = [block for block in front.blocks if isinstance(block, Table) and not block.quiet]
    assert [runs_text(cell.paragraphs[0]) for cell in units.header][:2] == ["*Unit*", "*Credits*"]
    assert "Group A" in runs_text(units.rows[0][0].paragraphs[0])
    assert groups.caption == "What the qualification asks for"
    rows = [[runs_text(cell.paragraphs[0]) for cell in row] for row in groups.rows]
    assert rows[0] == ["Group A", "at least 2 units, 12 credits", "U1: 1 unit, 6 credits", "0 units, 0 credits",
                       "needs more units than are chosen"]  # fmt: skip
    assert rows[1][:2] == ["Units in no group", "the mandatory ones"]
    assert rows[-1] == ["The whole qualification", "at least 5 credits", *rows[-1][2:4], "not achieved yet"]


def test_a_copy_of_some_units_says_nothing_of_what_all_of_them_come_to(sample: Sample) -> None:
    options = ExportOptions(unit_codes=("U1",), audience=Audience.TUTOR)
    text = as_text(build(sample, options, grouped_sample(sample)))
    assert "What the qualification asks for" not in text
    assert "asks for at least" not in text  # nor among the gaps
    assert "optional, Group A" in text
    assert "asks for at least 2 units" in as_text(
        build(sample, ExportOptions(audience=Audience.TUTOR), grouped_sample(sample))
    )
