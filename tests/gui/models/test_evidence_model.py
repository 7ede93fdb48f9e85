"""The model of the evidence list: whatever the service finds, Qt is told of it in an order that holds."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester

from portfolio_app.domain.coverage import CoverageState, Tally
from portfolio_app.domain.listing import EvidenceSummary
from portfolio_app.gui.models.evidence_model import SUMMARY_ROLE, EvidenceModel, claims_in_words
from portfolio_app.importing.evidence_kinds import load_kinds

_KINDS = load_kinds()


def _row(number: int, title: str = "Plan", kind: str = "plan", tally: Tally | None = None) -> EvidenceSummary:
    counted = tally or Tally({})
    return EvidenceSummary(
        id=f"id-{number}",
        number=number,
        kind=kind,
        title=title,
        date="2026-03",
        standing="attached",
        tags=(),
        files=0,
        claims=counted.total,
        tally=counted,
        units=frozenset(),
        witnesses=0,
        unsigned=0,
        has_content=True,
        simulated=False,
        confidential=False,
        revised_at="",
        binned_at="",
    )


_lists = st.lists(st.integers(1, 40), unique=True, max_size=30)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_lists, _lists), max_size=6))
def test_any_lists_one_after_the_other_keep_the_model_sound(
    qapp: QObject, steps: Sequence[tuple[list[int], list[int]]]
) -> None:
    model = EvidenceModel(_KINDS)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for shown, changed in steps:
        model.set_rows([_row(number) for number in shown])
        model.update_rows([_row(number, title=f"Changed {number}") for number in changed])
        assert model.ids() == [f"id-{number}" for number in shown]
        for place, number in enumerate(shown):
            assert model.row_of(f"id-{number}") == place
            title = f"Changed {number}" if number in changed else "Plan"
            assert model.index(place).data() == f"E{number} {title}"
        assert all(model.row_of(f"id-{number}") == -1 for number in changed if number not in shown)
    del tester


def test_a_changed_row_is_told_of_alone_and_stays_selected(qapp: QObject) -> None:
    model = EvidenceModel(_KINDS)
    model.set_rows([_row(1), _row(2), _row(3)])
    selection = QItemSelectionModel(model)
    selection.select(model.index(1), QItemSelectionModel.SelectionFlag.Select)
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.update_rows([_row(1), _row(2, title="Rota")])
    assert told == [(1, 1)]
    assert [index.row() for index in selection.selectedIndexes()] == [1]
    assert model.index(1).data(SUMMARY_ROLE).title == "Rota"


def test_a_screen_reader_hears_what_the_eye_sees(qapp: QObject) -> None:
    model = EvidenceModel(_KINDS)
    tally = Tally({CoverageState.MET: 1, CoverageState.PROOF: 2})
    model.set_rows([_row(4, title="", tally=tally), _row(5, kind="of-another-program")])
    said = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "E4 Untitled, Plan, 3 claims: 2 claimed with proof, 1 met"
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "E5 Plan, of-another-program, not claimed"
    assert claims_in_words(_row(6)) == "not claimed"


def test_items_are_chosen_in_the_list_but_neither_edited_nor_dragged_there(qapp: QObject) -> None:
    model = EvidenceModel(_KINDS)
    model.set_rows([_row(1)])
    flags = model.flags(model.index(0))
    assert flags & Qt.ItemFlag.ItemIsSelectable
    assert not flags & (Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsDropEnabled)
