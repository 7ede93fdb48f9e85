"""What may say who somebody is: true and false examples of each pattern."""

from __future__ import annotations

import pytest

from portfolio_app.domain.evidence import Person
from portfolio_app.domain.portfolio import Learner
from portfolio_app.domain.private_details import DetailKind, details_in, known_details

_TRUE = {
    DetailKind.EMAIL: ["dana.whyte@example.org", "d'arcy+x@mail.co.uk", "a_b@sub.example.com"],
    DetailKind.PHONE: [
        *("020 7946 0018", "+44 (0)20 7946 0018", "07700 900123", "(01632) 960 001", "+447700900123"),
        *("0800 1111 111", "0044 161 496 0000", "0161-496-0000"),
    ],
    DetailKind.NATIONAL_INSURANCE: ["AB123456C", "ab 12 34 56 d", "JG 10 37 59 A"],
    DetailKind.NHS: ["943 476 5919"],
    DetailKind.POSTCODE: ["SW1A 1AA", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "EC1A 1BB", "GIR 0AA"],
    DetailKind.BANK: ["GB29 NWBK 6016 1331 9268 19", "20-11-22 87654321"],
    DetailKind.CARD: ["4111 1111 1111 1111", "5500005555555559"],
}
_FALSE = [
    "Invoice 2026-03-0912, on 12-03-26 at 10:30, order 0123, page 12 34 56",
    "unit M/506/2898 and T/506/2952, ISBN 978-0-306-40615-7",
    "MS Teams, Ms Word, Dr No, version 1.0.23.4, Mr and Mrs. Account number to follow",
    "Room B12 3 chairs, A1 paper, A1 2BC, KPI 020 %, 0.123456789012, 00000000000",
    "01/02/2026 12345678901234567 1234 5678 9012 3456 943 476 5918",
    "GB123456A QQ123456C OO 12 34 56 A, GB29 NWBK 6016 1331 9268 18",
    "From: The team; To: do; Name: plan b; case number 12; user@localhost; @dana",
    "1st 2nd 3rd, 10 000, £1,234.50, 100%, 12.5 kg",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in _TRUE.items() for text in texts])
def test_true_details(kind: DetailKind, text: str) -> None:
    found = [detail for detail, _, _ in details_in(f"Please note {text}, as agreed.")]
    assert [(one.kind, one.text) for one in found] == [(kind, text)]


@pytest.mark.parametrize("text", _FALSE)
def test_what_is_no_detail(text: str) -> None:
    assert [detail for detail, _, _ in details_in(text)] == []


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("I asked Ms Whyte and Dr. Dana O’Brien-Smith.", DetailKind.TITLED, ["Whyte", "Dana O’Brien-Smith"]),
        ("Line manager: Ana de Souza\nDate: 3 March", DetailKind.LABELLED, ["Ana de Souza"]),
        ("Staff no. AB12345; Policy number 99/12345", DetailKind.LABELLED, ["AB12345", "99/12345"]),
        ("DOB: 03/04/1990, born 3 March 1990", DetailKind.LABELLED, ["03/04/1990", "3 March 1990"]),
        ("Sort code: 20-00-00 Account no: 12345678", DetailKind.BANK, ["20-00-00", "12345678"]),
    ],
)
def test_titles_and_labels(text: str, kind: DetailKind, found: list[str]) -> None:
    details = [detail for detail, _, _ in details_in(text)]
    assert [detail.text for detail in details] == found
    assert {detail.kind for detail in details} == {kind}


def test_places_are_those_in_the_text() -> None:
    text = "Ring 020 7946 0018 or mail dana@example.org."
    assert [text[start:end] for _, start, end in details_in(text)] == ["dana@example.org", "020 7946 0018"]


def test_what_the_portfolio_says_of_people() -> None:
    person = Person("1", "Dr Dana van Whyte", organisation="Northside Ltd", email="d@example.org")
    found = list(known_details([person], Learner("Sam Ellis", "L-204"), "Northside College"))
    assert [(one.text, one.kind) for one in found] == [
        ("Dana van Whyte", DetailKind.PERSON),
        ("Dana", DetailKind.PART_OF_NAME),
        ("Whyte", DetailKind.PART_OF_NAME),
        ("d@example.org", DetailKind.EMAIL),
        ("Northside Ltd", DetailKind.ORGANISATION),
        ("Sam Ellis", DetailKind.LEARNER),
        ("Sam", DetailKind.PART_OF_NAME),
        ("Ellis", DetailKind.PART_OF_NAME),
        ("L-204", DetailKind.LEARNER),
        ("Northside College", DetailKind.ORGANISATION),
    ]
