"""Files that Redshift fetches: what COPY gets, and that the tables come to what batches make."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from decimal import Decimal

import pytest
import sqlglot
from sqlglot import exp

from adapters.destinations.warehouse.connecting import connect_warehouse
from adapters.destinations.warehouse.drivers import SCHEMA
from adapters.destinations.warehouse.errors import Errors, Wrong
from adapters.destinations.warehouse.transport import WarehouseTransport
from tessera.destinations.port import Item
from tessera.destinations.warehouse import files as making
from tessera.destinations.warehouse import sql, tables
from tessera.environments.activate import ActivateEnvironment
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.records.loads.segment import Segment
from tests.destinations.redshift_place import ROLE, RedshiftPlace, put_file, refused
from tests.destinations.warehouse_place import AS_OF, WarehousePlace

OWN = Segment("Loud", "_RFM_Loud", "set", "Loud", "Loud", 1, set="loudness")
MOVES = 'customer_id, "set", from_label, to_label, as_of'
DAY_2 = AS_OF + dt.timedelta(days=1)


@pytest.fixture
def place(postgres) -> RedshiftPlace:
    made = RedshiftPlace(postgres)
    made.transport.check([OWN])
    return made


def item(number: int, **fields: str) -> Item:
    values = {"customer_id": f"C {number}", "rfm_segment": "Lost", **fields}
    return Item(f"key-{number:03d}", f"C {number}", "d" * 32, values)


def leaver(number: int) -> Item:
    return Item(f"key-{number:03d}", f"C {number}", "", {"customer_id": f"C {number}"})


def load(place: RedshiftPlace, *groups: list[Item], day: dt.date = AS_OF) -> str:
    files = [put_file(place.bucket, number, group) for number, group in enumerate(groups)]
    return place.on(day).load_files(files, seconds=60)


def of_kind(place: RedshiftPlace, begin: str) -> list[str]:
    return [text for text in place.driver.statements if text.startswith(begin)]


def left_there(place: RedshiftPlace) -> set[str]:
    """Return the tables of the schema, and what COPY was given beside the files."""
    schema = (
        f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{place.schema}'"
    )
    there = {str(row[0]) for row in place.query(schema)} - set(tables.TABLES)
    return there | {key for key in place.bucket.bodies if "/staging/" in key}


# ---- the same rows -------------------------------------------------------------------------


def test_files_and_batches_come_to_the_same_rows_and_moves(postgres, place):
    every = {
        "rfm_cluster": "1", "rfm_r": "5", "rfm_monetary": "12.50", "rfm_clv_365d": "-7",
        "rfm_first_purchase": "2026-04-01", "rfm_set_loudness": "Łódź ☂ 'quoted' \u2028 \\ 100 %",
    }  # fmt: skip
    first = [item(1, **every), item(2), item(3)]
    second = [item(1, rfm_segment="At Risk"), leaver(2), item(4, rfm_set_loudness="")]
    batches = WarehousePlace(postgres, tables.REDSHIFT)
    batches.transport.check([OWN])
    for items, day in ((first, AS_OF), (second, DAY_2)):
        assert load(place, items[:2], items[2:], day=day) == ""
        batches.on(day).send(items)
        for one in (place, batches):
            one.transport.ensure(OWN)
    held = place.customers()
    assert held == batches.customers()
    assert held["C 1"]["rfm_segment"] == "At Risk"
    assert held["C 2"] == {"customer_key": "key-002", "left_at": DAY_2}
    moves = place.rows("transitions", MOVES)
    assert moves == batches.rows("transitions", MOVES)
    assert ["C 1", "rfm", "Lost", "At Risk", DAY_2] in moves
    assert load(place, second[:2], second[2:], day=DAY_2) == ""  # again, as after a crash
    assert (place.customers(), place.rows("transitions", MOVES)) == (held, moves)
    assert left_there(place) == set()


def test_values_are_of_their_columns_types(place):
    assert load(place, [item(1, rfm_r="5", rfm_monetary="12.5", rfm_as_of="2026-05-01")]) == ""
    held = place.customers()["C 1"]
    assert (held["rfm_r"], held["rfm_monetary"]) == (5, Decimal("12.50"))
    assert held["rfm_as_of"] == dt.date(2026, 5, 1)


def test_a_column_that_people_added_stays_null_as_in_a_batch(place):
    with place.server.owner() as connection:
        connection.run(f'ALTER TABLE "{place.schema}".customers ADD COLUMN "it\'s ours" text')
    assert load(place, [item(1)], [item(2)]) == ""
    assert set(place.customers()) == {"C 1", "C 2"}


def test_many_batches_are_one_copy_and_one_merge(postgres, place):
    """Ten batches, counted: each is staged and merged. All files together are so once."""
    groups = [[item(10 * group + n) for n in range(3)] for group in range(10)]
    place.driver.statements.clear()
    assert load(place, *groups) == ""
    by_files = len(place.driver.statements)
    assert len(of_kind(place, "COPY")) == 1
    assert len([text for text in of_kind(place, "MERGE") if '."customers" USING' in text]) == 1
    place.driver.statements.clear()
    for group in groups:
        place.transport.send(group)
    merges = [text for text in of_kind(place, "MERGE") if '."customers" USING' in text]
    assert (len(merges), len(of_kind(place, "MERGE"))) == (10, 20)
    assert (by_files, len(place.driver.statements)) == (15, 101)


# ---- all or nothing ------------------------------------------------------------------------


def test_a_count_that_differs_loads_nothing_and_says_so(place):
    place.driver.adds = 1
    with pytest.raises(Refused, match="copied 3 customers of files that have 2"):
        load(place, [item(1)], [item(2)])
    assert place.customers() == {}
    assert left_there(place) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(item(2, rfm_segment="☂" * 1_400), id="a text that is too long"),
        pytest.param(item(2, rfm_segment="a\0b"), id="a character that no column has"),
        pytest.param(item(2, rfm_r="five"), id="no number"),
        pytest.param(item(1), id="the same customer again"),
    ],
)
def test_a_wrong_customer_leaves_all_files_out_for_another_attempt(place, wrong):
    load(place, [item(9)])
    assert load(place, [item(1)], [wrong, item(3)])
    assert set(place.customers()) == {"C 9"}
    assert left_there(place) == set()


def test_a_customer_that_the_table_drops_is_noticed(place):
    with place.server.owner() as connection:
        connection.run(
            f'CREATE FUNCTION "{place.schema}".drops() RETURNS trigger LANGUAGE plpgsql AS '
            "$$ BEGIN RETURN NULL; END $$"
        )
        connection.run(
            f'CREATE TRIGGER dropping BEFORE INSERT ON "{place.schema}".customers FOR EACH ROW '
            f"WHEN (NEW.customer_id = 'C 2') EXECUTE FUNCTION \"{place.schema}\".drops()"
        )
    assert load(place, [item(1)], [item(2)]) == "count"
    assert place.customers() == {}


@pytest.mark.parametrize(
    "words",
    [
        "S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid 1,CanRetry 1",
        "User arn:aws:redshift:a:1:dbuser:b/c is not authorized to assume IAM Role arn:aws:iam::x",
    ],
)
def test_files_that_the_role_may_not_read_stop_the_run_and_say_which_field(place, words):
    place.driver.breaks = [refused(words)]
    with pytest.raises(Refused, match=r"'copy_role' of the secret tessera/dev/dest.*'none'"):
        load(place, [item(1)], [item(2)])


def test_a_row_that_copy_cannot_load_is_the_batchs_fault_and_other_errors_pass_by_themselves():
    errors = Errors("Redshift", schema="s", secret_name="n")
    words = "Load into table 'staging_1' failed.  Check 'sys_load_error_detail' system table"
    with pytest.raises(Wrong), errors.translated(personal=True):
        raise refused(words)
    for other in ("out of memory", "S3ServiceException:Access Denied,Status 403"):
        with pytest.raises(Retryable), errors.translated(personal=True):
            raise refused(other)


def test_a_bucket_that_is_busy_is_retryable(place):
    place.driver.breaks = [refused("S3ServiceException:Please reduce your rate,Status 503")]
    with pytest.raises(Retryable):
        load(place, [item(1)], [item(2)])


def test_whatever_else_copy_answers_is_left_to_fewer_files(place):
    errors = {"XX000": "Assert", "57014": "Query cancelled", "0A000": "not supported"}
    for code, words in errors.items():
        place.driver.breaks = [refused(words, code=code)]
        assert load(place, [item(1)], [item(2)]) == code
    assert left_there(place) == set()


def test_what_takes_too_long_is_ended_by_the_database_and_by_us(place):
    load(place, [item(1)])
    [limit] = of_kind(place, "SET statement_timeout")
    assert 50_000 < int(limit.rpartition(" ")[2]) <= 60_000
    minutes = itertools.count(0, 30)
    place.transport._files._clock = lambda: next(minutes)
    file = put_file(place.bucket, 1, [item(2)])
    assert place.transport.load_files([file], seconds=60) == "late"
    assert set(place.customers()) == {"C 1"}


def test_a_commit_whose_answer_is_lost_is_retryable_and_may_be_repeated(place):
    place.driver.lost = 1
    with pytest.raises(Retryable):
        load(place, [item(1)], [item(2)])
    assert load(place, [item(1)], [item(2)]) == ""
    assert set(place.customers()) == {"C 1", "C 2"}


def test_a_table_that_somebody_removed_is_named(place):
    with place.server.owner() as connection:
        connection.run(f'DROP TABLE "{place.schema}".customers')
    with pytest.raises(InvalidInput, match=place.schema):
        load(place, [item(1)])


# ---- the words -----------------------------------------------------------------------------


def test_every_statement_is_one_that_redshift_knows():
    names = [*tables.TABLES[tables.CUSTOMERS][0], "rfm_set_loudness", "it's"]
    copied = making.copied_columns(names)
    urls = {"manifest_url": "s3://b/m", "paths_url": "s3://b/p"}
    statements = [
        *sql.stage("tessera", "staging", "moves"),
        making.add_digest("tessera", "staging", dialect=tables.REDSHIFT),
        making.copy("tessera", "staging", copied, role=ROLE, **urls),
        making.copy("tessera", "staging", copied, role=making.DEFAULT_ROLE, **urls),
        making.count_copied(),
        making.mark_left("tessera", "staging", as_of=AS_OF),
        *sql.merge("tessera", "staging", "moves", names, as_of=AS_OF),
        sql.count_merged("tessera", "staging"),
        *sql.unstage("tessera", "staging", "moves"),
        making.limit_time(60),
    ]
    for text, values in statements:
        assert text.count("%s") == len(values)
        assert not isinstance(sqlglot.parse_one(text, read="redshift"), exp.Command), text


def test_copy_reads_each_column_from_its_member_of_a_line():
    names = ["customer_id", "customer_key", "rfm_r", "left_at", "rfm_set_mine", "ours", "rfm_Odd"]
    copied = making.copied_columns(names)
    assert copied == ("customer_id", "customer_key", "rfm_r", "rfm_set_mine", "digest")
    paths = making.json_paths(copied)["jsonpaths"]
    assert paths == [
        "$['customer_id']", "$['key']", "$['content']['rfm_r']", "$['content']['rfm_set_mine']",
        "$['digest']",
    ]  # fmt: skip
    text, _ = making.copy(
        "t", "s", copied, manifest_url="s3://b/m", paths_url="s3://b/p", role="default"
    )
    assert "IAM_ROLE default FORMAT AS JSON 's3://b/p' COMPUPDATE OFF MANIFEST" in text
    assert making.manifest({"s3://b/1": 7}) == {
        "entries": [{"url": "s3://b/1", "mandatory": True, "meta": {"content_length": 7}}]
    }


# ---- who may read --------------------------------------------------------------------------


SECRET = {
    "host": "h", "port": "5439", "dbname": "d", "username": "u", "password": "p", SCHEMA: "s",
    "iam_role": "arn:aws:iam::111122223333:role/batches",
}  # fmt: skip
OWN_HOST = "tessera-dev.111122223333."


def connected(
    monkeypatch, *, destination: str = "redshift", own: str = OWN_HOST, **fields: str
) -> WarehouseTransport:
    text = json.dumps(SECRET | fields)
    monkeypatch.setattr("adapters.aws.secrets._text", lambda *_, **__: text)
    environment = ActivateEnvironment("data", "identities", "dev", "{}")
    options = {"own_host": own} if own else {}
    return connect_warehouse(
        destination, options, environment=environment, tenant="default", run_id="r1"
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, None),
        ({"copy_role": ROLE}, ROLE),
        ({"copy_role": "none"}, None),
        ({"host": f"{OWN_HOST}us-east-1.redshift-serverless.amazonaws.com"}, "default"),
        ({"host": f"{OWN_HOST}us-east-1.x", "copy_role": "none"}, None),
        ({"host": "tessera-dev.999922223333.us-east-1.x"}, None),
        ({"host": f"{OWN_HOST}x", "own": ""}, None),
        ({"copy_role": ROLE, "destination": "postgresql"}, None),
    ],
)
def test_files_are_fetched_only_by_a_role_that_may_read_them(
    aws_environment, monkeypatch, fields, expected
):
    way = connected(monkeypatch, **fields)
    assert bool(way.customers_at_once) == (expected is not None)
    if expected:
        assert way._files._place.role == expected
        assert way._files._place.folder == (
            "tenants/default/runs/r1/destinations/redshift/staging/"
        )


@pytest.mark.parametrize("role", ["me", "arn:aws:iam::1:role/x", f"{ROLE}' REGION 'x"])
def test_a_role_of_another_form_is_refused(aws_environment, monkeypatch, role):
    with pytest.raises(InvalidInput, match="'copy_role'"):
        connected(monkeypatch, copy_role=role)
