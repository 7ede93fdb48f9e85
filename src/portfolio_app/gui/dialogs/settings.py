"""The settings. Each takes effect at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from portfolio_app import settings as declared
from portfolio_app.crash import without_home
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.shared_spelling import shared_spelling
from portfolio_app.gui.widgets.basics import ElidedLabel, FlowLayout, MutedLabel, Section, SegmentedControl, button
from portfolio_app.gui.widgets.upright_area import ScrolledColumn
from portfolio_app.paths import user_config_dir, user_log_dir
from portfolio_app.settings import Setting

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow

_WIDTH, _HEIGHT = 620, 700
_WORDS_HEIGHT: Final = 130
_LONGEST_WORD: Final = 40
_RESET: Final[tuple[Setting[Any], ...]] = (
    declared.THEME,
    declared.ZOOM,
    declared.COMPACT,
    declared.SPELLING,
    declared.REOPEN,
    declared.PORTFOLIOS_FOLDER,
    declared.ASSESSOR,
)


class SettingsDialog(DialogFrame):
    """How the window looks, how spelling is checked, where portfolios go, and where the program keeps its files."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("Settings", window)
        self._settings = window.settings
        self._spelling = shared_spelling(window)
        self._theme = SegmentedControl(
            (("system", "As the system"), ("light", "Light"), ("dark", "Dark")), accessible_name="Light or dark"
        )
        self._zoom = QComboBox()
        self._compact = QCheckBox("&Compact rows, so that more of a list is seen")
        self._checks = QCheckBox("Check &spelling in all texts (British English)")
        self._words = QListWidget()
        self._word = QLineEdit()
        self._reopen = QCheckBox("Open the &last portfolio when the program starts")
        self._folder = ElidedLabel("", mode=Qt.TextElideMode.ElideMiddle)
        self._assessor = QLineEdit()
        page = ScrolledColumn()
        self.body.addWidget(page)
        for section in (self._look(), self._writing(), self._portfolios(), self._feedback(), self._files()):
            page.column.addWidget(section)
        page.column.addStretch(1)
        self._show()
        self._connect()
        reset = self.add_left_button("Put all settings back …")
        reset.clicked.connect(self._ask_to_reset)
        self.add_close_button().setDefault(True)
        self.set_size(_WIDTH, _HEIGHT)

    # Building

    def _look(self) -> Section:
        section = Section("Look")
        for step in declared.ZOOM_STEPS:
            self._zoom.addItem(f"{step:.0%}", step)
        both = QWidget()
        flow = FlowLayout(both, gap=16)
        flow.addWidget(_labelled("&Theme", self._theme))
        flow.addWidget(_labelled("Si&ze of letters and icons", self._zoom))
        section.body.addWidget(both)
        section.body.addWidget(self._compact)
        return section

    def _writing(self) -> Section:
        section = Section("Writing")
        section.body.addWidget(self._checks)
        label = MutedLabel("&Words that you added; they are never marked.")
        label.setBuddy(self._words)
        section.body.addWidget(label)
        self._words.setAccessibleName("Words that you added")
        self._words.setFixedHeight(theme.current().scaled(_WORDS_HEIGHT))
        self._words.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        section.body.addWidget(self._words)
        self._word.setPlaceholderText("A word to add")
        self._word.setAccessibleName("A word to add")
        self._word.setMaxLength(_LONGEST_WORD)
        self._add = button("Add")
        self._forget = button("Remove")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._word, 1)
        for one in (self._add, self._forget):
            one.setAutoDefault(False)
            row.addWidget(one)
        section.body.addLayout(row)
        return section

    def _portfolios(self) -> Section:
        section = Section("Portfolios")
        section.body.addWidget(self._reopen)
        section.body.addWidget(MutedLabel("New portfolios go to"))
        choose = button("Choose …")
        choose.setAccessibleName("Choose where new portfolios go")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._pick_folder)
        row = QHBoxLayout()
        row.addWidget(self._folder, 1)
        row.addWidget(choose)
        section.body.addLayout(row)
        return section

    def _feedback(self) -> Section:
        section = Section("Feedback")
        section.body.addWidget(_labelled("Name of the &assessor", self._assessor))
        self._assessor.setPlaceholderText("Filled in where a decision is recorded")
        return section

    def _files(self) -> Section:
        section = Section("Files of the program")
        for what, folder in (("Settings and your words", user_config_dir()), ("Log and reports", user_log_dir())):
            row = QHBoxLayout()
            row.setSpacing(8)
            shown = ElidedLabel(f"{what}: {without_home(str(folder))}", mode=Qt.TextElideMode.ElideMiddle)
            theme.set_role(shown, "muted")
            opens = button("Open folder", "link", "folder-open")
            opens.setAccessibleName(f"Open the folder: {what}")
            opens.setAutoDefault(False)
            opens.clicked.connect(lambda _checked=False, folder=folder: self._open(folder))
            row.addWidget(shown, 1)
            row.addWidget(opens)
            section.body.addLayout(row)
        return section

    def _connect(self) -> None:
        self._theme.changed.connect(lambda name: self._settings.set(declared.THEME, name))
        self._zoom.activated.connect(lambda place: self._settings.set(declared.ZOOM, self._zoom.itemData(place)))
        self._compact.toggled.connect(lambda on: self._settings.set(declared.COMPACT, on))
        self._checks.toggled.connect(self._check_spelling)
        self._reopen.toggled.connect(lambda on: self._settings.set(declared.REOPEN, on))
        self._assessor.editingFinished.connect(self._keep_assessor)
        self.finished.connect(self._keep_assessor)
        self._add.clicked.connect(self._add_word)
        self._word.returnPressed.connect(self._add_word)
        self._forget.clicked.connect(self._forget_words)
        self._words.itemSelectionChanged.connect(self._allow)
        self._word.textChanged.connect(self._allow)

    # Values

    def _show(self) -> None:
        chosen = self._settings
        self._theme.set_current(chosen.get(declared.THEME))
        zoom = chosen.get(declared.ZOOM)
        nearest = min(range(len(declared.ZOOM_STEPS)), key=lambda place: abs(declared.ZOOM_STEPS[place] - zoom))
        self._zoom.setCurrentIndex(nearest)
        self._compact.setChecked(chosen.get(declared.COMPACT))
        self._checks.setChecked(bool(chosen.get(declared.SPELLING)))
        self._reopen.setChecked(chosen.get(declared.REOPEN))
        self._assessor.setText(chosen.get(declared.ASSESSOR))
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._folder.setText(chosen.get(declared.PORTFOLIOS_FOLDER) or documents or str(Path.home()))
        self._show_words()

    def _show_words(self) -> None:
        self._words.clear()
        self._words.addItems(self._spelling.own_words())
        self._allow()

    def _allow(self) -> None:
        self._add.setEnabled(bool(self._word.text().strip()))
        self._forget.setEnabled(bool(self._words.selectedItems()))

    def _check_spelling(self, on: bool) -> None:
        self._settings.set(declared.SPELLING, declared.SPELLING.default if on else "")

    def _add_word(self) -> None:
        words = self._word.text().split()
        if not words:
            return
        for word in words:
            self._spelling.add_word(word)
        self._word.clear()
        self._show_words()

    def _forget_words(self) -> None:
        for item in self._words.selectedItems():
            self._spelling.forget_word(item.text())
        self._show_words()

    def _keep_assessor(self) -> None:
        self._settings.set(declared.ASSESSOR, " ".join(self._assessor.text().split()))

    def _pick_folder(self) -> None:
        chosen = QFileDialog(self, "Choose where new portfolios go", self._folder.text())
        chosen.setFileMode(QFileDialog.FileMode.Directory)
        chosen.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen.fileSelected.connect(self._take_folder)
        chosen.open()

    def _take_folder(self, folder: str) -> None:
        self._settings.set(declared.PORTFOLIOS_FOLDER, folder)
        self._folder.setText(folder)

    def _open(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.show_problem(f"The folder cannot be made: {error.strerror or error}.")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _ask_to_reset(self) -> None:
        question = QuestionDialog(
            "Put all settings back?",
            "Everything here is as it was when the program was new. Your words, your portfolios and the list of "
            "recent ones stay.",
            "Put them back",
            parent=self,
        )
        question.answered.connect(self._reset)
        question.open()

    def _reset(self, _answer: str) -> None:
        for setting in _RESET:
            self._settings.set(setting, setting.default)
        self._show()


def _labelled(text: str, field: QWidget) -> QWidget:
    label = QLabel(text)
    label.setBuddy(field)
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(label)
    column.addWidget(field)
    return both
