"""The preference page."""

from __future__ import annotations

import html.parser
import re

import pytest

from tessera.campaigns.unsubscribing.decisions import PreferencePage, PurposeChoice
from tessera.campaigns.unsubscribing.html import HEADERS, preference_page, unknown_page

CHOICES = (
    PurposeChoice(purpose="marketing", wanted=True),
    PurposeChoice(purpose="tracking", wanted=False),
)


def a_page(**more):
    return PreferencePage(tenant="acme", purpose="marketing", choices=CHOICES, **more)


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def of(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


def test_each_purpose_is_a_labelled_box_that_shows_what_counts_now():
    tags = Tags(preference_page(a_page()))
    boxes = {one["value"]: "checked" in one for one in tags.of("input") if one["type"] != "hidden"}
    assert boxes == {"marketing": True, "tracking": False}
    assert len(tags.of("label")) == 2
    assert tags.of("form") == [{"method": "post"}]  # to its own address, with the token


def test_a_saved_choice_is_announced():
    assert 'role="status"' in preference_page(a_page(saved=True))
    assert 'role="status"' not in preference_page(a_page())


@pytest.mark.parametrize("text", [preference_page(a_page()), unknown_page()])
def test_no_page_asks_another_place_or_runs_a_script(text):
    assert not re.search(r"https?://|<script|<img|@import|url\(", text)
    assert Tags(text).of("html") == [{"lang": "en"}]


def test_the_policy_allows_this_style_and_nothing_else():
    policy = HEADERS["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy


def test_a_purpose_of_an_odd_name_is_escaped():
    odd = PreferencePage(
        tenant="acme", purpose="marketing",
        choices=(PurposeChoice(purpose='<b>"x', wanted=True),),
    )  # fmt: skip
    assert "<b>" not in preference_page(odd)
