"""Every check of a template, in one list."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tessera.campaigns.templates.brand import BrandKit, contrast_problems
from tessera.campaigns.templates.checking.fields import field_findings
from tessera.campaigns.templates.checking.finding import BRAND, PAGE, FindingPlace, TemplateFinding
from tessera.campaigns.templates.checking.liquid import sample_customer
from tessera.campaigns.templates.checking.structure import place_of, structure_findings
from tessera.campaigns.templates.checking.wording import little_text, shouting
from tessera.campaigns.templates.document import TemplateDocument, placed_blocks
from tessera.campaigns.templates.palette.palette import palette
from tessera.campaigns.templates.rendering.message import (
    MOST_HTML_BYTES,
    Message,
    message_template,
)
from tessera.campaigns.templates.rendering.variables import (
    RECIPIENT_FIELDS,
    MessageProduct,
    MessageVariables,
)
from tessera.errors import InvalidInput

LINK_GROWTH_BYTES = 200  # what a tracker's address adds to a link, an assumption
_SAMPLE_LINK = "https://example.com/" + "x" * 120
_SAMPLE_PRODUCT = MessageProduct(
    name="A product with a name of usual length",
    url=_SAMPLE_LINK,
    image=_SAMPLE_LINK,
    price="1,000.00",
)


def template_findings(
    document: TemplateDocument, brand: BrandKit, *, customer_fields: Collection[str]
) -> tuple[TemplateFinding, ...]:
    """Return everything that is wrong with a template, in the order of its blocks.

    Parameters
    ----------
    customer_fields
        The profile's fields that Liquid can read as ``customer.…``. What every recipient has, such
        as the segment, is known besides.
    """
    known = frozenset({*customer_fields, *RECIPIENT_FIELDS})
    findings = [
        *structure_findings(document),
        *_brand_findings(brand, known),
        *_page_findings(document, known),
        *_block_findings(document, known),
    ]
    if not any(one.severity == "error" and one.path != BRAND for one in findings):
        findings += _message_findings(document, brand, known)
    return tuple(dict.fromkeys(findings))


def publishing_errors(findings: Collection[TemplateFinding]) -> tuple[TemplateFinding, ...]:
    """Return the findings that block publishing."""
    return tuple(one for one in findings if one.severity == "error")


def _brand_findings(brand: BrandKit, known: Collection[str]) -> Iterator[TemplateFinding]:
    here = FindingPlace(BRAND)
    yield from field_findings(palette().brand, brand.fields, here, customer_fields=known)
    for problem in contrast_problems(brand):
        yield here.error("contrast", problem, "Change one of the two colours")
    if not str(brand.fields["address"]).strip():
        yield here.at("address").error(
            "physical-address",
            "the law of most countries asks for the sender's postal address",
            "Enter it in the brand kit. The footer shows it",
        )


def _page_findings(document: TemplateDocument, known: Collection[str]) -> Iterator[TemplateFinding]:
    fields = {name: field for name, field in palette().page.fields.items() if field.type != "slot"}
    here = FindingPlace(PAGE)
    yield from field_findings(fields, document.page, here, customer_fields=known)
    if isinstance(subject := document.page["subject"], str):
        yield from shouting(subject, here.at("subject"))
        if "\n" in subject or "\r" in subject:
            yield here.at("subject").error("value", "it has a line break", "Remove it")


def _block_findings(
    document: TemplateDocument, known: Collection[str]
) -> Iterator[TemplateFinding]:
    for placed in placed_blocks(document):
        kind = palette().blocks.get(placed.block.type)
        if kind is None:
            continue
        here, values = place_of(placed), placed.block.fields
        yield from field_findings(kind.fields, values, here, customer_fields=known)
        if placed.block.type == "heading" and isinstance(values.get("text"), str):
            yield from shouting(values["text"], here.at("text"))


def _message_findings(
    document: TemplateDocument, brand: BrandKit, known: Collection[str]
) -> Iterator[TemplateFinding]:
    """Yield what only a whole message shows, rendered for a sample customer."""
    here = FindingPlace(PAGE)
    try:
        template = message_template(document, brand)
        message = template.fill(_sample(known))
    except InvalidInput as error:
        yield here.error("message", str(error), "Correct it")
        return
    if "unsubscribe_url" not in template.html_source:
        yield here.error("unsubscribe", "the mail has no link to unsubscribe", "Add a footer")
    yield from _size(message, here)
    yield from little_text(message.text)


def _size(message: Message, here: FindingPlace) -> Iterator[TemplateFinding]:
    size = len(message.html.encode()) + LINK_GROWTH_BYTES * message.html.count("<a ")
    if size > MOST_HTML_BYTES:
        yield here.error(
            "size",
            f"the mail has about {size:,} bytes with tracked links. Gmail hides what is behind "
            "about 102,000",
            f"Shorten it to {MOST_HTML_BYTES:,} bytes",
        )


def _sample(known: Collection[str]) -> MessageVariables:
    return MessageVariables(
        customer=sample_customer(known),
        campaign_id="sample",
        campaign_name="Sample",
        unsubscribe_url=_SAMPLE_LINK,
        browser_url=_SAMPLE_LINK,
        products=(_SAMPLE_PRODUCT,) * 6,
    )
