"""The verbs of ``tessera campaign``, and what each is about."""

from __future__ import annotations

from collections.abc import Mapping

_CAMPAIGN, _RUN = "the id of a campaign", "the id of a run, such as win-back-r001"
# An empty text: it needs no name.
VERBS: Mapping[str, str] = {
    "setup": "",
    "consents": "a CSV file of consents",
    "list": "",
    "test": "the id of a published template",
    "check": "a delivered mail, saved as an .eml file",
    "new": "the name of a ready definition, such as at_risk",
    "plan": _CAMPAIGN,
    "approve": _RUN,
    "send": _RUN,
    "status": _RUN,
    "pause": _RUN,
    "resume": _RUN,
    "cancel": _RUN,
    "doubts": _RUN,
    "simulate": _RUN,
    "results": _CAMPAIGN,
    "offer": _CAMPAIGN,
    "figures": _RUN,
    "inbox": "",
}
