"""word-template, and export --word-template: a centre's looks from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from docx.shared import Emu
from tests.word_documents import check_sound

CommandLine = Callable[..., Any]


def test_a_template_is_written_changed_and_followed(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    template, document = tmp_path / "centre.dotx", tmp_path / "portfolio.docx"
    assert cli("word-template", template).code == 0
    outcome = cli("export", folder, document, "--word-template", template)
    assert (outcome.code, outcome.err) == (0, "")
    check_sound(document)
    # Any Word document will do as a template: the one just made, with other margins.
    changed = docx.Document(str(document))
    for section in changed.sections:
        section.left_margin = Emu(1_270_000)
    changed.save(str(tmp_path / "changed.docx"))
    assert cli("export", folder, document, "--word-template", tmp_path / "changed.docx").code == 0
    assert docx.Document(str(document)).sections[0].left_margin == Emu(1_270_000)


def test_what_is_wrong_with_a_template_is_said(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.docx"
    letter.write_bytes(b"Dear centre")
    cases = (
        (("export", folder, tmp_path / "a.docx", "--word-template", letter), "is not a Word template"),
        (("export", folder, tmp_path / "a.docx", "--word-template", tmp_path / "none.dotx"), "cannot be read"),
        (("export", folder, tmp_path / "a.pdf", "--word-template", letter), "none of these ends in .docx"),
        (("export", folder, letter, "--word-template", letter), "the document needs another name"),
        (("word-template", tmp_path / "a.docx"), "does not end in .dotx"),
        (("word-template", tmp_path / "missing" / "a.dotx"), "missing"),
    )
    for words, says in cases:
        outcome = cli(*words)
        assert outcome.code == 2
        assert says in " ".join(outcome.err.split())
    assert letter.read_bytes() == b"Dear centre"
    assert not (tmp_path / "a.docx").exists()


def test_a_document_without_references_is_made_and_says_so(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.docx"
    docx.Document().save(str(plain))
    (made,) = cli("export", folder, tmp_path / "a.docx", "--word-template", plain, "--json").json
    assert len(made["warnings"]) == 1
    assert "“plain.docx” does not say {reference}" in made["warnings"][0]
