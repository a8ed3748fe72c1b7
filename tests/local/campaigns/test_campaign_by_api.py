"""One campaign by the API alone: list, consents, template, count, test, run, result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.aws.workers.fork import ForkServers
from local.services.ses.inbox import LocalInbox
from tests.lambdas.api.run_of_two import TEMPLATE

PEOPLE = 20
PLAY = Path(__file__).with_name("play_by_api.py")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inbox")


@pytest.fixture(scope="module")
def came(root: Path, inbox: Path, fork_servers: ForkServers) -> dict[str, Any]:
    """What the API answered. A process has an embedded AWS apart from that of other tests."""
    done = subprocess.run(
        [sys.executable, str(PLAY), str(inbox), str(fork_servers.folder)],
        input=json.dumps(TEMPLATE), env={**os.environ, "PYTHONPATH": str(root)}, cwd=root,
        text=True, capture_output=True, check=False, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def test_the_count_names_the_line_that_is_refused_and_the_plan_the_opt_out(came):
    assert came["count"]["audience"]["selected"] == PEOPLE
    assert came["count"]["refused_lines"] == 1
    assert came["planned"]["audience"]["omitted"] == [
        {"reason": "unsubscribed", "meaning": "opted out", "people": 1}
    ]
    counts = came["planned"]["audience"]
    assert counts["eligible"] + counts["held_out"] == PEOPLE - 1


def test_consents_are_imported_and_counted(came):
    assert (came["report"]["added"], came["report"]["refused"]) == (2, 0)
    assert came["consent"]["marketing"] == {"granted": 1, "withdrawn": 1}


def test_a_run_that_was_approved_sends_to_all_and_says_what_that_cost(came):
    assert came["saved"]["problems"] == []
    assert (came["sent"]["state"], came["sent"]["stuck"]) == ("MEASURING", "")
    tally = came["sent"]["tally"]
    assert tally["sent"] == tally["planned"] == came["planned"]["recipients"]
    assert came["sent"]["cost"]["usd"] > 0


def test_figures_and_results_are_there_once_it_is_measured(came):
    assert came["figures"]["total"]["recipients"] == came["planned"]["recipients"]
    assert came["results"]["sizes"]["people"] == PEOPLE - 1


def test_the_inbox_has_a_mail_for_each_recipient_and_the_test(came, inbox):
    mails = list(LocalInbox(inbox).messages())
    to = [mail["To"] for mail in mails if mail["To"].endswith("@customers.example")]
    assert len(to) == len(set(to)) == came["planned"]["recipients"] + 1
    assert came["test"]["problem"] == ""
    [test] = [mail for mail in mails if mail["To"] == "tester@customers.example"]
    assert test["Subject"] == "[Test] News"
    assert "p1@customers.example" not in to


def test_every_execution_succeeds_and_the_clock_has_nothing_left_to_do(came):
    assert came["executions"]
    assert set(came["executions"]) == {"SUCCEEDED"}
    assert came["clock"] == {"started": [], "resumed": [], "refused": []}


def test_the_events_of_all_messages_come_back(came):
    assert came["figures"]["total"]["events"]["delivered"] == came["planned"]["recipients"]


def test_the_link_of_a_mail_unsubscribes_by_one_click(came, inbox):
    assert came["link"] == {"looked": 200, "clicked": 200}
    assert came["figures"]["total"]["unsubscribed"] == 1
    mail = next(one for one in LocalInbox(inbox).messages() if one["To"].startswith("p"))
    assert mail["List-Unsubscribe"].startswith("<https://")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
