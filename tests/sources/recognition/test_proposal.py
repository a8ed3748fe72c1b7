"""A mapping proposed for an unknown file: right, or missing, and never applied on its own."""

from __future__ import annotations

import tomllib

from tessera.settings import RunSettings
from tessera.sources.recognition.proposal import propose
from tessera.sources.sniff import sniff, table_start

TEXT = (
    "Buyer Mail;Wann;What;Net EUR;Beleg-Nr\n"
    "ann@example.com;05.01.2026;Mug;12,50;R-1\n"
    "bo@example.com;06.01.2026;Mug;1.012,50;R-2\n"
)


def proposed(text):
    start = text.encode()
    return propose(*table_start(start, name="a.csv", settings=RunSettings()))


def columns(proposal):
    return {guess.column: guess.header for guess in proposal.guesses}


def test_columns_are_proposed_by_names_and_by_what_is_in_them():
    proposal = proposed(TEXT)
    assert columns(proposal) == {
        "customer_id": "Buyer Mail",
        "date": "Wann",
        "amount": "Net EUR",
        "order_id": "Beleg-Nr",
    }
    assert proposal.missing == ()


def test_the_proposal_is_settings_that_read_the_file():
    values = tomllib.loads(proposed(TEXT).to_toml())
    sniffed = sniff(TEXT.encode(), name="a.csv", settings=RunSettings.parse(values))
    assert sniffed.columns == {"customer_id": 0, "date": 1, "amount": 3, "order_id": 4}


def test_a_name_is_no_customer_and_one_of_several_amounts_is_no_guess():
    proposal = proposed("Customer,When,Gross,Net\nAnn Bo,2026-01-05,2.50,2.10\n")
    assert columns(proposal) == {"date": "When"}
    assert proposal.missing == ("customer_id", "amount")
    assert '# amount = "…"' in proposal.to_toml()
    tomllib.loads(proposal.to_toml())
