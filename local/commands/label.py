"""``tessera label``: a customer's live label, here or in a deployed stage."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from adapters.aws.objects import Objects
from adapters.stores.customer_finder import CustomerFinder
from adapters.stores.label_states import NOTHING_KEPT, LabelStates
from adapters.stores.records import read_record
from local.app.elsewhere.account import LABELS, reaching
from local.app.elsewhere.remote import connected
from local.app.inputs.settings_file import stage_settings
from local.terminal import Terminal
from steps.label.shown import ShownLabel, shown_label
from tessera import naming
from tessera.errors import InvalidInput
from tessera.labels.rules import GUIDANCE, Rules
from tessera.plurals import plural
from tessera.records.codec import encode
from tessera.records.label_rules import LabelRules

_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WIDTH = 96


@dataclasses.dataclass(frozen=True)
class LabelPlace:
    """Where live labels are: the two buckets, and the table."""

    data: Objects
    identities: Objects
    states: LabelStates


def label(
    customer: str, *, tenant: str, stage: str, endpoint: str, as_json: bool, terminal: Terminal
) -> None:
    """Print a customer's live label, and what it was made of.

    Parameters
    ----------
    customer
        A customer_id or an address as in the uploads, or a customer_key.
    tenant
        Whose customer.
    stage
        A deployed stage of cdk.json. Empty: what runs here.
    endpoint
        Where ``serve`` answers.

    Raises
    ------
    InvalidInput
        The stage has no live labels, or there is no such customer.
    """
    with place_of(stage, endpoint=endpoint) as place:
        facts = facts_of(place, customer, tenant=naming.check_tenant(tenant))
    if as_json:
        terminal.json({"tenant": tenant, **encode(facts)})
        return
    for line in lines_of(facts, customer):
        terminal.say(line)


@contextlib.contextmanager
def place_of(stage: str, *, endpoint: str) -> Iterator[LabelPlace]:
    """Give the live labels of a deployed stage, or without one those of what runs here.

    Raises
    ------
    InvalidInput
        It has none, or nothing runs there.
    """
    settings = stage_settings(stage=stage) if stage else stage_settings()
    if not settings.labels.enabled:
        raise InvalidInput(
            f"stage {settings.stage!r} has no live labels: set 'stream.shards' and "
            "'labels.enabled' in cdk.json, and deploy it"
        )
    table = naming.labels_table(settings.stage)
    if stage:
        with reaching(settings, capabilities=["Data", LABELS]) as (aws, outputs):
            data, labels = outputs.values()
            yield _place(aws.client, {**data, **labels})
    else:
        with connected(endpoint) as system:
            buckets = {
                "DataBucket": system.data_bucket,
                "IdentitiesBucket": system.identities_bucket,
            }
            yield _place(system.client, {**buckets, "LabelsTable": table})


def _place(client: Any, outputs: dict[str, str]) -> LabelPlace:
    return LabelPlace(
        data=Objects(outputs["DataBucket"], client=client("s3")),
        identities=Objects(outputs["IdentitiesBucket"], client=client("s3")),
        states=LabelStates(outputs["LabelsTable"], dynamodb=client("dynamodb")),
    )


def facts_of(place: LabelPlace, customer: str, *, tenant: str) -> ShownLabel:
    """Return what there is to say about a customer's live label.

    Raises
    ------
    InvalidInput
        No run has written live labels yet, or there is no such customer.
    """
    rules_key = naming.label_rules_key(tenant)
    if not place.data.exists(rules_key):
        raise InvalidInput(
            f"tenant {tenant!r} has no live labels yet: they begin with its first run after "
            "'labels.enabled'"
        )
    rules = Rules(read_record(LabelRules, place.data, rules_key, tolerant=True))
    key = customer if _KEY.fullmatch(customer) else _key_of(place, customer, tenant=tenant)
    kept = place.states.read(tenant, key)
    if kept == NOTHING_KEPT:
        raise InvalidInput(f"no customer {key!r} has a live label in tenant {tenant!r}")
    return shown_label(kept, customer_key=key, rules=rules)


def _key_of(place: LabelPlace, customer: str, *, tenant: str) -> str:
    """Return the key of an id or an address."""
    keys = CustomerFinder(place.data, place.identities).find(tenant, customer) or ()
    if len(keys) == 1:
        return keys[0]
    if keys:
        raise InvalidInput(
            f"{customer!r} stands for {len(keys)} customers: name one of "
            f"{', '.join(map(repr, keys))}"
        )
    raise InvalidInput(
        f"no customer {customer!r} in the uploads that tenant {tenant!r}'s runs have counted: "
        "name one as in an upload, or one who came since by the customer_key"
    )


# ---- words ---------------------------------------------------------------------------------------


def lines_of(facts: ShownLabel, customer: str) -> Iterator[str]:
    """Yield the lines for people."""
    label = facts.label
    name = "no label yet" if label is None else f"{label.segment}, as of {label.as_of}"
    yield f"Customer {customer}: {name}, by the rules of {facts.preset}"
    for sentence in _sentences(facts):
        yield from textwrap.wrap(sentence, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _sentences(facts: ShownLabel) -> Iterator[str]:
    if facts.waits_because:
        yield f"It waits for the next run: {facts.waits_because}. Until then no event moves it."
    yield from _cells(facts)
    moved = facts.moved
    if moved is None:
        yield f"No event has moved it since the run as of {facts.rules_as_of}."
    else:
        came = f"{moved.event} of {moved.happened_at:%Y-%m-%d %H:%M} UTC"
        yield f"Since the {came}. Before: {moved.previous or 'no label'}."
    if facts.events_since_run:
        yield f"{plural(facts.events_since_run, 'event')} since the run."


def _cells(facts: ShownLabel) -> Iterator[str]:
    """Yield each score with what was scored."""
    label = facts.label
    if label is None:
        return
    counted = "event" if facts.measures == GUIDANCE else "order"
    values = {
        "recency": plural(label.recency_days or 0, "day"),
        "frequency": plural(label.frequency, counted),
        "monetary": label.monetary,
    }
    for (measure, value), score in zip(values.items(), label.scores, strict=False):
        edges = ", ".join(f"{edge:,.6g}" for edge in facts.thresholds[measure])
        yield f"{measure} {score}: {value} (thresholds: {edges})"
    if not label.scores:
        yield "It has no scores: no order is known."
    if label.p_alive is not None:
        yield f"The chance to be active is {label.p_alive:.3f}."
