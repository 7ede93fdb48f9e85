"""Tables of figures drawn as charts, and tasks with dates as Gantt charts; each is also told in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portfolio_app.domain.dates import Period
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import Chart, ChartType, FieldDefinition, TableRow
from portfolio_app.domain.quantities import MINUTES, Quantity, read_quantity
from portfolio_app.exporting.field_values import written
from portfolio_app.exporting.publication import ChartFigure, GanttFigure, GanttTask, Series
from portfolio_app.exporting.wording import Wording
from portfolio_app.plain_text import one_line


def table_figures(
    definition: FieldDefinition, rows: Sequence[TableRow], words: Wording
) -> tuple[ChartFigure | GanttFigure, ...]:
    """Draw a table field as its kind says.

    Figures of different units never share an axis: bars are split by the unit of their row, lines by that of
    their column. Rows without any readable figure or date are left out of the drawing.
    """
    chart = definition.chart
    if chart is None:
        return ()
    if chart.type is ChartType.GANTT:
        gantt = _gantt(chart, rows, words)
        return (gantt,) if gantt else ()
    columns = {column.name: one_line(column.label) for column in definition.columns}
    labels = next((column for column in definition.columns if column.name == chart.label), None)
    groups: dict[str, list[TableRow]] = {}
    for row in rows:
        groups.setdefault(one_line(row.get(chart.group, "")) if chart.group else "", []).append(row)
    figures: list[ChartFigure] = []
    for group, members in groups.items():
        grid = _Grid(
            [one_line(written(labels, row.get(chart.label, ""), words)) for row in members],
            [columns.get(name, name) for name in chart.values],
            [[one_line(row.get(name, "")) for name in chart.values] for row in members],
            [[read_quantity(row.get(name, "")) for name in chart.values] for row in members],
        )
        title = f"{one_line(chart.title)} – {group}" if group else one_line(chart.title)
        for unit, part in grid.by_column() if chart.type is ChartType.LINE else grid.by_row():
            figures.append(part.figure(title, unit, words, line=chart.type is ChartType.LINE))
    return tuple(figures)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Labels down, series across; ``typed`` and ``read`` are the cells as text and as figures."""

    labels: list[str]
    names: list[str]
    typed: list[list[str]]
    read: list[list[Quantity | None]]

    def by_row(self) -> list[tuple[str, _Grid]]:
        """Split by the unit of each row; rows that cannot be read are in no part."""
        parts: dict[str, list[int]] = {}
        for index, quantities in enumerate(self.read):
            unit = _common_unit(quantities)
            if unit is not None:
                parts.setdefault(unit, []).append(index)
        return [
            (
                unit,
                _Grid(
                    [self.labels[index] for index in indexes],
                    self.names,
                    [self.typed[index] for index in indexes],
                    [_of_unit(self.read[index], unit) for index in indexes],
                ),
            )
            for unit, indexes in parts.items()
        ]

    def by_column(self) -> list[tuple[str, _Grid]]:
        """Split by the unit of each column; columns that cannot be read are in no part."""
        parts: dict[str, list[int]] = {}
        for index in range(len(self.names)):
            unit = _common_unit([row[index] for row in self.read])
            if unit is not None:
                parts.setdefault(unit, []).append(index)
        return [
            (
                unit,
                _Grid(
                    self.labels,
                    [self.names[index] for index in indexes],
                    [[row[index] for index in indexes] for row in self.typed],
                    [_of_unit([row[index] for index in indexes], unit) for row in self.read],
                ),
            )
            for unit, indexes in parts.items()
        ]

    def figure(self, title: str, unit: str, words: Wording, *, line: bool) -> ChartFigure:
        """Draw all cells, which are of one unit."""
        shown, factor = _scale([quantity for row in self.read for quantity in row if quantity], unit)
        full_title = f"{title} ({words(f'figure.{shown}') if unit == MINUTES else shown})" if shown else title
        told = "; ".join(
            f"{label or words('figure.unnamed')}: "
            + ", ".join(
                f"{name} {text or words('figure.missing')}" for name, text in zip(self.names, texts, strict=True)
            )
            for label, texts in zip(self.labels, self.typed, strict=True)
        )
        return ChartFigure(
            full_title,
            tuple(self.labels),
            tuple(
                Series(
                    name, tuple(round(cell.value * factor, 2) if (cell := row[index]) else None for row in self.read)
                )
                for index, name in enumerate(self.names)
            ),
            words("figure.chart_line" if line else "figure.chart_bar", title=full_title, told=told),
            line=line,
        )


def _common_unit(quantities: Sequence[Quantity | None]) -> str | None:
    """Return the unit most of them have; figures without a unit are taken as of the others'."""
    units = Counter(quantity.unit for quantity in quantities if quantity)
    if not units:
        return None
    del units[""]
    return units.most_common(1)[0][0] if units else ""


def _of_unit(quantities: Sequence[Quantity | None], unit: str) -> list[Quantity | None]:
    return [quantity if quantity and quantity.unit in {unit, ""} else None for quantity in quantities]


def _scale(quantities: Sequence[Quantity], unit: str) -> tuple[str, float]:
    """Return the unit to show and what to multiply by: minutes become seconds or hours where those read better."""
    if unit != MINUTES:
        return unit, 1.0
    largest = max(abs(quantity.value) for quantity in quantities)
    if largest < 1:
        return "seconds", 60.0
    return ("hours", 1 / 60) if largest > 120 else (MINUTES, 1.0)


def _gantt(chart: Chart, rows: Sequence[TableRow], words: Wording) -> GanttFigure | None:
    tasks: list[GanttTask] = []
    told: list[str] = []
    for row in rows:
        label = one_line(row.get(chart.label, "")) or words("figure.unnamed")
        periods = [_read_period(row.get(name, "")) for name in chart.values]
        begun, ended = periods[0], periods[-1] or periods[0]
        # A start that cannot be read says nothing of where the bar begins, even when the end is a day.
        if begun is None or ended is None or ended.last_day < begun.start.first_day:
            told.append(words("figure.no_dates", label=label))
            continue
        start, end = begun.start.first_day, max(begun.last_day, ended.last_day)
        tasks.append(GanttTask(label, start, end))
        dates = words.day(start) if start == end else words("date.period", start=words.day(start), end=words.day(end))
        told.append(f"{label}: {dates}")
    if not tasks:
        return None
    title = one_line(chart.title)
    return GanttFigure(title, tuple(tasks), words("figure.gantt", title=title, told="; ".join(told)))


def _read_period(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except InvalidInput:
        return None
