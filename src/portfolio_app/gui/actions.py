"""Everything the window can do, declared once: menus, command palette and shortcut help read this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from portfolio_app.gui import places
from portfolio_app.gui.icons import set_icon


class Needs(Enum):
    """What must be there for an action to make sense."""

    NOTHING = "nothing"
    PORTFOLIO = "an open portfolio"
    WRITABLE = "a portfolio that can be changed"


@dataclass(frozen=True, slots=True)
class ActionDeclaration:
    """One action. ``handler`` is the name of a method of the window, or of the page that ``page`` names.

    ``menu`` is the heading under which menu and help show it; ``group`` numbers its part of the menu. The first of
    ``shortcuts`` is shown.
    """

    id: str
    text: str
    menu: str
    group: int
    handler: str
    icon: str = ""
    shortcuts: tuple[str, ...] = ()
    needs: Needs = Needs.PORTFOLIO
    page: str = ""
    words: str = ""
    """More words by which the command palette finds it."""


FILE, EDIT, EVIDENCE, UNITS, VIEW, HELP = "&File", "&Edit", "E&vidence", "&Units", "Vie&w", "&Help"
MENUS: Final = (FILE, EDIT, EVIDENCE, UNITS, VIEW, HELP)

_N, _P, _W = Needs.NOTHING, Needs.PORTFOLIO, Needs.WRITABLE

ACTIONS: Final[tuple[ActionDeclaration, ...]] = (
    ActionDeclaration(
        "new-portfolio", "&New portfolio …", FILE, 1, "new_portfolio", "folder-plus", ("Ctrl+Shift+N",), _N
    ),
    ActionDeclaration("open-portfolio", "&Open …", FILE, 1, "open_portfolio", "folder-open", ("Ctrl+O",), _N),
    ActionDeclaration(
        "open-package", "Open a pack&age …", FILE, 1, "open_package", "package-open", (), _N, words="import zip restore"
    ),
    ActionDeclaration("welcome", "Open &recent", FILE, 1, "show_welcome", "history", (), _N),
    ActionDeclaration("open-sample", "Explore the &sample portfolio", FILE, 1, "open_sample", "graduation-cap", (), _N),
    ActionDeclaration(
        "details",
        "Portfolio &details …",
        FILE,
        2,
        "show_details",
        "id-card",
        (),
        words="learner name centre qualification planned end",
    ),
    ActionDeclaration(
        "declaration",
        "Dec&laration of authenticity …",
        FILE,
        2,
        "show_declaration",
        "pen-line",
        (),
        words="sign ai use own work",
    ),
    ActionDeclaration("people", "&People …", FILE, 2, "show_people", "users", (), words="witness assessor register"),
    ActionDeclaration(
        "export", "&Export …", FILE, 3, "go_export", "share", ("Ctrl+E",), words="pdf word print hand over"
    ),
    ActionDeclaration(
        "hide-names",
        "&Hide names and regions in copies …",
        FILE,
        3,
        "hide_names",
        "eye-off",
        (),
        _W,
        words="redact redaction anonymise anonymous remove private confidential gdpr black out",
    ),
    ActionDeclaration(
        "check-seal",
        "Check a sealed docu&ment …",
        FILE,
        3,
        "check_seal",
        "stamp",
        (),
        _N,
        words="verify signature changed pdf archive",
    ),
    ActionDeclaration(
        "read-answers",
        "Read a returned cop&y …",
        FILE,
        3,
        "pick_returned",
        "inbox",
        ("Ctrl+R",),
        _W,
        places.FEEDBACK,
        "assessor answer review import pdf form",
    ),
    ActionDeclaration("make-backup", "Make a &back-up now", FILE, 4, "make_backup", "archive", (), _W),
    ActionDeclaration("backups", "Back-&ups and restore …", FILE, 4, "show_backups", "archive-restore", ()),
    ActionDeclaration("check", "Chec&k the portfolio’s files …", FILE, 4, "check_portfolio", "shield-check", ()),
    ActionDeclaration("open-folder", "Show the portfolio’s &folder", FILE, 4, "open_folder", "folder", ()),
    ActionDeclaration("close-portfolio", "&Close the portfolio", FILE, 5, "close_portfolio", "x", ("Ctrl+W",)),
    ActionDeclaration("quit", "&Quit", FILE, 5, "quit", "log-out", ("Ctrl+Q",), _N),
    ActionDeclaration("undo", "&Undo", EDIT, 1, "undo", "undo-2", ("Ctrl+Z",), _W),
    ActionDeclaration("redo", "&Redo", EDIT, 1, "redo", "redo-2", ("Ctrl+Shift+Z", "Ctrl+Y"), _W),
    ActionDeclaration("history", "What c&hanged …", EDIT, 2, "show_history", "history", ("Ctrl+H",)),
    ActionDeclaration("bin", "&Bin …", EDIT, 2, "show_bin", "trash-2", (), words="deleted restore"),
    ActionDeclaration(
        "actions", "&Things to do …", EDIT, 2, "show_actions", "list-checks", ("Ctrl+T",), words="actions due"
    ),
    ActionDeclaration("settings", "&Settings …", EDIT, 3, "show_settings", "settings", ("Ctrl+,",), _N),
    ActionDeclaration(
        "new-evidence", "&New evidence …", EVIDENCE, 1, "new_item", "file-plus", ("Ctrl+N",), _W, places.EVIDENCE
    ),
    ActionDeclaration(
        "new-from-files",
        "New from &files …",
        EVIDENCE,
        1,
        "new_from_files",
        "files",
        ("Ctrl+Shift+O",),
        _W,
        places.EVIDENCE,
    ),
    ActionDeclaration(
        "paste-evidence",
        "&Paste as new evidence",
        EVIDENCE,
        1,
        "paste_as_new",
        "clipboard-paste",
        ("Ctrl+Shift+V",),
        _W,
        places.EVIDENCE,
        "clipboard screenshot picture",
    ),
    ActionDeclaration(
        "duplicate-evidence", "&Duplicate", EVIDENCE, 2, "duplicate_item", "copy", ("Ctrl+D",), _W, places.EVIDENCE
    ),
    ActionDeclaration("change-kind", "Change &kind …", EVIDENCE, 2, "change_kind", "shapes", (), _W, places.EVIDENCE),
    ActionDeclaration(
        "attach-files",
        "&Attach files …",
        EVIDENCE,
        2,
        "attach_files",
        "paperclip",
        ("Ctrl+Shift+A",),
        _W,
        places.EVIDENCE,
    ),
    ActionDeclaration(
        "witness-form",
        "Form for the &witness …",
        EVIDENCE,
        2,
        "make_witness_form",
        "signature",
        (),
        _P,
        places.EVIDENCE,
        "testimony observation sign confirm pdf",
    ),
    ActionDeclaration(
        "read-witness-form",
        "&Read a witness’s form …",
        EVIDENCE,
        2,
        "pick_witness_forms",
        "inbox",
        (),
        _W,
        places.EVIDENCE,
        "testimony observation returned signed import pdf",
    ),
    ActionDeclaration(
        "earlier-versions",
        "Earlier &versions …",
        EVIDENCE,
        2,
        "show_versions",
        "history",
        (),
        page=places.EVIDENCE,
        words="reworked before decision",
    ),
    ActionDeclaration(
        "bin-evidence",
        "Move to the &bin",
        EVIDENCE,
        3,
        "bin_items",
        "trash-2",
        ("Ctrl+Shift+Delete",),
        _W,
        places.EVIDENCE,
    ),
    ActionDeclaration(
        "find-evidence", "F&ind in the list", EVIDENCE, 4, "focus_search", "search", ("Ctrl+F",), page=places.EVIDENCE
    ),
    ActionDeclaration(
        "focus-claims",
        "Go to the &claims",
        EVIDENCE,
        4,
        "focus_claims",
        "badge-check",
        ("Ctrl+L",),
        page=places.EVIDENCE,
    ),
    ActionDeclaration(
        "add-units", "&Add from the library …", UNITS, 1, "add_library_units", "book-open", (), _W, places.UNITS
    ),
    ActionDeclaration(
        "import-unit", "&Import units …", UNITS, 1, "import_unit", "file-input", ("Ctrl+I",), _W, places.UNITS
    ),
    ActionDeclaration(
        "unit-groups",
        "&Groups of units …",
        UNITS,
        1,
        "edit_groups",
        "layers",
        (),
        _W,
        places.UNITS,
        words="mandatory optional credits qualification structure rules of combination",
    ),
    ActionDeclaration("edit-unit", "&Edit the unit …", UNITS, 2, "edit_unit", "pencil", (), _W, places.UNITS),
    ActionDeclaration(
        "update-unit",
        "&Update from a newer version …",
        UNITS,
        2,
        "update_unit",
        "refresh-cw",
        (),
        _W,
        places.UNITS,
        words="specification revised changed compare",
    ),
    ActionDeclaration(
        "export-unit",
        "E&xport the unit …",
        UNITS,
        2,
        "export_unit",
        "share",
        (),
        page=places.UNITS,
        words="mahara moodle case framework file save",
    ),
    ActionDeclaration("remove-unit", "&Remove the unit …", UNITS, 2, "remove_unit", "trash-2", (), _W, places.UNITS),
    ActionDeclaration("go-overview", "&Overview", VIEW, 1, "go_overview", "layout-dashboard", ("Ctrl+1",)),
    ActionDeclaration("go-evidence", "&Evidence", VIEW, 1, "go_evidence", "files", ("Ctrl+2",)),
    ActionDeclaration("go-units", "&Units", VIEW, 1, "go_units", "list-tree", ("Ctrl+3",)),
    ActionDeclaration("go-matrix", "&Matrix", VIEW, 1, "go_matrix", "grid-3x3", ("Ctrl+4",)),
    ActionDeclaration("go-gaps", "&Gaps", VIEW, 1, "go_gaps", "triangle-alert", ("Ctrl+5",)),
    ActionDeclaration("go-feedback", "&Feedback", VIEW, 1, "go_feedback", "message-square", ("Ctrl+6",)),
    ActionDeclaration("go-export", "E&xport", VIEW, 1, "go_export", "share", ("Ctrl+7",)),
    ActionDeclaration("go-back", "&Back", VIEW, 2, "go_back", "arrow-left", ("Alt+Left",)),
    ActionDeclaration("search", "&Search and commands …", VIEW, 2, "show_palette", "search", ("Ctrl+K",), _N),
    ActionDeclaration("inspector", "I&nspector", VIEW, 2, "toggle_inspector", "panel-right", ("F4",)),
    ActionDeclaration("zoom-in", "Zoom &in", VIEW, 3, "zoom_in", "zoom-in", ("Ctrl++", "Ctrl+="), _N),
    ActionDeclaration("zoom-out", "Zoom ou&t", VIEW, 3, "zoom_out", "zoom-out", ("Ctrl+-",), _N),
    ActionDeclaration("zoom-reset", "Original si&ze", VIEW, 3, "zoom_reset", "search", ("Ctrl+0",), _N),
    ActionDeclaration(
        "switch-theme", "&Light or dark", VIEW, 4, "switch_theme", "moon", ("Ctrl+Shift+L",), _N, words="theme night"
    ),
    ActionDeclaration("shortcuts", "&Keyboard shortcuts", HELP, 1, "show_shortcuts", "keyboard", ("F1",), _N),
    ActionDeclaration(
        "reports", "&Reports of problems …", HELP, 2, "show_reports", "bug", (), _N, words="crash error log"
    ),
    ActionDeclaration("about", "&About this program", HELP, 3, "show_about", "info", (), _N, words="version licences"),
)


class Actions(QObject):
    """The actions of one window, by id."""

    def __init__(self, window: QWidget, run: Callable[[str], None]) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        for declared in ACTIONS:
            action = QAction(declared.text, window)
            action.setObjectName(declared.id)
            action.setShortcuts([QKeySequence(keys) for keys in declared.shortcuts])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(partial(_run, run, declared.id))
            if declared.icon:
                set_icon(action, declared.icon)
            self._actions[declared.id] = action
            window.addAction(action)

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def enable(self, *, is_open: bool, can_change: bool) -> None:
        """Switch on what makes sense now."""
        holds = {Needs.NOTHING: True, Needs.PORTFOLIO: is_open, Needs.WRITABLE: can_change}
        for declared in ACTIONS:
            self._actions[declared.id].setEnabled(holds[declared.needs])


def declaration(action_id: str) -> ActionDeclaration:
    """Return the declaration with this id."""
    return next(declared for declared in ACTIONS if declared.id == action_id)


def plain_text(declared: ActionDeclaration) -> str:
    """Return an action's text as a reader sees it, without the mark of its access key."""
    return declared.text.replace("&", "").removesuffix(" …")


def _run(run: Callable[[str], None], action_id: str, _checked: bool = False) -> None:
    run(action_id)
