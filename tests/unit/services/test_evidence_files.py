"""Files become attachments and items of their own, are named and put in order, and nothing is added twice unasked."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from portfolio_app.domain.errors import Cancelled, InvalidInput, UnknownReference
from portfolio_app.domain.evidence import Evidence, EvidenceKind
from portfolio_app.services.attaching import CopiedFiles, file_copier
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, list_evidence
from portfolio_app.services.evidence_files import (
    add_evidence_from_copies,
    add_evidence_from_files,
    attach_copies,
    caption_attachment,
    order_attachments,
    remove_attachments,
    rename_attachment,
)
from portfolio_app.services.evidence_many import bin_evidence
from portfolio_app.services.evidence_sheet import AttachmentState, evidence_for_editing
from portfolio_app.services.history import list_history, redo, undo
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
TODAY = date(2026, 11, 22)


def _files(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.write_text(f"content of {path.name}", encoding="utf-8")
    return paths


@pytest.fixture
def item(portfolio: PortfolioFile, kinds: Kinds) -> Evidence:
    return add_evidence(portfolio, kinds["plan"], EvidenceGiven("Plan"))[0]


def _names(evidence: Evidence) -> list[str]:
    return [attachment.name for attachment in evidence.attachments]


def test_files_are_copied_on_any_thread_and_attached_in_one_step(
    portfolio: PortfolioFile, item: Evidence, tmp_path: Path
) -> None:
    a, b = _files(tmp_path, "a.txt", "b.txt")
    empty, missing = tmp_path / "empty.txt", tmp_path / "missing.txt"
    empty.touch()
    copier, copied = file_copier(portfolio), []
    seen: set[str] = set()
    work = threading.Thread(
        target=lambda: copied.append(copier.copy_all([a, empty, b, missing], lambda *told: seen.add(told[2])))
    )
    work.start()
    work.join()
    (files,) = copied
    assert isinstance(files, CopiedFiles)
    assert [file.name for file in files.files] == ["a.txt", "b.txt"]
    assert ["empty.txt" in files.refused[0], "missing.txt" in files.refused[1]] == [True, True]
    assert "Attaching b.txt (3 of 4)" in seen
    attached, changes = attach_copies(portfolio, item.id, files.files)
    assert (_names(attached.evidence), list(changes.evidence)) == (["a.txt", "b.txt"], [item.id])
    assert list_history(portfolio, 1)[0].name == "Attach 2 files to E1"
    again, changes = attach_copies(portfolio, item.id, files.files[:1])
    assert (len(again.evidence.attachments), bool(changes)) == (2, False)
    assert again.told == ("“a.txt” was not added: its content is attached already, as “a.txt”.",)
    undo(portfolio)
    redo(portfolio)
    assert [file.state for file in evidence_for_editing(portfolio, item.id).files] == [AttachmentState.PRESENT] * 2


def test_a_pasted_picture_becomes_a_file(portfolio: PortfolioFile, item: Evidence) -> None:
    picture = file_copier(portfolio).keep("Pasted picture.png", b"\x89PNG\r\n\x1a\n" + bytes(20))
    attached, _ = attach_copies(portfolio, item.id, [picture, replace(picture, sha256="ab" * 32)])
    assert _names(attached.evidence) == ["Pasted picture.png", "Pasted picture (2).png"]
    assert attached.evidence.attachments[0].media_type == "image/png"
    with pytest.raises(InvalidInput, match="empty"):
        file_copier(portfolio).keep("Pasted picture.png", b"")


def test_renaming_a_file_keeps_the_claims_that_point_into_it(
    portfolio: PortfolioFile, item: Evidence, tmp_path: Path
) -> None:
    copies = file_copier(portfolio).copy_all(_files(tmp_path, "rota.pdf", "b.pdf")).files
    rota, other = attach_copies(portfolio, item.id, copies)[0].evidence.attachments
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven(place="rota.pdf, p. 3"))
    renamed, changes = rename_attachment(portfolio, item.id, rota.id, " Staff rota ")
    assert (_names(renamed), len(changes.claims)) == (["Staff rota.pdf", "b.pdf"], 1)
    (claim,) = evidence_for_editing(portfolio, item.id).claims
    assert str(claim.claim.locator) == "Staff rota.pdf, p. 3"
    undo(portfolio)
    assert str(evidence_for_editing(portfolio, item.id).claims[0].claim.locator) == "rota.pdf, p. 3"
    with pytest.raises(InvalidInput, match="empty"):
        rename_attachment(portfolio, item.id, rota.id, "  ")
    with pytest.raises(InvalidInput, match="another file called “ROTA"):
        rename_attachment(portfolio, item.id, other.id, "ROTA")


def test_files_are_described_ordered_and_taken_off(portfolio: PortfolioFile, item: Evidence, tmp_path: Path) -> None:
    copies = file_copier(portfolio).copy_all(_files(tmp_path, "a.txt", "b.txt", "c.txt")).files
    a, b, c = attach_copies(portfolio, item.id, copies)[0].evidence.attachments
    assert caption_attachment(portfolio, item.id, a.id, "The rota")[0].attachments[0].caption == "The rota"
    assert _names(order_attachments(portfolio, item.id, [c.id, a.id])[0]) == ["c.txt", "a.txt", "b.txt"]
    assert _names(remove_attachments(portfolio, item.id, [a.id, c.id])[0]) == ["b.txt"]
    with pytest.raises(UnknownReference, match="not attached to E1"):
        remove_attachments(portfolio, item.id, [b.id, a.id])
    for names in (["c.txt", "a.txt", "b.txt"], ["a.txt", "b.txt", "c.txt"]):
        undo(portfolio)
        assert _names(evidence_for_editing(portfolio, item.id).evidence) == names


def test_each_file_becomes_an_item_that_its_name_describes(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    paths = _files(tmp_path, "2026-03-09_team-minutes.txt", "Rota May 2026.csv", "thoughts.txt")
    (tmp_path / "twin.txt").write_bytes(paths[2].read_bytes())
    made, changes = add_evidence_from_files(portfolio, kinds, [*paths, tmp_path / "twin.txt"], TODAY)
    assert [(item.ref, item.kind, item.title, str(item.date or "")) for item in made.evidence] == [
        ("E1", "meeting-minutes", "Team minutes", "9 March 2026"),
        ("E2", "staff-rota", "Rota", "May 2026"),
        ("E3", "other-product", "Thoughts", ""),
    ]
    assert made.told == ("“twin.txt” was not added: it has the same content as “thoughts.txt”.",)
    assert len(changes.evidence) == 3
    assert undo(portfolio)[0] == "Add 3 evidence items"
    assert list_evidence(portfolio) == []
    redo(portfolio)
    again, _ = add_evidence_from_files(portfolio, kinds, paths[:1], TODAY)
    assert again.evidence == ()
    assert again.told[0].endswith("is in the portfolio already, attached to E1.")
    copies = file_copier(portfolio).copy_all(paths[:1]).files
    forced, _ = add_evidence_from_copies(
        portfolio, kinds, copies, TODAY, requirement_id="Serve customers-2.1", again=True
    )
    assert forced.evidence[0].ref == "E4"
    assert list_history(portfolio, 1)[0].name == "Add evidence from “2026-03-09_team-minutes.txt” for U1/2.1"
    assert evidence_for_editing(portfolio, forced.evidence[0].id).claims[0].address == "U1/2.1"


@pytest.mark.parametrize(
    ("name", "sent", "date_of_item"),
    [
        ("Thanks.eml", "Mon, 07 Sep 2026 23:50:00 -0500", "7 September 2026"),
        ("Thanks 2026-09-08.eml", "Mon, 07 Sep 2026 10:00:00 +0000", "8 September 2026"),
        ("Thanks.eml", "Thu, 07 Jan 2027 10:00:00 +0000", ""),
        ("Thanks.eml", "Thu, 01 Jan 1970 00:00:00 +0000", ""),
        ("Thanks.eml", "yesterday", ""),
    ],
)
def test_an_email_brings_the_day_it_was_sent_unless_its_name_says_another(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path, *, name: str, sent: str, date_of_item: str
) -> None:
    path = tmp_path / name
    path.write_text(f"From: Ann <ann@example.org>\nSubject: Thanks\nDate: {sent}\n\nThank you.\n", encoding="utf-8")
    made, _ = add_evidence_from_files(portfolio, kinds, [path], TODAY)
    assert [str(item.date or "") for item in made.evidence] == [date_of_item]


def test_a_photograph_brings_the_day_it_was_taken(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    notes = Image.Exif()
    notes.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:09:14 09:03:00"
    Image.new("RGB", (8, 8)).save(tmp_path / "board.jpg", exif=notes)
    made, _ = add_evidence_from_files(portfolio, kinds, [tmp_path / "board.jpg"], TODAY)
    assert [str(item.date) for item in made.evidence] == ["14 September 2026"]


def test_what_lies_in_the_bin_can_be_added_again(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    paths = _files(tmp_path, "a.txt")
    (made,) = add_evidence_from_files(portfolio, kinds, paths, TODAY)[0].evidence
    bin_evidence(portfolio, [made.id])
    assert add_evidence_from_files(portfolio, kinds, paths, TODAY)[0].told == ()


def test_cancelling_leaves_no_item(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    def stop(done: int, total: int, what: str) -> None:
        if "b.txt" in what:
            raise Cancelled("stopped")

    before = len(list_history(portfolio))
    with pytest.raises(Cancelled):
        add_evidence_from_files(portfolio, kinds, _files(tmp_path, "a.txt", "b.txt"), TODAY, stop)
    assert len(list_history(portfolio)) == before
