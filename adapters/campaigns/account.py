"""What SES allows and holds: the quota, the suppression list, and the setup of a tenant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, translated
from adapters.campaigns.dmarc import has_dmarc
from tessera.campaigns.sending.pace import SendQuota

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_SES = "SES"
_MISSING = "SES lacks what was asked for: deploy again, and check the stage's settings"
_SUCCESS = "SUCCESS"
_EXAMPLES = (".example", ".invalid", ".localhost", ".test")


class SuppressedAddress(NamedTuple):
    """An address on a suppression list: it never leaves the step that hashes it."""

    address: str
    reason: str
    at: dt.datetime


class SesAccount:
    """The account in this region.

    Parameters
    ----------
    sesv2
        A client. By default for the environment's credentials and region.
    dmarc
        Returns whether a domain has a DMARC record, None where that cannot be known.
    """

    def __init__(
        self, sesv2: SESV2Client | None = None, *,
        dmarc: Callable[[str], bool | None] = has_dmarc,
    ) -> None:  # fmt: skip
        self._ses, self._dmarc = sesv2 or clients.ses(), dmarc

    def quota(self, *, now: dt.datetime) -> SendQuota:
        """Read the quota and whether the account may send."""
        with translated(_SES, what="the account", missing=_MISSING):
            answer = self._ses.get_account()
        quota = answer["SendQuota"]
        return SendQuota(
            per_second=quota["MaxSendRate"],
            per_day=quota["Max24HourSend"],
            sent_last_day=quota["SentLast24Hours"],
            read_at_s=now.timestamp(),
            stopped=_stopped(answer),
        )

    def suppressed(
        self, *, since: dt.datetime, ses_tenant: str = ""
    ) -> Iterator[SuppressedAddress]:
        """Return what was suppressed since a moment, of the account or of an SES tenant."""
        wanted: dict[str, Any] = {"StartDate": since, "PageSize": 1000}
        if ses_tenant:
            wanted["TenantName"] = ses_tenant
        while True:
            with translated(_SES, what="the suppression list", missing=_MISSING, personal=True):
                try:
                    answer = self._ses.list_suppressed_destinations(**wanted)
                except ClientError as error:
                    if not ses_tenant or code_of(error) != "NotFoundException":
                        raise
                    return  # an SES tenant is made with the first run: until then it has no list
            for one in answer["SuppressedDestinationSummaries"]:
                yield SuppressedAddress(one["EmailAddress"], one["Reason"], one["LastUpdateTime"])
            if not answer.get("NextToken"):
                return
            wanted["NextToken"] = answer["NextToken"]

    def problems(self, *, domain: str, configuration_set: str, ses_tenant: str = "") -> list[str]:
        """Return everything that has to be set up before a run, each with what to do.

        Parameters
        ----------
        domain
            The sending domain.
        configuration_set, ses_tenant
            As the mailer has them.
        """
        return [
            *self._of_identity(domain),
            *self._of_configuration_set(configuration_set),
            *(self._of_tenant(ses_tenant, domain, configuration_set) if ses_tenant else ()),
        ]

    def ensure_tenant(self, name: str, *, resources: Sequence[str]) -> None:
        """Make an SES tenant with its own suppression list. Repeating it changes nothing.

        Parameters
        ----------
        name
            One SES tenant for each tenant of ours: its reputation is its own.
        resources
            ARNs of the identity and the configuration set that it sends by.
        """
        scope: Any = {"SuppressedReasons": ["BOUNCE", "COMPLAINT"], "SuppressionScope": "TENANT"}
        self._made("create_tenant", TenantName=name, SuppressionAttributes=scope)
        for arn in resources:
            self._made("create_tenant_resource_association", TenantName=name, ResourceArn=arn)

    def _of_identity(self, domain: str) -> Iterator[str]:
        identity = self._asked("get_email_identity", EmailIdentity=domain)
        if identity is None:
            yield f"SES has no identity {domain!r}: create it, and publish its DNS records"
            return
        if not identity.get("VerifiedForSendingStatus"):
            yield f"{domain} is not verified: publish the DNS records that SES shows"
        if identity.get("DkimAttributes", {}).get("Status") != _SUCCESS:
            yield f"DKIM of {domain} is not verified: publish its CNAME records"
        if identity.get("MailFromAttributes", {}).get("MailFromDomainStatus") != _SUCCESS:
            yield f"{domain} has no verified MAIL FROM domain: SPF would not be aligned"
        # Names that are reserved for examples are in no DNS.
        if not domain.endswith(_EXAMPLES) and self._dmarc(domain) is False:
            yield f"{domain} has no DMARC record, which mailbox providers ask for: publish one"

    def _of_configuration_set(self, name: str) -> Iterator[str]:
        held = self._asked("get_configuration_set", ConfigurationSetName=name)
        if held is None:
            yield f"SES has no configuration set {name!r}: deploy the stage again"
        elif not held.get("SendingOptions", {}).get("SendingEnabled", True):
            yield f"sending is paused for the configuration set {name!r}: see why, then enable it"

    def _of_tenant(self, name: str, domain: str, configuration_set: str) -> Iterator[str]:
        held = self._asked("get_tenant", TenantName=name)
        if held is None:
            yield f"SES has no tenant {name!r}: create it, and associate identity and set"
            return
        if held["Tenant"].get("SendingStatus") == "DISABLED":
            yield f"SES paused the tenant {name!r}: see its findings in the SES console"
        listed = self._asked("list_tenant_resources", TenantName=name) or {"TenantResources": ()}
        arns = [str(one.get("ResourceArn", "")) for one in listed["TenantResources"]]
        for kind, wanted in (("identity", domain), ("configuration-set", configuration_set)):
            if not any(arn.endswith(f":{kind}/{wanted}") for arn in arns):
                yield f"the SES tenant {name!r} is not associated with the {kind} {wanted!r}"

    def _made(self, operation: str, **wanted: object) -> None:
        """Make something, or leave it as it is where it exists."""
        self._called(operation, unless="AlreadyExistsException", **wanted)

    def _asked(self, operation: str, **wanted: str) -> dict[str, Any] | None:
        """Return an answer, None where SES has no such thing."""
        return self._called(operation, unless="NotFoundException", **wanted)

    def _called(self, operation: str, *, unless: str, **wanted: object) -> dict[str, Any] | None:
        """Return an answer, None where SES refuses by the code ``unless``."""
        what = ", ".join(one for one in wanted.values() if isinstance(one, str))
        with translated(_SES, what=what, missing=_MISSING):
            try:
                answer: dict[str, Any] = getattr(self._ses, operation)(**wanted)
            except ClientError as error:
                if code_of(error) != unless:
                    raise
                return None
        return answer


def _stopped(answer: Any) -> str:  # noqa: ANN401 (of the SDK)
    if not answer.get("SendingEnabled", False):
        return "sending is disabled for the account: see the SES console"
    if answer.get("EnforcementStatus") == "SHUTDOWN":
        return "SES shut down the account's sending: see its e-mail, then open a case"
    return ""
