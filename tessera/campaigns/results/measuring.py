"""Measure a campaign: effects from the columns of assignments and purchases."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import numpy as np

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.variants import groups_of
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.candidates import Floats, Mask
from tessera.campaigns.results.assignments import (
    PurchaseRows,
    bought_since,
    first_assignments,
    is_closed,
)
from tessera.campaigns.results.effects import (
    CampaignResults,
    ConversionEffect,
    EffectSlice,
    GroupSizes,
    RevenueEffect,
    SliceKind,
    Verdict,
)
from tessera.campaigns.results.intervals import (
    LEVEL,
    holm,
    newcombe,
    newcombe_p_value,
    ratio_p_value,
    welch,
)

LEAST_BUYERS = 100
_MISMATCH = 0.001
_CUT = 0.99
_EPOCH = dt.date(1970, 1, 1)
_UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True, eq=False)
class _Compared:
    """Two groups that are compared: masks over the people that count."""

    group: str
    treated: Mask
    held_out: Mask


def measure(
    runs: Sequence[Assigned],
    purchases: PurchaseRows,
    *,
    definition: CampaignDefinition,
    today: dt.date,
) -> CampaignResults:
    """Return what a campaign changed, by assignment.

    Treated people count as such whether or not a message reached them: what became of a message is
    an effect of sending, and the held out have nothing like it.

    Parameters
    ----------
    runs
        What each run of the campaign assigned, at least one.
    purchases
        Of all customers, from the first run on.
    definition
        The campaign's.
    today
        Purchases until the day before are known.
    """
    people = first_assignments(runs)
    sizes = _sizes(people, share=definition.holdout.share)
    closed = is_closed(people, today=(today - _EPOCH).days, result_days=definition.result_days)
    counted = people.where(closed)
    has_bought, revenue = bought_since(counted, purchases, result_days=definition.result_days)
    kinds: dict[SliceKind, list[_Compared]] = {
        "all": [_everybody(counted)],
        "churn_band": _by_band(counted),
        "variant": _by_variant(counted, definition),
    }
    slices = [
        one
        for by, compared in kinds.items()
        for one in _slices(by, compared, has_bought, revenue, sizes)
    ]
    waiting = len(people) - len(counted)
    return CampaignResults(
        campaign=definition.id,
        as_of=today,
        sizes=sizes,
        waiting=waiting,
        slices=tuple(slices),
        notes=_notes(sizes, waiting),
    )


def _sizes(people: Assigned, *, share: float) -> GroupSizes:
    held_out = int(people.is_held_out.sum())
    p_value = ratio_p_value(held_out, len(people), share=share) if len(people) else 1.0
    return GroupSizes(
        people=len(people),
        held_out=held_out,
        expected_share=share,
        p_value=p_value,
        is_mismatch=p_value < _MISMATCH,
    )


# ---- the groups that are compared --------------------------------------------------------------


def _everybody(people: Assigned) -> _Compared:
    return _Compared("", ~people.is_held_out, people.is_held_out)


def _by_band(people: Assigned) -> list[_Compared]:
    bands = sorted(set(people.churn_band.tolist()))
    masks = {band: people.churn_band == band for band in bands}
    return [
        _Compared(band or _UNKNOWN, mask & ~people.is_held_out, mask & people.is_held_out)
        for band, mask in masks.items()
    ]


def _by_variant(people: Assigned, definition: CampaignDefinition) -> list[_Compared]:
    """Compare each variant with all held-out people who could have got it.

    Variants of the same segments share them: each drew among the same people.
    """
    groups = groups_of(definition.variants).values()
    alike = {one.name: [each.name for each in members] for members in groups for one in members}
    compared = []
    for name in sorted(set(people.variant.tolist())):
        pool = np.isin(people.variant, alike.get(name, [name]))
        treated = (people.variant == name) & ~people.is_held_out
        compared.append(_Compared(name, treated, pool & people.is_held_out))
    return compared


# ---- effects -----------------------------------------------------------------------------------


def _slices(
    by: SliceKind, compared: list[_Compared], has_bought: Mask, revenue: Floats, sizes: GroupSizes
) -> list[EffectSlice]:
    conversions = [_conversion(one, has_bought) for one in compared]
    adjusted = holm([one.p_value for one in conversions])
    slices = []
    for one, plain, p_value in zip(compared, conversions, adjusted, strict=True):
        conversion = dataclasses.replace(
            plain,
            adjusted_p_value=p_value,
            verdict=_verdict(plain.difference, p_value, is_mismatch=sizes.is_mismatch),
        )
        effect, note = _revenue(one, plain, has_bought, revenue)
        slices.append(
            EffectSlice(
                by=by, group=one.group, conversion=conversion, revenue=effect, revenue_note=note
            )
        )
    return slices


def _conversion(compared: _Compared, has_bought: Mask) -> ConversionEffect:
    masks = (compared.treated, compared.held_out)
    treated, held_out = (int(mask.sum()) for mask in masks)
    buyers, held_out_buyers = (int((mask & has_bought).sum()) for mask in masks)
    both = treated > 0 and held_out > 0
    pairs = ((buyers, held_out_buyers), (treated, held_out))
    difference = newcombe(*pairs) if both else None
    p_value = newcombe_p_value(*pairs) if both else 1.0
    return ConversionEffect(
        treated=treated,
        held_out=held_out,
        treated_buyers=buyers,
        held_out_buyers=held_out_buyers,
        difference=difference.value if difference else None,
        low=difference.low if difference else None,
        high=difference.high if difference else None,
        p_value=p_value,
        adjusted_p_value=p_value,
        verdict="inconclusive",
    )


def _verdict(difference: float | None, p_value: float, *, is_mismatch: bool) -> Verdict:
    if is_mismatch:
        return "withheld"
    if difference is None or p_value >= 1 - LEVEL:
        return "inconclusive"
    return "more" if difference > 0 else "less"


def _revenue(
    compared: _Compared, conversion: ConversionEffect, has_bought: Mask, revenue: Floats
) -> tuple[RevenueEffect | None, str]:
    """Return the effect on revenue, if there are buyers enough, and what to know about it."""
    if conversion.held_out_buyers < LEAST_BUYERS:
        return None, (
            f"Revenue is compared from {LEAST_BUYERS} held-out buyers on, and there are "
            f"{conversion.held_out_buyers}: with fewer the interval would miss too often."
        )
    anybody = compared.treated | compared.held_out
    limit = float(np.quantile(revenue[anybody & has_bought], _CUT))
    treated, held_out = revenue[compared.treated], revenue[compared.held_out]
    made = welch(np.minimum(treated, limit), np.minimum(held_out, limit))
    limited = int((revenue[anybody] > limit).sum())
    effect = RevenueEffect(
        treated_mean=float(treated.mean()),
        held_out_mean=float(held_out.mean()),
        difference=made.value,
        low=made.low,
        high=made.high,
        incremental=made.value * len(treated),
        incremental_low=made.low * len(treated),
        incremental_high=made.high * len(treated),
        limit=limit,
        limited=limited,
    )
    return effect, (
        f"Revenue above {limit:.2f} counts as this much, for {limited} people: the difference is "
        "that of the cut amounts."
    )


def _notes(sizes: GroupSizes, waiting: int) -> tuple[str, ...]:
    notes = []
    if sizes.is_mismatch:
        notes.append(
            f"{sizes.held_out:,} of {sizes.people:,} people are held out, and "
            f"{sizes.expected_share:.0%} should be: the groups are not alike, and no verdict is "
            "given. Look for people who were lost after the plan."
        )
    if waiting:
        notes.append(
            f"{waiting:,} people do not count yet, because their days of result are not over. "
            "Until then a verdict can change, and looking daily meets chance differences."
        )
    return tuple(notes)
