"""A run that the circuit breaker holds waits for a decision. Any other goes on at once."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from adapters.stores.runs import RUNNING
from lambdas.await_approval import handler as asking
from lambdas.decide_run import handler as deciding
from tessera.errors import InvalidInput
from tests.tickets import prepared_json, ticket_json

ARN = "arn:aws:states:us-east-1:123456789012:execution:machine:one"
TOKEN = "a-very-secret-token"
RUN = "0123456789abcdef"
EVENT = {"tenant": "default", "run_id": RUN, "execution_arn": ARN, "token": TOKEN}
RECORD = f"tenants/default/runs/{RUN}/score/score.json"
BREAKER = {
    "waits": True, "share": 0.5, "limit": 0.3, "changed": 5, "customers": 10, "movements": [],
    "reason": "Activation waits for an approval: 5 of 10 customers (50.0 %) would change.",
}  # fmt: skip


class Answered:
    """Step Functions, as far as an answer goes: it takes one a token."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, ...]] = []
        self.gone = False

    def succeed(self, token, output):
        return self._take(token, "success", json.dumps(output))

    def fail(self, token, *, error, cause):
        return self._take(token, error, cause)

    def _take(self, *answer):
        if not self.gone:
            self.answers.append(answer)
        return not self.gone


@pytest.fixture
def tasks(monkeypatch):
    answered = Answered()
    for module in (asking, deciding):
        monkeypatch.setattr(module, "Tasks", lambda: answered)
    return answered


@pytest.fixture
def scored(account, messages, monkeypatch):
    """A claimed run. Call it with what Score says of the breaker."""
    for name, value in {
        "DECIDE_FUNCTION": "tessera-decide", "APPROVAL_SECONDS": "604800",
        "AWS_REGION": "us-east-1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    account.runs.claim("default", RUN, execution_arn=ARN, started_at="2026-11-22T03:00:00Z")

    def record(**score):
        account.data.write_json(RECORD, {"as_of": "2026-11-22", **score})
        folder = f"tenants/default/runs/{RUN}/"
        account.data.write_json(folder + "ticket.json", ticket_json(run_id=RUN))
        prepared = prepared_json(as_of=dt.date(2026, 11, 22), customers=3_000_000)
        account.data.write_json(folder + "prepare.json", prepared)

    return record


def decide(verb="approve", **more):
    request = {"tenant": "default", "run_id": RUN, "decision": verb, **more}
    return deciding.handler(request, None)


@pytest.mark.parametrize("score", [{}, {"breaker": None}, {"breaker": {**BREAKER, "waits": False}}])
def test_what_need_not_wait_goes_on_at_once_and_notifies_nobody(
    account, messages, tasks, scored, score
):
    scored(**score)
    assert asking.handler(EVENT, None) == {"waits": False}
    assert tasks.answers == [(TOKEN, "success", '{"decision": "none needed"}')]
    assert messages() == []
    assert account.runs.token("default", RUN) == ""


def test_a_wait_is_announced_with_the_reason_and_the_way_to_decide(messages, tasks, scored):
    scored(breaker=BREAKER)
    assert asking.handler(EVENT, None) == {"waits": True}
    assert tasks.answers == []
    heard = messages()
    (event,) = [message for message in heard if "detail" in message]
    (mail,) = [message for message in heard if "Subject" in message]
    assert event["detail-type"] == "Run Waiting"
    assert (event["detail"]["run_id"], event["detail"]["changed"]) == (RUN, 5)
    assert BREAKER["reason"] in mail["Message"]
    assert "Expected cost of a run on AWS: $0.0413, of which MapSchema $0.0367" in mail["Message"]
    assert event["detail"]["expected_cost"] in mail["Message"]
    assert "aws lambda invoke --region us-east-1 --function-name tessera-decide" in mail["Message"]


def test_the_token_is_shown_to_nobody(account, messages, tasks, scored, capsys):
    scored(breaker=BREAKER)
    asking.handler(EVENT, None)
    reply = decide(by="Ann")
    everything = [json.dumps(messages()), json.dumps(reply), *capsys.readouterr()]
    everything += [account.data.read(key).decode() for key in account.data.keys("")]
    everything.append(str(account.runs.get("default", RUN)))
    assert not [text for text in everything if TOKEN in text]


def test_an_approval_lets_the_run_go_on_and_is_recorded(account, tasks, scored):
    scored(breaker=BREAKER)
    asking.handler(EVENT, None)
    assert decide(by="Ann")["decision"] == "approve"
    assert tasks.answers == [(TOKEN, "success", '{"decision": "approve", "by": "Ann", "why": ""}')]
    item = account.runs.get("default", RUN)
    assert (item.decision, item.decided_by, item.status) == ("approve", "Ann", RUNNING)
    assert account.runs.token("default", RUN) == ""


def test_a_rejection_says_who_and_why(tasks, scored):
    scored(breaker=BREAKER)
    asking.handler(EVENT, None)
    decide("reject", by="Ann", why="the export is broken")
    (answer,) = tasks.answers
    assert answer[:2] == (TOKEN, "NotApproved")
    assert "rejected by Ann: the export is broken" in answer[2]


def test_a_rejection_is_recorded_though_the_run_has_failed_meanwhile(account, tasks, scored):
    scored(breaker=BREAKER)
    asking.handler(EVENT, None)
    take = tasks.fail

    def fail(token, **why):
        account.runs.fail(
            "default", RUN, execution_arn=ARN, failed_at="2026-11-22T04:00:00Z", error="NotApproved"
        )
        return take(token, **why)

    tasks.fail = fail
    decide("reject", by="Ann")
    assert account.runs.get("default", RUN).decision == "reject"


def test_a_decision_is_taken_once(tasks, scored):
    scored(breaker=BREAKER)
    asking.handler(EVENT, None)
    decide(by="Ann")
    with pytest.raises(InvalidInput, match="was approved already by Ann at 20"):
        decide("reject")
    assert len(tasks.answers) == 1


def test_a_decision_that_comes_too_late_is_refused_as_such(account, tasks, scored):
    scored(breaker=BREAKER)
    asking.handler(EVENT, None)
    tasks.gone = True
    with pytest.raises(InvalidInput, match="no longer waits"):
        decide()
    assert account.runs.get("default", RUN).decision == ""


def test_after_the_time_is_up_the_token_is_gone_too(account, tasks, scored):
    scored(breaker=BREAKER)
    asking.handler(EVENT, None)
    account.runs.fail(
        "default", RUN, execution_arn=ARN, failed_at="2026-11-29T03:00:00Z", error="NotApproved"
    )
    with pytest.raises(InvalidInput, match="no longer waits"):
        decide()


@pytest.mark.parametrize(
    ("run_id", "words"),
    [(RUN, "doesn't wait for an approval: it is RUNNING"), ("f" * 16, "there is no run")],
)
def test_a_run_that_does_not_wait_cannot_be_decided(tasks, scored, run_id, words):
    scored()
    with pytest.raises(InvalidInput, match=words):
        decide(run_id=run_id)


def test_a_run_of_another_execution_does_not_wait_for_this_one(tasks, scored):
    scored(breaker=BREAKER)
    with pytest.raises(InvalidInput, match="not this execution's"):
        asking.handler({**EVENT, "execution_arn": ARN + "-other"}, None)


def test_a_new_attempt_forgets_the_old_decision(account, tasks, scored):
    scored(breaker=BREAKER)
    asking.handler(EVENT, None)
    decide("reject", by="Ann")
    account.runs.fail(
        "default", RUN, execution_arn=ARN, failed_at="2026-11-22T04:00:00Z", error="NotApproved"
    )
    again = ARN + "-again"
    assert account.runs.claim("default", RUN, execution_arn=again, started_at="2026-11-23T03:00Z")
    asking.handler({**EVENT, "execution_arn": again, "token": "another"}, None)
    decide()
    assert tasks.answers[-1][:2] == ("another", "success")
