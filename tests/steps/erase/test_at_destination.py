"""The function's part of an erasure: one destination, by its key, with its answer kept."""

from __future__ import annotations

import datetime as dt
import json

import boto3
import pytest
from moto import mock_aws

from adapters.erasure.cases import CaseFiles, PeopleOfCase
from adapters.erasure.versions import VersionedObjects
from lambdas.erase_at_destination.handler import handler
from local.services.webhook import WebhookServer
from steps.erase.destinations import ErasureAtDestination, erase_there
from tessera.destinations import catalog
from tessera.destinations.erasing import ErasureAnswer
from tessera.destinations.port import Contact
from tessera.environments.erasing import EraseAtDestinationEnvironment
from tessera.erasure.people import KnownPerson
from tessera.erasure.request import ErasureRequest
from tessera.errors import InvalidInput, Refused
from tessera.naming import destination_secret, endpoint_variable
from tests.destinations.places import KEY as SIGNING_KEY

NOW = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
KEY, MAIL = "0040bc54-8bb7-8c91-bbd5-0c4674de8444", "ann@example.com"
ANN = KnownPerson(customer_key=KEY, ids=("A-17",), contacts=(Contact("EMAIL", MAIL),))
ENVIRONMENT = EraseAtDestinationEnvironment(
    data_bucket="data", identities_bucket="identities", stage="dev", options="{}",
    destinations="export,webhook",
)  # fmt: skip


@pytest.fixture
def shop():
    """A shop's receiver of webhooks that knows ann and bo."""
    server = WebhookServer()
    server.start()
    server.state = type(server.state)(SIGNING_KEY)
    server.state.known |= {name: {"customer_id": name} for name in ("A-17", "bo")}
    yield server
    server.stop()


@pytest.fixture
def files(shop, aws_environment, monkeypatch):
    """A case about ann, whose ids at the webhook are those of its ledger."""
    for name, value in ENVIRONMENT.to_env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(endpoint_variable("webhook"), shop.url)
    with mock_aws():
        for name in ("data", "identities"):
            boto3.client("s3").create_bucket(Bucket=name)
        secret = {"url": "https://shop.example/hook", "signing_key": SIGNING_KEY}
        boto3.client("secretsmanager").create_secret(
            Name=destination_secret("dev", "webhook"), SecretString=json.dumps(secret)
        )
        made = CaseFiles(
            VersionedObjects("data"), VersionedObjects("identities"), tenant="default",
            case="dsr-1",
        )  # fmt: skip
        made.open(ErasureRequest(case="dsr-1", tenant="default", terms=("A-17",), requested_at=NOW))
        made.write_people(
            PeopleOfCase(
                people=(ANN,), traces={"webhook": {KEY: [["A-17", ""]]}},
                contacts={KEY: [["EMAIL", MAIL]]},
            )
        )  # fmt: skip
        yield made


class Clock:
    """A call of the function with time for some requests."""

    def __init__(self, requests):
        self.requests = requests

    def get_remaining_time_in_millis(self):
        self.requests -= 1
        return 600_000 if self.requests >= 0 else 100_000


def erase(destination="webhook", *, requests=1000):
    event = {"tenant": "default", "case": "dsr-1", "destination": destination}
    return handler(event, Clock(requests))


def test_it_erases_by_the_stages_key_and_keeps_the_answer(files, shop):
    assert erase() == {"status": "DONE", "destination": "webhook", "people": 1, "failed": 0}
    assert set(shop.state.known) == {"bo"}
    assert files.answers()["webhook"]["answers"] == {"deleted": 1}


def test_a_repeated_request_is_harmless(files, shop):
    erase()
    assert erase()["status"] == "DONE"
    assert files.answers()["webhook"]["answers"] == {"absent": 1}


@pytest.fixture
def crowd(files, shop):
    """A case about five people."""
    people = tuple(KnownPerson(customer_key=f"key-{n}", ids=(f"C-{n}",)) for n in range(5))
    files.write_people(
        PeopleOfCase(people=people, contacts={one.customer_key: [] for one in people})
    )
    shop.state.known |= {f"C-{n}": {"customer_id": f"C-{n}"} for n in range(5)}
    return files


def test_who_there_is_no_time_for_is_asked_for_by_the_next_call(crowd, shop):
    first = erase(requests=2)
    assert first == {"status": "MORE", "destination": "webhook", "people": 5, "failed": 3}
    answer = crowd.answers()["webhook"]
    assert (answer["left"], answer["answers"]) == (3, {"deleted": 2, "failed": 3})
    assert "no time for 3 of them yet" in answer["failed"]
    assert erase(requests=2)["status"] == "MORE"
    assert erase(requests=2) == {
        "status": "DONE", "destination": "webhook", "people": 5, "failed": 0,
    }  # fmt: skip
    assert crowd.answers()["webhook"]["answers"] == {"deleted": 5}
    assert {*shop.state.known} == {"A-17", "bo"}


def test_a_call_without_time_for_anybody_is_no_circle(crowd):
    assert erase(requests=0)["status"] == "FAILED"


def test_only_who_failed_is_asked_for_again(crowd):
    """The second of five is refused: nobody else is asked for twice."""
    refused, asked = {1}, []

    class Transport:
        def erase(self, person):
            asked.append(person.customer_id)
            if int(person.customer_id[-1]) in refused:
                raise Refused("not this one")
            return ErasureAnswer("deleted")

    def there():
        vendor = catalog.CATALOG["webhook"]
        return erase_there(crowd, name="webhook", vendor=vendor, transport=Transport())

    first = there()
    assert (first.answers, first.left) == ({"deleted": 4, "failed": 1}, 0)
    assert "not this one" in first.failed
    refused.clear()
    second = there()
    assert (second.answers, second.failed) == ({"deleted": 5}, "")
    assert asked == ["C-0", "C-1", "C-2", "C-3", "C-4", "C-1"]


def test_a_destination_without_its_key_is_failed_and_tried_again(files):
    boto3.client("secretsmanager").delete_secret(
        SecretId=destination_secret("dev", "webhook"), ForceDeleteWithoutRecovery=True
    )
    assert erase()["status"] == "FAILED"
    assert "webhook" in files.answers()["webhook"]["failed"]


def test_what_the_stage_no_longer_has_is_left_to_people(files):
    assert erase("klaviyo")["status"] == "DONE"
    answer = files.answers()["klaviyo"]
    assert (answer["answers"], answer["failed"]) == ({"by hand": 1}, "")
    assert "no longer has it" in answer["by_hand"]
    assert "Klaviyo" in answer["by_hand"]


def test_what_cannot_delete_says_what_to_do_by_hand(files):
    assert erase("export")["status"] == "DONE"
    assert files.answers()["export"]["answers"] == {"by hand": 1}


@pytest.mark.parametrize("ending", ["refused", "done"])
def test_a_case_that_has_ended_asks_nobody(files, shop, ending):
    if ending == "refused":
        files.refuse("nobody has this id")
    else:
        files.forget_people()
        files.write_state({**files.state(), "steps": ["done"]})
    assert erase()["status"] == "ENDED"
    assert set(shop.state.known) == {"A-17", "bo"}


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"tenant": "default", "case": "dsr-1"}, "lacks 'destination'"),
        ({"tenant": "default", "case": "DSR 1", "destination": "webhook"}, "case number"),
        ({"tenant": "Default!", "case": "dsr-1", "destination": "webhook"}, "tenant"),
        ({"tenant": "default", "case": "dsr-1", "destination": "fax"}, "fax"),
    ],
)
def test_a_wrong_event_says_what_is_wrong(event, reason):
    with pytest.raises(InvalidInput, match=reason):
        ErasureAtDestination.parse(event)


def test_nobody_is_in_the_log(files, capsys):
    erase()
    assert not [text for text in ("A-17", MAIL, KEY) if text in capsys.readouterr().out]
