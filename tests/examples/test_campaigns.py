"""The example of campaigns can be used as it is, and says what is simulated in it."""

from __future__ import annotations

import csv
import datetime as dt
import json
import tomllib
from collections import Counter

import pytest

from tessera.campaigns.consent.importing import imported_consents
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.templates.brand import read_brand
from tessera.campaigns.templates.checking.check import template_findings
from tessera.campaigns.templates.document import read_document
from tessera.campaigns.templates.rendering.profile_fields import PROFILE_FIELDS
from tessera.events.pseudonym import address_keys
from tessera.settings import RunSettings
from tools import example_consents

FOLDER = example_consents.FILE.parent
KEY_OF = address_keys(b"a secret of the tests", tenant="shop")


def read(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_the_consents_are_what_the_module_writes():
    assert example_consents.FILE.read_text(encoding="utf-8") == example_consents.content()


def test_every_line_says_that_it_is_simulated_and_can_be_imported():
    with example_consents.FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["proof"] for row in rows} == {"simulated"}
    assert {row["address"].partition("@")[2] for row in rows} == {"example.com"}
    read = list(
        imported_consents(
            rows, header=example_consents.HEADER, key_of=KEY_OF,
            now=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        )
    )  # fmt: skip
    assert {type(one) for one in read} == {ConsentRow}
    counts = Counter((one.state, one.purpose) for one in read)
    assert len({one.recipient for one in read if one.purpose == "marketing"}) == sum(
        count for (_, purpose), count in counts.items() if purpose == "marketing"
    )
    assert min(counts.values()) > 100
    assert sum(counts.values()) - counts["granted", "tracking"] < len(example_consents.addresses())


def test_the_settings_are_good_and_complete():
    settings = RunSettings.parse(tomllib.loads((FOLDER / "settings.toml").read_text())).campaigns
    assert settings.sending_domain.endswith(".example")
    assert settings.postal_address == read("brand.json")["address"]
    assert settings.from_name
    assert settings.legal_basis


@pytest.mark.parametrize("name", ["win-back", "newsletter"])
def test_the_templates_can_be_published(name):
    brand, exported = read_brand(read("brand.json")), read(f"{name}.json")
    assert exported["format"] == "tessera-template"
    document = read_document(exported["template"])
    assert template_findings(document, brand, customer_fields=PROFILE_FIELDS) == ()
