"""Asking for the address of a link."""

from __future__ import annotations

import re

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.gui import theme
from portfolio_app.reading.blocks import safe_link

_E_MAIL = re.compile(r"[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+")
_BARE_HOST = re.compile(r"[\w-]+(\.[\w-]+)+([/:?#]\S*)?")


def link_address(typed: str) -> str:
    """Return the web or e-mail address that was meant, or nothing if there is none."""
    typed = typed.strip()
    if _E_MAIL.fullmatch(typed):
        typed = f"mailto:{typed}"
    elif _BARE_HOST.fullmatch(typed):
        typed = f"https://{typed}"
    return typed if safe_link(typed) else ""


class LinkDialog(QDialog):
    """Asks for the text and the address of a link; the address is empty when the link is to be removed."""

    def __init__(self, text: str, address: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Change link" if address else "Add link")
        self.address = address
        self._text = QLineEdit(text)
        self._typed = QLineEdit(address)
        self._typed.setPlaceholderText("https://… or name@example.org")
        self._error = QLabel()
        self._error.setWordWrap(True)
        theme.set_role(self._error, "error")
        self._error.hide()
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.addRow("&Text", self._text)
        form.addRow("&Address", self._typed)
        form.addRow(self._error)
        buttons = QDialogButtonBox()
        keep = buttons.addButton("Change link" if address else "Add link", QDialogButtonBox.ButtonRole.AcceptRole)
        theme.set_role(keep, "primary")
        keep.setDefault(True)
        if address:
            remove: QPushButton = buttons.addButton("Remove link", QDialogButtonBox.ButtonRole.DestructiveRole)
            remove.clicked.connect(self._remove)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.addLayout(form)
        whole.addWidget(buttons)
        self.setMinimumWidth(theme.current().scaled(420))
        (self._typed if text else self._text).setFocus()

    @property
    def text(self) -> str:
        """The text that is to be shown."""
        return self._text.text().strip()

    def _keep(self) -> None:
        address = link_address(self._typed.text())
        if not address:
            self._error.setText("Give a web address that begins with https:// or http://, or an e-mail address.")
            self._error.show()
            theme.set_state(self._typed, "invalid", "true")
            self._typed.setFocus()
            return
        self.address = address
        self.accept()

    def _remove(self) -> None:
        self.address = ""
        self.accept()
