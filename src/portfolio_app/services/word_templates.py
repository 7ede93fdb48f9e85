"""The template of Word documents: handing ours out to be changed, and looking at one that was."""

from __future__ import annotations

from pathlib import Path

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.durable import CannotWrite, replace_atomically
from portfolio_app.exporting.options import ExportOptions
from portfolio_app.exporting.wording import load_wording

# ruff: noqa: PLC0415 - the libraries of Word documents are slow to load

TEMPLATE_SUFFIXES = (".dotx", ".docx", ".dotm", ".docm")
"""Of files that Word documents can take their looks from; macros are left out."""


def save_word_template(target: Path) -> None:
    """Write a copy of our own template, to be changed in Word and given to exports.

    Raises:
        InvalidInput: ``target`` does not end in .dotx.
        CannotWrite: it cannot be written.
    """
    from portfolio_app.exporting.docx import OWN_TEMPLATE

    if target.suffix.lower() != ".dotx":
        raise InvalidInput(f"“{target.name}” does not end in .dotx, as a Word template does.")
    try:
        data = OWN_TEMPLATE.read_bytes()
    except OSError as error:
        raise CannotWrite(f"The program’s own template cannot be read: {error.strerror}.") from error
    with replace_atomically(target) as temporary:
        temporary.write_bytes(data)


def check_word_template(path: Path, progress: Progress = no_progress) -> tuple[str, ...]:
    """Look at a template before it is used, and return what is to be said of it.

    Raises:
        TemplateUnusable: it is none, or cannot be read.
        Cancelled: ``progress`` said so.
    """
    from portfolio_app.exporting.docx.template import read_template

    def tick() -> None:
        progress(0, 0, "Looking at the template")

    language = ExportOptions().language
    words = load_wording(language)
    template = read_template(path, language, words, tick)
    return () if template.names_reference else (words("template.no_reference", name=path.name),)
