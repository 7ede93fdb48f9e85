"""The charts of a table field, drawn below it as it is typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from portfolio_app.domain.dates import Period
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import ChartType, FieldDefinition, TableRow
from portfolio_app.domain.quantities import read_quantity
from portfolio_app.exporting.figures import table_figures
from portfolio_app.exporting.publication import ChartFigure, GanttFigure
from portfolio_app.exporting.wording import load_wording
from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import MutedLabel
from portfolio_app.gui.widgets.form.chart_painting import ChartPainter
from portfolio_app.gui.widgets.form.scrolling import make_room, make_room_soon

_TWO_ABREAST = 680
_NARROWEST = 220


class ChartView(QWidget):
    """One chart, and what it shows in words for those who cannot see it."""

    def __init__(self, figure: ChartFigure | GanttFigure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure = figure
        self._title = QLabel()
        self._title.setWordWrap(True)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S4)
        self._drawing = _Drawing(self)
        column.addWidget(self._title)
        column.addWidget(self._drawing)
        column.addStretch(1)
        self.set_figure(figure)

    @property
    def figure(self) -> ChartFigure | GanttFigure:
        """What is drawn."""
        return self._figure

    def set_figure(self, figure: ChartFigure | GanttFigure) -> None:
        """Draw another figure."""
        self._figure = figure
        self._title.setText(figure.title)
        self._drawing.set_figure(figure)
        self.setAccessibleName(figure.title)
        self.setAccessibleDescription(figure.alt)


class _Drawing(QWidget):
    """The drawing alone, as high as it needs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._figure: ChartFigure | GanttFigure | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(_NARROWEST)
        theme.notifier().changed.connect(self._fit)

    def set_figure(self, figure: ChartFigure | GanttFigure) -> None:
        """Draw another figure."""
        self._figure = figure
        self.setAccessibleName(figure.title)
        self.setAccessibleDescription(figure.alt)
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """Return a usual width and the height there."""
        return QSize(360, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Take the height that the new width needs."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw the figure in the colours in force."""
        del event
        if self._figure is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._chart(painter).draw(self._figure)
        painter.end()

    def _fit(self) -> None:
        if self._figure is not None:
            height = round(self._chart(None).draw(self._figure)) + 2
            if height != self.height():
                self.setFixedHeight(height)
                make_room_soon(self)

    def _chart(self, painter: QPainter | None) -> ChartPainter:
        font = QFont(theme.body_font())
        font.setPixelSize(theme.current().scaled(12))
        return ChartPainter(painter, max(self.width(), _NARROWEST) - 1, font, load_wording("en-GB"))


class ChartsPanel(QWidget):
    """All charts of a table field; where there is nothing to draw yet, what is missing, in words."""

    def __init__(self, definition: FieldDefinition, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._definition = definition
        self.hint = MutedLabel()
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.S16)
        self._charts: list[ChartView] = []
        self._abreast = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.S4, 0, 0)
        column.setSpacing(Space.S8)
        column.addLayout(self._grid)
        column.addWidget(self.hint)
        self.show_rows(())

    @property
    def charts(self) -> Sequence[ChartView]:
        """The charts now drawn."""
        return self._charts

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        """Draw what these rows say."""
        figures = table_figures(self._definition, rows, load_wording("en-GB"))
        for chart, figure in zip(self._charts, figures, strict=False):
            if chart.figure != figure:
                chart.set_figure(figure)
        while len(self._charts) > len(figures):
            chart = self._charts.pop()
            self._grid.removeWidget(chart)
            chart.hide()
            chart.deleteLater()
        if len(self._charts) < len(figures):
            self._charts += [ChartView(figure) for figure in figures[len(self._charts) :]]
            self._abreast = 0
        self._place()
        missing = what_is_missing(self._definition, rows)
        self.hint.setText(missing)
        self.hint.setVisible(bool(missing))
        make_room(self)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Put charts side by side where there is room."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        wide = self.width() >= theme.current().scaled(_TWO_ABREAST)
        chart = self._definition.chart
        abreast = 2 if wide and len(self._charts) > 1 and chart and chart.type is not ChartType.GANTT else 1
        if abreast == self._abreast:
            return
        self._abreast = abreast
        for view in self._charts:
            self._grid.removeWidget(view)
        for place, view in enumerate(self._charts):
            self._grid.addWidget(view, place // abreast, place % abreast)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, abreast - 1)


def what_is_missing(definition: FieldDefinition, rows: Sequence[TableRow]) -> str:
    """Return in a sentence what the rows need to be drawn, or nothing."""
    chart = definition.chart
    if chart is None:
        return ""
    labels = {column.name: column.label for column in definition.columns}
    begun = [row for row in rows if any(cell.strip() for cell in row.values())]
    if chart.type is ChartType.GANTT:
        undrawn = [row for row in begun if not _has_span(row, chart.values)]
        needed = "a start and an end date"
        if begun and len(undrawn) == len(begun):
            backwards = [row for row in undrawn if _ends_early(row, chart.values)]
            if len(backwards) == len(begun):
                return "The end is before the start, so there is no bar to draw."
        what = "bar" if len(begun) < 2 else "bars"
    else:
        undrawn = [row for row in begun if not any(read_quantity(row.get(name, "")) for name in chart.values)]
        columns = " or ".join(f"“{labels[name]}”" for name in chart.values)
        needed = f"a figure under {columns}"
        what = "chart"
    if len(undrawn) == len(begun):
        return f"Give {needed} to see the {what}."
    if not undrawn:
        return ""
    names = [row.get(chart.label, "").strip() or "a row without a name" for row in undrawn]
    shown = ", ".join(f"“{' '.join(name.split())}”" for name in names[:2])
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return f"Not drawn yet: {shown}{more}, without {needed}."


def _has_span(row: TableRow, names: Sequence[str]) -> bool:
    begun, ended = (_period(row.get(name, "")) for name in names)
    return begun is not None and (ended or begun).last_day >= begun.start.first_day


def _ends_early(row: TableRow, names: Sequence[str]) -> bool:
    begun, ended = (_period(row.get(name, "")) for name in names)
    return begun is not None and ended is not None and ended.last_day < begun.start.first_day


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except InvalidInput:
        return None
