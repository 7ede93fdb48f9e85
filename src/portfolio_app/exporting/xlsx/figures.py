"""The sheet of figures: each chart of the portfolio as a native chart, with its figures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isfinite
from typing import Any

from portfolio_app.exporting import house_style
from portfolio_app.exporting.publication import ChartFigure, GanttFigure
from portfolio_app.exporting.xlsx.sheets import Book, put, put_row
from portfolio_app.plain_text import one_line

_CHART_COLUMN = 5
_CHART_ROWS = 18  # rows of the standard height that a chart covers
_PIXELS_A_ROW = 20
_PRINT_SCALE, _ROWS_A_PAGE = 56, 84  # per cent; of a portrait page
_CHART_WIDTH = 520
_MOST_SERIES = 250
_COLOURS = (house_style.ACCENT, "#8FB4E0", "#1B7A4A", "#E0A030", "#5F6878", "#B3261E")
_FIRST_YEAR = 1901  # Excel knows no dates before 1900, and counts that year wrongly
_DAY_ZERO = date(1899, 12, 30)
_DATE = "d mmm yyyy"


def fill_figures(book: Book, sheet: Any, name: str, figures: Sequence[ChartFigure | GanttFigure]) -> None:
    """Write one figure below the other."""
    put(sheet, 0, 0, book.words("spreadsheet.figures"), book.format(bold=True, font_size=14))
    sheet.set_row(0, 22)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, _CHART_COLUMN - 1, 13)
    sheet.hide_gridlines(2)
    sheet.set_print_scale(_PRINT_SCALE)
    row = 2
    page_start = 0
    breaks: list[int] = []
    for figure in figures:
        book.tick()
        top = row
        put(sheet, row, 0, figure.title, book.format(bold=True, font_size=11))
        if isinstance(figure, GanttFigure):
            chart, used, height = _gantt(book, sheet, name, figure, row + 1)
            column = _CHART_COLUMN
        else:
            chart, used, height = _chart(book, sheet, name, figure, row + 1)
            column = max(_CHART_COLUMN, min(len(figure.series), _MOST_SERIES) + 2)
        if chart is not None:
            chart.set_size({"width": _CHART_WIDTH, "height": height * _PIXELS_A_ROW})
            chart.set_title({"name": one_line(figure.title)[:200], "name_font": {"size": 11}})
            options = {"description": one_line(figure.alt)[:2000], "object_position": 1}
            sheet.insert_chart(row + 1, column, chart, options)
        row += max(used, height) + 4
        if row - page_start > _ROWS_A_PAGE and top > page_start + 2:
            breaks.append(top)
            page_start = top
    sheet.set_h_pagebreaks(breaks)


def _chart(book: Book, sheet: Any, name: str, figure: ChartFigure, top: int) -> tuple[Any, int, int]:
    series = figure.series[:_MOST_SERIES]
    put_row(sheet, top, ("", *(one.name for one in series)), book.header_format())
    count = len(figure.labels)
    for row, label in enumerate(figure.labels, top + 1):
        put(sheet, row, 0, label, book.format(text_wrap=True))
        for column, one in enumerate(series, 1):
            value = one.values[row - top - 1] if row - top - 1 < len(one.values) else None
            if value is not None and isfinite(value):
                sheet.write_number(row, column, value, book.format())
    if not series or not count:
        return None, count + 1, 0
    chart = book.workbook.add_chart({"type": "line" if figure.line else "column"})
    for column, one in enumerate(series, 1):
        colour = _COLOURS[(column - 1) % len(_COLOURS)]
        looks: dict[str, object] = {"fill": {"color": colour}, "gap": 80}
        if figure.line:
            looks = {"line": {"color": colour, "width": 2}, "marker": {"type": "automatic"}}
        chart.add_series(
            {
                "name": one_line(one.name) or book.words("figure.series", number=column),
                "categories": [name, top + 1, 0, top + count, 0],
                "values": [name, top + 1, column, top + count, column],
                **looks,
            }
        )
    chart.set_legend({"position": "bottom"} if len(series) > 1 else {"none": True})
    axis: dict[str, object] = {"major_gridlines": {"visible": True, "line": {"color": house_style.LINE}}}
    if not figure.line and all(value is None or not value < 0 for one in series for value in one.values):
        axis["min"] = 0  # bars that do not start at nought exaggerate differences
    chart.set_y_axis(axis)
    chart.show_blanks_as("gap")
    return chart, count + 1, _CHART_ROWS


def _gantt(book: Book, sheet: Any, name: str, figure: GanttFigure, top: int) -> tuple[Any, int, int]:
    """Draw bars that float on invisible ones: Excel has no Gantt chart of its own."""
    heads = [book.words(f"spreadsheet.{name}") for name in ("task", "start", "end", "days")]
    put_row(sheet, top, heads, book.header_format())
    dates = book.format(num_format=_DATE, align="left")
    for row, task in enumerate(figure.tasks, top + 1):
        put(sheet, row, 0, task.label, book.format(text_wrap=True))
        for column, day in ((1, task.start), (2, task.end)):
            if day.year >= _FIRST_YEAR:
                sheet.write_number(row, column, _serial(day), dates)
            else:
                put(sheet, row, column, day.isoformat(), dates)
        sheet.write_number(row, 3, max(0, (task.end - task.start).days + 1), book.format(align="center"))
    count = len(figure.tasks)
    if not count or min(task.start.year for task in figure.tasks) < _FIRST_YEAR:
        return None, count + 1, 0
    chart = book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    categories = [name, top + 1, 0, top + count, 0]
    chart.add_series(
        {
            "name": heads[1],
            "categories": categories,
            "values": [name, top + 1, 1, top + count, 1],
            "fill": {"none": True},
            "border": {"none": True},
            "gap": 60,
        }
    )
    chart.add_series(
        {
            "name": heads[3],
            "categories": categories,
            "values": [name, top + 1, 3, top + count, 3],
            "fill": {"color": house_style.ACCENT},
        }
    )
    first = min(task.start for task in figure.tasks)
    last = max(max(task.start, task.end) for task in figure.tasks)
    chart.set_x_axis(
        {
            "min": _serial(first),
            "max": _serial(last) + 1,
            "num_format": "d mmm yy",
            "major_gridlines": {"visible": True, "line": {"color": house_style.LINE}},
            "num_font": {"size": 8},
        }
    )
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    chart.set_legend({"none": True})
    return chart, count + 1, max(8, min(40, count + 6))


def _serial(day: date) -> int:
    """Return a date as Excel counts days."""
    return (day - _DAY_ZERO).days
