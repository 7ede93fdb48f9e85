"""The window: what is the same on all pages, and which portfolio it shows."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from portfolio_app import settings as declared
from portfolio_app.domain.errors import KnownError
from portfolio_app.gui import icons, places, theme
from portfolio_app.gui.actions import ACTIONS, MENUS, ActionDeclaration, Actions, declaration
from portfolio_app.gui.commands import Commands
from portfolio_app.gui.late_modules import LateModules
from portfolio_app.gui.navigation import PAGES, NavigationColumn
from portfolio_app.gui.notices import MessageArea, Toast
from portfolio_app.gui.page import Page
from portfolio_app.gui.page_shelf import PageShelf
from portfolio_app.gui.pages.welcome import WelcomePage
from portfolio_app.gui.places import Place
from portfolio_app.gui.search_upkeep import SearchUpkeep
from portfolio_app.gui.session import Session, UndoNames
from portfolio_app.gui.status_line import StatusLine
from portfolio_app.gui.tasks import Tasks
from portfolio_app.gui.text_undo import TextUndo
from portfolio_app.gui.widgets.basics import BannerKind, ElidedLabel, press_with_enter
from portfolio_app.gui.widgets.drop_zones import DropZones, files_in
from portfolio_app.gui.widgets.tab_order import go_on
from portfolio_app.settings import Settings

if TYPE_CHECKING:  # the window is on screen before SQLAlchemy is imported
    from portfolio_app.storage.portfolio_file import PortfolioFile

APPLICATION_TITLE: Final = "Portfolio App"
_SMALLEST: Final = (720, 480)
_USUAL: Final = (1280, 800)
_FRAME: Final = (16, 48)  # what the desktop's own title bar and edges may take of a screen
_NARROW_BELOW: Final = 1000
_INSPECTOR_BESIDE_FROM: Final = 1100
_INSPECTOR_WIDTH: Final = 320
_COUNTS_AFTER_MS: Final = 200
_MOST_RECENT: Final = 12
_PORTFOLIO_SUFFIX: Final = ".portfolio"
_PACKAGE_SUFFIX: Final = ".zip"
_OPEN_FIRST: Final = "Open or make a portfolio first, then drop files on it."
_ABOUT_SEALS: Final = "To see whether a sealed document was changed, choose File › Check a sealed document."
_INSPECTOR_MODULE: Final = "portfolio_app.gui.inspector"


class MainWindow(QMainWindow):
    """The one window of the program.

    Its first picture needs nothing but Qt: pages and what lies below them are imported by the portfolio's thread.
    """

    def __init__(self, tasks: Tasks, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.tasks = tasks
        self.session = Session(tasks, self)
        self.searching = SearchUpkeep(self.session, self)
        self.searching.changed.connect(self.session.texts.look_again)
        self.session.texts.give_way(lambda: self.searching.is_indexing)
        self._inspector: QWidget | None = None
        self._inspected: Place | None = None
        self._modules = LateModules(tasks, self)
        self.commands = Commands(self, self._modules)
        self.actions_ = Actions(self, self.run_action)
        self._stack = QStackedWidget()
        self._zones = DropZones(self)
        self._hovering: list[Path] = []
        self._shelf = PageShelf(self.session, self, self._stack, self._modules)
        self.setWindowTitle(APPLICATION_TITLE)
        self.setAcceptDrops(True)
        self.setMinimumSize(*_SMALLEST)
        self._build()
        self._connect()
        self._show_whether_open()
        self._restore_geometry()

    # What pages ask for

    def go(self, place: Place) -> None:
        """Show a place; a page that is shown for the first time is made first."""
        if self.session.is_open:
            self._shelf.go(place)

    @property
    def is_at_rest(self) -> bool:
        """Whether the portfolio's thread has answered everything, and the page that was asked for is there."""
        return self.tasks.is_idle and not self._shelf.is_making

    def go_back(self) -> None:
        """Show the place before this one."""
        if self.session.is_open:
            self._shelf.back()

    def inspect(self, place: Place | None) -> None:
        """Show what is known of a thing in the inspector, if that is open."""
        self._inspected = place
        if self._inspector is not None and self._inspector.isVisible():
            self._inspector.show_place(place)  # type: ignore[attr-defined] # its class is imported when it is opened

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
        page = self._shelf.get(action.page) if action.page else None
        if not action.page:
            getattr(self.commands, action.handler)()
        elif page is not None and self._shelf.current() is page:
            _handle(action, page)
        else:
            self._shelf.go(Place(action.page), partial(_handle, action))

    def check_seal(self, path: Path) -> None:
        """Say whether a sealed document was changed, and what its key is."""
        self.commands.check_seal(path)

    def read_answers(self, paths: Sequence[Path]) -> None:
        """Read review copies that came back, on the page that shows what they say."""
        if self.session.is_open:
            self._shelf.go(Place(places.FEEDBACK), partial(_read_answers, paths))

    def read_statements(self, paths: Sequence[Path]) -> None:
        """Read forms that witnesses sent back, on the page that shows the items they are about."""
        if self.session.is_open:
            self._shelf.go(Place(places.EVIDENCE), partial(_read_statements, paths))

    def page(self, name: str) -> Page | None:
        """Return a page that has been made."""
        return self._shelf.get(name)

    # Opening and closing

    def open_path(self, place: Path, *, read_only: bool = False, take_over: bool = False) -> None:
        """Open a portfolio by its folder or file in place of what is open."""
        if self._is_open_here(place):
            self.commands.go_overview()
            return
        self._messages.clear()
        if not self.session.is_open:
            self._stack.setCurrentWidget(self._loading)
        self._status.show_state(f"Opening {place.name} …")
        opener = partial(_open_portfolio, place, read_only=read_only, take_over=take_over)
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

    def open_files(self, paths: Sequence[Path]) -> None:
        """Open a portfolio or a package that was dropped or handed over, or make evidence of other files."""
        portfolio = next((path for path in paths if _may_be_portfolio(path)), None)
        if portfolio is not None:
            self.open_path(portfolio)
        elif len(paths) == 1 and paths[0].suffix.lower() == _PACKAGE_SUFFIX:
            self.commands.offer_package(paths[0])
        elif self.session.is_open and paths:
            self.add_evidence(paths)
        elif paths:
            may_be_sealed = any(path.suffix.lower() == ".pdf" for path in paths)
            self.message(f"{_OPEN_FIRST} {_ABOUT_SEALS}" if may_be_sealed else _OPEN_FIRST, kind="warning")

    def add_evidence(self, paths: Sequence[Path]) -> None:
        """Make evidence of files."""
        self._shelf.go(Place(places.EVIDENCE), partial(_add_files, paths))

    def come_forward(self, paths: Sequence[Path]) -> None:
        """Show the window above others, and open what another start of the program was given."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        self.open_files(paths)

    def warm_up(self) -> None:
        """Make ready what every page needs, and the pages themselves, while the user reads the first one."""
        ahead = chain(icons.draw_ahead(), self._shelf.make_ahead(), self._begin_searching())
        self._modules.warm_up([page.module for page in PAGES], ahead)

    def _begin_searching(self) -> Iterator[None]:
        yield
        self.searching.begin_soon()

    def show_welcome(self) -> None:
        """Show the portfolios opened lately."""
        self._shelf.commit()
        self._welcome.refresh()
        self._stack.setCurrentWidget(self._welcome)
        self._welcome.setFocus()

    def toggle_inspector(self) -> None:
        """Show or hide the inspector on the right."""
        if self._inspector is None:
            self._modules.use(_INSPECTOR_MODULE, self._make_inspector)
        else:
            self._show_inspector(shown=self._inspector.isHidden())

    # Qt

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Let Tab go through the window as it is read."""
        return go_on(self, forward=forward)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Save what was typed, close the portfolio, and remember how the window looked."""
        self._remember_state()
        last = str(self.session.folder) if self.session.is_open else ""
        self.hide()  # putting away the pages and the last back-up take a while, which nobody needs to watch
        self.session.close()
        self.settings.set(declared.LAST_OPEN, last)
        self.tasks.rest()
        self.tasks.stop()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Let Enter press the button in focus, as Space does."""
        if not press_with_enter(self, event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the parts the room that there is."""
        super().resizeEvent(event)
        self._fit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files, and say over a page that takes none itself what becomes of them."""
        self._hovering = files_in(event.mimeData())
        if self._hovering:
            event.acceptProposedAction()
            self._zones.show()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802
        """Show the page as it was, unless the files went to what covers it."""
        self._zones.leave()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open a portfolio, or make evidence of the files."""
        paths = files_in(event.mimeData())
        self._zones.hide()
        if paths:
            event.acceptProposedAction()
            self.open_files(paths)

    def _sentence_for_files(self) -> str:
        """Return what dropping the files that hover does; nothing where the page says so itself."""
        page = self._shelf.current()
        if page is not None and page.acceptDrops():
            return ""
        if any(map(_may_be_portfolio, self._hovering)):
            return "Open this portfolio"
        if len(self._hovering) == 1 and self._hovering[0].suffix.lower() == _PACKAGE_SUFFIX:
            return "Open this package"
        if self.session.is_open and not self.session.read_only:
            return "A new item of evidence" if len(self._hovering) == 1 else "A new item of evidence for each file"
        return ""

    # Building

    def _build(self) -> None:
        self._navigation = NavigationColumn()
        self._messages = MessageArea()
        self._welcome = WelcomePage(self)
        self._loading = QWidget()
        self._stack.addWidget(self._welcome)
        self._stack.addWidget(self._loading)
        self._status = StatusLine()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._stack)
        middle = QWidget()
        _column(middle, self._messages, self._splitter)
        below = QWidget()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._navigation)
        row.addWidget(middle, 1)
        whole = QWidget()
        self._top = self._build_top()
        _column(whole, self._top, below, self._status, stretched=below)
        self.setCentralWidget(whole)
        self._toast = Toast(middle)
        self._zones.add(self._stack, self._sentence_for_files, self.open_files)
        self._build_menus()

    def _build_top(self) -> QWidget:
        self._title = ElidedLabel("")
        search = QPushButton("Search or run a command")
        search.setAccessibleName("Search or run a command")
        search.setToolTip("Search everything in the portfolio, or run a command (Ctrl+K)")
        theme.set_role(search, "search-box")
        icons.set_icon(search, "search", colour="muted")
        search.setMinimumWidth(280)
        search.clicked.connect(partial(self.run_action, "search"))
        right = QWidget()
        buttons = QHBoxLayout(right)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(4)
        buttons.addStretch(1)
        for action_id in ("undo", "redo", "inspector"):
            button = QToolButton()
            button.setDefaultAction(self.actions_[action_id])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            theme.set_role(button, "quiet")
            buttons.addWidget(button)
        top = QWidget()
        theme.set_role(top, "top-line")
        row = QHBoxLayout(top)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self._title, 1)
        row.addWidget(search)
        row.addWidget(right, 1)
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
        session.commit_requested.connect(self._shelf.commit)
        self.tasks.refused.connect(partial(self._show_sentence, "error"))
        self.tasks.started.connect(self._status.show_task)
        self._navigation.chosen.connect(lambda name: self.go(Place(name)))
        self._shelf.shown.connect(self._show_page)
        self._toast.undo_pressed.connect(self.commands.undo)
        self._counts_clock = QTimer(self, singleShot=True, interval=_COUNTS_AFTER_MS)
        self._counts_clock.timeout.connect(self._read_counts)
        self.settings.observe(declared.THEME, self._apply_theme)
        self.settings.observe(declared.ZOOM, self._apply_theme)
        self.settings.observe(declared.COMPACT, self._apply_theme)
        self._text_undo = TextUndo(_application(), self)

    def _make_inspector(self, module: ModuleType) -> None:
        if self._inspector is None and self.session.is_open:
            self._inspector = module.Inspector(self.session, self)
            self._splitter.addWidget(self._inspector)
            self._splitter.setStretchFactor(0, 1)
            width = theme.current().scaled(_INSPECTOR_WIDTH)
            self._splitter.setSizes([self._splitter.width() - width, width])
            self._show_inspector(shown=True)

    def _show_inspector(self, *, shown: bool) -> None:
        if self._inspector is not None:
            self._inspector.setVisible(shown)
            self._fit_inspector()
            self.inspect(self._inspected)

    def _show_page(self, name: str) -> None:
        self._navigation.show_page(name)
        if self._stack.isHidden():
            self._show_inspector(shown=False)

    # The portfolio

    def _is_open_here(self, place: Path) -> bool:
        session = self.session
        return session.is_open and place.absolute() in (session.folder.absolute(), session.path.absolute())

    def _not_opened(self, place: Path, error: BaseException) -> None:
        if self.session.is_open:
            self._show_saving(self.session.is_saving)
        else:
            self._show_whether_open()
        if type(error).__name__ == "PortfolioLocked":  # the class itself is imported later
            self.commands.open_dialog("open_portfolio", "LockedDialog", place=place, error=error)
        else:
            self.message(str(error), kind="error")

    def _has_opened(self) -> None:
        folder = str(self.session.folder)
        recent = [folder, *(other for other in self.settings.get(declared.RECENT) if other != folder)]
        self.settings.set(declared.RECENT, recent[:_MOST_RECENT])
        self.settings.set(declared.LAST_OPEN, folder)
        self._show_whether_open()
        self._show_title()
        self._show_saving(False)
        self._read_counts()
        state = self.settings.get(declared.WINDOW_STATE)
        known = {page.name for page in PAGES}
        page = state.get("page") if state.get("folder") == folder else None
        self.go(Place(page if page in known else places.OVERVIEW))
        self.warm_up()

    def _has_closed(self) -> None:
        self._remember_state()
        self._stack.setCurrentWidget(self._welcome)  # else page after page is shown while they go
        self._shelf.clear()
        if self._inspector is not None:
            self._inspector.deleteLater()
            self._inspector = None
            self._fit_inspector()
        self._messages.clear()
        self._navigation.set_counts({})
        self._status.show_state("")
        self.settings.set(declared.LAST_OPEN, "")
        self._show_whether_open()

    def _has_changed(self, _changes: object, _initiator: object) -> None:
        self._show_title()
        self._counts_clock.start()

    def _show_whether_open(self) -> None:
        is_open = self.session.is_open
        self.actions_.enable(is_open=is_open, can_change=is_open and not self.session.read_only)
        for part in (self._navigation, self._top, self._status):
            part.setVisible(is_open)
        self._show_undo_names(self.session.undo_names)
        if not is_open:
            self.setWindowTitle(APPLICATION_TITLE)
            self._welcome.refresh()
            self._stack.setCurrentWidget(self._welcome)
            self._welcome.setFocus()

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

    def _show_sentence(self, kind: BannerKind, sentence: KnownError | str) -> None:
        self.message(str(sentence), kind=kind)

    # The look

    def _apply_theme(self) -> None:
        chosen = self.settings
        theme.apply(
            _application(), chosen.get(declared.THEME), chosen.get(declared.ZOOM), compact=chosen.get(declared.COMPACT)
        )
        self._fit()

    def _fit(self) -> None:
        self._navigation.set_narrow(self.width() < theme.current().scaled(_NARROW_BELOW))
        self._fit_inspector()

    def _fit_inspector(self) -> None:
        """Let the inspector stand in the page's place where there is no room for it beside."""
        inspector = self._inspector
        has_room = self.width() >= theme.current().scaled(_INSPECTOR_BESIDE_FROM)
        is_alone = inspector is not None and not inspector.isHidden() and not has_room
        if is_alone != self._stack.isHidden():
            self._stack.setHidden(is_alone)
            shown = inspector if is_alone else self._stack.currentWidget()
            if shown is not None:
                shown.setFocus()

    def _restore_geometry(self) -> None:
        stored = self.settings.get(declared.WINDOW_GEOMETRY).encode("ascii", "ignore")
        if not stored or not self.restoreGeometry(QByteArray(base64.b64decode(stored + b"=="))):
            room = self.screen().availableGeometry().size() - QSize(*_FRAME)
            self.resize(QSize(*_USUAL).boundedTo(room))
            if self.size() != QSize(*_USUAL):
                self.setWindowState(Qt.WindowState.WindowMaximized)  # all that a small screen has

    def _remember_state(self) -> None:
        geometry = base64.b64encode(bytes(self.saveGeometry().data())).decode("ascii")
        self.settings.set(declared.WINDOW_GEOMETRY, geometry)
        pages = self._shelf.state()
        if pages:
            state = self.settings.get(declared.WINDOW_STATE) | pages
            if self.session.is_open:
                state["folder"] = str(self.session.folder)
            self.settings.set(declared.WINDOW_STATE, state)


def _column(widget: QWidget, *parts: QWidget, stretched: QWidget | None = None) -> None:
    """Put parts below each other without gaps; the one that is stretched, else the last, takes the room."""
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for part in parts:
        layout.addWidget(part, int(part is (stretched or parts[-1])))


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError("the window needs an application")
    return application


def _handle(action: ActionDeclaration, page: Page) -> None:
    getattr(page, action.handler)()


def _add_files(paths: Sequence[Path], page: Page) -> None:
    page.add_files(paths)  # type: ignore[attr-defined] # the page of evidence is imported later


def _read_answers(paths: Sequence[Path], page: Page) -> None:
    page.read_answers(paths)  # type: ignore[attr-defined] # the page of feedback is imported later


def _read_statements(paths: Sequence[Path], page: Page) -> None:
    page.read_statements(paths)  # type: ignore[attr-defined] # as above


def _may_be_portfolio(path: Path) -> bool:
    return path.suffix.lower() == _PORTFOLIO_SUFFIX or path.is_dir()


# What follows runs on the portfolio's thread, which is the first to import what lies below the window.
# ruff: noqa: PLC0415


def _open_portfolio(place: Path, *, read_only: bool, take_over: bool) -> PortfolioFile:
    from portfolio_app.services.portfolios import open_portfolio

    return open_portfolio(place, read_only=read_only, take_over=take_over)


def _counts(portfolio: PortfolioFile, kinds: Mapping[str, Any]) -> Mapping[str, int]:
    from portfolio_app.services.overview import counts

    found = counts(portfolio, kinds)
    return {
        places.EVIDENCE: found.evidence,
        places.UNITS: found.units,
        places.GAPS: found.gaps,
        places.FEEDBACK: found.unanswered,
    }
