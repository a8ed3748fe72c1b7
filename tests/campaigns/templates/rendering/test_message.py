"""A message for one recipient."""

from __future__ import annotations

import time

import pytest

from tessera.campaigns.templates.rendering.message import message_template
from tessera.campaigns.templates.rendering.variables import MessageProduct
from tessera.errors import InvalidInput
from tests.campaigns.templates.samples import block, brand, document, every_block, variables


def rendered(*blocks, customer=None, subject="News", **changes):
    template = message_template(document(*blocks, subject=subject), brand())
    values = variables(**changes) if customer is None else variables(customer=customer, **changes)
    return template.render(values)


def heading(text):
    return block("heading", text=text)


def test_a_value_is_escaped_in_html_and_not_in_text_or_subject():
    name = "<b>Ada & 'Co'</b>"
    message = rendered(
        heading("{{ customer.first_name }}"),
        subject="For {{ customer.first_name }}",
        customer={"first_name": name},
    )
    assert "&lt;b&gt;Ada &amp; &#39;Co&#39;&lt;/b&gt;" in message.html
    assert name not in message.html
    assert name in message.text
    assert message.subject == f"For {name}"


@pytest.mark.parametrize(
    "text", ["{{ '<script>x</script>' }}", "{{ customer.first_name | append: '<script>' }}"]
)
def test_nothing_that_a_template_says_is_html(text):
    message = rendered(heading(text))
    assert "<script>" not in message.html
    assert "<script>" in message.text


@pytest.mark.parametrize("missing", [{}, {"first_name": None}, {"first_name": ""}])
def test_a_missing_field_has_its_default(missing):
    message = rendered(heading("Hi {{ customer.first_name | default: 'you' }}."), customer=missing)
    assert "Hi you." in message.text


def test_a_missing_field_without_a_default_is_empty():
    assert "Hi ." in rendered(heading("Hi {{ customer.first_name }}."), customer={}).text


def test_a_condition_does_not_hold_for_an_empty_field():
    text = "{% if customer.city %}In {{ customer.city }}{% else %}Anywhere{% endif %}"
    assert "Anywhere" in rendered(heading(text), customer={"city": ""}).text
    assert "In Leeds" in rendered(heading(text), customer={"city": "Leeds"}).text


def test_a_value_in_a_link_is_one_part_of_it():
    link = "https://shop.example.com/{{ customer.city }}?a=1"
    message = rendered(block("button", link=link), customer={"city": '../x?b="2&c#d e'})
    expected = "https://shop.example.com/..%2Fx%3Fb%3D%222%26c%23d%20e?a=1"
    assert f'href="{expected}"' in message.html
    assert expected in message.text


def test_a_value_that_is_a_whole_link_stays_as_it_is():
    button = block("button", link="{{ customer.page }}")
    message = rendered(button, customer={"page": "https://shop.example.com/?a=1&b=2"})
    assert 'href="https://shop.example.com/?a=1&amp;b=2"' in message.html
    assert "https://shop.example.com/?a=1&b=2" in message.text


@pytest.mark.parametrize(
    "page",
    ["javascript:alert(1)", "http://shop.example.com/", "data:text/html,x", "", None,
     "https://shop.example.com/ x", 'https://shop.example.com/"onclick=', " https://a.example.com"],
)  # fmt: skip
def test_a_value_that_is_no_safe_link_stops_the_message(page):
    with pytest.raises(InvalidInput, match="expected a link with https"):
        rendered(block("button", link="{{ customer.page }}"), customer={"page": page})


@pytest.mark.parametrize("unsafe", ["javascript:alert(1)", "{% if a %}javascript:x{% endif %}"])
def test_a_template_with_an_unsafe_link_is_not_compiled(unsafe):
    with pytest.raises(InvalidInput, match="Links begin with https"):
        rendered(block("button", link=unsafe))


@pytest.mark.parametrize("name", ["a\nb", "a\r\nBcc: b@example.com", "a\rb"])
def test_a_line_break_in_the_subject_stops_the_message(name):
    with pytest.raises(InvalidInput, match="subject has a line break"):
        rendered(subject="Hi {{ customer.first_name }}", customer={"first_name": name})


def test_an_empty_subject_stops_the_message():
    with pytest.raises(InvalidInput, match="subject is empty"):
        rendered(subject="{{ customer.first_name }}", customer={})


def test_a_message_over_90_kb_is_an_error():
    with pytest.raises(InvalidInput, match="more than 90,000"):
        rendered(heading("{{ customer.first_name }}"), customer={"first_name": "x" * 90_000})


@pytest.mark.parametrize(
    "text",
    ["{% for i in (1..1001) %}x{% endfor %}",
     "{% for i in (1..900) %}{{ customer.first_name }}{% endfor %}"],
)  # fmt: skip
def test_a_template_that_does_too_much_is_stopped(text):
    with pytest.raises(InvalidInput, match="limit"):
        rendered(heading(text), customer={"first_name": "x" * 1_000})


@pytest.mark.parametrize(
    "text",
    ["{% include 'a' %}", "{% render 'a' %}", "{% capture x %}{% endcapture %}", "{% raw %}"],
)
def test_tags_beyond_the_allowed_ones_do_not_exist(text):
    with pytest.raises(InvalidInput, match="wrong Liquid"):
        rendered(heading(text))


def test_the_clock_cannot_be_read():
    with pytest.raises(InvalidInput, match="cannot read the clock"):
        rendered(heading("{{ 'now' | date: '%Y' }}"))


def test_a_date_of_the_profile_can_be_written():
    message = rendered(
        heading("{{ customer.since | date: '%d.%m.%Y' }}"), customer={"since": "2011-12-09"}
    )
    assert "09.12.2011" in message.text


@pytest.mark.parametrize(
    ("segment", "shown"), [("Champions", True), ("At Risk", True), ("Lost", False)]
)
def test_show_only_to_some(segment, shown):
    values = [{"value": "Champions"}, {"value": "At Risk"}]
    show = block("show_if", values=values, content=[block("heading", "inside", text="For you")])
    message = rendered(show, customer={"segment": segment})
    assert ("For you" in message.html) is shown
    assert ("For you" in message.text) is shown


def test_a_segment_with_an_apostrophe_can_be_named():
    show = block("show_if", values=[{"value": "Can't Lose Them"}], content=[block("coupon")])
    assert "WELCOME10" in rendered(show, customer={"segment": "Can't Lose Them"}).text
    assert "WELCOME10" not in rendered(show, customer={"segment": "Cant"}).text


def test_products_are_shown_up_to_the_limit():
    message = rendered(block("products", at_most=2))
    assert message.text.count("£ 3.50") == 2
    assert "Mug &amp; saucer 0" in message.html
    assert "https://shop.example.com/mugs/0?a=1&b=2" in message.text


def test_without_products_there_is_no_heading_either():
    message = rendered(block("products", title="You may like"), products=())
    assert "You may like" not in message.html + message.text


def test_a_product_without_a_page_is_a_name():
    message = rendered(block("products"), products=(MessageProduct(name="Mug"),))
    assert ">Mug<" in message.html
    assert "Mug" in message.text


def test_without_a_page_for_browsers_there_is_no_link_to_it():
    with_it, without = rendered(block("header")), rendered(block("header"), browser_url="")
    assert with_it.html.count("View in browser") == 2
    assert "View in browser" not in without.html + without.text


def test_both_parts_have_the_link_to_unsubscribe():
    message = rendered()
    assert 'href="https://mail.example.com/u/token?a=1&amp;b=2"' in message.html
    assert "https://mail.example.com/u/token?a=1&b=2" in message.text


def test_a_message_without_its_own_link_to_unsubscribe_is_an_error():
    with pytest.raises(InvalidInput, match="no link to unsubscribe"):
        rendered(heading("{% assign unsubscribe_url = 'https://elsewhere.example.com' %}"))


@pytest.mark.parametrize(
    ("product", "problem"),
    [
        ({"name": " ", "url": "https://a.example.com"}, "without a name"),
        ({"name": "Mug", "url": "http://a.example.com"}, "the url of product 'Mug'"),
        ({"name": "Mug", "url": "https://a.example.com", "image": "/a.png"}, "the image"),
    ],
)
def test_a_product_has_a_name_and_safe_links(product, problem):
    with pytest.raises(InvalidInput, match=problem):
        MessageProduct(**product)


def test_ten_thousand_messages_take_seconds():
    """The bar is 5 s a 10,000. Here a tenth of them, with room for a slow machine."""
    template = message_template(every_block(), brand())
    customers = [variables(customer={"first_name": f"Ada {number}"}) for number in range(1_000)]
    start = time.process_time()
    for one in customers:
        template.render(one)
    assert time.process_time() - start < 2
