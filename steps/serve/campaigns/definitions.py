"""A tenant's campaigns: listed, saved, activated, ended and copied."""

from __future__ import annotations

import dataclasses

from steps.serve.campaign_services import Records
from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.campaigns.problems import campaign_problems
from steps.serve.services import Services
from steps.serve.settings import Author
from tessera.api.documents.campaigns.definitions import (
    CampaignActivation,
    CampaignChange,
    CampaignCopy,
    CampaignFacts,
    CampaignList,
    SavedCampaign,
)
from tessera.api.refusals import ProblemPart, conflict, missing, wrong
from tessera.campaigns.campaign_record import CampaignRecord
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.document import check_change
from tessera.campaigns.planning.manifest import run_id
from tessera.campaigns.sending.states import RunState
from tessera.records.fields import part_of


def list_campaigns(tenant: str, *, services: Services) -> CampaignList:
    """Return a tenant's campaigns, by id."""
    kept = campaigns_of(services)
    states = {run.run_id: run.state for run in kept.runs(tenant).all()}
    items = (
        _facts(record, state=states.get(_last_run(record))) for record in kept.records(tenant).all()
    )
    return CampaignList(items=tuple(items))


def read_campaign(tenant: str, campaign_id: str, *, services: Services) -> SavedCampaign:
    """Return a campaign with its definition.

    Raises
    ------
    RequestRefusal
        The tenant has no such campaign.
    """
    return _saved(campaign_of(tenant, campaign_id, services=services), tenant, services)


def campaign_of(tenant: str, campaign_id: str, *, services: Services) -> CampaignRecord:
    """Return a campaign as it is kept.

    Raises
    ------
    RequestRefusal
        The tenant has no such campaign.
    """
    return _existing(campaigns_of(services).records(tenant).read(campaign_id))


def save_campaign(
    campaign_id: str, change: CampaignChange, author: Author, *, services: Services
) -> SavedCampaign:
    """Save a campaign's definition. Version 0 makes a new campaign.

    An active campaign is a draft again: nobody has approved runs of its new definition.

    Raises
    ------
    RequestRefusal
        It is based on an older version, has ended, or the definition has another id.
    InvalidInput
        The campaign has had runs, and the change would move people between the treated and the
        held out.
    """
    definition = change.definition
    if definition.id != campaign_id:
        raise wrong(f"The definition calls itself {definition.id!r}, not {campaign_id!r}.")

    def saved(before: CampaignRecord | None) -> CampaignRecord:
        if before is None:
            _check_version(0, based_on=change.version)
            return _draft(definition, author)
        _check_version(before.version, based_on=change.version)
        _check_goes_on(before)
        if before.last_run:
            check_change(before.definition, definition)
        return _changed(before, author, definition=definition, state="draft")

    records = campaigns_of(services).records(author.tenant)
    return _saved(records.change(campaign_id, saved), author.tenant, services)


def activate_campaign(
    campaign_id: str, request: CampaignActivation, author: Author, *, services: Services
) -> SavedCampaign:
    """Let a campaign's schedule start runs. They need no further approval.

    Raises
    ------
    RequestRefusal
        There is no such campaign, it is another version by now, has ended, or has problems.
    """
    checked = campaign_of(author.tenant, campaign_id, services=services)
    check_ready(checked.definition, tenant=author.tenant, services=services)

    def activated(before: CampaignRecord | None) -> CampaignRecord:
        record = _existing(before)
        _check_version(record.version, based_on=request.version)
        _check_goes_on(record)
        return record if record.state == "active" else _changed(record, author, state="active")

    records = campaigns_of(services).records(author.tenant)
    return _saved(records.change(campaign_id, activated), author.tenant, services)


def end_campaign(campaign_id: str, author: Author, *, services: Services) -> SavedCampaign:
    """End a campaign: no further run begins. Runs that are under way go on.

    Raises
    ------
    RequestRefusal
        There is no such campaign.
    """

    def ended(before: CampaignRecord | None) -> CampaignRecord:
        record = _existing(before)
        return record if record.state == "ended" else _changed(record, author, state="ended")

    records: Records[CampaignRecord] = campaigns_of(services).records(author.tenant)
    return _saved(records.change(campaign_id, ended), author.tenant, services)


def duplicate_campaign(
    campaign_id: str, request: CampaignCopy, author: Author, *, services: Services
) -> SavedCampaign:
    """Make a new campaign with a campaign's definition.

    Raises
    ------
    RequestRefusal
        There is no such campaign, or one with the copy's id.
    InvalidInput
        The copy's id is one that no campaign may have.
    """
    original = campaign_of(author.tenant, campaign_id, services=services).definition
    definition = dataclasses.replace(original, id=request.id, name=request.name)

    def made(before: CampaignRecord | None) -> CampaignRecord:
        if before is not None:
            raise conflict(f"There is a campaign {request.id!r} already: choose another id.")
        return _draft(definition, author)

    records = campaigns_of(services).records(author.tenant)
    return _saved(records.change(request.id, made), author.tenant, services)


def check_ready(definition: CampaignDefinition, *, tenant: str, services: Services) -> None:
    """Refuse a definition of which no run could work here and now.

    Raises
    ------
    RequestRefusal
        Each problem is one of its errors.
    """
    problems = campaign_problems(definition, tenant=tenant, services=services)
    if problems:
        parts = [ProblemPart(where="definition", what=problem) for problem in problems]
        raise conflict(f"No run of this campaign would work. {' '.join(problems)}", *parts)


def _existing(record: CampaignRecord | None) -> CampaignRecord:
    if record is None:
        raise missing("campaign of this id")
    return record


def _check_version(version: int, *, based_on: int) -> None:
    if version != based_on:
        raise conflict(
            f"This campaign is based on version {based_on}, and version {version} is in use: read "
            "it, and change that one."
        )


def _check_goes_on(record: CampaignRecord) -> None:
    if record.state == "ended":
        raise conflict("This campaign has ended: duplicate it to begin another one.")


def _draft(definition: CampaignDefinition, author: Author) -> CampaignRecord:
    return CampaignRecord(definition=definition, changed_by=author.subject, changed_at=author.now)


def _changed(record: CampaignRecord, author: Author, **changes: object) -> CampaignRecord:
    return dataclasses.replace(
        record,
        version=record.version + 1,
        changed_by=author.subject,
        changed_at=author.now,
        **changes,  # type: ignore[arg-type]
    )


def _last_run(record: CampaignRecord) -> str:
    """Return the id of a campaign's newest run, empty before the first."""
    return run_id(record.definition.id, number=record.last_run) if record.last_run else ""


def _facts(record: CampaignRecord, *, state: RunState | None) -> CampaignFacts:
    return CampaignFacts(
        id=record.definition.id,
        name=record.definition.name,
        state=record.state,
        version=record.version,
        changed_by=record.changed_by,
        changed_at=record.changed_at,
        last_run=_last_run(record) or None,
        last_run_state=state,
    )


def _saved(record: CampaignRecord, tenant: str, services: Services) -> SavedCampaign:
    last_run = _last_run(record)
    run = campaigns_of(services).runs(tenant).read(last_run) if last_run else None
    return part_of(
        _facts(record, state=run.state if run else None),
        SavedCampaign,
        definition=record.definition,
        problems=campaign_problems(record.definition, tenant=tenant, services=services),
    )
