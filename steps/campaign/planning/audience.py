"""Everything that a plan is made from, read for one definition."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import gc
import tempfile
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from adapters.aws.objects import Objects
from adapters.campaigns.joined_customers import JoinedCustomers
from adapters.engines.duckdb.session import private_errors
from steps.campaign.planning.earlier import EarlierRuns
from steps.campaign.planning.present import PresentRun, present_run, tables
from steps.campaign.planning.receiver_lists import read_receivers
from steps.campaign.planning.services import PlanningServices
from tessera.campaigns.consent.uploaded import joined_answers, states_with_uploaded
from tessera.campaigns.definitions.definition import MARKETING, CampaignDefinition
from tessera.campaigns.files import RefusedLine
from tessera.campaigns.planning.candidates import CampaignCandidates
from tessera.campaigns.planning.choosing.eligibility import caps_of
from tessera.campaigns.planning.definition_problems import definition_problems
from tessera.campaigns.planning.known import KnownRecipients, no_messages
from tessera.campaigns.planning.lists.matching import matched
from tessera.campaigns.planning.plan import PlanTerms
from tessera.campaigns.planning.reading.columns import CandidateColumns
from tessera.campaigns.templates.rendering.profile_fields import mentioned_fields
from tessera.errors import InvalidInput, Retryable
from tessera.naming import published_template_key
from tessera.records.run_of_day import RunOfDay


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanSources:
    """What a plan is made from.

    Parameters
    ----------
    terms
        Definition, settings and day.
    candidates
        Reads the customers: the same, in the same order, each time.
    known
        Consent, and what people got. It can be asked once.
    profiles
        The run whose profiles are read. None where there is no run yet.
    refused
        Lines of the uploaded list that nobody could be read from.
    """

    terms: PlanTerms
    candidates: Callable[[], Iterable[CampaignCandidates]]
    known: KnownRecipients
    profiles: RunOfDay | None
    refused: tuple[RefusedLine, ...]


def problems_of(
    definition: CampaignDefinition, services: PlanningServices, *, now: dt.datetime
) -> tuple[str, ...]:
    """Return why a definition fits nobody here and now, a sentence each."""
    present = present_run(services.tenant, data=services.data)
    if present is None and definition.audience.receivers is None:
        return ("No run has finished yet, so there are no customers: upload orders first.",)
    return definition_problems(
        definition,
        settings=services.settings.campaigns,
        labels=present.labels if present else {},
        destinations=services.settings.destinations,
        shop_zone=services.settings.time_zone,
        now=now,
    )


@contextlib.contextmanager
def plan_sources(
    definition: CampaignDefinition, services: PlanningServices, *, run_id: str, now: dt.datetime
) -> Iterator[PlanSources]:
    """Read what a plan is made from. Customers are in a local file until the end of the block.

    Parameters
    ----------
    definition
        As the run uses it.
    services
        The tenant's.
    run_id
        The run that is planned. Empty to count alone, which needs no template.
    now
        The moment.

    Raises
    ------
    InvalidInput
        Something that the definition needs is not there.
    Retryable
        The tenant's customers changed while they were read.
    """
    today = now.astimezone(zoneinfo.ZoneInfo(services.settings.time_zone)).date()
    runs = EarlierRuns.of(services, own=run_id)
    is_first = not runs.of_campaign(definition.id)
    present = present_run(services.tenant, data=services.data)
    with tempfile.TemporaryDirectory() as folder, _without_cycles():
        path = Path(folder) / "customers.arrow"
        fields = _fields(definition, services.tenant, services.data) if run_id else ()
        joined = _joined(definition, services, present, runs, fields=fields, path=path)
        candidates, refused = _candidates(definition, services, joined)
        yield PlanSources(
            terms=PlanTerms(
                definition=definition,
                settings=services.settings.campaigns,
                key_of=services.key_of,
                today=today,
                is_first_run=is_first,
            ),
            candidates=candidates,
            known=_known(definition, services, joined, runs, today=today, now=now),
            profiles=present.run if present else None,
            refused=refused,
        )


@contextlib.contextmanager
def _without_cycles() -> Iterator[None]:
    """Let Python not look for cycles of objects: a plan makes none, and millions of objects.

    Looking for them would take a fifth of its time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _joined(
    definition: CampaignDefinition,
    services: PlanningServices,
    present: PresentRun | None,
    runs: EarlierRuns,
    *,
    fields: tuple[str, ...],
    path: Path,
) -> JoinedCustomers:
    is_list = definition.audience.receivers is not None
    before = None if is_list or present is None else _before(definition, present, runs)
    columns = CandidateColumns.of(definition, fields=fields, compares=before is not None)
    joined = JoinedCustomers(path, columns=columns, definition=definition)
    if present is None:
        return joined
    sources = tables(
        services.tenant,
        present,
        data=services.data,
        identities=services.identities,
        earlier=before,
    )
    with private_errors():  # the engine's own errors would quote addresses
        rows = joined.write(services.engine.batches(columns.query, tables=sources))
    if rows != present.customers:
        raise Retryable(
            f"run {present.run.run_id!r} has {present.customers:,} customers, and {rows:,} were "
            "read: its profiles changed meanwhile. The plan is made again"
        )
    return joined


def _before(
    definition: CampaignDefinition, present: PresentRun, runs: EarlierRuns
) -> RunOfDay | None:
    """Return the run to compare with: that of the campaign's last plan, or the one before this."""
    if definition.schedule.kind == "once":
        return None
    if runs.of_campaign(definition.id):
        return runs.profiles(definition.id)
    return None if definition.schedule.include_present else present.previous


def _fields(definition: CampaignDefinition, tenant: str, data: Objects) -> tuple[str, ...]:
    """Return the profile fields that the campaign's templates may show, each once.

    An uploaded list brings its own fields.
    """
    if definition.audience.receivers is not None:
        return ()
    fields: dict[str, None] = {}
    for one in definition.variants:
        if one.template is None:
            continue
        key = published_template_key(tenant, one.template.id, one.template.version)
        if not data.exists(key):
            raise InvalidInput(
                f"variant {one.name!r}: template {one.template.id!r} has no published version "
                f"{one.template.version}: publish it, or choose another version"
            )
        fields |= dict.fromkeys(mentioned_fields(data.read(key).decode()))
    return tuple(fields)


def _candidates(
    definition: CampaignDefinition, services: PlanningServices, joined: JoinedCustomers
) -> tuple[Callable[[], Iterable[CampaignCandidates]], tuple[RefusedLine, ...]]:
    name = definition.audience.receivers
    if name is None:
        return joined.candidates, ()
    listed, refused = read_receivers(services.tenant, name, identities=services.identities)
    receivers = matched(listed, joined.candidates(), key_of=services.key_of)
    return lambda: [receivers], refused


def _known(
    definition: CampaignDefinition,
    services: PlanningServices,
    joined: JoinedCustomers,
    runs: EarlierRuns,
    *,
    today: dt.date,
    now: dt.datetime,
) -> KnownRecipients:
    """Return what is known of recipients. Provider's suppressions are rows of consent too."""
    is_marketing = definition.purpose == MARKETING
    answers = joined.answers() if is_marketing else ()
    caps = caps_of(definition, services.settings.campaigns) if is_marketing else []
    most = max((cap.days for cap in caps), default=0)
    return KnownRecipients(
        states=states_with_uploaded(
            services.consent.briefs_of_tenant(services.tenant),
            joined_answers([one.keyed(services.key_of) for one in answers]),
            purpose=definition.purpose,
            now=now,
        ),
        messages=runs.messages(today=today, days=most) if most else no_messages(),
        taken=runs.taken(definition.id, today=today, days=definition.again_after_days),
    )
