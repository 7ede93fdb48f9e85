"""The parts of a compound requirement, from lists that say outright what must be there.

"… including a, b and c" asks for all three; "such as a, b and c" gives examples and asks for none. What is
doubtful makes no components: the learner can add them, but must not be asked for what nobody demands.
"""

from __future__ import annotations

import re

_LIST = re.compile(
    r"\b(?:including(?:,? but not limited to)?|includes?|incorporat(?:ing|es)|specif(?:ying|ies)|(?:that|which) specify"
    r"|compris(?:ing|es)|consisting of)\b:?\s+",
    re.IGNORECASE,
)
_EXAMPLES = re.compile(r"\b(?:such as|e\.g\.|eg|for example|for instance|like|i\.e\.)(?![^\W_])", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|without|or|may|might|can|could|optionally)\s*,?\s*$", re.IGNORECASE)
_END = re.compile(r"[.;:!?](?=\s|$)")
_CLAUSE = re.compile(
    r"(?:and |or )?(?:with|without|to|using|ensuring|which|that|who|where|while|when|whilst|so|in order|in line|based"
    r"|linked|linking|showing|demonstrating|aligned|as well as|rather than|by|followed by|for example|supported by)\b",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_LEADING_AND = re.compile(r"(?:and|&)\s+", re.IGNORECASE)
_MAX_TEXT = 2_000
_MAX_WORDS = 12


def explicit_components(text: str) -> tuple[str, ...]:
    """Return the parts that a requirement lists outright, as written; empty where it lists fewer than two."""
    if len(text) > _MAX_TEXT:
        return ()
    match = _LIST.search(text)
    if match is None or _NOT.search(text[: match.start()]) or _among_examples(text, match.start()):
        return ()
    listed = _without_examples_in_brackets(_until_end(text[match.end() :]))
    parts = _parts(listed)
    if len(parts) < 2 or any(len(part.split()) > _MAX_WORDS for part in parts):
        return ()
    return tuple(dict.fromkeys(parts))


def _among_examples(text: str, position: int) -> bool:
    """Say whether the list stands after "such as …" in its sentence, outside brackets that are closed again."""
    before = re.split(r"[.;!?]\s", _without_examples_in_brackets(text[:position]).replace("e.g.", "eg"))[-1]
    return _EXAMPLES.search(before) is not None


def _until_end(text: str) -> str:
    """Cut at the end of the sentence, or at the bracket that the list stands in."""
    depth = 0
    for position, character in enumerate(text):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
            if depth < 0:
                return text[:position]
        elif depth == 0 and _END.match(text, position) and not re.search(r"\b(?:e\.g|i\.e|etc)$", text[:position]):
            return text[:position]
    return text


def _without_examples_in_brackets(text: str) -> str:
    kept: list[str] = []
    for piece in re.split(r"(\([^()]*\))", text):
        if piece.startswith("(") and _EXAMPLES.match(piece, 1):
            continue
        kept.append(piece)
    return " ".join("".join(kept).split())


def _parts(listed: str) -> list[str]:
    """Split a list at its commas and its last "and"; empty where it is not plain what belongs to it."""
    kept: list[str] = []
    segments = [segment.strip() for segment in _top_level_commas(listed)]
    for position, segment in enumerate(segments):
        if position and _CLAUSE.match(segment):
            break
        final = _LEADING_AND.match(segment)
        examples = _EXAMPLES.search(segment)
        if examples and not final and position < len(segments) - 1:
            return []  # examples in the middle: nobody can tell where they end
        kept.append(segment[: examples.start()].rstrip() if examples else segment)
        if final:
            break
    kept = [segment for segment in kept if segment]
    if not kept:
        return []
    last = _last_parts(kept[-1], alone=len(kept) == 1)
    return [*kept[:-1], *last] if last else []


def _last_parts(text: str, *, alone: bool) -> list[str]:
    """Split the end of a list at its "and"; empty where it cannot be told what that joins."""
    if _OR.search(text):
        return []
    if match := _LEADING_AND.match(text):
        return [text[match.end() :].strip()]
    parts = [part.strip() for part in _AND.split(text)]
    if len(parts) > 2:
        return []  # "training and terms and conditions"
    if alone and len(parts) == 2 and not any(" " in part for part in parts):
        return []  # "terms and conditions" may well be one thing
    return parts


def _top_level_commas(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and depth <= 0:
            parts.append(text[start:position])
            start = position + 1
    parts.append(text[start:])
    return parts
