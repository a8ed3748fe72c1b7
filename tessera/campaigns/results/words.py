"""What a comparison of buyers shows, in plain words."""

from __future__ import annotations

from tessera.campaigns.results.comparing import LEAST_SEQUENTIAL
from tessera.campaigns.results.effects import ConversionEffect
from tessera.campaigns.results.statistics.detectable import people_needed
from tessera.campaigns.results.statistics.inference import Inference

LIFT = 0.1  # the effect that "a tenth more buyers" names
_DIGITS = 2


def conversion_words(effect: ConversionEffect, *, share: float, inference: Inference) -> str:
    """Return the verdict on buyers, for people.

    Parameters
    ----------
    effect
        The comparison.
    share
        Of the holdout, for how many people it would take.
    inference
        How often the result is looked at.
    """
    if not effect.treated or not effect.held_out:
        return "Inconclusive: there are no people in one of the two groups yet."
    if effect.verdict == "withheld":
        return "Withheld: the sizes of the groups do not fit the holdout's share."
    if effect.difference is None or effect.low is None or effect.high is None:
        buyers = f"{effect.treated_buyers:,} and {effect.held_out_buyers:,}"
        others = (
            f"{effect.treated - effect.treated_buyers:,} and "
            f"{effect.held_out - effect.held_out_buyers:,}"
        )
        return (
            f"Too early: a result that may be looked at daily begins with {LEAST_SEQUENTIAL} "
            f"buyers in each group, and as many others. There are {buyers} buyers, and {others} "
            "others."
        )
    ends = f"{100 * effect.low:+.2f} to {100 * effect.high:+.2f}"
    points = f"{100 * effect.difference:+.2f} points ({ends})"
    if effect.verdict != "inconclusive":
        return f"{effect.verdict.title()} buyers among those who were written to: {points}."
    return f"Inconclusive: {points} of buyers, which chance alone can give." + _needed(
        effect, share=share, inference=inference
    )


def unseen_words(people: int) -> str:
    """Return how many people do not count, because they are no customers."""
    return (
        f"{people:,} people do not count, because they have no customer id: their purchases cannot "
        "be seen."
    )


def people_for_a_tenth(
    effect: ConversionEffect, *, share: float, inference: Inference
) -> int | None:
    """Return how many people show a tenth more buyers. None where buyers give no answer."""
    conversion = effect.held_out_buyers / effect.held_out if effect.held_out else 0.0
    if not 0 < conversion < 1 or not 0 < share < 1:
        return None
    people = people_needed(conversion=conversion, lift=LIFT, share=share, inference=inference)
    return rounded(people)


def rounded(count: int) -> int:
    """Return a count with two digits, upwards: an estimate has no further ones."""
    step: int = 10 ** max(0, len(str(count)) - _DIGITS)
    return -(-count // step) * step


def _needed(effect: ConversionEffect, *, share: float, inference: Inference) -> str:
    people = people_for_a_tenth(effect, share=share, inference=inference)
    return f" To see a tenth more buyers takes about {people:,} people." if people else ""
