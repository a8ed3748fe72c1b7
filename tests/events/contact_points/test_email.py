"""E-mail addresses have one normal form, and what is none has none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.events.contact_points import email
from tessera.events.contact_points.email import normal_email

ANN = "ann@mail.example"
SPELLINGS = [
    "ann@mail.example", "ANN@MAIL.EXAMPLE", "Ann@Mail.example", " ann@mail.example ",
    "\tann@mail.example\r\n", "\u00a0ann@mail.example\u00a0", "\ufeffann@mail.example",
    "\u202aann@mail.example\u202c", "ann\u200b@mail.example", "ann@mail\u00ad.example",
    "\u200dann@mail.example\u200c", "\u3000ann@mail.example", "ann@mail\u3002example",
    "ann@\uff4dail.example",
]  # fmt: skip
READ = {
    "müller@mail.example": "müller@mail.example",
    "MÜLLER@mail.example": "müller@mail.example",
    "jose\u0301@mail.example": "jos\u00e9@mail.example",
    "jos\u00e9@mail.example": "jos\u00e9@mail.example",
    "info@bücher.example": "info@xn--bcher-kva.example",
    "info@BÜCHER.example": "info@xn--bcher-kva.example",
    "info@bu\u0308cher.example": "info@xn--bcher-kva.example",
    "info@xn--bcher-kva.example": "info@xn--bcher-kva.example",
    "info@XN--BCHER-KVA.example": "info@xn--bcher-kva.example",
    "用户@例子.example": "用户@xn--fsqu00a.example",
    "emoji😀@mail.example": "emoji😀@mail.example",
    "O'Neil@mail.example": "o'neil@mail.example",
    "plus+tag@mail.example": "plus+tag@mail.example",
    "a_b-c.d@mail.example": "a_b-c.d@mail.example",
    "a__b@my--shop.example": "a__b@my--shop.example",
    "!#$%&'*+/=?^_`{|}~-@mail.example": "!#$%&'*+/=?^_`{|}~-@mail.example",
    "x@1.example": "x@1.example",
    "x@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.example": "x@xn--mgba3gch31f060k.example",
    "a" * 64 + "@mail.example": "a" * 64 + "@mail.example",
    "x@" + "b" * 63 + ".example": "x@" + "b" * 63 + ".example",
}
IMPOSSIBLE = [
    "", " ", "@", "no-at-sign", "two@@mail.example", "a@b@mail.example",
    "a@mail.example;b@mail.example", "a@mail.example, b@mail.example",
    "Ann Lee <ann@mail.example>", "<ann@mail.example>", "mailto:cat@mail.example",
    "dot.@mail.example", ".dot@mail.example", "two..dots@mail.example", "x@mail", "none@none",
    "x@mail..example", "x@.example", "@mail.example", "x@mail.example.", "ends@mail.example .",
    "spa ce@mail.example", "spa\u00a0ce@mail.example", "x@mail .example", "comma@mail,example",
    '"quoted"@mail.example', "x(note)@mail.example", "back\\slash@mail.example", "n/a", "#N/A",
    "unknown", "test@test.test", "x@shop.local", "x@shop.invalid", "x@localhost.localhost",
    "x@[127.0.0.1]", "x@127.0.0.1", "x@mail.c", "x@mail.123", "x@-a.example", "x@a-.example",
    "x@a_b.example", "x@xn--zz--bad.example", "x@☃.example", "x@mail.example/path",
    "a\u200db@mail.example", "a\x00b@mail.example", "a\ue000@mail.example", "\ud800@mail.example",
    "x@\ud800.example", "x\uff20mail.example", "a" * 65 + "@mail.example",
    "ü" * 33 + "@mail.example", "x@" + "b" * 64 + ".example", "x@" + "b." * 127 + "example",
    "aaaaaaaaaa@" + ("b" * 60 + ".") * 4 + "example",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_of_an_address_has_one_normal_form(text):
    assert normal_email(text) == ANN


@pytest.mark.parametrize(("text", "normal"), READ.items())
def test_letters_of_all_scripts_are_read(text, normal):
    assert normal_email(text) == normal


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_what_no_mailbox_can_be_called_has_no_normal_form(text):
    assert normal_email(text) == ""


pieces = st.sampled_from(
    ["a", "B", "ü", "ß", "İ", "Σ", "e\u0301", ".", "..", "@", "-", "--", "_", "+", "xn--", " ", "1",
     "\u200b", "\u200d", "example", "mail", "TEST", "😀", "例", "。", "\u00a0", "'", '"', ","]
)  # fmt: skip
near_addresses = st.lists(pieces, max_size=12).map("".join)


@given(near_addresses | st.text(max_size=20) | st.emails())
def test_a_normal_form_is_its_own_and_sound(text):
    normal = normal_email(text)
    assert normal_email(normal) == normal
    if normal:
        local, domain = normal.split("@")
        assert domain.isascii()
        assert "." in domain
        assert len(local.encode()) <= 64
        assert len(normal.encode()) <= 254
        assert not re.search(r"\s|\.\.|^\.|\.@|@\.|\.$", normal)


@given(near_addresses | st.emails())
def test_case_and_invisible_characters_make_no_difference(text):
    if text.isascii():
        assert normal_email(text.swapcase()) == normal_email(text)
    assert normal_email(f"\ufeff {text}\u200b\u00a0") == normal_email(text)


@given(st.text(st.sampled_from("ab1.+_-@"), max_size=30).map(lambda text: f"{text}.example"))
def test_what_is_usual_is_normal_already_by_the_slow_way_too(text):
    spelled = text.replace("@", "@\u00ad", 1)  # invisible, and not usual any more
    if email.is_usual(text):
        assert normal_email(spelled) == text


def test_a_column_is_matched_as_a_text_is():
    for text in (*SPELLINGS, *READ, *IMPOSSIBLE):
        usual = len(text) <= email.USUAL_LENGTH and re.search(email.USUAL, text)
        assert (bool(usual) and not re.search(email.RESERVED, text)) == email.is_usual(text)
