from __future__ import annotations

import csv
import email
import email.policy
import re
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook
from PIL import Image, ImageOps

from portfolio_app.domain.claims import Locator, Verdict
from portfolio_app.domain.dates import Period
from portfolio_app.domain.errors import Cancelled, KnownError
from portfolio_app.domain.evidence import EvidenceKind, FieldDefinition, StandingKind
from portfolio_app.domain.forms import validate_fields
from portfolio_app.domain.gaps import find_gaps
from portfolio_app.domain.quantities import read_quantity
from portfolio_app.importing.evidence_kinds import load_kinds
from portfolio_app.services.claims import ClaimGiven
from portfolio_app.services.sample import SampleItem, build_sample, sample_items, write_sample_document
from portfolio_app.services.sample_documents import description
from portfolio_app.storage.portfolio_file import PortfolioFile

KINDS = load_kinds()
ITEMS = sample_items()
CLAIMS = [
    pytest.param(item, address, claim, id=f"E{number}-{address.replace('/', '-')}")
    for number, item in enumerate(ITEMS, 1)
    for address, claim in item.claims
]
FIRST_DAY, LAST_DAY = date(2026, 2, 1), date(2026, 10, 31)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def field_texts(item: SampleItem) -> dict[str, str]:
    """The text of each part of an item's form by the label that a locator names."""
    kind = KINDS[item.kind]
    texts = {kind.body_label: item.given.body or ""}
    for name, value in item.given.fields.items():
        definition = kind.field(name)
        assert definition is not None
        cells = [value] if isinstance(value, str) else [cell for row in value for cell in row.values()]
        texts[definition.label] = "\n".join(cells)
    return texts


def pdf_pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [squeezed(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def document_text(path: Path) -> str:
    if path.suffix == ".pdf":
        return "\n".join(pdf_pages(path))
    if path.suffix == ".eml":
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        return squeezed(str(message.get_content()))
    return ""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("documents")
    return {name: write_sample_document(name, folder) for item in ITEMS for name, _ in item.documents}


def test_there_is_plenty_of_many_kinds() -> None:
    assert len(ITEMS) >= 24
    assert {item.kind for item in ITEMS} == set(KINDS)
    assert sum(len(item.claims) for item in ITEMS) >= 60
    assert sum(bool(item.given.confidential) for item in ITEMS) == 1
    standings = [item.given.standing for item in ITEMS if item.given.standing]
    assert standings == [StandingKind.HELD, StandingKind.LINKED]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.given.title)
def test_every_form_is_filled_in_as_its_kind_says(item: SampleItem) -> None:
    kind = KINDS[item.kind]
    assert validate_fields(kind, item.given.fields) == ()
    missing = [field.name for field in kind.fields if field.required and not item.given.fields.get(field.name)]
    assert missing == []
    assert len((item.given.body or "").split()) >= 12


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.given.title)
def test_every_figure_that_is_drawn_can_be_read(item: SampleItem) -> None:
    for name, value in item.given.fields.items():
        definition = KINDS[item.kind].field(name)
        assert definition is not None
        if definition.chart and definition.chart.type != "gantt":
            assert not isinstance(value, str)
            for row in value:
                assert [read_quantity(row[column]) for column in definition.chart.values if column in row]


def test_reflective_accounts_are_of_a_length_that_is_asked_for() -> None:
    lengths = [len((item.given.body or "").split()) for item in ITEMS if item.kind == "reflective-account"]
    assert len(lengths) == 3
    assert all(300 <= length <= 500 for length in lengths), lengths


def test_the_story_keeps_to_its_eight_months() -> None:
    for item in ITEMS:
        if item.given.date and item.kind != "prior-certificate":
            period = Period.parse(item.given.date)
            assert period.start.first_day >= FIRST_DAY
            assert period.last_day <= LAST_DAY
    assert [item.given.title for item in ITEMS if not item.given.date] == ["Call guide: saying no kindly"]


@pytest.mark.parametrize(("item", "address", "claim"), CLAIMS)
def test_every_quotation_stands_where_the_claim_says(
    item: SampleItem, address: str, claim: ClaimGiven, documents: dict[str, Path]
) -> None:
    assert claim.why
    quotation = squeezed(claim.quotation or "")
    locator = Locator.parse(claim.place or "")
    texts = field_texts(item)
    whole = squeezed(" ".join(texts.values()))
    if not locator:
        assert not quotation
        assert item.kind == "expert-witness-testimony"
        return
    if locator.attachment:
        path = documents[locator.attachment]
        assert locator.attachment in [name for name, _ in item.documents]
        if locator.page:
            assert quotation in pdf_pages(path)[int(locator.page) - 1]
        elif path.suffix == ".jpg":
            assert quotation in whole
        else:
            assert quotation in document_text(path)
        return
    part = squeezed(whole)
    if locator.heading:
        assert locator.heading in texts, f"no such part; there are {list(texts)}"
        part = texts[locator.heading]
    if locator.paragraph:
        if not locator.heading:
            part = item.given.body or ""
        part = part.split("\n\n")[int(locator.paragraph) - 1]
    if locator.time:
        rows = [row for value in item.given.fields.values() if not isinstance(value, str) for row in value]
        part = " ".join(cell for row in rows if row.get("time") == locator.time for cell in row.values())
    assert quotation in squeezed(part)


def cells(item: SampleItem, field: str) -> list[dict[str, str]]:
    value = item.given.fields[field]
    assert not isinstance(value, str)
    return [dict(row) for row in value]


def of_kind(kind: str, number: int = 0) -> SampleItem:
    return [item for item in ITEMS if item.kind == kind][number]


def test_the_figures_of_the_reports_are_those_of_the_workbook(documents: dict[str, Path]) -> None:
    source = description("kpis")
    known = {
        (measure["name"], month): (measure["target"], actual)
        for measure in source["measures"]
        for month, actual in zip(source["months"], measure["actual"], strict=True)
    }
    sheet = load_workbook(documents["contact-centre-kpis-2026.xlsx"])["Months"]
    assert [cell.value for cell in sheet[3]][2:] == source["months"]
    assert [cell.value for cell in sheet[4]][2:] == source["measures"][0]["actual"]
    for number in (0, 1):
        for row in cells(of_kind("kpi-report", number), "results"):
            expected = known[row["measure"], row["period"]]
            assert (float(row["target"]), float(row["actual"])) == expected


def test_the_survey_has_the_answers_that_the_report_counts(documents: dict[str, Path]) -> None:
    with documents["survey-answers.csv"].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    report = of_kind("customer-feedback-report")
    for rating in cells(report, "ratings"):
        assert sum(row["Rating"] == rating["rating"] for row in rows) == int(rating["responses"])
    assert len(rows) == int(str(report.given.fields["answered"]))
    comments = {row["Comment"] for row in rows} - {""}
    assert comments == {remark["comment"] for remark in description("survey")["comments"]}
    assert {row["example"] for row in cells(report, "themes")} <= comments


def test_the_rota_on_paper_is_the_rota_in_the_form() -> None:
    on_paper = description("enrolment-week-rota")["pages"]
    form = cells(of_kind("staff-rota"), "cover")
    assert [row[1:4] for row in on_paper[0]["table"]] == [
        [row["expected"], row["needed"], row["on_duty"]] for row in form
    ]
    *shifts, on_duty = on_paper[1]["table"]
    for day in range(1, 7):
        assert sum(row[day] != "–" for row in shifts) == int(on_duty[day])
    for row in shifts:
        assert float(row[7]) == pytest.approx(7.4 * sum(cell != "–" for cell in row[1:7]))


def test_documents_are_the_same_each_time(documents: dict[str, Path], tmp_path: Path) -> None:
    for name in ("service-level-agreement.pdf", "notice-board-june.jpg", "contact-centre-kpis-2026.xlsx"):
        assert write_sample_document(name, tmp_path).read_bytes() == documents[name].read_bytes()


def test_documents_are_what_their_names_say(documents: dict[str, Path]) -> None:
    assert len(pdf_pages(documents["service-level-agreement.pdf"])) == 4
    assert len(pdf_pages(documents["enrolment-week-rota.pdf"])) == 3
    assert pdf_pages(documents["team-leading-certificate.pdf"]) == [""]
    with Image.open(documents["notice-board-june.jpg"]) as photo:
        assert photo.size == (1600, 1200)
        assert ImageOps.exif_transpose(photo).size == (1200, 1600)
    with Image.open(documents["whiteboard-17-april.jpg"]) as photo:
        assert photo.size == (1600, 1200)
    message = email.message_from_bytes(documents["double-bookings.eml"].read_bytes(), policy=email.policy.default)
    assert message["Subject"] == "Re: URGENT: swimming lessons sold twice"
    assert str(message.get_content()).count("wrote:") == 4


def test_nobody_in_the_sample_has_a_real_address() -> None:
    text = "\n".join(str(item) for item in ITEMS) + str(description("double-bookings"))
    assert set(re.findall(r"@([\w.]+)", text)) <= {"harrowmereleisure.example", "ferrowbridge.example"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "portfolio"
    build_sample(folder)
    return folder


def test_the_sample_is_a_portfolio_with_everything_in_it(sample: Path) -> None:
    with PortfolioFile.open(sample) as portfolio, portfolio.read() as reader:
        whole = reader.portfolio()
        sizes = portfolio.files.sizes()
    assert [unit.code for unit in whole.units] == ["U1", "U2", "U3"]
    assert [unit.mandatory for unit in whole.units] == [True, True, False]
    assert [item.number for item in whole.evidence] == list(range(1, len(ITEMS) + 1))
    assert len(whole.claims) == len(CLAIMS)
    assert {decision.verdict for decision in whole.decisions} == set(Verdict)
    assert all(attachment.caption for item in whole.evidence for attachment in item.attachments)
    assert {attachment.sha256 for item in whole.evidence for attachment in item.attachments} == set(sizes)
    assert all("\n" not in paragraph for item in whole.evidence for paragraph in prose_paragraphs(item.body))
    assert whole.details.learner.name == "Sam Ellis"
    assert {action.origin == "" for action in whole.actions} == {True, False}


def prose_paragraphs(body: str) -> list[str]:
    return [paragraph for paragraph in body.split("\n\n") if not paragraph.startswith("- ")]


def test_the_sample_has_the_gaps_that_are_meant_and_no_others(sample: Path) -> None:
    with PortfolioFile.open(sample) as portfolio, portfolio.read() as reader:
        facts = reader.facts(portfolio.files.sizes())
        gaps = find_gaps(facts, KINDS, date(2026, 11, 22))
    assert sorted(gap.rule for gap in gaps if gap.dismissed_reason is None) == [
        "claim-without-place",
        "component-not-ticked",
        "decision-unanswered",
        "declaration-unsigned",
        "evidence-not-claimed",
        "evidence-without-date",
        "no-claim",
        "no-claim",
        "one-item-only",
        "one-item-only",
        "witness-incomplete",
    ]
    assert [gap.rule for gap in gaps if gap.dismissed_reason] == ["older-than-currency"]


def test_the_history_of_the_sample_reads_like_work(sample: Path) -> None:
    with PortfolioFile.open(sample) as portfolio:
        steps = portfolio.history()
    names = [step.name for step in reversed(steps)]
    assert len(names) > 100
    assert names[:2] == ["New portfolio", "Add 3 units"]
    assert "Add evidence E1" in names
    assert "Claim E7 → U2/MP3" in names
    assert "Record that David Okafor saw E22" in names
    assert sum(step.barrier for step in steps) == 7


def test_a_sample_is_not_made_in_a_folder_that_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(KnownError):
        build_sample(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("was_there", [True, False])
def test_a_sample_that_is_cancelled_leaves_nothing_behind(tmp_path: Path, *, was_there: bool) -> None:
    folder = tmp_path / "sample"
    if was_there:
        folder.mkdir()

    def cancel(done: int, total: int, what: str) -> None:
        if done == 2:
            raise Cancelled(f"Cancelled at {what}, {done} of {total}.")

    with pytest.raises(Cancelled):
        build_sample(folder, cancel)
    assert folder.exists() == was_there
    assert list(tmp_path.rglob("*")) == ([folder] if was_there else [])


def test_labels_that_claims_name_are_unique_within_a_kind() -> None:
    def labels(kind: EvidenceKind) -> list[str]:
        definitions: tuple[FieldDefinition, ...] = kind.fields
        return [kind.body_label, *(definition.label for definition in definitions)]

    for kind in KINDS.values():
        assert len(labels(kind)) == len(set(labels(kind))), kind.id
