"""Each destination with its local service, so that one battery holds for all of them."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import boto3
from botocore.config import Config

from adapters.destinations.aws.customer_profiles import CustomerProfilesTransport
from adapters.destinations.aws.profile_uploads import ProfileUploads
from adapters.destinations.http_transport import HttpTransport
from adapters.http.client import HttpClient
from local.services import braze, customerio, google_ads, iterable, meta, webhook
from local.services.customer_profiles.server import CustomerProfiles
from local.services.frame import http_service
from local.services.frame.aws_service import AwsFaults, ServiceError
from local.services.frame.http_service import HttpServer, HttpService
from local.services.hubspot import server as hubspot
from local.services.klaviyo import server as klaviyo
from tessera.contracts.customer_profiles import OBJECT_TYPE
from tessera.destinations import catalog, content
from tessera.destinations.planning.load import Account, Load
from tessera.destinations.port import Customer, Item, Loaded, Traced, Transport
from tessera.destinations.vendors.customer_profiles import uploads as profile_uploads
from tessera.destinations.vendors.customer_profiles.destination import NO_LABEL
from tessera.destinations.vendors.hubspot import destination as hubspot_vendor
from tessera.destinations.warehouse.tables import POSTGRESQL
from tessera.records.loads.segment import Segment

DOMAIN = "amazon-connect-shop"
NOWHERE = "http://127.0.0.1:1"
KEY = "pk_made_up_for_tests"
# What typed destinations get for the conftest's customer, worth 99.5, due in June.
TYPED = {
    "rfm_segment": "Champions",
    "rfm_cluster": "1",
    "rfm_score": "543",
    "rfm_r": 5,
    "rfm_f": 4,
    "rfm_m": 3,
    "rfm_frequency": 2,
    "rfm_monetary": 12.5,
    "rfm_first_purchase": "2026-04-01",
    "rfm_last_purchase": "2026-04-01",
    "rfm_recency_days": 30,
    "rfm_clv_365d": 100,
    "rfm_next_order": "2026-06-01",
    "rfm_as_of": "2026-05-01",
}
BATCH = 10  # customers in a batch of the battery, whatever the destination takes


class Place(Protocol):
    """A destination's local service, and the way there."""

    transport: Transport

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return what is there, by the shop's customer id."""

    def size(self, segment: Segment) -> int | None:
        """Return how many members a segment has, as counted by its destination."""

    def sent(self) -> str:
        """Return all that was asked of it, as text."""

    def fail(self, customer: Customer, *, code: str, message: str) -> str | None:
        """Let it refuse a customer from now on. Return the code, if it has its own codes."""

    def busy(self, times: int) -> None:
        """Let the next calls be throttled."""

    def broken(self, times: int) -> None:
        """Let the next calls fail inside the service."""

    def lost(self, times: int) -> None:
        """Let the answers to the next loads be lost after they were carried out."""

    def malformed(self, times: int) -> None:
        """Let the answers to the next loads be successes that say nothing."""

    def denied(self) -> None:
        """Let the credentials be refused at the next call."""

    def heal(self) -> None:
        """Let nothing go wrong any more."""

    def nowhere(self) -> Transport:
        """Return the way to where nobody answers."""


class ProfilesPlace:
    """Customer Profiles. Its calls may fail after they were carried out."""

    SPOILT: Mapping[str, str] = dict.fromkeys(("lost", "malformed"), "BatchPutProfileObject")
    MALFORMED: Mapping[str, Any] = {}

    def __init__(self, state: CustomerProfiles, monkeypatch: Any) -> None:
        self.state = state
        self._patch = monkeypatch
        self._spoil: list[str] = []
        self._asked: list[Any] = []
        self._call = state.call
        state.call = self._spoilt  # type: ignore[method-assign]
        self.transport = self._connect()

    def _connect(self) -> Transport:
        return CustomerProfilesTransport(**self._arguments())

    def _arguments(self) -> dict[str, Any]:
        once = Config(retries={"total_max_attempts": 1})
        return {
            "domain": DOMAIN,
            "object_type_name": OBJECT_TYPE,
            "tenant": "default",
            "client": boto3.client("customer-profiles", config=once),
            "pause": lambda _seconds: None,
        }

    def _spoilt(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        self._asked.append(parameters)
        answer = self._call(operation, parameters)
        if not self._spoil or operation != self.SPOILT[self._spoil[-1]]:
            return answer
        if self._spoil.pop() == "malformed":
            return dict(self.MALFORMED)
        raise ServiceError("InternalServerException", "The answer was lost.")

    def customers(self) -> dict[str, Mapping[str, Any]]:
        profiles = self.state.domains[DOMAIN].profiles.values()
        return {one["AccountNumber"]: one.get("Attributes", {}) for one in profiles}

    def size(self, segment: Segment) -> int | None:
        return self.transport.size(segment)

    def sent(self) -> str:
        return json.dumps(self._asked)

    def fail(self, customer: Customer, *, code: str, message: str) -> None:
        self.state.faults.fail_item(customer.key, code=int(code), message=message)

    def busy(self, times: int) -> None:
        self.state.faults.fail_next(times, "ThrottlingException")

    def broken(self, times: int) -> None:
        self.state.faults.fail_next(times, "InternalServerException")

    def lost(self, times: int) -> None:
        self._spoil += ["lost"] * times

    def malformed(self, times: int) -> None:
        self._spoil += ["malformed"] * times

    def denied(self) -> None:
        # Twice: a denied batch is put again, object by object.
        self.state.faults.fail_next(2, "AccessDeniedException")

    def heal(self) -> None:
        self.state.faults = AwsFaults()
        self._spoil.clear()

    def nowhere(self) -> Transport:
        self._patch.setenv("AWS_ENDPOINT_URL_CUSTOMER_PROFILES", NOWHERE)
        return self._connect()


class UploadsPlace(ProfilesPlace):
    """The same, loaded by upload jobs, whose files are stored beside it."""

    SPOILT: Mapping[str, str] = {"lost": "StartUploadJob", "malformed": "GetUploadJob"}

    def _connect(self) -> Transport:
        return ProfileUploads(run_id="r1", **self._arguments())

    def customers(self) -> dict[str, Mapping[str, Any]]:
        return {
            customer_id: {name: value for name, value in held.items() if value != NO_LABEL}
            for customer_id, held in super().customers().items()
        }

    def sent(self) -> str:
        jobs = self.state.domains[DOMAIN].uploads.values()
        return super().sent() + "".join(job["_file"].decode() for job in jobs)

    def fail(self, customer: Customer, *, code: str, message: str) -> None:
        super().fail(customer, code=code, message=message)
        self.state.faults.fail_item(customer.customer_id, code=int(code), message=message)


class Clock:
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class HttpPlace:
    """A vendor updated over HTTP, by its name in the catalog."""

    def __init__(self, name: str, server: HttpServer) -> None:
        self.name = name
        self.state: HttpService = server.state
        self.clock = Clock()
        self.transport = self.connect(server.url)

    def connect(self, url: str, **changes: Any) -> HttpTransport:
        fields: dict[str, Any] = {
            "base_url": url,
            "read_secret": lambda: dict.fromkeys(catalog.HTTP[self.name].SECRET_FIELDS, KEY),
            "secret_name": f"tessera/dev/destinations/{self.name}",
            "clock": self.clock,
            "pause": self.clock.pause,
        }
        vendor = catalog.HTTP[self.name]
        return HttpTransport(vendor, client=HttpClient(vendor, **fields | changes))

    def customers(self) -> dict[str, Mapping[str, Any]]:
        return self.state.customers()

    def size(self, segment: Segment) -> int | None:
        size = self.transport.size(segment)
        if self.name not in SILENT:
            return size
        assert size is None
        if not catalog.HTTP[self.name].CAPABILITIES.segments:
            return self._by_rule(segment)
        return self.state.members(segment.name)

    def _by_rule(self, segment: Segment) -> int:
        """Count the customers that the rule in the report selects."""
        name, value = content.attribute(segment), segment.value
        assert f'{name} equals "{value}"' in content.rule(segment)
        asked = {"rfm_segment"} if "rfm_segment is set" in content.rule(segment) else set()
        held = self.state.customers().values()
        return len([one for one in held if one.get(name) == value and asked <= set(one)])

    def sent(self) -> str:
        return "\n".join(
            f"{one.method} {one.path} {one.text.decode()}" for one in self.state.requests
        )

    def fail(self, customer: Customer, *, code: str, message: str) -> None:
        self.state.faults.fail_item(customer.customer_id, code=code, message=message)

    def busy(self, times: int) -> None:
        self.state.faults.fail_next(times, http_service.BUSY, retry_after="1")

    def broken(self, times: int) -> None:
        self.state.faults.fail_next(times, http_service.BROKEN)

    def lost(self, times: int) -> None:
        self.state.faults.fail_next(times, http_service.DROPPED, method="POST")

    def malformed(self, times: int) -> None:
        self.state.faults.fail_next(times, http_service.MALFORMED, method="POST")

    def denied(self) -> None:
        self.state.faults.fail_next(1, http_service.DENIED)

    def heal(self) -> None:
        self.state.faults = http_service.HttpFaults()

    def nowhere(self) -> Transport:
        return self.connect(NOWHERE)


def hubspot_with_properties() -> hubspot.HubSpot:
    """An account that a run has checked before."""
    wanted = hubspot_vendor.missing([], [])
    return hubspot.HubSpot.with_properties(wanted)


# These count nothing for us: their local services do, for the tests.
SILENT = frozenset({"braze", "customerio", "google_ads", "iterable", "meta", "webhook"})
SERVERS: dict[str, Callable[[], HttpServer]] = {
    "braze": braze.BrazeServer,
    "customerio": customerio.CustomerIoServer,
    "google_ads": google_ads.GoogleAdsServer,
    "hubspot": hubspot.HubSpotServer,
    "iterable": iterable.IterableServer,
    "klaviyo": klaviyo.KlaviyoServer,
    "meta": meta.MetaServer,
    "webhook": webhook.WebhookServer,
}
STATES: dict[str, Callable[[], HttpService]] = {
    "braze": braze.Braze,
    "customerio": customerio.CustomerIo,
    "google_ads": google_ads.GoogleAds,
    "hubspot": hubspot_with_properties,
    "iterable": iterable.Iterable,
    "klaviyo": klaviyo.Klaviyo,
    "meta": meta.Meta,
    "webhook": functools.partial(webhook.Webhook, KEY),
}


def _pinpoint(request: Any, patch: Any) -> Place:
    from tests.destinations.pinpoint_place import pinpoint_place  # which builds on this module

    return pinpoint_place(request, patch)


def _ses(request: Any, patch: Any) -> Place:
    from tests.destinations.ses_place import ses_place  # which builds on this module

    return ses_place(request, patch)


AUDIENCES = frozenset({"google_ads", "meta"})


def http_place(name: str, server: HttpServer) -> HttpPlace:
    """Return a vendor's place, for its name in the catalog."""
    from tests.destinations.audience_place import AudiencePlace  # which builds on this module

    return (AudiencePlace if name in AUDIENCES else HttpPlace)(name, server)


ADDRESSED = AUDIENCES | {"ses"}  # these know customers by an address: the battery gives each one


def _postgresql(request: Any, _patch: Any) -> Place:
    from tests.destinations.warehouse_place import WarehousePlace  # which starts a database

    place = WarehousePlace(request.getfixturevalue("postgres"), POSTGRESQL)
    request.addfinalizer(place.heal)
    return place


def _redshift(request: Any, _patch: Any) -> Place:
    from tests.destinations.redshift_place import FilesPlace  # which starts a database

    place = FilesPlace(request.getfixturevalue("postgres"))
    request.addfinalizer(place.heal)
    return place


def _snowflake(request: Any, _patch: Any) -> Place:
    from tests.destinations.snowflake_place import SnowflakePlace  # which builds on this module

    place = SnowflakePlace()
    request.addfinalizer(place.close)
    return place


# All that are updated through requests, however a stage chooses.
VENDORS: dict[str, Loaded] = {**catalog.LOADED, "customer_profiles by upload": profile_uploads}
# Destinations with a separate transport: from pytest's request and monkeypatch.
OTHERS: dict[str, Callable[[Any, Any], Place]] = {
    "customer_profiles": lambda request, patch: ProfilesPlace(
        request.getfixturevalue("profiles"), patch
    ),
    "pinpoint": _pinpoint,
    "postgresql": _postgresql,
    "redshift": _redshift,
    "ses": _ses,
    "snowflake": _snowflake,
    "customer_profiles by upload": lambda request, patch: UploadsPlace(
        request.getfixturevalue("profiles"), patch
    ),
}


@dataclasses.dataclass
class InTens:
    """A vendor whose batches are small, so that few customers make several."""

    vendor: Loaded

    def __post_init__(self) -> None:
        limits = self.vendor.CAPABILITIES
        most = min(BATCH, limits.batch_items)
        self.CAPABILITIES = dataclasses.replace(limits, batch_items=most)
        self.render = self.vendor.render
        self.cleared = self.vendor.cleared
        if isinstance(self.vendor, Traced):
            self.trace = self.vendor.trace


@dataclasses.dataclass
class Bench:
    """A destination with what a run does to it."""

    vendor: Loaded
    place: Place
    paused: list[float] = dataclasses.field(default_factory=list)

    def load(self, *, transport: Transport | None = None, **changes: Any) -> Load:
        fields = {"go_on": lambda: True, "pause": self.paused.append, **changes}
        return Load(vendor=self.vendor, transport=transport or self.place.transport, **fields)

    def send(self, items: Sequence[Item], **changes: Any) -> Account:
        return self.load(**changes).send(items)
