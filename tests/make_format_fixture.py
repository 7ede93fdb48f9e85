"""Make the example of the present file format that is kept for ever: ``python -m tests.make_format_fixture``.

To be run once for each format, by the last program that writes it; refuses to replace an example.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.sample_portfolios import rich_portfolio
from tests.stored_portfolios import store

from portfolio_app.domain.claims import Decision, Verdict
from portfolio_app.domain.evidence import EvidenceVersion, Judgement
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import UnitGroup
from portfolio_app.domain.redaction import RedactionRegion, RedactionTerm
from portfolio_app.storage import schema
from portfolio_app.storage.portfolio_file import PortfolioFile

FORMATS = Path(__file__).parent / "reference" / "formats"


def contents(portfolio: PortfolioFile) -> dict[str, Any]:
    """Return what a portfolio holds as JSON can say it: values, the bin, the history without its times."""
    with portfolio.read() as reader:
        values = asdict(reader.portfolio())
        values["binned"] = [fact._asdict() for fact in reader.evidence_facts(binned=True)]
    values["history"] = [
        {"number": step.number, "name": step.name, "kind": step.kind, "undone": step.undone, "barrier": step.barrier}
        for step in portfolio.history()
    ]
    found: dict[str, Any] = json.loads(json.dumps(values, default=_plain, sort_keys=True))
    return found


def _mark_and_rework(portfolio: PortfolioFile) -> None:
    """Keep an earlier version of an item, hide words and a region, and decide by a document that came back."""
    with portfolio.read() as reader:
        item = next(each for each in reader.portfolio().evidence if each.attachments)
        requirement_id = reader.decisions()[0].requirement_id
    seen_at = datetime(2026, 6, 14, 9, 30, tzinfo=UTC)
    decision = Decision(new_id(), requirement_id, Verdict.MET, "Jo Marsh", "", seen_at + timedelta(days=4), seen_at)
    with portfolio.edit("Accept a review") as editor:
        editor.add_decision(replace(decision, source="5e" * 32))
    attachment = item.attachments[0]
    with portfolio.edit("Rework the item") as editor:
        editor.add_version(
            EvidenceVersion(
                new_id(),
                item.id,
                1,
                seen_at,
                "One action had no date",
                item.kind,
                item.title,
                item.date,
                item.body,
                item.fields,
                item.attachments,
                ("Dana Price, duty manager: witness, signed 12 June 2026",),
                Judgement(valid=True, current=False, by="Jo Marsh", on=date(2026, 6, 14)),
            )
        )
    with portfolio.edit("Mark what is to be hidden") as editor:
        editor.put_redaction_term(RedactionTerm(new_id(), "Omar Reid", "a colleague"))
        editor.put_redaction_term(RedactionTerm(new_id(), "20-31-48", whole_words=False))
        editor.put_redaction_region(RedactionRegion(new_id(), attachment.id, 1, 1000, 2500, 4000, 300))
        editor.spare_text("Harbour Hotel")


def _group_and_reject(portfolio: PortfolioFile) -> None:
    """Put a unit into a group of the qualification, and reject a suggestion."""
    with portfolio.read() as reader:
        details, units, item = reader.details(), reader.units(), reader.portfolio().evidence[0]
    group = UnitGroup(new_id(), "Optional units", least_units=1, least_credits=4)
    with portfolio.edit("Group the units") as editor:
        qualification = replace(details.qualification, least_credits=30, groups=(group,))
        editor.put_details(replace(details, qualification=qualification))
        editor.put_unit(replace(units[-1], mandatory=False, group_id=group.id))
    with portfolio.edit("Reject a suggestion") as editor:
        editor.reject_suggestion(item.id, next(units[0].leaves()).id)


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def main() -> None:
    """Write the database, what it holds, and the text of its schema."""
    target = FORMATS / f"format-{schema.FORMAT}"
    if target.exists():
        sys.exit(f"{target} is there already and is kept for ever")
    sample = rich_portfolio().portfolio
    with tempfile.TemporaryDirectory() as folder, store(Path(folder) / "portfolio", sample) as portfolio:
        _mark_and_rework(portfolio)
        _group_and_reject(portfolio)
        with portfolio.edit("Bin the last item") as editor:
            last = editor.evidence_facts()[-1]
            editor.bin_evidence(last.id)
        with portfolio.edit("Rename the learner") as editor:
            details = editor.details()
            editor.put_details(replace(details, learner=replace(details.learner, name="Sam E. Ellis")))
        with portfolio.edit("Change the centre") as editor:
            editor.put_details(replace(editor.details(), centre="Undone Centre"))
        portfolio.undo()
        target.mkdir(parents=True)
        expected = contents(portfolio)
        portfolio.close()
        (target / portfolio.path.name).write_bytes(portfolio.path.read_bytes())
    (target / "contents.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (target / "schema.sql").write_text(";\n".join(schema.statements()) + ";\n", encoding="utf-8")


if __name__ == "__main__":
    main()
