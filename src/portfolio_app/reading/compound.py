"""Compound files, in which Office of before 2007 and Outlook keep streams in folders, read with care."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from olefile import OleFileIO
from olefile.olefile import OleFileError

from portfolio_app.reading.limits import Limits, Problem, Unreadable


class CompoundFile:
    """An open compound file. Use it in a ``with`` statement.

    Attributes:
        entries: The places of all streams and folders: the names of the folders above, then their own.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        """Open it.

        Raises:
            Unreadable: it is damaged, or enormous.
            OSError: it cannot be read.
        """
        self._left = limits.most_unpacked
        if path.stat().st_size > limits.largest_compound:
            raise Unreadable(Problem.ENORMOUS)
        try:
            self._ole = OleFileIO(path)
        except OleFileError:
            raise Unreadable(Problem.DAMAGED) from None
        self.entries: list[list[str]] = self._ole.listdir(streams=True, storages=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ole.close()

    def __contains__(self, place: Sequence[str]) -> bool:
        return bool(self._ole.exists(list(place)))

    def data(self, place: Sequence[str], most: int) -> bytes:
        """Return a stream of so many bytes at the most; nothing where there is none.

        Raises:
            Unreadable: it is larger, or all that were read together are.
        """
        if place not in self:
            return b""
        size = self._ole.get_size(list(place))
        self._left -= size
        if size > most or self._left < 0:
            raise Unreadable(Problem.ENORMOUS)
        with self._ole.openstream(list(place)) as stream:
            data: bytes = stream.read()
        return data
