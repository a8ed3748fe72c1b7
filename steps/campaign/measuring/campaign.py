"""Measure one campaign: its results, and the figures of each of its runs, as files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

import numpy as np

from adapters.campaigns.handovers import Handovers
from adapters.campaigns.simulated_purchases import SimulatedPurchases
from adapters.campaigns.taken import TakenPeople
from adapters.engines.duckdb.purchases import purchases_since
from adapters.stores.events import EventStore
from adapters.stores.records import write_record
from steps.campaign.hand_over import end_handovers
from steps.campaign.measure import (
    ResultDays,
    end_measured,
    given_up_note,
    has_sent,
    measure_campaign,
    require_sent,
)
from steps.campaign.measuring.engagement import WatchedEvents
from steps.campaign.measuring.run_figures import figures_of, unsubscribed_by_run
from steps.campaign.measuring.services import MeasuringServices
from steps.campaign.targeting.learn import write_targets
from tessera.campaigns.campaign_record import CampaignRecord
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.engaging.learning import learn_engagement
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.results.campaign_results import CampaignResults
from tessera.campaigns.results.promised import PAST_DAYS
from tessera.campaigns.sending.states import CampaignRun
from tessera.errors import InvalidInput
from tessera.naming import campaign_engagement_key, campaign_results_key, run_figures_key

_EPOCH = dt.date(1970, 1, 1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _SentRun:
    """A run that has begun to send, who it took, and the definition that it was planned by."""

    run: CampaignRun
    taken: Assigned
    definition: CampaignDefinition

    def read(self) -> Assigned:
        """Return everybody."""
        return self.taken

    @property
    def planned_on(self) -> dt.date | None:
        """The day of its plan, None where it took nobody."""
        days = self.taken.day
        return _EPOCH + dt.timedelta(days=int(days[0])) if len(days) else None


def measure_one(campaign: str, *, services: MeasuringServices, now: dt.datetime) -> CampaignResults:
    """Measure a campaign and who reacts to it, and end what is over.

    Runs end with their days of result. People who were handed over to another tool are taken back
    once the campaign has ended, and all of its runs.

    Parameters
    ----------
    campaign
        Its id.
    services
        The tenant's.
    now
        The moment.

    Raises
    ------
    InvalidInput
        There is no such campaign, or none of its runs has begun to send.
    """
    record = services.campaigns.read(campaign)
    if record is None:
        raise InvalidInput(f"there is no campaign {campaign!r}: see the tenant's campaigns")
    runs = _sent_runs(campaign, services)
    require_sent(runs, campaign=campaign)
    simulated = SimulatedPurchases(services.data, tenant=services.tenant, campaign=campaign).read()
    purchases, today, notes = _purchases(runs, services, simulated=simulated, now=now)
    measured = measure_campaign(
        [(one.run, one) for one in runs.values()],
        purchases=purchases,
        definition=record.definition,
        today=today,
        settings=services.settings.campaigns,
    )
    days = _result_days(runs, record, services, as_of=today, now=now)
    results = dataclasses.replace(
        measured,
        simulated=simulated is not None,
        notes=(*measured.notes, *notes, *given_up_note(days.values())),
    )
    _write_figures(campaign, runs, services, simulated=simulated is not None, now=now)
    write_record(results, services.data, campaign_results_key(services.tenant, campaign))
    write_targets(
        {run_id: one.taken for run_id, one in runs.items()},
        purchases,
        services,
        definition=record.definition,
        today=today,
        inference=results.inference,
        is_mismatch=results.sizes.is_mismatch,
        simulated=results.simulated,
    )
    _end(record, days, services, now=now)
    return results


def _runs(
    campaign: str, services: MeasuringServices
) -> list[tuple[CampaignRun, CampaignDefinition]]:
    """Return the runs of a campaign, each with the definition that it was planned by."""
    own = {
        one.run_id: one.definition
        for one in services.requests.all()
        if one.definition.id == campaign
    }
    return [(run, own[run.run_id]) for run in services.runs.all() if run.run_id in own]


def _sent_runs(campaign: str, services: MeasuringServices) -> Mapping[str, _SentRun]:
    return {
        run.run_id: _SentRun(
            run=run,
            taken=TakenPeople(
                services.identities, tenant=services.tenant, run_id=run.run_id
            ).read(),
            definition=definition,
        )
        for run, definition in _runs(campaign, services)
        if has_sent(run)
    }


def _purchases(
    runs: Mapping[str, _SentRun],
    services: MeasuringServices,
    *,
    simulated: tuple[PurchaseRows, dt.date] | None,
    now: dt.datetime,
) -> tuple[PurchaseRows, dt.date, tuple[str, ...]]:
    """Return purchases from a year before the first run on, until which day, and notes."""
    present = services.today(now)
    planned = [one.planned_on for one in runs.values() if one.planned_on is not None]
    known = purchases_since(
        EventStore(services.data, tenant=services.tenant),
        customers=np.concatenate(
            [np.zeros(0, "S36"), *(one.taken.customer_key for one in runs.values())]
        ),
        since=min(planned, default=present) - dt.timedelta(days=PAST_DAYS),
        today=present,
        time_zone=services.settings.time_zone,
    )
    if simulated is not None:
        rows, as_of = simulated
        note = "The reactions and purchases since are simulated: no person has made them."
        return _together(known.rows, rows), as_of, (note,)
    # Without any order nothing is known: people who cannot be seen would count as non-buyers.
    today = min(present, known.known_until or min(planned, default=present))
    note = (
        f"Purchases are known until the day before {today}, the day of the last order: upload "
        "later orders to measure further."
    )
    return known.rows, today, (note,) if today < present else ()


def _together(*parts: PurchaseRows) -> PurchaseRows:
    names = [field.name for field in dataclasses.fields(PurchaseRows)]
    return PurchaseRows(**{n: np.concatenate([getattr(one, n) for one in parts]) for n in names})


def _write_figures(
    campaign: str,
    runs: Mapping[str, _SentRun],
    services: MeasuringServices,
    *,
    simulated: bool,
    now: dt.datetime,
) -> None:
    unsubscribed = unsubscribed_by_run(services.consent.of_tenant(services.tenant), runs=runs)
    events = WatchedEvents(services.events, unsubscribed=unsubscribed, zone=services.zone)
    for run_id, one in runs.items():
        counter = figures_of(
            one.taken,
            events,
            tenant=services.tenant,
            run_id=run_id,
            unsubscribed=unsubscribed[run_id],
        )
        figures = counter.figures(
            run_id=run_id, campaign=campaign, measured_at=now, simulated=simulated
        )
        write_record(figures, services.data, run_figures_key(services.tenant, run_id))
    engagement = learn_engagement(events.reactions(), campaign=campaign, measured_at=now)
    write_record(engagement, services.data, campaign_engagement_key(services.tenant, campaign))


def _result_days(
    runs: Mapping[str, _SentRun],
    record: CampaignRecord,
    services: MeasuringServices,
    *,
    as_of: dt.date,
    now: dt.datetime,
) -> Mapping[str, ResultDays]:
    today = services.today(now)
    return {
        run_id: ResultDays(
            planned_on=one.planned_on or now.date(),
            result_days=record.definition.result_days,
            as_of=as_of,
            today=today,
        )
        for run_id, one in runs.items()
    }


def _end(
    record: CampaignRecord,
    days: Mapping[str, ResultDays],
    services: MeasuringServices,
    *,
    now: dt.datetime,
) -> None:
    for run_id, one in days.items():
        end_measured(services.runs, run_id, days=one, at=now)
    handovers = Handovers(services.data, tenant=services.tenant)
    runs = [run for run, _ in _runs(record.definition.id, services)]
    end_handovers(record, runs, handovers=handovers)
