"""What the menu entries do that belong to no page: the methods are the handlers of the table in ``actions``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from portfolio_app import settings as declared
from portfolio_app.gui import places, theme
from portfolio_app.gui.late_modules import LateModules
from portfolio_app.gui.places import Place

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow
    from portfolio_app.storage.portfolio_file import PortfolioFile

_DIALOGS: Final = "portfolio_app.gui.dialogs"


class Commands:
    """Handlers of actions. Dialogs are imported when they are first opened."""

    def __init__(self, window: MainWindow, modules: LateModules) -> None:
        self._window = window
        self._modules = modules
        self._coming: set[str] = set()

    def open_dialog(self, module: str, class_name: str, **options: Any) -> None:
        """Save what was typed and open a dialog of a module of ``dialogs``.

        Right after the start it waits for what it needs; who presses again meanwhile gets one dialog, not two.
        """
        asked = f"{class_name} {options}"
        if asked in self._coming:
            return
        self._coming.add(asked)
        self._window.session.commit_requested.emit()
        self._modules.use(f"{_DIALOGS}.{module}", partial(self._show_dialog, asked, class_name, options))

    # File

    def new_portfolio(self) -> None:
        """Ask for a name, units and a place, and make a portfolio."""
        self.open_dialog("new_portfolio", "NewPortfolioDialog")

    def open_portfolio(self) -> None:
        """Ask which portfolio to open."""
        self.open_dialog("open_portfolio", "OpenPortfolioDialog")

    def open_package(self, path: Path | None = None, *, may_be_evidence: bool = False) -> None:
        """Make a portfolio of a package; of the one at ``path``, if one is given, which may be meant as evidence."""
        self.open_dialog("package", "PackageDialog", path=path, may_be_evidence=may_be_evidence)

    def offer_package(self, path: Path) -> None:
        """Open a package, or make evidence of a zip that is none."""
        self._modules.use(f"{_DIALOGS}.package", lambda module: module.offer(self._window, path))

    def open_sample(self) -> None:
        """Build the sample portfolio and open it."""
        self._modules.use("portfolio_app.gui.sample_opening", lambda module: module.open_sample(self._window))

    def show_welcome(self) -> None:
        """Show the portfolios opened lately."""
        self._window.show_welcome()

    def show_details(self) -> None:
        """Show what the front sheet says."""
        self.open_dialog("details", "DetailsDialog")

    def show_declaration(self) -> None:
        """Show the learner's declaration, to be signed."""
        self.open_dialog("details", "DeclarationDialog")

    def show_people(self, person_id: str = "") -> None:
        """Show everybody the portfolio names, and of them the one with this id."""
        self.open_dialog("people", "PeopleDialog", person_id=person_id)

    def hide_names(self) -> None:
        """Show what is hidden in copies, and what might be."""
        self.open_dialog("redaction", "RedactionDialog")

    def check_seal(self, path: Path | None = None) -> None:
        """Say whether a sealed document was changed; the one at ``path``, if one is given."""
        self.open_dialog("seal_check", "SealCheckDialog", path=path)

    def make_backup(self) -> None:
        """Make a back-up now."""
        window = self._window
        window.session.commit_requested.emit()
        window.session.read(_make_backup, done=lambda _: window.toast("A back-up was made."))

    def show_backups(self) -> None:
        """Show the back-ups, compare and restore them."""
        self.open_dialog("backups", "BackupsDialog")

    def check_portfolio(self) -> None:
        """Check the database and every file."""
        self.open_dialog("checking", "CheckDialog")

    def open_folder(self) -> None:
        """Show the portfolio's folder in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._window.session.folder)))

    def close_portfolio(self) -> None:
        """Close the portfolio and go back to the welcome page."""
        self._window.session.close()

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    # Edit

    def undo(self) -> None:
        """Take the newest step of the portfolio back."""
        self._window.session.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self._window.session.redo()

    def show_history(self) -> None:
        """Show what changed, newest first."""
        self.open_dialog("history", "HistoryDialog")

    def show_bin(self) -> None:
        """Show what was deleted."""
        self.open_dialog("bin", "BinDialog")

    def show_actions(self) -> None:
        """Show what there is to do, with its due dates."""
        self.open_dialog("actions", "ActionsDialog")

    def show_settings(self) -> None:
        """Show the settings."""
        self.open_dialog("settings", "SettingsDialog")

    # View

    def go_overview(self) -> None:
        """Show the overview."""
        self._window.go(Place(places.OVERVIEW))

    def go_evidence(self) -> None:
        """Show the evidence."""
        self._window.go(Place(places.EVIDENCE))

    def go_units(self) -> None:
        """Show the units."""
        self._window.go(Place(places.UNITS))

    def go_matrix(self) -> None:
        """Show the matrix."""
        self._window.go(Place(places.MATRIX))

    def go_gaps(self) -> None:
        """Show the gaps."""
        self._window.go(Place(places.GAPS))

    def go_feedback(self) -> None:
        """Show the feedback."""
        self._window.go(Place(places.FEEDBACK))

    def go_export(self) -> None:
        """Show the export page."""
        self._window.go(Place(places.EXPORT))

    def go_back(self) -> None:
        """Show the place before this one."""
        self._window.go_back()

    def show_palette(self) -> None:
        """Search everything, or run a command."""
        self.open_dialog("palette", "CommandPalette")

    def toggle_inspector(self) -> None:
        """Show or hide the inspector on the right."""
        self._window.toggle_inspector()

    def zoom_in(self) -> None:
        """Make everything larger."""
        larger = [step for step in declared.ZOOM_STEPS if step > self._zoom + 0.01]
        self._window.settings.set(declared.ZOOM, min(larger, default=declared.ZOOM_STEPS[-1]))

    def zoom_out(self) -> None:
        """Make everything smaller."""
        smaller = [step for step in declared.ZOOM_STEPS if step < self._zoom - 0.01]
        self._window.settings.set(declared.ZOOM, max(smaller, default=declared.ZOOM_STEPS[0]))

    def zoom_reset(self) -> None:
        """Show everything in its usual size."""
        self._window.settings.set(declared.ZOOM, 1.0)

    def switch_theme(self) -> None:
        """Change between light and dark."""
        self._window.settings.set(declared.THEME, "light" if theme.current().name == "dark" else "dark")

    # Help

    def show_shortcuts(self) -> None:
        """Show all shortcuts."""
        self.open_dialog("shortcuts", "ShortcutsDialog")

    def show_reports(self) -> None:
        """Show the reports of problems."""
        self.open_dialog("reports", "ReportsDialog")

    def show_about(self) -> None:
        """Show version and licences."""
        self.open_dialog("about", "AboutDialog")

    @property
    def _zoom(self) -> float:
        return self._window.settings.get(declared.ZOOM)

    def _show_dialog(self, asked: str, class_name: str, options: dict[str, Any], module: ModuleType) -> None:
        self._coming.discard(asked)
        dialog = getattr(module, class_name)(self._window, **options)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _make_backup(portfolio: PortfolioFile) -> object:
    from portfolio_app.services.backups import make_backup  # noqa: PLC0415 - SQLAlchemy is imported after the window

    return make_backup(portfolio)
