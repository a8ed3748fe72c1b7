"""Rich text in its one safe form, compared with nh3."""

from __future__ import annotations

import html
import random

import nh3
import pytest

from tessera.campaigns.templates.compiling.rich_text import ALLOWED, as_html, as_text
from tests.campaigns.templates.made_up import RICH, TEXTS

NO_LIQUID = [piece for piece in TEXTS + RICH * 2 if "{" not in piece and "%" not in piece]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>a<br>b</p>", "<p>a<br />b</p>"),
        ("<p>a", "<p>a</p>"),
        ("a</p>", "a"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<b>a</b><i>b</i>", "<strong>a</strong><em>b</em>"),
        ("<script>x()</script>", "x()"),
        ("<p onclick='x()' style='a'>a</p>", "<p>a</p>"),
        ("<li>a</li>", "a"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul><p><li>a", "<ul><p></p><li>a</li></ul>"),
        ("a < b & c", "a &#60; b &#38; c"),
        ("&lt;b&gt;", "&#60;b&#62;"),
        ("{ a }", "&#123; a &#125;"),
        ("<a href='javascript:x()'>a</a>", "a"),
        ("<mj-raw>a</mj-raw>", "a"),
        ("<!-- <p> -->a", "a"),
        ("{{ customer.city }}", "{{ customer.city | shown }}"),
        ("{% if a &lt; 3 %}b{% endif %}", "{% if a < 3 %}b{% endif %}"),
    ],
)
def test_a_text_as_html(source, expected):
    assert as_html(source, "#000000") == expected


def test_a_link_has_its_address_and_the_brand_s_colour():
    link = '<a href="https://shop.example.com/?a=1&amp;b={{ customer.city }}" onclick="x()">a</a>'
    assert as_html(link, "#0b4a9e") == (
        "<a class='link' style='color:#0b4a9e' "
        "href='https://shop.example.com/?a=1&#38;b={{ customer.city | link_part }}'>a</a>"
    )


def test_a_text_as_plain_text():
    source = "<p>a &amp; b</p><ul><li>c</li></ul><a href='https://example.com/'>d</a>"
    assert as_text(source) == "a & b\n\n- c\n\nd (https://example.com/)"


def test_an_independent_sanitizer_removes_nothing():
    allowed = {"a": {"href", "class", "style"}}
    for seed in range(1_000):
        pieces = random.Random(seed).choices(NO_LIQUID, k=15)  # noqa: S311
        ours = as_html("".join(pieces), "#000000")
        theirs = nh3.clean(
            ours,
            tags={*ALLOWED},
            attributes=allowed,
            url_schemes={"https", "mailto"},
            link_rel=None,
        )
        assert comparable(ours) == comparable(theirs), pieces


def comparable(text):
    return html.unescape(text.replace("'", '"').replace("<br />", "<br>"))
