"""What a refusal means: by the facts of SES."""

from __future__ import annotations

import pytest

from tessera.campaigns.sending.refusals import RefusalKind, refusal_of

SENDER = "Shop <news@shop.example>"


def kind(code: str, status: int = 400, words: str = "") -> RefusalKind:
    return refusal_of(code, status=status, words=words, sender=SENDER).kind


@pytest.mark.parametrize(
    ("code", "status", "words", "expected"),
    [
        ("TooManyRequestsException", 429, "Maximum sending rate exceeded.", RefusalKind.RATE),
        ("ThrottlingException", 400, "Rate exceeded", RefusalKind.RATE),
        ("429", 429, "", RefusalKind.RATE),
        ("TooManyRequestsException", 429, "Daily message quota exceeded.", RefusalKind.DAILY),
        ("AccountSuspendedException", 400, "", RefusalKind.STOP),
        ("SendingPausedException", 400, "", RefusalKind.STOP),
        ("MailFromDomainNotVerifiedException", 400, "", RefusalKind.STOP),
        ("NotFoundException", 404, "", RefusalKind.STOP),
        ("LimitExceededException", 400, "", RefusalKind.STOP),
        ("AccessDeniedException", 403, "", RefusalKind.STOP),
        ("ExpiredTokenException", 403, "", RefusalKind.STOP),
        ("BadRequestException", 400, "Invalid header", RefusalKind.MESSAGE),
        ("MessageRejected", 400, "Message contains a virus", RefusalKind.MESSAGE),
        ("InternalFailure", 500, "", RefusalKind.DOUBT),
        ("ServiceUnavailable", 503, "", RefusalKind.DOUBT),
        ("", 0, "", RefusalKind.DOUBT),
    ],
)
def test_each_refusal_has_its_reaction(code, status, words, expected):
    assert kind(code, status, words) is expected


@pytest.mark.parametrize(
    ("failed", "expected"),
    [("shop.example", RefusalKind.STOP), ("ann@mail.example", RefusalKind.MESSAGE)],
)
def test_an_unverified_sender_stops_the_run_and_an_unverified_recipient_does_not(failed, expected):
    words = (
        "Email address is not verified. The following identities failed the check in region "
        f"US-EAST-1: {failed}"
    )
    assert kind("MessageRejected", 400, words) is expected


def test_a_reason_holds_no_address():
    refused = refusal_of(
        "MessageRejected", status=400, words="Address ann@mail.example is blocked", sender=SENDER
    )
    assert "ann@" not in refused.reason
