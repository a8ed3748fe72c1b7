"""What a campaign could show before it is sent: the smallest effect, the people, the weeks."""

from __future__ import annotations

import math

from tessera.campaigns.results.statistics.distributions import normal_quantile
from tessera.campaigns.results.statistics.inference import Inference, critical_z

POWER = 0.8
_POWER_Z = normal_quantile(POWER)
LARGEST_SHARE = 0.5  # more held out shows no smaller effect
_MOST_PEOPLE = 10**12
_DAYS = 7


def detectable_lift(
    people: int, *, conversion: float, share: float, inference: Inference = "fixed_horizon"
) -> float:
    """Return the smallest effect that is seen in 80 of 100 campaigns, as a share of the buyers.

    Parameters
    ----------
    people
        In both groups, at least 1.
    conversion
        The share of buyers without the campaign, above 0 and below 1.
    share
        Of the held out, above 0 and below 1.
    inference
        How often the result is looked at.

    Returns
    -------
    float
        0.1 is a tenth more buyers. A value above ``1 / conversion - 1`` is more than everybody.
    """
    reach = critical_z(inference, people=people) + _POWER_Z
    return reach * math.sqrt(_spread(conversion, share) / people) / conversion


def people_needed(
    *, conversion: float, lift: float, share: float, inference: Inference = "fixed_horizon"
) -> int:
    """Return how many people show an effect of a size with 80 % power, at the level of 95 %.

    Parameters
    ----------
    conversion, share, inference
        As of ``detectable_lift``.
    lift
        How many more buy, as a share of the buyers: 0.1 is a tenth more. Above 0.
    """
    low, high = 1, _MOST_PEOPLE
    while low < high:
        middle = (low + high) // 2
        seen = detectable_lift(middle, conversion=conversion, share=share, inference=inference)
        low, high = (low, middle) if seen <= lift else (middle + 1, high)
    return low


def smallest_share(
    people: int, *, conversion: float, lift: float, inference: Inference = "fixed_horizon"
) -> float | None:
    """Return the smallest holdout that shows an effect of a size. None where no holdout does.

    Parameters
    ----------
    people, conversion, inference
        As of ``detectable_lift``.
    lift
        The smallest effect worth knowing, as a share of the buyers.
    """
    reach = critical_z(inference, people=people) + _POWER_Z
    needed = reach**2 * conversion * (1 - conversion) / (people * (lift * conversion) ** 2)
    if needed > LARGEST_SHARE**2:
        return None
    return (1 - math.sqrt(1 - 4 * needed)) / 2


def weeks_until_known(people: int, *, people_a_week: float, result_days: int) -> float | None:
    """Return how many weeks pass until so many people count. None where nobody is added.

    Parameters
    ----------
    people
        Who have to count.
    people_a_week
        Who enter the campaign in a week, held-out people included.
    result_days
        How long each person's purchases count.
    """
    if people_a_week <= 0:
        return None
    return people / people_a_week + result_days / _DAYS


def _spread(conversion: float, share: float) -> float:
    return conversion * (1 - conversion) / (share * (1 - share))
