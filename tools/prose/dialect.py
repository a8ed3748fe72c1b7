"""The words that the house style bans, each with its plain alternative."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Match:
    """A banned word in a text: where it starts, what it is, and what to write instead."""

    start: int
    word: str
    instead: str


_PROSE = {
    r"(?:un)?told|tells?|telling": "send, sync, report, show, distinguish",
    r"said": "stated, answered, chose, recorded",
    r"whoever|whomever": "anyone who, customers who, the person who",
    r"whom": "customers that, to which",
    r"shall": "must, should, will",
    r"of\s+(?:its|their|his|her|our|your|my)\s+own": "its own …, own, separate",
    # "lies within bounds" and "lies outside the range" are plain English.
    r"(?:lies?|lying)(?=\s+(?:in|under|at|on|beside|with|elsewhere|there|here|above|below)\b)": (
        "is, is stored, is located"
    ),
    r"(?:is|are|was|were|be|been|being)\s+left\s+out|leav(?:es?|ing)\s+(?:\w+\s+){0,3}out": (
        "is omitted, omit"
    ),
    r"left\s+out": "omitted",
    r"no\s+more(?!\s+than)": "no longer",
    r"all\s+or\s+nobody": "atomically",
    r"there\s+is\s+none\s+of": "without",
    r"those\s+\w+\s+alone": "only those",
    r"(?:say|says)\s+(?:yes|no)|a\s+(?:yes|no)(?!-)": "consent, refuse, consent, a refusal",
    r"anew": "again",
}
_NAMES = {
    "told": "sent, synced, reported, or the thing itself",
    "tell": "send, sync, report, show",
    "tells": "sends, syncs, reports, shows",
    "found": "the thing itself: match, rows, customer, path",
    "said": "the thing itself: answer, consent, choice",
    "whoever": "the thing itself: customer, owner",
    "whom": "the thing itself: customer, recipient",
    "shall": "should, must",
}
_BEFORE_FOUND = ("not", "is", "are", "was", "were", "be", "been")
_PATTERNS = [
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), instead)
    for pattern, instead in _PROSE.items()
]
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def in_prose(text: str) -> Iterator[Match]:
    """Yield the banned words of a text for people, each place once."""
    taken: set[int] = set()
    for pattern, instead in _PATTERNS:
        for match in pattern.finditer(text):
            if taken.isdisjoint(range(*match.span())):
                taken.update(range(*match.span()))
                yield Match(match.start(), " ".join(match[0].split()), instead)


def in_name(name: str) -> Iterator[Match]:
    """Yield the banned words of an identifier, whether snake_case or CamelCase.

    ``not_found`` is the field's own word (HTTP 404), and ``is_found`` is plain English: both stay.
    """
    before = ""
    for match in _WORD.finditer(name):
        word = match[0].lower()
        if word in _NAMES and not (word == "found" and before in _BEFORE_FOUND):
            yield Match(match.start(), name, _NAMES[word])
        before = word
