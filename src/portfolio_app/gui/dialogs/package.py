"""Making a portfolio again of the package that it was put into."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from portfolio_app.domain.progress import Progress
from portfolio_app.gui.dialogs.one_file import OneFileDialog
from portfolio_app.gui.widgets.basics import Banner, button
from portfolio_app.gui.widgets.fact_list import FactList
from portfolio_app.gui.widgets.folder_choice import NO_FOLDER, FolderChoice
from portfolio_app.services.attachment_previews import size_in_words
from portfolio_app.services.packages import (
    ImportedPackage,
    PackageFacts,
    PasswordNeeded,
    import_package,
    look_into_package,
    looks_like_package,
)
from portfolio_app.services.portfolios import folder_name, free_folder, open_portfolio

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow

_SIZE: Final = (620, 560)
_COPY_FOR_OTHERS: Final = (
    "This package is a copy for others: it holds the documents and not the portfolio itself, so none can be made of "
    "it. To read it, unpack it and open “index.html”."
)


class PackageDialog(OneFileDialog):
    """Says what a package holds, asks where to put it and perhaps for its password, and makes the portfolio."""

    def __init__(self, window: MainWindow, *, path: Path | None = None, may_be_evidence: bool = False) -> None:
        """Ask for a package, or begin with the one at ``path``, which might have been meant as evidence."""
        super().__init__(
            window,
            "Open a package",
            says="A package with everything in it becomes a portfolio again, in a folder of its own. The package stays "
            "as it is.",
            wanted="package",
            kinds="Packages (*.zip)",
        )
        self._secret = QWidget()
        self._password = QLineEdit()
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password.setAccessibleName("Password")
        self._facts = FactList()
        self._only_for_others = Banner(_COPY_FOR_OTHERS, "info")
        self._where = QWidget()
        self._place = FolderChoice(window.settings)
        self._build()
        self._evidence = self.add_left_button("Add it as evidence")
        self._evidence.setVisible(may_be_evidence)
        self._evidence.clicked.connect(self._take_as_evidence)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._make = self.add_button("Make the portfolio", "primary", default=True)
        self._make.clicked.connect(self._go_on)
        self._show_nothing()
        self.set_size(*_SIZE)
        if path is not None:
            self.show_file(path)

    # What is in it

    def look(self) -> None:
        """Find out what the package holds."""
        self._password.clear()
        self._show_making(False)
        self._show_nothing()
        self._look()

    def _look(self) -> None:
        if self.path is not None:
            self.show_problem("")
            work = partial(_look, self.path, self._password.text(), self._place.around)
            self.work(work, title="Looking into the package", done=self._show, failed=self._not_looked)

    def _show_nothing(self) -> None:
        for part in (self._secret, self._facts, self._only_for_others, self._where):
            part.hide()
        self._make.setEnabled(False)

    def _show(self, found: tuple[PackageFacts, str]) -> None:
        facts, name = found
        self._secret.hide()
        self._facts.show_facts(_in_words(facts))
        self._facts.show()
        self._only_for_others.setVisible(not facts.holds_portfolio)
        self._where.setVisible(facts.holds_portfolio)
        self._place.suggest(name)
        self._make.setEnabled(facts.holds_portfolio)
        if facts.holds_portfolio:
            self._make.setFocus()

    def _not_looked(self, error: BaseException) -> None:
        self.show_error(error)
        if isinstance(error, PasswordNeeded):
            if not self._secret.isVisible():
                self.show_problem("")
            self._secret.show()
            self._password.setFocus()
            self._password.selectAll()

    # Making the portfolio

    def _go_on(self) -> None:
        folder = self._place.folder()
        if self.path is None or folder is None:
            self.show_problem(NO_FOLDER)
            return
        self.show_problem("")
        self._show_making(True)
        work = partial(_made, self.path, folder, self._password.text())
        self.work(work, title="Making the portfolio", done=self._has_made, failed=self._not_made)

    def _show_making(self, making: bool) -> None:
        for part in (self._make, self._where, self._evidence):
            part.setEnabled(not making)

    def _has_made(self, made: ImportedPackage) -> None:
        # Opening it says which attached files are missing.
        self.window_.start_portfolio(partial(open_portfolio, made.path), done=self.accept, failed=self._not_made)

    def _not_made(self, error: BaseException) -> None:
        self._show_making(False)
        self.show_error(error)

    def _take_as_evidence(self) -> None:
        window, path = self.window_, self.path
        self.reject()
        if path is not None:
            window.add_evidence([path])

    # Building

    def _build(self) -> None:
        secret = QVBoxLayout(self._secret)
        secret.setContentsMargins(0, 0, 0, 0)
        secret.setSpacing(4)
        label = QLabel("It is protected. Its &password")
        label.setBuddy(self._password)
        open_it = button("Look inside")
        open_it.setAutoDefault(False)
        open_it.clicked.connect(self._look)
        row = QHBoxLayout()
        row.addWidget(self._password, 1)
        row.addWidget(open_it)
        secret.addWidget(label)
        secret.addLayout(row)
        self._password.returnPressed.connect(self._look)
        where = QVBoxLayout(self._where)
        where.setContentsMargins(0, 0, 0, 0)
        where.setSpacing(4)
        place_label = QLabel("&Folder for the portfolio")
        place_label.setBuddy(self._place.field)
        where.addWidget(place_label)
        where.addWidget(self._place)
        for part in (self._secret, self._facts, self._only_for_others, self._where):
            self.page.column.addWidget(part)
        self.page.column.addStretch(1)


def offer(window: MainWindow, path: Path) -> None:
    """Ask what to do with a zip that was dropped or handed over: a package is opened, another one is evidence."""
    if not window.session.is_open:
        window.commands.open_package(path)
        return

    def decide(is_package: bool) -> None:
        if is_package and window.session.is_open:
            window.commands.open_package(path, may_be_evidence=not window.session.read_only)
        elif window.session.is_open:
            window.add_evidence([path])

    window.tasks.work(
        partial(_looks_like_package, path), title=f"Looking at {path.name}", done=decide, receiver=window, quiet=True
    )


def _looks_like_package(path: Path, progress: Progress) -> bool:
    del progress
    return looks_like_package(path)


def _look(path: Path, password: str, around: Path, progress: Progress) -> tuple[PackageFacts, str]:
    facts = look_into_package(path, password, progress)
    return facts, free_folder(around, folder_name(facts.learner or path.stem)).name


def _made(path: Path, folder: Path, password: str, progress: Progress) -> ImportedPackage:
    return import_package(path, folder, password=password, progress=progress)


def _in_words(facts: PackageFacts) -> list[tuple[str, str]]:
    files = f"{facts.files:,} {'file' if facts.files == 1 else 'files'}, {size_in_words(facts.size)} unpacked"
    made = facts.made_on
    told = (
        ("Learner", facts.learner),
        ("Qualification", facts.qualification),
        ("Made on", QLocale().toString(QDate(made.year, made.month, made.day), "d MMMM yyyy") if made else ""),
        ("Holds", files),
    )
    return [(word, fact) for word, fact in told if fact]
