"""What the console of this machine has for campaigns beside the API, such as its inbox."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from fastapi import APIRouter, Body, FastAPI, Header, HTTPException

from adapters.aws.objects import Objects
from adapters.campaigns.simulated_purchases import SimulatedPurchases
from adapters.campaigns.taken import TakenPeople
from adapters.engines.duckdb.purchases import purchases_since
from adapters.http.client import verified_pool
from adapters.stores.events import EventStore
from local.app.assembly import LINKS_ORIGIN
from local.app.state.remembered import StatePlace
from local.app.system import System
from local.console.inbox import inbox_routes
from local.console.page_events import page_event_routes
from local.console.public_links import Function, link_routes
from local.console.simulating import CampaignSimulator, SentCampaign, SimulationReport
from local.services.ses.sending import MailService
from local.services.ses.server import Ses
from steps.campaign.measure import has_sent
from steps.serve.campaign_services import CampaignServices
from steps.serve.services import Services
from steps.serve.settings import run_settings
from tessera import naming
from tessera.campaigns.events.figures import added, figures
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.results.promised import PAST_DAYS
from tessera.campaigns.sending.outcomes import PARTITIONS
from tessera.contracts.destinations import SES
from tessera.errors import InvalidInput, Retryable
from tessera.records.codec import encode
from tessera.settings import RunSettings

_ONE_CLICK = {"List-Unsubscribe": "One-Click"}
# A figure of the run for each kind of reaction that is an event.
_FIGURES = {
    "bounce": "bounced", "complaint": "complained", "open": "opened", "click": "clicked_raw",
}  # fmt: skip
_EPOCH = dt.date(1970, 1, 1)
_LONGEST_WAIT_S, _LOOKS_EVERY_S = 300.0, 0.5


@dataclasses.dataclass(frozen=True, kw_only=True)
class LocalCampaigns:
    """What the routes work with.

    Parameters
    ----------
    tenant
        The one tenant of this console.
    mail
        What sends here.
    services
        The records of campaigns.
    data, identities
        The buckets.
    settings
        Returns the tenant's.
    unsubscribe
        The deployed function that answers the links of messages.
    collect
        The deployed function that takes the events of pages.
    measure
        Measures a campaign, given its id.
    token, address
        The console's key, and its origin.
    """

    tenant: str
    mail: MailService
    services: Callable[[], CampaignServices]
    data: Objects
    identities: Objects
    settings: Callable[[], RunSettings]
    unsubscribe: Function
    collect: Function
    measure: Callable[[str], object]
    token: str
    address: str


def local_campaigns(
    system: System, place: StatePlace, services: Services, *, token: str, address: str
) -> LocalCampaigns:
    """Return what the routes of a console work with.

    Parameters
    ----------
    system, place
        The app, deployed with campaigns.
    services
        Those of the API.
    token, address
        The console's key, and its origin.
    """
    tenant, ses = naming.DEFAULT_TENANT, place.stand_ins[SES]
    if not isinstance(ses, Ses) or services.campaigns is None:
        raise TypeError("the app was deployed without campaigns")

    def measure(campaign: str) -> object:
        # No clock calls it here, so what is due daily follows each measurement.
        for event in ({"campaign": campaign}, {"task": "quarters"}):
            system.call("MeasureCampaignFunction", {"tenant": tenant, **event})
        return None

    return LocalCampaigns(
        tenant=tenant,
        mail=ses.mail,
        services=services.campaigns,
        data=services.data,
        settings=lambda: run_settings(tenant, services=services),
        identities=Objects(system.identities_bucket, client=place.client("s3")),
        unsubscribe=functools.partial(system.call, "UnsubscribeFunction"),
        collect=functools.partial(system.call, "CollectEventsFunction"),
        measure=measure,
        token=token,
        address=address,
    )


def local_routes(local: LocalCampaigns) -> FastAPI:
    """Return the app of ``/local``, ``/u`` and ``/v1/events``."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(inbox_routes(local.mail.inbox, origin=LINKS_ORIGIN, here=local.address))
    app.include_router(link_routes(local.unsubscribe))
    app.include_router(page_event_routes(local.collect))
    app.include_router(_simulation(local))
    return app


def _simulation(local: LocalCampaigns) -> APIRouter:
    routes = APIRouter(prefix="/local/campaign-runs")

    @routes.post("/{run}/simulate")
    def _simulate(
        run: str, seed: int = Body(1, embed=True), authorization: str = Header("")
    ) -> Any:
        # A page of another origin can send a POST here, and not this header.
        if not hmac.compare_digest(authorization.encode(), f"Bearer {local.token}".encode()):
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "send the console's key")
        try:
            return encode(simulated(local, run, seed=seed))
        except InvalidInput as error:
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error

    return routes


def simulated(local: LocalCampaigns, run: str, *, seed: int) -> SimulationReport:
    """Simulate reactions to a run, and measure its campaign with them.

    Raises
    ------
    InvalidInput
        There is no such run, or it has not begun to send.
    """
    campaign = run.rpartition("-r")[0]
    simulator = CampaignSimulator(
        tenant=local.tenant, mail=local.mail, unsubscribe=lambda url: _post(local.address, url)
    )
    report = simulator.simulate(_sent(local, campaign), run, seed=seed)
    _wait_for_events(local, report)
    local.measure(campaign)
    return report


def _wait_for_events(local: LocalCampaigns, report: SimulationReport) -> None:
    """Wait until every reaction is stored: they come by the queue, and figures count what is there.

    Raises
    ------
    InvalidInput
        Some are still under way after minutes.
    """
    expected = {_FIGURES[kind]: n for kind, n in report.reactions.items() if kind in _FIGURES}
    until_s = time.monotonic() + _LONGEST_WAIT_S
    while expected and not _have_arrived(local, report.run, expected):
        if time.monotonic() > until_s:
            raise InvalidInput(
                "the events of reactions are still under way: simulate the run again, which "
                "changes nothing else"
            )
        time.sleep(_LOOKS_EVERY_S)


def _have_arrived(local: LocalCampaigns, run: str, expected: Mapping[str, int]) -> bool:
    events = local.services().events
    stored = added(figures(events.of_partition(local.tenant, run, one)) for one in PARTITIONS)
    return all(getattr(stored, name) >= recipients for name, recipients in expected.items())


def _sent(local: LocalCampaigns, campaign: str) -> SentCampaign:
    services, settings = local.services(), local.settings()
    record = services.records(local.tenant).read(campaign)
    if record is None:
        raise InvalidInput(f"there is no campaign {campaign!r}: `tessera campaign list` has them")
    sent = [
        run.run_id
        for run in services.runs(local.tenant).all()
        if run.run_id.rpartition("-r")[0] == campaign and has_sent(run)
    ]
    return SentCampaign(
        result_days=record.definition.result_days,
        runs={run: TakenPeople(local.identities, tenant=local.tenant, run_id=run) for run in sent},
        purchases=SimulatedPurchases(local.data, tenant=local.tenant, campaign=campaign),
        past=lambda people: _past(local, people, settings=settings),
        lapsed_after_days=settings.campaigns.lapsed_after_days,
    )


def _past(
    local: LocalCampaigns, people: Sequence[Assigned], *, settings: RunSettings
) -> PurchaseRows:
    """Return what people bought before they were first assigned, as the measuring reads it."""
    days = np.concatenate([one.day for one in people])
    first, last = (_EPOCH + dt.timedelta(days=int(day)) for day in (days.min(), days.max()))
    known = purchases_since(
        EventStore(local.data, tenant=local.tenant),
        customers=np.concatenate([one.customer_key for one in people]),
        since=first - dt.timedelta(days=PAST_DAYS),
        today=last,
        time_zone=settings.time_zone,
    )
    return known.rows


def _post(address: str, url: str) -> None:
    """Post to an unsubscribe link as a mail client does (RFC 8058), on this machine."""
    answer = verified_pool().request(
        "POST", address + urlsplit(url).path, fields=_ONE_CLICK, encode_multipart=False
    )
    if answer.status != HTTPStatus.OK:
        raise Retryable(f"the unsubscribe link answered {answer.status}")
