"""A mapping file is read, or refused with its file, section, member and what was expected."""

from __future__ import annotations

import pytest

from tessera.errors import InvalidInput
from tessera.sources.tables.mapping import TableMapping, read_mappings

DEALS = """
[deals]
title = "Deals"
key = ["Id"]
keep = "StageName = 'Closed Won'"
optional = ["Currency", "account.Mail"]
EventID = "'sfdc/' || Id"
CustomerID = "AccountId"
Date = "CloseDate"
Amount = "Amount"
Currency = "Currency"
Username = "account.Name"
Address = "account.Mail"
[deals.lookups.account]
object = "accounts"
key = ["Id"]
by = ["AccountId"]
"""


def deals(text: str = DEALS) -> TableMapping:
    return read_mappings(text, name="crm.toml")["deals"]


def test_a_mapping_names_the_columns_that_it_reads_once() -> None:
    mapping = deals()

    assert mapping.columns_used == (
        "Id", "AccountId", "StageName", "CloseDate", "Amount", "Currency",
    )  # fmt: skip
    assert mapping.columns_of("account") == ("Id", "Name", "Mail")
    assert mapping.lookups["account"].table == "accounts"


def test_files_with_all_columns_but_optional_ones_pass() -> None:
    deals().check(["Id", "AccountId", "StageName", "CloseDate", "Amount"])
    deals().check(["Id", "Name"], lookup="account")


def test_a_column_that_the_files_lack_is_named_with_its_place_and_the_nearest() -> None:
    with pytest.raises(InvalidInput) as caught:
        deals().check(["Id", "AccountId", "StageName", "ClosedDate", "Amount"])

    assert str(caught.value) == (
        "crm.toml [deals]: Date reads the column 'CloseDate', which the files of Deals lack. They "
        "have ClosedDate. Correct the mapping, export the column too, or list it under 'optional'"
    )


def test_a_lookups_missing_column_is_named_too() -> None:
    with pytest.raises(InvalidInput, match=r"Username reads the column 'Name', .* accounts lack"):
        deals().check(["Id", "Title"], lookup="account")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[deals]", "[deals", "crm.toml is no valid TOML file"),
        (DEALS, "", "expected a section for each table"),
        (DEALS, "EventID = 'Id'", "expected a section for each table"),
        ("Amount =", "Amont =", r"Amont is no column of the data contract: did you mean Amount\?"),
        ("keep =", "where =", r"crm.toml \[deals\]: where is unknown: expected title"),
        ('CustomerID = "AccountId"\n', "", "lacks CustomerID"),
        ("key = [\"Id\"]\nkeep", "key = \"Id\"\nkeep", 'key: expected a list of texts, such as'),
        ("StageName = 'Closed Won'", "StageName", "keep is a text: expected a condition"),
        ('Date = "CloseDate"', "Date = \"CloseDate = '1'\"", "Date is a condition: expected a va"),
        ('Date = "CloseDate"', 'Date = "now()"', r"Date = 'now\(\)': the function now\(\) is not"),
        ('Date = "CloseDate"', "Date = 5", "Date: expected a text"),
        ('by = ["AccountId"]', 'by = ["A", "B"]', "lookups.account.by has 2 columns and its key 1"),
        ("lookups.account", "lookups.Account", "lookups.Account: expected a name of a-z"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_place(old: str, new: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        deals(DEALS.replace(old, new, 1))
