"""Whether a requirement asks the learner to do something, rather than to know, plan or explain it.

A requirement is taken as performance only when the first word that carries meaning says so: what looks
doubtful is not, because a gap that is not one costs more trust than a missed one.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Words that may stand before the one that decides.
_PASSED_OVER = frozenset(
    """a an the of to how that their they has have own
    candidate candidates learner learners
    ability able clear direct directly effective effectively evidence example examples practical
    demonstrate demonstrates demonstrated demonstrating show shows showing""".split()  # noqa: SIM905 - word lists are read by people
)
_VERBS = frozenset(
    """apologise apologised apologising
    carry carries carried carrying
    coach coaches coached
    collaborate collaborated collaborating
    communicate communicates communicated communicating
    conduct conducts conducted conducting
    control controls controlled controlling
    deal deals dealt dealing
    delegate delegates delegated delegating
    deliver delivers delivered delivering
    facilitate facilitates facilitated facilitating
    handle handles handled handling
    implement implements implemented implementing
    lead leads led leading
    maintain maintains maintained maintaining
    manage manages managed managing
    monitor monitors monitored monitoring
    motivate motivates motivated motivating
    negotiate negotiates negotiated negotiating
    operate operates operated
    organise organises organised organising
    perform performs performed performing
    resolve resolves resolved resolving
    respond responds responded responding
    supervise supervises supervised supervising
    train trains trained
    uses used""".split()  # noqa: SIM905
)
# As names of an activity these mean performance only with what it is done to: "management of …".
_NOUNS = frozenset(
    """coordination delivery facilitation handling
    implementation management resolution supervision""".split()  # noqa: SIM905
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@lru_cache(maxsize=4096)
def asks_for_performance(text: str) -> bool:
    """Say whether a requirement (its text without a lead-in) asks for something done."""
    words = [match[0].casefold() for match in _WORD.finditer(text[:200])]
    for position, word in enumerate(words):
        if word in _PASSED_OVER:
            continue
        if word in _NOUNS and words[position + 1 : position + 2] == ["of"]:
            return True
        return word in _VERBS
    return False
