"""The second reading of a plan's customers: recipients for its chunks."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.candidates import CampaignCandidates
from tessera.campaigns.planning.choosing.eligibility import ELIGIBLE
from tessera.campaigns.planning.plan import CampaignPlan, Places
from tessera.campaigns.planning.zones import is_known, zones_of
from tessera.campaigns.recipients import Recipient
from tessera.countries import region_of
from tessera.errors import InvalidInput
from tessera.events.contact_points.email import normal_email


class Whereabouts(NamedTuple):
    """Where a recipient may be.

    Parameters
    ----------
    country
        Two letters, empty where unknown.
    zones
        Time zones, the likeliest first.
    is_known
        Whether the zones are the recipient's, and not the shop's for want of better.
    """

    country: str
    zones: tuple[str, ...]
    is_known: bool


class PlannedRecipient(NamedTuple):
    """A recipient, with what decides about the chunk: whether held out, and where."""

    recipient: Recipient
    is_held_out: bool
    place: Whereabouts


def planned_recipients(
    plan: CampaignPlan,
    batches: Iterable[CampaignCandidates],
    *,
    definition: CampaignDefinition,
    shop_zone: str,
) -> Iterator[PlannedRecipient]:
    """Return everybody who is written to or held out, in the order of the batches.

    Parameters
    ----------
    plan
        Of the same customers.
    batches
        The same as for ``make_plan``, in the same order.
    definition
        As this run uses it.
    shop_zone
        The shop's time zone, for recipients without a known zone or country, and for all where the
        schedule goes by the shop's clock.

    Raises
    ------
    InvalidInput
        The batches are not those of the plan.
    """
    by_shop = definition.schedule.zone == "shop"
    places = functools.cache(functools.partial(_whereabouts, shop_zone=shop_zone, by_shop=by_shop))
    names = [one.name for one in definition.variants]
    start, again = 0, iter(batches)
    for rows in plan.rows:
        batch = next(again, None)
        if batch is None or (len(rows) and rows[-1] >= len(batch)):
            raise InvalidInput("the customers of the plan have changed since: plan the run again")
        part = slice(start, start + len(rows))
        start += len(rows)
        chosen = plan.codes[part] == ELIGIBLE
        decided = zip(
            plan.recipient[part][chosen].tolist(),
            plan.is_held_out[part][chosen].tolist(),
            plan.variant[part][chosen].tolist(),
            strict=True,
        )
        own = _customers(batch, rows[chosen])
        for (key, is_held_out, variant), (zone, country, values) in zip(decided, own, strict=True):
            place = places(zone, country)
            recipient = Recipient(
                recipient=key.decode(),
                variant=names[variant],
                country=place.country,
                time_zone=place.zones[0],
                **values,
            )
            yield PlannedRecipient(recipient, is_held_out, place)


def _customers(
    batch: CampaignCandidates, rows: Places
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return time zone, country, and what else a recipient is made of."""
    columns = (
        batch.time_zone,
        batch.country,
        batch.address,
        batch.customer_key,
        batch.churn_band,
        batch.segment,
        batch.value_tier,
        *batch.fields.values(),
    )
    names = tuple(batch.fields)
    cells = zip(*(column[rows].tolist() for column in columns), strict=True)
    for zone, country, address, key, band, segment, tier, *shown in cells:
        values = {
            "customer_key": key or "",
            "address": normal_email(address),
            "churn_band": band or "",
            "segment": segment or "",
            "value_tier": tier or "",
            "fields": {name: text for name, text in zip(names, shown, strict=True) if text},
        }
        yield zone or "", country or "", values


def _whereabouts(zone: str, country: str, *, shop_zone: str, by_shop: bool) -> Whereabouts:
    zones = zones_of(time_zone=zone, country=country, shop_zone=shop_zone)
    return Whereabouts(
        country=region_of(country),
        zones=(shop_zone,) if by_shop else zones,
        is_known=by_shop or is_known(time_zone=zone, country=country),
    )
