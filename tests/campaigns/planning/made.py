"""CampaignCandidates for tests, from a row per customer."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.consent.standing import ConsentState
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.planning.candidates import CampaignCandidates, texts_of
from tessera.campaigns.planning.choosing.eligibility import ELIGIBLE, REASONS
from tessera.campaigns.planning.known import EarlierMessages, KnownRecipients, keys_of
from tessera.campaigns.planning.plan import CampaignPlan, PlanTerms, make_plan
from tessera.events.contact_points.email import normal_email
from tessera.events.pseudonym import address_keys
from tests.campaigns.made import document

TODAY = dt.date(2026, 12, 1)
DAY = (TODAY - dt.date(1970, 1, 1)).days
KEY_OF = address_keys(b"a secret of the tests", tenant="shop")
ANYBODY = {"*": "opt_out"}


@dataclasses.dataclass(frozen=True)
class Shopper:
    """A row of candidates."""

    customer_key: str
    address: str | None = None
    segment: str | None = "At Risk"
    churn_band: str | None = "High"
    value_tier: str | None = "Low"
    country: str | None = "DE"
    time_zone: str | None = None
    bought_days_ago: int | None = 100
    was_in: bool = False
    label_before: str | None = None
    monetary: float = 100.0
    first_name: str | None = None


def shopper(name: str, **changes: Any) -> Shopper:
    return Shopper(customer_key=name, **({"address": f"{name}@mail.example"} | changes))


def candidates(rows: Sequence[Shopper]) -> CampaignCandidates:
    named = {
        name: texts_of(getattr(row, name) for row in rows)
        for name in ("customer_key", "segment", "churn_band", "value_tier", "country",
                     "time_zone", "label_before")
    }  # fmt: skip
    days = [np.nan if r.bought_days_ago is None else DAY - r.bought_days_ago for r in rows]
    return CampaignCandidates(
        **named,
        address=texts_of(normal_email(row.address or "") or None for row in rows),
        last_purchase_day=np.array(days, np.float64),
        was_in=np.array([row.was_in for row in rows], np.bool_),
        columns={"monetary": np.array([row.monetary for row in rows], np.float64)},
        fields={"first_name": texts_of(row.first_name for row in rows)},
    )


def batches(rows: Sequence[Shopper], *, size: int = 3) -> list[CampaignCandidates]:
    return [candidates(rows[start : start + size]) for start in range(0, len(rows), size)]


def messages(*pairs: tuple[str, int]) -> EarlierMessages:
    """Return messages from pairs of an address and days ago."""
    return EarlierMessages(
        recipient=keys_of(KEY_OF(address) for address, _ in pairs),
        days_ago=np.array([days for _, days in pairs], np.int32),
    )


def known(
    states: dict[str, ConsentState] | None = None,
    *,
    suppressed: Sequence[str] = (),
    lately: EarlierMessages | None = None,
    taken: EarlierMessages | None = None,
) -> KnownRecipients:
    return KnownRecipients(
        states=[(KEY_OF(address), state) for address, state in (states or {}).items()],
        suppressed=keys_of(map(KEY_OF, suppressed)),
        messages=lately or messages(),
        taken=taken or messages(),
    )


def terms(
    *, settings: dict[str, Any] | None = None, first: bool = True, **changes: Any
) -> PlanTerms:
    return PlanTerms(
        definition=parse_definition(document(**changes)),
        settings=CampaignSettings(**({"legal_basis": ANYBODY} | (settings or {}))),
        key_of=KEY_OF,
        today=TODAY,
        is_first_run=first,
    )


def planned(
    rows: Sequence[Shopper], *, by: PlanTerms | None = None, about: KnownRecipients | None = None
) -> CampaignPlan:
    return make_plan(batches(rows), terms=by or terms(), known=about or known())


def outcomes(plan: CampaignPlan, rows: Sequence[Shopper], *, by: PlanTerms) -> dict[str, str]:
    """Return what became of each selected customer: a reason, or held out, or a variant."""
    names = [one.name for one in by.definition.variants]
    became, start = {}, 0
    for place, chosen in enumerate(plan.rows):
        for row in chosen.tolist():
            code = plan.codes[start]
            if code != ELIGIBLE:
                outcome = str(REASONS[code - 1])
            else:
                outcome = names[plan.variant[start]]
                outcome = f"held out of {outcome}" if plan.is_held_out[start] else outcome
            became[rows[3 * place + row].customer_key] = outcome
            start += 1
    return became
