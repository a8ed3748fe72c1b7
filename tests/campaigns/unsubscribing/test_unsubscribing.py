"""Tokens, headers, and what a visit decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.campaigns.unsubscribing.decisions import PreferenceChange, decide, page
from tessera.campaigns.unsubscribing.headers import list_headers
from tessera.campaigns.unsubscribing.tokens import LinkClaims, LinkKeys, link, sign, verify
from tessera.errors import InvalidInput

CLAIMS = LinkClaims(
    tenant="acme", run="win-back-r001", recipient="0123456789abcdef" * 2, purpose="marketing"
)
OLD = LinkKeys(current="k1", keys={"k1": b"1" * 32})
NEW = LinkKeys(current="k2", keys={"k1": b"1" * 32, "k2": b"2" * 32})
ONLY_NEW = LinkKeys(current="k2", keys={"k2": b"2" * 32})
ONE_CLICK = {"List-Unsubscribe": ["One-Click"]}


def test_a_token_is_read_back():
    token = sign(CLAIMS, keys=OLD)
    assert verify(token, keys=OLD) == CLAIMS
    assert verify(token, keys=OLD) == CLAIMS  # as often as it is used


def test_keys_rotate():
    token = sign(CLAIMS, keys=OLD)
    assert verify(token, keys=NEW) == CLAIMS  # the old key still verifies
    assert verify(token, keys=ONLY_NEW) is None
    assert verify(sign(CLAIMS, keys=NEW), keys=ONLY_NEW) == CLAIMS


@pytest.mark.parametrize("place", range(6))
def test_a_token_that_was_changed_anywhere_is_none_of_ours(place):
    parts = sign(CLAIMS, keys=NEW).split(".")
    parts[place] = parts[place][:-1] + ("0" if parts[place][-1] != "0" else "1")
    assert verify(".".join(parts), keys=NEW) is None


@given(st.text(max_size=200))
def test_any_text_is_refused_and_none_breaks(text):
    assert verify(text, keys=NEW) is None


def test_what_a_token_cannot_hold_is_refused():
    with pytest.raises(InvalidInput, match="32 hexadecimal digits"):
        sign(LinkClaims(tenant="a", run="r", recipient="x", purpose="marketing"), keys=OLD)
    with pytest.raises(InvalidInput, match="letters, digits"):
        sign(LinkClaims(tenant="a.b", run="r", recipient="0" * 32, purpose="m"), keys=OLD)


@pytest.mark.parametrize(
    ("current", "keys", "words"),
    [
        ("k9", {"k1": b"1" * 32}, "current key 'k9' is missing"),
        ("k1", {"k1": b"short"}, "at least 32 bytes"),
        ("k.1", {"k.1": b"1" * 32}, "expected an id of letters"),
    ],
)
def test_keys_that_could_not_sign_are_refused(current, keys, words):
    with pytest.raises(InvalidInput, match=words):
        LinkKeys(current=current, keys=keys)


def test_keys_are_not_shown():
    assert "1111" not in repr(OLD)


def test_the_longest_link_fits_into_a_header():
    longest = LinkClaims(tenant="t" * 48, run="r" * 100, recipient="f" * 32, purpose="p" * 100)
    url = link("https://" + "c" * 240 + ".example", sign(longest, keys=OLD))
    assert len(f"<{url}>") <= 995


@pytest.mark.parametrize(
    "base", ["http://shop.example", "https://shop.exämple", "https://" + "c" * 990, "https://a b"]
)
def test_a_link_that_no_header_holds_is_refused(base):
    with pytest.raises(InvalidInput, match="expected https, printable ASCII"):
        link(base, sign(CLAIMS, keys=OLD))


def headers(**more):
    given = {
        "campaign": "win-back", "tenant": "acme", "purpose": "marketing",
        "domain": "news.shop.example", "sender_id": "tessera1", "url": "https://c.example/u/x",
    }  # fmt: skip
    return list_headers(**given | more)


def test_the_headers_of_rfc_8058():
    assert headers() == (
        ("List-Unsubscribe", "<https://c.example/u/x>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Id", "<win-back.acme.news.shop.example>"),
        ("Feedback-ID", "win-back:acme:marketing:tessera1"),
    )


def test_a_message_without_a_link_belongs_to_no_list():
    assert [name for name, _ in headers(url="", purpose="transactional")] == ["Feedback-ID"]


@pytest.mark.parametrize(
    "wrong",
    [{"campaign": "a:b"}, {"tenant": "a\r\nBcc: x"}, {"sender_id": "abc"}, {"domain": "x"}],
)
def test_a_header_that_could_not_be_read_is_refused(wrong):
    with pytest.raises(InvalidInput):
        headers(**wrong)


def test_a_get_shows_the_links_purpose_first_and_decides_nothing():
    shown = page(CLAIMS, standing={"events": True, "marketing": True})
    assert [(one.purpose, one.wanted) for one in shown.choices] == [
        ("marketing", True), ("events", True),
    ]  # fmt: skip
    assert CLAIMS.recipient not in repr(shown)


def change(purpose: str, *, wanted: bool, by: str) -> PreferenceChange:
    return PreferenceChange(
        tenant="acme", run="win-back-r001", recipient=CLAIMS.recipient, purpose=purpose,
        wanted=wanted, by=by,
    )  # fmt: skip


def test_one_click_unsubscribes_from_the_links_purpose_alone():
    standing = {"events": True, "marketing": True}
    assert decide(CLAIMS, form=ONE_CLICK, standing=standing) == (
        change("marketing", wanted=False, by="one_click"),
    )


def test_a_second_one_click_changes_nothing():
    assert decide(CLAIMS, form=ONE_CLICK, standing={"marketing": False}) == ()


def test_an_opt_out_without_a_known_standing_is_stored():
    assert len(decide(CLAIMS, form=ONE_CLICK, standing={})) == 1


def test_the_page_sets_every_purpose():
    form = {"preferences": ["1"], "wanted": ["marketing"]}
    standing = {"events": True, "marketing": False}
    assert decide(CLAIMS, form=form, standing=standing) == (
        change("events", wanted=False, by="page"),
        change("marketing", wanted=True, by="page"),
    )


@pytest.mark.parametrize(
    "form",
    [{}, {"wanted": ["marketing"]}, {"List-Unsubscribe": ["Two-Click"]},
     {"preferences": ["1"], "wanted": ["nothing-known"]}],
)  # fmt: skip
def test_any_other_post_is_refused(form):
    with pytest.raises(InvalidInput):
        decide(CLAIMS, form=form, standing={"marketing": True})
