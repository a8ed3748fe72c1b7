"""Shopify over HTTP: what the transport does with faults, and what each refusal says."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from adapters.connectors.bulk_files import BulkFiles
from adapters.connectors.transport import ConnectorTransport
from adapters.http.client import HttpClient
from local.services.frame.http_service import BROKEN, BUSY, DENIED, DROPPED, MALFORMED
from local.services.shopify.orders import generated, item, order
from local.services.shopify.server import TOKEN, ShopifyServer
from local.services.shopify.shop import Shop
from steps.pull.pull import Clock, pull
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.sources.connectors.shopify.connector import ShopifyConnector
from tests.sources.connectors.journals import Killed, KilledJournal, Kills, MemoryJournal

START = dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC)


class Place:
    """A shop that is served, and pulls from it whose pauses take no time."""

    def __init__(self, server: ShopifyServer, folder) -> None:
        self.server, self.folder = server, folder
        self.pauses: list[float] = []
        self.journal = MemoryJournal()
        self.now = START
        self.token = TOKEN

    @property
    def shop(self) -> Shop:
        return self.server.api.shop

    def transport(self, connector: ShopifyConnector) -> ConnectorTransport:
        client = HttpClient(
            connector,
            base_url=self.server.url,
            read_secret=lambda: {"token": self.token},
            secret_name="TESSERA_SHOPIFY_TOKEN",
            clock=itertools.count(0, 10).__next__,
            pause=self.pauses.append,
        )
        files = BulkFiles(self.folder, endpoint=self.server.url, pause=self.pauses.append)
        return ConnectorTransport(client, files=files)

    def pull(self, *, journal=None, kill=None, **more):
        connector = ShopifyConnector("example")
        transport = self.transport(connector)

        class Dying:
            def send(self, request):
                kill()
                response = transport.send(request)
                kill()
                return response

        return pull(
            connector,
            transport=Dying() if kill else transport,
            journal=journal or self.journal,
            clock=Clock(now=self.now.isoformat, pause=self.pauses.append),
            **more,
        )


@pytest.fixture(scope="module")
def server():
    served = ShopifyServer(Shop())
    served.start()
    yield served
    served.stop()


@pytest.fixture
def place(server, tmp_path) -> Place:
    at = Place(server, tmp_path / "files")
    server.api.shop = Shop(now=lambda: at.now)
    server.api.points, server.cut = 2000, []
    for one in generated(60):
        at.shop.orders[one["id"]] = one
    return at


def test_each_order_comes_once_and_what_is_no_sale_is_counted(place):
    record = place.pull()
    counts = record.cursor.counts
    left_out = sum(number for name, number in counts.items() if name.startswith("left_out:"))
    assert counts["records"] == 60
    assert len(place.journal.current()) == 60 - left_out
    assert counts["left_out:cancelled_order"] >= 1


@pytest.mark.parametrize("kind", [BUSY, BROKEN, DROPPED, MALFORMED])
def test_a_fault_that_passes_loses_nothing(place, kind):
    place.server.state.faults.fail_next(2, kind)
    assert place.pull().cursor.counts["records"] == 60


def test_points_that_are_used_up_are_waited_for(place):
    place.server.api.points = 0
    assert place.pull().cursor.counts["records"] == 60
    assert place.pauses


def test_a_wait_that_is_too_long_ends_the_pull_which_goes_on_later(place):
    place.server.state.faults.fail_next(1, BUSY, retry_after="600")
    with pytest.raises(Retryable, match="600 seconds"):
        place.pull()
    assert place.pull().cursor.counts["records"] == 60


def test_a_revoked_token_names_the_shop_and_what_to_do(place):
    place.token = "shpat_revoked"
    words = r"Shopify \(example\.myshopify\.com\) rejected the key in secret TESSERA_SHOPIFY_TOKEN"
    with pytest.raises(Refused, match=words):
        place.pull()


def test_a_token_that_is_revoked_half_way_loses_nothing(place):
    place.pull(budget_seconds=0.0)
    place.server.state.faults.fail_next(1, DENIED)
    with pytest.raises(Refused):
        place.pull()
    assert place.pull().cursor.counts["records"] == 60


def test_a_file_that_is_cut_short_is_downloaded_again(place):
    place.server.cut = [20]
    assert place.pull().cursor.counts["records"] == 60
    assert not place.server.cut


def test_without_the_right_to_read_orders_nothing_begins(place):
    place.shop.rights = {"read_products"}
    with pytest.raises(Refused, match="read_orders, read_all_orders"):
        place.pull()


def test_history_that_is_cut_is_noted(place):
    place.now = dt.datetime(2023, 3, 20, tzinfo=dt.UTC)
    place.shop.rights.discard("read_all_orders")
    old = place.now - dt.timedelta(days=200)
    for number, created in ((901, old), (902, place.now - dt.timedelta(days=2))):
        text = created.strftime("%Y-%m-%dT%H:%M:%SZ")
        items = [item(number, price="5")]
        place.shop.orders[str(number)] = order(number, created=text, items=items, subtotal="5")
    record = place.pull()
    notes = " ".join(record.cursor.notes)
    assert "last 60 days" in notes
    assert "gave no order from before" in notes
    assert "gid://shopify/Order/901" not in place.journal.current()


def test_addresses_that_are_withheld_are_a_fault_and_not_guests(place):
    for one in place.shop.orders.values():
        one["email"] = None
        one["customer"] = {"id": "gid://shopify/Customer/1", "defaultEmailAddress": None}
    with pytest.raises(Refused, match="protected customer data"):
        place.pull()
    assert not place.journal.cursor().done


def test_an_operation_that_fails_once_is_started_again(place):
    place.shop.endings.append(("FAILED", "INTERNAL_SERVER_ERROR"))
    assert place.pull().cursor.counts["records"] == 60
    assert len(place.shop.operations) == 2


@pytest.mark.parametrize("end", [("FAILED", "TIMEOUT"), ("CANCELED", None)])
def test_one_that_fails_twice_ends_the_pull_and_the_next_call_starts_another(place, end):
    place.shop.endings.extend([end, end])
    with pytest.raises(Retryable, match=end[1] or end[0]):
        place.pull()
    assert place.pull().cursor.counts["records"] == 60


def test_a_denied_operation_names_the_rights(place):
    place.shop.endings.append(("FAILED", "ACCESS_DENIED"))
    with pytest.raises(Refused, match="read_all_orders"):
        place.pull()


def test_a_result_that_has_expired_is_asked_for_again(place):
    place.shop.looks = 0
    place.pull(budget_seconds=0.0)
    journal = place.journal
    while "operation" not in journal.cursor().place:
        place.pull(budget_seconds=0.05)
        break
    place.now += dt.timedelta(days=8)
    assert place.pull().cursor.counts["records"] == 60


def test_other_exports_of_the_app_are_waited_for(place):
    for number in range(5):
        place.shop.operations.append(_running(place, number))
    with pytest.raises(Retryable, match="busy with other exports"):
        place.pull()
    place.shop.operations.clear()
    assert place.pull().cursor.counts["records"] == 60


def _running(place, number):
    from local.services.shopify.documents import parse
    from local.services.shopify.shop import Operation

    _, root = parse("{ orders { edges { node { id } } } }")
    node = root.fields[0].fields[0].fields[0]
    return Operation(number=number + 1, node=node, since="", created_at=START, looks=9)


def test_a_shop_that_does_not_exist_is_named():
    with pytest.raises(InvalidInput, match="my-shop"):
        ShopifyConnector("example.com")


def test_a_kill_at_every_request_and_write_loses_and_doubles_nothing(place):
    whole = MemoryJournal()
    place.pull(journal=whole)
    for moment in itertools.count(1):
        journal, kill = MemoryJournal(), Kills(moment)
        place.shop.operations.clear()
        try:
            place.pull(journal=KilledJournal(journal, kill), kill=kill)
        except Killed:
            place.pull(journal=journal)
            assert journal.current() == whole.current()
        else:
            assert moment > 10
            return


def test_the_version_of_the_api_is_warned_of_in_time(place):
    place.now = dt.datetime(2027, 8, 1, tzinfo=dt.UTC)
    assert "2026-10 of its API until 2027-10-01" in " ".join(place.pull().cursor.notes)
