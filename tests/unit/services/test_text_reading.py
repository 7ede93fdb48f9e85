"""Texts are read once, a few at a time, and again where they changed; what is alike is found and forgotten again."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.unit.domain.test_alike import QUEUE, RETOLD

from portfolio_app.domain.attached_text import AttachedText, TextPassage, TextState
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.importing.unit_library import load_library_unit
from portfolio_app.services.advice import gap_advice, requirement_advice
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, edit_evidence
from portfolio_app.services.evidence_many import bin_evidence
from portfolio_app.services.exports import Audience, ExportOptions, export
from portfolio_app.services.gap_list import FixPlace, PlacedGap, dismiss_gap, gap_list
from portfolio_app.services.improvement_cycle import unit_cycles
from portfolio_app.services.item_texts import body_passages, item_text
from portfolio_app.services.text_reading import TextReader, text_reader
from portfolio_app.services.units import insert_units
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
TODAY = date(2026, 6, 1)


def write(portfolio: PortfolioFile, kinds: Kinds, body: str, kind: str = "other-product", **given: object) -> str:
    item, _ = add_evidence(portfolio, kinds[kind], EvidenceGiven(title="Item", body=body, **given))  # type: ignore[arg-type]
    return item.id


def found(portfolio: PortfolioFile, kinds: Kinds, reader: TextReader, rule: str) -> list[PlacedGap]:
    gaps = gap_list(portfolio, kinds, TODAY, texts=reader.read_all(portfolio))
    return [placed for placed in gaps if placed.gap.rule == rule]


def test_every_item_is_read_once_and_again_when_it_changed(portfolio: PortfolioFile, kinds: Kinds) -> None:
    for number in range(30):
        write(portfolio, kinds, f"Text number {number}.")
    reader = text_reader(portfolio, kinds)
    steps = [reader.read_on(portfolio, 0.0)]
    while not steps[-1].is_complete:
        steps.append(reader.read_on(portfolio, 0.0))
    assert all(step.is_new for step in steps)
    assert 5 < len(steps) <= 60
    assert not reader.read_on(portfolio, 0.0).is_new
    before = reader.facts().readings
    edit_evidence(portfolio, kinds, "E7", EvidenceGiven(body="Another text of five words."))
    reader.read_on(portfolio, 9.0)
    after = reader.facts().readings
    assert [key for key in after if after[key] is not before[key]] == [key for key in after if after[key].words == 6]


def test_passages_in_common_come_and_go(portfolio: PortfolioFile, kinds: Kinds) -> None:
    reader = text_reader(portfolio, kinds)
    write(portfolio, kinds, QUEUE)
    write(portfolio, kinds, "Quite different things happened on the next day, which nobody had foreseen at all.")
    later = write(portfolio, kinds, RETOLD)
    (gap,) = found(portfolio, kinds, reader, "alike-passages")
    assert gap.gap.message.startswith("E3 and E1 have ")
    assert gap.place == FixPlace("gaps", later, field="alike")
    edit_evidence(portfolio, kinds, "E2", EvidenceGiven(body=QUEUE))
    assert [placed.evidence for placed in found(portfolio, kinds, reader, "alike-passages")] == ["E2", "E3"]
    with portfolio.read() as look:
        first = look.evidence(1).id
    bin_evidence(portfolio, [first])
    (gap,) = found(portfolio, kinds, reader, "alike-passages")
    assert gap.gap.message.startswith("E3 and E2 have ")
    edit_evidence(portfolio, kinds, "E3", EvidenceGiven(body="I have written it anew."))
    assert found(portfolio, kinds, reader, "alike-passages") == []


def test_a_body_is_read_without_its_marks() -> None:
    body = (
        "# What *I* did\n\nI __planned__ it\nwith [Priya](https://x.example).\n\n- first `one`\n- second\n\n1. third\\*"
    )
    assert list(body_passages(body)) == [
        "What I did",
        "I planned it with Priya.",
        "first one",
        "second",
        "third*",
    ]


def test_fields_and_files_belong_to_the_text(kinds: Kinds) -> None:
    said = AttachedText("ab", TextState.READ, (TextPassage("Page  one\tsays", 1, 1),))
    known = {"ab": said, "cd": replace(said, sha256="cd", complete=False), "ef": AttachedText("ef", TextState.NOTHING)}
    fields = {"situation": "A queue.", "approach": "both", "learning": "First.\n\nSecond.", "unknown": "Kept."}
    text = item_text("Title", "Body.", fields, kinds["reflective-account"], ["ab"], known.get)
    assert text.passages == ("Title", "Body.", "A queue.", "First.", "Second.", "Kept.", "Page one says")
    assert text.labels == ("Situation in one sentence", "I acted both", "What I learnt")
    assert text.is_whole
    assert not item_text("", "", {}, None, ["ab", "cd"], known.get).is_whole
    assert not item_text("", "", {}, None, ["ef"], known.get).is_whole
    assert not item_text("", "", {}, None, ["gh"], known.get).is_whole
    assert not item_text("", "", {}, None, ["ab"]).is_whole
    assert not item_text("", "word " * 100_000, {}, None).is_whole


PROBLEM = """Two families complained that their lesson had been given to somebody else: a problem of two lists that
nobody compares. We apologised, offered both families a place in another class, corrected the register on the same day,
refunded the first lesson and told the swim school about the error."""


@pytest.fixture
def at_work(portfolio: PortfolioFile, kinds: Kinds) -> PortfolioFile:
    """The unit U2 is that of the library; E1 tells of a problem and is claimed for U2/MP3."""
    insert_units(portfolio, [load_library_unit("plan-organise-control-customer-service-operations")])
    write(portfolio, kinds, PROBLEM, "problem-log")
    add_claim(portfolio, "E1", "U2/MP3", ClaimGiven(quotation="corrected the register on the same day"))
    return portfolio


def test_a_remark_leads_to_the_text_and_can_be_put_aside(at_work: PortfolioFile, kinds: Kinds) -> None:
    reader = text_reader(at_work, kinds)
    (gap,) = found(at_work, kinds, reader, "problem-without-check")
    assert (gap.place.page, gap.place.field, gap.evidence) == ("evidence", "body", "E1")
    dismiss_gap(at_work, kinds, TODAY, gap.gap.rule, "It is recent", evidence_ref="E1", texts=reader.facts())
    assert found(at_work, kinds, reader, "problem-without-check") == []


def test_advice_belongs_to_what_is_remarked_and_required(at_work: PortfolioFile, kinds: Kinds) -> None:
    reader = text_reader(at_work, kinds)
    (gap,) = found(at_work, kinds, reader, "problem-without-check")
    (pieces,) = gap_advice(at_work, [gap.gap], reader.words)
    assert [piece.text.split(",")[0] for piece in pieces] == [
        "For solving problems",
        "Noting problems down without a method to analyse them",
    ]
    with at_work.read() as look:
        unit = look.units()[1]
    addresses = {address: key for key, address in unit.addresses().items()}
    assert requirement_advice(at_work, addresses["U2/MP3"], reader.words)[0].text.startswith("For solving problems")
    assert requirement_advice(at_work, "not there", reader.words) == ()
    assert all(len(requirement_advice(at_work, leaf.id, reader.words)) <= 2 for leaf in unit.leaves())


def test_what_a_file_says_counts_when_it_was_read(at_work: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Four weeks later I looked again.", encoding="utf-8")
    edit_evidence(at_work, kinds, "E1", EvidenceGiven(files=[note]))
    with at_work.read() as look:
        sha256 = look.evidence(1).attachments[0].sha256
    known: dict[str, AttachedText] = {}
    reader = text_reader(at_work, kinds, known.get)
    assert found(at_work, kinds, reader, "problem-without-check") == []  # the file may say it
    known[sha256] = AttachedText(sha256, TextState.READ, (TextPassage("It was sunny.", None, 1),))
    reader.look_again()
    assert len(found(at_work, kinds, reader, "problem-without-check")) == 1


def test_the_cycle_of_a_unit_is_filled_from_quotations_and_else_from_texts(
    at_work: PortfolioFile, kinds: Kinds
) -> None:
    write(at_work, kinds, "It was calm. Complaints fell, because of the check: the result of it was a better list.")
    add_claim(at_work, "E2", "U2/MP3", ClaimGiven(why="The end of it"))
    write(at_work, kinds, "Nothing", "plan")
    add_claim(at_work, "E3", "U2/MP2", ClaimGiven(quotation="A list for both teams"))
    (cycle,) = unit_cycles(at_work, kinds, text_reader(at_work, kinds).read_all(at_work))
    shown = {
        box.stage.heading: [(placed.evidence, placed.requirement, placed.passage.text) for placed in box.passages]
        for box in cycle.boxes
    }
    assert list(shown) == ["Plan", "Do", "Monitor", "Evaluate", "Act"]
    assert shown["Plan"] == [("E3", "U2/MP2", "A list for both teams")]
    assert shown["Evaluate"] == [
        ("E2", "U2/MP3", "Complaints fell, because of the check: the result of it was a better list.")
    ]
    assert [stage.value for stage in cycle.not_found] == ["do", "monitor", "act"]
    assert unit_cycles(at_work, kinds, text_reader(at_work, kinds).read_all(at_work), "U1") == []


def test_the_tutor_s_copy_says_what_is_worth_a_look_but_not_what_is_alike(
    at_work: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    write(at_work, kinds, QUEUE)
    write(at_work, kinds, QUEUE)
    target = tmp_path / "tutor.docx"

    def exported(audience: Audience) -> str:
        options = ExportOptions(audience)
        export(at_work, kinds, [target], options, today=TODAY, program_version="1")
        with zipfile.ZipFile(target) as document:
            return document.read("word/document.xml").decode()

    assert "no later check was found" in exported(Audience.TUTOR)
    assert "words in common" not in exported(Audience.TUTOR)
    assert "no later check was found" not in exported(Audience.ASSESSOR)
    folder = at_work.folder / "quality"
    folder.mkdir()
    (folder / "mine.toml").write_text("id = 1", encoding="utf-8")
    assert "no later check was found" not in exported(Audience.TUTOR)
