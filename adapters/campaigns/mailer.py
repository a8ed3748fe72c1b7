"""SendEmail, once per message: what it answers is a message id, a refusal or a doubt.

The client never retries. SendEmail has no idempotency key, so a second call after a lost answer
could be a second message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore import exceptions as sdk

from adapters.aws import clients
from adapters.aws.errors import code_of, message_of
from tessera.campaigns.sending.ports import NotAccepted, OutgoingMessage
from tessera.campaigns.sending.refusals import MailRefusal, RefusalKind, refusal_of

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

# The connection was never made, so nothing was sent.
_UNREACHED = (sdk.EndpointConnectionError, sdk.ConnectTimeoutError, sdk.ProxyConnectionError)
_NOT_SIGNED = (sdk.NoCredentialsError, sdk.PartialCredentialsError, sdk.CredentialRetrievalError)


class SesMailer:
    """Hands messages to SES.

    Parameters
    ----------
    sender
        The From header, such as ``Shop <news@shop.example>``.
    configuration_set
        The one whose events we read.
    ses_tenant
        The SES tenant, which has its own reputation and suppression list. Empty for none.
    reply_to
        Where answers go, empty for the sender.
    sesv2
        A client that never retries. By default for the environment's credentials and region.
    """

    def __init__(
        self, *, sender: str, configuration_set: str, ses_tenant: str = "", reply_to: str = "",
        sesv2: SESV2Client | None = None,
    ) -> None:  # fmt: skip
        self._sender = sender
        self._ses = sesv2 or clients.ses(attempts=1)
        self._same: dict[str, Any] = {
            "FromEmailAddress": sender,
            "ConfigurationSetName": configuration_set,
            **({"TenantName": ses_tenant} if ses_tenant else {}),
            **({"ReplyToAddresses": [reply_to]} if reply_to else {}),
        }

    def send(self, message: OutgoingMessage) -> str:
        """Return the service's id of the message. Raises NotAccepted."""
        try:
            answer = self._ses.send_email(**self._same, **_request(message))
            return str(answer["MessageId"])
        except sdk.ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            refusal = refusal_of(
                code_of(error), status=status, words=message_of(error), sender=self._sender
            )
        except (sdk.BotoCoreError, KeyError) as error:
            refusal = _without_answer(error)
        raise NotAccepted(refusal)


def _without_answer(error: Exception) -> MailRefusal:
    name = type(error).__name__
    if isinstance(error, _UNREACHED):
        return MailRefusal(RefusalKind.RATE, f"SES could not be reached ({name})")
    if isinstance(error, _NOT_SIGNED):
        return MailRefusal(RefusalKind.STOP, f"no credentials for SES ({name}): check the role")
    if isinstance(error, sdk.ParamValidationError):
        return MailRefusal(RefusalKind.MESSAGE, f"the SDK refused the message ({name})")
    return MailRefusal(RefusalKind.DOUBT, f"SES' answer was lost or unreadable ({name})")


def _request(message: OutgoingMessage) -> dict[str, Any]:
    body = {"Html": _content(message.html), "Text": _content(message.text)}
    headers = [{"Name": name, "Value": value} for name, value in message.headers]
    return {
        "Destination": {"ToAddresses": [message.to]},
        "Content": {
            "Simple": {"Subject": _content(message.subject), "Body": body, "Headers": headers}
        },
        "EmailTags": [{"Name": name, "Value": value} for name, value in message.tags.items()],
        "ConfigurationOverrides": {
            "Tracking": {
                "OpenTrackingEnabled": _switch(on=message.tracks_opens),
                "ClickTrackingEnabled": _switch(on=message.tracks_clicks),
            }
        },
    }


def _content(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def _switch(*, on: bool) -> str:
    return "ENABLED" if on else "DISABLED"
