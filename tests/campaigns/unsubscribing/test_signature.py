"""The DKIM signature of a delivered mail."""

from __future__ import annotations

import pytest

from tessera.campaigns.unsubscribing.signature import signature_problem

FOLDED = (
    "v=1; a=rsa-sha256; q=dns/txt; c=relaxed/simple;\r\n\ts=abc; d=shop.example; t=1;\r\n\t"
    "h=From:To:Subject:MIME-Version:List-Unsubscribe:\r\n\t List-Unsubscribe-Post:Message-ID;\r\n"
    "\tbh=x=; b=y="
)
SERVICE = "v=1; d=amazonses.com; h=From:To:List-Unsubscribe:List-Unsubscribe-Post; b=y"


def problem(*signatures: str) -> str:
    headers = [("From", "x"), *(("DKIM-Signature", one) for one in signatures)]
    return signature_problem(headers, domain="shop.example")


def test_a_signature_over_both_headers_is_good():
    assert problem(FOLDED) == problem(SERVICE, FOLDED) == ""


@pytest.mark.parametrize("signatures", [(), (SERVICE,)])
def test_the_domain_itself_has_to_sign(signatures):
    assert "no DKIM signature of shop.example" in problem(*signatures)


def test_a_missing_header_is_named():
    without = FOLDED.replace("List-Unsubscribe:", "").replace("List-Unsubscribe-Post:", "")
    assert "list-unsubscribe and list-unsubscribe-post" in problem(without)
    half = FOLDED.replace("List-Unsubscribe-Post:", "")
    assert "does not cover list-unsubscribe-post:" in problem(half)
