"""What each operation of the local Customer Profiles service does with valid parameters."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from local.services.customer_profiles import store, upload_jobs
from local.services.customer_profiles.store import Domain
from local.services.frame.aws_service import ServiceError

Parameters = Mapping[str, Any]


class ProfileService(Protocol):
    """What an operation may touch."""

    domains: dict[str, Domain]

    def domain(self, name: str) -> Domain:
        """Return a domain, or raise ServiceError."""
        ...

    def item_fault(self, item_id: str) -> tuple[int, str] | None:
        """Return the code and message that an item of a batch should fail with."""
        ...


Operation = Callable[[ProfileService, Parameters], dict[str, Any]]


def create_domain(service: ProfileService, parameters: Parameters) -> dict[str, Any]:
    """Make a domain."""
    name = parameters["DomainName"]
    if name in service.domains:
        raise ServiceError("BadRequestException", f"Domain {name} already exists.")
    service.domains[name] = store.new_domain(name, parameters)
    return service.domains[name].description


def get_domain(service: ProfileService, parameters: Parameters) -> dict[str, Any]:
    """Describe a domain with its counts."""
    domain = service.domain(parameters["DomainName"])
    stats = {"ProfileCount": len(domain.profiles), "ObjectCount": domain.objects}
    return {**domain.description, "Stats": stats}


def delete_domain(service: ProfileService, parameters: Parameters) -> dict[str, Any]:
    """Delete a domain with all it holds."""
    service.domain(parameters["DomainName"])
    del service.domains[parameters["DomainName"]]
    return {"Message": "deleted"}


def put_object_type(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Make or replace an object type."""
    kept = {name: value for name, value in parameters.items() if name != "DomainName"}
    now, name = time.time(), parameters["ObjectTypeName"]
    existing = domain.object_types.get(name, {"CreatedAt": now})
    domain.object_types[name] = {
        **kept, "CreatedAt": existing["CreatedAt"], "LastUpdatedAt": now,
    }  # fmt: skip
    return domain.object_types[name]


def get_object_type(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Describe an object type."""
    return domain.object_type(parameters["ObjectTypeName"])


def delete_object_type(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Delete an object type."""
    domain.object_type(parameters["ObjectTypeName"])
    del domain.object_types[parameters["ObjectTypeName"]]
    return {"Message": "deleted"}


def put_object(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Upsert one profile."""
    key = domain.put(parameters["ObjectTypeName"], parameters["Object"])
    return {"ProfileObjectUniqueKey": key}


def put_objects(service: ProfileService, parameters: Parameters) -> dict[str, Any]:
    """Upsert up to ten profiles, each failing for itself."""
    domain, kind = service.domain(parameters["DomainName"]), parameters["ObjectTypeName"]
    domain.object_type(kind)
    successful, failed = [], []
    for item in parameters["Items"]:
        fault = service.item_fault(item["Id"])
        if fault:
            failed.append({"Id": item["Id"], "Code": fault[0], "Message": fault[1]})
            continue
        try:
            key = domain.put(kind, item["Object"])
        except ServiceError as error:
            failed.append({"Id": item["Id"], "Code": error.status, "Message": str(error)})
        else:
            successful.append({"Id": item["Id"], "ProfileObjectUniqueKey": key})
    return {"Successful": successful, "Failed": failed}


def search(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Return the profiles that one of some keys leads to."""
    keys = [parameters, *parameters.get("AdditionalSearchKeys", ())]
    if len(keys) > 1 and parameters.get("LogicalOperator") != "OR":
        raise ServiceError("BadRequestException", "Only OR is served locally.")
    by_id = {
        str(one["ProfileId"]): one
        for key in keys
        for one in domain.search(key["KeyName"], key["Values"])
    }
    return page([by_id[name] for name in sorted(by_id)], parameters, most=100)


def delete_profile(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Delete a profile."""
    if domain.profiles.pop(parameters["ProfileId"], None) is None:
        raise ServiceError("ResourceNotFoundException", "Profile does not exist.")
    return {"Message": "deleted"}


def create_segment(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Make a segment. A name that is taken is an error, there is no update."""
    name = parameters["SegmentDefinitionName"]
    if name in domain.segments:
        raise ServiceError("BadRequestException", f"Segment {name} already exists.")
    if ("SegmentGroups" in parameters) == ("SegmentSqlQuery" in parameters):
        raise ServiceError("BadRequestException", "Give SegmentGroups or SegmentSqlQuery.")
    kept = {key: value for key, value in parameters.items() if key != "DomainName"}
    arn = store.segment_arn(parameters["DomainName"], name)
    domain.segments[name] = {**kept, "SegmentDefinitionArn": arn, "SegmentType": "CLASSIC"}
    return domain.segments[name]


def get_segment(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Describe a segment with its condition."""
    return domain.segment(parameters["SegmentDefinitionName"])


def delete_segment(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Delete a segment."""
    domain.segment(parameters["SegmentDefinitionName"])
    del domain.segments[parameters["SegmentDefinitionName"]]
    return {"Message": "deleted"}


def list_segments(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """List segments without their conditions."""
    hidden = ("SegmentGroups", "SegmentSqlQuery", "SegmentSort")
    segments = [
        {key: value for key, value in segment.items() if key not in hidden}
        for _, segment in sorted(domain.segments.items())
    ]
    return page(segments, parameters, most=500)


def create_estimate(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Count who is in a condition. The answer can be had at once."""
    estimate_id = f"estimate-{len(domain.estimates) + 1}"
    count = domain.count(parameters["SegmentQuery"])
    domain.estimates[estimate_id] = {
        "DomainName": parameters["DomainName"],
        "EstimateId": estimate_id,
        "Status": "SUCCEEDED",
        "Estimate": str(count),
    }
    return {"DomainName": parameters["DomainName"], "EstimateId": estimate_id}


def get_estimate(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Give the count, as text like the service."""
    if parameters["EstimateId"] not in domain.estimates:
        raise ServiceError("ResourceNotFoundException", "Estimate does not exist.")
    return domain.estimates[parameters["EstimateId"]]


def membership(domain: Domain, parameters: Parameters) -> dict[str, Any]:
    """Return which profiles are in a segment."""
    query = domain.segment(parameters["SegmentDefinitionName"])["SegmentGroups"]
    is_member = domain.membership(query)
    answers, failures = [], []
    for profile_id in parameters["ProfileIds"]:
        profile = domain.profiles.get(profile_id)
        if profile is None:
            failures.append({"ProfileId": profile_id, "Message": "unknown", "Status": 404})
            continue
        member = "PRESENT" if is_member(profile) else "ABSENT"
        answers.append({"ProfileId": profile_id, "QueryResult": member})
    return {
        "SegmentDefinitionName": parameters["SegmentDefinitionName"],
        "Profiles": answers,
        "Failures": failures,
    }


def page(
    items: Sequence[Mapping[str, Any]], parameters: Parameters, *, most: int
) -> dict[str, Any]:
    """Return one page of a list, with the token of the next one."""
    start = int(parameters.get("NextToken", 0))
    end = start + parameters.get("MaxResults", most)
    following = {"NextToken": str(end)} if end < len(items) else {}
    return {"Items": list(items[start:end]), **following}


def _in_domain(operation: Callable[[Domain, Parameters], dict[str, Any]]) -> Operation:
    """Return an operation of the service that is one on the domain it names."""
    return lambda service, given: operation(service.domain(given["DomainName"]), given)


OPERATIONS: Mapping[str, Operation] = {
    "CreateDomain": create_domain,
    "GetDomain": get_domain,
    "DeleteDomain": delete_domain,
    "PutProfileObjectType": _in_domain(put_object_type),
    "GetProfileObjectType": _in_domain(get_object_type),
    "DeleteProfileObjectType": _in_domain(delete_object_type),
    "PutProfileObject": _in_domain(put_object),
    "BatchPutProfileObject": put_objects,
    "SearchProfiles": _in_domain(search),
    "DeleteProfile": _in_domain(delete_profile),
    "CreateSegmentDefinition": _in_domain(create_segment),
    "GetSegmentDefinition": _in_domain(get_segment),
    "DeleteSegmentDefinition": _in_domain(delete_segment),
    "ListSegmentDefinitions": _in_domain(list_segments),
    "CreateSegmentEstimate": _in_domain(create_estimate),
    "GetSegmentEstimate": _in_domain(get_estimate),
    "GetSegmentMembership": _in_domain(membership),
    **upload_jobs.OPERATIONS,
}
