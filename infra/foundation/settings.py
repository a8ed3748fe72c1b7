"""The settings of what is kept."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from infra.kit.checks import EMAIL, failed
from infra.kit.stage import Stage
from tessera.environments.tenancy import Tenancy
from tessera.errors import InvalidInput

MAIL_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(?::\d{1,5})?")
_FEWEST_RAW_DAYS = 14  # a fold renews files that are a week old


@dataclasses.dataclass(frozen=True, kw_only=True)
class StorageSettings:
    """How long objects are kept, in days. 0 keeps them until somebody deletes them.

    ``upload_days`` is for uploads, ``reject_days`` for the rows and customers that were rejected,
    ``run_days`` for a run's other files. ``raw_days`` is for the files that sources are curated of,
    once nothing curates them any more. An expired object can be restored for another
    ``noncurrent_days``, then it is gone.
    """

    upload_days: int = 30
    reject_days: int = 30
    run_days: int = 400
    raw_days: int = 90
    noncurrent_days: int = 30
    access_log_days: int = 90

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        wrong = {
            name: "0 (for ever) or a number of days"
            for name, days in dataclasses.asdict(self).items()
            if days < 0
        }
        if 0 < self.raw_days < _FEWEST_RAW_DAYS:
            wrong["raw_days"] = f"0 (for ever) or at least {_FEWEST_RAW_DAYS} days"
        if self.noncurrent_days == 0:
            wrong["noncurrent_days"] = "at least 1 day, in which a running job can still read"
        return wrong


@dataclasses.dataclass(frozen=True, kw_only=True)
class AlarmSettings:
    """The address for alarms, and when a run is too long or missing.

    A stage that retains its data needs an address. ``long_run_hours`` counts while the run is
    under way. ``no_run_days`` is how long no run may succeed, 0 for any time. ``erasure_days`` is
    how long a person's erasure may stay open.
    """

    email: str = ""
    long_run_hours: int = 3
    no_run_days: int = 7
    erasure_days: int = 7

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        return failed(
            {
                "email": (not self.email or bool(EMAIL.fullmatch(self.email)), "an address"),
                "long_run_hours": (self.long_run_hours >= 1, "at least 1"),
                "no_run_days": (self.no_run_days >= 0, "a number of days, or 0"),
                "erasure_days": (1 <= self.erasure_days <= 30, "from 1 to 30"),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class MailSettings:
    """Campaigns by e-mail. They need the console, where unsubscribe links lead, so they are off.

    ``domain`` is the sending domain, such as ``mail.shop.example``: a subdomain that sends nothing
    else. ``mail_from`` is the name below it that bounces return to. ``warm_up_from`` is the day of
    the domain's first message, as YYYY-MM-DD: caps then grow for three weeks. Empty for a domain
    that providers know. ``links_origin`` is where unsubscribe links lead, empty for the console.
    """

    enabled: bool = False
    domain: str = ""
    mail_from: str = "bounce"
    warm_up_from: str = ""
    links_origin: str = ""

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        origin = self.links_origin
        return failed(
            {
                "domain": (
                    not (self.enabled or self.domain)
                    or MAIL_DOMAIN.fullmatch(self.domain) is not None,
                    "the domain that sends, such as 'mail.shop.example'",
                ),
                "mail_from": (
                    _LABEL.fullmatch(self.mail_from) is not None,
                    "one label of a domain, such as 'bounce'",
                ),
                "warm_up_from": (
                    not self.warm_up_from or _is_day(self.warm_up_from),
                    "a day such as '2026-12-01', or empty",
                ),
                "links_origin": (
                    not origin or _ORIGIN.fullmatch(origin) is not None,
                    "an origin such as 'https://console.example.com', or empty",
                ),
            }
        )


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@dataclasses.dataclass(frozen=True, kw_only=True)
class TenantSettings:
    """What every tenant of the stage gets, unless `tessera tenant limits` gives it its own.

    ``open`` lets the first upload of an unknown tenant make it. Otherwise only an operator makes
    tenants, and uploads of others are refused and kept. ``max_runs`` of a tenant may be under way:
    one works, the others stand by, and later ones wait longer. ``requests_per_minute`` bounds what
    all users and keys of a tenant ask the API.
    """

    open: bool = True
    max_runs: int = 2
    requests_per_minute: int = 600

    @property
    def tenancy(self) -> Tenancy:
        """The same for functions."""
        return Tenancy(**dataclasses.asdict(self))

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        return failed(
            {
                "max_runs": (1 <= self.max_runs <= 100, "from 1 to 100"),
                "requests_per_minute": (
                    1 <= self.requests_per_minute <= 60_000,
                    "from 1 to 60000",
                ),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class FoundationSettings(Stage):
    """A stage, how long it keeps its objects, its alarms' address, its campaigns and tenants.

    Parameters
    ----------
    lake_formation
        Whether analysts read by Lake Formation's grants, by tenant and column, and no object of a
        bucket. Needs `analytics_policy`.
    """

    lake_formation: bool = False
    alarms: AlarmSettings = dataclasses.field(default_factory=AlarmSettings)
    campaigns: MailSettings = dataclasses.field(default_factory=MailSettings)
    storage: StorageSettings = dataclasses.field(default_factory=StorageSettings)
    tenant: TenantSettings = dataclasses.field(default_factory=TenantSettings)


def check_address(settings: FoundationSettings) -> None:
    """Refuse a stage that retains its data and notifies nobody.

    Raises
    ------
    InvalidInput
        The message names the setting and the command that sets it.
    """
    if settings.retain and not settings.alarms.email:
        raise InvalidInput(
            f"setting 'alarms.email' is empty: stage {settings.stage!r} retains its data, so "
            "somebody must get its alarms. Run 'make configure "
            f"STAGE={settings.stage} ALARM_EMAIL=<address>', or set 'retain' to false"
        )
