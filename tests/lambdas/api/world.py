"""Two tenants with a finished run each, in stores that are dictionaries, behind the real app."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.parquet as pq

from adapters.aws.objects import ListedObject
from adapters.aws.presigned_uploads import PresignedPart, PresignedParts
from adapters.stores.api_keys import ApiKeys
from adapters.stores.idempotency import Idempotency
from adapters.stores.profile_reader import ProfileReader
from adapters.stores.write_keys import WriteKeys
from adapters.tables.parquet import arrow_schema
from lambdas.api.app import create_app
from lambdas.api.credentials import principal_by
from steps.erase.start import ErasureDesk
from steps.serve.access import Authority
from steps.serve.gate import TenantGate
from steps.serve.operating import OperatorServices
from steps.serve.services import Services
from tessera import naming
from tessera.api.documents.access import User
from tessera.api.documents.templates import BrandDocument, TemplateDraft
from tessera.api.documents.tenants import SignedRemoval
from tessera.api.keys import NewApiKey
from tessera.api.roles import NO_TENANT, OPERATOR, TENANT_ROLES, Role
from tessera.api.write_keys import NewWriteKey
from tessera.campaigns.templates.brand import read_brand
from tessera.contracts.table import Table
from tessera.contracts.tables import (
    CUSTOMER_PRODUCTS,
    CUSTOMERS,
    PROFILES,
    SUBSCRIPTIONS,
    TRANSITIONS,
)
from tessera.environments.tenancy import Tenancy
from tessera.erasure.receipt import Signature
from tessera.errors import InvalidInput
from tessera.records.codec import encode
from tessera.records.removal import RemovalReceipt, RemovedPart
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.latest import Latest
from tessera.records.runs.run_item import RunItem
from tessera.records.runs.ticket import Ticket
from tessera.records.tenant import Tenant
from tessera.settings import RunSettings
from tests.api_function import ApiFunction
from tests.lambdas.api.campaign_world import AWAITING, NOW, CampaignWorld
from tests.lambdas.api.measured import ENGAGEMENT, FIGURES, RESULTS, TARGETS
from tests.lambdas.api.run_of_two import KEYS, TEMPLATE, insights, profile, score, summary

TENANTS = ("acme", "zenith")
RUNS = {"acme": "a" * 16, "zenith": "b" * 16}
WAITING = {"acme": "c" * 16, "zenith": "d" * 16}
MANY = Tenancy(requests_per_minute=60_000)  # the clock stands still in most tests
REMOVED = "gone-20261101T000000Z"  # the case of a tenant that was removed
ISSUER, CLIENT = "https://issuer.example", "client-of-the-console"


class Bucket:
    """Objects in a dictionary."""

    def __init__(self) -> None:
        self.bucket = "data"
        self.objects: dict[str, bytes] = {}

    def read(self, key: str) -> bytes:
        if key not in self.objects:
            raise InvalidInput(f"{key} does not exist")
        return self.objects[key]

    def read_range(self, key: str, start: int, size: int, *, version_id: object = None) -> bytes:
        return self.read(key)[start : start + size]

    def read_json(self, key: str) -> Any:
        return json.loads(self.read(key))

    def exists(self, key: str) -> bool:
        return key in self.objects

    def write(self, key: str, data: bytes, *, content_type: str = "") -> None:
        self.objects[key] = data

    def write_json(self, key: str, value: object) -> None:
        self.objects[key] = json.dumps(value).encode()

    def create_json(self, key: str, value: object) -> bool:
        if key in self.objects:
            return False
        self.write_json(key, value)
        return True

    def tagged_json(self, key: str) -> tuple[Any, str]:
        return self.read_json(key), self.read(key).hex()

    def replace_json(self, key: str, value: object, *, etag: str) -> bool:
        if self.read(key).hex() != etag:
            return False
        self.write_json(key, value)
        return True

    def folders(self, prefix: str) -> list[str]:
        below = (key.removeprefix(prefix) for key in self.objects if key.startswith(prefix))
        return sorted({name.split("/")[0] for name in below if "/" in name})

    def keys(self, prefix: str) -> Iterator[str]:
        yield from self.sizes(prefix)

    def sizes(self, prefix: str) -> dict[str, int]:
        return {entry.key: entry.bytes for entry in self.entries(prefix)}

    def entries(self, prefix: str) -> list[ListedObject]:
        return [
            ListedObject(key=key, bytes=len(data), modified_at=NOW)
            for key, data in sorted(self.objects.items())
            if key.startswith(prefix)
        ]


class Documents:
    """The API's table, in a dictionary."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}

    def get(self, pk: str, sk: str) -> Any:
        text = self.items.get((pk, sk))
        return None if text is None else json.loads(text)

    def all(self, pk: str) -> list[Any]:
        return [json.loads(text) for (one, _), text in sorted(self.items.items()) if one == pk]

    def put(self, pk: str, sk: str, document: object, *, until: dt.datetime) -> None:
        self.items[pk, sk] = json.dumps(document)

    def add(self, pk: str, sk: str, document: object, *, until: dt.datetime) -> bool:
        if (pk, sk) in self.items:
            return False
        self.put(pk, sk, document, until=until)
        return True

    def delete(self, pk: str, sk: str) -> None:
        self.items.pop((pk, sk), None)


class RunItems:
    """The runs table, in a dictionary. A run that waits has its id for a token."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], RunItem] = {}

    def of_tenant(self, tenant: str) -> list[RunItem]:
        return [item for (one, _), item in self.items.items() if one == tenant]

    def get(self, tenant: str, run_id: str) -> RunItem | None:
        return self.items.get((tenant, run_id))

    def token(self, tenant: str, run_id: str) -> str:
        item = self.items[tenant, run_id]
        return run_id if item.waits_until and not item.decision else ""

    def decide(self, tenant: str, run_id: str, *, execution_arn: str, **decision: str) -> None:
        item = self.items[tenant, run_id]
        made = {
            "decision": decision["decision"],
            "decided_by": decision["by"],
            "decided_at": decision["decided_at"],
        }
        self.items[tenant, run_id] = RunItem(**{**vars(item), **made})


class Tasks:
    """The states that wait, and what they were answered."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {}

    def succeed(self, token: str, output: Mapping[str, Any]) -> bool:
        return self.answers.setdefault(token, output) is output

    def fail(self, token: str, *, error: str, cause: str) -> bool:
        return self.answers.setdefault(token, cause) is cause


class Machine:
    """The state machine, which starts nothing."""

    def __init__(self) -> None:
        self.started: dict[str, Mapping[str, Any]] = {}

    def start(self, name: str, event: Mapping[str, Any]) -> None:
        self.started.setdefault(name, event)

    def is_running(self, name: str) -> bool:
        return name in self.started

    def states(self, execution_arn: str) -> list[tuple[str, dt.datetime, dt.datetime | None]]:
        return [("CheckUpload", NOW, NOW), ("Prepare", NOW, None)]


class Signer:
    """Signs nothing."""

    def lifetime(self, seconds: int) -> int:
        return seconds

    def put(self, key: str, *, size: int, seconds: int) -> str:
        return f"https://bucket.example/{key}?size={size}"

    def parts(self, key: str, *, size: int, seconds: int) -> PresignedParts:
        part = PresignedPart(
            number=1, offset=0, bytes=size, url=self.put(key, size=size, seconds=1)
        )
        return PresignedParts(parts=(part,), complete_url=f"https://bucket.example/{key}?done")


class People:
    """The users, and the finder of customers, which has an index of all but some tenants."""

    def __init__(self) -> None:
        self.not_indexed: set[str] = set()

    def of_tenant(self, tenant: str) -> tuple[User, ...]:
        return (User(subject=f"user:{tenant}", email=f"owner@{tenant}.example", role="admin"),)

    def find(self, tenant: str, term: str, *, by: str) -> tuple[str, ...] | None:
        if tenant in self.not_indexed:
            return None
        return (KEYS[0],) if term == f"{tenant}-1" else ()


class Registry:
    """The tenants' records, and how many requests each has sent in a minute."""

    def __init__(self) -> None:
        self.records: dict[str, Tenant] = {}
        self.sent: Counter[tuple[str, dt.datetime]] = Counter()

    def listed(self) -> list[Tenant]:
        return sorted(self.records.values(), key=lambda one: one.tenant)

    def get(self, name: str) -> Tenant | None:
        return self.records.get(name)

    def save(self, tenant: Tenant, *, before: Tenant | None) -> bool:
        if self.records.get(tenant.tenant) != before:
            return False
        self.records[tenant.tenant] = tenant
        return True

    def take(self, tenant: str, number: int, *, most: int, now: dt.datetime) -> bool:
        minute = (tenant, now.replace(second=0, microsecond=0))
        if self.sent[minute] + number > most:
            return False
        self.sent[minute] += number
        return True


class Removing:
    """Removals, which begin and never end. One has ended before."""

    def __init__(self) -> None:
        self.started: dict[str, tuple[str, str]] = {}
        self.receipts: dict[str, SignedRemoval] = {REMOVED: SignedRemoval(
            receipt=RemovalReceipt(
                case=REMOVED, tenant="gone", tessera="1", asked_at=NOW, asked_by="user:9",
                reason="contract ended", finished_at=NOW,
                parts=(RemovedPart(what="versions of objects", had=3),), by_hand=(), ages_out=(),
            ),
            signature=Signature(algorithm="Ed25519", key="k", public_key="", value=""),
        )}  # fmt: skip

    def start(self, tenant: str, case: str, *, attempt: str) -> None:
        self.started[attempt] = (tenant, case)

    def document(self, case: str) -> Any:
        return encode(self.receipts[case]) if case in self.receipts else None

    def listed(self) -> list[RemovalReceipt]:
        return [signed.receipt for signed in self.receipts.values()]


def signed_receipt(tenant: str, case: str) -> dict[str, Any]:
    """Return a receipt as an erasure leaves it. A field of a later version is signed too."""
    signature = {"algorithm": "ECDSA_SHA_256", "key": "k", "public_key": "p", "value": "v"}
    return {
        "receipt": {"case": case, "tenant": tenant, "status": "complete", "later": [1]},
        "signature": signature,
    }


class World:
    """The app with its stores, and a key for each tenant and role."""

    def __init__(self) -> None:
        self.now = NOW
        self.data, self.documents, self.runs = Bucket(), Documents(), RunItems()
        self.tasks, self.machine, self.lines = Tasks(), Machine(), []
        self.claims: dict[str, Mapping[str, Any]] = {}
        self.pages, self.registry, self.removing = Documents(), Registry(), Removing()
        keys, people, write_keys = ApiKeys(self.documents), People(), WriteKeys(self.pages)
        self.people, self._chains = people, 0
        self.erased, self.erasing = Bucket(), Machine()
        self.campaigns = CampaignWorld(identities=Bucket(), uploads=Signer(), now=lambda: self.now)
        self.services = Services(
            data=self.data,
            profiles=ProfileReader(self.data),
            runs=self.runs,
            tasks=self.tasks,
            executions=self.machine,
            uploads=Signer(),
            keys=keys,
            requests=Idempotency(self.documents),
            users=people,
            finder=people,
            gate=TenantGate(self.registry.records.get, self.registry, tenancy=MANY),
            run_defaults=lambda: RunSettings().to_dict(),
            destinations=("export", "customer_profiles"),
            clock=lambda: self.now,
            erasures=ErasureDesk(data=self.data, identities=self.erased, executions=self.erasing),
            campaigns=lambda: self.campaigns.services,
            write_keys=write_keys,
            operating=OperatorServices(
                tenants=self.registry,
                removals=self.removing,
                requests=Idempotency(self.documents),
                destinations=("export", "customer_profiles"),
                tenancy=MANY,
            ),
        )
        authority = Authority(
            keys,
            claims=self.claims.get,
            issuer=ISSUER,
            client_id=CLIENT,
            clock=lambda: self.now,
        )
        self.app = create_app(
            self.services, principal=principal_by(authority), log=self.lines.append
        )
        once = create_app(
            self.services, principal=principal_by(authority), log=self.lines.append,
            one_at_a_time=True,
        )  # fmt: skip
        self._function = ApiFunction(once)
        self.keys: dict[tuple[str, Role], str] = {}
        self._give_key(keys, NO_TENANT, OPERATOR)
        for tenant in TENANTS:
            self._furnish(tenant)
            for role in TENANT_ROLES:
                self._give_key(keys, tenant, role)
            page = NewWriteKey.of(tenant, label="page", by="tests", now=NOW, days=365).key
            write_keys.add(dataclasses.replace(page, key_id=self.key_id(tenant, "viewer")))
        self._kept = {id(store): dict(store) for store in self._stores}

    @property
    def _stores(self) -> tuple[dict[Any, Any], ...]:
        return (
            self.data.objects, self.documents.items, self.pages.items, self.runs.items,
            self.registry.records, self.tasks.answers, self.machine.started, self.claims,
            self.registry.sent, self.removing.started, self.removing.receipts,
            self.erased.objects, self.erasing.started,
            *self.campaigns.stores,
        )  # fmt: skip

    def _give_key(self, keys: ApiKeys, tenant: str, role: Role) -> None:
        made = NewApiKey.of(tenant, role=role, label=role, by="tests", now=NOW, days=365)
        keys.add(made.key)
        self.keys[tenant, role] = made.text

    def token_of(self, tenant: str, role: Role) -> str:
        """The text of the key that a tenant's principal, or an operator, asks with."""
        return self.keys[NO_TENANT if role == OPERATOR else tenant, role]

    def restore(self) -> None:
        """Forget what requests did: making a world takes longer than most tests."""
        for store in self._stores:
            store.clear()
            store.update(self._kept[id(store)])
        self.now = NOW
        self.lines.clear()
        self.people.not_indexed.clear()

    def key_id(self, tenant: str, role: Role) -> str:
        """The id of a key, as its text has it."""
        return self.keys[tenant, role].split("_")[1]

    def _furnish(self, tenant: str) -> None:
        self.registry.records[tenant] = Tenant(tenant=tenant)
        run_id = RUNS[tenant]
        made_run = insights(tenant, run_id)
        folder, as_of = naming.run_prefix(tenant, run_id), made_run.as_of
        self.data.write_json(naming.latest_key(tenant), encode(Latest(run_id=run_id, as_of=as_of)))
        self.data.write_json(folder + naming.INSIGHTS, encode(made_run))
        self.data.write_json(folder + naming.SCORE_RECORD, encode(score(made_run)))
        ticket = Ticket.issue(
            tenant=tenant, trigger="schedule", settings=RunSettings(), started_at=NOW
        )
        self.data.write_json(folder + naming.TICKET, encode(ticket))
        partition = naming.profiles_partition(as_of.isoformat(), run_id)
        rows = [profile(key, tenant) for key in KEYS]
        self._table(made_run.profiles, PROFILES, rows)
        self._table(folder + naming.CUSTOMERS, CUSTOMERS, [summary(key) for key in KEYS])
        self._table(folder + naming.SUBSCRIPTIONS, SUBSCRIPTIONS, [])
        bought = [
            {"customer_key": KEYS[0], "product": product, "name": None, "lines": 2,
             "first_days_ago": 90, "last_days_ago": days}
            for product, days in (("M1", 30), ("T1", 3))
        ]  # fmt: skip
        mug = {"product": "M9", "name": "Mug", "category": "Kitchen"}
        bought.append({**bought[0], "customer_key": KEYS[2], **mug})
        self._table(folder + naming.CUSTOMER_PRODUCTS, CUSTOMER_PRODUCTS, bought)
        self._table(naming.transitions_prefix(tenant) + partition, TRANSITIONS, [])
        self.data.write(f"{naming.UPLOADS}{tenant}/orders.csv", b"x")
        self.campaigns.furnish(tenant, now=NOW)
        saved = {"version": 1, "saved_by": "user:1", "saved_at": NOW}
        for template_id in ("welcome", f"{tenant}-own"):
            draft = TemplateDraft(**saved, name="Welcome", template=TEMPLATE)
            where = naming.templates_prefix(tenant, template_id) + naming.TEMPLATE_DRAFTS
            self.data.write_json(f"{where}000001.json", encode(draft))
        published = {"number": 1, "published_by": "user:1", "published_at": NOW.isoformat()}
        own = naming.published_template_key(tenant, f"{tenant}-own", 1)
        self.data.write_json(own, published)
        self.data.write_json(naming.campaign_results_key(tenant, "spring"), encode(RESULTS))
        self.data.write_json(naming.campaign_targets_key(tenant, "spring"), encode(TARGETS))
        engagement = naming.campaign_engagement_key(tenant, "spring")
        self.data.write_json(engagement, encode(ENGAGEMENT))
        self.data.write_json(naming.run_figures_key(tenant, AWAITING), encode(FIGURES))
        fields = {"name": f"Shop of {tenant}", "address": f"1 Street of {tenant}"}
        kit = BrandDocument(**saved, brand=dict(read_brand(fields).fields))
        self.data.write_json(f"{naming.brand_prefix(tenant)}000001.json", encode(kit))
        for case in ("dsr-1", f"{tenant}-own"):
            folder = f"{naming.erasures_prefix(tenant)}{case}/"
            state = {"requested_at": NOW.isoformat(), "requested_by": "user:1", "customers": 2}
            self.data.write_json(f"{folder}state.json", {**state, "steps": ["done"]})
            self.data.write_json(f"{folder}receipt.json", signed_receipt(tenant, case))
        for one, status, more in (
            (run_id, "SUCCEEDED", {"finished_at": NOW.isoformat()}),
            (WAITING[tenant], "RUNNING", {"waits_for": "many moved", "waits_until": "later"}),
        ):
            self.runs.items[tenant, one] = RunItem(
                tenant=tenant, run_id=one, status=status, started_at=NOW.isoformat(),
                execution_arn=f"arn:{one}", **more,
            )  # fmt: skip

    def chain(self, tenant: str, moves: list[dict[str, tuple[str | None, str | None]]]) -> str:
        """Add runs, each compared with the one before it. Return the id of the last.

        Parameters
        ----------
        moves
            Of each run, the labels before and after by customer.
        """
        self._chains += 1
        previous: RunOfDay | None = None
        for number, moved in enumerate(moves):
            run_id = f"{self._chains:08x}{number:08x}"  # a finished run never changes: it is kept
            made = dataclasses.replace(insights(tenant, run_id), previous=previous)
            folder = naming.run_prefix(tenant, run_id)
            self.data.write_json(folder + naming.INSIGHTS, encode(made))
            partition = naming.profiles_partition(made.as_of.isoformat(), run_id)
            rows = [
                {"customer_key": key, "from_segment": before, "to_segment": after,
                 "cause": "own_behaviour", "path": "[]", "as_of": made.as_of}
                for key, (before, after) in moved.items()
            ]  # fmt: skip
            self._table(naming.transitions_prefix(tenant) + partition, TRANSITIONS, rows)
            previous = RunOfDay(run_id=run_id, as_of=made.as_of)
        self._table(made.profiles, PROFILES, [profile(key, tenant) for key in KEYS])
        return run_id

    def _table(self, prefix: str, contract: Table, rows: list[dict[str, Any]]) -> None:
        file = io.BytesIO()
        table = pa.Table.from_pylist(rows, schema=arrow_schema(contract))
        pq.write_table(table, file, row_group_size=1)
        self.data.write(f"{prefix}part-0.parquet", file.getvalue())

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        query: Mapping[str, Any] | str = "",
        body: object = None,
        headers: Mapping[str, str] | None = None,
        function: ApiFunction | None = None,
    ) -> Reply:
        """Send one request as API Gateway would."""
        text = query if isinstance(query, str) else urlencode(query, doseq=True)
        sent = {"host": "api.example", **(headers or {})}
        if token:
            sent["authorization"] = f"Bearer {token}"
        http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}
        event = {
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": text,
            "headers": sent, "isBase64Encoded": False,
            "requestContext": {"http": {**http, "userAgent": "tests"}, "stage": "$default"},
        }  # fmt: skip
        if body is not None:
            event["body"] = body if isinstance(body, str) else json.dumps(body)
        return Reply((function or self._function)(event))


class Reply:
    """An answer."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.status: int = raw["statusCode"]
        self.headers: Mapping[str, str] = raw["headers"]
        self.text: str = raw.get("body", "")

    @property
    def json(self) -> Any:
        return json.loads(self.text)
