"""The text of an attached file, with where in it each passage stands; whatever is wrong with it is a state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from portfolio_app.domain.attached_text import AttachedText, TextState
from portfolio_app.reading.limits import SEARCHED, LimitReached, Limits, Problem, Unreadable, Watch
from portfolio_app.reading.passages import PassageSink
from portfolio_app.reading.whole import read_whole

_STATES: Final = {
    Problem.PROTECTED: TextState.ENCRYPTED,
    Problem.DAMAGED: TextState.DAMAGED,
    Problem.ENORMOUS: TextState.TOO_LARGE,
    Problem.SLOW: TextState.TOO_SLOW,
    Problem.EMPTY: TextState.NOTHING,
    Problem.NO_TEXT: TextState.DAMAGED,
    Problem.NO_WORDS: TextState.NOTHING,
    Problem.OLD_FORMAT: TextState.UNKNOWN_FORMAT,
    Problem.UNKNOWN_FORMAT: TextState.UNKNOWN_FORMAT,
}


def extract_text(
    path: Path,
    name: str,
    media_type: str,
    sha256: str,
    tick: Callable[[], None] = lambda: None,
    *,
    limits: Limits = SEARCHED,
) -> AttachedText:
    """Read what a file says, as far as the limits go.

    A library may still crash or hang over a hostile file: a :class:`~portfolio_app.services.text_desk.TextProcess`
    outlives that.

    Args:
        path: where its content is.
        name: what the user knows it as.
        media_type: by its content.
        sha256: of its content.
        tick: called every now and then; raises to cancel the work.
        limits: how much is read.

    Raises:
        KnownError: ``tick`` did.
    """
    sink = PassageSink(Watch(tick, limits.seconds), limits)
    state = TextState.READ
    try:
        read_whole(path, name, media_type, sink)
    except LimitReached:
        sink.leave_out()
        state = TextState.READ if sink.passages else TextState.TOO_LARGE
    except Unreadable as error:
        state = _STATES[error.problem]
    except OSError:
        state = TextState.MISSING
    if state is TextState.TOO_SLOW and sink.passages:  # what was read until then is of use
        state = TextState.READ
        sink.leave_out()
    if state is not TextState.READ:
        return AttachedText(sha256, state)
    return AttachedText(sha256, state, tuple(sink.passages), sink.complete)
