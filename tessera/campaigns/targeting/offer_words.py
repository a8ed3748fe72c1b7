"""What to do with an offer, in words."""

from __future__ import annotations

from tessera.campaigns.targeting.targets import CampaignTargets

_SIMULATED = "Simulated: no person made these purchases, so there is no segment set to save."
_NO_ADVICE = "No advice is given: look for people who were lost after the draw."


def offer_words(
    targets: CampaignTargets, *, cost: float, margin: float, customers: int, stale_set: str | None
) -> str:
    """Return what to do with an offer.

    Parameters
    ----------
    targets
        Who reacts.
    cost, margin
        The offer's.
    customers
        To how many it goes within the budget.
    stale_set
        A segment set that is in use, and whose groups are no longer published. None without one.
    """
    words = _verdict(targets, cost=cost, margin=margin, customers=customers)
    if targets.simulated:
        words = f"{_SIMULATED} {words}"
    if stale_set is None:
        return words
    return f"{words} {stale_words(stale_set)}"


def stale_words(name: str) -> str:
    """Return what to know of a segment set in use whose groups are no longer published."""
    return (
        f"The segment set {name} is still in use, with groups that the results no longer support: "
        "take it out of use."
    )


def _verdict(targets: CampaignTargets, *, cost: float, margin: float, customers: int) -> str:
    if targets.decision == "publish":
        if customers:
            return f"Send the offer to {customers:,} customers first. {targets.reason}"
        return "No group is expected to bring what the offer costs, or the budget reaches none."
    if targets.is_mismatch:
        return f"{targets.reason} {_NO_ADVICE}"
    low = targets.average_low
    if low is not None and margin * low > cost:
        more = "The offer surely brings more than it costs on average: send it to all."
        return f"{targets.reason} {more}"
    return f"{targets.reason} Choose by what you know, and keep a holdout."
