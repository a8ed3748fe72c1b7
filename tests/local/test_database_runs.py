"""``tessera run --from``: a real PostgreSQL's tables become customers, run after run."""

from __future__ import annotations

import json

import pytest

from tests.adapters.databases.shop import shop_of

pytestmark = pytest.mark.slow

MAPPING = """
[{schema}.orders]
keep = "paid = 'true'"
EventID = "'orders/' || id"
EventName = "'PURCHASED'"
CustomerID = "customer"
Date = "placed_at || 'Z'"
Amount = "total"
"""
QUOTED = MAPPING.replace("[{schema}.orders]", '["{schema}.orders"]')
MONEY = "SELECT count(*), count(DISTINCT customer), sum(total)::text FROM {table} WHERE paid"
ROWS = (
    "INSERT INTO {{table}} (id, customer, placed_at, total, paid) SELECT i, 'C' || i % 40, "
    "timestamptz '2026-01-01 10:00+02' + i * interval '4 hours', (i * 37 % 9000) / 100.0 + 5, "
    "i % 9 <> 0 FROM generate_series({}, {}) i"
)


@pytest.fixture(scope="module")
def shop(postgres):
    for shop in shop_of(postgres):
        shop.owner.run(ROWS.format(1, 400).replace("{table}", shop.table))
        yield shop


@pytest.fixture(scope="module")
def read(forked_cli, shop, tmp_path_factory):
    """Run the command on the shop's table, with results in one folder."""
    home = tmp_path_factory.mktemp("database")
    (home / "shop.toml").write_text(QUOTED.format(schema=shop.schema), encoding="utf-8")
    address, secret = shop.address(), shop.server.owner_secret()
    url = f"postgresql://{address.user}@{address.host}:{address.port}/{address.database}"

    def run(*options, verb="run", password=secret["password"]):
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("PGPASSWORD", password)
            return forked_cli(
                verb, "--from", url, "--mapping", home / "shop.toml", "--out", home / "out",
                "--approve", *options,
            )  # fmt: skip

    run.home = home
    return run


def figures(home):
    summary = json.loads((home / "out" / "summary.json").read_text())
    return [summary["orders"], summary["buyers"], summary["monetary"]]


def of_the_table(shop):
    ((orders, buyers, money),) = shop.owner.run(MONEY.format(table=shop.table))
    return [orders, buyers, money]


def test_a_table_its_changes_and_its_end_are_what_the_runs_count(read, shop):
    first = read("--changes", shop.slot)
    assert first.returncode == 0, first.stderr
    assert "whole (it was never read)" in first.stderr + first.stdout
    assert figures(read.home) == of_the_table(shop)
    secret = shop.server.owner_secret()["password"]
    assert secret not in first.stdout + first.stderr

    shop.run(
        "UPDATE {table} SET total = total * 2 WHERE id % 10 = 0",
        "DELETE FROM {table} WHERE customer = 'C8'",
        "UPDATE {table} SET paid = false WHERE id % 50 = 4",
    )
    second = read("--changes", shop.slot)
    assert second.returncode == 0, second.stderr
    assert "changes" in second.stderr + second.stdout
    assert figures(read.home) == of_the_table(shop)

    unchanged = read("--changes", shop.slot)
    assert unchanged.returncode == 0, unchanged.stderr
    assert "Nothing changed" in unchanged.stderr + unchanged.stdout
    assert figures(read.home) == of_the_table(shop)


def test_a_wrong_password_stops_before_anything_starts(read):
    refused = read(password="wrong-made-up")

    assert refused.returncode == 1
    assert "PGPASSWORD" in refused.stderr
    assert "Deploy the app" not in refused.stdout + refused.stderr
