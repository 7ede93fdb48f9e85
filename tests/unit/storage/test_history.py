from __future__ import annotations

import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.benchmarks.large_portfolio import make_large_portfolio
from tests.sample_portfolios import rich_portfolio
from tests.stored_portfolios import new_portfolio, state, store

from portfolio_app.domain.claims import Action, Claim, Decision, Dismissal, Verdict
from portfolio_app.domain.evidence import Attachment, Evidence, Involvement, Person, PersonPart
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Component, Requirement, Unit
from portfolio_app.storage import history
from portfolio_app.storage.errors import NothingToUndo, PortfolioDamaged
from portfolio_app.storage.history import StepKind
from portfolio_app.storage.portfolio_file import PortfolioFile


@pytest.fixture
def portfolio(tmp_path: Path) -> Iterator[PortfolioFile]:
    with new_portfolio(tmp_path / "portfolio") as made:
        yield made


def add_item(portfolio: PortfolioFile, title: str = "Minutes") -> Evidence:
    with portfolio.edit(f"Add {title}") as editor:
        item = Evidence(new_id(), editor.next_evidence_number(), "meeting-minutes", title)
        editor.put_evidence(item)
    return item


def add_requirement(portfolio: PortfolioFile) -> Requirement:
    node = Requirement(new_id(), "1.1", "criterion", "Text")
    with portfolio.edit("Add unit") as editor:
        editor.put_unit(Unit(new_id(), editor.next_unit_code(), "Unit", requirements=(node,)))
    return node


def decide(portfolio: PortfolioFile, requirement: Requirement) -> None:
    with portfolio.edit("Decide 1.1: met") as editor:
        editor.add_decision(Decision(new_id(), requirement.id, Verdict.MET, "Jo", "", datetime(2026, 5, 1, tzinfo=UTC)))


def problems(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [problem for _, problem in history.verify(connection) if problem]


class UndoMachine(RuleBasedStateMachine):
    """Any edits, undone, redone and gone on from, across restarts: the state is that of the step each time.

    The model is two piles of states, those that undo and redo lead to.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.portfolio = new_portfolio(Path(self.folder.name) / "portfolio")
        self.before: list[tuple[str, str]] = []
        self.after: list[tuple[str, str]] = []
        self.now = state(self.portfolio.path)
        self.steps = 1
        self.highest = 0
        self.past: tuple[int, list[Evidence], dict[str, tuple[object, ...]]] = (0, [], {})

    def teardown(self) -> None:
        self.portfolio.close()
        self.folder.cleanup()

    def edit(self, name: str, work: Any) -> None:
        with self.portfolio.edit(name) as editor:
            work(editor)
        now = state(self.portfolio.path)
        if now != self.now:
            self.before.append((name, self.now))
            self.after.clear()
            self.now = now
            self.steps += 1
            assert editor.changes
        else:
            assert not editor.changes

    @initialize()
    def units(self) -> None:
        def work(editor: Any) -> None:
            for _ in range(2):
                leaves = tuple(
                    Requirement(
                        new_id(),
                        f"1.{n}",
                        "criterion",
                        "Text",
                        components=(Component(new_id(), "a"),) if n == 1 else (),
                    )
                    for n in (1, 2)
                )
                group = Requirement(new_id(), "1", "outcome", "Group", children=leaves)
                editor.put_unit(Unit(new_id(), editor.next_unit_code(), "Unit", requirements=(group,)))

        self.edit("Add units", work)

    @rule(title=st.text(st.characters(exclude_categories=["Cs"]), max_size=8), attached=st.integers(0, 2))
    def add(self, title: str, attached: int) -> None:
        def work(editor: Any) -> None:
            number = editor.next_evidence_number()
            assert number > self.highest
            self.highest = number
            files = tuple(Attachment(new_id(), f"{n}.txt", f"{n:064}", n, "text/plain") for n in range(attached))
            person = Person(new_id(), f"Witness {number}")
            editor.put_person(person)
            editor.put_evidence(
                Evidence(
                    new_id(),
                    number,
                    "plan",
                    title,
                    body=title * 3,
                    attachments=files,
                    people=(Involvement(person.id, PersonPart.WITNESS),),
                )
            )

        self.edit("Add", work)

    @rule(which=st.integers(0), body=st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
    def write(self, which: int, body: str) -> None:
        def work(editor: Any) -> None:
            items = editor.evidence_facts()
            if items:
                item = editor.evidence_by_id(items[which % len(items)].id)
                editor.put_evidence(replace(item, body=body, attachments=item.attachments[1:], people=()))

        self.edit("Write", work)

    @rule(which=st.integers(0), ticked=st.booleans())
    def claim(self, which: int, ticked: bool) -> None:
        def work(editor: Any) -> None:
            items, units = editor.evidence_facts(), editor.units()
            leaves = [leaf for unit in units for leaf in unit.leaves()]
            if items and leaves:
                item, leaf = items[which % len(items)], leaves[which % len(leaves)]
                found = editor.claims(evidence_id=item.id, requirement_id=leaf.id)
                claim = found[0] if found else Claim(new_id(), item.id, leaf.id)
                components = frozenset(part.id for part in leaf.components) if ticked else frozenset()
                editor.put_claim(replace(claim, why=f"{which}", component_ids=components))

        self.edit("Claim", work)

    @rule(which=st.integers(0))
    def bin_or_delete(self, which: int) -> None:
        def work(editor: Any) -> None:
            items, binned = editor.evidence_facts(), editor.evidence_facts(binned=True)
            if binned:
                editor.delete_evidence(binned[which % len(binned)].id)
            elif items:
                editor.bin_evidence(items[which % len(items)].id)

        self.edit("Bin or delete", work)

    @rule(which=st.integers(0))
    def change_units(self, which: int) -> None:
        def work(editor: Any) -> None:
            units = editor.units()
            if not units:
                return
            unit = units[which % len(units)]
            if which % 5 == 0:
                editor.remove_unit(unit.id)
            elif unit.requirements:
                group = unit.requirements[0]
                flat = (*unit.requirements[1:], *group.children, replace(group, children=()))
                editor.put_unit(replace(unit, title=f"{which}", requirements=flat[which % 2 :]))

        self.edit("Change units", work)

    @rule(which=st.integers(0))
    def put_aside(self, which: int) -> None:
        def work(editor: Any) -> None:
            items = editor.evidence_facts()
            target = items[which % len(items)].id if items else None
            editor.put_action(Action(new_id(), f"Do {which}", evidence_id=target))
            editor.put_dismissal(Dismissal("old", None, None, target, f"{which}"))

        self.edit("Put aside", work)

    @precondition(lambda self: self.before)
    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        for _ in range(min(times, len(self.before))):
            name, previous = self.before.pop()
            undone, changes = self.portfolio.undo()
            assert undone == name
            assert changes
            self.after.append((name, self.now))
            self.now = previous
            self.steps += 1
            assert state(self.portfolio.path) == self.now

    @precondition(lambda self: self.after)
    @rule(times=st.integers(1, 4))
    def redo(self, times: int) -> None:
        for _ in range(min(times, len(self.after))):
            name, following = self.after.pop()
            redone, changes = self.portfolio.redo()
            assert redone == name
            assert changes
            self.before.append((name, self.now))
            self.now = following
            self.steps += 1
            assert state(self.portfolio.path) == self.now

    @rule()
    def restart(self) -> None:
        self.portfolio.close()
        self.portfolio = PortfolioFile.open(self.portfolio.folder)

    @rule()
    def fail_half_way(self) -> None:
        class Interrupted(Exception):
            pass

        with pytest.raises(Interrupted), self.portfolio.edit("Fail") as editor:  # noqa: PT012 - the edit comes first
            editor.put_person(Person(new_id(), "Nobody"))
            raise Interrupted

    def content(self) -> tuple[list[Evidence], dict[str, tuple[object, ...]]]:
        """All items, those in the bin too, and of each what of it and of its claims can be told to be another."""
        with self.portfolio.read() as reader:
            facts = [*reader.evidence_facts(), *reader.evidence_facts(binned=True)]
            items = [reader.evidence_by_id(fact.id) for fact in facts]
            told: dict[str, tuple[object, ...]] = {
                item.id: (item.revised_at, reader.is_binned(item.id)) for item in items
            }
            for item in items:
                for claim in reader.claims(evidence_id=item.id):
                    told.setdefault(f"on {claim.requirement_id}", ())
                    told[f"on {claim.requirement_id}"] += (claim.id, claim.why, claim.claimed_at)
        return items, told

    @rule()
    def remember(self) -> None:
        self.past = (self.steps, *self.content())

    @invariant()
    def what_was_can_be_told_from_what_is(self) -> None:
        revision, items, told = self.past
        if not revision:
            return
        now = self.content()[1]
        with self.portfolio.read() as reader:
            found = [item for item, _ in reader.items_at(revision, {item.id for item in items} | now.keys())]
            since = reader.changed_since(revision)
        assert sorted(found, key=lambda item: item.number) == sorted(items, key=lambda item: item.number)
        differ = {key for key in told.keys() | now.keys() if told.get(key) != now.get(key)}
        assert since.evidence == {key for key in differ if not key.startswith("on ")}
        assert since.claimed >= {key.removeprefix("on ") for key in differ if key.startswith("on ")}

    @invariant()
    def state_and_trail_are_as_they_should_be(self) -> None:
        assert state(self.portfolio.path) == self.now
        listed = self.portfolio.history()
        assert [step.number for step in listed] == list(range(self.steps, 0, -1))
        in_force = [step.name for step in reversed(listed) if step.kind is StepKind.EDIT and not step.undone]
        assert in_force == ["New portfolio", *(name for name, _ in self.before)]
        assert problems(self.portfolio.path) == []
        named = self.portfolio.undo_names()
        assert named.undo == (self.before[-1][0] if self.before else "")
        assert named.redo == (self.after[-1][0] if self.after else "")
        assert self.portfolio.history(2) + self.portfolio.history(3, 2) + self.portfolio.history(None, 5) == listed
        if not self.before:
            with pytest.raises(NothingToUndo, match="nothing to undo"):
                self.portfolio.undo()
        if not self.after:
            with pytest.raises(NothingToUndo, match="nothing to redo"):
                self.portfolio.redo()


UndoMachine.TestCase.settings = settings(max_examples=12, stateful_step_count=20)
test_undo_leads_back_and_redo_forth_whatever_was_done = UndoMachine.TestCase


def test_a_rich_portfolio_can_be_taken_apart_and_put_together_again(tmp_path: Path) -> None:
    sample = rich_portfolio().portfolio
    with store(tmp_path / "portfolio", replace(sample, decisions=())) as portfolio:
        states = [state(portfolio.path)]
        for _ in range(len(portfolio.history()) - 1):
            portfolio.undo()
            states.append(state(portfolio.path))
        with portfolio.read() as reader:
            assert reader.units() == ()
            assert reader.evidence_facts() == []
        for expected in reversed(states[:-1]):
            portfolio.redo()
            assert state(portfolio.path) == expected


def test_an_import_of_thousands_of_rows_is_one_step(tmp_path: Path) -> None:
    with make_large_portfolio(tmp_path / "portfolio", items=400, claims=2400, words=120) as portfolio:
        before = state(portfolio.path)
        with closing(sqlite3.connect(portfolio.path)) as connection:
            (parts,) = connection.execute("SELECT count(*) FROM history_image WHERE step = 2").fetchone()
        assert parts > 1
        name, changes = portfolio.undo()
        assert name == "Import everything"
        assert (len(changes.evidence), len(changes.claims)) == (400, 2400)
        with portfolio.read() as reader:
            assert reader.evidence_facts() == []
        portfolio.redo()
        assert state(portfolio.path) == before
        assert problems(portfolio.path) == []


def test_a_decision_is_a_barrier(portfolio: PortfolioFile) -> None:
    requirement = add_requirement(portfolio)
    decide(portfolio, requirement)
    item = add_item(portfolio)
    assert portfolio.undo()[0] == "Add Minutes"
    assert portfolio.undo_names() == ("", "Add Minutes")
    before = state(portfolio.path)
    with pytest.raises(NothingToUndo, match=r"“Decide 1\.1: met” cannot be undone, nor anything before it"):
        portfolio.undo()
    assert state(portfolio.path) == before
    assert portfolio.redo()[0] == "Add Minutes"
    with portfolio.read() as reader:
        assert reader.evidence(item.number).id == item.id
    assert [step.barrier for step in portfolio.history()] == [False, False, False, True, False, False]


def test_a_step_can_be_made_a_barrier(portfolio: PortfolioFile) -> None:
    with portfolio.edit("Sign off", barrier=True) as editor:
        editor.put_details(replace(editor.details(), centre="Northgate"))
    with pytest.raises(NothingToUndo, match="Sign off"):
        portfolio.undo()


def test_an_edit_after_undo_drops_what_could_be_redone_but_not_from_the_trail(portfolio: PortfolioFile) -> None:
    add_item(portfolio, "First")
    portfolio.undo()
    add_item(portfolio, "Second")
    with pytest.raises(NothingToUndo):
        portfolio.redo()
    assert [(step.name, step.kind, step.undone, step.target) for step in portfolio.history()] == [
        ("Add Second", StepKind.EDIT, False, None),
        ("Add First", StepKind.UNDO, False, 2),
        ("Add First", StepKind.EDIT, True, None),
        ("New portfolio", StepKind.EDIT, False, None),
    ]
    with closing(sqlite3.connect(portfolio.path)) as connection:
        images = {table: after for table, _, after in history.images(connection, 2) if after}
    assert images["evidence"]["title"] == "First"
    assert [step.number for step in portfolio.history(2)] == [4, 3]
    assert portfolio.history(0) == []


def test_the_revision_is_the_newest_step(portfolio: PortfolioFile) -> None:
    add_item(portfolio)
    newest = portfolio.history(1)[0]
    with portfolio.read() as reader:
        assert reader.revision() == (newest.number, newest.hash) == (2, newest.hash)
        assert reader.portfolio().history_head == newest.hash
    assert newest.at.tzinfo is not None
    assert abs((datetime.now(UTC) - newest.at).total_seconds()) < 60


@pytest.mark.parametrize("table", ["history_step", "history_image", "decision"])
def test_what_is_on_record_cannot_be_changed_or_removed(portfolio: PortfolioFile, table: str) -> None:
    decide(portfolio, add_requirement(portfolio))
    portfolio.close()
    column = {"history_step": "name", "history_image": "images", "decision": "comment"}[table]
    with closing(sqlite3.connect(portfolio.path)) as connection:
        for sql in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(sqlite3.IntegrityError, match="append only"):
                connection.execute(sql)


def _drop_guards(connection: sqlite3.Connection) -> None:
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")


@pytest.mark.parametrize(
    ("tampering", "expected"),
    [
        ("UPDATE history_step SET name = 'Innocent' WHERE number = 3", ["step 3"]),
        ("UPDATE history_step SET at = '2020-01-01T00:00:00+00:00' WHERE number = 2", ["step 2"]),
        ("UPDATE history_step SET hash = '00' WHERE number = 2", ["step 2", "step 3"]),
        ("DELETE FROM history_step WHERE number = 2", ["steps are missing"]),
        ("DELETE FROM history_image WHERE step = 3", ["step 3"]),
        ("UPDATE history_image SET images = x'00' WHERE step = 3", ["images of history step 3"]),
    ],
)
def test_tampering_shows(portfolio: PortfolioFile, tampering: str, expected: list[str]) -> None:
    for title in ("One", "Two", "Three"):
        add_item(portfolio, title)
    portfolio.close()
    assert problems(portfolio.path) == []
    with closing(sqlite3.connect(portfolio.path)) as connection:
        _drop_guards(connection)
        connection.execute(tampering)
        connection.commit()
    found = problems(portfolio.path)
    for words, problem in zip(expected, found, strict=False):
        assert words in problem
    assert len(found) >= len(expected)


def test_an_altered_image_shows(portfolio: PortfolioFile) -> None:
    add_item(portfolio, "Honest")
    portfolio.close()
    with closing(sqlite3.connect(portfolio.path)) as connection:
        _drop_guards(connection)
        (packed,) = connection.execute("SELECT images FROM history_image WHERE step = 2").fetchone()
        forged = zlib.compress(zlib.decompress(packed).replace(b"Honest", b"Forged"))
        connection.execute("UPDATE history_image SET images = ? WHERE step = 2", (forged,))
        connection.commit()
    assert problems(portfolio.path) == ["History step 2 (“Add Honest”) was altered after it was written."]


@pytest.mark.parametrize(
    "forged",
    [
        b'["sqlite_schema",null,{"name":"x"}]',
        b'["evidence; DROP TABLE claim",null,{"id":"x"}]',
        b'["person",null,{"id) VALUES (1); DROP TABLE claim; --":"x"}]',
        b'["person",{"id":"x"},{"id":"x"}]',
    ],
)
def test_names_in_a_forged_image_are_never_run(portfolio: PortfolioFile, forged: bytes) -> None:
    add_item(portfolio)
    with closing(sqlite3.connect(portfolio.path)) as connection:
        (guard,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'history_image_no_update'").fetchone()
        connection.execute("DROP TRIGGER history_image_no_update")
        connection.execute("UPDATE history_image SET images = ? WHERE step = 2", (zlib.compress(forged),))
        connection.execute(guard)
        connection.commit()
    before = state(portfolio.path)
    with pytest.raises(PortfolioDamaged, match="cannot be read, so it cannot be undone"):
        portfolio.undo()
    assert state(portfolio.path) == before


def test_undo_refuses_where_rows_were_altered_behind_its_back(portfolio: PortfolioFile) -> None:
    add_item(portfolio)
    with closing(sqlite3.connect(portfolio.path)) as connection:
        connection.execute("DELETE FROM evidence_content")
        connection.commit()
    before = state(portfolio.path)
    with pytest.raises(PortfolioDamaged, match="does not fit what is stored"):
        portfolio.undo()
    assert state(portfolio.path) == before
