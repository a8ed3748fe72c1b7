"""How long a campaign's messages take: compiling and checking a template, rendering recipients.

The template has all twenty blocks, more than a real one. Only processor time of this process
counts, without sending.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.report import Ratio, Section, table
from tessera.campaigns.templates.brand import read_brand
from tessera.campaigns.templates.checking.check import template_findings
from tessera.campaigns.templates.document import TemplateDocument, read_document
from tessera.campaigns.templates.palette.palette import palette
from tessera.campaigns.templates.rendering.message import MessageTemplate, message_template
from tessera.campaigns.templates.rendering.variables import MessageProduct, MessageVariables

RECIPIENTS = 10_000
_MOST_SECONDS = 5.0
_TIMES = 20
_PRODUCTS = tuple(
    MessageProduct(
        name=f"Product {number}",
        url=f"https://shop.example.com/{number}",
        image=f"https://img.example.com/{number}.png",
        price="12.50",
    )
    for number in range(3)
)


def measure(*, say: Callable[[str], None]) -> Section:
    """Compile, check and render a template with every block."""
    say(f"a template with every block, rendered for {RECIPIENTS:,} recipients")
    document, brand = _document(), read_brand({"name": "Example Shop", "address": "1 Example St"})
    compiled = _seconds(lambda: message_template(document, brand))
    checked = _seconds(lambda: template_findings(document, brand, customer_fields=["first_name"]))
    template = message_template(document, brand)
    rendered, size = _rendering(template)
    rows = [
        ["compile once a version, ms", f"{compiled * 1e3:.1f}"],
        ["check before publishing, ms", f"{checked * 1e3:.1f}"],
        ["render a recipient, ms", f"{rendered / RECIPIENTS * 1e3:.2f}"],
        ["size of the HTML, kB", f"{size / 1e3:.1f}"],
    ]
    ratio = Ratio(f"seconds to render {RECIPIENTS:,} recipients", rendered, _MOST_SECONDS)
    return Section("Messages of a campaign", tuple(table(["step", "measured"], rows)), (ratio,))


def _document() -> TemplateDocument:
    blocks = [{"id": kind, "type": kind, "fields": {}} for kind in palette().blocks]
    subject = "News for {{ customer.first_name | default: 'you' }}"
    return read_document({"version": 1, "subject": subject, "blocks": blocks})


def _seconds(once: Callable[[], object]) -> float:
    """Return the processor seconds of one call."""
    start = time.process_time()
    for _ in range(_TIMES):
        once()
    return (time.process_time() - start) / _TIMES


def _rendering(template: MessageTemplate) -> tuple[float, int]:
    """Return the processor seconds of all recipients, and the bytes of the largest HTML."""
    recipients = [
        MessageVariables(
            customer={"first_name": f"Ada {number}", "segment": "Champions"},
            campaign_id="spring-r001",
            campaign_name="Spring",
            unsubscribe_url=f"https://mail.example.com/u/{number}",
            browser_url=f"https://mail.example.com/b/{number}",
            products=_PRODUCTS,
        )
        for number in range(RECIPIENTS)
    ]
    start = time.process_time()
    size = max(len(template.render(one).html) for one in recipients)
    return time.process_time() - start, size
