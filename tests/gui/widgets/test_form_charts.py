"""Charts below a table as it is typed: the same as on paper, in the colours in force, and in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from portfolio_app.domain.evidence import Chart, ChartType, FieldDefinition, FieldType, TableRow
from portfolio_app.exporting.figures import table_figures
from portfolio_app.exporting.publication import ChartFigure, Series
from portfolio_app.exporting.wording import load_wording
from portfolio_app.gui.theme import Theme
from portfolio_app.gui.widgets.form.chart_view import ChartsPanel, ChartView, what_is_missing
from portfolio_app.importing.evidence_kinds import load_kinds
from portfolio_app.services.sample import sample_items

NUMBER, TEXT, DATE = FieldType.NUMBER, FieldType.TEXT, FieldType.DATE
COLUMNS = (
    FieldDefinition("what", TEXT, "What"),
    FieldDefinition("before", NUMBER, "Before"),
    FieldDefinition("after", NUMBER, "After"),
    FieldDefinition("start", DATE, "Start"),
    FieldDefinition("finish", DATE, "Finish"),
)
BARS = FieldDefinition(
    "t", FieldType.TABLE, "T", columns=COLUMNS, chart=Chart(ChartType.BAR, "Gain", "what", ("before", "after"))
)
GANTT = FieldDefinition(
    "t", FieldType.TABLE, "T", columns=COLUMNS, chart=Chart(ChartType.GANTT, "Plan", "what", ("start", "finish"))
)


@pytest.mark.parametrize(
    ("definition", "rows", "sentence"),
    [
        (BARS, [], "Give a figure under “Before” or “After” to see the chart."),
        (BARS, [{"what": "Calls", "before": "many"}], "Give a figure under “Before” or “After” to see the chart."),
        (BARS, [{"what": "Calls", "before": "4"}], ""),
        (
            BARS,
            [{"before": "4"}, {"what": "E-mails"}, {"what": ""}],
            "Not drawn yet: “E-mails”, without a figure under “Before” or “After”.",
        ),
        (GANTT, [], "Give a start and an end date to see the bar."),
        (GANTT, [{"what": "a", "finish": "2026"}, {"what": "b"}], "Give a start and an end date to see the bars."),
        (GANTT, [{"what": "a", "start": "2026"}], ""),
        (
            GANTT,
            [{"start": "May 2026", "finish": "April 2026"}],
            "The end is before the start, so there is no bar to draw.",
        ),
        (
            GANTT,
            [{"what": name, "start": "" if name else "2026"} for name in ("", "a", "b", "c")],
            "Not drawn yet: “a”, “b” and 1 more, without a start and an end date.",
        ),
    ],
)
def test_what_is_missing_is_said_in_words(
    qtbot: QtBot, definition: FieldDefinition, rows: list[TableRow], sentence: str
) -> None:
    assert what_is_missing(definition, rows) == sentence
    panel = ChartsPanel(definition)
    qtbot.addWidget(panel)
    panel.show_rows(rows)
    assert panel.hint.text() == sentence
    assert bool(panel.charts) == bool(table_figures(definition, rows, load_wording("en-GB")))


def test_the_screen_shows_the_figures_that_paper_shows(qtbot: QtBot) -> None:
    kinds = load_kinds()
    words = load_wording("en-GB")
    drawn = 0
    for item in sample_items():
        for definition in kinds[item.kind].fields:
            rows = item.given.fields.get(definition.name, ())
            if definition.chart and not isinstance(rows, str):
                panel = ChartsPanel(definition)
                qtbot.addWidget(panel)
                panel.show_rows(rows)
                figures = table_figures(definition, rows, words)
                assert [chart.figure for chart in panel.charts] == list(figures)
                assert [chart.accessibleDescription() for chart in panel.charts] == [one.alt for one in figures]
                drawn += len(figures)
                panel.show_rows(())
                assert panel.charts == []
    assert drawn > 10


def _picture(chart: ChartView) -> QImage:
    return chart.grab().toImage()


def _colours(picture: QImage) -> set[str]:
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(0, picture.height(), 2)}


@pytest.mark.parametrize("line", [False, True])
def test_series_can_be_told_apart_without_their_colour(qtbot: QtBot, line: bool) -> None:
    pictures = []
    for count in (1, 2):
        series = [Series("", (None,) * 5)] * (count - 1) + [Series("One", (3.0, 2.0, 5.0, 1.0, 4.0))]
        series += [Series("", (None,) * 5)] * (2 - count)
        chart = ChartView(ChartFigure("Figures", ("a", "b", "c", "d", "e"), tuple(series), "told", line=line))
        qtbot.addWidget(chart)
        chart.resize(400, 300)
        chart.show()
        grey = _picture(chart).convertToFormat(QImage.Format.Format_Grayscale8)
        pictures.append(grey.copy(60, 60, 330, 160))
    assert pictures[0] != pictures[1]


def test_a_chart_takes_the_colours_in_force(qtbot: QtBot, theme_named: Callable[..., Theme]) -> None:
    chart = ChartView(ChartFigure("Figures", ("a", "b"), (Series("One", (-3.0, 2.5)),), "told"))
    qtbot.addWidget(chart)
    chart.resize(360, 200)
    chart.show()
    light = theme_named("light")
    assert light.css("accent").lower() in _colours(_picture(chart))
    dark = theme_named("dark")
    assert dark.css("accent").lower() in _colours(_picture(chart))


@pytest.mark.parametrize("width", [60, 420, 900])
@pytest.mark.parametrize(
    "figure",
    [
        ChartFigure("t", (), (), "told"),
        ChartFigure("t", ("a",), (Series("", (None,)),), "told", line=True),
        ChartFigure("t", ("a" * 200, "b"), (Series("s" * 300, (1e99, float("nan"))),), "told"),
        ChartFigure("t", tuple("abcdefghij" * 10), (Series("s", tuple(map(float, range(100)))),), "told"),
        ChartFigure("t", tuple("abcd"), (Series("s", (-1.0, None, 0.0, 2e-9)),), "told", line=True),
    ],
)
def test_odd_figures_are_drawn_at_any_width(qtbot: QtBot, figure: ChartFigure, width: int) -> None:
    chart = ChartView(figure)
    qtbot.addWidget(chart)
    chart.resize(width, 300)
    chart.show()
    assert not chart.grab().isNull()
