"""What people decide about runs: approve, pause, resume, cancel, and release doubts."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from steps.campaign import ask_run
from steps.campaign.ask_run import RunDesk
from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.campaigns.runs import desk_of, facts_of, run_of
from steps.serve.services import Services
from steps.serve.settings import Author
from tessera.api.documents.campaigns.runs import (
    CampaignRunFacts,
    DoubtfulRecipient,
    DoubtList,
    DoubtRelease,
)
from tessera.api.documents.runs import RunDecision
from tessera.api.refusals import conflict
from tessera.campaigns.sending.outcomes import UNKNOWN
from tessera.campaigns.sending.states import CampaignRun
from tessera.errors import InvalidInput

_MOST_DOUBTS = 1000


def approve(tenant: str, run_id: str, *, services: Services) -> CampaignRunFacts:
    """Let a planned run send at its time.

    Raises
    ------
    RequestRefusal
        The tenant has no such run, or it does not await approval.
    """
    return _decide(
        tenant, run_id, lambda desk: ask_run.approve(desk, run_id, at=services.clock()), services
    )


def pause(
    run_id: str, decision: RunDecision, author: Author, *, services: Services
) -> CampaignRunFacts:
    """Stop sending, until somebody resumes.

    Raises
    ------
    RequestRefusal
        The tenant has no such run, or it does not send.
    """
    reason = _reason("paused", decision, author)
    return _decide(
        author.tenant,
        run_id,
        lambda desk: ask_run.pause(desk, run_id, reason=reason, at=author.now),
        services,
    )


def resume(tenant: str, run_id: str, *, services: Services) -> CampaignRunFacts:
    """Go on sending.

    Raises
    ------
    RequestRefusal
        The tenant has no such run, it is not paused, or its deadline has passed.
    """
    return _decide(
        tenant, run_id, lambda desk: ask_run.resume(desk, run_id, at=services.clock()), services
    )


def cancel(
    run_id: str, decision: RunDecision, author: Author, *, services: Services
) -> CampaignRunFacts:
    """Stop a run for good. What is sent stays sent.

    Raises
    ------
    RequestRefusal
        The tenant has no such run, or it has ended.
    """
    reason = _reason("cancelled", decision, author)
    return _decide(
        author.tenant,
        run_id,
        lambda desk: ask_run.cancel(desk, run_id, reason=reason, at=author.now),
        services,
    )


def list_doubts(tenant: str, run_id: str, *, services: Services) -> DoubtList:
    """Return the recipients in doubt: nothing proves whether their message was sent.

    Raises
    ------
    RequestRefusal
        The tenant has no such run.
    """
    kept = campaigns_of(services)
    run_of(tenant, run_id, kept)
    rows = [row for row in kept.ledger(tenant, run_id).unsettled() if row.state == UNKNOWN]
    return DoubtList(
        doubts=len(rows),
        items=tuple(
            DoubtfulRecipient(recipient=row.recipient, since=row.at)
            for row in itertools.islice(rows, _MOST_DOUBTS)
        ),
    )


def release(
    run_id: str, chosen: DoubtRelease, author: Author, *, services: Services
) -> CampaignRunFacts:
    """Send recipients in doubt the message again.

    Raises
    ------
    RequestRefusal
        The tenant has no such run, one is not in doubt, or the run sends nothing any longer.
    """
    ledger = campaigns_of(services).ledger(author.tenant, run_id)
    return _decide(
        author.tenant,
        run_id,
        lambda desk: ask_run.release(
            desk, run_id, chosen.recipients, ledger=ledger, by=author.subject, at=author.now
        ),
        services,
    )


def _decide(
    tenant: str, run_id: str, decide: Callable[[RunDesk], CampaignRun], services: Services
) -> CampaignRunFacts:
    request, _ = run_of(tenant, run_id, campaigns_of(services))
    try:
        run = decide(desk_of(tenant, services))
    except InvalidInput as error:
        raise conflict(f"{error}.") from None
    return facts_of(request, run)


def _reason(what: str, decision: RunDecision, author: Author) -> str:
    return f"{what} by {author.subject}" + (f": {decision.why}" if decision.why else "")
