"""The inbox of the local console: mails that were sent on this machine, for a person to look at."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from fastapi import APIRouter, HTTPException, Query, Response

from local.services.ses.inbox import LocalInbox

_MOST = 200
_PARTS = ("text", "html")


def inbox_routes(inbox: LocalInbox, *, origin: str, here: str) -> APIRouter:
    """Return the routes below ``/local/inbox``. They exist on a laptop alone.

    Parameters
    ----------
    inbox
        The messages.
    origin, here
        Links of the messages on this origin lead to this machine, where a message is shown. Its
        file stays as it was sent.
    """
    routes = APIRouter(prefix="/local/inbox")

    @routes.get("")
    def _list(limit: int = Query(50, ge=1, le=_MOST)) -> dict[str, Any]:
        listed = [_summary(message_id, one) for message_id, one in inbox.newest(limit)]
        return {"messages": listed, "count": inbox.count()}

    @routes.get("/{message_id}.eml")
    def _file(message_id: str) -> Response:
        content = inbox.file(message_id)
        if content is None:
            raise _missing(message_id)
        attached = {"Content-Disposition": f'attachment; filename="{message_id}.eml"'}
        return Response(content, media_type="message/rfc822", headers=attached)

    @routes.get("/{message_id}")
    def _one(message_id: str) -> dict[str, Any]:
        message = inbox.message(message_id)
        if message is None:
            raise _missing(message_id)
        headers = [{"name": name, "value": str(value)} for name, value in message.items()]
        parts = {kind: _part(message, kind).replace(origin, here) for kind in _PARTS}
        return {**_summary(message_id, message), "headers": headers, **parts}

    return routes


def _summary(message_id: str, message: EmailMessage) -> dict[str, str]:
    date = message["Date"]
    return {
        "id": message_id,
        "to": str(message["To"]),
        "from": str(message["From"]),
        "subject": str(message["Subject"]),
        "sent_at": date.datetime.isoformat() if date is not None else "",
    }


def _part(message: EmailMessage, kind: str) -> str:
    wanted = "plain" if kind == "text" else kind
    body = message.get_body((wanted,))
    return "" if body is None else str(body.get_content())


def _missing(message_id: str) -> HTTPException:
    return HTTPException(404, f"the inbox has no message {message_id!r}")
