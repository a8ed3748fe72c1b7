"""Take over the addresses that SES suppresses, of each tenant's own list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Protocol

from steps.campaign.consent import ConsentStore, Suppressed, suppress
from tessera.events.contact_points.email import normal_email

# A day and a half: a daily run that comes late misses nothing.
READS_BACK = dt.timedelta(hours=36)


class SuppressionLists(Protocol):
    """Reads suppression lists."""

    def suppressed(self, *, since: dt.datetime, ses_tenant: str = "") -> Iterable[Suppressed]:
        """Return what was suppressed since a moment."""


def take_suppressions(
    lists: SuppressionLists, *, tenant: str, ses_tenant: str, key_of: Callable[[str], str],
    consent: ConsentStore, at: dt.datetime,
) -> int:  # fmt: skip
    """Return how many addresses were taken over. Taking one over again changes nothing.

    Parameters
    ----------
    lists
        Of SES.
    tenant, ses_tenant
        Whose, and the name of its SES tenant, which may not exist yet.
    key_of
        From an address in its normal form to its keyed hash.
    consent
        Gets a row for each.
    at
        Now.
    """
    listed = lists.suppressed(since=at - READS_BACK, ses_tenant=ses_tenant)
    # Other programs of the account may have sent to anything.
    usable = (one for one in listed if normal_email(one.address))
    return suppress(
        usable, tenant=tenant, key_of=lambda text: key_of(normal_email(text)),
        consent=consent,
    )  # fmt: skip
