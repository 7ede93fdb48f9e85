"""What every import of a unit gives back: the unit, and what to look at before it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from portfolio_app.domain.qualification import Unit


@dataclass(frozen=True, slots=True)
class UnitWarning:
    """Something doubtful in the source.

    ``line`` and ``page`` count from 1; ``None`` where it is about the whole text, or the source has no pages. What is
    ``certain`` is only said, such as what was left out under a known heading.
    """

    line: int | None
    sentence: str
    page: int | None = None
    certain: bool = False


@dataclass(frozen=True, slots=True)
class ImportedUnit:
    """A unit read from a source, without a code, and the warnings in the order of their lines.

    ``lines`` are those of the source where it is a text, to be shown beside what was made of them; the first of them
    is line ``first_line`` of the file, and ``pages`` are their pages, empty or ``None`` where the file has none.
    """

    unit: Unit
    warnings: tuple[UnitWarning, ...] = ()
    lines: tuple[str, ...] = field(default=(), repr=False, compare=False)
    first_line: int = 1
    pages: tuple[int | None, ...] = field(default=(), repr=False, compare=False)
