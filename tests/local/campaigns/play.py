"""Play one campaign on this machine, as ``tessera console`` deploys it: ``python play.py INBOX``.

It reads a published template from standard input, and prints one JSON document of what came of it.
A separate process has a separate embedded AWS.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

from adapters.campaigns.event_set import EventSet
from local.app.started import started
from local.app.system import System
from local.services.ses.inbox import LocalInbox
from local.terminal import Terminal
from steps.campaign import ask_run as desk_moves
from steps.campaign.ask_run import RunDesk, ask_run
from steps.serve.campaign_stores import campaign_services
from tessera import naming
from tessera.campaigns.campaign_record import CampaignRecord
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.events.figures import figures
from tessera.campaigns.sending.states import ENDS
from tessera.environments.api import ApiCampaigns

TENANT, CAMPAIGN = "shop", "hello"
PEOPLE = 40
SETTINGS = b"""
time_zone = "UTC"

[campaigns]
legal_basis = { "*" = "opt_out" }
postal_address = "Example Shop, 1 Main Street, 12345 Springfield"
from_name = "Example Shop"
from_address = "news@shop.example"
quiet_from = ""
quiet_until = ""
"""
_WAITS_S = 120.0


def main(inbox: Path) -> None:
    """Plan, approve, send, hear of it, unsubscribe and measure."""
    with started(tenant=TENANT, terminal=Terminal(io.StringIO()), inbox=inbox) as (system, _):
        sys.stdout.write(json.dumps(_Play(system).play()))


class _Play:
    def __init__(self, system: System) -> None:
        self.system, self.s3 = system, system.client("s3")
        stage = "dev"
        machine = system.machine.rpartition(":stateMachine:")[0]
        self.services = campaign_services(
            ApiCampaigns(
                table=system.campaigns_table,
                identities_bucket=system.identities_bucket,
                machine_arn=f"{machine}:stateMachine:{naming.campaigns_machine(stage)}",
                count_audience=naming.campaign_function(stage, "count_audience"),
                import_consent=naming.campaign_function(stage, "import_consent"),
                send_test=naming.campaign_function(stage, "send_test"),
            ),
            clock=lambda: dt.datetime.now(dt.UTC),
            client=system.client,
            signing=self.s3,
        )
        self.desk = RunDesk(
            tenant=TENANT,
            campaigns=self.services.records(TENANT),
            requests=self.services.requests(TENANT),
            runs=self.services.runs(TENANT),
            progress=self.services.progress(TENANT),
            executions=self.services.executions,
        )

    def play(self) -> dict[str, Any]:
        now = dt.datetime.now(dt.UTC)
        self._prepare(now)
        record = CampaignRecord(definition=self.definition, changed_by="user:a", changed_at=now)
        self.desk.campaigns.change(CAMPAIGN, lambda _: record)
        run_id = ask_run(self.desk, record, day=now.date(), by="user:a", at=now).run_id
        planned = self._until(run_id, "AWAITING_APPROVAL")
        desk_moves.approve(self.desk, run_id, at=dt.datetime.now(dt.UTC))
        ended = self._until(run_id, "MEASURING")
        ledger = self.services.ledger(TENANT, run_id)
        return {
            "planned": planned.recipients,
            "counts": dict(ledger.tally(planned=planned.recipients).counts),
            "state": ended.state,
            "delivered": self._delivered(run_id, planned.recipients),
            "unsubscribed": self._unsubscribe(),
            "executions": self._executions(),
            "measured": self._measure(),
        }

    def _prepare(self, now: dt.datetime) -> None:
        self.system.put_settings(TENANT, SETTINGS)
        key = naming.published_template_key(TENANT, "hello", 1)
        self._put(self.system.data_bucket, key, sys.stdin.read())
        lines = [f"p{n}@customers.example,Ann {n}" for n in range(PEOPLE)]
        self._put(
            self.system.identities_bucket, naming.receivers_key(TENANT, "people"),
            "\n".join(["address,first_name", *lines]),
        )  # fmt: skip
        self.definition = parse_definition(
            {
                "id": CAMPAIGN, "name": "Hello", "audience": {"receivers": "people"},
                "variants": [{"name": "a", "template": {"id": "hello", "version": 1}}],
                "schedule": {
                    "kind": "once", "first_day": now.date().isoformat(), "zone": "shop",
                    "hours": {"from": "00:00", "until": "23:59"},
                },
                "holdout": {"share": 0.25},
            }
        )  # fmt: skip

    def _put(self, bucket: str, key: str, text: str) -> None:
        self.s3.put_object(Bucket=bucket, Key=key, Body=text.encode())

    def _until(self, run_id: str, state: str) -> Any:
        until = time.monotonic() + _WAITS_S
        while time.monotonic() < until:
            run = self.desk.runs.read(run_id)
            if run is not None and (run.state == state or run.state in ENDS):
                return run
            time.sleep(0.2)
        raise AssertionError(f"the run is {run}, not {state}: {self._trouble()}")

    def _delivered(self, run_id: str, wanted: int) -> int:
        """Return how many events of deliveries came. They are late, and most come at once."""
        events = EventSet(self.system.campaigns_table, dynamodb=self.system.client("dynamodb"))
        until = time.monotonic() + _WAITS_S
        delivered = 0
        while delivered < wanted and time.monotonic() < until:
            delivered = figures(events.of_run(TENANT, run_id)).delivered
            time.sleep(0.2)
        return delivered

    def _unsubscribe(self) -> dict[str, Any]:
        """Follow the link of one message: look, and then one click."""
        event = {
            "pathParameters": {"token": self._token()},
            "requestContext": {"http": {"method": "GET"}},
        }
        looked = self.system.call("UnsubscribeFunction", event)
        event["requestContext"] = {"http": {"method": "POST"}}
        clicked = self.system.call(
            "UnsubscribeFunction", {**event, "body": "List-Unsubscribe=One-Click"}
        )
        return {"looked": looked["statusCode"], "clicked": clicked["statusCode"]}

    def _token(self) -> str:
        message = next(
            one for one in LocalInbox(INBOX).messages() if "customers.example" in one["To"]
        )
        return str(message["List-Unsubscribe"]).strip("<>").rpartition("/u/")[2]

    def _executions(self) -> list[str]:
        states = self.system.client("stepfunctions")
        arn = self.services.executions.machine_arn
        listed = states.list_executions(stateMachineArn=arn)["executions"]
        return sorted(one["status"] for one in listed)

    def _measure(self) -> dict[str, Any]:
        return self.system.call("MeasureCampaignFunction", {"tenant": TENANT, "campaign": CAMPAIGN})

    def _trouble(self) -> str:
        lines = [line for _, line in self.system.logs()]
        return "\n".join(lines[-30:])


if __name__ == "__main__":
    INBOX = Path(sys.argv[1])
    main(INBOX)
