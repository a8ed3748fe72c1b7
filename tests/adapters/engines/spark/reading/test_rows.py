"""What executors do with an upload, without Spark: they read what DuckDB reads, slice by slice."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from adapters.aws.objects import Objects
from adapters.engines.spark.reading.judge import JudgeRows, ReadAndJudge
from adapters.engines.spark.reading.order_rows import ReadOrders
from adapters.engines.spark.reading.parts import Slice, open_part, survey, whole
from adapters.engines.spark.reading.rows import SPILLED, ReadSlices
from tessera.contracts.tables import EVENTS
from tessera.events.names import UNCOUNTED
from tessera.records.runs.ticket import Part
from tessera.settings import RunSettings
from tessera.sources.amounts import decide_mark
from tessera.sources.dates.order import decide_dates
from tessera.sources.mappings import shipped
from tessera.sources.orders.money import included_by
from tessera.sources.rows import Currency, Reading
from tests.histories import event_file
from tests.reference import DATA, content

pytestmark = pytest.mark.spark  # its modules import PySpark, though no test here starts it

HEADER = "EventName,CustomerID,UnitPrice,Quantity,Date\n"
GOOD = 'PURCHASED,Zoë,2.50,2,"Mon, 05 Sep 2022 10:00:00 +0530"\n'
SPREAD = 'PURCHASED,"two\nlines",1.5,1,2024-01-01\n'
ENDLESS = 'PURCHASED,"a,1.5,1,2024-01-01\n'
PLAIN = "PURCHASED,c{},1.50,1,2024-01-01\n"
FAULTS = (
    "PURCHASED,a,1.5,1\n", 'PURCHASED,"a"b,1.5,1,2024-01-01\n', "PURCHASED, ,1.5,1,2024-01-01\n",
    "PURCHASED,a,1.5,1,\n", "PURCHASED,a,1.5,1,12/31/2024\n", "PURCHASED,a,1.5,1,1970-01-01\n",
    "DANCED,a,1.5,1,2024-01-01\n", "PURCHASED,a,,1,2024-01-01\n", "PURCHASED,a,free,1,2024-01-01\n",
    "PURCHASED,a,1.5,some,2024-01-01\n", "PURCHASED,a,123456789012345,1,2024-01-01\n",
    "PURCHASED,a,1.5,1,2024-01-01,\n", "\n", "   \n", "VIEWED,v,,,1704600000\n",
)  # fmt: skip
RETURNS = (
    "PURCHASED,a,100,1,2024-01-01\nREFUNDED,a,30,1,2024-01-02\nCANCELLED,a,-20,1,2024-01-03\n"
    "PURCHASED,a,5,-2,2024-01-04\nPURCHASED,a,-1,1,2024-01-05\nVIEWED,a,999,1,2024-01-06\n"
    "PROCESSED,a,,,2024-01-07\nviewed,b,,,1704600000\n"
)
TEXT = HEADER + GOOD + PLAIN.format("b") + RETURNS
MONEY = "customer_id,date,amount,currency\n"
FILES: dict[str, tuple[str | bytes, dict[str, Any]]] = {
    "utf-8": (TEXT, {}),
    "bom": (b"\xef\xbb\xbf" + TEXT.encode(), {}),
    "utf-16": (TEXT.encode("utf-16"), {}),
    "utf-16-be": (TEXT.encode("utf-16-be"), {}),
    "windows-1252": (TEXT.encode("windows-1252"), {}),
    "late windows-1252": (
        (HEADER + "".join(map(PLAIN.format, range(20_000))) + GOOD * 2).encode("windows-1252"), {}),
    "crlf": (TEXT.replace("\n", "\r\n"), {}),
    "cr": (TEXT.replace("\n", "\r"), {}),
    "mixed line ends": (TEXT.replace("\n", "\r\n", 1), {}),
    "semicolon": (TEXT.replace(",", ";"), {}),
    "tab": (TEXT.replace(",", "\t"), {}),
    "decimal comma": (
        "sep=;\n" + (HEADER + PLAIN * 9).replace(",", ";").replace("1.50", "1.500,25"), {}),
    "blank lines": ("\n\n" + TEXT + "\n\n", {}),
    "no last line end": (TEXT.rstrip("\n"), {}),
    "faults": (HEADER + GOOD * 60 + "".join(f + GOOD * 9 + SPREAD for f in FAULTS), {}),
    "quoted newlines": (HEADER + (SPREAD * 7 + GOOD * 7) * 40, {}),
    "quotes that never end": (HEADER + (GOOD * 30 + ENDLESS) * 3 + GOOD * 30, {}),
    "quotes inside": (HEADER + 'PURCHASED,5" pipe,1.5,1,2024-01-01\n' * 90 + SPREAD, {}),
    "time zone": (
        HEADER + "PURCHASED,a,1.5,1,2022-10-30 02:30:00\n" * 3 + TEXT.split("\n", 1)[1],
        {"time_zone": "Europe/Paris"}),
    "currency": (MONEY + "a,2024-01-01,1,usd\na,2024-01-02,2.5,EUR\nb,2024-01-03,1,\n",
                 {"currency": "EUR"}),
    "rates": (MONEY + "a,2024-01-01,0.33335,USD\na,2024-01-02,1,EUR\nb,2024-01-02,1,JPY\n"
              "b,2024-01-01,99999999999999.00,USD\n",
              {"currency": "EUR", "currency_rates": {"USD": "1.12345"}}),
    "stripe": (
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Customer Email\n"
        'ch_1,2026-03-01 10:00:00,"1,200.50",200.50,usd,Paid,ann@example.com,ann@example.com\n'
        "ch_2,2026-03-02 10:00:00,50.00,0.00,usd,Failed,ann@example.com,ann@example.com\n",
        {"mapping": "stripe", "currency": "USD"}),
    "order totals": (
        "CustomerID,Date,OrderID,SKU,Total\n" + "".join(
            f"c{n % 3},2024-01-{n % 28 + 1:02d},o{n},{sku},{n}.50\n" * 1
            for sku in "xyz" for n in range(1, 20)) + "c1,2024-01-01,,x,3.00\n" * 2, {}),
    "statuses": (
        "Kundennummer;Bestelldatum;Gesamt;Status\n" + "".join(
            f"{n % 5};2024-01-{n % 28 + 1:02d};{n},50;{word}\n"
            for n, word in enumerate(["abgeschlossen", "storniert", "offen", "Retoure", ""] * 5)),
        {}),
    "refunded orders": (
        "Kundennummer;Bestelldatum;Gesamt;Status\n" + "".join(
            f"{n % 5};2024-01-{n % 28 + 1:02d};{n},50;{word}\n"
            for n, word in enumerate(["abgeschlossen", "erstattet"] * 5)),
        {}),
    "header with a currency": (
        "CustomerID|Date|Total (EUR)\na|2024-01-01|1.50\nb|2024-01-02|$3\n",
        {"currency": "USD", "currency_rates": {"EUR": "1.1"}}),
    "consent": (
        "AdConsent,CustomerID,Amount,Date,Address\n" + "".join(
            f"{word},is {word},{amount},2024-01-0{day},a@example.com\n"
            for word in ("", "GRANTED", "no", " Yes ", "FALSE", "tRuE", "maybe", "-1")
            for day, amount in enumerate(("1", "free"), 1)), {"decimal": "dot"}),
    "bad bytes": ((HEADER + GOOD * 9).encode() + b"PURCHASED,Zo\xeb,1.5,1,2024-01-01\n", {}),
    "bad bytes elsewhere": (
        (TEXT.replace("\n", ",Note\n", 1).replace("01\n", "01,x\n")).encode() * 1
        + b"PURCHASED,a,1.5,1,2024-01-01,\xeb\n", {}),
    "dates": (
        "CustomerID,Date,Time,Amount\na,25/12/2025,10:02,1.5\nb,3/4/2026 8:26,,1.5\n"
        "c,3/4/26,8:26 PM,1.5\nd,12/25/2025,,1.5\ne,3. März 2026,,1.5\nf,46027.5,9:00,1.5\n"
        "g,2.1.2026,00:01:02,1.5\nh,2026-01-05 00:00:00,10:00,1.5\ni,soon,,1.5\n",
        {"dates": "dmy"}),
    "no rows": (
        "Report of May,,,,\n,,,,\n" + HEADER.replace("\n", ",City\n") + ",,,,,\n" * 9
        + "PURCHASED,a,1.5,1,2024-01-01\nPURCHASED,b,1.5,1,2024-01-01,x\nTotal,,3.00,,,\nSumme\n"
        + HEADER.replace("\n", ",City\n") + "\ufeffPURCHASED,c,1.5,1,2024-01-01,x\nPURCHASED,d\n",
        {}),
    "dates by a format": (
        "CustomerID,Date,Amount\n" + "a,03-04-2026,1.5\nb,3-4-26,1.5\nc,2026-04-03,1.5\n" * 3,
        {"dates": "%m-%d-%Y"}),
    "second encoding": (
        ((HEADER.rstrip("\n") + ",City\n") + "PURCHASED,a,1.5,1,2024-01-01,Köln\n" * 9).encode()
        + "PURCHASED,b,1.5,1,2024-01-01,Münster\nPURCHASED,ü,1,1,2024-01-01,x\n".encode("cp1252"),
        {}),
}  # fmt: skip


class OneObject(Objects):
    """A bucket with one object, in memory."""

    bucket = "memory"
    body = b""

    def __init__(self) -> None:
        pass

    @classmethod
    def shared(cls, bucket):
        return cls()

    def read_range(self, key, start, size, *, version_id=None):
        return self.body[start : start + size]

    def read_start(self, key, size, *, version_id=None):
        return self.body[:size]

    def download(self, key, path, *, version_id=None):
        path.write_bytes(self.body)
        return path


@pytest.fixture
def judged(monkeypatch):
    """Read a file as executors do, in slices of some bytes, and return its rows."""
    monkeypatch.setattr("adapters.engines.spark.reading.rows.Objects", OneObject)

    def read(body: bytes, *, name: str = "upload.csv", slice_bytes: int = 256, **settings: Any):
        OneObject.body = body
        uploaded = Part(key=name, version_id="", etag="", bytes=len(body))
        chosen = RunSettings.parse(settings)
        part = open_part(OneObject(), uploaded, size=len(body), settings=chosen)
        slices = survey(part, 0, objects=OneObject(), slice_bytes=slice_bytes).slices
        mapping = part.mapping
        cells = [cell for name in ("unit_price", "amount", "quantity")
                 for cell in part.sample.get(name, [])]  # fmt: skip
        mark = decide_mark(sorted(set(cells)), setting=chosen.decimal, name=name)
        reading = Reading(
            mark=mark,
            time_zone=mapping.time_zone or chosen.time_zone,
            mapping=mapping,
            dates=decide_dates(
                part.sample["date"], setting=chosen.dates, usual=mapping.dates, name=name
            ),
        )
        judge = JudgeRows(
            reading=reading,
            currency=Currency(code=chosen.currency, rates=chosen.currency_rates),
            tenant="default",
            secret=b"a secret for tests",
        )
        slices_of = ReadSlices(bucket="memory", parts=[part.bare], mapping=mapping)
        work = ReadAndJudge(slices_of, judge)
        if part.layout is not None:
            orders = ReadOrders(
                parts=[part.bare], mapping=mapping, mark=mark, included=included_by(chosen)
            )

            def work(batches):
                rows = pa.Table.from_batches(slices_of(batches), slices_of.schema)
                by_order = [(name, "ascending") for name in ("order_key", "line")]
                return judge(orders(rows.sort_by(by_order).to_batches(max_chunksize=7)))

        rows = run(work, slices)
        if any(row["code"] == SPILLED for row in rows):
            rows = run(work, [whole(0, encoding=slices[0].encoding)])
        return rows, slices

    return read


def run(work: Any, slices: list[Slice]) -> list[dict[str, Any]]:
    batch = pa.RecordBatch.from_pylist([vars(one) for one in slices])
    return [row for rows in work([batch]) for row in rows.to_pylist()]


@pytest.mark.parametrize("name", ["boutique", "marketplace", "rfm_orders"])
def test_executors_read_histories_as_duckdb_does(fold, judged, tmp_path, name):
    path = event_file(name, tmp_path)
    rows, slices = judged(content(path), slice_bytes=20_000)
    assert len(slices) > 5
    assert events(rows) == stored(fold(path))


EXPORTS = [name for name, mapping in shipped().items() if not mapping.refused]


@pytest.mark.parametrize("shop", EXPORTS)
def test_executors_read_exports_as_duckdb_does(fold, judged, shop):
    path = DATA / "golden" / shop / "input.csv"
    rates = {"EUR": "1.1", "JPY": "0.0068", "AUD": "0.65"}
    settings = {"currency": "USD", "currency_rates": rates}
    rows, slices = judged(path.read_bytes(), **settings)
    folded = fold(path, **settings)
    assert len(slices) > 1
    assert events(rows) == stored(folded)
    assert len(rows) == folded.read
    assert sorted(row["line"] for row in rows if row["code"]) == [r.line for r in folded.rejects]


@pytest.mark.parametrize("name", FILES)
def test_executors_read_every_spelling_as_duckdb_does_packed_or_not(fold, judged, tmp_path, name):
    text, settings = FILES[name]
    body = text.encode() if isinstance(text, str) else text
    settings = {**settings, "max_bad_share": 1.0}
    path = Path(tmp_path / "upload.csv")
    path.write_bytes(body)
    folded = fold(path, **settings)
    for uploaded in (body, gzip.compress(body)):
        rows, _ = judged(uploaded, **settings)
        assert events(rows) == stored(folded)
        refused = [row for row in rows if row["code"]]
        reasons = sorted((row["line"], row["code"], _text(row)) for row in refused)
        assert reasons == [(each.line, each.code, _shown(each)) for each in folded.rejects]
        assert len(rows) == folded.read
        people = {row["customer_id"] for row in rows if counts(row)}
        assert people == {row["customer_id"] for row in folded.identities}


@pytest.mark.parametrize(
    ("header", "column"), [("AdConsent", "ad_consent"), ("EmailConsent", "email_consent")]
)
def test_executors_read_consent_as_duckdb_does(fold, judged, header, column):
    text, settings = FILES["consent"]
    text = text.replace("AdConsent", header)
    rows, _ = judged(text.encode(), **settings)
    consents = {row["customer_id"]: row[column] for row in rows if not row["code"]}
    people = fold(text, **settings).identities
    assert consents == {row["customer_id"]: row[column] for row in people}
    assert {*consents.values()} == {"GRANTED", "DENIED", None}


def _text(row: dict[str, Any]) -> str:
    return "" if row["code"] == "bad_encoding" else row["raw"]  # shown differently


def _shown(reject: Any) -> str:
    return "" if reject.code == "bad_encoding" else reject.row


def events(rows: list[dict[str, Any]]) -> list[tuple]:
    return sorted((tuple(row[n] for n in EVENTS.names) for row in rows if counts(row)), key=repr)


def counts(row: dict[str, Any]) -> bool:
    return bool(not row["code"] and row["event"] not in UNCOUNTED and row["customer_id"])


def stored(folded: Any) -> list[tuple]:
    return sorted((tuple(row.values()) for row in folded.events), key=repr)


def test_slices_tile_a_file_and_know_their_lines(judged):
    body = (HEADER + (SPREAD * 3 + GOOD * 5) * 200).encode()
    rows, slices = judged(body, slice_bytes=1000)
    assert len(slices) > 30
    assert [one.start for one in slices[1:]] == [one.end for one in slices[:-1]]
    assert (slices[0].start, slices[-1].end) == (0, len(body))
    for one in slices:
        assert body[: one.start].count(b"\n") == one.line - 1
    expected = list(csv.reader(io.StringIO(body.decode(), newline="")))
    assert len(rows) == len(expected) - 1


def test_a_file_whose_quotes_mislead_is_read_whole(judged):
    """A quote inside a cell turns inside out what seems to be inside quotes after it."""
    odd = 'PURCHASED,5" pipe,1.5,1,2024-01-01\n'
    rows, slices = judged((HEADER + GOOD * 30 + odd + (SPREAD + GOOD) * 60).encode())
    assert len(slices) > 5
    assert len(rows) == 151
    assert not any(row["code"] for row in rows)


def test_a_cell_does_not_reach_an_error(judged, monkeypatch):
    def fail(self, cells):
        raise ValueError(cells["customer_id"][0])

    monkeypatch.setattr("tessera.sources.rows.RowReader.read", fail)
    with pytest.raises(RuntimeError, match=r"^ValueError in .*, fail$"):
        judged(TEXT.encode())


def test_executors_read_a_workbook_as_duckdb_does(fold, judged, tmp_path):
    path = tmp_path / "upload.xlsx"
    path.write_bytes((DATA / "golden" / "german-excel" / "input.xlsx").read_bytes())
    settings = {"currency": "EUR", "max_bad_share": 1.0}
    rows, slices = judged(path.read_bytes(), name=path.name, **settings)
    assert len(slices) == 1
    assert events(rows) == stored(fold(path, **settings)) != []
