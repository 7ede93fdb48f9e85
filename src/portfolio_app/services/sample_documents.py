"""The sample portfolio's attached documents, made from their descriptions: PDF, spreadsheet, CSV, e-mail.

Nothing in them depends on the day or the machine, so that the sample is the same wherever it is made.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, Paragraph, Spacer, Table

from portfolio_app.paths import resources_dir

_INK, _ACCENT, _PALE, _LINE = HexColor("#22303C"), HexColor("#0B6E7F"), HexColor("#EEF5F6"), HexColor("#B9C7CC")
_MARGIN = 22 * mm
_WRITTEN = datetime(2026, 10, 9, 9, 0)  # noqa: DTZ001 - XlsxWriter takes naive times only


def description(name: str) -> dict[str, Any]:
    """Return what the document of this name (without suffix) holds."""
    path = resources_dir() / "sample" / "documents" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def write_paged_document(source: dict[str, Any], target: Path) -> None:
    """Write a PDF with a heading, paragraphs and a table on each page."""
    regular, bold = _fonts()
    canvas = Canvas(str(target), pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(source["title"])
    canvas.setAuthor(source["organisation"])
    canvas.setSubject(source["subtitle"])
    pages = source["pages"]
    for number, page in enumerate(pages, 1):
        _draw_furniture(canvas, source, f"Page {number} of {len(pages)}")
        story = _title(source) if number == 1 else []
        story += _page_story(page, regular, bold)
        frame = Frame(_MARGIN, 25 * mm, A4[0] - 2 * _MARGIN, A4[1] - 60 * mm, 0, 0, 0, 0)
        frame.addFromList(story, canvas)
        if story:
            raise ValueError(f"page {number} of “{source['title']}” is too full")
        canvas.showPage()
    canvas.save()


def write_kpi_workbook(source: dict[str, Any], target: Path) -> None:
    """Write the monthly figures as a spreadsheet with a chart for each measure."""
    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False}) as workbook:
        workbook.set_properties({"title": source["title"], "author": "Sam Ellis", "created": _WRITTEN})
        sheet = workbook.add_worksheet("Months")
        title = workbook.add_format({"bold": True, "font_size": 14})
        heading = workbook.add_format({"bold": True, "bg_color": "#EEF5F6", "bottom": 1})
        missed = workbook.add_format({"font_color": "#A4262C", "bold": True})
        sheet.write(0, 0, source["title"], title)
        sheet.write_row(2, 0, ["Measure", "Target", *source["months"]], heading)
        sheet.set_column(0, 0, 46)
        sheet.freeze_panes(3, 2)
        last = len(source["months"]) + 1
        for row, measure in enumerate(source["measures"], 3):
            sheet.write(row, 0, measure["name"])
            sheet.write(row, 1, measure["target"])
            # Of calls lost and complaints fewer are better, and both start above their target.
            fewer = measure["actual"][0] > measure["target"]
            for column, actual in enumerate(measure["actual"], 2):
                misses = actual > measure["target"] if fewer else actual < measure["target"]
                sheet.write(row, column, actual, missed if misses else None)
            chart = workbook.add_chart({"type": "line"})
            chart.add_series(
                {
                    "name": ["Months", row, 0],
                    "categories": ["Months", 2, 2, 2, last],
                    "values": ["Months", row, 2, row, last],
                    "line": {"color": "#0B6E7F"},
                    "marker": {"type": "circle"},
                }
            )
            chart.set_title({"name": f"{measure['name']}, target {measure['target']}"})
            chart.set_legend({"none": True})
            chart.set_size({"width": 520, "height": 240})
            place = row - 3
            sheet.insert_chart(11 + 13 * (place // 2), 0 if place % 2 == 0 else 5, chart)
        sheet.write(len(source["measures"]) + 4, 0, source["note"])


def write_survey(source: dict[str, Any], target: Path) -> None:
    """Write the answers to the survey, one a line, in an order that looks like chance and is none."""
    ratings = [rating for rating, count in source["ratings"].items() for _ in range(count)]
    comments = _spread(source)
    met = dict.fromkeys(source["ratings"], 0)
    count = len(ratings)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Answer", "Date", "Site", "Rating", "Theme", "Comment"])
        for number in range(count):
            # 37 shares no divisor with the number of answers, so every answer comes up once.
            rating = ratings[number * 37 % count]
            theme, comment = comments.get((rating, met[rating]), ("", ""))
            met[rating] += 1
            day = source["first_day"] + timedelta(days=number * source["days"] // count)
            site = source["sites"][number * 7 % len(source["sites"])]
            writer.writerow([number + 1, day.isoformat(), site, rating, theme, comment])


def write_email(source: dict[str, Any], target: Path) -> None:
    """Write an exchange as one message: the last one, with the earlier ones quoted below it, newest first."""
    *earlier, last = source["messages"]
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = last["from"], last["to"]
    message["Date"] = format_datetime(last["at"])
    message["Subject"] = f"Re: {source['subject']}"
    message["Message-ID"] = f"<{last['at']:%Y%m%d%H%M}@harrowmereleisure.example>"
    text = last["text"].strip()
    for other in reversed(earlier):
        sender = other["from"].partition(" <")[0]
        quoted = "\n".join(f"> {line}".rstrip() for line in other["text"].strip().splitlines())
        text += f"\n\nOn {other['at']:%d %B %Y at %H:%M}, {sender} wrote:\n{quoted}"
    message.set_content(text + "\n", cte="quoted-printable")
    target.write_bytes(message.as_bytes())


def _spread(source: dict[str, Any]) -> dict[tuple[str, int], tuple[str, str]]:
    """Say which answer of a rating, counted from 0, carries which theme and comment."""
    spread = {}
    for rating, count in source["ratings"].items():
        remarks = [remark for remark in source["comments"] if remark["rating"] == rating]
        for place, remark in enumerate(remarks, 1):
            spread[rating, place * count // (len(remarks) + 1)] = (remark["theme"], remark["comment"])
    return spread


@cache
def _fonts() -> tuple[str, str]:
    names = ("Sample-Regular", "Sample-Bold")
    for name, file in zip(names, ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"), strict=True):
        pdfmetrics.registerFont(TTFont(name, str(resources_dir() / "fonts" / file)))
    return names


def _draw_furniture(canvas: Canvas, source: dict[str, Any], page: str) -> None:
    regular, bold = _fonts()
    width, height = A4
    canvas.setFillColor(_ACCENT)
    canvas.rect(0, height - 14 * mm, width, 14 * mm, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#FFFFFF"))
    canvas.setFont(bold, 11)
    canvas.drawString(_MARGIN, height - 9.5 * mm, source["organisation"])
    canvas.setFont(regular, 9)
    canvas.drawRightString(width - _MARGIN, height - 9.5 * mm, source["title"])
    canvas.setFillColor(_INK)
    canvas.setFont(regular, 8)
    canvas.drawString(_MARGIN, 14 * mm, source["footer"])
    canvas.drawRightString(width - _MARGIN, 14 * mm, page)


def _title(source: dict[str, Any]) -> list[Flowable]:
    regular, bold = _fonts()
    return [
        Paragraph(source["title"], ParagraphStyle("title", fontName=bold, fontSize=22, leading=28, textColor=_INK)),
        Paragraph(
            source["subtitle"], ParagraphStyle("subtitle", fontName=regular, fontSize=12, leading=18, textColor=_ACCENT)
        ),
        Spacer(0, 8 * mm),
    ]


def _page_story(page: dict[str, Any], regular: str, bold: str) -> list[Flowable]:
    heading = ParagraphStyle("heading", fontName=bold, fontSize=14, leading=20, textColor=_ACCENT, spaceAfter=6)
    body = ParagraphStyle("body", fontName=regular, fontSize=11, leading=17, textColor=_INK, spaceAfter=8)
    story: list[Flowable] = [Paragraph(page["heading"], heading)]
    story += [Paragraph(" ".join(text.split()), body) for text in page["text"].strip().split("\n\n")]
    story += [Spacer(0, 4 * mm), _table(page.get("header"), page["table"], regular, bold)]
    return story


def _table(header: Sequence[str] | None, rows: Sequence[Sequence[str]], regular: str, bold: str) -> Table:
    cell = ParagraphStyle("cell", fontName=regular, fontSize=10, leading=14, textColor=_INK)
    strong = ParagraphStyle("strong", parent=cell, fontName=bold)
    lines = [[Paragraph(text, strong) for text in header]] if header else []
    lines += [[Paragraph(text, strong if column == 0 else cell) for column, text in enumerate(row)] for row in rows]
    longest = [max(6, *(len(row[column]) for row in rows)) ** 0.6 for column in range(len(rows[0]))]
    room = A4[0] - 2 * _MARGIN
    table = Table(lines, colWidths=[room * share / sum(longest) for share in longest], hAlign="LEFT")
    table.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, _LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
            *([("BACKGROUND", (0, 0), (-1, 0), _PALE)] if header else []),
        ]
    )
    return table
