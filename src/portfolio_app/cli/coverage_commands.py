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


def gaps(
    folder: Folder,
    everything: Annotated[bool, typer.Option("--all", help="Also what was put aside.")] = False,
    as_json: Json = False,
) -> None:
    """Show what is missing and what is worth a look."""
    from portfolio_app.services.gap_list import gap_list

    with reading(folder) as portfolio:
        found = gap_list(portfolio, kinds_of(portfolio), _today(), include_dismissed=everything)
    if as_json:
        say_json([json_views.gap(placed) for placed in found])
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

    with editing(folder) as portfolio:
        found, _ = dismiss_gap(
            portfolio, kinds_of(portfolio), _today(), rule, reason, address=at, evidence_ref=evidence
        )
        if as_json:
            say_json([json_views.gap(placed) | {"dismissed": reason} for placed in found])
        else:
            say(f"Put aside: {rule}, {len(found)} time{'' if len(found) == 1 else 's'}.")


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


def _cells(line: "MatrixLine") -> list[str]:
    cells = "; ".join(f"{cell.evidence} {cell.claim.locator}".strip() for cell in line.claims)
    return [f"→ {cells}"] if cells else []


def _shortened(text: str, length: int = 120) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def _today() -> date:
    return datetime.now().astimezone().date()
