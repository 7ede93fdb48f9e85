"""Records with ticks: only those that can be ticked are, and what is ticked stays so whatever order they come in."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from portfolio_app.gui.models.records import Column, TickedRecordModel

_TICK = Qt.ItemDataRole.CheckStateRole


@pytest.fixture
def model(qapp: QApplication) -> TickedRecordModel[str]:
    del qapp
    columns: list[Column[str]] = [Column("Word", str), Column("Size", lambda word: str(len(word)))]
    model: TickedRecordModel[str] = TickedRecordModel(columns, str, str.islower)
    model.set_records(["plan", "ROTA", "log"])
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


def test_only_what_can_be_ticked_is(model: TickedRecordModel[str]) -> None:
    told: list[None] = []
    model.ticked_changed.connect(lambda: told.append(None))
    model.set_ticked(["plan", "ROTA", "none of them"])
    assert model.ticked() == {"plan"}
    assert [model.index(row, 0).data(_TICK) for row in range(3)] == [
        Qt.CheckState.Checked,
        None,
        Qt.CheckState.Unchecked,
    ]
    assert model.index(0, 1).data(_TICK) is None
    model.tick(1)
    assert model.ticked() == {"plan"}
    assert len(told) == 1
    assert not model.flags(model.index(1, 0)) & Qt.ItemFlag.ItemIsUserCheckable


def test_a_tick_follows_its_record(model: TickedRecordModel[str]) -> None:
    assert model.setData(model.index(2, 0), Qt.CheckState.Checked.value, _TICK)
    model.sort(0)
    assert model.index(model.row_of("log"), 0).data(_TICK) == Qt.CheckState.Checked
    assert model.setData(model.index(model.row_of("log"), 0), Qt.CheckState.Unchecked.value, _TICK)
    assert model.ticked() == frozenset()
    assert not model.setData(model.index(0, 0), "word", Qt.ItemDataRole.EditRole)
