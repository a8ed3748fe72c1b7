"""The Liquid of one field: its syntax, its variables and filters, tried with sample values."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from liquid import BoundTemplate
from liquid.exceptions import LiquidError

from tessera.campaigns.templates.checking.finding import FindingPlace, TemplateFinding
from tessera.campaigns.templates.compiling.liquid_tokens import TOKEN
from tessera.campaigns.templates.rendering.environment import text_environment, unknown_filters
from tessera.campaigns.templates.rendering.message import first_line
from tessera.campaigns.templates.rendering.variables import (
    CUSTOMER,
    NAMES,
    RECEIVER,
    MessageVariables,
)
from tessera.errors import InvalidInput

SAMPLE = "Sample"


def liquid_findings(
    source: str, place: FindingPlace, *, customer_fields: Collection[str]
) -> Iterator[TemplateFinding]:
    """Yield what is wrong with the Liquid of a field.

    Parameters
    ----------
    source
        The field as plain text, its Liquid ready to be rendered.
    customer_fields
        The fields that ``customer`` has.
    """
    if "{{" not in source and "{%" not in source:
        return
    try:
        template = text_environment().from_string(source)
        used = template.analyze()
    except LiquidError as error:
        yield place.error(
            "liquid", f"this is no Liquid: {first_line(error)}", "Correct it or remove it"
        )
        return
    unknown = [
        *_unknown_variables(used.globals, place, customer_fields),
        *(
            place.error("unknown-filter", f"there is no filter {name!r}", "Remove it")
            for name in unknown_filters(used.filters)
        ),
        *(
            place.error("reserved-name", f"{name!r} cannot be assigned", "Choose another name")
            for name in sorted(used.locals.keys() & {CUSTOMER, *NAMES})
        ),
    ]
    yield from unknown
    if not unknown:
        yield from _trial(template, place, customer_fields)
        yield from _without_default(source, place)


def sample_customer(customer_fields: Collection[str]) -> dict[str, str]:
    """Return a customer whose every field has a value."""
    return dict.fromkeys(customer_fields, SAMPLE)


def _unknown_variables(
    used: Mapping[str, list[Any]], place: FindingPlace, customer_fields: Collection[str]
) -> Iterator[TemplateFinding]:
    known: dict[str, Collection[str]] = {CUSTOMER: customer_fields, **NAMES}
    for path in dict.fromkeys(tuple(one.segments) for name in used.values() for one in name):
        names = [str(step) for step in path]
        if names[0] not in known:
            everything = [f"{name}.{one}" for name, of in known.items() for one in of or ("",)]
            yield _unknown(".".join(names), [*known, *everything], place)
        elif known[names[0]] and (len(names) < 2 or names[1] not in known[names[0]]):
            candidates = [f"{names[0]}.{one}" for one in known[names[0]]]
            yield _unknown(".".join(names), candidates, place)


def _unknown(name: str, candidates: Collection[str], place: FindingPlace) -> TemplateFinding:
    close = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6)
    close = close or difflib.get_close_matches(f"{CUSTOMER}.{name}", candidates, n=1, cutoff=0.6)
    action = f"Did you mean {close[0].rstrip('.')}?" if close else "Choose one from the list"
    return place.error("unknown-variable", f"there is no variable {name!r}", action)


def _trial(
    template: BoundTemplate, place: FindingPlace, customer_fields: Collection[str]
) -> Iterator[TemplateFinding]:
    sample = MessageVariables(
        customer=sample_customer(customer_fields),
        campaign_id=SAMPLE,
        campaign_name=SAMPLE,
        unsubscribe_url="https://example.com/u",
        browser_url="https://example.com/b",
    )
    try:
        template.render(sample.as_liquid())
    except InvalidInput as error:
        if "link" not in str(error):  # a sample is no link: real values are checked one by one
            yield place.error("liquid", str(error), "Correct it or remove it")
    except LiquidError as error:
        yield place.error(
            "liquid", f"it cannot be rendered: {first_line(error)}", "Correct it or remove it"
        )


def _without_default(source: str, place: FindingPlace) -> Iterator[TemplateFinding]:
    for token in TOKEN.findall(source):
        if not token.startswith("{{") or "default" in token:
            continue
        name = token.strip("{}- ").partition("|")[0].strip()
        action = f"Add a default: {{{{ {name} | default: '…' }}}}"
        if name.startswith(f"{RECEIVER}."):  # nobody knows here whether the list has this column
            yield place.error("no-default", f"receivers without {name} see a gap", action)
        elif f"{CUSTOMER}." in token:
            yield place.warning("no-default", f"customers without {name} see a gap", action)
            return
