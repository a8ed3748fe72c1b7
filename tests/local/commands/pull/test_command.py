"""``tessera pull``: a shop's orders as files, what is kept between pulls, and where the key is."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pyarrow.parquet as pq
import pytest

from local.app.folder_bucket import FolderBucket
from local.commands.pull import command
from local.commands.pull.request import PullOptions, key_of
from local.commands.run.request import RunOptions
from local.services.shopify.orders import generated, item, order
from local.services.shopify.server import CLIENT_ID, CLIENT_SECRET, TOKEN, ShopifyServer
from local.services.shopify.shop import Shop
from local.terminal import Terminal
from tessera.errors import InvalidInput, Refused


@pytest.fixture(scope="module")
def server():
    served = ShopifyServer(Shop())
    served.start()
    yield served
    served.stop()


@pytest.fixture
def shop(server) -> Shop:
    made = server.api.shop = Shop()
    made.looks = 0
    for one in generated(30):
        made.orders[one["id"]] = one
    return made


@pytest.fixture
def environment(server) -> dict[str, str]:
    return {"TESSERA_ENDPOINT_SHOPIFY": server.url, "TESSERA_SHOPIFY_TOKEN": TOKEN}


@pytest.fixture
def options(tmp_path) -> PullOptions:
    out, state = tmp_path / "out", tmp_path / "out.state"
    return PullOptions(
        connector="shopify",
        shop="example",
        state=state,
        to=tmp_path / "orders",
        run=RunOptions(source=out, out=out, state=state),
    )


def changed(options: PullOptions, **fields) -> PullOptions:
    return dataclasses.replace(options, **fields)


class Lines:
    """A terminal's lines."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


def pull(options, environment) -> str:
    lines = Lines()
    assert command.pull(options, terminal=Terminal(lines), environment=environment)
    return lines.text


def rows(options) -> list[dict[str, str]]:
    return [row for part in options.to.glob("*.parquet") for row in pq.read_table(part).to_pylist()]


def new_order(number: int) -> dict[str, object]:
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return order(number, created=now, items=[item(number, price="77")], subtotal="77")


def test_orders_alone_are_left_in_a_folder_in_the_contracts_columns(shop, options, environment):
    text = pull(options, environment)
    assert "30 orders in all" in text
    there = rows(options)
    assert {"CustomerID", "Date", "EventName", "Amount", "OrderID", "EventID"} <= there[0].keys()
    assert "source_key" not in there[0]


def test_the_next_pull_adds_what_is_new_and_a_reload_forgets_what_is_gone(
    shop, options, environment
):
    pull(options, environment)
    before = rows(options)
    shop.orders["new"] = new_order(901)
    assert "1 order changed since" in pull(options, environment)
    assert len(rows(options)) == len(before) + 1
    del shop.orders["new"]
    assert "30 orders in all" in pull(changed(options, reload=True), environment)
    assert rows(options) == before


def test_other_settings_of_money_read_everything_again(shop, options, environment, tmp_path):
    pull(options, environment)
    settings = tmp_path / "my.toml"
    settings.write_text("include_tax = true\n")
    run = dataclasses.replace(options.run, settings=settings)
    text = pull(changed(options, run=run), environment)
    assert "all orders are read again" in text
    assert "30 orders in all" in text


def test_what_was_run_is_not_run_again(shop, options, environment, monkeypatch):
    ran = []

    def run(request, *, terminal):
        ran.append(sorted(path.name for path in request.source.glob("*.parquet")))
        request.out.mkdir(exist_ok=True)
        return True

    monkeypatch.setattr(command, "run", run)
    options = changed(options, to=None)
    pull(options, environment)
    assert "Nothing changed since the last run" in pull(options, environment)
    shop.orders["new"] = new_order(901)
    pull(options, environment)
    assert len(ran) == 2
    assert ran[0] != ran[1]


def test_a_run_that_failed_is_tried_again_though_nothing_is_new(
    shop, options, environment, monkeypatch
):
    def fail(request, *, terminal):
        raise Refused("no")

    options = changed(options, to=None)
    monkeypatch.setattr(command, "run", fail)
    with pytest.raises(Refused):
        pull(options, environment)
    ran = []
    monkeypatch.setattr(command, "run", lambda request, *, terminal: ran.append(request) or True)
    pull(options, environment)
    assert len(ran) == 1


def test_a_key_is_in_a_variable_or_in_a_file_that_only_its_owner_reads(options, tmp_path):
    with pytest.raises(InvalidInput, match="TESSERA_SHOPIFY_TOKEN"):
        key_of(options, environment={})
    file = tmp_path / "key"
    file.write_text("shpat_1\n")
    file.chmod(0o644)
    with pytest.raises(InvalidInput, match="chmod 600"):
        key_of(changed(options, key_file=file), environment={})
    file.chmod(0o600)
    key = key_of(changed(options, key_file=file), environment={})
    assert key.read() == {"shop": "example", "token": "shpat_1"}


def test_an_app_whose_tokens_end_exchanges_its_client_secret(shop, options, server):
    environment = {
        "TESSERA_ENDPOINT_SHOPIFY": server.url,
        "TESSERA_SHOPIFY_CLIENT_ID": CLIENT_ID,
        "TESSERA_SHOPIFY_CLIENT_SECRET": CLIENT_SECRET,
    }
    assert "30 orders in all" in pull(options, environment)
    wrong = {**environment, "TESSERA_SHOPIFY_CLIENT_SECRET": "shpss_revoked"}
    with pytest.raises(Refused, match="TESSERA_SHOPIFY_CLIENT_SECRET"):
        pull(options, wrong)


def test_an_unknown_connector_and_a_missing_shop_are_named(options):
    with pytest.raises(InvalidInput, match="there are shopify, stripe"):
        key_of(changed(options, connector="shopfiy"), environment={})
    with pytest.raises(InvalidInput, match="--shop"):
        key_of(changed(options, shop=""), environment={})


def test_a_folder_bucket_keeps_objects_with_their_metadata(tmp_path):
    bucket = FolderBucket(tmp_path / "bucket")
    bucket.write("a/b", b"one", metadata={"withdraw": "yes"})
    bucket.write("a/c", b"two")
    assert list(bucket.keys("a/")) == ["a/b", "a/c"]
    assert bucket.head("a/b")["Metadata"] == {"withdraw": "yes"}
    bucket.write("a/b", b"three")
    assert bucket.head("a/b")["Metadata"] == {}
    bucket.delete(["a/b", "a/missing"])
    assert list(bucket.keys("a/")) == ["a/c"]
