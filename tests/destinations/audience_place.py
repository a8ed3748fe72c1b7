"""Platforms of advertising audiences for the battery: they know people by hashes, not by ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from local.services.audiences import AudienceService
from local.services.frame.http_service import HttpServer
from tessera.destinations import catalog
from tessera.destinations.audiences.membership import EMAIL, LABEL, hashes_of, name_of
from tessera.destinations.port import Customer, Item, Outcome, Transport
from tests.destinations.places import HttpPlace

# What an upload has to say at Google, of the people in it alone: that, and nothing beside it.
GRANTED = '"consent":{"adPersonalization":"CONSENT_GRANTED","adUserData":"CONSENT_GRANTED"}'
# Words with a separate meaning there, which have nothing to do with mailing lists.
LISTS = ("userLists", "ingestedUserListInfo")


class Remembering:
    """The way there, that remembers whose hashes it carried."""

    def __init__(self, way: Transport, place: AudiencePlace) -> None:
        self._way = way
        self._place = place

    def send(self, items: Sequence[Item]) -> Outcome:
        self._place.remember(items)
        return self._way.send(items)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._way, name)


class AudiencePlace(HttpPlace):
    """An account with an audience for each label that comes up, as a run's check leaves it."""

    state: AudienceService

    def __init__(self, name: str, server: HttpServer) -> None:
        self._ids: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        super().__init__(name, server)
        self.transport.check([])  # the key is exchanged, where it is

    def connect(self, url: str, **changes: Any) -> Any:
        return Remembering(super().connect(url, **changes), self)

    def remember(self, items: Sequence[Item]) -> None:
        """Make what a run's check would have made, and note whose hashes these are."""
        for item in items:
            self._ids |= dict.fromkeys(hashes_of(item), item.customer_id)
            label = item.content.get(LABEL, "")
            name = name_of(label, capabilities=catalog.CATALOG[self.name].CAPABILITIES)
            self._labels.setdefault(name, label)
            if name and name not in self.state.sizes():
                self.state.make(name, f'rfm_segment equals "{label}"')

    def customers(self) -> dict[str, Mapping[str, Any]]:
        audiences: dict[str, Mapping[str, Any]] = {}
        for audience in self.state.audiences.values():
            for person in audience.people:
                (customer_id,) = {self._ids[one] for one in person}
                assert customer_id not in audiences, "somebody is in two audiences"
                audiences[customer_id] = {"rfm_segment": self._labels[audience.name]}
        return audiences

    def sent(self) -> str:
        texts = []
        for one in self.state.requests:
            text = one.text.decode()
            if GRANTED in text:
                assert one.path == "/v1/audienceMembers:ingest"
            texts.append(f"{one.method} {one.path} {text.replace(GRANTED, '')}")
        message = "\n".join(texts)
        for word in LISTS if self.name == "google_ads" else ():
            message = message.replace(word, "")
        return message

    def fail(self, customer: Customer, *, code: str, message: str) -> None:
        known = catalog.LOADED[self.name].render(customer)
        self.state.faults.fail_item(known[EMAIL], code=code, message=message)
