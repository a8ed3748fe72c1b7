"""SES' local service for the battery: a contact list, and the files that it reads from S3."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from adapters.aws.objects import Objects
from adapters.destinations.aws.ses import SesTransport
from local.services.ses.server import Ses, SesServer
from tessera.destinations import content
from tessera.destinations.port import Customer, Transport
from tessera.records.loads.segment import Segment
from tests.destinations.places import NOWHERE, Clock, ProfilesPlace

LIST = "shop"
FOLDER = "tenants/default/runs/r1/destinations/ses/"


class SesPlace(ProfilesPlace):
    """A contact list into which this stage imports."""

    SPOILT: Mapping[str, str] = {"lost": "CreateImportJob", "malformed": "GetImportJob"}
    state: Ses

    def __init__(self, state: Ses, identities: Objects, monkeypatch: Any) -> None:
        self.identities = identities
        self.clock = Clock()
        self.folder = FOLDER
        self._runs = 1
        self._client = _client()
        super().__init__(state, monkeypatch)

    def _connect(self, **changes: Any) -> SesTransport:
        fields: dict[str, Any] = {
            "contact_list": LIST,
            "identities": self.identities,
            "prefix": self.folder,
            "client": self._client,
            "clock": self.clock,
            "pause": self.clock.pause,
        }
        return SesTransport(**fields | changes)

    connect = _connect

    def begin(self) -> None:
        """Begin another run."""
        self._runs += 1
        self.folder = FOLDER.replace("r1", f"r{self._runs}")
        self.transport = self._connect()

    def customers(self) -> dict[str, Mapping[str, Any]]:
        return self.state.customers()

    def size(self, segment: Segment) -> int | None:
        """Count who has the segment's attribute. Without a run there are no files to ask."""
        assert self.transport.size(segment) is None
        held = self.customers().values()
        name, value = content.attribute(segment), segment.value
        return len([one for one in held if one.get(name) == value])

    def sent(self) -> str:
        """Return what was asked and imported, without what only repeats what was there before."""
        text = [json.dumps(self._asked).replace("ContactList", "Contacts")]
        for record, before in self.state.imported:
            rest = dict(record)
            if before is not None:
                assert rest.pop("unsubscribeAll") == before.unsubscribed
                assert as_topics(rest.pop("topicPreferences")) == before.topics
            text.append(json.dumps(rest))
        return "\n".join(text)

    def fail(self, customer: Customer, *, code: str, message: str) -> None:
        (address,) = [one.address for one in customer.contacts if one.channel_type == "EMAIL"]
        self.state.faults.fail_item(address, code=int(code), message=message)

    def nowhere(self) -> Transport:
        self._patch.setenv("AWS_ENDPOINT_URL_SESV2", NOWHERE)
        return self._connect(client=_client())


def _client() -> Any:
    return boto3.client("sesv2", config=Config(retries={"total_max_attempts": 1}))


def as_topics(listed: list[dict[str, str]]) -> dict[str, str]:
    return {one["topicName"]: one["subscriptionStatus"] for one in listed}


def ses_place(request: Any, monkeypatch: Any) -> SesPlace:
    """Return a place with the few contacts of before, for as long as a test lasts."""
    _, identities = request.getfixturevalue("buckets")
    server = SesServer(Ses(LIST))
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", server.start())
    request.addfinalizer(server.stop)
    return SesPlace(server.state, identities, monkeypatch)
