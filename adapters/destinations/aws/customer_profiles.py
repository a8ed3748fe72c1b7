"""The way to Amazon Connect Customer Profiles, and what its errors mean to us."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, message_of, translated
from adapters.destinations.aws.profile_erasing import erase_profiles
from tessera.contracts.customer_profiles import (
    FIELDS,
    UNIQUE_FIELD,
    object_type,
    set_fields,
    takes_customers,
    tenant_domain,
)
from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.port import DELETED, Item, Outcome
from tessera.destinations.vendors.customer_profiles import destination as vendor
from tessera.errors import InvalidInput
from tessera.naming import DEFAULT_TENANT
from tessera.records.loads.segment import Segment

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient
    from mypy_boto3_customer_profiles.type_defs import SegmentGroupStructureTypeDef

WRONG = {"BadRequestException", "ValidationException"}
# The batch request is in the service's model and not in IAM's list of actions: a policy may be
# unable to allow it.
_NO_BATCHES = {"AccessDeniedException", "UnknownOperationException"}
_ESTIMATE_PAUSES_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0)  # there are dozens of segments


class CustomerProfilesTransport:
    """One tenant's domain.

    Parameters
    ----------
    domain
        The stage's domain. A tenant that is not the default one has its own beside it.
    object_type_name
        What customers are put as.
    tenant
        Whose domain it is.
    client, pause
        For tests: the SDK's client, and how to wait some seconds.
    """

    def __init__(
        self,
        *,
        domain: str,
        object_type_name: str,
        tenant: str,
        client: CustomerProfilesClient | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._stage_domain = domain
        self._domain = tenant_domain(domain, tenant=tenant)
        self._tenant = tenant
        self._object_type = object_type_name
        self._pause = pause
        self._arns: dict[str, str] = {}
        self._identity = ""
        self._in_batches = True
        self._client = client or clients.customer_profiles()

    def check(self, segments: Sequence[Segment]) -> None:
        """Make sure that there is a domain whose object type has what the segments ask for.

        A further tenant's domain is made. A tenant's own segment sets are known no earlier than
        here: their fields are added to the object type, and what it says otherwise stays.
        """
        fields = FIELDS | set_fields(one.set for one in segments if one.kind == "set")
        with self._translated():
            described: Mapping[str, Any]
            try:
                described = self._client.get_profile_object_type(
                    DomainName=self._domain, ObjectTypeName=self._object_type
                )
            except self._client.exceptions.ResourceNotFoundException:
                if self._tenant == DEFAULT_TENANT:
                    raise
                described = self._create_like_the_stage()
            if not takes_customers(described):
                raise InvalidInput(
                    f"object type {self._object_type!r} in domain {self._domain!r} does not "
                    f"create one profile per {UNIQUE_FIELD!r}: it needs AllowProfileCreation, and "
                    "a unique key with only that field"
                )
            known = described.get("Fields", {})
            if not fields.keys() <= known.keys():
                self._put_type({**described, "Fields": known | fields})
            if created_at := described.get("CreatedAt"):
                place = f"{self._domain}/{self._object_type}"
                self._identity = f"{place} of {created_at.astimezone(dt.UTC).isoformat()}"

    def identity(self) -> str:
        """Return the object type's name and creation time. A deleted domain takes it along."""
        return self._identity

    def send(self, items: Sequence[Item]) -> Outcome:
        """Upsert a batch. When it is refused as a whole, each item for itself."""
        return vendor.outcome(items, self._put(vendor.request(items)))

    def ensure(self, segment: Segment) -> str:
        """Create or update the segment. Return created, kept or recreated.

        Only the condition is compared: a segment whose description changed keeps its
        identity, which campaigns may refer to.
        """
        with self._translated():
            try:
                existing = self._client.get_segment_definition(
                    DomainName=self._domain, SegmentDefinitionName=segment.name
                )
            except self._client.exceptions.ResourceNotFoundException:
                self._create_segment(segment)
                return "created"
            if vendor.same(vendor.groups(segment), existing.get("SegmentGroups", {})):
                self._arns[segment.name] = existing.get("SegmentDefinitionArn", "")
                return "kept"
            self._client.delete_segment_definition(
                DomainName=self._domain, SegmentDefinitionName=segment.name
            )
            self._create_segment(segment)
            return "recreated"

    def retire(self, segment: Segment) -> str:
        """Delete a segment that is no longer requested."""
        with (
            self._translated(),
            contextlib.suppress(self._client.exceptions.ResourceNotFoundException),
        ):
            self._client.delete_segment_definition(
                DomainName=self._domain, SegmentDefinitionName=segment.name
            )
        return DELETED

    def erase(self, person: ErasurePerson) -> ErasureAnswer:
        """Delete the customer's profile."""
        place = {"domain": self._domain, "object_type": self._object_type}
        with self._translated(personal=True):
            return erase_profiles(person, client=self._client, **place)

    def reference(self, segment: Segment) -> str:
        """Return a segment's ARN, by which an outbound campaign takes it."""
        return self._arns.get(segment.name, "")

    def size(self, segment: Segment) -> int | None:
        """Return the service's estimate of a segment's members, None when it takes too long."""
        with self._translated():
            query = cast("SegmentGroupStructureTypeDef", vendor.groups(segment))
            estimate_id = self._client.create_segment_estimate(
                DomainName=self._domain, SegmentQuery=query
            )["EstimateId"]
            for pause_seconds in (*_ESTIMATE_PAUSES_SECONDS, 0):
                estimate = self._client.get_segment_estimate(
                    DomainName=self._domain, EstimateId=estimate_id
                )
                if estimate["Status"] != "RUNNING":
                    return int(estimate["Estimate"]) if estimate["Status"] == "SUCCEEDED" else None
                self._pause(pause_seconds)
        return None

    def _put(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._translated(personal=True):
            if not self._in_batches:
                return self._put_each(request["Items"])
            try:
                response: Mapping[str, Any] = self._client.batch_put_profile_object(
                    DomainName=self._domain, ObjectTypeName=self._object_type, **request
                )
            except ClientError as error:
                if code_of(error) in _NO_BATCHES:
                    self._in_batches = False
                    return self._put_each(request["Items"])
                if code_of(error) not in WRONG:
                    raise
                return self._put_singly(request["Items"], error)
            return response

    def _put_each(self, items: Sequence[Mapping[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
        """Put one object per request, if the account has no right to the batch request."""
        responses: dict[str, list[dict[str, Any]]] = {"Successful": [], "Failed": []}
        for item in items:
            try:
                self._client.put_profile_object(
                    DomainName=self._domain,
                    ObjectTypeName=self._object_type,
                    Object=item["Object"],
                )
            except ClientError as error:
                if code_of(error) not in WRONG:
                    raise
                failure = {"Id": item["Id"], "Code": 400, "Message": message_of(error)}
                responses["Failed"].append(failure)
            else:
                responses["Successful"].append({"Id": item["Id"]})
        return responses

    def _put_singly(
        self, items: list[dict[str, Any]], error: ClientError
    ) -> Mapping[str, list[dict[str, Any]]]:
        if len(items) == 1:
            failure = {"Id": items[0]["Id"], "Code": 400, "Message": message_of(error)}
            return {"Successful": [], "Failed": [failure]}
        responses = [self._put({"Items": [item]}) for item in items]
        return {
            name: [entry for response in responses for entry in response.get(name, [])]
            for name in ("Successful", "Failed")
        }

    def _create_segment(self, segment: Segment) -> None:
        made = self._client.create_segment_definition(
            DomainName=self._domain, **vendor.definition(segment)
        )
        self._arns[segment.name] = made.get("SegmentDefinitionArn", "")

    def _create_like_the_stage(self) -> Mapping[str, Any]:
        stage: Mapping[str, Any] = self._client.get_domain(DomainName=self._stage_domain)
        kept = ("DefaultExpirationDays", "DefaultEncryptionKey", "DeadLetterQueueUrl")
        try:
            self._client.get_domain(DomainName=self._domain)
        except self._client.exceptions.ResourceNotFoundException:
            self._client.create_domain(
                DomainName=self._domain,
                Tags={"managed-by": "tessera"},
                **{name: stage[name] for name in kept if stage.get(name)},
            )
        return self._put_type(object_type())

    def _put_type(self, described: Mapping[str, Any]) -> Mapping[str, Any]:
        # The request replaces all of it, so it repeats the deployment's values.
        kept = (*object_type(), "EncryptionKey")
        return self._client.put_profile_object_type(
            DomainName=self._domain,
            ObjectTypeName=self._object_type,
            **{name: described[name] for name in kept if described.get(name)},
        )

    def _translated(self, *, personal: bool = False) -> contextlib.AbstractContextManager[None]:
        return translated(
            "Customer Profiles",
            missing=f"Customer Profiles has no domain {self._domain!r} with an object type "
            f"{self._object_type!r}: deploy the stack again, or take 'customer_profiles' out of "
            "the setting 'destinations'",
            personal=personal,
        )
