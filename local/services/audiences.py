"""What the stand-ins for platforms of advertising audiences share: who is in which audience."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any

from local.services.frame.http_service import HttpService, Rejected

_HASH = re.compile(r"[0-9a-f]{64}")
_LISTED = 100


@dataclasses.dataclass
class HeldAudience:
    """One audience: its name, description and members, each known by some hashes."""

    id: str
    name: str
    description: str
    _known: dict[str, frozenset[str]] = dataclasses.field(default_factory=dict)

    @property
    def people(self) -> set[frozenset[str]]:
        """Everybody who is in it."""
        return set(self._known.values())

    def add(self, person: frozenset[str]) -> None:
        """Let somebody in, once, whichever of the hashes was known before."""
        whole = person.union(*(self._known.get(one, ()) for one in person))
        self._known |= dict.fromkeys(whole, whole)

    def remove(self, person: frozenset[str]) -> None:
        """Remove the person known by one of these hashes."""
        for one in person.union(*(self._known.get(one, ()) for one in person)):
            self._known.pop(one, None)


class AudienceService(HttpService):
    """An account with audiences.

    Attributes
    ----------
    audiences
        By id.
    page
        How many a page of their list has at most.
    """

    REMEMBERS = ("audiences",)
    PARTS = (HeldAudience,)

    def __init__(self) -> None:
        super().__init__()
        self.audiences: dict[str, HeldAudience] = {}
        self.page = _LISTED

    def make(self, name: str, description: str = "") -> HeldAudience:
        """Make an audience. Several may have one name."""
        number = str(1_000 + len(self.audiences))
        self.audiences[number] = HeldAudience(number, name, description)
        return self.audiences[number]

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return each person's audiences, by one of their hashes."""
        by_person: dict[str, dict[str, Any]] = {}
        for audience in self.audiences.values():
            for person in audience.people:
                held = by_person.setdefault(min(person), {"rfm_segment": ""})
                held["rfm_segment"] = f"{held['rfm_segment']} {audience.name}".strip()
        return dict(by_person)

    def sizes(self) -> dict[str, int]:
        """Return how many are in each audience."""
        return {one.name: len(one.people) for one in self.audiences.values()}

    def members(self, name: str) -> int:
        """Return how many are in the audiences of a name."""
        return sum(len(one.people) for one in self.audiences.values() if one.name == name)

    def audience_of(self, number: str) -> HeldAudience:
        """Return an audience, or refuse the request."""
        if number not in self.audiences:
            raise Rejected(404, "there is no such audience")
        return self.audiences[number]

    def change(
        self, audience: HeldAudience, people: Iterable[frozenset[str]], *, add: bool
    ) -> None:
        """Bring people in or take them out: all, or nobody when a test wants one refused."""
        listed = list(people)
        for one in (one for person in listed for one in sorted(person)):
            if one in self.faults.items:
                code, words = self.faults.items[one]
                raise Rejected(400, words, pointer=code)
        for person in listed:
            (audience.add if add else audience.remove)(person)


def is_hash(text: Any) -> bool:
    """Return whether a value is SHA-256 in hex digits, and so no address."""
    return isinstance(text, str) and bool(_HASH.fullmatch(text))
