"""The findings of a template: each with its rule, its place and its severity."""

from __future__ import annotations

import pytest

from tessera.campaigns.templates.brand import BrandKit
from tessera.campaigns.templates.checking.check import publishing_errors, template_findings
from tessera.campaigns.templates.document import read_document
from tests.campaigns.templates.samples import FIELDS, block, brand, document


def rules_of(document_, kit=None):
    findings = template_findings(document_, kit or brand(), customer_fields=FIELDS)
    return [(one.severity, one.rule, one.path, one.block, one.field) for one in findings]


def first(document_):
    return template_findings(document_, brand(), customer_fields=FIELDS)[0]


S3 = "https://pictures.s3.amazonaws.com/a.png?X-Amz-Expires=3600&X-Amz-Signature=ab"


@pytest.mark.parametrize(
    ("kind", "fields", "rule", "field"),
    [
        ("button", {"link": "javascript:alert(1)"}, "unsafe-link", "link"),
        ("button", {"link": "http://shop.example.com/"}, "unsafe-link", "link"),
        ("button", {"link": "https://user@evil.example.com/"}, "unsafe-link", "link"),
        ("button", {"link": "https://shop.example.com/a b"}, "unsafe-link", "link"),
        ("button", {"link": "https://[bad/"}, "unsafe-link", "link"),
        ("button", {"link": "{% if a %}https://a.example.com{% endif %}"}, "unsafe-link", "link"),
        ("button", {"link": "https://localhost:8000/"}, "local-link", "link"),
        ("button", {"link": "https://192.168.0.2/"}, "local-link", "link"),
        ("button", {"link": "https://intranet/"}, "local-link", "link"),
        ("button", {"link": ""}, "value", "link"),
        ("image", {"image": "mailto:shop@example.com"}, "unsafe-link", "image"),
        ("image", {"image": S3}, "expiring-image", "image"),
        ("image", {"alt": " "}, "alt", "alt"),
        ("image", {"width": "300"}, "value", "width"),
        ("image", {"size": 1}, "unknown-field", "size"),
        ("menu", {"links": [{"label": "a", "link": "x:y"}]}, "unsafe-link", "links[0].link"),
        ("menu", {"links": []}, "value", "links"),
        ("text", {"text": "<p>a</p><iframe></iframe>"}, "unsafe-html", "text"),
        ("text", {"text": "<a href='javascript:x'>a</a>"}, "unsafe-link", "text"),
        ("text", {"text": "<p>{{ customer.age }}</p>"}, "unknown-variable", "text"),
        ("heading", {"text": "{{ customer.frist_name }}"}, "unknown-variable", "text"),
        ("heading", {"text": "{% if %}"}, "liquid", "text"),
        ("heading", {"text": "a {{ b"}, "liquid", "text"),
        ("heading", {"text": "{{ }}"}, "liquid", "text"),
        ("heading", {"text": "{% include 'x' %}"}, "liquid", "text"),
        ("heading", {"text": "{% break %}"}, "liquid", "text"),
        ("heading", {"text": "{% assign unsubscribe_url = 'x' %}"}, "reserved-name", "text"),
        ("heading", {"text": "{% assign customer = 'x' %}"}, "reserved-name", "text"),
        ("heading", {"text": "{% for i in (1..9999) %}x{% endfor %}"}, "liquid", "text"),
        ("heading", {"text": "{{ 'now' | date: '%Y' }}"}, "liquid", "text"),
        ("heading", {"text": "{{ customer.city | nothing }}"}, "unknown-filter", "text"),
        ("show_if", {"property": "address"}, "value", "property"),
        ("show_if", {"values": [{"value": 'x" %}{{ y }}'}]}, "value", "values"),
        ("two_columns", {"first": [block("three_columns")]}, "nested-layout", ""),
        ("three_columns", {"second": [block("show_if")]}, "nested-layout", ""),
        ("show_if", {"content": [block("show_if", "inner")]}, "nested-layout", ""),
        ("nothing", {}, "unknown-block", ""),
    ],
)  # fmt: skip
def test_an_error_names_its_block_and_field(kind, fields, rule, field):
    made = first(document(block(kind, "this", **fields)))
    assert (made.severity, made.rule) == ("error", rule)
    assert made.path.startswith("blocks[1]")
    assert made.field == field
    assert made.problem
    assert made.action
    assert "\n" not in made.problem


@pytest.mark.parametrize(
    ("kind", "fields", "rule"),
    [
        ("button", {"link": "https://bit.ly/abc"}, "shortener"),
        ("heading", {"text": "BUY OUR MUGS NOW"}, "shouting"),
        ("heading", {"text": "Buy now!!"}, "shouting"),
        ("heading", {"text": "Hello {{ customer.first_name }}"}, "no-default"),
    ],
)
def test_a_warning_does_not_block_publishing(kind, fields, rule):
    findings = template_findings(document(block(kind, **fields)), brand(), customer_fields=FIELDS)
    assert [one.rule for one in findings] == [rule]
    assert publishing_errors(findings) == ()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("customer.frist_name", "customer.first_name"),
        ("frist_name", "customer.first_name"),
        ("costumer.city", "customer.city"),
        ("campaign.nam", "campaign.name"),
        ("unsubscribe", "unsubscribe_url"),
    ],
)
def test_a_misspelt_variable_is_corrected(name, meant):
    made = first(document(block("heading", text=f"{{{{ {name} | default: 'x' }}}}")))
    assert made.action == f"Did you mean {meant}?"


def test_what_every_recipient_has_is_known():
    text = "{{ customer.segment | default: '' }} {{ customer.churn_band | default: '' }} words"
    assert rules_of(document(block("heading", text=text))) == []


def test_a_column_of_a_list_is_known_where_it_has_a_default():
    good = "Dear {{ receiver.first_name | default: 'reader' }}{% if receiver.city %}!{% endif %}"
    assert rules_of(document(block("heading", text=good))) == []
    made = first(document(block("heading", text="Dear {{ receiver.first_name }}")))
    assert (made.severity, made.rule) == ("error", "no-default")


def test_a_variable_of_a_loop_is_known():
    text = "{% for product in products %}{{ product.name }}{% endfor %} words"
    assert rules_of(document(block("heading", text=text))) == []


def test_a_template_without_a_footer_is_an_error():
    bare = read_document({"version": 1, "subject": "News", "blocks": [block("text")]})
    assert ("error", "footer", "page", "", "") in rules_of(bare)


def test_a_block_behind_the_footer_or_a_second_footer_is_an_error():
    late = read_document(
        {"version": 1, "subject": "News",
         "blocks": [block("footer", "a"), block("footer", "b"), block("line")]}
    )  # fmt: skip
    assert [one[:3] for one in rules_of(late)] == [
        ("error", "footer", "blocks[1]"),
        ("error", "footer", "blocks[0]"),
    ]


def test_two_blocks_with_one_id_are_an_error():
    twice = document(block("line", "same"), block("space", "same"))
    assert [one[1:4] for one in rules_of(twice)] == [
        ("duplicate-id", "blocks[1]", "same"),
        ("duplicate-id", "blocks[2]", "same"),
    ]


def test_a_sender_without_an_address_is_an_error():
    kit = BrandKit({**brand().fields, "address": " "})
    assert ("error", "physical-address", "brand", "", "address") in rules_of(document(), kit)


def test_colours_that_nobody_can_read_are_an_error():
    kit = BrandKit({**brand().fields, "text": "#999999"})
    assert {one[1] for one in rules_of(document(), kit)} == {"contrast"}


@pytest.mark.parametrize("subject", ["", "a" * 151, "a\nb"])
def test_a_wrong_subject_is_an_error(subject):
    assert rules_of(document(subject=subject)) == [("error", "value", "page", "", "subject")]


def test_a_mail_that_gmail_would_cut_is_an_error():
    long = [block("text", f"t{number}", text="word " * 3_000) for number in range(6)]
    assert [one[:3] for one in rules_of(document(*long))] == [("error", "size", "page")]


def test_tracked_links_count_as_longer():
    """90 kB are reached by links that a tracker makes longer."""
    row = {"label": "a", "link": "https://shop.example.com/"}
    menus = [block("menu", f"m{number}", links=[row] * 8) for number in range(25)]
    assert [one[1] for one in rules_of(document(*menus))] == ["size"]


def test_a_mail_of_pictures_alone_is_a_warning():
    bare = read_document(
        {
            "version": 1,
            "subject": "News",
            "blocks": [block("hero", alt="Mugs"), block("footer", why="x")],
        }
    )
    assert [one[:2] for one in rules_of(bare)] == [("warning", "little-text")]
