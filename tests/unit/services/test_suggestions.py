"""Which requirements an item may meet, and which items a requirement: proposed, rejected, never claimed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portfolio_app.domain.attached_text import AttachedText
from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import EvidenceKind, FieldValue
from portfolio_app.domain.progress import Progress
from portfolio_app.domain.qualification import Component, Requirement, Unit
from portfolio_app.domain.suggestions import Band
from portfolio_app.reading.extraction import extract_text
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.decisions import decide
from portfolio_app.services.evidence import EvidenceGiven, add_evidence
from portfolio_app.services.evidence_many import bin_evidence
from portfolio_app.services.portfolios import DetailsGiven, start_portfolio
from portfolio_app.services.searching import catch_up
from portfolio_app.services.suggestion_desk import SuggestionProcess
from portfolio_app.services.suggestion_engine import SuggestionEngine
from portfolio_app.services.suggestions import (
    allow_suggestion,
    reject_suggestion,
    sibling_requirements,
    suggest_for_evidence,
    suggest_for_requirement,
)
from portfolio_app.services.text_desk import FileToRead
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = dict[str, EvidenceKind]

_TRAINING = "I trained the team to handle complaints, and wrote down which skills each of them lacked."
_BUDGET = "The budget for the counter was £3,000, and I shared it out between tills and wages."
_RECIPE = "Mix flour, salt and yeast with water. Knead for ten minutes and bake at 220 degrees."


def _unit(title: str, *texts: str) -> Unit:
    leaves = tuple(
        Requirement(
            f"{title}-{number}", f"1.{number}", "criterion", text, components=(Component(f"{title}{number}", "x"),)
        )
        for number, text in enumerate(texts, 1)
    )
    outcome = Requirement(f"{title}-LO1", "LO1", "outcome", "Run the service.", children=leaves)
    return Unit(f"id-{title}", "", title, requirements=(outcome,))


@pytest.fixture
def portfolio(tmp_path: Path) -> Iterator[PortfolioFile]:
    units = [
        _unit("one", "Train staff to handle complaints.", "Share out the budget.", "Explain laws on data protection."),
        _unit("two", "Train staff to handle complaints!", "Chair a meeting and note the actions that follow."),
    ]
    with start_portfolio(tmp_path / "p", DetailsGiven(learner="Sam Ellis"), units) as portfolio:
        yield portfolio


@pytest.fixture
def engine(portfolio: PortfolioFile, tmp_path: Path) -> Iterator[SuggestionEngine]:
    """Compare words alone: the model has tests of its own."""
    with SuggestionEngine(portfolio.folder, tmp_path / "no model") as made:
        yield made


def _add(portfolio: PortfolioFile, kinds: Kinds, body: str, **given: object) -> str:
    item, _ = add_evidence(portfolio, kinds["reflective-account"], EvidenceGiven(title="Account", body=body, **given))  # type: ignore[arg-type]
    return item.id


def test_an_item_is_suggested_for_what_it_speaks_of(
    portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine
) -> None:
    key = _add(portfolio, kinds, f"# March\n\nIt was a busy month.\n\n{_TRAINING} It **rained**.")
    found = suggest_for_evidence(portfolio, "E1", engine)
    assert [each.requirement_id for each in found.suggestions] == ["one-1", "two-1"]
    first = found.suggestions[0]
    assert (first.evidence_id, first.band) == (key, Band.STRONG)
    assert (first.quotation, first.paragraph, first.attachment_id) == (_TRAINING, 2, "")
    assert not found.with_model
    assert "not installed" in found.notice
    assert found.words == 24


@pytest.mark.parametrize("body", ["", _RECIPE])
def test_there_may_be_nothing(portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine, body: str) -> None:
    _add(portfolio, kinds, body)
    assert suggest_for_evidence(portfolio, "E1", engine).suggestions == ()


def test_what_is_claimed_or_rejected_is_not_suggested(
    portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine
) -> None:
    key = _add(portfolio, kinds, _TRAINING)
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven())
    _, changes = reject_suggestion(portfolio, key, "two-1")
    assert changes.rejections == {key}
    assert suggest_for_evidence(portfolio, "E1", engine).suggestions == ()
    assert suggest_for_requirement(portfolio, "U2/1.1", engine).suggestions == ()
    name, _ = portfolio.undo()
    assert name == "Do not suggest U2/1.1 for E1"
    assert [each.requirement_id for each in suggest_for_evidence(portfolio, "E1", engine).suggestions] == ["two-1"]


def test_a_rejection_can_be_taken_back_later(portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine) -> None:
    key = _add(portfolio, kinds, _BUDGET)
    reject_suggestion(portfolio, key, "one-2")
    assert not reject_suggestion(portfolio, key, "one-2")[1]
    assert suggest_for_evidence(portfolio, "E1", engine).suggestions == ()
    assert allow_suggestion(portfolio, key, "one-2")[1].rejections == {key}
    assert not allow_suggestion(portfolio, key, "one-2")[1]
    assert suggest_for_evidence(portfolio, "E1", engine).suggestions[0].requirement_id == "one-2"


def test_only_what_is_there_can_be_rejected(portfolio: PortfolioFile, kinds: Kinds) -> None:
    key = _add(portfolio, kinds, _BUDGET)
    with pytest.raises(InvalidInput, match="only groups"):
        reject_suggestion(portfolio, key, "one-LO1")
    with pytest.raises(UnknownReference):
        reject_suggestion(portfolio, key, "nowhere")
    bin_evidence(portfolio, [key])
    with pytest.raises(UnknownReference):
        reject_suggestion(portfolio, key, "one-1")


def test_an_attached_file_speaks_with_its_place(
    portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine, tmp_path: Path
) -> None:
    file = tmp_path / "budget.txt"
    file.write_text(f"Dear all.\n\n{_BUDGET} Yours, Sam", encoding="utf-8")
    _add(portfolio, kinds, _RECIPE, files=[file])
    before = suggest_for_evidence(portfolio, "E1", engine)
    assert (before.suggestions, before.unread) == ((), 1)

    def read(file: FileToRead, progress: Progress) -> AttachedText:
        return extract_text(file.path, file.name, file.media_type, file.sha256, lambda: progress(0, 0, ""))

    now = suggest_for_evidence(portfolio, "E1", engine, read)
    catch_up(portfolio, kinds, read)
    for found in (
        now,
        suggest_for_evidence(portfolio, "E1", engine),
        suggest_for_requirement(portfolio, "U1/1.2", engine),
    ):
        (suggestion,) = found.suggestions
        assert found.unread == 0
        assert suggestion.requirement_id == "one-2"
        assert (suggestion.quotation, suggestion.page, suggestion.paragraph) == (_BUDGET, None, 2)
        assert suggestion.attachment_id


def test_tables_and_fields_of_the_form_are_read_too(
    portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine
) -> None:
    fields: dict[str, FieldValue] = {"topic": "Nothing", "programme": ({"minutes": "20", "content": _TRAINING},)}
    add_evidence(portfolio, kinds["training-record"], EvidenceGiven(title="Record", fields=fields))
    (first, _) = suggest_for_evidence(portfolio, "E1", engine).suggestions
    assert (first.quotation, first.paragraph) == (_TRAINING, None)


def test_accepted_passages_teach_what_else_fits(
    portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine
) -> None:
    _add(portfolio, kinds, "We rehearsed phone calls with furious passengers.")
    _add(portfolio, kinds, "Furious passengers rang all day, and Jo took the phone calls as rehearsed.")
    assert suggest_for_evidence(portfolio, "E2", engine).suggestions == ()
    quotation = "We rehearsed phone calls with furious passengers."
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven(quotation=quotation))
    (taught,) = suggest_for_evidence(portfolio, "E2", engine).suggestions
    assert taught.requirement_id == "one-1"
    decide(portfolio, "U1/1.1", Verdict.NOT_YET_MET, "Ann", "Calls are not training.")
    assert suggest_for_evidence(portfolio, "E2", engine).suggestions == ()


def test_a_requirement_finds_the_items_for_it(portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine) -> None:
    for body in (_RECIPE, _BUDGET, _TRAINING, "Complaints are handled by staff that somebody else did train."):
        _add(portfolio, kinds, body)
    binned = _add(portfolio, kinds, _TRAINING)
    bin_evidence(portfolio, [binned])
    found = suggest_for_requirement(portfolio, "U1/1.1", engine)
    with portfolio.read() as reader:
        refs = [reader.evidence_by_id(each.evidence_id).ref for each in found.suggestions]
    assert sorted(refs) == ["E3", "E4"]
    assert suggest_for_requirement(portfolio, "U1/1.3", engine).suggestions == ()
    with pytest.raises(InvalidInput, match="only groups"):
        suggest_for_requirement(portfolio, "U1/LO1", engine)


def test_of_many_items_the_nearest_are_read(
    portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portfolio_app.services.suggestions.MOST_ITEMS", 2)
    for body in (_RECIPE, _RECIPE, _TRAINING, _RECIPE):
        _add(portfolio, kinds, body)
    found = suggest_for_requirement(portfolio, "U1/1.1", engine)
    assert [each.quotation for each in found.suggestions] == [_TRAINING]


def test_the_same_requirement_of_another_unit_is_offered_with_it(
    portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine
) -> None:
    (sibling,) = sibling_requirements(portfolio, "one-1", engine)
    assert (sibling.requirement_id, sibling.is_same) == ("two-1", True)
    assert sibling_requirements(portfolio, "one-3", engine) == ()
    key = _add(portfolio, kinds, _TRAINING)
    reject_suggestion(portfolio, key, "two-1")
    assert sibling_requirements(portfolio, "one-1", engine, key) == ()


def test_a_process_of_its_own_suggests_what_is_saved(portfolio: PortfolioFile, kinds: Kinds) -> None:
    key = _add(portfolio, kinds, _TRAINING)
    with SuggestionProcess(portfolio.path) as process:
        assert "one-1" in [each.requirement_id for each in process.for_evidence(key).suggestions]
        _add(portfolio, kinds, _BUDGET)
        assert [each.quotation for each in process.for_requirement("one-2").suggestions] == [_BUDGET]
        assert [each.requirement_id for each in process.siblings("one-1")] == ["two-1"]
        with pytest.raises(UnknownReference):
            process.for_evidence("nowhere")


def test_the_model_finds_what_is_said_in_other_words(
    portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine, tmp_path: Path
) -> None:
    _add(portfolio, kinds, "I coached my team so that each of them copes with angry customers on the phone.")
    assert suggest_for_evidence(portfolio, "E1", engine).suggestions == ()
    with SuggestionEngine(tmp_path) as with_model:
        if with_model.meanings is None:
            pytest.skip(with_model.notice)
        found = suggest_for_evidence(portfolio, "E1", with_model)
        (sibling,) = sibling_requirements(portfolio, "one-1", with_model)
    assert found.with_model
    assert not found.notice
    assert found.suggestions[0].requirement_id in ("one-1", "two-1")
    assert found.suggestions[0].quotation.startswith("I coached")
    assert sibling.requirement_id == "two-1"


def test_a_computer_without_numpy_compares_words(
    portfolio: PortfolioFile, kinds: Kinds, engine: SuggestionEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add(portfolio, kinds, _BUDGET)
    monkeypatch.setattr("portfolio_app.services.suggestion_engine.sound_files", lambda _: None)
    monkeypatch.setitem(sys.modules, "portfolio_app.suggesting.meanings", None)
    found = suggest_for_evidence(portfolio, "E1", engine)
    assert [each.requirement_id for each in found.suggestions] == ["one-2"]
    assert "NumPy" in found.notice


def test_who_asks_the_process_never_holds_numpy() -> None:
    script = (
        "import sys, pathlib\n"
        "from portfolio_app.services.suggestion_desk import SuggestionProcess\n"
        "SuggestionProcess(pathlib.Path('nowhere')).close()\n"
        "sys.exit('numpy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
