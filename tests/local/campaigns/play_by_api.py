"""Play one campaign on this machine by the API alone: ``python play_by_api.py INBOX SERVERS``.

It reads a template from standard input, and prints one JSON document of what the API answered. The
app's functions are forks.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import json
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from lambdas.api.app import create_app
from lambdas.api.credentials import principal_by
from local.app.inputs.settings_file import stage_settings
from local.app.started import started
from local.app.system import System
from local.console.services import local_services
from local.services.ses.inbox import LocalInbox
from local.terminal import Terminal
from steps.serve.access import Authority
from tessera.api.keys import NewApiKey
from tessera.campaigns.sending.states import ENDS

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
forks = importlib.import_module("forks")

TENANT = "shop"
PEOPLE = 20
RECEIVERS = "\n".join(
    [
        "address,country",
        *(f"p{number}@customers.example,DE" for number in range(PEOPLE)),
        "nobody,DE",
    ]
)
CONSENTS = """address,state,at,basis
p1@customers.example,withdrawn,2026-01-01,
p2@customers.example,granted,2026-01-01,express
"""
CAMPAIGNS = {
    "legal_basis": {"*": "opt_out"}, "postal_address": "Example Shop, 1 Main Street, Springfield",
    "from_name": "Example Shop", "from_address": "news@shop.example", "quiet_from": "",
    "quiet_until": "",
}  # fmt: skip
_WAITS_S = 120.0
_LINES = 20  # of what functions printed, with a failure


class ApiPlay:
    """One tenant's calls. Each has a new Idempotency-Key."""

    def __init__(self, system: System, client: Any, *, inbox: Path) -> None:
        services = local_services(system, client=client, stage=stage_settings(campaigns=True))
        key = NewApiKey.of(
            TENANT, role="admin", label="play", by="tests", now=services.clock(), days=1
        )
        services.keys.add(key.key)
        authority = Authority(
            services.keys, claims=lambda _: None, issuer="-", client_id="-", clock=services.clock
        )
        app = create_app(services, principal=principal_by(authority), log=lambda _: None)
        self._http = TestClient(app, headers={"Authorization": f"Bearer {key.text}"})
        self._system, self._calls, self._inbox = system, 0, inbox
        assert services.campaigns is not None
        self._machine = services.campaigns().executions.machine_arn

    def play(self, template: Any) -> dict[str, Any]:
        today = dt.datetime.now(dt.UTC).date().isoformat()
        self.put("/v1/settings", {"version": 0, "settings": {"campaigns": CAMPAIGNS}})
        self.put("/v1/brand", {"version": 0, "brand": {"name": "Shop", "address": "1 Street"}})
        self.put("/v1/templates/hello", {"version": 0, "name": "Hello", "template": template})
        self.post("/v1/templates/hello/publish", {"version": 1})
        self._send(self.post("/v1/receivers/people", {"bytes": len(RECEIVERS)}), RECEIVERS)
        definition = {
            "id": "hello", "name": "Hello", "audience": {"receivers": "people"},
            "variants": [{"name": "a", "template": {"id": "hello", "version": 1}}],
            "schedule": {
                "kind": "once", "first_day": today, "zone": "shop",
                "hours": {"from": "00:00", "until": "23:59"},
            },
            "holdout": {"share": 0.25},
        }  # fmt: skip
        unfinished = {**definition, "variants": [{"name": "a"}]}
        came = {"count": self.post("/v1/audiences/count", {"definition": unfinished})}
        target = self.post("/v1/consent/imports", {"bytes": len(CONSENTS)})
        self._send(target, CONSENTS)
        came["report"] = self.post(f"/v1/consent/imports/{target['name']}/start")
        came["consent"] = self.get("/v1/consent")
        came["saved"] = self.put("/v1/campaigns/hello", {"version": 0, "definition": definition})
        came["test"] = self.post(
            "/v1/templates/hello/test-sends", {"version": 1, "to": "tester@customers.example"}
        )
        run = f"/v1/campaign-runs/{self.post('/v1/campaigns/hello/runs', {})['run_id']}"
        came["planned"] = self._until(run, "AWAITING_APPROVAL")
        self.post(f"{run}/approve")
        came["sent"] = self._until(run, "MEASURING")
        came["executions"] = self._executions()
        came["link"] = self._follow_link()
        came["figures"] = self._figures(run, delivered=came["planned"]["recipients"])
        came["results"] = self.get("/v1/campaigns/hello/results")
        came["clock"] = self._system.call("KeepCampaignsFunction", {"task": "hourly"})
        return came

    def _executions(self) -> list[str]:
        """Return how the executions of the campaigns' machine ended. The last one ends now."""
        states = self._system.client("stepfunctions")
        until = time.monotonic() + _WAITS_S
        while True:
            listed = states.list_executions(stateMachineArn=self._machine)["executions"]
            ends = [one["status"] for one in listed]
            if "RUNNING" not in ends or time.monotonic() > until:
                return ends
            time.sleep(0.5)

    def _follow_link(self) -> dict[str, int]:
        """Look at the page of a mail's link, and then click once as a mail client does."""
        mails = LocalInbox(self._inbox).messages()
        mail = next(one for one in mails if one["To"].startswith("p"))
        token = str(mail["List-Unsubscribe"]).strip("<>").rpartition("/u/")[2]

        def ask(method: str, **more: str) -> int:
            event = {"requestContext": {"http": {"method": method}}, **more}
            event["pathParameters"] = {"token": token}
            return int(self._system.call("UnsubscribeFunction", event)["statusCode"])

        return {"looked": ask("GET"), "clicked": ask("POST", body="List-Unsubscribe=One-Click")}

    def _figures(self, run: str, *, delivered: int) -> Any:
        """Return the figures once the events of all messages came back. Events are late."""
        until = time.monotonic() + _WAITS_S
        while True:
            self._system.call("MeasureCampaignFunction", {"tenant": TENANT, "campaign": "hello"})
            figures = self.get(f"{run}/figures")
            if figures["total"]["events"]["delivered"] == delivered or time.monotonic() > until:
                return figures
            time.sleep(1)

    def get(self, path: str) -> Any:
        return self._checked("GET", path)

    def put(self, path: str, body: Any) -> Any:
        return self._checked("PUT", path, json=body)

    def post(self, path: str, body: Any = None) -> Any:
        self._calls += 1
        headers = {"Idempotency-Key": f"call-{self._calls:08d}"}
        return self._checked(
            "POST", path, headers=headers, **({} if body is None else {"json": body})
        )

    def _checked(self, method: str, path: str, **more: Any) -> Any:
        answer = self._http.request(method, path, **more)
        if answer.status_code >= 300:
            printed = [line for _, line in self._system.logs()]
            reply = f"{method} {path}: {answer.status_code} {answer.text}"
            raise AssertionError("\n".join([reply, *printed[-_LINES:]]))
        return answer.json()

    def _send(self, target: Any, text: str) -> None:
        """Send a file past the API, as a browser does."""
        request = urllib.request.Request(  # noqa: S310 (an address on loopback)
            target["url"], data=text.encode(), method="PUT", headers={"Content-Type": "text/csv"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            assert answer.status == 200

    def _until(self, run: str, state: str) -> Any:
        until = time.monotonic() + _WAITS_S
        while True:
            made = self.get(run)
            if made["state"] == state or made["state"] in ENDS or time.monotonic() > until:
                return made
            time.sleep(0.5)


def main(inbox: Path, servers: Path) -> None:
    terminal = Terminal(io.StringIO())
    forks.join(servers)
    # with the stream that the console has too: one app is synthesized for both
    with started(tenant=TENANT, terminal=terminal, inbox=inbox, stream=True) as (system, place):
        play = ApiPlay(system, place.client, inbox=inbox)
        sys.stdout.write(json.dumps(play.play(json.load(sys.stdin))))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
