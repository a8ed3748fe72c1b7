"""An uploaded list of receivers: good rows are read, and a bad one is refused alone."""

from __future__ import annotations

import pytest

from tessera.campaigns.files import RefusedLine
from tessera.campaigns.planning.lists.receivers import (
    Receiver,
    check_columns,
    receivers,
    receivers_as_candidates,
)
from tessera.campaigns.planning.plan import make_plan
from tessera.errors import InvalidInput
from tests.campaigns.planning.made import known, terms

HEADER = ["address", "country", "time_zone", "first_name"]


def row(address: str, **more: str) -> dict[str, str]:
    return {"address": address, "first_name": "Ann", **more}


def read(*rows: dict[str, str]) -> list[Receiver | RefusedLine]:
    return list(receivers(rows, header=HEADER))


def test_a_row_is_a_receiver_with_fields():
    assert read(row(" Ann@Mail.example ", country="Germany")) == [
        Receiver(
            address="ann@mail.example",
            country="Germany",
            time_zone="",
            fields={"first_name": "Ann"},
        )
    ]


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (row(""), "line 3: address is '', expected an e-mail address"),
        (row("bo@mail"), "line 3: address is 'bo@mail', expected an e-mail address"),
        (row("bo@m.example", country="Atlantis"), "country is 'Atlantis', expected a country's"),
        (row("bo@m.example", time_zone="Mars"), "time_zone is 'Mars', expected a time zone's name"),
        (row("bo@m.example", first_name="B" * 1001), "expected at most 1000 characters"),
        (row("ANN@m.example"), "expected an address once: it is in line 2 too, which is used"),
    ],
)
def test_a_bad_row_is_refused_alone_with_its_line(bad, sentence):
    first, refused, last = read(row("ann@m.example"), bad, row("cy@m.example"))
    assert isinstance(refused, RefusedLine)
    assert sentence in refused.sentence
    assert isinstance(first, Receiver)
    assert isinstance(last, Receiver)


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        (["email"], "no column 'address'"),
        (["address", "First name"], "a column 'First name': expected lower-case letters"),
        (["address", "a", "a"], "none twice"),
        (["address", *(f"c{number}" for number in range(50))], "at most 50"),
    ],
)
def test_a_header_that_no_template_could_use_is_refused(header, complaint):
    with pytest.raises(InvalidInput, match=complaint):
        check_columns(header)


def test_receivers_are_planned_like_customers_and_need_consent_as_they_do():
    rows = [one for one in read(row("ann@m.example"), row("bo@m.example", country="US"))
            if isinstance(one, Receiver)]  # fmt: skip
    batch = receivers_as_candidates(rows, fields=["first_name"])
    by = terms(
        audience={"receivers": "vip.csv"},
        holdout={"share": 0.0001},
        settings={"legal_basis": {"US": "opt_out", "*": "soft_opt_in"}},
    )
    counts = make_plan([batch], terms=by, known=known()).counts
    assert (counts.eligible, counts.left_out["no_consent"]) == (1, 1)
