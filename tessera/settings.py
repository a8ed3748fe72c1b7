"""The settings of a run: a tenant's TOML file over the stage's defaults."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Self

from tessera.campaign_settings import CampaignSettings
from tessera.countries import is_region
from tessera.errors import InvalidInput
from tessera.time_zones import is_zone

_RATE = re.compile(r"\d{1,9}(\.\d{1,9})?")
WINDOWS_MONTHS = (0, 12, 24, 36)  # 0: everything
DECIMALS = ("auto", "dot", "comma")
DATES = ("auto", "dmy", "mdy")
ENGINES = ("auto", "duckdb", "spark")
CLEAR, KEEP = EXITS = ("clear", "keep")
_CAMPAIGNS = "campaigns"
DELETE = "delete"
FOLD, REJECT, KEEP = DOUBTFUL_IDS = ("fold", "reject", "keep")
RETIRED_SEGMENTS = (KEEP, DELETE)
DEFAULT_DESTINATIONS = ("export", "customer_profiles")


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunSettings:
    """How a tenant's events are read, scored and sent.

    Parameters
    ----------
    time_zone
        IANA name. It decides the day of an event, and the offset of a date without one.
    window_months
        Only events of the last 12, 24 or 36 months count. 0 counts everything.
    max_bad_share
        A run stops when more than this share of the upload's rows is rejected.
    decimal
        How amounts are written: ``dot``, ``comma``, or ``auto``, which decides by the file and
        rejects a file that could mean both.
    dates
        How dates such as 03/04/2026 are written: ``dmy``, ``mdy``, or one format for all dates in
        Python's strptime directives, such as ``%d.%m.%Y %H:%M``. ``auto`` decides by the file, and
        rejects a file that could mean both.
    sheet
        The sheet of an Excel workbook, by its name. Empty for the first visible one.
    currency
        The tenant's currency (ISO 4217). Empty: whatever single currency the file has.
    currency_rates
        Other currencies, as units of ``currency`` per unit of theirs, as text: {"USD": "0.92"}.
    phone_region
        The country of phone numbers in national form, such as ``0170 1234567``, by its two letters
        (ISO 3166-1): ``DE``. It is used where the customer's country isn't known. Empty: such
        numbers can't be read, and aren't sent.
    doubtful_ids
        What happens to ids that name nobody (``0``, ``guest``, ``null``, ``#N/A``), that a
        spreadsheet has changed (``4.68769E+17``, ``17850.0``, lost zeros), or that have more than
        20 addresses. ``fold`` repairs an id where it can. Otherwise the row counts for its e-mail
        address or phone number, and without one it is an anonymous sale, or rejected where the id
        is damaged. ``reject`` rejects the row. ``keep`` takes such an id for a customer.
    mapping
        A known tool's export, such as ``shopify`` or ``stripe`` (docs/data-contract.md). Empty to
        recognise files by their headers. ``none`` reads them as plain files.
    columns
        Our column to the file's header, for other exports. Added to ``mapping``.
    events
        The file's words for what happened to ours, such as {"Abo verlängert" = "RENEWED"}. An
        empty text is a row that is no event. Added to ``mapping``.
    include_tax, include_shipping
        Whether taxes and shipping are a customer's money too, in the exports of shops that name
        them (docs/data-contract.md). Otherwise net sales count, as in the shops' own reports.
    preset
        The segment definition: ``classic-11``, ``grid-10``, ``nine`` or ``aws-guidance``.
    definition
        A whole definition instead of a preset (the same TOML as a preset's).
    segment_sets
        Sets of segments beside the definition's own: ``value_tier``, ``churn_band``,
        ``cancel_band``, ``value_at_risk``, ``loyalty_3`` (docs/segments.md), or names of ``sets``.
    sets
        Custom sets by name (docs/segments.md). A set with an included one's name replaces it.
    thresholds
        Segments of customers whose number is within bounds, by their labels
        (docs/segments.md): {"Big spender" = {attribute = "monetary", at_least = 500}}.
    freeze_thresholds
        Whether to score with the previous run's thresholds, so that only behaviour and time move
        customers.
    breaker_limit
        Activation waits for an approval when more than this share of customers would change
        segment for other causes than their own behaviour or time. 1 never waits.
    as_of_limit_days
        Activation waits for an approval when as_of is more than so many days after the previous
        run's, or before it. With a breaker_limit of 1 it never waits.
    clusters
        How many K-Means clusters. 0 chooses between 2 and 8.
    cluster_seed
        The seed of K-Means.
    clv_horizon_days
        How many days customer lifetime value looks ahead.
    clv_discount_rate
        How much less money is worth a year later, as a share: 0.1 is 10 % per year.
    margin
        The share of revenue that is profit, for lifetime values. 1 leaves them revenue.
    retrain_days
        Reuse an earlier run's models for this many days. 0 trains in every run.
    drift_limit
        Train earlier when an input of the models has drifted further. This is the population
        stability index: above 0.25 the population has changed.
    churn_label
        The header of the column of ``uploads/attributes/*.csv`` with who cancelled. Empty for one
        of the usual names, such as ``Churn`` or ``Cancelled``.
    churn_ignore
        Headers of columns in these files that the churn model must not learn from.
    subscription_period_days
        How many days a subscription's payment covers, from 1 to 366, such as 7, 30, 91 or 365.
    engine
        Where uploads are prepared: ``duckdb`` on one machine, ``spark`` on many, or ``auto``,
        which decides by their size.
    destinations
        Where segments go, by name.
    omitted_sets
        Segment sets that get no segments at a destination, by the destination's name:
        {"klaviyo" = ["churn_band"]}. Their labels stay attributes of the customers there.
    exits
        What happens to customers who left the data or the window, where a destination still has
        them: ``clear`` removes their labels, ``keep`` leaves them with the day that they describe.
    exit_limit
        Nothing is sent to a destination when more than this share of its customers, and more than
        20 of them, would lose their labels. The run reports it.
    retired_segments
        What happens to segments of earlier runs at a destination that no set requests any longer,
        or requests under a new name. ``keep`` leaves them, and the report lists them. ``delete``
        deletes them there, with everything that uses them.
    dry_run
        Whether to plan only: the report shows what would be sent, and nothing is sent.
    requests_per_minute
        How many requests per minute an HTTP destination gets, for an account with unusual limits.
        0 is what the vendor allows (docs/destinations.md).
    campaigns
        What holds for all campaigns: legal basis, sender, quiet hours, cap, global holdout
        (docs/settings.md). It changes no run.
    """

    time_zone: str = "UTC"
    window_months: int = 0
    max_bad_share: float = 0.2
    decimal: str = "auto"
    dates: str = "auto"
    sheet: str = ""
    currency: str = ""
    currency_rates: Mapping[str, str] = dataclasses.field(default_factory=dict)
    phone_region: str = ""
    doubtful_ids: str = FOLD
    mapping: str = ""
    columns: Mapping[str, str] = dataclasses.field(default_factory=dict)
    events: Mapping[str, str] = dataclasses.field(default_factory=dict)
    include_tax: bool = False
    include_shipping: bool = False
    preset: str = "classic-11"
    definition: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    segment_sets: tuple[str, ...] = ("value_tier", "churn_band", "value_at_risk")
    sets: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    thresholds: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    freeze_thresholds: bool = False
    breaker_limit: float = 0.3
    as_of_limit_days: int = 92
    clusters: int = 5
    cluster_seed: int = 18
    clv_horizon_days: int = 365
    clv_discount_rate: float = 0.1
    margin: float = 1.0
    retrain_days: int = 0
    drift_limit: float = 0.25
    churn_label: str = ""
    churn_ignore: tuple[str, ...] = ()
    subscription_period_days: int = 30
    engine: str = "auto"
    destinations: tuple[str, ...] = DEFAULT_DESTINATIONS
    omitted_sets: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    exits: str = CLEAR
    exit_limit: float = 0.25
    retired_segments: str = KEEP
    dry_run: bool = False
    requests_per_minute: int = 0
    campaigns: CampaignSettings = CampaignSettings()  # noqa: RUF009 (frozen)

    def __post_init__(self) -> None:
        """Refuse values that no run could use, naming the setting."""
        checks = {
            "time_zone": (is_zone(self.time_zone), "an IANA name such as 'Europe/Paris'"),
            "window_months": (self.window_months in WINDOWS_MONTHS, f"one of {WINDOWS_MONTHS}"),
            "max_bad_share": (0 <= self.max_bad_share <= 1, "between 0 and 1"),
            "decimal": (self.decimal in DECIMALS, f"one of {DECIMALS}"),
            "dates": (
                self.dates in DATES or _is_date_format(self.dates),
                f"one of {DATES}, or a format of day, month and year such as '%d.%m.%Y'",
            ),
            "currency": (_is_currency(self.currency), "an ISO 4217 code such as 'EUR', or empty"),
            "currency_rates": (
                all(_is_rate(code, rate) for code, rate in self.currency_rates.items())
                and (bool(self.currency) or not self.currency_rates),
                'other currencies with positive rates as text, such as {"USD" = "0.92"}, and the '
                "setting 'currency' to say into what they convert",
            ),
            "phone_region": (
                not self.phone_region or is_region(self.phone_region),
                "two capitals of ISO 3166-1 such as 'DE', or empty",
            ),
            "doubtful_ids": (self.doubtful_ids in DOUBTFUL_IDS, f"one of {DOUBTFUL_IDS}"),
            "clusters": (self.clusters in (0, *range(2, 21)), "0, or from 2 to 20"),
            "cluster_seed": (0 <= self.cluster_seed < 2**32, "from 0 to 4294967295"),
            "breaker_limit": (0 <= self.breaker_limit <= 1, "a share of customers, 1 for never"),
            "as_of_limit_days": (1 <= self.as_of_limit_days <= 36_500, "from 1 to 36500 days"),
            "clv_horizon_days": (1 <= self.clv_horizon_days <= 3650, "from 1 to 3650 days"),
            "clv_discount_rate": (0 <= self.clv_discount_rate < 1, "from 0 to below 1, a year"),
            "margin": (0 < self.margin <= 1, "above 0, up to 1"),
            "retrain_days": (0 <= self.retrain_days <= 365, "from 0 to 365 days"),
            "drift_limit": (self.drift_limit >= 0, "0 or more"),
            "subscription_period_days": (
                1 <= self.subscription_period_days <= 366,
                "from 1 to 366 days",
            ),
            "engine": (self.engine in ENGINES, f"one of {ENGINES}"),
            "destinations": (bool(self.destinations), "at least one name"),
            "omitted_sets": (
                all(_is_names(names) for names in self.omitted_sets.values()),
                "lists of segment sets by destination",
            ),
            "exits": (self.exits in EXITS, f"one of {EXITS}"),
            "retired_segments": (
                self.retired_segments in RETIRED_SEGMENTS,
                f"one of {RETIRED_SEGMENTS}",
            ),
            "exit_limit": (0 <= self.exit_limit <= 1, "a share of customers, 1 for no limit"),
            "requests_per_minute": (0 <= self.requests_per_minute <= 100_000, "from 0 to 100000"),
        }
        for name, (good, expected) in checks.items():
            if not good:
                raise InvalidInput(
                    f"setting {name!r} is {getattr(self, name)!r}: expected {expected}"
                )

    @classmethod
    def parse(cls, *layers: Mapping[str, Any]) -> Self:
        """Return the settings that the layers make together, later layers winning.

        A group's settings are merged one by one.

        Raises
        ------
        InvalidInput
            A key is unknown, or a value has the wrong type or lies out of range.
        """
        plain = [{k: v for k, v in layer.items() if k != _CAMPAIGNS} for layer in layers]
        groups = [layer[_CAMPAIGNS] for layer in layers if _CAMPAIGNS in layer]
        campaigns = CampaignSettings(**_read(CampaignSettings(), groups, at=f"{_CAMPAIGNS}."))
        return cls(**_read(cls(), plain), campaigns=campaigns)

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as JSON-ready values. ``parse`` reads them back."""
        values = dataclasses.asdict(self)
        return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}

    @property
    def digest(self) -> str:
        """SHA-256 of what decides a run's results: equal settings, equal digest.

        What campaigns do with the results is not in it.
        """
        values = {name: value for name, value in self.to_dict().items() if name != _CAMPAIGNS}
        text = json.dumps(values, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _is_names(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(name, str) for name in value)


def _is_currency(code: str) -> bool:
    return not code or (len(code) == 3 and code.isascii() and code.isupper() and code.isalpha())


def _is_date_format(text: str) -> bool:
    """Return whether a format gives back the day that it wrote."""
    moment = dt.datetime(2004, 12, 31, 23, 58)  # noqa: DTZ001 (whatever its zone)
    try:
        return dt.datetime.strptime(moment.strftime(text), text).date() == moment.date()  # noqa: DTZ007
    except (ValueError, re.error):
        return False


def _is_rate(code: object, rate: object) -> bool:
    if not (isinstance(code, str) and code and _is_currency(code) and isinstance(rate, str)):
        return False
    return bool(_RATE.fullmatch(rate)) and any(digit in "123456789" for digit in rate)


def _read(defaults: object, layers: Iterable[object], *, at: str = "") -> dict[str, Any]:
    """Return what the layers give of some settings, each in the type of its default."""
    values: dict[str, Any] = {}
    for layer in layers:
        if not isinstance(layer, Mapping):
            raise InvalidInput(f"setting {at[:-1]!r} is {layer!r}: expected a group of settings")
        values |= layer
    known = sorted(vars(defaults))
    unknown = next((name for name in sorted(values) if name not in known), None)
    if unknown is not None:
        expected = ", ".join(f"{at}{name}" for name in known)
        raise InvalidInput(f"unknown setting {at + unknown!r}: expected one of {expected}")
    return {
        name: _as_type_of(getattr(defaults, name), value, name=f"{at}{name}")
        for name, value in values.items()
    }


def _as_type_of(default: object, value: Any, *, name: str) -> object:  # noqa: ANN401
    if isinstance(default, tuple):
        if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise InvalidInput(f"setting {name!r} is {value!r}: expected a list of names")
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(default, Mapping) and isinstance(value, Mapping):
        return dict(value)
    if type(value) is not type(default):
        raise InvalidInput(
            f"setting {name!r} is {value!r}: expected {type(default).__name__}, "
            f"got {type(value).__name__}"
        )
    return value
