"""A file of consents: good rows are read, and a bad one is refused alone, with its place."""

from __future__ import annotations

import pytest

from tessera.campaigns.consent.importing import imported_consents, uploaded_consent
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.consent.standing import ConsentState, consent_state
from tessera.campaigns.files import RefusedLine
from tessera.errors import InvalidInput
from tessera.events.pseudonym import address_keys
from tests.campaigns.consent.made import NOW, RECIPIENT, day, stop

KEY_OF = address_keys(b"a secret of the tests", tenant="shop")
GOOD = {
    "address": "Ann@Mail.example",
    "state": "granted",
    "basis": "express",
    "at": "2026-05-04",
    "country": "Germany",
    "proof": "newsletter form 2026",
}


def read(*rows: dict[str, str], header: list[str] | None = None) -> list[ConsentRow | RefusedLine]:
    names = header or list(dict.fromkeys(name for row in rows for name in row))
    return list(imported_consents(rows, header=names, key_of=KEY_OF, now=NOW))


def test_a_row_is_read_as_an_import_whatever_its_proof():
    (row,) = read(GOOD)
    assert isinstance(row, ConsentRow)
    assert row.recipient == KEY_OF("ann@mail.example")
    assert (row.source, row.country, row.at.isoformat()) == (
        "import", "DE", "2026-05-04T00:00:00+00:00",
    )  # fmt: skip
    assert not row.is_own_opt_in


def test_an_implied_consent_gets_its_end():
    (row,) = read(GOOD | {"basis": "implied_purchase"})
    assert isinstance(row, ConsentRow)
    assert row.expires_at is not None
    assert row.expires_at.isoformat() == "2028-05-04T00:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"address": "ann@mail"}, "line 3: address is 'ann@mail', expected an e-mail address"),
        ({"state": "maybe"}, "state is 'maybe', expected one of granted, withdrawn, complained"),
        ({"state": ""}, "state is '', expected one of granted"),
        ({"basis": "verbal"}, "basis is 'verbal', expected one of express, soft_opt_in"),
        ({"basis": ""}, "line 3: basis is None: expected a basis for 'granted'"),
        ({"state": "withdrawn"}, "basis is 'express': expected null for 'withdrawn'"),
        ({"at": "04.05.2026"}, "at is '04.05.2026', expected a day or an instant"),
        ({"at": "2026-05-04T10:00"}, "expected an instant with its offset from UTC"),
        ({"at": "2026-12-02"}, "at is '2026-12-02', expected no later than 2026-12-01T09:00:00"),
        ({"country": "Atlantis"}, "country is 'Atlantis', expected a country's code or name"),
        ({"expires_at": "2026-05-03"}, "expires_at is"),
        ({"purpose": "all"}, "purpose is 'all', expected one of marketing, tracking"),
    ],
)
def test_a_bad_row_is_refused_alone_with_its_line(change, sentence):
    first, refused, last = read(GOOD, GOOD | change, GOOD | {"address": "bo@mail.example"})
    assert isinstance(refused, RefusedLine)
    assert sentence in refused.sentence
    assert refused.line == 3
    assert isinstance(first, ConsentRow)
    assert isinstance(last, ConsentRow)


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        (["address", "state"], "no column 'at'"),
        (["address", "state", "at", "opt-in"], "a column 'opt-in': expected address, state, at"),
        (["address", "state", "at", "at"], "a column twice"),
    ],
)
def test_a_file_with_other_columns_is_not_read_at_all(header, complaint):
    with pytest.raises(InvalidInput, match=complaint):
        read(GOOD, header=header)


@pytest.mark.parametrize(
    ("answer", "state"),
    [("GRANTED", ConsentState.GRANTED), ("DENIED", ConsentState.WITHDRAWN)],
)
def test_what_the_shop_uploads_counts_as_a_row_that_no_opt_out_yields_to(answer, state):
    row = uploaded_consent(RECIPIENT, answer=answer, at=day(1))
    assert consent_state([row], purpose="marketing", now=NOW) == state
    stopped = consent_state([stop(9), row], purpose="marketing", now=NOW)
    assert stopped == ConsentState.WITHDRAWN
