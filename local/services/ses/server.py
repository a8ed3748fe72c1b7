"""Amazon SES v2 on the loopback interface: a contact list, imports from S3, and sending.

Requests are checked by botocore's model. Lines and contacts are checked by the Developer Guide,
"Using list management" and "Service quotas". An import replaces a contact whole, as SES does.
"""

from __future__ import annotations

import collections
import json
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from local.loopback.held import Held
from local.services.frame.aws_service import AwsServer, AwsState, Parameters, ServiceError
from local.services.frame.dropping import DroppingHandler, dropped
from local.services.frame.embedded_s3 import read_object
from local.services.ses.contact_rules import BadRecordError, StoredContact, checked
from local.services.ses.sending import BROKEN, LOST, MailService

_PLACE = "/failed-records/"
_LARGEST_PAGE = 1000
_LARGEST_PAGE_OF_JOBS = 100
_LOOKS = 2  # how often a job is looked at until it has ended
_AT_ONCE = 20
_ENDED = ("COMPLETED", "FAILED")
_TOPICS = {"news": "OPT_IN", "offers": "OPT_OUT"}
_EARLIER = (
    StoredContact("left-before@example.com", unsubscribed=True),
    StoredContact("no-news@example.com", topics={"news": "OPT_OUT"}),
    StoredContact("offers-please@example.com", topics={"offers": "OPT_IN", "news": "OPT_OUT"}),
)


_SENDING: Mapping[str, Callable[[MailService, Parameters], dict[str, Any]]] = {
    "SendEmail": MailService.send_email,
    "GetAccount": MailService.get_account,
    "ListSuppressedDestinations": MailService.list_suppressed_destinations,
    "PutSuppressedDestination": MailService.put_suppressed_destination,
    "DeleteSuppressedDestination": MailService.delete_suppressed_destination,
    "GetEmailIdentity": MailService.get_email_identity,
    "GetConfigurationSet": MailService.get_configuration_set,
    "CreateTenant": MailService.create_tenant,
    "CreateTenantResourceAssociation": MailService.create_tenant_resource_association,
    "GetTenant": MailService.get_tenant,
    "ListTenantResources": MailService.list_tenant_resources,
}


def _of_mail(
    method: Callable[[MailService, Parameters], dict[str, Any]],
) -> Callable[[Ses, Parameters], dict[str, Any]]:
    return lambda ses, given: method(ses.mail, given)


class Ses(AwsState):
    """The service's state and operations.

    Parameters
    ----------
    contact_list
        The name of the one list that an account may have. Empty without a list.
    contacts
        Who is on it, by address. By default a few with preferences from before any run.
    mail
        What sends. By default without an identity, so that nothing can be sent.

    Attributes
    ----------
    topics
        The list's topics and their default preference.
    imported
        Every line that an import brought, with the contact that was there before it.
    """

    REMEMBERS = ("contacts", "created_at")
    PARTS = (StoredContact,)

    def __init__(
        self, contact_list: str = "", *, contacts: Sequence[StoredContact] = _EARLIER,
        mail: MailService | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.mail = mail or MailService(Path(tempfile.gettempdir()) / "unused-inbox")
        self.contact_list = contact_list
        self.topics = dict(_TOPICS)
        self.contacts = {one.address: one for one in contacts}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.imported: list[tuple[dict[str, Any], StoredContact | None]] = []
        self.address = ""
        self.created_at = time.time()  # of the list
        self._looks: collections.Counter[str] = collections.Counter()
        self._failed: dict[str, str] = {}

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return our attributes of each contact that has them, by the shop's customer id."""
        held = [json.loads(one.data or "{}").get("tessera") for one in self.contacts.values()]
        return {one["customer_id"]: one for one in held if one}

    def held(self) -> Held:
        """Return contacts. SES has no segments."""
        return {"customers": self.customers(), "segments": {}}

    def failed_records(self, job_id: str) -> str | None:
        """Return a job's file of failed records, None when it has none."""
        return self._failed.get(job_id)

    # ---- operations ------------------------------------------------------------------------

    def get_contact_list(self, given: Parameters) -> dict[str, Any]:
        """Describe the list."""
        self._check(given)
        topics = [
            {"TopicName": name, "DisplayName": name, "DefaultSubscriptionStatus": status}
            for name, status in self.topics.items()
        ]
        return {
            "ContactListName": self.contact_list, "Topics": topics, "Tags": [],
            "CreatedTimestamp": self.created_at,
        }  # fmt: skip

    def list_contacts(self, given: Parameters) -> dict[str, Any]:
        """List the contacts, without their attributes."""
        self._check(given)
        if "Filter" in given:
            raise ServiceError("BadRequestException", "Filters are not served locally.")
        size = _size(given, most=_LARGEST_PAGE)
        contacts, following = _page(list(self.contacts.values()), given, size=size)
        return {"Contacts": [one.to_json(self.topics) for one in contacts], **following}

    def get_contact(self, given: Parameters) -> dict[str, Any]:
        """Describe a contact, with its attributes."""
        self._check(given)
        if given["EmailAddress"] not in self.contacts:
            raise ServiceError("NotFoundException", "The contact doesn't exist in List.")
        contact = self.contacts[given["EmailAddress"]]
        data = {} if contact.data is None else {"AttributesData": contact.data}
        return {"ContactListName": self.contact_list, **contact.to_json(self.topics), **data}

    def delete_contact(self, given: Parameters) -> dict[str, Any]:
        """Delete a contact, with its preferences."""
        self.get_contact(given)
        del self.contacts[given["EmailAddress"]]
        return {}

    def update_contact(self, given: Parameters) -> dict[str, Any]:
        """Replace a contact's preferences and data: what is omitted is gone."""
        self.get_contact(given)
        topics = {
            one["TopicName"]: one["SubscriptionStatus"] for one in given.get("TopicPreferences", ())
        }
        if not set(topics) <= set(self.topics):
            raise ServiceError("BadRequestException", "The list has no such topic.")
        address = given["EmailAddress"]
        self.contacts[address] = StoredContact(
            address, given.get("UnsubscribeAll", False), topics, given.get("AttributesData")
        )
        return {}

    def create_import_job(self, given: Parameters) -> dict[str, Any]:
        """Begin an import."""
        wanted = given["ImportDestination"].get("ContactListDestination")
        if not wanted or wanted["ContactListImportAction"] != "PUT":
            raise ServiceError("BadRequestException", "Contacts are only put locally.")
        if given["ImportDataSource"]["DataFormat"] != "JSON":
            raise ServiceError("BadRequestException", "Only JSON is imported locally.")
        self._check(wanted)
        if len([one for one in self.jobs.values() if one["JobStatus"] not in _ENDED]) >= _AT_ONCE:
            raise ServiceError("LimitExceededException", f"At most {_AT_ONCE} jobs at once.")
        job_id = uuid.uuid4().hex
        self.jobs[job_id] = {
            **given, "JobId": job_id, "JobStatus": "CREATED", "CreatedTimestamp": time.time(),
            "ProcessedRecordsCount": 0, "FailedRecordsCount": 0,
        }  # fmt: skip
        return {"JobId": job_id}

    def get_import_job(self, given: Parameters) -> dict[str, Any]:
        """Describe an import. It has ended when it is looked at for the second time."""
        job_id = given["JobId"]
        if job_id not in self.jobs:
            raise ServiceError("NotFoundException", "The job does not exist.")
        self._looks[job_id] += 1
        if self._looks[job_id] < _LOOKS:
            self.jobs[job_id]["JobStatus"] = "PROCESSING"
        elif self._looks[job_id] == _LOOKS:
            self.jobs[job_id] |= self._imported(self.jobs[job_id])
        return self.jobs[job_id]

    def list_import_jobs(self, given: Parameters) -> dict[str, Any]:
        """List the imports, without what they read."""
        if given.get("ImportDestinationType", "CONTACT_LIST") != "CONTACT_LIST":
            return {"ImportJobs": []}
        size = _size(given, most=_LARGEST_PAGE_OF_JOBS)
        jobs, following = _page(list(self.jobs.values()), given, size=size)
        hidden = ("ImportDataSource", "FailureInfo", "CompletedTimestamp")
        listed = [{name: job[name] for name in job if name not in hidden} for job in jobs]
        return {"ImportJobs": listed, **following}

    def _check(self, given: Mapping[str, Any]) -> None:
        name = given["ContactListName"]
        if not self.contact_list or name != self.contact_list:
            raise ServiceError("NotFoundException", f"List with name: {name} doesn't exist.")

    def _imported(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Return how an import ends, having carried it out."""
        ended: dict[str, Any] = {"CompletedTimestamp": time.time()}
        text = read_object(job["ImportDataSource"]["S3Url"])
        if text is None:
            failure = {"ErrorMessage": "The object could not be read."}
            return {**ended, "JobStatus": "FAILED", "FailureInfo": failure}
        lines = [line for line in text.split("\n") if line]
        failed = [one for one in map(self._put, lines) if one]
        if failed:
            self._failed[job["JobId"]] = "".join(f"{one}\n" for one in failed)
            url = f"{self.address}{_PLACE}{job['JobId']}"
            ended["FailureInfo"] = {"FailedRecordsS3Url": url}
        counts = {"ProcessedRecordsCount": len(lines), "FailedRecordsCount": len(failed)}
        return {**ended, "JobStatus": "COMPLETED", **counts}

    def _put(self, line: str) -> str:
        """Put a contact in place of the one before it. Return why not, or "" on success."""
        try:
            record, contact = checked(line, topics=self.topics)
        except BadRecordError as error:
            return json.dumps({**error.record, "errorMessage": str(error)})
        fault = self.faults.item(contact.address.lower())
        if fault:
            return json.dumps({**record, "errorMessage": fault[1]})
        self.imported.append((record, self.contacts.get(contact.address)))
        self.contacts[contact.address] = contact
        return ""

    OPERATIONS: Mapping[str, Callable[[Any, Parameters], dict[str, Any]]] = {
        "GetContactList": get_contact_list,
        "ListContacts": list_contacts,
        "GetContact": get_contact,
        "DeleteContact": delete_contact,
        "UpdateContact": update_contact,
        "CreateImportJob": create_import_job,
        "GetImportJob": get_import_job,
        "ListImportJobs": list_import_jobs,
        **{name: _of_mail(method) for name, method in _SENDING.items()},
    }


class SesServer(AwsServer):
    """Serves the state over HTTP, and beside it the files of failed records."""

    HANDLER = DroppingHandler
    state: Ses

    def __init__(self, state: Ses | None = None) -> None:
        super().__init__("sesv2", state or Ses())

    def respond(self, request: Request) -> Response:
        """Answer one request."""
        if request.path.startswith(_PLACE):
            text = self.state.failed_records(request.path.removeprefix(_PLACE))
            return Response(text or "", 404 if text is None else 200, content_type="text/plain")
        self.state.address = request.host_url.rstrip("/")
        response = super().respond(request)
        return _spoilt(response, self.state.mail.take_spoiling())


def _spoilt(response: Response, fault: str) -> Response:
    """Return an answer that does not show what was done."""
    if fault == LOST:
        return dropped(response)
    if fault == BROKEN:
        return Response("{}", 500, content_type="application/json")
    return Response("<html>fine</html>", 200, content_type="text/html") if fault else response


def _size(given: Parameters, *, most: int) -> int:
    size = int(given.get("PageSize", most))
    if not 1 <= size <= most:
        raise ServiceError("BadRequestException", f"PageSize must be between 1 and {most}.")
    return size


def _page(
    items: Sequence[Any], given: Parameters, *, size: int
) -> tuple[Sequence[Any], dict[str, str]]:
    start = int(given.get("NextToken", 0))
    following = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return items[start : start + size], following
