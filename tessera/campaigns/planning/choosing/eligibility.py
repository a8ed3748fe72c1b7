"""Who of the selected customers may be written to, and for what reason others may not."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.consent.bases import covered, declared_basis
from tessera.campaigns.consent.standing import ConsentState
from tessera.campaigns.definitions.channel import AUDIENCE
from tessera.campaigns.definitions.definition import (
    MARKETING,
    CampaignDefinition,
    FrequencyCap,
)
from tessera.campaigns.planning.candidates import CampaignCandidates, Floats, Keys, Mask, Texts
from tessera.campaigns.planning.choosing.chance import global_draws
from tessera.campaigns.planning.choosing.quarters import Quarter
from tessera.campaigns.planning.known import Codes, KnownRecipients
from tessera.campaigns.planning.left_out import LeftOut
from tessera.countries import region_of

ELIGIBLE = 0
REASONS = tuple(LeftOut)  # the code of a reason is 1 more than its position
_NO_KEY = b""


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class SelectedCustomers:
    """The selected customers of a plan, each shape (n,): little enough to hold all of them.

    Parameters
    ----------
    recipient
        Keyed hashes of addresses, empty where an address cannot be read.
    customer_key
        Pseudonymous UUIDs.
    last_purchase_day
        Days since 1970, NaN without a purchase.
    is_covered
        Whether a declared legal basis covers the customer, should no consent be known.
    """

    recipient: Keys
    customer_key: Keys
    last_purchase_day: Floats
    is_covered: Mask


def slim(
    batch: CampaignCandidates,
    mask: Mask,
    *,
    key_of: Callable[[str], str],
    legal_basis: Mapping[str, str],
    today: dt.date,
) -> SelectedCustomers:
    """Return the selected customers of a batch.

    Parameters
    ----------
    batch
        Customers.
    mask
        Which of them are selected.
    key_of
        The function from an address in its normal form to its key.
    legal_basis
        The setting ``campaigns.legal_basis``.
    today
        The day of the plan.
    """
    bought = batch.last_purchase_day[mask]
    return SelectedCustomers(
        recipient=recipients_of(batch.address[mask], key_of),
        customer_key=np.array([key or "" for key in batch.customer_key[mask]], dtype="S36"),
        last_purchase_day=bought,
        is_covered=_covered(batch.country[mask], bought, legal_basis, today),
    )


def joined(parts: list[SelectedCustomers]) -> SelectedCustomers:
    """Return the selected customers of all batches."""
    return SelectedCustomers(
        recipient=np.concatenate([one.recipient for one in parts] or [np.zeros(0, "S32")]),
        customer_key=np.concatenate([one.customer_key for one in parts] or [np.zeros(0, "S36")]),
        last_purchase_day=np.concatenate([one.last_purchase_day for one in parts] or [np.zeros(0)]),
        is_covered=np.concatenate([one.is_covered for one in parts] or [np.zeros(0, np.bool_)]),
    )


def reasons(
    customers: SelectedCustomers,
    *,
    definition: CampaignDefinition,
    settings: CampaignSettings,
    known: KnownRecipients,
    today: dt.date,
) -> Codes:
    """Return why each customer is omitted: the first reason in the order of ``LeftOut``.

    Parameters
    ----------
    customers
        Those who are selected.
    definition, settings
        What the plan is made by.
    known
        What is known of recipients.
    today
        The day of the plan, whose quarter decides about the global holdout.

    Returns
    -------
    shape (n,)
        ``ELIGIBLE``, or 1 more than the reason's position in ``REASONS``.
    """
    recipients = customers.recipient
    codes = np.zeros(len(recipients), np.int8)

    def omit(reason: LeftOut, mask: npt.NDArray[np.bool_]) -> None:
        codes[(codes == ELIGIBLE) & mask] = REASONS.index(reason) + 1

    states, is_marketing = known.consent(recipients), definition.purpose == MARKETING
    is_handed_over = definition.channel.kind == AUDIENCE
    unknown = (states == ConsentState.NONE) & ~customers.is_covered
    omit(LeftOut.NO_ADDRESS, recipients == _NO_KEY)
    if is_handed_over:
        omit(LeftOut.NO_CUSTOMER, customers.customer_key == _NO_KEY)
    elif is_marketing:  # the tool that sends asks for its own consents
        omit(LeftOut.NO_CONSENT, unknown | (states == ConsentState.EXPIRED))
    if is_marketing:
        omit(LeftOut.UNSUBSCRIBED, states == ConsentState.WITHDRAWN)
    suppressed = (states == ConsentState.SUPPRESSED) | known.is_suppressed(recipients)
    omit(LeftOut.SUPPRESSED, suppressed)
    omit(LeftOut.TOO_SOON, known.is_too_soon(recipients, days=definition.again_after_days))
    if is_marketing:
        caps = caps_of(definition, settings)
        omit(LeftOut.FREQUENCY_CAP, known.is_capped(recipients, caps=caps))
    omit(LeftOut.SHARED_ADDRESS, _is_second(customers, codes == ELIGIBLE))
    if is_marketing and settings.global_holdout > 0:
        salt = Quarter.of(today).salt(settings.global_salt)
        draws = global_draws(recipients, salt=salt)
        omit(LeftOut.GLOBAL_HOLDOUT, draws < settings.global_holdout)
    return codes


def caps_of(definition: CampaignDefinition, settings: CampaignSettings) -> list[FrequencyCap]:
    """Return the caps that hold for a campaign: the tenant's and its own."""
    own = [definition.cap] if definition.cap else []
    if settings.cap_messages == 0:
        return own
    return [FrequencyCap(messages=settings.cap_messages, days=settings.cap_days), *own]


def recipients_of(addresses: Texts, key_of: Callable[[str], str]) -> Keys:
    """Return the keys of addresses in their normal form, empty where there is none.

    Returns
    -------
    shape (n,)
    """
    return np.array([key_of(one) if one else "" for one in addresses.tolist()], dtype="S32")


def _covered(
    countries: Texts, last_purchase_day: Floats, legal_basis: Mapping[str, str], today: dt.date
) -> Mask:
    mask = np.zeros(len(countries), np.bool_)
    if not legal_basis:
        return mask
    for country in set(countries.tolist()):
        basis = declared_basis(legal_basis, country=region_of(country or ""))
        there = countries == country
        mask[there] = covered(basis, last_purchase_day=last_purchase_day[there], today=today)
    return mask


def _is_second(customers: SelectedCustomers, left: Mask) -> Mask:
    """Return who shares an address with a customer that is written to in their place.

    That one bought last. Of several the one with the first key.
    """
    second = np.zeros(len(left), np.bool_)
    rows = np.flatnonzero(left)
    _, groups, sizes = np.unique(customers.recipient[rows], return_inverse=True, return_counts=True)
    shared = sizes[groups] > 1
    rows, groups = rows[shared], groups[shared]
    bought = np.nan_to_num(customers.last_purchase_day[rows], nan=-np.inf)
    order = np.lexsort((customers.customer_key[rows], -bought, groups))
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = groups[order][1:] != groups[order][:-1]
    second[rows[order[~is_first]]] = True
    return second
