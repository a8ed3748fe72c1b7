"""One campaign through the deployed app: plan, approval, inbox, events, link and figures."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.services.ses.inbox import LocalInbox
from tessera.campaigns.templates.versions import next_version, write_version
from tests.campaigns.templates.samples import block, brand, document

PEOPLE = 40
PLAY = Path(__file__).with_name("play.py")
TEMPLATE = next_version(
    document(block("heading", text="Hello {{ customer.first_name }}")), brand(), last=None,
    customer_fields=("first_name",), by="user:a", now=dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Played:
    """What the process printed, and what is in the inbox."""

    came: dict[str, Any]
    inbox: LocalInbox

    @property
    def mailed(self) -> list[str]:
        to = [message["To"] for message in self.inbox.messages()]
        return sorted(one for one in to if one.endswith("@customers.example"))


@pytest.fixture(scope="module")
def played(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A process has an embedded AWS without what other tests keep in theirs."""
    folder = tmp_path_factory.mktemp("inbox")
    done = subprocess.run(
        [sys.executable, str(PLAY), str(folder)], input=json.dumps(write_version(TEMPLATE)),
        env={**os.environ, "PYTHONPATH": str(root)}, cwd=root, text=True, capture_output=True,
        check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return Played(json.loads(done.stdout), LocalInbox(folder))


def test_each_planned_recipient_has_one_mail_and_held_out_people_have_none(played):
    planned = played.came["planned"]
    assert 0 < planned < PEOPLE
    assert len(set(played.mailed)) == len(played.mailed) == planned
    assert played.came["counts"] == {"SENT": planned}


def test_the_run_ends_being_measured_and_so_do_its_executions(played):
    assert played.came["state"] == "MEASURING"
    assert set(played.came["executions"]) == {"SUCCEEDED"}


def test_a_mail_has_the_recipients_name_and_both_headers_to_unsubscribe(played):
    message = next(one for one in played.inbox.messages() if "customers.example" in one["To"])
    number = message["To"].partition("@")[0].removeprefix("p")
    assert f"Hello Ann {number}" in message.get_body(("plain",)).get_content()
    assert message["List-Unsubscribe"].startswith("<https://")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_events_of_all_messages_come_back(played):
    assert played.came["delivered"] == played.came["planned"]


def test_the_link_of_a_mail_unsubscribes(played):
    assert played.came["unsubscribed"] == {"looked": 200, "clicked": 200}


def test_treated_and_held_out_people_are_measured(played):
    assert played.came["measured"]["people"] == PEOPLE
    assert played.came["measured"]["held_out"] == PEOPLE - played.came["planned"]
