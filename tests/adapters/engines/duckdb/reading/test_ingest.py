"""Every spelling that an upload may have, and what each fault in it costs."""

from __future__ import annotations

import datetime as dt
import gzip
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.engines.duckdb.reading.files import upload_file
from adapters.engines.duckdb.reading.verdicts import Currencies, fault_of_money
from adapters.engines.duckdb.session import confine, connect, in_order, in_zone, scalar
from tessera.errors import InvalidInput
from tessera.events.reasons import REJECTS
from tessera.settings import RunSettings

HEADER = "EventName,CustomerID,UnitPrice,Quantity,Date"
TEXT = f"{HEADER}\nPURCHASED,Zoë,2.50,2,2024-01-01\nPURCHASED,b,1.25,1,2024-01-02\n"


@pytest.mark.parametrize(
    "body",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("windows-1252"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace("\n", "\r\n", 1).encode(),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace(",", ";").replace(".", ",").encode(),
        ("sep=;\n" + TEXT.replace(",", ";")).encode(),
        ("\n\n" + TEXT).encode(),
        TEXT.rstrip("\n").encode(),
        gzip.compress(TEXT.encode(), mtime=0),
        gzip.compress(TEXT.encode("utf-16"), mtime=0),
        TEXT.replace("EventName", "event_name").replace("CustomerID", "CUSTOMER ID").encode(),
        TEXT.replace("PURCHASED", "purchased").encode(),
        TEXT.replace("UnitPrice", "price").replace("Quantity", "qty").encode(),
    ],
    ids=[
        "utf-8", "bom", "utf-16", "utf-16-be", "windows-1252", "crlf", "cr", "mixed line ends",
        "semicolon", "tab", "decimal comma", "sep line", "blank lines", "no last line end", "gzip",
        "gzip utf-16", "header case", "event case", "aliases",
    ],
)  # fmt: skip
def test_one_history_in_many_spellings(fold, body):
    folded = fold(body)
    assert folded.rejects == []
    assert {name: row["monetary"] for name, row in folded.customers.items()} == {
        "Zoë": Decimal("5.0000"),
        "b": Decimal("1.2500"),
    }


def test_windows_1252_is_found_after_a_megabyte_of_ascii(fold):
    plain = "".join(f"PURCHASED,c{i},1.50,1,2024-01-01\n" for i in range(20_000))
    body = f"{HEADER}\n{plain}PURCHASED,Zoë,1.50,1,2024-01-01\n".encode("windows-1252")
    folded = fold(body)
    assert folded.read == 20_001
    assert folded.rejects == []
    assert "Zoë" in folded.customers


DATES = (
    "Mon, 19 Sep 2022 12:16:01 +0530", "19 Sep 2022 12:16:01 +0530",
    "Mon, 19 Sep 2022 06:46:01 GMT", "Mon, 19 Sep 2022 01:46:01 EST",
    "Mon, 19 Sep 2022 12:16:01 +0530 (IST)", "Mon, 19 Sep 2022 06:46:01 -0000",
    "Tue, 19 Sep 2022 12:16:01 +0530", "mon, 19 sep 22 12:16:01 +0530",
    "2022-09-19T06:46:01Z", "2022-09-19 12:16:01+05:30", "2022-09-19 12:16:01 +0530",
    "2022-09-19T06:46:01.000Z", "20220919T064601Z", "2022/09/19 06:46:01 UTC",
    "1663569961", "1663569961000",
    "2022-09-19 08:46:01", "2022-09-19T08:46:01", "Mon, 19 Sep 2022 08:46:01",
)  # fmt: skip
INSTANT = dt.datetime(2022, 9, 19, 6, 46, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("date", DATES)
def test_every_spelling_of_a_date_is_one_instant(fold, date):
    folded = fold(f'{HEADER}\nPURCHASED,b,1.5,1,"{date}"\n', time_zone="Europe/Paris")
    assert folded.rejects == []
    assert folded.customers["b"]["first_purchase_at"] == INSTANT


@pytest.mark.parametrize("others", ["Mon, 05 Sep 2022 10:00:00 +0000", "2022-09-05"])
def test_a_spelling_among_others_is_the_same_instant(fold, others):
    """On the fast path and off it: ``others`` decides what the fast path is prepared for."""
    rows = f'PURCHASED,a,1.5,1,"{others}"\n' * 60 * len(DATES)
    rows += "".join(f'PURCHASED,"{date}",1.5,1,"{date}"\n' for date in DATES)
    folded = fold(f"{HEADER}\n{rows}", time_zone="Europe/Paris")
    assert folded.rejects == []
    first = {name: row["first_purchase_at"] for name, row in folded.customers.items()}
    assert {date: first.get(date) for date in DATES} == dict.fromkeys(DATES, INSTANT)


@pytest.mark.parametrize("local", ["2022-10-30 02:30:00", "2022-03-27 02:30:00"])
def test_both_paths_read_an_hour_that_a_clock_change_touches_alike(fold, local):
    rows = f'PURCHASED,fast,1.5,1,{local}\nPURCHASED,slow,1.5,1,"{local.replace("-", "/")}"\n'
    folded = fold(f"{HEADER}\n{rows * 3}", time_zone="Europe/Paris")
    customers = folded.customers
    assert customers["fast"]["first_purchase_at"] == customers["slow"]["first_purchase_at"]


FAULTS = {
    "wrong_columns": "PURCHASED,a,1.5,1",
    "bad_quotes": 'PURCHASED,"a"b,1.5,1,2024-01-01',
    "doubtful_id": "PURCHASED,4.68769E+17,1.5,1,2024-01-01",
    "missing_date": "PURCHASED,a,1.5,1,",
    "bad_date": "PURCHASED,a,1.5,1,2024-13-31",
    "date_out_of_range": "PURCHASED,a,1.5,1,1970-01-01",
    "unknown_event": "DANCED,a,1.5,1,2024-01-01",
    "missing_amount": "PURCHASED,a,,1,2024-01-01",
    "bad_amount": "PURCHASED,a,free,1,2024-01-01",
    "bad_quantity": "PURCHASED,a,1.5,some,2024-01-01",
    "amount_out_of_range": "PURCHASED,a,123456789012345,1,2024-01-01",
}


@pytest.mark.parametrize(("code", "row"), FAULTS.items())
def test_a_fault_costs_its_own_row_and_says_where(check, code, row):
    good = 'PURCHASED,a,1.5,1,"2024-01-01"\n'
    spread = 'PURCHASED,"two\nlines",1.5,1,2024-01-01\n'
    checked = check(f"{HEADER}\n{good}{spread}\n{row}\n{good}")
    assert checked.rejected == {code: 1}
    assert (checked.read, checked.accepted) == (4, 3)
    [reject] = checked.rejects
    assert (reject.line, reject.code, reject.row) == (6, code, row)


def test_bad_encoding_and_other_currency_cost_their_rows(check):
    rows = f"PURCHASED,Zoë,1.5,1,2024-01-01\n{TEXT.split(chr(10), 1)[1]}".encode() * 3
    body = HEADER.encode() + b"\n" + rows + b"PURCHASED,Zo\xeb,1.5,1,2024-01-01\n"
    assert check(body).rejected == {"bad_encoding": 1}
    money = "customer_id,date,amount,currency\n"
    body = money + "a,2024-01-01,1,EUR\na,2024-01-01,1,EUR\na,2024-01-02,1,usd\na,2024-01-03,1,\n"
    checked = check(body)
    assert (checked.currency, checked.rejected) == ("EUR", {"other_currency": 1})
    assert checked.rejects[0].line == 4
    assert check(body, currency="EUR", currency_rates={"USD": "0.5"}).rejected == {}


def test_rates_turn_other_currencies_into_the_tenants(fold):
    body = "customer_id,date,amount,currency\na,2024-01-01,10,USD\na,2024-01-02,1,EUR\n"
    folded = fold(body, currency="EUR", currency_rates={"USD": "0.92"})
    assert folded.customers["a"]["monetary"] == Decimal("10.2000")


def test_an_amount_too_large_at_its_rate_costs_its_row(check, fold):
    rows = "a,2024-01-01,99999999999999.00,USD\na,2024-01-02,10.00,USD\na,2024-01-02,1,EUR\n"
    body = f'customer_id,date,amount,currency\n{rows}a,2024-01-03,"99,999,999,999,999.00",USD\n'
    settings = {"currency": "EUR", "currency_rates": {"USD": "1.5", "JPY": "0.00612"}}
    checked = check(body, **settings)
    assert [(reject.line, reject.code) for reject in checked.rejects] == [
        (2, "amount_out_of_range"), (5, "amount_out_of_range"),
    ]  # fmt: skip
    folded = fold(body, **settings)
    assert folded.customers["a"]["monetary"] == 16
    assert len(folded.identities) == 1


@pytest.mark.parametrize("rate", ["0", "-1", "1 END) --", "nan", "1e40", ""])
def test_a_rate_is_a_number_and_nothing_else(rate):
    settings = RunSettings(currency="EUR")
    object.__setattr__(settings, "currency_rates", {"USD": rate})
    with pytest.raises(InvalidInput, match="'currency_rates'"):
        fault_of_money(Currencies(own="EUR", rates=settings.currency_rates))


def test_the_engine_reaches_its_folder_and_the_upload_only(tmp_path):
    work, other = tmp_path / "work", tmp_path / "other"
    work.mkdir()
    other.mkdir()
    for name in ("upload.csv", "secret.csv"):
        (other / name).write_text("a\n1\n")
    with connect(work, memory_limit_mb=256) as db:
        confine(db, work, files=[other / "upload.csv"])
        assert scalar(db, f"SELECT count(*) FROM read_csv('{other / 'upload.csv'}')") == 1
        db.execute(f"COPY (SELECT 1 AS a) TO '{work / 'x.parquet'}'")
        with in_zone(db, "Europe/Paris"), in_order(db):
            assert scalar(db, f"SELECT a FROM '{work / 'x.parquet'}'") == 1
        for forbidden in (
            f"SELECT * FROM read_csv('{other / 'secret.csv'}')",
            f"SELECT * FROM read_csv('{work}/../other/secret.csv')",
            "SELECT * FROM read_text('/etc/passwd')",
            f"COPY (SELECT 1) TO '{other / 'x.csv'}'",
            f"ATTACH '{other / 'x.db'}'",
            "SET enable_external_access = true",
            "SET allowed_directories = ['/']",
        ):
            with pytest.raises(duckdb.Error):
                db.execute(forbidden)


def test_a_check_refuses_what_a_run_refuses(check):
    body = f"{HEADER}\nPURCHASED,a,1.5,1,2024-01-01\n"
    for settings in ({"preset": "nope"}, {"destinations": ["nowhere"]}):
        with pytest.raises(InvalidInput, match=r"nope|nowhere"):
            check(body, **settings)
    with pytest.raises(InvalidInput, match="no rows"):
        check(f"{HEADER}\n")


def test_a_check_counts_an_event_id_once(check):
    header = "customer_id,date,amount,event_id\n"
    checked = check(f"{header}a,2024-01-01,5,e1\na,2024-01-01,5,e1\na,2024-01-01,5,\n")
    assert (checked.accepted, checked.ignored) == (2, {"duplicate_event": 1})


def test_a_day_and_its_hour_is_no_epoch_on_either_path(check):
    rows = "PURCHASED,a,1.5,1,1663569961\n" * 60 + "PURCHASED,a,1.5,1,2022091906\n"
    assert check(f"{HEADER}\n{rows}").rejected == {"bad_date": 1}


def test_a_word_that_is_no_consent_costs_its_row_whichever_path_reads_it(check):
    good = "".join(f"{word},a,1,2024-01-01\n" for word in ("", "yes", "GRANTED", " no ", '"  "'))
    body = f"AdConsent,CustomerID,Amount,Date\n{good}perhaps,a,1,2024-01-01\n-1,a,1,2024-01-01\n"
    checked = check(body)
    assert checked.rejected == {"bad_consent": 2}
    assert [(one.line, one.column) for one in checked.rejects] == [
        (7, "AdConsent"),
        (8, "AdConsent"),
    ]
    assert checked.columns["ad_consent"] == "AdConsent"


def test_of_two_faults_in_a_row_the_consent_comes_after_the_money(check):
    body = (
        "AdConsent,CustomerID,Amount,Date,Currency\nperhaps,a,free,2024-01-01,EUR\n"
        "perhaps,a,1,2024-01-01,USD\nyes,a,1,2024-01-01,EUR\nyes,a,2,2024-01-01,EUR\n"
    )
    checked = check(body, currency="EUR", decimal="dot")
    assert [one.code for one in checked.rejects] == ["bad_amount", "bad_consent"]


# By customer: the answers by day, and which one counts since which day.
ANSWERS = {
    "silence keeps": ([(1, "GRANTED"), (2, "")], ("GRANTED", 1)),
    "latest wins": ([(1, "true"), (2, "FALSE"), (3, "")], ("DENIED", 2)),
    "granted again": ([(1, "Denied"), (2, "1")], ("GRANTED", 2)),
    "a tie denies": ([(2, "yes"), (2, "no"), (2, "Y")], ("DENIED", 2)),
    "spaces": ([(1, " granted "), (2, "   ")], ("GRANTED", 1)),
    "no answer": ([(1, ""), (2, "")], (None, None)),
}


def test_an_identity_has_the_latest_word_on_consent(fold):
    rows = [
        f"{who},1,2024-01-0{day},{word},{who.replace(' ', '.')}@example.com,Town {n}\n"
        for who, (answers, _) in ANSWERS.items()
        for n, (day, word) in enumerate(answers)
    ]
    header = "CustomerID,Amount,Date,AdConsent,Address,City\n"
    both = [fold(header + "".join(order)).identities for order in (rows, rows[::-1])]
    assert both[0] == both[1]
    assert {row["customer_id"] for row in both[0]} == ANSWERS.keys()
    for row in both[0]:
        answers, expected = ANSWERS[row["customer_id"]]
        instant = row["ad_consent_at"]
        assert (row["ad_consent"], instant and instant.day) == expected, row
        assert row["last_seen_at"].day == max(day for day, _ in answers), row


def test_a_file_without_consent_leaves_it_empty_beside_one_with_it(fold):
    without = "CustomerID,Amount,Date\na,1,2024-01-05\n"
    consent = "CustomerID,Amount,Date,Advertising Consent\na,1,2024-01-01,no\nb,1,2024-01-01,\n"
    rows = {row["customer_id"]: row["ad_consent"] for row in fold(without, consent).identities}
    assert rows == {"a": "DENIED", "b": None}


def test_consent_to_e_mail_is_read_apart_from_consent_to_advertising(fold):
    body = (
        "CustomerID,Amount,Date,Accepts Marketing,AdConsent\n"
        "a,1,2024-01-01,yes,no\nb,1,2024-01-01,no,\nc,1,2024-01-01,,yes\n"
    )
    rows = {row["customer_id"]: row for row in fold(body).identities}
    assert {one: row["email_consent"] for one, row in rows.items()} == {
        "a": "GRANTED",
        "b": "DENIED",
        "c": None,
    }
    assert {one: row["ad_consent"] for one, row in rows.items()} == {
        "a": "DENIED",
        "b": None,
        "c": "GRANTED",
    }


def test_every_code_of_the_list_was_tried_here():
    others = {
        "ambiguous_date",
        "contrary_date",
        "date_in_future",
        "bad_encoding",
        "cell_too_long",
        "bad_consent",
        "other_currency",
        "currency_conflict",
    }
    assert {reason.code for reason in REJECTS} == {*FAULTS, *others}


def test_a_quote_that_never_ends_costs_one_line_only(check):
    good = "PURCHASED,a,1.5,1,2024-01-01\n"
    checked = check(f'{HEADER}\n{good}PURCHASED,"a,1.5,1,2024-01-01\n{good}{good}')
    assert (checked.read, checked.rejected) == (4, {"bad_quotes": 1})
    assert checked.rejects[0].line == 3


def test_a_record_that_the_engine_skips_in_silence_is_noticed_and_read(fold, monkeypatch):
    read_csv = upload_file.read_csv

    def skips_one(path, sniffed, **options):
        whole = read_csv(path, sniffed, **options)
        clean = path.name.endswith(".clean.csv")
        return whole if clean else f"(SELECT * FROM {whole} WHERE c1 <> 'b')"

    monkeypatch.setattr(upload_file, "read_csv", skips_one)
    folded = fold(TEXT)
    assert folded.read == 2
    assert set(folded.customers) == {"Zoë", "b"}


def test_rejects_of_a_long_file_keep_their_lines(check):
    good = 'PURCHASED,"a ""b"" c",1.5,1,"Mon, 05 Sep 2022 10:00:00 +0000"\n'
    rows = [good] * 60_000
    rows[100] = 'PURCHASED,"x\n\ny",1.5,1,2022-09-05\n'
    rows[41_000] = "PURCHASED,q,1.5\n"
    rows[50_000] = "PURCHASED,q,1.5,1,never\n"
    checked = check(f"{HEADER}\n{''.join(rows)}")
    assert [(reject.line, reject.code) for reject in checked.rejects] == [
        (41_004, "wrong_columns"),
        (50_004, "bad_date"),
    ]
    assert checked.accepted == 59_998


def test_ids_that_name_a_customer_stay_as_given(fold):
    ids = ["007", "8", "CUST-000042", "cust-000042", "NA", "1e5", "A.0", "Ann Lee"]
    rows = "".join(f'PURCHASED,"{each}",1.5,1,2024-01-01\n' for each in ids)
    assert set(fold(f"{HEADER}\n{rows}").customers) == set(ids)


def test_refunds_cancellations_and_returns_move_money_and_are_no_orders(fold):
    rows = [
        "PURCHASED,a,100,1,2024-01-01", "REFUNDED,a,30,1,2024-01-02",
        "CANCELLED,a,-20,1,2024-01-03",
        "PURCHASED,a,5,-2,2024-01-04", "PURCHASED,a,-1,1,2024-01-05", "VIEWED,a,999,1,2024-01-06",
        "PROCESSED,a,,,2024-01-07",
    ]  # fmt: skip
    folded = fold(HEADER + "\n" + "\n".join(rows) + "\n")
    customer = folded.customers["a"]
    assert customer["monetary"] == Decimal("39.0000")
    assert (customer["frequency"], customer["views"], customer["events"]) == (1, 1, 7)
    assert customer["last_purchase_at"] == dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    assert customer["last_event_at"] == dt.datetime(2024, 1, 7, tzinfo=dt.UTC)


def test_a_subscription_is_an_order_where_money_came_with_it(fold):
    rows = [
        "SUBSCRIBED,paid,10,1,2024-01-01", "RENEWED,paid,10,1,2024-02-01",
        "subscription renewed,paid,,,2024-03-01", "CANCELLED,paid,,,2024-03-05",
        "SUBSCRIBED,trial,,,2024-01-01", "SUBSCRIBED,free,0,1,2024-01-01",
        "RENEWED,back,-10,1,2024-01-01", "PURCHASED,gift,0,1,2024-01-01",
    ]  # fmt: skip
    folded = fold(HEADER + "\n" + "\n".join(rows) + "\n")
    measures = {
        name: (row["frequency"], row["purchase_days"], row["monetary"], row["events"])
        for name, row in folded.customers.items()
    }
    assert measures == {
        "paid": (2, 2, 20, 4),
        "trial": (0, 0, 0, 1),
        "free": (0, 0, 0, 1),
        "back": (0, 0, -10, 1),
        "gift": (1, 1, 0, 1),
    }
    paid = folded.customers["paid"]
    assert paid["last_purchase_at"] == dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
    assert paid["last_event_at"] == dt.datetime(2024, 3, 5, tzinfo=dt.UTC)
    stored = sorted((row["event"], row["amount"]) for row in folded.events)
    assert stored[0] == ("CANCELLED", 0)
    assert ("REFUNDED", -10) in stored
    assert ("RENEWED", 0) in stored


def test_a_cancelled_order_must_say_how_much(check):
    head = "EventName,CustomerID,OrderID,Amount,Date\n"
    checked = check(
        f"{head}CANCELLED,a,,,2024-01-01\nCANCELLED,a,o1,,2024-01-01\n"
        "CANCELLED,a,o2,5,2024-01-01\nPURCHASED,a,,,2024-01-01\nRENEWED,a,o3,x,2024-01-01\n"
    )
    assert [(reject.line, reject.code) for reject in checked.rejects] == [
        (3, "missing_amount"), (5, "missing_amount"), (6, "bad_amount"),
    ]  # fmt: skip
    assert checked.accepted == 2


def test_orders_are_order_ids_or_else_instants(fold):
    rows = "a,2024-01-01,1,o1\na,2024-01-02,1,o1\na,2024-01-03,1,\na,2024-01-03,1,\n"
    body = f"customer_id,date,amount,order_id\n{rows}"
    assert fold(body).customers["a"]["frequency"] == 2


def test_equal_rows_without_an_event_id_all_count(fold):
    body = "customer_id,date,amount\n" + "a,2024-01-01,1.5\n" * 3
    assert fold(body).customers["a"]["monetary"] == Decimal("4.5000")


def test_money_is_exact(fold):
    rows = 'a,2024-01-01,19.99,100\na,2024-01-02,0.123456,1000\na,2024-01-03,"$1,299.00",1\n'
    customer = fold(f"customer_id,date,unit_price,quantity\n{rows}").customers["a"]
    assert customer["monetary"] == Decimal("1999") + Decimal("123.456") + Decimal("1299")
    rows = "".join(f"a,2024-01-{1 + i % 28:02d},0.1,1\n" for i in range(10_000))
    customer = fold(f"customer_id,date,unit_price,quantity\n{rows}").customers["a"]
    assert customer["monetary"] == 1000


def test_amounts_that_could_mean_two_things_are_refused_with_both(check):
    body = "customer_id;date;amount\na;2024-01-01;12.500\nb;2024-01-01;3.000\n"
    with pytest.raises(InvalidInput, match=r"12.500 or 12500"):
        check(body)
    assert check(body, decimal="dot").accepted == 2
    assert check(body, decimal="comma").accepted == 2


def test_an_amount_that_shows_the_mark_far_into_the_file_decides(fold):
    rows = "".join(f"c{i};2024-01-01;1.500\n" for i in range(20_000))
    folded = fold(f"customer_id;date;amount\n{rows}z;2024-01-01;2,50\n")
    assert folded.customers["c1"]["monetary"] == 1500
    assert folded.customers["z"]["monetary"] == Decimal("2.5")


def test_the_time_zone_decides_the_day(fold):
    body = f"{HEADER}\nPURCHASED,a,1.5,1,2024-01-01T23:30:00Z\n"
    assert fold(body, as_of="2024-01-03").customers["a"]["recency_days"] == 2
    paris = fold(body, as_of="2024-01-03", time_zone="Europe/Paris")
    assert paris.customers["a"]["recency_days"] == 1


def test_parquet_typed_or_as_text(fold, check, tmp_path):
    typed = pa.table(
        {
            "CustomerID": pa.array([7, 8]),
            "Date": pa.array(
                [dt.datetime(2024, 1, 1, tzinfo=dt.UTC)] * 2, pa.timestamp("us", "UTC")
            ),
            "UnitPrice": pa.array([19.99, 2.5]),
            "Quantity": pa.array([100, 1]),
        }
    )
    pq.write_table(typed, tmp_path / "typed.parquet")
    folded = fold(tmp_path / "typed.parquet")
    assert folded.customers["7"]["monetary"] == 1999
    texts = pa.table({name: column.cast(pa.string()) for name, column in
                      zip(typed.column_names, typed.columns, strict=True)})  # fmt: skip
    pq.write_table(texts.set_column(3, "Quantity", pa.array(["x", "1"])), tmp_path / "t.parquet")
    checked = check((tmp_path / "t.parquet").read_bytes(), name="u.parquet")
    assert [(reject.line, reject.code) for reject in checked.rejects] == [(1, "bad_quantity")]


def test_parquet_ids_with_fractions_are_refused(check, tmp_path):
    table = pa.table({"CustomerID": [7.0], "Date": ["2024-01-01"], "UnitPrice": ["1"]})
    pq.write_table(table, tmp_path / "t.parquet")
    with pytest.raises(InvalidInput, match=r"17850\.0"):
        check((tmp_path / "t.parquet").read_bytes(), name="u.parquet")


@pytest.mark.parametrize(
    ("mapping", "body", "monetary"),
    [
        (
            "shopify",
            "Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,"
            "Lineitem name,Lineitem price,Billing City,Refunded Amount,Id\n"
            "#1001,ann@example.com,partially_refunded,2026-09-03 10:15:00 -0400,USD,56.29,"
            "2026-09-03 10:14:00 -0400,2,Print,16.00,Testville,5.00,5550000001\n"
            "#1001,ann@example.com,,,,,2026-09-03 10:14:00 -0400,1,Bag,20.00,,,\n"
            "#1002,ann@example.com,voided,,USD,9,2026-09-04 10:14:00 -0400,1,Bag,9.00,,,\n",
            "47.0000",
        ),
        (
            "stripe",
            "id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,"
            "Customer Email\n"
            'ch_1,2026-03-01 10:00:00,"1,200.50",200.50,usd,Paid,ann@example.com,ann@example.com\n'
            "ch_2,2026-03-02 10:00:00,50.00,0.00,usd,Failed,ann@example.com,ann@example.com\n",
            "1000.0000",
        ),
        (
            "woocommerce",
            "Order Number,Order Status,Order Date,Email (Billing),Item Name,Quantity,Item Cost\n"
            "7,Completed,2026-03-01 10:00:00,ann@example.com,Mug,2,4.50\n"
            "7,Completed,2026-03-01 10:00:00,ann@example.com,Bag,1,1.00\n"
            "8,Failed,2026-03-02 10:00:00,ann@example.com,Bag,1,1.00\n",
            "10.0000",
        ),
    ],
)
def test_exports_of_other_tools(fold, check, mapping, body, monetary):
    folded = fold(body, mapping=mapping)
    assert folded.rejects == []
    customer = folded.customers["ann@example.com"]
    assert (customer["monetary"], customer["frequency"]) == (Decimal(monetary), 1)
    assert folded.identities[0]["channel_type"] == "EMAIL"
    ignored = check(body, mapping=mapping).ignored
    assert ignored.pop("order_line", 0) == (0 if mapping == "stripe" else 1)
    assert ignored == {"unpaid_order": 1}


SHOPIFY = (
    "Name,Email,Financial Status,Currency,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Total,Refunded Amount\n"
)
ON = "2026-09-03 10:14:00 -0400"


def test_an_order_of_several_lines_is_one_event(fold, check):
    body = SHOPIFY + (
        f"#1,ann@example.com,voided,EUR,{ON},1,Bag,10.00,25.00,\n"
        f"#1,ann@example.com,,,{ON},1,Mug,15.00,,\n"
        f"#2,ann@example.com,expired,EUR,{ON},1,Bag,10.00,20.00,\n"
        f'#2,ann@example.com,,,{ON},1,Mug,"$10.00",,\n'
        f"#3,ann@example.com,paid,EUR,{ON},1,Bag,10.00,25.00,5.00\n"
        f"#3,ann@example.com, ,,{ON},1,Mug,15.00,,\n"
        f"#3,,,,,1,Pen,1.00,,\n"
    )
    checked = check(body, mapping="shopify")
    assert checked.ignored == {"order_line": 4, "unpaid_order": 2}
    assert (checked.accepted, checked.rejected) == (1, {})
    customer = fold(body, mapping="shopify").customers["ann@example.com"]
    assert (customer["monetary"], customer["frequency"]) == (Decimal("21.0000"), 1)


def test_a_fault_in_a_line_rejects_its_whole_order_once(fold, check):
    body = SHOPIFY + (
        f"#1,ann@example.com,paid,USD,{ON},1,Bag,10.00,30.00,\n"
        f"#1,ann@example.com,,,{ON},1,Mug,20.00,,\n"
        f"#2,ann@example.com,paid,EUR,{ON},1,Bag,10.00,10.00,\n"
        f"#3,ann@example.com,paid,EUR,{ON},1,Pin,9.00,,\n"
        f"#3,ann@example.com,,,{ON},1,Mug,free,,\n"
    )
    checked = check(body, mapping="shopify", currency="EUR")
    assert [(reject.line, reject.code) for reject in checked.rejects] == [
        (2, "other_currency"), (5, "bad_amount"),
    ]  # fmt: skip
    assert checked.ignored == {"order_line": 2}
    folded = fold(body, mapping="shopify", currency="EUR", currency_rates={"USD": "0.5"})
    assert folded.customers["ann@example.com"]["monetary"] == Decimal("25.0000")


def test_rejects_of_a_long_shopify_export_keep_their_lines(check):
    rows = [
        f"#{i // 2},c{i // 2}@example.com,{'' if i % 2 else 'paid'},{'' if i % 2 else 'EUR'},"
        f"{ON},1,Bag,1.00,,\n"
        for i in range(40_000)
    ]
    rows[31_001] = rows[31_001].replace("1.00", "free")
    rows[20_000] = rows[20_000].replace("EUR", "USD")
    checked = check(SHOPIFY + "".join(rows), mapping="shopify", currency="EUR")
    assert [(reject.line, reject.code) for reject in checked.rejects] == [
        (20_002, "other_currency"), (31_002, "bad_amount"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "lines", "monetary"),
    [
        ("Item Cost,Quantity,Order Total", ["10.00,1,25.00", "15.00,1,25.00"], "25"),
        ("Item Cost,Order Total", ["10.00,25.00", "15.00,"], "25"),
        ("Order Total", ["25.00"], "25"),
        ("Order Total", ["25.00", "25.00"], "25"),
        ("Item Cost,Order Refund Amount", ["10.00,5.00", "15.00,5.00"], "20"),
        ("Order Line Total", ["10.00", "10.00"], "20"),
    ],
)
def test_an_order_of_woocommerce_counts_once(fold, header, lines, monetary):
    start = "Order Number,Order Status,Order Date,Email (Billing)"
    rows = "".join(f"10,Completed,2026-03-01 10:00:00,ann@example.com,{line}\n" for line in lines)
    folded = fold(f"{start},{header}\n{rows}", mapping="woocommerce")
    assert folded.rejects == []
    customer = folded.customers["ann@example.com"]
    assert (customer["monetary"], customer["frequency"]) == (Decimal(monetary), 1)


def test_identities_keep_every_address_and_the_latest_words(fold):
    rows = (
        "a,2024-01-01,1.5,email,a@example.com,Old Town\n"
        "a,2024-02-01,1.5,EMAIL,a@example.com,New Town\n"
        "a,2024-01-15,1.5,SMS,+1 212 555-0100,\n"
        "b,2024-01-15,1.5,,,\n"
    )
    folded = fold(f"customer_id,date,amount,channel_type,address,city\n{rows}")
    identities = {(row["customer_id"], row["channel_type"], row["address"], row["city"])
             for row in folded.identities}  # fmt: skip
    assert identities == {
        ("a", "EMAIL", "a@example.com", "New Town"),
        ("a", "SMS", "+1 212 555-0100", None),
        ("b", None, None, None),
    }


def test_gzip_that_breaks_off_is_refused(check):
    body = gzip.compress((f"{HEADER}\n" + "PURCHASED,a,1.5,1,2024-01-01\n" * 9).encode())
    with pytest.raises(InvalidInput, match="damaged gzip"):
        check(body[:-20], name="a.csv.gz")
