"""Campaigns of two tenants, in stores that are dictionaries."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from adapters.campaigns.functions import CountedAudience
from adapters.campaigns.message_history import SentMessage
from steps.serve.campaign_services import CampaignServices
from tessera import naming
from tessera.api.documents.campaigns.messages import TemplateTestResult
from tessera.campaigns.campaign_record import CampaignRecord, RunRequest
from tessera.campaigns.consent.report import ConsentReport, RefusedConsent
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.definitions.variants import TemplateChoice
from tessera.campaigns.events.reading import MessageEvent
from tessera.campaigns.planning.counts import AudienceCounts
from tessera.campaigns.planning.left_out import LeftOut
from tessera.campaigns.planning.manifest import RunManifest
from tessera.campaigns.sending import states
from tessera.campaigns.sending.outcomes import SENT, UNKNOWN
from tests.campaigns.fakes import FakeLedger, hexes

DAY = "2026-12-01"
HOOK = {"kind": "webhook", "to": "https://hooks.example.com/tessera"}
# It needs no template, so it can be activated as it is.
SPRING: dict[str, Any] = {
    "id": "spring",
    "name": "Spring",
    "audience": {"segments": ["At Risk"]},
    "variants": [{"name": "a"}],
    "channel": HOOK,
    "schedule": {"kind": "once", "first_day": DAY},
}
# Of 6 people 3 are written to, and 1 is held out.
COUNTS = AudienceCounts(
    customers=9, selected=6, eligible=3, held_out=1, variants={"a": 3},
    left_out=dict.fromkeys(map(str, LeftOut), 0) | {"no_consent": 1, "unsubscribed": 1},
)  # fmt: skip
HOUR = dt.timedelta(hours=1)
NOW = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
IMPORTS = {"acme": "1" * 16, "zenith": "2" * 16}
AWAITING, SENDING, PAUSED = "spring-r001", "spring-r002", "spring-r003"
DOUBT, SENT_TO, UNTRIED = (hexes(number) for number in (1, 2, 3))


class KeptRecords:
    """Records of one partition, with their places."""

    def __init__(self, items: dict[tuple[str, str], Any], pk: str) -> None:
        self._items, self._pk = items, pk

    def read(self, sk: str) -> Any:
        return self._items.get((self._pk, sk))

    def all(self) -> list[Any]:
        return [record for (pk, _), record in sorted(self._items.items()) if pk == self._pk]

    def change(self, sk: str, change: Callable[[Any], Any]) -> Any:
        self._items[self._pk, sk] = change(self.read(sk))
        return self._items[self._pk, sk]


class RunFiles:
    """The files of one run."""

    def __init__(self, manifest: RunManifest | None) -> None:
        self._manifest = manifest

    def is_planned(self) -> bool:
        return self._manifest is not None

    def manifest(self) -> RunManifest:
        assert self._manifest is not None
        return self._manifest


class Starter:
    """The campaigns' state machine, which starts nothing."""

    def __init__(self) -> None:
        self.started: dict[str, Mapping[str, Any]] = {}

    def start(self, name: str, event: Mapping[str, Any]) -> None:
        self.started.setdefault(name, event)

    def is_running(self, name: str) -> bool:
        return name in self.started

    @property
    def tasks(self) -> list[tuple[str, str]]:
        return [(event["run"], event["task"]) for event in self.started.values()]


class Functions:
    """The functions that read addresses. ``asked`` is what they were called with."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}
        self.counted: dict[str, Any] = {}

    def import_consent(self, tenant: str, import_id: str) -> ConsentReport:
        self.asked["import_consent"] = (tenant, import_id)
        return ConsentReport(
            import_id=import_id, imported_at=NOW, added=2, refused=1, states={"granted": 2},
            refusals=(RefusedConsent(line=3, column="at", expected="a day or an instant"),),
        )  # fmt: skip

    def send_test(
        self, tenant: str, template: TemplateChoice, *, to: str, fields: Mapping[str, str]
    ) -> TemplateTestResult:
        self.asked["send_test"] = (tenant, template, to, fields)
        return TemplateTestResult(message_id="m-1", problem="")

    def count_audience(self, tenant: str, definition: Mapping[str, Any]) -> CountedAudience:
        self.asked["count_audience"] = (tenant, definition)
        return CountedAudience(**{"counts": COUNTS, **self.counted})


class CampaignWorld:
    """The stores of campaigns."""

    def __init__(self, *, identities: Any, uploads: Any, now: Callable[[], dt.datetime]) -> None:
        self.items: dict[tuple[str, str], Any] = {}
        self.consents: dict[str, list[ConsentRow]] = {}
        self.sent: dict[tuple[str, str], list[SentMessage]] = {}
        self.happened: dict[tuple[str, str, str], list[MessageEvent]] = {}
        self.identities = identities
        self.manifests: dict[tuple[str, str], RunManifest] = {}
        self.rows: dict[tuple[str, str], FakeLedger] = {}
        self.machine, self.functions, self._now = Starter(), Functions(), now
        self.services = CampaignServices(
            records=self._records("CAMPAIGN"),
            requests=self._records("RUN_REQUEST"),
            runs=self._records("CAMPAIGN_RUN"),
            progress=self._records("RUN_PROGRESS"),
            postmaster=self._records("POSTMASTER"),
            ledger=self.ledger,
            files=lambda tenant, run_id: RunFiles(self.manifests.get((tenant, run_id))),
            consent=self,
            history=self,
            events=self,
            identities=identities,
            uploads=uploads,
            executions=self.machine,
            functions=self.functions,
        )

    @property
    def stores(self) -> tuple[dict[Any, Any], ...]:
        """All that requests may change."""
        return (
            self.identities.objects, self.consents, self.sent, self.happened, self.items,
            self.manifests, self.rows, self.machine.started, self.functions.asked,
            self.functions.counted,
        )  # fmt: skip

    def ledger(self, tenant: str, run_id: str) -> FakeLedger:
        """The rows of a run: of three recipients one is in doubt, and one was sent to."""
        if (tenant, run_id) not in self.rows:
            rows = self.rows[tenant, run_id] = FakeLedger(now=self._now)
            for recipient, state in ((DOUBT, UNKNOWN), (SENT_TO, SENT)):
                if run_id != AWAITING:
                    rows.claim(recipient)
                    rows.mark(recipient, state)
        return self.rows[tenant, run_id]

    def of_tenant(self, tenant: str) -> list[ConsentRow]:
        """The rows of consent of a tenant."""
        return sorted(self.consents.get(tenant, []), key=lambda row: row.recipient)

    def of_customer(self, tenant: str, customer_key: str, *, limit: int) -> list[SentMessage]:
        """The messages that a customer was sent."""
        return self.sent.get((tenant, customer_key), [])[:limit]

    def of_recipient(self, tenant: str, run: str, recipient: str) -> list[MessageEvent]:
        """What happened to a message."""
        return self.happened.get((tenant, run, recipient), [])

    def furnish(self, tenant: str, *, now: dt.datetime) -> None:
        """Give a tenant a campaign with three runs, and one that no other tenant has."""
        for campaign_id, runs in (("spring", 3), (f"{tenant}-own", 1)):
            definition = parse_definition(SPRING | {"id": campaign_id})
            record = CampaignRecord(
                definition=definition, last_run=runs, changed_by="user:1", changed_at=now
            )
            self._put(self.services.records(tenant), campaign_id, record)
            for number in range(runs):
                self._plan(tenant, f"{campaign_id}-r00{number + 1}", definition, now=now)
        for key in (
            naming.receivers_key(tenant, f"{tenant}-list"),
            naming.consent_import_key(tenant, IMPORTS[tenant]),
        ):
            self.identities.write(key, b"address\n")
        self.move(SENDING, tenant, state="SENDING")
        self.move(PAUSED, tenant, state="PAUSED", reason="paused by user:1")

    def move(self, run_id: str, tenant: str = "acme", **changes: Any) -> None:
        """Change a run."""
        self.services.runs(tenant).change(run_id, lambda run: dataclasses.replace(run, **changes))

    def _plan(
        self, tenant: str, run_id: str, definition: CampaignDefinition, *, now: dt.datetime
    ) -> None:
        number = int(run_id[-3:])
        request = RunRequest(
            run_id=run_id, definition=definition, day=now.date(), asked_by="user:1",
            asked_at=now - (4 - number) * HOUR,
        )  # fmt: skip
        self._put(self.services.requests(tenant), run_id, request)
        self._put(self.services.runs(tenant), run_id, planned(tenant, run_id, now=now))
        self.manifests[tenant, run_id] = RunManifest(
            run=run_id, definition=definition, planned_at=now, counts=COUNTS, zone_unknown=2,
            chunks=(), holdout=(), start_by=now + 24 * HOUR, finish_by=now + 72 * HOUR,
        )  # fmt: skip

    @staticmethod
    def _put(records: KeptRecords, sk: str, record: Any) -> None:
        records.change(sk, lambda _: record)

    def _records(self, kind: str) -> Callable[[str], KeptRecords]:
        return lambda tenant: KeptRecords(self.items, f"{tenant}#{kind}")


def planned(tenant: str, run_id: str, *, now: dt.datetime) -> states.CampaignRun:
    """A run that awaits approval."""
    return states.plan(
        states.new_run(tenant, run_id, at=now - HOUR), recipients=3, starts_at=now + HOUR,
        latest_start=now + 24 * HOUR, deadline=now + 72 * HOUR, at=now,
    )  # fmt: skip
