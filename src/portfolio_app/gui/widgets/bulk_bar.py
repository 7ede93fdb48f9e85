"""What can be done to many marked items at once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.widgets.basics import button


class BulkBar(QWidget):
    """Stands in for the editor while several items are marked."""

    bin_requested = Signal()
    kind_requested = Signal()
    tag_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = QLabel()
        theme.set_role(self._said, "section-title")
        self._said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._tag = QLineEdit()
        self._tag.setPlaceholderText("A tag for all of them, then Enter")
        self._tag.setAccessibleName("A tag for all marked items")
        self._tag.setMaximumWidth(theme.current().scaled(320))
        self._tag.returnPressed.connect(self._add_tag)
        kind = button("Change kind …", icon_name="shapes")
        kind.clicked.connect(self.kind_requested)
        remove = button("Move to the bin", icon_name="trash-2")
        remove.clicked.connect(self.bin_requested)
        self._buttons = (kind, remove)
        row = QHBoxLayout()
        row.addStretch(1)
        for each in self._buttons:
            row.addWidget(each)
        row.addStretch(1)
        tags = QHBoxLayout()
        tags.addStretch(1)
        tags.addWidget(self._tag, 1000)
        tags.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addStretch(2)
        column.addWidget(self._said)
        column.addLayout(row)
        column.addLayout(tags)
        column.addStretch(3)

    def set_count(self, count: int) -> None:
        """Say how many items are marked."""
        self._said.setText(f"{count:,} items are marked")

    def set_read_only(self, read_only: bool) -> None:
        """Offer nothing where nothing can be changed."""
        for each in (*self._buttons, self._tag):
            each.setVisible(not read_only)

    def _add_tag(self) -> None:
        tag = self._tag.text().strip()
        if tag:
            self._tag.clear()
            self.tag_requested.emit(tag)
