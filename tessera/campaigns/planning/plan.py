"""The plan of a run: each selected customer is written to, held out or omitted, once.

Customers are read twice, a batch at a time. The first time decides, here, and keeps about a hundred
bytes of each. The second time makes recipients of those who are left (``planned_recipients``).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.variants import Variant, groups_of
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.candidates import (
    CampaignCandidates,
    Keys,
    Mask,
    Texts,
    texts_of,
)
from tessera.campaigns.planning.choosing.chance import by_shares, campaign_draws
from tessera.campaigns.planning.choosing.eligibility import (
    ELIGIBLE,
    REASONS,
    SelectedCustomers,
    joined,
    reasons,
    slim,
)
from tessera.campaigns.planning.choosing.selection import selected
from tessera.campaigns.planning.counts import AudienceCounts
from tessera.campaigns.planning.known import Codes, KnownRecipients
from tessera.campaigns.planning.left_out import LeftOut

_EPOCH = dt.date(1970, 1, 1)
Places = npt.NDArray[np.int32]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanTerms:
    """What a plan is made by.

    Parameters
    ----------
    definition
        As this run uses it.
    settings
        The tenant's, for all campaigns.
    key_of
        The function from an address in its normal form to its key.
    today
        The day of the plan, in the shop's time zone.
    is_first_run
        Whether no run of the campaign came before.
    """

    definition: CampaignDefinition
    settings: CampaignSettings
    key_of: Callable[[str], str]
    today: dt.date
    is_first_run: bool


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class CampaignPlan:
    """What was decided about each selected customer, in the order of the batches.

    Parameters
    ----------
    counts
        In numbers.
    rows
        By batch, the places of its selected customers.
    recipient : shape (n,)
        Keyed hashes of their addresses, empty where there is none.
    codes : shape (n,)
        ``ELIGIBLE``, or why each is omitted, as ``eligibility.reasons`` returns it.
    is_held_out : shape (n,)
        Who of the eligible is held out.
    variant : shape (n,)
        Places in the definition's variants.
    held_globally
        The global holdout's people, who passed every other filter. The quarter's result compares
        with them.
    """

    counts: AudienceCounts
    rows: tuple[Places, ...]
    recipient: Keys
    codes: Codes
    is_held_out: Mask
    variant: Codes
    held_globally: Assigned


def make_plan(
    batches: Iterable[CampaignCandidates], *, terms: PlanTerms, known: KnownRecipients
) -> CampaignPlan:
    """Decide about every customer. The order of customers makes no difference to anybody.

    Parameters
    ----------
    batches
        Customers.
    terms
        What the plan is made by.
    known
        What is known of recipients.

    Raises
    ------
    InvalidInput
        A batch lacks what the definition needs.
    """
    definition, read = terms.definition, 0
    rows, parts, groups = [], [], [np.zeros(0, np.int8)]
    for batch in batches:
        mask = selected(definition, batch, is_first_run=terms.is_first_run)
        read += len(batch)
        rows.append(np.flatnonzero(mask).astype(np.int32))
        parts.append(
            slim(
                batch,
                mask,
                key_of=terms.key_of,
                legal_basis=terms.settings.legal_basis,
                today=terms.today,
            )
        )
        groups.append(_group_codes(batch.segment[mask], definition.variants))
    customers = joined(parts)
    codes = reasons(
        customers,
        definition=definition,
        settings=terms.settings,
        known=known,
        today=terms.today,
    )
    is_held_out, variant = _drawn(
        customers.recipient, codes == ELIGIBLE, np.concatenate(groups), definition
    )
    return CampaignPlan(
        counts=_counts(read, codes, is_held_out, variant, definition.variants),
        rows=tuple(rows),
        recipient=customers.recipient,
        codes=codes,
        is_held_out=is_held_out,
        variant=variant,
        held_globally=_held_globally(customers, codes, today=terms.today),
    )


def _group_codes(segments: Texts, variants: Sequence[Variant]) -> Codes:
    """Return the place of each customer's group of variants in ``groups_of``."""
    groups = list(groups_of(variants))
    rest = groups.index(()) if () in groups else 0
    codes = np.full(len(segments), rest, np.int8)
    for place, labels in enumerate(groups):
        for label in labels:
            codes[segments == label] = place
    return codes


def _drawn(
    recipients: Keys, left: Mask, groups: Codes, definition: CampaignDefinition
) -> tuple[Mask, Codes]:
    is_held_out = np.zeros(len(left), np.bool_)
    variant = np.zeros(len(left), np.int8)
    draws = campaign_draws(recipients[left], salt=definition.salt)
    is_held_out[left] = draws.holdout < definition.holdout.share
    chosen = np.zeros(int(left.sum()), np.int8)
    for place, members in enumerate(groups_of(definition.variants).values()):
        own = groups[left] == place
        places = np.array([definition.variants.index(one) for one in members], np.int8)
        shares = [one.share for one in members]
        chosen[own] = places[by_shares(draws.variant[own], shares=shares)]
    variant[left] = chosen
    return is_held_out, variant


def _held_globally(customers: SelectedCustomers, codes: Codes, *, today: dt.date) -> Assigned:
    mask = codes == REASONS.index(LeftOut.GLOBAL_HOLDOUT) + 1
    count = int(mask.sum())
    unknown = texts_of([""] * count)
    return Assigned(
        recipient=customers.recipient[mask],
        customer_key=customers.customer_key[mask],
        day=np.full(count, (today - _EPOCH).days, np.int64),
        is_held_out=np.ones(count, np.bool_),
        variant=unknown,
        churn_band=unknown,
        value_tier=unknown,
    )


def _counts(
    read: int, codes: Codes, is_held_out: Mask, variant: Codes, variants: Sequence[Variant]
) -> AudienceCounts:
    by_code = np.bincount(codes, minlength=len(REASONS) + 1).tolist()
    is_sent = (codes == ELIGIBLE) & ~is_held_out
    by_variant = np.bincount(variant[is_sent], minlength=len(variants)).tolist()
    return AudienceCounts(
        customers=read,
        selected=len(codes),
        eligible=int(is_sent.sum()),
        held_out=int(is_held_out.sum()),
        left_out=dict(zip(REASONS, by_code[1:], strict=True)),
        variants={one.name: count for one, count in zip(variants, by_variant, strict=True)},
    )
