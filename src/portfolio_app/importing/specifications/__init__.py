"""Specifications of units as awarding bodies and others print them: texts, tables, lists.

Lines of a document (:mod:`portfolio_app.reading.document_lines`) become pieces, the pieces are cut into units, and
each unit is read on its own: its head, then its requirements. Nothing is invented: what has no reference is numbered
by its place and said to be, what is not understood is left out and said to be, and where there is no requirement
there is none.
"""

from portfolio_app.importing.specifications.reading_units import read_specification, stays_on_every_page

__all__ = ["read_specification", "stays_on_every_page"]
