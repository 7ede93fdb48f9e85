"""Units printed as awarding bodies print them: the same unit in every layout, as text, PDF and Word.

The words are our own; the layouts are those of Ofqual units, SQA, City & Guilds, apprenticeship standards, Australian
units of competency and South African unit standards.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias
from xml.sax.saxutils import escape

from portfolio_app.domain.qualification import Unit

Tree: TypeAlias = list[tuple[str, str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Printed:
    """A unit to be printed: its head, and outcomes with their criteria."""

    title: str = "Manage customer service operations"
    reference: str = "M/506/2898"
    level: str = "4"
    credits: int = 7
    outcomes: tuple[tuple[str, tuple[str, ...]], ...] = (
        (
            "Understand the management of customer service operations",
            (
                "explain the importance of aligning customer service operations to the needs of those who work in it",
                "analyse the impact of external factors on customer service",
                "explain how to prepare staff",
            ),
        ),
        (
            "Be able to plan",
            (
                "identify the resources",
                "develop plans that specify objectives, resources and how the Health and Safety Executive is told",
            ),
        ),
        ("Be able to measure performance", ("collect quantitative data", "analyse performance against the plan")),
    )

    def tree(self) -> Tree:
        """Return references and texts as they come back from all layouts that number criteria 1.1, 1.2 …."""
        return [
            (str(number), text, [(f"{number}.{place}", words) for place, words in enumerate(criteria, 1)])
            for number, (text, criteria) in enumerate(self.outcomes, 1)
        ]


def tree_of(unit: Unit) -> Tree:
    """Return what was read, to be held against what was printed."""
    return [(node.ref, node.text, [(child.ref, child.text) for child in node.children]) for node in unit.requirements]


def head(unit: Printed, number: int | None = None) -> list[str]:
    """Return the lines of a unit's head."""
    first = f"Unit {number}: {unit.title}" if number else f"Unit title: {unit.title}"
    return [
        first,
        f"Unit reference number: {unit.reference}",
        f"Level: {unit.level}",
        f"Credit value: {unit.credits}",
        "Guided learning hours: 26",
        "Unit summary",
        "This unit is about running a service from day to day, and about the people who do it.",
    ]


# Layouts as text. Each gives lines; a list of cells is a row of a table.

Lines: TypeAlias = list["str | list[str]"]


def learning_outcomes(unit: Printed) -> Lines:
    """Outcomes and criteria one below the other, each under its heading once."""
    lines: Lines = [*head(unit), "Learning outcome: the learner will:", "Assessment criteria: the learner can:"]
    for ref, text, criteria in unit.tree():
        lines += [f"{ref} {text}", *(f"{number} {words}" for number, words in criteria)]
    return [*lines, "Additional information", "Learners need a real workplace. Nothing here is assessed."]


def headed_outcomes(unit: Printed) -> Lines:
    """ "Learning outcome 1: …", with "The learner can:" under each, and what is to be taught after it."""
    lines: Lines = [*head(unit)]
    for ref, text, criteria in unit.tree():
        lines += [f"Learning outcome {ref}: {text}", "Assessment criteria", "The learner can:"]
        lines += [f"{number}. {words}" for number, words in criteria]
        lines += ["Indicative content", "- Types of customers", f"- What {ref}.1 is about"]
    return lines


def rows(unit: Printed) -> Lines:
    """A table with one row for each criterion, the outcome in the first of them, numbers in columns of their own."""
    lines: Lines = [*head(unit), ["Learning outcomes", "", "Assessment criteria", "", "Portfolio reference", "Date"]]
    for ref, text, criteria in unit.tree():
        for place, (number, words) in enumerate(criteria):
            lines.append([*([ref, text] if place == 0 else ["", ""]), number, words, "", ""])
    return lines


def split_refs(unit: Printed) -> Lines:
    """Rows of a register of units, where both halves of a number are printed: "1.1 | .1 Identify …"."""
    lines: Lines = [*head(unit)]
    for ref, text, criteria in unit.tree():
        for place, (number, words) in enumerate(criteria):
            cells = [number, f".{number.split('.')[1]} {words}"]
            lines.append([ref, f"{ref} {text}", *cells] if place == 0 else cells)
    return lines


def side_by_side(unit: Printed) -> Lines:
    """What PDF viewers copy of a table without lines: the outcome and its first criterion on one line."""
    lines: Lines = [*head(unit), "Learning outcomes Assessment criteria Evidence type Date"]
    for ref, text, criteria in unit.tree():
        first, *others = criteria
        lines += [f"{ref} {text} {first[0]} {first[1]}", *(f"{number} {words}" for number, words in others)]
    return lines


def elements(unit: Printed) -> Lines:
    """Elements and performance criteria of a unit of competency."""
    lines: Lines = [
        f"BSBOPS304 {unit.title}",
        "Application",
        "This unit describes the skills and knowledge required to run a service.",
        "Elements and Performance Criteria",
        "ELEMENT",
        "PERFORMANCE CRITERIA",
        "Elements describe the essential outcomes.",
        "Performance criteria describe the performance needed to demonstrate achievement of the element.",
    ]
    for ref, text, criteria in unit.tree():
        lines += [f"{ref}. {text}", *(f"{number} {words}" for number, words in criteria)]
    return [*lines, "Foundation Skills", "Reading 1.1, 1.2", "Range of Conditions", "Nothing."]


def markdown(unit: Printed) -> Lines:
    """A page that somebody wrote in Markdown."""
    lines: Lines = [f"# {unit.title}", *head(unit)[1:], "", "## Learning outcomes and assessment criteria", ""]
    for ref, text, criteria in unit.tree():
        lines += [f"### {ref}. {text}", "", *(f"- **{number}** {words}" for number, words in criteria), ""]
    return lines


NUMBERED: Final[dict[str, Callable[[Printed], Lines]]] = {
    "learning outcomes": learning_outcomes,
    "headed outcomes": headed_outcomes,
    "rows": rows,
    "split refs": split_refs,
    "side by side": side_by_side,
    "elements": elements,
    "markdown": markdown,
}
"""Layouts that number criteria 1.1, 1.2 …."""


def lettered(unit: Printed) -> Lines:
    """Outcomes with performance criteria (a), (b), (c)."""
    lines: Lines = [
        f"Unit title: {unit.title}",
        "Unit code: F58R 74",
        "National Unit specification: statement of standards",
    ]
    for ref, text, criteria in unit.tree():
        lines += [f"Outcome {ref}", text, "Performance Criteria"]
        lines += [f"({'abcdefghij'[place]}) {words}" for place, (_, words) in enumerate(criteria)]
        lines += ["Evidence Requirements", "Written evidence is needed of (a) and (b)."]
    return lines


def plain_numbers(unit: Printed) -> Lines:
    """A list of outcomes first; then each on its own page with criteria 1, 2, 3 under it."""
    title = f"Unit 301 {unit.title}"
    lines: Lines = [title, f"UAN: {unit.reference}", f"Level: {unit.level}", "Learning outcomes"]
    lines += ["There are some learning outcomes to this unit. The learner will:"]
    lines += [f"{ref} {text}" for ref, text, _ in unit.tree()]
    lines += ["Guided learning hours", "It is recommended that 26 hours are allocated."]
    for ref, text, criteria in unit.tree():
        lines += [title, f"Outcome {ref} {text}", "Assessment Criteria", "The learner can:"]
        lines += [f"{place} {words}" for place, (_, words) in enumerate(criteria, 1)]
    return lines


def unit_standard(unit: Printed) -> Lines:
    """Specific outcomes with assessment criteria of a unit standard."""
    lines: Lines = ["UNIT STANDARD TITLE", unit.title, "NQF LEVEL", "Level 4", "CREDITS", str(unit.credits)]
    for ref, text, criteria in unit.tree():
        lines += [f"SPECIFIC OUTCOME {ref}", text, "ASSESSMENT CRITERIA"]
        for place, (_, words) in enumerate(criteria, 1):
            lines += [f"ASSESSMENT CRITERION {place}", f"{place}. {words}"]
        lines += ["ASSESSMENT CRITERION RANGE", "The range includes but is not limited to all of it."]
    return [*lines, "UNIT STANDARD ESSENTIAL EMBEDDED KNOWLEDGE", "Methods and techniques."]


PLAIN: Final[dict[str, Callable[[Printed], Lines]]] = {
    "lettered": lettered,
    "plain numbers": plain_numbers,
    "unit standard": unit_standard,
}
"""Layouts whose criteria are numbered anew under each outcome."""


def statements(unit: Printed) -> Lines:
    """Knowledge, skills and behaviours, each with what earns a pass."""
    lines: Lines = [unit.title, "Reference: ST0071", "Level: 3", "Knowledge, skills and behaviours (KSBs)"]
    for letter, name, (_, criteria) in zip("KSB", ("Knowledge", "Skills", "Behaviours"), unit.outcomes, strict=False):
        lines.append(name)
        for place, words in enumerate(criteria, 1):
            lines += [f"{letter}{place}: {words}"]
    return lines


def text_of(lines: Lines, *, width: int = 0, gap: str = "\t") -> str:
    """Write lines as they are copied: cells parted by ``gap``, long lines broken at ``width``."""
    written: list[str] = []
    for line in lines:
        if isinstance(line, list):
            written.append(gap.join(line).strip() if gap != " | " else f"| {gap.join(line)} |")
        else:
            written += (
                textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) if width and line else [line]
            )
    return "\n".join(written)


# PDF


def write_pdf(path: Path, units: Sequence[Printed], layout: str = "rows", *, front_pages: int = 0) -> None:
    """Write units as a PDF with a running title, page numbers and a list of contents.

    ``layout`` is "rows" (a grid with a row for each criterion), "outcomes" (a grid with a row for each outcome),
    "gridless" (the same rows without lines) or "text".
    """
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

    styles = getSampleStyleSheet()

    def words(text: str) -> Paragraph:
        return Paragraph(escape(text), styles["BodyText"])

    def frame(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, 812, "Level 4 NVQ Diploma in Customer Service – Specification – Issue 2")
        canvas.drawString(60, 28, "© An Awarding Body 2019")
        canvas.drawString(500, 28, f"Page {document.page}")

    story: list[Any] = [words("Contents")]
    story += [words(f"Unit {number}: {unit.title} ........ {number + 1}") for number, unit in enumerate(units, 1)]
    for _ in range(front_pages):
        story += [
            PageBreak(),
            *(words("This qualification is for people who work with customers. " * 6) for _ in range(7)),
        ]
    for number, unit in enumerate(units, 1):
        story.append(PageBreak())
        if layout == "text":
            story += [words(str(line)) for line in [*head(unit, number), *learning_outcomes(unit)[7:]]]
            continue
        story += [words(line) for line in head(unit, number)]
        table = Table(list(_pdf_rows(unit, layout, words)), colWidths=_widths(layout), repeatRows=1)
        table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP")])
        if layout != "gridless":
            table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
        story += [table, words("Delivery and assessment"), words("Centres decide how this unit is taught. It is long.")]
    SimpleDocTemplate(str(path), pagesize=A4).build(story, onFirstPage=frame, onLaterPages=frame)


def _widths(layout: str) -> list[int]:
    return [170, 280] if layout == "outcomes" else [24, 150, 30, 186, 60]


def _pdf_rows(unit: Printed, layout: str, words: Callable[[str], Any]) -> Iterator[list[Any]]:
    if layout == "outcomes":
        yield [
            [words("Learning outcomes"), words("The learner will:")],
            [words("Assessment criteria"), words("The learner can:")],
        ]
        for ref, text, criteria in unit.tree():
            yield [words(f"{ref} {text}"), [words(f"{number} {said}") for number, said in criteria]]
        return
    yield ["", words("Learning outcomes"), "", words("Assessment criteria"), words("Evidence")]
    for ref, text, criteria in unit.tree():
        for place, (number, said) in enumerate(criteria):
            yield [*([ref, words(text)] if place == 0 else ["", ""]), number, words(said), ""]


# Word


def write_word(path: Path, units: Sequence[Printed], layout: str = "rows") -> None:
    """Write units as a Word document.

    ``layout`` is "rows" (the outcome's cell merged over the rows of its criteria), "outcomes" (a row for each
    outcome), "unnumbered" (likewise, with neither numbers of outcomes nor of criteria) or "automatic" (likewise, with
    numbers that Word counts).
    """
    from docx import Document

    document = Document()
    lists = 0
    document.add_paragraph("Level 4 NVQ Diploma in Customer Service")
    for unit in units:
        document.add_heading(unit.title, 1)
        facts = document.add_table(rows=0, cols=4)
        cells = facts.add_row().cells
        cells[0].text, cells[1].text, cells[2].text, cells[3].text = (
            "Unit reference", unit.reference, "Level", unit.level,
        )  # fmt: skip
        cells = facts.add_row().cells
        cells[0].text, cells[1].text, cells[2].text, cells[3].text = ("Credit value", str(unit.credits), "GLH", "26")
        document.add_heading("Unit aim", 2)
        document.add_paragraph("This unit is about running a service from day to day.")
        table = document.add_table(rows=1, cols=3)
        for cell, text in zip(
            table.rows[0].cells, ("Learning outcome", "Assessment criteria", "Evidence ref"), strict=True
        ):
            cell.text = text
        for ref, text, criteria in unit.tree():
            if layout == "rows":
                first = len(table.rows)
                for number, said in criteria:
                    table.add_row().cells[1].text = f"{number} {said}"
                table.cell(first, 0).merge(table.cell(len(table.rows) - 1, 0)).text = f"{ref} {text}"
            else:
                row = table.add_row().cells
                row[0].text = f"{ref} {text}" if layout == "outcomes" else text
                lines = [f"{number} {said}" if layout == "outcomes" else said for number, said in criteria]
                row[1].text = lines[0]
                for line in lines[1:]:
                    row[1].add_paragraph(line)
                if layout == "automatic":
                    lists = lists or _numbered_list(document)
                    for depth, cell in enumerate(row[:2]):
                        for paragraph in cell.paragraphs:
                            _count(paragraph, lists, depth)
        document.add_heading("Assessment guidance", 2)
        document.add_paragraph("Simulation is not allowed for 2.1 Be careful with it.")
    document.save(str(path))


def _numbered_list(document: Any) -> int:
    """Define a list whose paragraphs Word numbers "1." and "1.1"; return its number."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    part, number = document.part.numbering_part.element, 77
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, text in enumerate(("%1.", "%1.%2"))
    )
    part.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{levels}</w:abstractNum>'))
    part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))
    return number


def _count(paragraph: Any, number: int, depth: int) -> None:
    """Make a paragraph one of a numbered list."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    marks = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(marks))


_VERBS: Final = (
    "explain",
    "analyse",
    "identify",
    "develop",
    "collect",
    "describe",
    "plan",
    "review",
    "agree",
    "report",
)
_THINGS: Final = (
    "the aims of the service", "complaints that came in by telephone", "how staff are briefed", "targets for a quarter",
    "what customers say of an offer", "the rota", "risks and what is done about them", "a budget", "records of visits",
    "relations with suppliers and neighbouring departments", "the law on equal treatment", "queues at busy hours",
)  # fmt: skip
_WAYS: Final = (
    "in line with the organisation’s procedures", "with the people concerned", "before work begins",
    "and say why it matters to those who depend on it", "at least once in each month",
    "within the limits of own authority", "using more than one source of information",
    "so that the same mistake is not made twice",
)  # fmt: skip
_LETTERS: Final = "ABCDEFGHJKLMRTY"


def made_up_units(count: int, *, outcomes: int = 6, criteria: int = 6) -> list[Printed]:
    """Return units whose words all differ, as long as those of a real specification."""
    units = []
    for number in range(count):
        rows = []
        for place in range(outcomes):
            at = number * 7 + place * 5
            rows.append(
                (
                    f"Understand {_THINGS[at % 12]} and {_THINGS[(at * 5 + place + 3) % 12]} {_WAYS[(at + place) % 8]}",
                    tuple(
                        f"{_VERBS[(at + each) % 10]} {_THINGS[(at + each * 5 + number) % 12]} and "
                        f"{_THINGS[(at * 3 + each + 1) % 12]} {_WAYS[(number + place * 3 + each) % 8]}"
                        for each in range(criteria)
                    ),
                )
            )
        units.append(
            Printed(
                f"Look after {_THINGS[number % 12].removeprefix('the ')} {'in ' * (number > 11)}"
                f"{('', 'shops', 'hotels', 'offices')[number // 12 % 4]}".strip(),
                f"{_LETTERS[number % 15]}/601/{1500 + number}",
                str(1 + number % 5),
                3 + number % 9,
                tuple(rows),
            )
        )
    return units
