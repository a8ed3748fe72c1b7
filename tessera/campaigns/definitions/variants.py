"""Variants: the message that a recipient gets, by segment, and within it by chance."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from tessera.campaigns.definitions.checks import are_distinct, is_slug, require
from tessera.errors import InvalidInput

_MOST_VARIANTS = 20


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateChoice:
    """A published version of a template.

    Parameters
    ----------
    id
        The template's.
    version
        Counted from 1. A campaign never follows a later one by itself.
    """

    id: str
    version: int

    def __post_init__(self) -> None:
        """Refuse what can be no template."""
        require(
            self,
            {
                "id": (is_slug(self.id), "a template's id, such as 'win-back'"),
                "version": (self.version >= 1, "a whole number from 1"),
            },
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant:
    """One message of a campaign.

    Variants with the same segments share these customers by chance. So a campaign can send one
    message to a segment and another one to the next, and test two of them against each other.

    Parameters
    ----------
    name
        Unique in the campaign.
    share
        The share of the customers of its segments. The shares of variants with the same segments
        add to 1.
    template
        What is sent. None where another tool has the message.
    segments
        Customers in these segments get it. Empty for everybody whose segment no variant names.
    """

    name: str
    share: float = 1.0
    template: TemplateChoice | None = None
    segments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a variant that nobody would get."""
        require(
            self,
            {
                "name": (is_slug(self.name), "a short name such as 'a' or 'win-back'"),
                "share": (0 < self.share <= 1, "above 0, up to 1"),
                "segments": (are_distinct(self.segments), "different labels"),
            },
        )


def groups_of(variants: Sequence[Variant]) -> dict[tuple[str, ...], tuple[Variant, ...]]:
    """Return variants by the segments that they share, in their own order."""
    keys = dict.fromkeys(tuple(sorted(one.segments)) for one in variants)
    return {
        key: tuple(one for one in variants if tuple(sorted(one.segments)) == key) for key in keys
    }


def check_variants(variants: Sequence[Variant], *, audience: Sequence[str]) -> None:
    """Refuse variants that leave somebody without a message, or with two.

    Parameters
    ----------
    variants
        The campaign's.
    audience
        The segments of its audience. Empty for any.

    Raises
    ------
    InvalidInput
        The message names the variant or segment.
    """
    names = [one.name for one in variants]
    if not 1 <= len(names) <= _MOST_VARIANTS or not are_distinct(names):
        raise InvalidInput(
            f"variants are {names!r}: expected 1 to {_MOST_VARIANTS} with different names"
        )
    groups = groups_of(variants)
    for segments, members in groups.items():
        _check_shares(segments, members)
    _check_segments(list(groups), audience=audience)


def _check_shares(segments: tuple[str, ...], members: Sequence[Variant]) -> None:
    total = math.fsum(one.share for one in members)
    if not math.isclose(total, 1.0, abs_tol=1e-9):
        shares = ", ".join(f"{one.name} {one.share:g}" for one in members)
        whose = f"for {', '.join(segments)}" if segments else "for all other segments"
        raise InvalidInput(
            f"variants {whose} have shares that add to {total:g} ({shares}): expected 1"
        )


def _check_segments(groups: Sequence[tuple[str, ...]], *, audience: Sequence[str]) -> None:
    named = [label for segments in groups for label in segments]
    twice = next((label for label in named if named.count(label) > 1), None)
    if twice is not None:
        raise InvalidInput(
            f"variants name the segment {twice!r} in two lists: expected the same list of "
            "segments for all variants that share it"
        )
    outside = next((label for label in named if audience and label not in audience), None)
    if outside is not None:
        raise InvalidInput(f"variants name the segment {outside!r}, which the audience has not")
    if () in groups:
        return
    missing = next((label for label in audience if label not in named), None)
    if missing is not None or not audience:
        whose = repr(missing) if missing else "segments that none names"
        raise InvalidInput(
            f"variants have none for {whose}: add one whose segments are an empty list"
        )
