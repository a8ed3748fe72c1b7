"""Files of customer attributes: what their columns become, and what is refused."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.errors import InvalidInput
from tessera.events.persons.reading import IdRules
from tessera.sources.attributes.header import check_header
from tessera.sources.attributes.reading import parse_attributes
from tessera.sources.attributes.types import YES
from tests import reference


def parse(text, **given):
    content = text if isinstance(text, bytes) else text.encode()
    return parse_attributes(content, name="people.csv", **given)


def column(values, *, header="x", **given):
    """Return one column's attribute and the notes."""
    rows = "".join(f"c{place};{value}\n" for place, value in enumerate(values))
    file = parse(f"customer_id;{header}\n{rows}", **given)
    return (file.attributes.columns or (None,))[0], file.notes


def test_a_real_file():
    file = parse_attributes(reference.content(reference.table("tables/telco")), name="telco.csv")
    kinds = {attribute.name: attribute.kind for attribute in file.attributes.columns}
    assert len(file.customer_ids) == len(set(file.customer_ids)) == 7043
    assert file.customer_ids[0] == "7590-VHVEG"
    assert (file.label_header, int(np.nansum(file.cancelled))) == ("Churn", 1869)
    assert file.observed is None
    assert file.notes == ()
    assert [name for name, kind in kinds.items() if kind == "number"] == [
        "tenure", "MonthlyCharges", "TotalCharges",
    ]  # fmt: skip
    assert [name for name, kind in kinds.items() if kind == "flag"] == [
        "SeniorCitizen", "Partner", "Dependents", "PhoneService", "PaperlessBilling",
    ]  # fmt: skip
    by_name = {attribute.name: attribute for attribute in file.attributes.columns}
    assert by_name["Contract"].levels == ("Month-to-month", "One year", "Two year")
    assert by_name["TotalCharges"].values[0] == 29.85
    assert np.isnan(by_name["TotalCharges"].values).sum() == 11  # blanks: months not yet billed


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (["yes", "No", "YES", ""], "flag", [1, 0, 1, None]),
        (["1", "0", "n/a", "1"], "flag", [1, 0, None, 1]),
        (["TRUE", "false", "null", "true"], "flag", [1, 0, None, 1]),
        (["1", "0", "2", "?"], "number", [1, 0, 2, None]),
        (["1.5", "-2", "1e3", "-"], "number", [1.5, -2, 1000, None]),
        (["1,5", "-2", "1.000,25", ""], "number", [1.5, -2, 1000.25, None]),
        (["$1,200.50", "$3.25", "12.5 %", ""], "number", [1200.5, 3.25, 12.5, None]),
        (["2000-01-01", "2000-02-01 10:00", "none", "Sat, 01 Jan 2000 08:00 +0100"], "date",
         [10957, 10988, None, 10957]),
        (["b", "a", "", "b"], "category", [1, 0, None, 1]),
        (["no", "yes", "no service", "no", "no", "yes"], "category", [0, 2, 1, 0, 0, 2]),
    ],
)  # fmt: skip
def test_a_column_is_what_its_cells_say(values, kind, expected):
    attribute, _ = column(values)
    assert attribute.kind == kind
    wanted = [np.nan if value is None else value for value in expected]
    assert np.array_equal(attribute.values, np.array(wanted, np.float64), equal_nan=True)


def test_a_date_is_the_day_in_the_tenants_time_zone():
    texts = ["2024-06-01", "2024-05-31T22:30:00Z"]
    days = np.datetime64("2024-06-01", "D").astype(int)
    attribute, _ = column(texts, time_zone="Europe/Paris")
    assert attribute.values.tolist() == [days, days]
    attribute, _ = column(texts, time_zone="UTC")
    assert attribute.values.tolist() == [days, days - 1]


def test_slips_count_as_unknown_and_are_noted():
    attribute, notes = column([*map(str, range(40)), "many"])
    assert attribute.kind == "number"
    assert np.isnan(attribute.values[-1])
    assert notes == ("'x': 1 values are no number and count as unknown",)


@pytest.mark.parametrize(
    ("header", "values", "reason"),
    [
        ("Email", ["a", "a", "b", "b"], "personal details"),
        ("First Name", ["a", "a", "b", "b"], "personal details"),
        ("Phone", ["1", "2", "3", "3"], "personal details"),
        ("contact", ["ann@example.com", "ann@example.com", "bo@example.com"], "e-mail addresses"),
        ("contact", ["+1 555 010 0199", "+33 612 345 678", "+15550100198"], "phone numbers"),
        ("contact", ["(020) 7946 0123", "020-7946-0124", "020-7946-0124"], "phone numbers"),
        ("town", [f"t{n % 70}" for n in range(300)], "70 different texts; a category may have 64"),
        ("remark", ["came back", "was late", "moved", "ill", "rude", "rude"], "hardly repeat"),
        ("empty", ["", "n/a", "null"], "it is empty"),
    ],
)
def test_what_names_a_person_or_nothing_is_omitted_by_name(header, values, reason):
    attribute, notes = column(values, header=header)
    assert attribute is None
    assert len(notes) == 1
    assert notes[0].startswith(f"'{header}' was omitted: ")
    assert reason in notes[0]
    assert not any(value in notes[0] for value in values if len(value) > 4)


def test_dates_and_spaced_thousands_are_no_phone_numbers():
    assert column(["2024-01-05", "2024-01-06", "2023-12-31"])[0].kind == "date"
    assert column(["12 345 678", "23 456 789", "1 234 567"])[0].kind == "number"


def test_headers_may_be_written_in_many_ways():
    file = parse("\ufeffClient ID\tPlan\n 007 \tA\n7\tA\n")
    assert file.customer_ids == ("007", "7")
    own = parse("abo_nr,plan\n1,A\n2,A\n", customer_id="Abo-Nr")
    assert own.customer_ids == ("1", "2")
    assert own.attributes.names == ("plan",)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_encodings(codec, pack):
    file = parse(pack("customer_id;größe\n1;groß\n2;groß\n3;klein\n4;klein\n".encode(codec)))
    assert file.attributes.names == ("größe",)
    assert file.attributes.columns[0].levels == ("groß", "klein")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("plan,tenure\nA,1\n", "no column of customer ids"),
        ("customer_id,plan\n1,A\n2,B\n1,C\n", "lines 2 and 4 are about the same customer"),
        ("customer_id,plan\n1,A\n ,B\n", "line 3 has no customer id"),
        ("customer_id,plan\n1,A,x\n", "line 2 has 3 cells, and the header 2"),
        ('customer_id,plan\n1,"A\n', "line 2: .*close the quote"),
        ("customer_id,plan,Plan\n1,A,B\n", "two columns called 'Plan' .columns 2 and 3"),
        ("customer_id,,plan\n1,A,B\n", "column 2 has no header"),
        ("customer_id," + ",".join(f"c{n}" for n in range(200)), "201 columns, at most 200"),
        ("customer_id,churn,cancelled\n1,0,1\n", "both 'churn' and 'cancelled' may say who"),
        ("customer_id,churn\n1,yes\n2,\n3,maybe\n", "line 4: column 'churn' .* neither yes nor no"),
        ("customer_id,snapshot date\n1,soon\n", "line 2: column 'snapshot date' .* no date"),
        (b"PK\x03\x04rest", "not CSV"),
        (gzip.compress(b"customer_id\n1\n", mtime=0)[:-9], "damaged gzip"),
    ],
)
def test_what_is_wrong_is_named(text, message):
    with pytest.raises(InvalidInput, match=message):
        parse(text)


@pytest.mark.parametrize(
    "whole",
    [
        "customer_id,größe,grüße\n".encode() + "1,ü,ß\n".encode() * 9,
        "customer_id;größe;grüße\n".encode("windows-1252") + b"1;\xfc;2\n" * 9,
        b"\xef\xbb\xbfcustomer_id,plan\n" + "1,ü\n".encode() * 9,
        "customer_id\tplan\n1\tü\n".encode("utf-16"),
        gzip.compress(b"customer_id,plan\n" + b"1,x\n" * 99, mtime=0),
    ],
)
def test_a_header_is_checked_wherever_the_first_bytes_end(whole):
    for end in range(len(whole) * 2 // 3, len(whole) + 1):
        check_header(whole[:end], name="people.csv", customer_id="")
    with pytest.raises(InvalidInput, match="no column of customer ids: expected 'shopper'"):
        check_header(whole, name="people.csv", customer_id="shopper")


def test_a_setting_may_mean_another_file():
    table = parse(
        "customer_id,plan\n1,A\n2,A\n", label="Left", ignore=["x"], elsewhere=["left", "X"]
    )
    assert (table.label_header, table.cancelled, table.headers) == ("", None, ("plan",))


def test_a_column_with_a_name_of_ours_is_omitted():
    text = "customer_id,churn_label,left\n1,a,yes\n2,a,no\n"
    table = parse(text, label="left")
    assert table.attributes.names == ()
    assert table.notes == ("'churn_label' was omitted: a column of Tessera has this name",)


def test_no_message_shows_a_cell():
    for text in ("customer_id,churn\nann@x.org,1\nann@x.org,0\n", "id,churn\nann@x.org,1\n",
                 "customer_id,churn\nann@x.org,perhaps\n"):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            parse(text)
        assert "ann" not in str(refused.value)
        assert "perhaps" not in str(refused.value)


def test_the_label_is_recognized_or_named_and_is_no_attribute():
    text = "customer_id,gone,churned,plan\n1,yes,active,A\n2,no,Churned,A\n3,,?,B\n4,0,0,B\n"
    table = parse(text)
    assert table.label_header == "churned"
    assert np.array_equal(table.cancelled, [0, 1, np.nan, 0], equal_nan=True)
    assert table.attributes.names == ("gone", "plan")
    named = parse(text, label="Gone", ignore=["churned"])
    assert np.array_equal(named.cancelled, [1, 0, np.nan, 0], equal_nan=True)
    assert named.attributes.names == ("plan",)
    assert parse("customer_id,plan\n1,A\n2,A\n").cancelled is None


@pytest.mark.parametrize("setting", [{"label": "chrun"}, {"ignore": ["chrun"]}])
def test_a_setting_that_names_no_column_says_so(setting):
    with pytest.raises(InvalidInput, match=r"names 'chrun', which the file lacks; is it 'churn'\?"):
        parse("customer_id,churn\n1,0\n", **setting)


def test_the_day_that_a_row_describes_is_no_attribute():
    file = parse("customer_id,Snapshot Date,plan\n1,2024-06-01,A\n2,,A\n3,2024-07-01,A\n")
    days = (np.array(["2024-06-01", "2024-07-01"], "datetime64[D]")).astype(float)
    assert np.array_equal(file.observed, [days[0], np.nan, days[1]], equal_nan=True)
    assert file.attributes.names == ("plan",)


def test_decimal_commas_follow_the_file_or_the_setting():
    assert (
        parse("customer_id;a;b\n1;1.500;2,5\n2;2.500;3\n").attributes.columns[0].values[0] == 1500
    )
    with pytest.raises(InvalidInput, match="'decimal'"):
        parse("customer_id;a\n1;1.500\n2;2.500\n")
    table = parse("customer_id;a\n1;1.500\n2;2.500\n", decimal="dot")
    assert table.attributes.columns[0].values.tolist() == [1.5, 2.5]


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=50, unique=True))
def test_numbers_come_back_as_they_were(values):
    attribute, notes = column(values)
    if not set(map(str, values)) <= YES | {"0"}:
        assert attribute.kind == "number"
    assert attribute.values.tolist() == values
    assert notes == ()


IDS = [" A-1 ", "17850.0", "Ann@Mail.example", "A\u200b-2", "cafe\u0301", "4.68769E+17", "guest"]


def people(**given):
    rows = "".join(f"{cell},{number}\n" for number, cell in enumerate(IDS))
    return parse("CustomerID,Visits\n" + rows, **given)


@pytest.mark.parametrize("doubtful_ids", ["fold", "keep", "reject"])
def test_an_id_is_the_one_that_it_is_in_events(doubtful_ids):
    rules = IdRules(doubtful_ids=doubtful_ids)
    file = people(doubtful_ids=doubtful_ids)
    assert file.customer_ids == tuple(filter(None, (rules.read(cell).person for cell in IDS)))
    [visits] = file.attributes.columns
    places = [place for place, cell in enumerate(IDS) if rules.read(cell).person]
    assert visits.values.tolist() == places, "each row keeps its own cells"


def test_ids_in_doubt_are_counted():
    nobody, damaged, fraction = people().notes
    assert nobody.startswith("1 row has a word for no customer, such as 0, guest")
    assert damaged.endswith("they are omitted. The setting 'doubtful_ids' decides this")
    assert "they count for the id without the fraction" in fraction
    assert all("keep" not in note for note in people(doubtful_ids="keep").notes)
    assert "each counts as a customer" in people(doubtful_ids="keep").notes[0]


def test_two_spellings_of_one_customer_are_two_rows_of_one():
    with pytest.raises(InvalidInput, match="lines 2 and 3 are about the same customer"):
        parse("CustomerID,Plan\n17850,A\n17850.0,B\n")
