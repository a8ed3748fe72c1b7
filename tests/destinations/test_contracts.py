"""Our calls are what the vendors' published descriptions say, and the stand-ins refuse others."""

from __future__ import annotations

import copy
import dataclasses
import functools
import json
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

from local.services.frame.http_service import HttpServer, ReceivedRequest
from tessera.destinations import catalog
from tessera.destinations.erasing import ErasurePerson
from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import Contact
from tessera.records.loads.segment import Segment
from tests.destinations.conftest import customer
from tests.destinations.contract import VENDORS, Contract, Operation, values
from tests.destinations.places import SERVERS, STATES, Bench, HttpPlace

LABEL = Segment("At Risk", "_RFM_At_Risk", "segment", "At Risk", "Spent much", 1, "rfm")
OF_A_SET = Segment("Value High", "_RFM_Value_High", "set", "High", "Spends much", 1, "value_tier")
PARTLY = 207  # some of a batch were refused, and the answer says which
UNSUBSCRIBED = {"email": {"marketing": {"consent": "UNSUBSCRIBED"}}}
EMAIL, PHONE = Contact("EMAIL", "ann@example.com"), Contact("SMS", "+12125550100")


@dataclasses.dataclass
class Recorded:
    """What a vendor's module asked of its stand-in, and the statuses of the answers."""

    server: HttpServer
    contract: Contract
    calls: list[tuple[ReceivedRequest, int]]

    def of(self, operation: Operation) -> ReceivedRequest:
        """Return a call of an operation."""
        return next(
            request for request, _ in self.calls if self.contract.operation(request) is operation
        )


@pytest.fixture(scope="module", params=VENDORS)
def recorded(request) -> Iterator[Recorded]:
    """A vendor's calls from first check to last segment."""
    name = request.param
    server = SERVERS[name]()
    server.start()
    server.state = type(STATES[name]())()
    server.state.requests = deque()
    place = HttpPlace(name, server)
    calls = listen(server)
    use(place, catalog.HTTP[name], customer.__wrapped__())
    yield Recorded(server, Contract.load(name), calls)
    server.stop()


def listen(server: HttpServer) -> list[tuple[ReceivedRequest, int]]:
    calls: list[tuple[ReceivedRequest, int]] = []
    handle = server.state._handled

    def recorded(request: ReceivedRequest) -> Any:
        response = handle(request)
        calls.append((request, response.status_code))
        return response

    server.state._handled = recorded  # type: ignore[method-assign]
    return calls


def use(place: HttpPlace, vendor: Any, make: Callable[..., Any]) -> None:
    """Do what runs do: check, load, refuse, change, erase, clear, make segments, count them."""
    bench, way = Bench(vendor, place), place.transport
    people = [make(1, contacts=(EMAIL, PHONE), labels='{"value_tier": "High"}'), make(2), make(3)]
    way.check([LABEL, OF_A_SET])
    place.fail(people[2], code="invalid", message="not this one")
    planned = Plan(vendor, ledger=[])
    items = [item for one in people for item in planned.offer(one)]
    account = bench.send(items)
    assert (len(account.acknowledged), len(account.refused)) == (2, 1)
    place.heal()
    for one in (LABEL, OF_A_SET):
        way.ensure(one)
        way.ensure(one)
        way.size(one)
    way.ensure(dataclasses.replace(LABEL, value="Lost"))
    if place.name == "klaviyo":
        place.state.profiles["C 2"]["subscriptions"] = UNSUBSCRIBED
    for number in (1, 2):
        leaver = ErasurePerson(customer_key=f"key-{number:06}", customer_id=f"C {number}")
        way.erase(leaver)
    gone = [dataclasses.replace(item, content=vendor.cleared(item.customer_id)) for item in items]
    bench.send(gone)


def test_every_call_is_an_operation_of_the_description_and_keeps_its_facts(recorded):
    assert recorded.calls
    for request, _ in recorded.calls:
        operation = recorded.contract.operation(request)
        assert list(operation.violations(request)) == [], operation.name


def test_every_operation_of_the_contract_is_one_that_we_use(recorded):
    used = {recorded.contract.operation(request).name for request, _ in recorded.calls}
    assert used == {one.name for one in recorded.contract.operations}


def test_the_stand_in_succeeds_as_the_description_says(recorded):
    for request, status in recorded.calls:
        operation = recorded.contract.operation(request)
        assert status in operation.facts["successes"] or status >= 400, operation.name


def test_the_stand_in_refuses_what_the_description_forbids(recorded):
    for operation in recorded.contract.operations:
        good = recorded.of(operation)
        usual = reply(recorded.server, good)  # an error too, where what it makes is there by now
        for what, broken in spoilt(good, operation):
            assert list(operation.violations(broken)), f"{operation.name}: {what} breaks nothing"
            answer = reply(recorded.server, broken)
            partly = answer[0] == PARTLY
            assert partly or answer[0] >= 400, f"{operation.name}: takes {what}"
            assert answer != usual, f"{operation.name}: is not refused for {what}"


def spoilt(good: ReceivedRequest, operation: Operation) -> Iterator[tuple[str, ReceivedRequest]]:
    """Yield calls that each break one fact."""
    for name in operation.facts["headers"]:
        left = {key: value for key, value in good.headers.items() if key != name}
        yield f"a call without {name}", dataclasses.replace(good, headers=left)
    for name, facts in operation.facts["query"].items():
        if name in good.query and "most" in facts:
            query = {**good.query, name: str(facts["most"] + 1)}
            yield f"{name} above its most", dataclasses.replace(good, query=query)
    if operation.body:
        other = {**good.headers, "content-type": "text/plain"}
        yield "another content type", dataclasses.replace(good, headers=other)
        yield from spoilt_bodies(good, operation)


def spoilt_bodies(
    good: ReceivedRequest, operation: Operation
) -> Iterator[tuple[str, ReceivedRequest]]:
    """Yield calls with a body that breaks one fact."""
    facts = operation.body
    there = functools.partial(filter, lambda path: values(good.body, path))
    for path in there(facts.get("required", ())):
        yield f"a body without {path}", changed(good, path, lambda at, name: at.pop(name))
    for path in there(facts.get("enums", {})):
        other = changed(good, path, lambda at, name: at.update({name: "else"}))
        yield f"another {path}", other
    for path in there(facts.get("known", {})):
        more = f"{path}.unheard_of" if path else "unheard_of"
        yield f"more in {path}", changed(good, more, lambda at, name: at.update({name: "x"}))
    for path, most in facts.get("most", {}).items():
        many = [values(good.body, f"{path}[]")[0]] * (most + 1)
        yield (
            f"too many of {path}",
            changed(good, path, lambda at, name, many=many: at.update({name: many})),
        )


def changed(good: ReceivedRequest, path: str, change: Callable[[Any, str], Any]) -> ReceivedRequest:
    """Return a request with a changed body: `change` gets each parent and the last name."""
    body = copy.deepcopy(good.body)
    parent, _, name = path.rpartition(".")
    for parent_value in values(body, parent):
        change(parent_value, name)
    return dataclasses.replace(good, text=json.dumps(body).encode())


def reply(server: HttpServer, request: ReceivedRequest) -> tuple[int, bytes]:
    """Return what the stand-in answers to a call."""
    query = f"?{urlencode(request.query)}" if request.query else ""
    dropped = {"host", "content-length", "accept-encoding", "connection"}
    answer = urllib3.request(
        request.method,
        f"{server.url}{request.path}{query}",
        body=request.text or None,
        headers={name: value for name, value in request.headers.items() if name not in dropped},
        retries=False,
    )
    return answer.status, answer.data
