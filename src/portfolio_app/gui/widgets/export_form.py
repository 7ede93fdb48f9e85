"""What can be chosen of an export: its format, whose copy it is, what goes in, and what it is for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.qualification import Unit
from portfolio_app.domain.redaction import Redaction
from portfolio_app.exporting.options import Audience, ExportOptions, Profile
from portfolio_app.gui import theme
from portfolio_app.gui.widgets.basics import MutedLabel, SegmentedControl, button, clear_layout
from portfolio_app.gui.widgets.elided_buttons import ElidedCheckBox
from portfolio_app.gui.widgets.new_password import NewPassword
from portfolio_app.services.packages import PACKAGE_SUFFIX, SHORTEST_PASSWORD, holds_portfolio

_INDENT: Final = 28  # to where the words of a box or a choice begin
_PDF: Final = ".pdf"
_WORD: Final = ".docx"
_NO_PAGES: Final = "A table has no pages: this makes no difference to it."
_OWN_COPY: Final = "Your own copy"
_TO_HAND_OVER: Final = "Your own copy. To hand one over, choose who gets it."
_AUDIENCES: Final = (
    (Audience.LEARNER, "Me", _OWN_COPY),
    (Audience.ASSESSOR, "Assessor", "With space for decisions"),
    (Audience.TUTOR, "Tutor", "With the gaps that are left"),
)
_PROFILES: Final = (
    (
        Profile.REVIEW,
        "To be read and answered",
        "The review copy. Your assessor fills it in, in any PDF reader, and sends it back.",
    ),
    (
        Profile.ARCHIVE,
        "To be kept",
        "The archive copy. It looks the same in many years (PDF/A), and nothing in it can be filled in.",
    ),
)
_WHOLE_PACKAGE: Final = "Nothing is left out, so it also holds the portfolio itself, which can be opened from it again."
_PARTIAL_PACKAGE: Final = (
    "This one is a copy for others. To hold the portfolio itself, to be opened from it again, it must be for you, with "
    "all units and files and nothing left out."
)
_OWN_LOOKS: Final = (
    "As the pages beside this. For the fonts, colours and logo of your centre, save the template, change it in Word, "
    "and choose it here."
)
_OTHER_LOOKS: Final = "Those of “{name}”. The pages beside this show ours."
_WHEN_LOST: Final = (
    "The password cannot be recovered: without it nobody opens the package, not even you. Give it on by another way "
    "than the package. Windows cannot unpack such a file by itself; 7-Zip and The Unarchiver can."
)


@dataclass(frozen=True, slots=True)
class Format:
    """A format to export.

    Attributes:
        suffix: That of its file.
        name: What it is called.
        says: What it is, in a sentence.
        has_pages: Whether it holds a document, and not tables alone.
        instead: What stands in the place of its pages where they cannot be shown before they are written.
    """

    suffix: str
    name: str
    says: str
    has_pages: bool = True
    instead: str = ""


FORMATS: Final = (
    Format(_PDF, "PDF", "One document that looks the same everywhere, with links from each claim to its page."),
    Format(_WORD, "Word", "One document that can be changed in a word processor."),
    Format(
        ".xlsx",
        "Spreadsheet",
        "A workbook with the coverage matrix of each unit, the evidence and its figures, to sort and filter.",
        has_pages=False,
        instead="A workbook has no pages to look at first. It opens in a program for spreadsheets.",
    ),
    Format(
        ".csv",
        "Table (CSV)",
        "One table: each requirement with each item of evidence claimed for it.",
        has_pages=False,
        instead="A table has no pages to look at first. It opens in a program for spreadsheets.",
    ),
    Format(
        PACKAGE_SUFFIX,
        "Package (.zip)",
        "One file with everything in it, readable without this program: a web page to begin with, the document as PDF, "
        "the matrix as a spreadsheet, and the original files under plain names.",
        instead="To look at the pages of the PDF in the package, choose the format PDF for a moment.",
    ),
)


class ExportForm(QWidget):
    """The options of an export. What does not apply to the format is switched off, or not shown at all."""

    changed = Signal()
    """Something else is asked for: the document is another one."""
    hold_back_wanted = Signal()
    marking_wanted = Signal()
    """Names and regions are to be marked."""
    template_wanted = Signal()
    """A Word template is to be chosen."""
    own_template_wanted = Signal()
    """A copy of the program's own is to be saved."""
    password_typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held_back: frozenset[str] = frozenset()
        self._unit_boxes: dict[str, QCheckBox] = {}
        self._format = QComboBox()
        self._format.setAccessibleName("Format")
        for kind in FORMATS:
            self._format.addItem(kind.name, kind.suffix)
        self._format_says = MutedLabel()
        self._package_says = MutedLabel()
        self._secret = NewPassword("Protect it with a password", _WHEN_LOST, SHORTEST_PASSWORD)
        self._audience = SegmentedControl(
            [(audience.value, name) for audience, name, _ in _AUDIENCES], accessible_name="For whom"
        )
        self._audience_says = MutedLabel()
        self._units = QVBoxLayout()
        self._no_units = MutedLabel("There are no units yet.")
        self._files = QCheckBox("With the attached files")
        self._files.setChecked(True)
        self._confidential = QCheckBox("Leave out confidential items")
        self._hold_back = button("Hold back items …", "link")
        self._redaction = Redaction()
        self._redacted = QCheckBox("Hide what is marked")
        self._redacted.setChecked(True)
        self._redacted_says = MutedLabel()
        self._mark = button("Hide names and regions …", "link")
        self._profiles = {profile: QRadioButton(words) for profile, words, _ in _PROFILES}
        self._purpose = QWidget()
        self._sealed = QCheckBox("Seal it, so that later changes show")
        self._sealing = QWidget()
        self._key_says = MutedLabel()
        self._paper = QComboBox()
        self._paper.addItems(["A4", "Letter"])
        self._paper.setAccessibleName("Paper")
        self._template: Path | None = None
        self._looks = QWidget()
        self._looks_say = MutedLabel()
        self._choose_template = button("Choose a template …", "link")
        self._save_template = button("Save our template …", "link")
        self._own_looks = button("Use ours again", "link")
        self._build()
        self._connect()
        self._follow()

    # What is asked for

    @property
    def format(self) -> Format:
        """The format."""
        return FORMATS[self._format.currentIndex()]

    @property
    def held_back(self) -> frozenset[str]:
        """The ids of the items that are held back."""
        return self._held_back

    @property
    def password(self) -> str:
        """The password of the package; empty where there is none."""
        return self._secret.password if self.format.suffix == PACKAGE_SUFFIX else ""

    def options(self) -> ExportOptions:
        """Return what is asked for."""
        codes = tuple(code for code, box in self._unit_boxes.items() if box.isChecked())
        return ExportOptions(
            audience=Audience(self._audience.current),
            unit_codes=() if len(codes) == len(self._unit_boxes) else codes,
            include_confidential=not self._confidential.isChecked(),
            held_back=self._held_back,
            with_files=self._files.isChecked(),
            page_size=self._paper.currentText(),
            profile=self._profile,
            sealed=self._can_be_sealed and self._sealed.isChecked(),
            word_template=self._template if self.format.suffix == _WORD else None,
            redacted=self._redacted.isChecked(),
        )

    def holds_something(self) -> bool:
        """Return whether a unit is ticked, if there is one."""
        boxes = self._unit_boxes.values()
        return not boxes or any(box.isChecked() for box in boxes)

    def can_be_used(self) -> bool:
        """Return whether nothing is to be mended first, and say what is."""
        return self.format.suffix != PACKAGE_SUFFIX or self._secret.can_be_used()

    # What the portfolio holds

    def set_units(self, units: Sequence[Unit]) -> None:
        """Show the units to choose from; those that were there keep their tick."""
        self._no_units.setVisible(not units)
        if [unit.code for unit in units] == list(self._unit_boxes):
            return
        unticked = {code for code, box in self._unit_boxes.items() if not box.isChecked()}
        clear_layout(self._units)
        self._unit_boxes = {}
        for unit in units:
            box = ElidedCheckBox(f"{unit.code}  {unit.title}")
            box.setChecked(unit.code not in unticked)
            box.toggled.connect(self._has_changed)
            self._units.addWidget(box)
            self._unit_boxes[unit.code] = box

    def hold_back(self, ids: frozenset[str]) -> None:
        """Take the items that are held back."""
        self._held_back = ids
        self._has_changed()

    def set_redaction(self, redaction: Redaction) -> None:
        """Take what is marked to be hidden."""
        self._redaction = redaction
        self._has_changed()

    def hides(self, text: str) -> bool:
        """Return whether something in a text will be hidden."""
        return self._redacted.isChecked() and bool(TermFinder(self._redaction.terms).find(text))

    def take_template(self, template: Path | None) -> None:
        """Take the template of Word documents; None is the program's own."""
        self._template = template
        self._has_changed()

    def show_strength(self, words: str) -> None:
        """Say what is thought of the password."""
        self._secret.show_strength(words)

    def show_key(self, words: str) -> None:
        """Say which key seals, and where it is."""
        self._key_says.setText(words)

    # What comes back

    def state(self) -> dict[str, Any]:
        """Return the options that come back (JSON values): no password."""
        return {
            "format": self.format.suffix,
            "audience": self._audience.current,
            "confidential": self._confidential.isChecked(),
            "files": self._files.isChecked(),
            "paper": self._paper.currentText(),
            "archive": self._profile is Profile.ARCHIVE,
            "sealed": self._sealed.isChecked(),
            "template": str(self._template or ""),
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the options that :meth:`state` returned."""
        if state.get("format") in {kind.suffix for kind in FORMATS}:
            self._format.setCurrentIndex(self._format.findData(state["format"]))
        if state.get("audience") in {audience.value for audience in Audience}:
            self._audience.set_current(state["audience"])
        ticks: tuple[tuple[str, Callable[[bool], None]], ...] = (
            ("confidential", self._confidential.setChecked),
            ("files", self._files.setChecked),
            ("archive", lambda kept: self._profiles[Profile.ARCHIVE if kept else Profile.REVIEW].setChecked(True)),
            ("sealed", self._sealed.setChecked),
        )
        for name, tick in ticks:
            if isinstance(state.get(name), bool):
                tick(state[name])
        if state.get("paper") in {"A4", "Letter"}:
            self._paper.setCurrentText(state["paper"])
        if isinstance(state.get("template"), str):
            self._template = Path(state["template"]) if state["template"] else None
        self._has_changed()

    # Building

    def _build(self) -> None:
        units = QWidget()
        units.setLayout(self._units)
        self._units.setSpacing(4)
        self._units.setContentsMargins(0, 0, 0, 0)
        self._build_purpose()
        self._build_looks()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        parts: tuple[tuple[QLabel | None, tuple[QWidget, ...]], ...] = (
            (_heading("Format"), (self._format, self._format_says, self._package_says, self._secret)),
            (None, (self._purpose, self._looks)),
            (_heading("For"), (self._audience, self._audience_says)),
            (_heading("Units"), (units, self._no_units)),
            (_heading("Evidence"), (self._files, self._confidential, self._hold_back)),
            (_heading("Names and regions"), (self._redacted, self._redacted_says, self._mark)),
            (_heading("Paper"), (self._paper,)),
        )
        for heading, widgets in parts:
            column.addSpacing(8)
            if heading is not None:
                column.addWidget(heading)
                if isinstance(widgets[0], QComboBox):
                    heading.setBuddy(widgets[0])  # by this it is known to those who hear it
            for widget in widgets:
                beside = widget in (self._format, self._hold_back, self._mark, self._paper)
                column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft if beside else Qt.AlignmentFlag(0))

    def _build_purpose(self) -> None:
        rows = QVBoxLayout(self._purpose)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(_heading("What the PDF is for"))
        rows.addSpacing(4)
        for profile, _, says in _PROFILES:
            self._profiles[profile].setAccessibleDescription(says)
            rows.addWidget(self._profiles[profile])
            rows.addLayout(_indented(MutedLabel(says)))
        self._profiles[Profile.REVIEW].setChecked(True)
        within = QVBoxLayout(self._sealing)
        within.setContentsMargins(0, 0, 0, 0)
        within.setSpacing(4)
        within.addWidget(self._sealed)
        within.addLayout(_indented(self._key_says))
        rows.addLayout(_indented(self._sealing))

    def _build_looks(self) -> None:
        rows = QVBoxLayout(self._looks)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(_heading("Looks"))
        rows.addWidget(self._looks_say)
        for choice in (self._choose_template, self._own_looks, self._save_template):
            rows.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect(self) -> None:
        self._format.currentIndexChanged.connect(self._has_changed)
        self._audience.changed.connect(self._has_changed)
        self._confidential.toggled.connect(self._has_changed)
        self._files.toggled.connect(self._has_changed)
        self._redacted.toggled.connect(self._has_changed)
        self._mark.clicked.connect(self.marking_wanted)
        self._paper.currentTextChanged.connect(self._has_changed)
        self._profiles[Profile.ARCHIVE].toggled.connect(self._has_changed)
        self._hold_back.clicked.connect(self.hold_back_wanted)
        self._secret.typed.connect(self.password_typed)
        self._choose_template.clicked.connect(self.template_wanted)
        self._save_template.clicked.connect(self.own_template_wanted)
        self._own_looks.clicked.connect(partial(self.take_template, None))

    def _has_changed(self, *_value: object) -> None:
        self._follow()
        self.changed.emit()

    # What goes with what

    @property
    def _profile(self) -> Profile:
        return next(profile for profile, choice in self._profiles.items() if choice.isChecked())

    @property
    def _can_be_sealed(self) -> bool:
        return self.format.suffix == _PDF and self._profile is Profile.ARCHIVE

    def _follow(self) -> None:
        chosen = self.format
        is_package = chosen.suffix == PACKAGE_SUFFIX
        says = {audience.value: words for audience, _, words in _AUDIENCES}
        self._format_says.setText(chosen.says)
        self._package_says.setText(
            _WHOLE_PACKAGE if holds_portfolio(self.options(), self._redaction) else _PARTIAL_PACKAGE
        )
        is_review = chosen.suffix == _PDF and self._profile is Profile.REVIEW
        is_own = self._audience.current == Audience.LEARNER
        self._audience_says.setText(_TO_HAND_OVER if is_review and is_own else says[self._audience.current])
        for part in (self._package_says, self._secret):
            part.setVisible(is_package)
        self._purpose.setVisible(is_package or chosen.suffix == _PDF)
        self._sealing.setVisible(self._can_be_sealed)
        self._looks.setVisible(chosen.suffix == _WORD)
        self._looks_say.setText(_OTHER_LOOKS.format(name=self._template.name) if self._template else _OWN_LOOKS)
        self._own_looks.setVisible(self._template is not None)
        of_pages: tuple[QWidget, ...] = (self._audience, self._audience_says, self._files, self._paper)
        for widget in of_pages:
            widget.setEnabled(chosen.has_pages)
            widget.setToolTip("" if chosen.has_pages else _NO_PAGES)
        self._redacted.setVisible(bool(self._redaction))
        self._redacted_says.setText(_marked_in_words(self._redaction, hidden=self._redacted.isChecked()))
        held = len(self._held_back)
        self._hold_back.setText(f"{held} held back …" if held else "Hold back items …")


def _marked_in_words(redaction: Redaction, *, hidden: bool) -> str:
    counted = ((len(redaction.terms), "term"), (len(redaction.regions), "region"))
    parts = [f"{number:,} {what if number == 1 else f'{what}s'}" for number, what in counted if number]
    if not parts:
        return "Nothing is marked to be hidden."
    marked = " and ".join(parts)
    return f"{marked} will not be in it; your portfolio stays as it is." if hidden else f"{marked} will be shown."


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    theme.set_role(label, "field")
    return label


def _indented(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(theme.current().scaled(_INDENT), 0, 0, 0)
    row.addWidget(widget)
    return row
