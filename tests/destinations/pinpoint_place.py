"""Pinpoint's local service for the battery: its calls, and the files that it reads from S3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from adapters.aws.objects import Objects
from adapters.destinations.aws.pinpoint import PinpointTransport
from local.services.pinpoint import server as pinpoint
from local.services.pinpoint.server import Pinpoint, PinpointServer
from tessera.destinations.port import Customer, Transport
from tessera.destinations.vendors.pinpoint import imports as vendor_imports
from tessera.records.loads.segment import Segment
from tests.destinations.places import NOWHERE, Clock, ProfilesPlace

APPLICATION = "0123456789abcdef0123456789abcdef"
ROLE = "arn:aws:iam::123456789012:role/import"
FOLDER = "tenants/default/runs/r1/destinations/pinpoint/"


class PinpointPlace(ProfilesPlace):
    """One application, loaded with an endpoint for each address."""

    SPOILT: Mapping[str, str] = {"lost": "CreateImportJob", "malformed": "GetImportJob"}
    MALFORMED: Mapping[str, Any] = {"ImportJobResponse": {}}

    def __init__(self, state: Pinpoint, identities: Objects, monkeypatch: Any) -> None:
        self.identities = identities
        self.clock = Clock()
        self.files: list[str] = []
        self.application = state.applications[APPLICATION]
        super().__init__(state, monkeypatch)
        self._read = pinpoint.read_object
        monkeypatch.setattr(pinpoint, "read_object", self._remembered)

    def _connect(self, **changes: Any) -> PinpointTransport:
        once = Config(retries={"total_max_attempts": 1})
        fields: dict[str, Any] = {
            "application_id": APPLICATION,
            "role_arn": ROLE,
            "identities": self.identities,
            "prefix": FOLDER,
            "addresses": True,
            "client": boto3.client("pinpoint", config=once),
            "clock": self.clock,
            "pause": self.clock.pause,
        }
        return PinpointTransport(**fields | changes)

    def _remembered(self, url: str) -> str | None:
        text = self._read(url)
        self.files.append(text or "")
        return text

    def customers(self) -> dict[str, Mapping[str, Any]]:
        return dict(self.application.customers())

    def size(self, segment: Segment) -> int | None:
        assert self.transport.size(segment) is None
        return self.application.members(segment.name)

    def sent(self) -> str:
        return super().sent() + "".join(self.files)

    def fail(self, customer: Customer, *, code: str, message: str) -> None:
        endpoint = vendor_imports.endpoint_id(customer.customer_id, vendor_imports.CARRIER)
        self.state.faults.fail_item(endpoint, code=int(code), message=message)

    def nowhere(self) -> Transport:
        self._patch.setenv("AWS_ENDPOINT_URL_PINPOINT", NOWHERE)
        return self._connect()


def pinpoint_place(request: Any, monkeypatch: Any) -> PinpointPlace:
    """Return a place with an empty application, for as long as a test lasts."""
    _, identities = request.getfixturevalue("buckets")
    server = PinpointServer(Pinpoint([APPLICATION]))
    monkeypatch.setenv("AWS_ENDPOINT_URL_PINPOINT", server.start())
    request.addfinalizer(server.stop)
    return PinpointPlace(server.state, identities, monkeypatch)
