"""What an audience comes to: who is written to, who is held out, and who is omitted and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True, kw_only=True)
class OmittedPeople:
    """People of an audience who are sent nothing.

    Parameters
    ----------
    reason, meaning
        Why, as a word and as a sentence. Each person is counted for the first reason.
    people
        How many.
    """

    reason: str
    meaning: str
    people: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class AudienceSummary:
    """What becomes of everybody, before anything is sent.

    Parameters
    ----------
    customers
        Customers or receivers that were read.
    selected
        Those in the audience who have entered it.
    eligible
        Those who are written to.
    held_out
        Those who would be, and are not, so that the campaign can be measured.
    omitted
        The rest by reason, in the order in which the reasons are asked.
    variants
        Those who are written to, by variant.
    note
        What to know before anything is sent. Empty for nothing.
    """

    customers: int
    selected: int
    eligible: int
    held_out: int
    omitted: tuple[OmittedPeople, ...]
    variants: Mapping[str, int]
    note: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class AudienceQuestion:
    """A definition whose audience is to be counted.

    Parameters
    ----------
    definition
        A campaign's document. The templates of its variants may be null: they change no count.
    """

    definition: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class AudienceCount:
    """What a definition's audience comes to now.

    Parameters
    ----------
    audience
        The counts. None with problems.
    problems
        Why the definition fits nobody here and now, a sentence each.
    refused_lines
        Lines of an uploaded list of receivers that cannot be used.
    refusals
        The first of them with their reasons, without their content.
    """

    audience: AudienceSummary | None
    problems: tuple[str, ...]
    refused_lines: int
    refusals: tuple[str, ...]
