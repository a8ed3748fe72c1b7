"""What has to be right before a run is approved, and what is worth knowing."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.sending.pace import SendQuota
from tessera.campaigns.sending.warming import WarmUp, gmail_flag, send_days


class MailAccount(Protocol):
    """The account that sends."""

    def quota(self, *, now: dt.datetime) -> SendQuota:
        """Read the quota."""

    def problems(
        self, *, domain: str, configuration_set: str, ses_tenant: str = ""
    ) -> Sequence[str]:
        """Return everything that has to be set up, each with what to do."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preflight:
    """What was checked.

    Parameters
    ----------
    problems
        Nothing may be sent before these are solved.
    notes
        What the person who approves should know.
    days
        Over how many days the run extends, by warm-up and quota.
    """

    problems: tuple[str, ...]
    notes: tuple[str, ...]
    days: int


def preflight(
    by_domain: Counter[str], *, settings: CampaignSettings, account: MailAccount,
    configuration_set: str, ses_tenant: str, warm_up: WarmUp | None, most_to_gmail: int,
    now: dt.datetime,
) -> Preflight:  # fmt: skip
    """Check a run before it is approved.

    Parameters
    ----------
    by_domain
        Recipients by the domain of their address.
    settings
        The tenant's: sender and postal address.
    account, configuration_set, ses_tenant
        What sends.
    warm_up
        Of the sending domain, None for a domain that is known.
    most_to_gmail
        The most that the domain ever sent to Gmail within a day.
    now
        When.
    """
    problems = [
        f"setting 'campaigns.{name}' is empty: {advice}"
        for name, advice in (
            ("postal_address", "the law wants it in every footer"),
            ("from_address", "give the sender's address"),
        )
        if not getattr(settings, name)
    ]
    if settings.from_address:
        problems += account.problems(
            domain=settings.sending_domain, configuration_set=configuration_set,
            ses_tenant=ses_tenant,
        )  # fmt: skip
    quota = account.quota(now=now)
    if quota.stopped:
        problems.append(quota.stopped)
    days, most_a_day = send_days(
        by_domain.total(),
        from_day=now.date(),
        per_day=None if quota.per_day < 0 else int(quota.per_day),
        warm_up=warm_up,
    )
    notes = [gmail_flag(by_domain, daily_cap=most_a_day, most_before=most_to_gmail)]
    if days > 1:
        notes.append(
            f"{by_domain.total()} messages take {days} days, at most {most_a_day} of them a day"
        )
    return Preflight(
        problems=tuple(problems), notes=tuple(note for note in notes if note), days=days
    )
