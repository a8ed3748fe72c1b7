"""The transport to every HTTP destination: carries out the exchanges that its module defines."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TypeVar

from adapters.http.client import HttpClient
from tessera.destinations.erasing import (
    BatchErasingVendor,
    ErasingVendor,
    ErasureAnswer,
    ErasurePerson,
    by_hand,
)
from tessera.destinations.http_vendor import HttpVendor, Preparing, Retiring
from tessera.destinations.port import BY_HAND, DELETED, Item, Outcome
from tessera.destinations.requests import Malformed, Request, Response, sort_out
from tessera.errors import Refused, Retryable
from tessera.records.loads.segment import Segment

_WRONG = (400, 409, 413, 422)  # the payload is wrong, not the key or the route
_THERE = (404, 409)  # statuses about a segment that are no errors
_HOPELESS = 5  # customers refused one by one and none taken: it isn't the customers
_STILL_SECONDS = 60
_LATE = ("late", "there was no time for it")
_UNREADABLE = (Malformed, AttributeError, LookupError, TypeError, ValueError)

T = TypeVar("T")
Next = Callable[[Sequence[Response]], "Request | T"]


class HttpTransport:
    """One tenant's account at a vendor, for one run: a batch that comes again is the same one.

    Parameters
    ----------
    vendor
        Its pure module.
    client
        Sends its requests.
    """

    def __init__(self, vendor: HttpVendor, *, client: HttpClient) -> None:
        self._vendor = vendor
        self._client = client
        self._taken = False
        self._alone = 0
        self._under_way: dict[str, list[Response]] = {}

    def check(self, segments: Sequence[Segment]) -> None:
        """Make sure that the key works, and of what the vendor has to know beforehand."""
        self._ask(self._vendor.check_request, allowed=())
        if isinstance(self._vendor, Preparing):
            self._ask(functools.partial(self._vendor.prepare_request, segments))

    def ensure(self, segment: Segment) -> str:
        """Create or update the segment. Return created, kept or recreated."""
        return self._ask(functools.partial(self._vendor.segment_request, segment))

    def retire(self, segment: Segment) -> str:
        """Delete a segment that is no longer requested. Return deleted, or by hand."""
        if not isinstance(self._vendor, Retiring):
            return BY_HAND
        self._ask(functools.partial(self._vendor.retire_request, segment))
        return DELETED

    def erase(self, person: ErasurePerson) -> ErasureAnswer:
        """Erase a person. The vendor's words about a person stay out of our errors."""
        if not isinstance(self._vendor, ErasingVendor):
            return by_hand(self._client.title)
        following = functools.partial(self._vendor.erase_request, person)
        return self._ask(following, personal=True)

    @property
    def people_per_erasure(self) -> int:
        """Return how many people the vendor erases at once."""
        vendor = self._vendor
        return vendor.PEOPLE_PER_ERASURE if isinstance(vendor, BatchErasingVendor) else 1

    def erase_batch(self, people: Sequence[ErasurePerson]) -> Sequence[ErasureAnswer]:
        """Erase several people, by one exchange if the vendor can."""
        if not isinstance(self._vendor, BatchErasingVendor):
            return [self.erase(person) for person in people]
        following = functools.partial(self._vendor.erase_people_request, people)
        return self._ask(following, personal=True)

    def size(self, segment: Segment) -> int | None:
        """Return how many members the vendor counts, None when it does not say."""
        return self._ask(functools.partial(self._vendor.size_request, segment))

    def send(self, items: Sequence[Item]) -> Outcome:
        """Upsert a batch.

        Customers that the vendor blames for a rejection leave the batch, and the rest is sent
        again. If it blames nobody, the batch is bisected down to one customer. What there
        was no time for is to be sent again.
        """
        until = self._client.clock() + self._vendor.CAPABILITIES.exchange_seconds
        done, waiting, begun = Outcome(), [list(items)], False
        while waiting:
            batch = waiting.pop()
            if begun and self._client.clock() >= until:
                done += sort_out(batch, {}, again=_LATE)
                continue
            try:
                status, outcome = self._exchange(batch, until)
            except Retryable:
                if done == Outcome():
                    raise
                status, outcome = 0, sort_out(batch, {}, again=_LATE)
            begun = True
            if status and not outcome.refused and len(batch) > 1:
                middle = len(batch) // 2
                waiting += [batch[middle:], batch[:middle]]
                continue
            done += self._judged(outcome, status, waiting)
        return done

    def _judged(self, outcome: Outcome, status: int, waiting: list[list[Item]]) -> Outcome:
        """Return what an outcome settles. After a rejection the others of the batch wait again."""
        if not status:
            self._taken = self._taken or bool(outcome.acknowledged)
            return outcome
        if outcome.refused:
            waiting += [left] if (left := [item for item, _ in outcome.again]) else []
            return Outcome(refused=outcome.refused)
        self._alone += 1
        if self._alone >= _HOPELESS and not self._taken:
            raise Refused(
                f"{self._client.title} rejected every customer ({status}) without naming a cause: "
                "check whether its API has a new version, and report it with the version in use"
            )
        return Outcome(refused=tuple(why for _, why in outcome.again))

    def _exchange(self, items: Sequence[Item], until: float) -> tuple[int, Outcome]:
        """Return the status that refused a batch, 0 for none, and what became of its items."""
        name = "".join(f"{item.key} {item.digest}\n" for item in items)
        responses = self._under_way.pop(name, [])
        try:
            while request := _read(lambda: self._vendor.next_request(items, responses)):
                self._rest(request, until)
                responses.append(
                    self._client.patiently(functools.partial(self._client.send, request))
                )
                self._check(request, responses[-1], allowed=_WRONG, personal=True)
            outcome = _read(lambda: self._vendor.outcome(items, responses))
        except Retryable:
            self._under_way[name] = responses
            raise
        except Malformed:
            message = "the response was not what the API promises, so it does not count"
            return 0, sort_out(items, {}, again=("malformed", message))
        return (responses[-1].status if responses[-1].status >= 400 else 0), outcome

    def _rest(self, request: Request, until: float) -> None:
        """Wait for a job. One that takes too long is asked after when its batch comes again."""
        if not request.wait_seconds:
            return
        if self._client.clock() + request.wait_seconds > until:
            raise Retryable(
                f"{self._client.title} is still processing a batch", after_seconds=_STILL_SECONDS
            )
        self._client.pause(request.wait_seconds)

    def _ask(
        self, following: Next[T], *, allowed: Sequence[int] = _THERE, personal: bool = False
    ) -> T:
        """Return the result of an exchange about a segment or a person.

        After an error it starts over. So a request that may have succeeded although its response
        was lost is never repeated blindly: the exchange first reads what exists.
        """
        try:
            return self._client.patiently(
                functools.partial(self._ask_once, following, allowed, personal=personal)
            )
        except Malformed:
            raise Refused(
                f"{self._client.title} sent a response that its API does not promise: check "
                "whether the API has a new version, and report it with the version in use"
            ) from None

    def _ask_once(
        self,
        following: Next[T],
        allowed: Sequence[int],
        attempts: int = 2,
        *,
        personal: bool = False,
    ) -> T:
        responses: list[Response] = []
        try:
            while isinstance(step := _read(lambda: following(responses)), Request):
                if step.wait_seconds:
                    self._client.pause(step.wait_seconds)
                responses.append(self._client.send(step))
                self._check(step, responses[-1], allowed=allowed, personal=personal)
        except Malformed:
            if not attempts:
                raise
            return self._ask_once(following, allowed, attempts - 1, personal=personal)
        return step

    def _check(
        self,
        request: Request,
        response: Response,
        *,
        allowed: Sequence[int],
        personal: bool = False,
    ) -> None:
        """Refuse to go on after a response that no exchange of this kind can handle."""
        if 200 <= response.status < 300 or response.status in (*allowed, *request.answers):
            return
        # The vendor quotes the request: its words about customers stay out of our errors.
        words = "" if personal else ": " + " ".join(_read(lambda: self._vendor.words(response)))
        raise Refused(
            f"{self._client.title} refused a request ({response.status} to {request.method}){words}"
        )


def _read(look: Callable[[], T]) -> T:
    """Return what a vendor's module reads in responses. Whatever it cannot read is malformed."""
    try:
        return look()
    except _UNREADABLE as error:
        raise Malformed(type(error).__name__) from None
