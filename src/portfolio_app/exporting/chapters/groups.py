"""What a qualification asks of its groups of units, and whether that is achieved."""

from __future__ import annotations

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.unit_groups import Amount, GroupStanding, QualificationStanding
from portfolio_app.exporting.chapters.material import Material
from portfolio_app.exporting.chapters.parts import cell, filled_table, header
from portfolio_app.exporting.publication import Cell, Run, Table
from portfolio_app.exporting.wording import Wording
from portfolio_app.plain_text import one_line


def group_titles(material: Material) -> dict[str, str]:
    """Return the titles of the groups by their ids."""
    return {group.id: one_line(group.title) for group in material.portfolio.details.qualification.groups}


def group_table(standing: QualificationStanding, words: Wording) -> Table:
    """Say of each group, and of the whole, what it asks for, what is chosen and achieved, and whether it is met."""
    rows = [_row(each, words) for each in standing.groups]
    if standing.open_units and standing.groups:
        codes = ", ".join(map(one_line, standing.open_units))
        still_open = cell(words.count("groups.open_units", len(standing.open_units), units=codes))
        rows.append((_label(words("groups.in_none")), cell(words("groups.mandatory")), cell(""), cell(""), still_open))
    if standing.whole.needed.credits:
        rows.append(_row(standing.whole, words))
    head = ("groups.group", "groups.asks", "groups.chosen", "groups.achieved", "groups.state")
    return filled_table(header(*map(words, head)), rows, words("groups.summary"))


def _row(each: GroupStanding, words: Wording) -> tuple[Cell, ...]:
    codes = ", ".join(one_line(unit.code) for unit in each.units) if each.group else ""
    chosen = _in_words(each.chosen, words)
    return (
        _label(one_line(each.title) or words("groups.whole")),
        cell(_rule(each, words)),
        cell(f"{codes}: {chosen}" if codes else chosen),
        cell(_in_words(each.achieved, words)),
        _state(each, words),
    )


def _label(text: str) -> Cell:
    return Cell(((Run(text),),), header=True)


def _state(each: GroupStanding, words: Wording) -> Cell:
    if each.is_achieved:
        state = CoverageState.MET
        return Cell(((Run(f"{state.symbol} {words('groups.is_achieved')}", status=state),),))
    return cell(words("groups.is_open" if each.is_filled else "groups.is_short"))


def _rule(each: GroupStanding, words: Wording) -> str:
    asked = _in_words(each.asked, words, leave_out_none=True)
    least = words("groups.least", least=asked) if asked else ""
    if each.group is not None and each.group.mandatory:
        return words("groups.all_and", least=least) if least else words("groups.all")
    return least or words("groups.any")


def _in_words(amount: Amount, words: Wording, *, leave_out_none: bool = False) -> str:
    pairs = (("groups.units", amount.units), ("groups.credits", amount.credits))
    return ", ".join(words.count(key, number) for key, number in pairs if number or not leave_out_none)
