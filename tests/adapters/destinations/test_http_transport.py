"""Exchanges over HTTP: rate, waiting, repeats, refusals, and silence about keys and customers."""

from __future__ import annotations

import datetime as dt
import email.utils
import itertools
import time
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.destinations.http_transport import HttpTransport
from adapters.http.client import HttpClient
from adapters.http.pace import Pace
from adapters.http.responses import wait_of
from local.services.frame.http_service import (
    BROKEN,
    BUSY,
    DENIED,
    DROPPED,
    MALFORMED,
    HttpServer,
    HttpService,
    ReceivedRequest,
    Rejected,
)
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.http_vendor import HttpVendor
from tessera.destinations.port import Item
from tessera.destinations.requests import Request, at, sort_out
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.records.loads.segment import Segment
from tests.destinations.places import Clock

KEY = "made-up-key-0123456789"


class Fax:
    """A vendor that takes customers in one call, and blames nobody when it refuses them."""

    BASE_URL = "https://fax.example"
    TITLE = "Fax"
    SECRET_FIELDS = ("key",)
    CAPABILITIES = Capabilities(requests=True, requests_per_minute=600, exchange_seconds=60)

    def auth(self, secret: Mapping[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {secret['key']}"}

    def next_request(self, items, responses) -> Request | None:
        if not responses:
            return Request("POST", "/people", [item.customer_id for item in items])
        if responses[-1].status >= 400 or at(responses[-1], "state") == "done":
            return None
        return Request("GET", "/job", wait_seconds=10)

    def outcome(self, items, responses):
        return sort_out(items, {}, again=("odd", "odd") if responses[-1].status >= 400 else None)

    def segment_request(self, segment, responses) -> Request | str:
        if not responses:
            return Request("GET", f"/groups/{segment.name}")
        if len(responses) == 1 and responses[0].status == 404:
            return Request(
                "POST", f"/groups/{segment.name}", {"label": segment.value}, per_minute=6
            )
        return "kept" if len(responses) == 1 else "created"

    def size_request(self, segment, responses) -> Request | int | None:
        return (
            int(responses[0].body["size"])
            if responses
            else Request("GET", f"/groups/{segment.name}")
        )

    def check_request(self, responses) -> Request | None:
        return None if responses else Request("GET", "/me")

    def words(self, response) -> tuple[str, str]:
        return "odd", str(response.body["words"])


class FaxService(HttpService):
    """Refuses a batch with an odd customer in it, whatever the others are."""

    DESTINATION = "fax"

    def __init__(self) -> None:
        super().__init__()
        self.people: list[str] = []
        self.groups: dict[str, Any] = {}
        self.looks = 0

    def customers(self) -> dict[str, Mapping[str, Any]]:
        return {name: {} for name in self.people}

    def error(self, status: int, words: str, *, pointer: str = "") -> Any:
        return {"words": words}

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            raise Rejected(403, "not you")
        if request.path == "/people":
            if any(name.startswith("odd") for name in request.body):
                raise Rejected(422, f"cannot take {request.body}")
            self.people += [name for name in request.body if name not in self.people]
            return 202, {"state": "done" if not self.looks else "busy"}
        if request.path == "/job":
            self.looks -= 1
            return 200, {"state": "done" if self.looks <= 0 else "busy"}
        if request.path.startswith("/groups/"):
            return self._group(request)
        raise Rejected(404, "no such thing")

    def _group(self, request: ReceivedRequest) -> tuple[int, Any]:
        name = request.path.rpartition("/")[2]
        if request.method == "POST":
            if request.body["label"] == "wrong":
                raise Rejected(400, "this label is wrong")
            self.groups[name] = request.body
        elif name not in self.groups:
            raise Rejected(404, "no such group")
        return 200, {"size": "3"}


@pytest.fixture(scope="module")
def server():
    running = HttpServer(FaxService())
    running.start()
    yield running
    running.stop()


@pytest.fixture
def service(server) -> FaxService:
    server.state = FaxService()
    return server.state


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connect(server, service, clock):
    def make(**changes: Any) -> HttpTransport:
        vendor: HttpVendor = changes.pop("vendor", Fax())
        options = {
            "base_url": server.url,
            "read_secret": lambda: {"key": KEY},
            "secret_name": "tessera/dev/destinations/fax",
            "clock": clock,
            "pause": clock.pause,
        }
        return HttpTransport(vendor, client=HttpClient(vendor, **options | changes))

    return make


def items(*names: str) -> list[Item]:
    return [Item(f"key-{name}", name, "d", {}) for name in names]


def segment(**changes: object) -> Segment:
    fields = {"label": "A", "name": "_RFM_A", "kind": "segment", "value": "A", "meaning": ""}
    return Segment(**{**fields, "customers": 1, **changes})


# ---- refusals ------------------------------------------------------------------------------


def test_a_batch_that_is_refused_for_nobodys_sake_is_halved_until_it_is_known(connect, service):
    names = [f"c{number}" for number in range(9)]
    outcome = connect().send(items(*names, "odd-1", *names[:0], "d1", "odd-2"))
    assert [item.customer_id for item in outcome.acknowledged] == [*names, "d1"]
    assert [one.customer_id for one in outcome.refused] == ["odd-1", "odd-2"]
    assert service.people == [*names, "d1"]


def test_a_service_that_refuses_everybody_is_not_asked_a_thousand_times(connect, service):
    with pytest.raises(Refused, match="every customer") as refused:
        connect().send(items(*(f"odd-{number}" for number in range(1000))))
    assert service.calls["POST /people"] < 40
    assert "odd-1" not in str(refused.value)


def test_a_wrong_call_is_refused_without_a_word_about_customers(connect, service):
    service.handle = lambda request: (405, {"words": str(request.body)})
    with pytest.raises(Refused, match="405 to POST") as refused:
        connect().send(items("ann"))
    assert "ann" not in str(refused.value)


def test_a_segment_that_is_refused_says_why(connect):
    with pytest.raises(Refused, match="this label is wrong"):
        connect().ensure(segment(value="wrong"))


@pytest.mark.parametrize("key", ["another-key", ""])
def test_a_key_that_is_not_taken_names_its_secret_and_not_itself(connect, key):
    forgotten: list[bool] = []
    transport = connect(
        read_secret=lambda: {"key": key}, forget_secret=lambda: forgotten.append(True)
    )
    for request in (lambda: transport.check([]), lambda: transport.send(items("ann"))):
        with pytest.raises(Refused, match="tessera/dev/destinations/fax") as refused:
            request()
        assert "another" not in str(refused.value)
        assert refused.value.__cause__ is None
    assert len(forgotten) == 2


def test_a_key_with_a_line_break_is_refused_before_it_is_sent(connect, service):
    with pytest.raises(InvalidInput, match="line break"):
        connect(read_secret=lambda: {"key": f"{KEY}\n"}).send(items("ann"))
    assert not service.requests


# ---- waiting -------------------------------------------------------------------------------


@pytest.mark.parametrize("after", ["3", "date"])
def test_a_busy_service_gets_the_time_that_it_asks_for(connect, service, clock, after):
    in_three = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=3.9)
    text = email.utils.format_datetime(in_three, usegmt=True) if after == "date" else after
    service.faults.fail_next(1, BUSY, retry_after=text)
    assert connect().send(items("ann")).acknowledged
    assert 2 < sum(clock.pauses) <= 4


def test_a_service_that_asks_for_long_gets_it_from_the_state_machine(connect, service, clock):
    service.faults.fail_next(1, BUSY, retry_after="90")
    with pytest.raises(Retryable, match="90 seconds") as busy:
        connect().send(items("ann"))
    assert busy.value.after_seconds == 90
    assert not clock.pauses


@pytest.mark.parametrize("text", [None, "", "soon", "Sun, 99 Nov 2026"])
def test_a_retry_after_that_says_nothing_is_none(text):
    assert wait_of(text) is None


def test_a_retry_after_in_the_past_is_now():
    assert wait_of("Sun, 06 Nov 1994 08:49:37 GMT") == 0


@pytest.mark.parametrize("kind", [BROKEN, DROPPED, BUSY])
def test_what_goes_wrong_for_a_moment_is_repeated_with_growing_pauses(
    connect, service, clock, kind
):
    service.faults.fail_next(3, kind, retry_after="")
    assert connect().send(items("ann")).acknowledged
    assert clock.pauses == [1, 2, 4]
    assert service.people == ["ann"]
    service.faults.fail_next(4, kind, retry_after="")
    with pytest.raises(Retryable):
        connect().send(items("bo"))


def test_a_job_is_waited_for_but_not_forever_and_resumed(connect, service, clock):
    service.looks = 4
    transport = connect()
    assert transport.send(items("ann")).acknowledged
    assert sum(clock.pauses) == 40
    service.looks = 9
    with pytest.raises(Retryable, match="still processing") as late:
        transport.send(items("bo"))
    assert late.value.after_seconds
    posted = service.calls["POST /people"]
    service.faults.fail_next(4, BROKEN)
    with pytest.raises(Retryable, match="failed"):
        transport.send(items("bo"))
    assert transport.send(items("bo")).acknowledged
    assert service.calls["POST /people"] == posted


def test_a_malformed_answer_about_a_segment_is_asked_for_again_then_refused(connect, service):
    service.groups["_RFM_A"] = {}
    service.handle = lambda request: (200, ["no size"])
    with pytest.raises(Refused, match="does not promise"):
        connect().size(segment())


def test_a_group_whose_making_was_not_heard_of_is_not_made_twice(connect, service):
    service.faults.fail_next(1, DROPPED, method="POST")
    assert connect().ensure(segment()) == "kept"
    assert service.calls["POST /groups/_RFM_A"] == 1


@pytest.mark.parametrize("kind", [BROKEN, DENIED, MALFORMED])
def test_a_check_that_fails_says_so(connect, service, kind):
    service.handle = lambda request: (404, {"words": "not here"})
    with pytest.raises(Refused, match="not here"):
        connect().check([])
    service.faults.fail_next(9, kind)
    if kind != MALFORMED:
        with pytest.raises((Refused, Retryable)):
            connect().check([])


def test_redirects_are_not_followed_with_the_key(connect, service):
    service.handle = lambda request: (307, {"words": "elsewhere"})
    with pytest.raises(Refused, match="307"):
        connect().check([])
    assert len(service.requests) == 1


# ---- the rate ------------------------------------------------------------------------------


@given(st.integers(1, 2_000), st.lists(st.floats(0, 90), max_size=60))
def test_no_minute_sees_more_than_the_rate(per_minute, gaps):
    clock = Clock()
    pace = Pace(per_minute, clock=clock, pause=clock.pause)
    times = []
    for gap in itertools.chain(gaps, itertools.repeat(0, 100)):
        clock.now += gap
        pace.wait()
        times.append(clock.now)
    for index, start in enumerate(times):
        within = [one for one in times[index:] if one < start + 59.999]
        assert len(within) <= max(per_minute, 1)


def test_a_pace_of_nothing_never_waits():
    clock = Clock()
    pace = Pace(0, clock=clock, pause=clock.pause)
    for _ in range(1000):
        pace.wait()
    assert not clock.pauses


@pytest.mark.parametrize(("own", "seconds"), [(0, 6), (60, 60)])
def test_the_tenants_rate_takes_the_place_of_the_vendors(connect, clock, own, seconds):
    transport = connect(requests_per_minute=own)
    for number in range(61):
        transport.send(items(f"c{number}"))
    assert seconds * 0.8 <= clock.now <= seconds * 1.2


def test_calls_that_are_rarer_have_a_pace_of_their_own(connect, clock):
    transport = connect()
    for number in range(7):
        transport.ensure(segment(name=f"_RFM_{number}"))
    assert 60 <= clock.now <= 80


def test_a_real_limit_that_is_met_is_waited_out(connect, service):
    service.limit = (20, 0.3)
    transport = connect(requests_per_minute=100_000, clock=time.monotonic, pause=time.sleep)
    for number in range(45):
        assert transport.send(items(f"c{number}")).acknowledged
    assert service.calls["POST /people"] > 45
    assert len(service.people) == 45
