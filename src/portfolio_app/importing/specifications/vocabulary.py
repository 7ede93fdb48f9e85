"""The words by which specifications are read, from ``resources/specifications/words.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from portfolio_app.paths import resources_dir


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words, ready to be looked for.

    Attributes:
        sections: By its name, what the words of a heading over such a section match as a whole.
        fields: By its name, a pattern of the labels of a field, the longest first.
        grade: A pattern of the names of grades.
        heading_words: Of what words headings over requirements are made.
        commands: The verbs that criteria begin with.
    """

    sections: Mapping[str, re.Pattern[str]]
    fields: Mapping[str, str]
    grade: str
    heading_words: frozenset[str]
    commands: frozenset[str]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the words; they are read once."""
    path = resources_dir() / "specifications" / "words.toml"
    words: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    colons: dict[str, list[str]] = words["fields"].pop("before_a_colon")
    return Vocabulary(
        sections={name: re.compile(_any(phrases)) for name, phrases in words["sections"].items()},
        fields={
            name: "|".join(
                [_any(labels), *(rf"{_phrase(label)}(?=\s*:)" for label in colons.get(name, ()))],
            )
            for name, labels in words["fields"].items()
        },
        grade=_any(words["grades"]["names"]),
        heading_words=frozenset(words["headings"]["words"].split()),
        commands=frozenset(words["commands"]["words"].split()),
    )


def _any(phrases: Iterable[str]) -> str:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(_phrase(phrase) for phrase in longest_first)


def _phrase(phrase: str) -> str:
    """Return a pattern of a phrase: any white space between its words, and anything after a "*"."""
    words = phrase.removesuffix("*").replace("’", "'").split()
    pattern = r"\s+".join(re.escape(word).replace("'", "['’]") for word in words)
    return f"{pattern}.*" if phrase.endswith("*") else pattern
