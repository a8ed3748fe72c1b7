"""Amazon Pinpoint on the loopback interface: import jobs that read S3, and dimension segments.

Requests are checked by botocore's model. The lines of an import are checked by the user guide's
"Importing segments" and by Pinpoint's quotas. Only imports of JSON are served.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from local.loopback.held import Held
from local.loopback.memory import FORGOTTEN
from local.loopback.place import ACCOUNT, REGION
from local.services.frame.aws_service import AwsServer, AwsState, Parameters, ServiceError
from local.services.frame.embedded_s3 import read_object
from local.services.pinpoint.rules import BadEndpointError, checked, evaluated, parsed

_PAGE = 10
_LOOKS = 2  # how often a job is looked at until it has ended
_LISTED = 100
_WRITTEN = "2026-10-29T12:00:00.000Z"


@dataclasses.dataclass
class Application:
    """One application: endpoints, segments and jobs by id, and users' attributes."""

    endpoints: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    users: dict[str, dict[str, list[str]]] = dataclasses.field(default_factory=dict)
    segments: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict, metadata=FORGOTTEN)
    looks: dict[str, int] = dataclasses.field(default_factory=dict, metadata=FORGOTTEN)

    def put(self, endpoint: Mapping[str, Any]) -> None:
        """Create or update an endpoint. Its user's attributes hold for all of the user's."""
        endpoint_id = str(endpoint.get("Id") or uuid.uuid4().hex)
        known = self.endpoints.get(endpoint_id, {})
        user = endpoint.get("User", {}).get("UserId", known.get("UserId"))
        others = [one for name, one in self.endpoints.items() if name != endpoint_id]
        checked(endpoint, known=known, others=[one for one in others if one["UserId"] == user])
        plain = {name: value for name, value in endpoint.items() if name != "User"}
        self.endpoints[endpoint_id] = {"OptOut": "NONE", **known, **plain, "UserId": user}
        if user:
            self.users.setdefault(user, {}).update(
                endpoint.get("User", {}).get("UserAttributes", {})
            )

    def members(self, name: str) -> int:
        """Return how many users are in the segment of a name."""
        segment = next(one for one in self.segments.values() if one["Name"] == name)
        is_in = evaluated(segment)
        return len([user for user, attributes in self.users.items() if is_in(attributes)])

    def customers(self) -> dict[str, dict[str, str]]:
        """Return the first value of each attribute that a user has."""
        return {
            user: {name: values[0] for name, values in attributes.items() if values}
            for user, attributes in self.users.items()
        }


class Pinpoint(AwsState):
    """The service's state and operations, with some applications that are there already."""

    REMEMBERS = ("applications",)
    PARTS = (Application,)

    def __init__(self, applications: Iterable[str] = ()) -> None:
        super().__init__()
        self.applications = {name: Application() for name in applications}

    def application(self, given: Parameters) -> Application:
        """Return the application that a request names, or say that there is none."""
        name = given["ApplicationId"]
        if name not in self.applications:
            raise ServiceError("NotFoundException", f"Application {name} does not exist.")
        return self.applications[name]

    def held(self) -> Held:
        """Return users and segments of all applications."""
        every = self.applications.values()
        return {
            "customers": {user: has for one in every for user, has in one.customers().items()},
            "segments": {
                segment["Name"]: one.members(segment["Name"])
                for one in every
                for segment in one.segments.values()
            },
        }

    # ---- operations ------------------------------------------------------------------------

    def get_app(self, given: Parameters) -> dict[str, Any]:
        """Describe an application."""
        self.application(given)
        name = given["ApplicationId"]
        return {"ApplicationResponse": {"Id": name, "Name": name, "Arn": _arn(name)}}

    def create_import_job(self, given: Parameters) -> dict[str, Any]:
        """Begin an import."""
        application, wanted = self.application(given), given["ImportJobRequest"]
        url = urlsplit(wanted["S3Url"])
        if url.scheme != "s3" or not url.netloc or not url.path.strip("/"):
            raise ServiceError("BadRequestException", "S3Url must be s3://bucket/key.")
        if not wanted["RoleArn"].startswith("arn:aws:iam::"):
            raise ServiceError("BadRequestException", "RoleArn is not the ARN of a role.")
        if wanted["Format"] != "JSON":
            raise ServiceError("BadRequestException", "Only JSON is imported locally.")
        job_id = uuid.uuid4().hex
        application.looks[job_id] = 0
        application.jobs[job_id] = {
            "Id": job_id, "ApplicationId": given["ApplicationId"], "Type": "IMPORT",
            "JobStatus": "CREATED", "CreationDate": _WRITTEN, "Definition": dict(wanted),
        }  # fmt: skip
        return {"ImportJobResponse": application.jobs[job_id]}

    def get_import_job(self, given: Parameters) -> dict[str, Any]:
        """Describe an import. It has ended when it is looked at for the second time."""
        application, job_id = self.application(given), given["JobId"]
        if job_id not in application.jobs:
            raise ServiceError("NotFoundException", "The job does not exist.")
        application.looks[job_id] += 1
        job = application.jobs[job_id]
        if application.looks[job_id] == _LOOKS:
            job |= self._imported(application, job["Definition"])
        elif application.looks[job_id] < _LOOKS:
            job["JobStatus"] = "PROCESSING"
        return {"ImportJobResponse": job}

    def get_import_jobs(self, given: Parameters) -> dict[str, Any]:
        """List the imports."""
        jobs = self.application(given).jobs
        return {"ImportJobsResponse": _page(list(jobs.values()), given)}

    def get_segments(self, given: Parameters) -> dict[str, Any]:
        """List the segments."""
        segments = self.application(given).segments
        return {"SegmentsResponse": _page(list(segments.values()), given)}

    def create_segment(self, given: Parameters) -> dict[str, Any]:
        """Make a segment. Several may have one name."""
        application, segment_id = self.application(given), uuid.uuid4().hex
        application.segments[segment_id] = {
            **_condition(given["WriteSegmentRequest"]),
            "Id": segment_id, "ApplicationId": given["ApplicationId"], "Version": 1,
            "Arn": f"{_arn(given['ApplicationId'])}/segments/{segment_id}",
            "CreationDate": _WRITTEN, "SegmentType": "DIMENSIONAL",
        }  # fmt: skip
        return {"SegmentResponse": application.segments[segment_id]}

    def update_segment(self, given: Parameters) -> dict[str, Any]:
        """Give a segment another condition."""
        segments = self.application(given).segments
        if given["SegmentId"] not in segments:
            raise ServiceError("NotFoundException", "The segment does not exist.")
        segment = segments[given["SegmentId"]]
        kept = {name: one for name, one in segment.items() if name not in _CONDITIONS}
        changed = {**kept, **_condition(given["WriteSegmentRequest"])}
        segments[given["SegmentId"]] = {**changed, "Version": segment["Version"] + 1}
        return {"SegmentResponse": segments[given["SegmentId"]]}

    def delete_segment(self, given: Parameters) -> dict[str, Any]:
        """Delete a segment."""
        segments = self.application(given).segments
        if given["SegmentId"] not in segments:
            raise ServiceError("NotFoundException", "The segment does not exist.")
        return {"SegmentResponse": segments.pop(given["SegmentId"])}

    def delete_user_endpoints(self, given: Parameters) -> dict[str, Any]:
        """Delete a user with all endpoints."""
        application, user = self.application(given), given["UserId"]
        if application.users.pop(user, None) is None:
            raise ServiceError("NotFoundException", "The user does not exist.")
        owned = [name for name, one in application.endpoints.items() if one["UserId"] == user]
        items = [{"Id": name, **application.endpoints.pop(name)} for name in owned]
        listed = [{"Id": one["Id"], "ApplicationId": given["ApplicationId"]} for one in items]
        return {"EndpointsResponse": {"Item": listed}}

    def _imported(self, application: Application, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Return how an import ends, having carried it out."""
        text = read_object(wanted["S3Url"])
        if text is None:
            return {"JobStatus": "FAILED", "TotalProcessed": 0, "TotalFailures": 0, "Failures": []}
        failures = []
        numbered = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line]
        for number, line in numbered:
            try:
                endpoint = parsed(line)
                if fault := self.faults.item(str(endpoint.get("Id"))):
                    failures.append(f"{endpoint['Id']}: {fault[1]}")
                elif wanted.get("RegisterEndpoints"):
                    application.put(endpoint)
            except BadEndpointError as error:
                failures.append(f"{error.endpoint_id or f'line {number}'}: {error}")
        return {
            "JobStatus": "COMPLETED", "CompletionDate": _WRITTEN, "TotalPieces": 1,
            "CompletedPieces": 1, "FailedPieces": 0, "TotalProcessed": len(numbered),
            "TotalFailures": len(failures), "Failures": failures[:_LISTED],
        }  # fmt: skip

    OPERATIONS: Mapping[str, Callable[[Any, Parameters], dict[str, Any]]] = {
        "GetApp": get_app,
        "CreateImportJob": create_import_job,
        "GetImportJob": get_import_job,
        "GetImportJobs": get_import_jobs,
        "GetSegments": get_segments,
        "CreateSegment": create_segment,
        "UpdateSegment": update_segment,
        "DeleteSegment": delete_segment,
        "DeleteUserEndpoints": delete_user_endpoints,
    }


class PinpointServer(AwsServer):
    """Serves the state over HTTP."""

    state: Pinpoint

    def __init__(self, state: Pinpoint | None = None) -> None:
        super().__init__("pinpoint", state or Pinpoint())


_CONDITIONS = ("Dimensions", "SegmentGroups", "Name")


def _condition(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a segment is asked to be, or refuse what no segment can be."""
    if ("Dimensions" in wanted) == ("SegmentGroups" in wanted):
        raise ServiceError("BadRequestException", "Give Dimensions or SegmentGroups.")
    if len(wanted.get("SegmentGroups", {}).get("Groups", [])) > 1:
        raise ServiceError("BadRequestException", "Give one segment group.")
    if not wanted.get("Name"):
        raise ServiceError("BadRequestException", "Give a name.")
    evaluated(wanted)
    return {name: wanted[name] for name in _CONDITIONS if name in wanted}


def _page(items: list[dict[str, Any]], given: Parameters) -> dict[str, Any]:
    start = int(given.get("Token", 0))
    end = start + int(given.get("PageSize", _PAGE))
    following = {"NextToken": str(end)} if end < len(items) else {}
    return {"Item": items[start:end], **following}


def _arn(application_id: str) -> str:
    return f"arn:aws:mobiletargeting:{REGION}:{ACCOUNT}:apps/{application_id}"
