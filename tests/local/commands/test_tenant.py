"""`tessera tenant` on the state of a laptop."""

from __future__ import annotations

import dataclasses
import io
import json

import pytest

from local.app.state.folder import StateFolder
from local.app.state.snapshot import Snapshot
from local.commands.erase.verify import verify
from local.commands.tenant.command import TenantOptions, tenant
from local.terminal import Terminal
from tessera.errors import InvalidInput

RAN = {
    "tenant": {"S": "default"}, "run_id": {"S": "a" * 16}, "status": {"S": "SUCCEEDED"},
    "started_at": {"S": "2026-11-01T10:00:00+00:00"},
}  # fmt: skip


@pytest.fixture
def state(tmp_path):
    """A state of an earlier version, which has a run of the default tenant and no tenants."""
    folder = StateFolder(tmp_path / "out.state")
    with folder.locked(wait=list):
        folder.write(Snapshot(secret="s", saved_at="", objects={}, runs=(RAN,), stand_ins={}))
    return folder.path


@pytest.fixture
def ask(state):
    def ask(does, name="", **more):
        options = TenantOptions(does=does, name=name, state=state, as_json=True, **more)
        printed = io.StringIO()
        tenant(options, terminal=Terminal(printed))
        return json.loads(printed.getvalue())

    return ask


def test_a_tenant_is_made_limited_suspended_resumed_and_listed(ask):
    ask("make", "acme", max_runs=3)
    ask("limits", "acme", requests_per_minute=60, destinations=("export",), daily_run=False)
    stopped = ask("suspend", "acme", reason="invoice 12")
    assert (stopped["state"], stopped["reason"]) == ("suspended", "invoice 12")
    assert stopped["limits"] == {"max_runs": 3, "requests_per_minute": 60}
    assert stopped["destinations"] == ["export"]
    assert ask("resume", "acme") == ask("show", "acme")
    assert [one["tenant"] for one in ask("list")] == ["acme", "default"]


def test_a_person_reads_a_table_and_why_a_tenant_stands_still(ask, state):
    ask("make", "acme")
    ask("suspend", "acme", reason="invoice 12")
    printed = io.StringIO()
    tenant(TenantOptions(does="list", state=state), terminal=Terminal(printed))
    assert "2026-11-01" in printed.getvalue()
    assert "suspended (invoice 12): nothing is run or sent for it" in printed.getvalue()


@pytest.mark.parametrize(
    ("does", "name", "words"),
    [
        ("list", "acme", "takes no name"),
        ("show", "", "which tenant"),
        ("show", "x", "no tenant 'x'"),
    ],
)
def test_a_wrong_request_is_refused(ask, does, name, words):
    with pytest.raises(InvalidInput, match=words):
        ask(does, name)


def test_a_folder_without_a_run_says_what_to_do(tmp_path):
    options = TenantOptions(does="list", state=tmp_path / "none.state")
    with pytest.raises(InvalidInput, match="has no run yet"):
        tenant(options, terminal=Terminal(io.StringIO()))


def test_a_removed_tenant_is_in_no_file_of_the_state(ask, state):
    ask("make", "acme")
    folder = StateFolder(state)
    before = folder.read()
    ran = {**RAN, "tenant": {"S": "acme"}}
    path = folder.new_file()
    path.write_text(json.dumps([{"pk": {"S": "acme#RUN"}}, {"pk": {"S": "default#RUN"}}]))
    more = {**before.tables, "campaigns": path.name}
    folder.write(dataclasses.replace(before, runs=(RAN, ran), tables=more), before=before)
    with pytest.raises(InvalidInput, match="add --yes"):
        ask("remove", "acme")
    receipt = ask("remove", "acme", is_sure=True, reason="left")
    assert [part["had"] for part in receipt["parts"]] == [2]
    assert receipt["finished_at"]
    after = folder.read()
    assert after.runs == (RAN,)
    texts = [folder.file(name).read_text() for name in after.files]
    assert not [text for text in texts if "acme" in text]
    assert [one["tenant"] for one in ask("list")] == ["default"]
    [written] = (state / "removals").iterdir()
    printed = io.StringIO()
    assert verify(written, stage="", terminal=Terminal(printed))
    assert "Tenant acme is removed" in printed.getvalue()
    forged = written.read_text().replace('"reason": "left"', '"reason": "paid"')
    written.write_text(forged)
    with pytest.raises(InvalidInput, match="signature is wrong"):
        verify(written, stage="", terminal=Terminal(io.StringIO()))
