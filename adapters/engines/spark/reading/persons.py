"""Whose the rows of an upload are, where other rows of it say so."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame

from adapters.engines.spark.session import guarded
from tessera.customers.anonymous import anonymous_record, anonymous_sales
from tessera.events.counts import Doubt
from tessera.events.identities import contacts, identities
from tessera.events.persons.queries import crowded, doubt_records, doubts
from tessera.events.persons.reading import STAND_INS, IdRules
from tessera.events.pseudonym import customer_keys
from tessera.records.runs.prepare import Anonymous

_CONTACT = pa.schema([("stand_in", pa.string()), ("customer_id", pa.string())])
_LINK = pa.schema(
    [("stand_in", pa.string()), ("linked_id", pa.string()), ("linked_key", pa.string())]
)
_CONTACT_SQL = "stand_in string, customer_id string"
_LINK_SQL = "stand_in string, linked_id string, linked_key string"


def anonymous_of(rows: DataFrame) -> Anonymous:
    """Return what events without a customer come to."""
    rows.createOrReplaceTempView("judged_rows")
    query = anonymous_sales("judged_rows", place="part || ' ' || line")
    return anonymous_record(rows.sparkSession.sql(query).collect()[0])


def doubts_of(rows: DataFrame) -> dict[str, Doubt]:
    """Return the ids in doubt, by kind."""
    rows.createOrReplaceTempView("judged_rows")
    query = doubts("judged_rows", cell="doubtful_id")
    return doubt_records(rows.sparkSession.sql(query).collect())


def lost_zeros(rows: DataFrame) -> dict[str, str]:
    """Return the ids of digits that another id has with zeros before them."""
    rows.createOrReplaceTempView("judged_rows")
    doubtful = rows.sparkSession.sql(
        """SELECT short.customer_id, min(long.customer_id) AS long FROM (
            SELECT DISTINCT customer_id FROM judged_rows WHERE customer_id RLIKE '^0[0-9]*$'
        ) AS long
        JOIN (SELECT DISTINCT customer_id FROM judged_rows) AS short
        ON short.customer_id = ltrim('0', long.customer_id) AND short.customer_id <> ''
        GROUP BY short.customer_id HAVING count(*) = 1"""
    )
    return {row["customer_id"]: row["long"] for row in doubtful.collect()}


def people_of(events: DataFrame, *, columns: Iterable[str]) -> DataFrame:
    """Return who the customers of some events are, as IDENTITIES without their keys.

    Parameters
    ----------
    columns
        Those of our columns that any part of the upload has.
    """
    events.createOrReplaceTempView("people")
    queries = contacts("SELECT * FROM people", {*columns, "address"})
    return events.sparkSession.sql(identities(" UNION ALL ".join(queries)))


def crowded_ids(people: DataFrame) -> frozenset[str]:
    """Return the ids with more addresses of one kind than one person has."""
    people.createOrReplaceTempView("people_rows")
    rows = people.sparkSession.sql(crowded("people_rows")).collect()
    return frozenset(row["customer_id"] for row in rows)


def linked(rows: DataFrame, *, rules: IdRules, tenant: str, secret: bytes) -> DataFrame:
    """Return the rows, those with a stand-in under the id that the file has beside it."""
    contacts = (
        rows.where("customer_id IS NOT NULL AND stand_in IS NULL")
        .select("customer_id", *STAND_INS)
        .mapInArrow(_ReadContacts(rules), _CONTACT_SQL)
    )
    needed = rows.where("stand_in IS NOT NULL").select("stand_in").distinct()
    counted = contacts.join(needed, "stand_in").groupBy("stand_in", "customer_id").count()
    counted.createOrReplaceTempView("contacts")
    links = rows.sparkSession.sql(
        """SELECT stand_in, min_by(customer_id, struct(-count, customer_id)) AS customer_id
        FROM contacts GROUP BY stand_in"""
    ).mapInArrow(_MakeKeys(tenant, secret), _LINK_SQL)
    names = {
        "customer_id": "coalesce(linked_id, customer_id) AS customer_id",
        "customer_key": "coalesce(linked_key, customer_key) AS customer_key",
    }
    joined = rows.join(links, "stand_in", "left")
    return joined.selectExpr(*(names.get(name, name) for name in rows.columns)).persist(
        StorageLevel.DISK_ONLY
    )


@dataclasses.dataclass(frozen=True)
class _ReadContacts:
    """Travels to the executors. There it reads what stands beside ids."""

    rules: IdRules

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield each of a row's stand-ins with the row's customer."""
        known: dict[tuple[str | None, ...], list[str]] = {}
        for batch in batches:
            columns = [batch.column(name).to_pylist() for name in STAND_INS]
            pairs: list[tuple[str, str]] = []
            ids = batch.column("customer_id").to_pylist()
            for customer_id, cells in zip(ids, zip(*columns, strict=True), strict=True):
                if cells not in known:
                    known[cells] = self._each(cells)
                pairs += [(stand_in, customer_id) for stand_in in known[cells]]
            yield _batch(pairs, _CONTACT)

    def _each(self, cells: Sequence[str | None]) -> list[str]:
        """Return what each contact alone would stand for."""
        other, email, phone, channel, address = cells
        alone = (
            (other, None, None, None, None),
            (None, email, None, None, None),
            (None, None, phone, None, None),
            (None, None, None, channel, address),
        )
        return [each for one in alone if any(one) and (each := self.rules.stand_in(one))]


@dataclasses.dataclass(frozen=True)
class _MakeKeys:
    """Travels to the executors. There it makes pseudonyms."""

    tenant: str
    secret: bytes = dataclasses.field(repr=False)

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield each link with its customer's key."""
        key_of = customer_keys(self.secret, tenant=self.tenant)
        for batch in batches:
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            yield _batch([(one, each, key_of(each)) for one, each in rows], _LINK)


def _batch(rows: Sequence[tuple[str, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else [() for _ in schema]
    arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
