"""The matrix: every requirement against every item of evidence, to see what is covered and to claim by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.progress import Progress
from portfolio_app.gui import places, theme
from portfolio_app.gui.icons import icon
from portfolio_app.gui.page import PageInSteps
from portfolio_app.gui.places import Place
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import (
    ElidedLabel,
    EmptyState,
    FlowLayout,
    PageHeader,
    SearchField,
    StateLabel,
    button,
    icon_button,
)
from portfolio_app.gui.widgets.matrix_headers import USUAL_LABELS
from portfolio_app.gui.widgets.matrix_painting import USUAL_CELL
from portfolio_app.gui.widgets.matrix_view import MatrixTable
from portfolio_app.scratch import remove_scratch, scratch_folder
from portfolio_app.services.export_desk import ExportProcess
from portfolio_app.services.exports import Exported, ExportOptions
from portfolio_app.services.matrix_cells import CellWords, Toggled, cell_sentence, cell_words, toggle_claims
from portfolio_app.services.matrix_export import tabbed_text
from portfolio_app.services.matrix_grid import (
    GridRow,
    Grouping,
    MatrixFilter,
    MatrixGrid,
    RowChoice,
    RowKind,
    matrix_grid,
    with_cells,
)

if TYPE_CHECKING:
    from portfolio_app.storage.portfolio_file import PortfolioFile

_FORMATS: Final = (
    ("PDF …", ".pdf", "PDF (*.pdf)"),
    ("Excel …", ".xlsx", "Excel (*.xlsx)"),
    ("CSV …", ".csv", "CSV (*.csv)"),
)
_MOST_UNITS_NAMED = 3
_FIND_WIDTH = 200
_ROOM_FOR_LEGEND = 440
_ROOM_FOR_FILTERS = 360
_ROOM_FOR_HINT = 1000
_OPTIONS = ExportOptions()


class MatrixPage(PageInSteps):
    """Requirements × evidence, with filters above and the cell in hand in words below."""

    def _make(self) -> Generator[None, None, None]:
        self._grid = MatrixGrid((), ())
        self._wanted = MatrixFilter()
        self._place: Place | None = None
        self._is_filled = False
        self._has_matrix = False
        self._print_folder: Path | None = None
        self.table = MatrixTable()
        self._no_units = EmptyState("list-tree", "", "Add units")
        self._no_evidence = EmptyState("file-plus", "", "New evidence")
        self._no_match = EmptyState("funnel-x", "Nothing matches these filters.", "Show everything")
        self._waiting = QWidget()
        self._stack = QStackedWidget()
        for widget in (self._waiting, self.table, self._no_units, self._no_evidence, self._no_match):
            self._stack.addWidget(widget)
        yield
        self._column = column = QVBoxLayout(self)
        column.addWidget(self._build_header())
        self._filters = self._build_filters()
        column.addWidget(self._filters)
        yield
        column.addWidget(self._stack, 1)
        self._foot = self._build_foot()
        column.addWidget(self._foot)
        self._connect()
        self.set_entry(self.table)
        theme.notifier().changed.connect(self._dress)
        self._dress()
        self._arrange()

    def _build_header(self) -> PageHeader:
        header = PageHeader("Matrix")
        self._filter_door = icon_button("funnel", "Choose what is shown")
        self._filter_door.setCheckable(True)
        self._zoom_out = icon_button("zoom-out", "Smaller cells (Ctrl+−)")
        self._zoom_in = icon_button("zoom-in", "Larger cells (Ctrl++)")
        self._titles = icon_button("text-align-start", "Titles of evidence along the top")
        self._titles.setCheckable(True)
        self._copy = icon_button("copy", "Copy what is shown, for a spreadsheet")
        self._print = icon_button("printer", "Make a PDF of what is shown and open it to print")
        self._export = button("Export", "", "share")
        self._export.setToolTip("Save what is shown as a document")
        self._export.setProperty("menu", "true")
        menu = QMenu(self._export)
        for text, suffix, kind in _FORMATS:
            menu.addAction(text).setData((suffix, kind))
        menu.triggered.connect(self._choose_target)
        self._export.setMenu(menu)
        for widget in (
            self._filter_door,
            self._zoom_out,
            self._zoom_in,
            self._titles,
            self._copy,
            self._print,
            self._export,
        ):
            header.add_action_widget(widget)
        return header

    def _build_filters(self) -> QWidget:
        bar = QWidget()
        row = FlowLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S8)
        self._units = button("All units")
        self._units.setAccessibleName("Units shown")
        self._units.setProperty("menu", "true")
        self._units_menu = QMenu(self._units)
        self._units.setMenu(self._units_menu)
        self._rows = _choice("Requirements shown", [choice.value for choice in RowChoice])
        self._grouping = _choice("Grouped by", [grouping.value for grouping in Grouping])
        self._find = SearchField("Find items")
        self._only_used = QCheckBox("Only items in use")
        self._only_used.setToolTip("Leave out items that nothing shown is claimed with")
        for widget in (self._units, self._rows, self._grouping, self._find, self._only_used):
            row.addWidget(widget)
        return bar

    def _build_foot(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S8)
        self._words = ElidedLabel()
        self._words.setAccessibleName("The cell in hand")
        self._claim = button("Claim")
        self._claim.setToolTip("Space")
        self._open = button("Open")
        self._open.setToolTip("Enter")
        line = QHBoxLayout()
        line.setSpacing(Space.S8)
        line.addWidget(self._words, 1)
        line.addWidget(self._claim)
        line.addWidget(self._open)
        self._legend = legend = QWidget()
        signs = FlowLayout(legend)
        signs.setContentsMargins(0, 0, 0, 0)
        signs.setSpacing(Space.S12)
        for state in CoverageState:
            signs.addWidget(StateLabel(state))
        self._hint = ElidedLabel("Space claims · Enter opens · type “2.1” or “E4” to go there")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        theme.set_role(self._hint, "muted")
        below = QHBoxLayout()
        below.setSpacing(Space.S16)
        below.addWidget(legend, 3)
        below.addWidget(self._hint, 2)
        column.addLayout(line)
        column.addLayout(below)
        return foot

    def _connect(self) -> None:
        table = self.table
        table.cell_changed.connect(self._show_cell)
        table.toggle_requested.connect(self._toggle)
        table.opened.connect(self._open_cell)
        table.fold_requested.connect(self._fold)
        table.menu_requested.connect(self._show_menu)
        table.copy_requested.connect(self._copy_selected)
        table.typed.connect(self._show_typed)
        table.zoomed.connect(self._arrange_zoom)
        self._filter_door.toggled.connect(self._dress)
        self._zoom_in.clicked.connect(self._make_larger)
        self._zoom_out.clicked.connect(self._make_smaller)
        self._titles.toggled.connect(self._show_titles)
        self._copy.clicked.connect(self._copy_shown)
        self._print.clicked.connect(self.print_shown)
        self._rows.currentIndexChanged.connect(self._choose)
        self._grouping.currentIndexChanged.connect(self._choose)
        self._find.searched.connect(self._choose)
        self._only_used.toggled.connect(self._choose)
        self.session.closed.connect(self._remove_printed)
        self._claim.clicked.connect(self._toggle_in_hand)
        self._open.clicked.connect(self._open_in_hand)
        self._no_units.pressed.connect(partial(self.window_.run_action, "add-units"))
        self._no_evidence.pressed.connect(partial(self.window_.run_action, "new-evidence"))
        self._no_match.pressed.connect(self.show_everything)

    def _resized(self) -> None:
        """Leave the legend all the room where there is little, and the cells where there is less.

        Where letters are large on a low screen, the filters are behind a button.
        """
        self._dress()

    def _dress(self, *_change: object) -> None:
        scaled = theme.current().scaled
        is_low = self.height() < scaled(_ROOM_FOR_FILTERS)
        self._filter_door.setVisible(is_low and self._has_matrix)
        self._filters.setVisible(self._has_matrix and (self._filter_door.isChecked() or not is_low))
        upper, lower = (Space.S8, Space.S4) if is_low else (Space.S16, Space.S12)
        self._column.setContentsMargins(Space.S24, upper, Space.S24, lower)
        self._column.setSpacing(Space.S8 if is_low else Space.S12)
        self._find.setFixedWidth(scaled(_FIND_WIDTH))
        self._hint.setVisible(self.width() >= scaled(_ROOM_FOR_HINT))
        self._legend.setVisible(self.height() >= scaled(_ROOM_FOR_LEGEND))

    # --- loading ---------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Load the whole matrix."""
        self.table.matrix.set_kind_titles({kind.id: kind.title for kind in self.session.kinds.values()})
        self.session.read(matrix_grid, done=self._take, receiver=self, topic="grid")

    def on_changes(self, changes: Changes) -> None:
        """Load the matrix again if anything in it may have changed."""
        if changes.units or changes.requirements or changes.evidence or changes.claims or changes.decisions:
            self.refresh()

    def show_place(self, place: Place) -> None:
        """Take a cell, a requirement or an item in hand; filters that hide it are put away."""
        self._place = place
        if self._is_filled:
            self._go_to_place()

    def state(self) -> dict[str, Any]:
        """Return sizes and groups."""
        return {
            "cell": self.table.cell_size,
            "labels": self.table.requirement_edge.label_width,
            "titles": self._titles.isChecked(),
            "grouping": self._wanted.grouping.value,
            "only_used": self._wanted.only_used,
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take sizes and groups; what cannot be used is left as it is."""
        cell, labels = state.get("cell", USUAL_CELL), state.get("labels", USUAL_LABELS)
        if isinstance(cell, int):
            self.table.set_cell_size(cell)
        if isinstance(labels, int):
            self.table.requirement_edge.set_label_width(labels)
        self._titles.setChecked(state.get("titles") is True)
        self._only_used.setChecked(state.get("only_used") is True)
        grouping = self._grouping.findText(str(state.get("grouping", "")))
        if grouping >= 0:
            self._grouping.setCurrentIndex(grouping)

    def _take(self, grid: MatrixGrid) -> None:
        units = [row for row in grid.rows if row.kind is RowKind.UNIT]
        known = {row.id for row in units}
        self._list_units([(row.id, row.address, row.text) for row in units])
        self._wanted = replace(self._wanted, units=self._wanted.units & known)
        self._grid = grid
        self._is_filled = True
        self._show()
        if self._place is not None:
            self._go_to_place()

    def _show(self) -> None:
        self.table.show_matrix(self._grid, self._wanted)
        shown = self.table.matrix.shown
        requirements = sum(row.is_requirement for row in self._grid.rows)
        self.table.set_counts(
            _counted(shown.matching, requirements, "requirement"),
            _counted(len(shown.columns), len(self._grid.evidence), "item"),
        )
        self._arrange()
        self._show_cell()

    def _arrange(self) -> None:
        """Show the table, or what to do first where there is nothing to show."""
        shown = self.table.matrix.shown
        can_change = self.session.is_open and not self.session.read_only
        self._has_matrix = has_matrix = self._is_filled and bool(
            self._grid.evidence and any(row.is_requirement for row in self._grid.rows)
        )
        if not self._is_filled:
            widget = self._waiting
        elif not any(row.is_requirement for row in self._grid.rows):
            self._no_units.set_text(
                "The matrix sets requirements against evidence; a unit comes first.", "Add units" if can_change else ""
            )
            widget = self._no_units
        elif not self._grid.evidence:
            self._no_evidence.set_text(
                "The requirements are here; add a first piece of evidence to claim them with.",
                "New evidence" if can_change else "",
            )
            widget = self._no_evidence
        else:
            widget = self.table if shown.rows and shown.columns else self._no_match
        self._stack.setCurrentWidget(widget)
        self._dress()
        self._foot.setVisible(widget is self.table)
        for control in (self._zoom_in, self._zoom_out, self._titles, self._copy, self._print, self._export):
            control.setVisible(has_matrix)
            control.setEnabled(widget is self.table)
        self._arrange_zoom()

    def _arrange_zoom(self) -> None:
        is_shown = self._stack.currentWidget() is self.table
        self._zoom_in.setEnabled(is_shown and self.table.can_zoom(1))
        self._zoom_out.setEnabled(is_shown and self.table.can_zoom(-1))

    # --- filters ---------------------------------------------------------------------------------------------

    def _list_units(self, units: Sequence[tuple[str, str, str]]) -> None:
        self._units_menu.clear()
        every = self._units_menu.addAction("All units")
        every.triggered.connect(self._choose_all_units)
        self._units_menu.addSeparator()
        for unit_id, code, title in units:
            action = self._units_menu.addAction(f"{code} {title}".replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(unit_id in self._wanted.units)
            action.setData((unit_id, code))
            action.toggled.connect(self._choose)
        self._units.setVisible(len(units) > 1)
        self._name_units()

    def _ticked_units(self) -> list[tuple[str, str]]:
        return [action.data() for action in self._units_menu.actions() if action.isCheckable() and action.isChecked()]

    def _name_units(self) -> None:
        codes = [code for _, code in self._ticked_units()]
        named = ", ".join(codes) if len(codes) <= _MOST_UNITS_NAMED else f"{len(codes):,} units"
        self._units.setText(named or "All units")

    def _choose_all_units(self) -> None:
        for action in self._units_menu.actions():
            action.blockSignals(True)
            action.setChecked(False)
            action.blockSignals(False)
        self._choose()

    def _choose(self) -> None:
        """Show what the filters ask for."""
        self._wanted = replace(
            self._wanted,
            units=frozenset(unit_id for unit_id, _ in self._ticked_units()),
            rows=RowChoice(self._rows.currentText()),
            items=self._find.text(),
            only_used=self._only_used.isChecked(),
            grouping=Grouping(self._grouping.currentText()),
        )
        self._name_units()
        if self._is_filled and self.session.is_open:  # a pause in typing may end after it was closed
            self._show()

    def show_everything(self) -> None:
        """Put all filters away."""
        for control in (self._rows, self._find, self._only_used):
            control.blockSignals(True)
        self._rows.setCurrentIndex(0)
        self._find.setText("")
        self._only_used.setChecked(False)
        for control in (self._rows, self._find, self._only_used):
            control.blockSignals(False)
        self._choose_all_units()

    def _fold(self, row_id: str) -> None:
        self._wanted = replace(self._wanted, folded=self._wanted.folded ^ {row_id})
        self._show()

    def fold_all(self) -> None:
        """Leave only the units in view."""
        self._wanted = replace(
            self._wanted, folded=frozenset(row.id for row in self._grid.rows if row.kind is RowKind.UNIT)
        )
        self._show()

    def unfold_all(self) -> None:
        """Show every requirement below every heading."""
        self._wanted = replace(self._wanted, folded=frozenset())
        self._show()

    def _make_larger(self) -> None:
        self.table.zoom(1)

    def _make_smaller(self) -> None:
        self.table.zoom(-1)

    def _show_titles(self, shown: bool) -> None:
        self.table.show_titles(shown=shown)

    # --- the cell in hand ------------------------------------------------------------------------------------

    def _in_hand(self) -> tuple[int, int] | None:
        row, column = self.table.row_in_hand, self.table.column_in_hand
        return (row, column) if row >= 0 and column >= 0 else None

    def _show_cell(self) -> None:
        here = self._in_hand()
        if here is None:
            self._words.setText("")
            self._claim.setEnabled(False)
            self._open.setEnabled(False)
            return
        model = self.table.matrix
        line, item = model.line(here[0]), model.item(here[1])
        is_claimed = bool(line.is_requirement and model.code(*here))
        self._claim.setText("Remove claim" if is_claimed else "Claim")
        self._claim.setEnabled(line.is_requirement and not self.session.read_only)
        self._open.setEnabled(line.is_requirement)
        if not line.is_requirement:
            self._words.setText(
                f"{line.address} {line.text}: {line.summary} – E{item.number}: {model.cell_words(*here)}"
                if line.address != line.text
                else f"{line.address}: {line.summary}"
            )
            self.window_.inspect(Place(places.UNITS, unit_id=line.unit_id, requirement_id=_requirement(line)))
            return
        self._words.setText(f"{line.address} × E{item.number}: {model.cell_words(*here)}")
        self.session.read(
            cell_words, line.id, item.id, done=partial(self._say, line.id, item.id), receiver=self, topic="words"
        )
        self.window_.inspect(Place(places.EVIDENCE, evidence_id=item.id, requirement_id=line.id))

    def _say(self, requirement_id: str, evidence_id: str, words: CellWords) -> None:
        here = self._in_hand()
        if here is None:
            return
        line, item = self.table.matrix.line(here[0]), self.table.matrix.item(here[1])
        if (line.id, item.id) == (requirement_id, evidence_id):
            self._words.setText(cell_sentence(line, item, words))

    def _show_typed(self, text: str, found: bool) -> None:
        if text and not found:
            self._words.setText(f"Nothing in view is called “{text}”.")
            self.table.announce(self._words.text())

    def _toggle_in_hand(self) -> None:
        here = self._in_hand()
        if here is not None:
            self._toggle([here])

    def _toggle(self, cells: Sequence[tuple[int, int]]) -> None:
        if self.session.read_only:
            self.window_.toast("This portfolio is open for reading only, so nothing can be claimed.")
            return
        model = self.table.matrix
        wanted = [(model.item(column).id, model.line(row).id) for row, column in cells]
        self.session.edit(toggle_claims, wanted, done=self._has_toggled)

    def _has_toggled(self, toggled: Toggled) -> None:
        """Show the outcome at once; the states of headings follow when the matrix has been read again."""
        cells = [(self._grid.row_of(leaf), self._grid.column_of(item)) for item, leaf in toggled.cells]
        cells = [(row, column) for row, column in cells if row >= 0 and column >= 0]
        self._grid = with_cells(self._grid, cells, claimed=toggled.claimed)
        self.table.show_matrix(self._grid, self._wanted)
        self._show_cell()
        self.table.announce(toggled.sentence)
        if not toggled.claimed or len(toggled.cells) > 1:
            self.window_.toast(toggled.sentence, undo=True)

    def _open_in_hand(self) -> None:
        here = self._in_hand()
        if here is not None:
            self._open_cell(*here)

    def _open_cell(self, row: int, column: int) -> None:
        model = self.table.matrix
        item_id = model.item(column).id if column >= 0 else ""
        if row < 0:
            self.window_.go(Place(places.EVIDENCE, evidence_id=item_id))
            return
        line = model.line(row)
        if not item_id or not line.is_requirement:
            self.window_.go(Place(places.UNITS, unit_id=line.unit_id, requirement_id=_requirement(line)))
            return
        self.window_.go(Place(places.EVIDENCE, evidence_id=item_id, requirement_id=line.id, field=places.CLAIM_FIELD))

    def _go_to_place(self) -> None:
        place, self._place = self._place, None
        if place is None:
            return
        model = self.table.matrix
        row_id = place.requirement_id or place.unit_id
        folded = model.folds_over(row_id)
        if folded:
            self._wanted = replace(self._wanted, folded=self._wanted.folded - folded)
            self._show()
        if not self._is_in_view(row_id, place.evidence_id):
            self.show_everything()
        row, column = model.place_of(row_id, place.evidence_id)
        if row >= 0 or column >= 0:
            self.table.go_to(row, column)
            self.table.setFocus()

    def _is_in_view(self, row_id: str, evidence_id: str) -> bool:
        shown = self.table.matrix.shown
        row, column = self._grid.row_of(row_id), self._grid.column_of(evidence_id)
        return (row < 0 or row in shown.rows) and (column < 0 or column in shown.columns)

    def _show_menu(self, row: int, column: int, place: QPoint) -> None:
        menu = self.make_menu(row, column)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def make_menu(self, row: int, column: int) -> QMenu:
        """Return what can be done with a cell, or with a row or column where the other is -1."""
        model = self.table.matrix
        menu = QMenu(self)
        menu.triggered.connect(_run_entry)
        line = model.line(row) if row >= 0 else None
        item = model.item(column) if column >= 0 else None
        if line is not None and item is not None and line.is_requirement:
            is_claimed = bool(model.code(row, column))
            what = f"E{item.number} → {line.address}"
            claim = _add(
                menu,
                f"Remove claim {what}" if is_claimed else f"Claim {what}",
                "badge-check",
                partial(self._toggle, [(row, column)]),
                "Space",
            )
            claim.setEnabled(not self.session.read_only)
            opening = "Open the claim" if is_claimed else "Open beside this requirement"
            _add(menu, opening, "file-pen", partial(self._open_cell, row, column), "Return")
            menu.addSeparator()
        if item is not None:
            _add(menu, f"Open E{item.number}", "file-text", partial(self._open_cell, -1, column))
        if line is not None:
            _add(menu, f"Show {line.address} in Units", "list-tree", partial(self._open_cell, row, -1))
            menu.addSeparator()
            if not line.is_requirement:
                folding = "Unfold" if model.is_folded(row) else "Fold"
                _add(menu, folding, "chevrons-down-up", partial(self._fold, line.id))
            _add(menu, "Fold all units", "chevrons-down-up", self.fold_all)
            _add(menu, "Unfold all", "chevrons-up-down", self.unfold_all)
        menu.addSeparator()
        _add(menu, "Copy what is selected", "copy", self._copy_selected, "Ctrl+C")
        return menu

    # --- taking it elsewhere ---------------------------------------------------------------------------------

    def _copy_selected(self) -> None:
        self._copy_cells(*self.table.selected_cells())

    def _copy_shown(self) -> None:
        model = self.table.matrix
        self._copy_cells(range(model.rowCount()), range(model.columnCount()))

    def _copy_cells(self, rows: range, columns: range) -> None:
        model = self.table.matrix
        lines = [model.line(row) for row in rows]
        items = [(model.shown.columns[column], model.item(column)) for column in columns]
        sentence = f"Copied {_counted(len(lines), len(lines), 'row')} and {_counted(len(items), len(items), 'item')}."

        def write(_progress: Progress) -> str:
            return tabbed_text(lines, items)

        def finish(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self.window_.toast(sentence)

        self.session.work(write, title="Copying the matrix", done=finish, receiver=self)

    def _choose_target(self, asked: QAction) -> None:
        suffix, kind = asked.data()
        name = f"{self.session.path.stem} – matrix{suffix}"
        start = self.session.folder.parent / name
        chosen, _ = QFileDialog.getSaveFileName(self, "Export the matrix", str(start), kind)
        if chosen:
            target = Path(chosen)
            self.export_to(target if target.suffix.lower() == suffix else target.with_name(target.name + suffix))

    def export_to(self, target: Path) -> None:
        """Write what is shown to a file, its format by the suffix."""
        self._write(target, self._has_exported)

    def print_shown(self) -> None:
        """Make a PDF of what is shown and open it in the system's viewer, which prints."""
        if self._print_folder is None:
            self._print_folder = scratch_folder("print")
        self._write(self._print_folder / "Matrix.pdf", self._open_to_print)

    def _remove_printed(self) -> None:
        """Leave nothing of a portfolio behind that has been closed."""
        if self._print_folder is not None:
            remove_scratch(self._print_folder)
            self._print_folder = None

    def _write(self, target: Path, done: Callable[[Exported], None]) -> None:
        write = partial(_write_to, self.session.path, self.session.kinds, target, self._wanted)

        def begin(_saved: object) -> None:
            self.session.work(write, title=f"Writing “{target.name}”", done=done, receiver=self)

        self.session.read(_saved, done=begin, receiver=self)

    def _has_exported(self, exported: Exported) -> None:
        self.window_.toast(f"Saved “{exported.path.name}”.")

    def _open_to_print(self, exported: Exported) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(exported.path))):
            self.window_.message(
                "No program on this computer opens PDF files. Export the matrix as a PDF and print it elsewhere.",
                title="Not printed",
                kind="warning",
            )


def _saved(_portfolio: PortfolioFile) -> None:
    """Come after the edits before."""


def _write_to(
    path: Path, kinds: Mapping[str, EvidenceKind], target: Path, wanted: MatrixFilter, progress: Progress
) -> Exported:
    with ExportProcess(path, kinds) as process:
        return process.write_matrix(target, wanted, _OPTIONS, progress)


def _requirement(line: GridRow) -> str:
    return "" if line.kind is RowKind.UNIT else line.id


def _choice(name: str, options: Sequence[str]) -> QComboBox:
    box = QComboBox()
    box.addItems(list(options))
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return box


def _add(menu: QMenu, text: str, icon_name: str, what: Callable[[], None], keys: str = "") -> QAction:
    action = menu.addAction(icon(icon_name), text)
    action.setData(what)
    if keys:
        action.setShortcut(QKeySequence(keys))
    return action


def _run_entry(entry: QAction) -> None:
    entry.data()()


def _counted(count: int, total: int, noun: str) -> str:
    plural = "" if total == 1 else "s"
    return f"{count:,} {noun}{plural}" if count == total else f"{count:,} of {total:,} {noun}{plural}"
