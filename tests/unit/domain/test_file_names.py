"""What a file's name says: a kind, a title and a date, and never nonsense."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.file_names import guess
from portfolio_app.importing.evidence_kinds import load_kinds

KINDS = load_kinds()
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "media_type", "kind", "title", "day"),
    [
        ("2026-03-09_teamMeeting-minutes.docx", "", "meeting-minutes", "Team meeting minutes", "9 March 2026"),
        ("minutes 9th March 2026 v2.docx", "", "meeting-minutes", "Minutes v2", "9 March 2026"),
        ("WitnessTestimony Jo Hill (1).pdf", "", "witness-testimony", "Witness testimony Jo Hill", ""),
        ("Rota 9.3.2026.xlsx", "", "staff-rota", "Rota", "9 March 2026"),
        ("KPI report March 2026.pdf", "", "kpi-report", "KPI report", "March 2026"),
        ("SLA-draft.final.docx", "", "service-level-agreement", "SLA draft final", ""),
        ("IMG_20260309_141502.jpg", "image/jpeg", "photograph-or-recording", "", "9 March 2026"),
        ("Screenshot 2026-03-09 at 14.02.11.png", "image/png", "photograph-or-recording", "", "9 March 2026"),
        ("ISO9001 Certificate.jpg", "image/jpeg", "prior-certificate", "ISO9001 Certificate", ""),
        ("planned minutes.eml", "message/rfc822", "email-trail", "Planned minutes", ""),
        ("explanation.docx", "", "other-product", "Explanation", ""),
        ("budget 2026-27.xlsx", "", "other-product", "Budget 2026-27", ""),
        ("complaint_2031-01-01.pdf", "", "complaint-record", "Complaint 2031-01-01", ""),
        ("09-03-2026.pdf", "", "other-product", "09-03-2026", "9 March 2026"),
        ("31-02-2026.pdf", "", "other-product", "31-02-2026", ""),
        ("scan0001.pdf", "", "other-product", "Scan0001", ""),
    ],
)
def test_names_as_people_and_machines_give_them(name: str, media_type: str, kind: str, title: str, day: str) -> None:
    said = guess(name, media_type, KINDS, TODAY)
    assert (said.kind, str(said.date or "")) == (kind, day)
    assert said.title == (title or "Photograph or recording, 9 March 2026")


@given(st.text(min_size=1, max_size=60), st.sampled_from(["", "image/png", "message/rfc822", "application/pdf"]))
def test_any_name_gives_a_known_kind_and_no_date_to_come(name: str, media_type: str) -> None:
    said = guess(name, media_type, KINDS, TODAY)
    assert said.kind in KINDS
    assert said.date is None or said.date.first_day <= TODAY


@given(st.dates(date(1950, 1, 1), TODAY), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d %B %Y", "%Y_%m_%d"]))
def test_a_date_in_a_name_is_found_however_it_is_written(day: date, form: str) -> None:
    said = guess(f"Team notes {day.strftime(form)}.docx", "", KINDS, TODAY)
    assert said.date is not None
    assert (said.title, said.date.first_day, said.date.last_day) == ("Team notes", day, day)
