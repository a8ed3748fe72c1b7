"""Who unsubscribes denies e-mail from then on, until a later row grants it again."""

from __future__ import annotations

import pytest

HEADER = "EventName,CustomerID,Date,Amount,Email,EmailConsent,AdConsent\n"
BOUGHT = "PURCHASED,ann,2026-01-10,10,ann@mail.example,{consent},yes\n"
LEFT = "UNSUBSCRIBED,ann,{day},,{email},,\n"


def consents(folded):
    """Each row of a customer's identities: its address, consent to e-mail, and from when on."""
    return {
        row["address"]: (
            row["email_consent"],
            row["email_consent_at"] and row["email_consent_at"].date().isoformat(),
        )
        for row in folded.identities
    }


@pytest.mark.parametrize("consent", ["yes", ""])
def test_who_unsubscribes_later_has_denied_e_mail(fold, consent):
    rows = BOUGHT.format(consent=consent) + LEFT.format(day="2026-02-01", email="ann@mail.example")
    folded = fold(HEADER + rows)
    assert consents(folded) == {"ann@mail.example": ("DENIED", "2026-02-01")}
    [row] = folded.identities
    assert row["ad_consent"] == "GRANTED"
    assert folded.customers["ann"]["recency_days"] == 23, "it is no order"


def test_a_later_grant_counts_again(fold):
    rows = LEFT.format(day="2026-01-01", email="ann@mail.example") + BOUGHT.format(consent="yes")
    assert consents(fold(HEADER + rows)) == {"ann@mail.example": ("GRANTED", "2026-01-10")}


def test_a_row_without_an_answer_grants_nothing_back(fold):
    rows = LEFT.format(day="2026-01-01", email="ann@mail.example") + BOUGHT.format(consent="")
    assert consents(fold(HEADER + rows)) == {"ann@mail.example": ("DENIED", "2026-01-01")}


def test_without_an_address_it_is_the_customer_who_denies(fold):
    rows = BOUGHT.format(consent="yes") + LEFT.format(day="2026-02-01", email="")
    read = consents(fold(HEADER + rows))
    assert read[None] == ("DENIED", "2026-02-01")
    assert read["ann@mail.example"] == ("GRANTED", "2026-01-10")


def test_a_file_needs_no_column_of_consent_and_may_use_other_words(fold):
    body = "Event,Email,Date,Amount\n" + "\n".join(
        ("order,bo@mail.example,2026-01-10,10", "unsubscribe,bo@mail.example,2026-02-01,", "")
    )
    assert consents(fold(body)) == {"bo@mail.example": ("DENIED", "2026-02-01")}
