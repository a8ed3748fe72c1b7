"""Uploaded files of consents become rows, and every line is accounted for."""

from __future__ import annotations

import datetime as dt

import boto3
import pytest
from moto import mock_aws

from adapters.aws.objects import Objects
from steps.campaign import import_consent as module
from steps.campaign.import_consent import import_consent
from tessera.errors import InvalidInput
from tests.campaign_shop import KEY_OF, NOW, TENANT

FILE = """address,state,basis,at
ann@mail.example,granted,express,2026-05-04
bo@mail.example,withdrawn,,2026-05-04
nobody,granted,express,2026-05-04

cy@mail.example,maybe,express,2026-05-04
cy@mail.example,granted,express,2036-05-04
"""


class Rows:
    def __init__(self):
        self.rows, self.batches = {}, []

    def add(self, tenant, rows):
        assert tenant == TENANT
        self.batches.append(len(rows))
        self.rows |= {(row.recipient, row.digest): row for row in rows}


@pytest.fixture
def identities(aws_environment):
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="identities")
        yield Objects("identities")


def imported(identities, content, rows, *, erased=()):
    identities.write("tenants/shop/consent/i1.csv", content.encode())
    return import_consent(
        TENANT, "i1", identities=identities, consent=rows, key_of=KEY_OF,
        is_erased=lambda address: address in erased, now=NOW,
    )  # fmt: skip


def test_each_line_is_added_or_refused_with_its_place_and_without_its_cell(identities):
    rows = Rows()
    report = imported(identities, FILE, rows)
    assert (report.import_id, report.added, report.refused) == ("i1", 2, 4)
    assert report.states == {"granted": 1, "withdrawn": 1}
    assert [(one.line, one.column) for one in report.refusals] == [
        (4, "address"), (5, "address"), (6, "state"), (7, "at"),
    ]  # fmt: skip
    assert {row.recipient for row in rows.rows.values()} == {
        KEY_OF("ann@mail.example"), KEY_OF("bo@mail.example"),
    }  # fmt: skip
    assert "nobody" not in str(report)


def test_an_import_brings_no_erased_address_back_into_consent_and_keeps_its_opt_out(identities):
    rows = Rows()
    more = (
        FILE
        + "ann@mail.example,withdrawn,,2026-05-05\nBO@Mail.example,granted,express,2026-05-06\n"
    )
    report = imported(identities, more, rows, erased={"ann@mail.example", "bo@mail.example"})
    assert (report.added, report.erased) == (2, 2)
    assert report.states == {"withdrawn": 2}
    assert {row.state for row in rows.rows.values()} == {"withdrawn"}


def test_importing_it_again_adds_nothing(identities):
    rows = Rows()
    imported(identities, FILE, rows)
    before = dict(rows.rows)
    assert imported(identities, FILE, rows).added == 2
    assert rows.rows == before


def test_large_files_are_added_in_parts(identities, monkeypatch):
    monkeypatch.setattr(module, "_AT_ONCE", 3)
    rows = Rows()
    lines = [f"p{n}@mail.example,granted,express,2026-05-04" for n in range(7)]
    report = imported(identities, "\n".join(["address,state,basis,at", *lines]), rows)
    assert rows.batches == [3, 3, 1]
    assert report.added == len(rows.rows) == 7


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("mail,state,at\n", "column 'mail'"),
        (FILE + 'dy@mail.example,granted,express,"2026\n', "not CSV in row 8"),
        (FILE + "dy@mail.example,granted,express,2026-05-04,more\n", "5 cells in row 8"),
    ],
)
def test_a_file_with_a_wrong_form_adds_nothing(identities, content, reason):
    rows = Rows()
    with pytest.raises(InvalidInput, match=reason):
        imported(identities, content, rows)
    assert rows.rows == {}


def test_a_file_that_was_not_uploaded_is_named(identities):
    with pytest.raises(InvalidInput, match="'i2': upload its file"):
        import_consent(
            TENANT, "i2", identities=identities, consent=Rows(), key_of=KEY_OF,
            is_erased=lambda _: False, now=dt.datetime.now(dt.UTC),
        )  # fmt: skip
