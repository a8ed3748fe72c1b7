"""One campaign from its plan to its result: every step, with real templates and a real inbox."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import boto3
import numpy as np
import pytest

from adapters.aws.objects import Objects
from adapters.campaigns.taken import PlannedFiles, TakenPeople
from steps.campaign.consent import submit
from steps.campaign.measure import ResultDays, end_measured, measure_campaign
from steps.campaign.plan_run import RunPlan, plan_run
from steps.campaign.runs import move, resolve
from steps.campaign.send_chunk import send_chunk
from steps.campaign.write_events import write_events
from tessera.campaigns.events.figures import figures
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.sending import states
from tessera.campaigns.sending.settling import CLAIM_LASTS
from tessera.campaigns.templates.rendering.for_recipients import RunMessages
from tessera.campaigns.templates.rendering.message import message_template
from tests.campaigns.planning.made import KEY_OF, batches, known, shopper, terms
from tests.campaigns.templates.samples import block, brand, document
from tests.steps.campaign.test_over_http import KEYS, ONE_CLICK, RUN, TENANT, setup

__all__ = ["setup"]  # the fixture

NOW = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
SHOPPERS = [shopper(f"p{n}", first_name=f"Ann {n}") for n in range(60)]


@pytest.fixture
def files(setup):
    boto3.client("s3").create_bucket(Bucket="identities")
    return PlannedFiles(Objects("identities"), tenant=TENANT, run_id=RUN)


def test_the_whole_way(setup, files):
    setup.runs.change(RUN, lambda _: states.new_run(TENANT, RUN, at=NOW))
    plan = RunPlan(run_id=RUN, terms=terms(), shop_zone="Europe/Berlin", now=NOW)
    manifest = plan_run(
        plan, candidates=lambda: batches(SHOPPERS), known=known(), files=files, runs=setup.runs
    )
    move(setup.runs, RUN, lambda run: states.approve(run, at=NOW))
    run = move(setup.runs, RUN, lambda run: states.start(run, at=run.starts_at))

    heading = document(block("heading", text="Hello {{ customer.first_name }}"))
    templates = {one.name: message_template(heading, brand())
                 for one in manifest.definition.variants}  # fmt: skip
    renderer = RunMessages(campaign_id="news", campaign_name="News", templates=templates)
    setup.attempts = dataclasses.replace(
        setup.attempts, composer=dataclasses.replace(setup.composer, renderer=renderer)
    )
    for entry in manifest.chunks:
        send_chunk(
            files.chunk(entry).recipients, attempts=setup.attempts, ledger=setup.ledger,
            run_state=lambda: "SENDING", lanes=1,
        )  # fmt: skip
    assert len(setup.mailed()) == manifest.counts.eligible == run.recipients
    held_out = {one.address for entry in manifest.holdout for one in files.chunk(entry).recipients}
    assert held_out
    assert not held_out & set(setup.mailed())
    first = next(setup.mail.inbox.messages())
    name = first["To"].partition("@")[0]
    assert f"Hello Ann {name[1:]}" in first.get_body(("plain",)).get_content()

    link = first["List-Unsubscribe"].strip("<>")
    assert link in re.findall(r"https://\S+", first.get_body(("plain",)).get_content())
    token = link.rpartition("/u/")[2]
    assert submit(token, form=ONE_CLICK, keys=KEYS, consent=setup.consent, now=NOW).saved
    rows = setup.consent.of_recipient(TENANT, KEY_OF(first["To"]))
    assert [row.state for row in rows] == ["withdrawn"]

    tally = setup.ledger.tally(planned=run.recipients)
    move(setup.runs, RUN, lambda run: states.complete(run, tally=tally, at=NOW))
    write_events(setup.events_out, events=setup.events, consent=setup.consent)
    at = NOW + CLAIM_LASTS
    resolved = resolve(setup.runs, RUN, ledger=setup.ledger, proofs=setup.events, at=at)
    assert (resolved.doubts, resolved.run.state) == ((), "MEASURING")
    assert figures(setup.events.of_run(TENANT, RUN)).delivered == run.recipients

    later = NOW + dt.timedelta(days=60)
    taken = TakenPeople(Objects("identities"), tenant=TENANT, run_id=RUN)
    taken.definition = manifest.definition
    results = measure_campaign(
        [(resolved.run, taken)],
        definition=manifest.definition, today=later.date(),
        purchases=PurchaseRows(
            customer_key=np.zeros(0, "S36"), day=np.zeros(0, np.int64), amount=np.zeros(0),
            is_order=np.zeros(0, np.bool_),
        ),
    )  # fmt: skip
    assert results.sizes.people == len(SHOPPERS)
    assert {one.conversion.verdict for one in results.slices} == {"inconclusive"}
    ended = end_measured(
        setup.runs, RUN, at=later,
        days=ResultDays(
            planned_on=NOW.date(), result_days=manifest.definition.result_days,
            as_of=later.date(), today=later.date(),
        ),
    )  # fmt: skip
    assert ended.state == "FINISHED"
