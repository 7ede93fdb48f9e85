"""A sealed document still keeps to the standards, and whatever is done to it shows."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.general import SigningError
from tests.pdf_publications import failures, file_of, heading, page_texts, publication, section
from tests.sealed_documents import SEALED_AT, archive_copy, gap_of, sign_as

from portfolio_app.domain.errors import Cancelled, InvalidInput
from portfolio_app.exporting.seal.checking import SealReport, SealState, check_seal
from portfolio_app.exporting.seal.keys import NotAKey, SealKey
from portfolio_app.exporting.seal.sealing import seal_file


@pytest.fixture(scope="module")
def key() -> SealKey:
    return SealKey.make("Zoë Ellis", SEALED_AT)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, key: SealKey) -> Path:
    path = archive_copy(tmp_path_factory.mktemp("sealed") / "made.pdf")
    seal_file(path, key, SEALED_AT)
    return path


@pytest.fixture
def sealed(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "portfolio.pdf"))


def test_a_sealed_document_says_by_whom_and_when(sealed: Path, key: SealKey) -> None:
    assert check_seal(sealed) == SealReport(SealState.UNCHANGED, "Zoë Ellis", SEALED_AT, key.fingerprint)


def test_a_sealed_document_keeps_to_the_standards(sealed: Path) -> None:
    assert failures(sealed, "3a", "ua1") == []
    assert "The rota." in page_texts(sealed)[0]
    with pikepdf.open(sealed) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.docinfo["/Producer"]) == "Portfolio App"
        note = pdf.pages[0].Annots[-1]
        assert note.FT == "/Sig"
        assert int(note.F) & 0b100010 == 0


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_finds_nothing_wrong(sealed: Path) -> None:
    assert subprocess.run(["qpdf", "--check", sealed], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig is not installed")
def test_another_program_finds_the_seal_good(sealed: Path) -> None:
    told = subprocess.run(["pdfsig", sealed], capture_output=True, text=True, encoding="utf-8", check=False).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told


def test_only_the_end_of_the_file_is_written(tmp_path: Path, key: SealKey) -> None:
    path = archive_copy(tmp_path / "a.pdf")
    before = path.read_bytes()
    seal_file(path, key, SEALED_AT)
    assert path.read_bytes().startswith(before)


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_changed_bit_is_found(made: Path, place: float, bit: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    content = bytearray(made.read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    changed = tmp_path_factory.mktemp("changed") / "a.pdf"
    changed.write_bytes(content)
    assert check_seal(changed).state is SealState.CHANGED


def test_nor_can_anything_in_the_seal_itself_be_changed(sealed: Path) -> None:
    content = sealed.read_bytes()
    begin, end = gap_of(content)
    noticed = {}
    for at in (*range(begin + 50, begin + 120), *range(begin + 120, end, 301)):  # what is not signed comes first
        changed = bytearray(content)
        changed[at] = ord("1") if changed[at] == ord("0") else ord("0")
        sealed.write_bytes(changed)
        noticed[at] = check_seal(sealed).state
    assert {at for at, state in noticed.items() if state is not SealState.CHANGED} == set()


@pytest.mark.parametrize("year", [2049, 2050, 2400])
def test_a_document_can_be_sealed_in_any_century(tmp_path: Path, year: int) -> None:
    moment = SEALED_AT.replace(year=year)
    path = archive_copy(tmp_path / "a.pdf")
    seal_file(path, SealKey.make("Zoë Ellis", moment), moment)
    report = check_seal(path)
    assert (report.state, report.sealed_at) == (SealState.UNCHANGED, moment)


def test_so_is_one_in_the_room_that_the_seal_does_not_need(sealed: Path) -> None:
    content = bytearray(sealed.read_bytes())
    content[gap_of(content)[1] - 100] = ord("1")
    sealed.write_bytes(content)
    assert check_seal(sealed).state is SealState.CHANGED


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_a_shortened_file_is_never_called_unchanged(sealed: Path, kept: float) -> None:
    content = sealed.read_bytes()
    sealed.write_bytes(content[: int(len(content) * kept)])
    try:
        assert check_seal(sealed).state is SealState.CHANGED
    except InvalidInput as refused:
        assert "damaged" in str(refused)  # noqa: PT017 - which of the two depends on where it was cut


def test_an_update_that_was_appended_is_told_apart(sealed: Path, key: SealKey) -> None:
    size = sealed.stat().st_size
    with sealed.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        writer.root["/PageMode"] = writer.root["/PageMode"].__class__("/UseNone")
        writer.update_root()  # type: ignore[no-untyped-call]
        writer.write_in_place()  # type: ignore[no-untyped-call]
    report = check_seal(sealed)
    added = sealed.stat().st_size - size
    assert report == SealReport(SealState.ADDED_TO, "Zoë Ellis", SEALED_AT, key.fingerprint, added)


def test_a_signature_that_was_added_is_named(sealed: Path) -> None:
    sign_as("Ann Lee", sealed)
    report = check_seal(sealed)
    assert (report.state, report.signatures_added) == (SealState.ADDED_TO, ("Ann Lee",))
    assert report.bytes_added > 0


def test_a_document_is_sealed_once(sealed: Path, key: SealKey) -> None:
    with pytest.raises(SigningError):
        seal_file(sealed, SealKey.make("Mallory", SEALED_AT), SEALED_AT)
    assert check_seal(sealed).fingerprint == key.fingerprint


def test_what_another_program_wrote_anew_was_changed(sealed: Path) -> None:
    with pikepdf.open(sealed, allow_overwriting_input=True) as pdf:
        pdf.save(sealed)
    assert check_seal(sealed).state is SealState.CHANGED


def test_a_seal_that_was_taken_out_of_the_form_is_not_forgotten(sealed: Path) -> None:
    content = sealed.read_bytes()
    sealed.write_bytes(content.replace(b"/AcroForm", b"/AcroFarm"))
    assert check_seal(sealed) == SealReport(SealState.CHANGED)


def test_the_seal_of_an_attached_document_is_not_that_of_the_whole(sealed: Path, tmp_path: Path) -> None:
    whole = archive_copy(tmp_path / "whole.pdf", publication(section(heading("One")), embedded=(file_of(sealed),)))
    with pytest.raises(InvalidInput, match="bears no seal"):
        check_seal(whole)


def test_somebody_elses_signature_is_none_of_ours(tmp_path: Path) -> None:
    path = archive_copy(tmp_path / "a.pdf")
    sign_as("Ann\u202e\nLee", path)
    with pytest.raises(InvalidInput, match="no seal of this program, but is signed by Ann Lee"):
        check_seal(path)


def test_what_is_no_sealed_pdf_is_said_in_a_sentence(tmp_path: Path, sealed: Path) -> None:
    plain = archive_copy(tmp_path / "plain.pdf")
    for name, content, words in (
        ("empty.pdf", b"", "is empty"),
        ("word.docx", b"PK\x03\x04" + bytes(500), "is not a PDF"),
        ("broken.pdf", plain.read_bytes()[:2000], "is damaged"),
        ("plain.pdf", plain.read_bytes(), "bears no seal"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InvalidInput, match=words):
            check_seal(tmp_path / name)
    with pikepdf.open(sealed) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    for path, words in (
        (tmp_path / "locked.pdf", "password"),
        (tmp_path / "none.pdf", "cannot be read"),
        (tmp_path, "cannot be read"),
    ):
        with pytest.raises(InvalidInput, match=words):
            check_seal(path)


def test_a_time_that_not_every_system_can_show_is_not_shown(tmp_path: Path, key: SealKey) -> None:
    path = archive_copy(tmp_path / "a.pdf")
    seal_file(path, key, SEALED_AT.replace(year=1955))
    assert check_seal(path).sealed_at is None


def test_both_can_be_cancelled(tmp_path: Path, sealed: Path, key: SealKey) -> None:
    def stop(done: int, total: int, what: str) -> None:
        if done:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        check_seal(sealed, stop)
    with pytest.raises(Cancelled):
        seal_file(archive_copy(tmp_path / "a.pdf"), key, SEALED_AT, stop)


@given(st.text(max_size=200))
def test_anybody_can_have_a_key(name: str) -> None:
    made = SealKey.make(name, SEALED_AT)
    again = SealKey.from_pem(made.to_pem())
    assert (again.fingerprint, again.certificate) == (made.fingerprint, made.certificate)


def test_a_key_is_good_for_ten_years(key: SealKey) -> None:
    assert key.is_valid(SEALED_AT)
    assert key.is_valid(SEALED_AT + timedelta(days=3649))
    assert not key.is_valid(SEALED_AT + timedelta(days=3651))
    assert not key.is_valid(datetime(2020, 1, 1, tzinfo=UTC))


def test_half_a_key_is_none(key: SealKey) -> None:
    private, _, certificate = key.to_pem().partition(b"-----BEGIN CERTIFICATE")
    other = SealKey.make("Zoë Ellis", SEALED_AT).to_pem().partition(b"-----BEGIN CERTIFICATE")[0]
    for text in (
        b"",
        b"nonsense",
        private,
        b"-----BEGIN CERTIFICATE" + certificate,
        other + b"-----BEGIN CERTIFICATE" + certificate,
    ):
        with pytest.raises(NotAKey):
            SealKey.from_pem(text)
