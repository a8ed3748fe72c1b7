"""What a campaign could show before it is sent, by what earlier ones measured."""

from __future__ import annotations

from adapters.stores.records import read_record
from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.services import Services
from steps.serve.settings import run_settings
from tessera import naming
from tessera.campaigns.planning.choosing.quarters import QUARTERS, Quarter
from tessera.campaigns.results.campaign_results import CampaignResults
from tessera.campaigns.results.outlook import (
    ASSUMED_CONVERSION,
    ConversionSource,
    EffectOutlook,
    OutlookTerms,
    outlook,
)
from tessera.campaigns.results.quarters import GlobalHoldoutYear, QuarterResults

_LEAST_HELD_OUT = 100  # of all campaigns, for a share that says something


def global_holdout(tenant: str, year: int, *, services: Services) -> GlobalHoldoutYear:
    """Return what all campaigns of a year changed together, by quarter."""
    campaigns_of(services)
    keys = [
        naming.quarter_results_key(tenant, Quarter(year, number + 1).name)
        for number in range(QUARTERS)
    ]
    settings = run_settings(tenant, services=services)
    return GlobalHoldoutYear(
        year=year,
        share=settings.campaigns.global_holdout,
        quarters=tuple(
            read_record(QuarterResults, services.data, key, tolerant=True)
            for key in keys
            if services.data.exists(key)
        ),
    )


def effect_outlook(
    tenant: str,
    *,
    services: Services,
    people: int,
    is_weekly: bool,
    conversion: float | None,
    lift: float,
    result_days: int,
    holdout: float | None = None,
) -> EffectOutlook:
    """Return what a campaign could show.

    Parameters
    ----------
    tenant, services
        Whose campaigns were measured.
    people, is_weekly, lift, result_days, holdout
        As of ``OutlookTerms``.
    conversion
        The share that buys without a message. None for that of the held-out people so far, in
        campaigns with as many days of result. Simulated results do not count, nor do those of
        groups that are not alike.
    """
    share, source = _conversion(tenant, conversion, result_days=result_days, services=services)
    terms = OutlookTerms(
        people=people,
        is_weekly=is_weekly,
        conversion=share,
        lift=lift,
        result_days=result_days,
        holdout=holdout,
    )
    return outlook(terms, conversion_from=source)


def _conversion(
    tenant: str, given: float | None, *, result_days: int, services: Services
) -> tuple[float, ConversionSource]:
    if given is not None:
        return given, "given"
    held_out = buyers = 0
    for record in campaigns_of(services).records(tenant).all():
        key = naming.campaign_results_key(tenant, record.definition.id)
        if record.definition.result_days != result_days or not services.data.exists(key):
            continue
        results = read_record(CampaignResults, services.data, key, tolerant=True)
        if results.simulated or results.sizes.is_mismatch:
            continue
        everybody = next(one.conversion for one in results.slices if one.by == "all")
        held_out += everybody.held_out
        buyers += everybody.held_out_buyers
    if held_out < _LEAST_HELD_OUT or not 0 < buyers < held_out:
        return ASSUMED_CONVERSION, "assumed"
    return buyers / held_out, "measured"
