"""What the API's steps for campaigns work with, where campaigns are enabled."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from adapters.aws.objects import Objects
    from adapters.aws.presigned_uploads import PresignedUploads
    from adapters.campaigns.functions import CountedAudience
    from adapters.campaigns.message_history import SentMessage
    from steps.campaign.keeping.keep import MachineExecutions
    from tessera.api.documents.campaigns.messages import TemplateTestResult
    from tessera.campaigns.campaign_record import CampaignRecord, RunRequest
    from tessera.campaigns.consent.report import ConsentReport
    from tessera.campaigns.consent.row import ConsentRow
    from tessera.campaigns.definitions.variants import TemplateChoice
    from tessera.campaigns.events.reading import MessageEvent
    from tessera.campaigns.planning.manifest import RunManifest
    from tessera.campaigns.sending.brakes import PostmasterFigure
    from tessera.campaigns.sending.ports import SendingLedger
    from tessera.campaigns.sending.progress import RunProgress
    from tessera.campaigns.sending.states import CampaignRun

Kept = TypeVar("Kept")


class Records(Protocol[Kept]):
    """Keeps a tenant's records of one type (``adapters.campaigns.versioned``)."""

    def read(self, sk: str) -> Kept | None:
        """Return a record, None without one."""

    def all(self) -> list[Kept]:
        """Return all records, by their place."""

    def change(self, sk: str, change: Callable[[Kept | None], Kept]) -> Kept:
        """Change a record's newest version, and return what it is now."""


class PlannedRun(Protocol):
    """The files of one run."""

    def is_planned(self) -> bool:
        """Return whether there is a manifest."""

    def manifest(self) -> RunManifest:
        """Return what was planned."""


class AudienceFunctions(Protocol):
    """The only parts that read addresses."""

    def count_audience(self, tenant: str, definition: Mapping[str, Any]) -> CountedAudience:
        """Return what a definition's audience comes to."""

    def import_consent(self, tenant: str, import_id: str) -> ConsentReport:
        """Import an uploaded file of consents."""

    def send_test(
        self, tenant: str, template: TemplateChoice, *, to: str, fields: Mapping[str, str]
    ) -> TemplateTestResult:
        """Send a template to one address."""


class HistoryReader(Protocol):
    """Reads the messages of customers."""

    def of_customer(self, tenant: str, customer_key: str, *, limit: int) -> list[SentMessage]:
        """Return the messages that a customer was sent, the newest first."""


class EventReader(Protocol):
    """Reads what happened to messages."""

    def of_recipient(self, tenant: str, run: str, recipient: str) -> Iterable[MessageEvent]:
        """Return what happened to one message of a run."""

    def of_partition(self, tenant: str, run: str, digit: str) -> Iterable[MessageEvent]:
        """Return the events of a run whose recipient begins with a digit."""


class ConsentReader(Protocol):
    """Reads rows of consent."""

    def of_tenant(self, tenant: str) -> Iterable[ConsentRow]:
        """Return all rows of a tenant, those of one recipient together."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignServices:
    """What the API's steps for campaigns work with.

    Parameters
    ----------
    records, requests, runs, progress, postmaster
        Return a tenant's campaigns, its runs as they were asked for, their states, how far the
        state machine is with them, and Gmail's figure.
    ledger, files
        Return the rows and the files of a tenant's run.
    consent, history, events
        Read the rows of consent, the messages of customers, and what happened to them.
    identities, uploads
        The identities bucket, of which the API lists files of two folders, and what signs where
        they go.
    executions
        Of the campaigns' state machine.
    functions
        The functions that read addresses.
    """

    records: Callable[[str], Records[CampaignRecord]]
    requests: Callable[[str], Records[RunRequest]]
    runs: Callable[[str], Records[CampaignRun]]
    progress: Callable[[str], Records[RunProgress]]
    postmaster: Callable[[str], Records[PostmasterFigure]]
    ledger: Callable[[str, str], SendingLedger]
    files: Callable[[str, str], PlannedRun]
    consent: ConsentReader
    history: HistoryReader
    events: EventReader
    identities: Objects
    uploads: PresignedUploads
    executions: MachineExecutions
    functions: AudienceFunctions
