"""Answer unsubscribe links. Called by the HTTP API for ``/u/{token}``, without any credential.

A GET shows the page and decides nothing, because scanners follow every link. A POST decides. The
log has neither token nor recipient.
"""

from __future__ import annotations

import base64
import datetime as dt
import os
from typing import Any
from urllib.parse import parse_qs

from adapters.aws.function_logs import logged
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.link_keys import read_link_keys
from steps.campaign.consent import submit, visit
from tessera.campaigns.unsubscribing.decisions import PreferencePage
from tessera.campaigns.unsubscribing.html import HEADERS, preference_page, unknown_page
from tessera.environments.campaigns import UnsubscribeEnvironment
from tessera.errors import InvalidInput

_MOST_FIELDS = 20
_LONGEST_BODY = 10_000


@logged("Unsubscribe", facts=("statusCode",))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with a page, in the form of payload 2.0."""
    token = str((event.get("pathParameters") or {}).get("token", ""))
    method = str(event["requestContext"]["http"]["method"])
    try:
        page = _page(token, event if method == "POST" else None)
    except InvalidInput:
        return _reply(400, unknown_page())
    return _reply(404, unknown_page()) if page is None else _reply(200, preference_page(page))


def _page(token: str, request: dict[str, Any] | None) -> PreferencePage | None:
    environment = UnsubscribeEnvironment.from_env(os.environ)
    keys = read_link_keys(environment.link_keys_secret)
    consent, now = ConsentRows(environment.campaigns_table), dt.datetime.now(dt.UTC)
    if request is None:
        return visit(token, keys=keys, consent=consent, now=now)
    return submit(token, form=_form(request), keys=keys, consent=consent, now=now)


def _form(event: dict[str, Any]) -> dict[str, list[str]]:
    body = str(event.get("body") or "")
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode("utf-8", "replace")
    try:
        return parse_qs(body[:_LONGEST_BODY], keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise InvalidInput(f"the form has more than {_MOST_FIELDS} fields") from error


def _reply(status: int, page: str) -> dict[str, Any]:
    return {"statusCode": status, "headers": dict(HEADERS), "body": page}
