"""Which pages may send."""

from __future__ import annotations

import pytest

from tessera.sources.collecting.origins import cors_headers, is_listed

ORIGINS = ("https://shop.example", "https://www.shop.example:8443")


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_listed_origin_may_and_is_named_alone(origin):
    assert is_listed(origin, origins=ORIGINS)
    headers = cors_headers(origin, origins=ORIGINS)
    assert headers["access-control-allow-origin"] == origin
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    "origin",
    [None, "", "*", "null", "http://shop.example", "https://shop.example/", "https://SHOP.example",
     "https://shop.example.evil.example", "https://evil-shop.example", "https://shop.example:443"],
)  # fmt: skip
def test_any_other_may_not(origin):
    assert not is_listed(origin, origins=ORIGINS)
    assert cors_headers(origin, origins=ORIGINS) == {}
