from __future__ import annotations

from datetime import date

import pytest

from portfolio_app.domain.evidence import Chart, ChartType, FieldDefinition, FieldType
from portfolio_app.exporting.figures import table_figures
from portfolio_app.exporting.publication import ChartFigure, GanttFigure, GanttTask, Series
from portfolio_app.exporting.wording import load_wording

WORDS = load_wording("en-GB")


def table(chart: Chart | None, *names: str) -> FieldDefinition:
    columns = tuple(FieldDefinition(name, FieldType.TEXT, name.capitalize()) for name in names)
    return FieldDefinition("t", FieldType.TABLE, "T", columns=columns, chart=chart)


def test_bars_of_different_units_do_not_share_an_axis() -> None:
    definition = table(Chart(ChartType.BAR, "Results", "measure", ("target", "actual")), "measure", "target", "actual")
    figures = table_figures(
        definition,
        (
            {"measure": "Answered", "target": "90%", "actual": "94"},
            {"measure": "Cost", "target": "£1,200", "actual": "unknown"},
            {"measure": "Returned", "target": "95%"},
            {"measure": "Mood", "target": "good", "actual": "better"},
        ),
        WORDS,
    )
    assert figures == (
        ChartFigure(
            "Results (%)",
            ("Answered", "Returned"),
            (Series("Target", (90.0, 95.0)), Series("Actual", (94.0, None))),
            "Bar chart: Results (%). Answered: Target 90%, Actual 94; Returned: Target 95%, Actual no figure.",
        ),
        ChartFigure(
            "Results (£)",
            ("Cost",),
            (Series("Target", (1200.0,)), Series("Actual", (None,))),
            "Bar chart: Results (£). Cost: Target £1,200, Actual unknown.",
        ),
    )


def test_a_grouped_table_gives_a_chart_for_each_group() -> None:
    definition = table(Chart(ChartType.BAR, "Score", "measure", ("actual",), "view"), "view", "measure", "actual")
    rows = ({"view": "People", "measure": "a", "actual": "1"}, {"view": "Money", "measure": "b", "actual": "2"})
    assert [figure.title for figure in table_figures(definition, rows, WORDS)] == ["Score – People", "Score – Money"]


@pytest.mark.parametrize(
    ("typed", "title", "value"),
    [("30s", "Wait (seconds)", 30), ("90s", "Wait (minutes)", 1.5), ("3 hours", "Wait (hours)", 3)],
)
def test_durations_are_drawn_in_the_unit_that_reads_best(typed: str, title: str, value: float) -> None:
    definition = table(Chart(ChartType.LINE, "Wait", "month", ("wait",)), "month", "wait")
    (figure,) = table_figures(definition, ({"month": "May", "wait": typed}, {"month": "June"}), WORDS)
    assert isinstance(figure, ChartFigure)
    assert figure.title == title
    assert figure.line
    assert figure.labels == ("May", "June")
    (series,) = figure.series
    assert series.name == "Wait"
    assert series.values[0] == pytest.approx(value)
    assert series.values[1] is None


def test_lines_are_split_by_the_unit_of_their_column() -> None:
    definition = table(Chart(ChartType.LINE, "Year", "month", ("sales", "share", "note")), "month", "sales", "share")
    rows = ({"month": "May", "sales": "£3", "share": "4%", "note": "x"},)
    assert [figure.title for figure in table_figures(definition, rows, WORDS)] == ["Year (£)", "Year (%)"]


def test_a_date_on_the_axis_is_written_as_dates_are() -> None:
    columns = (FieldDefinition("day", FieldType.DATE, "Day"), FieldDefinition("cases", FieldType.NUMBER, "Cases"))
    chart = Chart(ChartType.BAR, "Cases", "day", ("cases",))
    rows = ({"day": "2026-03-09", "cases": "3"}, {"day": "later", "cases": "1"})
    (figure,) = table_figures(FieldDefinition("t", FieldType.TABLE, "T", columns=columns, chart=chart), rows, WORDS)
    assert isinstance(figure, ChartFigure)
    assert figure.labels == ("9 March 2026", "later")


def test_tasks_are_drawn_from_their_first_to_their_last_day() -> None:
    definition = table(Chart(ChartType.GANTT, "Plan", "task", ("start", "end")), "task", "start", "end")
    figures = table_figures(
        definition,
        (
            {"task": "Recruit", "start": "March 2026", "end": "10 April 2026"},
            {"task": "Open", "start": "2026-05-04"},
            {"task": "Review", "start": "soon", "end": "2026-06-01"},
            {"task": "Backwards", "start": "2026-06-01", "end": "2026-05-01"},
            {"start": "2026", "end": "2026"},
        ),
        WORDS,
    )
    assert figures == (
        GanttFigure(
            "Plan",
            (
                GanttTask("Recruit", date(2026, 3, 1), date(2026, 4, 10)),
                GanttTask("Open", date(2026, 5, 4), date(2026, 5, 4)),
                GanttTask("(without a name)", date(2026, 1, 1), date(2026, 12, 31)),
            ),
            "Gantt chart: Plan. Recruit: 1 March 2026 to 10 April 2026; Open: 4 May 2026; "
            "Review: no dates that can be drawn; Backwards: no dates that can be drawn; "
            "(without a name): 1 January 2026 to 31 December 2026.",
        ),
    )


def test_nothing_readable_is_no_drawing() -> None:
    gantt = table(Chart(ChartType.GANTT, "Plan", "task", ("start", "end")), "task", "start", "end")
    bars = table(Chart(ChartType.BAR, "Bars", "task", ("start",)), "task", "start")
    for definition in (gantt, bars, table(None, "task")):
        assert table_figures(definition, ({"task": "x", "start": "later"},), WORDS) == ()
        assert table_figures(definition, (), WORDS) == ()
