"""Commands that show where a portfolio stands: gaps and matrix."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, kinds_of, reading
from portfolio_app.cli.output import say, say_json, say_table, say_wrapped
from portfolio_app.cli.parameters import Folder, Json
from portfolio_app.domain.gaps import Severity

if TYPE_CHECKING:
    from portfolio_app.services.coverage import MatrixLine
    from portfolio_app.services.improvement_cycle import PlacedBox


def gaps(
    folder: Folder,
    everything: Annotated[bool, typer.Option("--all", help="Also what was put aside.")] = False,
    as_json: Json = False,
) -> None:
    """Show what is missing and what is worth a look."""
    from portfolio_app.services.advice import gap_advice
    from portfolio_app.services.gap_list import gap_list
    from portfolio_app.services.text_reading import text_reader

    with reading(folder) as portfolio:
        kinds = kinds_of(portfolio)
        texts = text_reader(portfolio, kinds).read_all(portfolio)
        found = gap_list(portfolio, kinds, _today(), include_dismissed=everything, texts=texts)
        advice = gap_advice(portfolio, [placed.gap for placed in found], texts.words)
    if as_json:
        say_json([json_views.gap(placed, pieces) for placed, pieces in zip(found, advice, strict=True)])
        return
    if not found:
        say("Nothing is missing.")
        return
    for severity in Severity:
        rows = [placed for placed in found if placed.gap.severity is severity]
        if not rows:
            continue
        say(f"{severity.heading} ({len(rows)})")
        say_table(
            ("At", "What", "Rule"),
            [
                (
                    " ".join(filter(None, (placed.requirement or placed.unit, placed.evidence))),
                    placed.gap.message
                    + (f"\nPut aside: {placed.gap.dismissed_reason}" if placed.gap.dismissed_reason else ""),
                    placed.gap.rule,
                )
                for placed in rows
            ],
        )
        say()


def dismiss(
    folder: Folder,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule, as “gaps” names it.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it can be put aside.")],
    at: Annotated[
        str | None, typer.Option("--at", metavar="WHERE", help="Only at this unit or requirement: U1 or U1/MP3.")
    ] = None,
    evidence: Annotated[str | None, typer.Option(metavar="EVIDENCE", help="Only for this item: E1.")] = None,
    as_json: Json = False,
) -> None:
    """Put aside what a rule finds, and say why."""
    from portfolio_app.services.gap_list import dismiss_gap
    from portfolio_app.services.text_reading import text_reader

    with editing(folder) as portfolio:
        kinds = kinds_of(portfolio)
        texts = text_reader(portfolio, kinds).read_all(portfolio)
        found, _ = dismiss_gap(portfolio, kinds, _today(), rule, reason, address=at, evidence_ref=evidence, texts=texts)
        if as_json:
            say_json([json_views.gap(placed) | {"dismissed": reason} for placed in found])
        else:
            say(f"Put aside: {rule}, {len(found)} time{'' if len(found) == 1 else 's'}.")


def cycle(
    folder: Folder,
    unit: Annotated[str | None, typer.Option(metavar="UNIT", help="Only this unit.")] = None,
    as_json: Json = False,
) -> None:
    """Show how far the evidence tells of improvement: plan, do, monitor, evaluate, act."""
    from portfolio_app.services.improvement_cycle import unit_cycles
    from portfolio_app.services.text_reading import text_reader

    with reading(folder) as portfolio:
        kinds = kinds_of(portfolio)
        texts = text_reader(portfolio, kinds).read_all(portfolio)
        found = unit_cycles(portfolio, kinds, texts, unit)
    if as_json:
        say_json([json_views.cycle(each) for each in found])
        return
    if not found:
        say("No unit here asks for improvement." if unit is None else f"{unit} does not ask for improvement.")
    for number, each in enumerate(found):
        if number:
            say()
        say_wrapped(f"{each.unit.code} {each.unit.title}")
        say()
        say_table(("Stage", "At", "What was found"), [row for box in each.boxes for row in _box_rows(box)])


def matrix(
    folder: Folder,
    unit: Annotated[list[str] | None, typer.Option(metavar="UNIT", help="Only this unit; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Show which evidence covers which requirement."""
    from portfolio_app.services.coverage import matrix as build

    with reading(folder) as portfolio:
        built = build(portfolio, unit or ())
    if as_json:
        say_json(json_views.matrix(built))
        return
    if not built.units:
        say("The portfolio has no units yet.")
    for number, block in enumerate(built.units):
        tally = built.coverage.unit(block.unit.id).tally
        if number:
            say()
        say_wrapped(f"{block.unit.code} {block.unit.title}: {tally}, {tally.claimed} of {tally.total} with evidence")
        say()
        say_table(
            ("Requirement", "State", "About, and evidence for it"),
            [
                (
                    f"{'  ' * line.depth}{line.address}",
                    f"{line.state.symbol} {line.state}",
                    "\n".join([_shortened(line.requirement.short_text), *_cells(line)]),
                )
                for line in block.lines
            ],
        )


def _box_rows(box: "PlacedBox") -> list[tuple[str, str, str]]:
    rows = [
        (
            f"{placed.evidence} {placed.requirement}",
            f"“{placed.passage.text}”" if placed.passage.is_quotation else placed.passage.text,
        )
        for placed in box.passages
    ]
    if box.more:
        rows.append(("", f"and {box.more:,} more"))
    return [
        ("" if number else box.stage.heading, *row)
        for number, row in enumerate(rows or [("", f"not found: {box.stage.meaning}")])
    ]


def _cells(line: "MatrixLine") -> list[str]:
    cells = "; ".join(f"{cell.evidence} {cell.claim.locator}".strip() for cell in line.claims)
    return [f"→ {cells}"] if cells else []


def _shortened(text: str, length: int = 120) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def _today() -> date:
    return datetime.now().astimezone().date()
