"""Why a model of uplift is published or withheld, in words."""

from __future__ import annotations

from collections.abc import Mapping

from tessera.customers.uplift.qini import UpliftEstimate

LEAST_PEOPLE = 500
LEAST_OUTCOMES = 100


def lacking_of(*, treated: tuple[int, int], held_out: tuple[int, int]) -> str:
    """Return what an experiment is too small for, empty if nothing is lacking.

    Parameters
    ----------
    treated, held_out
        People, and of these how many have an outcome other than 0.
    """
    for group, (people, with_outcome) in (("held-out", held_out), ("treated", treated)):
        if people < LEAST_PEOPLE:
            return f"{people:,} {group} people have a result, and {LEAST_PEOPLE} are needed"
        if with_outcome < LEAST_OUTCOMES:
            return (
                f"{with_outcome:,} {group} people bought, and {LEAST_OUTCOMES} are needed: from "
                "fewer it cannot be learnt who reacts"
            )
    return ""


def verdict_words(
    *, groups: int, area: UpliftEstimate, against: Mapping[str, UpliftEstimate]
) -> str:
    """Return what the comparison came to.

    Parameters
    ----------
    groups
        How many were made.
    area
        Of the groups, on people that they were not learnt from.
    against
        By how much it exceeds that of other rankings, by their names.
    """
    if groups < 2:
        return "no column shows a difference in how people react: treat all of them, or none"
    shown = f"{area.value:+.4f} ({area.low:+.4f} to {area.high:+.4f})"
    if not area.is_surely_positive:
        return (
            f"the groups do not surely beat a random choice: Qini area {shown} per person, on "
            "people that they were not learnt from"
        )
    for name, difference in against.items():
        if difference.value <= 0:
            return (
                f"the groups beat a random choice, and not a choice by {name}: their Qini area "
                f"is {difference.value:+.4f} per person beside it"
            )
    others = "".join(f" and a choice by {name}" for name in against)
    return f"the groups beat a random choice{others}: Qini area {shown} per person"
