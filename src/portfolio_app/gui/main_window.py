"""The window: the pages, and what is the same on all of them."""

from __future__ import annotations

import base64
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from portfolio_app import settings as declared
from portfolio_app.domain.errors import KnownError
from portfolio_app.gui import places, theme
from portfolio_app.gui.actions import ACTIONS, MENUS, ActionDeclaration, Actions, declaration
from portfolio_app.gui.icons import set_icon
from portfolio_app.gui.navigation import PAGES, NavigationColumn, PageDeclaration
from portfolio_app.gui.notices import MessageArea, Toast
from portfolio_app.gui.page import Page
from portfolio_app.gui.pages.welcome import WelcomePage
from portfolio_app.gui.places import Place
from portfolio_app.gui.session import Session, UndoNames
from portfolio_app.gui.status_line import StatusLine
from portfolio_app.gui.tasks import Tasks
from portfolio_app.gui.widgets.basics import BannerKind, ElidedLabel
from portfolio_app.settings import Settings

if TYPE_CHECKING:  # the window is on screen before SQLAlchemy is imported
    from portfolio_app.domain.progress import Progress
    from portfolio_app.storage.portfolio_file import PortfolioFile

APPLICATION_TITLE: Final = "Portfolio App"
_NARROW_BELOW: Final = 1000
_COUNTS_AFTER_MS: Final = 200
_ZOOM_STEPS: Final = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
_MOST_RECENT: Final = 12
_PORTFOLIO_SUFFIX: Final = ".portfolio"


class MainWindow(QMainWindow):
    """The one window of the program.

    Its first picture needs nothing but Qt: pages and what lies below them are imported by the portfolio's thread.
    """

    portfolio_requested = Signal(object)
    """Another start of the program asked for this path to be opened."""

    def __init__(self, tasks: Tasks, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.tasks = tasks
        self.session = Session(tasks, self)
        self._pages: dict[str, Page] = {}
        self._visited: list[Place] = []
        self._wanted: Place | None = None
        self._focused: QWidget | None = None
        self._inspector: QWidget | None = None
        self._inspected: Place | None = None
        self.setWindowTitle(APPLICATION_TITLE)
        self.setAcceptDrops(True)
        self.setMinimumSize(720, 480)
        self.actions_ = Actions(self, self.run_action)
        self._build()
        self._build_menus()
        self._connect()
        self._set_open(False)
        self._restore_geometry()

    # What pages ask for

    def go(self, place: Place) -> None:
        """Show a place; a page that is shown for the first time is made first."""
        if not self.session.is_open:
            return
        self._wanted = place
        page = self._pages.get(place.page)
        if page is None:
            self._with_module(_page_declaration(place.page).module, partial(self._make_page, place))
        else:
            self._show_page(page, place)

    def inspect(self, place: Place | None) -> None:
        """Show what is known of a thing in the inspector, if that is open."""
        self._inspected = place
        if self._inspector is not None and self._inspector.isVisible():
            self._inspector.show_place(place)  # type: ignore[attr-defined] # its module is imported when it is opened

    def toast(self, text: str, *, undo: bool = False) -> None:
        """Say in passing what was done, perhaps with a button that takes it back."""
        self._toast.show_text(text, undo=undo and not self.session.read_only)

    def message(self, text: str, *, title: str = "", kind: BannerKind = "info") -> None:
        """Show a sentence until it is put away."""
        self._messages.show_message(f"{title}: {text}" if title else text, kind)

    def run_action(self, action_id: str) -> None:
        """Do what a menu entry does; the action's own page is shown first."""
        action = declaration(action_id)
        if not self.actions_[action_id].isEnabled():
            return
        if not action.page:
            getattr(self, action.handler)()
            return
        page = self._pages.get(action.page)
        if page is not None and self._stack.currentWidget() is page:
            self._run_on_page(action)
        else:
            self._then(Place(action.page), partial(self._run_on_page, action))

    def page(self, name: str) -> Page | None:
        """Return a page that has been made."""
        return self._pages.get(name)

    # Opening and closing

    def open_path(self, place: Path, *, read_only: bool = False, take_over: bool = False) -> None:
        """Open a portfolio by its folder or file in place of what is open."""
        if self._is_open_here(place):
            self.go_overview()
            return
        self._opening(place)
        opener = partial(_open_portfolio, place, read_only, take_over)
        self.session.open(opener, failed=partial(self._not_opened, place))

    def start_portfolio(
        self,
        create: Callable[[], PortfolioFile],
        *,
        done: Callable[[], object],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Open what ``create`` makes on the portfolio's thread, in place of what is open."""
        self.session.open(create, done=done, failed=failed)

    def warm_up(self) -> None:
        """Import what every page needs while the user reads the first one."""
        self.tasks.work(_import_pages, title="Getting ready", quiet=True)

    def open_files(self, paths: Sequence[Path]) -> None:
        """Open a portfolio that was dropped or handed over, or make evidence of other files."""
        portfolio = next((path for path in paths if _may_be_portfolio(path)), None)
        if portfolio is not None:
            self.open_path(portfolio)
        elif self.session.is_open and paths:
            self._then(
                Place(places.EVIDENCE),
                lambda: self._pages[places.EVIDENCE].add_files(list(paths)),  # type: ignore[attr-defined] # imported late
            )
        elif paths:
            self.message("Open or make a portfolio first, then drop files on it.", kind="warning")

    # Handlers of actions: see the table in actions.py

    def new_portfolio(self) -> None:
        """Ask for a name, units and a place, and make a portfolio."""
        self._dialog("portfolio_app.gui.dialogs.new_portfolio", "NewPortfolioDialog")

    def open_portfolio(self) -> None:
        """Ask which portfolio to open."""
        self._dialog("portfolio_app.gui.dialogs.open_portfolio", "OpenPortfolioDialog")

    def open_sample(self) -> None:
        """Build the sample portfolio and open it."""
        self._with_module("portfolio_app.gui.sample_opening", partial(self._call_module, "open_sample"))

    def show_welcome(self) -> None:
        """Show the portfolios opened lately."""
        self._welcome.refresh()
        self._stack.setCurrentWidget(self._welcome)
        self._welcome.setFocus()

    def show_details(self) -> None:
        """Show what the front sheet says."""
        self._dialog("portfolio_app.gui.dialogs.details", "DetailsDialog")

    def show_declaration(self) -> None:
        """Show the learner's declaration, to be signed."""
        self._dialog("portfolio_app.gui.dialogs.details", "DeclarationDialog")

    def show_people(self) -> None:
        """Show everybody the portfolio names."""
        self._dialog("portfolio_app.gui.dialogs.people", "PeopleDialog")

    def make_backup(self) -> None:
        """Make a back-up now."""
        self.session.commit_requested.emit()
        self.session.read(_make_backup, done=lambda _: self.toast("A back-up was made."))

    def show_backups(self) -> None:
        """Show the back-ups, compare and restore them."""
        self._dialog("portfolio_app.gui.dialogs.backups", "BackupsDialog")

    def check_portfolio(self) -> None:
        """Check the database and every file."""
        self._dialog("portfolio_app.gui.dialogs.checking", "CheckDialog")

    def open_folder(self) -> None:
        """Show the portfolio's folder in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.session.folder)))

    def close_portfolio(self) -> None:
        """Close the portfolio and go back to the welcome page."""
        self.session.close()

    def undo(self) -> None:
        """Take the newest step back: of the text in hand, else of the portfolio."""
        self.session.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.session.redo()

    def show_history(self) -> None:
        """Show what changed, newest first."""
        self._dialog("portfolio_app.gui.dialogs.history", "HistoryDialog")

    def show_bin(self) -> None:
        """Show what was deleted."""
        self._dialog("portfolio_app.gui.dialogs.bin", "BinDialog")

    def show_actions(self) -> None:
        """Show what there is to do, with its due dates."""
        self._dialog("portfolio_app.gui.dialogs.actions", "ActionsDialog")

    def show_settings(self) -> None:
        """Show the settings."""
        self._dialog("portfolio_app.gui.dialogs.settings", "SettingsDialog")

    def show_palette(self) -> None:
        """Search everything, or run a command."""
        self._dialog("portfolio_app.gui.dialogs.palette", "CommandPalette")

    def show_shortcuts(self) -> None:
        """Show all shortcuts."""
        self._dialog("portfolio_app.gui.dialogs.shortcuts", "ShortcutsDialog")

    def show_reports(self) -> None:
        """Show the reports of problems."""
        self._dialog("portfolio_app.gui.dialogs.reports", "ReportsDialog")

    def show_about(self) -> None:
        """Show version and licences."""
        self._dialog("portfolio_app.gui.dialogs.about", "AboutDialog")

    def go_overview(self) -> None:
        """Show the overview."""
        self.go(Place(places.OVERVIEW))

    def go_evidence(self) -> None:
        """Show the evidence."""
        self.go(Place(places.EVIDENCE))

    def go_units(self) -> None:
        """Show the units."""
        self.go(Place(places.UNITS))

    def go_matrix(self) -> None:
        """Show the matrix."""
        self.go(Place(places.MATRIX))

    def go_gaps(self) -> None:
        """Show the gaps."""
        self.go(Place(places.GAPS))

    def go_feedback(self) -> None:
        """Show the feedback."""
        self.go(Place(places.FEEDBACK))

    def go_export(self) -> None:
        """Show the export page."""
        self.go(Place(places.EXPORT))

    def go_back(self) -> None:
        """Show the place before this one."""
        if len(self._visited) > 1:
            self._visited.pop()
            self.go(self._visited.pop())

    def toggle_inspector(self) -> None:
        """Show or hide the inspector on the right."""
        if self._inspector is None:
            self._with_module("portfolio_app.gui.inspector", self._make_inspector)
        else:
            self._inspector.setVisible(not self._inspector.isVisible())
            self.inspect(self._inspected)

    def zoom_in(self) -> None:
        """Make everything larger."""
        larger = [step for step in _ZOOM_STEPS if step > self.settings.get(declared.ZOOM) + 0.01]
        self.settings.set(declared.ZOOM, min(larger, default=_ZOOM_STEPS[-1]))

    def zoom_out(self) -> None:
        """Make everything smaller."""
        smaller = [step for step in _ZOOM_STEPS if step < self.settings.get(declared.ZOOM) - 0.01]
        self.settings.set(declared.ZOOM, max(smaller, default=_ZOOM_STEPS[0]))

    def zoom_reset(self) -> None:
        """Show everything in its usual size."""
        self.settings.set(declared.ZOOM, 1.0)

    def switch_theme(self) -> None:
        """Change between light and dark."""
        self.settings.set(declared.THEME, "light" if theme.current().name == "dark" else "dark")

    # Qt

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Save what was typed, close the portfolio, and remember how the window looked."""
        self._remember_state()
        self.session.close()
        self.tasks.stop()
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show icons alone on the left where there is little room."""
        super().resizeEvent(event)
        self._navigation.set_narrow(self.width() < _NARROW_BELOW * self.settings.get(declared.ZOOM))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open a portfolio, or make evidence of the files."""
        paths = _dropped(event)
        if paths:
            event.acceptProposedAction()
            self.open_files(paths)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Leave undo to the portfolio where the text in hand has nothing to take back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = _undoable(watched)
            if (event.matches(QKeySequence.StandardKey.Undo) and not undo) or (
                event.matches(QKeySequence.StandardKey.Redo) and not redo
            ):
                event.ignore()
                return True
        return False

    # Building

    def _build(self) -> None:
        self._navigation = NavigationColumn()
        self._navigation.chosen.connect(lambda name: self.go(Place(name)))
        self._messages = MessageArea()
        self._welcome = WelcomePage(self)
        self._loading = QWidget()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._welcome)
        self._stack.addWidget(self._loading)
        self._status = StatusLine()
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._messages)
        column.addWidget(self._stack, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(middle)
        below = QWidget()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._navigation)
        row.addWidget(self._splitter, 1)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._build_top())
        rows.addWidget(below, 1)
        rows.addWidget(self._status)
        self.setCentralWidget(whole)
        self._toast = Toast(middle)
        self._toast.undo_pressed.connect(self.undo)

    def _build_top(self) -> QWidget:
        self._title = ElidedLabel("")
        self._search = QPushButton("Search or run a command")
        self._search.setObjectName("search-box")
        self._search.setAccessibleName("Search or run a command")
        self._search.setToolTip("Search evidence, requirements and commands (Ctrl+K)")
        theme.set_role(self._search, "search-box")
        set_icon(self._search, "search", colour="muted")
        self._search.setMinimumWidth(280)
        self._search.clicked.connect(partial(self.run_action, "search"))
        top = QWidget()
        theme.set_role(top, "top-line")
        row = QHBoxLayout(top)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self._title, 1)
        row.addWidget(self._search)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addStretch(1)
        for action_id in ("undo", "redo", "inspector"):
            button = QToolButton()
            button.setDefaultAction(self.actions_[action_id])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            theme.set_role(button, "quiet")
            buttons.addWidget(button)
        right = QWidget()
        right.setLayout(buttons)
        buttons.setContentsMargins(0, 0, 0, 0)
        row.addWidget(right, 1)
        self._top = top
        return top

    def _build_menus(self) -> None:
        bar = self.menuBar()
        for title in MENUS:
            menu = QMenu(title, bar)
            group = 0
            for action in ACTIONS:
                if action.menu != title:
                    continue
                if group and action.group != group:
                    menu.addSeparator()
                group = action.group
                menu.addAction(self.actions_[action.id])
            bar.addMenu(menu)

    def _connect(self) -> None:
        session = self.session
        session.opened.connect(self._has_opened)
        session.closed.connect(self._has_closed)
        session.changed.connect(self._has_changed)
        session.saving_changed.connect(self._show_saving)
        session.undo_names_changed.connect(self._show_undo_names)
        session.noticed.connect(partial(self._show_sentence, "warning"))
        session.done_again.connect(self.toast)
        session.commit_requested.connect(self._commit)
        self.tasks.refused.connect(partial(self._show_sentence, "error"))
        self.tasks.started.connect(self._status.show_task)
        self.portfolio_requested.connect(self._come_forward)
        self._counts_clock = QTimer(self, singleShot=True, interval=_COUNTS_AFTER_MS)
        self._counts_clock.timeout.connect(self._read_counts)
        self.settings.observe(declared.THEME, self._apply_theme)
        self.settings.observe(declared.ZOOM, self._apply_theme)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._watch_focus)

    # Pages

    def _make_page(self, place: Place) -> None:
        if not self.session.is_open:
            return
        page = self._pages.get(place.page)
        if page is None:
            page_declared = _page_declaration(place.page)
            page_class = getattr(sys.modules[page_declared.module], page_declared.class_name)
            page = page_class(self.session, self)
            self._pages[place.page] = page
            self._stack.addWidget(page)
            state = self.settings.get(declared.WINDOW_STATE).get(place.page)
            if isinstance(state, dict):
                page.restore_state(state)
        if self._wanted is place:
            self._show_page(page, place)

    def _show_page(self, page: Page, place: Place) -> None:
        self._visited = [*self._visited[-20:], place]
        before = self._stack.currentWidget()
        if isinstance(before, Page) and before is not page:
            before.commit()
        self._stack.setCurrentWidget(page)
        self._navigation.show_page(place.page)
        page.load()
        page.show_place(place)

    def _then(self, place: Place, act: Callable[[], None]) -> None:
        """Go to a place and act there when its page has been made."""
        self.go(place)
        if place.page in self._pages:
            act()
        else:
            # The page is made by a job of the portfolio's thread; this one comes after it.
            self.tasks.run(_nothing, done=lambda _: act() if place.page in self._pages else None)

    def _run_on_page(self, action: ActionDeclaration) -> None:
        getattr(self._pages[action.page], action.handler)()

    def _with_module(self, name: str, act: Callable[[], None]) -> None:
        """Act when a module has been imported, by the portfolio's thread if that takes its time."""
        if name in _imported:
            act()
            return

        def is_imported(_module: object) -> None:
            _imported.add(name)
            act()

        self.tasks.run(partial(importlib.import_module, name), done=is_imported)

    def _dialog(self, module: str, class_name: str, **options: Any) -> None:
        self.session.commit_requested.emit()
        self._with_module(module, partial(self._open_dialog, module, class_name, options))

    def _open_dialog(self, module: str, class_name: str, options: Mapping[str, Any]) -> None:
        dialog_class: type[_Dialog] = getattr(sys.modules[module], class_name)
        dialog = dialog_class(self, **options)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _call_module(self, function: str) -> None:
        getattr(sys.modules["portfolio_app.gui.sample_opening"], function)(self)

    def _make_inspector(self) -> None:
        if self._inspector is None:
            self._inspector = sys.modules["portfolio_app.gui.inspector"].Inspector(self.session, self)
            self._splitter.addWidget(self._inspector)
            self._splitter.setStretchFactor(0, 1)
            self._splitter.setSizes([self._splitter.width() - 320, 320])
            self.inspect(self._inspected)

    # The portfolio

    def _opening(self, place: Path) -> None:
        self._messages.clear()
        if not self.session.is_open:
            self._stack.setCurrentWidget(self._loading)
        self._status.show_state(f"Opening {place.name} …")

    def _not_opened(self, place: Path, error: BaseException) -> None:
        if self.session.is_open:
            self._show_saving(self.session.is_saving)
        else:
            self._set_open(False)
        if type(error).__name__ == "PortfolioLocked":  # the class itself is imported later
            self._dialog("portfolio_app.gui.dialogs.open_portfolio", "LockedDialog", place=place, error=error)
        else:
            self.message(str(error), kind="error")

    def _is_open_here(self, place: Path) -> bool:
        return self.session.is_open and place.absolute() in (
            self.session.folder.absolute(),
            self.session.path.absolute(),
        )

    def _has_opened(self) -> None:
        self._remember_recent(self.session.folder)
        self._set_open(True)
        self._show_title()
        self._show_saving(False)
        self._read_counts()
        page = self.settings.get(declared.WINDOW_STATE).get("page", places.OVERVIEW)
        known = {known.name for known in PAGES}
        self.go(Place(page if page in known and self._is_same_portfolio() else places.OVERVIEW))

    def _has_closed(self) -> None:
        self._remember_state()
        for page in self._pages.values():
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._visited.clear()
        if self._inspector is not None:
            self._inspector.deleteLater()
            self._inspector = None
        self._messages.clear()
        self._navigation.set_counts({})
        self._status.show_state("")
        self._set_open(False)
        self.settings.set(declared.LAST_OPEN, "")

    def _has_changed(self, changes: object, _initiator: object) -> None:
        del changes
        self._show_title()
        self._counts_clock.start()

    def _set_open(self, is_open: bool) -> None:
        self.actions_.enable(is_open=is_open, can_change=is_open and not self.session.read_only)
        self._navigation.setVisible(is_open)
        self._top.setVisible(is_open)
        self._status.setVisible(is_open)
        self._show_undo_names(self.session.undo_names)
        if not is_open:
            self.setWindowTitle(APPLICATION_TITLE)
            self._welcome.refresh()
            self._stack.setCurrentWidget(self._welcome)

    def _show_title(self) -> None:
        details = self.session.details
        title = " · ".join(part for part in (details.learner.name, details.qualification.title) if part)
        self._title.setText(f"{title} (read only)" if self.session.read_only else title)
        self.setWindowTitle(f"{details.learner.name} – {APPLICATION_TITLE}")

    def _show_saving(self, saving: bool) -> None:
        if not self.session.is_open:
            return
        if self.session.read_only:
            self._status.show_state("Opened for reading: nothing can be changed")
        else:
            self._status.show_state("Saving …" if saving else "All changes saved")

    def _show_undo_names(self, names: UndoNames) -> None:
        can_change = self.session.is_open and not self.session.read_only
        for action_id, verb, name in (("undo", "Undo", names.undo), ("redo", "Redo", names.redo)):
            action = self.actions_[action_id]
            action.setText(f"&{verb}{f' “{name}”'.replace('&', '&&') if name else ''}")
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{verb} {f'“{name}” ' if name else ''}({keys})")
            action.setEnabled(can_change and bool(name))

    def _read_counts(self) -> None:
        if self.session.is_open:
            self.session.read(
                _counts, self.session.kinds, done=self._navigation.set_counts, receiver=self, topic="counts"
            )

    def _commit(self) -> None:
        for page in self._pages.values():
            page.commit()

    def _show_sentence(self, kind: BannerKind, sentence: KnownError | str) -> None:
        self.message(str(sentence), kind=kind)

    # The look

    def _apply_theme(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, self.settings.get(declared.THEME), self.settings.get(declared.ZOOM))
            self._navigation.set_narrow(self.width() < _NARROW_BELOW * self.settings.get(declared.ZOOM))

    def _watch_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._focused is not None and self._focused is not now:
            with suppress(RuntimeError):  # the widget may have been deleted
                self._focused.removeEventFilter(self)
            self._focused = None
        if isinstance(now, QLineEdit | QTextEdit | QPlainTextEdit):
            now.installEventFilter(self)
            self._focused = now

    def _come_forward(self, paths: Sequence[Path]) -> None:
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        if paths:
            self.open_files(paths)

    def _restore_geometry(self) -> None:
        stored = self.settings.get(declared.WINDOW_GEOMETRY)
        geometry = QByteArray(base64.b64decode(stored.encode("ascii", "ignore"), validate=False)) if stored else None
        if geometry is None or not self.restoreGeometry(geometry):
            screen = self.screen().availableGeometry()
            self.resize(min(1280, screen.width()), min(800, screen.height()))

    def _remember_state(self) -> None:
        geometry = bytes(self.saveGeometry().data())
        self.settings.set(declared.WINDOW_GEOMETRY, base64.b64encode(geometry).decode("ascii"))
        state = self.settings.get(declared.WINDOW_STATE).copy()
        for name, page in self._pages.items():
            state[name] = page.state()
        current = self._stack.currentWidget()
        for name, page in self._pages.items():
            if page is current:
                state["page"] = name
        if self.session.is_open:
            state["folder"] = str(self.session.folder)
        self.settings.set(declared.WINDOW_STATE, state)

    def _is_same_portfolio(self) -> bool:
        return self.settings.get(declared.WINDOW_STATE).get("folder") == str(self.session.folder)

    def _remember_recent(self, folder: Path) -> None:
        shown = str(folder)
        recent = [shown, *(other for other in self.settings.get(declared.RECENT) if other != shown)]
        self.settings.set(declared.RECENT, recent[:_MOST_RECENT])
        self.settings.set(declared.LAST_OPEN, shown)


class _Dialog(Protocol):
    def __init__(self, window: MainWindow, **options: Any) -> None: ...
    def setAttribute(self, attribute: Qt.WidgetAttribute) -> None: ...  # noqa: N802
    def open(self) -> None: ...


_imported: set[str] = set()


def _page_declaration(name: str) -> PageDeclaration:
    return next(page for page in PAGES if page.name == name)


def _dropped(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _may_be_portfolio(path: Path) -> bool:
    return path.suffix.lower() == _PORTFOLIO_SUFFIX or path.is_dir()


def _undoable(widget: QObject) -> tuple[bool, bool]:
    if isinstance(widget, QLineEdit):
        return widget.isUndoAvailable(), widget.isRedoAvailable()
    if isinstance(widget, QTextEdit | QPlainTextEdit):
        document = widget.document()
        return document.isUndoAvailable(), document.isRedoAvailable()
    return True, True


# What follows runs on the portfolio's thread, which is the first to import what lies below the window.
# ruff: noqa: PLC0415


def _import_pages(progress: Progress) -> None:
    for number, page in enumerate(PAGES):
        progress(number, len(PAGES), page.title)
        importlib.import_module(page.module)
        _imported.add(page.module)


def _open_portfolio(place: Path, read_only: bool, take_over: bool) -> PortfolioFile:
    from portfolio_app.services.portfolios import open_portfolio

    return open_portfolio(place, read_only=read_only, take_over=take_over)


def _make_backup(portfolio: PortfolioFile) -> object:
    from portfolio_app.services.backups import make_backup

    return make_backup(portfolio)


def _counts(portfolio: PortfolioFile, kinds: Mapping[str, Any]) -> Mapping[str, int]:
    from portfolio_app.services.overview import counts

    found = counts(portfolio, kinds)
    return {
        places.EVIDENCE: found.evidence,
        places.UNITS: found.units,
        places.GAPS: found.gaps,
        places.FEEDBACK: found.unanswered,
    }


def _nothing() -> None:
    """Come after the jobs before."""
