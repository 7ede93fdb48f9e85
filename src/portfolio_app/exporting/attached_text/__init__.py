"""Attached files of text shown in a document: what Word, spreadsheet, presentation, e-mail, web and text files say.

One reader for each format turns a file into blocks of the publication; :func:`show_file` chooses it. Files come from
strangers: each reader keeps to the limits of :mod:`portfolio_app.reading.limits`, and what it cannot
read ends in one sentence.
"""

from portfolio_app.exporting.attached_text.showing import ShownFile, is_shown_as_text, show_file

__all__ = ["ShownFile", "is_shown_as_text", "show_file"]
