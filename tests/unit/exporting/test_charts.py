from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.graphics.shapes import Drawing, Line, Rect, String

from portfolio_app.exporting.chart_axes import Scale, calendar_marks, figure_text
from portfolio_app.exporting.charts import chart_drawing, chart_png
from portfolio_app.exporting.publication import ChartFigure, GanttFigure, GanttTask, Series
from portfolio_app.exporting.wording import load_wording

WORDS = load_wording("en-GB")
MONTHS = ("January", "February", "March", "April", "May")
TWO = ChartFigure("Calls", MONTHS, (Series("Target", (9, 9, 9, 8, 8)), Series("Actual", (12, None, 10, 8, 7.5))), "…")


def strings(drawing: Drawing) -> list[str]:
    return [shape.text for shape in drawing.contents if isinstance(shape, String)]


def bars(drawing: Drawing) -> list[Rect]:
    return [shape for shape in drawing.contents if isinstance(shape, Rect)]


def test_every_figure_is_written_over_its_bar_and_a_gap_is_a_dash() -> None:
    found = strings(chart_drawing(TWO, 450, WORDS))
    for words in ("Target", "Actual", *MONTHS, "12", "10", "7.5", "–"):
        assert words in found


def test_heights_are_in_proportion() -> None:
    drawn = bars(chart_drawing(TWO, 450, WORDS))
    assert len(drawn) == 2 + 9  # the legend's and the figures'
    target, actual = drawn[2], drawn[3]
    assert actual.height / target.height == pytest.approx(12 / 9)


def test_series_differ_without_colour() -> None:
    many = ChartFigure("", MONTHS, tuple(Series(f"s{number}", (1,) * 5) for number in range(6)), "…")
    drawing = chart_drawing(many, 450, WORDS)
    samples = bars(drawing)[:6]
    plain = [sample.fillColor.hexval() for sample in samples]
    hatched = [fill == "0xffffff" for fill in plain]
    assert len({fill for fill, lines in zip(plain, hatched, strict=True) if not lines}) == 3
    assert sum(hatched) == 3
    assert sum(isinstance(shape, Line) for shape in drawing.contents) > 50


def test_bars_lie_down_where_there_are_few_or_their_labels_are_long() -> None:
    few = ChartFigure("", ("One measure",), (Series("Target", (95,)), Series("Actual", (-3,))), "…")
    drawn = bars(chart_drawing(few, 450, WORDS))[2:]
    assert drawn[0].width > 10 * drawn[0].height
    assert drawn[0].x == pytest.approx(drawn[1].x + drawn[1].width)
    long = ChartFigure("", tuple(f"a measure with a very long name indeed, {n}" for n in range(6)), TWO.series, "…")
    assert bars(chart_drawing(long, 450, WORDS))[2].height < 10


def test_text_is_never_smaller_than_seven_and_a_half_points_nor_outside() -> None:
    for figure in (TWO, ChartFigure("", MONTHS, TWO.series, "…", line=True), plan(12)):
        drawing = chart_drawing(figure, 420, WORDS)
        for shape in drawing.contents:
            if isinstance(shape, String):
                assert shape.fontSize >= 7.5
                assert 0 <= shape.x <= 420
                assert -drawing.height <= shape.y <= 0  # the drawing is shifted up by its height


def plan(count: int, days: int = 20) -> GanttFigure:
    start = date(2026, 1, 12)
    tasks = tuple(
        GanttTask(f"Task {n}", start + timedelta(days * n), start + timedelta(days * (n + 1))) for n in range(count)
    )
    return GanttFigure("Plan", tasks, "…")


def test_a_plan_has_its_months_its_dates_and_its_tasks() -> None:
    found = strings(chart_drawing(plan(6), 450, WORDS))
    for words in ("Task 0", "Task 5", "Feb 26", "Mar 26", "Apr 26", "12 Jan – 1 Feb"):
        assert words in found


def test_tasks_that_do_not_fit_are_counted() -> None:
    assert "and 52 more tasks" in strings(chart_drawing(plan(100), 450, WORDS))


def test_a_task_that_ends_before_it_starts_is_one_day() -> None:
    odd = GanttFigure("", (GanttTask("odd", date(2026, 5, 5), date(2026, 4, 1)),), "…")
    assert "5 May" in strings(chart_drawing(odd, 450, WORDS))


@pytest.mark.parametrize(
    ("days", "first", "second"),
    [(20, "5 Jan", "12 Jan"), (200, "Jan 26", "Feb 26"), (900, "Jan 26", "Jul 26"), (4000, "2026", "2027")],
)
def test_the_calendar_suits_the_length_of_the_plan(days: int, first: str, second: str) -> None:
    marks = calendar_marks(date(2026, 1, 2), date(2026, 1, 2) + timedelta(days), 400, WORDS)
    labels = [label for _, label in marks]
    assert (labels[0], labels[1]) == (first, second)
    assert len(labels) <= 12


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1200, "1,200"), (-3.5, "−3.5"), (1 / 3, "0.333"), (1e-13, "0"), (2e20, "2e+20"), (5e-5, "5e−05")],
)
def test_figures_are_written_as_people_write_them(value: float, text: str) -> None:
    assert figure_text(value) == text


@given(st.lists(st.floats(-1e90, 1e90), max_size=8))
def test_a_scale_holds_all_its_values_and_zero(values: list[float]) -> None:
    scale = Scale.of(values)
    for value in (*values, 0.0):
        assert -1e-6 <= scale.share(value) <= 1 + 1e-6
    assert 2 <= len(scale.ticks()) <= 21


numbers = st.one_of(st.none(), st.floats())
series = st.builds(Series, st.text(max_size=20), st.lists(numbers, max_size=6).map(tuple))
charts = st.builds(
    ChartFigure,
    st.text(max_size=10),
    st.lists(st.text(max_size=30), max_size=6).map(tuple),
    st.lists(series, max_size=7).map(tuple),
    st.just(""),
    st.booleans(),
)
days = st.dates(date(1990, 1, 1), date(2150, 1, 1))
plans = st.builds(
    GanttFigure,
    st.just(""),
    st.lists(st.builds(GanttTask, st.text(max_size=60), days, days), max_size=5).map(tuple),
    st.just(""),
)


@settings(max_examples=60)
@given(st.one_of(charts, plans), st.floats(150, 800))
def test_any_figures_can_be_drawn(figure: ChartFigure | GanttFigure, width: float) -> None:
    assert chart_drawing(figure, width, WORDS).height < 900


def test_a_picture_for_word_has_the_resolution_that_was_asked_for() -> None:
    picture = Image.open(io.BytesIO(chart_png(TWO, 160, 200, WORDS)))
    assert picture.format == "PNG"
    assert picture.width == pytest.approx(160 / 25.4 * 200, abs=2)
    assert picture.info["dpi"][0] == pytest.approx(200, abs=1)
