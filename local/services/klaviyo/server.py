"""Klaviyo's profiles, import jobs and segments on the loopback interface.

Strict about what Klaviyo's OpenAPI description (revision 2026-07-15) says of our
requests. Any other request gets 404.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.services.frame.http_service import HttpServer, HttpService, ReceivedRequest, Rejected
from local.services.klaviyo.privacy import ROUTES as PRIVACY
from local.services.klaviyo.rules import check_definition, check_import, is_member

REVISION = "2026-07-15"
_JSON_API = "application/vnd.api+json"
_KEY = re.compile(r"Klaviyo-API-Key \S+")
_BODY_BYTES = 5_000_000
_NAME_FILTER = re.compile(r'equals\(name,"([^"]*)"\)')
_ERRORS_MOST = 100
_SEGMENTS_MOST = 10


class Klaviyo(HttpService):
    """An account.

    Attributes
    ----------
    profiles
        By our external_id.
    segments
        By the service's id.
    looks
        How often a job says that it is not ready.
    """

    DESTINATION = "klaviyo"
    REMEMBERS = ("profiles", "segments", "_owners", "_number")

    def __init__(self) -> None:
        super().__init__()
        self.profiles: dict[str, dict[str, Any]] = {}
        self.segments: dict[str, dict[str, Any]] = {}
        self.looks = 1
        self._jobs: dict[str, dict[str, Any]] = {}
        self._owners: dict[str, str] = {}
        self._number = 0

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return the profiles' properties."""
        return {name: profile["properties"] for name, profile in self.profiles.items()}

    def sizes(self) -> dict[str, int]:
        """Return the segments by their names."""
        attributes = [one["attributes"] for one in self.segments.values()]
        return {one["name"]: self.count(one["definition"]) for one in attributes}

    def error(self, status: int, words: str, *, pointer: str = "") -> dict[str, Any]:
        """Return an error document of JSON:API."""
        code = {401: "not_authenticated", 429: "throttled"}.get(status, "invalid")
        described = {"id": "e", "status": status, "code": code, "title": words, "detail": words}
        return {"errors": [{**described, "source": {"pointer": pointer or "/data"}}]}

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Route a request with valid headers."""
        self._check_headers(request)
        for method, pattern, operation in _ROUTES:
            matched = re.fullmatch(pattern, request.path)
            if matched and method == request.method:
                return operation(self, request, *matched.groups())
        raise Rejected(404, f"no such request: {request.method} {request.path}")

    def _check_headers(self, request: ReceivedRequest) -> None:
        if not _KEY.fullmatch(request.headers.get("authorization", "")):
            raise Rejected(401, "expected the header Authorization: Klaviyo-API-Key <key>")
        if request.headers.get("revision") != REVISION:
            raise Rejected(400, f"expected the header revision: {REVISION}")
        if request.text and request.headers.get("content-type") != _JSON_API:
            raise Rejected(415, f"expected the content type {_JSON_API}")
        if len(request.text) > _BODY_BYTES:
            raise Rejected(413, f"the body has more than {_BODY_BYTES} bytes")

    # ---- imports -------------------------------------------------------------------------------

    def start_job(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Take profiles in. They are imported at once, and seen when the job has been looked at."""
        wanted = check_import(request.body)
        job_id = f"job-{self._next_number()}"
        errors = [
            {**error, "source": {"pointer": f"/data/attributes/profiles/data/{index}"}}
            for index, one in enumerate(wanted)
            if (error := self._import(one))
        ]
        self._jobs[job_id] = {"looks": self.looks, "errors": errors, "total": len(wanted)}
        return 202, {"data": self._job(job_id, status="queued")}

    def get_job(self, _request: ReceivedRequest, job_id: str) -> tuple[int, Any]:
        """Say how a job is."""
        job = self._known_job(job_id)
        job["looks"] -= 1
        return 200, {"data": self._job(job_id, "processing" if job["looks"] >= 0 else "complete")}

    def get_errors(self, request: ReceivedRequest, job_id: str) -> tuple[int, Any]:
        """Return a page of a job's errors."""
        errors = self._known_job(job_id)["errors"]
        size = _page_size(request, usual=20, most=_ERRORS_MOST)
        start = int(request.query.get("page[cursor]", 0))
        end = start + size
        links = {"self": request.path}
        if end < len(errors):
            query = f"page%5Bsize%5D={size}&page%5Bcursor%5D={end}"
            links["next"] = f"https://a.klaviyo.com{request.path}?{query}"
        data = [
            {"type": "import-error", "id": f"{job_id}-{start + index}", "attributes": error}
            for index, error in enumerate(errors[start:end])
        ]
        return 200, {"data": data, "links": links}

    def _known_job(self, job_id: str) -> dict[str, Any]:
        if job_id not in self._jobs:
            raise Rejected(404, "no such job")
        return self._jobs[job_id]

    def _job(self, job_id: str, status: str) -> dict[str, Any]:
        job = self._jobs[job_id]
        ready = status == "complete"
        failed = len(job["errors"]) if ready else 0
        attributes = {
            "status": status,
            "created_at": "2026-05-01T03:00:00+00:00",
            "total_count": job["total"],
            "completed_count": job["total"] - failed if ready else 0,
            "failed_count": failed,
        }
        return {"type": "profile-bulk-import-job", "id": job_id, "attributes": attributes}

    def _import(self, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
        """Upsert a profile. Return why not."""
        attributes = wanted["attributes"]
        customer_id = attributes["external_id"]
        if customer_id in self.faults.items:
            code, message = self.faults.items[customer_id]
            return {"code": code, "title": "Invalid", "detail": message}
        email = attributes.get("email", "")
        if email and self._owners.setdefault(email, customer_id) != customer_id:
            return {"code": "duplicate_profile", "title": "Conflict", "detail": "another has it"}
        known = self.profiles.setdefault(customer_id, {"properties": {}})
        unset = wanted.get("meta", {}).get("patch_properties", {}).get("unset", [])
        kept = {name: value for name, value in known["properties"].items() if name not in unset}
        own = {name: value for name, value in attributes.items() if name != "properties"}
        known.update(own, properties={**kept, **attributes.get("properties", {})})
        return None

    # ---- segments ------------------------------------------------------------------------------

    def list_segments(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Return segments, all or those of a name."""
        segments = list(self.segments.values())
        size = _page_size(request, usual=_SEGMENTS_MOST, most=_SEGMENTS_MOST)
        if "filter" in request.query:
            named = _NAME_FILTER.fullmatch(request.query["filter"])
            if named is None:
                raise Rejected(400, 'expected a filter such as equals(name,"…")')
            segments = [one for one in segments if one["attributes"]["name"] == named[1]]
        return 200, {"data": segments[:size], "links": {"self": request.path}}

    def get_segment(self, request: ReceivedRequest, segment_id: str) -> tuple[int, Any]:
        """Describe a segment, counted when that is asked for."""
        segment = self._known_segment(segment_id)
        if request.query.get("additional-fields[segment]") != "profile_count":
            return 200, {"data": segment}
        count = self.count(segment["attributes"]["definition"])
        return 200, {
            "data": {**segment, "attributes": {**segment["attributes"], "profile_count": count}}
        }

    def create_segment(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Make a segment. Its name need not be its own."""
        attributes = _segment(request.body)
        segment_id = f"S{self._next_number()}"
        state = {"is_active": True, "is_processing": False, "is_starred": False}
        self.segments[segment_id] = {
            "type": "segment", "id": segment_id, "attributes": {**attributes, **state},
        }  # fmt: skip
        return 201, {"data": self.segments[segment_id]}

    def change_segment(self, request: ReceivedRequest, segment_id: str) -> tuple[int, Any]:
        """Change a segment's name and definition."""
        segment = self._known_segment(segment_id)
        attributes = _segment(request.body, segment_id=segment_id)
        segment["attributes"] = {**segment["attributes"], **attributes}
        return 200, {"data": segment}

    def delete_segment(self, _request: ReceivedRequest, segment_id: str) -> tuple[int, Any]:
        """Delete a segment."""
        self._known_segment(segment_id)
        del self.segments[segment_id]
        return 204, None

    def count(self, definition: Mapping[str, Any]) -> int:
        """Return how many profiles meet a definition."""
        return sum(is_member(one, definition) for one in self.profiles.values())

    def _known_segment(self, segment_id: str) -> dict[str, Any]:
        if segment_id not in self.segments:
            raise Rejected(404, "no such segment")
        return self.segments[segment_id]


def _page_size(request: ReceivedRequest, *, usual: int, most: int) -> int:
    size = int(request.query.get("page[size]", usual))
    if not 1 <= size <= most:
        raise Rejected(400, f"page[size] must be from 1 to {most}")
    return size


def _segment(body: Any, *, segment_id: str | None = None) -> dict[str, Any]:
    data = body.get("data") if isinstance(body, dict) and set(body) == {"data"} else None
    if not isinstance(data, dict) or data.get("type") != "segment":
        raise Rejected(400, "expected data of type segment")
    if data.get("id") != segment_id:
        raise Rejected(400, "the id is not the path's", pointer="/data/id")
    if not set(data) <= {"type", "id", "attributes"}:
        raise Rejected(400, "expected type, id and attributes", pointer="/data")
    attributes = data.get("attributes")
    if not isinstance(attributes, dict) or set(attributes) != {"name", "definition"}:
        raise Rejected(400, "expected name and definition", pointer="/data/attributes")
    if not isinstance(attributes["name"], str) or not attributes["name"]:
        raise Rejected(400, "expected a text", pointer="/data/attributes/name")
    check_definition(attributes["definition"])
    return attributes


_JOB = "/api/profile-bulk-import-jobs"
_Operation = Callable[..., tuple[int, Any]]
_ROUTES: Sequence[tuple[str, str, _Operation]] = (
    ("POST", _JOB, Klaviyo.start_job),
    ("GET", f"{_JOB}/([^/]+)", Klaviyo.get_job),
    ("GET", f"{_JOB}/([^/]+)/import-errors", Klaviyo.get_errors),
    *PRIVACY,
    ("GET", "/api/segments", Klaviyo.list_segments),
    ("POST", "/api/segments", Klaviyo.create_segment),
    ("GET", "/api/segments/([^/]+)", Klaviyo.get_segment),
    ("PATCH", "/api/segments/([^/]+)", Klaviyo.change_segment),
    ("DELETE", "/api/segments/([^/]+)", Klaviyo.delete_segment),
)


class KlaviyoServer(HttpServer):
    """Serves an account, an empty one by default."""

    def __init__(self, state: Klaviyo | None = None) -> None:
        super().__init__(state or Klaviyo())
