"""What is to become of a requirement that a newer version of its unit does not have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from portfolio_app.gui.theme import Space
from portfolio_app.services.unit_versions import Answer, Hanging, Removal

_FEWEST_LETTERS: Final = 12  # of a choice; longer ones are cut


class RemovalChoice(QWidget):
    """Three choices: keep it, move its claims to another requirement, remove it with its claims.

    Args:
        targets: The requirements that claims can move to: words and ids.
        parent: The widget that it is in.
    """

    answered = Signal(object)
    """The :class:`Answer`."""

    def __init__(self, targets: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._targets = targets
        self.keep = QRadioButton("&Keep it, marked as a former one", self)
        self.move_ = QRadioButton(self)
        self.remove = QRadioButton(self)
        self.target = QComboBox(self)
        self.target.setAccessibleName("Requirement that the claims move to")
        self.target.setMinimumContentsLength(_FEWEST_LETTERS)
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.target.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        for choice in (self.keep, self.move_, self.remove):
            self._group.addButton(choice)
        moving = QHBoxLayout()
        moving.setSpacing(Space.S8)
        moving.addWidget(self.move_)
        moving.addWidget(self.target, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S4)
        column.addWidget(self.keep)
        column.addLayout(moving)
        column.addWidget(self.remove)
        self._group.buttonClicked.connect(self._tell)
        self.target.activated.connect(self._take_target)

    def show_choice(self, hanging: Hanging, answer: Answer | None, nearest_id: str) -> None:
        """Ask about another requirement: what hangs on it, what was answered, and what is most like it."""
        claims = hanging.claims + hanging.binned
        decided = bool(hanging.decisions)
        self.move_.setText("Keep it, and &claim its evidence too for" if decided else "&Move its claims to")
        self.remove.setText(f"&Remove it and its {claims:,} claims" if claims > 1 else "&Remove it and its claim")
        if not claims:
            self.remove.setText("&Let it go: nothing is claimed for it")
        can_move = bool(claims and self._targets)
        self.move_.setVisible(can_move)
        self.target.setVisible(can_move)
        self.remove.setVisible(not decided)
        with QSignalBlocker(self.target):
            if not self.target.count():
                for words, requirement_id in self._targets:
                    self.target.addItem(words, requirement_id)
            wanted = answer.to_id if answer is not None and answer.to_id else nearest_id
            self.target.setCurrentIndex(max(0, self.target.findData(wanted)))
        chosen = None if answer is None else answer.removal
        # One of a group cannot be unticked but by another.
        self._group.setExclusive(False)
        for button, removal in ((self.keep, Removal.KEEP), (self.move_, Removal.MOVE), (self.remove, Removal.REMOVE)):
            button.setChecked(chosen is removal)
        self._group.setExclusive(True)

    def take_focus(self) -> None:
        """Put the keyboard on what is chosen, or on the first choice."""
        (self._group.checkedButton() or self.keep).setFocus()

    def _take_target(self) -> None:
        self.move_.setChecked(True)
        self._tell()

    def _tell(self) -> None:
        checked = self._group.checkedButton()
        if checked is self.move_:
            self.answered.emit(Answer(Removal.MOVE, str(self.target.currentData())))
        else:
            self.answered.emit(Answer(Removal.KEEP if checked is self.keep else Removal.REMOVE))
