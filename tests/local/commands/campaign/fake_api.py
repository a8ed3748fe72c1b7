"""A console's API in memory, as the commands for campaigns call it."""

from __future__ import annotations

import copy
import re
from typing import Any

DEFINITION = {
    "id": "at-risk-and-loyal", "name": "Win back", "result_days": 30,
    "holdout": {"share": 0.1, "salt": ""},
    "schedule": {"kind": "daily", "first_day": None, "hours": {"from": "09:00", "until": "20:00"}},
    "variants": [{"name": "win-back", "template": None}, {"name": "newsletter", "template": None}],
}  # fmt: skip
AUDIENCE = {
    "customers": 10, "selected": 9, "eligible": 6, "held_out": 1, "variants": {"win-back": 6},
    "omitted": [
        {"reason": "no_consent", "meaning": "no consent is known", "people": 2},
        {"reason": "cap", "meaning": "too many messages", "people": 0},
    ],
    "note": "",
}  # fmt: skip


def tally(sent: int, **more: int) -> dict[str, int]:
    return {"planned": 6, "sent": sent, "refused": 0, "skipped": 0, "doubts": 0} | more


def run(state: str, **more: Any) -> dict[str, Any]:
    given = {
        "run_id": "at-risk-and-loyal-r001", "state": state, "reason": "", "problem": "",
        "stuck": "", "starts_at": "2026-12-01T09:00:00Z", "audience": AUDIENCE, "tally": None,
    }  # fmt: skip
    return given | more


class FakeConsoleApi:
    """Answers from a table by path. A list answers one after the other, then the last again."""

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[str, Any] = {
            "/v1/settings": {"version": 4, "settings": {"time_zone": "Europe/London"}},
            "/v1/brand": {"version": 0},
            "/v1/templates": {"items": []},
            "/v1/consent": {"people": 0},
            "POST /v1/consent/imports": {"name": "i1", "url": "http://127.0.0.1/put"},
            "POST /v1/consent/imports/i1/start": {
                "added": 12,
                "refused": 1,
                "states": {"granted": 12},
                "refusals": [{"line": 4, "column": "at", "expected": "a day"}],
            },
            "/v1/ready-campaigns": {"items": [{"name": "at_risk", "definition": DEFINITION}]},
        } | answers
        self.sent: list[tuple[str, str, Any]] = []

    def get(self, path: str, **_query: str | None) -> Any:
        answer = self.answers[path]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        return copy.deepcopy(answer)

    def send(self, method: str, path: str, body: Any = None, **_how: float) -> Any:
        self.sent.append((method, path, body))
        if re.fullmatch(r"/v1/templates/[a-z-]+/import", path):
            return {"version": 1, "published": None}
        return copy.deepcopy(self.answers.get(f"{method} {path}", {}))
