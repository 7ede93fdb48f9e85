"""The item of evidence in hand: everything that is typed into it, its files, and what is in them."""

from portfolio_app.gui.widgets.evidence_editor.editor import EvidenceEditor

__all__ = ["EvidenceEditor"]
