"""``tessera campaign``: what each verb calls and prints."""

from __future__ import annotations

import io
import json
import sys

import pytest

from local.commands.arguments.tree import parser
from local.commands.campaign import command
from local.commands.campaign.connection import console_api
from local.commands.campaign.verbs import VERBS
from local.terminal import Terminal
from tessera.errors import InvalidInput
from tests.local.commands.campaign.fake_api import FakeConsoleApi, run, tally

RUN = "at-risk-and-loyal-r001"
PATH = f"/v1/campaign-runs/{RUN}"
CONVERSION = {
    "treated": 900, "held_out": 100, "treated_buyers": 90, "held_out_buyers": 5, "verdict": "more",
    "difference": 0.05, "low": 0.01, "high": 0.08,
}  # fmt: skip
RESULTS = {
    "simulated": True, "as_of": "2027-01-01", "notes": ["a note"],
    "slices": [
        {"by": "all", "group": "", "conversion": CONVERSION, "revenue": None},
        {"by": "churn_band", "group": "High",
         "conversion": CONVERSION | {"difference": None, "verdict": "inconclusive"},
         "revenue": {"incremental": 10.0, "incremental_low": -1.0, "incremental_high": 21.0}},
    ],
}  # fmt: skip
SIMULATED = {
    "run": RUN, "seed": 3, "messages": 900, "reactions": {"open": 300}, "orders": 95,
    "as_of": "2027-01-01", "everybody": {"people": 1000, "held_out": 100, "difference": 0.06},
    "by_band": {"High": {"people": 1000, "held_out": 100, "difference": 0.06}},
}  # fmt: skip
MESSAGE = {"headers": [{"name": "To", "value": "p1@customers.example"}], "text": "Hello"}


def call(monkeypatch, *line, **answers):
    api = FakeConsoleApi(**answers)
    monkeypatch.setattr(command, "console_api", lambda _: api)
    out = io.StringIO()
    arguments = parser().parse_args(["campaign", *line])
    command.campaign(arguments, Terminal(sys.stderr if arguments.json else out, results=out))
    return api, out.getvalue()


def test_every_verb_is_done_by_something():
    assert {*command._DOES, *command._ALONE} == VERBS.keys()
    assert not {*command._DOES} & {*command._ALONE}


def test_a_delivered_mail_is_read_without_a_console(monkeypatch, tmp_path):
    mail = tmp_path / "mail.eml"
    with pytest.raises(InvalidInput, match="No such file"):
        call(monkeypatch, "check", str(mail))
    headers = (
        "DKIM-Signature: d=shop.example; h=From:List-Unsubscribe:List-Unsubscribe-Post; b=a=",
        "From: news@shop.example",
        "List-Unsubscribe: <https://console.shop.example/u/t>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    )
    mail.write_text("\n".join((*headers, "", "Hello")))
    _, out = call(monkeypatch, "check", str(mail))
    assert "in the sender's DKIM signature" in out
    mail.write_text("\n".join((*headers[1:], "", "Hello")))
    with pytest.raises(InvalidInput, match="there is no DKIM-Signature"):
        call(monkeypatch, "check", str(mail))


@pytest.mark.parametrize("verb", [verb for verb, needed in VERBS.items() if needed])
def test_a_missing_name_is_asked_for(monkeypatch, verb):
    with pytest.raises(InvalidInput, match=f"`tessera campaign {verb}` needs "):
        call(monkeypatch, verb)


def test_send_approves_a_run_that_awaits_it_and_shows_its_progress(monkeypatch):
    states = [run("AWAITING_APPROVAL"), run("SENDING", tally=tally(1)),
              run("SETTLING", tally=tally(6))]  # fmt: skip
    monkeypatch.setattr(command.runs.time, "sleep", lambda _: None)
    api, out = call(monkeypatch, "send", RUN, **{PATH: states})
    assert api.sent == [("POST", f"{PATH}/approve", None)]
    assert out.splitlines()[-1] == "  SETTLING: 6 of 6 sent"
    api, _ = call(monkeypatch, "send", RUN, **{PATH: run("SETTLING", tally=tally(6))})
    assert api.sent == []


def test_a_simulation_shows_the_true_effect(monkeypatch):
    path = f"/local/campaign-runs/{RUN}/simulate"
    api, out = call(monkeypatch, "simulate", RUN, "--seed", "3", **{f"POST {path}": SIMULATED})
    assert api.sent == [("POST", path, {"seed": 3})]
    assert "true effect: +6.00 points of buyers" in out


def test_results_say_that_they_are_simulated(monkeypatch):
    path = "/v1/campaigns/at-risk-and-loyal/results"
    _, out = call(monkeypatch, "results", "at-risk-and-loyal", **{path: RESULTS})
    lines = out.splitlines()
    assert "SIMULATED" in lines[0]
    assert "90 of 900 against 5 of 100: +5.00 points (+1.00 points to +8.00 points), more" in out
    assert "incremental revenue +10.00 (-1.00 to +21.00)" in out
    assert lines[-1] == "  a note"
    _, out = call(monkeypatch, "results", "at-risk-and-loyal", "--json", **{path: RESULTS})
    assert json.loads(out) == RESULTS


def test_an_offer_shows_who_gets_it_first_and_saves_the_set(monkeypatch):
    group = {"label": "First", "who": "recency_days below 60", "customers": 120, "margin": 1.2,
             "low": 0.4, "high": 2.0, "net": 84.0}  # fmt: skip
    point = {"share": 0.5, "customers": 60, "cost": 30.0, "margin": 50.0, "low": 10.0,
             "high": 90.0, "net": 20.0, "random_net": 5.0}  # fmt: skip
    plan = {
        "verdict": "Send the offer to 120 customers first.", "groups": [group], "spent": 60.0,
        "net": 84.0, "frontier": [point, {**point, "share": 0.05}], "set": {"name": "offer_x"},
        "simulated": False,
    }  # fmt: skip
    path = "/v1/campaigns/at-risk-and-loyal/offer"
    answers = {f"POST {path}": plan, "/v1/segment-sets": {"version": 3},
               "PUT /v1/segment-sets/offer_x": {}}  # fmt: skip
    named = ("offer", "at-risk-and-loyal")
    with pytest.raises(InvalidInput, match="needs --cost"):
        call(monkeypatch, *named, **answers)
    amounts = ("--cost", "0.5", "--margin", "0.4", "--budget", "90", "--save")
    api, out = call(monkeypatch, *named, *amounts, **answers)
    assert api.sent[0] == ("POST", path, {"cost": 0.5, "margin": 0.4, "budget": 90.0})
    assert api.sent[1][2] == {"version": 3, "definition": {"name": "offer_x"}, "in_use": True}
    assert "First        120  +1.20 (+0.40 to +2.00) each, recency_days below 60" in out
    assert "spent 60.00, expected after that +84.00" in out
    assert out.count("of the audience") == 1
    with pytest.raises(InvalidInput, match="no segment set"):
        call(monkeypatch, *named, *amounts, **{**answers, f"POST {path}": {**plan, "set": None,
             "groups": [], "frontier": []}})  # fmt: skip
    simulated = {**answers, f"POST {path}": {**plan, "simulated": True}}
    with pytest.raises(InvalidInput, match="not saved, because these results are simulated"):
        call(monkeypatch, *named, *amounts, **simulated)


def test_figures_are_shown_by_band_and_variant(monkeypatch):
    events = dict.fromkeys(("delivered", "opened", "clicked", "bounced", "complained"), 3)
    group = {"recipients": 900, "events": events, "unsubscribed": 4}
    figures = {
        "simulated": True, "total": {"group": "", **group}, "notes": ["opens are unreliable"],
        "by_band": [{"group": "High", **group}, {"group": "", **group}],
        "by_variant": [{"group": "win-back", **group}],
    }  # fmt: skip
    _, out = call(monkeypatch, "figures", RUN, **{f"{PATH}/figures": figures})
    lines = out.splitlines()
    assert "SIMULATED" in lines[0]
    assert [line.split()[0] for line in lines[2:6]] == ["all", "High", "unknown", "win-back"]
    assert lines[2].split()[1:] == ["900", "3", "3", "3", "3", "3", "4"]
    assert lines[-1] == "  opens are unreliable"


def test_a_test_is_sent_to_one_address(monkeypatch):
    published = {"/v1/templates": {"items": [{"id": "news", "published": {"number": 2}}]}}
    path = "/v1/templates/news/test-sends"
    answer = {f"POST {path}": {"message_id": "", "problem": "there is no sender"}}
    api, out = call(monkeypatch, "test", "news", "--to", "a@shop.example", **published, **answer)
    assert api.sent == [("POST", path, {"version": 2, "to": "a@shop.example"})]
    assert out == "  there is no sender\n"
    with pytest.raises(InvalidInput, match="needs --to"):
        call(monkeypatch, "test", "news", **published)


def test_the_inbox_is_listed_and_read(monkeypatch):
    listed = {"messages": [{"id": "0107-1", "to": "p1@x.example", "subject": "News"}], "count": 4}
    _, out = call(monkeypatch, "inbox", **{"/local/inbox": listed})
    assert "0107-1  p1@x.example  News" in out
    assert "4 messages" in out
    _, out = call(monkeypatch, "inbox", "0107-1", **{"/local/inbox/0107-1": MESSAGE})
    assert out == "To: p1@customers.example\n\nHello\n"


def test_consents_are_imported_with_what_was_refused(monkeypatch, tmp_path):
    file = tmp_path / "consents.csv"
    file.write_text("address,state,at\n")
    monkeypatch.setitem(command.consents.import_consents.__kwdefaults__, "put", lambda *_: None)
    api, out = call(monkeypatch, "consents", str(file))
    assert api.sent[0] == ("POST", "/v1/consent/imports", {"bytes": 17})
    assert "12 imported (12 granted), 1 refused" in out
    assert "line 4, at: expected a day" in out
    with pytest.raises(InvalidInput, match="can't be read"):
        call(monkeypatch, "consents", str(tmp_path / "none.csv"))


def test_a_new_campaign_names_the_next_step(monkeypatch):
    published = [{"id": name, "published": {"number": 1}} for name in ("win-back", "newsletter")]
    saved = {"id": "mine", "version": 1, "problems": ["there is no sender"]}
    _, out = call(
        monkeypatch, "new", "at_risk", "--id", "mine", "--hours", "00:00-23:59", "--template",
        "newsletter=win-back",
        **{"/v1/templates": {"items": published}, "PUT /v1/campaigns/mine": saved},
    )  # fmt: skip
    assert out.splitlines() == [
        "  mine is saved, version 1", "  problem: there is no sender",
        "  Plan a run: tessera campaign plan mine",
    ]  # fmt: skip


def test_without_a_console_the_way_to_one_is_named(monkeypatch):
    monkeypatch.delenv("TESSERA_API_KEY", raising=False)
    with pytest.raises(InvalidInput, match="start one with `make console`"):
        console_api("http://127.0.0.1:9")


@pytest.mark.parametrize("hours", ["9-20", "09:00", "09:00-25:00"])
def test_hours_that_are_none_are_refused(hours, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["campaign", "new", "at_risk", "--hours", hours])
    assert "HH:MM-HH:MM" in capsys.readouterr().err
