"""The same document written by this program, WeasyPrint and Typst, each asked for a tagged PDF (PDF/UA-1).

The peers have an environment of their own, which ``make bench`` makes; where that could not be made, their lines say
so. Nothing else needs them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import PROJECT, Cost, Result, run, run_task

PYTHON = PROJECT / ".venv-peers" / "bin" / "python"

_SECTIONS = 300
_SENTENCE = "We set a four-minute target, told the team why it matters and looked at the figures every Friday."
_ROWS = [[f"Week {row}", "Answer calls sooner", f"{row * 7 % 60} s", "on target"] for row in range(1, 11)]
_HEAD = ["When", "What", "Average wait", "State"]
_FONTS = PROJECT / "resources" / "fonts"
_PAGES = "import pypdfium2, sys; print(len(pypdfium2.PdfDocument(sys.argv[1])))"

_WEASYPRINT = """
import sys
from weasyprint import HTML
HTML(sys.argv[1]).write_pdf(sys.argv[2], pdf_variant="pdf/ua-1", pdf_tags=True)
"""
_TYPST = """
import sys, typst
typst.compile(sys.argv[1], output=sys.argv[2], pdf_standards=["ua-1"], font_paths=[sys.argv[3]])
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the document."""

    heading: str
    paragraphs: list[str]
    points: list[str]
    head: list[str]
    rows: list[list[str]]


def content() -> list[Part]:
    """Return the document: sections of a heading, three paragraphs, a list and a table."""
    return [
        Part(f"E{number} Item number {number}", [" ".join([_SENTENCE] * 5)] * 3, [_SENTENCE] * 4, _HEAD, _ROWS)
        for number in range(1, _SECTIONS + 1)
    ]


def measure(folder: Path) -> list[Result]:
    """Write it with all three, twice each in turn, and compare the better runs."""
    (folder / "content.html").write_text(_as_html(), encoding="utf-8")
    (folder / "content.typ").write_text(_as_typst(), encoding="utf-8")
    ours = [run_task("peers_document", folder / "ours.pdf") for _ in range(2)]
    cost, told = min(ours, key=lambda one: one[0].cpu)
    lines = [_line("this program", cost, told["pages"], cost)]
    for name, script, more in (
        ("WeasyPrint", _WEASYPRINT, [folder / "content.html", folder / "weasyprint.pdf"]),
        ("Typst", _TYPST, [folder / "content.typ", folder / "typst.pdf", _FONTS]),
    ):
        if not PYTHON.exists():
            lines.append(Result(name, "not installed here", "", reached=True))
            continue
        peer = min((run([PYTHON, "-c", script, *more]) for _ in range(2)), key=lambda one: one.cpu)
        pages = int(run([sys.executable, "-c", _PAGES, more[1]]).output)
        lines.append(_line(name, peer, pages, cost))
    return lines


def _line(name: str, cost: Cost, pages: int, ours: Cost) -> Result:
    figure = f"{cost.cpu:.1f} CPU-s, {cost.memory / 1e6:,.0f} MB, {pages} pages"
    return Result(
        name, figure, f"{cost.cpu / ours.cpu:.1f} × the CPU, {cost.memory / ours.memory:.1f} × the memory", reached=True
    )


def _as_html() -> str:
    style = (
        "@page { size: A4; margin: 28mm 24mm } body { font: 10pt/1.4 Noto } section { break-before: page }"
        "table { width: 100%; border-collapse: collapse } td, th { text-align: left; border-bottom: .4pt solid }"
    )
    for weight, file in (("normal", "NotoSans-Regular.ttf"), ("bold", "NotoSans-Bold.ttf")):
        style += f'@font-face {{ font-family: Noto; font-weight: {weight}; src: url("{(_FONTS / file).as_uri()}") }}'
    head = f'<meta charset="utf-8"><title>Portfolio</title><style>{style}</style>'
    parts = [f'<!DOCTYPE html><html lang="en-GB"><head>{head}</head><body>']
    for section in content():
        parts.append(f"<section><h1>{section.heading}</h1>")
        parts += [f"<p>{text}</p>" for text in section.paragraphs]
        parts.append("<ul>" + "".join(f"<li>{text}</li>" for text in section.points) + "</ul>")
        cells = "".join(f'<th scope="col">{text}</th>' for text in section.head)
        parts.append(f"<table><thead><tr>{cells}</tr></thead><tbody>")
        for row in section.rows:
            parts.append("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>")
        parts.append("</tbody></table></section>")
    return "".join([*parts, "</body></html>"])


def _as_typst() -> str:
    head = (
        '#set document(title: "Portfolio")\n#set text(font: "Noto Sans", size: 10pt, lang: "en", region: "GB")\n'
        '#set page(paper: "a4", margin: (x: 24mm, y: 28mm))\n#set table(stroke: (bottom: 0.4pt))\n'
    )
    parts = [head]
    for section in content():
        parts.append(f"#pagebreak(weak: true)\n= {section.heading}\n")
        parts += [f"{text}\n" for text in section.paragraphs]
        parts += [f"- {text}" for text in section.points]
        cells = ", ".join(f"[{text}]" for text in section.head)
        parts.append(f"\n#table(columns: (1fr, 1fr, 1fr, 1fr), table.header({cells}),")
        parts += [", ".join(f"[{text}]" for text in row) + "," for row in section.rows]
        parts.append(")\n")
    return "\n".join(parts)
