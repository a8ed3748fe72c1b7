"""Delivered mails, as providers read them."""

from __future__ import annotations

import pytest

from tessera.campaigns.unsubscribing.delivered import delivered_problems

SIGNATURE = (
    "DKIM-Signature: v=1; a=rsa-sha256; s=k1; d=mail.shop.example; c=relaxed/simple;\r\n"
    "\tt=1; h=From:To:Subject:List-Unsubscribe-Post:List-Unsubscribe:\r\n\t MIME-Version;\r\n"
    "\tbh=abc=; b=def="
)
OF_SES = "DKIM-Signature: v=1; d=amazonses.com; s=k2; h=From:To:Subject; bh=a=; b=b="
LINK = "List-Unsubscribe: <https://console.shop.example/u/token>"
POST = "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
FROM = 'From: "Shop" <news@mail.shop.example>'


def problems(*headers):
    return delivered_problems("\r\n".join([*headers, "", "Hello"]).encode())


def test_a_mail_that_is_signed_and_has_both_headers_is_good():
    assert problems(SIGNATURE, OF_SES, FROM, LINK, POST) == ()


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ((SIGNATURE, FROM, POST), "List-Unsubscribe is there 0 times"),
        ((SIGNATURE, FROM, LINK, LINK, POST), "List-Unsubscribe is there 2 times"),
        ((SIGNATURE, FROM, LINK), "List-Unsubscribe-Post is there 0 times"),
        ((SIGNATURE, FROM, LINK, "List-Unsubscribe-Post: yes"), "'yes', expected"),
        ((SIGNATURE, FROM, "List-Unsubscribe: <mailto:a@b.example>", POST), "no link with https"),
        ((SIGNATURE, FROM, LINK.replace(": ", ":\r\n "), POST), "folded"),
        ((FROM, LINK, POST), "no DKIM-Signature"),
        ((OF_SES, FROM, LINK, POST), "only of amazonses.com"),
        ((SIGNATURE.replace("List-Unsubscribe-Post:", ""), FROM, LINK, POST),
         "does not cover List-Unsubscribe-Post"),
    ],
)  # fmt: skip
def test_what_a_provider_would_miss_is_named(headers, says):
    assert any(says in one for one in problems(*headers)), problems(*headers)
    assert len(problems(*headers)) == 1
