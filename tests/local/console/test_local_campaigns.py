"""The local console's routes for campaigns, over stored runs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from adapters.aws.objects import Objects
from adapters.campaigns.simulated_purchases import SimulatedPurchases
from adapters.campaigns.taken import TakenPeople
from local.console import campaigns
from local.console.campaigns import LocalCampaigns, local_routes
from local.services.ses.sending import MailService
from tessera.campaigns.campaign_record import CampaignRecord
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.events.reading import MessageEvent
from tessera.campaigns.sending.states import CampaignRun
from tessera.errors import InvalidInput
from tessera.settings import RunSettings
from tests.campaigns.fakes import NINE
from tests.campaigns.made import document
from tests.campaigns.results.made import PLANNED, Person, assigned

TENANT, TOKEN = "default", "tsk_0123456789ab_secret"
KEY = {"Authorization": f"Bearer {TOKEN}"}
PEOPLE = assigned(*(Person(f"{n:032x}", held_out=n % 2 == 0) for n in range(400)))


class ListedRecords:
    def __init__(self, *records, name):
        self.records, self.name = records, name

    def read(self, sk):
        return next((one for one in self.records if self.name(one) == sk), None)

    def all(self):
        return list(self.records)


def a_run(number, state):
    return CampaignRun(
        tenant=TENANT, run_id=f"win-back-r00{number}", state=state, starts_at=NINE,
        latest_start=NINE, deadline=NINE, changed_at=NINE, recipients=1,
    )  # fmt: skip


@pytest.fixture
def local(aws, tmp_path):
    bucket = f"campaigns-{uuid.uuid4().hex}"
    aws.client("s3").create_bucket(Bucket=bucket)
    objects = Objects(bucket, client=aws.client("s3"))
    for number in (1, 2):
        TakenPeople(objects, tenant=TENANT, run_id=f"win-back-r00{number}").write(PEOPLE)
    campaign = CampaignRecord(
        definition=parse_definition(document(result_days=30)), changed_by="user:1", changed_at=NINE
    )
    records = ListedRecords(campaign, name=lambda one: one.definition.id)
    runs = ListedRecords(
        a_run(1, "SETTLING"), a_run(2, "AWAITING_APPROVAL"), name=lambda one: one.run_id
    )
    measured = []
    made = LocalCampaigns(
        tenant=TENANT, mail=MailService(tmp_path, emit=lambda _: None), data=objects,
        identities=objects, settings=RunSettings, unsubscribe=lambda _: {"statusCode": 200},
        collect=lambda _: {"statusCode": 204}, measure=measured.append,
        services=lambda: SimpleNamespace(records=lambda _: records, runs=lambda _: runs),
        token=TOKEN, address="http://127.0.0.1:9",
    )  # fmt: skip
    return SimpleNamespace(
        client=TestClient(local_routes(made)), measured=measured, campaigns=made,
        purchases=SimulatedPurchases(objects, tenant=TENANT, campaign="win-back"),
    )  # fmt: skip


def simulate(local, run="win-back-r001", headers=KEY, **body):
    return local.client.post(f"/local/campaign-runs/{run}/simulate", json=body, headers=headers)


def test_a_simulated_run_is_measured_with_its_purchases(local):
    answer = simulate(local, seed=3)
    assert answer.status_code == 200
    report = answer.json()
    assert (report["seed"], report["everybody"]["people"]) == (3, 400)
    rows, as_of = local.purchases.read()
    assert report["orders"] == len(rows.day) > 0
    assert (as_of - dt.date(1970, 1, 1)).days == PLANNED + 30
    assert local.measured == ["win-back"]
    assert set(report["promised"]) == {"reactivation"}  # nobody has bought before


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer tsk_other"}])
def test_a_foreign_page_can_simulate_nothing(local, headers):
    assert simulate(local, headers=headers, seed=1).status_code == 401
    assert (local.purchases.read(), local.measured) == (None, [])


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("win-back-r002", "has not begun to send"),
        ("win-back-r009", "has not begun to send"),
        ("news-r001", "there is no campaign 'news'"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_its_reason(local, run, words):
    answer = simulate(local, run=run)
    assert (answer.status_code, local.measured) == (422, [])
    assert words in answer.json()["detail"]


def test_the_inbox_and_the_links_are_beside_it(local):
    assert local.client.get("/local/inbox").json()["count"] == 0
    assert local.client.get("/u/a.b").status_code == 200


def test_a_run_is_measured_once_every_reaction_is_stored(local, monkeypatch):
    looks = []

    class SlowEvents:
        """Of two opens the second one is stored after a while."""

        def of_partition(self, tenant, run, digit):
            if digit != "0":
                return []
            looks.append(run)
            return [
                MessageEvent(
                    kind="OPENED",
                    tenant=tenant,
                    run=run,
                    recipient=f"0{n}",
                    message_id=f"m{n}",
                    at=NINE,
                )
                for n in range(min(len(looks) - 1, 2))
            ]

    services = local.campaigns.services()
    made = dataclasses.replace(
        local.campaigns, services=lambda: SimpleNamespace(**vars(services), events=SlowEvents())
    )
    reacted = SimpleNamespace(run="win-back-r001", reactions={"open": 2, "unsubscribe": 5})
    monkeypatch.setattr(campaigns, "_LOOKS_EVERY_S", 0.0)
    monkeypatch.setattr(campaigns.CampaignSimulator, "simulate", lambda *_, **__: reacted)
    campaigns.simulated(made, "win-back-r001", seed=1)
    assert len(looks) == 3
    assert local.measured == ["win-back"]
    looks.clear()
    monkeypatch.setattr(campaigns, "_LONGEST_WAIT_S", -1.0)
    with pytest.raises(InvalidInput, match="simulate the run again"):
        campaigns.simulated(made, "win-back-r001", seed=1)
    assert local.measured == ["win-back"]
