"""Small parts that several chapters are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from portfolio_app.domain.claims import Claim, Decision
from portfolio_app.domain.coverage import CoverageState, Tally, cell_state
from portfolio_app.exporting.chapters.material import Material
from portfolio_app.exporting.column_widths import PADDING, TEXT_WIDTH, column_widths, text_width
from portfolio_app.exporting.publication import Cell, Paragraph, ParagraphStyle, Run, Runs, Table
from portfolio_app.exporting.wording import Wording
from portfolio_app.plain_text import one_line, printable

_FRONT_WIDTHS = (0.28, 0.72)
_PAIR_WIDTHS = (0.25,) * 4
_QUIET_SIZE = 9.5 / 8.5  # of text in tables of labels and values, to that in others
SEPARATOR = Run(", ")


def paragraph(
    text: str, style: ParagraphStyle = ParagraphStyle.BODY, *, anchor: str = "", keep_with_next: bool = False
) -> Paragraph:
    """Make a paragraph of one run."""
    return Paragraph((Run(printable(text)),), style, anchor, keep_with_next)


def muted(text: str) -> Paragraph:
    """Make a paragraph that stands back."""
    return paragraph(text, ParagraphStyle.MUTED)


def cell(text: str, *, numeric: bool = False) -> Cell:
    """Make a table cell; each line of the text becomes a paragraph."""
    lines = [line for line in printable(text).split("\n") if line.strip()] or [""]
    return Cell(tuple((Run(line),) for line in lines), numeric=numeric)


def header(*texts: str) -> tuple[Cell, ...]:
    """Make a table's header row; each line of a text becomes a paragraph."""
    return tuple(Cell(tuple((Run(line, bold=True),) for line in text.split("\n"))) for text in texts)


def row_label(text: str) -> Cell:
    """Make the label of a row."""
    return Cell(((Run(text, muted=True),),), header=True)


def quiet_rows(rows: Iterable[tuple[str, Runs | str]]) -> list[tuple[Cell, ...]]:
    """Make rows of labels and values; those without a value are left out."""
    return [
        (row_label(label), cell(value) if isinstance(value, str) else Cell((value,)))
        for label, value in rows
        if (value.strip() if isinstance(value, str) else value)
    ]


def quiet_table(rows: Iterable[tuple[Cell, ...]]) -> Table:
    """Make a table of labels and values, as it stands on the front sheet."""
    return Table((), tuple(rows), _FRONT_WIDTHS, quiet=True)


def paired_table(rows: Sequence[tuple[Cell, ...]]) -> Table:
    """Make a table of labels and values, short ones two by two; a short one may come before a long one for that."""
    left = list(rows)
    paired: list[tuple[Cell, ...]] = []
    while left:
        label, value = left.pop(0)
        partner = None
        if _is_short(label, value):
            partner = next((row for row in left if _is_short(*row, is_last=True)), None)
        if partner is None:
            paired.append((label, replace(value, span=len(_PAIR_WIDTHS) - 1)))
        else:
            left.remove(partner)
            paired.append((label, value, *partner))
    if len(paired) == len(rows):
        return Table((), tuple(rows), (_PAIR_WIDTHS[0], sum(_PAIR_WIDTHS[1:])), quiet=True)
    return Table((), tuple(paired), _PAIR_WIDTHS, quiet=True)


def _is_short(label: Cell, value: Cell, *, is_last: bool = False) -> bool:
    """Whether label and value fit on one line of half the text's width; nothing is to the right of the last value."""
    room = _PAIR_WIDTHS[0] * TEXT_WIDTH
    for cell, padding in ((label, PADDING), (value, 0.0 if is_last else PADDING)):
        text = "".join(run.text for runs in cell.paragraphs for run in runs)
        if len(cell.paragraphs) > 1 or "\n" in text or text_width(text) * _QUIET_SIZE > room - padding:
            return False
    return True


def filled_table(head: Sequence[Cell], rows: Iterable[Sequence[Cell]], caption: str = "") -> Table:
    """Make a table of columns as wide as they need; a column that is empty in every row is left out."""
    (table,) = filled_tables(head, [rows], caption)
    return table


def filled_tables(head: Sequence[Cell], bodies: Iterable[Iterable[Sequence[Cell]]], caption: str = "") -> list[Table]:
    """Make tables of the same columns, equally wide in all of them; a column that is empty in all is left out."""
    parts = [[tuple(row) for row in body] for body in bodies]
    rows = [row for part in parts for row in part]
    used = [column for column in range(len(head)) if any(is_filled(row[column]) for row in rows)]
    if len(used) < len(head) and used:
        head = [head[column] for column in used]
        parts = [[tuple(row[column] for column in used) for row in part] for part in parts]
        rows = [row for part in parts for row in part]
    widths = column_widths(head, rows)
    return [Table(tuple(head), tuple(part), widths, caption) for part in parts]


def is_filled(cell: Cell) -> bool:
    """Whether there is anything to read in the cell, or anything leads to it."""
    return bool(cell.anchor) or any(run.text.strip() for runs in cell.paragraphs for run in runs)


def joined(parts: Iterable[Runs], separator: Run = SEPARATOR) -> Runs:
    """Put separators between groups of runs."""
    runs: list[Run] = []
    for part in parts:
        if runs:
            runs.append(separator)
        runs += part
    return tuple(runs)


def tally_runs(tally: Tally, words: Wording) -> Runs:
    """Show how many leaves are in each state, furthest first."""
    present = [state for state in reversed(CoverageState) if tally[state]]
    return joined(
        (Run(f"{state.symbol} {tally[state]:,} {words(f'state.{state.value}')}", status=state),) for state in present
    )


def tally_signs(tally: Tally) -> Runs:
    """Show how many leaves are in each state by its symbol alone, furthest first."""
    present = [state for state in reversed(CoverageState) if tally[state]]
    return joined(((Run(f"{state.symbol} {tally[state]:,}", status=state),) for state in present), Run(" · "))


def met_text(tally: Tally, words: Wording) -> str:
    """Say "6 of 8 requirements met"."""
    return words.count("tally.met", tally.total, met=f"{tally.met:,}")


def place_runs(material: Material, claim: Claim) -> Runs:
    """Show a claim's place ("p. 3"), leading there if the publication holds it; nothing without a place."""
    return material.places.runs(claim, material.evidence[claim.evidence_id])


def decision_runs(decision: Decision, material: Material) -> Runs:
    """Show a verdict with who gave it and when."""
    words = material.words
    by = words("decision.by", name=one_line(decision.by) or words("person.unnamed"), day=words.day(decision.decided_at))
    return (material.state_runs[cell_state(True, decision)], Run(f" – {by}"))


def quoted(text: str) -> str:
    """Put a passage in quotation marks unless it has its own."""
    cleaned = printable(text).strip()
    return cleaned if cleaned.startswith(("“", "‘", '"')) else f"“{cleaned}”"


def list_names(names: Sequence[str], words: Wording) -> str:
    """Say "U1, U2 and U3"."""
    if len(names) < 2:
        return "".join(names)
    return words("list.and", most=", ".join(names[:-1]), last=names[-1])
