"""A run is planned from real profiles and identities."""

from __future__ import annotations

import datetime as dt

import pytest

from adapters.campaigns.run_files import CampaignFiles
from adapters.campaigns.taken import TakenPeople
from steps.campaign.planning.plan_campaign import plan_campaign
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.planning.left_out import LeftOut
from tessera.campaigns.sending import states
from tessera.errors import InvalidInput, Retryable
from tests.campaign_shop import KEY_OF, NOW, TENANT, customer, identity
from tests.campaigns.made import schedule

PEOPLE = [customer(f"p{n:03d}") for n in range(60)]
HIGH = {"column": "monetary", "from": 50}
DAILY = {"schedule": schedule(kind="daily", include_present=False), "again_after_days": 1}


def planned(shop, **changes):
    return plan_campaign(shop.ask(**changes), services=shop.services(), now=NOW)


def written(shop, manifest):
    files = CampaignFiles(shop.identities, tenant=TENANT, run_id=manifest.run)
    return [one for entry in (*manifest.chunks, *manifest.holdout)
            for one in files.chunk(entry).recipients]  # fmt: skip


def keys(shop, manifest):
    return sorted(one.customer_key for one in written(shop, manifest))


def send(shop, run_id):
    """Let a planned run have begun to send."""
    shop.runs.change(run_id, lambda run: states.start(states.approve(run, at=NOW),
                                                      at=run.starts_at))  # fmt: skip


def test_everybody_in_is_everybody_out(shop):
    others = [customer("champion", segment="Champions"), customer("mute", address=None)]
    run = shop.finish_run([*PEOPLE, *others])
    manifest = planned(shop)
    counts = manifest.counts
    assert (counts.customers, counts.selected) == (62, 61)
    assert counts.left_out[LeftOut.NO_ADDRESS] == 1
    assert counts.eligible + counts.held_out == 60
    assert keys(shop, manifest) == sorted(one.key for one in PEOPLE)
    assert manifest.profiles == run
    assert shop.runs.read(manifest.run).state == "AWAITING_APPROVAL"
    taken = TakenPeople(shop.identities, tenant=TENANT, run_id=manifest.run).read()
    assert sorted(key.decode() for key in taken.customer_key) == keys(shop, manifest)


def test_a_recipient_has_what_templates_show_and_nothing_else(shop):
    shop.finish_run([customer("a", monetary="12.50", country="France")])
    [one] = written(shop, planned(shop))
    assert one.address == "a@mail.example"
    assert one.recipient == KEY_OF(one.address)
    assert (one.churn_band, one.segment, one.value_tier) == ("High", "At Risk", "Low")
    assert (one.country, one.time_zone) == ("FR", "")
    assert one.fields == {"monetary": "12.50", "segment": "At Risk"}


def test_the_latest_readable_address_counts(shop):
    shop.finish_run([customer("a")])
    later = NOW + dt.timedelta(days=1)
    [row] = identity(customer("a"), address=" New@Mail.Example ", last_seen_at=later)
    phone = row | {"address": "+49170123456", "channel_type": "SMS", "country": "AT"}
    shop.add_identities([row, phone])
    shop.add_identities([row | {"address": "none", "last_seen_at": later + later.resolution}])
    [one] = written(shop, planned(shop))
    assert one.address == "new@mail.example"


def test_conditions_select(shop):
    shop.finish_run([customer("rich"), customer("poor", monetary="10.00")])
    manifest = planned(shop, audience={"conditions": HIGH})
    assert keys(shop, manifest) == ["rich"]


def test_consent_of_the_shops_data_and_of_the_table_count_together(shop):
    shop.settings(legal_basis={})
    early, late = NOW - dt.timedelta(days=9), NOW - dt.timedelta(days=1)
    shop.finish_run(
        [
            customer("asked", consent="GRANTED"),
            customer("denied", consent="DENIED"),
            customer("unknown"),
            customer("out", consent="GRANTED", consent_at=late),
            customer("form"),
            customer("bounced", consent="GRANTED", consent_at=early),
        ]
    )
    shop.consent.add(
        TENANT,
        [
            _row("out@mail.example", state="withdrawn", source="unsubscribe_link", at=early),
            _row("form@mail.example", state="granted", basis="express", source="form", at=early),
            _row("bounced@mail.example", state="bounced", source="provider", at=late),
        ],
    )
    manifest = planned(shop)
    assert keys(shop, manifest) == ["asked", "form"]
    assert {k: n for k, n in manifest.counts.left_out.items() if n} == {
        "unsubscribed": 2, "no_consent": 1, "suppressed": 1,
    }  # fmt: skip


def _row(address, **facts):
    return ConsentRow(recipient=KEY_OF(address), **facts)


def test_a_transactional_campaign_needs_no_consent(shop):
    shop.settings(legal_basis={})
    shop.finish_run([customer("a", consent="DENIED")])
    manifest = planned(shop, purpose="transactional", holdout={"share": 0.0})
    assert keys(shop, manifest) == ["a"]


# ---- earlier runs ------------------------------------------------------------------------------


def test_the_frequency_cap_counts_messages_of_all_campaigns(shop):
    shop.settings(legal_basis={"*": "opt_out"}, cap_messages=1, cap_days=7)
    shop.finish_run(PEOPLE[:20])
    first = planned(shop, id="first", audience={"segments": ["At Risk"]})
    send(shop, first.run)
    second = planned(shop, id="second")
    assert second.counts.left_out[LeftOut.FREQUENCY_CAP] == 20  # held-out people too
    later = plan_campaign(
        shop.ask(id="third"), services=shop.services(), now=NOW + dt.timedelta(days=7)
    )
    assert later.counts.left_out[LeftOut.FREQUENCY_CAP] == 0


@pytest.mark.parametrize(("ends", "too_soon"), [("waits", 20), ("sends", 20), ("is cancelled", 0)])
def test_who_a_campaign_took_is_not_taken_again_too_soon(shop, ends, too_soon):
    shop.settings(legal_basis={"*": "opt_out"}, cap_messages=0)
    shop.finish_run(PEOPLE[:20])
    run = planned(shop, again_after_days=30).run
    if ends == "sends":
        send(shop, run)
    elif ends == "is cancelled":
        shop.runs.change(run, lambda one: states.cancel(one, reason="no", at=NOW))
    second = planned(shop, number=2, again_after_days=30)
    assert second.counts.left_out[LeftOut.TOO_SOON] == too_soon


def test_a_daily_campaign_writes_to_those_who_newly_entered(shop):
    shop.finish_run([customer("old"), customer("new", segment="Champions")])
    shop.finish_run([customer("old"), customer("new"), customer("born")], with_identities=False)
    shop.add_identities(identity(customer("born")))
    assert keys(shop, planned(shop, **DAILY)) == ["born", "new"]


def test_a_day_without_a_run_loses_nobody(shop):
    shop.settings(legal_basis={"*": "opt_out"}, cap_messages=0)
    shop.finish_run([customer("a"), customer("b", segment="Champions")])
    shop.finish_run([customer("a"), customer("b", segment="Champions")], with_identities=False)
    first = planned(shop, **DAILY)
    assert keys(shop, first) == []
    shop.finish_run([customer("a"), customer("b")], with_identities=False)  # no campaign that day
    shop.finish_run([customer("a"), customer("b")], with_identities=False)
    second = planned(shop, number=2, **DAILY)
    assert keys(shop, second) == ["b"]
    again = planned(shop, number=3, **DAILY)
    assert again.counts.selected == 0  # no new run since: nobody has newly entered


def test_a_trigger_needs_the_label_of_before(shop):
    trigger = {"set": "segment", "into": ["At Risk"], "out_of": ["Champions"]}
    shop.finish_run([customer("a", segment="Champions"), customer("b", segment="Hibernating")])
    shop.finish_run([customer("a"), customer("b"), customer("c")], with_identities=False)
    assert keys(shop, planned(shop, **DAILY, trigger=trigger)) == ["a"]


def test_the_first_daily_run_may_include_those_who_are_present(shop):
    shop.finish_run([customer("a")])
    every = DAILY | {"schedule": schedule(kind="daily", include_present=True)}
    assert keys(shop, planned(shop, **every)) == ["a"]


def test_a_first_run_of_the_shop_has_nothing_to_compare_with(shop):
    shop.finish_run([customer("a")])
    with pytest.raises(InvalidInput, match="two runs first"):
        planned(shop, **DAILY)
    run = shop.runs.read("win-back-r001")
    assert run.state == "FAILED"
    assert "two runs first" in run.reason


def test_earlier_profiles_that_are_gone_are_not_an_empty_audience(shop):
    first = shop.finish_run([customer("a")])
    shop.finish_run([customer("a"), customer("b")], with_identities=False)
    folder = f"tenants/{TENANT}/profiles/as_of={first.as_of}/"
    shop.data.delete_prefix(folder)
    with pytest.raises(InvalidInput, match=r"profiles of run '0+1'.* are gone"):
        planned(shop, **DAILY)


# ---- what cannot be planned --------------------------------------------------------------------


def test_profiles_that_are_incomplete_are_read_again(shop):
    run = shop.finish_run([customer("a"), customer("b")])
    key = f"tenants/{TENANT}/runs/{run.run_id}/insights.json"
    record = shop.data.read_json(key)
    record["overview"]["customers"] = 3
    shop.data.write_json(key, record)
    with pytest.raises(Retryable, match="has 3 customers, and 2 were read"):
        planned(shop)
    assert shop.runs.read("win-back-r001").state == "PLANNING"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"audience": {"segments": ["Nobody"]}}, "expected one of"),
        ({"variants": [{"name": "a", "template": {"id": "win-back", "version": 4}}]},
         "no published version 4"),
        ({"audience": {"receivers": "nowhere"}}, "no list of receivers 'nowhere'"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_has_failed_for_its_reason(shop, changes, reason):
    shop.finish_run([customer("a")])
    with pytest.raises(InvalidInput, match=reason):
        planned(shop, **changes)
    run = shop.runs.read("win-back-r001")
    assert run.state == "FAILED"
    assert reason.split()[0] in run.reason


def test_a_planned_run_keeps_its_plan_when_the_answer_was_lost(shop):
    shop.finish_run([customer("a")])
    plan = planned(shop)
    shop.finish_run([customer("a"), customer("b")])
    later = NOW + dt.timedelta(minutes=9)
    assert plan_campaign(plan.run, services=shop.services(), now=later) == plan
    assert shop.runs.read(plan.run).state == "AWAITING_APPROVAL"


def test_a_run_that_ended_before_its_plan_is_not_planned(shop):
    shop.finish_run([customer("a")])
    run = shop.ask()
    shop.runs.change(run, lambda run: states.cancel(run, reason="a mistake", at=NOW))
    with pytest.raises(InvalidInput, match="plan needs PLANNING"):
        plan_campaign(run, services=shop.services(), now=NOW)
    assert shop.runs.read(run).state == "CANCELLED"


def test_runs_of_a_tenant_are_planned_one_after_another(shop):
    shop.finish_run([customer("a")])
    first, second = shop.ask(id="first", number=1), shop.ask(id="second", number=2)
    with pytest.raises(Retryable, match="'first-r001' is being planned"):
        plan_campaign(second, services=shop.services(), now=NOW)
    plan_campaign(first, services=shop.services(), now=NOW)
    plan_campaign(second, services=shop.services(), now=NOW)


def test_a_run_without_its_request_cannot_be_planned(shop):
    shop.finish_run([customer("a")])
    shop.runs.change("x-r001", lambda _: states.new_run(TENANT, "x-r001", at=NOW))
    with pytest.raises(InvalidInput, match="has no request"):
        plan_campaign("x-r001", services=shop.services(), now=NOW)
