"""MJML to HTML: nothing is lost in silence, nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tessera.campaigns.templates.brand import BrandKit
from tessera.campaigns.templates.compiling.html import to_html
from tessera.campaigns.templates.compiling.source import compile_document
from tessera.campaigns.templates.rendering.message import message_template
from tessera.errors import InvalidInput
from tests.campaigns.templates.samples import block, brand, document, every_block, variables

GOLDEN = Path(__file__).resolve().parents[3] / "data" / "templates"
VOID = {"br", "img", "meta", "link", "o:allowpng"}


def page(body, head=""):
    column = f"<mj-section><mj-column>{body}</mj-column></mj-section>"
    return f"<mjml lang='en'><mj-head>{head}</mj-head><mj-body>{column}</mj-body></mjml>"


def html_of(document_, **fields):
    return to_html(compile_document(document_, BrandKit({**brand().fields, **fields})).mjml)


def test_every_block_has_the_committed_html_and_text():
    """A change of blocks.json or of mrml shows here: look at it, then commit it.

    The console's tests open the same file in a browser, in the light, in the dark and narrow.
    """
    message = message_template(every_block(), brand()).render(variables())
    assert message.html + "\n" == (GOLDEN / "every_block.html").read_text("utf-8")
    assert message.text == (GOLDEN / "every_block.txt").read_text("utf-8")


def test_liquid_passes_unchanged():
    liquid = '{% if customer.age < 3 and 5 > 4 %}<b>{{ "a\'b" | shown }}{% endif %}'
    text = to_html(page(f"<mj-text>{re.sub('<b>', '', liquid)}</mj-text>"))
    assert re.sub("<b>", "", liquid) in text


def test_liquid_passes_in_every_attribute():
    link = "https://shop.example.com/{{ a | link_part }}"
    html = to_html(page(f"<mj-image src='{link}' alt='{{{{ b }}}}' href='{link}' />"))
    assert html.count(link) == 2
    assert 'alt="{{ b }}"' in html


@pytest.mark.parametrize(
    "words",
    ["back\\slash", "e\u0301", "👩\u200d👧", 'a "b"', "a\nb", "日本", "it's", "{{ x", "\xa0"],
)
def test_any_words_are_the_same_in_attributes(words):
    made = html_of(document(block("image", alt=words.replace("{{", "{ {"))))
    seen = Alternatives()
    seen.feed(made)
    assert words.replace("{{", "{ {") in seen.words


class Alternatives(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words = []

    def handle_starttag(self, tag, attrs):
        self.words += [value for name, value in attrs if name == "alt"]


@pytest.mark.parametrize(
    ("mjml", "problem"),
    [
        (page("<mj-include path='/etc/passwd' />"), "<mj-include>"),
        (page("<mj-text ses:no-track='1'>a</mj-text>"), "'ses:no-track'"),
        (page("<mj-carousel></mj-carousel>"), "<mj-carousel>"),
        (page("<mj-text><script>x</script></mj-text>"), "<script>"),
        (page("<mj-text><p onclick='x'>a</p></mj-text>"), "'onclick'"),
        (page("<mj-text><!-- a --></mj-text>"), "comment"),
        (page("<mj-button href='javascript:x'>a</mj-button>"), "begin with https"),
        (page("<mj-button href='{{ x | shown }}'>a</mj-button>"), "begin with https"),
        (page("<mj-text>a"), "cannot be compiled"),
        (page("", head="<mj-font name='A' href='https://fonts.example.com/a' />"), "<mj-font>"),
    ],
)
def test_what_would_vanish_or_must_not_be_there_is_an_error(mjml, problem):
    with pytest.raises(InvalidInput, match=re.escape(problem)):
        to_html(mjml)


@pytest.mark.parametrize(
    "font", ["Verdana, Geneva, sans-serif", "Georgia, 'Times New Roman', serif"]
)
def test_no_font_or_style_sheet_is_loaded(font):
    html = html_of(every_block(), font=font)
    assert not re.search(r"<link|@import|@font-face|fonts\.googleapis", html)
    assert font.replace("'", "&#39;") in html or font in html


def test_a_font_with_a_known_web_font_loads_nothing():
    """By default, mrml adds Google Fonts for these names."""
    html = to_html(page("<mj-text font-family='Roboto'>a</mj-text>"))
    assert "googleapis" not in html


def test_language_and_direction_are_set():
    html = html_of(document(language="ar", direction="rtl"))
    assert '<html lang="ar" dir="rtl"' in html
    assert "text-align:right" in html


def test_comments_for_outlook_stay():
    html = html_of(document())
    assert html.count("<!--[if mso") > 3
    assert "PixelsPerInch" in html


@pytest.mark.parametrize("segment", ["Champions", "Lost"])
@pytest.mark.parametrize("products", [(), variables().products])
def test_the_message_is_well_formed_for_outlook_and_all_others(segment, products):
    values = variables(customer={"segment": segment}, products=products)
    html = message_template(every_block(), brand()).render(values).html
    others = re.sub(r"<!--\[if [^!].*?<!\[endif\]-->", "", html, flags=re.DOTALL)
    outlook = re.sub(r"<!--\[if [^\]]*\]>(?:<!-->)?|<!(?:--<!)?\[endif\](?:--)?>", "", html)
    for seen in (others, outlook):
        assert unbalanced(seen) == []


def test_the_check_for_well_formed_pages_sees_a_lost_end():
    assert unbalanced("<div><table></div>") != []


def unbalanced(html):
    parser = Balance()
    parser.feed(html)
    return parser.wrong + parser.open


class Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.wrong = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass


def test_it_has_colours_for_the_dark():
    html = html_of(document())
    assert "prefers-color-scheme: dark" in html
    assert '<meta name="color-scheme" content="light dark" />' in html
