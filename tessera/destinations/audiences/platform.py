"""The requests that all platforms of advertising audiences have in common.

Each exchange first lists the existing audiences and matches them by name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from tessera.destinations import content
from tessera.destinations.audiences.erasing import answers, hashed_people, removals
from tessera.destinations.audiences.membership import (
    KINDS,
    Audience,
    MembershipChange,
    Rendering,
    by_name,
    hashes_of,
    homeless,
    steps,
)
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.port import Item, Outcome
from tessera.destinations.requests import Malformed, Request, Response, sort_out
from tessera.records.loads.segment import Segment

Words = tuple[str, str]  # code and message


@dataclasses.dataclass(frozen=True, kw_only=True)
class Platform:
    """A platform's requests, from which its exchanges are built.

    Parameters
    ----------
    capabilities
        Its rule for names.
    render
        How it hashes addresses.
    removed
        What people should know about a removal: when it has an effect.
    people_a_call
        The maximum number of people in one request.
    first, following
        Request the first page of the list of audiences, and the page after a given one. None
        after the last page.
    audiences
        Parse a page of the list.
    change
        Add people to an audience, or remove them.
    judge
        Parse the response to ``change``: the refused hashes, each with code and message.
    make, amend
        Create an audience with a name and a description, and change an audience's description.
    words
        Parse the code and message of an error response.
    """

    capabilities: Capabilities
    render: Rendering
    removed: str
    people_per_request: int
    first: Request
    following: Callable[[Response], Request | None]
    audiences: Callable[[Response], list[Audience]]
    change: Callable[[MembershipChange], Request]
    judge: Callable[[MembershipChange, Response], Mapping[str, Words]]
    make: Callable[[str, str], Request]
    amend: Callable[[Audience, str], Request]
    words: Callable[[Response], Words]

    def check_request(self, responses: Sequence[Response]) -> Request | None:
        """Request the first page of the list of audiences."""
        return None if responses else self.first

    def next_request(self, items: Sequence[Item], responses: Sequence[Response]) -> Request | None:
        """List the audiences, then remove people from each and add people to it, one by one.

        Raises
        ------
        Malformed
            A response does not report what happened to the people.
        """
        if responses and responses[-1].status >= 400:
            return None
        known = self._known(responses)
        if isinstance(known, Request):
            return known
        audiences, done = known
        due = self._steps(items, audiences)
        if done:
            self.judge(due[len(done) - 1], done[-1])
        return self.change(due[len(done)]) if len(done) < len(due) else None

    def outcome(self, items: Sequence[Item], responses: Sequence[Response]) -> Outcome:
        """Return the items' outcome. An item is refused if its hash was, or without an audience."""
        if responses[-1].status >= 400:
            return sort_out(items, {}, again=self.words(responses[-1]))
        known = self._known(responses)
        if isinstance(known, Request):
            raise Malformed("the list of audiences does not end")
        audiences, done = known
        refused: dict[str, Words] = {}
        for step, response in zip(self._steps(items, audiences), done, strict=True):
            refused.update(self.judge(step, response))
        blamed = {
            index: refused[refused_hash]
            for index, item in enumerate(items)
            for refused_hash in sorted(hashes_of(item) & set(refused))[:1]
        }
        return sort_out(items, homeless(items, audiences, capabilities=self.capabilities) | blamed)

    def prepare_request(
        self, segments: Sequence[Segment], responses: Sequence[Response]
    ) -> Request | None:
        """List the audiences, then create the missing ones."""
        known = self._known(responses)
        if isinstance(known, Request):
            return known
        audiences, made = known
        if any(response.status >= 400 for response in made):
            raise Malformed("the audience was created by someone else meanwhile")
        there = by_name(audiences)
        lacking = [one for one in segments if one.kind in KINDS and one.name not in there]
        return self._make(lacking[len(made)]) if len(made) < len(lacking) else None

    def segment_request(self, segment: Segment, responses: Sequence[Response]) -> Request | str:
        """Look the audience up by name, then create it or update its description."""
        known = self._known(responses)
        if isinstance(known, Request):
            return known
        audiences, done = known
        audience = by_name(audiences).get(segment.name)
        if any(response.status >= 400 for response in done):
            raise Malformed("the audience was created or deleted by someone else meanwhile")
        if audience is None:
            return "created" if done else self._make(segment)
        if audience.description == content.rule(segment):
            return "kept"
        return "recreated" if done else self.amend(audience, content.rule(segment))

    def erase_request(
        self, person: ErasurePerson, responses: Sequence[Response]
    ) -> Request | ErasureAnswer:
        """List the audiences, then remove a person from each."""
        step = self.erase_people_request([person], responses)
        return step if isinstance(step, Request) else step[0]

    def erase_people_request(
        self, people: Sequence[ErasurePerson], responses: Sequence[Response]
    ) -> Request | tuple[ErasureAnswer, ...]:
        """List the audiences, then remove people from each."""
        hashed = [hashed_people(person, render=self.render) for person in people]
        if not any(hashed):
            return (ErasureAnswer("absent"),) * len(people)
        known = self._known(responses)
        if isinstance(known, Request):
            return known
        audiences, done = known
        due = removals(hashed, audiences, most=self.people_per_request)
        if any(response.status >= 400 for response in done):
            raise Malformed("an audience was deleted by someone else meanwhile")
        refused: dict[str, Words] = {}
        for step, response in zip(due, done, strict=False):
            refused.update(self.judge(step, response))
        if len(done) < len(due):
            return self.change(due[len(done)])
        return answers(hashed, refused=set(refused), removed=self.removed if due else "")

    def _make(self, segment: Segment) -> Request:
        return self.make(segment.name, content.rule(segment))

    def _steps(
        self, items: Sequence[Item], audiences: Sequence[Audience]
    ) -> list[MembershipChange]:
        return steps(items, audiences, capabilities=self.capabilities, most=self.people_per_request)

    def _known(
        self, responses: Sequence[Response]
    ) -> Request | tuple[list[Audience], Sequence[Response]]:
        """Return the next request of the list, or the audiences and the responses after it."""
        audiences: list[Audience] = []
        for count, response in enumerate(responses, 1):
            audiences += self.audiences(response)
            request = self.following(response)
            if request is None:
                return audiences, responses[count:]
            if count == len(responses):
                return request
        return self.first
