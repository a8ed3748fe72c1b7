"""The second reading of a plan's customers: recipients, and the chunks of them."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.candidates import CampaignCandidates
from tessera.campaigns.planning.choosing.eligibility import ELIGIBLE
from tessera.campaigns.planning.chunks import CHUNK_SIZE, RecipientChunk, chunk_name
from tessera.campaigns.planning.plan import CampaignPlan, Places
from tessera.campaigns.planning.send_times import SendWindow
from tessera.campaigns.planning.zones import Whereabouts, whereabouts
from tessera.campaigns.recipients import Recipient
from tessera.errors import InvalidInput

_NO_HOUR = -1  # sorts before the hours


class PlannedRecipient(NamedTuple):
    """A recipient, with what decides about the chunk: whether held out, where, and at which hour.

    The hour is in the shop's time zone, None for the campaign's hours.
    """

    recipient: Recipient
    is_held_out: bool
    place: Whereabouts
    hour: int | None = None


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

    @functools.cache
    def place_of(zone: str, country: str) -> Whereabouts:
        schedule = definition.schedule
        return whereabouts(time_zone=zone, country=country, shop_zone=shop_zone, schedule=schedule)

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
            _customers(batch, rows[chosen]),
            strict=True,
        )
        fields = tuple(batch.fields)
        for recipient, is_held_out, variant, customer in decided:
            zone, country, address, key, band, segment, tier, *shown = customer
            place = place_of(zone or "", country or "")
            made = Recipient(
                recipient=recipient.decode(),
                customer_key=key or "",
                address=address,
                variant=names[variant],
                churn_band=band or "",
                segment=segment or "",
                value_tier=tier or "",
                country=place.country,
                time_zone=place.own_zone,
                fields={name: text for name, text in zip(fields, shown, strict=True) if text},
            )
            yield PlannedRecipient(made, is_held_out, place)


def without_address(planned: PlannedRecipient) -> PlannedRecipient:
    """Return a recipient without address and fields, who is sent nothing from here."""
    bare = dataclasses.replace(planned.recipient, address="", fields={})
    return planned._replace(recipient=bare)


def _customers(batch: CampaignCandidates, rows: Places) -> Iterator[tuple[Any, ...]]:
    """Return the cells of some customers, row by row, the fields for templates last."""
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
    return zip(*(column[rows].tolist() for column in columns), strict=True)


def _no_window(_zones: tuple[str, ...], _hour: int) -> SendWindow | None:
    return None


def chunked(
    recipients: Iterable[PlannedRecipient],
    *,
    window_of: Callable[[tuple[str, ...]], SendWindow],
    hour_window_of: Callable[[tuple[str, ...], int], SendWindow | None] = _no_window,
    size: int = CHUNK_SIZE,
) -> Iterator[RecipientChunk]:
    """Return recipients in chunks, in a stream. Each chunk has one window, by the same clocks.

    Parameters
    ----------
    recipients
        Those who are written to, and held out.
    window_of
        When recipients in some time zones may be written to.
    hour_window_of
        The same for those with an hour. None where they have the window of the others.
    size
        The most of a chunk.
    """
    waiting: dict[tuple[bool, tuple[str, ...], int], list[Recipient]] = {}
    numbers = {False: 0, True: 0}

    def made(is_held_out: bool, zones: tuple[str, ...], hour: int) -> RecipientChunk:  # noqa: FBT001 (a key)
        numbers[is_held_out] += 1
        own = None if hour == _NO_HOUR else hour_window_of(zones, hour)
        window = own or window_of(zones)
        return RecipientChunk(
            name=chunk_name(numbers[is_held_out], is_held_out=is_held_out),
            opens_at=window.opens_at,
            closes_at=window.closes_at,
            zones=zones,
            recipients=tuple(waiting.pop((is_held_out, zones, hour))),
        )

    for planned in recipients:
        hour = _NO_HOUR if planned.hour is None else planned.hour
        key = (planned.is_held_out, planned.place.zones, hour)
        members = waiting.setdefault(key, [])
        members.append(planned.recipient)
        if len(members) == size:
            yield made(*key)
    for key in sorted(waiting):
        yield made(*key)
